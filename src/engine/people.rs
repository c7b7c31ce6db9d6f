//! The people of a region: who is there in each month of a trial, how many leads they let through, and who of them wins which deals.
//!
//! Each seat has draws of its own: one more moves no other. What waits is a count by month, never a list of leads.

use super::compiled::{CompiledModel, RegionPlan};
use super::effects::factor;
use super::people_scratch::Executive;
use super::scratch::{Columns, Scratch, add, row, row_mut, zeros};
use crate::chance::{Odds, binomial_quantiles, poisson_quantiles};
use crate::model::{Capacity, Model, Region, Role, let_through, whole_months};
use crate::scenario::RoleKind;
use crate::units::DAYS_PER_MONTH;

impl CompiledModel<'_> {
    /// Draws who is there in each month, and what they make of the win rate.
    pub(super) fn draw_people(&self, plan: &RegionPlan, scratch: &mut Scratch) {
        let Some(team) = &plan.team else { return };
        let (lanes, months) = (scratch.lanes(), plan.months);
        let mut people = std::mem::take(&mut scratch.people);
        people.executives.clear();
        people.first.clear();
        people.productivity.clear();
        for kind in RoleKind::ALL {
            let i = kind as usize;
            zeros(&mut people.heads[i], months, lanes);
            zeros(&mut people.strength[i], months, lanes);
            let Some(role) = &team.team.roles[i] else { continue };
            for m in 0..plan.as_of.month {
                row_mut(&mut people.heads[i], m, lanes).fill(role.headcount as f64);
                row_mut(&mut people.strength[i], m, lanes).fill(role.headcount as f64 * role.full());
            }
            let delays: Vec<Vec<f64>> = role.hires.iter().map(|hire| scratch.filled(hire.delay)).collect();
            let attrition = scratch.filled(role.attrition);
            let lists = kind == RoleKind::Executives && team.with_quota().is_some();
            let differs = role.differs();
            let mut worth = if differs { vec![0.0; months * lanes] } else { Vec::new() };
            for lane in 0..lanes {
                if lists {
                    people.first.push(people.executives.len());
                }
                // The logarithm of the chance to stay for a month.
                let ln_stay = libm::log(1.0 - attrition[lane]) / 12.0;
                for seat in &team.seats[i] {
                    let (mut from, mut is_new) = match seat.hire {
                        None => (plan.as_of.month, false),
                        Some(hire) => (role.hires[hire].month + whole_months(delays[hire][lane]), true),
                    };
                    let draws = differs || ln_stay != 0.0;
                    let mut stream = draws.then(|| seat.address.stream_of(scratch.trials[lane]));
                    while from < months {
                        let (class, stays) = stream.as_mut().map_or((0.5, 0.5), |u| (u.uniform(), u.uniform()));
                        let class = class_of(role, class);
                        let multiplier = role.classes[class].1;
                        let end = (from + 1).saturating_add(months_stayed(ln_stay, stays, months)).min(months);
                        for m in from..end {
                            let productivity = if is_new { role.productivity(m - from) } else { role.full() };
                            let at = m * lanes + lane;
                            people.heads[i][at] += 1.0;
                            people.strength[i][at] += productivity;
                            if differs {
                                worth[at] += productivity * multiplier;
                            }
                        }
                        if lists {
                            people.executives.push(Executive { from, end, class, multiplier });
                            let productivity = |m: usize| match (from..end).contains(&m) {
                                true if is_new => role.productivity(m - from),
                                true => role.full(),
                                false => 0.0,
                            };
                            people.productivity.extend((0..months).map(productivity));
                        }
                        let Some(after) = role.replaced_after.filter(|_| end < months) else { break };
                        (from, is_new) = (end + after, true);
                    }
                }
            }
            if lists {
                people.first.push(people.executives.len());
            }
            if differs {
                // Without strength nothing is started that it could multiply.
                let mean = |(worth, strength): (&f64, &f64)| if *strength > 0.0 { worth / strength } else { 1.0 };
                scratch.effects.performance = worth.iter().zip(&people.strength[i]).map(mean).collect();
            }
        }
        if !team.team.activities.is_empty() {
            let of = |lane: usize| team.team.leads_of_activities(&scratch.inputs_of(lane));
            people.leads_of_activities = (0..lanes).map(of).collect();
        }
        let executives = people.executives.len();
        zeros(&mut people.booked, executives, months);
        scratch.people = people;
    }

    /// Lets leads through in each month: those that come, and those that wait, as far as there is capacity.
    pub(super) fn queue_leads(&self, plan: &RegionPlan, columns: &mut Columns, scratch: &mut Scratch) {
        let (lanes, months) = (scratch.lanes(), plan.months);
        let Some(team) = &plan.team else { return };
        let Some(of_people) = &mut columns.people else { return };
        let mut people = std::mem::take(&mut scratch.people);
        zeros(&mut people.started, months, lanes);
        columns.leads.fill(0.0);
        let mut queues = RoleKind::ALL.map(|kind| {
            let role = team.team.roles[kind as usize].as_ref()?;
            Some(Queue::new(role, plan.region, self.model, scratch))
        });
        for m in plan.as_of.month..months {
            scratch.means.copy_from_slice(row(&scratch.expected, m, lanes));
            team.arriving[m].uniforms(&scratch.trials, &mut scratch.uniforms);
            poisson_quantiles(&scratch.means, &scratch.uniforms, &mut scratch.counts);
            row_mut(columns.leads, m, lanes).copy_from_slice(&scratch.counts);
            let started = row_mut(&mut people.started, m, lanes);
            started.copy_from_slice(&scratch.counts);
            for kind in [RoleKind::Development, RoleKind::Executives] {
                let i = kind as usize;
                let Some(queue) = &mut queues[i] else { continue };
                let strength = row(&people.strength[i], m, lanes);
                let part = plan.as_of.part(m);
                let (used, capacity) = match kind {
                    RoleKind::Executives => (&mut *of_people.executives_used, &mut *of_people.executives_capacity),
                    RoleKind::Development => (&mut *of_people.development_used, &mut *of_people.development_capacity),
                };
                let counted = [used, capacity].map(|column| row_mut(column, m, lanes));
                queue.let_on(self.model, plan.region, [m, i], part, strength, started, counted, scratch);
                team.expiring[i][m].uniforms(&scratch.trials, &mut scratch.uniforms);
                queue.expire(&scratch.uniforms, &mut scratch.counts);
                add(row_mut(of_people.expired, m, lanes), &scratch.counts);
                add(row_mut(of_people.waiting, m, lanes), &queue.waiting);
            }
        }
        scratch.people = people;
    }
}

