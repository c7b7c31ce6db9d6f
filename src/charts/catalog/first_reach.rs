//! When something first happens: by when 1, 5 and 9 futures in 10 have come there.

use crate::charts::wording::words::brief_month;
use crate::stats::Estimate;
use crate::units::{Frequency, Horizon, Period};

/// When something first happens.
#[derive(Clone, Debug)]
pub(super) struct FirstReach {
    pub(super) horizon: Horizon,
    /// The periods by whose end 1, 5 and 9 futures in 10 have come there (P10, P50, P90); `None` where so many never do.
    pub(super) at: [Option<Period>; 3],
    /// The share of futures in which it never happens.
    pub(super) never: Estimate,
}

/// The names of the three percentiles.
pub(super) const NAMES: [&str; 3] = ["P10", "P50", "P90"];

impl FirstReach {
    /// The months or quarters between which it happens with 8 chances in 10: "May and September 2027". `None` where some of
    /// these never see it or all are in the same one.
    pub(super) fn between(&self) -> Option<String> {
        let [Some(first), _, Some(last)] = &self.at else {
            return None;
        };
        if first.months == last.months {
            return None;
        }
        let (from, to) = (self.name(first), self.name(last));
        match (from.split_once(' '), to.split_once(' ')) {
            (Some((month, year)), Some((_, same))) if year == same => Some(format!("{month} and {to}")),
            _ => Some(format!("{from} and {to}")),
        }
    }

    /// A period's name: "May 2027", "Q2 2027".
    pub(super) fn name(&self, period: &Period) -> String {
        quarter(period).unwrap_or_else(|| self.horizon.month(period.months.start).name())
    }

    /// A period's name that is no longer than "May 2027".
    pub(super) fn brief_name(&self, period: &Period) -> String {
        quarter(period).unwrap_or_else(|| brief_month(self.horizon.month(period.months.start)))
    }

    /// Whether a period is the last one of all, by which everything has happened that ever does.
    pub(super) fn ends_with(&self, period: &Period) -> bool {
        period.months.end >= self.horizon.months
    }

    /// "within these 36 months"; of a single month "in January 2027".
    pub(super) fn within(&self) -> String {
        match self.horizon.months {
            1 => format!("in {}", self.horizon.start.name()),
            months => format!("within these {months} months"),
        }
    }

    /// "12 in 100" of the futures in which it never happens, if there is one in 100 of them.
    pub(super) fn never(&self) -> Option<String> {
        (self.never.known() >= 0.005).then(|| self.never.chance())
    }

    /// What stands beside the marks, each with its period: "P10: May 2027", "P50 and P90: Jul 2027". What never happens in so
    /// many futures has none.
    pub(super) fn labels(&self) -> Vec<(String, Option<&Period>)> {
        let mut found: Vec<(Vec<&str>, Option<&Period>)> = Vec::new();
        for (name, period) in NAMES.into_iter().zip(&self.at) {
            match found.last_mut() {
                Some((names, same)) if same.map(|p| &p.months) == period.as_ref().map(|p| &p.months) => {
                    names.push(name);
                }
                _ => found.push((vec![name], period.as_ref())),
            }
        }
        let last = brief_month(self.horizon.last());
        found
            .into_iter()
            .map(|(names, period)| {
                let names = match names[..] {
                    [first, middle, last] => format!("{first}, {middle} and {last}"),
                    _ => names.join(" and "),
                };
                let when = period.map_or_else(|| format!("not by {last}"), |period| self.brief_name(period));
                (format!("{names}: {when}"), period)
            })
            .collect()
    }
}

/// The name of a quarter: "Q2 2027"; `None` for other periods.
fn quarter(period: &Period) -> Option<String> {
    match (period.every, period.label.split_once('-')) {
        (Frequency::Quarter | Frequency::FiscalQuarter, Some((year, quarter))) => Some(format!("{quarter} {year}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::wording::words::period;

    fn arrival(labels: [&str; 3], never: f64) -> FirstReach {
        let horizon = Horizon { start: "2027-01".parse().unwrap(), months: 36, fiscal_first_month: 1 };
        FirstReach { horizon, at: labels.map(|label| period(&horizon, label)), never: Estimate::exact(never) }
    }

    fn labels(arrival: &FirstReach) -> Vec<String> {
        arrival.labels().into_iter().map(|(label, _)| label).collect()
    }

    #[test]
    fn a_span_names_a_year_once() {
        assert_eq!(arrival(["2027-05", "2027-07", "2027-09"], 0.0).between().unwrap(), "May and September 2027");
        assert_eq!(arrival(["2027-05", "2027-07", "2028-01"], 0.0).between().unwrap(), "May 2027 and January 2028");
        assert_eq!(arrival(["2027-Q1", "2027-Q3", "2027-Q4"], 0.0).between().unwrap(), "Q1 and Q4 2027");
        assert_eq!(arrival(["2027-05", "2027-05", "2027-05"], 0.0).between(), None);
        assert_eq!(arrival(["2027-05", "2027-07", ""], 0.2).between(), None);
    }

    #[test]
    fn what_falls_together_is_named_together() {
        assert_eq!(
            labels(&arrival(["2027-05", "2027-07", "2027-07"], 0.0)),
            ["P10: May 2027", "P50 and P90: Jul 2027"]
        );
        assert_eq!(labels(&arrival(["2027-Q2", "", ""], 0.8)), ["P10: Q2 2027", "P50 and P90: not by Dec 2029"]);
        assert_eq!(labels(&arrival(["", "", ""], 1.0)), ["P10, P50 and P90: not by Dec 2029"]);
    }

    #[test]
    fn never_is_told_only_where_it_happens() {
        assert_eq!(arrival(["2027-05"; 3], 0.001).never(), None);
        assert_eq!(arrival(["2027-05"; 3], 0.04).never().unwrap(), "4 in 100");
        assert_eq!(arrival(["2027-05"; 3], 0.0).within(), "within these 36 months");
    }
}
