//! Runs in parts: merged, they give the bytes of the whole run, and what is not as it was written is refused.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use assert_cmd::Command;
use bytes::Bytes;
use revcast::documents::Manifest;
use revcast::engine::{Execution, Memory, Run, RunError, Stored, Trials, Workers};
use revcast::export::{CsvStyle, write_trials_parquet};
use revcast::forecast::forecast;
use revcast::model::resolve;
use revcast::scenario::Faults;
use revcast::shards::{MergeError, Merged, Portion, ShardManifest, is_written, write};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::common::{document_of, forecast_of, model, scenario, trials_of};
use crate::kills::held;
use crate::memory::rich;

/// A shard of a scenario, played on so many threads.
fn shard(json: &Value, number: usize, of: usize, threads: usize) -> Bytes {
    shard_about(json, threads, |about| about.portion = Portion { number, of })
}

/// The same of which something else is said than is so.
fn shard_about(json: &Value, threads: usize, change: impl FnOnce(&mut ShardManifest)) -> Bytes {
    let (scenario, model) = (scenario(json), model(json));
    let manifest = Manifest::of(&scenario, &model);
    let mut about = ShardManifest {
        manifest,
        series: "test".to_owned(),
        file: "test.json".to_owned(),
        what_if: false,
        precision: None,
        portion: Portion::WHOLE,
    };
    change(&mut about);
    let mut bytes = Vec::new();
    write(&model, &about, &Execution::new(Some(threads)), &mut bytes).unwrap();
    bytes.into()
}

/// `forecast.json` of shards, or what is wrong with them.
fn merged(shards: &[Bytes]) -> Result<Vec<u8>, Faults> {
    let names: Vec<String> = (1..=shards.len()).map(|i| format!("{i}.shard")).collect();
    let opened = shards.to_vec();
    let joined = match Merged::of(&names, Arc::new(move |i: usize| Ok(opened[i].clone()))) {
        Ok(joined) => Arc::new(joined),
        Err(MergeError::Faults(faults)) => return Err(faults),
        Err(MergeError::Disk(file, error)) => panic!("{file}: {error}"),
    };
    let execution = Execution::new(Some(2));
    let run = Run::of(Arc::clone(&joined.model), &execution, Trials::Stored(Arc::clone(&joined) as _)).unwrap();
    assert!(run.kept().is_none());
    Ok(document_of(&forecast(&joined.scenario, &run, None).unwrap()))
}

fn whole(json: &Value) -> Vec<u8> {
    document_of(&forecast_of(json))
}

#[test]
fn shards_of_any_number_in_any_order_give_the_bytes_of_the_whole_run() {
    // Market, correlated inputs, renewals, targets of each kind, unknown returns; no whole number of blocks.
    let json = rich(1_001);
    let expected = whole(&json);
    for of in [1, 2, 3, 10] {
        for threads in [1, 2, 3, 7] {
            let shards: Vec<Bytes> = (1..=of).map(|k| shard(&json, k, of, threads)).collect();
            let backwards: Vec<Bytes> = shards.iter().rev().cloned().collect();
            let (odd, even): (Vec<_>, Vec<_>) = shards.iter().cloned().enumerate().partition(|(i, _)| i % 2 == 1);
            let shuffled: Vec<Bytes> = odd.into_iter().chain(even).map(|(_, shard)| shard).collect();
            // Each order with each number of shards, and with several numbers of threads.
            let order = [shards, backwards, shuffled].into_iter().nth((of + threads) % 3).expect("one of three");
            assert!(merged(&order).unwrap() == expected, "{of} shards of {threads} threads");
        }
    }
    // Parts of different numbers, which together are the whole.
    let mixed = [shard(&json, 2, 2, 1), shard(&json, 1, 4, 1), shard(&json, 2, 4, 1)];
    assert!(merged(&mixed).unwrap() == expected);
}

#[test]
fn the_smallest_runs_are_shared_out_too() {
    for (trials, of) in [(1, 1), (2, 2), (3, 3), (130, 130)] {
        let json = rich(trials);
        let shards: Vec<Bytes> = (1..=of).map(|k| shard(&json, k, of, 1)).collect();
        assert!(merged(&shards).unwrap() == whole(&json), "{trials} trials");
    }
    // Nothing uncertain but chance, and not even that for the main figure: none of the passes is played.
    let fixed = json!({
        "name": "Fixed", "start": "2027-01", "months": 2, "simulation": {"trials": 300},
        "regions": {"a": {"leads": {"monthly": 0}, "conversion": 0.2, "cycle": {"mean_days": 20}, "deal_size": {"mean": 1}}}
    });
    assert!(merged(&[shard(&fixed, 2, 2, 1), shard(&fixed, 1, 2, 1)]).unwrap() == whole(&fixed));
}

