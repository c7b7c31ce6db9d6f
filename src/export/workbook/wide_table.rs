//! Bands with the periods across: a row a metric, scope and statistic, a column a period.
//!
//! So a row is a series that can be charted as it stands, and every column can be filtered. The standard errors have a
//! sheet of their own with every error in the same cell as its estimate.

use std::collections::BTreeMap;

use super::context::SheetContext;
use super::names;
use super::number_format::{NumberKind, typed};
use super::scope_selection::ScopeSelection;
use super::styles::{NumberStyle, TextStyle};
use super::worksheet::{MOST_ROWS, Sheet};
use crate::export::ExportError;
use crate::forecast::{ActualLine, Bands, BudgetLine, Forecast, Series, TargetOutcome};
use crate::scenario::Metric;
use crate::stats::{Estimate, Estimates};
use crate::units::format::period_name;
use crate::units::{Frequency, Month, Periods};

/// The row of the columns' heads.
pub(super) const HEAD: u32 = 3;
/// The first column of figures; before it stand metric, region and statistic.
pub(super) const FIRST: u16 = 3;

const ADDING: &str = "Percentiles do not add up, over periods or regions: each sum is formed inside each future first. P10 is the \
value that 10 % of outcomes fall below. More percentiles and the standard deviation: bands.csv.";

/// A sheet of bands, and how its rows and columns lie.
#[derive(Debug)]
pub(super) struct WideTable<'a> {
    /// The name of the sheet or row.
    pub(super) name: &'static str,
    error_name: &'static str,
    forecast: &'a Forecast,
    columns: Vec<Column<'a>>,
    lines: Vec<Line<'a>>,
    series: BTreeMap<(Metric, &'a str, Frequency), &'a Series>,
    budget: BTreeMap<(Metric, &'a str, Frequency), &'a BudgetLine>,
    actuals: BTreeMap<(Metric, &'a str, Frequency), &'a ActualLine>,
    /// Whether not everything had room.
    cut: bool,
}

#[derive(Debug)]
struct Column<'a> {
    every: Frequency,
    /// Which of its kind it is.
    at: usize,
    label: &'a str,
    from: Month,
}

#[derive(Debug)]
struct Line<'a> {
    metric: Metric,
    scope: &'a str,
    statistic: Statistic<'a>,
}

