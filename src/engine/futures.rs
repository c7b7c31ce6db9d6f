//! Futures put together on purpose: whose inputs, whose market factor and whose remaining chance each of them has.

use std::ops::Range;

use super::inputs::market_path;
use super::player::{input_addresses, market_addresses};
use crate::chance::TrialKey;
use crate::model::Model;
use crate::stats::special::normal_quantile;

/// Futures of a model: the uncertain inputs of each as standard normals, and from which trials it has its market factor and
/// its remaining chance. What two futures share is the same in both to the last digit, so that a difference of their
/// outcomes comes from the rest alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Futures {
    inputs: usize,
    /// Input after input, one normal for each future: z of x = F⁻¹(Φ(z)), correlated as the inputs are.
    normals: Vec<f64>,
    /// The trial whose market factor each future has.
    pub market: Vec<u64>,
    /// The trial whose remaining chance each future has.
    pub rest: Vec<u64>,
}

impl Futures {
    /// Those of a model's own trials, which need not be among the ones it plays.
    pub fn of_trials(model: &Model, trials: Range<u64>) -> Futures {
        let keys: Vec<TrialKey> = trials.clone().map(TrialKey::new).collect();
        let mut normals = vec![0.0; model.inputs.len() * keys.len()];
        if !keys.is_empty() {
            for (address, normals) in input_addresses(model).zip(normals.chunks_exact_mut(keys.len())) {
                address.uniforms(&keys, normals);
                normals.iter_mut().for_each(|z| *z = normal_quantile(*z));
            }
            model.copula.correlate_abreast(&mut normals, keys.len());
        }
        let trials: Vec<u64> = trials.collect();
        Futures { inputs: model.inputs.len(), normals, market: trials.clone(), rest: trials }
    }

    /// As many as `market` and `rest` name trials for, with these normals, input after input.
    pub fn new(normals: &[Vec<f64>], market: Vec<u64>, rest: Vec<u64>) -> Futures {
        Futures { inputs: normals.len(), normals: normals.concat(), market, rest }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.rest.len()
    }

    /// How many inputs each has.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The standard normals of one input, future by future.
    pub fn normals(&self, input: usize) -> &[f64] {
        &self.normals[input * self.count()..(input + 1) * self.count()]
    }

    /// The same, to be changed.
    pub fn normals_mut(&mut self, input: usize) -> &mut [f64] {
        let count = self.count();
        &mut self.normals[input * count..(input + 1) * count]
    }
}

/// The market factor x of each of a model's trials, averaged over some months.
pub fn market_factor(model: &Model, months: Range<usize>) -> Vec<f64> {
    let keys: Vec<TrialKey> = (0..model.trials as u64).map(TrialKey::new).collect();
    let addresses: Vec<_> = market_addresses(model, 0, months.end).collect();
    let mut path = vec![0.0; keys.len() * addresses.len()];
    market_path(model.market, &addresses, &keys, &mut path);
    let asked = path.chunks_exact(keys.len().max(1)).skip(months.start);
    let mut mean = vec![0.0; keys.len()];
    for month in asked {
        mean.iter_mut().zip(month).for_each(|(mean, x)| *mean += x / months.len() as f64);
    }
    mean
}
