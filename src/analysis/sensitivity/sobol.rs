//! Shares of variance: Sobol indices by Jansen's estimators, and Shapley effects, with bootstrap errors.

use super::correlation_mix::{CorrelationMix, Source};
use crate::chance::{Address, Purpose, Stream};
use crate::engine::TrialSet;
use crate::forecast::share;
use crate::stats::simd::vectorized;
use crate::stats::{Moments, Order};

/// A share of a variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shared {
    pub(super) share: f64,
    /// The standard deviation of the share over bootstrap samples.
    pub(super) error: f64,
    /// Its 2.5 % and 97.5 % points over them.
    pub(super) interval: [f64; 2],
}

/// How many bootstrap samples.
const SAMPLES: usize = 400;
/// Futures that are looked at in one order, for Shapley effects.
const BLOCK: usize = 16;

/// First-order and total-order Sobol index of each source, Jansen's estimators (Jansen 1999, Comput. Phys. Commun. 117):
///
/// S = 1 − E[(Y − Y′)²] / 2V, Y′ sharing with Y the source alone; T = E[(Y − Y″)²] / 2V, Y″ sharing with Y all else.
///
/// Both rest on differences, so that a constant added to Y changes nothing. Neither is clipped: an index near 0 may come out
/// below it by its error. With a correlated source, what is not shared is drawn given what is: S is Var E[Y | X] / V and T is
/// E Var[Y | all others] / V still, but S counts what the source shares with its fellows and may exceed T.
pub(super) fn sobol<E>(
    mix: &CorrelationMix,
    sources: &[Source],
    (y_one, y_other): (&[f64], &[f64]),
    seed: u64,
    mut play: impl FnMut(&TrialSet) -> Result<Vec<f64>, E>,
) -> Result<Vec<(Shared, Shared)>, E> {
    let variance = Variance::of(y_one, y_other);
    // Squares of differences: Y less Y′ of each source, and Y less Y″.
    let mut columns = Vec::new();
    for &source in sources {
        let alone = play(&mix.sharing(&[source]))?;
        columns.push(squares(y_one, &alone));
        let correlated =
            matches!(source, Source::Input(i) if mix.copula.groups().iter().any(|group| group.contains(&i)));
        columns.push(if correlated {
            let rest: Vec<Source> = sources.iter().copied().filter(|s| *s != source).collect();
            squares(y_one, &play(&mix.sharing(&rest))?)
        } else {
            // The other set's futures with this source from the one: they share all else.
            squares(y_other, &alone)
        });
    }
    let sums = Bootstrap::new(y_one.len(), seed, &variance.and(&columns));
    let shared = |column: usize, of: &dyn Fn(f64) -> f64| {
        sums.shared(|sums| of(0.5 * sums[2 + column] / y_one.len() as f64 / variance.over(sums)))
            .no_surer_than(&columns[column], variance.over(&sums.whole))
    };
    let index = |s: usize| (shared(2 * s, &|half| 1.0 - half), shared(2 * s + 1, &|half| half));
    Ok((0..sources.len()).map(index).collect())
}

/// What is left of the variance where more and more is known.
pub(super) struct Left {
    /// If the inputs were known.
    pub(super) of_inputs: Shared,
    /// What the others among the known would take away then.
    pub(super) between: Shared,
    /// If these too were known.
    pub(super) of_all: Shared,
}

/// What would be left of the variance if `inputs` were known, and if `all`, these among them, were: E Var[Y | known] / V, by Jansen's estimator.
pub(super) fn left<E>(
    mix: &CorrelationMix,
    (inputs, all): (&[Source], &[Source]),
    (y_one, y_other): (&[f64], &[f64]),
    seed: u64,
    mut play: impl FnMut(&TrialSet) -> Result<Vec<f64>, E>,
) -> Result<Left, E> {
    let variance = Variance::of(y_one, y_other);
    let of_inputs = squares(y_one, &play(&mix.sharing(inputs))?);
    let of_all = squares(y_one, &play(&mix.sharing(all))?);
    let between: Vec<f64> = of_inputs.iter().zip(&of_all).map(|(inputs, all)| inputs - all).collect();
    let all = [of_inputs, between, of_all];
    let sums = Bootstrap::new(y_one.len(), seed, &variance.and(&all));
    let [of_inputs, between, of_all] = std::array::from_fn(|i| {
        sums.shared(|sums| 0.5 * sums[2 + i] / y_one.len() as f64 / variance.over(sums))
            .no_surer_than(&all[i], variance.over(&sums.whole))
    });
    Ok(Left { of_inputs, between, of_all })
}

