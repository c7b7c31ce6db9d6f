//! The memory of a region's people in a block of trials.

/// What is known of a region's people in a block of trials.
#[derive(Debug, Default)]
pub(super) struct PeopleScratch {
    /// How many people each role has: months × trials.
    pub(super) heads: [Vec<f64>; 2],
    /// The sum of their productivity: months × trials.
    pub(super) strength: [Vec<f64>; 2],
    /// What activities of one of full productivity bring in a month.
    pub(super) leads_of_activities: Vec<f64>,
    /// Leads that begin to be worked: months × trials.
    pub(super) started: Vec<f64>,
    /// The executives of each trial, where it is told whose deals are whose: those of trial t from `first[t]` to `first[t + 1]`.
    pub(super) executives: Vec<Executive>,
    pub(super) first: Vec<usize>,
    /// Productivity, and what each has booked: executives × months.
    pub(super) productivity: Vec<f64>,
    pub(super) booked: Vec<f64>,
}

/// An executive of a trial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Executive {
    /// There from this month to before that one.
    pub(super) from: usize,
    pub(super) end: usize,
    /// The place of their class among the role's.
    pub(super) class: usize,
    /// What the win rate of theirs is multiplied by.
    pub(super) multiplier: f64,
}

impl PeopleScratch {
    /// Lists a trial's executives who are productive in a month, each weighted by what is won, and gives the sum of the weights.
    pub(super) fn list_productive(&self, lane: usize, [month, months]: [usize; 2], there: &mut Vec<Productive>) -> f64 {
        let weight = |i: usize| self.productivity[i * months + month] * self.executives[i].multiplier;
        there.clear();
        let mut sum = 0.0;
        for i in self.first[lane]..self.first[lane + 1] {
            let weight = weight(i);
            if weight > 0.0 {
                sum += weight;
                there.push(Productive { who: i, weight, sum });
            }
        }
        sum
    }
}

/// An executive who is productive in a month.
#[derive(Clone, Copy, Debug)]
pub(super) struct Productive {
    pub(super) who: usize,
    pub(super) weight: f64,
    /// The weights up to and with this one.
    sum: f64,
}

/// Which of some executives it is, at a part of what their weights add up to.
pub(super) fn winner(there: &[Productive], part: f64) -> Option<usize> {
    let at = there.partition_point(|one| one.sum <= part);
    there.get(at).or(there.last()).map(|one| one.who)
}
