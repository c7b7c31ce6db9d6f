//! What executives of each class reach of their quota.

use serde::{Deserialize, Serialize};

use super::bands::Bands;
use super::summaries::Summaries;
use super::summary::{Summary, share};
use crate::model::Figure;
use crate::stats::Estimate;

/// What executives of a class reach of their quota in the main figure's scope and period.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExecutiveClass {
    /// The share of their quota by which the scenario tells the class from others.
    pub quota_share: f64,
    /// The share of futures in which somebody of it has a quota in the period.
    pub present: Estimate,
    /// What all of them book over what all of them are to book, in those futures.
    pub attainment: Bands<Estimate>,
}

/// The classes that are there in some futures, the highest first; none of a period in which months are known.
pub(super) fn executive_classes(summaries: &Summaries) -> Vec<ExecutiveClass> {
    let model = summaries.model();
    let known = model.running.as_ref().map_or(0, |running| running.known_months);
    // What was booked before the as-of day is nobody's.
    if Figure::main(model).period.months.start < known {
        return Vec::new();
    }
    let found = |(quota_share, [wanted, booked]): (&f64, &[Vec<f64>; 2])| {
        let there = wanted.iter().zip(booked).filter(|(wanted, _)| **wanted > 0.0);
        let attained: Vec<f64> = there.map(|(wanted, booked)| booked / wanted).collect();
        if attained.is_empty() {
            return None;
        }
        let attainment = Summary::new(attained.len()).bands(&attained);
        Some(ExecutiveClass { quota_share: *quota_share, present: share(attained.len(), wanted.len()), attainment })
    };
    model.classes.iter().zip(&summaries.classes).filter_map(found).collect()
}
