//! What the days of a month do to a lead of any age: the part of those open before it that is won, lost, or open after it.
//!
//! Over ages run P, the product of 1 − W − H, and the sums of P·W and P·H. Of leads that are of age a when the month begins and b when it ends P(b)/P(a) are
//! left, and the difference of the sums over P(a) is won and lost. Where P has become small a new run begins with 1, so that no digits are lost.

use std::ops::Range;

use super::memory::{ChanceRows, Day, MonthSums};
use super::plan::{Base, DailyPlan};
use crate::engine::scratch::row;
use crate::model::held_to_one;
use crate::stats::simd::vectorized;

/// Where a product is below this a new run begins.
const SMALL: f64 = 1e-5;

/// A stretch of days, in points of one run after the other.
pub(super) struct Stretch<'a> {
    sums: &'a MonthSums,
    from: usize,
    to: usize,
}

impl MonthSums {
    /// Works out a month with these factors, at these ages.
    pub(super) fn form(
        &mut self,
        plan: &DailyPlan,
        base: &Base,
        variant: usize,
        k: usize,
        factors: &[Vec<f64>; 2],
        chances: &ChanceRows,
    ) {
        let lanes = factors[0].len() / plan.months;
        self.lanes = lanes;
        let ages = &base.variants[variant].needs[k];
        self.breaks.clear();
        let oldest = ages.last().map_or(0, |ages| ages.end);
        self.begins.resize(oldest + 1, 0);
        self.ends.resize(oldest + 1, 0);
        // Each age may begin a run.
        let points: usize = ages.iter().map(|ages| 2 * ages.len() + 1).sum();
        for all in [&mut self.left, &mut self.inverse, &mut self.won, &mut self.lost] {
            all.resize(all.len().max(points * lanes), 0.0);
        }
        let factors = [row(&factors[0], k, lanes), row(&factors[1], k, lanes)];
        let mut point = 0;
        for ages in ages {
            self.begin(point);
            let (mut before, mut bound) = (None, 1.0);
            for age in ages.clone() {
                self.begins[age] = point as u32;
                let place = base.rows.place(age.min(plan.last_age.unwrap_or(age)));
                // Days of one cell of a table are alike.
                let cell = if variant == 0 { chances.cells[place] as usize } else { place };
                if before != Some(cell) {
                    before = Some(cell);
                    match variant {
                        0 => {
                            let daily = [0, 1].map(|o| row(&chances.daily[o], cell, lanes));
                            let day =
                                |lane: usize| [daily[0][lane] * factors[0][lane], daily[1][lane] * factors[1][lane]];
                            self.day.form(lanes, day);
                        }
                        _ => {
                            let (of, factor) = (row(&chances.given[variant - 1], cell, lanes), factors[variant - 1]);
                            let is_won = variant == 1;
                            let day = |lane: usize| {
                                let day = of[lane] * factor[lane];
                                if is_won { [day, 0.0] } else { [0.0, day] }
                            };
                            self.day.form(lanes, day);
                        }
                    }
                }
                self.step(point);
                bound *= self.day.smallest;
                point += 1;
                self.ends[age + 1] = point as u32;
                if bound < SMALL && age + 1 < ages.end {
                    self.breaks.push(point as u32);
                    point += 1;
                    self.begin(point);
                    bound = 1.0;
                }
            }
            self.breaks.push(point as u32);
            point += 1;
        }
    }

    fn begin(&mut self, point: usize) {
        let at = point * self.lanes..(point + 1) * self.lanes;
        self.left[at.clone()].fill(1.0);
        self.inverse[at.clone()].fill(1.0);
        self.won[at.clone()].fill(0.0);
        self.lost[at].fill(0.0);
    }

    /// The day from one point to the next.
    fn step(&mut self, point: usize) {
        let lanes = self.lanes;
        let (now, next) = (point * lanes, (point + 1) * lanes);
        let split = |all| {
            let (before, after) = <[f64]>::split_at_mut(all, next);
            (&before[now..], &mut after[..lanes])
        };
        let (left, left_after) = split(&mut self.left);
        let (inverse, inverse_after) = split(&mut self.inverse);
        let (won, won_after) = split(&mut self.won);
        let (lost, lost_after) = split(&mut self.lost);
        let day = &self.day;
        let (to_win, to_lose) = (&day.won[..lanes], &day.lost[..lanes]);
        let (stays, per_stay) = (&day.left[..lanes], &day.inverse[..lanes]);
        vectorized!({
            for lane in 0..lanes {
                let open = left[lane];
                left_after[lane] = open * stays[lane];
                inverse_after[lane] = inverse[lane] * per_stay[lane];
                won_after[lane] = won[lane] + open * to_win[lane];
                lost_after[lane] = lost[lane] + open * to_lose[lane];
            }
        });
    }

    /// The days from one age to another.
    pub(super) fn stretch(&self, ages: Range<usize>) -> Stretch<'_> {
        Stretch { sums: self, from: self.begins[ages.start] as usize, to: self.ends[ages.end] as usize }
    }
}

impl Day {
    /// The day on which there are these chances.
    #[inline(always)]
    fn form(&mut self, lanes: usize, chances: impl Fn(usize) -> [f64; 2]) {
        for all in [&mut self.won, &mut self.lost, &mut self.left, &mut self.inverse] {
            all.resize(lanes, 0.0);
        }
        let (won, lost) = (&mut self.won[..lanes], &mut self.lost[..lanes]);
        let (left, inverse) = (&mut self.left[..lanes], &mut self.inverse[..lanes]);
        self.smallest = vectorized!({
            let mut smallest = f64::INFINITY;
            for lane in 0..lanes {
                let [w, l] = held_to_one(chances(lane));
                let stays = 1.0 - w - l;
                (won[lane], lost[lane], left[lane], inverse[lane]) = (w, l, stays, 1.0 / stays);
                smallest = if stays < smallest { stays } else { smallest };
            }
            smallest
        });
    }
}

impl Stretch<'_> {
    /// Adds what is won and lost of a part that was open, and leaves what is still open of it, in each trial.
    pub(super) fn pass(&self, open: &mut [f64], won: &mut [f64], lost: &mut [f64]) {
        let mut from = self.from;
        let breaks = &self.sums.breaks;
        let mut next = breaks.partition_point(|at| (*at as usize) < from);
        while let Some(at) = breaks.get(next).map(|at| *at as usize).filter(|at| *at < self.to) {
            self.pass_run(from, at, open, won, lost);
            from = at + 1;
            next += 1;
        }
        self.pass_run(from, self.to, open, won, lost);
    }

    #[inline]
    fn pass_run(&self, from: usize, to: usize, open: &mut [f64], won: &mut [f64], lost: &mut [f64]) {
        let MonthSums { lanes, left, inverse, won: wins, lost: losses, .. } = self.sums;
        let at = |all, point| row(all, point, *lanes);
        let (inverse, left) = (at(inverse, from), at(left, to));
        let (wins, losses) = ((at(wins, from), at(wins, to)), (at(losses, from), at(losses, to)));
        let (open, won, lost) = (&mut open[..*lanes], &mut won[..*lanes], &mut lost[..*lanes]);
        vectorized!({
            for lane in 0..open.len() {
                let part = open[lane] * inverse[lane];
                won[lane] += part * (wins.1[lane] - wins.0[lane]);
                lost[lane] += part * (losses.1[lane] - losses.0[lane]);
                open[lane] = part * left[lane];
            }
        });
    }
}
