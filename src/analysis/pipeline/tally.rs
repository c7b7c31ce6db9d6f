//! What became of each open deal, counted over trials: whole numbers, so that they are the same in whatever order blocks come.

use std::ops::Range;

use crate::engine::WonDeal;

/// The months that count as won in time.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    /// Those of the period.
    pub(super) period: Range<usize>,
    /// Those of the target.
    pub(super) target: Range<usize>,
}

/// What became of a deal.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Σ over trials of how many of its row are ever won, and of the square of that.
    pub(super) won: [u64; 2],
    /// The same of those won in the period.
    pub(super) in_period: [u64; 2],
    /// Trials in which one is won in the target's months, and those of them that meet the target.
    pub(super) for_target: [u64; 2],
}

/// What became of all deals.
#[derive(Debug)]
pub(super) struct Tallies {
    pub(super) deals: Vec<Tally>,
    /// Deals won in each month, the last one for later: deals × (months + 1).
    months: Vec<u32>,
    /// The trials that meet the target.
    pub(super) met: u64,
    each: usize,
}

impl Tallies {
    pub(super) fn new(deals: usize, months: usize) -> Tallies {
        let each = months + 1;
        Tallies { deals: vec![Tally::default(); deals], months: vec![0; deals * each], met: 0, each }
    }

    /// The bytes that it takes.
    pub(super) fn bytes(deals: usize, months: usize) -> f64 {
        deals as f64 * (size_of::<Tally>() as f64 + 4.0 * (months + 1) as f64)
    }

    /// Adds a block of trials: its deals won, and whether each trial meets the target.
    pub(super) fn add(&mut self, won_deals: &[WonDeal], met: &[bool], windows: &Windows) {
        self.met += met.iter().filter(|met| **met).count() as u64;
        let mut lanes = vec![[0_u64; 3]; met.len()];
        for of_deal in won_deals.chunk_by(|a, b| a.deal == b.deal) {
            let deal = of_deal[0].deal as usize;
            let (tally, months) = (&mut self.deals[deal], &mut self.months[deal * self.each..][..self.each]);
            // A row of one deal is won once in a trial; its trials ascend then.
            if of_deal.is_sorted_by(|a, b| a.lane < b.lane) {
                let (mut period, mut target, mut met_target) = (0, 0, 0);
                for won in of_deal {
                    let month = won.month as usize;
                    months[month] += 1;
                    period += u64::from(windows.period.contains(&month));
                    let in_target = windows.target.contains(&month);
                    target += u64::from(in_target);
                    met_target += u64::from(in_target && met[won.lane as usize]);
                }
                let ever = of_deal.len() as u64;
                add(&mut tally.won, [ever, ever]);
                add(&mut tally.in_period, [period, period]);
                add(&mut tally.for_target, [target, met_target]);
                continue;
            }
            lanes.fill([0; 3]);
            for won in of_deal {
                let month = won.month as usize;
                months[month] += 1;
                let [ever, period, target] = &mut lanes[won.lane as usize];
                *ever += 1;
                *period += u64::from(windows.period.contains(&month));
                *target += u64::from(windows.target.contains(&month));
            }
            for ([ever, period, target], met) in lanes.iter().zip(met) {
                add(&mut tally.won, [*ever, ever * ever]);
                add(&mut tally.in_period, [*period, period * period]);
                add(&mut tally.for_target, [u64::from(*target > 0), u64::from(*target > 0 && *met)]);
            }
        }
    }

    /// The month by which a part of the deals that are won have closed; `None` where that is after the last month.
    pub(super) fn closed_by(&self, deal: usize, part: f64) -> Option<usize> {
        let months = &self.months[deal * self.each..(deal + 1) * self.each];
        let wanted = part * months.iter().map(|n| f64::from(*n)).sum::<f64>();
        let mut closed = 0.0;
        let by = months.iter().position(|n| {
            closed += f64::from(*n);
            closed >= wanted
        });
        by.filter(|month| *month + 1 < self.each)
    }
}

fn add(sums: &mut [u64; 2], more: [u64; 2]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}
