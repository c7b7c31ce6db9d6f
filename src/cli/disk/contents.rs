//! What a target holds: may it be replaced?

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::platform;
use super::system::System;
use super::workshop::Workshop;
use crate::cli::exit::{Doing, Failure};

/// The documents that list the files of a folder.
const DOCUMENTS: [&str; 6] =
    ["forecast.json", "sensitivity.json", "comparison.json", "solution.json", "sweep.json", "history.json"];
/// None of them is larger; reading one would only fill memory.
pub(in crate::cli) const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// Before a run: puts right what a killed one left at `target`, then checks that it may be replaced and its parent written to.
/// Nothing is touched where it may not.
pub(in crate::cli) fn check(target: &Path) -> Result<(), Failure> {
    let target = named(target)?;
    // The disk refuses before hours of trials, not after.
    let base = existing_parent(&target)?;
    Workshop::recover(&System, &target)?;
    replaceable(&target)?;
    platform::writable(&base).doing(|| format!("write into {}", base.display()))
}

/// Puts right what a killed run left at a file that it was to write.
pub(in crate::cli) fn recover(target: &Path) -> Result<(), Failure> {
    Workshop::recover(&System, target)
}

/// A target without trailing slash or dot, so that a symbolic link is seen as one. It must end with a name.
pub(super) fn named(target: &Path) -> Result<PathBuf, Failure> {
    let target: PathBuf = target.components().collect();
    match target.components().next_back() {
        Some(Component::Normal(_)) => Ok(target),
        _ => Err(impossible(&target, "a path that does not end with a name".to_owned())),
    }
}

/// The folder that holds `target`.
pub(super) fn parent(target: &Path) -> PathBuf {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The nearest folder above `target` that exists.
pub(super) fn existing_parent(target: &Path) -> Result<PathBuf, Failure> {
    let mut folder = parent(target);
    loop {
        match fs::metadata(&folder) {
            Ok(found) if found.is_dir() => return Ok(folder),
            Ok(_) => return Err(impossible(target, format!("{}, which is no folder", folder.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if fs::symlink_metadata(&folder).is_ok() {
                    return Err(impossible(
                        target,
                        format!("{}, a symbolic link that leads nowhere", folder.display()),
                    ));
                }
                folder = parent(&folder);
            }
            Err(error) => return Err(unseen(target, &folder, error)),
        }
    }
}

/// Checks that `target` may be replaced: absent, empty, or holding only what its own forecast.json lists.
pub(super) fn replaceable(target: &Path) -> Result<(), Failure> {
    let Some(found) = look(target)? else { return Ok(()) };
    if !found.is_dir() {
        return Err(refusal(target, kind(&found).to_owned()));
    }
    if platform::mounted(target) {
        return Err(refusal(target, "a mounted disk, which cannot be replaced as a whole".to_owned()));
    }
    if stands_in(target) {
        return Err(refusal(target, "the folder that this command was started in".to_owned()));
    }
    let listed: BTreeSet<String> =
        DOCUMENTS.iter().flat_map(|document| listed_files(&target.join(document), document)).collect();
    match foreign(target, "", &listed)? {
        None => Ok(()),
        Some(_) if listed.is_empty() => {
            Err(refusal(target, "files, and no forecast.json or the like that lists them".to_owned()))
        }
        Some(file) => match open_elsewhere(target, &listed) {
            Some(open) => Err(Failure::Option {
                option: format!("the run's folder {}", target.display()),
                found: format!("{open}, which is open in another program"),
                allowed: "files that nobody has open".to_owned(),
                hint: "close it there, or give the run another folder with --out; nothing was touched".to_owned(),
            }),
            None => Err(refusal(target, file)),
        },
    }
}

/// The listed file beside which a spreadsheet program has put the file by which it says that it is open.
fn open_elsewhere(target: &Path, listed: &BTreeSet<String>) -> Option<String> {
    let locks = |file: &str| [format!("~${file}"), format!(".~lock.{file}#")];
    listed.iter().find(|file| locks(file).iter().any(|lock| target.join(lock).exists())).cloned()
}

/// What lies at `target`; `None` where nothing does.
pub(super) fn look(target: &Path) -> Result<Option<Metadata>, Failure> {
    match fs::symlink_metadata(target) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unseen(target, target, error)),
    }
}

/// `path`, which cannot be looked at: its name is impossible, or the disk does not let us.
fn unseen(target: &Path, path: &Path, error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::NotADirectory => impossible(target, "a path that leads through a file".to_owned()),
        io::ErrorKind::InvalidFilename => impossible(target, "a name that is longer than the disk allows".to_owned()),
        _ => Failure::Disk { what: format!("look at {}", path.display()), error },
    }
}

