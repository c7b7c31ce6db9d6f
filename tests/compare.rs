//! Scenarios beside each other on the same draws: differences, and bridges that add up.

use std::fs;

use crate::cli::{files, ran, scenario as committed};
use crate::common::scenario;
use insta::assert_snapshot;
use revcast::analysis::{Comparison, ComparisonRun, Orders, Response, Span};
use revcast::documents::Document;
use revcast::engine::{Execution, Memory};
use revcast::findings;
use revcast::model::resolve;
use revcast::report::terminal;
use revcast::scenario::Metric;
use revcast::stats::Estimate;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A scenario of one region, `home`, with what a test lays over the region and over the whole.
pub(crate) fn plan(region: Value, more: Value) -> Value {
    let mut plan = json!({
        "name": "plan", "start": "2027-01", "months": 12, "simulation": {"trials": 4000, "seed": 3},
        "regions": {"home": {
            "leads": {"monthly": {"mean": 60, "cv": 0.1}},
            "conversion": {"mean": 0.25, "sd": 0.02},
            "cycle": {"mean_days": 40},
            "deal_size": {"mean": 10_000}
        }},
        "targets": [{"name": "Year", "metric": "bookings", "period": "2027", "at_least": 1_500_000}]
    });
    for (place, over) in [(&["regions", "home"][..], region), (&[][..], more)] {
        let at = place.iter().fold(&mut plan, |tree, key| &mut tree[*key]);
        for (key, value) in over.as_object().expect("what is laid over comes as an object") {
            if value.is_null() {
                at.as_object_mut().unwrap().remove(key);
            } else {
                at[key] = value.clone();
            }
        }
    }
    plan
}

fn compared_in(a: &Value, b: &Value, memory: Memory) -> Document<Comparison> {
    let (a, b) = (scenario(a), scenario(b));
    let figure = Response::main(&resolve(&a).unwrap_or_else(|faults| panic!("{faults}")));
    let comparing = ComparisonRun::new(("a".to_owned(), a), vec![("b".to_owned(), b)], &figure);
    let comparing = comparing.unwrap_or_else(|faults| panic!("{faults}"));
    let execution = Execution::new(None);
    let comparison = comparing.compare(&execution, memory).unwrap_or_else(|ended| panic!("{}", ended.error));
    let played = comparing.times_played(memory) * comparing.model().trials;
    assert_eq!(execution.monitor.done(), played as u64, "progress is told in full");
    comparison
}

pub(crate) fn compared(a: &Value, b: &Value) -> Document<Comparison> {
    compared_in(a, b, Memory::default())
}

/// A number's text as a whole number of 10⁻¹².
fn decimal(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    sign * format!("{whole}{part:0<12}").parse::<i128>().expect("digits")
}

fn adds_up(span: &Span) {
    let shown = |estimate: &Estimate| decimal(&format!("{}", estimate.value.expect("all is known")));
    assert_eq!(shown(&span.from) + span.steps.iter().map(shown).sum::<i128>(), shown(&span.to), "{span:?}");
}

fn labels(comparison: &Document<Comparison>) -> Vec<&str> {
    comparison.differences[0].bridge.changes.iter().map(|change| change.label.as_str()).collect()
}

#[test]
fn a_scenario_compared_with_itself_differs_in_nothing() {
    let same = plan(json!({}), json!({}));
    let noted = plan(json!({"label": "Home", "note": "words"}), json!({"name": "other", "simulation": {"seed": 9}}));
    for other in [&same, &noted] {
        let comparison = compared(&same, other);
        let difference = &comparison.differences[0];
        // Two scopes, twelve metrics of each and two of the total alone, one year and the horizon.
        assert_eq!(difference.metrics.len(), 2 * 12 * 2 + 2 * 2);
        for found in &difference.metrics {
            if found.metric == Metric::Roi {
                // Nothing is invested.
                assert!(
                    found.bands.columns().iter().all(|estimate| estimate.value.is_none())
                        && found.beats.equal.value.is_none()
                );
                continue;
            }
            assert!(
                found.bands.columns().iter().all(|x| **x == Estimate { value: Some(0.0), error: Some(0.0) }),
                "{found:?}"
            );
            let chances = [found.beats.higher, found.beats.equal, found.beats.lower];
            assert_eq!(
                chances.map(|chance| (chance.value, chance.error)),
                [0.0, 1.0, 0.0].map(|p| (Some(p), Some(0.0)))
            );
        }
        assert_eq!((difference.targets[0].change.value, difference.targets[0].change.error), (Some(0.0), Some(0.0)));
        let bridge = &difference.bridge;
        assert!(bridge.changes.is_empty());
        for span in [&bridge.mean, &bridge.p50, bridge.chance.as_ref().unwrap()] {
            assert!(span.steps.is_empty());
            assert_eq!(span.from, span.to);
        }
    }
}

