//! How the forecasts of one figure held: their scores over the periods that were forecast, beside those of the naive methods.

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::naive::Method;
use super::target::Target;
use crate::forecast::Bands;
use crate::stats::special::ln_beta_tails;
use crate::stats::{Estimate, Order, caught_by_hits, caught_by_spread, hits_range, separate, spread_range};

/// The levels of bands whose hits are counted, in percent.
pub const LEVELS: [u32; 3] = [50, 80, 90];
/// The level of the band from P10 to P90.
const MAIN_LEVEL: f64 = 0.8;
/// Bands this many times as wide as right ones are what one wants to be sure to catch.
pub const NARROW: f64 = 0.6;
/// See [`NARROW`].
pub const WIDE: f64 = 1.5;
/// Beyond it a standard normal number lies in 5 % of cases.
const TWO_SIDED: f64 = 1.96;
/// Fewer separate periods tell nothing, unless they speak against the bands.
const FEWEST: usize = 3;

/// What was forecast of a period, and what happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Replayed {
    /// The day before which all was known.
    pub origin: Date,
    /// The first day of the period.
    pub from: Date,
    /// The last day of it.
    pub to: Date,
    /// What happened.
    pub actual: f64,
    /// What was forecast.
    pub bands: Bands<f64>,
    /// The fair continuous ranked probability score.
    pub crps: f64,
    /// The share of futures below what happened.
    pub pit: f64,
    /// Its normal score.
    pub z: f64,
    /// In which bands it lies, by their level in percent.
    pub inside: IndexMap<String, bool>,
    /// The score of each naive method that could forecast it.
    pub naive: IndexMap<String, f64>,
    /// The periods as numbers, by which those that share none are told.
    #[serde(skip)]
    pub(super) span: std::ops::Range<usize>,
}

/// The sum of a figure's scores.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Scores {
    /// `total`, or the key of a region.
    pub scope: String,
    /// What people call it.
    pub label: String,
    /// What was forecast at each origin: "1 month".
    pub horizon: String,
    /// How many periods were forecast.
    pub n: usize,
    /// The mean score.
    pub crps: f64,
    /// How many periods lay in the bands of each level in percent.
    pub hits: IndexMap<String, usize>,
    /// The root of the mean square of the normal scores: 1 for right bands, more for narrow ones.
    pub s: f64,
    /// The mean of the normal scores: below 0 where forecasts were too high.
    pub mean_z: f64,
    /// The mean score of each naive method, over the periods that it could forecast.
    pub naive: IndexMap<String, f64>,
    /// The score as a part of each naive method's, less than 1 where it is better: with the error that separate periods show.
    pub skill: IndexMap<String, Estimate>,
    /// The mean of |actual − median| / actual, where anything happened.
    pub median_error: Option<f64>,
    /// 1 less that: "forecast accuracy" as plans have it.
    pub accuracy: Option<f64>,
    /// The periods among them that share no day, which alone count as facts.
    pub separate: Separate,
    /// What the separate periods say of the bands.
    pub verdict: Verdict,
    /// The periods one by one.
    pub periods: Vec<Replayed>,
}

/// The periods that share no day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Separate {
    /// How many there are.
    pub n: usize,
    /// As in [`Scores`].
    pub hits: IndexMap<String, usize>,
    /// As in [`Scores`].
    pub s: f64,
    /// As in [`Scores`].
    pub mean_z: f64,
    /// From how many to how many hits right bands give in 95 % of cases.
    pub right_hits: IndexMap<String, (usize, usize)>,
    /// From what to what right bands give s in 95 % of cases.
    pub right_s: (f64, f64),
    /// The chance that s would lie outside, if the bands were 0.6 times as wide as right ones.
    pub narrow_caught_by_s: f64,
    /// The chance that the hits of the band from P10 to P90 would.
    pub narrow_caught_by_hits: f64,
    /// The chance that s would, if they were 1.5 times as wide.
    pub wide_caught_by_s: f64,
}

/// What periods say of bands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing speaks against them.
    NotRejected,
    /// Nothing speaks against them, but there are too few to tell.
    TooFew,
    /// Right bands would hardly have given this.
    Rejected(Vec<Objection>),
}

/// What speaks against bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objection {
    /// They lie too high.
    TooHigh,
    /// They lie too low.
    TooLow,
    /// They are too narrow, or lie apart from what happened.
    TooNarrow,
    /// They are too wide.
    TooWide,
}

