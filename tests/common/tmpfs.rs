//! A disk in memory.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::required::skipped;

/// A small disk in memory, unmounted when dropped.
#[derive(Debug)]
pub struct Tmpfs(TempDir);

impl Tmpfs {
    /// A disk of 16 MB; `None`, said aloud, where one may not mount.
    pub fn new() -> Option<Tmpfs> {
        let folder = TempDir::new().unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"]).arg(folder.path()).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Tmpfs(folder));
        }
        skipped("tmpfs", "a disk in memory is needed, and mount -t tmpfs is not allowed here");
        None
    }

    pub fn remount(&self, option: &str) {
        let options = format!("remount,{option}");
        assert!(Command::new("mount").args(["-o", &options]).arg(self.0.path()).status().unwrap().success());
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}
