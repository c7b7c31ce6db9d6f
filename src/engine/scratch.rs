//! The memory that a worker simulates in, block after block, as a structure of arrays: month after month, trial by trial.

use super::daily::DailyScratch;
use super::effects::{Effects, Window};
use super::people_scratch::PeopleScratch;
use super::size_rows::SizeRows;
use super::stage_scratch::StageScratch;
use super::trial_set::{TrialSet, any_rows};
use super::won_deal::WonDeal;
use crate::chance::{Address, TrialKey};
use crate::model::ParameterValue;
use crate::outcomes::{Block, ColumnLayout};

/// Scratch memory for a block of trials, one lane each.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The index of the first trial.
    pub(super) first: u64,
    /// The trials whose streams each lane draws from.
    pub(super) trials: Vec<TrialKey>,
    /// The trials whose market factor each lane has.
    pub(super) market_trials: Vec<TrialKey>,
    /// The row of joint draws that each lane has.
    pub(super) rows: Vec<u64>,
    /// Draws of the inputs, and last of the columns of joint draws, shaped inputs × trials.
    pub(super) inputs: Vec<f64>,
    /// The market factor: months × trials.
    pub(super) market: Vec<f64>,
    /// exp(β x) for each of the compiled exposures: exposures × months × trials.
    pub(super) tilts: Vec<Vec<f64>>,
    /// When each change is in force, trial by trial.
    pub(super) windows: Vec<Vec<Window>>,
    /// What each currency is worth: currencies × months × trials.
    pub(super) exchange: Vec<Vec<f64>>,
    /// What changes do to the region that is simulated.
    pub(super) effects: Effects,
    /// Expected leads, with market factor and overdispersion: months × trials.
    pub(super) expected: Vec<f64>,
    /// Win rates, shifted by the market factor: months × trials.
    pub(super) win_rates: Vec<f64>,
    /// Expected leads that will be won: months × trials.
    pub(super) rates: Vec<f64>,
    /// When leads are decided, by each of the region's laws of lags.
    pub(super) lags: Vec<Lags>,
    /// The drawn mean cycle of won and of lost leads, in months, and its logarithm.
    pub(super) cycles: [Vec<(f64, f64)>; 2],
    /// The share of deals held to the end of their quarter, where some are.
    pub(super) held: Vec<f64>,
    /// The share of the leads not won that is never decided, where some are.
    pub(super) stalled: Vec<f64>,
    /// Leads of each month of arrival that are decided in each month, where their weight in the pipeline depends on both: months ×
    /// months × trials.
    pub(super) decided_from: Vec<f64>,
    /// Deals won in each month that are not in the tail: months × trials.
    pub(super) won_in_window: Vec<f64>,
    /// What the leads decided in each month weighed in the weighted pipeline: months × trials.
    pub(super) weights: Vec<f64>,
    /// Customers signed in each month: months × trials.
    pub(super) signed: Vec<f64>,
    /// The amounts that deals of the region have, where a table gives them.
    pub(super) sizes: Option<SizeRows>,
    /// The region's people.
    pub(super) people: PeopleScratch,
    /// What leads are followed through stages in.
    pub(super) stages: StageScratch,
    /// What leads and deals that are decided day by day are worked out in.
    pub(super) daily: DailyScratch,
    /// The open deals won, where somebody asks for them.
    pub(super) won_deals: Option<Vec<WonDeal>>,
    /// Single rows of trials.
    pub(super) uniforms: Vec<f64>,
    pub(super) means: Vec<f64>,
    pub(super) counts: Vec<f64>,
    pub(super) extra: Vec<f64>,
    pub(super) values: Vec<f64>,
    pub(super) below_zero: Vec<f64>,
    pub(super) renew: Vec<f64>,
    pub(super) grow: Vec<f64>,
    /// The yearly shares of customers who renew, and the yearly growth of their contracts.
    pub(super) retention: Vec<f64>,
    pub(super) expansion: Vec<f64>,
}

/// When leads of a month are decided, by the number of months since.
#[derive(Debug, Default)]
pub(super) struct Lags {
    /// Chances of being decided j months after the month of arrival: lags × trials.
    pub(super) decided: Vec<f64>,
    /// The part undecided after so many months: (lags + 1) × trials, the first one all.
    pub(super) undecided: Vec<f64>,
}

/// The columns of a region: months × trials each.
pub(super) struct Columns<'a> {
    pub(super) leads: &'a mut [f64],
    pub(super) won: &'a mut [f64],
    pub(super) lost: &'a mut [f64],
    pub(super) bookings: &'a mut [f64],
    pub(super) renewals: &'a mut [f64],
    pub(super) customers: &'a mut [f64],
    pub(super) weighted_open: &'a mut [f64],
    /// Those of a business that is already running.
    pub(super) running: Option<RunningColumns<'a>>,
    /// Those of deals whose worth over time does not follow from bookings alone.
    pub(super) valued: Option<ValuedColumns<'a>>,
    /// Those of people.
    pub(super) people: Option<PeopleColumns<'a>>,
}