#[test]
fn bridges_add_up_in_every_digit_and_end_where_the_scenarios_are() {
    let region = |size: f64| json!({"leads": {"monthly": 20}, "conversion": 0.3, "cycle": {"mean_days": 20}, "deal_size": {"mean": size}});
    let mut base = plan(json!({"retention": 0.9}), json!({"months": 24}));
    base["regions"]["away"] = region(4000.0);
    for trials in [1, 30, 1000, 2500] {
        base["simulation"]["trials"] = json!(trials);
        let mut other = base.clone();
        other["regions"]["home"]["conversion"] = json!({"mean": 0.28, "sd": 0.02});
        other["regions"]["home"]["leads"]["growth"] = json!(0.01);
        other["regions"]["away"]["deal_size"]["mean"] = json!(4321.0);
        other["market"] = json!({"volatility": 0.1});
        other["regions"]["home"]["exposure"] = json!({"leads": 1});
        other["regions"]["new"] = region(777.0);
        let comparison = compared(&base, &other);
        let bridge = &comparison.differences[0].bridge;
        assert_eq!(bridge.changes.len(), 6);
        for span in [&bridge.mean, &bridge.p50, bridge.chance.as_ref().unwrap()] {
            adds_up(span);
        }
        for (side, [mean, p50, chance]) in comparison.sides.iter().zip([
            [bridge.mean.from, bridge.p50.from, bridge.chance.as_ref().unwrap().from],
            [bridge.mean.to, bridge.p50.to, bridge.chance.as_ref().unwrap().to],
        ]) {
            // The same futures; the bridge may be rounded to a coarser place, a hundredth of the largest error at most.
            let near = |a: Option<f64>, b: Option<f64>, error: Option<f64>| {
                let (a, b) = (a.unwrap(), b.unwrap());
                assert!((a - b).abs() <= 0.02 * error.unwrap_or(0.0) + 1e-9 * b.abs(), "{a} {b}");
            };
            let error = |span: &Span| [span.from.error, span.to.error].into_iter().flatten().reduce(f64::max);
            near(mean.value, side.bands.mean.value, error(&bridge.mean));
            near(p50.value, side.bands.p50.value, error(&bridge.p50));
            near(chance.value, side.targets[0].probability.value, error(bridge.chance.as_ref().unwrap()));
        }
    }
}

#[test]
fn the_other_way_round_everything_is_its_negative() {
    let a = plan(json!({}), json!({}));
    let b = plan(json!({"conversion": {"mean": 0.3, "sd": 0.03}, "deal_size": {"mean": 9_000}}), json!({}));
    let (there, back) = (compared(&a, &b), compared(&b, &a));
    let (there, back) = (&there.differences[0], &back.differences[0]);
    for (one, other) in there.metrics.iter().zip(&back.metrics) {
        let negative = |x: Option<f64>| x.map(|x| -x + 0.0);
        assert_eq!(
            (one.bands.mean.value, one.bands.p10.value),
            (negative(other.bands.mean.value), negative(other.bands.p90.value))
        );
        assert_eq!((one.bands.sd.value, one.bands.mean.error), (other.bands.sd.value, other.bands.mean.error));
        assert_eq!((one.beats.higher, one.beats.lower), (other.beats.lower, other.beats.higher));
    }
    assert_eq!(there.targets[0].change.value, back.targets[0].change.value.map(|x| -x));
    for (one, other) in there.bridge.mean.steps.iter().zip(&back.bridge.mean.steps) {
        // Rounding that adds up may differ by one in the last place, a hundredth of the ends' error at most.
        let place = 0.011 * there.bridge.mean.from.error.unwrap().max(there.bridge.mean.to.error.unwrap());
        assert!((one.value.unwrap() + other.value.unwrap()).abs() <= place, "{one:?} {other:?}");
        assert_eq!(one.error, other.error);
    }
}

