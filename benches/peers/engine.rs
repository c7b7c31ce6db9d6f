//! revcast itself. The model's tables are made before the clock starts: once a process, whatever is then asked. How long that
//! takes is reported by itself.

use std::time::Instant;

use revcast::engine::{Execution, Memory, Resampling, Run, SimulationScope, each_block};
use revcast::forecast::forecast as summarise;
use revcast::model::{Model, resolve};
use revcast::outcomes::{Grid, Outcomes};
use revcast::scenario::Metric;

use super::workload::Workload;
use super::{Answer, percentiles};

/// The model with its tables, and the seconds that these took.
pub(crate) fn prepare(workload: &Workload) -> (Model, f64) {
    let start = Instant::now();
    let model = resolve(&workload.scenario).expect("the workload is sound");
    for region in &model.regions {
        region.size.prepare_up_to(1e3);
    }
    (model, start.elapsed().as_secs_f64())
}

/// What the peers compute: bookings by region and month, their totals, three percentiles.
pub(crate) fn bookings(model: &Model, execution: &Execution) -> Answer {
    let part = SimulationScope { won_deals_only: true, ..SimulationScope::whole(model) };
    let totals = |block: &Outcomes| total_bookings(model, block);
    let blocks = each_block(model, Resampling::None, part, execution, totals).expect("the workload runs");
    let totals = blocks.concat();
    let found = percentiles(&totals);
    (totals, found)
}

/// All that `revcast run` computes before it draws and writes: every metric and scope, bands with errors, shares of variance.
pub(crate) fn forecast(workload: &Workload, model: &Model, execution: &Execution) -> Answer {
    let run = Run::begin(model.clone(), execution, Memory::default()).expect("the workload runs");
    let forecast = summarise(&workload.scenario, &run, None).expect("the workload runs");
    let bands = &forecast.main.bands;
    let totals = total_bookings(model, run.kept().expect("it fits into memory"));
    (totals, [bands.p10.value, bands.p50.value, bands.p90.value].map(|band| band.expect("every trial has bookings")))
}

fn total_bookings(model: &Model, outcomes: &Outcomes) -> Vec<f64> {
    let regions: Vec<usize> = (0..model.regions.len()).collect();
    Grid::new(model, outcomes, Metric::Bookings, &regions).period(0..model.horizon.months)
}