/// What waits for a role, trial by trial.
struct Queue<'r> {
    role: &'r Role,
    waiting: Vec<f64>,
    /// What the capacities of the months so far add up to.
    sum: Vec<f64>,
    /// What one takes on, in a month or at a time; empty without a limit.
    each: Vec<f64>,
    /// How many days a lead is worked, where that is asked for and the same in all months.
    days: Vec<f64>,
    odds: Vec<Odds>,
}

impl<'r> Queue<'r> {
    fn new(role: &'r Role, region: &Region, model: &Model, scratch: &Scratch) -> Queue<'r> {
        let lanes = scratch.lanes();
        let (each, worked) = match role.capacity {
            Capacity::Unlimited => (Vec::new(), false),
            Capacity::PerMonth(leads) => (scratch.filled(leads), false),
            Capacity::AtATime(open) => (scratch.filled(open), !region.changes.moves_closing()),
        };
        let days = |lane: usize| region.days_in_work(model, 0, &scratch.inputs_of(lane));
        let days = match worked {
            false => Vec::new(),
            true if region.is_worked_alike() => vec![days(0); lanes],
            true => (0..lanes).map(days).collect(),
        };
        Queue {
            role,
            waiting: vec![role.waiting; lanes],
            sum: vec![0.0; lanes],
            each,
            days,
            odds: vec![Odds::new(role.expiry); lanes],
        }
    }

    /// Puts leads to those that wait, and leaves those that go on. `part` is what is left of the month, `i` the role's number.
    #[expect(clippy::too_many_arguments, reason = "they are the rows of a month")]
    fn let_on(
        &mut self,
        model: &Model,
        region: &Region,
        [m, i]: [usize; 2],
        part: f64,
        strength: &[f64],
        leads: &mut [f64],
        [used, capacity]: [&mut [f64]; 2],
        scratch: &Scratch,
    ) {
        let lanes = leads.len();
        for (lane, lead) in leads.iter_mut().enumerate() {
            let queue = self.waiting[lane] + *lead;
            let mut on = queue;
            if let Some(each) = self.each.get(lane) {
                let mut most = strength[lane] * each * factor(&scratch.effects.capacity[i], m, lanes, lane);
                if let Capacity::AtATime(_) = self.role.capacity {
                    let days = self.days.get(lane).copied();
                    let days = days.unwrap_or_else(|| region.days_in_work(model, m, &scratch.inputs_of(lane)));
                    most *= DAYS_PER_MONTH / days;
                }
                let before = self.sum[lane];
                self.sum[lane] += most * part;
                let through = let_through(before, self.sum[lane]);
                on = queue.min(through);
                (used[lane], capacity[lane]) = (on, through);
            }
            *lead = on;
            self.waiting[lane] = queue - on;
        }
    }

    /// Lets leads that wait expire, and gives how many do.
    fn expire(&mut self, uniforms: &[f64], expired: &mut [f64]) {
        if self.role.expiry == 0.0 {
            return expired.fill(0.0);
        }
        binomial_quantiles(&self.waiting, &self.odds, uniforms, expired);
        self.waiting.iter_mut().zip(expired).for_each(|(waiting, expired)| *waiting -= *expired);
    }
}

/// For how many starts of months after that of the first one somebody stays: as long as chance has it.
fn months_stayed(ln_stay: f64, u: f64, most: usize) -> usize {
    if ln_stay == 0.0 { most } else { ((libm::log(u) / ln_stay) as usize).min(most) }
}

/// The place of the class of somebody, by a uniform number.
fn class_of(role: &Role, u: f64) -> usize {
    let mut below = 0.0;
    let found = role.classes.iter().position(|(share, _)| {
        below += share;
        u < below
    });
    found.or(role.classes.iter().rposition(|(share, _)| *share > 0.0)).unwrap_or_default()
}

impl RegionPlan<'_> {
    /// Puts down who is there and what they cost. Where nobody's capacity is told, all leads that come are started.
    pub(super) fn count_people(&self, columns: &mut Columns, scratch: &Scratch) {
        let Some(of_people) = &mut columns.people else { return };
        let lanes = scratch.lanes();
        let Some(team) = &self.team else {
            of_people.started.copy_from_slice(columns.leads);
            return;
        };
        let people = &scratch.people;
        of_people.started.copy_from_slice(&people.started);
        of_people.executives.copy_from_slice(&people.heads[RoleKind::Executives as usize]);
        of_people.development.copy_from_slice(&people.heads[RoleKind::Development as usize]);
        for kind in RoleKind::ALL {
            let Some(role) = &team.team.roles[kind as usize] else { continue };
            for m in 0..self.months {
                let part = self.as_of.part(m);
                for lane in 0..lanes {
                    let at = m * lanes + lane;
                    let rate = factor(&scratch.effects.rate, m, lanes, lane);
                    of_people.cost[at] += role.cost * people.heads[kind as usize][at] * part * rate;
                    let quota = role.quota.unwrap_or(0.0) / 12.0;
                    of_people.quota[at] += quota * people.strength[kind as usize][at] * rate;
                }
            }
        }
    }

    /// Multiplies leads of a month by what activities of sales development bring, where these stand in place of leads a month.
    pub(super) fn multiply_by_activities(&self, m: usize, expected: &mut [f64], scratch: &Scratch) {
        if self.team.as_ref().is_none_or(|team| team.team.activities.is_empty()) {
            return;
        }
        let strength = row(&scratch.people.strength[RoleKind::Development as usize], m, expected.len());
        for (lane, (leads, strength)) in expected.iter_mut().zip(strength).enumerate() {
            *leads *= strength * scratch.people.leads_of_activities[lane];
        }
    }
}
