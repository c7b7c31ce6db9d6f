//! A metric period by period: what is known, the forecast, budget, target and last year side by side.

use super::cell::{Cell, Held};
use super::context::SheetContext;
use super::fans::FanColumns;
use super::flow::FlowSheet;
use super::names;
use super::number_format::NumberKind;
use super::styles::NumberStyle;
use crate::export::ExportError;
use crate::forecast::{Bands, BudgetLine, Forecast, Series, TargetOutcome};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::{Frequency, Period, Periods};

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    ToDate,
    ToCome,
    P10,
    P50,
    P90,
    Mean,
    Plan,
    Budget,
    Attained,
    BelowBudget,
    Target,
    Distance,
    Chance,
    LastYear,
    Width,
}

/// How much of a table is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// What an executive asks for.
    Brief,
    /// The plan line and the targets of each period too.
    Whole,
}

/// A metric of a scope over the periods of several kinds.
#[derive(Debug)]
pub(super) struct PeriodTable<'a> {
    context: &'a SheetContext<'a>,
    pub(super) metric: Metric,
    pub(super) scope: &'a str,
    pub(super) columns: Vec<Column>,
}

/// The rows of the periods of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) first: u32,
    pub(super) last: u32,
}

impl Column {
    const ALL: [Column; 15] = [
        Column::ToDate,
        Column::ToCome,
        Column::P10,
        Column::P50,
        Column::P90,
        Column::Mean,
        Column::Plan,
        Column::Budget,
        Column::Attained,
        Column::BelowBudget,
        Column::Target,
        Column::Distance,
        Column::Chance,
        Column::LastYear,
        Column::Width,
    ];

    fn head(self, is_running: bool) -> &'static str {
        match self {
            Column::ToDate => "Known to date",
            Column::ToCome => "Still to come (P50)",
            Column::P10 => "P10",
            Column::P50 if is_running => "Latest estimate (P50)",
            Column::P50 => "P50 (median)",
            Column::P90 => "P90",
            Column::Mean => "Mean",
            Column::Plan => "Plan line",
            Column::Budget => "Budget",
            Column::Attained => "P50 / budget",
            Column::BelowBudget => "Futures below the budget",
            Column::Target => "Target",
            Column::Distance => "P50 − target",
            Column::Chance => "Chance of the target",
            Column::LastYear => "Last year",
            Column::Width => "P90 − P10",
        }
    }
}

