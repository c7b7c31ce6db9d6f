//! What became of the open deals in the trials, as it is written to `pipeline.json`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::analysis::FigureInfo;
use crate::documents::{Body, Kind};
use crate::stats::Estimate;
use crate::units::Month;

/// The open deals one by one, those that move the target most first, and the contracts that come up for renewal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pipeline {
    /// The target that deals move; empty where there is none that is still open.
    pub target: Option<FigureInfo>,
    /// The chance of that target.
    pub target_chance: Estimate,
    /// The period that deals are to be won in: that which was asked for, else that of the main figure.
    pub period: String,
    /// The deals: those that clearly move the target first, the most moving first; then by expected value.
    pub deals: Vec<DealOutlook>,
    /// What all of them come to.
    pub all: DealGroup,
    /// The column of the list of deals that they are grouped by; empty where none was asked for.
    pub by: Option<String>,
    /// The groups, that with the highest expected value first.
    pub groups: Vec<DealGroup>,
    /// The weighted pipeline of the spreadsheets, and where it lies among what the deals bring.
    pub weighted: WeightedPipeline,
    /// The contracts that come up for renewal, those with the most at risk first.
    pub contracts: Vec<ContractOutlook>,
}

impl Pipeline {
    /// The same with no more than so many deals and contracts, the first of each.
    pub fn shortened(mut self, most: usize) -> Pipeline {
        self.deals.truncate(most);
        self.contracts.truncate(most);
        self
    }
}

impl Body for Pipeline {
    const KIND: Kind = Kind::Pipeline;
}

/// An open deal, or several alike.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DealOutlook {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub label: Option<String>,
    /// The key of its region.
    pub region: String,
    /// The stage that it is in, where its region has stages.
    pub stage: Option<String>,
    /// How many deals alike it stands for. Chances are then those of one of them.
    pub count: usize,
    /// Days since it was created, or came into its stage.
    pub age_days: f64,
    /// The share of decided deals of its region (of those that leave its stage, where there are stages) that have been by its age, inputs at
    /// their means.
    pub age_percentile: f64,
    /// The stated close date.
    pub close_date: Option<Date>,
    /// What it is said to be worth, all of them together; empty where nothing is said.
    pub amount: Option<f64>,
    /// The chance that it is ever won: the share of trials.
    pub chance: Estimate,
    /// The chance that it is won inside the period.
    pub chance_in_period: Estimate,
    /// Its amount (that of a new deal, where nothing is said), times the mean of what deals turn out to be worth over what is stated, times the
    /// chance that it is won inside the period.
    pub expected_value: Estimate,
    /// The month by which it has closed in 10 % of the trials in which it is won; empty where that is after the last month, and where it is won
    /// in fewer than 100.
    pub closes_p10: Option<Month>,
    /// The month by which it has closed in half of them.
    pub closes_p50: Option<Month>,
    /// The month by which it has closed in 90 % of them.
    pub closes_p90: Option<Month>,
    /// P(target | won) − P(target | not won), won being inside the target's period: in these trials, whatever else made the deal win there. Empty
    /// without a target, with fewer than 100 trials on a side, and of several deals alike.
    pub moves: Estimate,
    /// What somebody should look at.
    pub flags: Vec<DealFlag>,
}

/// Something about a deal that somebody should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DealFlag {
    /// It is older than any deal that is decided.
    Stale,
    /// Its stated close date is past.
    Slipped,
    /// It is larger than a tenth of the target.
    Large,
    /// The chance that its row states has odds of more than three times, or less than a third of, those by the law.
    OwnChance,
}

impl DealFlag {
    /// Its name in files.
    pub fn key(self) -> &'static str {
        match self {
            DealFlag::Stale => "stale",
            DealFlag::Slipped => "slipped",
            DealFlag::Large => "large",
            DealFlag::OwnChance => "own_chance",
        }
    }

    /// What people are told.
    pub fn name(self) -> &'static str {
        match self {
            DealFlag::OwnChance => "own chance",
            flag => flag.key(),
        }
    }
}

/// Deals together: all of them, or those with one text in a column.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DealGroup {
    /// The text; empty where nothing stands in the column.
    pub name: String,
    /// How many deals.
    pub deals: usize,
    /// What they are said to be worth; a deal of which nothing is said counts with that of a new one.
    pub value: f64,
    /// The mean of what of them is won inside the period.
    pub expected_value: Estimate,
    /// The value that 10 % of these amounts fall below.
    pub p10: Estimate,
    /// The value that 20 % fall below.
    pub p20: Estimate,
    /// The median.
    pub p50: Estimate,
    /// The value that 80 % fall below.
    pub p80: Estimate,
    /// The value that 90 % fall below.
    pub p90: Estimate,
}

/// Σ amount × chance, chance being what each row states, else that by the law with inputs at their means: one number, without a time.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct WeightedPipeline {
    /// The sum.
    pub amount: f64,
    /// The share of trials in which what the deals bring in all months is no more.
    pub percentile: Estimate,
}

/// Customers of a contract in force that come up for renewal in one month.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ContractOutlook {
    /// The id of the row.
    pub id: String,
    /// What people call it.
    pub label: Option<String>,
    /// The key of its region.
    pub region: String,
    /// The month.
    pub due: Month,
    /// How many customers.
    pub count: usize,
    /// What they are worth a year, together.
    pub annual_value: f64,
    /// The chance that one of them renews: the mean over the trials.
    pub chance: Estimate,
    /// annual value × (1 − chance).
    pub at_risk: Estimate,
}
