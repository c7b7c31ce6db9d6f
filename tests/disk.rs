//! Disks that are full, read-only or in use, and whatever may be in the way of a run's folder.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::required::skipped;
use crate::common::tmpfs::Tmpfs;
use crate::common::{revcast, signal};
use crate::kills::{beside, held, start};

fn minimal() -> String {
    format!("{}/scenarios/minimal.json", env!("CARGO_MANIFEST_DIR"))
}

fn command(folder: &Path, out: impl AsRef<OsStr>) -> Command {
    command_of(folder, out, "200")
}

fn command_of(folder: &Path, out: impl AsRef<OsStr>, trials: &str) -> Command {
    let mut command = revcast(folder);
    command.args(["run", &minimal(), "--quiet", "--chart-size", "thumb", "--trials", trials, "--out"]).arg(out);
    command
}

/// Exit code and standard error.
fn ended(mut command: Command) -> (i32, String) {
    let output = command.output().expect("the program starts");
    (output.status.code().expect("it is not killed"), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn waited(child: Child) -> (i32, String) {
    let output = child.wait_with_output().expect("it ends");
    (output.status.code().expect("it is not killed"), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Waits until a path is there; false where it never comes.
fn comes(path: &Path) -> bool {
    let start = Instant::now();
    while !path.exists() {
        if start.elapsed() > Duration::from_secs(20) {
            return false;
        }
        sleep(Duration::from_millis(1));
    }
    true
}

#[test]
fn a_document_that_cannot_be_read_is_said_to_be_one() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    fs::write(folder.path().join("out/bands.csv"), "x").unwrap();
    let (code, said) = ended(command(folder.path(), "out"));
    assert!(code == 2 && said.contains("files, and no forecast.json or the like that lists them"), "{said}");
    fs::write(folder.path().join("out/forecast.json"), "{\"header\": {\"manifest\"").unwrap();
    let (code, said) = ended(command(folder.path(), "out"));
    assert!(
        code == 2 && said.contains("files, and a forecast.json that could not be read, or does not list them"),
        "{said}"
    );
}

#[test]
fn a_full_disk_leaves_the_old_output_and_nothing_else() {
    let Some(disk) = Tmpfs::new() else { return };
    assert_eq!(ended(command(disk.path(), "out")), (0, String::new()));
    let before = held(&disk.path().join("out")).unwrap();
    // Memory disks hand out whole pages of 4 KiB.
    let pages: usize = before.values().map(|bytes| bytes.len().div_ceil(4096)).sum();
    let inodes = before.len() + 1;
    let mut files = Vec::new();
    let mut fails = |option: &str| {
        disk.remount(option);
        let now = held(disk.path());
        let (code, err) = ended(command(disk.path(), "out"));
        assert!(
            code == 1 && err.contains("No space left on device") && err.contains("free some space"),
            "{option}: {err}"
        );
        assert!(err.starts_with("error: cannot write ") || err.starts_with("error: cannot create "), "{option}: {err}");
        assert!(held(disk.path()) == now, "{option}: the disk is as it was");
        files.push(err.split(':').nth(1).unwrap().to_owned());
    };
    for part in 0..5 {
        fails(&format!("size={}k,nr_inodes=1000", 4 * (pages + 1 + (pages - 4) * part / 4)));
    }
    for more in (0..=inodes).step_by(2) {
        fails(&format!("size=16m,nr_inodes={}", inodes + 1 + more));
    }
    fs::remove_dir_all(disk.path().join("out")).unwrap();
    for part in 0..3 {
        fails(&format!("size={}k,nr_inodes=1000", 4 * (1 + (pages - 4) * part / 2)));
    }
    files.sort();
    files.dedup();
    assert!(files.len() >= 5, "the disk filled up at few files only: {files:?}");
    eprintln!("full at: {files:#?}");
}

#[test]
fn a_read_only_disk_is_refused_before_the_trials() {
    let Some(disk) = Tmpfs::new() else { return };
    assert_eq!(ended(command(disk.path(), "out")).0, 0);
    let before = held(disk.path());
    disk.remount("ro");
    for out in ["out", "other", "below/other"] {
        let (code, err) = ended(command_of(disk.path(), out, "1000000"));
        assert!(code == 1 && err.contains("Read-only file system") && err.contains("hint: "), "{out}: {code} {err}");
        assert!(
            err.starts_with("error: cannot write into ") || err.starts_with("error: cannot replace "),
            "{out}: only once it wrote: {err}"
        );
    }
    assert!(held(disk.path()) == before);
}

#[test]
fn a_mounted_disk_is_no_runs_folder_but_one_in_it_can_be() {
    let Some(disk) = Tmpfs::new() else { return };
    let (code, err) = ended(command(Path::new("/"), disk.path()));
    assert!(code == 2 && err.contains("a mounted disk"), "{code} {err}");
    assert_eq!(beside(disk.path(), ""), Vec::<String>::new());
    assert_eq!(ended(command(Path::new("/"), disk.path().join("out"))), (0, String::new()));
}

#[test]
fn a_folder_without_permission_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let (closed, shown, open) = (folder.path().join("closed"), folder.path().join("shown"), folder.path().join("open"));
    for path in [&closed, &shown, &open] {
        fs::create_dir(path).unwrap();
    }
    for (path, mode) in [(folder.path(), 0o755), (&closed, 0o700), (&shown, 0o755), (&open, 0o777)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let as_nobody = |out: PathBuf| {
        let mut command = command(Path::new("/"), out);
        command.uid(65534).gid(65534);
        command
    };
    if !as_nobody(open.join("out")).status().is_ok_and(|status| status.success()) {
        return skipped("root", "the program cannot be started as another user here");
    }
    let before = held(folder.path());
    for out in [closed.clone(), closed.join("out"), shown.clone(), shown.join("out")] {
        let (code, err) = ended(as_nobody(out.clone()));
        assert!(code == 1 && err.contains("Permission denied") && err.contains("hint: "), "{out:?}: {code} {err}");
    }
    assert_eq!(ended(as_nobody(open.join("out"))), (0, String::new()));
    // A run's folder that its owner closed against writing.
    for (mode, path) in [(0o555, "open/out"), (0o000, "open/out"), (0o555, "open/out/charts")] {
        let path = folder.path().join(path);
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let (code, err) = ended(as_nobody(open.join("out")));
        assert!(code == 1 && err.contains("Permission denied"), "{mode:o}: {code} {err}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    assert!(held(folder.path()).unwrap().keys().eq(before.unwrap().keys()), "nothing is left beside");
}

#[test]
fn whatever_is_in_the_way_stays_as_it_was() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["here", "mine", "nested/sub/empty", "full/other"] {
        fs::create_dir_all(at(name)).unwrap();
    }
    for (name, text) in [("file", ""), ("mine/letter.txt", "dear"), ("full/other/letter.txt", "dear")] {
        fs::write(at(name), text).unwrap();
    }
    for (to, name) in [("file", "to-file"), ("mine", "to-mine"), ("here", "to-empty"), ("nowhere", "to-nothing")] {
        symlink(to, at(name)).unwrap();
    }
    let before = held(folder.path());
    let long = "n".repeat(256);
    let outs = [
        "file",
        "file/",
        "file/out",
        "to-file",
        "to-mine",
        "to-mine/",
        "to-empty",
        "to-empty/",
        "to-empty/.",
        "to-nothing",
        "to-nothing/",
        "to-nothing/out",
        "to-file/out",
        ".",
        "./",
        "..",
        "/",
        "",
        "here/..",
        "mine",
        "mine/",
        "nested",
        "nested/sub",
        "full",
        &long,
        "../../../../../../../../..",
    ];
    for out in outs {
        let (code, err) = ended(command(&at("here"), if out.starts_with(['.', '/']) { out.into() } else { at(out) }));
        assert!(code == 2 && err.contains("found: ") && err.contains("hint: "), "{out}: {code} {err}");
        assert!(held(folder.path()) == before, "{out}: something was touched");
    }
    let (code, err) = ended(command(folder.path(), ""));
    assert!(code == 2, "{err}");
    let (code, err) = ended(command(&at("here"), at("here")));
    assert!(code == 2 && err.contains("was started in"), "{code} {err}");
    assert!(held(folder.path()) == before);
}

#[test]
fn a_hostile_forecast_json_lets_nothing_be_touched() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::write(folder.path().join("letter.txt"), "dear").unwrap();
    let list = |files: &str| format!("{{\"manifest\": {{\"files\": [{files}]}}}}").into_bytes();
    let deep = [b"{\"manifest\":".repeat(100_000), b"[".repeat(100_000)].concat();
    let mut not_utf8 = b"note-\xff.txt".to_vec();
    let strange = PathBuf::from(OsString::from_vec(std::mem::take(&mut not_utf8)));
    let refused: [(Vec<u8>, PathBuf); 12] = [
        (list("\"../letter.txt\", \"../../etc/passwd\", \"/etc/passwd\""), "note.txt".into()),
        (list("\"forecast.json\", \"forecast.json\", \"../out/note.txt\""), "note.txt".into()),
        (list("\"forecast.json\", \"/note.txt\", \"./note.txt\", \"note.txt/\""), "note.txt".into()),
        (list("\"forecast.json\", \"note-\u{fffd}.txt\""), strange),
        (list("\"forecast.json\", \"\", \"charts\""), "charts/note.txt".into()),
        (list("\"forecast.json\", \"charts/\", \"charts/../charts/note.txt\""), "charts/note.txt".into()),
        (list("\"forecast.json\", 1, \"note.txt\""), "note.txt".into()),
        (b"{\"manifest\": {\"files\": \"note.txt\"}}".to_vec(), "note.txt".into()),
        (b"not JSON".to_vec(), "note.txt".into()),
        (b"".to_vec(), "note.txt".into()),
        (deep, "note.txt".into()),
        (b"\xff\xfe\x00".to_vec(), "note.txt".into()),
    ];
    let check = |what: &str| {
        let before = held(folder.path());
        let (code, err) = ended(command(folder.path(), "out"));
        assert!(code == 2 && err.contains("lists"), "{what}: {code} {err}");
        assert!(held(folder.path()) == before, "{what}: something was touched");
        fs::remove_dir_all(&out).unwrap();
    };
    for (text, file) in refused {
        let what = format!("{:?}", String::from_utf8_lossy(&text[..text.len().min(90)]));
        fs::create_dir_all(out.join(&file).parent().unwrap()).unwrap();
        if let Err(error) = fs::write(out.join(&file), "dear") {
            skipped("names-not-utf8", &format!("{file:?} cannot be a name here: {error}"));
        }
        fs::write(out.join("forecast.json"), text).unwrap();
        check(&what);
    }
    fs::create_dir(&out).unwrap();
    fs::File::create(out.join("forecast.json")).unwrap().set_len(1 << 40).unwrap();
    fs::write(out.join("note.txt"), "dear").unwrap();
    // Not read into memory, neither by the program nor here.
    assert_eq!(ended(command(folder.path(), "out")).0, 2);
    assert_eq!(fs::metadata(out.join("forecast.json")).unwrap().len(), 1 << 40);
    fs::remove_dir_all(&out).unwrap();
    // Links and pipes are no files of a run, even where they are listed.
    let listed = list("\"forecast.json\", \"bands.csv\"");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("forecast.json"), &listed).unwrap();
    symlink("../letter.txt", out.join("bands.csv")).unwrap();
    check("a link");
    fs::create_dir(&out).unwrap();
    fs::write(folder.path().join("listing.json"), &listed).unwrap();
    symlink("../listing.json", out.join("forecast.json")).unwrap();
    check("a linked forecast.json");
    fs::create_dir(&out).unwrap();
    if Command::new("mkfifo").arg(out.join("forecast.json")).status().is_ok_and(|status| status.success()) {
        check("a pipe");
    }
    // Listed, and nothing else: the run's own, twice or not, with files missing or not.
    fs::create_dir_all(out.join("charts")).unwrap();
    fs::write(out.join("forecast.json"), list("\"forecast.json\", \"forecast.json\", \"charts/a.svg\", \"x\""))
        .unwrap();
    assert_eq!(ended(command(folder.path(), "out")), (0, String::new()));
}

#[test]
fn any_name_that_the_disk_takes_can_be_a_runs_folder() {
    let folder = TempDir::new().unwrap();
    let names = [
        b"n".repeat(255),
        b"n".repeat(240),
        b"caf\xe9".to_vec(),
        "Umsätze 2027 ☂".into(),
        b"-dash".to_vec(),
        b"a\nb".to_vec(),
    ];
    for name in names {
        let name = OsString::from_vec(name);
        for _ in 0..2 {
            let path = folder.path().join("new/parents").join(&name);
            assert_eq!(ended(command(Path::new("/"), &path)), (0, String::new()), "{name:?}");
            assert!(path.join("charts").is_dir() && path.join("forecast.json").is_file());
        }
    }
    assert_eq!(beside(&folder.path().join("new/parents"), "").len(), 6, "nothing is left beside them");
    assert_eq!(ended(command(folder.path(), "slash///")), (0, String::new()));
    assert_eq!(ended(command(folder.path(), "new/../slash/.")), (0, String::new()));
    assert_eq!(beside(folder.path(), "new"), ["slash"]);
}

#[test]
fn ctrl_c_while_files_are_written_leaves_the_old_output_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    for old in [false, true] {
        let before = held(folder.path());
        let child = start(folder.path(), "below/out", 1, "40000");
        assert!(comes(&folder.path().join("below/.out.revcast-draft/new/trials.csv")));
        signal(&child, "-INT");
        let (code, err) = waited(child);
        assert!(code == 130 && err.contains("nothing was written"), "old {old}: {code} {err}");
        assert!(held(folder.path()) == before, "old {old}: {:?}", held(folder.path()).unwrap().keys());
        assert!(start(folder.path(), "below/out", 2, "100").wait().unwrap().success());
    }
}

#[test]
fn runs_into_the_same_folder_at_once_come_one_after_the_other() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("below/out");
    let expected = [1, 2, 3].map(|seed| {
        assert!(start(folder.path(), "below/out", seed, "500").wait().unwrap().success());
        held(&out)
    });
    for _ in 0..2 {
        let runs = [1, 2, 3, 1].map(|seed| start(folder.path(), "below/out", seed, "500"));
        for run in runs {
            assert_eq!(waited(run), (0, String::new()));
        }
        let now = held(&out);
        assert!(expected.contains(&now), "one of them is there, complete");
        assert_eq!(beside(&folder.path().join("below"), "out"), Vec::<String>::new());
    }
    // One that is paused in the middle keeps its draft. Two others wait: one is stopped, the other one waits until it is free.
    let paused = start(folder.path(), "below/out", 1, "40000");
    assert!(comes(&folder.path().join("below/.out.revcast-draft/new/trials.csv")));
    signal(&paused, "-STOP");
    let mut waits = start(folder.path(), "below/out", 2, "500");
    let stopped = start(folder.path(), "below/out", 3, "500");
    sleep(Duration::from_millis(1200));
    assert!(waits.try_wait().unwrap().is_none(), "it waits");
    assert!(expected.contains(&held(&out)) && beside(&folder.path().join("below"), "out") == [".out.revcast-draft"]);
    signal(&stopped, "-INT");
    assert_eq!(waited(stopped).0, 130);
    signal(&paused, "-CONT");
    assert_eq!(waited(paused).0, 0);
    assert_eq!(waited(waits).0, 0);
    assert!(held(&out) == expected[1] && beside(&folder.path().join("below"), "out").is_empty());
}

