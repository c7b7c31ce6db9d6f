//! The forecast that would have been made at an origin: fitted to what was known then, written as a scenario, played.

use std::ops::Range;

use jiff::civil::Date;
use serde_json::{Value, json};
use thiserror::Error;

use super::origins::Origin;
use super::replay::{Forecasts, Futures};
use super::target::{Step, Target};
use crate::engine::{Execution, Resampling, RunError, SimulationScope, simulate};
use crate::fit::{Exposure, Fit, FitOptions, FittedScenario, Opportunities, ScenarioOptions};
use crate::model::{Model, resolve};
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::{DataFile, Metric, Scenario, read_whole};
use crate::units::{Faults, Month};

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
    /// How far origins lie from each other.
    pub step: Step,
    /// Whether they are made with win rates and cycles, in place of chances by age, rhythm and pace.
    pub simple: bool,
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
    /// What was forecast at an origin. A forecast with win rates and cycles ends with a month, so that beside weeks there is none.
    ///
    /// # Errors
    /// [`ForecastError`].
    pub fn forecast(&self, origin: &Origin) -> Result<Forecasts, ForecastError> {
        let fit = Fit::new(self.opportunities, self.exposure, origin.day, &self.fit)
            .map_err(ForecastError::TooLittleKnown)?;
        let own = self.futures(&fit, origin, self.simple)?;
        let beside = !self.simple && self.step == Step::Month;
        let simple = if beside { Some(self.futures(&fit, origin, true)?) } else { None };
        Ok(Forecasts { own, simple })
    }

    /// The won value of each target in each region, future by future.
    fn futures(&self, fit: &Fit, origin: &Origin, simple: bool) -> Result<Futures, ForecastError> {
        match self.step {
            Step::Month => {
                let months = origin.targets.iter().map(|(target, ..)| target.reach()).max().unwrap_or(1);
                let (model, outcomes) = self.play(fit, origin.day, months, None, simple)?;
                let of = |(target, ..): &(Target, Date, Date)| won(&model, &outcomes, target.periods(0));
                Ok(origin.targets.iter().map(of).collect())
            }
            // Each ends on a day of its own.
            Step::Week => {
                let month = Month::of(origin.day);
                let of = |(_, _, last): &(Target, Date, Date)| {
                    let months = Month::of(*last).since(month) as usize + 1;
                    let (model, outcomes) = self.play(fit, origin.day, months, Some(*last), simple)?;
                    Ok(won(&model, &outcomes, 0..months))
                };
                origin.targets.iter().map(of).collect()
            }
        }
    }

    /// Plays the scenario of a fit for some months from that of the origin on, or until a day of the last of them.
    fn play(
        &self,
        fit: &Fit,
        origin: Date,
        months: usize,
        until: Option<Date>,
        simple: bool,
    ) -> Result<(Model, Outcomes), ForecastError> {
        let options = ScenarioOptions {
            name: format!("as of {origin}"),
            months,
            fiscal_first_month: self.fit.fiscal_first_month,
            currency: None,
            simple,
            onto: None,
        };
        let mut fitted = fit.scenario(self.opportunities, &options);
        let file = format!("the fit as of {origin}");
        let draws = DataFile {
            section: "draws".to_owned(),
            file: file.clone(),
            rows: fitted.draws.rows(),
            sha256: String::new(),
            other: Vec::new(),
            columns: std::mem::take(&mut fitted.draws.columns).into_iter().collect(),
        };
        let mut tree = whole(fitted, self.trials, self.fit.seed, origin);
        if let Some(day) = until {
            tree["until"] = json!(day.to_string());
        }
        let scenario = read_whole(&file, tree, &[draws]).map_err(ForecastError::Refused)?;
        let model = resolve(&scenario).map_err(ForecastError::Refused)?;
        let outcomes = simulate(&model, Resampling::None, SimulationScope::whole(&model), self.execution)
            .map_err(|error| ForecastError::Run(error, Box::new(scenario)))?;
        Ok((model, outcomes))
    }
}

/// The won value of each region in months from that of the as-of day on, future by future.
fn won(model: &Model, outcomes: &Outcomes, months: Range<usize>) -> Vec<Vec<f64>> {
    let first = model.as_of.month;
    let of = |region| {
        let grid = Grid::new(model, outcomes, Metric::Bookings, &[region]);
        grid.period(first + months.start..first + months.end)
    };
    (0..model.regions.len()).map(of).collect()
}

/// A fitted scenario with the rows of its tables in it. What was won in the origin's month before it is no part of what is forecast.
fn whole(fitted: FittedScenario, trials: usize, seed: u64, origin: Date) -> Value {
    let mut scenario = fitted.scenario;
    let before = |row: &crate::fit::ActualRow| row.month != Month::of(origin);
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
    let known = fitted
        .actuals
        .into_iter()
        .map(|row| if before(&row) { row } else { crate::fit::ActualRow { amount: 0.0, ..row } });
    scenario["actuals"] = known.map(actual).collect();
    scenario["pipeline"] = fitted.pipeline.into_iter().map(open).collect();
    scenario["simulation"] = json!({"trials": trials, "seed": seed});
    scenario
}
