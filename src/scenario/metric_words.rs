//! Values of metrics, as people read them.

use super::metric::{Metric, MetricUnit};
use super::unit::Unit;
use crate::units::format::exact;
use crate::units::{Currency, Typed, power_of_ten_at_most, third_digit};

impl Metric {
    /// A value of it to the place of `place`, such as the one to which steps are rounded that add up: €17.81M, 1,240, 14 %.
    pub(crate) fn to_place(self, currency: &Currency, value: f64, place: f64) -> String {
        match self.unit() {
            MetricUnit::Money => currency.within(value, Some(place)),
            MetricUnit::Ratio => format!("{}\u{A0}%", currency.count(100.0 * value)),
            MetricUnit::Count => currency.count(value),
            MetricUnit::Months => currency.number((value / place).round() * place),
        }
    }

    /// A level of it that somebody typed, with all its digits: €10.049M, 10.5, 14.25 %.
    pub(crate) fn exact(self, currency: &Currency, level: f64) -> String {
        match self.unit() {
            MetricUnit::Money => currency.exact(level),
            MetricUnit::Ratio => format!("{} %", currency.locale().write(&exact(level, 2))),
            MetricUnit::Count | MetricUnit::Months => currency.locale().write(&exact(level, 0)),
        }
    }

    /// How an amount of it is typed.
    pub(crate) fn typed(self) -> Typed {
        if self.unit() == MetricUnit::Ratio { Typed::Any } else { Typed::Amount }
    }

    /// A value of it as everybody reads it, with at most three digits, fewer where its error is larger: €17.8M, 1,240, 14 %.
    pub(crate) fn said(self, currency: &Currency, value: f64, error: Option<f64>) -> String {
        let step = third_digit(value).max(error.filter(|e| *e > 0.0).map_or(0.0, power_of_ten_at_most));
        let counted = |step: f64, unit: f64| currency.count((value / step).round() * step * unit);
        match self.unit() {
            MetricUnit::Money => currency.about(value, error),
            MetricUnit::Ratio => format!("{}\u{A0}%", counted(step.max(0.01), 100.0)),
            MetricUnit::Count => counted(step.max(1.0), 1.0),
            MetricUnit::Months => Unit::Number.found(currency, (value / step).round() * step, Some(step)),
        }
    }

    /// A value of it that was worked out and not drawn, such as the plan line's, for somebody who checks it: money with four digits, counts whole,
    /// ratios in whole percent.
    pub(crate) fn worked_out(self, currency: &Currency, value: f64) -> String {
        match self.unit() {
            MetricUnit::Money => currency.within(value, None),
            MetricUnit::Ratio => format!("{}\u{A0}%", currency.count((100.0 * value).round())),
            MetricUnit::Count => currency.count(value.round()),
            MetricUnit::Months => currency.number(value),
        }
    }

    /// What leaves a period without a value of it.
    pub(crate) fn lacks(self) -> &'static str {
        match self {
            Metric::Cac | Metric::CacPaybackMonths => "nothing is won in that time",
            Metric::Arpa => "there is no customer then",
            Metric::Ltv => "there is no customer then, or none ever leaves",
            Metric::AeUtilisation | Metric::SdrUtilisation => {
                "there is no limit to what they take on, or nobody to take it on"
            }
            Metric::QuotaAttainment => "there is no quota",
            Metric::RepsAtQuota => "no executive with a quota is there throughout",
            Metric::BookingsPerRep => "there is no executive",
            Metric::Nrr | Metric::Grr => "nothing is in force when it begins",
            _ => "nothing is invested by then",
        }
    }

    /// Why a figure of it is unknown: "nothing is invested by then", "in some futures nothing is won in that time".
    pub(crate) fn why_unknown(self) -> String {
        // What is invested is the same in all futures.
        let in_all = matches!(self, Metric::Roi | Metric::MarginRoi);
        format!("{}{}", if in_all { "" } else { "in some futures " }, self.lacks())
    }
}
