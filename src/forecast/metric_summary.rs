//! A metric over some regions, and all that is asked of it.

use std::ops::Range;

use indexmap::IndexMap;

use super::summary::{Measured, Summary, SummaryAccumulator, share};
use crate::model::Model;
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::stats::Estimate;

/// A metric of a scope: questions at first, in the end their answers. The accumulators stand between the two where trials come in
/// pieces.
#[derive(Debug)]
pub(super) struct MetricSummary {
    metric: Metric,
    regions: Vec<usize>,
    /// Periods whose bands are asked for, ascending once they are settled.
    pub(super) asked: Vec<Range<usize>>,
    accumulators: Vec<SummaryAccumulator>,
    /// Of each that is asked.
    pub(super) measured: Vec<Measured>,
    /// By first month and the one after the last: values of all trials.
    pub(super) samples: IndexMap<(usize, usize), Vec<f64>>,
    /// The same and the bits of an amount: trials below it.
    pub(super) below: IndexMap<(usize, usize, u64), Below>,
    /// By periods and the bits of a level.
    pub(super) reached: IndexMap<(Vec<Range<usize>>, u64), LevelReached>,
}

/// How many trials stay below an amount, and how many come to just it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Below {
    pub(super) count: usize,
    pub(super) equal: usize,
    /// Whether any value is unknown.
    pub(super) unknown: bool,
}

/// In which periods trials reach a level.
#[derive(Clone, Debug, Default)]
pub(super) struct LevelReached {
    /// How many trials reach it, by period.
    pub(super) trials: Vec<usize>,
    /// How many periods reach it, by trial.
    pub(super) count: Vec<f64>,
    /// The first of them, counted from 0, by trial; infinite where there is none.
    pub(super) first: Vec<f64>,
    /// The first of them from which on every period reaches it, by trial; infinite where the last one does not.
    pub(super) lasting: Vec<f64>,
}

fn key(months: &Range<usize>) -> (usize, usize) {
    (months.start, months.end)
}

impl MetricSummary {
    pub(super) fn new(model: &Model, metric: Metric, scope: usize) -> MetricSummary {
        MetricSummary {
            metric,
            regions: model.scopes[scope].regions.clone(),
            asked: Vec::new(),
            accumulators: Vec::new(),
            measured: Vec::new(),
            samples: IndexMap::new(),
            below: IndexMap::new(),
            reached: IndexMap::new(),
        }
    }

    /// How many numbers a trial has here that are kept.
    pub(super) fn samples_held(&self) -> usize {
        self.samples.len() + 3 * self.reached.len()
    }

    /// Puts what is asked in order, each once.
    pub(super) fn settle(&mut self) {
        self.asked.sort_unstable_by_key(key);
        self.asked.dedup();
    }

    /// Where a period's bands are.
    pub(super) fn place_of(&self, months: &Range<usize>) -> Option<usize> {
        self.asked.binary_search_by_key(&key(months), key).ok()
    }

    /// Answers everything from all trials at once.
    pub(super) fn look(&mut self, model: &Model, all: &Outcomes, summary: &mut Summary) {
        let grid = Grid::new(model, all, self.metric, &self.regions);
        let measured = &mut self.measured;
        each_sample(&grid, &self.asked, |_, sample| measured.push(summary.measure(sample)));
        self.gather(&grid);
    }

    /// Before trials come in pieces.
    pub(super) fn prepare(&mut self, trials: usize) {
        self.accumulators = self.asked.iter().map(|_| SummaryAccumulator::new(trials)).collect();
        self.samples.values_mut().for_each(|sample| sample.reserve_exact(trials));
    }

    /// The first time that a piece of trials comes.
    pub(super) fn first_pass(&mut self, model: &Model, piece: &Outcomes) {
        let grid = Grid::new(model, piece, self.metric, &self.regions);
        let accumulators = &mut self.accumulators;
        each_sample(&grid, &self.asked, |i, sample| accumulators[i].first_pass(sample));
        self.gather(&grid);
    }

