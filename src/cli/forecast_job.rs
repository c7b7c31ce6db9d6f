//! The work that makes the answer of a plan: its run, what is asked beside it, and what moved since a baseline.

use std::sync::Arc;

use super::disk::MAX_DOCUMENT_BYTES;
use super::exit::{Failure, refused};
use super::limits::check_size;
use super::scenario_source::Plan;
use crate::analysis::{
    Answer, AttributionRun, Baseline, PipelineQuestion, PipelineRun, WhatIfRun, pipeline, pipeline_bytes,
};
use crate::engine::{self, Execution, Trials, WonDeal};
use crate::forecast::{self, forecast};
use crate::model::Budget;
use crate::outcomes::Outcomes;
use crate::report::wrong_means;

/// A plan made ready to be answered.
#[derive(Debug)]
pub(super) struct ForecastJob<'a> {
    plan: &'a Plan,
    budget: Option<&'a Budget>,
    trials: Trials,
    whatif: Option<WhatIfRun>,
    attribution: Option<AttributionRun>,
}

/// Open deals and contracts that stand beside a forecast, of each; `revcast pipeline` has all of them.
const LISTED: usize = 25;

/// How much is asked beside the forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Nothing more than the forecast.
    Forecast,
    /// All that `--deep` asks for.
    WhatIf,
}

