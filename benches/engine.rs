//! The engine by part: `cargo bench --bench engine`.

use divan::{Bencher, black_box};
use revcast::chance::{
    Address, DealSize, MoneyShape, Odds, Purpose, Stream, TrialKey, binomial_quantiles, poisson_quantiles,
};
use revcast::stats::special::normal_quantile;

fn main() {
    divan::main();
}

fn stream() -> Stream {
    Address::new(1, 0, Purpose::Won, 7, 3).stream(0)
}

#[divan::bench]
fn new_stream_and_one_uniform(bencher: Bencher) {
    let address = Address::new(1, 0, Purpose::Won, 7, 3);
    let mut trial = 0;
    bencher.bench_local(|| {
        trial += 1;
        address.stream(black_box(trial)).uniform()
    });
}

#[divan::bench]
fn uniform(bencher: Bencher) {
    let mut stream = stream();
    bencher.bench_local(|| stream.uniform());
}

#[divan::bench]
fn normal(bencher: Bencher) {
    let mut stream = stream();
    bencher.bench_local(|| normal_quantile(stream.uniform()));
}

#[divan::bench]
fn exponential_function(bencher: Bencher) {
    let mut stream = stream();
    bencher.bench_local(|| libm::exp(stream.uniform()));
}

/// Trials side by side, as the engine draws them; times are for all of them.
const LANES: usize = 128;

fn trials() -> Vec<TrialKey> {
    (0..LANES as u64).map(TrialKey::new).collect()
}

fn uniforms() -> Vec<f64> {
    let mut uniforms = vec![0.0; LANES];
    Address::new(1, 0, Purpose::Won, 7, 3).uniforms(&trials(), &mut uniforms);
    uniforms
}

/// Means or counts that differ from trial to trial by some percent.
fn about(middle: f64) -> Vec<f64> {
    (0..LANES).map(|lane| middle * (0.9 + 0.2 * lane as f64 / LANES as f64)).collect()
}

#[divan::bench]
fn uniforms_of_128_trials(bencher: Bencher) {
    let (address, trials, mut uniforms) = (Address::new(1, 0, Purpose::Won, 7, 3), trials(), vec![0.0; LANES]);
    bencher.bench_local(|| address.uniforms(black_box(&trials), &mut uniforms));
}

#[divan::bench(args = [0.01, 0.2, 1.0, 5.0, 10.0, 30.0, 1e3, 1e5, 1e9])]
fn poisson_of_128_trials(bencher: Bencher, mean: f64) {
    let (means, uniforms, mut counts) = (about(mean), uniforms(), vec![0.0; LANES]);
    bencher.bench_local(|| poisson_quantiles(black_box(&means), &uniforms, &mut counts));
}

#[divan::bench(args = [(50.0, 0.95), (50.0, 0.05), (200.0, 0.25), (1e5, 0.3), (1e9, 0.9)])]
fn binomial_of_128_trials(bencher: Bencher, (n, p): (f64, f64)) {
    let trials: Vec<f64> = about(n).into_iter().map(f64::floor).collect();
    let (odds, uniforms, mut counts) = (vec![Odds::new(p); LANES], uniforms(), vec![0.0; LANES]);
    bencher.bench_local(|| binomial_quantiles(black_box(&trials), &odds, &uniforms, &mut counts));
}

#[divan::bench(args = [1.0, 5.0, 50.0, 5e3, 1e6])]
fn sums_of_128_trials(bencher: Bencher, n: f64) {
    let size = DealSize::new(MoneyShape::Lognormal, 0.8);
    size.prepare();
    let counts: Vec<f64> = about(n).into_iter().map(f64::round).collect();
    let (uniforms, mut values) = (uniforms(), vec![0.0; LANES]);
    bencher.bench_local(|| size.sums(black_box(&counts), &uniforms, &mut values));
}

/// The tables behind the sums of a law nobody asked for before, up to a count.
#[divan::bench(args = [15.0, 1e3, 1e6], sample_size = 1, sample_count = 20)]
fn tables_of_sums_up_to(bencher: Bencher, n: f64) {
    let mut cv = 0.8;
    bencher.bench_local(|| {
        cv += 1e-9;
        DealSize::new(MoneyShape::Lognormal, cv).prepare_up_to(n);
    });
}
