//! Crash tests: each single operation of a run fails, or is the last before a crash; what is left must be the old or the new.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::fault_injection::{FaultyDisk, KINDS, Kind};
use super::file::{place_on, replace_on};
use super::folder::Folder;
use super::replaceable::replaceable;
use super::staging::Staging;
use super::system::{Disk, System};
use crate::cli::exit::Failure;
use crate::engine::Monitor;

type Files = BTreeMap<String, Vec<u8>>;

/// The files of a run, which differ from version to version in names and bytes.
fn files(version: u8) -> Files {
    let mut files: Files = ["bands.csv", "charts/fan.png", "charts/fan.svg", &format!("trials-{version}.csv")]
        .into_iter()
        .map(|name| (name.to_owned(), vec![b'0' + version; 3000 * name.len() / 10]))
        .collect();
    let names: Vec<&String> = files.keys().collect();
    let document = format!("{{\"manifest\": {{\"files\": {names:?}, \"of\": {version}}}}}")
        .replace("\"bands.csv\"", "\"bands.csv\", \"forecast.json\"");
    files.insert("forecast.json".to_owned(), document.into_bytes());
    files
}

/// What a run does to the disk.
fn run(disk: &dyn Disk, target: &Path, version: u8) -> Result<(), Failure> {
    let monitor = Monitor::default();
    Staging::recover(disk, target)?;
    replaceable(target)?;
    let mut folder = Folder::begin_on(disk, target, &monitor)?;
    for (name, bytes) in files(version) {
        folder.put(&name, &bytes)?;
    }
    folder.finish()
}

/// The files below a folder; `None` where it is absent.
fn held(folder: &Path) -> Option<Files> {
    let mut found = Files::new();
    for entry in fs::read_dir(folder).ok()? {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match held(&path) {
            Some(inside) => found.extend(inside.into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes))),
            None => drop(found.insert(name, fs::read(&path).unwrap())),
        }
    }
    Some(found)
}

/// What was in the target before.
#[derive(Clone, Copy, Debug)]
enum Start {
    /// Nothing; not even its parent.
    Absent,
    Empty,
    Old,
}

/// A target in a folder of its own.
struct Place {
    folder: TempDir,
    before: Option<Files>,
}

impl Place {
    fn new(start: Start) -> Place {
        // In memory, where there is such a place: thousands of runs follow.
        let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        let target = folder.path().join("output/plan");
        match start {
            Start::Absent => {}
            Start::Empty => fs::create_dir_all(&target).unwrap(),
            Start::Old => run(&FaultyDisk::none(true), &target, 1).unwrap(),
        }
        Place { before: held(&target), folder }
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("output/plan")
    }

    /// Names beside the target.
    fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.target().parent().unwrap()).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).filter(|name| name != "plan").collect()
    }

    /// The name of what the target holds; panics on anything but the old and the new.
    fn holds(&self, new: &[u8], what: &str) -> &'static str {
        let held = held(&self.target());
        if held == self.before {
            return "old";
        }
        assert!(new.iter().any(|version| held == Some(files(*version))), "{what}: neither old nor new");
        "new"
    }
}

/// Every operation of a run without a fault.
fn operations(start: Start, swaps: bool) -> usize {
    let place = Place::new(start);
    let disk = FaultyDisk::none(swaps);
    run(&disk, &place.target(), 2).unwrap();
    assert_eq!((held(&place.target()), place.left()), (Some(files(2)), vec![]));
    disk.done.get()
}

const STARTS: [Start; 3] = [Start::Absent, Start::Empty, Start::Old];

#[test]
fn whatever_fails_the_target_holds_the_old_or_the_new_and_the_next_run_leaves_nothing() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |what: String| *counts.entry(what).or_default() += 1;
    for (start, swaps) in STARTS.into_iter().flat_map(|start| [(start, true), (start, false)]) {
        let operations = operations(start, swaps);
        count(format!("operations from {start:?}, swaps {swaps}: {operations}"));
        for (at, kind) in (0..operations).flat_map(|at| KINDS.map(|kind| (at, kind))) {
            let place = Place::new(start);
            let disk = FaultyDisk::new(kind, at, swaps);
            let result = run(&disk, &place.target(), 2);
            let struck = disk.struck.get().expect("every operation is reached");
            let what = format!("{kind:?} at {at} ({struck}) from {start:?}, swaps {swaps}");
            // Two renames leave a moment between them, which only a crash or a dead disk can show.
            let between = held(&place.target()).is_none() && place.before.is_some();
            if between {
                assert!(!swaps && !matches!(kind, Kind::Once(_)), "{what}: the target is gone");
                let old = place.folder.path().join("output/.plan.revcast-draft/old");
                assert_eq!(held(&old), place.before, "{what}");
            }
            let holds = if between { "nothing, old put aside" } else { place.holds(&[2], &what) };
            let ended = if result.is_ok() { "done" } else { "failed" };
            assert!(result.is_err() || holds == "new", "{what}: done, and the new is not there");
            let left = if place.left().is_empty() { "nothing left" } else { "a draft left" };
            if matches!(kind, Kind::Once(_)) && result.is_err() {
                assert!(place.left().is_empty(), "{what}: left {:?}", place.left());
                let parent = place.target().parent().unwrap().exists();
                assert!(holds == "new" || parent != matches!(start, Start::Absent), "{what}: the parent {parent}");
            }
            count(format!("{kind:?}: {ended}, target {holds}, {left}"));
            Staging::recover(&FaultyDisk::none(swaps), &place.target()).unwrap();
            place.holds(&[2], &what);
            run(&FaultyDisk::none(swaps), &place.target(), 3).unwrap();
            assert_eq!(held(&place.target()), Some(files(3)), "{what}");
            assert_eq!(place.left(), Vec::<String>::new(), "{what}");
        }
    }
    for (what, count) in counts {
        eprintln!("{count:5} {what}");
    }
}