impl<'a> ForecastJob<'a> {
    /// Makes ready what is asked of the plan's trials; `baseline` is the run that it is compared with.
    pub(super) fn new(
        plan: &'a Plan,
        budget: Option<&'a Budget>,
        depth: Depth,
        baseline: Option<&Baseline>,
        trials: Trials,
    ) -> Result<ForecastJob<'a>, Failure> {
        let Plan { scenario, model } = plan;
        let whatif = if depth == Depth::WhatIf { Some(WhatIfRun::new(scenario, Arc::clone(model))?) } else { None };
        let attribution = baseline.map(|baseline| AttributionRun::new(baseline, scenario, Arc::clone(model)));
        Ok(ForecastJob { plan, budget, trials, whatif, attribution })
    }

    /// About how many bytes of memory it takes with so many trials.
    pub(super) fn bytes(&self, trials: usize) -> f64 {
        let beside = self.whatif.as_ref().map_or(0.0, |whatif| whatif.bytes(trials));
        let between = self.attribution.as_ref().map_or(0.0, |attribution| attribution.bytes(trials));
        let model = self.plan.model.with_trials(trials);
        let deals = if self.has_pipeline() { pipeline_bytes(&model) } else { 0.0 };
        beside + between + deals + forecast::bytes(&model, self.budget, self.trials.memory())
    }

    /// Refuses what would fill the machine, or could not be read back by `revcast report`.
    pub(super) fn check_size(&self, max_bytes: f64) -> Result<(), Failure> {
        let model = &self.plan.model;
        check_size(model, max_bytes, |trials| self.bytes(trials))?;
        let document = forecast::document_bytes(model, self.budget);
        if document <= MAX_DOCUMENT_BYTES as f64 {
            return Ok(());
        }
        Err(refused(
            "the size of the run",
            &format!(
                "{} regions over {} months, whose forecast.json has about {:.0} MB",
                model.regions.len(),
                model.horizon.months,
                document / 1e6
            ),
            &format!("at most {} MB, which is what can be read back", MAX_DOCUMENT_BYTES / 1_000_000),
            "fewer months or regions",
        ))
    }

    /// How many times all trials are played, or read.
    pub(super) fn times_passed(&self) -> usize {
        let beside = self.whatif.as_ref().map_or(0, WhatIfRun::times_played);
        let between = self.attribution.as_ref().map_or(0, AttributionRun::times_played);
        let again = self.has_pipeline() && !self.trials.keep(&self.plan.model);
        self.trials.times_passed(&self.plan.model) + beside + between + usize::from(again)
    }

    /// Whether there is anything to be told deal by deal.
    fn has_pipeline(&self) -> bool {
        let model = &self.plan.model;
        model.has_open_deals() || model.regions.iter().any(|region| !region.contracts.is_empty())
    }

    /// About how many seconds that takes one core.
    pub(super) fn seconds(&self) -> f64 {
        engine::seconds(&self.plan.model) * self.times_passed() as f64
    }

    /// Plays all of it; `lap` is told of each part that is done.
    pub(super) fn answer(
        &self,
        execution: &Execution,
        lap: &mut (dyn FnMut(&'static str) + Send),
    ) -> Result<(engine::Run, Answer), Failure> {
        let Plan { scenario, model } = self.plan;
        let of_run = |error| Failure::of_run(error, scenario);
        let question = PipelineQuestion::of_run(model).grouped(scenario);
        let deals = self.has_pipeline().then(|| PipelineRun::new(scenario, model, &question));
        let (run, seen) = match &deals {
            Some(deals) => {
                let see = |outcomes: &Outcomes, won: &[WonDeal]| deals.see(outcomes, won);
                engine::Run::with_won_deals(Arc::clone(model), execution, self.trials.clone(), see)
            }
            None => engine::Run::of(Arc::clone(model), execution, self.trials.clone()).map(|run| (run, None)),
        }
        .map_err(of_run)?;
        lap("trials");
        let forecast = forecast(scenario, &run, self.budget).map_err(of_run)?;
        lap("summaries");
        let moved = self.attribution.as_ref().map(|attribution| attribution.moved(&forecast, execution)).transpose();
        let moved = moved.map_err(of_run)?;
        if moved.is_some() {
            lap("what moved");
        }
        let deep = self.whatif.as_ref().map(|whatif| whatif.run(execution)).transpose();
        let deep = deep.map_err(|ended| Failure::of_run(ended.error, ended.scenario))?;
        if deep.is_some() {
            lap("deep");
        }
        let deals = deals.map(|deals| match seen {
            Some(seen) => Ok(deals.finish(&seen)),
            // Played again where the trials were not kept or not played here: what becomes of each deal is in no file of them.
            None => pipeline(scenario, model, &question, execution),
        });
        let deals = deals.transpose().map_err(of_run)?.map(|deals| deals.shortened(LISTED));
        if deals.is_some() {
            lap("open deals");
        }
        Ok((run, Answer { pipeline: deals, ..Answer::new(forecast, deep, moved) }))
    }
}

/// Whether the forecast holds where the exact means are known.
pub(super) fn check_means(answer: &Answer) -> Result<(), Failure> {
    wrong_means(&answer.forecast).map_or(Ok(()), |wrong| Err(Failure::Broken(wrong)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::resolve;
    use crate::scenario::load;

    #[test]
    fn means_that_are_not_the_exact_ones_are_a_failure_that_says_so() {
        let text = r#"{"name": "Small", "start": "2027-01", "months": 12, "simulation": {"trials": 500},
            "regions": {"north": {"leads": {"monthly": 100}, "conversion": 0.25, "cycle": {"mean_days": 45},
            "deal_size": {"mean": 1000}}}}"#;
        let scenario = load("small.json".as_ref(), &[], &|_| Ok(text.into())).unwrap();
        let plan = Plan { model: Arc::new(resolve(&scenario).unwrap()), scenario };
        let trials = Trials::Simulated(crate::engine::Memory::default());
        let job = ForecastJob::new(&plan, None, Depth::Forecast, None, trials).unwrap();
        let (_, mut answer) = job.answer(&Execution::new(Some(1)), &mut |_| ()).unwrap();
        assert!(check_means(&answer).is_ok());
        let bookings = &mut answer.forecast.closed_form.as_mut().unwrap().totals[1];
        (bookings.simulated, bookings.deviation) = (127.0, -1_234.5);
        let failure = check_means(&answer).unwrap_err();
        let said = failure.to_string();
        assert!(said.contains("(bookings of north: €127.0 against €"), "{said}");
        assert!(said.contains("-1234.5 standard errors): a fault of revcast itself"), "{said}");
        assert_eq!(failure.code(), 1);
    }
}
