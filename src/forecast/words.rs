//! What the forecast's own numbers mean to a reader.

use super::bands::Bands;
use super::document::{Forecast, InputShare, MainFigure, Position};
use super::percentile::At;
use super::summary::share;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::format;
use crate::units::{Frequency, Horizon, Periods};

/// The months that charts of what adds up show of a main figure over some periods: to the end of its period, where that begins with the first month,
/// is not over and has three months at least; else all.
pub(super) fn main_horizon(horizon: Horizon, periods: &Periods, known: usize) -> Horizon {
    match periods {
        Periods::One(period) if period.months.start == 0 && period.months.end > known.max(2) => {
            Horizon { months: period.months.end, ..horizon }
        }
        _ => horizon,
    }
}

/// The kind of period that the fan of a metric runs over: cumulative where it adds up, else month by month.
pub(crate) fn fan_frequency(metric: Metric) -> Frequency {
    if metric.is_flow() { Frequency::Cumulative } else { Frequency::Month }
}

impl Forecast {
    /// The months of the main figure's period.
    pub(crate) fn main_months(&self) -> std::ops::Range<usize> {
        let horizon = self.horizon();
        let found = horizon.parse(&self.main.period);
        found.map_or(0..horizon.months, |periods| periods.whole().months)
    }

    /// The months that charts of what adds up show.
    pub(crate) fn main_horizon(&self) -> Horizon {
        let horizon = self.horizon();
        match horizon.parse(&self.main.period) {
            Ok(periods) => main_horizon(horizon, &periods, self.months_known()),
            Err(_) => horizon,
        }
    }

    /// A value of a metric, rounded to what its error supports: €17.8M, 1,240, 14 %.
    pub(crate) fn said(&self, metric: Metric, value: f64, error: Option<f64>) -> String {
        metric.said(&self.currency, value, error)
    }

    /// A share of the futures, with its error.
    pub(crate) fn share(&self, of: f64) -> Estimate {
        let trials = self.manifest.trials;
        share((of * trials as f64).round() as usize, trials)
    }

    /// The main figure's range in words; `None` where it is unknown in some futures.
    pub(crate) fn range(&self) -> Option<Range> {
        let main = &self.main;
        let chances = |of: f64| format::chances(of, self.share(of).error);
        let said = |found: Estimate| Some(self.said(main.metric, found.value?, found.error));
        let [p10, p50, p90] = [main.bands.p10, main.bands.p50, main.bands.p90];
        let [low, middle, high] = [said(p10)?, said(p50)?, said(p90)?];
        if low == high {
            let share = if p10.value == p90.value { main.position(At::P50).map(|at| at.equal.known()) } else { None };
            return Some(Range::Same(match share {
                _ if self.manifest.trials == 1 => format!("{middle} in the one future simulated"),
                _ if main.bands.is_fixed() => format!("{middle} in every future"),
                Some(share) => format!("{} of just {middle}", chances(share)),
                None => format!("about {middle} in at least 8 futures in 10"),
            }));
        }
        let lumpy = |at| main.position(at).filter(|position| position.is_lumpy(self.manifest.trials));
        let below = |at, p| main.position(at).map_or(p, |position| position.below.known());
        let between = match (lumpy(At::P10), lumpy(At::P90)) {
            (None, None) => "8 chances in 10".to_owned(),
            _ => {
                let equal = main.position(At::P90).map_or(0.0, |position| position.equal.known());
                chances(below(At::P90, 0.9) + equal - below(At::P10, 0.1))
            }
        };
        let median = match lumpy(At::P50) {
            None => format!("as likely above {middle} as below"),
            Some(at) if at.is_at_an_end() => format!("{} of just {middle}", chances(at.equal.known())),
            Some(at) => format!(
                "{} of at least {middle}, {} of at most that",
                chances(1.0 - at.below.known()),
                chances(at.below.known() + at.equal.known())
            ),
        };
        let at_least = |at: At, smooth: &str| match lumpy(at).map(|position| 1.0 - position.below.known()) {
            None => (1.0 - at.probability(), format!("{smooth} of at least")),
            Some(1.0) => (1.0, "no future below".to_owned()),
            Some(chance) => (chance, format!("{} of at least", chances(chance))),
        };
        let above = |position: &Position| match position.below.known() + position.equal.known() {
            at_most if at_most >= 1.0 => "no future above".to_owned(),
            at_most => format!("{} of more than", chances(1.0 - at_most)),
        };
        Some(Range::Wide(Box::new(RangeWords {
            between: format!("{between} of {low} to {high}"),
            median,
            at_least: [
                at_least(At::P10, "9 chances in 10"),
                at_least(At::P50, "5 chances in 10"),
                at_least(At::P90, "1 chance in 10"),
            ],
            above_high: lumpy(At::P90).map_or_else(|| "1 chance in 10 of more than".to_owned(), above),
            values: [low, middle, high],
        })))
    }
}

