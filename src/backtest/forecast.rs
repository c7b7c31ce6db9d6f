//! The forecast that would have been made at an origin: fitted to what was known then, written as a scenario, played.

use serde_json::{Value, json};
use thiserror::Error;

use super::origins::Origin;
use super::replay::Futures;
use crate::engine::{Execution, Resampling, RunError, SimulationScope, simulate};
use crate::fit::{Exposure, Fit, FitOptions, FittedScenario, Opportunities, ScenarioOptions};
use crate::model::resolve;
use crate::outcomes::Grid;
use crate::scenario::{Metric, Scenario, read_whole};
use crate::units::Faults;

/// How the forecasts of a back-test are made.
#[derive(Debug)]
pub struct Forecaster<'a> {
    /// The export.
    pub opportunities: &'a Opportunities,
    /// What was counted in it, to the day before which all is known.
    pub exposure: &'a Exposure,
    /// How fits are made.
    pub fit: FitOptions,
    /// How many futures are played at each origin.
    pub trials: usize,
    /// Where they are played.
    pub execution: &'a Execution,
}

/// A forecast of the past that could not be made.
#[derive(Debug, Error)]
pub enum ForecastError {
    /// Too little was known for a fit.
    #[error(transparent)]
    TooLittleKnown(Faults),
    /// The scenario of the fit is refused.
    #[error(transparent)]
    Refused(Faults),
    /// The run ended early.
    #[error("{0}")]
    Run(RunError, Box<Scenario>),
}

impl Forecaster<'_> {
    /// What was forecast at an origin: the won value of each target in each region, future by future.
    ///
    /// # Errors
    /// [`ForecastError`].
    pub fn forecast(&self, origin: &Origin) -> Result<Futures, ForecastError> {
        let fit = Fit::new(self.opportunities, self.exposure, origin.day, &self.fit)
            .map_err(ForecastError::TooLittleKnown)?;
        let months = origin.targets.iter().map(|(target, ..)| target.reach()).max().unwrap_or(1);
        let options = ScenarioOptions {
            name: format!("as of {}", origin.day),
            months,
            fiscal_first_month: self.fit.fiscal_first_month,
            currency: None,
            simple: true,
            onto: None,
        };
        let fitted = fit.scenario(self.opportunities, &options);
        let file = format!("the fit as of {}", origin.day);
        let scenario =
            read_whole(&file, whole(fitted, self.trials, self.fit.seed), &[]).map_err(ForecastError::Refused)?;
        let model = resolve(&scenario).map_err(ForecastError::Refused)?;
        let outcomes = simulate(&model, Resampling::None, SimulationScope::whole(&model), self.execution)
            .map_err(|error| ForecastError::Run(error, Box::new(scenario)))?;
        let first = model.as_of.month;
        let grids: Vec<Grid> =
            (0..model.regions.len()).map(|region| Grid::new(&model, &outcomes, Metric::Bookings, &[region])).collect();
        let of_target = |months: std::ops::Range<usize>| {
            grids.iter().map(|grid| grid.period(first + months.start..first + months.end)).collect()
        };
        Ok(origin.targets.iter().map(|(target, ..)| of_target(target.periods(0))).collect())
    }
}

/// A fitted scenario with the rows of its tables in it.
fn whole(fitted: FittedScenario, trials: usize, seed: u64) -> Value {
    let mut scenario = fitted.scenario;
    let actual = |row: crate::fit::ActualRow| json!({"region": row.region, "metric": row.metric, "month": row.month.to_string(), "amount": row.amount});
    let open = |row: crate::fit::OpenRow| {
        let mut deal = json!({"id": row.id, "region": row.region, "created": row.created.to_string()});
        if row.count != 1 {
            deal["count"] = json!(row.count);
        }
        if let Some(amount) = row.amount {
            deal["amount"] = json!(amount);
        }
        deal
    };
    scenario["actuals"] = fitted.actuals.into_iter().map(actual).collect();
    scenario["pipeline"] = fitted.pipeline.into_iter().map(open).collect();
    scenario["simulation"] = json!({"trials": trials, "seed": seed});
    scenario
}
