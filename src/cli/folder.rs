//! A run's folder: its files appear together or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::exit::{Doing, Failure};

/// A folder being written: a hidden sibling of the one it will become.
#[derive(Debug)]
pub(super) struct Folder {
    target: PathBuf,
    draft: PathBuf,
    finished: bool,
}

/// Checks that `target` may be replaced: absent, empty, or holding only what its own forecast.json lists.
pub(super) fn check(target: &Path) -> Result<(), Failure> {
    let refuse = |found: String| {
        Err(Failure::Option {
            option: format!("the run's folder {}", target.display()),
            found,
            allowed: "a folder that is absent, empty, or holds only what its own forecast.json lists".to_owned(),
            hint: "give the run a folder of its own with --out".to_owned(),
        })
    };
    let kind = match fs::symlink_metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).doing(|| format!("look at {}", target.display())),
        Ok(metadata) => metadata.file_type(),
    };
    if !kind.is_dir() {
        return refuse(if kind.is_symlink() {
            "a symbolic link".to_owned()
        } else {
            "something that is no folder".to_owned()
        });
    }
    let mut present = BTreeSet::new();
    list(target, "", &mut present).doing(|| format!("list {}", target.display()))?;
    if present.is_empty() {
        return Ok(());
    }
    let listed = listed_files(&target.join("forecast.json"));
    match present.iter().find(|file| !listed.contains(*file)) {
        None => Ok(()),
        Some(_) if listed.is_empty() => refuse("files, and no forecast.json that lists them".to_owned()),
        Some(file) => refuse(format!("{file}, which its forecast.json does not list")),
    }
}

/// The files that a forecast.json lists; none where it cannot be read.
fn listed_files(path: &Path) -> BTreeSet<String> {
    let read = || -> Option<BTreeSet<String>> {
        let document: serde_json::Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let files = document.get("manifest")?.get("files")?.as_array()?;
        files.iter().map(|file| Some(file.as_str()?.to_owned())).collect()
    };
    read().unwrap_or_default()
}

/// Files below a folder with / between the parts; a folder without files counts as itself.
fn list(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            let before = found.len();
            list(&entry.path(), &format!("{name}/"), found)?;
            if found.len() == before {
                found.insert(format!("{name}/"));
            }
        } else {
            found.insert(name);
        }
    }
    Ok(())
}

impl Folder {
    /// Starts a draft beside `target`.
    pub(super) fn begin(target: &Path) -> Result<Folder, Failure> {
        let parent = parent(target);
        fs::create_dir_all(&parent).doing(|| format!("create {}", parent.display()))?;
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let draft = parent.join(format!(".{name}.revcast-{}", std::process::id()));
        if draft.exists() {
            fs::remove_dir_all(&draft).doing(|| format!("remove {}", draft.display()))?;
        }
        fs::create_dir(&draft).doing(|| format!("create {}", draft.display()))?;
        Ok(Folder { target: target.to_owned(), draft, finished: false })
    }

    /// Writes a file of the run and waits until it is on disk.
    pub(super) fn write(
        &self,
        name: &str,
        fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let path = self.draft.join(name);
        let what = || format!("write {}", self.target.join(name).display());
        fs::create_dir_all(parent(&path)).doing(what)?;
        let mut out = BufWriter::new(File::create(&path).doing(what)?);
        fill(&mut out)?;
        out.flush().doing(what)?;
        out.get_ref().sync_all().doing(what)
    }

    /// Writes bytes as a file of the run.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.write(name, |out| out.write_all(bytes).doing(|| format!("write {}", self.target.join(name).display())))
    }

    /// Puts the draft in the target's place.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        check(&self.target)?;
        let what = || format!("put {} in place", self.target.display());
        sync_folders(&self.draft).doing(what)?;
        if self.target.exists() {
            let old = self.draft.with_extension("old");
            fs::rename(&self.target, &old).doing(what)?;
            if let Err(error) = fs::rename(&self.draft, &self.target) {
                // Back to where it was; the draft goes when this is dropped.
                fs::rename(&old, &self.target).doing(what)?;
                return Err(error).doing(what);
            }
            self.finished = true;
            fs::remove_dir_all(&old).doing(|| format!("remove {}", old.display()))?;
        } else {
            fs::rename(&self.draft, &self.target).doing(what)?;
            self.finished = true;
        }
        sync(&parent(&self.target)).doing(what)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.finished {
            // Whatever stopped the run is what should be reported.
            let _ = fs::remove_dir_all(&self.draft);
        }
    }
}

/// Writes one new file, never over another.
pub(super) fn place(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = match File::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(Failure::Option {
                option: path.display().to_string(),
                found: "a file of that name".to_owned(),
                allowed: "a name that is free".to_owned(),
                hint: "nothing is ever written over a file of yours".to_owned(),
            });
        }
        created => created.doing(|| format!("create {}", path.display()))?,
    };
    file.write_all(bytes).and_then(|()| file.sync_all()).doing(|| format!("write {}", path.display()))
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    sync(folder)
}

/// A folder's entries are on disk once the folder itself is synchronised; only Unix lets one do that.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
