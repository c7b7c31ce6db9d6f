//! What moved since an earlier run: by input, by program version, by Monte Carlo noise; steps that add up.

use revcast::analysis::{Answer, Attribution, AttributionRun, Baseline, ReasonKind, Span};
use revcast::engine::Execution;
use revcast::export::forecast_json;
use revcast::forecast::Forecast;
use revcast::model::resolve;
use serde_json::{Value, json};

use crate::cli::ran;
use crate::common::{forecast_scenario, scenario};

/// A year of two regions, with what is laid over it.
fn plan(more: &[(&str, Value)]) -> Value {
    let region = |leads: f64| {
        json!({"leads": {"monthly": {"mean": leads, "cv": 0.1}}, "conversion": {"mean": 0.25, "sd": 0.02},
            "cycle": {"mean_days": 40}, "deal_size": {"mean": 10_000}})
    };
    let mut plan = json!({
        "name": "Two", "start": "2027-01", "months": 12, "simulation": {"trials": 2000, "seed": 3},
        "regions": {"home": region(60.0), "away": region(20.0)},
        "targets": [
            {"name": "Year", "metric": "bookings", "period": "2027", "at_least": 2_100_000},
            {"name": "Away", "metric": "bookings", "period": "2027", "at_least": 500_000, "region": "away"}
        ]
    });
    for (pointer, value) in more {
        *plan.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is there")) = value.clone();
    }
    plan
}

fn past_of(json: &Value) -> Baseline {
    Baseline::from(&forecast_scenario(&scenario(json)))
}

/// What moved from an earlier run to a scenario, with its forecast.
fn moved_since(past: &Baseline, json: &Value) -> (Attribution, Forecast) {
    let scenario = scenario(json);
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let forecast = forecast_scenario(&scenario);
    let moving = AttributionRun::new(past, &scenario, model.clone());
    let moved = moving.moved(&forecast, &Execution::new(None)).expect("it is sound");
    check(&moved, &forecast);
    (moved, forecast)
}

pub(crate) fn moved(before: &Value, after: &Value) -> (Attribution, Forecast) {
    moved_since(&past_of(before), after)
}

/// All that must hold of any of them: every way adds up in decimal, and ends at the forecast.
fn check(moved: &Attribution, forecast: &Forecast) {
    let decimal = |x: f64| {
        let text = format!("{x:.9}");
        text.replace('.', "").parse::<i128>().expect("digits")
    };
    let adds_up = |span: &Span, what: &str| {
        let Some(from) = span.from.value else { return };
        let steps: Vec<f64> = span.steps.iter().filter_map(|step| step.value).collect();
        let to = span.to.value.expect("it is known");
        assert_eq!(span.steps.len(), moved.reasons.len(), "{what}");
        if steps.is_empty() && moved.reasons.len() > 1 {
            return;
        }
        assert_eq!(steps.len(), moved.reasons.len(), "{what}: {span:?}");
        assert_eq!(steps.into_iter().map(decimal).sum::<i128>() + decimal(from), decimal(to), "{what}: {span:?}");
    };
    if let Some(spans) = &moved.spans {
        let bands = &forecast.main.bands;
        for (what, span, now) in [
            ("P10", &spans.p10, bands.p10.value),
            ("P50", &spans.p50, bands.p50.value),
            ("P90", &spans.p90, bands.p90.value),
            ("width", &spans.width, bands.p90.value.zip(bands.p10.value).map(|(high, low)| high - low)),
        ] {
            adds_up(span, what);
            let (to, now) = (span.to.value.expect("it is known"), now.expect("it is known"));
            // Both are rounded, the way to the place of its largest error's third digit.
            let place = span.steps.iter().filter_map(|step| step.error).fold(0.0, f64::max) / 50.0 + 0.001 * now.abs();
            assert!((to - now).abs() <= place, "{what}: {to} {now}");
        }
    }
    for target in &moved.targets {
        if let Some(span) = &target.chance {
            adds_up(span, &target.name);
        }
    }
}

pub(crate) fn kinds(moved: &Attribution) -> Vec<ReasonKind> {
    moved.reasons.iter().map(|reason| reason.kind).collect()
}

pub(crate) fn steps(span: &Span) -> Vec<f64> {
    span.steps.iter().map(|step| step.value.expect("it is known")).collect()
}

