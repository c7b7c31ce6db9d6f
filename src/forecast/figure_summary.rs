//! A figure and the targets by themselves, for when not all of the forecast is asked for.

use super::bands::Bands;
use super::document::{Distribution, Series, TargetOutcome};
use super::plan::plan_line;
use super::series::{distribution, series};
use super::summary_request::SummaryRequest;
use super::targets::{ask_targets, targets};
use crate::engine::{Run, RunError};
use crate::model::Figure;
use crate::outcomes::Grid;
use crate::stats::Estimate;
use crate::units::Frequency;

/// What a forecast says of one figure, and of the targets.
#[derive(Clone, Debug)]
pub(crate) struct FigureSummary {
    pub(crate) bands: Bands<Estimate>,
    /// Month by month, and cumulative where the metric adds up.
    pub(crate) series: Vec<Series>,
    /// The whole distribution, where it is known.
    pub(crate) distribution: Option<Distribution>,
    /// The outcomes of the model's targets.
    pub(crate) targets: Vec<TargetOutcome>,
}

/// The summary of one figure of a run.
///
/// # Errors
/// [`RunError`] of the trials that are played for it.
pub(crate) fn figure_summary(run: &Run, figure: &Figure) -> Result<FigureSummary, RunError> {
    let Figure { metric, scope, ref period, .. } = *figure;
    let model = &run.model;
    let mut kinds = vec![Frequency::Month];
    if metric.is_flow() {
        kinds.push(Frequency::Cumulative);
    }
    let mut request = SummaryRequest::new(model);
    request.bands(metric, scope, &period.months);
    request.sample(metric, scope, &period.months);
    for every in &kinds {
        for period in model.horizon.every(*every) {
            request.bands(metric, scope, &period.months);
        }
    }
    ask_targets(model, &mut request);
    let summaries = request.summarize(run)?;
    let measured = summaries.bands(metric, scope, &period.months);
    let plan = Grid::new(model, &plan_line(model), metric, &model.scopes[scope].regions);
    let sample = summaries.sample(metric, scope, &period.months);
    Ok(FigureSummary {
        bands: measured.bands(),
        series: kinds
            .into_iter()
            .map(|every| series(&summaries, (metric, scope), (every, &model.horizon.every(every)), Some(&plan)))
            .collect(),
        distribution: distribution(&figure.key(model), sample),
        targets: targets(&summaries, &run.execution.workers),
    })
}
