//! A funnel of stages: lead by lead.
//!
//! The open pipeline is weighted by the stage that each deal is in, month after month; no split of the counts gives that
//! jointly with what is won, so each lead is followed. Every lead takes the same number of draws, so that a lead more or
//! less moves no other.

use super::compiled::RegionPlan;
use super::effects::factor;
use super::monitor::Monitor;
use super::scratch::{Columns, Scratch};
use crate::chance::poisson_quantile;
use crate::model::Stage;
use crate::stats::shifted;
use crate::units::DAYS_PER_MONTH;

impl RegionPlan<'_> {
    /// Leads, won, lost and weighted open deals of every month.
    pub(super) fn simulate_stages(
        &self,
        stages: &[Stage],
        columns: &mut Columns,
        scratch: &mut Scratch,
        monitor: &Monitor,
    ) {
        let lanes = scratch.lanes();
        for counted in [&mut *columns.leads, &mut *columns.won, &mut *columns.lost, &mut *columns.weighted_open] {
            counted.fill(0.0);
        }
        for lane in 0..lanes {
            let inputs = scratch.inputs_of(lane);
            let base: Vec<(f64, f64)> =
                stages.iter().map(|stage| (stage.pass.at(&inputs), stage.mean_days.at(&inputs))).collect();
            let mut pass: Vec<f64> = base.iter().map(|(pass, _)| *pass).collect();
            let mut days: Vec<f64> = base.iter().map(|(_, days)| *days).collect();
            let changes = self.region.changes.moves_closing() || !scratch.effects.performance.is_empty();
            let mut ahead = vec![1.0; stages.len()];
            let last = stages.len() - 1;
            let held = self.region.held.map(|held| held.at(&inputs));
            for m in self.as_of.month..self.months {
                // Where in the month leads begin to come.
                let from = if m == self.as_of.month { self.as_of.position } else { m as f64 };
                let part = self.as_of.part(m);
                let expected = scratch.expected[m * lanes + lane];
                let started = self.team.as_ref().map(|_| scratch.people.started[m * lanes + lane]);
                if started.unwrap_or(expected) == 0.0 {
                    continue;
                }
                for (i, [on_pass, on_days]) in scratch.effects.stages.iter().enumerate().filter(|_| changes) {
                    let performance =
                        if i == last { factor(&scratch.effects.performance, m, lanes, lane) } else { 1.0 };
                    pass[i] = (base[i].0 * factor(on_pass, m, lanes, lane) * performance).min(1.0);
                    days[i] = base[i].1 * factor(on_days, m, lanes, lane);
                }
                if let Some(tilt) = self.exposure_index[1] {
                    let unshifted = if changes { pass[last] } else { base[last].0 };
                    pass[last] = shifted(unshifted, scratch.tilts[tilt][m * lanes + lane]);
                }
                // The chance of being won from each stage on.
                let mut product = 1.0;
                for i in (0..stages.len()).rev() {
                    product *= pass[i];
                    ahead[i] = product;
                }
                let mut stream = self.streams.stages[m].stream_of(scratch.trials[lane]);
                let arrived = stream.uniform();
                let leads = started.unwrap_or_else(|| poisson_quantile(expected, arrived));
                columns.leads[m * lanes + lane] += leads;
                for lead in 0..leads as u64 {
                    if lead % 4096 == 0 && monitor.stopped() {
                        return;
                    }
                    let mut now = from + part * stream.uniform();
                    let mut following = true;
                    let holds = held.is_some_and(|share| stream.uniform() < share);
                    for (i, stage) in stages.iter().enumerate() {
                        let (time, passes) = (stream.uniform(), stream.uniform() < pass[i]);
                        if !following {
                            continue;
                        }
                        let entered = now as usize;
                        now += stage.delay.quantile(days[i], time) / DAYS_PER_MONTH;
                        // Open at the ends of the months from entering to the one before leaving.
                        let leaves = if now < self.months as f64 { now as usize } else { self.months };
                        for k in entered..leaves {
                            columns.weighted_open[k * lanes + lane] += ahead[i];
                        }
                        if leaves == self.months {
                            following = false;
                        } else if !passes {
                            columns.lost[leaves * lanes + lane] += 1.0;
                            following = false;
                        } else if i == last {
                            let won = if holds { self.quarter_end(leaves) } else { leaves };
                            for k in leaves..won.min(self.months) {
                                columns.weighted_open[k * lanes + lane] += 1.0;
                            }
                            if won < self.months {
                                columns.won[won * lanes + lane] += 1.0;
                            }
                        }
                    }
                }
            }
        }
    }
}
