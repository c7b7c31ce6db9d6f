//! Fields that an analysis moves, as they were typed.

use crate::scenario::{Fault, Field, FieldValue, Unit};

/// Fields that are named twice, or with a part of themselves; the fields are in the order of their paths.
pub(crate) fn overlaps<'f>(fields: impl Iterator<Item = &'f str>, option: &str) -> Vec<Fault> {
    let fields: Vec<&str> = fields.collect();
    let within = |one: &str, other: &str| {
        other.strip_prefix(one).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let fault = |one: &str, other: &str| Fault {
        file: format!("{option} {other}"),
        path: String::new(),
        found: if one == other { "the same field twice".to_owned() } else { format!("a part of {one}") },
        allowed: "each field once, and either a quantity or a parameter of it".to_owned(),
        hint: String::new(),
    };
    let pairs = fields.windows(2).filter(|pair| within(pair[0], pair[1]));
    pairs.map(|pair| fault(pair[0], pair[1])).collect()
}

/// What is wrong with multiplying the draws of a field. Of what can be multiplied, rates alone may be below 0, and a duration or an amount has
/// to be above it.
pub(super) fn unfit_factor(field: &Field, factor: f64, option: &str, hint: &str) -> Option<Fault> {
    let unit = Unit::of(&field.path);
    let draws = matches!(field.value, FieldValue::Draws { .. });
    let unfit = factor < 0.0 && !matches!(unit, Unit::Rate | Unit::Exponent)
        || factor == 0.0 && matches!(unit, Unit::Days | Unit::Money);
    (draws && unfit).then(|| Fault {
        file: format!("{option} {}", field.path),
        path: field.path.clone(),
        found: format!("a factor of {factor}"),
        allowed: if factor < 0.0 { "a factor of 0 or more" } else { "a factor above 0" }.to_owned(),
        hint: hint.to_owned(),
    })
}
