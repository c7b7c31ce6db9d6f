//! What changes do to a region in the trials of a block, month by month.

/// When a change is in force in a trial: from a month on, to before another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) from: usize,
    pub(super) end: usize,
}

/// What changes do to a region: factors of each month, months × trials; empty where nothing changes.
#[derive(Debug, Default)]
pub(super) struct Effects {
    pub(super) leads: Vec<f64>,
    pub(super) win_rate: Vec<f64>,
    /// On the time until a lead is decided: one that is won, or any; one that is lost.
    pub(super) cycles: [Vec<f64>; 2],
    /// Of each stage on the share that passes it, and on the time in it.
    pub(super) stages: Vec<[Vec<f64>; 2]>,
    /// On what a new deal is worth in the month, with the exchange rate.
    pub(super) deal_size: Vec<f64>,
    pub(super) retention: Vec<f64>,
    pub(super) closing: [Vec<f64>; 2],
    /// On how much one of each role takes on.
    pub(super) capacity: [Vec<f64>; 2],
    /// What the executives there make of the win rate of new leads.
    pub(super) performance: Vec<f64>,
    /// The exchange rate of each month; empty for the scenario's own currency.
    pub(super) rate: Vec<f64>,
}

/// A factor of a month in a trial; 1 where nothing changes.
#[inline]
pub(super) fn factor(rows: &[f64], month: usize, lanes: usize, lane: usize) -> f64 {
    if rows.is_empty() { 1.0 } else { rows[month * lanes + lane] }
}

impl Effects {
    /// Multiplies shares by the factors of a month; no share passes 1.
    pub(super) fn on_shares(rows: &[f64], month: usize, shares: &mut [f64]) {
        if !rows.is_empty() {
            let factors = &rows[month * shares.len()..(month + 1) * shares.len()];
            shares.iter_mut().zip(factors).for_each(|(share, factor)| *share = (*share * factor).min(1.0));
        }
    }

    /// The same by two factors at once.
    pub(super) fn on_shares_of([first, second]: [&[f64]; 2], month: usize, shares: &mut [f64]) {
        if second.is_empty() {
            return Effects::on_shares(first, month, shares);
        }
        Effects::on_times(first, month, shares);
        Effects::on_shares(second, month, shares);
    }

    /// Multiplies times by the factors of a month.
    pub(super) fn on_times(rows: &[f64], month: usize, times: &mut [f64]) {
        if !rows.is_empty() {
            let factors = &rows[month * times.len()..(month + 1) * times.len()];
            times.iter_mut().zip(factors).for_each(|(time, factor)| *time *= factor);
        }
    }
}
