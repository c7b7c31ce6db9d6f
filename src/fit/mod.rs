//! From a CRM's export to a scenario: opportunities are read, the days that they were at risk are counted, and chances, rhythm, pace, lead
//! rates and sizes are found from the counts, with how sure they are.

mod age_bins;
mod booked;
mod cautions;
mod cholesky;
mod closing;
mod cohorts;
mod data_report;
mod day;
mod deal_sizes;
mod draws;
mod exposure;
mod fates;
mod fitted;
mod found;
mod lacking;
mod lead_rates;
#[cfg(test)]
mod made_up;
mod open_deals;
mod opportunities;
mod outcome;
mod poisson;
mod region_names;
mod simple;
mod stage_factors;
mod stage_history;
mod summaries;
mod survival;
mod to_scenario;

pub use cohorts::Cohorts;
pub use data_report::{ColumnRead, DataReport, Remark, RemarkKind};
pub use draws::Draws;
pub use exposure::Exposure;
pub use found::{Fit, FitOptions, RegionFit};
pub use open_deals::OpenDeals;
pub use opportunities::{NamedBytes, Opportunities, ReadOptions};
pub use outcome::Outcome;
pub use summaries::{AgeChance, Incidence, Spread};
pub use survival::{Life, TimeFit, TimeLaw, still_open};
pub use to_scenario::{ActualRow, FittedScenario, Onto, OpenRow, ScenarioOptions};