impl<'a> WideTable<'a> {
    /// The sheets that this forecast has periods for.
    pub(super) fn all(forecast: &'a Forecast, selection: &ScopeSelection<'a>) -> Vec<WideTable<'a>> {
        // Who has fiscal years looks for them first.
        let sheets: [(&str, &str, &[Frequency]); 6] = [
            ("Months", "Months errors", &[Frequency::Month]),
            ("Fiscal quarters", "Fiscal quarters errors", &[Frequency::FiscalQuarter]),
            ("Fiscal years", "Fiscal years errors", &[Frequency::FiscalYear]),
            ("Quarters", "Quarters errors", &[Frequency::Quarter]),
            ("Years", "Years errors", &[Frequency::Year, Frequency::Total]),
            ("Cumulative", "Cumulative errors", &[Frequency::Cumulative]),
        ];
        let sheets = sheets
            .into_iter()
            .map(|(name, error_name, kinds)| WideTable::new(name, error_name, kinds, forecast, selection));
        sheets.filter(|sheet| !sheet.columns.is_empty() && !sheet.lines.is_empty()).collect()
    }

    fn new(
        name: &'static str,
        error_name: &'static str,
        kinds: &[Frequency],
        forecast: &'a Forecast,
        selection: &ScopeSelection<'a>,
    ) -> WideTable<'a> {
        let mut columns = Vec::new();
        for list in kinds.iter().filter_map(|every| forecast.periods(*every)) {
            let periods = list.labels.iter().zip(&list.starts).enumerate();
            columns.extend(periods.map(|(at, (label, from))| Column { every: list.every, at, label, from: *from }));
        }
        let shown = forecast.series.iter().filter(|series| kinds.contains(&series.every));
        let budgeted = forecast.budget.iter().filter(|line| kinds.contains(&line.every));
        let known = forecast.actuals.iter().filter(|line| kinds.contains(&line.every));
        let mut sheet = WideTable {
            name,
            error_name,
            forecast,
            columns,
            lines: Vec::new(),
            series: shown.map(|s| ((s.metric, s.scope.as_str(), s.every), s)).collect(),
            budget: budgeted.map(|b| ((b.metric, b.scope.as_str(), b.every), b)).collect(),
            actuals: known.map(|a| ((a.metric, a.scope.as_str(), a.every), a)).collect(),
            cut: selection.short,
        };
        sheet.add_lines(selection);
        sheet
    }

    /// Adds the lines: metrics in the order of reports, scopes in the scenario's.
    fn add_lines(&mut self, selection: &ScopeSelection) {
        for metric in Metric::ALL {
            for scope in self.forecast.scopes.iter().filter(|scope| selection.shows(&scope.key)) {
                let of = |statistic| Line { metric, scope: &scope.key, statistic };
                let known = |line: &Line| self.columns.iter().any(|column| self.value(line, column).is_some());
                if !self.columns.iter().any(|c| self.series.contains_key(&(metric, scope.key.as_str(), c.every))) {
                    continue;
                }
                let mut lines: Vec<Line> = Statistic::BANDS.into_iter().chain([Statistic::Plan]).map(of).collect();
                lines.extend([Statistic::Budget].into_iter().chain(Statistic::ACTUALS).map(of).filter(known));
                lines.extend(self.forecast.targets.iter().map(|target| of(Statistic::Target(target))).filter(known));
                if self.lines.len() + lines.len() > MOST_ROWS as usize {
                    self.cut = true;
                    return;
                }
                self.lines.extend(lines);
            }
        }
    }

    fn value(&self, line: &Line, column: &Column) -> Option<f64> {
        let key = (line.metric, line.scope, column.every);
        match line.statistic {
            Statistic::Band(_, of) => of(&self.series.get(&key)?.bands).at(column.at).value,
            Statistic::Plan => self.series.get(&key)?.plan.get(column.at).copied()?,
            Statistic::Budget => self.budget.get(&key)?.amount.get(column.at).copied()?,
            Statistic::Actual(_, of) => of(self.actuals.get(&key)?).get(column.at).copied()?,
            Statistic::Target(target) => {
                let same = target.metric == line.metric && target.scope == line.scope;
                (same && self.is_due(target, column)).then_some(target.at_least)
            }
        }
    }

    /// The standard error of a value; what is no estimate has none.
    fn error(&self, line: &Line, column: &Column) -> Option<f64> {
        let Statistic::Band(_, of) = line.statistic else { return None };
        of(&self.series.get(&(line.metric, line.scope, column.every))?.bands).at(column.at).error
    }

    /// Whether a target is for the period of a column.
    fn is_due(&self, target: &TargetOutcome, column: &Column) -> bool {
        match column.every {
            Frequency::Month if target.period == "each-month" => true,
            every if target.period == "each-quarter" && every == self.forecast.horizon().quarters() => true,
            Frequency::Cumulative => match self.forecast.horizon().parse(&target.period) {
                Ok(Periods::One(period)) => period.months == (0..column.at + 1),
                _ => false,
            },
            _ => target.period == column.label,
        }
    }

    /// The row of a statistic of a metric and scope, by its name.
    pub(super) fn row(&self, metric: Metric, scope: &str, statistic: &str) -> Option<u32> {
        let found = |line: &Line| line.metric == metric && line.scope == scope && line.statistic.name() == statistic;
        self.lines.iter().position(found).map(|i| HEAD + 1 + i as u32)
    }

    /// The targets of a metric and scope that have a row here, with the row.
    pub(super) fn targets(&self, metric: Metric, scope: &str) -> Vec<(u32, &'a TargetOutcome)> {
        let lines = self.lines.iter().zip(HEAD + 1..).filter(|(line, _)| line.metric == metric && line.scope == scope);
        lines
            .filter_map(|(line, row)| if let Statistic::Target(t) = line.statistic { Some((row, t)) } else { None })
            .collect()
    }

    /// The last column of figures.
    pub(super) fn last_column(&self) -> u16 {
        FIRST + self.columns.len() as u16 - 1
    }

    /// The sheet of estimates.
    pub(super) fn bands<'b>(&self, context: &'b SheetContext) -> Result<Sheet<'b>, ExportError> {
        let remark = format!(
            "{ADDING} The standard error of each estimate has the same cell of the sheet '{}'.",
            self.error_name
        );
        self.page(self.name, self.name, &remark, context, false)
    }

    /// The sheet of their standard errors.
    pub(super) fn errors<'b>(&self, context: &'b SheetContext) -> Result<Sheet<'b>, ExportError> {
        let title = format!("Standard errors of '{}'", self.name);
        let remark = format!(
            "The simulation's own error of each estimate: the error of a cell of '{}' has the same cell here. More futures shrink \
             it, never the range of outcomes. Plan, budget and targets are exact.",
            self.name
        );
        self.page(self.error_name, &title, &remark, context, true)
    }

    fn page<'b>(
        &self,
        name: &str,
        title: &str,
        remark: &str,
        context: &'b SheetContext,
        of_errors: bool,
    ) -> Result<Sheet<'b>, ExportError> {
        let mut page = Sheet::begin(name, title, remark, &context.styles)?;
        self.write_heads(&mut page)?;
        let largest = self.largest_estimates();
        for (line, row) in self.lines.iter().zip(HEAD + 1..) {
            page.text(row, 0, &names::metric(line.metric), TextStyle::Cell)?;
            page.text(row, 1, &context.names.scope(line.scope), TextStyle::Cell)?;
            page.text(row, 2, &line.statistic.name(), TextStyle::Cell)?;
            self.write_figures(&mut page, line, row, NumberKind::of(line.metric, largest[&line.metric]), of_errors)?;
        }
        let last = HEAD + self.lines.len() as u32;
        if self.cut {
            let text = "There is no room for more in a workbook; bands.csv has every region.";
            page.text(last + 1, 0, text, TextStyle::Cell)?;
        }
        let digits = libm::floor(libm::log10(largest.values().fold(1.0, |most: f64, x| most.max(*x)))) + 1.0;
        let width = (digits * 4.0 / 3.0 + 5.0).clamp(12.0, 40.0);
        let widths: Vec<f64> = [20.0, 22.0, 22.0].into_iter().chain(self.columns.iter().map(|_| width)).collect();
        page.widths(&widths)?;
        page.table(HEAD, FIRST, last)?;
        Ok(page)
    }

    /// Writes the heads of the columns: months as dates, other periods by their labels.
    fn write_heads(&self, page: &mut Sheet) -> Result<(), ExportError> {
        page.heads(HEAD, 0, &["Metric", "Region", "Statistic"])?;
        // The label of a fiscal period does not say when it begins.
        let fiscal = matches!(self.columns[0].every, Frequency::FiscalQuarter | Frequency::FiscalYear);
        for (column, at) in self.columns.iter().zip(FIRST..) {
            match column.every {
                Frequency::Month => page.month(HEAD, at, column.from, NumberStyle::MonthHead)?,
                Frequency::Cumulative => page.month(HEAD, at, column.from.plus(column.at), NumberStyle::MonthHead)?,
                Frequency::Total => page.text(HEAD, at, "Total", TextStyle::FigureHead)?,
                _ => page.text(HEAD, at, &period_name(column.label), TextStyle::FigureHead)?,
            }
            if fiscal {
                page.month(HEAD - 1, at, column.from, NumberStyle::Month)?;
            }
        }
        match self.columns[0].every {
            Frequency::Cumulative => page.text(HEAD - 1, 2, "From the start to the end of", TextStyle::Cell),
            _ if fiscal => page.text(HEAD - 1, 2, "First month", TextStyle::Cell),
            _ => Ok(()),
        }
    }

    /// The largest estimate of each metric, in absolute value: all figures of a metric are written alike.
    fn largest_estimates(&self) -> BTreeMap<Metric, f64> {
        let mut largest: BTreeMap<Metric, f64> = BTreeMap::new();
        for line in &self.lines {
            let most = largest.entry(line.metric).or_default();
            *most =
                self.columns.iter().filter_map(|column| self.value(line, column)).fold(*most, |m, x| m.max(x.abs()));
        }
        largest
    }

    /// Writes the estimates of a line, or their standard errors.
    fn write_figures(
        &self,
        page: &mut Sheet,
        line: &Line,
        row: u32,
        kind: NumberKind,
        of_errors: bool,
    ) -> Result<(), ExportError> {
        for (column, at) in self.columns.iter().zip(FIRST..) {
            let error = self.error(line, column);
            if of_errors {
                page.number(row, at, error, kind.error(error))?;
            } else {
                let value = self.value(line, column);
                let style = match (line.statistic, value) {
                    (Statistic::Budget | Statistic::Actual(..) | Statistic::Target(_), Some(level)) => {
                        typed(line.metric, level)
                    }
                    _ => kind.estimate(Estimate { value, error }),
                };
                page.number(row, at, value, style)?;
            }
        }
        Ok(())
    }
}