impl Replayed {
    /// Scores a forecast; `among` is a uniform number, for draws that equal what happened.
    pub(super) fn new(
        (origin, from, to): (Date, Date, Date),
        span: std::ops::Range<usize>,
        actual: f64,
        forecast: &Order,
        among: f64,
    ) -> Replayed {
        let draws = forecast.values();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (draws.len() as f64 - 1.0).max(1.0);
        let [p5, p10, p25, p50, p75, p90, p95] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95].map(|p| forecast.quantile(p));
        let pit = forecast.pit(actual, among);
        let inside = |level: u32| forecast.is_inside(actual, f64::from(level) / 100.0);
        Replayed {
            origin,
            from,
            to,
            actual,
            bands: Bands { mean, sd: libm::sqrt(variance), p5, p10, p25, p50, p75, p90, p95 },
            crps: forecast.crps(actual),
            pit,
            z: forecast.normal_score(pit),
            inside: LEVELS.into_iter().map(|level| (level.to_string(), inside(level))).collect(),
            naive: IndexMap::new(),
            span,
        }
    }

    /// Adds the score of a naive method.
    pub(super) fn beside(&mut self, method: Method, forecast: &Order) {
        self.naive.insert(method.key().to_owned(), forecast.crps(self.actual));
    }
}

/// How often periods lay inside, and their normal scores: root of the mean square, mean.
fn summary(periods: &[&Replayed]) -> (IndexMap<String, usize>, f64, f64) {
    let n = periods.len() as f64;
    let hits = |level: &String| periods.iter().filter(|period| period.inside[level]).count();
    let hits = LEVELS.into_iter().map(|level| level.to_string()).map(|level| (level.clone(), hits(&level)));
    let square: f64 = periods.iter().map(|period| period.z * period.z).sum();
    (hits.collect(), libm::sqrt(square / n), periods.iter().map(|period| period.z).sum::<f64>() / n)
}

impl Scores {
    /// The scores of a figure's periods; nothing of none.
    pub(super) fn of((scope, label): (&str, &str), target: Target, periods: Vec<Replayed>) -> Option<Scores> {
        let n = periods.len();
        let mean = |of: &dyn Fn(&Replayed) -> f64| periods.iter().map(of).sum::<f64>() / n as f64;
        let spans: Vec<_> = periods.iter().map(|period| period.span.clone()).collect();
        let apart: Vec<&Replayed> = separate(&spans).into_iter().map(|i| &periods[i]).collect();
        let separate = Separate::of(&apart)?;
        let (hits, s, mean_z) = summary(&periods.iter().collect::<Vec<_>>());
        let (mut naive, mut skill) = (IndexMap::new(), IndexMap::new());
        for method in Method::ALL.map(Method::key) {
            let both = |period: &Replayed| period.naive.get(method).map(|score| (period.crps, *score));
            let pairs: Vec<(f64, f64)> = periods.iter().filter_map(both).collect();
            if !pairs.is_empty() {
                let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
                naive.insert(method.to_owned(), mean(&|pair| pair.1));
                let apart: Vec<(f64, f64)> = apart.iter().filter_map(|period| both(period)).collect();
                skill.insert(method.to_owned(), ratio(mean(&|pair| pair.0), mean(&|pair| pair.1), &apart));
            }
        }
        let is_something = periods.iter().all(|period| period.actual != 0.0);
        let median_error =
            is_something.then(|| mean(&|period| ((period.actual - period.bands.p50) / period.actual).abs()));
        Some(Scores {
            scope: scope.to_owned(),
            label: label.to_owned(),
            horizon: target.key.to_owned(),
            n,
            crps: mean(&|period| period.crps),
            hits,
            s,
            mean_z,
            naive,
            skill,
            median_error,
            accuracy: median_error.map(|error| 1.0 - error),
            verdict: separate.verdict(),
            separate,
            periods,
        })
    }
}

impl Scores {
    /// Whether a method could forecast all periods, so that its mean score is one of the same periods.
    pub fn has_all_of(&self, method: Method) -> bool {
        self.periods.iter().all(|period| period.naive.contains_key(method.key()))
    }