/// The main figure's range in words. Where it takes few values, such as a handful of large deals, the chances are those found: as many
/// futures as not may be just at its median.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Range {
    /// Bad and good outcomes read the same: "€5.00M in every future".
    Same(String),
    /// They differ.
    Wide(Box<RangeWords>),
}

/// A range whose ends differ.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RangeWords {
    /// P10, P50 and P90 as they read.
    pub(crate) values: [String; 3],
    /// "8 chances in 10 of €14.0M to €22.0M"
    pub(crate) between: String,
    /// "as likely above €17.6M as below", "75 chances in 100 of at least €2.00M, 49 of at most that"
    pub(crate) median: String,
    /// How likely at least P10, at least P50 and at least P90 is, and what stands before the value: "9 chances in 10 of
    /// at least", "93 chances in 100 of at least", "no future below".
    pub(crate) at_least: [(f64, String); 3],
    /// What stands before P90: "1 chance in 10 of more than", "5 chances in 100 of more than".
    pub(crate) above_high: String,
}

/// A share of the variance that would read as 0 %. An estimate of one that is never below 0 may be clear of its error, and yet is nothing.
pub(crate) const NEGLIGIBLE_SHARE: f64 = 0.005;

impl InputShare {
    /// Whether it is more than noise, and more than nothing.
    pub(crate) fn counts(&self) -> bool {
        self.share.is_clear() && self.share.known() >= NEGLIGIBLE_SHARE
    }
}

/// The inputs that bring most of the main figure's variance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Leaders<'a> {
    /// The strongest, and those of which the simulation cannot say that they bring less; empty where none brings more than noise.
    pub(crate) first: Vec<&'a InputShare>,
    /// The next one after them, where it brings more than noise.
    pub(crate) next: Option<&'a InputShare>,
}

impl MainFigure {
    /// The inputs that bring most of the variance.
    pub(crate) fn leaders(&self) -> Leaders<'_> {
        let mut clear = self.input_shares.iter().filter(|input| input.counts()).peekable();
        let most = clear.peek().map_or(Estimate::UNKNOWN, |input| input.share);
        let mut first = Vec::new();
        while let Some(input) = clear.next_if(|input| !most.is_clearly_above(input.share)) {
            first.push(input);
        }
        Leaders { first, next: clear.next() }
    }

    /// Whether the market factor brings more of the variance than any one input, beyond two errors.
    pub(crate) fn market_outweighs_inputs(&self) -> bool {
        let market = self.variance.as_ref().map_or(Estimate::UNKNOWN, |shares| shares.market);
        market.known() > 0.1
            && !self.input_shares.is_empty()
            && self.input_shares.iter().all(|input| market.is_clearly_above(input.share))
    }

    /// How the futures lie about one of its percentiles.
    pub(crate) fn position(&self, at: At) -> Option<&Position> {
        self.positions.iter().find(|position| position.at == at)
    }

    /// Whether so many futures share the value of one of its percentiles that no more of them would bring another digit.
    pub(crate) fn is_lumpy(&self, trials: usize) -> bool {
        self.positions.iter().any(|position| position.is_lumpy(trials))
    }
}

impl Position {
    /// Whether the value itself has more than a few percent of so many futures: one alone has it in any sample.
    fn is_lumpy(&self, trials: usize) -> bool {
        self.equal.known() > f64::max(0.02, 1.5 / trials as f64)
    }

    /// Whether no future is lower, or none higher.
    fn is_at_an_end(&self) -> bool {
        self.below.known() <= 0.0 || self.below.known() + self.equal.known() >= 1.0
    }
}

impl Bands<Estimate> {
    /// Whether nothing varies but the last digits.
    pub(crate) fn is_fixed(&self) -> bool {
        match self.sd.value {
            Some(sd) => sd <= 1e-9 * self.mean.value.unwrap_or_default().abs(),
            // A single future has no standard deviation.
            None => self.p5.value.is_some() && self.p5.value == self.p95.value,
        }
    }

