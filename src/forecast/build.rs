//! The whole document.

use super::budget::{against_budget, ask_budget};
use super::calls::{ask_calls, calls};
use super::closed_form::closed_form;
use super::document::{Forecast, PeriodList};
use super::executive_classes::executive_classes;
use super::main_figure::{ask_main_figure, main_figure};
use super::plan::plan_line;
use super::series::{all_series, ask_series, distribution, kinds};
use super::sources::{actual_lines, ask_sources, source_stacks};
use super::summary_request::SummaryRequest;
use super::targets::{ask_payback, ask_targets, payback, targets};
use crate::documents::Header;
use crate::engine::{Memory, Run, RunError, people_bytes, table_bytes};
use crate::model::{Budget, Figure, Model, Target};
use crate::scenario::Scenario;
use crate::units::{Frequency, Periods};

/// Summarises a run of what `scenario` means, with the budget, if there is one, against it. The manifest lists no files yet:
/// that is for whoever writes them.
///
/// # Errors
/// [`RunError`] from the trials that are played for it: the passes that the shares of variance take, and the run itself where it
/// was too large to be kept.
pub fn forecast(scenario: &Scenario, run: &Run, budget: Option<&Budget>) -> Result<Forecast, RunError> {
    let (model, workers) = (&*run.model, &run.execution.workers);
    let plan = plan_line(model);
    let figure = Figure::main(model);
    let summaries = ask(model, &figure, budget).summarize(run)?;
    let main = main_figure(&figure, &summaries, &plan, run)?;

    let distributed = distributed(model, &figure);
    let distributions = workers.map(distributed.len(), |i| {
        let figure = &distributed[i];
        let sample = summaries.sample(figure.metric, figure.scope, &figure.period.months);
        distribution(&figure.key(model), sample)
    });

    let periods = kinds(model)
        .into_iter()
        .map(|every| {
            let list = model.horizon.every(every);
            PeriodList {
                every,
                labels: list.iter().map(|period| period.label.clone()).collect(),
                starts: list.iter().map(|period| model.horizon.month(period.months.start)).collect(),
            }
        })
        .collect();

    Ok(Forecast {
        header: Header::new(scenario, model),
        precision: None,
        main,
        targets: targets(&summaries, workers),
        calls: calls(scenario, &summaries),
        budget: budget.map_or_else(Vec::new, |budget| against_budget(budget, &summaries)),
        payback: payback(&summaries),
        distributions: distributions.into_iter().flatten().collect(),
        periods,
        actuals: actual_lines(model),
        source_stacks: source_stacks(&summaries),
        executive_classes: executive_classes(&summaries),
        series: all_series(&summaries, &plan, workers),
        closed_form: closed_form(&summaries, &plan),
    })
}

/// About how many bytes of memory a run of a model takes with its forecast: the outcomes that are in memory at once, the samples
/// that are needed as a whole, and, of every period of every series, its figures and what finds them.
pub fn bytes(model: &Model, budget: Option<&Budget>, memory: Memory) -> f64 {
    let tables = table_bytes(model) + people_bytes(model);
    memory.taken(model) + tables + ask(model, &Figure::main(model), budget).bytes(memory)
}

/// About how many bytes the forecast takes as JSON.
pub fn document_bytes(model: &Model, budget: Option<&Budget>) -> f64 {
    // The plan, nine figures and their errors, of up to nine digits each.
    const PERIOD: f64 = 180.0;
    PERIOD * ask(model, &Figure::main(model), budget).asked() as f64
}

/// All that the forecast asks of the trials.
fn ask<'m>(model: &'m Model, main: &Figure, budget: Option<&Budget>) -> SummaryRequest<'m> {
    let mut request = SummaryRequest::new(model);
    ask_series(model, &mut request);
    ask_main_figure(main, model, &mut request);
    for figure in distributed(model, main) {
        request.sample(figure.metric, figure.scope, &figure.period.months);
    }
    ask_targets(model, &mut request);
    ask_payback(model, &mut request);
    ask_calls(model, &mut request);
    ask_sources(model, &mut request);
    if let Some(budget) = budget {
        ask_budget(model, budget, &mut request);
    }
    request
}

/// The figures that are shown with their whole distribution: the main figure, it in each year, and what targets are set for.
fn distributed(model: &Model, main: &Figure) -> Vec<Figure> {
    let years = model.horizon.every(Frequency::Year).into_iter().map(|period| Figure { period, ..main.clone() });
    let one = |target: &&Target| matches!(target.periods, Periods::One(_));
    let of_targets = model.targets.iter().filter(one).map(|target| Figure::of_target(model, target));
    let mut distinct = vec![main.clone()];
    for figure in years.chain(of_targets) {
        if !distinct.contains(&figure) {
            distinct.push(figure);
        }
    }
    distinct
}
