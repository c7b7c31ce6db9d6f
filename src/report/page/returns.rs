//! What comes back for the money: return on investment in words, and payback.

use maud::{Markup, html};

use super::text::text;
use crate::forecast::Forecast;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::{Frequency, Month};

pub(super) fn section(forecast: &Forecast) -> Markup {
    let said: Vec<String> = returns(forecast).into_iter().chain(payback(forecast)).collect();
    if said.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="returns" {
            h2 #returns { "What comes back for the money" }
            p.quiet { "Bookings, each renewal among them, over sales investment: not profit, and not cash." }
            @for sentence in &said { p { (text(sentence)) } }
        }
    }
}

/// "By the end of December 2027, €10.7 are booked for each € of sales cost so far (8 chances in 10: €8.4 to €13.2)."
fn returns(forecast: &Forecast) -> Vec<String> {
    let Some(series) = forecast.series(Metric::Roi, "total", Frequency::Month) else { return Vec::new() };
    let symbol = forecast.currency.symbol();
    let each = |found: Estimate| {
        let x = found.value?;
        let digits = if found.error.is_some_and(|error| error >= 0.5) || (x + 1.0).abs() >= 100.0 { 0 } else { 1 };
        Some(forecast.currency.locale().write(&format!("{symbol}{:.digits$}", x + 1.0)))
    };
    ends(forecast)
        .into_iter()
        .filter_map(|at| {
            let bands = series.bands.at(at);
            let (low, middle, high) = (each(bands.p10)?, each(bands.p50)?, each(bands.p90)?);
            let by = end(forecast, at);
            let range = if low == high { String::new() } else { format!(" (8 chances in 10: {low} to {high})") };
            Some(format!(
                "By the end of {by}, {middle} are booked for each {} of sales cost so far{range}.",
                forecast.currency.exact(1.0)
            ))
        })
        .collect()
}

/// What ends with a month: "December 2027", "FY28 (January 2028)".
fn end(forecast: &Forecast, at: usize) -> String {
    let month = forecast.start.plus(at).name();
    let years = forecast.periods(Frequency::FiscalYear);
    let ended = years.and_then(|list| list.starts.iter().position(|start| start.plus(11) == forecast.start.plus(at)));
    match years.zip(ended) {
        Some((list, i)) => format!("{} ({month})", list.labels[i]),
        None => month,
    }
}

/// The last month of the first year, which is fiscal where the scenario has fiscal years, and of the horizon, each once.
fn ends(forecast: &Forecast) -> Vec<usize> {
    let first_year =
        forecast.periods(forecast.fiscal(Frequency::Year)).and_then(|list| list.starts.first()).map(|month| {
            let from: i64 = month.since(forecast.start);
            from as usize + 11
        });
    let mut ends: Vec<usize> = first_year.into_iter().chain([forecast.months - 1]).collect();
    ends.dedup();
    ends
}

/// "Payback: bookings cover what has been spent …, from April 2027 (8 chances in 10: …)."
fn payback(forecast: &Forecast) -> Option<String> {
    let payback = forecast.payback.as_ref()?;
    let month = |value: Option<f64>| -> Option<Month> {
        let n = value?.ceil();
        (n >= 1.0).then(|| forecast.start.plus(n as usize - 1))
    };
    let never = payback.probability.complement();
    let never = if never.known() > 0.0 {
        format!(" In {}, they do not at the end of the {} months.", never.chance(), forecast.months)
    } else {
        format!(" They do in {}.", payback.probability.chance())
    };
    let Some(middle) = month(payback.month.p50.value) else {
        return Some(format!(
            "More likely than not, bookings do not pay back what is spent on sales within the {} months: they do in {}.",
            forecast.months,
            payback.probability.chance()
        ));
    };
    let range = match (month(payback.month.p10.value), month(payback.month.p90.value)) {
        (Some(early), Some(late)) if early != late => {
            format!(" (8 chances in 10: {} to {})", early.name(), late.name())
        }
        (Some(_), Some(_)) => " in at least 8 futures of 10".to_owned(),
        _ => String::new(),
    };
    Some(format!(
        "Payback: bookings cover what has been spent on sales by then, and go on to the end of the months played, from {}{range}.{never}",
        middle.name()
    ))
}
