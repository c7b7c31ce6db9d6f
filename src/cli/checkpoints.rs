//! Checkpoints of a long run, whose trials are written down in parts while they are played: `revcast run --resume`.
//!
//! The parts are shards, in a hidden folder beside the one for the results. A part is there whole or not at all; those that are
//! there are not played again, whoever was killed when. In the end they are read as `revcast merge` reads shards, and go.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::disk;
use super::exit::{Doing, Failure};
use super::forecast_command::{Prepared, Request};
use super::history_recorder::HistoryRecorder;
use super::limits::warn_if_long;
use super::progress::note;
use super::scenario_source::Plan;
use super::session::Session;
use crate::documents::{Manifest, file_name};
use crate::engine::{self, SimulationScope, Trials};
use crate::model::Model;
use crate::shards::{self, Merged, Portion, ShardManifest};

/// Locked by whoever is at work on the parts.
const LOCK: &str = "revcast.lock";
/// The name of a part: K-of-N.shard.
const OF: &str = "-of-";
const ENDING: &str = ".shard";
/// What a part holds: about so many bytes of outcomes, or what one core plays in so many seconds.
const BYTES: f64 = 32.0 * 1024.0 * 1024.0;
const SECONDS: f64 = 5.0;

/// The folder of a run's parts, locked.
struct Parts {
    folder: PathBuf,
    about: ShardManifest,
    /// Held until the process ends, however it ends.
    lock: File,
}

/// Plays the parts that are still missing, then answers the request from all of them.
pub(super) fn answer(request: &Request, prepared: &Prepared, recorder: &HistoryRecorder) -> Result<ExitCode, Failure> {
    let Request { plan, series, what_if, precision, output, .. } = request;
    let Plan { scenario, model } = plan;
    let manifest = Manifest::of(scenario, model);
    let portions = portions(model);
    let parts = Parts::enter(
        &prepared.out,
        ShardManifest {
            manifest,
            series: series.clone(),
            file: file_name(&scenario.file),
            what_if: *what_if,
            precision: *precision,
            portion: portions[0],
        },
    )?;
    let files: Vec<PathBuf> = portions.iter().map(|portion| parts.file(*portion)).collect();
    let mut removed = parts.remove_all_but(&files)?;
    let mut missing = Vec::new();
    for (portion, file) in portions.iter().zip(&files) {
        if !file.exists() {
            missing.push(*portion);
        } else if !parts.has(*portion, model)? {
            remove(file)?;
            removed += 1;
            missing.push(*portion);
        }
    }
    if removed > 0 && !output.quiet {
        note(&format!("{removed} parts of another run, or damaged ones, are removed"));
    }
    let played = portions.len() - missing.len();
    if played > 0 && !output.quiet {
        note(&format!("going on: {played} of {} parts are there", portions.len()));
    }
    let execution = output.execution();
    let trials: usize = missing.iter().map(|portion| portion.range(model.trials).len()).sum();
    let (times, left) = (shards::times_played(model), model.with_trials(trials));
    warn_if_long(&left, engine::seconds(&left) * times as f64, &execution.workers, output.quiet);
    Session::default()
        .shown(&execution.monitor, (trials, times), output.quiet, || {
            engine::make_tables(model, &execution.workers);
            missing.iter().try_for_each(|portion| {
                let about = ShardManifest { portion: *portion, ..parts.about.clone() };
                disk::place_written(&parts.file(*portion), &mut |file| {
                    shards::write(model, &about, &execution, file).map_err(|error| Failure::of_shard(error, scenario))
                })
            })
        })
        .map_err(|failure| match failure {
            Failure::Stopped => Failure::PartsStopped,
            failure => failure,
        })?;

    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let opened = files.clone();
    let joined = Merged::of(&names, Arc::new(move |i: usize| File::open(&opened[i]))).map_err(Failure::of_shards)?;
    let code = request.answer(prepared, recorder, Trials::Stored(Arc::new(joined)))?;
    parts.clear(&files)?;
    Ok(code)
}