/// A night over a folder with two small scenarios; its files lie on `out`.
fn night(scenarios: &Path, out: &Path) -> (i32, String) {
    let mut command = revcast(Path::new(env!("CARGO_MANIFEST_DIR")));
    command.args(["batch", "--chart-size", "thumb", "--trials", "200"]).arg(scenarios).arg("--out").arg(out);
    let output = command.output().expect("the program starts");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().expect("it is not killed"), String::from_utf8_lossy(&text).into_owned())
}

fn two_scenarios() -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in ["one", "two"] {
        fs::copy(minimal(), folder.path().join(name).with_extension("json")).unwrap();
    }
    folder
}

#[test]
fn a_night_on_a_full_disk_leaves_what_the_night_before_had() {
    let Some(disk) = Tmpfs::new() else { return };
    let scenarios = two_scenarios();
    assert_eq!(night(scenarios.path(), disk.path()).0, 0);
    let own = |name: &str| held(&disk.path().join(name));
    let before = ["one", "two"].map(own);
    let document = fs::read(disk.path().join("batch.json")).unwrap();
    let used = Command::new("df").args(["--output=used", "-B1k"]).arg(disk.path()).output().unwrap();
    let used: usize = String::from_utf8_lossy(&used.stdout).lines().nth(1).unwrap().trim().parse().unwrap();
    for more in [0, 4, 16, 64, 256] {
        disk.remount(&format!("size={}k", used + more));
        let (code, told) = night(scenarios.path(), disk.path());
        assert_eq!(code, 1, "{more} kB left: {told}");
        assert!(told.contains("No space left on device") || told.contains("full"), "{more} kB left: {told}");
        for (name, before) in ["one", "two"].into_iter().zip(&before) {
            assert!(own(name) == *before, "{more} kB left: {name}");
        }
        let left = beside(disk.path(), ".revcast-batch");
        assert!(left.iter().all(|name| !name.contains("draft")), "{more} kB left: {left:?}");
    }
    disk.remount("size=16m");
    assert_eq!(night(scenarios.path(), disk.path()), night(scenarios.path(), disk.path()));
    assert!(fs::read(disk.path().join("batch.json")).unwrap() != document, "what moved is told");
    assert!(!disk.path().join(".revcast-batch").exists());
}

#[test]
fn a_night_on_a_read_only_disk_is_refused_at_once() {
    let Some(disk) = Tmpfs::new() else { return };
    let scenarios = two_scenarios();
    assert_eq!(night(scenarios.path(), disk.path()).0, 0);
    let before = held(disk.path());
    disk.remount("ro");
    let (code, told) = night(scenarios.path(), disk.path());
    assert!(code == 1 && told.contains("Read-only file system") && told.contains("hint: "), "{code} {told}");
    assert!(held(disk.path()) == before);
}
