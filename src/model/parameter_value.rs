//! A number of a model: the same in every trial, or drawn.

/// A number that is fixed, or the value that an input has in a trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParameterValue {
    /// The same in every trial.
    Fixed(f64),
    /// The input with this index.
    Input(usize),
}

impl ParameterValue {
    /// The value in a trial with these inputs.
    #[inline]
    pub fn at(self, inputs: &[f64]) -> f64 {
        match self {
            ParameterValue::Fixed(x) => x,
            ParameterValue::Input(i) => inputs[i],
        }
    }
}
