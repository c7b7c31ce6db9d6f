//! Chances of being won and lost day by day, by age: from a table or from cycles, times factors of the month.

use std::ops::Range;

use super::parameter_value::ParameterValue;
use super::running::{Duration, Stalled};
use super::schedule::ParameterSchedule;
use crate::chance::SalesCycle;
use crate::units::Horizon;

/// The part of leads that is still open below which a deal is stale.
const STALE: f64 = 1e-9;
/// A chance to be won ever that is taken for none, where the chances of ages without end are added up.
const NONE_LEFT: f64 = 1e-12;
/// Ages beyond this one are not looked at.
const OLDEST: usize = 100_000;

/// How a region's leads and open deals are decided, day by day. What comes in pairs is that of being won and that of being lost.
#[derive(Clone, Debug)]
pub struct Closing {
    /// The chances a day by age.
    pub chances: DailyChances,
    /// The factors of months by place in the quarter, or from January to December; none where all are 1.
    pub rhythm: [Vec<ParameterValue>; 2],
    /// The logarithm of a further factor in the as-of day's month.
    pub now: [ParameterValue; 2],
    /// The standard deviation of its monthly steps.
    pub volatility: [ParameterValue; 2],
    /// The factors of open deals by the stage that they are in.
    pub by_stage: Vec<[ParameterValue; 2]>,
    /// Whether the steps are the same in all regions.
    pub shared: bool,
}

/// The chances a day by age.
#[derive(Clone, Debug)]
pub enum DailyChances {
    /// Each from its age to before the next one, the last for good.
    Table {
        /// Whole days, ascending from 0.
        ages: Vec<usize>,
        /// The chances of being won and of being lost from each of the ages on.
        daily: [Vec<ParameterValue>; 2],
    },
    /// Those of a win rate and times.
    Cycles(Cycle),
}

/// A funnel of one cycle, after which a lead is won or lost.
#[derive(Clone, Debug)]
pub struct Cycle {
    /// The win rate of the leads that arrive in each month.
    pub conversion: ParameterSchedule,
    /// The mean length in days.
    pub mean_days: ParameterValue,
    /// The shape of the length.
    pub delay: SalesCycle,
    /// How long lost leads take, where that is another law.
    pub lost: Option<Duration>,
    /// The leads that are never decided.
    pub stalled: Option<Stalled>,
}

impl Closing {
    /// The chances a day of one trial, at ages in these ranges at least. `tilt` is what the market multiplies the odds of winning by, or the chance of a
    /// table; `stage` are the factors of a stage; `changed` is what changes multiply the win rate, the cycle and that of lost leads by.
    pub fn chances(
        &self,
        inputs: &[f64],
        month: usize,
        tilt: f64,
        stage: [f64; 2],
        changed: [f64; 3],
        ages: &[Range<usize>],
    ) -> AgeChances {
        match &self.chances {
            DailyChances::Table { ages: from, daily } => {
                let of = |o: usize| daily[o].iter().map(|h| h.at(inputs)).collect::<Vec<f64>>();
                AgeChances::of_table(from, [of(0), of(1)], [tilt * stage[0], stage[1]])
            }
            DailyChances::Cycles(cycle) => {
                let win_rate = (cycle.conversion.in_force(month).at(inputs) * changed[0]).min(1.0);
                let days = cycle.mean_days.at(inputs) * changed[1];
                let lost_days = cycle.lost.as_ref().map_or(days, |lost| lost.mean_days.at(inputs) * changed[2]);
                let win_rate = crate::stats::shifted(win_rate, tilt);
                AgeChances::of_cycles(cycle, inputs, win_rate, [days, lost_days], stage, ages)
            }
        }
    }

    /// The age from which on chances no longer change, where there is one.
    pub fn last_age(&self) -> Option<usize> {
        match &self.chances {
            DailyChances::Table { ages, .. } => ages.last().copied(),
            DailyChances::Cycles(_) => None,
        }
    }

    /// The factors of a stage; 1 where none are given.
    pub fn of_stage(&self, stage: usize, inputs: &[f64]) -> [f64; 2] {
        self.by_stage.get(stage).map_or([1.0; 2], |factors| factors.map(|factor| factor.at(inputs)))
    }

