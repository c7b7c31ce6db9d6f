//! The figure that heads everything, in words and in numbers, and what it is made of.

use super::context::SheetContext;
use super::names;
use super::number_format::NumberKind;
use super::summary_sheet::SummarySheet;
use crate::export::ExportError;
use crate::forecast::{At, Bands, Contribution, Forecast, Range};
use crate::stats::Estimate;
use crate::units::format::capitalize;

/// The range and the plan line.
pub(super) fn write(answer: &mut SummarySheet, context: &SheetContext) -> Result<(), ExportError> {
    let main = &context.forecast.main;
    let subject = subject(context);
    answer.part(&subject)?;
    let Some(range) = range(context.forecast) else {
        return answer.sentence("Unknown: nothing is invested by then.");
    };
    answer.sentence(&range)?;
    answer.heads(&["Estimate", "Value", "Standard error"], 2)?;
    let measure = NumberKind::of(main.metric, main.bands.p50.value.unwrap_or(0.0).abs());
    for (name, estimate) in Bands::<f64>::COLUMNS.iter().zip(main.bands.columns()) {
        let name = match *name {
            "mean" => "Mean".to_owned(),
            "sd" => "Standard deviation".to_owned(),
            percentile => percentile.to_uppercase(),
        };
        answer.line(&name, &[*estimate], measure)?;
    }
    answer.line("Plan line (average inputs, no luck)", &[Estimate::exact(main.plan)], measure)?;
    answer.line(
        "Futures that stay at or below the plan line",
        &[Estimate::exact(main.plan_percentile)],
        NumberKind::Chance,
    )?;
    answer.sentence(
        "The standard error is the simulation's own: more futures shrink it, never the range of outcomes. P10 is the value that 10 % of \
         outcomes fall below.",
    )
}

/// Where its variance comes from, how it differs from the sum of its regions, and when bookings reach what was invested so far.
pub(super) fn parts(answer: &mut SummarySheet, context: &SheetContext) -> Result<(), ExportError> {
    let main = &context.forecast.main;
    let measure = NumberKind::of(main.metric, main.bands.p50.value.unwrap_or(0.0).abs());
    if let Some(shares) = &main.variance {
        answer.space();
        answer.heads(&["Share of the variance", "Value", "Standard error"], 2)?;
        for (name, share) in shares.told(["Ranges entered", "Market factor", "Closing pace", "Open deals", "Chance"]) {
            answer.line(name, &[share], NumberKind::Share)?;
        }
    }
    answer.part("Percentiles do not add up")?;
    answer.sentence(
        "Neither over regions nor over periods: regions and months are seldom bad all at once. Every sum is formed inside each future \
         first, so take a total from its own row, never from a sum of percentiles.",
    )?;
    if let Some(gap) = &main.diversification {
        answer.heads(&["Against the sum of its regions", "Value", "Standard error"], 2)?;
        answer.line("Sum of the regions' P10", &[Estimate::exact(gap.sum_of_p10)], measure)?;
        answer.line("P10 of the whole", &[main.bands.p10], measure)?;
        answer.line("Diversification gap of P10", &[gap.gap], measure)?;
        answer.line("Sum of the regions' P90", &[Estimate::exact(gap.sum_of_p90)], measure)?;
        answer.line("P90 of the whole", &[main.bands.p90], measure)?;
        if let Some(alone) = &gap.independent {
            answer.line("P10 if the regions had nothing in common", &[alone.p10], measure)?;
            answer.line("P90 if the regions had nothing in common", &[alone.p90], measure)?;
        }
    }
    contributions(answer, context, measure)?;
    payback(answer, context.forecast)
}

/// From when on bookings reach what was invested so far.
fn payback(answer: &mut SummarySheet, forecast: &Forecast) -> Result<(), ExportError> {
    let Some(payback) = &forecast.payback else { return Ok(()) };
    answer.part("Bookings reach what was invested so far")?;
    answer.sentence(
        "The first month from which total bookings, added up from the start, are no less than all that was invested up to then, and stay so \
         to the last month; bookings are not profit.",
    )?;
    answer.heads(&["Estimate", "Value", "Standard error", "In the month"], 3)?;
    answer.line("Chance within the horizon", &[payback.probability], NumberKind::Chance)?;
    let month = &payback.month;
    for (name, estimate) in [("P10", month.p10), ("P50", month.p50), ("P90", month.p90)] {
        answer.line(&format!("Month, counted from 1: {name}"), &[estimate], NumberKind::Month)?;
        if let Some(number) = estimate.value.map(f64::ceil).filter(|number| *number >= 1.0) {
            // Between two months, the later one.
            answer.month(3, forecast.start.plus(number as usize - 1))?;
        }
    }
    Ok(())
}

/// What each region contributes where the whole is at its P10, P50 and P90.
fn contributions(answer: &mut SummarySheet, context: &SheetContext, measure: NumberKind) -> Result<(), ExportError> {
    let contributions = &context.forecast.main.contributions;
    if contributions.is_empty() {
        return Ok(());
    }
    answer.heads(
        &[
            "Parts of the regions; they add up",
            "At P10",
            "Standard error at P10",
            "At P50",
            "Standard error at P50",
            "At P90",
            "Standard error at P90",
        ],
        6,
    )?;
    let mut regions: Vec<&str> = Vec::new();
    for contribution in contributions {
        if !regions.contains(&contribution.region.as_str()) {
            regions.push(&contribution.region);
        }
    }
    for region in regions {
        let mut values = Vec::new();
        for at in At::ALL {
            let part = contributions.iter().find(|c| c.at == at && c.region == region);
            let estimate = |part: &Contribution| Estimate { value: Some(part.value), error: Some(part.error) };
            values.push(part.map_or(Estimate::UNKNOWN, estimate));
        }
        answer.line(&context.names.scope(region), &values, measure)?;
    }
    Ok(())
}

/// "Total bookings in 2027", "Bookings of Europe, to 2028-12".
fn subject(context: &SheetContext) -> String {
    let main = &context.forecast.main;
    let period = if main.period == "total" { "all months".to_owned() } else { names::period(&main.period) };
    format!("{}, {period}", context.subject(main.metric, &main.scope))
}

/// "8 chances in 10 of €13.9M to €22.0M; as likely above €17.5M as below."
fn range(forecast: &Forecast) -> Option<String> {
    Some(match forecast.range()? {
        Range::Same(same) => format!("{}.", capitalize(&same)),
        Range::Wide(spread) => format!("{}; {}.", spread.between, spread.median),
    })
}
