//! Deal sizes given by a table: each deal has one of some amounts.

use super::parameter_value::ParameterValue;
use crate::chance::MoneyShape;
use crate::scenario::{self, FieldId};

/// The amounts that deals have, with their weights.
#[derive(Clone, Debug)]
pub struct SizeTable {
    /// The amounts.
    pub values: Vec<f64>,
    /// How much each weighs.
    pub weights: Vec<ParameterValue>,
}

impl SizeTable {
    /// The table that deal sizes are written as; `None` where they are none.
    pub(super) fn of(written: &scenario::DealSize, level: &impl Fn(FieldId) -> ParameterValue) -> Option<SizeTable> {
        (written.shape == MoneyShape::Table).then(|| SizeTable {
            values: written.values.clone(),
            weights: (0..written.values.len()).map(|i| level(FieldId::DealSizeWeight(i))).collect(),
        })
    }

    /// The mean amount in a trial with these inputs; not a number where nothing weighs anything.
    pub fn mean(&self, inputs: &[f64]) -> f64 {
        let (mut sum, mut all) = (0.0, 0.0);
        for (value, weight) in self.values.iter().zip(&self.weights) {
            let weight = weight.at(inputs);
            sum += weight * value;
            all += weight;
        }
        sum / all
    }
}
