//! Time by number of leads, regions, months and threads: `cargo bench --bench scaling`.
//!
//! Ratios and exponents of the same cases, measured side by side: `cargo bench --bench ratios`.
#![allow(dead_code)] // benches share the cases, each using what it needs

mod cases;

use cases::{Base, Case, Change, LEADS, MONTHS, REGIONS, THREADS};
use divan::Bencher;
use divan::counter::ItemsCount;
use revcast::engine::Execution;

/// Trials of each sample.
const TRIALS: usize = 256;

fn main() {
    divan::main();
}

fn measure(bencher: Bencher<'_, '_>, case: Case, execution: &Execution, trials: usize) {
    let model = case.model(trials, 1);
    bencher.counter(ItemsCount::new(trials)).bench_local(|| case.play(&model, execution));
}

fn each<T: Copy>(values: &[T], change: fn(T) -> Change) -> Vec<Case> {
    values.iter().flat_map(|value| Case::of(change(*value))).collect()
}

#[divan::bench(args = each(&LEADS, Change::Leads), sample_count = 5)]
fn leads(bencher: Bencher<'_, '_>, case: Case) {
    measure(bencher, case, &Execution::new(Some(1)), TRIALS);
}

#[divan::bench(args = each(&REGIONS, Change::Shared), sample_count = 5)]
fn regions_that_share_the_leads(bencher: Bencher<'_, '_>, case: Case) {
    measure(bencher, case, &Execution::new(Some(1)), TRIALS);
}

#[divan::bench(args = each(&REGIONS, Change::Repeated), sample_count = 5)]
fn regions_with_leads_of_their_own(bencher: Bencher<'_, '_>, case: Case) {
    measure(bencher, case, &Execution::new(Some(1)), TRIALS);
}

#[divan::bench(args = each(&MONTHS, Change::Months), sample_count = 5)]
fn months(bencher: Bencher<'_, '_>, case: Case) {
    measure(bencher, case, &Execution::new(Some(1)), TRIALS);
}

#[divan::bench(args = THREADS, sample_count = 5)]
fn threads_on_the_plan(bencher: Bencher<'_, '_>, threads: usize) {
    measure(bencher, Case::new(Base::Plan, Change::None), &Execution::new(Some(threads)), 10_000);
}

#[divan::bench(args = THREADS, sample_count = 5)]
fn threads_on_the_workload(bencher: Bencher<'_, '_>, threads: usize) {
    measure(bencher, Case::new(Base::Workload, Change::None), &Execution::new(Some(threads)), 10_000);
}