#[test]
fn where_nothing_changed_nothing_moved() {
    let same = plan(&[]);
    let words = {
        let mut words = plan(&[]);
        words["regions"]["home"]["label"] = json!("At home");
        words["assumptions"] = json!(["another sentence"]);
        words
    };
    for after in [&same, &words] {
        let (moved, _) = moved(&same, after);
        assert!(!moved.is_anything(), "{moved:?}");
        let spans = moved.spans.expect("the figure is the same");
        assert_eq!((spans.p50.change(), spans.width.change()), (Some(0.0), Some(0.0)));
    }
}

#[test]
fn a_changed_input_is_what_moved_and_the_ends_are_those_of_both_forecasts() {
    let before = plan(&[]);
    let after = plan(&[("/regions/home/conversion/mean", json!(0.28))]);
    let was = forecast_scenario(&scenario(&before));
    let (moved, forecast) = moved(&before, &after);
    assert_eq!(kinds(&moved), [ReasonKind::Input]);
    assert_eq!(moved.reasons[0].label, "home: win rate");
    let spans = moved.spans.as_ref().expect("the figure is the same");
    for (span, before, after) in [
        (&spans.p10, was.main.bands.p10.value, forecast.main.bands.p10.value),
        (&spans.p50, was.main.bands.p50.value, forecast.main.bands.p50.value),
        (&spans.p90, was.main.bands.p90.value, forecast.main.bands.p90.value),
    ] {
        let (before, after) = (before.unwrap(), after.unwrap());
        assert!((span.from.value.unwrap() - before).abs() < 1e-3 * before, "{span:?} {before}");
        assert!((span.to.value.unwrap() - after).abs() < 1e-3 * after, "{span:?} {after}");
    }
    let chance = |name: &str| moved.targets.iter().find(|target| target.name == name).unwrap().chance.clone().unwrap();
    let change = forecast.targets[0].probability.known() - was.targets[0].probability.known();
    assert!((chance("Year").change().unwrap() - change).abs() < 1e-3 && change > 0.1, "{change}");
    // The other region's target is not touched by it.
    assert_eq!(chance("Away").change(), Some(0.0));
}

#[test]
fn two_inputs_share_what_they_bring_as_in_a_comparison() {
    let after =
        plan(&[("/regions/home/conversion/mean", json!(0.28)), ("/regions/away/leads/monthly/mean", json!(30.0))]);
    let (moved, _) = moved(&plan(&[]), &after);
    let labels: Vec<&str> = moved.reasons.iter().map(|reason| reason.label.as_str()).collect();
    assert_eq!(labels, ["home: win rate", "away: leads a month"]);
    let p50 = steps(&moved.spans.unwrap().p50);
    // 60 · 12 · 0.03 · 10,000 of a year less the cycle, and 10 · 12 · 0.25 · 10,000.
    assert!(p50.iter().all(|step| (150_000.0..320_000.0).contains(step)), "{p50:?}");
}

#[test]
fn other_draws_are_noise_and_are_never_put_down_to_an_input() {
    for (pointer, value) in [("/simulation/seed", json!(4)), ("/simulation/trials", json!(3000))] {
        let (moved, _) = moved(&plan(&[]), &plan(&[(pointer, value)]));
        assert_eq!(kinds(&moved), [ReasonKind::Noise]);
        let spans = moved.spans.unwrap();
        let step = spans.p50.steps[0];
        assert!(step.error.unwrap() > 0.0 && step.value.unwrap().abs() < 5.0 * step.error.unwrap(), "{step:?}");
    }
    let both = plan(&[("/simulation/seed", json!(4)), ("/regions/home/deal_size/mean", json!(11_000))]);
    let (moved, _) = moved(&plan(&[]), &both);
    assert_eq!(kinds(&moved), [ReasonKind::Noise, ReasonKind::Input]);
}

/// How far apart the medians of two runs are that differ by their seed alone, in errors as `scale` makes them, squared and summed over
/// `pairs` pairs of seeds.
fn sum_of_squares(pairs: u64) -> f64 {
    (0..pairs)
        .map(|pair| {
            let with = |seed: u64| plan(&[("/simulation/seed", json!(seed)), ("/simulation/trials", json!(400))]);
            let (moved, _) = moved(&with(2 * pair + 100), &with(2 * pair + 101));
            let step = moved.spans.unwrap().p50.steps[0];
            let z = step.value.unwrap() / step.error.unwrap();
            z * z
        })
        .sum()
}