    /// Between the two times.
    pub(super) fn between_passes(&mut self, summary: &Summary) {
        self.accumulators.iter_mut().for_each(|accumulator| accumulator.between_passes(summary));
    }

    /// Takes in a piece of the outcomes for the second time.
    pub(super) fn second_pass(&mut self, model: &Model, piece: &Outcomes) {
        if self.accumulators.is_empty() {
            return;
        }
        let grid = Grid::new(model, piece, self.metric, &self.regions);
        let accumulators = &mut self.accumulators;
        each_sample(&grid, &self.asked, |i, sample| accumulators[i].second_pass(sample));
    }

    /// After all pieces have come twice.
    pub(super) fn finish(&mut self, summary: &mut Summary) {
        self.measured = self.accumulators.drain(..).map(|accumulator| summary.finish(accumulator)).collect();
    }

    /// Samples and counts, which one look answers.
    fn gather(&mut self, grid: &Grid) {
        for ((start, end), sample) in &mut self.samples {
            sample.extend(grid.period(*start..*end));
        }
        for ((start, end, amount), below) in &mut self.below {
            let (sample, amount) = (grid.period(*start..*end), f64::from_bits(*amount));
            below.see(&sample, amount);
        }
        for ((periods, level), reached) in &mut self.reached {
            reached.see(grid, periods, f64::from_bits(*level));
        }
    }
}

impl Below {
    /// Takes in more trials. Sums of the same amounts in another order differ in their last digits, and are equal nonetheless.
    pub(super) fn see(&mut self, sample: &[f64], amount: f64) {
        let near = 1e-9 * amount.abs();
        self.equal += sample.iter().filter(|x| (**x - amount).abs() <= near).count();
        self.count += sample.iter().filter(|x| **x < amount - near).count();
        self.unknown |= sample.iter().any(|x| x.is_nan());
    }

    /// The share of so many trials that stay below it, and the share that come to just it; unknown where a value is.
    pub(super) fn position(&self, trials: usize) -> [Estimate; 2] {
        if self.unknown { [Estimate::UNKNOWN; 2] } else { [self.count, self.equal].map(|count| share(count, trials)) }
    }
}

impl LevelReached {
    fn see(&mut self, grid: &Grid, periods: &[Range<usize>], level: f64) {
        let from = self.count.len();
        let trials = from + grid.month(0).len();
        self.count.resize(trials, 0.0);
        self.first.resize(trials, f64::INFINITY);
        self.lasting.resize(trials, f64::INFINITY);
        self.trials.resize(periods.len(), 0);
        for (i, period) in periods.iter().enumerate() {
            let trials = self.count[from..].iter_mut().zip(&mut self.first[from..]).zip(&mut self.lasting[from..]);
            for (x, ((count, first), lasting)) in grid.period(period.clone()).iter().zip(trials) {
                if *x >= level {
                    self.trials[i] += 1;
                    *count += 1.0;
                    *first = first.min(i as f64);
                    *lasting = lasting.min(i as f64);
                } else {
                    *lasting = f64::INFINITY;
                }
            }
        }
    }
}

/// Forms the samples of periods, which ascend: those that begin together go on from one another.
fn each_sample(grid: &Grid, asked: &[Range<usize>], mut see: impl FnMut(usize, &[f64])) {
    let (mut sum, mut summed) = (Vec::new(), 0..0);
    for (i, months) in asked.iter().enumerate() {
        if grid.is_of_whole_period() {
            see(i, &grid.period(months.clone()));
            continue;
        }
        if months.len() == 1 || !grid.is_flow() {
            see(i, grid.month(months.end - 1));
            continue;
        }
        if summed.is_empty() || summed.start != months.start {
            summed = months.start..months.start + 1;
            sum.clear();
            sum.extend_from_slice(grid.month(months.start));
        }
        for m in summed.end..months.end {
            sum.iter_mut().zip(grid.month(m)).for_each(|(s, x)| *s += x);
        }
        summed.end = months.end;
        see(i, &sum);
    }
}
