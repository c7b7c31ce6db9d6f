//! What moves the main figure, what would raise the odds, and what the regions bring.

use rust_xlsxwriter::{Chart, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLine, ChartSolidFill, ChartType};

use super::cell::Cell;
use super::context::SheetContext;
use super::flow::FlowSheet;
use super::names;
use super::number_format::{NumberKind, two_digits};
use super::styles::{GRID, INK, MEDIAN, NumberStyle};
use super::worksheet::Sheet;
use crate::analysis::{Bar, Effect, WhatIf};
use crate::documents::InputInfo;
use crate::export::ExportError;
use crate::findings::{
    adverse_step, best_lever, drivers_in_brief, input_label, place, ranking, split, step_label, what_it_takes,
};
use crate::forecast::At;
use crate::scenario::Unit;
use crate::stats::Estimate;
use crate::units::format::{capitalize, count};

const NAME: &str = "Drivers";
/// Bars that a chart has room to name, its size in pixels, and how many rows lie under it.
const MOST_BARS: usize = 12;
const WIDTH: u32 = 900;
const HEIGHT: u32 = 320;
const ROWS: u32 = 17;
/// What was different in the worst tenth: rows shown.
const MOST_SHIFTS: usize = 8;
/// Columns of an input's label and share.
const LABEL: u16 = 0;
const SHARE: u16 = 3;

/// The sheet.
pub(super) fn page<'a>(context: &'a SheetContext<'a>) -> Result<Sheet<'a>, ExportError> {
    let forecast = context.forecast;
    let width = context.figure_width();
    let widths: Vec<f64> = [46.0].into_iter().chain([width].repeat(8)).collect();
    let title = format!("What drives {}{}", forecast.main.metric.name(), place(forecast, &forecast.main.scope));
    let mut flow = FlowSheet::begin(NAME, &title, &widths, &context.styles)?;
    drivers_in_brief(forecast)
        .into_iter()
        .filter(|_| !forecast.header.has_ranges())
        .try_for_each(|text| flow.sentence(&format!("{}.", capitalize(&text))))?;
    let split = split(forecast).map(|split| format!("Why it is this wide: of its variance, {split}."));
    ranking(forecast).into_iter().chain(split).try_for_each(|text| flow.sentence(&text))?;
    shares(&mut flow, context)?;
    inputs(&mut flow, context)?;
    match context.deep() {
        Some(deep) => asked(&mut flow, context, deep)?,
        None => {
            flow.part("What would raise the odds")?;
            flow.sentence(
                "How far each input moves the median, what levers bring, what a small step for the worse costs and what it would take: \
                 run it with --deep.",
            )?;
        }
    }
    regions(&mut flow, context)?;
    Ok(flow.finish())
}

/// What the variance comes from; the shares add up.
fn shares(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let Some(shares) = &context.forecast.main.variance else { return Ok(()) };
    let told = shares.told([
        "Events that may happen",
        "Ranges entered",
        "Market factor",
        "Closing pace",
        "Exchange rates",
        "People",
        "Open deals",
        "Luck, deal by deal",
    ]);
    flow.part("Where the variance comes from")?;
    flow.heads(&["Cause"], &["Share"])?;
    let first = flow.next();
    let values: Vec<Option<f64>> = told.iter().map(|(_, share)| share.value).collect();
    let (names, shares): (Vec<&str>, Vec<Estimate>) = told.into_iter().unzip();
    for (name, share) in names.into_iter().zip(Cell::column(&shares, NumberKind::Share)) {
        flow.row([Cell::words(name), share])?;
    }
    flow.row([Cell::total(), Cell::sum(1, first, &values, NumberKind::Share)]).map(|_| ())
}

