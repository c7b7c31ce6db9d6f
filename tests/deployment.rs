//! What lies in deploy/ and .github/ is nobody's program, so it rots unseen: held here to what the program takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{ran, scenario};
use crate::common::required::{required, skipped};
use crate::manual::options;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// The documents of a YAML file.
fn yaml(file: &str) -> Vec<Value> {
    let text = text(file);
    let read = |document| Value::deserialize(document).unwrap_or_else(|e| panic!("{file}: {e}"));
    serde_yaml_ng::Deserializer::from_str(&text).map(read).collect()
}

/// The words of a command line, quotes taken away.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, ' ') => words.push(std::mem::take(&mut word)),
            (_, c) => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// What follows `batch` in a text that runs it: up to the end of the line, or to where its output goes.
fn batch(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let line = joined.lines().find(|line| line.contains(" batch ") && !line.starts_with('#')).expect("it runs batch");
    words(line.split_once(" batch ").unwrap().1.split(" >>").next().unwrap())
}

fn job() -> Value {
    let found = yaml("deploy/kubernetes/cronjob.yaml").into_iter().find(|document| document["kind"] == "CronJob");
    found.expect("it holds a CronJob")
}

/// The arguments of every file that runs `revcast batch`, after that word.
fn runs() -> Vec<(&'static str, Vec<String>)> {
    let container = &job()["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0];
    let args: Vec<String> = serde_json::from_value(container["args"].clone()).expect("its arguments are text");
    assert_eq!(args[0], "batch");
    vec![
        ("deploy/systemd/revcast.service", batch(&text("deploy/systemd/revcast.service"))),
        ("deploy/cron/revcast-nightly", batch(&text("deploy/cron/revcast-nightly"))),
        ("deploy/kubernetes/cronjob.yaml", args[1..].to_vec()),
        ("docs/deployment.md", batch(&text("docs/deployment.md"))),
    ]
}

/// The arguments with folders of their own.
fn placed(arguments: &[String], scenarios: &str, output: &str) -> Vec<String> {
    let mut placed = arguments.to_vec();
    placed[0] = scenarios.to_owned();
    let out = placed.iter().position(|word| word == "--out").expect("it says where to write") + 1;
    placed[out] = output.to_owned();
    placed
}

#[test]
fn every_way_to_run_it_runs_the_same() {
    let found: Vec<_> = runs().into_iter().map(|(file, words)| (file, placed(&words, "S", "O"))).collect();
    for (file, words) in &found {
        assert_eq!(words, &found[0].1, "{file} differs from {}", found[0].0);
    }
}

#[test]
fn what_is_run_every_night_is_understood() {
    let known = options("batch");
    for (file, words) in runs() {
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(known.contains(option), "{file} uses {option}");
        }
    }
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("scenarios")).unwrap();
    fs::create_dir_all(folder.path().join("output")).unwrap();
    fs::copy(scenario("minimal"), folder.path().join("scenarios/minimal.json")).unwrap();
    let arguments = placed(&runs()[0].1, "scenarios", "output");
    let arguments: Vec<&str> = std::iter::once("batch").chain(arguments.iter().map(String::as_str)).collect();
    let (code, _, err) = ran(folder.path(), &arguments);
    assert!(code == 0 || code == 3, "{code}: {err}");
    assert!(folder.path().join("output/minimal/forecast.json").exists());
}

/// A version as numbers, cut at whatever is none.
fn version(text: &str) -> Vec<u32> {
    let digits: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    digits.split('.').filter_map(|part| part.parse().ok()).collect()
}

#[test]
fn images_and_workflows_have_a_rust_that_is_new_enough() {
    let needed = version(env!("CARGO_PKG_RUST_VERSION"));
    let mut seen = 0;
    for (file, before) in [
        ("deploy/container/Containerfile", "/rust:"),
        (".github/workflows/ci.yml", "toolchain install "),
        (".github/workflows/release.yml", "toolchain install "),
    ] {
        let text = text(file);
        for found in text.split(before).skip(1) {
            seen += 1;
            assert!(version(found) >= needed, "{file} has Rust {:?}", version(found));
        }
    }
    assert!(seen >= 4, "only {seen} were seen");
}

#[test]
fn the_image_is_built_of_what_is_there() {
    let containerfile = text("deploy/container/Containerfile");
    for line in containerfile.lines().filter(|line| line.starts_with("COPY ") && !line.contains("--from=")) {
        let parts = words(line);
        for source in &parts[1..parts.len() - 1] {
            assert!(root().join(source).exists(), "{line}");
        }
    }
    assert!(containerfile.contains("\nUSER 65532:65532\n") && containerfile.contains("\nFROM scratch\n"));
    for ignored in text("deploy/container/Containerfile.dockerignore").lines() {
        assert!(!["src", "Cargo.toml", "Cargo.lock", "assets", "benches", "tests"].contains(&ignored), "{ignored}");
    }
}

