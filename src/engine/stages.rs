//! A funnel of stages: leads are counted by what becomes of them, then followed.
//!
//! The leads of a month are Poisson given their mean; each is marked independently with what becomes of it (won, or lost in a stage), so that
//! those of each kind are Poisson too, independent of each other (Kingman 1993, Poisson Processes, the colouring theorem). How long a lead stays in
//! a stage does not depend on what becomes of it, so each is followed through just the stages that it sees: the open pipeline is weighted by
//! the stage that each lead is in, month after month, and no split of the counts gives that jointly with what is won. Leads that are lost in the first stage
//! see no other; how many of them leave it in each month is all there is to know. Where money will do, only
//! those that are won are followed. Each kind of lead and each of its times has random numbers of its own, so that a lead more moves no other.

use std::sync::Arc;

use super::compiled::RegionPlan;
use super::effects::Effects;
use super::monitor::Monitor;
use super::scratch::{Columns, Scratch, resize, row, row_mut};
use super::stage_scratch::{COPIES, Leads, StageScratch};
use crate::chance::{Address, Odds, SurvivalTable, TrialKey, binomial_quantile, binomial_quantiles, poisson_quantiles};
use crate::model::Stage;
use crate::stats::shifted;
use crate::stats::simd::vectorized;
use crate::units::DAYS_PER_MONTH;

/// So many leads are followed side by side.
const SIDE_BY_SIDE: usize = 512;

/// What leads do in a month, and where in a row that is counted: they pass each stage, are lost in each, or are won but held to the quarter's end.
#[derive(Clone, Copy)]
struct Moves {
    stages: usize,
}

impl Moves {
    fn pass(self, stage: usize) -> usize {
        stage
    }

    fn lose(self, stage: usize) -> usize {
        self.stages + stage
    }

    fn hold(self) -> usize {
        2 * self.stages
    }

    fn count(self) -> usize {
        2 * self.stages + 1
    }
}

/// What leads of one month and fate have in common.
struct Fate {
    /// Where the number of them comes from; of its parts the first gives when they arrive, then one for each stage the time in it, and the last
    /// whether they are held.
    count: Address,
    numbers: Vec<Address>,
    /// The last stage that they see, and what they do there.
    last: usize,
    leaving: usize,
}

