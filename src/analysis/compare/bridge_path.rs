//! The way from one value to another, in the steps that changes bring.

use super::additive_rounding::span;
use super::document::Span;

/// A value with its error; not finite where it is unknown.
pub(in crate::analysis) type Measured = (f64, Option<f64>);

/// From one end to another, and what each change brings on the way, unrounded.
#[derive(Clone, Debug)]
pub(in crate::analysis) struct BridgePath {
    pub(in crate::analysis) ends: [Measured; 2],
    pub(in crate::analysis) steps: Vec<Measured>,
}

impl BridgePath {
    /// As it is written down.
    pub(in crate::analysis) fn span(&self) -> Span {
        span(self.ends, &self.steps)
    }
}
