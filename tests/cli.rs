//! The program as it is used: exit codes, what goes where, the run's folder.
#![allow(unreachable_pub)] // a module of a test binary has no outside

use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::process::Child;
use std::process::{Output, Stdio};
#[cfg(unix)]
use std::{thread::sleep, time::Duration};

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common;

pub fn scenario(name: &str) -> String {
    format!("{}/scenarios/{name}.json", env!("CARGO_MANIFEST_DIR"))
}

fn revcast(folder: &Path, arguments: &[&str]) -> Output {
    common::revcast(folder).args(arguments).output().expect("the program starts")
}

/// Exit code, standard output, standard error.
pub fn ran(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = revcast(folder, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
    (output.status.code().expect("the program is not killed"), text(output.stdout), text(output.stderr))
}

pub fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() { folders.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    let mut names: Vec<String> =
        found.iter().map(|f| f.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/")).collect();
    names.sort();
    names
}

#[test]
fn a_run_prints_the_answer_and_writes_its_folder() {
    let folder = TempDir::new().unwrap();
    let (code, out, err) = ran(folder.path(), &["run", &scenario("minimal"), "--trials", "2000"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out, @"
    Minimal: 2,000 futures of 12 months from January 2027
    Bookings in 2027: 8 chances in 10 of €3.23M to €4.78M; as likely above €3.99M as below.
      Year 1  €4M in 2027: 49 in 100
    Drivers: 2 inputs bring 74 % of the variance (“europe: leads a month” 41 %), luck 26 %.
    To do: Ask what it would take for “Year 1”: run it with --deep.
    Assumed: one thing, listed with -v.
    The page: output/minimal/report.html, and beside it forecast.json, bands.csv, 6 charts in charts/
    ");
    let output = folder.path().join("output/minimal");
    let document: Value = serde_json::from_slice(&fs::read(output.join("forecast.json")).unwrap()).unwrap();
    let mut listed: Vec<&str> =
        document["header"]["manifest"]["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()).collect();
    listed.sort_unstable();
    assert_eq!(files(&output), listed);
    let beside: Vec<String> = files(folder.path()).into_iter().filter(|f| !f.starts_with("output/minimal/")).collect();
    assert_eq!(beside, ["output/history.sqlite"], "nothing else is left beside the run's folder");
}

#[test]
fn the_plan_fits_on_one_screen() {
    let folder = TempDir::new().unwrap();
    let (code, out, _) = ran(folder.path(), &["run", &scenario("ai-marketing-plan"), "--trials", "500"]);
    assert_eq!(code, 0);
    // Of few futures, two inputs stand out alike and take a second line; the README's test holds that 12 lines do.
    assert!(out.lines().count() <= 13, "{out}");
    assert!(out.lines().all(|line| line.starts_with("The page: ") || line.chars().count() <= 100), "{out}");
    assert!(out.contains("by construction: this and 4 more assumptions are listed with -v."), "{out}");
    // With the plan's leads, which were solved for, and other win rates nothing is so by construction.
    let (_, out, _) = ran(folder.path(), &["run", &scenario("downside"), "--trials", "200", "--chart-size", "thumb"]);
    assert!(out.contains("Assumed: 3 things, listed with -v.") && !out.contains("construction"), "{out}");
    let (_, out, _) = ran(folder.path(), &["run", &scenario("ai-marketing-plan"), "--trials", "500", "-v"]);
    let out = out.replace("\n  ", " ");
    for told in [
        "solved so that the mean of 2027",
        "Simulation error: ",
        "The plan line",
        "Percentiles do not add",
        "first reached in",
    ] {
        assert!(out.contains(told), "{told}: {out}");
    }
}

#[test]
fn json_goes_to_standard_output_alone_and_is_the_file() {
    let folder = TempDir::new().unwrap();
    let (code, out, err) =
        ran(folder.path(), &["run", &scenario("minimal"), "--trials", "300", "--json", "--out", "here"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, fs::read_to_string(folder.path().join("here/forecast.json")).unwrap());
    assert!(!out.contains("NaN") && !out.contains("inf"));
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    for (out, threads) in [("a", "1"), ("b", "3")] {
        assert_eq!(
            ran(
                folder.path(),
                &["run", &scenario("minimal"), "--trials", "1000", "--quiet", "--out", out, "--threads", threads]
            ),
            (0, String::new(), String::new())
        );
    }
    for file in files(&folder.path().join("a")) {
        assert!(
            fs::read(folder.path().join("a").join(&file)).unwrap()
                == fs::read(folder.path().join("b").join(&file)).unwrap(),
            "{file}"
        );
    }
}

#[test]
fn trials_are_written_when_asked_for() {
    let folder = TempDir::new().unwrap();
    let (code, ..) = ran(
        folder.path(),
        &["run", &scenario("minimal"), "--trials", "5", "--quiet", "--out", "o", "--trials-file", "trials.csv"],
    );
    assert_eq!(code, 0);
    let text = fs::read_to_string(folder.path().join("o/trials.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(
        rows.headers().unwrap().iter().collect::<Vec<_>>().join(","),
        "trial,region,month,leads,won_deals,lost_deals,open_deals,bookings,renewals,revenue,arr,customers,pipeline_value"
    );
    assert_eq!(rows.records().count(), 5 * 12);
    // The same folder again, now without that file: it was this run's own.
    assert_eq!(ran(folder.path(), &["run", &scenario("minimal"), "--trials", "5", "--quiet", "--out", "o"]).0, 0);
    assert!(!folder.path().join("o/trials.csv").exists());
    for name in [
        "sub/trials.csv",
        "trials.txt",
        "../trials.csv",
        "con.parquet",
        "bands.csv",
        "Attainment.csv",
        "/trials.csv",
        "con.csv",
        "a\u{1b}[31m.csv",
        "a:b.csv",
        ".csv",
    ] {
        assert_eq!(ran(folder.path(), &["run", &scenario("minimal"), "--trials-file", name]).0, 2, "{name}");
    }
}

#[test]
fn a_workbook_is_written_when_asked_for() {
    let folder = TempDir::new().unwrap();
    let run = ["run", &scenario("minimal"), "--trials", "200", "--out", "o"];
    let (code, out, err) = ran(folder.path(), &[&run[..], &["--xlsx"]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.contains(
            "The page: o/report.html, and beside it forecast.json, bands.csv, forecast.xlsx, 6 charts in charts/"
        ),
        "{out}"
    );
    let document: Value = serde_json::from_slice(&fs::read(folder.path().join("o/forecast.json")).unwrap()).unwrap();
    assert!(document["header"]["manifest"]["files"].as_array().unwrap().contains(&"forecast.xlsx".into()));
    assert!(fs::read(folder.path().join("o/forecast.xlsx")).unwrap().starts_with(b"PK"));
    assert_eq!(ran(folder.path(), &run).0, 0);
    assert!(!folder.path().join("o/forecast.xlsx").exists());
}

#[test]
fn tables_are_written_in_the_style_asked_for() {
    let folder = TempDir::new().unwrap();
    let run = ["run", &scenario("minimal"), "--trials", "50", "--quiet", "--trials-file", "trials.csv", "--out"];
    assert_eq!(ran(folder.path(), &[&run[..], &["plain"]].concat()).0, 0);
    assert_eq!(ran(folder.path(), &[&run[..], &["europe", "--csv-style", "excel-eu"]].concat()).0, 0);
    for file in ["bands.csv", "trials.csv"] {
        let plain = fs::read_to_string(folder.path().join("plain").join(file)).unwrap();
        let europe = fs::read_to_string(folder.path().join("europe").join(file)).unwrap();
        let translated: String = plain
            .chars()
            .map(|c| match c {
                ',' => ";".to_owned(),
                '.' => ",".to_owned(),
                '\n' => "\r\n".to_owned(),
                c => c.to_string(),
            })
            .collect();
        assert!(europe == format!("\u{feff}{translated}"), "{file}");
    }
    assert_eq!(ran(folder.path(), &["run", &scenario("minimal"), "--csv-style", "excel"]).0, 2);
}

#[test]
fn bands_csv_is_the_long_table() {
    let folder = TempDir::new().unwrap();
    ran(folder.path(), &["run", &scenario("minimal"), "--trials", "200", "--quiet", "--out", "o"]);
    let text = fs::read_to_string(folder.path().join("o/bands.csv")).unwrap();
    assert!(
        text.starts_with("metric,region,period,start,mean,p5,p10,p25,p50,p75,p90,p95,sd,se_mean,se_p5"),
        "{}",
        text.lines().next().unwrap()
    );
    assert!(
        text.contains("\nbookings,europe,2027-03,2027-03,")
            && text.contains("\narr,total,2027-Q2,2027-04,")
            && text.contains("\nbookings,total,to 2027-06,2027-01,")
    );
}

#[test]
fn rules_that_do_not_hold_exit_with_3_after_all_is_written() {
    let folder = TempDir::new().unwrap();
    let run = |rule: &str| {
        ran(
            folder.path(),
            &["run", &scenario("minimal"), "--trials", "500", "--quiet", "--out", "o", "--require", rule],
        )
    };
    assert_eq!(run("Year 1 >= 0.0").0, 0);
    let (code, _, err) = run("Year 1 > 0.9999");
    assert_eq!(code, 3);
    assert!(err.starts_with("required: Year 1 > 0.9999; found "), "{err}");
    assert!(folder.path().join("o/forecast.json").exists());
    for (rule, hint) in [
        ("Year 2 >= 0.5", "its targets are: Year 1"),
        ("Year 1 >= 50", "did you mean 0.5?"),
        ("Year 1", "no >= or <="),
        ("Year 1 >= x", "\"x\" for a chance"),
    ] {
        let (code, _, err) = run(rule);
        assert!(code == 2 && err.contains(hint), "{rule}: {code} {err}");
    }
}

#[test]
fn bad_scenarios_exit_with_2_and_write_nothing() {
    let folder = TempDir::new().unwrap();
    let cases: [(&str, &[u8]); 8] = [
        ("empty.json", b""),
        ("nan.json", b"{\"months\": NaN}"),
        ("huge.json", b"{\"months\": 1e400}"),
        ("twice.json", b"{\"name\": \"a\", \"name\": \"b\"}"),
        ("bytes.json", b"\xff\xfe{}"),
        ("none.json", b"{\"name\": \"a\", \"start\": \"2027-01\", \"months\": 3, \"regions\": {}}"),
        ("unknown.json", b"{\"nmae\": \"a\"}"),
        ("self.json", b"{\"extends\": \"self.json\"}"),
    ];
    for (name, text) in cases {
        fs::write(folder.path().join(name), text).unwrap();
        let (code, out, err) = ran(folder.path(), &["run", name]);
        assert_eq!((code, out.as_str()), (2, ""), "{name}: {err}");
        assert!(err.starts_with("error: ") && err.contains(name) && !err.contains("panicked"), "{name}: {err}");
    }
    for arguments in [
        &["run", "absent.json"][..],
        &["run", "."],
        &["run"],
        &["walk"],
        &["run", "x.json", "--threads", "0"],
        &["run", "x.json", "--set", "a"],
    ] {
        let (code, out, err) = ran(folder.path(), arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
    }
    assert!(!folder.path().join("output").exists());
}

#[test]
fn a_folder_that_is_not_the_runs_own_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let run =
        |out: &str| ran(folder.path(), &["run", &scenario("minimal"), "--trials", "100", "--quiet", "--out", out]);
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/letter.txt"), "dear").unwrap();
    let (code, _, err) = run("mine");
    assert!(code == 2 && err.contains("holds only what its own forecast.json (or"), "{err}");
    assert_eq!(files(&folder.path().join("mine")), ["letter.txt"]);
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert_eq!(run("empty").0, 0);
    fs::write(folder.path().join("empty/letter.txt"), "dear").unwrap();
    let (code, _, err) = run("empty");
    assert!(code == 2 && err.contains("letter.txt"), "{err}");
    fs::write(folder.path().join("file"), "").unwrap();
    assert_eq!(run("file").0, 2);
}

#[test]
fn too_large_a_run_is_refused_with_what_would_fit() {
    let folder = TempDir::new().unwrap();
    let (code, _, err) = ran(folder.path(), &["run", &scenario("minimal"), "--trials", "100000000"]);
    assert_eq!(code, 2);
    assert!(err.contains("GiB of memory") && err.contains("would fit"), "{err}");
}

#[test]
fn a_reader_who_goes_away_is_no_failure() {
    let folder = TempDir::new().unwrap();
    let mut child = common::revcast(folder.path())
        .args(["run", &scenario("minimal"), "--trials", "2000", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stderr, b"");
}

#[test]
#[cfg(target_os = "linux")]
fn standard_output_that_is_full_is_told_with_what_helps() {
    let folder = TempDir::new().unwrap();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = common::revcast(folder.path()).args(["check", &scenario("minimal")]).stdout(full).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.starts_with("error: cannot write to standard output: ") && !err.contains("--out"), "{err}");
}

#[test]
fn a_folder_in_the_place_of_a_scenario_is_called_one() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("plans")).unwrap();
    for named in [".", "plans"] {
        let (code, _, err) = ran(folder.path(), &["run", named]);
        let said = format!(
            "error: {named}\n  found:   a folder\n  allowed: a scenario file that can be read\n  hint:    `revcast batch {named}` plays all scenarios of a folder\n"
        );
        assert_eq!((code, err), (2, said));
    }
}

#[test]
fn numbers_that_say_nothing_are_put_in_words() {
    let folder = TempDir::new().unwrap();
    let region = |conversion: f64, shape: &str| {
        json!({"leads": {"monthly": {"low": 50, "high": 60}}, "conversion": conversion, "cycle": {"mean_days": 20, "shape": shape},
            "deal_size": {"mean": 1000, "shape": shape}})
    };
    let write = |regions: Value| {
        let scenario = json!({"name": "Words", "start": "2027-01", "months": 12, "regions": regions});
        fs::write(folder.path().join("s.json"), scenario.to_string()).unwrap();
    };
    let run = |more: &[&str]| {
        let (code, out, err) =
            ran(folder.path(), &[&["run", "s.json", "--trials", "200", "--chart-size", "thumb"], more].concat());
        assert_eq!(code, 0, "{err}");
        out.split_whitespace().collect::<Vec<&str>>().join(" ")
    };
    write(json!({"a": region(1.0, "fixed"), "b": region(0.999, "fixed"), "c": region(0.0, "fixed")}));
    let out = run(&["--locale", "de", "-v"]);
    assert!(out.contains("Each lead becomes a customer in a, nearly each in b, none in c."), "{out}");
    // A spread that does nothing is no input.
    let page = fs::read_to_string(folder.path().join("output/s/report.html")).unwrap();
    let (_, sheet, _) = ran(folder.path(), &["template", "s.json"]);
    assert!(page.contains("What is fixed") && sheet.contains("regions.a.deal_size.mean"), "{sheet}");
    assert!(!page.contains("spread of deal sizes") && !page.contains("spread of the sales cycle"));
    assert!(!sheet.contains("deal_size.cv") && !sheet.contains("cycle.cv"), "{sheet}");
    write(["a", "b", "c", "d", "e"].into_iter().map(|key| (key, region(0.18, "lognormal"))).collect());
    assert!(run(&["-v"]).contains("1 lead in 5.6 becomes a customer, in every region."));
    let (_, sheet, _) = ran(folder.path(), &["template", "s.json"]);
    assert!(sheet.contains("deal_size.cv") && sheet.contains("cycle.cv"), "{sheet}");
}

/// Waits until a program listens to Ctrl-C, or has ended; where nobody can see that, for as long as it may take.
#[cfg(unix)]
pub fn until_ctrl_c_is_heard(child: &mut Child) {
    const INTERRUPT: u64 = 1 << 1;
    if !cfg!(target_os = "linux") {
        sleep(Duration::from_millis(700));
        return;
    }
    let status = format!("/proc/{}/status", child.id());
    let heard = || {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let caught = text.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or_default();
        u64::from_str_radix(caught.trim(), 16).is_ok_and(|caught| caught & INTERRUPT != 0)
    };
    while !heard() && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(10));
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_cleanly() {
    let folder = TempDir::new().unwrap();
    let mut child = common::revcast(folder.path())
        .args(["run", &scenario("ai-marketing-plan"), "--trials", "500000", "--quiet"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until_ctrl_c_is_heard(&mut child);
    common::signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

#[test]
fn verbose_shows_the_closed_form_where_it_applies() {
    let folder = TempDir::new().unwrap();
    let (code, out, err) = ran(
        folder.path(),
        &[
            "run",
            &scenario("minimal"),
            "--trials",
            "1000",
            "--verbose",
            "--set",
            "regions.europe.leads.monthly=100",
            "--set",
            "regions.europe.conversion=0.25",
        ],
    );
    assert_eq!(code, 0);
    assert!(out.contains("Closed form, simulated mean against exact:") && out.contains("standard errors"), "{out}");
    assert!(err.starts_with("time: "), "{err}");
}

/// A scenario of 1,000 regions over `months` months.
fn thousand_regions(months: usize) -> String {
    let region =
        json!({"leads": {"monthly": 20}, "conversion": 0.3, "cycle": {"mean_days": 30}, "deal_size": {"mean": 1000}});
    let regions: serde_json::Map<String, Value> = (0..1_000).map(|i| (format!("r{i}"), region.clone())).collect();
    json!({"name": "Large", "start": "2027-01", "months": months, "simulation": {"trials": 1}, "regions": regions})
        .to_string()
}

#[test]
fn a_run_that_could_not_be_read_back_is_refused_before_it_plays() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("many")).unwrap();
    fs::write(folder.path().join("many/large.json"), thousand_regions(170)).unwrap();
    let (code, _, err) = ran(folder.path(), &["run", "many/large.json"]);
    assert!(code == 2 && err.contains("the size of the run"), "{err}");
    // With all the memory there is.
    let (code, out, _) = ran(folder.path(), &["batch", "many", "--max-memory", "64"]);
    assert!(code == 2 && out.contains("whose forecast.json has about"), "{out}");
}

#[test]
fn what_was_typed_cannot_steer_the_terminal() {
    let folder = TempDir::new().unwrap();
    let (code, _, err) = ran(folder.path(), &["run", "x.json", "--\u{9b}31m\u{202e}"]);
    assert!(code == 2 && err.contains("unexpected argument '--\u{fffd}31m\u{fffd}'"), "{err}");
    assert!(!err.contains(['\u{9b}', '\u{202e}']), "{err}");
}

#[test]
#[cfg(target_os = "linux")]
fn the_environment_starts_no_threads() {
    let folder = TempDir::new().unwrap();
    let cores = std::thread::available_parallelism().unwrap().get();
    let mut command = crate::common::revcast(folder.path());
    command.args(["run", &scenario("minimal"), "--quiet", "--trials", "4000"]).env("RAYON_NUM_THREADS", "300");
    let mut child = command.spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let tasks = fs::read_dir(format!("/proc/{}/task", child.id())).map_or(0, Iterator::count);
        most = most.max(tasks);
        sleep(Duration::from_millis(2));
    }
    // Beside those that work: the first one, the one that waits for Ctrl-C, those that draw.
    assert!(most > 1 && most <= 3 * cores + 4, "{most} threads on {cores} cores");
}

#[test]
fn a_factor_multiplies_what_a_field_holds() {
    let folder = TempDir::new().unwrap();
    let main = |set: &str| {
        let (code, out, err) =
            ran(folder.path(), &["run", &scenario("minimal"), "--trials", "200", "--json", "--set", set]);
        assert_eq!((code, err.as_str()), (0, ""));
        serde_json::from_str::<Value>(&out).unwrap()["body"]["main"]["bands"].clone()
    };
    let range = r#"regions.europe.conversion={"low": 0.18, "mode": 0.225, "high": 0.288}"#;
    assert_eq!(main("regions.*.conversion*=0.9"), main(range));
    let wrong = ["run", &scenario("minimal"), "--set", "regions.*.conversion*=much"];
    let (code, _, err) = ran(folder.path(), &wrong);
    assert!(code == 2 && err.contains("much, which is no number"), "{err}");
}
