//! Rules and alerts, guards and limits.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{document, folder_of, night, put, results};
use crate::cli::ran;

#[test]
fn rules_and_alerts_call_for_attention_by_exit_code_document_and_program() {
    let folder = folder_of(&[("alpha", 100.0), ("beta", 90.0)]);
    let at = folder.path();
    assert_eq!(night(at, &["--quiet"]).0, 0);
    // A rule for one, and one for all.
    let (code, out, _) = night(at, &["--require", "beta: Half >= 0.9", "--require", "Half > 0.2"]);
    assert_eq!(code, 3);
    assert!(out.contains("beta: required: Half >= 0.9; found 51 in 100 (0.5"), "{out}");
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
    assert!(out.contains("6 in 100 (−45)"), "the change is in the digits of the chance: {out}");
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
    assert!(code == 3 && err.starts_with("beta: alert: found 6 in 100 (0.0"), "{err}");
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
    assert!(err.starts_with("alert: Half fell from 74 to 23 in 100"), "{err}");
}

#[test]
fn what_is_wrong_is_said_where_no_table_tells_it() {
    let folder = folder_of(&[("alpha", 100.0), ("beta", 90.0)]);
    fs::write(folder.path().join("scenarios/beta.json"), "{").unwrap();
    for how in ["--quiet", "--brief"] {
        let (code, _, err) = night(folder.path(), &[how, "--alert", "Half > 0.1"]);
        assert_eq!(code, 2, "{how}");
        assert!(
            err.contains("beta: scenarios/beta.json") && err.contains("alpha: alert: found 74 in 100 (0.7"),
            "{how}: {err}"
        );
    }
}

#[test]
fn amounts_in_rules_may_be_written_short() {
    let folder = folder_of(&[("alpha", 100.0)]);
    for (rule, code) in
        [("P50 > 100k", 0), ("P50 > 0.2M", 3), ("P50 >= 100,000", 2), ("p90 < 1bn", 0), ("P50 > much", 2)]
    {
        let (found, _, err) = night(folder.path(), &["--quiet", "--require", rule]);
        assert_eq!(found, code, "{rule}: {err}");
    }
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
    // The large one takes far longer; how long the small one takes is a matter of what else the machine does.
    for seconds in [2, 10, 50, 250] {
        let (code, out, _) = night(at, &["--max-time", &seconds.to_string(), "--max-memory", "40"]);
        assert_eq!(code, 2);
        assert!(out.contains(&format!("at most {seconds} seconds (--max-time)")), "{out}");
        assert!(!at.join("output/large").exists());
        if at.join("output/small/forecast.json").exists() {
            break;
        }
    }
    assert!(at.join("output/small/forecast.json").exists());
    scenario["simulation"]["trials"] = json!(2_000_000);
    fs::write(at.join("scenarios/large.json"), scenario.to_string()).unwrap();
    let (code, out, _) = night(at, &["--max-memory", "0.05"]);
    assert_eq!(code, 2);
    assert!(out.contains("at most 0.05 GiB"), "{out}");
    assert_eq!(document(at)["counts"]["done"], json!(1));
}
