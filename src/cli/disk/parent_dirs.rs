//! The folders above a target that is to be the first in them.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use super::system::Disk;
use super::target::parent;
use crate::cli::exit::{Doing, Failure};

/// The folders above a target that were made for it; dropped, they go again.
#[derive(Debug)]
pub(super) struct ParentDirs<'a> {
    disk: &'a dyn Disk,
    made: Vec<PathBuf>,
}

impl<'a> ParentDirs<'a> {
    /// Where all are there.
    pub(super) fn none(disk: &'a dyn Disk) -> ParentDirs<'a> {
        ParentDirs { disk, made: Vec::new() }
    }

    /// Makes what is missing above `target`.
    pub(super) fn make(disk: &'a dyn Disk, target: &Path) -> Result<ParentDirs<'a>, Failure> {
        let mut parents = ParentDirs::none(disk);
        let mut missing = Vec::new();
        let mut folder = parent(target);
        while fs::metadata(&folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            missing.push(folder.clone());
            folder = parent(&folder);
        }
        for folder in missing.into_iter().rev() {
            let what = || format!("create {}", folder.display());
            match disk.create_folder(&folder) {
                // Another run made it at the same moment.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => continue,
                done => done.doing(what)?,
            }
            parents.made.push(folder.clone());
            disk.sync_folder(&parent(&folder)).doing(what)?;
        }
        Ok(parents)
    }

    /// Something was put below them: they stay.
    pub(super) fn keep(&mut self) {
        self.made.clear();
    }
}

impl Drop for ParentDirs<'_> {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // One that someone else uses by now is not empty, and stays.
            let _ = self.disk.remove_empty(folder);
        }
    }
}