    /// The naive method with the lowest score among those that could forecast all periods, and the own score as a part of its score.
    pub fn best_naive(&self) -> Option<(Method, Estimate)> {
        let found = Method::ALL.into_iter().filter(|method| method.is_naive() && self.has_all_of(*method));
        let found = found.min_by(|a, b| self.naive[a.key()].total_cmp(&self.naive[b.key()]))?;
        Some((found, self.skill[found.key()]))
    }

    /// Whether a score as a part of another differs from 1 by more than chance gives in 95 % of cases: Student's t test of paired differences
    /// over the separate periods. Of one period nothing can be told.
    pub fn is_told_apart(&self, skill: Estimate) -> bool {
        let Estimate { value: Some(part), error: Some(error) } = skill else { return false };
        let freedom = self.separate.n as f64 - 1.0;
        if freedom < 1.0 || error <= 0.0 {
            return false;
        }
        let t = (part - 1.0) / error;
        // Both tails of the t law: I_x(ν/2, ½) at x = ν/(ν + t²).
        t != 0.0 && libm::exp(ln_beta_tails(0.5 * freedom, 0.5, libm::log(freedom / (t * t))).0) < 0.05
    }
}

impl Objection {
    /// What the bands are.
    pub fn name(self) -> &'static str {
        match self {
            Objection::TooHigh => "too high",
            Objection::TooLow => "too low",
            Objection::TooNarrow => "too narrow",
            Objection::TooWide => "too wide",
        }
    }
}

/// A mean as a part of another one: a score of a naive score, a sum over deals of their number. Its error is that of paired differences over separate periods.
pub(super) fn ratio(own: f64, naive: f64, apart: &[(f64, f64)]) -> Estimate {
    let n = apart.len() as f64;
    let ratio = own / naive;
    // The linearised ratio: what a period's own score is above its expected part of the naive one.
    let off: Vec<f64> = apart.iter().map(|(own, other)| own - ratio * other).collect();
    let mean = off.iter().sum::<f64>() / n;
    let square: f64 = off.iter().map(|x| (x - mean) * (x - mean)).sum();
    Estimate::new(ratio, (apart.len() > 1).then(|| libm::sqrt(square / (n - 1.0) / n) / naive))
}

impl Separate {
    fn of(periods: &[&Replayed]) -> Option<Separate> {
        let n = periods.len();
        let (hits, s, mean_z) = summary(periods);
        let right = |level: u32| Some((level.to_string(), hits_range(n, f64::from(level) / 100.0)?));
        Some(Separate {
            n,
            hits,
            s,
            mean_z,
            right_hits: LEVELS.into_iter().map(right).collect::<Option<_>>()?,
            right_s: spread_range(n)?,
            narrow_caught_by_s: caught_by_spread(n, NARROW)?,
            narrow_caught_by_hits: caught_by_hits(n, MAIN_LEVEL, NARROW)?,
            wide_caught_by_s: caught_by_spread(n, WIDE)?,
        })
    }