/// The inputs with their ranges, strongest first, and a chart of their shares.
fn inputs(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let forecast = context.forecast;
    let main = &forecast.main;
    if forecast.inputs.is_empty() {
        return Ok(());
    }
    let share = |path: &str| {
        main.input_shares.iter().find(|input| input.path == path).map_or(Estimate::UNKNOWN, |input| input.share)
    };
    let rho = |path: &str| main.rank_correlations.iter().find(|c| c.path == path).map_or(Estimate::UNKNOWN, |c| c.rho);
    let mut inputs: Vec<&InputInfo> = forecast.inputs.iter().collect();
    let strength =
        |input: &InputInfo| (share(&input.path).value.unwrap_or(-1.0), rho(&input.path).value.unwrap_or(0.0).abs());
    inputs.sort_by(|a, b| {
        let ((a, a_rho), (b, b_rho)) = (strength(a), strength(b));
        b.total_cmp(&a).then(b_rho.total_cmp(&a_rho))
    });
    let sensitivity = context.deep().and_then(|deep| deep.sensitivity.as_ref());
    let bar = |path: &str| sensitivity?.causes.iter().find(|cause| cause.key == path)?.bar.as_ref();
    flow.part("The ranges entered")?;
    let bars = ["Median with it at its P10", "Median with it at its P90", "Difference"];
    let heads = ["Its P10", "Its P90", "Share of the variance", "Rank correlation"]
        .into_iter()
        .chain(bars.into_iter().filter(|_| sensitivity.is_some()));
    flow.heads(&["Input"], &heads.collect::<Vec<&str>>())?;
    let first = flow.next();
    let money = NumberKind::of(main.metric, main.bands.p90.known().abs());
    let shares: Vec<Estimate> = inputs.iter().map(|input| share(&input.path)).collect();
    let rhos: Vec<Estimate> = inputs.iter().map(|input| rho(&input.path)).collect();
    let together =
        Cell::column(&shares, NumberKind::Share).into_iter().zip(Cell::column(&rhos, NumberKind::Correlation));
    for (input, (share, rho)) in inputs.iter().zip(together) {
        let style = figure(&input.path, &[input.p10, input.p90]);
        let cells = [
            Cell::words(input_label(forecast, &input.path)),
            Cell::Number(Some(input.p10), style),
            Cell::Number(Some(input.p90), style),
            share,
            rho,
        ];
        let moved = bar(&input.path).map_or([Estimate::UNKNOWN; 3], |bar: &Bar| [bar.low, bar.high, bar.swing]);
        flow.row(cells.into_iter().chain(moved.map(|found| Cell::estimate(found, money))))?;
    }
    flow.remark("The rank correlation says how an input goes with the figure, from −1 to 1. Law, source and note of each are in 'Assumptions'.")?;
    if main.input_shares.is_empty() {
        return Ok(());
    }
    flow.space(1);
    let mut chart = strengths((first, first + inputs.len().min(MOST_BARS) as u32 - 1));
    chart.set_width(WIDTH).set_height(HEIGHT);
    let row = flow.next();
    flow.page().sheet().insert_chart(row, 0, &chart)?;
    flow.space(ROWS);
    Ok(())
}

/// Bars of the shares of the variance in the rows from the first to the last.
fn strengths((first, last): (u32, u32)) -> Chart {
    let mut chart = Chart::new(ChartType::Bar);
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(MEDIAN));
    let series = chart.add_series();
    series.set_categories((NAME, first, LABEL, last, LABEL)).set_values((NAME, first, SHARE, last, SHARE));
    series.set_format(&mut format).set_gap(60);
    chart
        .title()
        .set_name("Share of the variance that each range brings")
        .set_font(ChartFont::new().set_bold().set_size(11).set_color(INK));
    chart.legend().set_hidden();
    chart.y_axis().set_reverse().set_label_position(ChartAxisLabelPosition::Low);
    let axis = chart.x_axis();
    axis.set_num_format("0%").set_label_position(ChartAxisLabelPosition::High);
    axis.set_major_gridlines(true).set_major_gridlines_line(ChartLine::new().set_color(GRID));
    chart
}

/// What was asked with `--deep`.
fn asked(flow: &mut FlowSheet, context: &SheetContext, deep: &WhatIf) -> Result<(), ExportError> {
    let forecast = context.forecast;
    let said =
        [what_it_takes(forecast, &deep.solution), best_lever(forecast, &deep.levers), adverse_step(forecast, deep, 0)];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if !said.is_empty() || !deep.levers.is_empty() || !deep.steps.is_empty() {
        flow.part("What would raise the odds")?;
    }
    said.iter().try_for_each(|text| flow.sentence(text))?;
    let money = NumberKind::of(forecast.main.metric, forecast.main.bands.p90.known().abs());
    let effects = |effect: &Effect| {
        let chances = effect.targets.first().map(|target| {
            let [before, after] = [target.before, target.after].map(|found| Cell::estimate(found, NumberKind::Chance));
            [before, after, Cell::Number(target.change.value, NumberStyle::Percent(0))]
        });
        let amounts = [effect.median, effect.mean].map(|found| Cell::estimate(found, money));
        chances.into_iter().flatten().chain(amounts)
    };
    let chance = forecast.targets.first().map(|target| format!("Chance of “{}”", names::short(&target.name)));
    let mut heads: Vec<&str> = chance.iter().flat_map(|chance| [chance.as_str(), "with it", "Change"]).collect();
    heads.extend(["Change of the median", "Change of the mean"]);
    if !deep.levers.is_empty() {
        let heads = [&heads[..], &["Cost", "Mean for each unit of cost"]].concat();
        flow.heads(&["Lever"], &heads)?;
        for lever in &deep.levers {
            let gain = lever.gain_per_cost.unwrap_or(Estimate::UNKNOWN);
            let costs = [
                Cell::typed(Some(lever.cost), crate::scenario::Metric::Investment),
                Cell::estimate(gain, NumberKind::Cents),
            ];
            flow.row([Cell::wrapped(lever.name.clone())].into_iter().chain(effects(&lever.effect)).chain(costs))?;
        }
        flow.space(1);
    }
    if !deep.steps.is_empty() {
        flow.heads(&["Small step for the worse"], &heads)?;
        for step in &deep.steps {
            flow.row([Cell::wrapped(step_label(forecast, step))].into_iter().chain(effects(&step.effect)))?;
        }
    }
    worst_tenth(flow, deep)
}

