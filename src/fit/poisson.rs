//! Poisson regression with random effects: counts D of cells with exposure E,
//!
//! D ~ Poisson(E·exp(η)), η a sum of effects, each effect or step of effects normal; standard deviations of a kind are unknown and found by EM.
//!
//! Given the standard deviations, the penalised likelihood is concave: Newton's method finds its top, and the law of the effects is taken to
//! be the normal with that mode and the inverse of the curvature there as its covariance (Laplace). The variance of a kind with k members
//! d, its prior worth ν members of size s₀, becomes (Σ d² + their posterior variances + ν s₀²)/(k + ν).

use super::cholesky::{Factor, Matrix};
use crate::chance::Stream;

/// A cell of the table of counts.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// How long, or how many, something could have happened (E).
    pub(super) exposure: f64,
    /// How often it did (D).
    pub(super) count: f64,
    /// The effects whose sum is η.
    pub(super) effects: Vec<usize>,
}

/// What is normal a priori: a sum of effects with weights, such as the step from one to the next.
#[derive(Clone, Debug)]
pub(super) struct Prior {
    /// The effects and their weights.
    pub(super) terms: Vec<(usize, f64)>,
    pub(super) mean: f64,
    pub(super) scale: Scale,
}

/// A prior standard deviation.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scale {
    /// It is known.
    Fixed(f64),
    /// The variance is `weight` times that of a kind of effects.
    Kind {
        /// The kind, counted from 0.
        kind: usize,
        /// The factor on its variance.
        weight: f64,
    },
}

/// A kind of effects with one standard deviation, which is unknown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// What it is thought to be (s₀).
    pub(super) prior_sd: f64,
    /// How many members that is worth (ν).
    pub(super) prior_weight: f64,
}

/// The counts, their effects and what is thought of these.
#[derive(Clone, Debug, Default)]
pub(super) struct Regression {
    /// How many effects there are.
    pub(super) effects: usize,
    pub(super) cells: Vec<Cell>,
    pub(super) priors: Vec<Prior>,
    pub(super) kinds: Vec<Kind>,
}

/// What a regression found.
#[derive(Clone, Debug)]
pub(super) struct Posterior {
    /// The effects at the top.
    pub(super) mode: Vec<f64>,
    pub(super) covariance: Matrix,
    factor: Factor,
    /// The variance of each kind.
    pub(super) variances: Vec<f64>,
    /// How many members each kind has, its prior's included.
    weights: Vec<f64>,
}

/// No regression here needs more rounds of EM.
const MOST_ROUNDS: usize = 60;
const MOST_STEPS: usize = 60;

impl Regression {
    /// Fits it, from these values of the effects on.
    pub(super) fn fit(&self, start: Vec<f64>) -> Posterior {
        let mut variances: Vec<f64> = self.kinds.iter().map(|kind| kind.prior_sd * kind.prior_sd).collect();
        let mut mode = start;
        let mut round = 0;
        loop {
            let (factor, covariance) = self.climb(&mut mode, &variances);
            let (next, weights) = self.next_variances(&mode, &covariance);
            let moved = variances.iter().zip(&next).any(|(old, new)| (new / old - 1.0).abs() > 1e-6);
            round += 1;
            if !moved || round == MOST_ROUNDS {
                return Posterior { mode, covariance, factor, variances, weights };
            }
            variances = next;
        }
    }

    /// Goes to the top of the penalised likelihood by Newton's method, halving steps that lead down.
    fn climb(&self, at: &mut Vec<f64>, variances: &[f64]) -> (Factor, Matrix) {
        let mut value = self.value(at, variances);
        for _ in 0..MOST_STEPS {
            let (gradient, curvature) = self.slopes(at, variances);
            let Some(factor) = Factor::of(&curvature) else { break };
            let step = factor.solve(&gradient);
            let mut share = 1.0;
            let gained = loop {
                let next: Vec<f64> = at.iter().zip(&step).map(|(x, step)| x + share * step).collect();
                let there = self.value(&next, variances);
                if there >= value || share < 1e-6 {
                    let gained = there - value;
                    if gained > 0.0 {
                        (*at, value) = (next, there);
                    }
                    break gained;
                }
                share *= 0.5;
            };
            if gained <= 1e-11 * (1.0 + value.abs()) {
                break;
            }
        }
        let (_, curvature) = self.slopes(at, variances);
        let factor = Factor::of(&curvature).expect("every effect has a prior, so that the curvature is positive");
        let covariance = factor.inverse();
        (factor, covariance)
    }

