//! What a scenario makes a night do before it plays: bounded in time and memory, whatever lies in its folder.

use std::process::Command;

use super::*;
use crate::common;

/// A scenario whose correlations link three inputs of each of 1,000 regions: some seconds of work to read.
fn linked() -> String {
    let spread = json!({"mean": 0.3, "sd": 0.05});
    let region = json!({
        "leads": {"monthly": 20}, "conversion": spread, "retention": spread, "cycle": {"mean_days": 30},
        "deal_size": {"mean": {"mean": 1000, "cv": 0.1}}
    });
    let regions: Value = (0..1_000).map(|i| (format!("r{i}"), region.clone())).collect();
    let paths = ["regions.*.conversion", "regions.*.retention", "regions.*.deal_size.mean"];
    let own = paths.map(|path| json!({"between": [path, path], "rho": 0.5}));
    let other = [(0, 1), (1, 2)].map(|(a, b)| json!({"between": [paths[a], paths[b]], "rho": 0.1}));
    let correlations: Vec<&Value> = own.iter().chain(&other).collect();
    json!({"name": "Linked", "start": "2027-01", "months": 6, "simulation": {"trials": 100}, "regions": regions, "correlations": correlations})
        .to_string()
}

#[test]
fn the_time_of_a_scenario_ends_its_reading_too() {
    let folder = folder_of(&[("alpha", 100.0)]);
    fs::write(folder.path().join("scenarios/linked.json"), linked()).unwrap();
    // Rules are held against what is read before the night begins.
    let (code, out, _) = night(folder.path(), &["--max-time", "1", "--require", "Half >= 0"]);
    assert_eq!(code, 2);
    let fault = document(folder.path())["scenarios"][1]["fault"].as_str().unwrap().to_owned();
    assert!(fault.contains("linked.json") && fault.contains("at most 1 seconds"), "{out}");
}

/// 60 MB of lists in which there is nothing.
fn nested() -> String {
    let list = format!("[{}[]]", "[],".repeat(9_998));
    format!("{{\"name\":\"x\",\"assumptions\":[{}{list}]}}", format!("{list},").repeat(1_999))
}

#[test]
fn a_file_of_nested_lists_stops_no_night() {
    let folder = folder_of(&[("alpha", 100.0), ("gamma", 60.0)]);
    fs::write(folder.path().join("scenarios/base.json"), nested()).unwrap();
    let night = |more: &[&str]| {
        let limit = Command::new("prlimit").arg("--version").output();
        let program = common::revcast(folder.path());
        let mut command = match limit {
            // Far less than the lists would take, with room for what the other scenarios need.
            Ok(_) => {
                let mut command = Command::new("prlimit");
                command.args(["--as=1000000000", "--"]).arg(program.get_program()).current_dir(folder.path());
                command
            }
            Err(_) => program,
        };
        let found = command.args(["batch", "scenarios", "--chart-size", "thumb", "--threads", "1"]).args(more).output();
        let found = found.unwrap();
        (found.status.code(), String::from_utf8_lossy(&found.stdout).into_owned())
    };
    let (code, out) = night(&[]);
    assert_eq!(code, Some(2), "{out}");
    assert!(out.contains("more than 800000 values") && out.contains("2 of 3 scenarios done"), "{out}");
    let (code, out) = night(&["--max-memory", "0.2"]);
    assert_eq!(code, Some(2), "{out}");
    assert!(out.contains("reading it takes about"), "{out}");
    assert!(out.contains("2 of 3 scenarios done"), "{out}");
}

#[test]
#[cfg(unix)]
fn pipes_in_the_places_of_files_are_refused_at_once() {
    let folder = folder_of(&[("alpha", 100.0)]);
    let at = folder.path();
    let pipe = |name: &str| assert!(Command::new("mkfifo").arg(at.join(name)).status().unwrap().success());
    fs::create_dir(at.join("output")).unwrap();
    pipe("output/.revcast-batch");
    let (code, _, err) = night(at, &[]);
    assert_eq!(code, 2, "{err}");
    assert!(
        err.contains("output/.revcast-batch") && err.contains("something that is neither folder nor file"),
        "{err}"
    );
    fs::remove_file(at.join("output/.revcast-batch")).unwrap();
    std::os::unix::fs::symlink("elsewhere", at.join("output/.revcast-batch")).unwrap();
    let (code, _, err) = night(at, &[]);
    assert!(code == 2 && err.contains("a symbolic link"), "{err}");
    assert!(!at.join("output/elsewhere").exists(), "what it leads to is not made");
    fs::remove_file(at.join("output/.revcast-batch")).unwrap();
    // A list of scenarios, and what a run left there.
    pipe("list.txt");
    let (code, _, err) = ran(at, &["batch", "list.txt"]);
    assert!(code == 1 && err.contains("it is no file"), "{err}");
    fs::create_dir(at.join("output/alpha")).unwrap();
    pipe("output/alpha/forecast.json");
    assert_eq!(night(at, &[]).0, 2);
}

#[test]
fn logs_and_documents_hold_no_character_that_steers() {
    let folder = folder_of(&[]);
    let name = "T\u{9b}31m\u{202e}\u{2028}{\"event\":\"forged\"}\u{85}";
    put(folder.path(), "alpha", 100.0);
    let file = folder.path().join("scenarios/alpha.json");
    let text = fs::read_to_string(&file).unwrap().replace("\"Half\"", &json!(name).to_string());
    fs::write(folder.path().join("scenarios/a\u{202e}b.json"), text).unwrap();
    let (code, out, err) = night(folder.path(), &["--log", "json", "--json"]);
    assert_eq!(code, 0, "{err}");
    let forecast = fs::read_to_string(folder.path().join("output/a\u{202e}b/forecast.json")).unwrap();
    for told in [&out, &err, &forecast] {
        let steering = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{2028}');
        assert!(!told.contains(steering), "{told}");
    }
    let events: Vec<Value> = err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.iter().any(|event| event["targets"][0]["name"] == name), "it is the same text: {err}");
    assert!(events.iter().any(|event| event["scenario"] == "a\u{202e}b"), "{err}");
}
