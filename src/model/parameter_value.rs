//! A number of a model: the same in every trial, or drawn.

/// A number that is fixed, or the value that an input has in a trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParameterValue {
    /// The same in every trial.
    Fixed(f64),
    /// The input with this index.
    Input(usize),
    /// The input with this index, times a number.
    Times(usize, f64),
}

impl ParameterValue {
    /// The value in a trial with these inputs.
    #[inline]
    pub fn at(self, inputs: &[f64]) -> f64 {
        match self {
            ParameterValue::Fixed(x) => x,
            ParameterValue::Input(i) => inputs[i],
            ParameterValue::Times(i, factor) => inputs[i] * factor,
        }
    }

    /// The value times a number.
    pub fn times(self, factor: f64) -> ParameterValue {
        match self {
            ParameterValue::Fixed(x) => ParameterValue::Fixed(x * factor),
            ParameterValue::Input(i) => ParameterValue::Times(i, factor),
            ParameterValue::Times(i, before) => ParameterValue::Times(i, before * factor),
        }
    }

    /// Whether it is the same in every trial.
    pub fn is_fixed(self) -> bool {
        matches!(self, ParameterValue::Fixed(_))
    }
}
