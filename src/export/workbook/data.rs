//! Every figure with its standard error, as one long table that can be filtered.

use super::context::SheetContext;
use super::names;
use super::number_format::NumberKind;
use super::period_table::kind;
use super::scope_selection::ScopeSelection;
use super::styles::{NumberStyle, TextStyle};
use super::worksheet::{MOST_ROWS, Sheet};
use crate::export::ExportError;
use crate::forecast::{Bands, Series, Spread};
use crate::stats::{Estimate, Estimates};
use crate::units::{Frequency, Month};

const NAME: &str = "Data";
/// The row of the columns' heads.
const HEAD: u32 = 3;
/// The first columns of the estimates, of what is given and of the standard errors.
const ESTIMATES: u16 = 6;
const GIVEN: u16 = ESTIMATES + 9;
const ERRORS: u16 = GIVEN + 4;
/// Rows of the main figure's periods that are printed.
const PRINTED: u32 = 40;

const REMARK: &str = "Every figure of the workbook and its standard error, which is the simulation's own: more futures shrink it, never the \
range of outcomes. A chance or a share stands under Mean. First come all forecasts, then all \
other estimates, by their place in forecast.json. Filter by metric, region and kind of period; percentiles do not add up. On paper: \
the first rows.";

/// A row of the table.
#[derive(Clone, Debug)]
pub(super) struct Row<'r> {
    /// What it is: a forecast, a chance, a share.
    figure: &'r str,
    /// Of which metric, or of what.
    of: String,
    /// Region, kind of period, period and first month.
    place: Option<(&'r str, Frequency, &'r str, Month)>,
    /// How estimates look; as they are, which is to the third digit of their error, where that is unknown.
    kind: Option<NumberKind>,
    bands: Bands<Estimate>,
    /// The plan line, the budget, and what is known to date and of last year.
    given: [Option<f64>; 4],
}

impl<'r> Row<'r> {
    pub(super) fn new(figure: &'r str, of: impl Into<String>, bands: Bands<Estimate>) -> Row<'r> {
        Row { figure, of: of.into(), place: None, kind: None, bands, given: [None; 4] }
    }
}

/// The sheet while it is written.
pub(super) struct DataSheet<'a> {
    page: Sheet<'a>,
    context: &'a SheetContext<'a>,
    row: u32,
    /// Whether not everything had room.
    is_cut: bool,
}