#[test]
fn the_bridge_of_a_product_shares_what_the_factors_do_together() {
    // Bookings of leads that are decided at once have the mean: leads · win rate · deal size.
    let of = |rate: f64, size: f64| {
        plan(
            json!({"leads": {"monthly": 100}, "conversion": rate, "cycle": {"mean_days": 1e-4, "shape": "fixed"},
                "deal_size": {"mean": size}}),
            json!({"simulation": {"trials": 20_000, "seed": 11}}),
        )
    };
    let comparison = compared(&of(0.2, 1000.0), &of(0.3, 1200.0));
    let mean = &comparison.differences[0].bridge.mean;
    assert_eq!(labels(&comparison), ["home: win rate", "home: deal size"]);
    let leads = 1200.0;
    let rate = leads * 0.1 * (1000.0 + 1200.0) / 2.0;
    let size = leads * 200.0 * (0.2 + 0.3) / 2.0;
    for (found, expected) in [
        (mean.from, leads * 0.2 * 1000.0),
        (mean.steps[0], rate),
        (mean.steps[1], size),
        (mean.to, leads * 0.3 * 1200.0),
    ] {
        let (value, error) = (found.value.unwrap(), found.error.unwrap());
        // 5.1 standard errors and what rounding and undecided leads take: for four figures a false alarm in a million seeds or so.
        assert!(
            error > 0.0 && (value - expected).abs() < 5.1 * error + 0.000_01 * expected,
            "{value} {expected} {error}"
        );
    }
    // Common draws: a step is known far better than the difference of two independent runs would be.
    assert!(mean.steps[1].error.unwrap() < 0.5 * mean.from.error.unwrap().hypot(mean.to.error.unwrap()));
}

#[test]
fn the_error_of_a_step_is_how_much_it_scatters_over_seeds() {
    let step = |seed: u64| {
        let with = |region: Value| plan(region, json!({"simulation": {"trials": 1000, "seed": seed}}));
        let other = with(json!({"conversion": {"mean": 0.27, "sd": 0.02}, "deal_size": {"mean": 11_000}}));
        let comparison = compared(&with(json!({})), &other);
        let bridge = &comparison.differences[0].bridge;
        [bridge.mean.steps[0], bridge.p50.steps[0], bridge.chance.as_ref().unwrap().steps[0]]
    };
    let found: Vec<[Estimate; 3]> = (1..=40).map(step).collect();
    for i in 0..3 {
        let values: Vec<f64> = found.iter().map(|steps| steps[i].value.unwrap()).collect();
        let mean = values.iter().sum::<f64>() / 40.0;
        let sd = (values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 39.0).sqrt();
        let said = found.iter().map(|steps| steps[i].error.unwrap()).sum::<f64>() / 40.0;
        // A standard deviation of 40 is within 0.6 and 1.6 of its own but for one seed in a million or so.
        assert!((0.55..1.7).contains(&(sd / said)), "{i}: scatters by {sd}, says {said}");
    }
}

#[test]
fn a_region_that_is_added_is_one_change() {
    let a = plan(json!({}), json!({}));
    let mut b = a.clone();
    b["regions"]["brazil"] = json!({"label": "Brazil", "leads": {"monthly": 30}, "conversion": 0.2,
        "cycle": {"mean_days": 30}, "deal_size": {"mean": 5_000}});
    let comparison = compared(&a, &b);
    assert_eq!(labels(&comparison), ["Brazil, added"]);
    let difference = &comparison.differences[0];
    assert!(difference.metrics.iter().all(|found| found.scope == "home" || found.scope == "total"));
    // Nothing changes at home; the total never falls.
    let home =
        difference.metrics.iter().find(|found| found.scope == "home" && found.metric == Metric::Bookings).unwrap();
    assert_eq!((home.bands.mean.value, home.beats.equal.value), (Some(0.0), Some(1.0)));
    assert!(home.beats.equal.error.unwrap() > 0.0, "that no future differs is an estimate");
    assert_eq!(difference.beats.lower.value, Some(0.0));
    let back = compared(&b, &a);
    assert_eq!(labels(&back), ["Brazil, taken out"]);
    for width in [60, 80, 110] {
        let text =
            terminal(&findings::comparison(&comparison), width) + &terminal(&findings::all_differences(&back), width);
        assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
    }
}

#[test]
fn what_can_only_change_together_is_explained_together() {
    // A correlation may name only what is uncertain: neither change makes a scenario without the other.
    let a = plan(json!({"conversion": 0.25, "deal_size": {"mean": {"mean": 10_000, "cv": 0.1}}}), json!({}));
    let b = plan(
        json!({"deal_size": {"mean": {"mean": 11_000, "cv": 0.1}}}),
        json!({"correlations": [{"between": ["regions.home.conversion", "regions.home.deal_size.mean"], "rho": 0.5}]}),
    );
    let comparison = compared(&a, &b);
    assert_eq!(labels(&comparison), ["home: win rate and correlations between inputs", "home: deal size"]);
    adds_up(&comparison.differences[0].bridge.mean);

    let stages =
        json!([{"name": "Demo", "pass": 0.5, "mean_days": 10}, {"name": "Offer", "pass": 0.5, "mean_days": 20}]);
    let staged =
        plan(json!({"conversion": null, "cycle": null, "stages": stages, "deal_size": {"mean": 9_000}}), json!({}));
    let comparison = compared(&plan(json!({}), json!({})), &staged);
    assert_eq!(labels(&comparison), ["home: stages of the funnel", "home: deal size"]);
    let paths: Vec<&str> =
        comparison.differences[0].bridge.changes[0].fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(paths, ["regions.home.conversion", "regions.home.cycle", "regions.home.stages"]);
}

