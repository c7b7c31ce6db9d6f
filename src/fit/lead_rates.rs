//! Lead rates: log λ = a + v + e, of the region, the month, and the region's month, from counts of deals that were created.

use super::day::Day;
use super::exposure::Seen;
use super::opportunities::Opportunities;
use super::poisson::{Cell, Kind, Posterior, Prior, Regression, Scale};
use crate::chance::Stream;
use crate::units::DAYS_PER_MONTH;

/// What is thought of the spread of months, that of all regions and that of each.
const MONTH: Kind = Kind { prior_sd: 0.08, prior_weight: 3.0 };
/// The standard deviation of a region's level around that of all.
const LEVEL: f64 = 3.0;
/// So many effects of single months are looked at; of more, the latest ones.
const MOST_EFFECTS: usize = 200;
/// A scenario has no larger one.
const MOST_OVERDISPERSION: f64 = 100.0;
/// A last month beyond these factors of the mean of those before is remarkable.
const TAPER: (f64, f64) = (0.5, 2.0);

/// What was found of the leads.
#[derive(Clone, Debug)]
pub(super) struct LeadRates {
    regions: usize,
    posterior: Posterior,
    /// The first day of the months.
    pub(super) from: Day,
    /// Leads by region and month.
    pub(super) counts: Vec<Vec<u64>>,
    /// How many days each month has.
    days: Vec<f64>,
    /// Whether the months are whole ones.
    pub(super) whole: bool,
}

impl LeadRates {
    /// Fits the whole months that are seen; the days that there are where no month is whole.
    pub(super) fn fit(opportunities: &Opportunities, seen: &Seen) -> LeadRates {
        let whole: Vec<usize> = (0..seen.months).filter(|month| seen.is_whole(*month)).collect();
        let is_whole = !whole.is_empty();
        let mut months: Vec<usize> = if is_whole { whole } else { (0..seen.months).collect() };
        let regions = seen.regions();
        let most = (MOST_EFFECTS / regions).max(3);
        months.drain(..months.len().saturating_sub(most));
        let days: Vec<f64> = months.iter().map(|month| seen.days(*month).len() as f64).collect();
        let ranges: Vec<std::ops::Range<Day>> = months.iter().map(|month| seen.days(*month)).collect();
        let mut counts = vec![vec![0; months.len()]; regions];
        let first = ranges.first().map_or(0, |range| range.start);
        for deal in opportunities.deals.iter().filter(|deal| deal.created >= first && deal.created < seen.as_of) {
            let month = ranges.partition_point(|range| range.end <= deal.created);
            if ranges.get(month).is_some_and(|range| range.contains(&deal.created)) {
                counts[usize::from(deal.region)][month] += 1;
            }
        }
        let posterior = regression(&counts, &days);
        LeadRates { regions, posterior, from: first, counts, days, whole: is_whole }
    }

    /// The variance of a month's rate, as the overdispersion of a scenario, and at most what one may have: leads that all come in a few months
    /// would have more.
    pub(super) fn overdispersion(&self) -> f64 {
        libm::expm1(self.posterior.variances.iter().sum::<f64>()).min(MOST_OVERDISPERSION)
    }

    /// Leads a month of each region, as they may be.
    pub(super) fn draw(&self, stream: &mut Stream) -> Vec<f64> {
        let effects = self.posterior.draw(stream);
        let spread = 0.5 * self.posterior.variances.iter().sum::<f64>();
        let rate = |r: usize| effects[r] - 0.5 * self.posterior.covariance.at(r, r) + spread;
        (0..self.regions).map(|r| libm::exp(rate(r)) * DAYS_PER_MONTH).collect()
    }

    /// Leads a month of a region in the last three months that are seen.
    pub(super) fn recent(&self, region: usize) -> f64 {
        let from = self.days.len().saturating_sub(3);
        let leads: u64 = self.counts[region][from..].iter().sum();
        leads as f64 / self.days[from..].iter().sum::<f64>() * DAYS_PER_MONTH
    }

    /// The leads of the last month and the mean of those before, where these differ so much that one of them may be no month like others.
    pub(super) fn taper(&self) -> Option<(u64, f64)> {
        let months = self.days.len();
        let leads = |month: usize| self.counts.iter().map(|region| region[month]).sum::<u64>();
        if !self.whole || months < 3 {
            return None;
        }
        let before = (0..months - 1).map(leads).sum::<u64>() as f64 / (months - 1) as f64;
        let last = leads(months - 1);
        let ratio = last as f64 / before;
        (ratio < TAPER.0 || ratio > TAPER.1).then_some((last, before))
    }
}

/// The levels of regions, the effects of months and of regions' months.
fn regression(counts: &[Vec<u64>], days: &[f64]) -> Posterior {
    let (regions, months) = (counts.len(), days.len());
    let all: u64 = counts.iter().flatten().sum();
    let level = libm::log((all as f64).max(0.5) / (regions as f64 * days.iter().sum::<f64>()).max(1.0));
    let mut model =
        Regression { effects: regions + months + regions * months, kinds: vec![MONTH, MONTH], ..Regression::default() };
    let one = |effect: usize, mean: f64, scale: Scale| Prior { terms: vec![(effect, 1.0)], mean, scale };
    model.priors.extend((0..regions).map(|r| one(r, level, Scale::Fixed(LEVEL))));
    model.priors.extend((0..months).map(|m| one(regions + m, 0.0, Scale::Kind { kind: 0, weight: 1.0 })));
    for (r, counts) in counts.iter().enumerate() {
        for (m, (count, days)) in counts.iter().zip(days).enumerate() {
            let own = regions + months + r * months + m;
            model.priors.push(one(own, 0.0, Scale::Kind { kind: 1, weight: 1.0 }));
            model.cells.push(Cell { exposure: *days, count: *count as f64, effects: vec![r, regions + m, own] });
        }
    }
    let mut start = vec![0.0; model.effects];
    start[..regions].fill(level);
    model.fit(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Address, Purpose};
    use crate::fit::exposure::Exposure;
    use crate::fit::made_up::{deals, opportunities};

    #[test]
    fn a_lead_a_day_is_thirty_a_month() {
        let all = opportunities(deals(500, 2));
        let exposure = Exposure::count(&all, Some(20_100), 20_580);
        let rates = LeadRates::fit(&all, &exposure.before(20_580).unwrap());
        assert!(rates.whole && rates.counts[0].len() == 15 && rates.taper().is_none());
        assert!((rates.recent(0) - 15.2).abs() < 0.5);
        let address = Address::new(1, 0, Purpose::Fit, 0, 0);
        let draws: Vec<f64> = (0..500).map(|i| rates.draw(&mut address.stream(i))[1]).collect();
        let mean = draws.iter().sum::<f64>() / 500.0;
        assert!((mean - 15.2).abs() < 0.6, "{mean}");
        assert!(rates.overdispersion() > 0.0 && rates.overdispersion() < 0.05);
    }

    #[test]
    fn a_month_like_no_other_is_told() {
        let mut some = deals(470, 1);
        some.retain(|deal| deal.created < 20_540 || deal.created % 3 == 0);
        let all = opportunities(some);
        // The whole months end with April 2026.
        let exposure = Exposure::count(&all, Some(20_100), 20_574);
        assert!(LeadRates::fit(&all, &exposure.before(20_574).unwrap()).taper().is_some());
    }
}
