//! `revcast compare` as its users meet it: plans as columns of one table, and factors that are typed in.

use std::fs;

use crate::cli::{ran, scenario as committed};
use crate::compare::{compared as documents, plan};
use revcast::analysis::{Difference, Side};
use revcast::findings;
use revcast::report::terminal;
use serde_json::{Value, json};
use tempfile::TempDir;

#[test]
fn plans_stand_side_by_side_under_the_part_of_their_names_that_differs() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, json: Value| fs::write(folder.path().join(name), json.to_string()).unwrap();
    let named = |name: &str, size: u32| plan(json!({"deal_size": {"mean": size}}), json!({"name": name}));
    write("a.json", named("North, 2027", 10_000));
    write("b.json", named("North, 2027, downside", 8_000));
    write("c.json", named("North, 2027 with two reps more", 12_000));
    write("d.json", named("North, 2027 – downside", 7_000));
    write("e.json", named("North, 2027 downside", 7_500));
    let compared = |files: &[&str]| {
        let options = [&["compare"], files, &["--trials", "200", "--chart-size", "thumb", "--out", "here"]].concat();
        let (code, out, err) = ran(folder.path(), &options);
        assert_eq!(code, 0, "{err}");
        let document = fs::read(folder.path().join("here/comparison.json")).unwrap();
        let document: Value = serde_json::from_slice(&document).unwrap();
        let labels =
            document["body"]["sides"].as_array().unwrap().iter().map(|side| side["label"].as_str().unwrap().to_owned());
        (out, labels.collect::<Vec<String>>())
    };
    let (out, labels) = compared(&["a.json", "b.json", "c.json", "d.json"]);
    assert_eq!(labels, ["North, 2027", "downside", "with two reps more", "North, 2027 – downside"]);
    let differences = fs::read_to_string(folder.path().join("here/differences.csv")).unwrap();
    assert!(differences.contains("\ndownside,bookings,total,2027,"), "{differences}");
    // One table, a column for each, and every row on one line.
    let head = out.lines().find(|line| line.ends_with("North, 2027 – downside")).expect("all stand in one head");
    assert!(head.contains("downside") && head.contains("with two reps more"), "{out}");
    for row in ["  P10 ", "  Median ", "  P90 ", "  Mean ", "  Higher in the same", "  Year: €1.5M "] {
        let cells = out.lines().find(|line| line.starts_with(row)).unwrap_or_else(|| panic!("{row}: {out}"));
        assert_eq!(cells.matches(" (").count(), if row.contains("Higher") { 0 } else { 3 }, "{out}");
    }
    // Two that would be called alike keep their names.
    let (_, labels) = compared(&["a.json", "b.json", "e.json"]);
    assert_eq!(labels, ["North, 2027", "North, 2027, downside", "North, 2027 downside"]);
}

#[test]
fn columns_that_find_no_room_go_on_below() {
    let base = plan(json!({}), json!({}));
    let mut comparison = documents(&base, &plan(json!({"conversion": 0.3}), json!({})));
    let (side, difference) = (comparison.sides[1].clone(), comparison.differences[0].clone());
    for label in ["another plan", "a third one", "a fourth one"] {
        comparison.body.sides.push(Side { label: label.to_owned(), ..side.clone() });
        comparison.body.differences.push(Difference { label: label.to_owned(), ..difference.clone() });
    }
    let text = terminal(&findings::comparison(&comparison), 60);
    let rows = text.lines().filter(|line| line.starts_with("  Median "));
    assert_eq!(rows.map(|row| row.matches(" (").count()).sum::<usize>(), 4, "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
}

#[test]
fn a_factor_typed_in_moves_every_region_by_its_own() {
    let folder = TempDir::new().unwrap();
    let compare = |file: &str, with: &[&str]| {
        let with: Vec<&str> = with.iter().flat_map(|with| ["--with", *with]).collect();
        let options = [&["compare", file], &with[..], &["--trials", "300", "--chart-size", "thumb", "--out", "here"]];
        ran(folder.path(), &options.concat())
    };
    let plan = committed("ai-marketing-plan");
    let (code, out, err) = compare(&plan, &["regions.*.conversion*=1.08"]);
    assert_eq!((code, err.as_str()), (0, ""));
    // 25, 30 and 22 %, of which a value for all would lower one.
    let document = fs::read(folder.path().join("here/comparison.json")).unwrap();
    let document: Value = serde_json::from_slice(&document).unwrap();
    let fields = |change: &Value| change["fields"].as_array().unwrap().clone();
    let changes = document["body"]["differences"][0]["bridge"]["changes"].as_array().unwrap();
    let fields: Vec<Value> = changes.iter().flat_map(fields).collect();
    assert_eq!(fields.len(), 3, "{out}");
    for field in &fields {
        let [from, to] = ["mean_from", "mean_to"].map(|key| field[key].as_f64().unwrap());
        assert!((to / from - 1.08).abs() < 1e-3, "{field}");
    }
    // What it is then is written down: the run can be repeated.
    let scenario = &document["body"]["sides"][1]["manifest"]["scenario"]["regions"];
    let before = &document["body"]["sides"][0]["manifest"]["scenario"]["regions"];
    let at = "/europe/conversion/mean";
    assert_eq!(
        scenario.pointer(at).and_then(Value::as_f64),
        before.pointer(at).and_then(Value::as_f64).map(|x| (x * 1.08 * 1e9).round() / 1e9)
    );
    for (with, told) in [
        (&["regions.*.conversion*=much"][..], "much, which is no number"),
        (&["regions.*.conversion*=0"], "a factor above 0"),
        (&["regions.*.conversion*=9"], "a smaller factor"),
        (&["regions.*.convrsion*=1.1"], "did you mean \"conversion\"?"),
        (&["regions.*.conversion*=1.1", "regions.europe.conversion*=1.1"], "the same field twice"),
    ] {
        let (code, out, err) = compare(&committed("minimal"), with);
        assert_eq!((code, out.as_str()), (2, ""), "{with:?}");
        assert!(err.contains(told) && err.matches("found:").count() == 1 && err.contains("--with"), "{err}");
    }
}
