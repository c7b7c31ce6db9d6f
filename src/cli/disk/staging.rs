//! The staging folder: a hidden folder beside a target, in which one run at a time makes what it will put there.
//!
//! For `DIR` it is `.DIR.revcast-draft`. It holds `revcast.lock`, locked as long as its run lives; `new`, the draft; and for a
//! moment, on systems that cannot swap two folders, `old`, which was in the target. It goes with its run; what a killed run
//! left goes at the next start, and an `old` whose place is empty goes back there first.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::parent_dirs::ParentDirs;
use super::platform;
use super::replaceable::replaceable;
use super::system::Disk;
use super::target::{look, parent};
use crate::cli::exit::{Doing, Failure};
use crate::cli::progress::note;
use crate::engine::Monitor;
use crate::units::digest;

const LOCK: &str = "revcast.lock";
const NEW: &str = "new";
const OLD: &str = "old";
/// What the lock says to whoever finds it.
const MARK: &[u8] = b"A draft of revcast. It goes when its run ends, or at the next run into the same place.\n";
/// Names up to here keep their name in the staging folder's; with more, that might be longer than a disk allows.
const READABLE: usize = 100;
/// How long a run waits for another one that writes to the same place.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often a run tries again where another one came or went at the same moment.
const TRIES: usize = 1000;

/// The hidden folder beside a target, locked by this run.
#[derive(Debug)]
pub(super) struct Staging<'a> {
    disk: &'a dyn Disk,
    target: PathBuf,
    folder: PathBuf,
    /// Held until the process ends, however it ends.
    lock: File,
    /// Above the target and made for it: they go again, unless something is put in place.
    parents: ParentDirs<'a>,
}

/// Where the staging folder of a target stands.
fn place(target: &Path) -> PathBuf {
    hidden(target, "draft")
}

/// The file whose draft is made in a folder of this name.
pub(in crate::cli) fn drafted(folder: &str) -> Option<&str> {
    folder.strip_prefix('.')?.strip_suffix(".revcast-draft")
}

/// Where the parts of a run are kept that is to write the folder `target` in the end.
pub(in crate::cli) fn parts(target: &Path) -> PathBuf {
    // Without a trailing slash, which no folder's name has.
    hidden(&target.components().collect::<PathBuf>(), "parts")
}

/// The hidden folder beside a target that is for a `purpose`.
fn hidden(target: &Path, purpose: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default();
    let bytes = name.as_encoded_bytes();
    if bytes.len() <= READABLE {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".revcast-{purpose}"));
        return target.with_file_name(hidden);
    }
    target.with_file_name(format!(".revcast-{purpose}.{:.32}", digest(bytes)))
}

