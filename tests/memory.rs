//! Runs whose outcomes do not fit into memory: played again, they give the same bytes.

use revcast::engine::{Execution, Memory, Resampling, Run, RunError, SimulationScope, each_block, simulate};
use revcast::export::CsvStyle;
use revcast::forecast::{bytes, document_bytes, forecast};
use revcast::model::{Budget, Model, resolve};
use revcast::outcomes::Outcomes;
use revcast::scenario::Metric;
use serde_json::{Value, json};

use crate::common::{document_of, forecast_with, model, scenario, trials_of};

/// Everything that a forecast asks of its trials: regions and tags, levels and flows, renewals, each kind of target, a call,
/// investment before which ROI is unknown, market factor and correlated inputs.
pub(crate) fn rich(trials: usize) -> Value {
    let region = |segment: &str, size: f64| {
        json!({
            "tags": { "segment": segment }, "leads": { "monthly": {"mean": 40, "cv": 0.3}, "overdispersion": 0.05 },
            "conversion": {"low": 0.1, "mode": 0.2, "high": 0.4}, "cycle": { "mean_days": 40 },
            "deal_size": { "mean": size }, "retention": 0.8, "exposure": { "leads": 1 }
        })
    };
    json!({
        "name": "Rich", "start": "2027-01", "months": 18, "fiscal_year": {"first_month": 4},
        "simulation": {"trials": trials, "seed": 5}, "contract": {"term_months": 6},
        "market": {"volatility": 0.2, "persistence": 0.7},
        "regions": {"north": region("small", 900.0), "south": region("large", 9000.0), "west": region("large", 4000.0)},
        "correlations": [{"between": ["regions.*.conversion", "regions.*.conversion"], "rho": 0.5}],
        "investment": [{"name": "Team", "amount": 600000, "from_month": 3, "months": 6}],
        "targets": [
            {"name": "Year", "metric": "total_bookings", "period": "2027", "at_least": 1500000},
            {"name": "Each", "metric": "bookings", "period": "each-month", "at_least": 120000},
            {"name": "Quarters", "metric": "arr", "period": "each-quarter", "at_least": 900000, "tag": {"segment": "large"}},
            {"name": "Early return", "metric": "roi", "period": "2027-02", "at_least": 0},
            {"name": "Span", "metric": "revenue", "period": "2027-02..2028-03", "at_least": 1000000}
        ],
        "calls": [
            {"who": "VP", "period": "2027", "amount": 1600000},
            {"who": "VP", "metric": "roi", "period": "2027-01", "amount": 1},
            {"who": "VP", "metric": "customers", "period": "2027-Q4", "amount": 100, "region": "north"}
        ]
    })
}

/// The document, with a budget of flows and levels, and the table of trials.
fn written(json: &Value, memory: Memory) -> (String, Vec<u8>) {
    let (scenario, model) = (scenario(json), model(json));
    let mut budget = Budget::default();
    for month in 0..12 {
        budget.set(&model, Metric::TotalBookings, model.total(), month, 120_000.0);
        budget.set(&model, Metric::Arr, 1, month, if month == 4 { 0.0 } else { 500_000.0 });
    }
    let forecast = forecast_with(&scenario, Some(&budget), memory);
    (String::from_utf8(document_of(&forecast)).unwrap(), trials_of(&scenario, CsvStyle::Plain, memory))
}

#[test]
fn a_run_that_is_played_again_gives_the_bytes_of_one_that_is_kept() {
    for trials in [1, 2, 700, 2_048] {
        let json = rich(trials);
        let kept = written(&json, Memory::default());
        assert!(!Memory(0.0).keeps(&model(&json)));
        // Chunks of 128 trials, and of 640.
        for memory in [Memory(0.0), Memory(8.0 * 700.0 * bytes_of_a_trial(&json))] {
            let again = written(&json, memory);
            let fault = kept.0.lines().zip(again.0.lines()).find(|(a, b)| a != b);
            assert!(kept == again, "{trials} trials, {memory:?}: {fault:?}");
        }
    }
}

fn bytes_of_a_trial(json: &Value) -> f64 {
    let mut model = model(json);
    model.trials = 1;
    Memory::default().taken(&model)
}

