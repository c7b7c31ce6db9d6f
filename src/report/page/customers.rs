//! What a customer costs and brings, where the scenario tells costs by region: CAC, ARPA, LTV by region and year, ROI at gross margin.

use maud::{Markup, html};

use super::text::{name, text};
use crate::forecast::{Forecast, Place, find};
use crate::model::ScopeKind;
use crate::scenario::Metric;
use crate::units::Frequency;
use crate::units::format::{capitalize, count, period_name};

/// More regions than this would not fit a printed page.
const MOST: usize = 8;

/// The columns of the table.
const COLUMNS: [Metric; 5] = [Metric::Cac, Metric::CacPaybackMonths, Metric::Arpa, Metric::Ltv, Metric::MarginRoi];

/// Whether the scenario tells costs by region.
pub(super) fn has_costs(forecast: &Forecast) -> bool {
    forecast.series.iter().any(|series| series.metric == Metric::Cac)
}

pub(super) fn section(forecast: &Forecast) -> Markup {
    let columns: Vec<Metric> =
        COLUMNS.into_iter().filter(|metric| forecast.series.iter().any(|series| series.metric == *metric)).collect();
    let periods = periods(forecast);
    if columns.is_empty() || periods.is_empty() {
        return html! {};
    }
    let mut regions: Vec<(&str, &str)> = forecast
        .scopes
        .iter()
        .filter(|scope| scope.kind == ScopeKind::Region)
        .map(|scope| (scope.key.as_str(), scope.label.as_str()))
        .collect();
    let left_out = regions.len().saturating_sub(MOST);
    regions.truncate(MOST);
    // A business of one region is that region.
    if regions.len() < 2 {
        regions.clear();
    }
    html! {
        section aria-labelledby="customers" {
            h2 #customers { "What a customer costs and brings" }
            div.scroll tabindex="0" role="region" aria-label="Table of what a customer costs and brings" {
                table {
                    caption { (caption(&columns)) }
                    thead {
                        tr {
                            th scope="col" { "Region and period" }
                            @for metric in &columns { th.number scope="col" { (capitalize(metric.name())) } }
                        }
                    }
                    @for (label, said) in &periods {
                        tbody {
                            @for (key, region) in &regions {
                                tr.screen { th scope="row" { (name(region)) " in " (said) } @for metric in &columns { (figure(forecast, *metric, key, label)) } }
                            }
                            tr {
                                th scope="row" { @if regions.is_empty() { (capitalize(said)) } @else { "All together in " (said) } }
                                @for metric in &columns { (figure(forecast, *metric, "total", label)) }
                            }
                        }
                    }
                }
            }
            @if !regions.is_empty() { p.quiet.small.only-print { "Each region is on the screen and in bands.csv." } }
            @if let Some(sentence) = of_no_region(forecast, regions.len()) { p.screen { (text(&sentence)) } }
            @if left_out > 0 { p.quiet { (left_out) " more regions are in bands.csv." } }
        }
    }
}

/// What the columns are.
fn caption(columns: &[Metric]) -> String {
    let mut said = "Medians; from P10 to P90, 8 chances in 10. CAC: investment over deals won".to_owned();
    if columns.contains(&Metric::CacPaybackMonths) {
        said += ", paid back by the gross margin on new ARR";
    }
    said += ". ARPA: ARR over customers at the end";
    if columns.contains(&Metric::Ltv) {
        said += "; LTV: the gross margin on it over the share of customers lost a year. ROI: of all that is spent and booked by then";
    }
    said + "."
}

/// The first and the last year, fiscal where the scenario has fiscal years, or all months where there is no whole year: as files and as people
/// write them.
fn periods(forecast: &Forecast) -> Vec<(String, String)> {
    let labels = forecast.periods(forecast.fiscal(Frequency::Year)).map_or(&[][..], |list| &list.labels);
    let mut years: Vec<(String, String)> =
        labels.first().into_iter().chain(labels.last()).map(|label| (label.clone(), period_name(label))).collect();
    years.dedup();
    if years.is_empty() {
        let whole = forecast.periods(Frequency::Total).and_then(|list| list.labels.first().cloned());
        years.extend(whole.map(|label| (label, format!("all {}", count(forecast.months, "month")))));
    }
    years
}

/// "€714", and below it "€585 to €873"; nothing where it is unknown in some futures, or where nothing is spent on a region alone.
fn figure(forecast: &Forecast, metric: Metric, scope: &str, period: &str) -> Markup {
    let spent = |of: Metric| find(forecast, of, scope, period).and_then(|place| place.p50().value);
    let of_costs = metric.spec().formed_of.contains(&Metric::Investment);
    let found = find(forecast, metric, scope, period).filter(|_| !of_costs || spent(Metric::Investment) != Some(0.0));
    let said = |place: &Place<'_>| {
        let [low, middle, high] = [place.p10(), place.p50(), place.p90()]
            .map(|found| found.value.map(|value| forecast.said(metric, value, found.error)));
        let (low, middle, high) = (low?, middle?, high?);
        let range = (low != high).then(|| format!("{low} to {high}"));
        Some((place.p50().value, middle, range.unwrap_or_default()))
    };
    html! {
        td.number {
            @if let Some((value, middle, range)) = found.as_ref().and_then(said) {
                data value=[value] { (text(&middle)) }
                @if !range.is_empty() { br; span.quiet { (text(&range)) } }
            }
        }
    }
}

/// "€2.00M of the investment of €4.50M names no region: it counts in the CAC of all together alone."
fn of_no_region(forecast: &Forecast, regions: usize) -> Option<String> {
    let label = forecast.periods(Frequency::Total)?.labels.first()?;
    let spent = |scope: &str| find(forecast, Metric::Investment, scope, label)?.p50().value;
    let of_regions: Option<f64> =
        forecast.scopes.iter().filter(|scope| scope.kind == ScopeKind::Region).map(|scope| spent(&scope.key)).sum();
    let (all, named) = (spent("total")?, of_regions?);
    let rest = all - named;
    if regions < 2 || rest <= 1e-9 * all {
        return None;
    }
    let money = |x: f64| forecast.currency.short(x);
    Some(if named > 0.0 {
        format!(
            "{} of the investment of {} names no region: it counts in the CAC of all together alone.",
            money(rest),
            money(all)
        )
    } else {
        format!("The investment of {} names no region: only all together have a CAC.", money(all))
    })
}
