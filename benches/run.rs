//! Whole runs: `cargo bench --bench run`.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use divan::Bencher;
use revcast::analysis::{Axis, SweepRun};
use revcast::documents::Manifest;
use revcast::engine::{Execution, Memory, Resampling, Run, SimulationScope, Trials, simulate};
use revcast::forecast::{Forecast, forecast};
use revcast::model::{Model, resolve};
use revcast::scenario::{Scenario, Setting, load};
use revcast::shards::{Merged, Portion, ShardManifest, write};

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

fn whole(scenario: &Scenario, model: &Model, execution: &Execution) -> Forecast {
    let run = Run::begin(model.clone(), execution, Memory::default()).expect("the plan runs");
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
    let execution = Execution::new(Some(threads));
    bencher.bench_local(|| {
        simulate(&model, Resampling::None, SimulationScope::whole(&model), &execution).map(|o| o.trials())
    });
}

/// Trials, shares of variance and all summaries.
#[divan::bench(args = [1_000, 10_000], sample_count = 5)]
fn forecast_of_the_plan(bencher: Bencher, trials: u64) {
    let (scenario, model) = plan(trials);
    let execution = Execution::new(None);
    bencher.bench_local(|| whole(&scenario, &model, &execution));
}

#[divan::bench(sample_count = 10)]
fn charts_of_the_plan(bencher: Bencher) {
    let (scenario, model) = plan(1_000);
    let forecast = whole(&scenario, &model, &Execution::new(None));
    bencher.bench_local(|| {
        let charts = revcast::charts::of_forecast(&forecast, revcast::charts::Size::Slide);
        charts
            .iter()
            .map(|chart| (chart.svg("chart"), chart.png()))
            .filter(|(svg, png)| svg.is_ok() && png.is_ok())
            .count()
    });
}

/// All futures of the plan as one shard.
fn shard(scenario: &Scenario, model: &Model) -> Bytes {
    let manifest = Manifest::of(scenario, model);
    let about = ShardManifest {
        manifest,
        series: "plan".to_owned(),
        file: "plan.json".to_owned(),
        what_if: false,
        precision: None,
        portion: Portion::WHOLE,
    };
    let mut bytes = Vec::new();
    write(model, &about, &Execution::new(None), &mut bytes).expect("it is written to memory");
    bytes.into()
}

/// Playing futures and writing them down, beside `forecast_of_the_plan`, which does not write them down but sums them up.
#[divan::bench(sample_count = 5)]
fn shard_of_the_plan(bencher: Bencher) {
    let (scenario, model) = plan(10_000);
    bencher.bench_local(|| shard(&scenario, &model).len());
}

/// Reading them again and summing them up.
#[divan::bench(sample_count = 5)]
fn merge_of_the_plan(bencher: Bencher) {
    let (scenario, model) = plan(10_000);
    let shard = shard(&scenario, &model);
    let execution = Execution::new(None);
    bencher.bench_local(|| {
        let bytes = shard.clone();
        let joined = Merged::of(&["1".to_owned()], Arc::new(move |_| Ok(bytes.clone()))).expect("it is a shard");
        let joined = Arc::new(joined);
        let run = Run::of(Arc::clone(&joined.model), &execution, Trials::Stored(Arc::clone(&joined) as _))
            .expect("it can be read");
        forecast(&joined.scenario, &run, None).expect("it can be read").main.bands.p50.value
    });
}

/// 27 combinations: of fields of all regions, and of a field of each region, whose trials are shared.
#[divan::bench(args = ["all", "each"], sample_count = 3)]
fn sweep_of_the_plan(bencher: Bencher, regions: &str) {
    let (scenario, model) = plan(10_000);
    let fields = match regions {
        "all" => ["*.conversion", "*.leads.monthly", "*.deal_size.mean"],
        _ => ["europe.conversion", "latin_america.conversion", "asia_pacific.conversion"],
    };
    let axes = fields.map(|field| Axis::parse(&format!("regions.{field}*=0.9,1,1.1")).expect("it is an axis")).to_vec();
    let sweeping = SweepRun::new(&scenario, model, axes).expect("the grid is sound");
    let execution = Execution::new(None);
    bencher.bench_local(|| {
        let swept = sweeping.play(0..sweeping.combinations(), &execution, &|| ());
        swept.map(|sweep| sweep.rows.len()).ok()
    });
}