impl RegionPlan<'_> {
    /// Leads, won, lost and weighted open deals of every month.
    pub(super) fn simulate_stages(
        &self,
        stages: &[Stage],
        columns: &mut Columns,
        scratch: &mut Scratch,
        monitor: &Monitor,
    ) {
        let Some([table, _]) = &self.cycle_tables else { return };
        let (lanes, months) = (scratch.lanes(), self.months);
        let moves = Moves { stages: stages.len() };
        columns.won.fill(0.0);
        if !self.won_deals_only {
            [&mut *columns.leads, columns.lost, columns.weighted_open].into_iter().for_each(|column| column.fill(0.0));
        }
        let held = self.region.held.map(|share| scratch.filled(share));
        let mut own = std::mem::take(&mut scratch.stages);
        own.moves.clear();
        own.moves.resize((months + 1) * moves.count(), [0; COPIES]);
        let (mut inside, mut ahead) = (vec![0; stages.len()], vec![0.0; stages.len()]);
        let mut row = vec![0u64; moves.count()];
        for m in self.as_of.month..months {
            self.stage_rates(stages, m, scratch, &mut own);
            let fates = self.fates(m, stages.len());
            self.count_fates(m, &fates, scratch, &mut own);
            // Where in the month leads begin to come.
            let from = if m == self.as_of.month { self.as_of.position } else { m as f64 };
            let arriving = (from, self.as_of.part(m));
            for lane in 0..lanes {
                let is_unknown = own.counts.iter().skip(lane).step_by(lanes).any(|count| count.is_nan());
                if is_unknown {
                    columns.won[m * lanes + lane] = f64::NAN;
                    continue;
                }
                let mut all = 0;
                for (fate, counts) in fates.iter().zip(own.counts.chunks_exact(lanes)) {
                    let count = counts[lane] as u64;
                    all += count;
                    let held = held.as_ref().map(|held| held[lane]);
                    let followed = Followed { fate, count, trial: scratch.trials[lane], arriving, held };
                    let times = own.times.chunks_exact(lanes).map(|times| times[lane]);
                    let through = self.times.laws.iter().zip(times);
                    let memory = (&mut own.leads, &mut own.moves[..]);
                    if fate.last == 0 && fate.leaving == moves.lose(0) {
                        let months = own.times[lane];
                        let cycle = (months, libm::log(months));
                        followed.split(|j| table.undecided(cycle, arriving.1, j), m, moves, memory);
                    } else if !followed.follow(through, moves, memory, monitor) {
                        return;
                    }
                }
                if all == 0 {
                    continue;
                }
                // The chance of being won from each stage on.
                own.pass.chunks_exact(lanes).enumerate().rev().fold(1.0, |after, (i, pass)| {
                    ahead[i] = after * pass[lane];
                    ahead[i]
                });
                inside.fill(0);
                inside[0] = all;
                let mut held = 0;
                for (k, counted) in own.moves.chunks_exact_mut(moves.count()).enumerate().take(months).skip(m) {
                    let at = k * lanes + lane;
                    row.iter_mut().zip(&*counted).for_each(|(all, copies)| *all = copies.iter().sum());
                    counted.fill([0; COPIES]);
                    let decided = row[moves.pass(stages.len() - 1)] - row[moves.hold()];
                    columns.won[at] += decided as f64;
                    held += row[moves.hold()];
                    if self.quarter_end(k) == k {
                        columns.won[at] += held as f64;
                        held = 0;
                    }
                    if !self.won_deals_only {
                        let (mut lost, mut weight) = (0, held as f64);
                        for i in 0..stages.len() {
                            inside[i] -= row[moves.pass(i)] + row[moves.lose(i)];
                            if let Some(next) = inside.get_mut(i + 1) {
                                *next += row[moves.pass(i)];
                            }
                            lost += row[moves.lose(i)];
                            weight += inside[i] as f64 * ahead[i];
                        }
                        columns.lost[at] += lost as f64;
                        columns.weighted_open[at] += weight;
                    }
                }
                own.moves[months * moves.count()..].fill([0; COPIES]);
                if !self.won_deals_only {
                    columns.leads[m * lanes + lane] = all as f64;
                }
            }
        }
        scratch.stages = own;
    }

    /// What may become of the leads of a month: they are won, or lost in one of the stages; where money will do, those that are won alone.
    fn fates(&self, m: usize, stages: usize) -> Vec<Fate> {
        let moves = Moves { stages };
        let won = (stages - 1, moves.pass(stages - 1));
        let all = std::iter::once(won).chain((0..stages).map(|i| (i, moves.lose(i)))).enumerate();
        all.take(if self.won_deals_only { 1 } else { stages + 1 })
            .map(|(part, (last, leaving))| {
                let count = self.streams.stages[m].part(part);
                Fate { count, numbers: (0..last + 3).map(|part| count.part(part)).collect(), last, leaving }
            })
            .collect()
    }

    /// The shares that pass each stage, and the mean times in it, of the leads of a month.
    fn stage_rates(&self, stages: &[Stage], m: usize, scratch: &Scratch, own: &mut StageScratch) {
        let lanes = scratch.lanes();
        resize(&mut own.pass, stages.len(), lanes);
        resize(&mut own.times, stages.len(), lanes);
        let effects = &scratch.effects;
        for (i, stage) in stages.iter().enumerate() {
            let (pass, times) = (row_mut(&mut own.pass, i, lanes), row_mut(&mut own.times, i, lanes));
            scratch.fill(stage.pass, pass);
            scratch.fill(stage.mean_days, times);
            times.iter_mut().for_each(|time| *time /= DAYS_PER_MONTH);
            let [on_pass, on_times] = effects.stages.get(i).map_or([&[][..]; 2], |of| [&of[0], &of[1]]);
            let performance = if i + 1 == stages.len() { &effects.performance[..] } else { &[] };
            Effects::on_shares_of([on_pass, performance], m, pass);
            Effects::on_times(on_times, m, times);
            if let Some(tilt) = self.exposure_index[1].filter(|_| i + 1 == stages.len()) {
                let tilts = row(&scratch.tilts[tilt], m, lanes);
                pass.iter_mut().zip(tilts).for_each(|(pass, tilt)| *pass = shifted(*pass, *tilt));
            }
        }
    }

    /// How many leads of a month there are of each fate.
    fn count_fates(&self, m: usize, fates: &[Fate], scratch: &mut Scratch, own: &mut StageScratch) {
        let lanes = scratch.lanes();
        resize(&mut own.counts, fates.len(), lanes);
        let mut won = vec![1.0; lanes];
        own.pass.chunks_exact(lanes).for_each(|pass| won.iter_mut().zip(pass).for_each(|(won, pass)| *won *= pass));
        // The part of all leads that comes as far as a stage.
        let mut reached = vec![1.0; lanes];
        let mut uncounted = self.team.as_ref().map(|_| row(&scratch.people.started, m, lanes).to_vec());
        let mut odds = Vec::new();
        for (i, (fate, counts)) in fates.iter().zip(own.counts.chunks_exact_mut(lanes)).enumerate() {
            let mut shares = won.clone();
            if i > 0 {
                let pass = row(&own.pass, fate.last, lanes);
                for (lane, share) in shares.iter_mut().enumerate() {
                    let (here, of) = (reached[lane], reached[lane] - won[lane]);
                    *share = here * (1.0 - pass[lane]);
                    reached[lane] = here * pass[lane];
                    if uncounted.is_some() {
                        // Of those that are lost in this stage or later.
                        *share = if *share < of { *share / of } else { 1.0 };
                    }
                }
            }
            fate.count.uniforms(&scratch.trials, &mut scratch.uniforms);
            match &mut uncounted {
                None => {
                    let expected = row(&scratch.expected, m, lanes).iter().zip(&shares);
                    scratch.means.iter_mut().zip(expected).for_each(|(mean, (leads, share))| *mean = leads * share);
                    poisson_quantiles(&scratch.means, &scratch.uniforms, counts);
                }
                Some(uncounted) => {
                    Odds::fill(&shares, &mut odds);
                    binomial_quantiles(uncounted, &odds, &scratch.uniforms, counts);
                    uncounted.iter_mut().zip(&*counts).for_each(|(left, count)| *left -= count);
                }
            }
        }
    }
}

