//! Open deals of regions with stages: each walks from its present stage on.

use super::compiled::RegionPlan;
use super::effects::Effects;
use super::monitor::Monitor;
use super::open_deal_draw::{Deal, Part};
use super::open_deal_ledger::Ledger;
use super::open_deal_plan::OpenDealPlan;
use super::open_deals::Terms;
use super::scratch::Scratch;
use super::time_left::{Days, TimesLeft};
use crate::model::{Stage, own_chance, passes_ahead, stage_of_loss};
use crate::stats::shifted;
use crate::units::DAYS_PER_MONTH;

/// What holds for the stages of a region.
struct Stages {
    /// The shares of leads that pass: trials × stages.
    pass: Vec<f64>,
    days: Vec<Days>,
}

impl RegionPlan<'_> {
    /// The deals of a region with stages.
    pub(super) fn decide_by_stage(
        &self,
        stages: &[Stage],
        terms: &Terms,
        ledger: &mut Ledger,
        scratch: &Scratch,
        monitor: &Monitor,
    ) {
        let count = stages.len();
        let mut pass = vec![0.0; scratch.lanes() * count];
        for (i, stage) in stages.iter().enumerate() {
            let tilt = |lane: usize| if i + 1 == count { terms.tilt[lane] } else { 1.0 };
            let mut passes = scratch.filled(stage.pass);
            if let Some([on_pass, _]) = scratch.effects.stages.get(i) {
                Effects::on_shares(on_pass, self.as_of.month, &mut passes);
            }
            for (lane, p) in passes.into_iter().enumerate() {
                pass[lane * count + i] = if tilt(lane) == 1.0 { p } else { shifted(p, tilt(lane)) };
            }
        }
        let days = stages.iter().enumerate().map(|(i, stage)| {
            let mut days = scratch.filled(stage.mean_days);
            if let Some([_, on_days]) = scratch.effects.stages.get(i) {
                Effects::on_times(on_days, self.as_of.month, &mut days);
            }
            Days::new(days)
        });
        let days = days.collect();
        let terms_of = Stages { pass, days };
        for OpenDealPlan { deal, place, address } in &self.open_deals {
            if monitor.stopped() {
                return;
            }
            let mut here = TimesLeft::new(&self.times.laws[deal.stage], &terms_of.days[deal.stage], 0, &[]);
            here.begin(deal.age);
            for i in 0..deal.count {
                let deal = Deal::new(deal, *place, address.part(i), scratch);
                self.walk(&terms_of, terms, &here, &deal, ledger);
            }
        }
    }

    /// A deal from its present stage on, in each trial.
    fn walk(&self, stages: &Stages, terms: &Terms, left: &TimesLeft, deal: &Deal, ledger: &mut Ledger) {
        let (here, count) = (deal.row.stage, stages.days.len());
        let stated = self.stated(deal.row);
        let times: Vec<Vec<f64>> = (here..count).map(|i| deal.uniforms_of(Part::Stages as usize + i)).collect();
        ledger.begin(deal, false);
        let weighs = ledger.weighs();
        for (lane, fate) in deal.uniforms(Part::Fate).into_iter().enumerate() {
            let passes = &stages.pass[lane * count..(lane + 1) * count];
            let ahead = passes_ahead(&passes[here..]);
            let own = deal.row.own_chance.map(|chance| shifted(chance, terms.tilt[lane]));
            let chance = |i: usize| {
                let now = passes_ahead(&passes[i..]);
                own.map_or(now, |own| own_chance(own, ahead, now))
            };
            let won = own.unwrap_or(ahead);
            let is_won = fate < won;
            if !is_won && !weighs {
                continue;
            }
            if is_won && let Some(end) = self.kept(stated, terms, deal, lane) {
                if weighs {
                    ledger.weigh(lane, self.as_of.month..end, chance(here));
                }
                ledger.win(deal, lane, end);
                continue;
            }
            let last =
                if is_won { count - 1 } else { here + stage_of_loss(&passes[here..], (fate - won) / (1.0 - won)) };
            let mut now = self.as_of.position;
            for i in here..=last {
                let u = times[i - here][lane];
                let days = if i == here {
                    left.draw(lane, u)
                } else {
                    self.times.laws[i].survived(stages.days[i].mean(lane).0, u)
                };
                let entered = self.month(now);
                now += days / DAYS_PER_MONTH;
                let leaves = self.month(now);
                if weighs {
                    ledger.weigh(lane, entered..leaves, chance(i));
                }
                if leaves == self.months {
                    break;
                }
            }
            let mut end = self.month(now);
            if is_won && end < self.months {
                let held = terms.held(lane);
                if held > 0.0 && deal.uniform(Part::Held, lane) < held {
                    let won = self.quarter_end(end).min(self.months);
                    ledger.weigh(lane, end..won, 1.0);
                    end = won;
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
