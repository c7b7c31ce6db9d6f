//! The factors of months on the chances of closing: the rhythm of the quarter, and a pace that takes steps.

use super::memory::DailyScratch;
use super::plan::DailyPlan;
use crate::engine::effects::Effects;
use crate::engine::scratch::{Scratch, row, row_mut};
use crate::model::ParameterValue;
use crate::stats::exp;
use crate::stats::special::normal_quantile;

impl DailyPlan<'_> {
    /// How many trials are worked out one by one: one, where all are alike.
    pub(super) fn lanes(&self, scratch: &Scratch) -> usize {
        if self.varies { scratch.lanes() } else { 1 }
    }

    /// The value of a parameter in each trial that is worked out.
    pub(super) fn filled(&self, value: ParameterValue, scratch: &Scratch) -> Vec<f64> {
        let mut values = scratch.filled(value);
        values.truncate(self.lanes(scratch));
        values
    }

    /// The factors of each month in each trial.
    pub(super) fn form_factors(&self, scratch: &Scratch, daily: &mut DailyScratch) {
        let lanes = self.lanes(scratch);
        for (o, factors) in daily.factors.iter_mut().enumerate() {
            factors.clear();
            factors.resize(self.months * lanes, 0.0);
            let rhythm: Vec<Vec<f64>> =
                self.closing.rhythm[o].iter().map(|factor| self.filled(*factor, scratch)).collect();
            let places = &self.places[usize::from(rhythm.len() == 12)];
            let mut pace = self.filled(self.closing.now[o], scratch);
            let steps = self.filled(self.closing.volatility[o], scratch);
            let walks = self.closing.volatility[o] != ParameterValue::Fixed(0.0);
            let mut normals = vec![0.0; if walks { scratch.lanes() } else { 0 }];
            for k in self.first..self.months {
                if walks && k > self.first {
                    self.pace[o][k].uniforms(&scratch.trials, &mut normals);
                    for ((pace, step), u) in pace.iter_mut().zip(&steps).zip(&normals) {
                        *pace += step * normal_quantile(*u);
                    }
                }
                let now = row_mut(factors, k, lanes);
                now.iter_mut()
                    .zip(&pace)
                    .for_each(|(factor, pace)| *factor = if *pace == 0.0 { 1.0 } else { exp(*pace) });
                Effects::on_times(&scratch.effects.closing[o], k, now);
                if rhythm.is_empty() {
                    continue;
                }
                for (lane, factor) in now.iter_mut().enumerate() {
                    let mean = rhythm.iter().map(|of| of[lane]).sum::<f64>() / rhythm.len() as f64;
                    *factor *= if mean > 0.0 { rhythm[places[k]][lane] / mean } else { 0.0 };
                }
            }
        }
    }

    /// What the market of a month multiplies the odds of winning by, or the chance of a table; 1 where it moves nothing.
    pub(super) fn tilt(&self, month: usize, exposure: Option<usize>, scratch: &Scratch) -> Vec<f64> {
        match exposure {
            Some(tilt) => row(&scratch.tilts[tilt], month, scratch.lanes()).to_vec(),
            None => vec![1.0; self.lanes(scratch)],
        }
    }
}