    /// Whether they are those of a single future, which tells nothing of what varies.
    pub(crate) fn is_of_one(&self) -> bool {
        self.is_fixed() && self.sd.value.is_none()
    }

    /// How many futures lie from P10 to P90: more than 8 in 10 where many share a value.
    pub(crate) fn inside(&self) -> &'static str {
        let all = [self.p5, self.p10, self.p25, self.p50, self.p75, self.p90, self.p95].map(|found| found.value);
        let shared = all.windows(2).any(|pair| pair[0].is_some() && pair[0] == pair[1]);
        if shared { "at least 8 chances in 10" } else { "8 chances in 10" }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::{Execution, Memory, Run};
    use crate::forecast::forecast;
    use crate::model::resolve;
    use crate::scenario::load;

    /// A quarter of a region whose deals are all worth a million.
    fn played(leads: f64, conversion: f64, trials: usize) -> Forecast {
        let text = format!(
            r#"{{"name": "Ferries", "start": "2027-01", "months": 3, "simulation": {{"trials": {trials}}}, "regions": {{"coast": {{
                "leads": {{"monthly": {leads}}}, "conversion": {conversion}, "cycle": {{"mean_days": 5}},
                "deal_size": {{"mean": 1000000, "shape": "fixed"}}}}}}}}"#
        );
        let scenario = load("ferries.json".as_ref(), &[], &|_| Ok(text.clone().into())).unwrap();
        let execution = Execution::new(None);
        let run = Run::begin(Arc::new(resolve(&scenario).unwrap()), &execution, Memory::default()).unwrap();
        forecast(&scenario, &run, None).unwrap()
    }

    fn range(forecast: &Forecast) -> RangeWords {
        match forecast.range() {
            Some(Range::Wide(range)) => *range,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_handful_of_large_deals_is_told_by_the_chances_found() {
        // Leads won are Poisson of mean 2.7 but for the few that close later. Each chance must be within 4 points of that law.
        let forecast = played(1.8, 0.5, 4_000);
        let range = range(&forecast);
        let chance = |text: &str| text.split(' ').next().unwrap().parse::<f64>().unwrap() / 100.0;
        assert!(range.median.ends_with("of at most that") && !range.median.contains("as likely"), "{range:?}");
        let at_least_two = 1.0 - 3.7 * libm::exp(-2.7);
        assert!(range.values[1] == "€2.00M" && (chance(&range.median) - at_least_two).abs() < 0.06, "{range:?}");
        let at_least_one = 1.0 - libm::exp(-2.7);
        assert!((range.at_least[0].0 - at_least_one).abs() < 0.04, "{range:?}");
        assert!(range.at_least[0].1.ends_with("chances in 100 of at least"), "{range:?}");
        assert!(chance(&range.above_high) < 0.08 && !range.between.starts_with("8 chances in 10 "), "{range:?}");
    }

    #[test]
    fn a_median_at_the_least_value_is_told_by_its_own_chance() {
        let range = range(&played(0.3, 0.3, 2_000));
        assert!(range.median.ends_with("chances in 100 of just €0"), "{range:?}");
        assert_eq!(range.at_least[0], (1.0, "no future below".to_owned()));
    }

    #[test]
    fn what_is_smooth_is_told_in_tenths() {
        let range = range(&played(10_000.0, 0.5, 2_000));
        assert!(range.median.starts_with("as likely above €") && range.between.starts_with("8 chances in 10 of €"));
        assert_eq!(
            (range.at_least[2].1.as_str(), range.above_high.as_str()),
            ("1 chance in 10 of at least", "1 chance in 10 of more than")
        );
    }

    #[test]
    fn only_what_never_varies_is_said_of_every_future() {
        let same = |forecast: &Forecast| match forecast.range() {
            Some(Range::Same(text)) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(same(&played(0.0, 0.5, 500)), "€0 in every future");
        // A deal in one future of thirty: P10 and P90 are 0, and yet it varies.
        let rare = same(&played(0.02, 0.5, 2_000));
        assert!(rare.starts_with('9') && rare.ends_with(" chances in 100 of just €0"), "{rare}");
        assert_eq!(same(&played(3.0, 0.5, 1)).split_once(' ').unwrap().1, "in the one future simulated");
    }
}
