//! A chart with its finding in words before it and its figures in a table behind it.

use maud::{Markup, PreEscaped, html};

use super::charts::{Picture, Pictures};
use super::text::{cell, text};
use crate::findings::split;
use crate::forecast::{At, Forecast, Series, SourceStack};
use crate::forecast::{Place, find};
use crate::report::sentences;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::Frequency;
use crate::units::format::period_name;

/// A chart; `figures` is the table of what it shows.
pub(super) fn figure(picture: &Picture, id: &str, figures: &Markup) -> Markup {
    drawn(picture, id, Some(figures))
}

/// A chart of which the page has no table.
pub(super) fn figure_alone(picture: &Picture) -> Markup {
    drawn(picture, &picture.name, None)
}

fn drawn(picture: &Picture, id: &str, figures: Option<&Markup>) -> Markup {
    html! {
        figure.chart id=(id) data-name=(picture.name) {
            figcaption {
                strong { (text(&picture.title)) "." }
                span.quiet { " " (text(&picture.about)) }
            }
            div.drawing { (PreEscaped(&picture.wide)) (PreEscaped(&picture.narrow)) }
            @if let Some(figures) = figures {
                details.figures { summary { "Figures" } div.scroll tabindex="0" role="region" aria-label={ "Figures: " (text(&picture.title)) } { (figures) } }
            }
        }
    }
}

/// The fan, with targets and budget: cumulative where the main metric adds up, else month by month.
pub(super) fn fan(forecast: &Forecast, pictures: &Pictures) -> Option<Markup> {
    let (picture, every) = match pictures.get("cumulative-fan") {
        Some(picture) => (picture, Frequency::Cumulative),
        None => (pictures.get("monthly-fan")?, Frequency::Month),
    };
    let series = forecast.series(forecast.main.metric, &forecast.main.scope, every)?;
    Some(figure(picture, "fan", &series_table(forecast, series)))
}

/// The section of the fan, with how rarely all months stay inside.
pub(super) fn fan_section(forecast: &Forecast, fan: &Option<Markup>) -> Markup {
    let Some(fan) = fan else { return html! {} };
    html! {
        section aria-labelledby="months" {
            h2 #months { "Over time" }
            (fan)
            @if let Some(sentence) = inside(forecast) { p { (text(&sentence)) } }
            @let width = width(forecast);
            @if !width.is_empty() { p { (text(&width)) } }
        }
    }
}

/// What is said besides of the range: why it is as wide, where average inputs lie.
fn width(forecast: &Forecast) -> String {
    let split = split(forecast)
        .map(|split| format!("Why it is this wide: of its variance, {split}. Simulating more would not narrow it."));
    let few = forecast.main.bands.p50.error.is_none();
    let told = if few {
        Some("Too few futures were simulated to say how sure these figures are.".to_owned())
    } else {
        sentences::plan_line(forecast)
    };
    split.into_iter().chain(told).collect::<Vec<_>>().join(" ")
}

/// "The middle band holds 8 futures in 10 for any one month. All 12 months of 2027 inside it: 31 in 100; all 36: 9 in 100."
fn inside(forecast: &Forecast) -> Option<String> {
    let told: Vec<String> = forecast
        .main
        .months_inside
        .iter()
        .map(|found| {
            let of = if found.period == "total" { String::new() } else { format!(" {}", of_period(&found.period)) };
            let said = found.probability.chance();
            format!("all {} months{of} inside: {said}", found.months)
        })
        .collect();
    if told.is_empty() {
        return None;
    }
    Some(format!(
        "The 8-in-10 band holds for any one month of {}; {}. Expect some month outside.",
        forecast.main.metric.name(),
        told.join("; ")
    ))
}

/// The section of what bookings come from, where the business runs already.
pub(super) fn source_section(forecast: &Forecast, pictures: &Pictures) -> Markup {
    let Some(picture) = pictures.get("bookings-by-source") else { return html! {} };
    html! {
        section.sources aria-labelledby="sources" {
            h2 #sources { "Where bookings come from" }
            (figure(picture, &picture.name, &source_table(forecast)))
        }
    }
}

/// What bookings come from at their median, quarter by quarter and year by year.
fn source_table(forecast: &Forecast) -> Markup {
    let sources: Vec<Metric> = Metric::Bookings.parts().collect();
    let at = |stack: &SourceStack, metric: Metric| {
        let found = stack.sources.iter().find(|source| source.at == At::P50 && source.metric == metric);
        found.map_or(Estimate::exact(0.0), |source| source.amount)
    };
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "Period" }
                    @for source in &sources { th.number scope="col" { (source.name()) } }
                    @for column in ["median (P50)", "P10", "P90"] { th.number scope="col" { "bookings, " (column) } }
                }
            }
            tbody {
                @for stack in &forecast.source_stacks {
                    tr {
                        th scope="row" { (period_name(&stack.period)) }
                        @for source in &sources { (cell(forecast, Metric::Bookings, at(stack, *source))) }
                        @if let Some(place) = find(forecast, Metric::Bookings, "total", &stack.period) {
                            @for found in [place.p50(), place.p10(), place.p90()] { (cell(forecast, Metric::Bookings, found)) }
                        }
                    }
                }
            }
        }
    }
}

fn of_period(label: &str) -> String {
    label
        .strip_prefix("to ")
        .map_or_else(|| format!("of {}", period_name(label)), |to| format!("up to {}", period_name(to)))
}

/// P5 to P95 of a series, period by period.
pub(super) fn series_table(forecast: &Forecast, series: &Series) -> Markup {
    let labels = forecast.periods(series.every).map_or(&[][..], |list| &list.labels);
    let columns = [
        ("P5", &series.bands.p5),
        ("P10", &series.bands.p10),
        ("P25", &series.bands.p25),
        ("median (P50)", &series.bands.p50),
        ("P75", &series.bands.p75),
        ("P90", &series.bands.p90),
        ("P95", &series.bands.p95),
    ];
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "Period" }
                    @for (title, _) in &columns { th.number scope="col" { (title) } }
                    th.number scope="col" { "plan line" }
                }
            }
            tbody {
                @for (at, label) in labels.iter().enumerate() {
                    tr {
                        th scope="row" { (period_name(label)) }
                        @for (_, estimates) in &columns {
                            (cell(forecast, series.metric, estimates.at(at)))
                        }
                        (cell(forecast, series.metric, Estimate::exact(Place::new(series, at).plan())))
                    }
                }
            }
        }
    }
}

/// P10, median and P90 of some metrics of the whole, month by month.
pub(super) fn months_table(forecast: &Forecast, metrics: &[Metric]) -> Markup {
    let found: Vec<&Series> =
        metrics.iter().filter_map(|metric| forecast.series(*metric, "total", Frequency::Month)).collect();
    let labels = forecast.periods(Frequency::Month).map_or(&[][..], |list| &list.labels);
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "Month" }
                    @for series in &found {
                        @for column in ["P10", "median", "P90"] { th.number scope="col" { (series.metric.name()) ", " (column) } }
                    }
                }
            }
            tbody {
                @for (at, label) in labels.iter().enumerate() {
                    tr {
                        th scope="row" { (period_name(label)) }
                        @for series in &found {
                            @let place = Place::new(series, at);
                            @for estimate in [place.p10(), place.p50(), place.p90()] { (cell(forecast, series.metric, estimate)) }
                        }
                    }
                }
            }
        }
    }
}
