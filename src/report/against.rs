//! What others have said, against the forecast: budgets and calls.

use super::words::{chance, level, period};
use crate::forecast::{BudgetLine, CallOutcome, Forecast};
use crate::units::{Every, plain};

/// Most periods of a budget that are told; the files have all.
const MOST_PERIODS: usize = 4;

/// The budget of the main figure's metric and scope (else the first one budgeted) by year, each as a label and a sentence:
/// where it lies in the forecast, and what of it the forecast attains.
pub(super) fn budget(forecast: &Forecast) -> Option<(String, Vec<(String, String)>)> {
    let main = &forecast.main;
    let wanted = [Every::FiscalYear, Every::Year, Every::Total];
    let of_main = wanted.iter().filter_map(|every| forecast.budgeted(main.metric, &main.scope, *every));
    let lines: Vec<&BudgetLine> = match of_main.collect::<Vec<_>>() {
        found if !found.is_empty() => found,
        _ => {
            let first = forecast.budget.first()?;
            let of_first = |line: &&BudgetLine| line.metric == first.metric && line.scope == first.scope;
            let found: Vec<&BudgetLine> = forecast.budget.iter().filter(of_first).collect();
            let yearly: Vec<&BudgetLine> = found.iter().filter(|line| wanted.contains(&line.every)).copied().collect();
            // A budget of some months fills no year.
            if yearly.is_empty() { found } else { yearly }
        }
    };
    let first = lines.first()?;
    let place = if first.scope == "total" { String::new() } else { format!(" ({})", scope(forecast, &first.scope)) };
    let told = lines.iter().take(1).chain(lines.iter().filter(|line| line.every == Every::Total).take(1));
    let mut sentences: Vec<(String, String)> = Vec::new();
    for line in told {
        let labels = &forecast.periods(line.every)?.labels;
        for (i, label) in labels.iter().enumerate().filter(|(i, _)| line.amount[*i].is_some()).take(MOST_PERIODS) {
            if sentences.iter().all(|(known, _)| known != label) {
                sentences.extend(sentence(forecast, line, i).map(|text| (label.clone(), text)));
            }
        }
    }
    Some((format!("Budget of {}{place}", first.metric.name()), sentences))
}

fn sentence(forecast: &Forecast, line: &BudgetLine, i: usize) -> Option<String> {
    let at = percentile(line.percentile[i]?);
    let budget = level(forecast, line.metric, line.amount[i]?);
    let percent = |x: f64| format!("{:.0} %", 100.0 * x);
    let (low, middle, high) = (line.attainment.p10[i], line.attainment.p50[i], line.attainment.p90[i]);
    let attained = match (low, middle, high) {
        (Some(low), Some(middle), Some(high)) => format!(
            "; the median attains {} of it (8 chances in 10: {} to {})",
            percent(middle),
            percent(low),
            percent(high)
        ),
        _ => String::new(),
    };
    Some(format!("{budget} is at {at}{attained}"))
}

/// "Head of sales's commit of €3.50M in 2027 (2026-11-23) is at P24: 76 in 100 of at least that."
pub(super) fn call(forecast: &Forecast, call: &CallOutcome) -> String {
    let metric = if call.metric == forecast.main.metric { String::new() } else { format!(" {}", call.metric.name()) };
    let place = if call.scope == "total" { String::new() } else { format!(" ({})", scope(forecast, &call.scope)) };
    let date = call.date.as_ref().map_or_else(String::new, |date| format!(", called {date}"));
    let head = format!(
        "{}: {} of {}{metric}{place} {}{date}",
        plain(&call.who),
        plain(&call.name),
        level(forecast, call.metric, call.amount),
        period(forecast, &call.period)
    );
    match call.percentile {
        None => format!("{head}: unknown (nothing is invested by then)"),
        Some(p) => {
            format!("{head}: at {}; at least that in {}", percentile(p), chance(1.0 - p, forecast.manifest.trials))
        }
    }
}

fn scope(forecast: &Forecast, key: &str) -> String {
    forecast.scope(key).map_or_else(|| key.to_owned(), |scope| plain(&scope.label))
}

/// P37; never P0 or P100, which a simulation cannot tell.
fn percentile(share: f64) -> String {
    match (100.0 * share).round() {
        p if p < 1.0 => "P1 or less".to_owned(),
        p if p > 99.0 => "P99 or more".to_owned(),
        p => format!("P{p}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_never_claim_certainty() {
        assert_eq!(
            [0.0, 0.004, 0.37, 0.996, 1.0].map(percentile),
            ["P1 or less", "P1 or less", "P37", "P99 or more", "P99 or more"]
        );
    }
}
