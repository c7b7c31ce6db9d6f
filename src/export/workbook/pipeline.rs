//! What is closed, open and not yet created; the open deals that move most, their groups, and the renewals at risk.

use super::cell::{Cell, Held};
use super::context::SheetContext;
use super::flow::FlowSheet;
use super::names;
use super::number_format::NumberKind;
use super::styles::{NumberStyle, TextStyle};
use super::worksheet::Sheet;
use crate::analysis::{DealGroup, DealOutlook, Pipeline};
use crate::export::ExportError;
use crate::findings::pipeline_sentences;
use crate::forecast::At;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::Frequency;
use crate::units::format::when;

const NAME: &str = "Pipeline";
/// Amounts that people typed, and what deals bring.
const MONEY: Metric = Metric::Bookings;

/// The sheet; `None` where the business does not run yet.
pub(super) fn page<'a>(context: &'a SheetContext<'a>) -> Result<Option<Sheet<'a>>, ExportError> {
    let forecast = context.forecast;
    let pipeline = context.answer.pipeline.as_ref();
    if pipeline.is_none() && forecast.source_stacks.is_empty() {
        return Ok(None);
    }
    let width = context.figure_width();
    let widths: Vec<f64> = [26.0, width, width, width, width, width, width, width, 12.0, 12.0, 26.0].to_vec();
    let mut flow = FlowSheet::begin(NAME, "Closed, open and not yet created", &widths, &context.styles)?;
    if let Some(pipeline) = pipeline {
        pipeline_sentences(pipeline, &forecast.header).iter().try_for_each(|text| flow.sentence(text))?;
    }
    sources(&mut flow, context)?;
    gaps(&mut flow, context)?;
    if let Some(pipeline) = pipeline {
        deals(&mut flow, context, pipeline)?;
        groups(&mut flow, context, pipeline)?;
        contracts(&mut flow, context, pipeline)?;
    }
    Ok(Some(flow.finish()))
}

/// What the bookings of each period come from; at a percentile they add up to it.
fn sources(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let forecast = context.forecast;
    let stacks = &forecast.source_stacks;
    let metrics: Vec<Metric> = Metric::ALL
        .into_iter()
        .filter(|metric| {
            stacks
                .iter()
                .flat_map(|stack| &stack.sources)
                .any(|source| source.metric == *metric && source.amount.value != Some(0.0))
        })
        .collect();
    if metrics.is_empty() {
        return Ok(());
    }
    flow.part("What bookings come from, where they are at their P50")?;
    let heads: Vec<String> =
        metrics.iter().map(|metric| names::metric(*metric)).chain(["Bookings".to_owned()]).collect();
    flow.heads(&["Period"], &heads)?;
    let (quarters, years): (Vec<_>, Vec<_>) =
        stacks.iter().partition(|stack| stack.every == forecast.fiscal(Frequency::Quarter));
    for stack in years.into_iter().chain(quarters) {
        let of = |metric: &Metric| {
            let found = stack.sources.iter().find(|source| source.at == At::P50 && source.metric == *metric);
            found.and_then(|source| source.amount.value)
        };
        let values: Vec<Option<f64>> = metrics.iter().map(of).collect();
        let kind = NumberKind::of(MONEY, values.iter().flatten().sum());
        let row = flow.next();
        let cells = values.iter().map(|value| Cell::exact(*value, kind));
        let sum = Cell::sum_across(row, 1, &values, kind);
        flow.row([Cell::words(names::period(&stack.period))].into_iter().chain(cells).chain([sum]))?;
    }
    flow.remark(
        "In each row the sources add up to the P50 of the period; the rows do not add up. P10 and P90 are in 'Data'.",
    )
}

/// What targets of bookings lack.
fn gaps(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let gaps: Vec<_> =
        context.forecast.targets.iter().filter_map(|target| Some((target, target.gap.as_ref()?))).collect();
    if gaps.is_empty() {
        return Ok(());
    }
    flow.part("What targets lack")?;
    flow.heads(
        &["Target", "Period", "Open deals"],
        &["Level", "Closed", "Level − closed", "Value of open deals", "Open / lacking", "Chance"],
    )?;
    for (target, gap) in gaps {
        let row = flow.next();
        let kind = NumberKind::of(MONEY, target.at_least.abs());
        let lacking = target.at_least - gap.closed;
        let held = |column, value| Held::new(row, column, Some(value));
        flow.row([
            Cell::words(target.name.as_str()),
            Cell::words(names::period(&target.period)),
            Cell::exact(Some(gap.open_deals as f64), NumberKind::Whole),
            Cell::typed(Some(target.at_least), target.metric),
            Cell::exact(Some(gap.closed), kind),
            Cell::less(held(3, target.at_least), held(4, gap.closed), kind),
            Cell::exact(Some(gap.open_value), kind),
            Cell::over(held(6, gap.open_value), held(5, lacking)),
            Cell::estimate(target.probability, NumberKind::Chance),
        ])?;
    }
    Ok(())
}

