//! Parts of sentences that several findings share.

use crate::analysis::FigureInfo;
use crate::forecast::{Bands, Forecast};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::{Currency, few_digits, plain};

/// The bands of an analysis's figure: "P10 €14.0M to P90 €22.0M; median €17.6M", each of which holds for lumpy figures too.
pub(super) fn bands_said(metric: Metric, currency: &Currency, bands: &Bands<Estimate>) -> String {
    let say = |found: Estimate| found.value.map(|value| metric.said(currency, value, found.error));
    match (say(bands.p10), say(bands.p50), say(bands.p90)) {
        (Some(_), Some(middle), Some(_)) if bands.is_of_one() => format!("{middle} in the one future simulated"),
        (Some(_), Some(middle), Some(_)) if bands.is_fixed() => format!("{middle} in every future"),
        (Some(low), Some(middle), Some(high)) => format!("{low} to {high}; median {middle}"),
        _ => format!("unknown ({})", metric.why_unknown()),
    }
}

/// " of Europe", where the figure of an analysis is not of the total.
pub(super) fn place_of(figure: &FigureInfo) -> String {
    if figure.scope == "total" { String::new() } else { format!(" of {}", plain(&figure.label)) }
}

/// " of Europe"; nothing of the total.
pub fn place(forecast: &Forecast, scope: &str) -> String {
    if scope == "total" { String::new() } else { format!(" of {}", scope_label(forecast, scope)) }
}

/// What people call a scope.
pub fn scope_label(forecast: &Forecast, key: &str) -> String {
    plain(forecast.scope(key).map_or(key, |scope| &scope.label))
}

/// What people call an input.
pub fn input_label(forecast: &Forecast, path: &str) -> String {
    forecast.inputs.iter().find(|input| input.path == path).map_or_else(|| path.to_owned(), |input| plain(&input.label))
}

/// A share that somebody gave: "2.5 %".
pub fn percent_given(share: f64) -> String {
    format!("{} %", few_digits(100.0 * share))
}
