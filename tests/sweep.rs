//! Grids: each combination is the run of its scenario, whatever it shares with others and in however many parts it is played.

use std::fs;

use insta::assert_snapshot;
use revcast::analysis::{Axis, Sweep, SweepRun, join};
use revcast::documents::{Document, Header};
use revcast::engine::Execution;
use revcast::export::{CsvStyle, document_json, table_csv};
use revcast::findings::{sweep as sweep_finding, sweep_table};
use revcast::model::resolve;
use revcast::report::terminal;
use revcast::scenario::{Faults, Setting};
use revcast::shards::Portion;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{files, ran};
use crate::common::{forecast_scenario, scenario};
use crate::memory::rich;

/// Three regions with a market factor, correlated inputs, renewals and targets of every kind.
fn grid_of(trials: usize) -> Value {
    let mut json = rich(trials);
    json["calls"] = json!([]);
    json["targets"].as_array_mut().unwrap().retain(|target| target["name"] != "Early return");
    json
}

fn swept(json: &Value, axes: &[&str], portion: Portion, threads: usize) -> Result<Document<Sweep>, Faults> {
    let (scenario, model) = (scenario(json), resolve(&scenario(json)).unwrap());
    let axes = axes.iter().map(|axis| Axis::parse(axis).unwrap()).collect();
    let sweeping = SweepRun::new(&scenario, model.clone(), axes)?;
    let range = portion.range(sweeping.combinations());
    let mut found =
        sweeping.play(range, &Execution::new(Some(threads)), &|| ()).expect("each combination can be played");
    found.portion = (portion != Portion::WHOLE).then_some(portion);
    Ok(Document::new(Header::new(&scenario, &model), found))
}

/// Holds each row against the run of its scenario, which is made by settings of values.
fn check_against_runs(json: &Value, axes: &[&str]) {
    let sweep = swept(json, axes, Portion::WHOLE, 2).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(sweep.rows.len(), sweep.combinations());
    let base = forecast_scenario(&scenario(json));
    for row in &sweep.rows {
        let settings: Vec<Setting> = sweep
            .axes
            .iter()
            .zip(&row.values)
            .map(|(axis, value)| Setting {
                option: String::new(),
                path: axis.path.clone(),
                value: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            })
            .collect();
        let run = forecast_scenario(&scenario(json).with(&settings).unwrap_or_else(|faults| panic!("{faults}")));
        let told = |bands: &_| serde_json::to_string::<revcast::forecast::Bands<_>>(bands).unwrap();
        assert_eq!(told(&row.bands), told(&run.main.bands), "{:?}", row.values);
        for (target, of_run) in row.targets.iter().zip(&run.targets) {
            assert_eq!((&target.name, target.at_least), (&of_run.name, of_run.at_least));
            assert_eq!(target.probability, of_run.probability);
        }
        let change = run.main.bands.mean.value.unwrap() - base.main.bands.mean.value.unwrap();
        let error = row.mean_change.error.unwrap();
        // Means are rounded before they are subtracted here.
        let slack = 0.02 * run.main.bands.mean.error.unwrap();
        assert!(
            (row.mean_change.value.unwrap() - change).abs() <= slack + 0.02 * error,
            "{:?} {change}",
            row.mean_change
        );
    }
}

