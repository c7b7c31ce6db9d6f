//! One trial: inputs, market factor, then each region by itself.

use super::play::{Part, Pass, RunError};
use crate::chance::{Address, Purpose, name_key};
use crate::model::{Funnel, Model, Region};
use crate::outcomes::{Layout, Measure};
use crate::stats::exp;

/// A model with the addresses of all its streams.
#[derive(Debug)]
pub(super) struct Player<'m> {
    pub(super) model: &'m Model,
    pub(super) part: Part,
    inputs: Vec<Address>,
    market: Vec<Address>,
    regions: Vec<RegionStreams>,
}

/// Addresses of a region's streams, by month.
#[derive(Debug)]
pub(super) struct RegionStreams {
    pub(super) dispersion: Vec<Address>,
    pub(super) won: Vec<Address>,
    pub(super) lost: Vec<Address>,
    pub(super) stages: Vec<Address>,
    pub(super) retention: Vec<Address>,
    pub(super) size: Vec<Address>,
}

/// What a worker writes on, trial after trial.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// Inputs of the trial.
    pub(super) inputs: Vec<f64>,
    /// The market factor of each month.
    pub(super) market: Vec<f64>,
    /// Expected leads of each month, with market factor and overdispersion.
    pub(super) expected: Vec<f64>,
    /// Of one month's leads, how many are decided j months later.
    pub(super) decided: Vec<f64>,
    /// Chances of being decided j months after the month of arrival.
    pub(super) delays: super::leads::Delays,
    /// Value and count of the customers that renew for the j-th time.
    pub(super) survivors: Vec<(f64, f64)>,
}

/// A region in a trial: where it writes, and what holds for it.
pub(super) struct Scene<'a> {
    pub(super) region: &'a Region,
    pub(super) streams: &'a RegionStreams,
    pub(super) trial: u64,
    pub(super) part: Part,
    pub(super) layout: &'a Layout,
    pub(super) index: usize,
    pub(super) sheet: &'a mut [f64],
    /// Market variance v.
    pub(super) variance: f64,
}

impl Scene<'_> {
    /// The months of a measure.
    #[inline]
    pub(super) fn months(&mut self, measure: Measure) -> &mut [f64] {
        let from = self.layout.column(measure, self.index);
        &mut self.sheet[from..from + self.layout.months]
    }

    /// The odds of winning p, with the odds shifted by exp(β x).
    #[inline]
    pub(super) fn shifted(&self, p: f64, x: f64) -> f64 {
        let beta = self.region.exposure[1];
        if beta == 0.0 || x == 0.0 || p <= 0.0 || p >= 1.0 {
            return p;
        }
        let odds = p / (1.0 - p) * exp(beta * x);
        if odds.is_finite() { odds / (1.0 + odds) } else { 1.0 }
    }

    /// The factor exp(β x − β² v / 2), whose mean is 1.
    #[inline]
    pub(super) fn factor(&self, beta: f64, x: f64) -> f64 {
        if beta == 0.0 || self.variance == 0.0 { 1.0 } else { exp(beta * x - 0.5 * beta * beta * self.variance) }
    }
}

