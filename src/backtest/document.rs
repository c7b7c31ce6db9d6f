//! What a back-test found, as it is written to `backtest.json`.

use jiff::civil::Date;
use serde::Serialize;

use super::open_deals::OpenDealScores;
use super::scores::Scores;
use super::target::Step;
use crate::documents::{Body, Kind};
use crate::units::Currency;

/// What a back-test found.
#[derive(Clone, Debug, Serialize)]
pub struct BacktestFound {
    /// The currency of amounts.
    pub currency: Currency,
    /// How far origins lie from each other.
    pub step: Step,
    /// The first day of the window.
    pub from: Date,
    /// The day before which all is known.
    pub until: Date,
    /// How many futures each forecast has.
    pub trials: usize,
    /// The origins with a forecast.
    pub origins: Vec<Date>,
    /// Origins without one, each with the reason.
    pub left_out: Vec<(Date, String)>,
    /// Why the scores may be too good, in sentences.
    pub cautions: Vec<String>,
    /// The scores of the total, then of each region, by what was forecast.
    pub scores: Vec<Scores>,
    /// The same of the number of wins.
    pub wins: Vec<Scores>,
    /// How the chances of open deals held, by when they are decided.
    pub open_deals: Vec<OpenDealScores>,
}

impl BacktestFound {
    /// The scores of the total, by what was forecast.
    pub fn totals(&self) -> Vec<&Scores> {
        self.scores.iter().filter(|scores| scores.scope == "total").collect()
    }
}

impl Body for BacktestFound {
    const KIND: Kind = Kind::Backtest;
}