/// The leads of one month and fate in one trial.
struct Followed<'a> {
    fate: &'a Fate,
    count: u64,
    trial: TrialKey,
    /// From where in the horizon on they arrive, and for how long, in months.
    arriving: (f64, f64),
    /// The share of won deals that is held, where some are.
    held: Option<f64>,
}

impl Followed<'_> {
    /// Follows them through their stages and counts what they do; whether it came to the end.
    fn follow<'t>(
        &self,
        stages: impl Iterator<Item = (&'t Arc<SurvivalTable>, f64)> + Clone,
        moves: Moves,
        (leads, counted): (&mut Leads, &mut [[u64; COPIES]]),
        monitor: &Monitor,
    ) -> bool {
        let Followed { fate, count, trial, arriving: (from, part), held } = *self;
        let Leads { now, place, drawn } = leads;
        let (width, end) = (moves.count() as u32, (counted.len() / moves.count() - 1) as f64);
        for first in (0..count).step_by(SIDE_BY_SIDE) {
            if monitor.stopped() {
                return false;
            }
            let leads = SIDE_BY_SIDE.min((count - first) as usize);
            now.resize(leads, 0.0);
            drawn.resize(leads, 0.0);
            place.resize(leads, 0);
            fate.numbers[0].run_of(trial, first, now);
            vectorized!(now.iter_mut().for_each(|now| *now = from + part * *now));
            for (i, (table, time)) in stages.clone().enumerate().take(fate.last + 1) {
                fate.numbers[i + 1].run_of(trial, first, drawn);
                table.survived_all(drawn);
                let what = if i == fate.last { fate.leaving } else { moves.pass(i) } as u32;
                vectorized!({
                    for ((now, drawn), place) in now.iter_mut().zip(&*drawn).zip(&mut *place) {
                        *now += time * drawn;
                        *place = small_whole(now.min(end)) * width + what;
                    }
                });
                count_moves(place, counted);
            }
            if let Some(share) = held.filter(|_| fate.leaving == moves.pass(fate.last)) {
                fate.numbers[fate.last + 2].run_of(trial, first, drawn);
                let mut drawn = drawn.iter();
                place.retain(|_| drawn.next().is_some_and(|drawn| *drawn < share));
                place.iter_mut().for_each(|place| *place += (moves.hold() - fate.leaving) as u32);
                count_moves(place, counted);
            }
        }
        true
    }

    /// Counts what they do where they see one stage alone: given how many there are, those that leave it in each month are multinomial, and are
    /// split month after month. `undecided` is the part that is left after so many months.
    fn split(
        &self,
        undecided: impl Fn(usize) -> f64,
        month: usize,
        moves: Moves,
        (leads, counted): (&mut Leads, &mut [[u64; COPIES]]),
    ) {
        let months = counted.len() / moves.count() - 1;
        leads.drawn.resize(months - month, 0.0);
        self.fate.numbers[1].run_of(self.trial, 0, &mut leads.drawn);
        let (mut left, mut before) = (self.count as f64, 1.0);
        for (lag, drawn) in leads.drawn.iter().enumerate() {
            if left == 0.0 {
                return;
            }
            let after = undecided(lag + 1);
            let leave = binomial_quantile(left, if after < before { 1.0 - after / before } else { 0.0 }, *drawn);
            counted[(month + lag) * moves.count() + self.fate.leaving][0] += leave as u64;
            (left, before) = (left - leave, after);
        }
        counted[months * moves.count() + self.fate.leaving][0] += left as u64;
    }
}

/// The whole part of a number from 0 to 2³², by its bits: a conversion that heeds all other numbers, too, is several times slower.
#[inline(always)]
fn small_whole(x: f64) -> u32 {
    const WHOLE: f64 = (1_u64 << 52) as f64;
    (x.floor() + WHOLE).to_bits() as u32
}

/// Counts moves by their places in the rows of months.
fn count_moves(places: &[u32], counted: &mut [[u64; COPIES]]) {
    for (i, place) in places.iter().enumerate() {
        counted[*place as usize][i % COPIES] += 1;
    }
}