    /// The logarithm of the penalised likelihood, but for constants.
    pub(super) fn value(&self, at: &[f64], variances: &[f64]) -> f64 {
        let of_cell = |cell: &Cell| {
            let eta: f64 = cell.effects.iter().map(|i| at[*i]).sum();
            cell.count * eta - cell.exposure * libm::exp(eta)
        };
        let of_prior = |prior: &Prior| {
            let off = prior.off(at);
            0.5 * off * off * prior.precision(variances)
        };
        self.cells.iter().map(of_cell).sum::<f64>() - self.priors.iter().map(of_prior).sum::<f64>()
    }

    /// Its gradient, and its second derivatives with the sign changed.
    pub(super) fn slopes(&self, at: &[f64], variances: &[f64]) -> (Vec<f64>, Matrix) {
        let mut gradient = vec![0.0; self.effects];
        let mut curvature = Matrix::zero(self.effects);
        for cell in &self.cells {
            let eta: f64 = cell.effects.iter().map(|i| at[*i]).sum();
            let expected = cell.exposure * libm::exp(eta);
            for i in &cell.effects {
                gradient[*i] += cell.count - expected;
                for j in &cell.effects {
                    curvature.add(*i, *j, expected);
                }
            }
        }
        for prior in &self.priors {
            let (off, precision) = (prior.off(at), prior.precision(variances));
            for (i, a) in &prior.terms {
                gradient[*i] -= precision * off * a;
                for (j, b) in &prior.terms {
                    curvature.add(*i, *j, precision * a * b);
                }
            }
        }
        (gradient, curvature)
    }

    /// The variances of the kinds that effects of this size suggest, and the members of each.
    fn next_variances(&self, mode: &[f64], covariance: &Matrix) -> (Vec<f64>, Vec<f64>) {
        let mut sums: Vec<f64> =
            self.kinds.iter().map(|kind| kind.prior_weight * kind.prior_sd * kind.prior_sd).collect();
        let mut members: Vec<f64> = self.kinds.iter().map(|kind| kind.prior_weight).collect();
        for prior in &self.priors {
            if let Scale::Kind { kind, weight } = prior.scale {
                let off = prior.off(mode);
                sums[kind] += (off * off + covariance.form(&prior.terms)) / weight;
                members[kind] += 1.0;
            }
        }
        (sums.iter().zip(&members).map(|(sum, members)| sum / members).collect(), members)
    }
}

impl Prior {
    fn off(&self, at: &[f64]) -> f64 {
        self.terms.iter().map(|(i, weight)| weight * at[*i]).sum::<f64>() - self.mean
    }

    fn precision(&self, variances: &[f64]) -> f64 {
        match self.scale {
            Scale::Fixed(sd) => 1.0 / (sd * sd),
            Scale::Kind { kind, weight } => 1.0 / (variances[kind] * weight),
        }
    }
}

impl Posterior {
    /// A draw of all effects.
    pub(super) fn draw(&self, stream: &mut Stream) -> Vec<f64> {
        let normals: Vec<f64> = self.mode.iter().map(|_| stream.normal()).collect();
        self.factor.transposed(&normals).iter().zip(&self.mode).map(|(off, mode)| mode + off).collect()
    }

    /// A draw of the standard deviation of a kind: that found, times √(n/χ²ₙ), n being its members with those of its prior.
    pub(super) fn draw_sd(&self, kind: usize, stream: &mut Stream) -> f64 {
        let n = self.weights[kind];
        (self.variances[kind] * n / (2.0 * stream.gamma(0.5 * n))).sqrt()
    }

