//! The first hour: a new scenario, what it was understood to mean, inputs from a sheet.

use std::fs;
use std::path::Path;

use crate::cli::{files, ran, scenario};
use insta::assert_snapshot;
use serde_json::Value;
use tempfile::TempDir;

fn manifest(folder: &Path) -> Value {
    let text = fs::read(folder.join("forecast.json")).expect("the run has written it");
    serde_json::from_slice::<Value>(&text).expect("it is JSON")["header"]["manifest"].clone()
}

#[test]
fn a_new_scenario_is_checked_and_run_as_it_is() {
    let folder = TempDir::new().unwrap();
    let (code, out, err) = ran(folder.path(), &["new", "my-plan"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out, @"
    Wrote my-plan.json and scenario.schema.json (with it, editors complete and check the file).
    Edit its figures, see how it is understood, then play it:
      revcast check my-plan.json
      revcast run my-plan.json --xlsx
    Or fill its inputs in with a spreadsheet: revcast template my-plan.json
    ");
    assert_eq!(files(folder.path()), ["my-plan.json", "scenario.schema.json"]);
    let schema: Value = serde_json::from_slice(&fs::read(folder.path().join("scenario.schema.json")).unwrap()).unwrap();
    let written: Value = serde_json::from_slice(&fs::read(folder.path().join("my-plan.json")).unwrap()).unwrap();
    assert!(jsonschema::is_valid(&schema, &written));
    assert_eq!(written["name"], "my plan");
    let (code, out, err) = ran(folder.path(), &["check", "my-plan.json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("my plan: no faults. 2 regions over 24 months"), "{out}");
    let (code, out, _) = ran(folder.path(), &["run", "my-plan.json", "--trials", "500"]);
    assert!(code == 0 && out.contains("Head of sales: commit of €3.5M"), "{out}");
}

#[test]
fn nothing_is_written_over() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("mine.json"), "mine").unwrap();
    fs::write(folder.path().join("scenario.schema.json"), "theirs").unwrap();
    let (code, out, err) = ran(folder.path(), &["new", "mine.json"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("mine.json") && err.contains("a file of that name"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("mine.json")).unwrap(), "mine");
    assert_eq!(ran(folder.path(), &["new", "other.json"]).0, 0);
    assert_eq!(fs::read_to_string(folder.path().join("scenario.schema.json")).unwrap(), "theirs");
}

#[test]
fn check_says_how_the_plan_was_understood() {
    let (code, out, err) = ran(Path::new("."), &["check", &scenario("ai-marketing-plan")]);
    assert_eq!((code, err.as_str()), (0, ""));
    let (understood, _) = out.split_once("\nDoes the plan agree with itself?\n").expect("the audit follows");
    assert_snapshot!(understood, @"
    AI marketing platform: no faults. 3 regions over 36 months from January 2027 to December 2029, in
    EUR.

    Europe (regions.europe)
      Leads        186.6 (8 chances in 10: 163 to 211) a month before growth, ramp and season; 186.6 in
                   March 2027 (first), 656.4 in December 2029 (last), 19,543 in all
      Growth       from month 3: 15 % a month is 5.35 times in a year; from month 12: 0 % a month
      Win rate     25 % (8 chances in 10: 22.5 % to 27.6 %): 1 lead in 4 becomes a customer
      Sales cycle  mean 45 days (8 chances in 10: 39.4 days to 50.9 days), median 40.25 days
      Deal size    mean €15k (8 chances in 10: €14.1k to €16k), median €11.7k; 8 deals in 10 are worth
                   €4,760 to €28.8k
      Retention    96 % a year, which is 99.66 % a month; of contracts of 12 months, 96 % are renewed
      Market       one standard deviation up: leads +10.5 %, odds of winning +5.13 %, deal size +2.02 %

    Latin America (regions.latin_america)
      Leads        186.6 (8 chances in 10: 163 to 211) a month before growth, ramp and season; 186.6 in
                   March 2027 (first), 656.4 in December 2029 (last), 19,543 in all
      Growth       from month 3: 15 % a month is 5.35 times in a year; from month 12: 0 % a month
      Win rate     30 % (8 chances in 10: 26.9 % to 33.1 %): 1 lead in 3.33 becomes a customer
      Sales cycle  mean 30 days (8 chances in 10: 26.3 days to 33.9 days), median 26.83 days
      Deal size    mean €3,000 (8 chances in 10: €2,810 to €3,190), median €2,340; 8 deals in 10 are
                   worth €951 to €5,770
      Retention    94 % a year, which is 99.49 % a month; of contracts of 12 months, 94 % are renewed
      Market       one standard deviation up: leads +10.5 %, odds of winning +5.13 %, deal size +2.02 %

    Asia-Pacific (regions.asia_pacific)
      Leads        186.6 (8 chances in 10: 163 to 211) a month before growth, ramp and season; 186.6 in
                   March 2027 (first), 656.4 in December 2029 (last), 19,543 in all
      Growth       from month 3: 15 % a month is 5.35 times in a year; from month 12: 0 % a month
      Win rate     22 % (8 chances in 10: 19.8 % to 24.3 %): 1 lead in 4.55 becomes a customer
      Sales cycle  mean 35 days (8 chances in 10: 30.6 days to 39.6 days), median 31.3 days
      Deal size    mean €6,000 (8 chances in 10: €5,620 to €6,390), median €4,690; 8 deals in 10 are
                   worth €1,900 to €11.5k
      Retention    95 % a year, which is 99.57 % a month; of contracts of 12 months, 95 % are renewed
      Market       one standard deviation up: leads +10.5 %, odds of winning +5.13 %, deal size +2.02 %

    15 of 24 inputs have a range; 9 of 15 name a source.
    12 pairs of inputs are correlated.
    The market factor moves by 10 % (standard deviation in any one month), 80 % of it carries over to
      the next month; 3 of 3 regions follow it.
    It starts with no open deals and no customers: what is in the pipeline today, and what it renews, is
      not in it.
    Investment: €4.5M within these months.

    Plan line (average inputs, no luck; a forecast's median may differ):
                                          2027     2028     2029  36 months
      leads                             11,309   23,514   23,514     58,337
      won deals                          2,329    6,010    6,035     14,373
      bookings                         €17.58M  €46.51M  €46.78M    €110.9M
      renewals                              €0  €16.78M  €60.43M    €77.21M
      total bookings                   €17.58M  €63.29M  €107.2M    €188.1M
      ARR at the end                   €17.58M  €63.29M  €107.2M    €107.2M
      customers at the end               2,329    8,219   13,838     13,838
      investment                       €1.667M  €1.833M  €1.000M    €4.500M
      return on investment at the end    955 %  2,211 %  4,080 %    4,080 %
      (with the market at rest, which brings a little less than its average)
    Target Year 1: total bookings of at least €17.8M in 2027; the plan line gives €17.58M.
    Target Two years: total bookings of at least €35.6M by the end of December 2028; the plan line gives
      €80.87M.
    Target Three years: total bookings of at least €71.2M by the end of December 2029; the plan line
      gives €188.1M.
    Target Every month: total bookings of at least €1.5M in every month; the plan line has it in 30 of
      36.
    Target Every quarter: total bookings of at least €4.5M in every quarter; the plan line has it in 10
      of 12.
    Target Pipeline: pipeline value of at least €5M at the end of every month; the plan line has it in
      33 of 36.
    ");
}

#[test]
fn check_writes_nothing_and_reports_every_fault() {
    let folder = TempDir::new().unwrap();
    let arguments = ["check", &scenario("minimal"), "--set", "regions.europe.conversion=25", "--set", "months=0"];
    let (code, out, err) = ran(folder.path(), &arguments);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("did you mean 0.25?") && err.contains("months"), "{err}");
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_template_read_back_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let cases = [
        ("ai-marketing-plan", "plain"),
        ("downside", "plain"),
        ("minimal", "plain"),
        ("ai-marketing-plan", "excel-eu"),
    ];
    for (name, style) in cases {
        let (code, sheet, _) = ran(folder.path(), &["template", &scenario(name), "--csv-style", style]);
        assert_eq!(code, 0);
        fs::write(folder.path().join("inputs.csv"), &sheet).unwrap();
        let run = |out: &str, more: &[&str]| {
            let path = scenario(name);
            let arguments = [&["run", &path, "--trials", "200", "--quiet", "--out", out], more].concat();
            assert_eq!(ran(folder.path(), &arguments), (0, String::new(), String::new()));
            manifest(&folder.path().join(out))
        };
        let (plain, filled) = (run("a", &[]), run("b", &["--set-file", "inputs.csv"]));
        assert_eq!(plain["scenario_hash"], filled["scenario_hash"], "{name}: {sheet}");
        assert_eq!(plain["scenario"]["regions"], filled["scenario"]["regions"], "notes and sources too");
    }
}

#[test]
fn a_template_of_any_names_reads_back() {
    let folder = TempDir::new().unwrap();
    let mut plan: Value = serde_json::from_slice(&fs::read(scenario("minimal")).unwrap()).unwrap();
    let names = ["A, -B", "Umsatz; =Plan", "x\u{1b}[31m", "a]b", " padded ", "7", "two\nlines", "=1+1", "\"quoted\""];
    let target = |name: &&str| serde_json::json!({"name": name, "metric": "bookings", "period": "2027", "at_least": 5});
    plan["targets"] = names.iter().map(target).collect();
    let stage = |name: &&str| serde_json::json!({"name": name, "pass": 0.9, "mean_days": {"mean": 5, "sd": 1, "note": "a, -b"}});
    let europe = plan["regions"]["europe"].as_object_mut().unwrap();
    europe.remove("conversion");
    europe.remove("cycle");
    // Stages are stricter about their names.
    let stages = names.iter().filter(|name| !name.contains(['[', ']']) && **name != "7");
    europe.insert("stages".into(), stages.map(stage).collect());
    fs::write(folder.path().join("plan.json"), plan.to_string()).unwrap();
    let run = |out: &str, more: &[&str]| {
        let arguments = [&["run", "plan.json", "--trials", "50", "--quiet", "--out", out], more].concat();
        assert_eq!(ran(folder.path(), &arguments), (0, String::new(), String::new()));
        manifest(&folder.path().join(out))["scenario"].clone()
    };
    let plain = run("a", &[]);
    for style in ["plain", "excel-eu"] {
        let (code, sheet, _) = ran(folder.path(), &["template", "plan.json", "--csv-style", style]);
        assert_eq!(code, 0);
        fs::write(folder.path().join("inputs.csv"), &sheet).unwrap();
        let filled = run("b", &["--set-file", "inputs.csv"]);
        assert_eq!(filled["regions"], plain["regions"], "{sheet}");
        assert_eq!(filled["targets"], plain["targets"], "{sheet}");
    }
}

#[test]
fn a_sheet_sets_inputs_and_single_settings_come_after_it() {
    let folder = TempDir::new().unwrap();
    let sheet = "\u{FEFF}Path;Value;Low;Mode;High;Source;Note\r\n\
        regions.europe.conversion;;21%;0,26;30%;CRM;won of decided\r\n\
        regions.europe.deal_size.mean;12000;;;;Finance;\r\n\
        months;24;;;;;\r\n";
    fs::write(folder.path().join("inputs.csv"), sheet).unwrap();
    let arguments = ["run", &scenario("minimal"), "--trials", "200", "--quiet", "--out", "o"];
    let more = ["--set-file", "inputs.csv", "--set", "months=18"];
    assert_eq!(ran(folder.path(), &[&arguments[..], &more].concat()).0, 0);
    let scenario = manifest(&folder.path().join("o"))["scenario"].clone();
    let europe = &scenario["regions"]["europe"];
    let expected =
        serde_json::json!({"low": 0.21, "mode": 0.26, "high": 0.3, "source": "CRM", "note": "won of decided"});
    assert_eq!(europe["conversion"], expected);
    assert_eq!(europe["deal_size"]["mean"], serde_json::json!({"value": 12000, "source": "Finance"}));
    assert_eq!(scenario["months"], 18);
}

#[test]
fn faults_of_a_sheet_name_their_rows() {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join("bad.csv"),
        "path,value,low,high\nregions.europe.conversion,0.2,0.1,\nmonths,x1,,\n,,,\n,5,,\n",
    )
    .unwrap();
    let run = |file: &str| ran(folder.path(), &["check", &scenario("minimal"), "--set-file", file]);
    let (code, out, err) = run("bad.csv");
    assert_eq!((code, out.as_str()), (2, ""));
    assert_snapshot!(err, @"
    error: bad.csv: row 2, value
      found:   a value beside a range
      allowed: either a value or a range

    bad.csv: row 5, path
      found:   nothing
      allowed: the path of a field, such as regions.europe.conversion
    ");
    fs::write(
        folder.path().join("worse.csv"),
        "path,value\nregions.eurpe.conversion,0.2\nregions.europe.conversion,25\n",
    )
    .unwrap();
    let (code, _, err) = run("worse.csv");
    assert_eq!(code, 2);
    assert_snapshot!(err, @r#"
    error: worse.csv, row 2: regions.eurpe
      found:   no such region
      allowed: one of europe
      hint:    did you mean "europe"?

    worse.csv, row 3: regions.europe.conversion
      found:   25
      allowed: a share, 0 to 1
      hint:    25 is above 1; did you mean 0.25?
    "#);
    assert_eq!(run("missing.csv").0, 2);
    assert_eq!(run(".").0, 2);
    let deep = format!("{}b=1", "a.".repeat(40_000));
    let (code, _, err) = ran(folder.path(), &["check", &scenario("minimal"), "--set", &deep]);
    assert!(code == 2 && err.contains("more than 32 keys") && err.len() < 1_000, "{err}");
}
