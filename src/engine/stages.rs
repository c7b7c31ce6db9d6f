//! A funnel of stages: lead by lead.
//!
//! The open pipeline is weighted by the stage that each deal is in, month after month; no split of the counts gives that
//! jointly with what is won, so each lead is followed. Every lead takes the same number of draws, so that a lead more or
//! less moves no other.

use super::trial::{Desk, Scene};
use crate::chance::poisson_quantile;
use crate::model::Stage;
use crate::outcomes::Measure;
use crate::units::DAYS_PER_MONTH;

impl Scene<'_> {
    /// Leads, won, lost and weighted open deals of every month of arrival.
    pub(super) fn follow_leads(&mut self, stages: &[Stage], desk: &mut Desk) {
        let horizon = self.layout.months;
        let base: Vec<(f64, f64)> =
            stages.iter().map(|stage| (stage.pass.at(&desk.inputs), stage.mean_days.at(&desk.inputs))).collect();
        let mut pass: Vec<f64> = base.iter().map(|(pass, _)| *pass).collect();
        let mut ahead = vec![1.0; stages.len()];
        for m in 0..horizon {
            if desk.expected[m] == 0.0 {
                continue;
            }
            let last = stages.len() - 1;
            pass[last] = self.shifted(base[last].0, desk.market[m]);
            // The chance of being won from each stage on.
            let mut product = 1.0;
            for i in (0..stages.len()).rev() {
                product *= pass[i];
                ahead[i] = product;
            }
            let mut stream = self.streams.stages[m].stream(self.trial);
            let leads = poisson_quantile(desk.expected[m], stream.uniform());
            self.months(Measure::Leads)[m] += leads;
            for _ in 0..leads as u64 {
                let mut now = m as f64 + stream.uniform();
                let mut following = true;
                for (i, stage) in stages.iter().enumerate() {
                    let (time, passes) = (stream.uniform(), stream.uniform() < pass[i]);
                    if !following {
                        continue;
                    }
                    let entered = now;
                    now += stage.delay.quantile(base[i].1, time) / DAYS_PER_MONTH;
                    // Open at the ends of the months from entering to the one before leaving.
                    let leaves = if now < horizon as f64 { now as usize } else { horizon };
                    for weighted in self.months(Measure::WeightedOpen).iter_mut().take(leaves).skip(entered as usize) {
                        *weighted += ahead[i];
                    }
                    if leaves == horizon {
                        following = false;
                    } else if !passes {
                        self.months(Measure::Lost)[leaves] += 1.0;
                        following = false;
                    } else if i == last {
                        self.months(Measure::Won)[leaves] += 1.0;
                    }
                }
            }
        }
    }
}
