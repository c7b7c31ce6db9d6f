//! The uncertain inputs, and how each goes with the main figure.

use super::context::SheetContext;
use super::names;
use super::number_format::{NumberKind, two_digits};
use super::styles::{NumberStyle, TextStyle};
use super::worksheet::Sheet;
use crate::documents::InputInfo;
use crate::export::ExportError;
use crate::forecast::{Forecast, RankCorrelation};
use crate::scenario::{DataFile, Unit};
use crate::stats::Estimate;

/// The name of the sheet, as its tab shows it.
pub(super) const NAME: &str = "Inputs";
/// The row of the columns' heads.
pub(super) const HEAD: u32 = 3;
/// The columns of an input's label and rank correlation.
pub(super) const LABEL: u16 = 1;
pub(super) const RHO: u16 = 8;

const REMARK: &str = "What was entered as a range, strongest first: the rank correlation says how an input goes with the main figure, \
from −1 to 1. Mean, deviation and percentiles are those of the law as it was entered, exact. An input without a range cannot matter here.";

/// The inputs, strongest first.
#[derive(Debug)]
pub(super) struct Drivers<'a> {
    /// Each with its correlation, where one is known.
    pub(super) inputs: Vec<(&'a InputInfo, Option<&'a RankCorrelation>)>,
    /// The table that gives others their values.
    pub(super) joint_draws: Option<&'a DataFile>,
}

impl<'a> Drivers<'a> {
    pub(super) fn of(forecast: &'a Forecast) -> Drivers<'a> {
        let correlations = &forecast.main.rank_correlations;
        let mut inputs: Vec<_> =
            forecast.inputs.iter().map(|input| (input, correlations.iter().find(|c| c.path == input.path))).collect();
        inputs.sort_by(|(_, a), (_, b)| strength(*b).total_cmp(&strength(*a)));
        Drivers { inputs, joint_draws: forecast.header.joint_draws() }
    }

    /// How many have a correlation.
    pub(super) fn known(&self) -> usize {
        self.inputs.iter().filter(|(_, correlation)| correlation.is_some()).count()
    }

    /// The sheet; `None` where every input is fixed.
    pub(super) fn page<'b>(&self, context: &'b SheetContext) -> Result<Option<Sheet<'b>>, ExportError> {
        if self.inputs.is_empty() {
            return Ok(None);
        }
        let mut page = Sheet::begin(NAME, "Uncertain inputs", REMARK, &context.styles)?;
        page.widths(&[42.0, 34.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 14.0, 14.0, 60.0, 45.0])?;
        page.heads(HEAD, 0, &["Input", "Label", "Distribution"])?;
        page.figure_heads(
            HEAD,
            3,
            &[
                "Mean",
                "Standard deviation",
                "P10",
                "P50",
                "P90",
                "Rank correlation",
                &names::error_of("Rank correlation"),
            ],
        )?;
        page.remark_heads(HEAD, 10, self.inputs.iter().map(|(i, _)| (i.note.as_deref(), i.source.as_deref())))?;
        for ((input, correlation), row) in self.inputs.iter().zip(HEAD + 1..) {
            page.text(row, 0, &input.path, TextStyle::Cell)?;
            page.text(row, LABEL, &input.label, TextStyle::Cell)?;
            page.text(row, 2, &input.law, TextStyle::Cell)?;
            let law = [input.mean, input.sd, input.p10, input.p50, input.p90];
            let figure = figure(&input.path, &law);
            for (value, column) in law.into_iter().zip(3..) {
                page.number(row, column, Some(value), figure)?;
            }
            let rho = correlation.map_or(Estimate::UNKNOWN, |correlation| correlation.rho);
            page.estimate(row, RHO, rho, NumberKind::Correlation)?;
            page.remark(row, 10, input.note.as_deref())?;
            page.remark(row, 11, input.source.as_deref())?;
        }
        page.table(HEAD, 2, HEAD + self.inputs.len() as u32)?;
        Ok(Some(page))
    }
}

/// How the numbers of an input look, all of its row alike: by the unit of its field.
fn figure(path: &str, law: &[f64]) -> NumberStyle {
    let most = law.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let decimals = |unit: f64, least: u8| two_digits(most * unit).clamp(least, 2);
    match Unit::of(path) {
        Unit::Share | Unit::Rate => NumberStyle::Percent(decimals(100.0, 1)),
        Unit::Money => NumberStyle::Money(if most < 1_000.0 { 2 } else { 0 }),
        Unit::Days | Unit::Number if law.iter().all(|x| x.fract() == 0.0) => NumberStyle::Number(0),
        Unit::Days | Unit::Number | Unit::Exponent => NumberStyle::Number(decimals(0.1, 0)),
    }
}

fn strength(correlation: Option<&RankCorrelation>) -> f64 {
    correlation.map_or(-1.0, |c| c.rho.known().abs())
}