#[test]
fn a_crash_while_recovering_from_a_crash_loses_nothing() {
    let mut pairs = 0;
    for (start, swaps) in [(Start::Absent, true), (Start::Old, true), (Start::Old, false)] {
        for first in 0..operations(start, swaps) {
            for second in 0.. {
                let place = Place::new(start);
                let what = format!("crash at {first}, then at {second}, from {start:?}, swaps {swaps}");
                run(&FaultyDisk::new(Kind::Crash, first, swaps), &place.target(), 2).ok();
                let disk = FaultyDisk::new(Kind::Crash, second, swaps);
                run(&disk, &place.target(), 3).ok();
                Staging::recover(&FaultyDisk::none(swaps), &place.target()).unwrap();
                place.holds(&[2, 3], &what);
                run(&FaultyDisk::none(swaps), &place.target(), 4).unwrap();
                assert_eq!((held(&place.target()), place.left()), (Some(files(4)), vec![]), "{what}");
                pairs += 1;
                if disk.struck.get().is_none() {
                    break;
                }
            }
        }
    }
    eprintln!("{pairs} pairs of crashes");
}

#[test]
fn a_new_file_appears_whole_or_not_at_all_and_replaces_nothing() {
    let bytes = vec![b'x'; 10_000];
    let mut faults = 0;
    // A disk that can neither rename without overwriting nor give second names says so.
    let kinds = KINDS.into_iter().chain([Kind::Once(ErrorKind::Unsupported)]);
    let moments = [true, false].into_iter().flat_map(|swaps| (0..20).map(move |at| (swaps, at)));
    for ((swaps, at), kind) in moments.flat_map(|moment| kinds.clone().map(move |kind| (moment, kind))) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("below/plan.json");
        let disk = FaultyDisk::new(kind, at, swaps);
        let result = place_on(&disk, &path, &bytes);
        faults += usize::from(disk.struck.get().is_some());
        let what = format!("{kind:?} at {at} ({:?}), swaps {swaps}", disk.struck.get());
        let found = fs::read(&path).ok();
        assert!(found.is_none() || found.as_ref() == Some(&bytes), "{what}");
        assert!(result.is_err() || found.is_some(), "{what}");
        if found.is_some() {
            Staging::recover(&FaultyDisk::none(swaps), &path).unwrap();
        } else {
            place_on(&FaultyDisk::none(swaps), &path, &bytes).unwrap();
        }
        assert_eq!(held(folder.path()), Some(Files::from([("below/plan.json".to_owned(), bytes.clone())])), "{what}");
        let again = place_on(&FaultyDisk::none(swaps), &path, b"other");
        assert!(again.unwrap_err().to_string().contains("exists already"), "{what}");
        assert!(fs::read(&path).unwrap() == bytes, "{what}");
    }
    eprintln!("{faults} faults");
    assert!(faults > 100);
}