fn small() -> Value {
    json!({
        "name": "Small", "start": "2027-01", "months": 2, "simulation": {"trials": 20},
        "regions": {"a": {"leads": {"monthly": 9}, "conversion": {"low": 0.1, "mode": 0.2, "high": 0.3},
            "cycle": {"mean_days": 20}, "deal_size": {"mean": 500}}}
    })
}

#[test]
fn every_flipped_byte_and_every_cut_of_a_shard_is_refused() {
    let shards = [shard(&small(), 1, 2, 1), shard(&small(), 2, 2, 1)];
    assert!(merged(&shards).unwrap() == whole(&small()));
    let refused = |other: Vec<u8>, what: &str| {
        let faults = merged(&[other.into()]).unwrap_err().to_string();
        assert!(faults.starts_with("1.shard\n  found:   a file whose checksum does not hold"), "{what}: {faults}");
    };
    let good = &shards[1];
    for i in 0..good.len() {
        let mut other = good.to_vec();
        other[i] ^= 1 << (i % 8);
        refused(other, &format!("byte {i} of {} changed", good.len()));
    }
    let ends = |i: &usize| *i < 64 || good.len() - i <= 64;
    for i in (0..good.len()).filter(|i| ends(i) || i % 7 == 0) {
        refused(good[..i].to_vec(), &format!("cut at {i}"));
    }
    refused([good, &b"\0"[..]].concat(), "one byte more");
    refused([good.clone(), good.clone()].concat(), "twice");
}

/// The same with the checksum, between the last row group and the footer, put right.
fn resealed(mut shard: Vec<u8>) -> Bytes {
    let tail = shard.len() - 8;
    let footer = u32::from_le_bytes(shard[tail..tail + 4].try_into().unwrap()) as usize;
    if let Some(slot) = tail.checked_sub(footer).and_then(|end| end.checked_sub(32)) {
        let rest = [&shard[..slot], &shard[slot + 32..]].concat();
        shard[slot..slot + 32].copy_from_slice(&Sha256::digest(&rest));
    }
    shard.into()
}

#[test]
fn sealed_files_that_contradict_themselves_end_in_words() {
    // What somebody makes on purpose may hold other numbers, but it ends no program.
    let good = shard(&small(), 1, 1, 1).to_vec();
    let (mut refused, mut unreadable, mut other) = (0, 0, 0);
    for i in 0..good.len() {
        let mut changed = good.clone();
        changed[i] ^= 1 << (i % 8);
        let changed = resealed(changed);
        match Merged::of(&["1.shard".to_owned()], Arc::new(move |_| Ok(changed.clone()))) {
            Err(MergeError::Faults(faults)) => {
                assert!(faults.to_string().starts_with("1.shard"), "byte {i}: {faults}");
                refused += 1;
            }
            Err(MergeError::Disk(..)) => refused += 1,
            Ok(joined) => {
                match (0..joined.pieces()).try_for_each(|piece| joined.piece(piece, &Workers::new(Some(2))).map(drop)) {
                    Ok(()) => other += 1,
                    Err(RunError::Unreadable { .. }) => unreadable += 1,
                    Err(error) => panic!("byte {i}: {error}"),
                }
            }
        }
    }
    assert!(refused > 100 && unreadable > 10 && other > 100, "{refused} {unreadable} {other}");
}

#[test]
fn shards_of_another_run_are_refused_by_name() {
    let of = |change: &dyn Fn(&mut Value)| {
        let mut json = small();
        change(&mut json);
        json
    };
    let first = shard(&small(), 1, 2, 1);
    let faults = |other: Bytes| merged(&[first.clone(), other]).unwrap_err().to_string();
    let seed = faults(shard(&of(&|json| json["simulation"]["seed"] = json!(7)), 2, 2, 1));
    assert!(seed.starts_with("2.shard: seed\n  found:   7\n  allowed: 1, as in 1.shard\n"), "{seed}");
    let trials = faults(shard(&of(&|json| json["simulation"]["trials"] = json!(21)), 2, 2, 1));
    assert!(trials.starts_with("2.shard: trials\n  found:   a run of 21 futures\n  allowed: one of 20, as in 1.shard"));
    let scenario = faults(shard(&of(&|json| json["regions"]["a"]["deal_size"]["mean"] = json!(501)), 2, 2, 1));
    assert!(scenario.starts_with("2.shard: scenario\n  found:   the scenario "), "{scenario}");
    let words = faults(shard(&of(&|json| json["name"] = json!("Other")), 2, 2, 1));
    assert!(words.starts_with("2.shard: scenario\n  found:   other words"), "{words}");
    let series = faults(shard_about(&small(), 1, |about| {
        (about.series, about.portion) = ("other".to_owned(), Portion { number: 2, of: 2 });
    }));
    assert!(series.starts_with("2.shard: scenario\n  found:   the file other\n"), "{series}");
    let version = faults(shard_about(&small(), 1, |about| about.manifest.version = "0.0.9".to_owned()));
    assert!(version.starts_with("2.shard: version\n  found:   a shard of revcast 0.0.9\n"), "{version}");
    let contradicts = shard_about(&small(), 1, |about| about.manifest.seed = 9);
    assert!(merged(&[contradicts]).unwrap_err().to_string().contains("contradicts itself"));
    let nonsense = shard_about(&small(), 1, |about| about.manifest.scenario = json!({"name": 5}));
    assert!(merged(&[nonsense]).unwrap_err().to_string().contains("a scenario that is not understood"));
    // All faults at once.
    let cut = first.slice(..first.len() / 2);
    let all = merged(&[first.clone(), cut, shard(&of(&|json| json["simulation"]["seed"] = json!(7)), 2, 2, 1)]);
    let all = all.unwrap_err().to_string();
    assert!(all.contains("2.shard\n") && all.contains("\n\n3.shard: seed\n"), "{all}");
}

