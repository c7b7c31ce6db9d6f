//! Trials as columns in memory, for whoever computes with them.

use crate::engine::{Run, RunError, SimulationScope};
use crate::model::Model;
use crate::outcomes::Grid;
use crate::scenario::Metric;

/// A metric in a region and a month, in every trial.
#[derive(Clone, Debug)]
pub struct TrialColumn {
    /// `bookings:europe:2027-03`: as in a shard, the metric, the region (total for what only the whole has) and the month.
    pub name: String,
    /// Its values, one a trial, in the order in which they were played: money in the scenario's currency, counts, or shares. NaN stands for unknown.
    pub values: Vec<f64>,
}

/// The columns of some metrics: metric by metric, in each region by region, in each month by month. Trials that are not kept are simulated again, no
/// more of them than these metrics need.
///
/// # Errors
/// [`RunError`] where that ends early.
pub fn trial_columns(run: &Run, metrics: &[Metric]) -> Result<Vec<TrialColumn>, RunError> {
    let model = &*run.model;
    let scopes: Vec<(Metric, &str, Vec<usize>)> = metrics.iter().flat_map(|metric| scopes(model, *metric)).collect();
    let months: Vec<String> = (0..model.horizon.months).map(|m| model.horizon.month(m).to_string()).collect();
    let names = scopes
        .iter()
        .flat_map(|(metric, region, _)| months.iter().map(move |month| format!("{}:{region}:{month}", metric.key())));
    let mut columns: Vec<TrialColumn> =
        names.map(|name| TrialColumn { name, values: Vec::with_capacity(model.trials) }).collect();
    let mut append = |grids: Vec<Grid>| {
        let values = grids.iter().flat_map(|grid| (0..months.len()).map(move |m| grid.month(m)));
        columns.iter_mut().zip(values).for_each(|(column, values)| column.values.extend_from_slice(values));
    };
    let won_deals_only = metrics.iter().all(|metric| metric.spec().won_deals_only);
    run.each_chunk_of::<RunError>(SimulationScope::new(months.len(), won_deals_only), |chunk| {
        append(run.execution.workers.map(scopes.len(), |i| {
            let (metric, _, regions) = &scopes[i];
            Grid::new(model, chunk, *metric, regions)
        }));
        Ok(())
    })?;
    Ok(columns)
}

/// The bytes that the columns of some metrics take.
pub fn trial_columns_bytes(model: &Model, metrics: &[Metric], trials: usize) -> f64 {
    let regions: usize = metrics.iter().map(|metric| scopes(model, *metric).len()).sum();
    (size_of::<f64>() * regions * model.horizon.months) as f64 * trials as f64
}

/// The regions that have a metric, or all of them together.
fn scopes(model: &Model, metric: Metric) -> Vec<(Metric, &str, Vec<usize>)> {
    if metric.total_only(model.has_costs()) {
        return vec![(metric, "total", (0..model.regions.len()).collect())];
    }
    model.regions.iter().enumerate().map(|(r, region)| (metric, region.key.as_str(), vec![r])).collect()
}
