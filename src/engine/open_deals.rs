//! The deals that are open on the as-of day: which of them are won or lost, when, and for how much.
//!
//! Each has draws of its own, addressed by its id: one deal more or less moves no other. A deal is drawn in all trials of a block before
//! the next one is.

use super::compiled::{Path, RegionPlan};
use super::effects::Effects;
use super::monitor::Monitor;
use super::open_deal_draw::{Deal, Part};
use super::open_deal_ledger::Ledger;
use super::open_deal_plan::OpenDealPlan;
use super::scratch::{Columns, Scratch, row};
use super::time_left::{Days, TimesLeft};
use super::won_deal::WonDeal;
use crate::model::{ClosingRules, Cycle, OpenDeal, Outlook, ParameterValue};
use crate::stats::shifted;
use crate::stats::simd::vectorized;
use crate::units::DAYS_PER_MONTH;

/// What holds for all open deals of a region, trial by trial; empty where the region has no such thing.
pub(super) struct Terms {
    win_rate: Vec<f64>,
    stalled: Vec<f64>,
    held: Vec<f64>,
    kept: Vec<f64>,
    slip: Days,
    /// What the market of the as-of day's month multiplies the odds of winning by.
    pub(super) tilt: Vec<f64>,
}

impl Terms {
    /// The share of the deals not won that is never decided.
    fn stalled(&self, lane: usize) -> f64 {
        self.stalled.get(lane).copied().unwrap_or(0.0)
    }

    /// The share of won deals that is held to the end of their quarter.
    pub(super) fn held(&self, lane: usize) -> f64 {
        self.held.get(lane).copied().unwrap_or(0.0)
    }
}

/// What is the same for all deals of one age, trial by trial.
pub(super) struct Aged<'a> {
    pub(super) age: f64,
    pub(super) outlook: Vec<Outlook>,
    pub(super) won: TimesLeft<'a>,
    /// None where lost deals take as long as won ones.
    lost: Option<TimesLeft<'a>>,
}

/// Memory for a deal whose chance is the win rate, trial by trial.
struct PlainDeal {
    fates: Vec<f64>,
    /// When it is decided: parts of what is left, then days from the as-of day on.
    times: Vec<f64>,
    /// The same in months.
    months: Vec<u32>,
    /// The trials in which it is won come first.
    won: Vec<u32>,
}

impl PlainDeal {
    fn new(lanes: usize) -> PlainDeal {
        PlainDeal { fates: vec![0.0; lanes], times: vec![0.0; lanes], months: vec![0; lanes], won: vec![0; lanes] }
    }
}

