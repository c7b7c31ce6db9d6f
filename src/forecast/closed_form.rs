//! Simulated means against exact ones, where exact ones are known: fixed inputs, no market factor, one cycle a region.

use serde::{Deserialize, Serialize};

use super::summaries::Summaries;
use crate::model::{Cycle, Funnel, Region};
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::stats::Moments;
use crate::stats::special::normal_quantile;
use crate::units::DAYS_PER_MONTH;

/// How far simulated means are from exact ones, in standard errors.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClosedForm {
    /// Each region's won deals and bookings over the horizon.
    pub totals: Vec<Comparison>,
    /// How many monthly means were compared besides.
    pub monthly_means: usize,
    /// The largest deviation among them, in standard errors.
    pub largest_monthly_deviation: f64,
}

/// A simulated mean beside the exact one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    /// The metric whose mean is compared.
    pub metric: Metric,
    /// The key of the scope, such as `total`.
    pub scope: String,
    /// The exact mean over the whole horizon.
    pub exact: f64,
    /// The mean over all trials.
    pub simulated: f64,
    /// (simulated − exact) / standard error, the exact one.
    pub deviation: f64,
    /// How far above the exact mean chance may bring the simulated one, in standard errors: 6, and more where few large
    /// deals bring most. Below it chance brings it 6 at most.
    pub limit: f64,
}

/// Chance brings a mean this many standard errors below the exact one in fewer than 1 in 60 million runs, whatever its law, and
/// as rarely above [`Comparison::limit`].
const CHANCE: f64 = 6.0;
/// −ln of that probability.
const RARE: f64 = CHANCE * CHANCE / 2.0;
/// How exact the tables of sums are, as a share of the mean (docs/developers/sums.md), on the wide side.
const TABLES: f64 = 1e-4;
/// No deviation is told as more standard errors.
const MOST: f64 = 1e9;

impl ClosedForm {
    /// The means that chance does not explain, nor how exact the tables are: the simulation itself is wrong there.
    pub fn wrong(&self) -> impl Iterator<Item = &Comparison> {
        self.totals.iter().filter(|c| {
            let by_chance = (-CHANCE..=c.limit).contains(&c.deviation);
            let by_tables = (c.simulated - c.exact).abs() <= TABLES * c.exact;
            !by_chance && !by_tables
        })
    }
}

/// Compares; `None` where the exact means are not known. `plan` is then the exact expectation.
pub(super) fn closed_form(summaries: &Summaries, plan: &Outcomes) -> Option<ClosedForm> {
    let model = summaries.model();
    let cycles = model.regions.iter().map(|region| match &region.funnel {
        Funnel::Cycle(cycle) => Some((region, cycle)),
        Funnel::Stages(_) | Funnel::Daily(_) => None,
    });
    let cycles: Vec<(&Region, &Cycle)> = cycles.collect::<Option<_>>()?;
    // How far chance may bring the means of open deals, and of deals that wait for the end of a quarter, is not worked out.
    // Nor what changes from month to month.
    let unchanged = model.changes.is_empty() && !model.valued;
    let plain = unchanged
        && model.running.is_none()
        && !model.has_team
        && model.regions.iter().all(|region| region.held.is_none() && region.sizes.is_none());
    if !model.is_closed_form() || !plain || model.trials < 2 {
        return None;
    }
    let deviation = |moments: Option<Moments>, exact: f64| {
        let m = moments?;
        // A month in which nothing is expected to close has no error to measure by.
        (m.mean_error > 0.0).then(|| (m.mean - exact) / m.mean_error)
    };
    let horizon = 0..model.horizon.months;
    let mut totals = Vec::new();
    let (mut monthly_means, mut largest) = (0, 0.0_f64);
    for ((index, scope), (region, cycle)) in model.scopes[..model.regions.len()].iter().enumerate().zip(cycles) {
        let won = Grid::new(model, plan, Metric::WonDeals, &scope.regions);
        let chance = Chance::new(region, cycle, model.horizon.months, model.trials as f64);
        for metric in [Metric::WonDeals, Metric::Bookings].into_iter().filter(|metric| model.has(*metric)) {
            let exact = Grid::new(model, plan, metric, &scope.regions);
            let simulated = |months| summaries.bands(metric, index, &months).moments;
            let expected = exact.period(horizon.clone())[0];
            let (error, limit) = if metric == Metric::WonDeals { chance.of_won() } else { chance.of_bookings() };
            if let Some(mean) = simulated(horizon.clone()).map(|m| m.mean).filter(|mean| error > 0.0 || *mean > 0.0) {
                totals.push(Comparison {
                    metric,
                    scope: scope.key.clone(),
                    exact: expected,
                    simulated: mean,
                    deviation: ((mean - expected) / error).clamp(-MOST, MOST),
                    limit,
                });
            }
            for m in horizon.clone() {
                // The mean of a few events is far from normal.
                let events = won.month(m)[0] * model.trials as f64;
                let found = deviation(simulated(m..m + 1), exact.month(m)[0]).filter(|_| events > 1_000.0);
                if let Some(deviation) = found {
                    monthly_means += 1;
                    largest = if deviation.abs() > largest.abs() { deviation } else { largest };
                }
            }
        }
    }
    Some(ClosedForm { totals, monthly_means, largest_monthly_deviation: largest })
}