fn refusal(target: &Path, found: String) -> Failure {
    Failure::Option {
        option: format!("the run's folder {}", target.display()),
        found,
        allowed: "a folder that is absent, empty, or holds only what its own forecast.json (or sensitivity.json, comparison.json, solution.json, sweep.json, history.json) lists".to_owned(),
        hint: "give the run a folder of its own with --out; nothing was touched".to_owned(),
    }
}

fn impossible(target: &Path, found: String) -> Failure {
    Failure::Option {
        option: target.display().to_string(),
        found,
        allowed: "a path that ends with a name, below a folder that exists or can be made".to_owned(),
        hint: "give another path; nothing was touched".to_owned(),
    }
}

fn kind(found: &Metadata) -> &'static str {
    if found.is_symlink() {
        "a symbolic link"
    } else if found.is_file() {
        "a file"
    } else {
        "something that is neither folder nor file"
    }
}

/// Whether the program was started in `target` or below: swapped out, its own folder would be gone under the user's feet.
fn stands_in(target: &Path) -> bool {
    match (std::env::current_dir(), fs::canonicalize(target)) {
        (Ok(here), Ok(target)) => here.starts_with(target),
        _ => false,
    }
}

#[derive(Debug, Deserialize)]
struct Document {
    manifest: Manifest,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    files: BTreeSet<String>,
}

/// The files that a document lists, itself among them; none where it cannot be read or does not list itself. The names are only
/// ever compared, never opened.
fn listed_files(path: &Path, own: &str) -> BTreeSet<String> {
    let read = || -> Option<BTreeSet<String>> {
        let found = fs::symlink_metadata(path).ok()?;
        if !found.is_file() || found.len() > MOST_BYTES {
            return None;
        }
        let mut text = Vec::new();
        fs::File::open(path).ok()?.take(MOST_BYTES).read_to_end(&mut text).ok()?;
        let document: Document = serde_json::from_slice(&text).ok()?;
        Some(document.manifest.files).filter(|files| files.contains(own))
    };
    read().unwrap_or_default()
}

/// The names of the scenarios in the document of a night; `None` where there is none. What is none of ours is never replaced.
pub(in crate::cli) fn night_before(document: &Path) -> Result<Option<Vec<String>>, Failure> {
    #[derive(Deserialize)]
    struct Night {
        scenarios: Vec<Named>,
    }
    #[derive(Deserialize)]
    struct Named {
        scenario: String,
    }
    Workshop::recover(&System, document)?;
    let Some(found) = look(document)? else { return Ok(None) };
    let name = document.file_name().unwrap_or_default().to_string_lossy();
    let night = || -> Option<Night> {
        if !found.is_file() || !listed_files(document, &name).contains(&*name) {
            return None;
        }
        serde_json::from_slice(&fs::read(document).ok()?).ok()
    };
    match night() {
        Some(night) => Ok(Some(night.scenarios.into_iter().map(|named| named.scenario).collect())),
        None => Err(Failure::Option {
            option: document.display().to_string(),
            found: "something that no batch has written, or that was changed since".to_owned(),
            allowed: "nothing of that name, or what the batch before has written".to_owned(),
            hint: "move it away, or give the batch another folder with --out; nothing was touched".to_owned(),
        }),
    }
}

/// The first thing in a folder that is not `listed`; folders that hold nothing listed are not entered.
fn foreign(folder: &Path, prefix: &str, listed: &BTreeSet<String>) -> Result<Option<String>, Failure> {
    let what = || format!("list {}", folder.display());
    for entry in fs::read_dir(folder).doing(what)? {
        let entry = entry.doing(what)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let found = entry.metadata().doing(what)?;
        if found.is_dir() {
            let inside = format!("{name}/");
            if !listed.iter().any(|file| file.starts_with(&inside)) {
                return Ok(Some(format!("{inside}, which no forecast.json or the like in it lists")));
            }
            if let Some(file) = foreign(&entry.path(), &inside, listed)? {
                return Ok(Some(file));
            }
        } else if entry.file_name().to_str().is_none() || !listed.contains(&name) {
            return Ok(Some(format!("{name}, which no forecast.json or the like in it lists")));
        } else if !found.is_file() {
            return Ok(Some(format!("{name}, {} where a file should be", kind(&found))));
        }
    }
    // A folder that its owner made read-only shall stay.
    platform::writable(folder).doing(|| format!("replace {}", folder.display()))?;
    Ok(None)
}
