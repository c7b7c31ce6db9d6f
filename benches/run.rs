//! Whole runs: `cargo bench --bench run`.

use std::path::Path;

use divan::Bencher;
use revcast::engine::{Memory, Monitor, Part, Pass, Run, Workers, play};
use revcast::forecast::{Forecast, forecast};
use revcast::model::{Model, resolve};
use revcast::scenario::{Scenario, Setting, load};

fn main() {
    divan::main();
}

fn plan(trials: u64) -> (Scenario, Model) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/ai-marketing-plan.json");
    let trials = Setting { option: String::new(), path: "simulation.trials".into(), value: trials.to_string() };
    let scenario = load(&path, &[trials], &|p| std::fs::read(p)).expect("the plan is sound");
    let model = resolve(&scenario).expect("the plan is sound");
    (scenario, model)
}

fn whole(scenario: &Scenario, model: &Model, workers: &Workers) -> Forecast {
    let monitor = Monitor::default();
    let run = Run::begin(model, workers, &monitor, Memory::default()).expect("the plan runs");
    forecast(scenario, &run, None).expect("the plan runs")
}

#[divan::bench(sample_count = 10)]
fn reading_and_resolving_the_plan() -> (Scenario, Model) {
    plan(10_000)
}

/// The trials alone, by number of threads.
#[divan::bench(args = [1, 2], sample_count = 5)]
fn trials_of_the_plan(bencher: Bencher, threads: usize) {
    let (_, model) = plan(10_000);
    let workers = Workers::new(Some(threads));
    bencher.bench_local(|| {
        play(&model, Pass::Run, Part::whole(&model), &workers, &Monitor::default()).map(|o| o.trials())
    });
}

/// Trials, shares of variance and all summaries.
#[divan::bench(args = [1_000, 10_000], sample_count = 5)]
fn forecast_of_the_plan(bencher: Bencher, trials: u64) {
    let (scenario, model) = plan(trials);
    let workers = Workers::new(None);
    bencher.bench_local(|| whole(&scenario, &model, &workers));
}

#[divan::bench(sample_count = 10)]
fn charts_of_the_plan(bencher: Bencher) {
    let (scenario, model) = plan(1_000);
    let forecast = whole(&scenario, &model, &Workers::new(None));
    bencher.bench_local(|| revcast::charts::draw(&forecast, revcast::charts::Size::Slide).map(|charts| charts.len()));
}