impl Shared {
    /// Of what is met or not, squares of differences are 1 or 0: where hardly any is not 0, samples drawn from them know no better. Then the
    /// error is at least that of a share of so many futures.
    fn no_surer_than(self, squares: &[f64], variance: f64) -> Shared {
        if squares.iter().any(|x| *x != 0.0 && x.abs() != 1.0) {
            return self;
        }
        let differ = squares.iter().filter(|x| **x != 0.0).count();
        self.at_least(0.5 * share(differ, squares.len()).error.unwrap_or_default() / variance)
    }

    fn at_least(self, error: f64) -> Shared {
        if self.error >= error {
            return self;
        }
        let [low, high] = self.interval;
        let around = 1.96 * error;
        Shared { error, interval: [low.min(self.share - around), high.max(self.share + around)], ..self }
    }
}

fn squares(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).collect()
}

/// The Shapley effect of each source: the mean, over all orders of the sources, of the variance that knowing it takes away
/// after those before it. The effects add up to 1, whatever is correlated (Song, Nelson, Staum 2016, SIAM/ASA J. Uncertainty
/// Quantification 4).
///
/// Estimated along random orders (Goda 2021, Reliability Engineering & System Safety 211): Y(0) shares everything with Y, Y(j) all
/// but the last j sources of the order; the source passed in step j gets (Y − (Y(j−1) + Y(j)) / 2) · (Y(j−1) − Y(j)), which
/// add up to (Y − Y(d))² / 2, whose mean is V. With correlated inputs, what is not shared is drawn given what is.
pub(super) fn shapley<E>(
    mix: &CorrelationMix,
    sources: &[Source],
    y_one: &[f64],
    seed: u64,
    mut play: impl FnMut(&TrialSet) -> Result<Vec<f64>, E>,
) -> Result<Vec<Shared>, E> {
    let blocks = y_one.len().div_ceil(BLOCK);
    let orders: Vec<Vec<usize>> = (0..blocks as u64)
        .map(|b| shuffled(sources.len(), &mut Address::new(seed, 0, Purpose::Analysis, 0, 0).stream(b)))
        .collect();
    let known: Vec<Vec<Source>> = orders.iter().map(|order| order.iter().map(|i| sources[*i]).collect()).collect();
    let mut before = y_one.to_vec();
    // By source and block.
    let mut sums = vec![vec![0.0; blocks]; sources.len()];
    for left in (0..sources.len()).rev() {
        let after = play(&mix.sharing_by_block(BLOCK, |b| &known[b][..left]))?;
        for (b, order) in orders.iter().enumerate() {
            sums[order[left]][b] = (b * BLOCK..y_one.len().min((b + 1) * BLOCK))
                .map(|i| (y_one[i] - 0.5 * (before[i] + after[i])) * (before[i] - after[i]))
                .sum();
        }
        before = after;
    }
    // Of what is met or not, a source that changed nothing in any of these futures may yet do so in others.
    let binary = y_one.iter().all(|y| *y == 0.0 || *y == 1.0);
    let variance = Moments::of(y_one).map_or(f64::NAN, |m| m.sd * m.sd);
    let least = if binary { 0.5 * share(0, y_one.len()).error.unwrap_or_default() / variance } else { 0.0 };
    let columns: Vec<&[f64]> = sums.iter().map(Vec::as_slice).collect();
    let all = Bootstrap::new(blocks, seed, &columns);
    let share = |s: usize| all.shared(|sums| sums[s] / sums.iter().sum::<f64>()).at_least(least);
    Ok((0..sources.len()).map(share).collect())
}

/// The numbers below `count` in a random order (Fisher and Yates).
fn shuffled(count: usize, stream: &mut Stream) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for i in (1..count).rev() {
        order.swap(i, (stream.uniform() * (i + 1) as f64) as usize);
    }
    order
}

/// The variance of two samples together, over draws of their indices.
struct Variance {
    /// Sums of both by index, from their common mean, and of their squares.
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Variance {
    fn of(one: &[f64], other: &[f64]) -> Variance {
        let mean = Moments::of(one).map_or(0.0, |m| m.mean);
        let pairs = || one.iter().zip(other).map(|(a, b)| (a - mean, b - mean));
        Variance { sums: pairs().map(|(a, b)| a + b).collect(), squares: pairs().map(|(a, b)| a * a + b * b).collect() }
    }

    /// The columns that it is formed of, before others.
    fn and<'a>(&'a self, others: &'a [Vec<f64>]) -> Vec<&'a [f64]> {
        [&self.sums, &self.squares].into_iter().chain(others).map(Vec::as_slice).collect()
    }

    /// The variance, from sums over a draw of the columns that begin with its own.
    fn over(&self, sums: &[f64]) -> f64 {
        let n = 2.0 * self.sums.len() as f64;
        (sums[1] - sums[0] * sums[0] / n) / (n - 1.0)
    }
}

/// Sums of the columns of a sample, and over samples of as many that are drawn from it with replacement.
struct Bootstrap {
    whole: Vec<f64>,
    samples: Vec<Vec<f64>>,
}

impl Bootstrap {
    fn new(count: usize, seed: u64, columns: &[&[f64]]) -> Bootstrap {
        let address = Address::new(seed, 1, Purpose::Analysis, 0, 0);
        // How often each is drawn.
        let mut times = vec![1.0; count];
        let sums = |times: &[f64]| columns.iter().map(|column| weighted_sum(column, times)).collect::<Vec<f64>>();
        let whole = sums(&times);
        let sample = |sample: u64| {
            let mut stream = address.stream(sample);
            times.fill(0.0);
            (0..count).for_each(|_| times[(stream.uniform() * count as f64) as usize] += 1.0);
            sums(&times)
        };
        Bootstrap { whole, samples: (0..SAMPLES as u64).map(sample).collect() }
    }