/// For 120 pairs χ² with 120 degrees of freedom lies between 58.3 and 210.8 but for 1 set of seeds in 10⁶ on each side; the error is an
/// estimate itself (a tenth at 400 trials), for which 5 % are added on each side.
#[test]
fn the_error_of_noise_is_what_other_seeds_show() {
    let holds = |sum: f64| (55.0..222.0).contains(&sum);
    let sum = sum_of_squares(120);
    assert!(holds(sum), "{sum}");
    // Errors of half the size would be found out: each square is four times as large.
    assert!(!holds(4.0 * sum));
}

#[test]
fn another_version_of_the_program_is_told_apart_from_inputs_and_noise() {
    let before = plan(&[]);
    let mut past = past_of(&before);
    past.manifest.version = "0.0.9".to_owned();
    // It gives the same.
    let (same, _) = moved_since(&past, &before);
    assert_eq!(kinds(&same), [ReasonKind::Version]);
    assert_eq!(steps(&same.spans.unwrap().p50), [0.0]);
    // It gave 50,000 less.
    past.bands.p50.value = past.bands.p50.value.map(|p50| p50 - 50_000.0);
    for after in
        [before.clone(), plan(&[("/simulation/seed", json!(9)), ("/regions/home/conversion/mean", json!(0.28))])]
    {
        let (moved, _) = moved_since(&past, &after);
        let p50 = steps(&moved.spans.unwrap().p50);
        assert!((p50[0] - 50_000.0).abs() < 1_000.0, "{p50:?}");
        assert_eq!(moved.reasons[0].label, format!("revcast 0.0.9 → {}", env!("CARGO_PKG_VERSION")));
    }
}

#[test]
fn what_a_target_asks_for_is_a_step_of_its_own() {
    let harder = plan(&[("/targets/0/at_least", json!(2_300_000)), ("/regions/home/conversion/mean", json!(0.27))]);
    let (moved, forecast) = moved(&plan(&[]), &harder);
    assert_eq!(kinds(&moved), [ReasonKind::Input, ReasonKind::Target]);
    let year = moved.targets[0].chance.as_ref().unwrap();
    let [better, harder] = steps(year)[..] else { panic!("{year:?}") };
    assert!(better > 0.05 && harder < -0.1, "{year:?}");
    assert!((year.to.value.unwrap() - forecast.targets[0].probability.known()).abs() < 1e-3);
    let asked = &moved.reasons[1];
    assert_eq!((asked.label.as_str(), asked.fields[0].mean_to), ("what “Year” asks for", Some(2_300_000.0)));
    assert_eq!(steps(&moved.spans.unwrap().p50)[1], 0.0, "a level moves no figure");
}

#[test]
fn of_the_ninth_target_on_it_is_told_how_far_it_moved_and_not_by_what() {
    let nine = |changes: &[(&str, Value)]| {
        let mut plan = plan(changes);
        let more = (1..10).map(|i| json!({"name": format!("T{i}"), "metric": "bookings", "period": "2027", "at_least": 1_900_000 + 20_000 * i}));
        plan["targets"] = more.collect();
        plan
    };
    let one = ("/regions/home/conversion/mean", json!(0.28));
    let both = [one.clone(), ("/regions/away/leads/monthly/mean", json!(25.0))];
    let (moved_by_both, forecast) = moved(&nine(&[]), &nine(&both));
    assert_eq!(moved_by_both.reasons.len(), 2);
    for (place, target) in moved_by_both.targets.iter().enumerate() {
        let chance = target.chance.as_ref().expect("both runs have it");
        assert!((chance.to.value.expect("it is known") - forecast.targets[place].probability.known()).abs() < 1e-3);
        assert_eq!(chance.steps.iter().filter(|step| step.value.is_some()).count(), if place < 8 { 2 } else { 0 });
        assert!(chance.change() > Some(0.1), "{chance:?}");
    }
    // One reason alone is known to have done it.
    let (moved_by_one, _) = moved(&nine(&[]), &nine(&[one]));
    let ninth = moved_by_one.targets[8].chance.as_ref().expect("both runs have it");
    assert!((steps(ninth)[0] - ninth.change().expect("it is known")).abs() < 1e-9);
}

