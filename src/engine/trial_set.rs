//! Trials that are put together on purpose, from the inputs, the joint draws, the market factor and the remaining chance of several.

use std::ops::Range;

use super::scope::Resampling;
use super::streams::{input_addresses, market_addresses};
use crate::chance::{Address, Purpose, TrialKey};
use crate::model::{Market, Model};
use crate::stats::special::{normal_cdf, normal_quantile};

/// A set of trials of a model: the uncertain inputs of each as standard normals, its row of joint draws, and from which of the model's trials
/// it has its market factor and its remaining chance. What two of the set share is the same in both to the last digit, so that a difference
/// of their outcomes comes from the rest alone.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialSet {
    inputs: usize,
    /// Input after input, one normal for each of the set: z of x = F⁻¹(Φ(z)), correlated as the inputs are.
    normals: Vec<f64>,
    /// The row that each has of the model's joint draws, counted from 0, from the first one on again after the last.
    pub rows: Vec<u64>,
    /// The trial of the model that each has its market factor from.
    pub market: Vec<u64>,
    /// The trial of the model that each has its remaining chance from.
    pub rest: Vec<u64>,
}

impl TrialSet {
    /// Some of the model's own trials, which need not be among the ones that a run of it simulates.
    pub fn of_trials(model: &Model, trials: Range<u64>) -> TrialSet {
        let keys: Vec<TrialKey> = trials.clone().map(TrialKey::new).collect();
        let mut normals = vec![0.0; model.inputs.len() * keys.len()];
        if !keys.is_empty() {
            for (address, normals) in input_addresses(model, Resampling::None).zip(normals.chunks_exact_mut(keys.len()))
            {
                address.uniforms(&keys, normals);
                normals.iter_mut().for_each(|z| *z = normal_quantile(*z));
            }
            model.copula.correlate_lanes(&mut normals, keys.len());
        }
        let trials: Vec<u64> = trials.collect();
        TrialSet { inputs: model.inputs.len(), normals, rows: trials.clone(), market: trials.clone(), rest: trials }
    }

    /// As many as `market` and `rest` name trials for, with these normals, input after input; joint draws are those of the trials of the rest.
    pub fn new(normals: &[Vec<f64>], market: Vec<u64>, rest: Vec<u64>) -> TrialSet {
        TrialSet { inputs: normals.len(), normals: normals.concat(), rows: rest.clone(), market, rest }
    }

    /// The same with any rows of joint draws, each as likely as the others: those of a trial say nothing of those of another.
    pub fn with_any_rows(mut self, model: &Model) -> TrialSet {
        let address = Address::new(model.seed, 0, Purpose::Row, 0, 0);
        let keys: Vec<TrialKey> = self.rest.iter().copied().map(TrialKey::new).collect();
        self.rows = any_rows(address, &keys).collect();
        self
    }

    /// Whether each trial has the joint draws, the market factor and the remaining chance of the one in the same place.
    pub(super) fn shares_all_but_inputs(&self, other: &TrialSet) -> bool {
        self.inputs == other.inputs && self.rows == other.rows && self.market == other.market && self.rest == other.rest
    }

    /// The number of trials in the set.
    pub fn count(&self) -> usize {
        self.rest.len()
    }

    /// The number of inputs that each trial has.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The standard normals of one input, trial by trial.
    pub fn normals(&self, input: usize) -> &[f64] {
        &self.normals[input * self.count()..(input + 1) * self.count()]
    }

    /// The inputs of one trial of the set: the values of the uncertain ones, whether events happen, and the columns of its row of joint draws.
    pub fn inputs_of(&self, model: &Model, trial: usize) -> Vec<f64> {
        let normal = |i: usize| self.normals(i)[trial];
        let drawn = model.inputs.iter().enumerate().map(|(i, input)| input.law.at(normal(i)));
        let together = model.columns.iter().map(|column| column.law.in_row(self.rows[trial]).unwrap_or(f64::NAN));
        let mut inputs: Vec<f64> = drawn.chain(together).collect();
        for (i, input) in model.inputs.iter().enumerate() {
            if let Some(chance) = input.chance {
                inputs[i] = happens(normal(i), chance.at(&inputs));
            }
        }
        inputs
    }

    /// The standard normals of one input, to be changed.
    pub fn normals_mut(&mut self, input: usize) -> &mut [f64] {
        let count = self.count();
        &mut self.normals[input * count..(input + 1) * count]
    }
}

/// Whether an event happens, by a standard normal: 1 if Φ(z) is at least 1 − its chance, else 0.
#[inline]
pub(super) fn happens(z: f64, chance: f64) -> f64 {
    f64::from(u8::from(normal_cdf(z) >= 1.0 - chance))
}

/// A row of joint draws for each trial, each row as likely as the others: far more are drawn from than any file has.
pub(super) fn any_rows(address: Address, trials: &[TrialKey]) -> impl Iterator<Item = u64> {
    let mut uniforms = vec![0.0; trials.len()];
    address.uniforms(trials, &mut uniforms);
    uniforms.into_iter().map(|u| (u * (1_u64 << 52) as f64) as u64)
}

/// The market factor x of each of a model's trials, averaged over some months.
pub fn market_factor(model: &Model, months: Range<usize>) -> Vec<f64> {
    let keys: Vec<TrialKey> = (0..model.trials as u64).map(TrialKey::new).collect();
    let addresses: Vec<_> = market_addresses(model, Resampling::None, months.end).collect();
    let mut path = vec![0.0; keys.len() * addresses.len()];
    market_path(model.market, &addresses, model.as_of.month, &keys, &mut path);
    let asked = path.chunks_exact(keys.len().max(1)).skip(months.start);
    let mut mean = vec![0.0; keys.len()];
    for month in asked {
        mean.iter_mut().zip(month).for_each(|(mean, x)| *mean += x / months.len() as f64);
    }
    mean
}

/// Fills the market factor of each month, month after month, trial by trial: x₀ = σ z₀, xₘ = φ xₘ₋₁ + σ √(1 − φ²) zₘ, stationary
/// from the `first` month on, and 0 before it.
pub(super) fn market_path(factor: Market, months: &[Address], first: usize, trials: &[TrialKey], path: &mut [f64]) {
    let lanes = trials.len();
    let shock = factor.volatility * libm::sqrt(1.0 - factor.persistence * factor.persistence);
    path[..lanes * first.min(months.len())].fill(0.0);
    for (m, address) in months.iter().enumerate().skip(first) {
        let (before, rest) = path.split_at_mut(m * lanes);
        let now = &mut rest[..lanes];
        address.uniforms(trials, now);
        match before.len().checked_sub(lanes).filter(|_| m > first) {
            None => now.iter_mut().for_each(|x| *x = factor.volatility * normal_quantile(*x)),
            Some(last) => now
                .iter_mut()
                .zip(&before[last..])
                .for_each(|(x, before)| *x = factor.persistence * before + shock * normal_quantile(*x)),
        }
    }
}