impl<'a> PeriodTable<'a> {
    pub(super) fn new(
        context: &'a SheetContext<'a>,
        metric: Metric,
        scope: &'a str,
        kinds: &[Frequency],
        extent: Extent,
    ) -> PeriodTable<'a> {
        let mut table = PeriodTable { context, metric, scope, columns: Vec::new() };
        let forecast = context.forecast;
        let known = |of: &dyn Fn(Frequency, usize) -> bool| {
            kinds.iter().any(|every| (0..labels(forecast, *every).len()).any(|at| of(*every, at)))
        };
        let is_budgeted = known(&|every, at| table.budget(every, at).is_some());
        let is_shown = |column: &Column| match column {
            Column::ToDate | Column::ToCome => known(&|every, at| table.to_date(every, at).is_some()),
            Column::LastYear => known(&|every, at| table.last_year(every, at).is_some()),
            Column::BelowBudget => is_budgeted,
            // On the whole table there is room for a budget that is still to come.
            Column::Budget | Column::Attained => is_budgeted || extent == Extent::Whole,
            Column::Plan | Column::Width => extent == Extent::Whole,
            Column::Target | Column::Distance | Column::Chance => {
                extent == Extent::Whole && known(&|every, at| table.target(every, at).is_some())
            }
            _ => true,
        };
        table.columns = Column::ALL.into_iter().filter(is_shown).collect();
        table
    }

    /// Where a column stands behind the names of the periods, if it does.
    fn column(&self, column: Column) -> Option<u16> {
        self.columns.iter().position(|known| *known == column).map(|i| i as u16 + 1)
    }

    /// What a fan over rows that begin in a column is drawn from.
    pub(super) fn fan(&self, every: Frequency, rows: Rows, left: u16) -> FanColumns {
        let at = |column| left + self.column(column).unwrap_or(0);
        let months = || 0..self.context.forecast.months;
        let budgeted = months().any(|month| self.budget(every, month).is_some());
        let targets: Vec<_> = months().filter_map(|month| self.target(every, month)).collect();
        FanColumns {
            first: rows.first,
            last: rows.last,
            month: left,
            p10: at(Column::P10),
            p50: at(Column::P50),
            p90: at(Column::P90),
            width: at(Column::Width),
            plan: at(Column::Plan),
            budget: budgeted.then(|| at(Column::Budget)),
            target: targets.first().map(|target| (at(Column::Target), target.each.is_some())),
        }
    }

    /// Writes the heads of the columns, with what the periods are called.
    pub(super) fn heads(&self, flow: &mut FlowSheet, periods: &str) -> Result<(), ExportError> {
        let is_running = self.columns.contains(&Column::ToDate);
        let heads: Vec<&str> = self.columns.iter().map(|column| column.head(is_running)).collect();
        flow.heads(&[periods], &heads)
    }

    /// Writes the periods of a kind.
    pub(super) fn rows(&self, flow: &mut FlowSheet, every: Frequency) -> Result<Option<Rows>, ExportError> {
        let forecast = self.context.forecast;
        let Some(series) = forecast.series(self.metric, self.scope, every) else { return Ok(None) };
        let kind = kind(series);
        let first = flow.next();
        for (at, label) in labels(forecast, every).iter().enumerate() {
            let name = match forecast.periods(every).and_then(|list| list.starts.get(at)) {
                Some(month) if every == Frequency::Month => Cell::Month(*month, NumberStyle::MonthLabel),
                Some(start) if every == Frequency::Cumulative => Cell::Month(start.plus(at), NumberStyle::MonthLabel),
                _ if every == Frequency::Total => Cell::words(names::months_said(forecast)),
                _ if forecast.is_over(label) => Cell::words(format!("{} (actual)", names::period(label))),
                _ => Cell::words(names::period(label)),
            };
            let place = (flow.next(), flow.left());
            let cells = self.columns.iter().map(|column| self.cell(*column, series, at, kind, place));
            flow.row([name].into_iter().chain(cells))?;
        }
        Ok((flow.next() > first).then(|| Rows { first, last: flow.next() - 1 }))
    }

    /// Writes the sums of what adds up over the periods of a kind, where they are all months.
    pub(super) fn sums(&self, flow: &mut FlowSheet, every: Frequency, rows: Rows) -> Result<(), ExportError> {
        let forecast = self.context.forecast;
        let Some(series) = forecast.series(self.metric, self.scope, every).filter(|_| self.adds_up(every)) else {
            return Ok(());
        };
        let kind = kind(series);
        let cells = self.columns.iter().zip(1..).map(|(column, at)| {
            let values: Vec<Option<f64>> = match column {
                Column::Mean => series.bands.mean.value.clone(),
                Column::Budget => (0..series.plan.len()).map(|i| self.budget(every, i)).collect(),
                _ => return Cell::Empty,
            };
            Cell::sum(at, rows.first, &values, kind)
        });
        flow.row([Cell::total()].into_iter().chain(cells.collect::<Vec<Cell>>())).map(|_| ())
    }

    /// Whether the means of the periods of a kind add up to that of all months.
    fn adds_up(&self, every: Frequency) -> bool {
        let forecast = self.context.forecast;
        let periods: Vec<Period> = forecast.horizon().every(every);
        let all = periods.iter().map(|period| period.months.len()).sum::<usize>() == forecast.months;
        self.metric.is_flow() && periods.len() > 1 && all
    }

    fn cell(&self, column: Column, series: &Series, at: usize, kind: NumberKind, (row, left): (u32, u16)) -> Cell {
        let every = series.every;
        let bands: Bands<Estimate> = series.bands.at(at);
        let held = |column: Column, value: Option<f64>| Held::new(row, left + self.column(column).unwrap_or(0), value);
        let target = self.target(every, at);
        match column {
            Column::ToDate => Cell::exact(self.to_date(every, at), kind),
            Column::ToCome => {
                let known = held(Column::ToDate, self.to_date(every, at));
                Cell::less(held(Column::P50, bands.p50.value), known, kind)
            }
            Column::P10 => Cell::estimate(bands.p10, kind),
            Column::P50 => Cell::estimate(bands.p50, kind),
            Column::P90 => Cell::estimate(bands.p90, kind),
            Column::Mean => Cell::estimate(bands.mean, kind),
            Column::Plan => Cell::exact(series.plan.get(at).copied().flatten(), kind),
            Column::Budget => Cell::typed(self.budget(every, at), self.metric),
            Column::Attained => {
                Cell::over(held(Column::P50, bands.p50.value), held(Column::Budget, self.budget(every, at)))
            }
            Column::BelowBudget => {
                let line = self.budget_line(every);
                let below = line.map_or(Estimate::UNKNOWN, |line| line.percentile.at(at));
                Cell::estimate(below, NumberKind::Chance)
            }
            Column::Target => Cell::typed(target.map(|target| target.at_least), self.metric),
            Column::Distance => {
                let level = target.map(|target| target.at_least);
                Cell::less(held(Column::P50, bands.p50.value), held(Column::Target, level), kind)
            }
            Column::Chance => {
                let chance = target.map_or(Estimate::UNKNOWN, |target| match &target.each {
                    Some(each) => each.probabilities.at(at),
                    None => target.probability,
                });
                Cell::estimate(chance, NumberKind::Chance)
            }
            Column::LastYear => Cell::exact(self.last_year(every, at), kind),
            Column::Width => Cell::less(held(Column::P90, bands.p90.value), held(Column::P10, bands.p10.value), kind),
        }
    }

    fn budget_line(&self, every: Frequency) -> Option<&'a BudgetLine> {
        self.context.forecast.budgeted(self.metric, self.scope, every)
    }

    fn budget(&self, every: Frequency, at: usize) -> Option<f64> {
        self.budget_line(every)?.amount.get(at).copied()?
    }

    fn to_date(&self, every: Frequency, at: usize) -> Option<f64> {
        self.context.forecast.known(self.metric, self.scope, every)?.to_date.get(at).copied()?
    }

    fn last_year(&self, every: Frequency, at: usize) -> Option<f64> {
        self.context.forecast.known(self.metric, self.scope, every)?.last_year.get(at).copied()?
    }

    /// The first target for a period.
    fn target(&self, every: Frequency, at: usize) -> Option<&'a TargetOutcome> {
        let forecast = self.context.forecast;
        let label = labels(forecast, every).get(at)?;
        let is_due = |target: &&TargetOutcome| {
            let same = target.metric == self.metric && target.scope == self.scope;
            same && match target.period.as_str() {
                "each-month" => every == Frequency::Month,
                "each-quarter" => every == forecast.horizon().quarters(),
                period if every == Frequency::Cumulative => {
                    matches!(forecast.horizon().parse(period), Ok(Periods::One(period)) if period.months == (0..at + 1))
                }
                period => period == label,
            }
        };
        forecast.targets.iter().find(is_due)
    }
}

/// The labels of the periods of a kind.
pub(super) fn labels(forecast: &Forecast, every: Frequency) -> &[String] {
    forecast.periods(every).map_or(&[], |list| &list.labels)
}

/// How the figures of a series look: all alike.
pub(super) fn kind(series: &Series) -> NumberKind {
    let largest = |column: &[Option<f64>]| column.iter().flatten().fold(0.0, |most: f64, x| most.max(x.abs()));
    NumberKind::of(series.metric, largest(&series.bands.p90.value).max(largest(&series.plan)))
}