#[test]
fn targets_that_are_new_or_gone_have_no_way() {
    let renamed = plan(&[("/targets/1/name", json!("Elsewhere"))]);
    let (moved, _) = moved(&plan(&[]), &renamed);
    assert_eq!(moved.gone, ["Away"]);
    assert!(moved.targets[1].chance.is_none() && moved.targets[0].chance.is_some());
    assert!(moved.is_anything());
}

#[test]
fn what_cannot_be_told_apart_is_said_to_be_so() {
    let (moved, _) = moved(&plan(&[]), &plan(&[("/start", json!("2026-12")), ("/months", json!(13))]));
    assert_eq!(kinds(&moved), [ReasonKind::Unexplained]);
    assert!(moved.reasons[0].label.contains("start 2027-01 → 2026-12"), "{}", moved.reasons[0].label);
    // Another main figure is not compared with.
    let (other, _) = self::moved(
        &plan(&[]),
        &plan(&[("/targets/0/metric", json!("won_deals")), ("/targets/0/at_least", json!(200))]),
    );
    assert!(other.spans.is_none());
    // A scenario that is none any more.
    let mut past = past_of(&plan(&[]));
    past.manifest.scenario["regions"] = json!("none");
    let (moved, _) = moved_since(&past, &plan(&[]));
    assert!(!moved.is_anything(), "its hash says that it was the same");
    past.manifest.scenario_hash = "0".repeat(64);
    let (moved, _) = moved_since(&past, &plan(&[]));
    assert_eq!(kinds(&moved), [ReasonKind::Unexplained]);
}

#[test]
fn it_is_read_back_as_it_was_written_and_damage_is_found() {
    let after = plan(&[("/regions/home/conversion/mean", json!(0.28)), ("/simulation/seed", json!(4))]);
    let (moved, forecast) = moved(&plan(&[]), &after);
    let bytes = forecast_json(&Answer { forecast, deep: None, moved: Some(moved), pipeline: None }).unwrap();
    let read = Answer::read("forecast.json", &bytes).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(forecast_json(&read).unwrap() == bytes);
    for (pointer, value, fault) in [
        ("/body/moved/spans/p50/steps", json!([]), "moved.spans.p50.steps"),
        ("/body/moved/targets/1/name", json!("x"), "moved.targets"),
        ("/body/moved/targets/0/chance/to/value", json!(1e200), "moved.targets[0].chance.to.value"),
        ("/body/moved/reasons/0/kind", json!("luck"), "moved.reasons[0].kind"),
    ] {
        let mut document: Value = serde_json::from_slice(&bytes).unwrap();
        document.as_object_mut().unwrap().shift_remove("checksum");
        *document.pointer_mut(pointer).unwrap() = value;
        let faults = Answer::read("forecast.json", document.to_string().as_bytes()).unwrap_err().to_string();
        assert!(faults.contains(fault), "{pointer}: {faults}");
    }
}

#[test]
fn what_is_the_same_as_shown_is_not_said_to_have_moved() {
    let folder = tempfile::tempdir().unwrap();
    let file = crate::cli::scenario("ai-marketing-plan");
    let mut told = 0;
    for leads in ["186.6", "186.61", "186.7", "190"] {
        let set = format!("regions.asia_pacific.leads.monthly.mean={leads}");
        let arguments = ["run", &file, "--trials", "4000", "--since", "last", "--record", "--set", &set];
        let (code, out, err) = ran(folder.path(), &arguments);
        assert_eq!(code, 0, "{err}");
        // The first run has none before it.
        let Some((_, said)) = out.split_once("Since the ") else { continue };
        let words: Vec<&str> = said.split_whitespace().map(|word| word.trim_end_matches(['.', ';'])).collect();
        for four in words.windows(4) {
            assert!(!matches!(four, ["from", a, "to", b] if a == b), "{said}");
            assert!(!matches!(four, ["rose" | "fell", "by", "€0" | "0", _]), "{said}");
        }
        told += 1;
    }
    assert_eq!(told, 3);
}