/// The columns of people: months × trials each.
pub(super) struct PeopleColumns<'a> {
    pub(super) executives: &'a mut [f64],
    pub(super) development: &'a mut [f64],
    pub(super) started: &'a mut [f64],
    pub(super) waiting: &'a mut [f64],
    pub(super) expired: &'a mut [f64],
    pub(super) executives_used: &'a mut [f64],
    pub(super) executives_capacity: &'a mut [f64],
    pub(super) development_used: &'a mut [f64],
    pub(super) development_capacity: &'a mut [f64],
    pub(super) quota: &'a mut [f64],
    pub(super) cost: &'a mut [f64],
}

impl PeopleColumns<'_> {
    /// Begins with nothing.
    pub(super) fn clear(&mut self) {
        for column in [
            &mut *self.executives,
            self.development,
            self.started,
            self.waiting,
            self.expired,
            self.executives_used,
            self.executives_capacity,
            self.development_used,
            self.development_capacity,
            self.quota,
            self.cost,
        ] {
            column.fill(0.0);
        }
    }
}

/// The columns of a region whose deals are valued one by one: months × trials each.
pub(super) struct ValuedColumns<'a> {
    pub(super) won_from_one_offs: &'a mut [f64],
    pub(super) bookings_from_one_offs: &'a mut [f64],
    pub(super) arr_new: &'a mut [f64],
    pub(super) arr_signed: &'a mut [f64],
    pub(super) revenue_at_once: &'a mut [f64],
    pub(super) deal_size: &'a mut [f64],
    pub(super) retention: &'a mut [f64],
}

/// The columns of a region whose business is already running: months × trials each.
pub(super) struct RunningColumns<'a> {
    pub(super) bookings_from_open: &'a mut [f64],
    pub(super) open: &'a mut [f64],
    pub(super) open_value: &'a mut [f64],
    pub(super) open_weighted: &'a mut [f64],
    pub(super) renewals_from_contracts: &'a mut [f64],
    pub(super) arr_from_contracts: &'a mut [f64],
    pub(super) arr_expansion: &'a mut [f64],
    pub(super) arr_contraction: &'a mut [f64],
    pub(super) arr_churn: &'a mut [f64],
}

impl<'a> Columns<'a> {
    /// Takes a region's values apart, those of each measure, in the order of the layout's measures.
    pub(super) fn of(values: &'a mut [f64], layout: ColumnLayout, lanes: usize) -> Columns<'a> {
        let mut all = values.chunks_exact_mut(layout.months * lanes);
        let mut next = || all.next().unwrap_or_default();
        Columns {
            leads: if layout.leads { next() } else { Default::default() },
            won: next(),
            lost: if layout.leads { next() } else { Default::default() },
            bookings: next(),
            renewals: next(),
            customers: next(),
            weighted_open: if layout.leads { next() } else { Default::default() },
            running: layout.running.then(|| RunningColumns {
                bookings_from_open: next(),
                open: next(),
                open_value: next(),
                open_weighted: next(),
                renewals_from_contracts: next(),
                arr_from_contracts: next(),
                arr_expansion: next(),
                arr_contraction: next(),
                arr_churn: next(),
            }),
            valued: layout.valued.then(|| ValuedColumns {
                won_from_one_offs: next(),
                bookings_from_one_offs: next(),
                arr_new: next(),
                arr_signed: next(),
                revenue_at_once: next(),
                deal_size: next(),
                retention: next(),
            }),
            people: layout.people.then(|| PeopleColumns {
                executives: next(),
                development: next(),
                started: next(),
                waiting: next(),
                expired: next(),
                executives_used: next(),
                executives_capacity: next(),
                development_used: next(),
                development_capacity: next(),
                quota: next(),
                cost: next(),
            }),
        }
    }
}

impl ValuedColumns<'_> {
    /// Begins with nothing.
    pub(super) fn clear(&mut self) {
        for column in [
            &mut *self.won_from_one_offs,
            self.bookings_from_one_offs,
            self.arr_new,
            self.arr_signed,
            self.revenue_at_once,
            self.deal_size,
            self.retention,
        ] {
            column.fill(0.0);
        }
    }
}

impl Columns<'_> {
    /// Takes the bookings from open deals from a block of outcomes of the same trials, where they begin at that column.
    pub(super) fn take_open_deals(&mut self, block: &Block, column: usize) {
        let Some(running) = &mut self.running else { return };
        let months = running.bookings_from_open.chunks_exact_mut(block.trials);
        months.enumerate().for_each(|(m, bookings)| bookings.copy_from_slice(block.column(column + m)));
    }
}

