//! The engine by part: `cargo bench --bench engine`.

use divan::{Bencher, black_box};
use revcast::chance::{Address, Purpose, Size, SizeShape, Stream, binomial_quantile, poisson_quantile};
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

#[divan::bench(args = [0.01, 1.0, 10.0, 30.0, 1000.0])]
fn poisson(bencher: Bencher, mean: f64) {
    let mut stream = stream();
    bencher.bench_local(|| poisson_quantile(black_box(mean), stream.uniform()));
}

#[divan::bench(args = [10.0, 100.0, 1000.0])]
fn binomial(bencher: Bencher, n: f64) {
    let mut stream = stream();
    bencher.bench_local(|| binomial_quantile(black_box(n), 0.94, stream.uniform()));
}

#[divan::bench(args = [1.0, 10.0, 90.0, 200.0])]
fn value_of_deals(bencher: Bencher, n: f64) {
    let size = Size::new(SizeShape::Lognormal, 0.8);
    let mut stream = stream();
    bencher.bench_local(|| {
        if n > size.exact_up_to() {
            size.sum_at(n, stream.normal())
        } else {
            (0..n as u64).map(|_| size.draw(stream.uniform())).sum()
        }
    });
}