#[test]
fn each_combination_is_the_run_of_its_scenario() {
    let json = grid_of(600);
    // Regions that come again, of which some are not touched at all.
    check_against_runs(&json, &["regions.north.deal_size.mean=800,1100", "regions.south.leads.monthly.mean=30,40,55"]);
    // All regions at once, and none.
    check_against_runs(&json, &["market.volatility=0.1,0.3", "targets[Year].at_least=1000000,2000000"]);
    // What was uncertain is fixed, and what it was correlated with is drawn otherwise; and the other way round.
    check_against_runs(&json, &["regions.west.conversion=0.2,0.25", "regions.north.retention=0.7,0.9"]);
    check_against_runs(
        &json,
        &[r#"regions.north.retention={"low": 0.5, "high": 0.9},0.8"#, "regions.south.expansion=0,0.1"],
    );
    // Nothing that anyone renews: fewer months are played, and in some combinations all.
    let mut json = json;
    for region in ["north", "south", "west"] {
        json["regions"][region]["retention"] = json!(0);
    }
    json["targets"] = json!([{"name": "Year", "metric": "bookings", "period": "2027", "at_least": 1500000}]);
    check_against_runs(&json, &["regions.north.retention=0,0.9", "regions.south.deal_size.mean=8000,9000"]);
    json["targets"] = json!([]);
    check_against_runs(&json, &["contract.term_months=3,12", "regions.south.deal_size.mean=8000,9000"]);
}

#[test]
fn factors_multiply_draws_and_the_scenario_as_it_stands_changes_by_nothing() {
    let json = grid_of(2_000);
    let sweep =
        swept(&json, &["regions.*.deal_size.mean*=0.5,1,2", "regions.north.conversion*=1,1.1"], Portion::WHOLE, 2)
            .unwrap();
    let base = forecast_scenario(&scenario(&json)).main;
    let at = |i: usize| &sweep.rows[i];
    // Rows run with the last axis fastest: (0.5, 1), (0.5, 1.1), (1, 1), …
    assert_eq!(at(2).values, [json!(1), json!(1)]);
    assert_eq!((at(2).bands.p50.value, at(2).bands.p90.error), (base.bands.p50.value, base.bands.p90.error));
    assert_eq!((at(2).mean_change.value, at(2).mean_change.error), (Some(0.0), Some(0.0)));
    // Deals of half and double the size, on the same draws.
    let ratio = |i: usize| at(i).bands.mean.value.unwrap() / base.bands.mean.value.unwrap();
    assert!((ratio(0) - 0.5).abs() < 1e-4 && (ratio(4) - 2.0).abs() < 1e-4, "{} {}", ratio(0), ratio(4));
    // A change is far better known than the two means that it lies between.
    let change = at(3).mean_change;
    assert!(change.error.unwrap() < 0.25 * base.bands.mean.error.unwrap() && change.is_clear(), "{change:?}");
}

#[test]
fn two_fields_make_a_matrix_and_others_a_list() {
    let json = grid_of(60);
    let axes = ["regions.north.conversion*=0.9,1,1.1", "market.volatility=0.1,0.2"];
    let told = |axes: &[&str], portion| terminal(&sweep_finding(&swept(&json, axes, portion, 2).unwrap()), 100);
    let sweep = swept(&json, &axes, Portion::WHOLE, 2).unwrap();
    let text = told(&axes, Portion::WHOLE);
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    let below = |head: &str| -> Vec<Vec<String>> {
        text.lines().skip_while(|line| !line.starts_with(head)).skip(1).take(4).map(words).collect()
    };
    let medians = below("Median:");
    assert_eq!(medians[0], ["0.1", "0.2"], "{text}");
    let list = sweep_table(&sweep).texts();
    let at = list[0].iter().position(|head| head == "P50").expect("the list has medians");
    for (i, row) in medians[1..].iter().enumerate() {
        let of_list = [&list[1 + 2 * i][at], &list[2 + 2 * i][at]];
        assert_eq!(row.iter().collect::<Vec<_>>(), [&["0.9×", "1×", "1.1×"][i].to_owned(), of_list[0], of_list[1]]);
    }
    assert!(text.contains("Chance of Year:") && below("Chance of Year:")[3].len() == 7, "{text}");
    // One field, three, and a part of two are listed.
    for (axes, portion) in [
        (&axes[..1], Portion::WHOLE),
        (&axes[..], Portion { number: 1, of: 2 }),
        (&[axes[0], axes[1], "regions.south.cycle.mean_days*=0.8,1.2"], Portion::WHOLE),
    ] {
        let text = told(axes, portion);
        assert!(!text.contains("Median:") && text.contains("P10"), "{text}");
    }
}

#[test]
fn a_sweep_in_parts_on_any_threads_gives_the_bytes_of_the_whole() {
    let json = grid_of(300);
    let axes =
        ["regions.north.conversion*=0.9,1,1.1", "market.volatility=0.1,0.2", "regions.south.cycle.mean_days*=0.8,1.2"];
    let whole = document_json(&swept(&json, &axes, Portion::WHOLE, 1).unwrap()).unwrap();
    for threads in [2, 3, 7] {
        assert!(document_json(&swept(&json, &axes, Portion::WHOLE, threads).unwrap()).unwrap() == whole);
    }
    for of in [1, 2, 5, 12] {
        let mut parts: Vec<(String, Document<Sweep>)> = (1..=of)
            .map(|number| {
                let portion = Portion { number, of };
                let mut sweep = swept(&json, &axes, portion, 2).unwrap();
                sweep.body.portion = Some(portion);
                let bytes = document_json(&sweep).unwrap();
                (format!("{number}"), Document::<Sweep>::read("part", &bytes).unwrap())
            })
            .collect();
        for _ in 0..3 {
            parts.rotate_left(of / 3 + 1);
            assert!(document_json(&join(parts.clone()).unwrap()).unwrap() == whole, "{of} parts");
            parts.reverse();
        }
    }
}

#[test]
fn parts_that_are_not_of_one_sweep_are_refused_by_name() {
    let axes = ["regions.north.conversion*=0.9,1,1.1,1.2"];
    let part = |json: &Value, axes: &[&str], number, of| {
        let mut sweep = swept(json, axes, Portion { number, of }, 1).unwrap();
        sweep.body.portion = Some(Portion { number, of });
        sweep
    };
    let json = grid_of(50);
    let first = part(&json, &axes, 1, 2);
    let refused = |parts: Vec<Document<Sweep>>| {
        let named = parts.into_iter().enumerate().map(|(i, part)| (format!("{}.shard", i + 1), part)).collect();
        join(named).unwrap_err().to_string()
    };
    let mut seed = json.clone();
    seed["simulation"]["seed"] = json!(8);
    assert!(refused(vec![first.clone(), part(&seed, &axes, 2, 2)]).starts_with("2.shard: seed\n  found:   8\n"));
    let other = ["regions.north.conversion*=0.9,1,1.1,1.3"];
    assert!(refused(vec![first.clone(), part(&json, &other, 2, 2)]).starts_with("2.shard: axes\n"));
    assert!(refused(vec![first.clone()]).contains("no shard with the combinations 3 to 4\n"));
    assert!(refused(vec![first.clone(), first.clone()]).contains("combinations 1 to 2, which 1.shard holds too\n"));
    let mut version = part(&json, &axes, 2, 2);
    version.header.manifest.version = "0.0.1".to_owned();
    assert!(
        refused(vec![first.clone(), version]).starts_with("2.shard: version\n  found:   a shard of revcast 0.0.1\n")
    );
    let mut short = part(&json, &axes, 2, 2);
    short.body.rows.pop();
    assert!(refused(vec![first.clone(), short]).starts_with("2.shard: rows\n  found:   1 combinations\n"));
    let mut whole = first.clone();
    whole.body.portion = None;
    assert!(refused(vec![whole]).contains("a whole sweep"));

    let bytes = document_json(&first).unwrap();
    for i in 0..bytes.len() - 1 {
        let mut other = bytes.clone();
        other[i] ^= 1 << (i % 7);
        assert!(Document::<Sweep>::read("f", &other).is_err(), "byte {i}");
    }
    for i in (0..bytes.len() - 1).step_by(7) {
        assert!(Document::<Sweep>::read("f", &bytes[..i]).is_err(), "cut at {i}");
    }
}

#[test]
fn what_is_asked_wrongly_is_refused_before_anything_is_played() {
    let json = grid_of(50);
    let faults = |axes: &[&str]| swept(&json, axes, Portion::WHOLE, 1).unwrap_err().to_string();
    let unknown = faults(&["regions.north.convrsion*=1,2", "regions.nort.conversion=0.2,0.3"]);
    assert!(unknown.contains("did you mean \"conversion\"?"), "{unknown}");
    let both = faults(&["regions.*.conversion*=0.9,1", "regions.north.conversion=0.2,0.3"]);
    assert!(both.contains("the same field twice"), "{both}");
    assert!(faults(&["regions.north.conversion=0.2,1.5,2.5"]).matches("found:").count() == 2);
    assert!(faults(&["simulation.seed=1,2"]).contains("which futures are played"));
    assert!(faults(&["regions.north.deal_size.mean=-1,1"]).contains("deal_size"));
    let many = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20";
    let axis = |field: &str| format!("regions.{field}.deal_size.mean={many}");
    let axes = [
        axis("north"),
        axis("south"),
        axis("west"),
        format!("market.volatility={}", many.replace(',', "e-2,") + "e-2"),
    ];
    let axes: Vec<&str> = axes.iter().map(String::as_str).collect();
    assert!(faults(&axes).contains("found:   160000 combinations"), "{}", faults(&axes));
    // Values that go by themselves, but not together.
    let (scenario, model) = (scenario(&json), resolve(&scenario(&json)).unwrap());
    let axes = ["targets[Year].metric=bookings,arr"].map(|axis| Axis::parse(axis).unwrap()).to_vec();
    assert!(SweepRun::new(&scenario, model, axes).unwrap_err().to_string().contains("another main figure"));
}

#[test]
fn the_table_has_a_row_a_combination() {
    let sweep =
        swept(&grid_of(400), &["regions.*.conversion*=0.9,1.1", "market.volatility=0.1"], Portion::WHOLE, 2).unwrap();
    assert_snapshot!(String::from_utf8(table_csv(&[sweep_table(&sweep)], CsvStyle::Plain).unwrap()).unwrap());
    let european = String::from_utf8(table_csv(&[sweep_table(&sweep)], CsvStyle::ExcelEu).unwrap()).unwrap();
    assert!(european.contains("\r\n0,9;0,1;"), "{european}");
}

#[test]
fn the_command_writes_a_folder_and_merges_shards() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("s.json"), grid_of(400).to_string()).unwrap();
    let grid = ["sweep", "s.json", "--grid", "regions.*.conversion*=0.9,1,1.1", "--grid", "market.volatility=0.1,0.2"];
    let run = |more: &[&str]| ran(folder.path(), &[&grid, more].concat());
    let (code, out, err) = run(&["--out", "whole"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out);
    let names = files(&folder.path().join("whole"));
    assert_eq!(
        names[..4],
        [
            "charts/heat-map-chance.png",
            "charts/heat-map-chance.svg",
            "charts/heat-map-p50.png",
            "charts/heat-map-p50.svg"
        ]
    );
    assert_eq!(names[4..], ["sweep.csv", "sweep.json"]);
    for k in ["1", "2", "3", "4"] {
        let (code, out, err) = run(&["--shard", &format!("{k}/4"), "--out", k]);
        assert!(code == 0 && out.is_empty() && err.ends_with(" of 6 combinations\n"), "{err}");
    }
    let (code, ..) = ran(folder.path(), &["merge", "3", "1", "4", "2", "--out", "merged", "--quiet"]);
    assert_eq!(code, 0);
    for name in &names {
        let [one, other] = ["whole", "merged"].map(|out| fs::read(folder.path().join(out).join(name)).unwrap());
        assert!(one == other, "{name}");
    }
    // Again into the same folder; and what goes wrong.
    assert_eq!(run(&["--out", "whole", "--quiet"]).0, 0);
    let refused = |arguments: &[&str]| {
        let (code, _, err) = ran(folder.path(), arguments);
        assert_eq!(code, 2, "{arguments:?}: {err}");
        err
    };
    assert!(refused(&["merge", "1", "2", "3", "--out", "m"]).contains("these are missing: 4/4"));
    assert!(refused(&["merge", "1", "2", "3", "4"]).contains("--out"));
    assert!(refused(&["merge", "1", "2", "3", "4", "--out", "m", "--deep"]).contains("shards of a sweep"));
    assert!(refused(&["merge", "1", "s.json", "--out", "m"]).contains("s.json\n"));
    assert!(refused(&[&grid[..], &["--shard", "1/7", "--out", "x"]].concat()).contains("7 parts of 6 combinations"));
    assert!(refused(&[&grid[..], &["--shard", "1/2"]].concat()).contains("--out"));
    assert!(refused(&[&grid[..], &["--shard", "1/2", "--out", "1"]].concat()).contains("exists already"));
    assert!(refused(&["sweep", "s.json"]).contains("--grid"));
    let bad = refused(&["sweep", "s.json", "--grid", "a", "--grid", "b="]);
    assert!(bad.contains("--grid a\n") && bad.contains("--grid b=\n"), "{bad}");
    assert!(!folder.path().join("m").exists() && !folder.path().join("x").exists());
}