    /// The factors of each month of a model, with every input at its mean and no steps: what is expected of none is 1.
    pub fn mean_factors(&self, horizon: &Horizon, inputs: &[f64]) -> Vec<[f64; 2]> {
        let rhythm = [0, 1].map(|o| normalised(&self.rhythm[o].iter().map(|x| x.at(inputs)).collect::<Vec<f64>>()));
        let pace = self.now.map(|now| libm::exp(now.at(inputs)));
        let factor = |o: usize, k: usize| {
            rhythm[o].get(rhythm_place(horizon, rhythm[o].len(), k)).copied().unwrap_or(1.0) * pace[o]
        };
        (0..horizon.months).map(|k| [factor(0, k), factor(1, k)]).collect()
    }

    /// The chance of a new lead to be won ever with all factors at 1, in a trial with these inputs and the market factor at 0.
    pub fn win_rate(&self, inputs: &[f64]) -> f64 {
        match &self.chances {
            DailyChances::Table { .. } => self.chances(inputs, 0, 1.0, [1.0; 2], [1.0; 3], &[]).ever(0)[0],
            DailyChances::Cycles(cycle) => cycle.conversion.in_force(0).at(inputs),
        }
    }

    /// The part of new leads that is never decided, with all factors of months at 1.
    pub fn never_decided(&self, inputs: &[f64]) -> f64 {
        match &self.chances {
            DailyChances::Table { ages, .. } => {
                let (chances, last) = (self.chances(inputs, 0, 1.0, [1.0; 2], [1.0; 3], &[]), ages[ages.len() - 1]);
                let decides = chances.daily(last) != [0.0; 2];
                if decides { 0.0 } else { chances.follow(0, &[[1.0; 2]], &[last]).open[0] }
            }
            DailyChances::Cycles(cycle) => {
                let stalled = cycle.stalled.as_ref().map_or(0.0, |stalled| stalled.share.at(inputs));
                (1.0 - cycle.conversion.in_force(0).at(inputs)) * stalled
            }
        }
    }

    /// Whether the factors take steps.
    pub fn walks(&self) -> bool {
        self.volatility.iter().any(|volatility| *volatility != ParameterValue::Fixed(0.0))
    }
}

/// Factors divided by their mean; nothing closes where all are 0.
pub fn normalised(factors: &[f64]) -> Vec<f64> {
    let mean = factors.iter().sum::<f64>() / factors.len() as f64;
    factors.iter().map(|factor| if mean > 0.0 { factor / mean } else { 0.0 }).collect()
}

/// Which of so many factors of a rhythm is that of a month.
pub fn rhythm_place(horizon: &Horizon, factors: usize, month: usize) -> usize {
    match factors {
        12 => horizon.month(month).number() as usize - 1,
        _ => horizon.place_in_quarter(month),
    }
}

/// The chances a day by age in a trial, before the factors of months; of all ages past the last one they are those of the last.
#[derive(Clone, Debug, PartialEq)]
pub struct AgeChances {
    /// The chances of being won and of being lost on a day.
    daily: Vec<[f64; 2]>,
    /// The chances of being won ever, and of never being it, with all factors at 1.
    ever: Vec<[f64; 2]>,
    /// Whether ages are those of deals that are stale.
    stale: Vec<bool>,
}

/// A deal that is decided day by day, month after month from the as-of day's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fate {
    /// The chance that it is won in the month.
    pub won: Vec<f64>,
    /// The chance that it is lost in the month.
    pub lost: Vec<f64>,
    /// The chance that it is open at the month's end.
    pub open: Vec<f64>,
}

/// Chances divided by their sum where that is above 1.
#[inline]
pub fn held_to_one([won, lost]: [f64; 2]) -> [f64; 2] {
    let all = won + lost;
    if all > 1.0 { [won / all, lost / all] } else { [won, lost] }
}

/// The chances ever, won and not, a day before those of the day after, on a day with these chances.
#[inline]
pub fn ever_before([won, lost]: [f64; 2], after: [f64; 2]) -> [f64; 2] {
    let stays = 1.0 - won - lost;
    [won + stays * after[0], lost + stays * after[1]]
}

/// The chances ever where the chances a day stay the same for good.
#[inline]
pub fn ever_at_last([won, lost]: [f64; 2]) -> [f64; 2] {
    let all = won + lost;
    if all > 0.0 { [won / all, lost / all] } else { [0.0, 1.0] }
}

impl AgeChances {
    fn of_table(from: &[usize], daily: [Vec<f64>; 2], factors: [f64; 2]) -> AgeChances {
        let last = from.last().copied().unwrap_or(0);
        let mut cell = 0;
        let at = |age: usize| {
            while cell + 1 < from.len() && from[cell + 1] <= age {
                cell += 1;
            }
            [daily[0][cell] * factors[0], daily[1][cell] * factors[1]]
        };
        let daily: Vec<[f64; 2]> = (0..=last).map(at).collect();
        AgeChances { ever: ever(&daily, ever_at_last(daily[last])), stale: Vec::new(), daily }
    }