/// The open deals that move most.
fn deals(flow: &mut FlowSheet, context: &SheetContext, pipeline: &Pipeline) -> Result<(), ExportError> {
    if pipeline.deals.is_empty() {
        return Ok(());
    }
    flow.part("The open deals that move the target most, then those with the highest expected value; revcast pipeline lists all of them")?;
    flow.heads(
        &["Deal", "Region", "Stage", "Close date"],
        &["Age (days)", "Amount", "Won in time", "Expected", "Moves", "Closes", "To look at"],
    )?;
    let first = flow.next();
    for deal in &pipeline.deals {
        flow.row(deal_cells(context, deal))?;
    }
    let amounts: Vec<Option<f64>> = pipeline.deals.iter().map(|deal| deal.amount).collect();
    let expected: Vec<Option<f64>> = pipeline.deals.iter().map(|deal| deal.expected_value.value).collect();
    let sum = |column, values: &[Option<f64>]| Cell::sum(column, first, values, NumberKind::Money);
    let (amounts, expected) = (sum(5, &amounts), sum(7, &expected));
    flow.row([Cell::total(), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, amounts, Cell::Empty, expected])?;
    flow.remark("Moves: the chance of the target where the deal is won in time, less that where it is not; empty where that is no more than noise.")
}

fn deal_cells(context: &SheetContext, deal: &DealOutlook) -> [Cell; 11] {
    let look: Vec<&str> = deal.flags.iter().map(|flag| flag.name()).collect();
    [
        Cell::words(deal.label.as_deref().unwrap_or(&deal.id)),
        Cell::words(context.names.scope(&deal.region)),
        deal.stage.as_deref().map_or(Cell::Empty, Cell::words),
        deal.close_date.map_or(Cell::Empty, |day| Cell::Day(day.to_string())),
        Cell::Number(Some(deal.age_days), NumberStyle::Number(0)),
        Cell::typed(deal.amount, MONEY),
        Cell::estimate(deal.chance_in_period, NumberKind::Chance),
        Cell::estimate(deal.expected_value, NumberKind::Money),
        Cell::estimate(if deal.moves.is_clear() { deal.moves } else { Estimate::UNKNOWN }, NumberKind::Share),
        deal.closes_p50.map_or(Cell::Empty, |month| Cell::Month(month, NumberStyle::Month)),
        Cell::Text(look.join(", "), TextStyle::Label),
    ]
}

/// The groups of the open deals, and all of them.
fn groups(flow: &mut FlowSheet, context: &SheetContext, pipeline: &Pipeline) -> Result<(), ExportError> {
    if pipeline.all.deals == 0 {
        return Ok(());
    }
    let by = pipeline.by.as_deref().map_or_else(String::new, |by| format!(" by {by}"));
    let period = when(&context.forecast.horizon(), &pipeline.period, true);
    flow.part(&format!("Open deals{by}: what is won {period}"))?;
    flow.heads(&["Group"], &["Deals", "P10", "P50", "P90", "Mean", "Value"])?;
    let name = |group: &DealGroup| if group.name.is_empty() { "(none)".to_owned() } else { group.name.clone() };
    let rows =
        pipeline.groups.iter().map(|group| (name(group), group)).chain([("All open deals".to_owned(), &pipeline.all)]);
    let kind = NumberKind::of(MONEY, pipeline.all.value);
    for (name, group) in rows {
        let bands = [group.p10, group.p50, group.p90, group.expected_value].map(|found| Cell::estimate(found, kind));
        let deals = Cell::exact(Some(group.deals as f64), NumberKind::Whole);
        flow.row([Cell::words(name), deals].into_iter().chain(bands).chain([Cell::exact(Some(group.value), kind)]))?;
    }
    Ok(())
}

/// The contracts that come up for renewal, those with the most at risk first.
fn contracts(flow: &mut FlowSheet, context: &SheetContext, pipeline: &Pipeline) -> Result<(), ExportError> {
    if pipeline.contracts.is_empty() {
        return Ok(());
    }
    flow.part("Renewals with the most at risk")?;
    flow.heads(&["Contract", "Region"], &["Due", "Customers", "Value a year", "Renews", "At risk"])?;
    let first = flow.next();
    for contract in &pipeline.contracts {
        flow.row([
            Cell::words(contract.label.as_deref().unwrap_or(&contract.id)),
            Cell::words(context.names.scope(&contract.region)),
            Cell::Month(contract.due, NumberStyle::Month),
            Cell::exact(Some(contract.count as f64), NumberKind::Whole),
            Cell::typed(Some(contract.annual_value), MONEY),
            Cell::estimate(contract.chance, NumberKind::Chance),
            Cell::estimate(contract.at_risk, NumberKind::Money),
        ])?;
    }
    let values: Vec<Option<f64>> = pipeline.contracts.iter().map(|contract| Some(contract.annual_value)).collect();
    let risks: Vec<Option<f64>> = pipeline.contracts.iter().map(|contract| contract.at_risk.value).collect();
    let (value, risk) =
        (Cell::sum(4, first, &values, NumberKind::Money), Cell::sum(6, first, &risks, NumberKind::Money));
    flow.row([Cell::total(), Cell::Empty, Cell::Empty, Cell::Empty, value, Cell::Empty, risk]).map(|_| ())
}