    /// The standard deviation found of a kind.
    pub(super) fn sd(&self, kind: usize) -> f64 {
        self.variances[kind].sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regression() -> Regression {
        let cell = |exposure, count, effects: &[usize]| Cell { exposure, count, effects: effects.to_vec() };
        Regression {
            effects: 4,
            cells: vec![
                cell(1000.0, 12.0, &[0, 2]),
                cell(500.0, 3.0, &[1, 2]),
                cell(800.0, 15.0, &[0, 3]),
                cell(20.0, 0.0, &[1, 3]),
            ],
            priors: vec![
                Prior { terms: vec![(0, 1.0)], mean: -4.0, scale: Scale::Fixed(3.0) },
                Prior { terms: vec![(1, 1.0), (0, -1.0)], mean: 0.0, scale: Scale::Kind { kind: 0, weight: 1.5 } },
                Prior { terms: vec![(2, 1.0)], mean: 0.0, scale: Scale::Kind { kind: 1, weight: 1.0 } },
                Prior { terms: vec![(3, 1.0)], mean: 0.0, scale: Scale::Kind { kind: 1, weight: 1.0 } },
            ],
            kinds: vec![Kind { prior_sd: 0.5, prior_weight: 2.0 }, Kind { prior_sd: 0.25, prior_weight: 3.0 }],
        }
    }

    #[test]
    fn slopes_are_those_of_differences() {
        let (model, at, variances) = (regression(), [-4.2, -4.5, 0.3, -0.1], [0.2, 0.1]);
        let (gradient, curvature) = model.slopes(&at, &variances);
        let moved = |i: usize, by: f64| {
            let mut there = at;
            there[i] += by;
            there
        };
        let step = 1e-5;
        for (i, wanted) in gradient.iter().enumerate() {
            let (up, down) = (moved(i, step), moved(i, -step));
            let slope = (model.value(&up, &variances) - model.value(&down, &variances)) / (2.0 * step);
            assert!((slope - wanted).abs() < 1e-5 * (1.0 + slope.abs()), "{i}: {slope} {wanted}");
            let (up, down) = (model.slopes(&up, &variances).0, model.slopes(&down, &variances).0);
            for j in 0..4 {
                let second = (down[j] - up[j]) / (2.0 * step);
                let wanted = curvature.at(i, j);
                assert!((second - wanted).abs() < 1e-5 * (1.0 + wanted.abs()), "{i} {j}: {second} {wanted}");
            }
        }
    }

    #[test]
    fn the_top_is_one_and_the_variances_are_those_that_it_suggests() {
        let model = regression();
        let found = model.fit(vec![-4.0, -4.0, 0.0, 0.0]);
        let (gradient, _) = model.slopes(&found.mode, &found.variances);
        assert!(gradient.iter().all(|slope| slope.abs() < 1e-4), "{gradient:?}");
        let other = model.fit(vec![0.0, -8.0, 1.0, -1.0]);
        assert!(found.mode.iter().zip(&other.mode).all(|(a, b)| (a - b).abs() < 1e-4));
        let (next, _) = model.next_variances(&found.mode, &found.covariance);
        assert!(next.iter().zip(&found.variances).all(|(a, b)| (a / b - 1.0).abs() < 1e-4));
    }

    #[test]
    fn without_spread_between_cells_the_rate_is_events_over_exposure() {
        let cells = (0..10).map(|_| Cell { exposure: 1e6, count: 2000.0, effects: vec![0] }).collect();
        let priors = vec![Prior { terms: vec![(0, 1.0)], mean: 0.0, scale: Scale::Fixed(100.0) }];
        let found = Regression { effects: 1, cells, priors, kinds: Vec::new() }.fit(vec![-5.0]);
        assert!((libm::exp(found.mode[0]) - 0.002).abs() < 1e-8);
        // A Poisson number of 20,000 is known to 1/√20,000 of itself.
        assert!((found.covariance.at(0, 0) - 1.0 / 20_000.0).abs() < 1e-8);
    }
}