/// What a row of a sheet of bands holds.
#[derive(Clone, Copy, Debug)]
enum Statistic<'a> {
    /// One of the bands' columns, with its name.
    Band(&'static str, fn(&Bands<Estimates>) -> &Estimates),
    /// Average inputs, no luck.
    Plan,
    /// Rows of what is budgeted.
    Budget,
    /// What is known beside the forecast, with its name.
    Actual(&'static str, fn(&ActualLine) -> &Vec<Option<f64>>),
    /// The level of a target.
    Target(&'a TargetOutcome),
}

impl Statistic<'_> {
    /// What is shown of the bands.
    const BANDS: [Statistic<'static>; 4] = [
        Statistic::Band("P10", |bands| &bands.p10),
        Statistic::Band("P50", |bands| &bands.p50),
        Statistic::Band("P90", |bands| &bands.p90),
        Statistic::Band("Mean", |bands| &bands.mean),
    ];

    /// What is shown of actuals.
    const ACTUALS: [Statistic<'static>; 2] =
        [Statistic::Actual("To date", |line| &line.to_date), Statistic::Actual("Last year", |line| &line.last_year)];

    /// The name of the sheet or row.
    fn name(&self) -> String {
        match self {
            Statistic::Band(name, _) | Statistic::Actual(name, _) => (*name).to_owned(),
            Statistic::Plan => "Plan".to_owned(),
            Statistic::Budget => "Budget".to_owned(),
            Statistic::Target(target) => format!("Target {}", target.name),
        }
    }
}
