//! What dated changes do in each trial: when each is in force, the factors of each month, the paths of exchange rates.

use super::compiled::{CompiledModel, RegionPlan};
use super::effects::{Effects, Window};
use super::scratch::{Scratch, row_mut};
use super::trial_set::TrialSet;
use crate::model::{Factor, Funnel, Model, ParameterValue, RegionChanges, product, whole_months};
use crate::scenario::FieldId;
use crate::stats::exp;
use crate::stats::special::normal_quantile;

/// A share that changes bring above 1 in some futures, where it is held.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldShare {
    /// The key of the region.
    pub region: String,
    /// The field of it.
    pub field: FieldId,
    /// The part of the trials looked at in which it is, in some month.
    pub part: f64,
}

/// The shares that changes bring above 1, in so many of the model's own trials.
pub fn held_shares(model: &Model, trials: usize) -> Vec<HeldShare> {
    let set = TrialSet::of_trials(model, 0..trials as u64);
    let inputs: Vec<Vec<f64>> = (0..trials).map(|trial| set.inputs_of(model, trial)).collect();
    let mut found = Vec::new();
    for region in &model.regions {
        let RegionChanges { win_rate, stages, retention, .. } = &region.changes;
        let mut shares: Vec<(FieldId, ParameterValue, &[Factor])> =
            vec![(FieldId::Retention, region.retention, retention)];
        match &region.funnel {
            Funnel::Cycle(cycle) => {
                shares.push((FieldId::Conversion, cycle.conversion.in_force(0), win_rate));
            }
            Funnel::Stages(all) => {
                let each = all.iter().zip(stages).enumerate();
                shares.extend(each.map(|(i, (stage, of))| (FieldId::StagePass(i), stage.pass, of[0].as_slice())));
            }
            Funnel::Daily(_) => {}
        }
        for (field, share, factors) in shares.into_iter().filter(|(_, _, factors)| !factors.is_empty()) {
            let is_held = |inputs: &&Vec<f64>| {
                let above = |m| share.at(inputs) * product(&model.changes, factors, m, inputs) > 1.0;
                (model.as_of.month..model.horizon.months).any(above)
            };
            let held = inputs.iter().filter(is_held).count();
            if held > 0 {
                found.push(HeldShare { region: region.key.clone(), field, part: held as f64 / inputs.len() as f64 });
            }
        }
    }
    found
}

impl CompiledModel<'_> {
    /// Works out when each change is in force, and what each currency is worth.
    pub(super) fn draw_changes(&self, scratch: &mut Scratch) {
        scratch.windows.clear();
        for change in &self.model.changes {
            let (happens, delay) = (scratch.filled(change.happens), scratch.filled(change.delay));
            let window = |(happens, delay): (&f64, &f64)| {
                let late = whole_months(*delay) as i64;
                let month = |on_time: i64| usize::try_from(on_time + late).unwrap_or(0);
                let end = change.end.map_or(usize::MAX, month);
                Window { from: month(change.from), end: if *happens == 0.0 { 0 } else { end } }
            };
            scratch.windows.push(happens.iter().zip(&delay).map(window).collect());
        }
        let rates = self.model.rates.iter().zip(&self.rates).map(|(rate, addresses)| {
            let lanes = scratch.lanes();
            let mut path = self.factors(&rate.changes, addresses.len(), scratch);
            path.resize(addresses.len() * lanes, 1.0);
            let start = scratch.filled(rate.rate);
            // The logarithm of the walk, and a uniform number for its step.
            let (mut walk, mut step) = (vec![0.0; lanes], vec![0.0; lanes]);
            let (first, volatility) = (self.model.as_of.month, rate.volatility);
            let [sd, drift] = [volatility / libm::sqrt(12.0), volatility * volatility / 24.0];
            for (m, address) in addresses.iter().enumerate() {
                let now = row_mut(&mut path, m, lanes);
                if m > first && volatility > 0.0 {
                    address.uniforms(&scratch.trials, &mut step);
                    walk.iter_mut().zip(&step).for_each(|(walk, u)| *walk += sd * normal_quantile(*u) - drift);
                    now.iter_mut().zip(&walk).for_each(|(rate, walk)| *rate *= exp(*walk));
                }
                now.iter_mut().zip(&start).for_each(|(rate, start)| *rate *= start);
            }
            path
        });
        scratch.exchange = rates.collect();
    }

    /// The product of some factors in each of the first months, months × trials; empty where there are none.
    fn factors(&self, factors: &[Factor], months: usize, scratch: &Scratch) -> Vec<f64> {
        if factors.is_empty() {
            return Vec::new();
        }
        let lanes = scratch.lanes();
        let mut found = vec![1.0; months * lanes];
        for Factor { change, by } in factors {
            let by = scratch.filled(*by);
            for (lane, (window, by)) in scratch.windows[*change].iter().zip(&by).enumerate() {
                for m in window.from..window.end.min(months) {
                    found[m * lanes + lane] *= by;
                }
            }
        }
        found
    }

    /// Works out what changes do to a region.
    pub(super) fn take_effect(&self, plan: &RegionPlan, scratch: &mut Scratch) {
        let RegionChanges { leads, win_rate, cycle, lost_cycle, stages, deal_size, retention, closing, capacity } =
            &plan.region.changes;
        let far = plan.lookahead_months.max(plan.months).max(plan.renewal_months);
        let of = |factors: &[Factor]| self.factors(factors, far, scratch);
        let rate = plan.region.rate.map_or_else(Vec::new, |rate| scratch.exchange[rate].clone());
        let mut deal_size = of(deal_size);
        match deal_size.is_empty() {
            true => deal_size.clone_from(&rate),
            false => deal_size.iter_mut().zip(&rate).for_each(|(size, rate)| *size *= rate),
        }
        let effects = Effects {
            leads: of(leads),
            win_rate: of(win_rate),
            cycles: [of(cycle), of(lost_cycle)],
            stages: stages.iter().map(|of_stage| [of(&of_stage[0]), of(&of_stage[1])]).collect(),
            deal_size,
            retention: of(retention),
            closing: [of(&closing[0]), of(&closing[1])],
            capacity: [of(&capacity[0]), of(&capacity[1])],
            performance: Vec::new(),
            rate,
        };
        scratch.effects = effects;
    }
}