impl RunningColumns<'_> {
    /// Contracts of these values, all of one sign, are renewed at `grow` times them: what that does to ARR in the month whose rows begin at `at`.
    pub(super) fn change_arr(&mut self, at: usize, values: impl Iterator<Item = f64>, grow: &[f64], term: usize) {
        for (lane, (value, grow)) in values.zip(grow).enumerate() {
            let change = (value * grow - value) * 12.0 / term as f64;
            self.arr_expansion[at + lane] += change.max(0.0);
            self.arr_contraction[at + lane] += (-change).max(0.0);
        }
    }

    /// Begins with nothing.
    pub(super) fn clear(&mut self) {
        for column in [
            &mut *self.bookings_from_open,
            self.open,
            self.open_value,
            self.open_weighted,
            self.renewals_from_contracts,
            self.arr_from_contracts,
            self.arr_expansion,
            self.arr_contraction,
            self.arr_churn,
        ] {
            column.fill(0.0);
        }
    }
}

impl Scratch {
    /// Clears it for `lanes` trials from `first` on, or as many of the set given.
    pub(super) fn begin(&mut self, first: u64, lanes: usize, set: Option<&TrialSet>) {
        self.first = first;
        self.won_deals.iter_mut().for_each(Vec::clear);
        self.trials.clear();
        self.market_trials.clear();
        self.rows.clear();
        match set {
            None => {
                self.trials.extend((first..first + lanes as u64).map(TrialKey::new));
                self.market_trials.extend_from_slice(&self.trials);
                self.rows.extend(first..first + lanes as u64);
            }
            Some(set) => {
                let range = first as usize..first as usize + lanes;
                self.rows.extend_from_slice(&set.rows[range.clone()]);
                self.trials.extend(set.rest[range.clone()].iter().copied().map(TrialKey::new));
                self.market_trials.extend(set.market[range].iter().copied().map(TrialKey::new));
            }
        }
        for row in [
            &mut self.uniforms,
            &mut self.means,
            &mut self.counts,
            &mut self.extra,
            &mut self.values,
            &mut self.below_zero,
            &mut self.renew,
            &mut self.grow,
        ] {
            row.clear();
            row.resize(lanes, 0.0);
        }
    }

    /// Takes rows of joint draws that are not the run's own.
    pub(super) fn take_any_rows(&mut self, address: Address) {
        self.rows.clear();
        self.rows.extend(any_rows(address, &self.trials));
    }

    pub(super) fn lanes(&self) -> usize {
        self.trials.len()
    }

    /// The value of a level in each trial.
    pub(super) fn fill(&self, level: ParameterValue, values: &mut [f64]) {
        match level {
            ParameterValue::Fixed(x) => values.fill(x),
            ParameterValue::Input(i) => values.copy_from_slice(row(&self.inputs, i, values.len())),
            ParameterValue::Times(i, factor) => {
                let input = row(&self.inputs, i, values.len());
                values.iter_mut().zip(input).for_each(|(value, x)| *value = x * factor);
            }
        }
    }

    /// The same as values of their own.
    pub(super) fn filled(&self, level: ParameterValue) -> Vec<f64> {
        let mut values = vec![0.0; self.lanes()];
        self.fill(level, &mut values);
        values
    }

    /// The inputs of one trial.
    pub(super) fn inputs_of(&self, lane: usize) -> Vec<f64> {
        self.inputs.iter().skip(lane).step_by(self.lanes()).copied().collect()
    }
}

/// Row `i` of rows of `lanes` trials.
#[inline]
pub(super) fn row(rows: &[f64], i: usize, lanes: usize) -> &[f64] {
    &rows[i * lanes..(i + 1) * lanes]
}

/// Row `i` of rows of `lanes` trials, to be written.
#[inline]
pub(super) fn row_mut(rows: &mut [f64], i: usize, lanes: usize) -> &mut [f64] {
    &mut rows[i * lanes..(i + 1) * lanes]
}

/// Makes room for `count` rows, whatever is in them.
pub(super) fn resize(rows: &mut Vec<f64>, count: usize, lanes: usize) {
    rows.resize(count * lanes, 0.0);
}

/// Makes `count` rows of zeros.
pub(super) fn zeros(rows: &mut Vec<f64>, count: usize, lanes: usize) {
    rows.clear();
    rows.resize(count * lanes, 0.0);
}

/// Adds a row to another.
pub(super) fn add(sums: &mut [f64], more: &[f64]) {
    sums.iter_mut().zip(more).for_each(|(sum, x)| *sum += x);
}
