//! What is played for a scenario's answer: the run, what is asked beside it, and what lies between it and an earlier one.

use std::sync::Arc;

use super::exit::Failure;
use crate::analysis::{Answer, Deepening, Moving, Past};
use crate::engine::{self, Execution, Trials};
use crate::forecast::{self, forecast};
use crate::model::{Budget, Model};
use crate::scenario::Scenario;

/// A scenario made ready to be answered.
#[derive(Debug)]
pub(super) struct Job<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) model: &'a Arc<Model>,
    pub(super) budget: Option<&'a Budget>,
    trials: Trials,
    deepening: Option<Deepening>,
    moving: Option<Moving>,
}

/// How much is asked beside the forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Nothing.
    Forecast,
    /// All that `--deep` asks.
    Deep,
}

impl<'a> Job<'a> {
    /// Makes ready what `scenario`, which means `model`, is asked of its trials; `past` is the run that it is compared with.
    pub(super) fn new(
        (scenario, model): (&'a Scenario, &'a Arc<Model>),
        budget: Option<&'a Budget>,
        depth: Depth,
        past: Option<&Past>,
        trials: Trials,
    ) -> Result<Job<'a>, Failure> {
        let deepening = if depth == Depth::Deep { Some(Deepening::new(scenario, Arc::clone(model))?) } else { None };
        let moving = past.map(|past| Moving::new(past, scenario, Arc::clone(model)));
        Ok(Job { scenario, model, budget, trials, deepening, moving })
    }

    /// About how many bytes of memory it takes with so many trials.
    pub(super) fn bytes(&self, trials: usize) -> f64 {
        let beside = self.deepening.as_ref().map_or(0.0, |deepening| deepening.bytes(trials));
        let between = self.moving.as_ref().map_or(0.0, |moving| moving.bytes(trials));
        let model = self.model.with_trials(trials);
        beside + between + forecast::bytes(&model, self.budget, self.trials.memory())
    }

    /// How many times all trials are played, or read.
    pub(super) fn times_passed(&self) -> usize {
        let beside = self.deepening.as_ref().map_or(0, Deepening::times_played);
        let between = self.moving.as_ref().map_or(0, Moving::times_played);
        self.trials.times_passed(self.model) + beside + between
    }

    /// About how many seconds that takes one core.
    pub(super) fn seconds(&self) -> f64 {
        engine::seconds(self.model) * self.times_passed() as f64
    }

    /// Plays all of it; `lap` is told of each part that is done.
    pub(super) fn answer(
        &self,
        execution: &Execution,
        lap: &mut (dyn FnMut(&'static str) + Send),
    ) -> Result<(engine::Run, Answer), Failure> {
        let of_run = |error| Failure::of_run(error, self.scenario);
        let run = engine::Run::of(Arc::clone(self.model), execution, self.trials.clone()).map_err(of_run)?;
        lap("trials");
        let forecast = forecast(self.scenario, &run, self.budget).map_err(of_run)?;
        lap("summaries");
        let moved = self.moving.as_ref().map(|moving| moving.moved(&forecast, execution)).transpose();
        let moved = moved.map_err(of_run)?;
        if moved.is_some() {
            lap("what moved");
        }
        let deep = self.deepening.as_ref().map(|deepening| deepening.deep(execution)).transpose();
        let deep = deep.map_err(|ended| Failure::of_run(ended.error, ended.scenario))?;
        if deep.is_some() {
            lap("deep");
        }
        Ok((run, Answer { forecast, deep, moved }))
    }
}
