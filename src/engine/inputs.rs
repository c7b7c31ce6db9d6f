//! What a trial begins with: its inputs, the market factor, and the leads to be expected.

use super::compiled::{CompiledModel, RegionPlan};
use super::effects::Effects;
use super::error::RunError;
use super::scratch::{Scratch, resize, row, row_mut};
use super::trial_set::{TrialSet, happens, market_path};
use crate::model::ExpectedLeads;
use crate::stats::exp;
use crate::stats::special::normal_quantile;

/// More expected leads of a region and month than this are refused.
const MAX_LEADS: f64 = 1e12;

impl CompiledModel<'_> {
    /// Draws the uncertain inputs of each trial, or takes those of the trials given.
    pub(super) fn draw_inputs(&self, trials: Option<&TrialSet>, scratch: &mut Scratch) {
        let lanes = scratch.lanes();
        let columns = &self.model.columns;
        resize(&mut scratch.inputs, self.inputs.len() + columns.len(), lanes);
        let (inputs, drawn) = scratch.inputs.split_at_mut(self.inputs.len() * lanes);
        for (column, values) in columns.iter().zip(drawn.chunks_exact_mut(lanes)) {
            for (value, row) in values.iter_mut().zip(&scratch.rows) {
                *value = column.law.in_row(*row).unwrap_or(f64::NAN);
            }
        }
        if let Some(trials) = trials {
            let from = scratch.first as usize;
            for (i, normals) in inputs.chunks_exact_mut(lanes).enumerate() {
                normals.copy_from_slice(&trials.normals(i)[from..from + lanes]);
            }
        } else {
            for (address, normals) in self.inputs.iter().zip(inputs.chunks_exact_mut(lanes)) {
                address.uniforms(&scratch.trials, normals);
                normals.iter_mut().for_each(|z| *z = normal_quantile(*z));
            }
            self.model.copula.correlate_lanes(inputs, lanes);
        }
        for (input, values) in self.model.inputs.iter().zip(inputs.chunks_exact_mut(lanes)) {
            if input.chance.is_none() {
                values.iter_mut().for_each(|x| *x = input.law.at(*x));
            }
        }
        // Whether an event happens follows from its chance, which is known by now.
        for (i, input) in self.model.inputs.iter().enumerate() {
            let Some(chance) = input.chance else { continue };
            let chances = scratch.filled(chance);
            let normals = row_mut(&mut scratch.inputs, i, lanes).iter_mut().zip(chances);
            normals.for_each(|(z, chance)| *z = happens(*z, chance));
        }
    }

    /// Draws the market factor x of each month, and forms exp(β x) of each exposure β.
    pub(super) fn draw_market(&self, scratch: &mut Scratch) {
        if self.exposures.is_empty() {
            return;
        }
        let lanes = scratch.lanes();
        resize(&mut scratch.market, self.market.len(), lanes);
        market_path(
            self.model.market,
            &self.market,
            self.model.as_of.month,
            &scratch.market_trials,
            &mut scratch.market,
        );
        scratch.tilts.resize(self.exposures.len(), Vec::new());
        for (beta, tilts) in self.exposures.iter().zip(&mut scratch.tilts) {
            tilts.clear();
            tilts.extend(scratch.market.iter().map(|x| exp(beta * x)));
        }
    }

    /// Expected leads μ·G of each month of a region.
    pub(super) fn expect_leads(&self, plan: &RegionPlan, scratch: &mut Scratch) -> Result<(), RunError> {
        let lanes = scratch.lanes();
        let region = plan.region;
        let mut leads = ExpectedLeads::new(region.monthly, &region.growth, &region.schedule, lanes, |value, values| {
            scratch.fill(value, values);
        });
        let mut all = std::mem::take(&mut scratch.expected);
        resize(&mut all, plan.lookahead_months, lanes);
        for m in 0..plan.lookahead_months {
            let expected = row_mut(&mut all, m, lanes);
            let share = leads.next_month(expected, |value, values| scratch.fill(value, values));
            // Before the as-of day none come any more, in its month a part of them.
            let part = plan.daily.as_ref().and_then(|daily| daily.part(m)).unwrap_or_else(|| plan.as_of.part(m));
            if share == 0.0 || part == 0.0 {
                expected.fill(0.0);
                continue;
            }
            if part < 1.0 {
                expected.iter_mut().for_each(|leads| *leads *= part);
            }
            Effects::on_times(&scratch.effects.leads, m, expected);
            plan.multiply_by_activities(m, expected, scratch);
            if let Some(tilt) = plan.exposure_index[0] {
                let tilts = row(&scratch.tilts[tilt], m, lanes);
                expected.iter_mut().zip(tilts).for_each(|(leads, tilt)| *leads *= tilt * plan.mean_correction[0]);
            }
            if let Some(law) = &region.dispersion {
                plan.streams.dispersion[m].uniforms(&scratch.trials, &mut scratch.uniforms);
                expected.iter_mut().zip(&scratch.uniforms).for_each(|(leads, u)| *leads *= law.draw(*u));
            }
            if expected.iter().all(|leads| *leads <= MAX_LEADS) {
                continue;
            }
            if let Some(lane) = expected.iter().position(|leads| leads.is_nan() || *leads > MAX_LEADS)
                && m < plan.months
            {
                let month = self.model.horizon.month(m).to_string();
                let trial = scratch.first + lane as u64;
                return Err(RunError::TooManyLeads { region: region.key.clone(), month, trial });
            }
            // Past the last month it only has to stay finite.
            expected.iter_mut().for_each(|leads| *leads = leads.min(MAX_LEADS));
        }
        scratch.expected = all;
        Ok(())
    }
}
