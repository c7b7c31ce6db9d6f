//! As many futures as a precision takes.

use super::error::AnalysisError;
use super::response::Response;
use crate::engine::{Execution, Resampling, each_block_within};
use crate::forecast::{Precision, precision_goal};
use crate::model::Model;
use crate::stats::{Order, QuantileRanks, to_digits};

/// A precision that is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleSizeControl {
    /// The largest standard error of P10, P50 and P90 of the main figure that is allowed, as a share of |P50|.
    pub wanted: f64,
    /// No more futures than this are played.
    pub most: usize,
}

impl SampleSizeControl {
    /// How many futures are played first.
    pub const FIRST: usize = 1_000;
    /// The most that are played where nobody says otherwise: ten times doubled.
    pub const MOST: usize = SampleSizeControl::FIRST << 10;

    /// The first of 1,000, 2,000, 4,000, … futures, at most [`SampleSizeControl::most`], with which the main figure is precise enough, and how precise it is
    /// with them. Where the median is 0, and a share of it has no meaning, the model's own futures at once. It depends on nothing but the model's futures: they are looked at only where their number is one of these, so that to look
    /// changes little of what is found (methods.md 1d).
    ///
    /// # Errors
    /// [`AnalysisError`] when growth runs away in a trial, when `monitor` was asked to stop, or when the figure is unknown in some of the futures.
    pub fn reach(&self, model: &Model, execution: &Execution) -> Result<(usize, Precision), AnalysisError> {
        let figure = Response::main(model);
        let (part, mut sample) = (figure.part(), Vec::new());
        let mut trials = SampleSizeControl::FIRST.min(self.most);
        loop {
            let see = |outcomes: &_| figure.values(model, outcomes);
            let more = each_block_within(model, sample.len()..trials, Resampling::None, part, execution, see)?;
            sample.extend(more.into_iter().flatten());
            if sample.iter().any(|x| !x.is_finite()) {
                return Err(AnalysisError::Unknown);
            }
            let order = Order::of(sample.clone());
            let error = |p| order.error(&QuantileRanks::new(trials, p));
            let reached = match (error(0.1), error(0.5), error(0.9)) {
                (Some(p10), Some(p50), Some(p90)) => precision_goal(order.quantile(0.5), [p10, p50, p90]),
                _ => None,
            };
            if order.quantile(0.5) == 0.0 && reached.is_none() && error(0.9).is_some() {
                // A share of 0 has no meaning, however many futures there are.
                let trials = model.trials.min(self.most);
                return Ok((trials, Precision { wanted: self.wanted, reached, met: false, most: self.most }));
            }
            let met = reached.is_some_and(|reached| reached <= self.wanted);
            if met || trials >= self.most {
                let reached = reached.map(|reached| to_digits(reached, 3));
                return Ok((trials, Precision { wanted: self.wanted, reached, met, most: self.most }));
            }
            trials = (2 * trials).min(self.most);
        }
    }
}