#[test]
fn a_document_that_is_replaced_is_the_old_or_the_new_at_every_moment() {
    let (old, new) = (vec![b'o'; 9_000], vec![b'n'; 10_000]);
    let mut faults = 0;
    let moments = [true, false].into_iter().flat_map(|swaps| (0..24).map(move |at| (swaps, at)));
    for ((swaps, at), kind) in moments.flat_map(|moment| KINDS.map(|kind| (moment, kind))) {
        for before in [None, Some(&old)] {
            let folder = TempDir::new().unwrap();
            let path = folder.path().join("batch.json");
            if let Some(bytes) = before {
                fs::write(&path, bytes).unwrap();
            }
            let disk = FaultyDisk::new(kind, at, swaps);
            let result = replace_on(&disk, &path, &new);
            faults += usize::from(disk.struck.get().is_some());
            let what = format!("{kind:?} at {at} ({:?}), swaps {swaps}", disk.struck.get());
            let found = fs::read(&path).ok();
            let between = !swaps && found.is_none() && !matches!(kind, Kind::Once(_));
            assert!(between || found.as_ref() == before || found.as_ref() == Some(&new), "{what}");
            assert!(result.is_err() || found.as_ref() == Some(&new), "{what}");
            if matches!(kind, Kind::Once(_)) && result.is_err() {
                assert!(held(folder.path()).unwrap().keys().all(|name| name == "batch.json"), "{what}");
            }
            Staging::recover(&FaultyDisk::none(swaps), &path).unwrap();
            let found = fs::read(&path).ok();
            assert!(found.as_ref() == before || found.as_ref() == Some(&new), "{what}, recovered");
            replace_on(&FaultyDisk::none(swaps), &path, &new).unwrap();
            assert_eq!(held(folder.path()), Some(Files::from([("batch.json".to_owned(), new.clone())])), "{what}");
        }
    }
    eprintln!("{faults} faults");
    assert!(faults > 200);
}

#[test]
fn a_file_put_into_the_target_during_the_run_stays_and_ends_the_run() {
    for swaps in [true, false] {
        let place = Place::new(Start::Old);
        let (disk, monitor) = (FaultyDisk::none(swaps), Monitor::default());
        let mut folder = Folder::begin_on(&disk, &place.target(), &monitor).unwrap();
        folder.put("forecast.json", b"{}").unwrap();
        fs::write(place.target().join("letter.txt"), "dear").unwrap();
        let message = folder.finish().unwrap_err().to_string();
        assert!(message.contains("letter.txt"), "{message}");
        let mut expected = files(1);
        expected.insert("letter.txt".to_owned(), b"dear".to_vec());
        assert_eq!((held(&place.target()), place.left()), (Some(expected), vec![]));
    }
}

#[test]
fn ctrl_c_while_writing_leaves_nothing() {
    let place = Place::new(Start::Old);
    let (disk, monitor) = (FaultyDisk::none(true), Monitor::default());
    let mut folder = Folder::begin_on(&disk, &place.target(), &monitor).unwrap();
    folder.put("forecast.json", b"{}").unwrap();
    monitor.stop();
    assert!(matches!(folder.put("bands.csv", b"1"), Err(Failure::Stopped)));
    assert!(matches!(folder.finish(), Err(Failure::Stopped)));
    assert_eq!((held(&place.target()), place.left()), (place.before.clone(), vec![]));
}

#[test]
fn the_draft_of_a_living_run_is_left_alone_and_the_next_one_waits() {
    let place = Place::new(Start::Old);
    let (disk, monitor) = (FaultyDisk::none(true), Monitor::default());
    let mut folder = Folder::begin_on(&disk, &place.target(), &monitor).unwrap();
    for (name, bytes) in files(2) {
        folder.put(&name, &bytes).unwrap();
    }
    let target = place.target();
    std::thread::scope(|scope| {
        Staging::recover(&System, &target).unwrap();
        let second = scope.spawn(|| run(&FaultyDisk::none(true), &target, 3));
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert!(!second.is_finished());
        folder.finish().unwrap();
        second.join().unwrap().unwrap();
    });
    assert_eq!((held(&place.target()), place.left()), (Some(files(3)), vec![]));
}

#[test]
fn a_folder_with_a_drafts_name_that_is_not_ours_is_left_alone() {
    for files in [&["letter.txt"][..], &["new/letter.txt"], &["revcast.lock"], &["revcast.lock", "letter.txt"]] {
        let place = Place::new(Start::Old);
        let draft = place.folder.path().join("output/.plan.revcast-draft");
        for file in files {
            fs::create_dir_all(draft.join(file).parent().unwrap()).unwrap();
            fs::write(draft.join(file), "dear").unwrap();
        }
        let before = held(place.folder.path());
        let message = run(&FaultyDisk::none(true), &place.target(), 2).unwrap_err().to_string();
        assert!(message.contains("not of revcast's making"), "{files:?}: {message}");
        assert_eq!(held(place.folder.path()), before, "{files:?}");
    }
}

#[test]
fn what_someone_put_in_the_targets_place_after_a_crash_is_not_taken_for_the_new_output() {
    let place = Place::new(Start::Old);
    let between = (0..).find(|at| {
        run(&FaultyDisk::new(Kind::Crash, *at, false), &place.target(), 2).ok();
        held(&place.target()).is_none()
    });
    assert!(between.is_some());
    fs::create_dir(place.target()).unwrap();
    fs::write(place.target().join("letter.txt"), "dear").unwrap();
    let before = held(place.folder.path());
    assert!(run(&FaultyDisk::none(false), &place.target(), 3).unwrap_err().to_string().contains("no forecast.json"));
    assert_eq!(held(place.folder.path()), before);
}
