//! Blocks of trials.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use thiserror::Error;

use super::trial::Player;
use super::workers::Workers;
use crate::model::{Funnel, Model};
use crate::outcomes::{Block, Layout, Outcomes};

/// Trials played together; their columns lie side by side.
const BLOCK: usize = 128;
/// Trials whose sheets are put into the columns at once: as many numbers as a line of the processor's cache holds.
const ABREAST: usize = 8;

/// Which randomness a pass draws afresh. The inputs are always those of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// The run itself.
    Run,
    /// The same inputs; market factor and remaining chance drawn again.
    FreshChance,
    /// The same inputs and the same market factor; remaining chance drawn again.
    FreshRest,
}

/// What of the model is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Only the first months.
    pub months: usize,
    /// Without lost leads and what hangs on them (leads, open deals, pipelines), which leaves the rest's bytes alone.
    pub money_only: bool,
}

/// Progress of a run and the wish to stop it, shared with whoever watches.
#[derive(Debug, Default)]
pub struct Monitor {
    done: AtomicU64,
    stop: AtomicBool,
}

/// Why a run ended without outcomes.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RunError {
    /// Growth ran away in a trial.
    #[error("regions.{region}.leads: the expected leads of {month} passed 10^12 in trial {trial}")]
    TooManyLeads {
        /// The region's key.
        region: String,
        /// The month.
        month: String,
        /// The trial, counted from 0.
        trial: u64,
    },
    /// It was asked to stop.
    #[error("stopped")]
    Stopped,
}

impl Monitor {
    /// Trials played so far.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Asks the run to stop at the next block.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Part {
    /// All of the model.
    pub fn whole(model: &Model) -> Part {
        Part { months: model.horizon.months, money_only: false }
    }
}

/// Plays the model's trials and returns what came out: trials × regions × months.
///
/// # Errors
/// [`RunError`] when growth runs away in a trial, or when `monitor` was asked to stop.
pub fn play(model: &Model, pass: Pass, part: Part, workers: &Workers, monitor: &Monitor) -> Result<Outcomes, RunError> {
    let player = Player::new(model, pass, part);
    let layout = Layout { regions: model.regions.len(), months: part.months, inputs: model.inputs.len() };
    let blocks = workers.map(model.trials.div_ceil(BLOCK), |b| {
        if monitor.stopped() {
            return Err(RunError::Stopped);
        }
        let first = b * BLOCK;
        let trials = BLOCK.min(model.trials - first);
        let columns = layout.columns();
        let mut values = vec![0.0; columns * trials];
        let mut sheets = vec![0.0; columns * ABREAST];
        let mut desk = player.desk();
        for from in (0..trials).step_by(ABREAST) {
            let count = ABREAST.min(trials - from);
            sheets.fill(0.0);
            for (t, sheet) in sheets.chunks_exact_mut(columns).take(count).enumerate() {
                player.trial((first + from + t) as u64, &layout, sheet, &mut desk)?;
            }
            for (column, values) in values.chunks_exact_mut(trials).enumerate() {
                for (value, sheet) in values[from..from + count].iter_mut().zip(sheets.chunks_exact(columns)) {
                    *value = sheet[column];
                }
            }
        }
        monitor.done.fetch_add(trials as u64, Ordering::Relaxed);
        Ok(Block { trials, values })
    });
    Ok(Outcomes::new(layout, blocks.into_iter().collect::<Result<Vec<Block>, RunError>>()?))
}

/// Bytes of memory that a run's outcomes take.
pub fn bytes(model: &Model) -> f64 {
    Layout { regions: model.regions.len(), months: model.horizon.months, inputs: model.inputs.len() }
        .bytes(model.trials)
}

/// About how many seconds a run takes on one core, from the draws that it needs; good to a factor of two or so.
pub fn seconds(model: &Model) -> f64 {
    let mut draws = 0.0;
    for region in &model.regions {
        let leads: f64 = region.expected_leads.iter().sum();
        match &region.funnel {
            Funnel::Cycle { .. } => {
                draws += 20.0 * region.expected_leads.len() as f64
                    + leads.min(region.expected_leads.len() as f64 * region.size.exact_up_to())
            }
            Funnel::Stages(stages) => draws += leads * (3 * stages.len()) as f64,
        }
    }
    draws * 3e-8 * model.trials as f64
}
