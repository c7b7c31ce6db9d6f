//! The plan line by year: average inputs and no luck.

use std::fmt::Write;

use super::terminal::{rows, wrap};
use crate::findings::{Cell, Table};
use crate::forecast::plan_line;
use crate::model::Model;
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::{Metric, Scenario, Target};
use crate::units::format::{count, period_name, when};
use crate::units::{Frequency, Period, Periods, plain};

/// Most years that are shown beside each other.
const MOST_YEARS: usize = 6;

/// The table, for a terminal of `width` columns: a row a metric, a column a year, and the horizon.
pub(super) fn plan_table(scenario: &Scenario, model: &Model, width: usize) -> String {
    let plan = plan_line(model);
    let years = model.horizon.every(if model.fiscal { Frequency::FiscalYear } else { Frequency::Year });
    let total = model.horizon.every(Frequency::Total);
    let many = years.len() > MOST_YEARS;
    let shown: Vec<&Period> = years.iter().take(MOST_YEARS).chain(&total).collect();
    let regions = &model.scopes[model.total()].regions;
    let invested = model.invests();
    let renewed = model.regions.iter().any(|region| region.retention.at(&model.mean_inputs()) > 0.0);
    let is_asked = |metric: &Metric| match metric {
        Metric::Leads | Metric::WonDeals | Metric::Bookings | Metric::Arr => true,
        Metric::Renewals | Metric::TotalBookings | Metric::Customers => renewed,
        Metric::Arpa | Metric::Ltv => true,
        Metric::StartedLeads | Metric::AeHeadcount | Metric::SdrHeadcount | Metric::QuotaAttainment => true,
        _ if metric.spec().of_investment => invested,
        _ => false,
    };
    let asked: Vec<(Metric, Grid)> =
        model.metrics().filter(is_asked).map(|metric| (metric, Grid::new(model, &plan, metric, regions))).collect();
    let name = |metric: Metric| {
        if metric.is_of_period() { metric.name().to_owned() } else { format!("{} at the end", metric.name()) }
    };
    let mut table = Table::default();
    table.read("", asked.iter().map(|(metric, _)| Cell::text(name(*metric))));
    for period in shown {
        let head = match period.every {
            Frequency::Total => count(model.horizon.months, "month"),
            _ => period_name(&period.label),
        };
        let cell = |(metric, grid): &(Metric, Grid)| {
            let value = Some(grid.period(period.months.clone())[0]).filter(|value| value.is_finite());
            Cell::number(value, |value| metric.worked_out(&scenario.currency, value))
        };
        table.read(head, asked.iter().map(cell));
    }
    let mut out = String::from("Plan line (average inputs, no luck; a forecast's median may differ):\n");
    out.push_str(&rows(&table, width));
    if many {
        let _ = writeln!(out, "  (the first {MOST_YEARS} of {} years)", years.len());
    }
    if model.market_moves() {
        out.push_str("  (with the market at rest, which brings a little less than its average)\n");
    }
    for target in &scenario.targets {
        let _ = writeln!(out, "{}", wrap(&target_line(scenario, model, &plan, target), width, "  "));
    }
    for (call, found) in scenario.calls.iter().zip(&model.calls) {
        let amount = said(scenario, call.metric, call.amount);
        let of = place(model, found.scope);
        let when = when(&scenario.horizon(), &call.period, call.metric.is_of_period());
        let date = call.date.map_or_else(String::new, |date| format!(", called {date}"));
        let text = format!(
            "Call by {}: {} of {amount} {}{of} {when}{date}.",
            plain(&call.who),
            plain(&call.name),
            call.metric.name()
        );
        let _ = writeln!(out, "{}", wrap(&text, width, "  "));
    }
    out
}

/// A level as it was entered.
fn said(scenario: &Scenario, metric: Metric, level: f64) -> String {
    metric.exact(&scenario.currency, level)
}

/// Of which regions: nothing for all of them.
fn place(model: &Model, scope: usize) -> String {
    if scope == model.total() { String::new() } else { format!(" ({})", plain(&model.scopes[scope].label)) }
}

/// What the plan line gives for a target.
fn target_line(scenario: &Scenario, model: &Model, plan: &Outcomes, target: &Target) -> String {
    let Some(found) = model.targets.iter().find(|found| found.name == target.name) else {
        return String::new();
    };
    let grid = Grid::new(model, plan, found.metric, &model.scopes[found.scope].regions);
    let of = |period: &Period| grid.period(period.months.clone())[0];
    let gives = match &found.periods {
        Periods::One(period) => match of(period) {
            value if value.is_finite() => format!("gives {}", target.metric.worked_out(&scenario.currency, value)),
            _ => format!("is unknown: {}", target.metric.lacks()),
        },
        Periods::Each(periods) => {
            let met = periods.iter().filter(|period| of(period) >= target.at_least).count();
            format!("has it in {met} of {}", periods.len())
        }
    };
    format!(
        "Target {}: {}{} of at least {} {}; the plan line {gives}.",
        plain(&target.name),
        target.metric.name(),
        place(model, found.scope),
        said(scenario, target.metric, target.at_least),
        when(&scenario.horizon(), &target.period, target.metric.is_of_period())
    )
}