impl<'m> Player<'m> {
    pub(super) fn new(model: &'m Model, pass: Pass, part: Part) -> Player<'m> {
        let (market_pass, rest_pass) = match pass {
            Pass::Run => (0, 0),
            Pass::FreshChance => (1, 1),
            Pass::FreshRest => (0, 2),
        };
        let months = |pass, purpose, name| {
            (0..part.months).map(|m| Address::new(model.seed, pass, purpose, name, m)).collect::<Vec<_>>()
        };
        let regions = model.regions.iter().map(|region| {
            let name = name_key(&region.key);
            let of = |purpose| months(rest_pass, purpose, name);
            RegionStreams {
                dispersion: of(Purpose::Dispersion),
                won: of(Purpose::Won),
                lost: of(Purpose::Lost),
                stages: of(Purpose::Stages),
                retention: of(Purpose::Retention),
                size: of(Purpose::Size),
            }
        });
        Player {
            model,
            part,
            inputs: model
                .inputs
                .iter()
                .map(|input| Address::new(model.seed, 0, Purpose::Input, name_key(&input.path), 0))
                .collect(),
            market: months(market_pass, Purpose::Market, 0),
            regions: regions.collect(),
        }
    }

    pub(super) fn desk(&self) -> Desk {
        Desk {
            inputs: vec![0.0; self.inputs.len()],
            market: vec![0.0; self.part.months],
            expected: vec![0.0; self.part.months],
            decided: vec![0.0; self.part.months],
            ..Desk::default()
        }
    }

    /// Plays trial `trial` onto a sheet of zeros.
    pub(super) fn trial(
        &self,
        trial: u64,
        layout: &Layout,
        sheet: &mut [f64],
        desk: &mut Desk,
    ) -> Result<(), RunError> {
        self.draw_inputs(trial, &mut desk.inputs);
        self.draw_market(trial, &mut desk.market);
        for (i, value) in desk.inputs.iter().enumerate() {
            sheet[layout.input(i)] = *value;
        }
        let variance = self.model.market.volatility * self.model.market.volatility;
        for (index, (region, streams)) in self.model.regions.iter().zip(&self.regions).enumerate() {
            sheet[layout.mean_size(index)] = region.mean_size.at(&desk.inputs);
            let mut scene = Scene { region, streams, trial, part: self.part, layout, index, sheet, variance };
            self.expect_leads(&scene, desk)?;
            match &region.funnel {
                Funnel::Cycle { conversion, mean_days, delay } => {
                    desk.delays.reset(delay, mean_days.at(&desk.inputs));
                    let conversion = conversion.at(&desk.inputs);
                    scene.split_leads(conversion, delay, desk);
                }
                Funnel::Stages(stages) => scene.follow_leads(stages, desk),
            }
            scene.close_deals(self.model.term, desk);
        }
        Ok(())
    }

    fn draw_inputs(&self, trial: u64, inputs: &mut [f64]) {
        for (value, address) in inputs.iter_mut().zip(&self.inputs) {
            *value = address.stream(trial).normal();
        }
        self.model.copula.correlate(inputs);
        for (value, input) in inputs.iter_mut().zip(&self.model.inputs) {
            *value = input.law.at(*value);
        }
    }

    /// x₀ = σ z₀, xₘ = φ xₘ₋₁ + σ √(1 − φ²) zₘ: stationary from the first month on.
    fn draw_market(&self, trial: u64, market: &mut [f64]) {
        let factor = self.model.market;
        if factor.volatility == 0.0 {
            market.fill(0.0);
            return;
        }
        let shock = factor.volatility * libm::sqrt(1.0 - factor.persistence * factor.persistence);
        let mut before = None;
        for (x, address) in market.iter_mut().zip(&self.market) {
            let z = address.stream(trial).normal();
            *x = before.map_or(factor.volatility * z, |x: f64| factor.persistence * x + shock * z);
            before = Some(*x);
        }
    }

    /// Expected leads μ·G of each month of a region.
    fn expect_leads(&self, scene: &Scene, desk: &mut Desk) -> Result<(), RunError> {
        for (m, base) in scene.region.expected(&desk.inputs).take(self.part.months).enumerate() {
            let mut mean = base * scene.factor(scene.region.exposure[0], desk.market[m]);
            if let Some(law) = scene.region.dispersion.as_ref().filter(|_| mean > 0.0) {
                mean *= law.draw(scene.streams.dispersion[m].stream(scene.trial).uniform());
            }
            if mean.is_nan() || mean > 1e12 {
                let month = self.model.horizon.month(m).to_string();
                return Err(RunError::TooManyLeads { region: scene.region.key.clone(), month, trial: scene.trial });
            }
            desk.expected[m] = mean;
        }
        Ok(())
    }
}