/// Says that there are parts of an interrupted run, to whoever does not go on with it.
pub(super) fn remind(out: &Path) {
    let folder = disk::parts(out);
    if folder.exists() {
        note(&format!(
            "{} holds parts of a run that was interrupted; the same command with --resume goes on with it",
            folder.display()
        ));
    }
}

/// The parts of a model's run, which depend on nothing else.
fn portions(model: &Model) -> Vec<Portion> {
    let bytes = SimulationScope::whole(model).layout(model).bytes(model.trials);
    let of = (bytes / BYTES).max(engine::seconds(model) / SECONDS).ceil().max(1.0) as usize;
    let of = of.min(model.trials);
    (1..=of).map(|number| Portion { number, of }).collect()
}

impl Parts {
    /// Enters the folder of parts of the run that `out` is for.
    fn enter(out: &Path, about: ShardManifest) -> Result<Parts, Failure> {
        let folder = disk::parts(out);
        let path = folder.join(LOCK);
        loop {
            fs::create_dir_all(&folder).doing(|| format!("create {}", folder.display()))?;
            let lock = File::options().create(true).truncate(false).write(true).open(&path);
            let lock = lock.doing(|| format!("create {}", path.display()))?;
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Failure::Ended {
                        what: format!("another run with --resume is at work on {}", out.display()),
                        hint: "wait for it, or give this run a folder of its own with --out",
                    });
                }
                Err(TryLockError::Error(error)) => return Err(error).doing(|| format!("lock {}", path.display())),
            }
            // The run before may have ended, and taken its lock along, between our opening and our locking it.
            if disk::names(&path, &lock).unwrap_or(false) {
                return Ok(Parts { folder, about, lock });
            }
        }
    }

    fn file(&self, portion: Portion) -> PathBuf {
        self.folder.join(format!("{}{OF}{}{ENDING}", portion.number, portion.of))
    }

    /// Whether a file is a part of this run, and whole.
    fn has(&self, portion: Portion, model: &Model) -> Result<bool, Failure> {
        let path = self.file(portion);
        let what = || format!("read {}", path.display());
        let about = ShardManifest { portion, ..self.about.clone() };
        shards::is_written(File::open(&path).doing(what)?, &about, model).doing(what)
    }

    /// Removes drafts that a killed run left, and the parts of other runs, which have another number of them; says how many of those there were.
    fn remove_all_but(&self, files: &[PathBuf]) -> Result<usize, Failure> {
        let what = || format!("list {}", self.folder.display());
        let mut removed = 0;
        for entry in fs::read_dir(&self.folder).doing(what)? {
            let path = entry.doing(what)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if let Some(part) = disk::drafted(&name).filter(|name| is_part(name)) {
                disk::recover(&self.folder.join(part))?;
            } else if is_part(&name) && !files.contains(&path) {
                remove(&path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Removes the parts, whose run is answered, and the folder, unless something else is in it.
    fn clear(self, files: &[PathBuf]) -> Result<(), Failure> {
        files.iter().try_for_each(|file| remove(file))?;
        let lock = self.folder.join(LOCK);
        // Some systems remove no file that is open.
        if fs::remove_file(&lock).is_err() {
            drop(self.lock);
            let _ = fs::remove_file(&lock);
        }
        // What is left is none of ours, and stays.
        let _ = fs::remove_dir(&self.folder);
        Ok(())
    }
}

/// Whether a file is named like a part.
fn is_part(name: &str) -> bool {
    let numbers = name.strip_suffix(ENDING).and_then(|stem| stem.split_once(OF));
    numbers.is_some_and(|(k, n)| k.parse::<usize>().is_ok() && n.parse::<usize>().is_ok())
}

fn remove(file: &Path) -> Result<(), Failure> {
    fs::remove_file(file).doing(|| format!("remove {}", file.display()))
}
