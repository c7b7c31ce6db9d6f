//! The path that something is to be written to: its name, the folders above it, and what lies there.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::cli::exit::Failure;

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

fn impossible(target: &Path, found: String) -> Failure {
    Failure::Option {
        option: target.display().to_string(),
        found,
        allowed: "a path that ends with a name, below a folder that exists or can be made".to_owned(),
        hint: "give another path; nothing was touched".to_owned(),
    }
}