#[test]
fn kept_runs_of_many_trials_are_summarised_in_pieces_to_the_same_bytes() {
    // Past 16,384 trials samples are no longer taken as a whole; one thread and several.
    let json = json!({
        "name": "Many", "start": "2027-01", "months": 2, "simulation": {"trials": 17_001},
        "regions": {"a": {"leads": {"monthly": 30, "overdispersion": 0.1}, "conversion": {"low": 0.1, "mode": 0.2, "high": 0.3},
            "cycle": {"mean_days": 20}, "deal_size": {"mean": 500}}}
    });
    let (scenario, model) = (scenario(&json), model(&json));
    let of = |threads, memory| {
        let execution = Execution::new(Some(threads));
        let run = Run::begin(model.clone(), &execution, memory).unwrap();
        assert_eq!(run.kept().is_some(), memory != Memory(0.0));
        document_of(&forecast(&scenario, &run, None).unwrap())
    };
    let kept = of(1, Memory::default());
    assert!(kept == of(3, Memory::default()) && kept == of(3, Memory(0.0)));
}

#[test]
fn what_is_played_in_chunks_is_what_is_played_at_once() {
    let model = model(&rich(1_000));
    let execution = Execution::new(Some(2));
    let all = simulate(&model, Resampling::None, SimulationScope::whole(&model), &execution).unwrap();
    let run = Run::begin(model.clone(), &execution, Memory(0.0)).unwrap();
    let (mut sizes, mut column) = (Vec::new(), Vec::new());
    run.each_chunk::<RunError>(|chunk| {
        sizes.push(chunk.trials());
        column.extend(chunk.column(3));
        Ok(())
    })
    .unwrap();
    assert_eq!(sizes, [128, 128, 128, 128, 128, 128, 128, 104]);
    assert_eq!(column, all.column(3));
    // Memory that is used again leaves no trace of the block before.
    let (part, columns) = (SimulationScope::whole(&model), 0..all.layout().columns());
    let seen = |block: &Outcomes| columns.clone().map(|column| block.column(column)).collect::<Vec<_>>();
    let blocks = each_block(&model, Resampling::None, part, &execution, seen).unwrap();
    for column in columns.clone() {
        let of_blocks: Vec<f64> = blocks.iter().flat_map(|block| &block[column]).copied().collect();
        assert_eq!(of_blocks, all.column(column), "column {column}");
    }
    let pieces: Vec<usize> = all.pieces(300).map(|piece| piece.trials()).collect();
    assert_eq!(pieces, [256, 256, 256, 232]);
}

#[test]
fn a_run_that_is_not_kept_can_be_stopped() {
    let json = rich(1_000);
    let (scenario, model) = (scenario(&json), model(&json));
    for memory in [Memory(0.0), Memory::default()] {
        let execution = Execution::new(Some(2));
        let run = Run::begin(model.clone(), &execution, memory).unwrap();
        execution.monitor.stop();
        assert_eq!(forecast(&scenario, &run, None).unwrap_err(), RunError::Stopped);
    }
}

#[test]
fn memory_grows_by_trials_until_they_are_no_longer_kept_and_hardly_after() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/ai-marketing-plan.json");
    let plan = revcast::scenario::load(&path, &[], &|p| std::fs::read(p)).unwrap();
    let plan = resolve(&plan).unwrap();
    let of = |trials| {
        let model = Model { trials, ..plan.clone() };
        (Memory::default().keeps(&model), bytes(&model, None, Memory::default()) / 1024.0 / 1024.0)
    };
    let [ten, hundred, million, ten_million] = [10_000, 100_000, 1_000_000, 10_000_000].map(of);
    assert!(ten.0 && hundred.0 && !million.0 && !ten_million.0);
    // MiB.
    assert!((60.0..120.0).contains(&ten.1), "{ten:?}");
    assert!((600.0..1_000.0).contains(&hundred.1), "{hundred:?}");
    assert!((500.0..1_536.0).contains(&million.1), "{million:?}");
    assert!(ten_million.1 < 10.0 * million.1, "{ten_million:?}");
}

#[test]
fn a_document_is_as_large_as_was_told_before() {
    for regions in [20, 60] {
        let mut json = rich(50);
        let region = json["regions"]["north"].clone();
        json["regions"].as_object_mut().unwrap().extend((0..regions).map(|i| (format!("r{i}"), region.clone())));
        let told = document_bytes(&model(&json), None);
        let written = document_of(&forecast_with(&scenario(&json), None, Memory::default())).len() as f64;
        assert!((0.9..1.6).contains(&(told / written)), "{regions}: {told} of {written}");
    }
}
