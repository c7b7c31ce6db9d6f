//! What is the same in every trial of a region that is decided day by day: its days, who shares chances with whom, the addresses of its draws.

use std::ops::Range;

use super::ages::Rows;
use super::classes::classes;
use crate::chance::Address;
use crate::engine::open_deal_plan::OpenDealPlan;
use crate::engine::scope::{Resampling, SimulationScope};
use crate::engine::streams::{DailyStreams, pace_addresses};
use crate::model::{Closing, DailyChances, Model, Region, Role, Team};

/// A region with what is the same for it in every trial.
#[derive(Debug)]
pub(in crate::engine) struct DailyPlan<'m> {
    pub(super) closing: &'m Closing,
    /// The month of the as-of day, and how many months are simulated.
    pub(super) first: usize,
    pub(super) months: usize,
    /// The days played of each month, those of the calendar, and the days played before it.
    pub(super) days: Vec<usize>,
    month_days: Vec<usize>,
    pub(super) before: Vec<usize>,
    /// For each month of arrival, the runs of days that leads are counted by.
    pub(super) classes: Vec<Vec<Range<usize>>>,
    /// Which factor of the rhythm each month has, for three factors and for twelve.
    pub(super) places: [Vec<usize>; 2],
    /// Whether chances or factors differ from trial to trial.
    pub(super) varies: bool,
    /// Whether what leads are worth in the weighted pipeline is asked for.
    pub(super) weighs: bool,
    /// Whether only the deals won of new leads are drawn, all of a month as one Poisson number. The run's own trials are the same in any scope.
    pub(super) wins_alone: bool,
    /// The age from which on chances no longer change.
    pub(super) last_age: Option<usize>,
    /// Whether the last month is cut off on its last day that is played.
    is_cut: bool,
    pub(super) bases: Vec<Base>,
    pub(super) groups: Vec<DealGroup>,
    /// How many runs of chances by month are worked out for open deals.
    pub(super) series: usize,
    /// The steps of the factors on being won and lost, by month.
    pub(super) pace: [Vec<Address>; 2],
    pub(super) streams: DailyStreams,
}

/// Leads and deals that have the same chances a day at the same age.
#[derive(Debug)]
pub(super) struct Base {
    /// The month whose market and changes the chances have.
    pub(super) month: usize,
    /// Whether the executives there in that month move the chance of being won: of new leads alone.
    pub(super) performs: bool,
    /// The stage whose factors they have; the number of stages where none has.
    pub(super) stage: usize,
    pub(super) rows: Rows,
    /// As they are, given that a deal is to be won, and given that it is not.
    pub(super) variants: [Variant; 3],
}

/// Who has some chances.
#[derive(Debug, Default)]
pub(super) struct Variant {
    /// The months of arrival of new leads.
    pub(super) cohorts: Vec<usize>,
    /// The open deals.
    pub(super) series: Vec<Series>,
    /// The ages that one of them may have on a day of each month, counted from the as-of day's.
    pub(super) needs: Vec<Vec<Range<usize>>>,
}

/// Open deals of one age, month after month.
#[derive(Clone, Copy, Debug)]
pub(super) struct Series {
    pub(super) age: usize,
    /// Its place among the region's series.
    pub(super) place: usize,
    /// The group whose weights in the pipeline it tells, if it does.
    pub(super) group: Option<usize>,
}

/// Open deals of one age and stage.
#[derive(Debug)]
pub(super) struct DealGroup {
    /// The series of what becomes of them by age alone.
    pub(super) natural: usize,
    /// Those of a deal that is to be won, and of one that is not: from its age on, and as at age 0.
    pub(super) given: Option<[[usize; 2]; 2]>,
    /// Their places among the region's open deals.
    pub(super) deals: Range<usize>,
}

impl<'m> DailyPlan<'m> {
    /// The plan of a region; its open deals are put into the order of their stages and ages.
    pub(in crate::engine) fn new(
        region: &'m Region,
        closing: &'m Closing,
        model: &Model,
        resampling: Resampling,
        scope: SimulationScope,
        moved_by_market: bool,
        open_deals: &mut [OpenDealPlan<'m>],
    ) -> DailyPlan<'m> {
        let (first, months) = (model.as_of.month, scope.months);
        let horizon = &model.horizon;
        let days: Vec<usize> = (0..months).map(|m| model.days_played(m)).collect();
        let before = (0..=months).map(|m| days[..m].iter().sum()).collect();
        let dated = region.close_dates.is_some();
        // Whether leads of each month have chances of their own.
        let performs = region.team.as_ref().and_then(Team::executives).is_some_and(Role::differs);
        let by_arrival = moved_by_market || region.changes.moves_closing() || performs;
        let means = model.mean_inputs();
        let wins_alone = scope.won_deals_only && resampling != Resampling::None && region.team.is_none();
        let classes = if wins_alone {
            days.iter().map(|days| std::iter::once(0..*days).collect()).collect()
        } else {
            classes(region, closing, model, &means, &days)
        };
        let mut plan = DailyPlan {
            closing,
            first,
            months,
            month_days: (0..months).map(|m| horizon.month(m).days()).collect(),
            before,
            classes,
            places: [3, 12].map(|n| (0..months).map(|m| crate::model::rhythm_place(horizon, n, m)).collect()),
            varies: by_arrival || varies(closing) || region.changes.closing.iter().any(|factors| !factors.is_empty()),
            weighs: !scope.won_deals_only,
            wins_alone,
            last_age: closing.last_age(),
            is_cut: model.until.is_some() && months == horizon.months,
            bases: Vec::new(),
            groups: Vec::new(),
            series: 0,
            pace: pace_addresses(model.seed, resampling, region, closing.shared, months),
            streams: DailyStreams::new(model.seed, resampling, region, months),
            days,
        };
        let none = closing.by_stage.len();
        for m in first..months {
            let base = plan.base(if by_arrival { m } else { first }, none, performs);
            plan.bases[base].variants[0].cohorts.push(m);
            plan.need(base, 0, m..months, |plan, k| {
                // From the one that arrives last to the one that arrives first.
                let youngest = if k == m { 0 } else { plan.before[k] - plan.before[m + 1] + 1 };
                youngest..plan.before[k + 1] - plan.before[m]
            });
        }
        // Stably: those of one stage and age stay in the order of their ids.
        open_deals.sort_by(|a, b| a.deal.stage.cmp(&b.deal.stage).then(a.deal.age.total_cmp(&b.deal.age)));
        let of = |deal: &OpenDealPlan| (deal.deal.stage, deal.deal.age as usize);
        let mut from = 0;
        for deals in open_deals.chunk_by(|a, b| of(a) == of(b)) {
            let (stage, age) = of(&deals[0]);
            let by_fate = deals.iter().any(|deal| deal.deal.own_chance.is_some() || dated && deal.deal.close.is_some());
            plan.group(stage, age, by_fate, from..from + deals.len());
            from += deals.len();
        }
        plan.bases.iter_mut().for_each(|base| base.settle(plan.last_age, closing));
        plan
    }

