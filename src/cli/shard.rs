//! Writes a shard, a part of a run's trials in a file: `revcast run --shard K/N`.

use std::fs::{self, File};
use std::path::Path;
use std::process::ExitCode;

use super::disk;
use super::exit::{Doing, Failure, refused};
use super::limits::warn_if_long;
use super::options::OutputOptions;
use super::progress::note;
use super::scenario_source::Plan;
use super::session::Session;
use crate::engine::{make_tables, seconds};
use crate::shards::{self, Portion, ShardManifest};

/// Refuses more parts than there are trials.
pub(super) fn check(plan: &Plan, portion: Portion) -> Result<(), Failure> {
    let trials = plan.model.trials;
    if portion.of <= trials {
        return Ok(());
    }
    let found = format!("{} parts of {trials} futures", portion.of);
    let allowed = "at least one future in each part";
    Err(refused(&format!("--shard {portion}"), &found, allowed, "fewer parts, or more --trials"))
}

/// Plays the portion of the plan's trials that `about` names, and writes it to the file `out`. What is there already stays, and is no fault where it is that
/// very shard: a scheduler may start a job twice.
pub(super) fn write(
    plan: &Plan,
    about: ShardManifest,
    out: &Path,
    output: &OutputOptions,
) -> Result<ExitCode, Failure> {
    let Plan { scenario, model } = plan;
    let portion = about.portion;
    check(plan, portion)?;
    let there = || -> Result<bool, Failure> {
        if !fs::metadata(out).is_ok_and(|found| found.is_file()) {
            return Ok(false);
        }
        let what = || format!("read {}", out.display());
        shards::is_written(File::open(out).doing(what)?, &about, model).doing(what)
    };
    let already = || {
        if !output.quiet {
            note(&format!("{} is there already", out.display()));
        }
        Ok(ExitCode::SUCCESS)
    };
    if there()? {
        return already();
    }
    let execution = output.execution();
    let (trials, times) = (portion.range(model.trials).len(), shards::times_played(model));
    let part = model.with_trials(trials);
    warn_if_long(&part, seconds(&part) * times as f64, &execution.workers, output.quiet);
    let placed = Session::default().shown(&execution.monitor, (trials, times), output.quiet, || {
        disk::place_written(out, &mut |file| {
            make_tables(model, &execution.workers);
            shards::write(model, &about, &execution, file).map_err(|error| Failure::of_shard(error, scenario))
        })
    });
    if let Err(failure) = placed {
        // Another one may have written it in the meantime.
        return if there()? { already() } else { Err(failure) };
    }
    if !output.quiet {
        let range = portion.range(model.trials);
        note(&format!("{}: futures {} to {} of {}", out.display(), range.start + 1, range.end, model.trials));
    }
    Ok(ExitCode::SUCCESS)
}
