//! A run's folder: its files appear together or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::replaceable::replaceable;
use super::staged_file::StagedFile;
use super::staging::Staging;
use super::system::{Disk, System};
use super::target::{named, parent};
use crate::cli::exit::{Doing, Failure};
use crate::engine::Monitor;

/// A folder being written. Dropped before it is finished, it leaves nothing.
#[derive(Debug)]
pub(in crate::cli) struct Folder<'a> {
    disk: &'a dyn Disk,
    monitor: &'a Monitor,
    target: PathBuf,
    draft: PathBuf,
    /// Folders of the draft, each after those above it.
    folders: Vec<PathBuf>,
    /// Files of the draft that are written, but perhaps not yet on disk.
    files: Vec<(PathBuf, File)>,
    staging: Staging<'a>,
}

impl<'a> Folder<'a> {
    /// Starts a draft of what shall be at `target`, once no other run writes there.
    pub(in crate::cli) fn begin(target: &Path, monitor: &'a Monitor) -> Result<Folder<'a>, Failure> {
        Folder::begin_on(&System, target, monitor)
    }

    pub(super) fn begin_on(disk: &'a dyn Disk, target: &Path, monitor: &'a Monitor) -> Result<Folder<'a>, Failure> {
        let target = named(target)?;
        let staging = Staging::enter(disk, &target, monitor)?;
        replaceable(&target)?;
        let draft = staging.draft();
        let mut folder =
            Folder { disk, monitor, target, draft: draft.clone(), folders: Vec::new(), files: Vec::new(), staging };
        folder.create_folder(&draft)?;
        Ok(folder)
    }

    /// Writes a file of the run.
    pub(in crate::cli) fn write(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut BufWriter<StagedFile<'_>>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let path = self.draft.join(name);
        let shown = self.target.join(name);
        let what = || format!("write {}", shown.display());
        self.create_folder(&parent(&path))?;
        let file = self.disk.create_file(&path).doing(what)?;
        let mut out = BufWriter::new(StagedFile::new(self.disk, self.monitor, file));
        let filled = fill(&mut out);
        let flushed = out.flush();
        let (page, _) = out.into_parts();
        if self.monitor.stopped() {
            return Err(Failure::Stopped);
        }
        // What the disk said comes before what became of it on the way through a table's writer.
        page.failed.map_or(Ok(()), Err).doing(what)?;
        filled?;
        flushed.doing(what)?;
        self.files.push((shown, page.file));
        Ok(())
    }

    /// Writes bytes as a file of the run.
    pub(in crate::cli) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let what = format!("write {}", self.target.join(name).display());
        self.write(name, |out| out.write_all(bytes).doing(|| what))
    }

    /// Waits until the draft is on disk, and puts it in the target's place.
    pub(in crate::cli) fn finish(mut self) -> Result<(), Failure> {
        for (path, file) in std::mem::take(&mut self.files) {
            self.disk.sync_file(&file).doing(|| format!("write {}", path.display()))?;
        }
        let what = || format!("put {} in place", self.target.display());
        for folder in self.folders.iter().rev() {
            self.disk.sync_folder(folder).doing(what)?;
        }
        if self.monitor.stopped() {
            return Err(Failure::Stopped);
        }
        // Someone may have put a file of his own there since the run began.
        replaceable(&self.target)?;
        self.staging.put_in_place().doing(what)?;
        self.disk
            .sync_folder(&parent(&self.target))
            .doing(|| format!("be sure that {}, which is in place, would outlast a power cut", self.target.display()))
    }

    fn create_folder(&mut self, folder: &Path) -> Result<(), Failure> {
        if !self.folders.iter().any(|known| known == folder) {
            self.disk.create_folder(folder).doing(|| format!("create {}", folder.display()))?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }
}
