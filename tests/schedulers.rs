//! What hands out the parts of a run: the scripts in deploy/, run as they are, and the job of a cluster, played as the cluster would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{ran, scenario};
use crate::common::required::skipped;
use crate::manual::options;

fn deploy(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(file)
}

/// A folder with a scenario, and the forecast of the run that is not shared out.
fn folder() -> (TempDir, Vec<u8>) {
    let folder = TempDir::new().unwrap();
    fs::copy(scenario("minimal"), folder.path().join("plan.json")).unwrap();
    let run = ["run", "plan.json", "--trials", "1500", "--seed", "5", "--out", "whole", "--quiet"];
    assert_eq!(ran(folder.path(), &run).0, 0);
    let whole = forecast(folder.path(), "whole");
    (folder, whole)
}

fn forecast(folder: &Path, out: &str) -> Vec<u8> {
    fs::read(folder.join(out).join("forecast.json")).unwrap()
}

fn started(folder: &Path, script: &Path, arguments: &[&str], path: Option<&Path>) -> Output {
    let mut command = Command::new("sh");
    command.current_dir(folder).arg(script).args(arguments).env("REVCAST", assert_cmd::cargo::cargo_bin!("revcast"));
    if let Some(path) = path {
        command.env("PATH", path);
    }
    command.output().expect("there is a shell")
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn is_installed(program: &str) -> bool {
    Command::new("sh").args(["-c", &format!("command -v {program}")]).output().is_ok_and(|found| found.status.success())
}

const OPTIONS: [&str; 4] = ["--trials", "1500", "--seed", "5"];

#[test]
fn parts_side_by_side_give_the_forecast_of_the_whole_run() {
    let (folder, whole) = folder();
    let script = deploy("parallel/revcast-shards");
    if !is_installed("parallel") {
        skipped("parallel", "GNU parallel is not installed; xargs plays the two parts");
    }
    let output = started(folder.path(), &script, &[&["2", "plan.json", "out"], &OPTIONS[..]].concat(), None);
    assert!(output.status.success(), "{}", told(&output));
    assert!(forecast(folder.path(), "out") == whole);
    assert!(!folder.path().join("out.shards").exists());
    for wrong in [&["2", "plan.json"][..], &["two", "plan.json", "o"], &["0", "plan.json", "o"]] {
        assert_eq!(started(folder.path(), &script, wrong, None).status.code(), Some(2), "{wrong:?}");
    }
    // A part that fails is said, and nothing is merged; what was played is there for the next try.
    let bad = started(folder.path(), &script, &["2", "plan.json", "bad", "--set", "months=0"], None);
    assert!(!bad.status.success() && told(&bad).contains("months") && !folder.path().join("bad").exists());
}

#[test]
fn without_gnu_parallel_xargs_does_it() {
    let (folder, whole) = folder();
    let tools = folder.path().join("tools");
    fs::create_dir(&tools).unwrap();
    for tool in ["seq", "xargs", "getconf", "mkdir", "rm"] {
        let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output().unwrap();
        let path = String::from_utf8(found.stdout).unwrap();
        std::os::unix::fs::symlink(path.trim(), tools.join(tool)).unwrap();
    }
    let sh = String::from_utf8(Command::new("sh").args(["-c", "command -v sh"]).output().unwrap().stdout).unwrap();
    std::os::unix::fs::symlink(sh.trim(), tools.join("sh")).unwrap();
    let arguments = [&["3", "plan.json", "out"], &OPTIONS[..]].concat();
    let output = started(folder.path(), &deploy("parallel/revcast-shards"), &arguments, Some(&tools));
    assert!(output.status.success(), "{}", told(&output));
    assert!(forecast(folder.path(), "out") == whole);
}

/// Stands for Slurm's `sbatch`: does at once, one after the other, what the scheduler would do on its nodes.
const SBATCH: &str = r#"#!/bin/sh
set -eu
for word; do
    case $word in
        --array=1-*) tasks=${word#--array=1-} ;;
        --parsable | --export=ALL | --kill-on-invalid-dep=yes) ;;
        --dependency=afterok:7) ;;
        -*) echo "sbatch: unknown $word" >&2; exit 1 ;;
        *) script=$word ;;
    esac
