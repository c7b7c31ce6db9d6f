//! What comes back for the money: return on investment in words, and payback.

use maud::{Markup, html};

use super::text::text;
use crate::forecast::Forecast;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::format::period_name;
use crate::units::{Frequency, Month};

pub(super) fn section(forecast: &Forecast) -> Markup {
    let said: Vec<String> = returns(forecast).into_iter().chain(payback(forecast)).collect();
    let stays = retention(forecast);
    if said.is_empty() && stays.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="returns" {
            @if said.is_empty() {
                h2 #returns { "How much ARR stays" }
            } @else {
                h2 #returns { "What comes back for the money" }
                p.quiet { "Bookings, each renewal among them, over sales investment: not profit, and not cash." }
            }
            @for sentence in said.iter().chain(&stays) { p { (text(sentence)) } }
        }
    }
}

/// "Net revenue retention in 2028: 95 % (8 chances in 10: 93 % to 97 %); gross: 94 % (92 % to 96 %)." Of the first and the last year of which
/// it is known.
fn retention(forecast: &Forecast) -> Vec<String> {
    let every = forecast.fiscal(Frequency::Year);
    let labels = forecast.periods(every).map_or(&[][..], |list| &list.labels);
    let of = |metric: Metric, at: usize| {
        let bands = forecast.series(metric, "total", every)?.bands.at(at);
        let say = |found: Estimate| Some(forecast.said(metric, found.value?, found.error));
        let (low, middle, high) = (say(bands.p10)?, say(bands.p50)?, say(bands.p90)?);
        Some((middle, (low != high).then(|| format!("{low} to {high}"))))
    };
    let told = |at: usize| {
        let ((net, net_range), (gross, gross_range)) = (of(Metric::Nrr, at)?, of(Metric::Grr, at)?);
        let net_range = net_range.map_or_else(String::new, |range| format!(" (8 chances in 10: {range})"));
        let gross_range = gross_range.map_or_else(String::new, |range| format!(" ({range})"));
        Some(format!(
            "Net revenue retention in {}: {net}{net_range}; gross: {gross}{gross_range}.",
            period_name(&labels[at])
        ))
    };
    let mut known: Vec<String> = (0..labels.len()).filter_map(told).collect();
    if known.len() > 2 {
        known.drain(1..known.len() - 1);
    }
    known
}

/// "By the end of December 2027, €10.7 are booked for each € of sales cost so far (8 chances in 10: €8.4 to €13.2)."
fn returns(forecast: &Forecast) -> Vec<String> {
    let Some(series) = forecast.series(Metric::Roi, "total", Frequency::Month) else { return Vec::new() };
    let each = |found: Estimate| booked_for_each(forecast, found);
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

/// What is booked for each unit of money spent, by the return on it: "€10.7".
fn booked_for_each(forecast: &Forecast, found: Estimate) -> Option<String> {
    let x = found.value? + 1.0;
    let digits = if found.error.is_some_and(|error| error >= 0.5) || x.abs() >= 100.0 { 0 } else { 1 };
    Some(forecast.currency.locale().write(&format!("{}{x:.digits$}", forecast.currency.symbol())))
}

/// What is booked by the end of each month for each unit of money spent so far.
pub(super) fn table(forecast: &Forecast) -> Markup {
    let Some(series) = forecast.series(Metric::Roi, "total", Frequency::Month) else { return html! {} };
    let labels = forecast.periods(Frequency::Month).map_or(&[][..], |list| &list.labels);
    let one = forecast.currency.exact(1.0);
    let cell = |found: Estimate| {
        html! {
            td.number { @if let Some(said) = booked_for_each(forecast, found) { data value=(found.known() + 1.0) { (said) } } }
        }
    };
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "Month" }
                    @for column in ["P10", "median", "P90"] { th.number scope="col" { "booked for each " (one) ", " (column) } }
                }
            }
            tbody {
                @for (at, label) in labels.iter().enumerate() {
                    @let bands = series.bands.at(at);
                    tr { th scope="row" { (period_name(label)) } (cell(bands.p10)) (cell(bands.p50)) (cell(bands.p90)) }
                }
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::sources::tests::running;

    #[test]
    fn retention_is_told_of_years_of_which_it_is_known() {
        let mut forecast = running();
        assert_eq!(retention(&forecast), Vec::<String>::new());
        for (metric, at) in [(Metric::Nrr, 1.04), (Metric::Grr, 0.93)] {
            let wanted = |series: &&mut crate::forecast::Series| {
                (series.metric, series.scope.as_str(), series.every) == (metric, "total", Frequency::Year)
            };
            let bands = &mut forecast.series.iter_mut().find(wanted).expect("it has a series").bands;
            for (column, shift) in [(&mut bands.p10, -0.02), (&mut bands.p50, 0.0), (&mut bands.p90, 0.01)] {
                (column.value, column.error) = (vec![Some(at + shift)], vec![Some(0.001)]);
            }
        }
        assert_eq!(
            retention(&forecast),
            [
                "Net revenue retention in 2027: 104\u{A0}% (8 chances in 10: 102\u{A0}% to 105\u{A0}%); gross: 93\u{A0}% (91\u{A0}% to 94\u{A0}%)."
            ]
        );
    }
}