/// What was different in the worst tenth of futures.
fn worst_tenth(flow: &mut FlowSheet, deep: &WhatIf) -> Result<(), ExportError> {
    let Some(stress) = deep.sensitivity.as_ref().and_then(|sensitivity| sensitivity.stress.as_ref()) else {
        return Ok(());
    };
    flow.part("What was different in the worst tenth of futures")?;
    flow.heads(&["What"], &["Mean there", "Usual mean", "In standard deviations"])?;
    for shift in stress.shifts.iter().take(MOST_SHIFTS) {
        let values = [shift.mean.known(), shift.usual.known()];
        let style = match shift.kind {
            crate::analysis::ShiftKind::Month => {
                NumberKind::of(stress.figure.metric, values[1].abs()).estimate(Estimate::exact(values[1]))
            }
            _ => figure(&shift.key, &values),
        };
        flow.row([
            Cell::words(shift.label.as_str()),
            Cell::Number(shift.mean.value, style),
            Cell::Number(shift.usual.value, style),
            Cell::Number(shift.shift.value, NumberStyle::Number(1)),
        ])?;
    }
    Ok(())
}

/// What the regions bring where the whole is at its P10, P50 and P90, and why percentiles do not add up.
fn regions(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let main = &context.forecast.main;
    let kind = NumberKind::of(main.metric, main.bands.p90.known().abs());
    let mut regions: Vec<&str> = Vec::new();
    for contribution in &main.contributions {
        if !regions.contains(&contribution.region.as_str()) {
            regions.push(&contribution.region);
        }
    }
    if !regions.is_empty() {
        flow.part(&format!("What {} where the whole is at its P10, P50 and P90", count_of(&regions)))?;
        flow.heads(&["Region"], &["At P10", "At P50", "At P90"])?;
        let first = flow.next();
        let part = |region: &str, at: At| {
            main.contributions.iter().find(|c| c.at == at && c.region == region).map(|c| c.value)
        };
        for region in &regions {
            let parts = At::ALL.map(|at| Cell::exact(part(region, at), kind));
            flow.row([Cell::words(context.names.scope(region))].into_iter().chain(parts))?;
        }
        let sums = At::ALL.iter().zip(1..).map(|(at, column)| {
            let values: Vec<Option<f64>> = regions.iter().map(|region| part(region, *at)).collect();
            Cell::sum(column, first, &values, kind)
        });
        flow.row([Cell::total()].into_iter().chain(sums.collect::<Vec<Cell>>()))?;
    }
    let Some(gap) = &main.diversification else { return Ok(()) };
    flow.part("Percentiles do not add up: regions are seldom bad all at once")?;
    flow.heads(&[""], &["P10", "P90"])?;
    let mut pair = |name: &str, [low, high]: [Estimate; 2]| {
        flow.row([Cell::words(name), Cell::estimate(low, kind), Cell::estimate(high, kind)])
    };
    pair("The whole", [main.bands.p10, main.bands.p90])?;
    pair("Sum of the regions' own", [gap.sum_of_p10, gap.sum_of_p90].map(Estimate::exact))?;
    if let Some(alone) = &gap.independent {
        pair("If the regions had nothing in common", [alone.p10, alone.p90])?;
    }
    Ok(())
}

fn count_of(regions: &[&str]) -> String {
    match regions.len() {
        1 => "the region brings".to_owned(),
        n => format!("{} bring", count(n, "region")),
    }
}

/// How the numbers of an input look, all of its row alike: by the unit of its field.
pub(super) fn figure(path: &str, law: &[f64]) -> NumberStyle {
    let most = law.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let decimals = |unit: f64, least: u8| two_digits(most * unit).clamp(least, 2);
    match Unit::of(path) {
        Unit::Share | Unit::Rate => NumberStyle::Percent(decimals(100.0, 1)),
        Unit::Money => NumberStyle::Money(if most < 1_000.0 { 2 } else { 0 }),
        Unit::Days | Unit::Months | Unit::Number if law.iter().all(|x| x.fract() == 0.0) => NumberStyle::Number(0),
        Unit::Days | Unit::Months | Unit::Number | Unit::Exponent => NumberStyle::Number(decimals(0.1, 0)),
    }
}
