//! What a fit found.

use jiff::civil::Date;
use serde::Serialize;

use super::draws::Draws;
use super::exposure::Count;
use super::stage_factors::StageFactor;
use crate::units::format::{few_digits, thousands, with_spread};

/// With fewer wins there is no fit; a region with fewer has little of its own.
pub(super) const FEWEST_WINS: u64 = 5;

/// How a fit is made.
#[derive(Clone, Copy, Debug)]
pub struct FitOptions {
    /// The calendar month in which the fiscal year begins, 1 to 12.
    pub fiscal_first_month: u32,
    /// How many joint draws are made.
    pub draws: usize,
    /// The seed of the draws.
    pub seed: u64,
}

impl Default for FitOptions {
    fn default() -> FitOptions {
        FitOptions { fiscal_first_month: 1, draws: 1000, seed: 1 }
    }
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Fit {
    /// The day before which all is known.
    pub as_of: Date,
    /// The first day of the window.
    pub from: Date,
    /// The ages that chances begin at.
    pub ages: Vec<u32>,
    /// What was found of each region.
    pub regions: Vec<RegionFit>,
    /// How much was decided in the first, second and third months of quarters: won, then lost.
    pub by_place: [[u64; 3]; 2],
    /// The kinds of effects of each outcome, won first: what was thought of the standard deviation of each, and what was found.
    pub deviations: Vec<(&'static str, [f64; 2], [f64; 2])>,
    /// The extra variance of a month's leads.
    pub overdispersion: f64,
    /// How many months leads were counted in, and whether these are whole ones.
    pub lead_months: (usize, bool),
    /// All draws.
    #[serde(skip)]
    pub draws: Draws,
    /// The first day on which leads were counted.
    pub leads_from: Date,
    /// What was counted at each age in days, the last being that of all beyond.
    #[serde(skip)]
    pub(super) by_age: Vec<Count>,
    /// The mean factor of rhythm and pace on the days at risk in each interval of ages, of being won and of being lost.
    #[serde(skip)]
    pub(super) factors_seen: [Vec<f64>; 2],
    /// The amounts of won deals, ascending.
    #[serde(skip)]
    pub(super) amounts: Vec<f64>,
    /// The amounts that deals may have.
    #[serde(skip)]
    pub(super) sizes: Vec<f64>,
    /// What the stages of open deals say.
    #[serde(skip)]
    pub(super) stages: Vec<StageFactor>,
    /// What the export cannot say, in sentences.
    pub cautions: Vec<String>,
}

/// What was found of a region.
#[derive(Clone, Debug, Serialize)]
pub struct RegionFit {
    /// Its key in the scenario.
    pub key: String,
    /// What the export calls it.
    pub label: String,
    /// Deals won and lost in the window, and those open on the as-of day.
    pub won: u64,
    /// See `won`.
    pub lost: u64,
    /// See `won`.
    pub open: u64,
    /// Deal-days at risk in the window.
    pub at_risk: u64,
    /// Deal-days at risk in each interval of ages.
    pub at_risk_by_age: Vec<u64>,
    /// Won and lost in each interval of ages.
    pub decided_by_age: Vec<(u64, u64)>,
    /// Leads in each month that was counted.
    pub leads_by_month: Vec<u64>,
    /// Leads a month: mean and standard deviation.
    pub leads: (f64, f64),
    /// Leads a month in the last three months.
    pub recent_leads: f64,
    /// The share of leads that are won before they are older than any deal that was ever decided: mean and standard deviation.
    pub win_rate: (f64, f64),
    /// The share that is won in the end, with the chances past that age: at the means of all chances, and the standard deviation over draws.
    pub won_in_the_end: (f64, f64),
    /// The mean deal size: mean and standard deviation.
    pub size: (f64, f64),
    /// Won deals with an amount, and their mean.
    pub sized: (u64, Option<f64>),
}

impl RegionFit {
    /// What is said of its deal sizes.
    pub(super) fn size_note(&self) -> String {
        let (deals, mean) = self.sized;
        let own = mean.map_or_else(String::new, |mean| format!(", with a mean of {}", few_digits(mean)));
        format!(
            "The amounts of won deals, {} of this region{own}; those of other regions count as 20 deals together. Mean of a new deal: {}.",
            thousands(deals as f64),
            with_spread(self.size.0, self.size.1)
        )
    }

    /// The share of decided deals that were won.
    pub fn won_of_decided(&self) -> Option<f64> {
        let decided = self.won + self.lost;
        (decided > 0).then(|| self.won as f64 / decided as f64)
    }
}
