//! The columns that the engine fills. What follows from them (open deals, ARR, revenue, …) is formed when asked for.

use std::sync::Arc;

use super::measure::{Group, Measure};

/// Where each column of a block lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnLayout {
    /// The number of regions.
    pub regions: usize,
    /// The number of months that are kept.
    pub months: usize,
    /// The number of uncertain inputs.
    pub inputs: usize,
    /// Whether it has those of leads that are not won.
    pub leads: bool,
    /// Whether it has the measures of a business that is already running.
    pub running: bool,
    /// Whether it has the gross margins and the retention that lifetime values are formed of.
    pub margin: bool,
    /// Whether it has those of deals whose worth over time does not follow from bookings alone.
    pub valued: bool,
    /// Whether it has those of people.
    pub people: bool,
    /// The number of periods whose executives are counted that reach their quota.
    pub quota_periods: usize,
    /// The number of classes of executives whose bookings are told.
    pub classes: usize,
}

impl ColumnLayout {
    /// The column of a measure of a region in month 0; its months follow, then the region's next measure.
    #[inline]
    pub fn column(&self, measure: Measure, region: usize) -> usize {
        let place = self.measures().position(|known| known == measure).unwrap_or(measure as usize);
        (region * self.measures().count() + place) * self.months
    }

    /// The measures that a region has, in the order of their columns.
    pub fn measures(&self) -> impl Iterator<Item = Measure> + use<> {
        let (leads, running, valued, people) = (self.leads, self.running, self.valued, self.people);
        Measure::of_groups(move |group| match group {
            Group::All => true,
            Group::Leads => leads,
            Group::Running => running,
            Group::Valued => valued,
            Group::People => people,
        })
    }

    /// Whether it has a measure.
    pub fn has(&self, measure: Measure) -> bool {
        self.measures().any(|known| known == measure)
    }

    /// The column of a region's drawn mean deal size.
    pub fn mean_size(&self, region: usize) -> usize {
        self.measures().count() * self.regions * self.months + region
    }

    /// The columns of a region's drawn gross margin and yearly retention.
    pub fn margin(&self, region: usize) -> [usize; 2] {
        [0, 1].map(|i| self.mean_size((1 + i) * self.regions + region))
    }

    /// The columns that count the region's executives who are there in all of a period with a quota in it, and those of them who reach it.
    pub fn at_quota(&self, period: usize, region: usize) -> [usize; 2] {
        let before = if self.margin { 3 } else { 1 };
        [0, 1].map(|i| self.mean_size((before + 2 * period + i) * self.regions + region))
    }

    /// The columns of what executives of a class in a region are to book in the main figure's period, and of what they do.
    pub fn of_class(&self, class: usize, region: usize) -> [usize; 2] {
        self.at_quota(self.quota_periods + class, region)
    }

    /// How many numbers of each region there are that are not of a month: mean deal size, gross margin and retention, executives at quota and their
    /// classes.
    fn of_regions(&self) -> usize {
        (if self.margin { 3 } else { 1 }) + 2 * (self.quota_periods + self.classes)
    }

    /// The column of an input's drawn value.
    pub fn input(&self, input: usize) -> usize {
        self.mean_size(self.of_regions() * self.regions) + input
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.input(self.inputs)
    }

    /// Bytes that `trials` trials take.
    pub fn bytes(&self, trials: usize) -> f64 {
        self.columns() as f64 * 8.0 * trials as f64
    }
}

/// A run of trials, each column's values side by side.
#[derive(Clone, Debug)]
pub struct Block {
    /// The number of trials in the piece.
    pub trials: usize,
    /// The values, column after column, each with one of every trial.
    pub values: Vec<f64>,
}

/// Trials of a run, in blocks, in the order of their indices.
#[derive(Clone, Debug)]
pub struct Outcomes {
    layout: ColumnLayout,
    trials: usize,
    /// Shared with the pieces that are cut from them.
    blocks: Vec<Arc<Block>>,
}

impl Outcomes {
    /// Joins blocks that are in index order.
    pub fn new(layout: ColumnLayout, blocks: Vec<Block>) -> Outcomes {
        Outcomes::of(layout, blocks.into_iter().map(Arc::new).collect())
    }

    fn of(layout: ColumnLayout, blocks: Vec<Arc<Block>>) -> Outcomes {
        Outcomes { layout, trials: blocks.iter().map(|block| block.trials).sum(), blocks }
    }

    /// The same trials in pieces of at most `trials`, or of one block where that has more.
    pub fn pieces(&self, trials: usize) -> impl Iterator<Item = Outcomes> {
        let blocks = trials / self.blocks.first().map_or(1, |block| block.trials.max(1));
        self.blocks.chunks(blocks.max(1)).map(|blocks| Outcomes::of(self.layout, blocks.to_vec()))
    }

