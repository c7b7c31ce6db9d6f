//! The forecast that would have been made at an origin: fitted to what was known then, written as a scenario, played.

use std::ops::Range;

use jiff::civil::Date;
use serde_json::{Value, json};
use thiserror::Error;

use super::chances::chances;
use super::open_deals::OpenDealChances;
use super::origins::Origin;
use super::replay::{Forecast, Forecasts, Futures};
use super::target::{Step, Target};
use crate::engine::{Execution, RunError, SimulationScope, each_block_counting_open_deals};
use crate::fit::{Exposure, Fit, FitOptions, FittedScenario, OpenRow, Opportunities, ScenarioOptions};
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
    /// How many the fit with win rates and cycles has where it stands beside.
    pub trials_beside: usize,
    /// How far origins lie from each other.
    pub step: Step,
    /// Whether they are made with win rates and cycles, in place of chances by age, rhythm and pace.
    pub simple: bool,
    /// Where they are played.
    pub execution: &'a Execution,
}

/// A fit as it is played.
#[derive(Clone, Copy)]
struct Played {
    simple: bool,
    trials: usize,
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
        let ends = origin.ends();
        let lasts: Vec<Date> = ends.iter().map(|end| end.1).collect();
        let deals = self.opportunities.open_deals(origin.day, &lasts);
        let chances = |model: &Model| chances(model, &deals, origin.day, &lasts);
        let played = Played { simple: self.simple, trials: self.trials };
        let (own, own_chances) = self.futures(&fit, origin, played, chances)?;
        let beside = !self.simple && self.step == Step::Month;
        let played = Played { simple: true, trials: self.trials.min(self.trials_beside) };
        let (simple, simple_chances) =
            if beside { Some(self.futures(&fit, origin, played, chances)?) } else { None }.unzip();
        let futures = self.trials;
        let open_deals =
            own_chances.map(|own| OpenDealChances { ends, deals, own, simple: simple_chances.flatten(), futures });
        Ok(Forecasts { own, simple, open_deals })
    }

    /// What is won of each target in each region, future by future; and what `see` finds in the model that goes farthest.
    fn futures<T>(
        &self,
        fit: &Fit,
        origin: &Origin,
        played: Played,
        see: impl Fn(&Model) -> T,
    ) -> Result<(Forecast, T), ForecastError> {
        let month = Month::of(origin.day);
        let months = |last: Date| Month::of(last).since(month) as usize + 1;
        let last = origin.targets.iter().map(|(.., last)| *last).max().unwrap_or(origin.day);
        let (model, scenario) = self.model(fit, origin.day, months(last), played, last)?;
        let seen = see(&model);
        let figures = match self.step {
            Step::Month => {
                let spans = origin.targets.iter().map(|(target, ..)| target.periods(0));
                self.play(&model, &scenario, &spans.collect::<Vec<_>>())?
            }
            // Each ends on a day of its own.
            Step::Week => {
                let of = |(_, _, last): &(Target, Date, Date)| {
                    let (model, scenario) = self.model(fit, origin.day, months(*last), played, *last)?;
                    self.play(&model, &scenario, std::slice::from_ref(&(0..months(*last))))
                };
                let each = origin.targets.iter().map(of).collect::<Result<Vec<_>, _>>()?;
                [0, 1].map(|i| each.iter().flat_map(|figures| figures[i].clone()).collect())
            }
        };
        let [value, wins] = figures;
        Ok((Forecast { value, wins }, seen))
    }

    /// Won value and number of wins in some spans of months from that of the as-of day on, in each region, future by future. Lost deals are not followed.
    fn play(&self, model: &Model, scenario: &Scenario, spans: &[Range<usize>]) -> Result<[Futures; 2], ForecastError> {
        let scope = SimulationScope { won_deals_only: true, ..SimulationScope::whole(model) };
        let first = model.as_of.month;
        let figure = |outcomes: &Outcomes, metric| -> Futures {
            let of = |span: &Range<usize>, region| {
                Grid::new(model, outcomes, metric, &[region]).period(first + span.start..first + span.end)
            };
            spans.iter().map(|span| (0..model.regions.len()).map(|region| of(span, region)).collect()).collect()
        };
        let see = |outcomes: &Outcomes| [Metric::Bookings, Metric::WonDeals].map(|metric| figure(outcomes, metric));
        let blocks = each_block_counting_open_deals(model, scope, self.execution, see)
            .map_err(|error| ForecastError::Run(error, Box::new(scenario.clone())))?;
        let all = |i: usize| {
            let of =
                |span: usize, region: usize| blocks.iter().flat_map(|block| block[i][span][region].clone()).collect();
            (0..spans.len()).map(|span| (0..model.regions.len()).map(|region| of(span, region)).collect()).collect()
        };
        Ok([all(0), all(1)])
    }

    /// The scenario of a fit, for some months from that of the origin on, of which the last is played until a day, and what it means.
    fn model(
        &self,
        fit: &Fit,
        origin: Date,
        months: usize,
        played: Played,
        last: Date,
    ) -> Result<(Model, Scenario), ForecastError> {
        let options = ScenarioOptions {
            name: format!("as of {origin}"),
            months,
            fiscal_first_month: self.fit.fiscal_first_month,
            currency: None,
            simple: played.simple,
            together: true,
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
        let mut tree = whole(fitted, played.trials, self.fit.seed, origin);
        if last != last.last_of_month() {
            tree["until"] = json!(last.to_string());
        }
        let scenario = read_whole(&file, tree, &[draws]).map_err(ForecastError::Refused)?;
        Ok((resolve(&scenario).map_err(ForecastError::Refused)?, scenario))
    }
}

/// A fitted scenario with the rows of its tables in it. What was won in the origin's month before it is no part of what is forecast.
fn whole(fitted: FittedScenario, trials: usize, seed: u64, origin: Date) -> Value {
    let mut scenario = fitted.scenario;
    let before = |row: &crate::fit::ActualRow| row.month != Month::of(origin);
    let actual = |row: crate::fit::ActualRow| json!({"region": row.region, "metric": row.metric, "month": row.month.to_string(), "amount": row.amount});
    let open = |row: OpenRow| {
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
