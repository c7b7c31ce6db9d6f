//! A figure and the targets by themselves, for when not all of the forecast is asked for.

use super::bands::Bands;
use super::document::{Distribution, Series, TargetOutcome};
use super::plan::plan_line;
use super::questions::Questions;
use super::series::{distribution, series};
use super::targets::{ask_targets, targets};
use crate::engine::{Run, RunError};
use crate::model::Figure;
use crate::outcomes::Grid;
use crate::stats::Estimate;
use crate::units::Every;

/// What a forecast says of one figure, and of the targets.
#[derive(Clone, Debug)]
pub(crate) struct Portrait {
    pub(crate) bands: Bands<Estimate>,
    /// Month by month, and cumulative where the metric adds up.
    pub(crate) series: Vec<Series>,
    /// The whole distribution, where it is known.
    pub(crate) distribution: Option<Distribution>,
    /// The model's targets.
    pub(crate) targets: Vec<TargetOutcome>,
}

/// The portrait of a run.
///
/// # Errors
/// [`RunError`] of the trials that are played for it.
pub(crate) fn portrait(run: &Run, figure: &Figure) -> Result<Portrait, RunError> {
    let Figure { metric, scope, ref period, .. } = *figure;
    let model = &run.model;
    let mut kinds = vec![Every::Month];
    if metric.is_flow() {
        kinds.push(Every::Cumulative);
    }
    let mut questions = Questions::new(model);
    questions.bands(metric, scope, &period.months);
    questions.sample(metric, scope, &period.months);
    for every in &kinds {
        for period in model.horizon.every(*every) {
            questions.bands(metric, scope, &period.months);
        }
    }
    ask_targets(model, &mut questions);
    let answers = questions.answered(run)?;
    let measured = answers.bands(metric, scope, &period.months);
    let plan = Grid::new(model, &plan_line(model), metric, &model.scopes[scope].regions);
    let sample = answers.sample(metric, scope, &period.months);
    Ok(Portrait {
        bands: measured.bands(),
        series: kinds.into_iter().map(|every| series(&answers, metric, scope, every, &plan)).collect(),
        distribution: distribution(&figure.key(model), sample),
        targets: targets(&answers, &run.execution.workers),
    })
}
