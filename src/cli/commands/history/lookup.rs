//! Finds in a history what is asked for: a series, and a figure.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;
use serde_json::Value;

use crate::analysis::{FigureInfo, SeriesNow};
use crate::cli::exit::{Failure, refused};
use crate::cli::figure_args::metric;
use crate::cli::scenario_source;
use crate::history::{FigureKey, History};
use crate::model::{NoScope, scope_named};
use crate::scenario::Metric;
use crate::units::closest;

/// So many names are listed where one is not found.
const MAX_LISTED: usize = 12;

/// The options that name a figure of a history.
#[derive(Debug, Args)]
pub(super) struct FigureKeyArgs {
    /// Of this metric, such as bookings or arr [default: that of the newest run's main figure]
    #[arg(long, value_name = "METRIC")]
    metric: Option<String>,
    /// Of this period, such as 2027, 2027-Q1 or 2027-03 [default: that of the newest run's main figure]
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// Of this region (its key or label), of all that carry a tag (segment=enterprise), or of the total [default: that of the newest run's main figure]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

/// The series of a name, or of a scenario file.
pub(in crate::cli::commands) fn series<'a>(name: &str, all: &'a [SeriesNow], file: &Path) -> Result<&'a str, Failure> {
    let stem = scenario_source::series(Path::new(name));
    let named = |wanted: &str| all.iter().find(|now| now.series == wanted).map(|now| now.series.as_str());
    named(name).or_else(|| named(&stem)).ok_or_else(|| {
        let names: Vec<String> = all.iter().map(|now| now.series.clone()).collect();
        let allowed = if names.is_empty() {
            format!("a series, of which {} has none yet", file.display())
        } else {
            format!("one of {}", listed(&names))
        };
        refused("the series", name, &allowed, &closest(&stem, names.iter()))
    })
}

/// The figure that is asked about: that of `main`, but for what is named.
pub(super) fn figure(
    arguments: &FigureKeyArgs,
    history: &History,
    series: &str,
    main: &FigureKey,
    scenario: &Value,
) -> Result<FigureKey, Failure> {
    let mut key = main.clone();
    if let Some(name) = &arguments.metric {
        key.metric = metric(name)?;
    }
    let kept = history.figures(series)?;
    if key.metric.total_only(kept.iter().any(|figure| figure.metric == Metric::Cac)) {
        key.scope = "total".to_owned();
    }
    // What is there once the rest of the question is as it is.
    let of_metric = |figure: &&FigureKey| figure.metric == key.metric;
    let scopes: Vec<String> = distinct(kept.iter().filter(of_metric).map(|figure| &figure.scope));
    let named = |text: &str| {
        scope(text, &scopes, scenario).map_err(|NoScope { allowed, hint }| refused("--region", text, &allowed, &hint))
    };
    if let Some(region) = arguments.region.as_ref().filter(|_| !scopes.is_empty()) {
        key.scope = named(region)?;
    }
    if let Some(period) = &arguments.period {
        key.period.clone_from(period);
    }
    if key == *main || kept.contains(&key) {
        return Ok(key);
    }
    if scopes.is_empty() {
        let metrics: Vec<String> = distinct(kept.iter().map(|figure| figure.metric.key()));
        return Err(refused("--metric", key.metric.key(), &format!("one of {}", metrics.join(", ")), ""));
    }
    named(&key.scope)?;
    let periods = kept.iter().filter(of_metric).filter(|figure| figure.scope == key.scope);
    let periods: Vec<String> = distinct(periods.map(|figure| &figure.period));
    let found = format!("{} of {} in {}, of which no run keeps bands", key.metric.name(), key.scope, key.period);
    let hint = closest(&key.period, periods.iter());
    let hint = if hint.is_empty() { "the files of a run have every period".to_owned() } else { hint };
    Err(refused("--period", &found, &format!("one of {}", listed(&periods)), &hint))
}

/// A figure with what people call its scope.
pub(super) fn echo(key: &FigureKey, scenario: &Value) -> FigureInfo {
    FigureInfo {
        metric: key.metric,
        scope: key.scope.clone(),
        label: label(&key.scope, scenario).unwrap_or_else(|| key.scope.clone()),
        period: key.period.clone(),
        target: None,
        at_least: None,
    }
}

/// What a scenario calls a region.
pub(in crate::cli::commands) fn label(scope: &str, scenario: &Value) -> Option<String> {
    let region = scenario.get("regions")?.get(scope)?;
    region.get("label").and_then(Value::as_str).map(str::to_owned)
}

/// Which of some scopes a text names: a region by its key or by what a scenario calls it, tags, or the total.
pub(in crate::cli::commands) fn scope(text: &str, keys: &[String], scenario: &Value) -> Result<String, NoScope> {
    let labels: Vec<String> = keys.iter().map(|key| label(key, scenario).unwrap_or_default()).collect();
    let scopes: Vec<(&str, &str)> = keys.iter().map(String::as_str).zip(labels.iter().map(String::as_str)).collect();
    scope_named(text, &scopes).map(|i| keys[i].clone())
}

fn distinct<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.map(|text| text.as_ref().to_owned()).filter(|text| seen.insert(text.clone())).collect()
}

/// The first of them.
pub(in crate::cli::commands) fn listed(texts: &[String]) -> String {
    let more = if texts.len() > MAX_LISTED { ", …" } else { "" };
    format!("{}{more}", texts.iter().take(MAX_LISTED).cloned().collect::<Vec<_>>().join(", "))
}