done
echo 7
exec 1>&2
export SLURM_CPUS_PER_TASK=2
if [ -n "${tasks:-}" ]; then
    export SLURM_ARRAY_TASK_COUNT=$tasks
    for SLURM_ARRAY_TASK_ID in $(seq "$tasks"); do
        export SLURM_ARRAY_TASK_ID
        sh "$script"
    done
else
    sh "$script"
fi
"#;

#[test]
fn a_slurm_array_and_the_job_after_it_give_the_forecast_of_the_whole_run() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, whole) = folder();
    let tools = folder.path().join("tools");
    fs::create_dir(&tools).unwrap();
    fs::write(tools.join("sbatch"), SBATCH).unwrap();
    fs::set_permissions(tools.join("sbatch"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let arguments = [&["3", "plan.json", "out"], &OPTIONS[..]].concat();
    let output = started(folder.path(), &deploy("slurm/revcast-slurm"), &arguments, Some(Path::new(&path)));
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("out.shards/3.shard: futures 1001 to 1500 of 1500"), "{}", told(&output));
    assert!(forecast(folder.path(), "out") == whole);
    assert!(!folder.path().join("out.shards").exists());
}

/// A job of the cluster, by its name.
fn job(name: &str) -> Value {
    let text = fs::read_to_string(deploy("kubernetes/shards.yaml")).unwrap();
    let documents = serde_yaml_ng::Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap());
    let mut found = documents.filter(|document| document["kind"] == "Job" && document["metadata"]["name"] == name);
    found.next().unwrap_or_else(|| panic!("there is a job {name}"))
}

/// The arguments of a job's pod, as the cluster fills them in, with folders of this machine.
fn arguments(job: &Value, index: usize, home: &Path) -> Vec<String> {
    let arguments = job["spec"]["template"]["spec"]["containers"][0]["args"].as_array().unwrap();
    let filled = arguments.iter().map(|argument| {
        let argument = argument.as_str().unwrap().replace("$(JOB_COMPLETION_INDEX)", &index.to_string());
        match argument.strip_prefix('/') {
            Some(path) => home.join(path).display().to_string(),
            None => argument,
        }
    });
    filled.map(|argument| if argument == "1000000" { "1500".to_owned() } else { argument }).collect()
}

#[test]
fn the_jobs_of_a_cluster_give_the_forecast_of_the_whole_run() {
    let (folder, _) = folder();
    let (parts, merge) = (job("revcast-shards"), job("revcast-merge"));
    let count = parts["spec"]["completions"].as_u64().unwrap() as usize;
    assert_eq!(parts["spec"]["completionMode"], "Indexed");
    for name in ["scenarios", "shards"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    fs::copy(scenario("minimal"), folder.path().join("scenarios/plan.json")).unwrap();
    let words = |words: &[String]| -> (i32, String) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (code, _, err) = ran(folder.path(), &words);
        (code, err)
    };
    for index in 0..count {
        let (code, err) = words(&arguments(&parts, index, folder.path()));
        assert_eq!(code, 0, "{err}");
    }
    let (code, err) = words(&arguments(&merge, 0, folder.path()));
    assert_eq!(code, 0, "{err}");
    assert_eq!(ran(folder.path(), &["run", "scenarios/plan.json", "--trials", "1500", "--out", "all", "--quiet"]).0, 0);
    assert!(forecast(folder.path(), "shards/plan") == forecast(folder.path(), "all"));
    for job in [&parts, &merge] {
        let pod = &job["spec"]["template"]["spec"];
        let container = &pod["containers"][0];
        assert_eq!(pod["automountServiceAccountToken"], false);
        assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
        let known = options(container["args"][0].as_str().unwrap());
        for argument in container["args"].as_array().unwrap().iter().filter_map(Value::as_str) {
            assert!(!argument.starts_with("--") || known.contains(argument), "{argument}");
        }
    }
}
