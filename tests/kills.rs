//! Runs that are killed at any moment: the folder holds the old output or the new one, and the next run leaves nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::{next, revcast};

/// The files below a folder, folders and links by name; `None` where it is absent.
pub(crate) fn held(folder: &Path) -> Option<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).ok()? {
        let path = entry.unwrap().path();
        let name = PathBuf::from(path.file_name().unwrap());
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            let inside = held(&path).unwrap_or_default();
            found.extend(inside.into_iter().map(|(file, bytes)| (name.join(file), bytes)));
            found.insert(name.join(""), b"a folder".to_vec());
        } else if kind.is_file() {
            found.insert(name, fs::read(&path).unwrap_or_else(|e| e.to_string().into_bytes()));
        } else {
            found.insert(name, b"a link or a pipe".to_vec());
        }
    }
    Some(found)
}

/// The names in a folder, but for `except`.
pub(crate) fn beside(folder: &Path, except: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    entries.filter(|name| name != except).collect()
}

/// Starts a small run whose files differ from seed to seed, with `trials` trials in its own file.
pub(crate) fn start(folder: &Path, out: &str, seed: u64, trials: &str) -> Child {
    revcast(folder)
        .args(["run", &format!("{}/scenarios/minimal.json", env!("CARGO_MANIFEST_DIR")), "--quiet", "--out", out])
        .args(["--seed", &seed.to_string(), "--trials", trials, "--trials-file", "trials.csv"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// Waits until a run makes its draft; false where it ended and its draft was never seen.
fn drafted(draft: &Path, child: &mut Child) -> bool {
    while !draft.exists() {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        sleep(Duration::from_micros(300));
    }
    true
}

#[derive(Debug, Default)]
struct Counts {
    rounds: usize,
    too_late: usize,
    old: usize,
    new: usize,
    drafts: usize,
    drafts_and_new: usize,
}

/// Kills runs, and after each `kills` of them lets one run to its end.
fn killed(rounds: usize, kills: usize) -> Counts {
    const TRIALS: &str = "1500";
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let expected = [1, 2].map(|seed| {
        assert!(start(folder.path(), "out", seed, TRIALS).wait().unwrap().success());
        held(&out)
    });
    assert!(expected[0] != expected[1]);
    let draft = folder.path().join(".out.revcast-draft");
    let (mut random, mut counts) = (20_260_727, Counts::default());
    let (mut writing, mut whole) = (Duration::ZERO, Duration::ZERO);
    // How long it takes until the files are written, and until the run ends.
    let run = |version: usize| {
        let begun = Instant::now();
        let mut child = start(folder.path(), "out", version as u64 + 1, TRIALS);
        let before = if drafted(&draft, &mut child) { begun.elapsed() } else { Duration::ZERO };
        assert!(child.wait().unwrap().success());
        let whole = begun.elapsed();
        assert!(held(&out) == expected[version], "a run that was not killed is complete");
        assert_eq!(beside(folder.path(), "out"), Vec::<String>::new(), "and leaves nothing");
        (whole - before, whole)
    };
    for round in 0..rounds {
        if round % kills == 0 {
            (writing, whole) = run(round / kills % 2);
        }
        let absent = round % 4 == 3;
        if absent {
            fs::remove_dir_all(&out).unwrap();
        }
        let before = held(&out);
        // The one that is not there, so that what is there afterwards tells.
        let version = usize::from(before == expected[0]);
        let mut child = start(folder.path(), "out", version as u64 + 1, TRIALS);
        // Half of the moments are spread over all of the run, half over its end, where it writes.
        if round % 2 == 0 {
            sleep(whole.mul_f64(next(&mut random)));
        } else {
            drafted(&draft, &mut child);
            sleep(writing.mul_f64(next(&mut random)));
        }
        let late = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        let (now, left) = (held(&out), beside(folder.path(), "out"));
        counts.rounds += 1;
        counts.too_late += usize::from(late);
        if now == before {
            counts.old += 1;
        } else {
            assert!(now == expected[version], "round {round}: neither the old output nor the new");
            counts.new += 1;
        }
        counts.drafts += usize::from(!left.is_empty());
        counts.drafts_and_new += usize::from(!left.is_empty() && now != before);
        assert!(left.iter().all(|name| name == ".out.revcast-draft"), "round {round}: {left:?}");
    }
    run(0);
    eprintln!("{counts:?}");
    counts
}

#[test]
fn a_killed_run_leaves_the_old_output_or_the_new() {
    let counts = killed(20, 4);
    assert!(counts.drafts > 0, "none of the kills came while the files were written: {counts:?}");
}

#[test]
#[ignore = "minutes: cargo test kills -- --ignored --nocapture; REVCAST_KILLS=1000 for more"]
fn two_hundred_killed_runs_leave_the_old_output_or_the_new() {
    let rounds = std::env::var("REVCAST_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(200);
    killed(rounds, 1);
}
