//! `--target`, or `--metric`, `--period` and `--region`: what a question is about.

use clap::Args;

use super::exit::{Failure, refused};
use crate::analysis::Response;
use crate::model::{Figure, Model};
use crate::scenario::{Metric, UnknownMetric};
use crate::units::{Periods, closest};

/// A figure named on the command line; the main figure where nothing is.
#[derive(Debug, Args)]
pub(super) struct FigureArgs {
    /// Ask about the chance of this target, by its name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["metric", "period", "region"])]
    pub(super) target: Option<String>,
    /// Ask about this metric, such as bookings or arr [default: that of the first target]
    #[arg(long, value_name = "METRIC")]
    pub(super) metric: Option<String>,
    /// Ask about this period, such as 2027, 2027-Q1, 2027-03, 'to 2028-12' or total [default: that of the first target]
    #[arg(long, value_name = "PERIOD")]
    pub(super) period: Option<String>,
    /// Ask about this region (its key), or about all that carry a tag: segment=enterprise
    #[arg(long, value_name = "REGION")]
    pub(super) region: Option<String>,
}

impl FigureArgs {
    /// Finds it in a model.
    pub(super) fn figure(&self, model: &Model) -> Result<Response, Failure> {
        if let Some(name) = &self.target {
            return target(model, name);
        }
        let mut figure = Figure::main(model);
        if let Some(name) = &self.metric {
            figure.metric = metric(name)?;
        }
        if let Some(text) = &self.period {
            figure.period = period(model, text)?;
        }
        if let Some(key) = &self.region {
            figure.scope = scope(model, key)?;
        }
        if let Some(lacking) = model.lacking(figure.metric) {
            let allowed = "a metric that the scenario has";
            return Err(refused("--metric", figure.metric.key(), allowed, &format!("it takes {lacking}")));
        }
        if figure.metric.total_only(model.has_costs()) && figure.scope != model.total() {
            return Err(refused("--metric", figure.metric.key(), "a metric that regions have", ""));
        }
        if figure.metric == Metric::RepsAtQuota && !model.quota_periods.contains(&figure.period.months) {
            let found = format!("{} of {}", figure.metric.name(), figure.period.label);
            let allowed = "a month, a quarter, a year, total, or the period of a target, where executives have a quota";
            return Err(refused("--period", &found, allowed, ""));
        }
        // A level has a last month, but no sum from the start.
        if figure.metric.is_level() && figure.period.label.starts_with("to ") {
            let found = format!("{} of {}", figure.period.label, figure.metric.name());
            let hint = "it is a level at the end of a month and does not add up: name that month";
            return Err(refused("--period", &found, "a period that it ends", hint));
        }
        Ok(Response::Figure(figure))
    }
}

/// The chance of the target of a name.
pub(super) fn target(model: &Model, name: &str) -> Result<Response, Failure> {
    let names: Vec<String> = model.targets.iter().map(|target| target.name.clone()).collect();
    model.targets.iter().find(|target| target.name == name).map(Response::of_target).ok_or_else(|| {
        let allowed = if names.is_empty() {
            "a target, of which this scenario has none".to_owned()
        } else {
            format!("one of {}", names.join(", "))
        };
        refused("--target", name, &allowed, &closest(name, names.iter()))
    })
}

/// The metric of a name.
pub(super) fn metric(name: &str) -> Result<Metric, Failure> {
    name.parse().map_err(|e: UnknownMetric| refused("--metric", name, &e.allowed(), &e.hint()))
}

/// The one period of a name.
pub(super) fn period(model: &Model, text: &str) -> Result<crate::units::Period, Failure> {
    let inside = format!("one period inside {} to {}", model.horizon.start, model.horizon.last());
    match model.horizon.parse(text) {
        Ok(Periods::One(period)) => Ok(period),
        Ok(Periods::Each(_)) => Err(refused("--period", text, &inside, "to ask of every month, set a target for it")),
        Err(error) => Err(refused("--period", &error.to_string(), &inside, "")),
    }
}

fn scope(model: &Model, text: &str) -> Result<usize, Failure> {
    model.scope_named(text).map_err(|e| refused("--region", text, &e.allowed, &e.hint))
}