impl<'a> Staging<'a> {
    /// Enters the staging folder of `target`, once no other run is in it, and clears what a killed run left.
    pub(super) fn enter(disk: &'a dyn Disk, target: &Path, monitor: &Monitor) -> Result<Staging<'a>, Failure> {
        let start = Instant::now();
        let mut told = false;
        let mut parents = ParentDirs::make(disk, target)?;
        loop {
            if monitor.stopped() {
                return Err(Failure::Stopped);
            }
            match Staging::try_enter(disk, target, parents)? {
                Entry::Free(staging) => {
                    staging.clear()?;
                    return Ok(staging);
                }
                Entry::Taken(kept) => parents = kept,
            }
            if start.elapsed() > PATIENCE {
                let error = io::Error::other("another run has been writing there for ten minutes");
                return Err(error).doing(|| format!("write to {}", target.display()));
            }
            if !told && start.elapsed() > Duration::from_secs(2) {
                note(&format!("waiting for another run that writes to {}", target.display()));
                told = true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Puts right what a killed run left at `target`. Where there is nothing, or its run still lives, nothing is touched.
    pub(super) fn recover(disk: &'a dyn Disk, target: &Path) -> Result<(), Failure> {
        if look(&place(target))?.is_none() {
            return Ok(());
        }
        match Staging::try_enter(disk, target, ParentDirs::none(disk))? {
            Entry::Free(staging) => staging.clear(),
            Entry::Taken(_) => Ok(()),
        }
    }

    fn try_enter(disk: &'a dyn Disk, target: &Path, parents: ParentDirs<'a>) -> Result<Entry<'a>, Failure> {
        let folder = place(target);
        let path = folder.join(LOCK);
        for attempt in 0..TRIES {
            match disk.create_folder(&folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(error).doing(|| format!("create {}", folder.display()));
                }
                _ => {}
            }
            if let Some(found) = foreign_file(&folder)? {
                // Some disks list what another run is just removing.
                if attempt < 3 {
                    std::thread::sleep(Duration::from_millis(5));
                    continue;
                }
                return Err(in_the_way(&folder, &found));
            }
            let mut lock = match disk.open_lock(&path) {
                // Its run left and took the folder along.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    // Only an empty folder goes: one that was made just now.
                    let _ = disk.remove_empty(&folder);
                    return Err(error).doing(|| format!("create {}", path.display()));
                }
                Ok(lock) => lock,
            };
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Entry::Taken(parents)),
                // A disk without locks, such as some network drives: two runs could not be kept apart.
                Err(TryLockError::Error(error)) => {
                    let _ = disk.remove(&path).and_then(|()| disk.remove_empty(&folder));
                    return Err(error).doing(|| format!("lock {}", path.display()));
                }
            }
            // The run before may have removed the lock between our opening and our locking it.
            if !platform::names(&path, &lock).unwrap_or(false) {
                continue;
            }
            let mut mark = Vec::new();
            (&lock).take(MARK.len() as u64 + 1).read_to_end(&mut mark).doing(|| format!("read {}", path.display()))?;
            // A run that was killed here left it short.
            if !MARK.starts_with(&mark) {
                return Err(in_the_way(&folder, LOCK));
            }
            let missing = disk.write(&mut lock, &MARK[mark.len()..]);
            let staging = Staging { disk, target: target.to_owned(), folder, lock, parents };
            missing.doing(|| format!("write {}", path.display()))?;
            return Ok(Entry::Free(staging));
        }
        let error = io::Error::other("other runs come and go there all the time");
        Err(error).doing(|| format!("lock {}", path.display()))
    }

    /// Where the draft is made.
    pub(super) fn draft(&self) -> PathBuf {
        self.folder.join(NEW)
    }

    /// Puts the draft where nothing is; never in the place of anything.
    pub(super) fn put_where_nothing_is(&mut self) -> io::Result<()> {
        self.disk.rename(&self.draft(), &self.target)?;
        self.parents.keep();
        Ok(())
    }

    /// Swaps the draft with what the target holds, or puts it where nothing is.
    pub(super) fn put_in_place(&mut self) -> io::Result<()> {
        if fs::symlink_metadata(&self.target).is_err() {
            return self.put_where_nothing_is();
        }
        let (draft, old) = (self.draft(), self.folder.join(OLD));
        match self.disk.exchange(&draft, &self.target) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
            done => return done,
        }
        self.disk.rename(&self.target, &old)?;
        // Should the power fail now, the old output must be found.
        self.disk
            .sync_folder(&self.folder)
            .and_then(|()| self.disk.sync_folder(&parent(&self.target)))
            .and_then(|()| self.disk.rename(&draft, &self.target))
            .inspect_err(|_| {
                // If this fails too, the old output stays in the staging folder, and the next run puts it back.
                let _ = self.disk.rename(&old, &self.target);
            })
    }

    /// Removes the draft, or what it replaced. An `old` whose place is empty goes back there first.
    pub(super) fn clear(&self) -> Result<(), Failure> {
        let (new, old) = (self.draft(), self.folder.join(OLD));
        if look(&old)?.is_some() {
            let found = look(&self.target)?;
            // The draft still here: its run ended between the two renames, and whatever is in the target came later.
            if found.is_some() && look(&new)?.is_some() {
                replaceable(&self.target)?;
            }
            if found.is_none() {
                let what = || format!("put {} back to {}", old.display(), self.target.display());
                self.disk.rename(&old, &self.target).doing(what)?;
                self.disk.sync_folder(&parent(&self.target)).doing(what)?;
            }
        }
        self.remove(&new)?;
        if look(&old)?.is_some() {
            // Half removed it must never be taken for an output that can go back.
            self.disk.rename(&old, &new).doing(|| format!("remove {}", old.display()))?;
            self.remove(&new)?;
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<(), Failure> {
        match look(path)? {
            Some(_) => self.disk.remove(path).doing(|| format!("remove {}, which a run left", path.display())),
            None => Ok(()),
        }
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        // Whatever stopped the run is what should be reported; and a run whose output is in place did not fail. What cannot be
        // removed now keeps its lock file, so that the next run knows it.
        if self.clear().is_ok() && self.disk.remove(&self.folder.join(LOCK)).is_ok() {
            let _ = self.disk.remove_empty(&self.folder);
        }
        let _ = self.lock.unlock();
    }
}

/// A staging folder, as it was found.
enum Entry<'a> {
    /// No other run is in it.
    Free(Staging<'a>),
    /// Another run is in it.
    Taken(ParentDirs<'a>),
}

/// The first file that no run put into a folder with a staging folder's name; `None` where there is none, or no such folder any more.
fn foreign_file(folder: &Path) -> Result<Option<String>, Failure> {
    match look(folder)? {
        None => return Ok(None),
        Some(found) if !found.is_dir() => return Ok(Some("no folder".to_owned())),
        Some(_) => {}
    }
    let (mut locked, mut others) = (false, false);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        entries => entries.doing(|| format!("list {}", folder.display()))?,
    };
    for entry in entries {
        let entry = entry.doing(|| format!("list {}", folder.display()))?;
        match entry.file_name().to_str() {
            Some(LOCK) if entry.file_type().is_ok_and(|kind| kind.is_file()) => locked = true,
            Some(NEW | OLD) => others = true,
            _ => return Ok(Some(entry.file_name().to_string_lossy().into_owned())),
        }
    }
    Ok((others && !locked).then(|| format!("no {LOCK}")))
}

fn in_the_way(folder: &Path, found: &str) -> Failure {
    Failure::Option {
        option: format!("the draft's folder {}", folder.display()),
        found: format!("{found}: this is not of revcast's making"),
        allowed: "nothing of that name, or what an earlier run left".to_owned(),
        hint: "move it away, or give the run another folder with --out; nothing was touched".to_owned(),
    }
}