    fn of_cycles(
        cycle: &Cycle,
        inputs: &[f64],
        win_rate: f64,
        [won_days, lost_days]: [f64; 2],
        stage: [f64; 2],
        ages: &[Range<usize>],
    ) -> AgeChances {
        let stalled = cycle.stalled.as_ref().map_or(0.0, |stalled| stalled.share.at(inputs));
        let lost = cycle.lost.as_ref();
        let survival = |age: usize| {
            let won = cycle.delay.survival(won_days, age as f64);
            [won, lost.map_or(won, |lost| lost.delay.survival(lost_days, age as f64))]
        };
        // Of all leads those open at an age that are to be won, and that are not.
        let parts = |[won, lost]: [f64; 2]| [win_rate * won, (1.0 - win_rate) * (stalled + (1.0 - stalled) * lost)];
        let staged = stage != [1.0; 2];
        let end = ages.iter().map(|ages| ages.end).max().unwrap_or(1).max(1);
        let mut found = AgeChances { daily: vec![[0.0; 2]; end], ever: vec![[0.0; 2]; end], stale: vec![false; end] };
        let first = ages.iter().map(|ages| ages.start).min().unwrap_or(0);
        let whole = first..end;
        // With factors of a stage the chance ever rests on all ages to come.
        for ages in if staged { std::slice::from_ref(&whole) } else { ages } {
            let mut left = survival(ages.start);
            for age in ages.clone() {
                let next = survival(age + 1);
                let (of_all, is_stale) = (parts(left), parts(left)[0] + parts(left)[1] < STALE);
                let open = of_all[0] + of_all[1];
                if is_stale {
                    found.stale[age] = true;
                    found.ever[age] = [0.0, 1.0];
                } else {
                    let won = win_rate * (left[0] - next[0]) / open;
                    let lost = (1.0 - win_rate) * (1.0 - stalled) * (left[1] - next[1]) / open;
                    found.daily[age] = [won * stage[0], lost * stage[1]];
                    found.ever[age] = [of_all[0] / open, of_all[1] / open];
                }
                left = next;
            }
        }
        if staged {
            found.sum_up(first, stage, |age| {
                let (left, next) = (survival(age), survival(age + 1));
                let [won, rest] = parts(left);
                let open = won + rest;
                (open >= STALE).then(|| {
                    let won = win_rate * (left[0] - next[0]) / open;
                    [won, (1.0 - win_rate) * (1.0 - stalled) * (left[1] - next[1]) / open, parts(left)[0] / open]
                })
            });
        }
        found
    }

    /// The chances ever from `first` on, from those of all days to come. `further` gives the chances a day past the ages that are known, and the
    /// chance ever there without factors; none from where on deals are stale.
    fn sum_up(&mut self, first: usize, stage: [f64; 2], further: impl Fn(usize) -> Option<[f64; 3]>) {
        let known = self.daily.len();
        let mut days = self.daily.clone();
        let mut open: f64 = days[first..].iter().fold(1.0, |open, day| {
            let [won, lost] = held_to_one(*day);
            open * (1.0 - won - lost)
        });
        for age in known..OLDEST {
            let Some([won, lost, ever]) = further(age) else { break };
            let day = [won * stage[0], lost * stage[1]];
            days.push(day);
            let [won, lost] = held_to_one(day);
            open *= 1.0 - won - lost;
            if open < NONE_LEFT || ever * stage[0].max(1.0) < NONE_LEFT {
                break;
            }
        }
        let mut after = [0.0, 1.0];
        for (age, day) in days.iter().enumerate().skip(first).rev() {
            after = if self.stale.get(age).copied().unwrap_or(false) {
                [0.0, 1.0]
            } else {
                ever_before(held_to_one(*day), after)
            };
            if age < known {
                self.ever[age] = after;
            }
        }
    }

    fn place(&self, age: usize) -> usize {
        age.min(self.daily.len() - 1)
    }

    /// The chances of being won and of being lost on a day at an age, before factors.
    pub fn daily(&self, age: usize) -> [f64; 2] {
        self.daily[self.place(age)]
    }

    /// The chance that a deal of an age is won ever if all factors were 1, and the chance that it is not.
    pub fn ever(&self, age: usize) -> [f64; 2] {
        self.ever[self.place(age)]
    }