#[test]
fn gaps_and_overlaps_are_refused_by_name() {
    let of = |number, of| shard(&small(), number, of, 1);
    let faults = |shards: &[Bytes]| merged(shards).unwrap_err().to_string();
    let gap = faults(&[of(4, 4), of(1, 4)]);
    assert!(gap.starts_with("2.shard: trials\n  found:   no shard with the trials 6 to 15\n"), "{gap}");
    assert!(gap.ends_with("\n  hint:    these are missing: 2/4, 3/4"), "{gap}");
    assert!(faults(&[of(2, 2)]).contains("no shard with the trials 1 to 10\n"));
    assert!(faults(&[of(1, 20)]).ends_with("2/20, 3/20, 4/20, 5/20, 6/20, 7/20, 8/20, 9/20, 10/20, 11/20, …"));
    let overlap = faults(&[of(1, 2), of(2, 2), of(1, 2)]);
    assert!(overlap.starts_with("3.shard: trials\n  found:   trials 1 to 10, which 1.shard holds too\n"), "{overlap}");
    let both = faults(&[of(1, 4), of(1, 2), of(4, 4)]);
    assert!(both.contains("1.shard: trials\n") || both.contains("2.shard: trials\n"), "{both}");
    assert!(both.contains("no shard with the trials 11 to 15\n"), "{both}");
}

#[test]
fn a_shard_is_known_again() {
    let (scenario, model) = (scenario(&small()), resolve(&scenario(&small())).unwrap());
    let about = |number, of| ShardManifest {
        manifest: Manifest::of(&scenario, &model),
        series: "test".to_owned(),
        file: "test.json".to_owned(),
        what_if: false,
        precision: None,
        portion: Portion { number, of },
    };
    let written = shard(&small(), 1, 2, 1);
    assert!(is_written(written.clone(), &about(1, 2), &model).unwrap());
    assert!(!is_written(written.clone(), &about(2, 2), &model).unwrap());
    assert!(!is_written(written.slice(1..), &about(1, 2), &model).unwrap());
    assert!(!is_written(Bytes::new(), &about(1, 2), &model).unwrap());
}

#[test]
fn trials_by_column_are_those_of_the_table() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    // More trials than lie in one row group.
    let json = rich(2_100);
    let (scenario, model) = (scenario(&json), model(&json));
    let execution = Execution::new(None);
    let table = trials_of(&scenario, CsvStyle::Plain, Memory::default());
    let run = Run::begin(model.clone(), &execution, Memory::default()).unwrap();
    let mut columns = Vec::new();
    write_trials_parquet(&run, &mut columns).unwrap();
    let reader = SerializedFileReader::new(Bytes::from(columns)).unwrap();
    assert!(reader.num_row_groups() > 1);
    let mut rows = reader.get_row_iter(None).unwrap();
    let table = String::from_utf8(table).unwrap();
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut seen = 0;
    for line in lines {
        let row = rows.next().unwrap().unwrap();
        let own: Vec<(&String, &Field)> = row.get_column_iter().collect();
        assert_eq!(own.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
        for (written, (name, field)) in line.split(',').zip(own) {
            match field {
                Field::Long(x) => assert_eq!(written, x.to_string()),
                Field::Str(text) => assert_eq!(written, text),
                Field::Double(x) => assert_eq!(written.parse::<f64>().unwrap(), *x, "{name}: {line}"),
                other => panic!("{other:?}"),
            }
        }
        seen += 1;
    }
    assert!(rows.next().is_none() && seen == 2_100 * 3 * 18, "{seen}");
}