/// What chance does to the means of a region's totals. Of the leads of month m, λₘ deals are expected to be won within the horizon;
/// their number is Poisson(λₘ Aₘ), Aₘ of variance ω. So the number of deals has the variance Σ λₘ + ω Σ λₘ², and their value that
/// of s² · ((1 + cv²) Σ λₘ + ω Σ λₘ²).
///
/// Such a sum over n trials, of variance V, lies t below its mean with a probability of at most exp(−t²/2V), and t above it of at
/// most exp(−t²/(2(V + ct))) where no single term of it is worth more than 3c (Bernstein). A term is a deal, whose size passes the
/// bound taken here as rarely, or what a month's Aₘ brings.
struct Chance<'r> {
    region: &'r Region,
    trials: f64,
    /// Σ λₘ.
    deals: f64,
    /// ω Σ λₘ².
    scatter: f64,
    /// The largest ω λₘ.
    burst: f64,
}

impl Chance<'_> {
    fn new<'r>(region: &'r Region, cycle: &Cycle, months: usize, trials: f64) -> Chance<'r> {
        let decided = cycle.delay.decided_by_lag(cycle.mean_days.at(&[]), DAYS_PER_MONTH, 1.0, months);
        let won = |m: usize, leads: f64| leads * cycle.conversion.in_force(m).at(&[]) * decided[months - 1 - m];
        let won: Vec<f64> =
            region.expected(&[]).take(months).enumerate().map(|(m, leads)| won(m, leads).max(0.0)).collect();
        let omega = region.overdispersion;
        Chance {
            region,
            trials,
            deals: won.iter().sum(),
            scatter: omega * won.iter().map(|won| won * won).sum::<f64>(),
            burst: omega * won.iter().copied().fold(0.0, f64::max),
        }
    }

    /// The standard error of the mean number of won deals, and how many of them chance may bring it above what is expected.
    fn of_won(&self) -> (f64, f64) {
        self.error_and_limit(self.deals + self.scatter, 1.0)
    }

    /// The same of bookings.
    fn of_bookings(&self) -> (f64, f64) {
        let (unit, cv) = (self.region.mean_size.at(&[]), self.region.size.cv());
        let rare = libm::exp(-RARE) / (self.trials * self.deals).max(1.0);
        let largest = self.region.size.at(-normal_quantile(rare));
        let (error, limit) = self.error_and_limit((1.0 + cv * cv) * self.deals + self.scatter, largest);
        (unit * error, limit)
    }

    /// From the variance of one trial and its largest deal, deals being of mean size 1.
    fn error_and_limit(&self, variance: f64, largest: f64) -> (f64, f64) {
        // On the wide side: a burst comes with the deals' own scatter.
        let term = largest / 3.0 + 2.0 * self.burst;
        let deviation = libm::sqrt(self.trials * variance);
        let linear = if deviation > 0.0 { RARE * term / deviation } else { 0.0 };
        (libm::sqrt(variance / self.trials), linear + libm::sqrt(linear * linear + 2.0 * RARE))
    }
}