    /// Whether a deal of an age is older than any that is decided.
    pub fn is_stale(&self, age: usize) -> bool {
        self.stale.get(self.place(age)).copied().unwrap_or(false)
    }

    /// The chances a day of a deal that is to be won, or of one that is not.
    pub fn given(&self, won: bool) -> AgeChances {
        let daily = |age: usize| given(self.daily[age], self.ever[age], won);
        AgeChances { daily: (0..self.daily.len()).map(daily).collect(), ..self.clone() }
    }

    /// The age that a deal counts from which is to be won, or is not: its own, or 0 where none of its age can be that.
    pub fn age_given(&self, won: bool, age: usize) -> usize {
        let none = self.is_stale(age) || self.ever(age)[usize::from(!won)] == 0.0;
        if none { 0 } else { age }
    }

    /// What becomes of a deal of an age on the as-of day, with these factors of each month and so many days of each that are played.
    pub fn follow(&self, age: usize, factors: &[[f64; 2]], days: &[usize]) -> Fate {
        let mut fate = Fate::default();
        let (mut age, mut open) = (age, 1.0);
        for (factor, days) in factors.iter().zip(days) {
            let (mut won, mut lost) = (0.0, 0.0);
            for _ in 0..*days {
                let [w, l] = self.on_a_day(age, *factor);
                won += open * w;
                lost += open * l;
                open *= 1.0 - w - l;
                age += 1;
            }
            fate.won.push(won);
            fate.lost.push(lost);
            fate.open.push(open);
        }
        fate
    }

    /// The chances of being won and of being lost on a day of a month with these factors.
    #[inline]
    fn on_a_day(&self, age: usize, factor: [f64; 2]) -> [f64; 2] {
        let [won, lost] = self.daily(age);
        held_to_one([won * factor[0], lost * factor[1]])
    }

    /// What becomes of leads that arrive in each month, so many on each day that is played: won, lost, open, and the chances ever of those
    /// open, month by month.
    pub fn follow_new(&self, a_day: &[f64], factors: &[[f64; 2]], days: &[usize]) -> [Vec<f64>; 4] {
        let mut found = [const { Vec::new() }; 4];
        // By the age that they have on a day, the youngest last.
        let mut open: Vec<f64> = Vec::new();
        for ((a_day, factor), days) in a_day.iter().zip(factors).zip(days) {
            let (mut won, mut lost) = (0.0, 0.0);
            for _ in 0..*days {
                open.push(*a_day);
                let oldest = open.len() - 1;
                for (i, open) in open.iter_mut().enumerate().filter(|(_, open)| **open > 0.0) {
                    let [w, l] = self.on_a_day(oldest - i, *factor);
                    won += *open * w;
                    lost += *open * l;
                    *open *= 1.0 - w - l;
                }
            }
            let weighted = open.iter().rev().enumerate().map(|(i, open)| open * self.ever(i + 1)[0]).sum();
            for (found, x) in found.iter_mut().zip([won, lost, open.iter().sum(), weighted]) {
                found.push(x);
            }
        }
        found
    }
}

/// The chances a day of a deal that is to be won, or of one that is not, from its chances a day and ever.
#[inline]
pub fn given(daily: [f64; 2], ever: [f64; 2], won: bool) -> [f64; 2] {
    let o = usize::from(!won);
    let day = held_to_one(daily)[o];
    let chance = if day > 0.0 && ever[o] > 0.0 { day / ever[o] } else { 0.0 };
    if won { [chance, 0.0] } else { [0.0, chance] }
}

/// The chances ever by age, from those a day and those from the last age on.
fn ever(daily: &[[f64; 2]], at_last: [f64; 2]) -> Vec<[f64; 2]> {
    let mut after = at_last;
    let mut all: Vec<[f64; 2]> = daily[..daily.len() - 1]
        .iter()
        .rev()
        .map(|day| {
            after = ever_before(held_to_one(*day), after);
            after
        })
        .collect();
    all.reverse();
    all.push(at_last);
    all
}

/// The weight in the pipeline of a deal with a chance of its own, now that the chance by its age has come from `first` to `now`.
pub fn own_weight(own: f64, first: [f64; 2], now: [f64; 2], stale: bool) -> f64 {
    if stale || own <= 0.0 || own >= 1.0 || first.contains(&0.0) {
        return own;
    }
    let odds = own / (1.0 - own) * (first[1] / first[0]);
    now[0] * odds / (now[1] + now[0] * odds)
}
