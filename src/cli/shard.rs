//! `revcast run --shard K/N`: a part of a run's futures, in a file.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::ExitCode;

use super::args::Playing;
use super::disk;
use super::exit::{Doing, Failure};
use super::progress::{note, shown};
use super::run::warn_if_long;
use crate::engine::{make_tables, seconds};
use crate::model::Model;
use crate::scenario::Scenario;
use crate::shards::{self, ShardError, ShardManifest};

/// Plays the portion of what `scenario`, which means `model`, asks for that `about` says, and writes it to the file `out`. What is there already stays, and is
/// no fault where it is that very shard: a scheduler may start a job twice.
pub(super) fn write(
    (scenario, model): (&Scenario, &Model),
    about: ShardManifest,
    out: &Path,
    playing: &Playing,
) -> Result<ExitCode, Failure> {
    let portion = about.portion;
    if portion.of > model.trials {
        return Err(Failure::Option {
            option: format!("--shard {portion}"),
            found: format!("{} parts of {} futures", portion.of, model.trials),
            allowed: "at least one future in each part".to_owned(),
            hint: "fewer parts, or more --trials".to_owned(),
        });
    }
    let there = || -> Result<bool, Failure> {
        if !fs::metadata(out).is_ok_and(|found| found.is_file()) {
            return Ok(false);
        }
        let what = || format!("read {}", out.display());
        shards::is_written(File::open(out).doing(what)?, &about, model).doing(what)
    };
    let already = || {
        if !playing.quiet {
            note(&format!("{} is there already", out.display()));
        }
        Ok(ExitCode::SUCCESS)
    };
    if there()? {
        return already();
    }
    let execution = playing.execution();
    let (trials, times) = (portion.range(model.trials).len(), shards::times_played(model));
    let part = model.with_trials(trials);
    warn_if_long(&part, seconds(&part) * times as f64, &execution.workers, playing.quiet);
    let placed = shown(&execution.monitor, trials, times, playing.quiet, || {
        disk::place_written(out, &mut |file| {
            make_tables(model, &execution.workers);
            shards::write(model, &about, &execution, file).map_err(|error| failure(error, scenario))
        })
    });
    if let Err(failure) = placed {
        // Another one may have written it in the meantime.
        return if there()? { already() } else { Err(failure) };
    }
    if !playing.quiet {
        let range = portion.range(model.trials);
        note(&format!("{}: futures {} to {} of {}", out.display(), range.start + 1, range.end, model.trials));
    }
    Ok(ExitCode::SUCCESS)
}

/// Why a shard was not written.
pub(super) fn failure(error: ShardError, scenario: &Scenario) -> Failure {
    match error {
        ShardError::Run(error) => Failure::of_run(error, scenario),
        ShardError::Io(error) => Failure::Disk { what: "write the shard".to_owned(), error },
        error => Failure::Disk { what: "write the shard".to_owned(), error: io::Error::other(error) },
    }
}
