//! `revcast batch`: scenarios side by side, one that fails, rules and alerts, guards and limits, a night that is interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::ran;

/// A folder of small scenarios, each with its own leads.
fn folder_of(leads: &[(&str, f64)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("scenarios")).unwrap();
    for (name, leads) in leads {
        put(folder.path(), name, *leads);
    }
    folder
}

fn put(folder: &Path, name: &str, leads: f64) {
    let scenario = json!({
        "name": format!("Plan {name}"), "start": "2027-01", "months": 6, "simulation": {"trials": 400},
        "regions": {"home": {
            "leads": {"monthly": {"mean": leads, "cv": 0.1}}, "conversion": 0.25, "cycle": {"mean_days": 20}, "deal_size": {"mean": 1000}
        }},
        "targets": [{"name": "Half", "metric": "bookings", "period": "total", "at_least": 120_000}]
    });
    fs::write(folder.join(format!("scenarios/{name}.json")), scenario.to_string()).unwrap();
}

/// A night with small pictures.
fn night(folder: &Path, more: &[&str]) -> (i32, String, String) {
    ran(folder, &[&["batch", "scenarios", "--chart-size", "thumb", "--threads", "2"], more].concat())
}

fn document(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("output/batch.json")).unwrap()).unwrap()
}

/// The files of the scenarios and of the night itself.
fn results(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.join("output")];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(&inside).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with("history.sqlite") {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn one_scenario_that_fails_stops_no_other_and_its_earlier_files_stay() {
    let folder = folder_of(&[("alpha", 100.0), ("beta", 90.0), ("gamma", 60.0)]);
    let (code, out, err) = night(folder.path(), &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out, @"
      Scenario     P10     P50    P90  P50 moved  first target
      alpha      €108k   €134k  €162k                74 in 100
      beta        €97k   €120k  €145k                51 in 100
      gamma     €62.6k  €79.8k   €99k                <1 in 100

    3 of 3 scenarios done.
    ");
    let before = results(folder.path());
    put(folder.path(), "gamma", 70.0);
    fs::write(folder.path().join("scenarios/beta.json"), "{\"name\": \"Plan beta\", \"start\": 5}").unwrap();
    let (code, out, _) = night(folder.path(), &[]);
    assert_eq!(code, 2, "a faulty scenario");
    assert!(out.contains("FAILED"), "{out}");
    assert!(out.contains("scenarios/beta.json: start"), "{out}");
    let (document, after) = (document(folder.path()), results(folder.path()));
    assert_eq!(document["counts"], json!({"done": 2, "failed": 1, "refused": 0, "broken": 0, "alerted": 0}));
    for (path, bytes) in before.iter().filter(|(path, _)| path.starts_with("output/beta")) {
        assert!(after[path] == *bytes, "{} was touched", path.display());
    }
    let moved = document["scenarios"][2]["answer"]["moved"].as_str().unwrap();
    assert!(moved.contains("rose by") && moved.contains("home: leads a month"), "{moved}");
    assert!(document["scenarios"][0]["answer"]["moved"].as_str().unwrap().contains("nothing has changed"));
    // No clock and no path.
    let again = TempDir::new().unwrap();
    fs::create_dir(again.path().join("scenarios")).unwrap();
    for name in ["alpha", "beta", "gamma"] {
        put(
            again.path(),
            name,
            if name == "alpha" {
                100.0
            } else if name == "beta" {
                90.0
            } else {
                60.0
            },
        );
    }
    assert_eq!(night(again.path(), &["--quiet"]).0, 0);
    assert!(results(again.path()) == before, "the same scenarios give the same bytes anywhere");
}

#[test]
fn folders_patterns_lists_and_files_name_scenarios() {
    let folder = folder_of(&[("emea-north", 50.0), ("emea-south", 50.0), ("apac", 50.0)]);
    let at = folder.path();
    fs::write(at.join("scenarios/scenario.schema.json"), "{}").unwrap();
    fs::write(at.join("scenarios/.hidden.json"), "{}").unwrap();
    fs::write(at.join("scenarios/notes.txt"), "# tonight\n\napac.json\nemea-north.json\n").unwrap();
    let names = |paths: &[&str]| -> Vec<String> {
        let (code, _, err) = ran(at, &[&["batch", "--quiet", "--chart-size", "thumb"], paths].concat());
        assert_eq!(code, 0, "{err}");
        let scenarios = document(at)["scenarios"].clone();
        scenarios.as_array().unwrap().iter().map(|s| s["scenario"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&["scenarios"]), ["apac", "emea-north", "emea-south"]);
    assert_eq!(names(&["scenarios/emea-*.json"]), ["emea-north", "emea-south"]);
    assert_eq!(names(&["scenarios/notes.txt"]), ["apac", "emea-north"]);
    assert_eq!(names(&["scenarios/apac.json", "scenarios/emea-*.json", "scenarios/apac.json"]).len(), 3);
    assert_eq!(document(at)["missing"], json!([]));
    names(&["scenarios/apac.json"]);
    assert_eq!(document(at)["missing"], json!(["emea-north", "emea-south"]));
}

#[test]
fn a_batch_that_cannot_be_is_refused_before_anything_is_run() {
    let folder = folder_of(&[("alpha", 50.0)]);
    let at = folder.path();
    fs::create_dir_all(at.join("empty")).unwrap();
    fs::create_dir_all(at.join("other")).unwrap();
    fs::copy(at.join("scenarios/alpha.json"), at.join("other/Alpha.json")).unwrap();
    fs::write(at.join("list"), "# nothing\n").unwrap();
    for (paths, said) in [
        (vec!["empty"], "a folder without scenarios"),
        (vec!["nowhere/*.json"], "a pattern that no scenario matches"),
        (vec!["list"], "a list without scenarios"),
        (vec!["scenarios", "other"], "a second scenario called"),
        (vec!["scenarios", "--require", "Half > 2"], "a chance of 2"),
        (vec!["scenarios", "--require", "Whole > 0.5"], "no target \"Whole\""),
        (vec!["scenarios", "--alert", "Half"], "neither a level nor a movement"),
        (vec!["scenarios", "--alert", "Half drops by much"], "\"much\" for how far"),
        (vec!["scenarios", "--guard", "3"], "a share from 0 to below 1"),
        (vec!["scenarios", "--max-memory", "0"], "a number of GiB above 0"),
        (vec!["scenarios", "--max-time", "0"], "0 is not in"),
        (vec!["scenarios", "--since", "nowhere.json"], "no such file"),
        (vec!["scenarios", "--since", "2027-02-30"], "a day such as"),
        (vec!["nowhere.json"], "no such file or folder"),
    ] {
        let (code, out, err) = ran(at, &[&["batch"], paths.as_slice()].concat());
        assert_eq!(code, 2, "{paths:?}: {out} {err}");
        assert!(err.contains(said) || out.contains(said), "{paths:?}: {out} {err}");
        assert!(!at.join("output/alpha").exists(), "{paths:?}");
    }
}

#[test]
fn rules_and_alerts_call_for_attention_by_exit_code_document_and_program() {
    let folder = folder_of(&[("alpha", 100.0), ("beta", 90.0)]);
    let at = folder.path();
    assert_eq!(night(at, &["--quiet"]).0, 0);
    // A rule for one, and one for all.
    let (code, out, _) = night(at, &["--require", "beta: Half >= 0.9", "--require", "Half > 0.2"]);
    assert_eq!(code, 3);
    assert!(out.contains("beta: required: Half >= 0.9; found 0.5"), "{out}");
    assert!(!out.contains("alpha: required"), "{out}");

    put(at, "beta", 70.0);
    let program = at.join("tell.sh");
    fs::write(&program, "#!/bin/sh\nfor word in \"$@\"; do echo \"$word\" >> told; done\ncat >> told\n").unwrap();
    make_executable(&program);
    let rules = [
        "--alert",
        "Half drops by 0.05 since last run",
        "--alert",
        "P50 falls by 10%",
        "--alert",
        "Half < $(touch made)",
    ];
    let (code, out, err) = night(at, &rules[..4]);
    assert_eq!(code, 3, "{err}");
    assert!(out.contains("beta: alert: Half fell from"), "{out}");
    let alerts = document(at)["scenarios"][1]["answer"]["alerts"].clone();
    assert_eq!(alerts.as_array().unwrap().len(), 2, "{alerts}");
    assert_eq!(document(at)["scenarios"][0]["answer"]["alerts"], json!([]));
    // Nothing moved since: the same rules are quiet now.
    assert_eq!(night(at, &rules[..4]).0, 0);

    if !cfg!(unix) {
        return;
    }
    let hostile = json!("Half; touch made; $(touch made) `touch made` && touch made");
    let mut scenario: Value = serde_json::from_slice(&fs::read(at.join("scenarios/beta.json")).unwrap()).unwrap();
    scenario["targets"][0]["name"] = hostile.clone();
    fs::write(at.join("scenarios/beta.json"), scenario.to_string()).unwrap();
    let rule = format!("{} < 0.5", hostile.as_str().unwrap());
    let (code, _, err) = night(at, &["--alert", &rule, "--on-alert", "./tell.sh", "--quiet"]);
    assert!(code == 3 && err.starts_with("beta: alert: found 0.0"), "{err}");
    let told = fs::read_to_string(at.join("told")).unwrap();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!((lines[0], lines[1]), ("beta", rule.as_str()));
    assert!(lines[3].ends_with("output/beta"), "{told}");
    let json: Value = serde_json::from_str(lines[4]).unwrap();
    assert_eq!(json["rule"], json!(rule));
    assert!(!at.join("made").exists(), "no shell saw it");
    // A program that fails, or is not there, is said, and the night's results are in place.
    fs::write(&program, "#!/bin/sh\nexit 7\n").unwrap();
    for missing in ["./tell.sh", "./nowhere.sh"] {
        let (code, _, err) = night(at, &["--alert", &rule, "--on-alert", missing]);
        assert_eq!(code, 1, "{err}");
        assert!(err.contains("deliver an alert of beta"), "{err}");
        assert_eq!(document(at)["counts"]["done"], json!(2));
    }
}

fn make_executable(program: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let _ = program;
}

#[test]
fn a_run_alerts_too() {
    let folder = folder_of(&[("alpha", 100.0)]);
    let run = |more: &[&str]| ran(folder.path(), &[&["run", "scenarios/alpha.json", "--quiet"], more].concat());
    let rule = "Half falls by 0.1 since last run";
    let (code, _, err) = run(&["--alert", rule]);
    assert_eq!((code, err.as_str()), (0, ""), "there was no run before");
    put(folder.path(), "alpha", 80.0);
    let (code, _, err) = run(&["--alert", rule]);
    assert_eq!(code, 3);
    assert!(err.starts_with("alert: Half fell from 0.7"), "{err}");
}

#[test]
fn inputs_that_shrank_overnight_are_refused_loudly() {
    let folder = folder_of(&[("alpha", 100.0), ("beta", 100.0), ("gamma", 100.0)]);
    let at = folder.path();
    assert_eq!(night(at, &["--quiet", "--guard", "0.3"]).0, 0);
    put(at, "alpha", 75.0);
    put(at, "beta", 65.0);
    let before = results(at);
    let (code, out, _) = night(at, &["--guard", "30%"]);
    assert_eq!(code, 2);
    assert!(out.contains("regions.home.leads.monthly shrank from 100 to 65"), "{out}");
    assert_eq!(document(at)["scenarios"][1]["status"], json!("refused"));
    let (beta, alpha) = (Path::new("output/beta/forecast.json"), Path::new("output/alpha/forecast.json"));
    assert!(results(at)[beta] == before[beta] && results(at)[alpha] != before[alpha]);
    assert_eq!(night(at, &["--quiet"]).0, 0, "without the guard it runs");
    // Scenarios that are gone.
    fs::remove_file(at.join("scenarios/alpha.json")).unwrap();
    let before = results(at);
    let (code, _, err) = night(at, &["--guard", "0.3"]);
    assert_eq!(code, 2);
    assert!(err.contains("2 scenarios, where the night before had 3"), "{err}");
    assert!(results(at) == before);
}

#[test]
fn limits_of_time_and_memory_stop_one_scenario_alone() {
    let folder = folder_of(&[("small", 50.0), ("large", 50.0)]);
    let at = folder.path();
    let mut scenario: Value = serde_json::from_slice(&fs::read(at.join("scenarios/large.json")).unwrap()).unwrap();
    scenario["simulation"]["trials"] = json!(50_000_000);
    fs::write(at.join("scenarios/large.json"), scenario.to_string()).unwrap();
    let (code, out, _) = night(at, &["--max-time", "2", "--max-memory", "40"]);
    assert_eq!(code, 2);
    assert!(out.contains("at most 2 seconds (--max-time)"), "{out}");
    assert!(at.join("output/small/forecast.json").exists() && !at.join("output/large").exists());
    scenario["simulation"]["trials"] = json!(2_000_000);
    fs::write(at.join("scenarios/large.json"), scenario.to_string()).unwrap();
    let (code, out, _) = night(at, &["--max-memory", "0.05"]);
    assert_eq!(code, 2);
    assert!(out.contains("at most 0.05 GiB"), "{out}");
    assert_eq!(document(at)["counts"]["done"], json!(1));
}

#[test]
fn events_are_json_one_a_line() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    fs::write(folder.path().join("scenarios/beta.json"), "{").unwrap();
    let (code, _, err) = night(folder.path(), &["--log", "json"]);
    assert_eq!(code, 2);
    let events: Vec<Value> = err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!((names[0], names[names.len() - 1]), ("night_started", "night_done"));
    names.sort_unstable();
    let all =
        ["night_done", "night_started", "scenario_done", "scenario_failed", "scenario_started", "scenario_started"];
    assert_eq!(names, all);
    let done = events.iter().find(|event| event["event"] == "scenario_done").unwrap();
    assert!(done["seconds"].as_f64().unwrap() > 0.0 && done["main"]["p50"].is_number());
}

#[test]
fn what_has_not_changed_is_skipped_with_resume() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    let at = folder.path();
    assert_eq!(night(at, &["--quiet"]).0, 0);
    let before = results(at);
    put(at, "beta", 60.0);
    let (code, _, err) = night(at, &["--resume", "--log", "json"]);
    assert_eq!(code, 0);
    assert!(err.contains(r#""event":"scenario_skipped","scenario":"alpha""#), "{err}");
    assert!(err.contains(r#""event":"scenario_done","scenario":"beta""#), "{err}");
    let alpha = Path::new("output/alpha/report.html");
    assert!(results(at)[alpha] == before[alpha]);
    // Another seed, other files, a file that is gone: none of these is done.
    fs::remove_file(at.join("output/alpha/bands.csv")).unwrap();
    for more in [&["--seed", "5"][..], &["--xlsx"], &[]] {
        let (_, _, err) = night(at, &[&["--resume", "--log", "json"], more].concat());
        assert!(!err.contains(r#""event":"scenario_skipped","scenario":"alpha""#), "{more:?}: {err}");
    }
}

/// Starts a night, which leaves the files of the second one.
fn started(folder: &Path, more: &[&str]) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin!("revcast"))
        .current_dir(folder)
        .args(["batch", "scenarios", "--chart-size", "thumb", "--threads", "2", "--quiet"])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Evenly spread, the same in every test.
fn next(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

/// Kills nights at `rounds` moments: every file is whole, and --resume ends with the bytes of a night that nobody disturbed.
fn killed(rounds: usize) {
    const NAMES: [&str; 4] = ["a", "b", "c", "d"];
    let first = folder_of(&NAMES.map(|name| (name, 60.0)));
    assert!(started(first.path(), &[]).wait().unwrap().success());
    for (i, name) in NAMES.iter().enumerate() {
        put(first.path(), name, 62.0 + i as f64);
    }
    let old = results(first.path());
    let whole = TempDir::new().unwrap();
    copy(first.path(), whole.path());
    let begun = Instant::now();
    assert!(started(whole.path(), &[]).wait().unwrap().success());
    let (took, new) = (begun.elapsed(), results(whole.path()));
    assert!(old != new);
    let (mut random, mut killed, mut twice) = (20_261_126, 0, 0);
    for round in 0..rounds {
        let folder = TempDir::new().unwrap();
        copy(first.path(), folder.path());
        let mut more: &[&str] = &[];
        // Some are killed again when they go on.
        for _ in 0..1 + usize::from(round % 4 == 3) {
            let mut child = started(folder.path(), more);
            sleep(took.mul_f64(1.1 * next(&mut random)));
            let late = child.try_wait().unwrap().is_some();
            child.kill().unwrap();
            child.wait().unwrap();
            killed += usize::from(!late);
            twice += usize::from(!late && !more.is_empty());
            more = &["--resume"];
            for name in NAMES {
                let of = |all: &BTreeMap<PathBuf, Vec<u8>>| -> Vec<(PathBuf, Vec<u8>)> {
                    let own = all.iter().filter(|(path, _)| path.starts_with(format!("output/{name}")));
                    own.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
                };
                let now = of(&results(folder.path()));
                assert!(now == of(&old) || now == of(&new), "round {round}: {name} is of no one run");
            }
        }
        if !folder.path().join("output/.revcast-batch").exists() {
            continue;
        }
        let ended = started(folder.path(), more).wait_with_output().unwrap();
        assert!(ended.status.success(), "round {round}: {}", String::from_utf8_lossy(&ended.stderr));
        let now = results(folder.path());
        for (path, bytes) in &new {
            assert!(now.get(path) == Some(bytes), "round {round}: {} differs", path.display());
        }
        assert!(now.keys().eq(new.keys()), "round {round}: something is left");
        database_is_sound(&folder.path().join("output"), round);
    }
    eprintln!("{rounds} nights, {killed} killed before their end, {twice} of them when they went on");
    // On a busy machine a night may end sooner than the one that was measured.
    assert!(killed > rounds / 10, "{killed} of {rounds}");
}

/// The history of nights that were killed is whole.
fn database_is_sound(output: &Path, round: usize) {
    let history = rusqlite::Connection::open(output.join("history.sqlite")).unwrap();
    let check: String = history.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok", "round {round}");
    let runs = "SELECT count(*) FROM run WHERE replaced_by IS NULL";
    let runs: i64 = history.query_row(runs, [], |row| row.get(0)).unwrap();
    assert_eq!(runs, 8, "round {round}: each of the four scenarios in each of the two nights");
}

#[test]
fn a_killed_night_is_gone_on_with_to_the_bytes_of_an_undisturbed_one() {
    killed(8);
}

#[test]
#[ignore = "minutes: cargo test killed_nights -- --ignored --nocapture; REVCAST_KILLS=1000 for more"]
fn two_hundred_and_fifty_killed_nights_are_gone_on_with() {
    killed(std::env::var("REVCAST_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(250));
}

#[test]
fn two_batches_at_once_do_not_interleave() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    let at = folder.path();
    let mut first = started(at, &["--trials", "400000"]);
    let lock = at.join("output/.revcast-batch");
    let begun = Instant::now();
    while !lock.exists() && begun.elapsed() < Duration::from_secs(20) {
        sleep(Duration::from_millis(1));
    }
    sleep(Duration::from_millis(20));
    let (code, _, err) = night(at, &[]);
    if first.try_wait().unwrap().is_none() {
        assert_eq!(code, 1, "{err}");
        assert!(err.contains("another batch is at work there"), "{err}");
    } else {
        eprintln!("SKIPPED: the first batch ended too soon");
    }
    assert!(first.wait().unwrap().success());
    assert!(!lock.exists());
}

#[test]
fn an_output_of_someone_else_is_left_alone() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    let at = folder.path();
    fs::create_dir_all(at.join("output/alpha")).unwrap();
    fs::write(at.join("output/alpha/mine.txt"), "mine").unwrap();
    let (code, out, _) = night(at, &[]);
    assert_eq!(code, 2);
    assert!(out.contains("files, and no forecast.json"), "{out}");
    assert_eq!(fs::read(at.join("output/alpha/mine.txt")).unwrap(), b"mine");
    assert!(at.join("output/beta/forecast.json").exists());
    fs::write(at.join("output/batch.json"), "{\"mine\": true}").unwrap();
    let (code, _, err) = night(at, &[]);
    assert_eq!(code, 2);
    assert!(err.contains("something that no batch has written"), "{err}");
    // A forecast that was cut off is neither compared with nor replaced.
    fs::remove_file(at.join("output/batch.json")).unwrap();
    let forecast = at.join("output/beta/forecast.json");
    let bytes = fs::read(&forecast).unwrap();
    fs::write(&forecast, &bytes[..bytes.len() / 2]).unwrap();
    let (code, out, _) = night(at, &[]);
    assert_eq!(code, 2);
    assert!(out.contains("beta"), "{out}");
    assert!(fs::read(&forecast).unwrap() == bytes[..bytes.len() / 2]);
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_a_night_that_can_be_gone_on_with() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    let at = folder.path();
    let mut child = started(at, &["--trials", "3000000", "--max-memory", "8"]);
    sleep(Duration::from_millis(700));
    if child.try_wait().unwrap().is_some() {
        eprintln!("SKIPPED: the night ended too soon");
        return;
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("--resume goes on from there"));
    assert!(!at.join("output/batch.json").exists());
    assert!(night(at, &["--resume", "--trials", "500"]).0 == 0);
    assert!(!at.join("output/.revcast-batch").exists());
}

/// Runs a program to its end; seconds and the most memory that it held at once, in MB.
#[cfg(target_os = "linux")]
fn measured(mut command: Command) -> (f64, f64) {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<f64>().ok());
        most = most.max(kilobytes.unwrap_or(0.0) / 1024.0);
        sleep(Duration::from_millis(10));
    }
    (begun.elapsed().as_secs_f64(), most)
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "minutes: cargo test --release thousand_scenarios -- --ignored --nocapture"]
fn a_thousand_scenarios_in_one_night_take_no_more_memory_than_a_hundred() {
    let nights = [100, 1000].map(|count| {
        let names: Vec<String> = (0..count).map(|i| format!("s{i:04}")).collect();
        let leads: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 60.0)).collect();
        let folder = folder_of(&leads);
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("revcast"));
        command.current_dir(folder.path()).args(["batch", "scenarios", "--quiet"]);
        let (seconds, most) = measured(command);
        eprintln!("{count} scenarios in one night: {:.1} a second, {most:.0} MB at most", f64::from(count) / seconds);
        assert_eq!(document(folder.path())["counts"]["done"], json!(count));
        most
    });
    // Each alone in a process of its own, as many side by side as there are threads.
    let folder = folder_of(&[("alone", 60.0)]);
    let begun = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for lane in 0..threads {
            let at = folder.path();
            scope.spawn(move || {
                for i in 0..100 / threads {
                    let out = format!("output/{lane}-{i}");
                    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("revcast"));
                    command.current_dir(at).args([
                        "run",
                        "scenarios/alone.json",
                        "--quiet",
                        "--threads",
                        "1",
                        "--out",
                        &out,
                    ]);
                    assert!(command.status().unwrap().success());
                }
            });
        }
    });
    let each = (100 / threads * threads) as f64 / begun.elapsed().as_secs_f64();
    eprintln!("in a process each: {each:.1} a second");
    assert!(nights[1] < 1.5 * nights[0] + 20.0, "memory grows with the night: {nights:?} MB");
}