impl RegionPlan<'_> {
    /// Adds what becomes of the region's open deals, and those won to a list where there is one. New leads and their renewals come before.
    pub(super) fn decide_open_deals(
        &self,
        mean_size: &[f64],
        columns: &mut Columns,
        scratch: &Scratch,
        won_deals: Option<&mut Vec<WonDeal>>,
        monitor: &Monitor,
    ) {
        if self.open_deals.is_empty() {
            return;
        }
        let terms = self.terms(scratch);
        let Some(mut ledger) = Ledger::new(self, mean_size, columns, scratch, won_deals) else { return };
        match self.path {
            Path::Thinning(cycle) => self.decide_by_age(cycle, &terms, &mut ledger, scratch, monitor),
            Path::LeadByLead(stages) => self.decide_by_stage(stages, &terms, &mut ledger, scratch, monitor),
            Path::Daily => {
                if let Some(plan) = &self.daily {
                    self.decide_daily_deals(plan, &terms, &mut ledger, scratch, monitor);
                }
            }
        }
        ledger.sum_up(&terms.win_rate);
    }

    pub(super) fn terms(&self, scratch: &Scratch) -> Terms {
        let all = |value: Option<ParameterValue>| value.map_or_else(Vec::new, |value| scratch.filled(value));
        let tilt = match self.exposure_index[1] {
            Some(tilt) => row(&scratch.tilts[tilt], self.as_of.month, scratch.lanes()).to_vec(),
            None => vec![1.0; scratch.lanes()],
        };
        let dates = self.region.close_dates.as_ref();
        let (mut win_rate, mut stalled) = (Vec::new(), Vec::new());
        if let Path::Thinning(cycle) = self.path {
            win_rate = scratch.filled(cycle.conversion.in_force(self.as_of.month));
            Effects::on_shares(&scratch.effects.win_rate, self.as_of.month, &mut win_rate);
            win_rate
                .iter_mut()
                .zip(&tilt)
                .filter(|(_, tilt)| **tilt != 1.0)
                .for_each(|(p, tilt)| *p = shifted(*p, *tilt));
            stalled = all(cycle.stalled.as_ref().map(|stalled| stalled.share));
        }
        Terms {
            win_rate,
            stalled,
            held: all(self.region.held),
            kept: all(dates.map(|dates| dates.kept)),
            slip: Days::new(all(dates.and_then(|dates| dates.slip.as_ref()).map(|slip| slip.mean_days))),
            tilt,
        }
    }

    /// Where the stated close date of a deal lies, in months; none where it does not count.
    pub(super) fn stated(&self, deal: &OpenDeal) -> Option<f64> {
        deal.close.filter(|_| self.region.close_dates.is_some())
    }

    /// The month in which a deal closes by its stated date, if it is one of those that do.
    pub(super) fn kept(&self, stated: Option<f64>, terms: &Terms, deal: &Deal, lane: usize) -> Option<usize> {
        let close = stated?;
        if deal.uniform(Part::Kept, lane) >= terms.kept[lane] {
            return None;
        }
        let slip = self.times.slip.as_ref();
        let days = slip.map_or(0.0, |slip| slip.survived(terms.slip.mean(lane).0, deal.uniform(Part::Slip, lane)));
        Some(self.month(close + days / DAYS_PER_MONTH))
    }

    /// The month that a time belongs to, at most the first one past the horizon.
    pub(super) fn month(&self, t: f64) -> usize {
        if t < self.end { t as usize } else { self.months }
    }

    /// How many days the end of each month comes after a stated close date, with their logarithms.
    fn late(&self, close: f64) -> Vec<(f64, f64)> {
        let days = (1..=self.months).map(|end| (end as f64 - close) * DAYS_PER_MONTH);
        days.map(|days| (days, if days > 0.0 { libm::log(days) } else { f64::NEG_INFINITY })).collect()
    }

    /// The part of the deals that close by their stated date which is still open so late.
    #[inline]
    fn open_by_date(&self, late: (f64, f64), terms: &Terms, lane: usize) -> f64 {
        match &self.times.slip {
            Some(slip) if late.0 > 0.0 => slip.survival(terms.slip.mean(lane), late),
            _ => f64::from(late.0 <= 0.0),
        }
    }

    /// The deals of a region with one cycle: by their ages.
    fn decide_by_age(&self, cycle: &Cycle, terms: &Terms, ledger: &mut Ledger, scratch: &Scratch, monitor: &Monitor) {
        let mut memory = PlainDeal::new(scratch.lanes());
        self.by_age(cycle, scratch, |aged| {
            for OpenDealPlan { deal, place, address } in &self.open_deals {
                if monitor.stopped() {
                    return;
                }
                aged.turn_to(deal.age);
                for i in 0..deal.count {
                    let deal = Deal::new(deal, *place, address.part(i), scratch);
                    if self.is_plain(cycle, terms, deal.row) && deal.row.own_chance.is_none() && !aged.won.is_over() {
                        self.decide_plainly(terms, aged, &deal, ledger, &mut memory);
                    } else {
                        self.decide(cycle, terms, aged, &deal, ledger);
                    }
                }
            }
        });
    }

    /// Shows what the times of a cycle leave to deals of one age and the next.
    pub(super) fn by_age(&self, cycle: &Cycle, scratch: &Scratch, see: impl FnOnce(&mut Aged)) {
        let days = |mean_days: ParameterValue, effects: &[f64]| {
            let mut days = scratch.filled(mean_days);
            Effects::on_times(effects, self.as_of.month, &mut days);
            Days::new(days)
        };
        let [on_won, on_lost] = &scratch.effects.cycles;
        let lost_days = cycle.lost.as_ref().map(|lost| days(lost.mean_days, on_lost));
        let days = days(cycle.mean_days, on_won);
        let ends: Vec<f64> =
            (0..self.months).map(|k| ((k + 1) as f64 - self.as_of.position) * DAYS_PER_MONTH).collect();
        let times = |i: usize, days| TimesLeft::new(&self.times.laws[i], days, self.as_of.month, &ends);
        see(&mut Aged {
            age: f64::NAN,
            outlook: Vec::new(),
            won: times(0, &days),
            lost: lost_days.as_ref().map(|days| times(1, days)),
        });
    }

    /// Whether a deal's chance is the same for as long as it is open: only its age closes it, won or lost.
    fn is_plain(&self, cycle: &Cycle, terms: &Terms, deal: &OpenDeal) -> bool {
        cycle.lost.is_none() && cycle.stalled.is_none() && terms.held.is_empty() && self.stated(deal).is_none()
    }

    /// A deal whose chance is the win rate for as long as it is open. When it is decided is found in all trials before it is put down in any:
    /// without branches, so that trials overlap.
    fn decide_plainly(&self, terms: &Terms, aged: &Aged, deal: &Deal, ledger: &mut Ledger, memory: &mut PlainDeal) {
        ledger.begin(deal, true);
        let PlainDeal { fates, times, months, won } = memory;
        deal.fill_uniforms(Part::Fate, fates);
        let mut count = 0;
        for (lane, (fate, win_rate)) in fates.iter().zip(&terms.win_rate).enumerate() {
            won[count] = lane as u32;
            count += usize::from(fate < win_rate);
        }
        let won = won[..count].iter().map(|lane| *lane as usize);
        let (position, last) = (self.as_of.position, self.months as f64);
        let month = |days: f64| (position + days * (1.0 / DAYS_PER_MONTH)).min(last) as u32;
        if !ledger.weighs() {
            for lane in won {
                let days = aged.won.draw(lane, fates[lane] / terms.win_rate[lane]);
                ledger.win(deal, lane, month(days) as usize);
            }
            return;
        }
        vectorized!({
            for (time, (fate, win_rate)) in times.iter_mut().zip(fates.iter().zip(&terms.win_rate)) {
                let is_won = fate < win_rate;
                let part = if is_won { *fate } else { fate - win_rate };
                *time = part / if is_won { *win_rate } else { 1.0 - win_rate };
            }
        });
        aged.won.draw_all(times);
        vectorized!(months.iter_mut().zip(&*times).for_each(|(k, days)| *k = month(*days)));
        ledger.leave_all(months);
        won.for_each(|lane| ledger.sign(deal, lane, months[lane] as usize));
    }

    /// A deal by its age, in each trial.
    fn decide(&self, cycle: &Cycle, terms: &Terms, aged: &mut Aged, deal: &Deal, ledger: &mut Ledger) {
        let row = deal.row;
        let stated = self.stated(row);
        let closed_after = cycle.stalled.as_ref().and_then(|stalled| stalled.closed_after_days);
        let stalled_for = closed_after.map_or(f64::INFINITY, |days| (days - row.age).max(0.0) / DAYS_PER_MONTH);
        let mut rules = ClosingRules {
            as_of: self.as_of,
            place_in_quarter: self.place_in_quarter,
            stalled_until: self.as_of.position + stalled_for,
            held: 0.0,
        };
        let stalled_until = self.month(rules.stalled_until);
        let is_plain = self.is_plain(cycle, terms, row);
        let late = stated.filter(|_| ledger.weighs()).map(|stated| self.late(stated));
        ledger.begin(deal, false);
        aged.work_out_outlooks(terms);
        for (lane, fate) in deal.uniforms(Part::Fate).into_iter().enumerate() {
            let outlook = match row.own_chance {
                None => aged.outlook[lane],
                Some(chance) => {
                    Outlook::of_own(shifted(chance, terms.tilt[lane]), terms.stalled(lane), aged.lost().at_age(lane))
                }
            };
            rules.held = terms.held(lane);
            let is_won = fate < outlook.won;
            if !is_won && !ledger.weighs() {
                continue;
            }
            let after = |days: f64| self.month(self.as_of.position + days / DAYS_PER_MONTH);
            let end = if is_won {
                self.kept(stated, terms, deal, lane).unwrap_or_else(|| {
                    let month = after(aged.won.draw(lane, fate / outlook.won));
                    let holds = rules.held > 0.0 && month < self.months && deal.uniform(Part::Held, lane) < rules.held;
                    if holds { self.quarter_end(month).min(self.months) } else { month }
                })
            } else if fate < outlook.won + outlook.lost {
                after(aged.lost().draw(lane, ((fate - outlook.won) / outlook.lost).min(1.0)))
            } else if outlook == Outlook::default() {
                // Stale.
                self.months
            } else {
                stalled_until
            };
            if ledger.weighs() {
                if is_plain {
                    ledger.weigh(lane, self.as_of.month..end, outlook.won);
                } else {
                    aged.open_until(lane, end);
                    for k in self.as_of.month..end {
                        let by_date =
                            late.as_ref().map(|late| (terms.kept[lane], self.open_by_date(late[k], terms, lane)));
                        let won_left = |k| aged.won.open_after(lane, k);
                        let [won, lost, stalled] = rules.left(k, won_left, aged.lost().open_after(lane, k), by_date);
                        ledger.weigh_in(lane, k, outlook.chance_later(won, lost, stalled));
                    }
                }
            }
            if is_won {
                ledger.win(deal, lane, end);
            } else {
                ledger.lose(lane, end);
            }
        }
    }
}

impl Aged<'_> {
    /// Turns to deals of this age.
    pub(super) fn turn_to(&mut self, age: f64) {
        if self.age == age {
            return;
        }
        self.age = age;
        self.outlook.clear();
        self.won.begin(age);
        if let Some(lost) = &mut self.lost {
            lost.begin(age);
        }
    }

    /// Works out what becomes of deals of this age, if that is not known yet.
    pub(super) fn work_out_outlooks(&mut self, terms: &Terms) {
        if self.outlook.is_empty() {
            let outlook = |lane: usize| {
                let (won, lost) = (self.won.at_age(lane), self.lost().at_age(lane));
                Outlook::of_age(terms.win_rate[lane], terms.stalled(lane), won, lost)
            };
            self.outlook = (0..terms.win_rate.len()).map(outlook).collect();
        }
    }

    fn lost(&self) -> &TimesLeft<'_> {
        self.lost.as_ref().unwrap_or(&self.won)
    }

    /// Works out what is left in a trial at the ends of the months before this one.
    fn open_until(&mut self, lane: usize, month: usize) {
        self.won.open_until(lane, month);
        if let Some(lost) = &mut self.lost {
            lost.open_until(lane, month);
        }
    }
}
