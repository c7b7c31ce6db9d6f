//! The scenarios that a batch is of.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::exit::{Doing, Failure};
use crate::cli::opened::open_up_to;
use crate::cli::scenario_source::series;
use crate::documents::Kind;

/// The document of a batch, in its folder.
pub(super) const DOCUMENT: &str = Kind::Batch.file();
/// The history of all batches in a folder, beside it.
pub(super) const HISTORY: &str = "history.sqlite";

/// No list of scenarios has more bytes.
const MAX_LIST_BYTES: u64 = 16 * 1024 * 1024;

/// A scenario of the batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its series, which names its folder.
    pub(super) name: String,
    pub(super) file: PathBuf,
}

/// The scenarios that the paths name, in the order of their names: all of a folder, those that match a pattern, those that a list
/// holds one a line, or files themselves.
pub(super) fn scenarios(paths: &[PathBuf]) -> Result<Vec<Listed>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        files.extend(named(path)?);
    }
    let mut found: BTreeMap<String, Listed> = BTreeMap::new();
    for file in files {
        let name = series(&file);
        if is_taken(&name) {
            return Err(refused(
                &file,
                format!("a scenario called {name}, which is the name of a file of the batch itself"),
                "any other name",
                "rename it: its name is that of its folder",
            ));
        }
        // Some disks take names for the same that differ in case.
        let key = name.to_lowercase();
        match found.get(&key) {
            Some(same) if same.file == file => {}
            Some(other) => {
                return Err(refused(
                    &file,
                    format!("a second scenario called {name}: {}", other.file.display()),
                    "names that differ, in more than upper and lower case: each names a folder",
                    "rename one of them, or run them as two batches with another --out",
                ));
            }
            None => {
                found.insert(key, Listed { name, file });
            }
        }
    }
    Ok(found.into_values().collect())
}

/// Whether a name is that of something that lies beside the scenarios' folders.
fn is_taken(name: &str) -> bool {
    let name = name.to_lowercase();
    name == DOCUMENT || name.starts_with(HISTORY) || name.starts_with('.')
}

/// The files that one path names.
fn named(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if path.is_dir() {
        let files = of_folder(path)?;
        return if files.is_empty() { Err(empty(path, "a folder without scenarios (*.json)")) } else { Ok(files) };
    }
    if !path.exists() && path.to_string_lossy().contains(['*', '?', '[']) {
        return matching(path);
    }
    if !path.exists() {
        return Err(empty(path, "no such file or folder"));
    }
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        return Ok(vec![path.to_owned()]);
    }
    of_list(path)
}

fn of_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let what = || format!("list {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).doing(what)? {
        let path = entry.doing(what)?.path();
        if is_scenario(&path) {
            files.push(path);
        }
    }
    Ok(files)
}

/// Whether a file found by itself is taken for a scenario: hidden ones and schemas are not. A link that leads nowhere is: it must be missed.
fn is_scenario(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.ends_with(".json") && !name.ends_with(".schema.json") && !name.starts_with('.') && !path.is_dir()
}

fn matching(pattern: &Path) -> Result<Vec<PathBuf>, Failure> {
    let text = pattern.to_string_lossy();
    let found = glob::glob(&text).map_err(|error| {
        refused(pattern, format!("no pattern: {error}"), "a pattern such as 'scenarios/*.json'", "put it into quotes")
    })?;
    let files: Vec<PathBuf> = found.flatten().filter(|path| is_scenario(path)).collect();
    if files.is_empty() { Err(empty(pattern, "a pattern that no scenario matches")) } else { Ok(files) }
}

/// One path a line, relative to the list; empty lines and those that begin with # are passed over.
fn of_list(list: &Path) -> Result<Vec<PathBuf>, Failure> {
    let text = open_up_to(list, MAX_LIST_BYTES).doing(|| format!("read {}", list.display()))?;
    let Ok(text) = String::from_utf8(text) else {
        return Err(refused(list, "bytes that are no text".to_owned(), "a list of scenario files, one a line", ""));
    };
    let lines = text.trim_start_matches('\u{FEFF}').lines().map(str::trim);
    let home = list.parent().unwrap_or(Path::new(""));
    let files: Vec<PathBuf> =
        lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| home.join(line)).collect();
    if files.is_empty() { Err(empty(list, "a list without scenarios")) } else { Ok(files) }
}

fn empty(path: &Path, found: &str) -> Failure {
    refused(
        path,
        found.to_owned(),
        "a folder with scenarios, a pattern in quotes, a list of files (one a line), or scenario files",
        "nothing was run",
    )
}

fn refused(path: &Path, found: String, allowed: &str, hint: &str) -> Failure {
    Failure::Option { option: path.display().to_string(), found, allowed: allowed.to_owned(), hint: hint.to_owned() }
}
