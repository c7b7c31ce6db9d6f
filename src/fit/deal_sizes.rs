//! Deal sizes: the amounts of won deals as they are, each region's own and, for little, those of the others.

use super::day::Day;
use super::opportunities::Opportunities;
use super::outcome::Outcome;
use crate::chance::Stream;

/// At most so many amounts stand in a scenario; of more, means of groups, finer where amounts are large.
const MOST_VALUES: usize = 128;
/// How many deals those of other regions are worth together.
const OTHERS: f64 = 20.0;

/// The amounts of won deals, and how many of each region have each.
#[derive(Clone, Debug)]
pub(super) struct DealSizes {
    /// The amounts of all won deals, ascending.
    pub(super) amounts: Vec<f64>,
    /// Amounts that a deal may have, ascending.
    pub(super) values: Vec<f64>,
    /// Deals by region and amount.
    counts: Vec<Vec<f64>>,
}

impl DealSizes {
    /// The amounts of deals won before a day.
    pub(super) fn of(opportunities: &Opportunities, as_of: Day) -> DealSizes {
        let won = opportunities.deals.iter().filter(|deal| deal.outcome_before(as_of) == Outcome::Won);
        let mut amounts: Vec<(f64, u16)> = won.filter_map(|deal| Some((deal.amount?, deal.region))).collect();
        amounts.sort_by(|a, b| a.0.total_cmp(&b.0));
        let groups = groups(&amounts);
        let regions = opportunities.regions.len();
        let mut counts = vec![vec![0.0; groups.len()]; regions];
        let mut values = Vec::with_capacity(groups.len());
        for (group, range) in groups.into_iter().enumerate() {
            let deals = &amounts[range];
            // Sums of differences, so that equal amounts have that amount as their mean.
            let first = deals[0].0;
            values.push(first + deals.iter().map(|(amount, _)| amount - first).sum::<f64>() / deals.len() as f64);
            deals.iter().for_each(|(_, region)| counts[usize::from(*region)][group] += 1.0);
        }
        DealSizes { amounts: amounts.into_iter().map(|(amount, _)| amount).collect(), values, counts }
    }

    /// The shapes of the gamma weights of a region.
    fn shapes(&self, region: usize) -> impl Iterator<Item = f64> + '_ {
        let all = |value: usize| self.counts.iter().map(|counts| counts[value]).sum::<f64>();
        let others: f64 = (0..self.values.len()).map(all).sum::<f64>() - self.counts[region].iter().sum::<f64>();
        let share = if others > 0.0 { OTHERS / others } else { 0.0 };
        (0..self.values.len()).map(move |value| {
            let own = self.counts[region][value];
            own + share * (all(value) - own)
        })
    }

    /// The weights of a region, as they may be: gamma numbers, which sum to 1.
    pub(super) fn draw(&self, region: usize, stream: &mut Stream) -> Vec<f64> {
        let weights: Vec<f64> = self.shapes(region).map(|shape| stream.gamma(shape)).collect();
        scaled(weights)
    }

    /// The mean weights of a region, which sum to 1.
    #[cfg(test)]
    fn weights(&self, region: usize) -> Vec<f64> {
        scaled(self.shapes(region).collect())
    }

    /// How many won deals of a region have an amount.
    pub(super) fn deals(&self, region: usize) -> f64 {
        self.counts[region].iter().sum()
    }

    /// The mean amount of a region's own deals; none where it has none.
    pub(super) fn own_mean(&self, region: usize) -> Option<f64> {
        let deals = self.deals(region);
        (deals > 0.0).then(|| dot(&self.values, &self.counts[region]) / deals)
    }
}

/// The sum of products.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn scaled(mut weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}

/// Groups of equal or near amounts: each has about the same share of the deals and of the sum of squares.
fn groups(amounts: &[(f64, u16)]) -> Vec<std::ops::Range<usize>> {
    let runs = || amounts.chunk_by(|a, b| a.0 == b.0);
    let distinct = runs().count();
    // Amounts as parts of the largest, whose squares are no less than can be written.
    let largest = amounts.iter().map(|(amount, _)| amount.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let square = |amount: f64| (amount / largest) * (amount / largest);
    let squares: f64 = amounts.iter().map(|(amount, _)| square(*amount)).sum::<f64>().max(1.0);
    let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
    let (mut at, mut below, mut cell) = (0, 0.0, None);
    for run in runs() {
        let next = at + run.len();
        let own = run.len() as f64;
        below += 0.5 * (own / amounts.len() as f64 + own * square(run[0].0) / squares);
        // The middle of the run says which group it belongs to.
        let its = ((below - 0.25 * own / amounts.len() as f64) * MOST_VALUES as f64) as usize;
        match groups.last_mut() {
            Some(group) if distinct > MOST_VALUES && cell == Some(its) => group.end = next,
            _ => groups.push(at..next),
        }
        (at, cell) = (next, Some(its));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Address, Purpose};
    use crate::fit::made_up::{deals, opportunities};
    use crate::stats::special::normal_quantile;

    #[test]
    fn means_stay_and_spreads_nearly() {
        let mut all = opportunities(deals(6000, 1));
        for (i, deal) in all.deals.iter_mut().enumerate() {
            (deal.outcome, deal.closed) = (Outcome::Won, deal.created);
            deal.amount = Some(libm::exp(1.2 * normal_quantile((i as f64 + 0.5) / 6000.0)));
        }
        let sizes = DealSizes::of(&all, i32::MAX);
        assert!(sizes.values.len() <= MOST_VALUES + 1 && sizes.values.len() > 100, "{}", sizes.values.len());
        let amounts: Vec<f64> = all.deals.iter().filter_map(|deal| deal.amount).collect();
        let (mean, square) = (amounts.iter().sum::<f64>() / 6000.0, dot(&amounts, &amounts) / 6000.0);
        let weights = sizes.weights(0);
        let squares: Vec<f64> = sizes.values.iter().map(|x| x * x).collect();
        assert!((dot(&sizes.values, &weights) / mean - 1.0).abs() < 1e-12);
        assert!((dot(&squares, &weights) / square - 1.0).abs() < 2e-3);
    }

    #[test]
    fn a_region_borrows_from_the_others_as_from_twenty_deals() {
        let mut some = deals(600, 2);
        for deal in &mut some {
            (deal.outcome, deal.closed) = (Outcome::Won, deal.created);
            deal.amount = Some(if deal.region == 0 { 100.0 } else { 300.0 });
        }
        // Region 0 has 20 deals, region 1 has 300.
        let mut kept = 0;
        some.retain(|deal| {
            deal.region == 1 || {
                kept += 1;
                kept <= 20
            }
        });
        let sizes = DealSizes::of(&opportunities(some), i32::MAX);
        assert_eq!((sizes.values.clone(), sizes.own_mean(0)), (vec![100.0, 300.0], Some(100.0)));
        assert!((dot(&sizes.values, &sizes.weights(0)) - 200.0).abs() < 1e-9);
        let address = Address::new(3, 0, Purpose::Fit, 0, 0);
        let means: Vec<f64> = (0..4000).map(|i| dot(&sizes.values, &sizes.draw(0, &mut address.stream(i)))).collect();
        let mean = means.iter().sum::<f64>() / 4000.0;
        let sd = (means.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 4000.0).sqrt();
        // A beta law of 20 and 20: its sd is 200·√(1/4/41).
        assert!((mean - 200.0).abs() < 2.6 && (sd - 15.6).abs() < 0.9, "{mean} {sd}");
    }
}