#[test]
fn the_job_in_the_cluster_may_do_as_little_as_the_document_says() {
    let job = job();
    let spec = &job["spec"];
    let pod = &spec["jobTemplate"]["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    assert_eq!(spec["concurrencyPolicy"], "Forbid");
    assert_eq!(spec["jobTemplate"]["spec"]["backoffLimit"], 0);
    assert_eq!(pod["restartPolicy"], "Never");
    assert_eq!(pod["automountServiceAccountToken"], false);
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(container["securityContext"]["allowPrivilegeEscalation"], false);
    assert_eq!(container["securityContext"]["capabilities"]["drop"][0], "ALL");
    let image = container["image"].as_str().unwrap();
    assert!(image.ends_with(concat!(":", env!("CARGO_PKG_VERSION"))), "{image} is another version");
    for resource in ["cpu", "memory"] {
        assert!(container["resources"]["limits"][resource].is_string(), "{resource}");
    }
    let names = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&container["volumeMounts"]), names(&pod["volumes"]));
    for part in ["PersistentVolumeClaim", "NetworkPolicy"] {
        assert!(yaml("deploy/kubernetes/cronjob.yaml").iter().any(|document| document["kind"] == part), "{part}");
    }
}

#[test]
fn workflows_may_only_read_and_their_actions_are_of_one_version() {
    for file in [".github/workflows/ci.yml", ".github/workflows/release.yml"] {
        let workflow = &yaml(file)[0];
        assert_eq!(workflow["permissions"], serde_json::json!({"contents": "read"}), "{file}");
        for (name, job) in workflow["jobs"].as_object().unwrap() {
            assert!(job["timeout-minutes"].is_u64(), "{file}: {name}");
            for step in job["steps"].as_array().unwrap() {
                let Some(uses) = step["uses"].as_str() else { continue };
                let pinned = uses.split_once("@v").is_some_and(|(_, at)| version(at).len() == 3);
                assert!(pinned, "{file}: {uses}");
            }
        }
    }
}

#[test]
fn what_the_workflow_requires_is_what_tests_can_need() {
    let list = yaml(".github/workflows/ci.yml")[0]["jobs"]["linux"]["env"]["REVCAST_REQUIRED"].clone();
    assert!(required(list.as_str().expect("a list of names")).contains(&"browser"));
}

/// A program that says something and ends with `code`.
#[cfg(unix)]
fn ending_with(folder: &Path, code: i32) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let program = folder.join(format!("ends-with-{code}"));
    fs::write(&program, format!("#!/bin/sh\necho \"said $*\" >&2\nexit {code}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

#[cfg(unix)]
#[test]
fn cron_has_something_to_mail_only_when_something_is_wrong() {
    if Command::new("flock").arg("--version").output().is_err() {
        return skipped("flock", "flock is not installed");
    }
    let folder = TempDir::new().unwrap();
    let script = root().join("deploy/cron/revcast-nightly");
    let log = folder.path().join("nightly.log");
    let night = |program: &Path| {
        let output = Command::new("sh")
            .arg(&script)
            .env("REVCAST", program)
            .env("REVCAST_STATE", folder.path())
            .env("REVCAST_SCENARIOS", "/none")
            .env("REVCAST_LOG", &log)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    assert_eq!(night(&ending_with(folder.path(), 0)), (Some(0), String::new()));
    assert!(fs::read_to_string(&log).unwrap().starts_with("said batch /none --out "));
    let (code, said) = night(&ending_with(folder.path(), 3));
    assert!(code == Some(3) && said.starts_with("revcast ended with 3 "), "{said}");
    assert_eq!(said.matches("said batch").count(), 1, "only this night's log is mailed: {said}");
    assert_eq!(fs::read_to_string(&log).unwrap().lines().count(), 2);
    // A second run while one is at work.
    let mut held = Command::new("flock");
    held.arg(folder.path().join("nightly.lock")).args(["sh", "-c", "echo; read x"]);
    let mut holder = held_lock(&mut held);
    let (code, said) = night(&ending_with(folder.path(), 0));
    assert!(code == Some(75) && said.contains("still at work"), "{said}");
    drop(holder.stdin.take());
    holder.wait().unwrap();
    assert_eq!(night(&ending_with(folder.path(), 0)).0, Some(0));
}

/// A process that holds a lock once this returns, until its input ends.
#[cfg(unix)]
fn held_lock(command: &mut Command) -> std::process::Child {
    use std::io::Read;
    use std::process::Stdio;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    child
}

#[cfg(unix)]
#[test]
fn systemd_understands_the_units_and_finds_little_to_attack() {
    let folder = TempDir::new().unwrap();
    let mut units = Vec::new();
    for unit in ["revcast.service", "revcast.timer", "revcast-failed.service"] {
        // What the unit starts need not be installed here.
        let program = assert_cmd::cargo::cargo_bin!("revcast").display().to_string();
        let text = text(&format!("deploy/systemd/{unit}")).replace("/usr/local/bin/revcast", &program);
        units.push(folder.path().join(unit));
        fs::write(units.last().unwrap(), text).unwrap();
    }
    let run = |arguments: &[&str], files: &[PathBuf]| {
        Command::new("systemd-analyze").args(arguments).args(files).env("SYSTEMD_PAGER", "").output()
    };
    let Ok(output) = run(&["verify", "--man=no"], &units) else {
        return skipped("systemd-analyze", "systemd-analyze is not installed");
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("revcast")).collect();
    assert!(output.status.success() && ours.is_empty(), "{said}");
    // From 0, nothing, to 100.
    let output = run(&["security", "--offline=yes", "--threshold=15", "--no-pager"], &units[..1]).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
