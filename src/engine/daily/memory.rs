//! The memory that a block of trials is worked out in.

/// The memory that a block of trials is worked out in.
#[derive(Debug, Default)]
pub(in crate::engine) struct DailyScratch {
    /// The factors of each month on being won and lost, months × trials; one trial where they are the same in all.
    pub(super) factors: [Vec<f64>; 2],
    pub(super) sums: MonthSums,
    pub(super) chances: ChanceRows,
    /// The part of new leads of each day that is open: days × trials, month of arrival after month of arrival.
    pub(super) open: Vec<Vec<f64>>,
    /// How many leads of each run of days are open: runs × trials.
    pub(super) left: Vec<Vec<f64>>,
    /// For each series of open deals and month, the chances to be won and to be lost by its end: series × months × trials.
    pub(super) decided: [Vec<f64>; 2],
    /// For each group of open deals, on the as-of day and at the end of each month the chances ever of being won and not: groups × (months + 1) × trials.
    pub(super) ever: [Vec<f64>; 2],
    /// 1 where the deals of a group are stale: groups × trials.
    pub(super) stale: Vec<f64>,
}

/// The chances a day and ever of one base.
#[derive(Debug, Default)]
pub(super) struct ChanceRows {
    /// Chances a day of being won and lost: cells × trials.
    pub(super) daily: [Vec<f64>; 2],
    /// Chances ever of being won and not: ages × trials.
    pub(super) ever: [Vec<f64>; 2],
    /// 1 where deals of an age are stale: ages × trials; none of a table is.
    pub(super) stale: Vec<f64>,
    /// Given that a deal is to be won, or is not: ages × trials.
    pub(super) given: [Vec<f64>; 2],
    /// Which of the chances a day an age has.
    pub(super) cells: Vec<u32>,
}

/// The running products and sums of one month.
#[derive(Debug, Default)]
pub(super) struct MonthSums {
    pub(super) lanes: usize,
    /// P, 1/P, and the sums of what is won and lost: points × trials.
    pub(super) left: Vec<f64>,
    pub(super) inverse: Vec<f64>,
    pub(super) won: Vec<f64>,
    pub(super) lost: Vec<f64>,
    /// The point at which an age begins, and that at which the age before it ends.
    pub(super) begins: Vec<u32>,
    pub(super) ends: Vec<u32>,
    /// The points at which runs end; the next point begins one.
    pub(super) breaks: Vec<u32>,
    /// The day that is walked from point to point.
    pub(super) day: Day,
}

/// What one day does, in each trial: the parts won, lost, and left, and one over the last.
#[derive(Debug, Default)]
pub(super) struct Day {
    pub(super) won: Vec<f64>,
    pub(super) lost: Vec<f64>,
    pub(super) left: Vec<f64>,
    pub(super) inverse: Vec<f64>,
    /// The smallest part left.
    pub(super) smallest: f64,
}

/// When an open deal is decided, in each trial.
#[derive(Debug, Default)]
pub(super) struct Decisions {
    /// The numbers that decide it, and how far they are from 1.
    pub(super) fates: Vec<f64>,
    pub(super) from_one: Vec<f64>,
    /// The months in which it is won, and lost; that after the last one where it is not.
    pub(super) won: Vec<f64>,
    pub(super) lost: Vec<f64>,
    /// Whether it is won, by the end or, where deals won are listed, later if all factors were 1 from there on.
    pub(super) is_winner: Vec<bool>,
    /// The months in which it leaves, and the trials in which it is won.
    pub(super) leaving: Vec<u32>,
    pub(super) winners: Vec<u32>,
}