#[test]
fn many_changes_are_put_together_by_what_they_are() {
    let a = plan(json!({}), json!({"simulation": {"trials": 1000}}));
    let (mut a, region) = (a.clone(), a["regions"]["home"].clone());
    for key in ["b", "c", "d", "e"] {
        a["regions"][key] = region.clone();
    }
    let mut b = a.clone();
    for key in ["home", "b", "c", "d", "e"] {
        b["regions"][key]["conversion"]["mean"] = json!(0.2);
        b["regions"][key]["deal_size"]["mean"] = json!(12_000);
    }
    let comparison = compared(&a, &b);
    assert_eq!(labels(&comparison), ["win rate in all regions", "deal size in all regions"]);
    assert_eq!(comparison.differences[0].bridge.orders, Orders::All);

    // Nine kinds of change: some orders, and their own error.
    for key in ["b", "c"] {
        let region = &mut b["regions"][key];
        region["leads"] =
            json!({"monthly": {"mean": 66, "cv": 0.1}, "growth": 0.01, "overdispersion": 0.1, "ramp": [0, 1]});
        region["cycle"] = json!({"mean_days": 50, "cv": 0.6});
        region["retention"] = json!(0.5);
    }
    let comparison = compared(&a, &b);
    let bridge = &comparison.differences[0].bridge;
    assert_eq!(bridge.changes.len(), 9);
    assert!(labels(&comparison).contains(&"leads a month in b and c"), "{:?}", labels(&comparison));
    assert!(matches!(bridge.orders, Orders::Some(orders) if orders >= 20));
    for span in [&bridge.mean, &bridge.p50, bridge.chance.as_ref().unwrap()] {
        adds_up(span);
    }
}

#[test]
fn memory_and_threads_change_no_byte() {
    let a = plan(json!({"retention": 0.9}), json!({"months": 24}));
    let b = plan(json!({"retention": 0.8, "deal_size": {"mean": 11_000}}), json!({"months": 24}));
    let text = |memory: Memory| serde_json::to_string(&compared_in(&a, &b, memory)).unwrap();
    assert!(text(Memory::default()) == text(Memory(300_000.0)), "played in shares");
    let folder = TempDir::new().unwrap();
    let minimal = committed("minimal");
    let with = ["compare", &minimal, "--with", "regions.*.conversion.mode=0.27", "--trials", "600", "--quiet"];
    for threads in ["1", "3"] {
        let options = [&with[..], &["--out", threads, "--threads", threads]].concat();
        assert_eq!(ran(folder.path(), &options), (0, String::new(), String::new()));
    }
    for file in files(&folder.path().join("1")) {
        let read = |threads: &str| fs::read(folder.path().join(threads).join(&file)).unwrap();
        assert!(read("1") == read("3"), "{file}");
    }
}

