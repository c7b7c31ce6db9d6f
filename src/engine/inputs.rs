//! What a trial begins with: its inputs, the market factor, and the leads to be expected.

use super::desk::{Desk, make_room, row, row_mut};
use super::play::RunError;
use super::player::{Line, Player};
use crate::chance::{Address, TrialKey};
use crate::model::Market;
use crate::stats::exp;
use crate::stats::special::normal_quantile;

/// The market factor in each month, month after month, trial by trial: x₀ = σ z₀, xₘ = φ xₘ₋₁ + σ √(1 − φ²) zₘ, stationary
/// from the first month on.
pub(super) fn market_path(factor: Market, months: &[Address], trials: &[TrialKey], path: &mut [f64]) {
    let lanes = trials.len();
    let shock = factor.volatility * libm::sqrt(1.0 - factor.persistence * factor.persistence);
    for (m, address) in months.iter().enumerate() {
        let (before, rest) = path.split_at_mut(m * lanes);
        let now = &mut rest[..lanes];
        address.uniforms(trials, now);
        match before.len().checked_sub(lanes) {
            None => now.iter_mut().for_each(|x| *x = factor.volatility * normal_quantile(*x)),
            Some(last) => now
                .iter_mut()
                .zip(&before[last..])
                .for_each(|(x, before)| *x = factor.persistence * before + shock * normal_quantile(*x)),
        }
    }
}

/// More expected leads than this a region and month are refused.
const MOST: f64 = 1e12;

impl Player<'_> {
    pub(super) fn draw_inputs(&self, desk: &mut Desk) {
        let lanes = desk.lanes();
        make_room(&mut desk.inputs, self.inputs.len(), lanes);
        if let Some(futures) = self.futures {
            let from = desk.first as usize;
            for (i, normals) in desk.inputs.chunks_exact_mut(lanes).enumerate() {
                normals.copy_from_slice(&futures.normals(i)[from..from + lanes]);
            }
        } else {
            for (address, normals) in self.inputs.iter().zip(desk.inputs.chunks_exact_mut(lanes)) {
                address.uniforms(&desk.trials, normals);
                normals.iter_mut().for_each(|z| *z = normal_quantile(*z));
            }
            self.model.copula.correlate_abreast(&mut desk.inputs, lanes);
        }
        for (input, values) in self.model.inputs.iter().zip(desk.inputs.chunks_exact_mut(lanes)) {
            values.iter_mut().for_each(|x| *x = input.law.at(*x));
        }
    }

    pub(super) fn draw_market(&self, desk: &mut Desk) {
        if self.exposures.is_empty() {
            return;
        }
        let lanes = desk.lanes();
        make_room(&mut desk.market, self.market.len(), lanes);
        market_path(self.model.market, &self.market, &desk.market_trials, &mut desk.market);
        desk.tilts.resize(self.exposures.len(), Vec::new());
        for (beta, tilts) in self.exposures.iter().zip(&mut desk.tilts) {
            tilts.clear();
            tilts.extend(desk.market.iter().map(|x| exp(beta * x)));
        }
    }

    /// Expected leads μ·G of each month of a region.
    pub(super) fn expect_leads(&self, line: &Line, desk: &mut Desk) -> Result<(), RunError> {
        let lanes = desk.lanes();
        let region = line.region;
        let mut level = std::mem::take(&mut desk.values);
        let mut step = std::mem::take(&mut desk.more);
        desk.fill(region.monthly, &mut level);
        step.fill(1.0);
        let mut phases = region.growth.iter().peekable();
        make_room(&mut desk.expected, line.span, lanes);
        for m in 0..line.span {
            let schedule = region.schedule.at(m);
            let expected = row_mut(&mut desk.expected, m, lanes);
            expected.iter_mut().zip(&level).for_each(|(leads, level)| *leads = level * schedule);
            while let Some((_, rate)) = phases.next_if(|(from, _)| *from <= m) {
                desk.fill(*rate, &mut step);
                step.iter_mut().for_each(|rate| *rate = (1.0 + *rate).max(0.0));
            }
            level.iter_mut().zip(&step).for_each(|(level, step)| *level *= step);
            if schedule == 0.0 {
                continue;
            }
            let expected = row_mut(&mut desk.expected, m, lanes);
            if let Some(tilt) = line.tilts[0] {
                let tilts = row(&desk.tilts[tilt], m, lanes);
                expected.iter_mut().zip(tilts).for_each(|(leads, tilt)| *leads *= tilt * line.rest[0]);
            }
            if let Some(law) = &region.dispersion {
                line.streams.dispersion[m].uniforms(&desk.trials, &mut desk.uniforms);
                expected.iter_mut().zip(&desk.uniforms).for_each(|(leads, u)| *leads *= law.draw(*u));
            }
            if expected.iter().all(|leads| *leads <= MOST) {
                continue;
            }
            if let Some(lane) = expected.iter().position(|leads| leads.is_nan() || *leads > MOST)
                && m < line.months
            {
                let month = self.model.horizon.month(m).to_string();
                let trial = desk.first + lane as u64;
                return Err(RunError::TooManyLeads { region: region.key.clone(), month, trial });
            }
            // Past the last month it only has to stay finite.
            expected.iter_mut().for_each(|leads| *leads = leads.min(MOST));
        }
        desk.values = level;
        desk.more = step;
        Ok(())
    }
}