    /// The first trials alone, at most `trials` of them.
    pub fn first(mut self, trials: usize) -> Outcomes {
        let mut left = trials;
        self.blocks.retain_mut(|block| {
            if left > 0 && block.trials > left {
                *block = Arc::new(block.first(left));
            }
            let wanted = left > 0;
            left -= block.trials.min(left);
            wanted
        });
        Outcomes::of(self.layout, self.blocks)
    }

    /// One of the blocks.
    pub fn block(&self, block: usize) -> &Block {
        &self.blocks[block]
    }

    /// How many blocks they lie in.
    pub fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// One block of trials of several regions that were played alone, each with its mean deal sizes, and the inputs, which all of them drew alike.
    pub fn concat_regions(regions: &[&Outcomes], block: usize) -> Outcomes {
        let layout = regions.first().map_or_else(ColumnLayout::default, |region| region.layout);
        let layout = ColumnLayout { regions: regions.len(), ..layout };
        let trials = regions.first().map_or(0, |region| region.blocks[block].trials);
        let of = |region: &Outcomes| region.layout.mean_size(0) * trials;
        let mut values = Vec::with_capacity(layout.columns() * trials);
        regions.iter().for_each(|region| values.extend_from_slice(&region.blocks[block].values[..of(region)]));
        for i in 0..layout.of_regions() {
            let column = |region: &Outcomes| of(region) + i * trials..of(region) + (i + 1) * trials;
            regions.iter().for_each(|region| values.extend_from_slice(&region.blocks[block].values[column(region)]));
        }
        if let Some(first) = regions.first() {
            values.extend_from_slice(&first.blocks[block].values[first.layout.input(0) * trials..]);
        }
        Outcomes::new(layout, vec![Block { trials, values }])
    }

    /// The blocks that no piece shares.
    pub fn into_blocks(self) -> impl Iterator<Item = Block> {
        self.blocks.into_iter().filter_map(Arc::into_inner)
    }

    /// How many trials there are.
    pub fn trials(&self) -> usize {
        self.trials
    }

    /// Where the columns lie.
    pub fn layout(&self) -> ColumnLayout {
        self.layout
    }

    /// One column over all trials.
    pub fn column(&self, column: usize) -> Vec<f64> {
        let mut all = Vec::with_capacity(self.trials);
        self.append_column(column, &mut all);
        all
    }

    /// What executives of a class in some regions are to book in the main figure's period, and what they do, trial by trial.
    pub fn of_class(&self, class: usize, regions: &[usize]) -> [Vec<f64>; 2] {
        [0, 1].map(|i| {
            let mut sum = vec![0.0; self.trials];
            regions.iter().for_each(|r| add(&mut sum, &self.column(self.layout.of_class(class, *r)[i])));
            sum
        })
    }

    /// Puts a column after `values`, trial by trial.
    fn append_column(&self, column: usize, values: &mut Vec<f64>) {
        for block in &self.blocks {
            values.extend_from_slice(block.column(column));
        }
    }

    /// Adds a column to `sum`, trial by trial.
    fn add_column(&self, column: usize, sum: &mut [f64]) {
        let mut at = 0;
        for block in &self.blocks {
            for (total, x) in sum[at..].iter_mut().zip(block.column(column)) {
                *total += x;
            }
            at += block.trials;
        }
    }

    /// The values of one input over all trials.
    pub fn input(&self, input: usize) -> Vec<f64> {
        self.column(self.layout.input(input))
    }
}

impl Block {
    /// The first trials alone, of which there are more.
    fn first(&self, trials: usize) -> Block {
        let columns = self.values.chunks_exact(self.trials);
        Block { trials, values: columns.flat_map(|column| &column[..trials]).copied().collect() }
    }

    /// The values of one column, one for each trial.
    pub fn column(&self, column: usize) -> &[f64] {
        &self.values[column * self.trials..(column + 1) * self.trials]
    }
}

/// Adds values to others.
pub(super) fn add(total: &mut [f64], more: &[f64]) {
    total.iter_mut().zip(more).for_each(|(t, x)| *t += x);
}

/// Puts a measure's month after `values`, summed over regions.
pub(super) fn sum_over(outcomes: &Outcomes, measure: Measure, regions: &[usize], m: usize, values: &mut Vec<f64>) {
    let column = |r: usize| outcomes.layout().column(measure, r) + m;
    let from = values.len();
    match regions.split_first() {
        None => values.resize(from + outcomes.trials(), 0.0),
        Some((&first, rest)) => {
            outcomes.append_column(column(first), values);
            for &r in rest {
                outcomes.add_column(column(r), &mut values[from..]);
            }
        }
    }
}
