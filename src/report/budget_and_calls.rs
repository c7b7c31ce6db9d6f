//! What others have said, against the forecast: budgets and calls.

use super::sentences::level;
use crate::forecast::{BudgetLine, CallOutcome, Forecast};
use crate::units::format::{period_name, when};
use crate::units::{Frequency, plain};

/// Most rows of a budget that are told; the files have all.
const MOST_ROWS: usize = 4;

/// The budget by year or in all, each row as a label and a sentence: where it lies in the forecast, and what of it the forecast
/// attains. The main figure's metric and scope come first, then the total's others, then parts; also how many rows are left out.
pub(super) fn budget(forecast: &Forecast) -> (Vec<(String, String)>, usize) {
    let main = &forecast.main;
    let mut kinds: Vec<(&BudgetLine, Vec<usize>)> = Vec::new();
    for line in &forecast.budget {
        let known: Vec<usize> = (0..line.amount.len()).filter(|i| line.amount[*i].is_some()).collect();
        let same = |(other, _): &(&BudgetLine, _)| (other.metric, &other.scope) == (line.metric, &line.scope);
        match kinds.iter_mut().find(|kind| same(kind)) {
            // Years say most, then the whole; a budget of some months fills neither.
            Some(kind) if rank(line.every) < rank(kind.0.every) => *kind = (line, known),
            Some(_) => {}
            None => kinds.push((line, known)),
        }
    }
    let order = |line: &BudgetLine| {
        let is_main = line.metric == main.metric && line.scope == main.scope;
        (!is_main, line.scope != "total", line.metric != main.metric)
    };
    kinds.sort_by_key(|(line, _)| order(line));
    let alone = kinds.len() == 1;
    let mut rows = Vec::new();
    for (line, known) in &kinds {
        let Some(periods) = forecast.periods(line.every) else { continue };
        let place = if line.scope == "total" { String::new() } else { format!(" ({})", scope(forecast, &line.scope)) };
        for i in known.iter().take(if alone { known.len() } else { 1 }) {
            let what = format!("{}{place} {}", line.metric.name(), period_name(&periods.labels[*i]));
            rows.extend(sentence(forecast, line, *i).map(|text| (what, text)));
        }
    }
    let more = rows.len().saturating_sub(MOST_ROWS);
    rows.truncate(MOST_ROWS);
    (rows, more)
}

/// Which kind of period is told rather than another.
fn rank(every: Frequency) -> usize {
    let order = [
        Frequency::FiscalYear,
        Frequency::Year,
        Frequency::Total,
        Frequency::FiscalQuarter,
        Frequency::Quarter,
        Frequency::Month,
    ];
    order.iter().position(|known| *known == every).unwrap_or(order.len())
}

fn sentence(forecast: &Forecast, line: &BudgetLine, i: usize) -> Option<String> {
    let at = percentile(line.percentile.at(i).value?, line.equal.at(i).value);
    let budget = level(forecast, line.metric, line.amount[i]?);
    let percent = |x: f64| format!("{} %", forecast.currency.count(100.0 * x));
    let attained = [&line.attainment.p10, &line.attainment.p50, &line.attainment.p90].map(|column| column.at(i).value);
    let attained = match attained {
        [Some(low), Some(middle), Some(high)] => format!(
            "; the median attains {} of it (8 chances in 10: {} to {})",
            percent(middle),
            percent(low),
            percent(high)
        ),
        _ => String::new(),
    };
    Some(format!("{budget} is at {at}{attained}"))
}

/// "Head of sales: commit of €3.50M in 2027, called 2026-11-23: at P24; at least that in 76 in 100".
pub(super) fn call(forecast: &Forecast, call: &CallOutcome) -> String {
    let metric = if call.metric == forecast.main.metric { String::new() } else { format!(" {}", call.metric.name()) };
    let place = if call.scope == "total" { String::new() } else { format!(" ({})", scope(forecast, &call.scope)) };
    let date = call.date.as_ref().map_or_else(String::new, |date| format!(", called {date}"));
    let head = format!(
        "{}: {} of {}{metric}{place} {}{date}",
        plain(&call.who),
        plain(&call.name),
        level(forecast, call.metric, call.amount),
        when(&forecast.horizon(), &call.period, call.metric.is_of_period())
    );
    match call.percentile.value {
        None => format!("{head}: unknown ({})", call.metric.why_unknown()),
        Some(p) => {
            format!(
                "{head}: at {}; at least that in {}",
                percentile(p, call.equal.value),
                call.percentile.complement().chance()
            )
        }
    }
}

fn scope(forecast: &Forecast, key: &str) -> String {
    forecast.scope(key).map_or_else(|| key.to_owned(), |scope| plain(&scope.label))
}

/// P37; never P0 or P100, which a simulation cannot tell. "P26 to P50" where many futures come to just that.
fn percentile(below: f64, equal: Option<f64>) -> String {
    let at = |share: f64| match (100.0 * share).round() {
        p if p < 1.0 => "P1 or less".to_owned(),
        p if p > 99.0 => "P99 or more".to_owned(),
        p => format!("P{p}"),
    };
    match equal.filter(|equal| *equal > 0.02) {
        Some(equal) => {
            format!("{} to {}", at(below).trim_end_matches(" or less"), at(below + equal).trim_end_matches(" or more"))
        }
        None => at(below),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_that_many_futures_share_spans_percentiles() {
        assert_eq!(
            [(0.255, 0.24), (0.0, 0.3), (0.9, 0.1)].map(|(below, equal)| percentile(below, Some(equal))),
            ["P26 to P50", "P1 to P30", "P90 to P99"]
        );
    }

    #[test]
    fn percentiles_never_claim_certainty() {
        assert_eq!(
            [0.0, 0.004, 0.37, 0.996, 1.0].map(|below| percentile(below, Some(0.01))),
            ["P1 or less", "P1 or less", "P37", "P99 or more", "P99 or more"]
        );
    }
}
