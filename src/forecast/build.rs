//! The whole document.

use super::bands::{all_series, distribution, kinds};
use super::calls::calls;
use super::closed_form::closed_form;
use super::document::{Forecast, Manifest, PeriodList, ScopeEcho};
use super::inputs::inputs;
use super::main_figure::{Choice, main_figure};
use super::plan::plan_line;
use super::precision::to_digits;
use super::targets::{payback, targets};
use crate::engine::{Monitor, RunError, Workers};
use crate::model::{Model, Scope, ScopeKind, scenario_hash};
use crate::outcomes::Outcomes;
use crate::scenario::Scenario;
use crate::units::{Every, Period, Periods};

/// Summarises `outcomes`, the run of `model`, which `scenario` means. The manifest lists no files yet: that is for whoever
/// writes them. Nor is there a budget: that is [`super::against_budget`]'s.
///
/// # Errors
/// [`RunError`] from the further passes that the shares of variance take.
pub fn forecast(
    scenario: &Scenario,
    model: &Model,
    outcomes: &Outcomes,
    workers: &Workers,
    monitor: &Monitor,
) -> Result<Forecast, RunError> {
    let plan = plan_line(model);
    let choice = Choice::of(model);
    let main = main_figure(model, &choice, outcomes, &plan, workers, monitor)?;

    let mut wanted: Vec<(crate::scenario::Metric, usize, Period)> =
        vec![(choice.metric, choice.scope, choice.period.clone())];
    wanted.extend(model.horizon.every(Every::Year).into_iter().map(|year| (choice.metric, choice.scope, year)));
    for target in &model.targets {
        if let Periods::One(period) = &target.periods {
            wanted.push((target.metric, target.scope, period.clone()));
        }
    }
    let mut distinct: Vec<(crate::scenario::Metric, usize, Period)> = Vec::new();
    for entry in wanted {
        if !distinct
            .iter()
            .any(|(metric, scope, period)| (*metric, *scope, &period.label) == (entry.0, entry.1, &entry.2.label))
        {
            distinct.push(entry);
        }
    }
    let distributions = workers.map(distinct.len(), |i| {
        let (metric, scope, period) = &distinct[i];
        let sample = Choice { metric: *metric, scope: *scope, period: period.clone() }.sample(model, outcomes);
        distribution(*metric, &model.scopes[*scope].key, &period.label, sample)
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
        manifest: Manifest {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario_hash: scenario_hash(scenario),
            seed: model.seed,
            trials: outcomes.trials(),
            files: Vec::new(),
            scenario: serde_json::to_value(scenario).unwrap_or_default(),
        },
        name: scenario.name.clone(),
        assumptions: scenario.assumptions.clone(),
        currency: scenario.currency.clone(),
        start: model.horizon.start,
        months: model.horizon.months,
        scopes: model.scopes.iter().map(|scope| echo(model, scope)).collect(),
        main,
        targets: targets(model, outcomes, workers),
        calls: calls(scenario, model, outcomes),
        budget: Vec::new(),
        payback: payback(model, outcomes),
        inputs: inputs(scenario, model),
        distributions: distributions.into_iter().flatten().collect(),
        periods,
        series: all_series(model, outcomes, &plan, workers),
        closed_form: closed_form(model, outcomes, &plan),
    })
}

fn echo(model: &Model, scope: &Scope) -> ScopeEcho {
    let win_rate = match (scope.kind, scope.regions.as_slice()) {
        (ScopeKind::Region, [r]) => Some(to_digits(model.regions[*r].funnel.win_rate(&model.mean_inputs()), 6)),
        _ => None,
    };
    ScopeEcho {
        key: scope.key.clone(),
        label: scope.label.clone(),
        kind: scope.kind,
        regions: scope.regions.iter().map(|r| model.regions[*r].key.clone()).collect(),
        win_rate,
    }
}
