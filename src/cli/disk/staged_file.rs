//! A file on its way to disk.

use std::fs::File;
use std::io::{self, Write};

use super::system::Disk;
use crate::engine::Monitor;

/// A file being written; Ctrl-C ends it early. It remembers what the disk said, of which a table's writer passes on less.
#[derive(Debug)]
pub(in crate::cli) struct StagedFile<'a> {
    disk: &'a dyn Disk,
    monitor: &'a Monitor,
    pub(super) file: File,
    pub(super) failed: Option<io::Error>,
}

impl<'a> StagedFile<'a> {
    pub(super) fn new(disk: &'a dyn Disk, monitor: &'a Monitor, file: File) -> StagedFile<'a> {
        StagedFile { disk, monitor, file, failed: None }
    }
}

impl Write for StagedFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.monitor.stopped() {
            return Err(io::Error::other("stopped"));
        }
        self.disk.write(&mut self.file, bytes).inspect_err(|error| {
            if error.kind() != io::ErrorKind::Interrupted {
                self.failed =
                    Some(error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error));
            }
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
