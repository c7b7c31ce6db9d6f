//! Whether a target may be replaced: only what revcast itself wrote there is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io::{BufReader, Read};
use std::path::Path;

use serde::Deserialize;

use super::platform;
use super::target::look;
use crate::cli::exit::{Doing, Failure};
use crate::documents::Kind;
use crate::report::{self, TUNING_PAGE};
use crate::units::digest;

/// No document that lists the files of a folder is larger; reading one would only fill memory.
pub(in crate::cli) const MAX_BYTES: u64 = 512 * 1024 * 1024;

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
    let documents = Kind::OF_FOLDERS.map(Kind::file);
    let listed: BTreeSet<String> =
        documents.iter().flat_map(|document| listed_files(&target.join(document), document)).collect();
    match foreign(target, "", &listed)? {
        None => Ok(()),
        Some(_) if listed.is_empty() => {
            let unread = documents.iter().find(|document| target.join(document).is_file());
            Err(refusal(
                target,
                match unread {
                    Some(document) => format!("files, and a {document} that could not be read, or does not list them"),
                    None => "files, and no forecast.json or the like that lists them".to_owned(),
                },
            ))
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

fn refusal(target: &Path, found: String) -> Failure {
    Failure::Option {
        option: format!("the run's folder {}", target.display()),
        found,
        allowed: "a folder that is absent, empty, or holds only what its own forecast.json (or sensitivity.json, comparison.json, solution.json, sweep.json, pipeline.json, history.json, fit.json, backtest.json) lists".to_owned(),
        hint: "give the run a folder of its own with --out; nothing was touched".to_owned(),
    }
}

/// What something is that is no folder of a run.
pub(in crate::cli) fn kind(found: &Metadata) -> &'static str {
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

/// What lists files: the header of a document, or a document of the form before documents had one.
#[derive(Debug, Deserialize)]
struct ListsFiles {
    manifest: Option<Manifest>,
    header: Option<Header>,
}

#[derive(Debug, Deserialize)]
struct Header {
    manifest: Manifest,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    files: BTreeSet<String>,
    #[serde(default)]
    sha256: BTreeMap<String, String>,
}

/// The files that a document lists, itself among them; none where it cannot be read or does not list itself. They are names that
/// somebody wrote: one may lead out of the folder.
pub(in crate::cli) fn listed_files(path: &Path, own: &str) -> BTreeSet<String> {
    let files = manifest(path).map(|manifest| manifest.files);
    files.filter(|files| files.contains(own)).unwrap_or_default()
}

/// The manifest of a document.
fn manifest(path: &Path) -> Option<Manifest> {
    let found = fs::symlink_metadata(path).ok()?;
    if !found.is_file() || found.len() > MAX_BYTES {
        return None;
    }
    // Read as it comes: what else stands in it need not be kept.
    let text = BufReader::new(fs::File::open(path).ok()?.take(MAX_BYTES));
    let document: ListsFiles = serde_json::from_reader(text).ok()?;
    document.header.map(|header| header.manifest).or(document.manifest)
}

/// The first file of a fit that is another than the fit wrote.
pub(super) fn edited(target: &Path) -> Option<String> {
    let written = manifest(&target.join(Kind::Fit.file()))?.sha256;
    let is_other =
        |(file, sha256): &(String, String)| fs::read(target.join(file)).is_ok_and(|bytes| digest(&bytes) != *sha256);
    written.into_iter().find(is_other).map(|(file, _)| file)
}

/// Whether a file is a page whose inputs can be moved.
pub(in crate::cli) fn is_tuning_page(path: &Path) -> bool {
    let found = fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() <= MAX_BYTES);
    found && fs::read_to_string(path).is_ok_and(|text| report::is_tuning_page(&text))
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
        } else if name == TUNING_PAGE && is_tuning_page(&entry.path()) {
            // A page that `revcast tune` put beside a run's files is made again as easily as they are.
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