impl<'a> DataSheet<'a> {
    /// The sheet with all bands: first the main metric's, long periods before short ones.
    pub(super) fn begin(context: &'a SheetContext<'a>) -> Result<DataSheet<'a>, ExportError> {
        let mut page = Sheet::begin(NAME, "All figures", &context.styles)?;
        let width = context.figure_width();
        let mut widths = vec![20.0, 24.0, 14.0, 11.0, 15.0, 10.0];
        widths.resize(usize::from(ERRORS) + 9, width);
        page.widths(&widths)?;
        page.heads(HEAD, 0, &["Figure", "Of", "Region", "Kind", "Period", "First month"])?;
        let names = Bands::<Estimate>::FILE_COLUMNS.map(|name| match name {
            "mean" => "Mean".to_owned(),
            "sd" => "Standard deviation".to_owned(),
            percentile => percentile.to_uppercase(),
        });
        let errors = names.clone().map(|name| format!("Error of {name}"));
        for (heads, from) in [(names.as_slice(), ESTIMATES), (errors.as_slice(), ERRORS)] {
            page.figure_heads(HEAD, from, &heads.iter().map(String::as_str).collect::<Vec<&str>>())?;
        }
        page.figure_heads(HEAD, GIVEN, &["Plan line", "Budget", "To date", "Last year"])?;
        let mut data = DataSheet { page, context, row: HEAD + 1, is_cut: false };
        data.series()?;
        Ok(data)
    }

    /// Writes the bands of every metric, scope and period that there is room for.
    fn series(&mut self) -> Result<(), ExportError> {
        const ORDER: [Frequency; 7] = [
            Frequency::Year,
            Frequency::FiscalYear,
            Frequency::Total,
            Frequency::Quarter,
            Frequency::FiscalQuarter,
            Frequency::Month,
            Frequency::Cumulative,
        ];
        let forecast = self.context.forecast;
        let selection = ScopeSelection::of(forecast);
        self.is_cut = selection.short;
        let main = &forecast.main;
        let mut shown: Vec<&Series> = forecast.series.iter().filter(|series| selection.shows(&series.scope)).collect();
        shown.sort_by_key(|series| {
            let kind = ORDER.iter().position(|every| *every == series.every);
            (series.metric != main.metric, !series.metric.is_money(), series.metric, series.scope != main.scope, kind)
        });
        for series in shown {
            self.periods(series)?;
        }
        Ok(())
    }

    fn periods(&mut self, series: &Series) -> Result<(), ExportError> {
        let forecast = self.context.forecast;
        let Some(list) = forecast.periods(series.every) else { return Ok(()) };
        let budget = forecast.budgeted(series.metric, &series.scope, series.every);
        let known = forecast.known(series.metric, &series.scope, series.every);
        let (kind, of) = (kind(series), names::metric(series.metric));
        for (at, (label, start)) in list.labels.iter().zip(&list.starts).enumerate() {
            let value = |column: Option<&Vec<Option<f64>>>| column.and_then(|column| column.get(at).copied().flatten());
            let given = [
                value(Some(&series.plan)),
                value(budget.map(|line| &line.amount)),
                value(known.map(|line| &line.to_date)),
                value(known.map(|line| &line.last_year)),
            ];
            let place = Some((series.scope.as_str(), series.every, label.as_str(), *start));
            let row = Row::new("Forecast", of.as_str(), series.bands.at(at));
            self.add(&Row { place, kind: Some(kind), given, ..row })?;
            let Some(line) = budget.filter(|_| given[1].is_some()) else { continue };
            let spread = |Spread { mean, p10, p50, p90 }: &Spread<Estimates>| {
                let [mean, p10, p50, p90] = [mean, p10, p50, p90].map(|column| column.at(at));
                Bands { mean, p10, p50, p90, ..Bands::default() }
            };
            let below = Bands { mean: line.percentile.at(at), ..Bands::default() };
            for (figure, kind, bands) in [
                ("Forecast / budget", NumberKind::Share, spread(&line.attainment)),
                ("Forecast − budget", kind, spread(&line.variance)),
                ("Futures below the budget", NumberKind::Chance, below),
            ] {
                self.add(&Row { place, kind: Some(kind), ..Row::new(figure, of.as_str(), bands) })?;
            }
        }
        Ok(())
    }

    /// Adds a row.
    pub(super) fn add(&mut self, row: &Row) -> Result<(), ExportError> {
        if self.row >= MOST_ROWS {
            self.is_cut = true;
            return Ok(());
        }
        let (at, context) = (self.row, self.context);
        self.row += 1;
        self.page.text(at, 0, row.figure, TextStyle::Cell)?;
        self.page.text(at, 1, &row.of, TextStyle::Cell)?;
        if let Some((scope, every, label, start)) = row.place {
            let period = if label == "total" { names::months_said(context.forecast) } else { names::period(label) };
            for (text, column) in [&context.names.scope(scope), names::every(every), &period].into_iter().zip(2..) {
                self.page.text(at, column, text, TextStyle::Cell)?;
            }
            self.page.month(at, 5, start, NumberStyle::Month)?;
        }
        let style = |found: Estimate| row.kind.map_or(NumberStyle::Free, |kind| kind.estimate(found));
        let estimates = row.bands.in_file_order();
        // All errors of a row are written alike: the smallest with two digits.
        let least = estimates.iter().filter_map(|found| found.error.filter(|error| *error > 0.0)).reduce(f64::min);
        for (found, column) in estimates.into_iter().zip(0..) {
            self.page.number(at, ESTIMATES + column, found.value, style(found))?;
            let of_error = row.kind.map_or(NumberStyle::Free, |kind| kind.error(least));
            self.page.number(at, ERRORS + column, found.error, of_error)?;
        }
        for (value, column) in row.given.into_iter().zip(GIVEN..) {
            self.page.number(at, column, value, style(Estimate::exact(value)))?;
        }
        Ok(())
    }

    /// The sheet with all rows that were put.
    pub(super) fn finish(mut self) -> Result<Sheet<'a>, ExportError> {
        let cut = if self.is_cut { " Not all regions had room; bands.csv has all of them." } else { "" };
        self.page.spread(1, GIVEN, &format!("{REMARK}{cut}"), TextStyle::Remark)?;
        let last = self.row - 1;
        self.page.table(HEAD, 2, last)?;
        self.page.print(last.min(HEAD + PRINTED), GIVEN - 1)?;
        Ok(self.page)
    }
}
