//! What can be forecast.

use serde::{Deserialize, Serialize};

use crate::units::{Currency, power_of_ten_at_most, third_digit};

/// What is forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Leads that arrive.
    Leads,
    /// Deals won.
    WonDeals,
    /// Leads lost.
    LostDeals,
    /// Leads not decided at the end of the month.
    OpenDeals,
    /// Value of new deals, in the month they close.
    Bookings,
    /// Value renewed, in the renewal month.
    Renewals,
    /// Bookings and renewals: what a plan calls sales revenue.
    TotalBookings,
    /// Recognised revenue: value spread evenly over the contract's months.
    Revenue,
    /// Yearly value of the contracts active at the end of the month.
    Arr,
    /// Contracts active at the end of the month.
    Customers,
    /// Open deals times the trial's mean deal size.
    PipelineValue,
    /// The same, each open deal weighted by its chance of being won.
    WeightedPipeline,
    /// Money spent on selling; for the total only.
    Investment,
    /// (cumulative total bookings − cumulative investment) / cumulative investment; for the total only. On bookings, not profit.
    Roi,
}

impl Metric {
    /// Every metric, in the order of reports.
    pub const ALL: [Metric; 14] = [
        Metric::Leads,
        Metric::WonDeals,
        Metric::LostDeals,
        Metric::OpenDeals,
        Metric::Bookings,
        Metric::Renewals,
        Metric::TotalBookings,
        Metric::Revenue,
        Metric::Arr,
        Metric::Customers,
        Metric::PipelineValue,
        Metric::WeightedPipeline,
        Metric::Investment,
        Metric::Roi,
    ];

    /// Its name in files.
    pub fn key(self) -> &'static str {
        match self {
            Metric::Leads => "leads",
            Metric::WonDeals => "won_deals",
            Metric::LostDeals => "lost_deals",
            Metric::OpenDeals => "open_deals",
            Metric::Bookings => "bookings",
            Metric::Renewals => "renewals",
            Metric::TotalBookings => "total_bookings",
            Metric::Revenue => "revenue",
            Metric::Arr => "arr",
            Metric::Customers => "customers",
            Metric::PipelineValue => "pipeline_value",
            Metric::WeightedPipeline => "weighted_pipeline",
            Metric::Investment => "investment",
            Metric::Roi => "roi",
        }
    }

    /// Its name in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Leads => "leads",
            Metric::WonDeals => "won deals",
            Metric::LostDeals => "lost deals",
            Metric::OpenDeals => "open deals",
            Metric::Bookings => "bookings",
            Metric::Renewals => "renewals",
            Metric::TotalBookings => "total bookings",
            Metric::Revenue => "recognised revenue",
            Metric::Arr => "ARR",
            Metric::Customers => "customers",
            Metric::PipelineValue => "pipeline value",
            Metric::WeightedPipeline => "weighted pipeline",
            Metric::Investment => "investment",
            Metric::Roi => "return on investment",
        }
    }

    /// A value of it, rounded to what its error supports: €17.8M, 1,240, 14 %.
    pub(crate) fn said(self, currency: &Currency, value: f64, error: Option<f64>) -> String {
        if self.is_money() {
            currency.within(value, error)
        } else if self == Metric::Roi {
            format!("{} %", currency.count(100.0 * value))
        } else {
            currency.count(value)
        }
    }

    /// A value of it with at most three digits: €17.8M, 1,240, 14 %.
    pub(crate) fn about(self, currency: &Currency, value: f64, error: Option<f64>) -> String {
        if self.is_money() {
            return currency.about(value, error);
        }
        let step = third_digit(value).max(error.filter(|e| *e > 0.0).map_or(0.0, power_of_ten_at_most));
        let (step, unit) = if self == Metric::Roi { (step.max(0.01), 100.0) } else { (step.max(1.0), 1.0) };
        let text = currency.count((value / step).round() * step * unit);
        if self == Metric::Roi { format!("{text}\u{A0}%") } else { text }
    }

    /// Whether it adds over months; the others are levels at the end of a month.
    pub fn is_flow(self) -> bool {
        matches!(
            self,
            Metric::Leads
                | Metric::WonDeals
                | Metric::LostDeals
                | Metric::Bookings
                | Metric::Renewals
                | Metric::TotalBookings
                | Metric::Revenue
                | Metric::Investment
        )
    }

    /// Whether it is an amount of money.
    pub fn is_money(self) -> bool {
        matches!(
            self,
            Metric::Bookings
                | Metric::Renewals
                | Metric::TotalBookings
                | Metric::Revenue
                | Metric::Arr
                | Metric::PipelineValue
                | Metric::WeightedPipeline
                | Metric::Investment
        )
    }

    /// Whether won deals are all that it takes: leads that are lost or still open have no part in it.
    pub fn is_of_won_deals(self) -> bool {
        !matches!(
            self,
            Metric::Leads | Metric::LostDeals | Metric::OpenDeals | Metric::PipelineValue | Metric::WeightedPipeline
        )
    }

    /// Whether it is defined for the total alone.
    pub fn total_only(self) -> bool {
        matches!(self, Metric::Investment | Metric::Roi)
    }
}