fn revcast(folder: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("revcast"));
    command.current_dir(folder).args(arguments).output().unwrap()
}

/// What a command says on standard error, which ends with `code`.
fn said(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = revcast(folder, arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    said
}

#[test]
fn the_plan_in_shards_gives_every_file_of_the_whole_run() {
    let folder = TempDir::new().unwrap();
    let plan = format!("{}/scenarios/ai-marketing-plan.json", env!("CARGO_MANIFEST_DIR"));
    let run = |more: &[&str]| said(folder.path(), &[&["run", &plan, "--trials", "600"], more].concat(), 0);
    let files = ["--trials-file", "trials.csv", "--xlsx", "--deep", "--quiet", "--chart-size", "thumb"];
    run(&[&["--out", "whole"][..], &files].concat());
    for k in ["1", "2", "3"] {
        let said = run(&["--shard", &format!("{k}/3"), "--out", &format!("{k}.shard"), "--threads", k]);
        assert!(said.starts_with(&format!("{k}.shard: futures ")), "{said}");
    }
    said(folder.path(), &[&["merge", "3.shard", "1.shard", "2.shard", "--out", "merged"][..], &files].concat(), 0);
    assert_eq!(held(&folder.path().join("merged")), held(&folder.path().join("whole")));
    // Without --out they go where those of the run would.
    said(folder.path(), &["merge", "1.shard", "2.shard", "3.shard", "--quiet", "--no-history"], 0);
    assert!(folder.path().join("output/ai-marketing-plan/forecast.json").exists());
    // Two at once: both end well, and the one that comes later finds what the first wrote.
    let start = |_| {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("revcast"));
        command.current_dir(folder.path()).args(["run", &plan, "--trials", "600", "--shard", "1/2", "--out", "both"]);
        command.stderr(std::process::Stdio::null()).spawn().unwrap()
    };
    let both: Vec<_> = (0..2).map(start).collect();
    for mut child in both {
        assert!(child.wait().unwrap().success());
    }
    // A job that is started twice does its work once; another one does not touch what it wrote.
    assert_eq!(run(&["--shard", "1/3", "--out", "1.shard"]), "1.shard is there already\n");
    let before = fs::read(folder.path().join("1.shard")).unwrap();
    let other = said(folder.path(), &["run", &plan, "--shard", "1/3", "--out", "1.shard"], 2);
    assert!(other.contains("exists already"), "{other}");
    assert_eq!(fs::read(folder.path().join("1.shard")).unwrap(), before);
}

#[test]
fn what_is_asked_wrongly_of_shards_is_refused_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("small.json"), small().to_string()).unwrap();
    let run = |more: &[&str]| said(folder.path(), &[&["run", "small.json"], more].concat(), 2);
    for wrong in ["3/2", "0/2", "1/0", "1", "one/two", "1/2/3", "-1/2"] {
        let said = run(&[&format!("--shard={wrong}"), "--out", "a.shard"]);
        assert!(said.contains("--shard"), "{said}");
    }
    assert!(run(&["--shard", "1/21", "--out", "a.shard"]).contains("found:   21 parts of 20 futures"));
    assert!(run(&["--shard", "1/2"]).contains("--out"));
    for answer in [["--deep"].as_slice(), &["--json"], &["--require", "Year >= 0.5"], &["--trials-file", "t.csv"]] {
        assert!(run(&[&["--shard", "1/2", "--out", "a.shard"], answer].concat()).contains("cannot be used with"));
    }
    fs::write(folder.path().join("file"), "x").unwrap();
    assert!(run(&["--shard", "1/2", "--out", "file/a.shard"]).contains("file"));
    fs::create_dir(folder.path().join("folder")).unwrap();
    assert!(run(&["--shard", "1/2", "--out", "folder"]).contains("exists already"));
    assert_eq!(held(folder.path()).unwrap().len(), 3);

    let merge = |more: &[&str]| said(folder.path(), &[&["merge"], more].concat(), 2);
    assert!(merge(&[]).contains("<SHARD>"));
    let both = merge(&["folder", "absent.shard", "small.json"]);
    assert!(both.contains("folder\n  found:   a folder\n") && both.contains("absent.shard\n  found:   no such file\n"));
    assert!(merge(&["small.json"]).contains("small.json\n  found:   this is a scenario\n"));
    assert_eq!(held(folder.path()).unwrap().len(), 3);
}

#[cfg(target_os = "linux")]
#[test]
fn a_shard_that_cannot_be_written_is_a_failure_of_the_disk() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("small.json"), small().to_string()).unwrap();
    // Not even the superuser makes files there.
    let said = said(folder.path(), &["run", "small.json", "--shard", "1/2", "--out", "/proc/a.shard"], 1);
    assert!(said.starts_with("error: cannot "), "{said}");
}
