//! Regions side by side.

use maud::{Markup, html};

use super::text::{cell, name, share_cell, text};
use crate::documents::ScopeInfo;
use crate::forecast::{At, Contribution, Forecast};
use crate::forecast::{Place, find};
use crate::model::ScopeKind;
use crate::report::sentences;

/// More rows than this would not fit a printed page.
const MOST: usize = 8;
const MOST_TAGS: usize = 4;

pub(super) fn section(forecast: &Forecast) -> Markup {
    let main = &forecast.main;
    let mut regions = of_kind(forecast, ScopeKind::Region);
    let tags = of_kind(forecast, ScopeKind::Tag);
    if regions.len() < 2 || main.metric.total_only(true) {
        return html! {};
    }
    regions.sort_by(|a, b| b.middle().total_cmp(&a.middle()));
    let left_out = regions.len().saturating_sub(MOST) + tags.len().saturating_sub(MOST_TAGS);
    let heading = sentences::main_figure(forecast);
    html! {
        section.regions aria-labelledby="regions" {
            h2 #regions { "Regions side by side" }
            div.scroll tabindex="0" role="region" aria-label="Table of regions" {
                table {
                    caption { (text(&heading)) }
                    thead {
                        tr {
                            th scope="col" { "Region" }
                            th.number scope="col" { "P10" }
                            th.number scope="col" { "median (P50)" }
                            th.number scope="col" { "P90" }
                            th.number scope="col" { "share of the middle" }
                            th.number scope="col" { "leads that become customers" }
                        }
                    }
                    tbody { @for row in regions.iter().take(MOST) { (row.markup(forecast)) } }
                    @if !tags.is_empty() {
                        tbody { @for row in tags.iter().take(MOST_TAGS) { (row.markup(forecast)) } }
                    }
                    @if main.scope == "total" { tfoot { (whole(forecast)) } }
                }
            }
            @if left_out > 0 { p.quiet { (left_out) " more rows are in bands.csv." } }
            @if let Some(sentence) = sentences::diversification(forecast) { p { (text(&sentence)) } }
        }
    }
}

struct Row<'a> {
    scope: &'a ScopeInfo,
    place: Place<'a>,
}

/// The scopes of a kind for which the main figure is known.
fn of_kind(forecast: &Forecast, kind: ScopeKind) -> Vec<Row<'_>> {
    let main = &forecast.main;
    let inside = |scope: &&ScopeInfo| {
        let of = forecast.scope(&main.scope);
        of.is_none_or(|of| scope.regions.iter().all(|region| of.regions.contains(region)))
    };
    let scopes = forecast.scopes.iter().filter(|scope| scope.kind == kind).filter(inside);
    scopes
        .filter_map(|scope| Some(Row { scope, place: find(forecast, main.metric, &scope.key, &main.period)? }))
        .collect()
}

impl Row<'_> {
    fn middle(&self) -> f64 {
        self.place.p50().value.unwrap_or(f64::NEG_INFINITY)
    }

    fn markup(&self, forecast: &Forecast) -> Markup {
        let main = &forecast.main;
        let at_median = |c: &&Contribution| c.at == At::P50 && c.region == self.scope.key;
        let part =
            main.contributions.iter().find(at_median).zip(main.bands.p50.value).map(|(c, whole)| c.value / whole);
        html! {
            tr {
                th scope="row" { (name(&self.scope.label)) }
                (bands(forecast, &self.place))
                (share_cell(part.filter(|part| part.is_finite())))
                td.number { @if let Some(rate) = self.scope.win_rate.filter(|rate| *rate > 0.0) { data value=(rate) { (one_in(forecast, rate)) } } }
            }
        }
    }
}

/// P10, median and P90.
fn bands(forecast: &Forecast, place: &Place<'_>) -> Markup {
    let metric = forecast.main.metric;
    html! { @for estimate in [place.p10(), place.p50(), place.p90()] { (cell(forecast, metric, estimate)) } }
}

fn whole(forecast: &Forecast) -> Markup {
    let main = &forecast.main;
    let values = [main.bands.p10, main.bands.p50, main.bands.p90];
    html! {
        tr {
            th scope="row" { "All together" }
            @for estimate in values { (cell(forecast, main.metric, estimate)) }
            td.number { "100\u{A0}%" }
            td {}
        }
    }
}

/// "1 in 3.3".
fn one_in(forecast: &Forecast, rate: f64) -> String {
    let text = format!("{:.1}", 1.0 / rate);
    format!("1 in {}", forecast.currency.locale().write(text.strip_suffix(".0").unwrap_or(&text)))
}