    /// A figure of the sums, with its standard deviation and interval over the samples.
    fn shared(&self, of: impl Fn(&[f64]) -> f64) -> Shared {
        let again: Vec<f64> = self.samples.iter().map(|sums| of(sums)).collect();
        let error = Moments::of(&again).map_or(f64::NAN, |m| m.sd);
        let order = Order::of(again);
        Shared { share: of(&self.whole), error, interval: [order.quantile(0.025), order.quantile(0.975)] }
    }
}

/// The sum of values, each as often as told; in several sums side by side.
fn weighted_sum(values: &[f64], times: &[f64]) -> f64 {
    const SIDE_BY_SIDE: usize = 16;
    let (groups, rest) = values.as_chunks::<SIDE_BY_SIDE>();
    let (weights, last) = times.as_chunks::<SIDE_BY_SIDE>();
    let mut sums = [0.0; SIDE_BY_SIDE];
    vectorized!({
        for (values, weights) in groups.iter().zip(weights) {
            for ((sum, value), weight) in sums.iter_mut().zip(values).zip(weights) {
                *sum += value * weight;
            }
        }
    });
    sums.iter().sum::<f64>() + rest.iter().zip(last).map(|(value, weight)| value * weight).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Copula;
    use crate::stats::special::normal_cdf;
    use std::convert::Infallible;

    const PI: f64 = std::f64::consts::PI;

    /// As many futures of so many correlated inputs.
    fn futures(copula: &Copula, inputs: usize, count: usize, set: u64) -> TrialSet {
        let mut normals = vec![0.0; inputs * count];
        let mut stream = Address::new(7, set, Purpose::Input, 0, 0).stream(0);
        normals.iter_mut().for_each(|z| *z = stream.normal());
        copula.correlate_lanes(&mut normals, count);
        let trials: Vec<u64> = (0..count as u64).map(|t| t + set * count as u64).collect();
        let normals: Vec<Vec<f64>> = normals.chunks(count).map(<[f64]>::to_vec).collect();
        TrialSet::new(&normals, trials.clone(), trials)
    }

    /// Indices of a function of the inputs' normals and, as the last source, a standard normal of chance.
    fn indices(
        copula: &Copula,
        inputs: usize,
        count: usize,
        f: impl Fn(&[f64], f64) -> f64,
    ) -> (Vec<(Shared, Shared)>, Vec<Shared>) {
        let sets = [0, 1].map(|set| futures(copula, inputs, count, set));
        let mut sources: Vec<Source> = (0..inputs).map(Source::Input).collect();
        sources.push(Source::Chance);
        let play = |futures: &TrialSet| -> Result<Vec<f64>, Infallible> {
            let one = |i: usize| {
                let z: Vec<f64> = (0..inputs).map(|input| futures.normals(input)[i]).collect();
                f(&z, Address::new(9, 0, Purpose::Size, 0, 0).stream(futures.rest[i]).normal())
            };
            Ok((0..futures.count()).map(one).collect())
        };
        let y = sets.each_ref().map(|set| play(set).unwrap());
        let mix = CorrelationMix { copula, one: &sets[0], other: &sets[1] };
        (sobol(&mix, &sources, (&y[0], &y[1]), 3, play).unwrap(), shapley(&mix, &sources, &y[0], 3, play).unwrap())
    }

    /// Within five standard errors, each of which is small: with some thirty comparisons, a false alarm in 50,000 seeds.
    fn near(found: &Shared, exact: f64, of: &str) {
        assert!(found.error < 0.03, "{of}: {found:?}");
        assert!((found.share - exact).abs() < 5.0 * found.error + 1e-9, "{of}: {found:?}, not {exact}");
    }

    /// Ishigami's function of three uniforms on −π … π.
    fn ishigami(z: &[f64]) -> f64 {
        let x: Vec<f64> = z.iter().map(|z| PI * (2.0 * normal_cdf(*z) - 1.0)).collect();
        let (s, t) = (libm::sin(x[0]), libm::sin(x[1]));
        s + 7.0 * t * t + 0.1 * x[2] * x[2] * x[2] * x[2] * s
    }

    const S: [f64; 4] = [0.31390519114781146, 0.4424111447900409, 0.0, 0.0];
    const T: [f64; 4] = [0.5575888552099592, 0.4424111447900409, 0.2436836640621477, 0.0];
    const SHAPLEY: [f64; 4] = [0.4357470231788853, 0.4424111447900409, 0.12184183203107385, 0.0];

    #[test]
    fn indices_of_ishigamis_function_are_the_published_ones_wherever_it_lies() {
        let none = Copula::new(3, &[]).unwrap();
        for constant in [0.0, 1000.0] {
            let (sobol, shapley) = indices(&none, 3, 16_384, |z, _| constant + ishigami(z));
            for i in 0..4 {
                near(&sobol[i].0, S[i], &format!("S of {i}, + {constant}"));
                near(&sobol[i].1, T[i], &format!("T of {i}, + {constant}"));
                near(&shapley[i], SHAPLEY[i], &format!("Shapley effect of {i}, + {constant}"));
            }
            let sum: f64 = shapley.iter().map(|s| s.share).sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn effects_of_a_correlated_sum_are_the_published_ones() {
        // σ = (1, 2), ρ = 0.5; V = 1 + 4 + 2·0.5·2 = 7. E[Y | x₁] = x₁ (1 + ρ·2) = 2 x₁: S₁ = 4/7; E[Y | x₂] = x₂ (2 + ρ) = 2.5 x₂.
        // What is left of x₁ given x₂ has variance 1 − ρ², and of 2 x₂ given x₁ four times that.
        let copula = Copula::new(2, &[(0, 1, 0.5)]).unwrap();
        for constant in [0.0, 1000.0] {
            let (sobol, shapley) = indices(&copula, 2, 16_384, |z, _| constant + z[0] + 2.0 * z[1]);
            for (i, exact) in [(4.0 / 7.0, 0.75 / 7.0), (6.25 / 7.0, 3.0 / 7.0)].into_iter().enumerate() {
                near(&sobol[i].0, exact.0, "S");
                near(&sobol[i].1, exact.1, "T");
            }
            near(&shapley[0], 0.339286, "Shapley effect of the first");
            near(&shapley[1], 0.660714, "Shapley effect of the second");
        }
        // Correlations that are left out of what is drawn would give other shares.
        let (wrong, _) = indices(&Copula::new(2, &[]).unwrap(), 2, 16_384, |z, _| z[0] + 2.0 * z[1]);
        assert!((wrong[0].0.share - 4.0 / 7.0).abs() > 10.0 * wrong[0].0.error);
    }

    #[test]
    fn chance_is_a_source_like_the_others() {
        let none = Copula::new(2, &[]).unwrap();
        let (sobol, shapley) = indices(&none, 2, 16_384, |z, chance| 2.0 * z[0] + z[1] + 2.0 * chance);
        for (i, exact) in [4.0 / 9.0, 1.0 / 9.0, 4.0 / 9.0].into_iter().enumerate() {
            near(&sobol[i].0, exact, "S");
            near(&sobol[i].1, exact, "T");
            near(&shapley[i], exact, "Shapley effect");
        }
    }

    #[test]
    fn bootstrap_errors_are_those_of_repeated_runs() {
        let none = Copula::new(1, &[]).unwrap();
        let sets: Vec<(f64, f64)> = (0..200)
            .map(|r| {
                let sets = [2 * r, 2 * r + 1].map(|set| futures(&none, 1, 512, set + 10));
                let play = |f: &TrialSet| -> Result<Vec<f64>, Infallible> {
                    let chance = |t: &u64| Address::new(9, 0, Purpose::Size, 0, 0).stream(*t).normal();
                    Ok(f.normals(0).iter().zip(&f.rest).map(|(z, t)| z + chance(t)).collect())
                };
                let y = sets.each_ref().map(|set| play(set).unwrap());
                let mix = CorrelationMix { copula: &none, one: &sets[0], other: &sets[1] };
                let found = sobol(&mix, &[Source::Input(0)], (&y[0], &y[1]), 3, play).unwrap();
                (found[0].0.share, found[0].0.error)
            })
            .collect();
        let shares: Vec<f64> = sets.iter().map(|s| s.0).collect();
        let stated = sets.iter().map(|s| s.1).sum::<f64>() / 200.0;
        let sd = Moments::of(&shares).unwrap().sd;
        // The standard deviation of 200 has a relative error of 5 %; five of those.
        assert!((stated / sd - 1.0).abs() < 0.25, "stated {stated}, found {sd}");
    }
}
