//! One batch at a time works in a folder, and what it had there when it began is written down: after a crash that tells what of
//! this night is done.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::disk;
use crate::cli::exit::{Doing, Failure, refused};
use crate::cli::opened::document;
use crate::cli::render::DOCUMENT;
use crate::units::digest;

/// Its name in the folder.
const NAME: &str = ".revcast-batch";
/// How often it is tried again where another batch ended at the same moment.
const TRIES: usize = 100;

/// The batch's hold on its folder.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// Locked until the process ends, however it ends.
    file: File,
    run: BatchRun,
    /// Whether it was begun by a batch that was interrupted.
    pub(super) interrupted: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct BatchRun {
    /// What calls this night, unlike all others.
    night: String,
    /// Whether it was begun with `--resume`: what has not changed since earlier nights is done, too.
    #[serde(default)]
    skips: bool,
    /// Of each scenario the fingerprint of the forecast that was there when the night began.
    before: BTreeMap<String, Option<String>>,
}

impl Journal {
    /// Takes hold of the folder `out`, which is made where it is missing. Where another batch works there, that is an error.
    pub(super) fn open(out: &Path) -> Result<Journal, Failure> {
        fs::create_dir_all(out).doing(|| format!("create {}", out.display()))?;
        let path = out.join(NAME);
        // Opening a pipe would wait for whoever opens its other end.
        if let Some(found) = fs::symlink_metadata(&path).ok().filter(|found| !found.is_file()) {
            return Err(foreign(&path, disk::kind(&found)));
        }
        for _ in 0..TRIES {
            let what = || format!("write {}", path.display());
            let mut file =
                File::options().read(true).write(true).create(true).truncate(false).open(&path).doing(what)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Failure::Ended {
                        what: format!("cannot begin a batch in {}: another batch is at work there", out.display()),
                        hint: "wait until it has ended, or give this one another folder with --out",
                    });
                }
                Err(TryLockError::Error(error)) => return Err(error).doing(|| format!("lock {}", path.display())),
            }
            // The batch before may have removed it between our opening and our locking it.
            if !disk::names(&path, &file).unwrap_or(false) {
                continue;
            }
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).doing(|| format!("read {}", path.display()))?;
            let text = String::from_utf8_lossy(&bytes);
            const BEGINS: &str = "{\"night\"";
            if !text.starts_with(BEGINS) && !BEGINS.starts_with(&*text) {
                return Err(foreign(&path, "a file that no batch has written"));
            }
            // What was cut off when it was written belongs to a night in which nothing had been done.
            let left = serde_json::from_str::<BatchRun>(&text).ok();
            let interrupted = left.is_some();
            return Ok(Journal { path, file, run: left.unwrap_or_default(), interrupted });
        }
        let error = io::Error::other("other batches come and go there all the time");
        Err(error).doing(|| format!("lock {}", path.display()))
    }

    /// Begins a night of these scenarios, by the names of their folders.
    pub(super) fn begin<'a>(
        &mut self,
        night: String,
        skips: bool,
        out: &Path,
        scenarios: impl Iterator<Item = &'a String>,
    ) -> Result<(), Failure> {
        self.interrupted = false;
        let before = scenarios.map(|name| (name.clone(), fingerprint(out, name))).collect();
        self.run = BatchRun { night, skips, before };
        let json = serde_json::to_vec(&self.run).unwrap_or_default();
        let mut write = || {
            self.file.set_len(0)?;
            self.file.seek(SeekFrom::Start(0))?;
            self.file.write_all(&json)?;
            self.file.sync_all()
        };
        write().doing(|| format!("write {}", self.path.display()))
    }

    /// What this night is called.
    pub(super) fn night(&self) -> &str {
        &self.run.night
    }

    /// Whether this night skips what has not changed since earlier nights.
    pub(super) fn skips(&self) -> bool {
        self.run.skips
    }

    /// Whether a scenario's forecast is another than when the night began.
    pub(super) fn has_done(&self, out: &Path, name: &str) -> bool {
        let now = fingerprint(out, name);
        now.is_some() && self.run.before.get(name).is_none_or(|before| *before != now)
    }

    /// Ends the night: nothing is left to be gone on with.
    pub(super) fn end(self) -> Result<(), Failure> {
        fs::remove_file(&self.path).doing(|| format!("remove {}", self.path.display()))
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // A folder in which nothing was begun is left as it was.
        if self.run.night.is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// What lies where the journal should, and is none.
fn foreign(path: &Path, found: &str) -> Failure {
    refused(
        &path.display().to_string(),
        found,
        "nothing of that name, or what a batch left there",
        "move it away, or give the batch another folder with --out; nothing was touched",
    )
}

/// SHA-256 of a scenario's forecast; `None` where there is none.
fn fingerprint(out: &Path, name: &str) -> Option<String> {
    let bytes = document(&out.join(name).join(DOCUMENT)).ok()?;
    Some(digest(&bytes))
}