#[test]
fn names_of_the_batchs_own_files_are_no_scenarios_and_foreign_files_stay() {
    for name in ["batch.json", "history.sqlite", "History.sqlite-wal"] {
        let folder = folder_of(&[(name, 50.0)]);
        let (code, _, err) = night(folder.path(), &[]);
        assert_eq!(code, 2, "{name}: {err}");
        assert!(err.contains("the name of a file of the batch itself"), "{name}: {err}");
        assert!(!folder.path().join("output").exists(), "{name}");
    }
    let folder = folder_of(&[("alpha", 50.0)]);
    fs::create_dir(folder.path().join("output")).unwrap();
    fs::write(folder.path().join("output/.revcast-batch"), "mine").unwrap();
    let (code, _, err) = night(folder.path(), &[]);
    assert!(code == 2 && err.contains("a file that no batch has written"), "{code} {err}");
    assert_eq!(fs::read(folder.path().join("output/.revcast-batch")).unwrap(), b"mine");
}

#[test]
fn what_is_wrong_is_said_where_no_table_tells_it() {
    let folder = folder_of(&[("alpha", 100.0), ("beta", 90.0)]);
    fs::write(folder.path().join("scenarios/beta.json"), "{").unwrap();
    for how in ["--quiet", "--brief"] {
        let (code, _, err) = night(folder.path(), &[how, "--alert", "Half > 0.1"]);
        assert_eq!(code, 2, "{how}");
        assert!(err.contains("beta: scenarios/beta.json") && err.contains("alpha: alert: found 0.7"), "{how}: {err}");
    }
}

#[test]
fn amounts_in_rules_may_be_written_short() {
    let folder = folder_of(&[("alpha", 100.0)]);
    for (rule, code) in
        [("P50 > 100k", 0), ("P50 > 0.2M", 3), ("P50 >= 100,000", 0), ("p90 < 1bn", 0), ("P50 > much", 2)]
    {
        let (found, _, err) = night(folder.path(), &["--quiet", "--require", rule]);
        assert_eq!(found, code, "{rule}: {err}");
    }
}