    /// What the normal scores say: their mean of a shift, their spread of a wrong width.
    fn verdict(&self) -> Verdict {
        let mut objections = Vec::new();
        let shift = self.mean_z * libm::sqrt(self.n as f64);
        if shift.abs() > TWO_SIDED {
            objections.push(if shift < 0.0 { Objection::TooHigh } else { Objection::TooLow });
        }
        if self.s > self.right_s.1 {
            objections.push(Objection::TooNarrow);
        } else if self.s < self.right_s.0 {
            objections.push(Objection::TooWide);
        }
        match objections.is_empty() {
            true if self.n < FEWEST => Verdict::TooFew,
            true => Verdict::NotRejected,
            false => Verdict::Rejected(objections),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::target::Step;
    use crate::stats::special::normal_quantile;
    use jiff::civil::date;

    /// Periods of which each was forecast as normal with this standard deviation around `shift`, while what happened is as regular as a
    /// standard normal number can be.
    fn scores(n: usize, sd: f64, shift: f64, target: Target) -> Scores {
        let draws = |scale: f64, shift: f64| {
            Order::of(
                (0..999).map(|i| 1000.0 + shift + scale * normal_quantile((f64::from(i) + 0.5) / 999.0)).collect(),
            )
        };
        let (forecast, naive) = (draws(sd, shift), draws(3.0, 0.0));
        let day = date(2027, 1, 1);
        let one = |i: usize| {
            // In an order that is not that of their size.
            let actual = 1000.0 + normal_quantile(((i * 5 % n) as f64 + 0.5) / n as f64);
            let mut period = Replayed::new((day, day, day), target.periods(i), actual, &forecast, 0.5);
            period.beside(Method::RunRate, &naive);
            period
        };
        Scores::of(("total", "Total"), target, (0..n).map(one).collect()).unwrap()
    }

    #[test]
    fn right_bands_are_not_rejected_and_wrong_ones_are() {
        let month = Step::Month.targets()[0];
        let right = scores(24, 1.0, 0.0, month);
        assert_eq!((right.n, right.separate.n, &right.verdict), (24, 24, &Verdict::NotRejected));
        assert_eq!(right.hits.values().copied().collect::<Vec<_>>(), [12, 20, 22]);
        assert!((right.s - 0.96).abs() < 0.03 && right.mean_z.abs() < 0.02, "{} {}", right.s, right.mean_z);
        assert_eq!(right.separate.right_hits["80"], (15, 23));
        assert!((right.separate.narrow_caught_by_s - 0.94).abs() < 0.005);
        let objections = |sd: f64, shift: f64| match scores(24, sd, shift, month).verdict {
            Verdict::Rejected(objections) => objections,
            verdict => panic!("{verdict:?}"),
        };
        assert_eq!(objections(0.6, 0.0), [Objection::TooNarrow]);
        assert_eq!(objections(1.5, 0.0), [Objection::TooWide]);
        assert_eq!(objections(1.0, 0.7), [Objection::TooHigh]);
        assert_eq!(objections(1.0, -0.7), [Objection::TooLow]);
    }

    #[test]
    fn scores_are_told_apart_by_the_t_law() {
        // Beyond these a t number of 1, 2, 11 and 119 degrees of freedom lies in 5 % of cases; the normal law has 1.96 for all.
        for (n, t) in [(2, 12.706), (3, 4.3027), (12, 2.2010), (120, 1.9801)] {
            let scores = scores(n, 1.0, 0.0, Step::Month.targets()[0]);
            for side in [-1.0, 1.0] {
                let skill = |t: f64| Estimate::unrounded(1.0 + side * t * 0.05, Some(0.05));
                let told = [0.999, 1.001].map(|factor| scores.is_told_apart(skill(factor * t)));
                assert_eq!(told, [false, true], "{n} {side}");
            }
            let unknown = [Estimate::UNKNOWN, Estimate::exact(0.1), Estimate::unrounded(1.0, Some(0.05))];
            assert!(unknown.into_iter().all(|skill| !scores.is_told_apart(skill)));
        }
        let one = scores(1, 1.0, 0.0, Step::Month.targets()[0]);
        assert!(!one.is_told_apart(Estimate::unrounded(0.1, Some(1e-9))));
        let (method, skill) = scores(12, 1.0, 0.0, Step::Month.targets()[0]).best_naive().unwrap();
        assert!(method == Method::RunRate && skill.value.unwrap() < 1.0);
    }

    #[test]
    fn few_periods_tell_nothing_unless_they_speak_against_the_bands() {
        let quarter = Step::Month.targets()[3];
        let five = scores(5, 1.0, 0.0, quarter);
        assert_eq!((five.n, five.separate.n, &five.verdict), (5, 2, &Verdict::TooFew));
        assert!(matches!(scores(5, 0.2, 3.0, quarter).verdict, Verdict::Rejected(_)));
        // Seven narrow ones are caught in little more than half of cases.
        assert_eq!(scores(7, 1.0, 0.0, Step::Month.targets()[0]).verdict, Verdict::NotRejected);
    }

    #[test]
    fn scores_are_held_against_naive_ones() {
        let found = scores(24, 1.0, 0.0, Step::Month.targets()[0]);
        // The mean score of a right normal forecast is σ/√π.
        assert!((found.crps - 1.0 / libm::sqrt(std::f64::consts::PI)).abs() < 0.03, "{}", found.crps);
        let skill = found.skill["run_rate"];
        assert!((skill.value.unwrap() - found.crps / found.naive["run_rate"]).abs() < 1e-3);
        assert!(skill.value.unwrap() < 0.9 && skill.error.unwrap() > 0.0 && skill.error.unwrap() < 0.2);
        assert!((found.accuracy.unwrap() - 0.99921).abs() < 1e-4, "{:?}", found.accuracy);
        assert_eq!(found.naive.len(), 1);
        assert!(Scores::of(("total", "Total"), Step::Month.targets()[0], Vec::new()).is_none());
    }
}
