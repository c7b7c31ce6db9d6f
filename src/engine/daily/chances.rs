//! The chances a day by age, trial by trial.

use super::memory::ChanceRows;
use super::plan::{Base, DailyPlan};
use crate::engine::effects::{Effects, factor};
use crate::engine::scratch::{Scratch, row, row_mut, zeros};
use crate::model::{DailyChances, ever_at_last, ever_before, given, held_to_one};
use crate::stats::simd::vectorized;

impl DailyPlan<'_> {
    /// Works out the chances of a base in each trial.
    pub(super) fn form_chances(&self, base: &Base, exposure: Option<usize>, scratch: &Scratch, found: &mut ChanceRows) {
        let lanes = self.lanes(scratch);
        let tilt = self.tilt(base.month, exposure, scratch);
        let stage = self.closing.by_stage.get(base.stage);
        let stage: [Vec<f64>; 2] =
            [0, 1].map(|o| stage.map_or_else(|| vec![1.0; lanes], |stage| self.filled(stage[o], scratch)));
        found.cells.clone_from(&base.rows.cells);
        let gives = base.variants[1..].iter().any(|variant| !variant.series.is_empty());
        let asks = self.weighs || gives || base.variants[0].series.iter().any(|series| series.group.is_some());
        let rows = base.rows.count();
        let Effects { win_rate, cycles: [on_won, on_lost], performance, .. } = &scratch.effects;
        let performed = |lane: usize| {
            if base.performs { factor(performance, base.month, scratch.lanes(), lane) } else { 1.0 }
        };
        match &self.closing.chances {
            DailyChances::Table { ages, daily } => {
                found.stale.clear();
                for (o, daily) in daily.iter().enumerate() {
                    zeros(&mut found.daily[o], ages.len(), lanes);
                    for (cell, value) in daily.iter().enumerate() {
                        let values = self.filled(*value, scratch);
                        let chances = row_mut(&mut found.daily[o], cell, lanes).iter_mut().zip(&values);
                        for (lane, (chance, value)) in chances.enumerate() {
                            *chance = value * stage[o][lane] * if o == 0 { tilt[lane] * performed(lane) } else { 1.0 };
                        }
                    }
                }
                if asks {
                    found.sum_up(rows, lanes);
                }
            }
            DailyChances::Cycles(_) => {
                for rows_of in found.daily.iter_mut().chain(&mut found.ever).chain([&mut found.stale]) {
                    zeros(rows_of, rows, lanes);
                }
                for lane in 0..lanes {
                    let [on_win_rate, on_won, on_lost] =
                        [win_rate, on_won, on_lost].map(|rows| factor(rows, base.month, lanes, lane));
                    let chances = self.closing.chances(
                        &scratch.inputs_of(lane),
                        base.month,
                        tilt[lane],
                        [stage[0][lane], stage[1][lane]],
                        [on_win_rate * performed(lane), on_won, on_lost],
                        &base.rows.ranges,
                    );
                    for (place, age) in base.rows.ranges.iter().cloned().flatten().enumerate() {
                        let i = place * lanes + lane;
                        let (daily, ever) = (chances.daily(age), chances.ever(age));
                        (0..2).for_each(|o| (found.daily[o][i], found.ever[o][i]) = (daily[o], ever[o]));
                        found.stale[i] = f64::from(u8::from(chances.is_stale(age)));
                    }
                }
            }
        }
        if gives {
            found.give(rows, lanes);
        }
    }
}

impl ChanceRows {
    /// The chances ever of a table, from the last age back to the first.
    fn sum_up(&mut self, rows: usize, lanes: usize) {
        let ChanceRows { daily: [won, lost], ever: [ever, never], cells, .. } = self;
        for all in [&mut *ever, &mut *never] {
            all.resize(rows * lanes, 0.0);
        }
        vectorized!({
            for place in (0..rows).rev() {
                let cell = cells[place] as usize;
                let daily = row(won, cell, lanes).iter().zip(row(lost, cell, lanes));
                for (lane, (won, lost)) in daily.enumerate() {
                    let (i, day) = (place * lanes + lane, held_to_one([*won, *lost]));
                    let found = if place + 1 == rows {
                        ever_at_last(day)
                    } else {
                        ever_before(day, [ever[i + lanes], never[i + lanes]])
                    };
                    (ever[i], never[i]) = (found[0], found[1]);
                }
            }
        });
    }

    /// The chances a day given what a deal is to be.
    fn give(&mut self, rows: usize, lanes: usize) {
        let [to_win, not] = &mut self.given;
        for all in [&mut *to_win, &mut *not] {
            all.resize(rows * lanes, 0.0);
        }
        for place in 0..rows {
            let cell = self.cells[place] as usize;
            for lane in 0..lanes {
                let (i, from) = (place * lanes + lane, cell * lanes + lane);
                let (daily, ever) = ([self.daily[0][from], self.daily[1][from]], [self.ever[0][i], self.ever[1][i]]);
                to_win[i] = given(daily, ever, true)[0];
                not[i] = given(daily, ever, false)[1];
            }
        }
    }
}