#[test]
fn a_change_typed_in_is_compared_and_told_on_one_screen() {
    let folder = TempDir::new().unwrap();
    let options = ["--with", "regions.*.conversion.mode=0.27", "--with", "regions.europe.deal_size.mean=16000"];
    let (code, out, err) =
        ran(folder.path(), &[&["compare", &committed("minimal"), "--trials", "2000"], &options[..]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out);
    let output = folder.path().join("output/minimal-vs-changed");
    let document: Value = serde_json::from_slice(&fs::read(output.join("comparison.json")).unwrap()).unwrap();
    let mut listed: Vec<&str> =
        document["header"]["manifest"]["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()).collect();
    listed.sort_unstable();
    assert_eq!(files(&output), listed);
    let table = fs::read_to_string(output.join("bridge.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().unwrap();
    for column in 6..9 {
        let numbers: Vec<i128> = rows.iter().map(|row| decimal(&row[column])).collect();
        assert_eq!(numbers[..numbers.len() - 1].iter().sum::<i128>(), numbers[numbers.len() - 1], "{table}");
    }
}

/// An amount as a terminal shows it, in whole 10⁻¹²: €17.84M, −€280k, 47.
fn said(text: &str) -> i128 {
    let factor = match text.chars().last() {
        Some('k') => 1_000,
        Some('M') => 1_000_000,
        _ => 1,
    };
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    decimal(&digits) * factor * if text.starts_with('−') { -1 } else { 1 }
}

#[test]
fn bridges_add_up_on_the_terminal() {
    let folder = TempDir::new().unwrap();
    let plan = committed("ai-marketing-plan");
    let all = ["downside", "upside", "flat-leads"];
    let cases = [
        ("total_bookings", "700", &all[..]),
        ("arr", "600", &all[..1]),
        ("won_deals", "500", &all[1..2]),
        ("leads", "100", &all[2..]),
    ];
    for (metric, trials, others) in cases {
        for other in others {
            let (code, out, _) = ran(
                folder.path(),
                &[
                    "compare",
                    &plan,
                    &committed(other),
                    "--trials",
                    trials,
                    "--metric",
                    metric,
                    "--out",
                    "here",
                    "--chart-size",
                    "thumb",
                ],
            );
            assert_eq!(code, 0);
            let table = out.split("change by change:\n").nth(1).unwrap().split("\n  (In brackets").next().unwrap();
            // The last three words of a row that has numbers; a label that is too long goes on below them.
            let rows: Vec<Vec<&str>> = table
                .lines()
                .skip(1)
                .map(|line| line.split_whitespace().rev().take(3).collect())
                .filter(|row: &Vec<&str>| row.iter().all(|cell| cell.contains(|c: char| c.is_ascii_digit())))
                .collect();
            assert!(rows.len() > 4, "{out}");
            for column in 0..3 {
                let numbers: Vec<i128> = rows.iter().map(|row| said(row[column])).collect();
                let (end, parts) = numbers.split_last().unwrap();
                assert_eq!(parts.iter().sum::<i128>(), *end, "{out}");
            }
        }
    }
}

#[test]
fn the_committed_scenarios_fit_on_one_screen() {
    let folder = TempDir::new().unwrap();
    for other in ["downside", "upside", "flat-leads"] {
        let (code, out, _) = ran(
            folder.path(),
            &[
                "compare",
                &committed("ai-marketing-plan"),
                &committed(other),
                "--trials",
                "300",
                "--chart-size",
                "thumb",
            ],
        );
        assert_eq!(code, 0);
        assert!(out.lines().count() <= 36, "{out}");
        // Paths are not broken.
        let fits = |line: &str| line.starts_with("Files: ") || line.chars().count() <= 100;
        assert!(out.lines().all(fits), "{out}");
    }
}

#[test]
fn scenarios_of_different_horizons_are_refused() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, json: Value| fs::write(folder.path().join(name), json.to_string()).unwrap();
    write("a.json", plan(json!({}), json!({})));
    write("b.json", plan(json!({}), json!({"months": 24, "currency": "USD"})));
    let (code, out, err) = ran(folder.path(), &["compare", "a.json", "b.json"]);
    assert_eq!((code, out.as_str()), (2, ""));
    for text in ["b.json: months", "found:   24", "allowed: 12, as in a.json", "b.json: currency", "USD"] {
        assert!(err.contains(text), "{err}");
    }
    assert!(!folder.path().join("output").exists());
}

#[test]
fn faults_of_all_scenarios_come_together() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write("a.json", plan(json!({"conversion": 25}), json!({})).to_string());
    write("b.json", plan(json!({"retention": 2}), json!({})).to_string());
    write("c.json", "{\"name\": ".to_owned());
    let (code, _, err) = ran(folder.path(), &["compare", "a.json", "b.json", "c.json", "none.json"]);
    assert_eq!(code, 2);
    for text in ["a.json: regions.home.conversion", "b.json: regions.home.retention", "c.json:1:", "none.json"] {
        assert!(err.contains(text), "{text}: {err}");
    }
    for (options, text) in [
        (&["compare", "a.json"][..], "two or more"),
        (&["compare", &committed("minimal"), "--with", "months"], "no ="),
        (&["compare", &committed("minimal"), "--with", "regions.asia.conversion=1"], "no such region"),
        (&["compare", &committed("minimal"), "--with", "name=x", "--metric", "bookngs"], "did you mean \"bookings\"?"),
    ] {
        let (code, _, err) = ran(folder.path(), options);
        assert!(code == 2 && err.contains(text), "{err}");
    }
}

#[test]
fn what_is_stated_of_a_region_goes_with_it() {
    let folder = TempDir::new().unwrap();
    let options = ["--with", "regions.latin_america=null", "--with", "stated=null", "--trials", "200"];
    let (code, out, err) = ran(folder.path(), &[&["compare", &committed("ai-marketing-plan")], &options[..]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Latin America, taken out"), "{out}");
}