    /// The part of a month's leads that comes, where it is cut off on its last day.
    pub(in crate::engine) fn part(&self, month: usize) -> Option<f64> {
        let cut = self.is_cut && month + 1 == self.months;
        cut.then(|| self.days[month] as f64 / self.month_days[month] as f64)
    }

    fn base(&mut self, month: usize, stage: usize, performs: bool) -> usize {
        let is = |base: &Base| base.month == month && base.stage == stage && base.performs == performs;
        let known = self.bases.iter().position(is);
        known.unwrap_or_else(|| {
            let variant = || Variant { needs: vec![Vec::new(); self.months], ..Variant::default() };
            let variants = [variant(), variant(), variant()];
            self.bases.push(Base { month, stage, performs, rows: Rows::default(), variants });
            self.bases.len() - 1
        })
    }

    fn need(
        &mut self,
        base: usize,
        variant: usize,
        months: Range<usize>,
        ages: impl Fn(&DailyPlan, usize) -> Range<usize>,
    ) {
        for k in months {
            let mut ages = ages(self, k);
            if let Some(last) = self.last_age {
                let days = self.days[k];
                ages = ages.start.min(last)..ages.end.min(last + days);
            }
            self.bases[base].variants[variant].needs[k].push(ages);
        }
    }

    fn group(&mut self, stage: usize, age: usize, by_fate: bool, deals: Range<usize>) {
        let base = self.base(self.first, stage, false);
        let group = self.groups.len();
        let natural = self.run(base, 0, age, Some(group));
        let given = by_fate.then(|| [1, 2].map(|variant| [age, 0].map(|age| self.run(base, variant, age, None))));
        self.groups.push(DealGroup { natural, given, deals });
    }

    /// The place of a series.
    fn run(&mut self, base: usize, variant: usize, age: usize, group: Option<usize>) -> usize {
        let known = self.bases[base].variants[variant].series.iter();
        if let Some(known) = known.clone().find(|known| known.age == age && known.group == group) {
            return known.place;
        }
        let place = self.series;
        self.series += 1;
        self.bases[base].variants[variant].series.push(Series { age, place, group });
        let first = self.first;
        self.need(base, variant, first..self.months, |plan, k| age + plan.before[k]..age + plan.before[k + 1]);
        place
    }
}

impl Base {
    /// Which ages there are, once all that have these chances are known.
    fn settle(&mut self, last_age: Option<usize>, closing: &Closing) {
        for needs in self.variants.iter_mut().flat_map(|variant| &mut variant.needs) {
            *needs = merged(std::mem::take(needs));
        }
        let all = self.variants.iter().flat_map(|variant| variant.needs.iter().flatten());
        // The age on the day after is that of the weight in the pipeline.
        let all = merged(all.map(|ages| ages.start..ages.end + 1).collect());
        self.rows = match &closing.chances {
            DailyChances::Table { ages, .. } => Rows::of_table(ages),
            DailyChances::Cycles(_) => Rows::of_ages(all),
        };
        debug_assert!(last_age.is_none_or(|last| self.rows.count() == last + 1));
    }
}

/// Ranges of ages that do not touch, ascending.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut found: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match found.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => found.push(range),
        }
    }
    found
}

/// Whether chances or factors of months differ from trial to trial, the market aside.
fn varies(closing: &Closing) -> bool {
    let mut all = Vec::new();
    match &closing.chances {
        DailyChances::Table { daily, .. } => all.extend(daily.iter().flatten().copied()),
        DailyChances::Cycles(cycle) => {
            all.extend([cycle.conversion.in_force(0), cycle.mean_days]);
            all.extend(cycle.lost.as_ref().map(|lost| lost.mean_days));
            all.extend(cycle.stalled.as_ref().map(|stalled| stalled.share));
        }
    }
    all.extend(closing.rhythm.iter().flatten().chain(&closing.now).chain(closing.by_stage.iter().flatten()).copied());
    closing.walks() || all.iter().any(|value| !value.is_fixed())
}
