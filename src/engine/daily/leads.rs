//! New leads: how many arrive on which days, and in which month they are won or lost.

use super::memory::DailyScratch;
use super::plan::{Base, DailyPlan};
use crate::chance::{Odds, binomial_quantile, binomial_quantiles, poisson_quantiles};
use crate::engine::compiled::RegionPlan;
use crate::engine::monitor::Monitor;
use crate::engine::scratch::{Columns, Scratch, add, row, row_mut, zeros};

/// The part of a run of days that stands for all that are past the last age.
const ALL: usize = 31;

/// What a month does to the leads of one run of days, trial by trial.
#[derive(Default)]
struct Run {
    before: Vec<f64>,
    won: Vec<f64>,
    lost: Vec<f64>,
    after: Vec<f64>,
    weight: Vec<f64>,
}

impl RegionPlan<'_> {
    /// Leads, won, lost and weighted open deals of every month, and what may become of the open deals.
    pub(in crate::engine) fn simulate_daily(
        &self,
        plan: &DailyPlan,
        columns: &mut Columns,
        scratch: &mut Scratch,
        monitor: &Monitor,
    ) {
        let mut daily = std::mem::take(&mut scratch.daily);
        plan.form_factors(scratch, &mut daily);
        for counted in [&mut *columns.leads, &mut *columns.won, &mut *columns.lost, &mut *columns.weighted_open] {
            counted.fill(0.0);
        }
        let lanes = plan.lanes(scratch);
        for all in &mut daily.decided {
            all.resize(plan.series * plan.months * lanes, 0.0);
        }
        for all in &mut daily.ever {
            all.resize(plan.groups.len() * (plan.months + 1) * lanes, 0.0);
        }
        daily.stale.resize(plan.groups.len() * lanes, 0.0);
        daily.open.resize(plan.months.max(daily.open.len()), Vec::new());
        daily.left.resize(plan.months.max(daily.left.len()), Vec::new());
        for base in &plan.bases {
            let mut chances = std::mem::take(&mut daily.chances);
            plan.form_chances(base, self.exposure_index[1], scratch, &mut chances);
            daily.chances = chances;
            for variant in 0..3 {
                self.simulate_variant(plan, base, variant, columns, scratch, &mut daily, monitor);
            }
        }
        if plan.wins_alone {
            let all = scratch.lanes();
            for k in plan.first..plan.months {
                let won = row_mut(columns.won, k, all);
                scratch.means.copy_from_slice(won);
                plan.streams.won[k].uniforms(&scratch.trials, &mut scratch.uniforms);
                poisson_quantiles(&scratch.means, &scratch.uniforms, won);
            }
        }
        scratch.daily = daily;
    }

    /// The leads and deals of a base, month after month.
    #[expect(clippy::too_many_arguments, reason = "they are the block's memory")]
    fn simulate_variant(
        &self,
        plan: &DailyPlan,
        base: &Base,
        variant: usize,
        columns: &mut Columns,
        scratch: &mut Scratch,
        daily: &mut DailyScratch,
        monitor: &Monitor,
    ) {
        let of = &base.variants[variant];
        let lanes = plan.lanes(scratch);
        let mut series: Vec<Vec<f64>> = of.series.iter().map(|_| vec![1.0; lanes]).collect();
        if of.cohorts.is_empty() && series.is_empty() {
            return;
        }
        plan.weigh_at_first(base, variant, daily, lanes);
        let mut sums = std::mem::take(&mut daily.sums);
        for k in plan.first..plan.months {
            if monitor.stopped() {
                break;
            }
            sums.form(plan, base, variant, k, &daily.factors, &daily.chances);
            daily.sums = sums;
            for m in of.cohorts.iter().copied().filter(|m| *m <= k) {
                if m == k {
                    self.arrive(plan, m, columns, scratch, daily);
                }
                self.decide_leads_of(plan, base, m, k, columns, scratch, daily);
            }
            plan.decide_series(base, variant, k, &mut series, daily, lanes);
            sums = std::mem::take(&mut daily.sums);
        }
        daily.sums = sums;
    }

    /// How many leads arrive in a month, by runs of its days. Where wins alone are drawn these are expected leads, and so are the wins till then.
    fn arrive(
        &self,
        plan: &DailyPlan,
        m: usize,
        columns: &mut Columns,
        scratch: &mut Scratch,
        daily: &mut DailyScratch,
    ) {
        let all = scratch.lanes();
        let (days, runs) = (plan.days[m], &plan.classes[m]);
        let open = &mut daily.open[m];
        open.clear();
        open.resize(days * plan.lanes(scratch), 1.0 / days as f64);
        if plan.wins_alone {
            return;
        }
        let left = &mut daily.left[m];
        zeros(left, runs.len(), all);
        if self.team.is_some() {
            // Of those that are started, how many on which days is multinomial.
            let mut rest = row(&scratch.people.started, m, all).to_vec();
            add(row_mut(columns.leads, m, all), &rest);
            for (c, run) in runs.iter().enumerate() {
                let odds = vec![Odds::new(run.len() as f64 / (days - run.start) as f64); all];
                plan.streams.leads[m].part(run.start).uniforms(&scratch.trials, &mut scratch.uniforms);
                let left = row_mut(left, c, all);
                binomial_quantiles(&rest, &odds, &scratch.uniforms, left);
                rest.iter_mut().zip(left).for_each(|(rest, here)| *rest -= *here);
            }
            return;
        }
        for (c, run) in runs.iter().enumerate() {
            let part = run.len() as f64 / days as f64;
            let expected = row(&scratch.expected, m, all);
            scratch.means.iter_mut().zip(expected).for_each(|(mean, leads)| *mean = leads * part);
            plan.streams.leads[m].part(run.start).uniforms(&scratch.trials, &mut scratch.uniforms);
            let left = row_mut(left, c, all);
            poisson_quantiles(&scratch.means, &scratch.uniforms, left);
            add(row_mut(columns.leads, m, all), left);
        }
    }

    /// What month `k` does to the leads that arrived in month `m`.
    #[expect(clippy::too_many_arguments, reason = "they are the block's memory")]
    fn decide_leads_of(
        &self,
        plan: &DailyPlan,
        base: &Base,
        m: usize,
        k: usize,
        columns: &mut Columns,
        scratch: &mut Scratch,
        daily: &mut DailyScratch,
    ) {
        let lanes = plan.lanes(scratch);
        let DailyScratch { sums, chances, open, left, .. } = daily;
        let (open, left) = (&mut open[m], &mut left[m]);
        // The age of leads of the month's first day when month k begins; those of the month itself begin at 0, one after the other.
        let (oldest, days) = (plan.before[k] - plan.before[m], plan.days[k]);
        let youngest = oldest + 1 - plan.days[m].min(oldest + 1);
        let is_past = k > m && plan.last_age.is_some_and(|last| youngest >= last);
        // All of them have the same chances from the last age on.
        let (together, apart) = (0..1, &plan.classes[m]);
        let runs = if is_past { std::slice::from_ref(&together) } else { apart };
        if is_past {
            let all = scratch.lanes();
            for c in 1..left.len() / all {
                let (first, rest) = left.split_at_mut(c * all);
                add(&mut first[..all], &rest[..all]);
            }
            left.truncate(all);
            for day in 1..open.len() / lanes {
                let (first, rest) = open.split_at_mut(day * lanes);
                add(&mut first[..lanes], &rest[..lanes]);
            }
            open.truncate(lanes);
        }
        let mut run = Run::default();
        for (c, days_of) in runs.iter().enumerate() {
            run.begin(lanes);
            for day in days_of.clone() {
                let mut ages = if k == m { 0..days - day } else { oldest - day..oldest - day + days };
                if let Some(last) = plan.last_age.filter(|last| ages.start > *last) {
                    ages = last..last + days;
                }
                let open = row_mut(open, day, lanes);
                if plan.wins_alone {
                    sums.stretch(ages).pass(open, &mut run.won, &mut run.lost);
                    continue;
                }
                add(&mut run.before, open);
                sums.stretch(ages.clone()).pass(open, &mut run.won, &mut run.lost);
                add(&mut run.after, open);
                if plan.weighs {
                    let ever = row(&chances.ever[0], base.rows.place(ages.end), lanes);
                    run.weight
                        .iter_mut()
                        .zip(open.iter().zip(ever))
                        .for_each(|(sum, (open, ever))| *sum += open * ever);
                }
            }
            if plan.wins_alone {
                let all = scratch.lanes();
                let won = row_mut(columns.won, k, all).iter_mut().zip(row(&scratch.expected, m, all));
                won.enumerate()
                    .for_each(|(lane, (won, leads))| *won += leads * run.won[if lanes == 1 { 0 } else { lane }]);
                continue;
            }
            let part = if is_past { ALL } else { days_of.start };
            self.draw(plan, [m, k, part], &run, row_mut(left, c, scratch.trials.len()), columns, scratch);
        }
    }

    /// How many of the leads that are open are won and lost, and what the others weigh in the pipeline.
    fn draw(
        &self,
        plan: &DailyPlan,
        [m, k, part]: [usize; 3],
        run: &Run,
        left: &mut [f64],
        columns: &mut Columns,
        scratch: &mut Scratch,
    ) {
        let all = left.len();
        if left.iter().all(|left| *left == 0.0) {
            return;
        }
        let address = plan.streams.decided[m].part(part).part(k - m);
        address.uniforms(&scratch.trials, &mut scratch.uniforms);
        let (won, lost) = (row_mut(columns.won, k, all), row_mut(columns.lost, k, all));
        let weighted = row_mut(columns.weighted_open, k, all);
        let which = plan.streams.won[m].part(part).part(k - m);
        let one = run.before.len() == 1;
        for lane in 0..all {
            let count = left[lane];
            if count == 0.0 {
                continue;
            }
            let i = if one { 0 } else { lane };
            let (before, to_win, to_lose) = (run.before[i], run.won[i], run.lost[i]);
            let decided = to_win + to_lose;
            let (mut wins, mut losses) = (0.0, 0.0);
            if decided > 0.0 && before > 0.0 {
                let u = scratch.uniforms[lane];
                if count == 1.0 {
                    let at = u * before;
                    // Early numbers are won, as with more of them.
                    if at >= before - decided {
                        if at >= before - to_win { wins = 1.0 } else { losses = 1.0 }
                    }
                } else {
                    let number = binomial_quantile(count, (decided / before).min(1.0), u);
                    if number > 0.0 {
                        wins = binomial_quantile(number, to_win / decided, which.uniform_of(scratch.trials[lane]));
                        losses = number - wins;
                    }
                }
                won[lane] += wins;
                lost[lane] += losses;
                left[lane] = count - wins - losses;
            }
            if run.after[i] > 0.0 {
                weighted[lane] += left[lane] * run.weight[i] / run.after[i];
            }
        }
    }
}

impl Run {
    fn begin(&mut self, lanes: usize) {
        for all in [&mut self.before, &mut self.won, &mut self.lost, &mut self.after, &mut self.weight] {
            zeros(all, 1, lanes);
        }
    }
}
