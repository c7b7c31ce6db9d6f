//! A number as it was stated, with how far it was rounded.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::scenario::reader::{Node, Range};
use crate::units::power_of_ten_at_most;

/// A number as it was stated: `8000`, `{"at_least": 5000000}`, `{"value": 1500000, "rounding": 0}`.
///
/// It stands for every number that is written so when rounded: half a unit of its last digit that is not 0, to either side,
/// unless `rounding` says otherwise. 17,800,000 is 17.75 to 17.85 million; 0.25 is 24.5 % to 25.5 %. Amounts and counts are at
/// most 2.5 % or half a unit off, whichever is more: 10,000,000 is 9.75 to 10.25 million. A share is at most half a percentage
/// point off, days and counts of a week at most half a unit: 0.3 is 29.5 % to 30.5 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuotedNumber {
    /// The number, or the bound.
    pub value: f64,
    /// Whether it is the number itself or a bound.
    pub bound: Bound,
    /// How far to either side the number meant may lie.
    pub rounding: f64,
    /// Whether that was given.
    given: bool,
}

/// How far a number is off at most by its rounding: so much, or this share of it, whichever is more.
#[derive(Clone, Copy, Debug)]
pub(super) struct RoundingUnit {
    pub(super) off: f64,
    pub(super) share: f64,
}

impl RoundingUnit {
    /// Of amounts and counts. Zeros at the end of a number may be digits or places: without the 2.5 %, 10,000,000 might be
    /// 5 or 15 million.
    pub(super) const AMOUNT: RoundingUnit = RoundingUnit { off: 0.5, share: 0.025 };

    /// How far a number may lie from the one meant: half a unit of its last digit that is not 0, within this bound.
    fn rounding(self, value: f64) -> f64 {
        half_unit(value).min(self.off.max(self.share * value.abs()))
    }
}

/// Whether a number was stated as such or as a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The number itself was stated.
    Exactly,
    /// That or more: "80 %+".
    AtLeast,
    /// That or less: "under 60 %".
    AtMost,
}

impl Bound {
    const ALL: [(&'static str, Bound); 3] =
        [("value", Bound::Exactly), ("at_least", Bound::AtLeast), ("at_most", Bound::AtMost)];
}

impl QuotedNumber {
    /// A number as such, rounded as it is written.
    pub fn new(value: f64) -> QuotedNumber {
        QuotedNumber { value, bound: Bound::Exactly, rounding: RoundingUnit::AMOUNT.rounding(value), given: false }
    }

    /// Where the number meant lies, lowest and highest; without end on the side that a bound leaves open.
    pub fn range(&self) -> (f64, f64) {
        let (low, high) = (self.value - self.rounding, self.value + self.rounding);
        match self.bound {
            Bound::Exactly => (low, high),
            Bound::AtLeast => (low, f64::INFINITY),
            Bound::AtMost => (f64::NEG_INFINITY, high),
        }
    }

    /// Reads a number of `range` that is at most `coarsest` off, unless the writer says otherwise.
    pub(super) fn read(node: &Node, range: Range, coarsest: RoundingUnit) -> Option<QuotedNumber> {
        let plain = |value: f64| QuotedNumber { rounding: coarsest.rounding(value), ..QuotedNumber::new(value) };
        if !node.value.is_object() {
            return node.number(range).map(plain);
        }
        let mut o = node.object()?;
        let given: Vec<(Bound, Node)> =
            Bound::ALL.iter().filter_map(|(key, bound)| Some((*bound, o.get(key)?))).collect();
        let rounding = o.get("rounding").map(|n| n.number(Range::new("how far the number may be off", 0.0, 1e18)));
        o.close();
        let [(bound, number)] = given.as_slice() else {
            node.wrong("a number, or an object with one of value, at_least, at_most, and perhaps rounding", "");
            return None;
        };
        let said = QuotedNumber { bound: *bound, ..plain(number.number(range)?) };
        Some(match rounding {
            Some(rounding) => QuotedNumber { rounding: rounding?, given: true, ..said },
            None => said,
        })
    }
}

/// Half a unit of the last digit that is not 0, in the shortest way of writing `x`.
fn half_unit(x: f64) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    let digits = format!("{:e}", x.abs());
    let mantissa = digits.split('e').next().unwrap_or_default().bytes().filter(u8::is_ascii_digit).count();
    power_of_ten_at_most(x.abs()) / libm::pow(10.0, mantissa as f64 - 1.0) / 2.0
}

impl Serialize for QuotedNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.bound == Bound::Exactly && !self.given {
            return serializer.serialize_f64(self.value);
        }
        let mut map = serializer.serialize_map(None)?;
        for (key, _) in Bound::ALL.iter().filter(|(_, bound)| *bound == self.bound) {
            map.serialize_entry(key, &self.value)?;
        }
        if self.given {
            map.serialize_entry("rounding", &self.rounding)?;
        }
        map.end()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for QuotedNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "QuotedNumber".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let form = |key: &str| {
            serde_json::json!({
                "type": "object",
                "required": [key],
                "properties": {key: {"type": "number"}, "rounding": {"type": "number", "minimum": 0}},
                "additionalProperties": false
            })
        };
        schemars::json_schema!({
            "description": "A number as it was stated, or a bound: at_least, at_most. It is taken as rounded to its last digit that is not 0, amounts by at most 2.5 %, unless rounding says how far to either side the number meant may lie.",
            "anyOf": [{"type": "number"}, form("value"), form("at_least"), form("at_most")]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_rounded_to_its_last_digit_that_is_not_0() {
        for (x, half) in [
            (17_800_000.0, 50_000.0),
            (8_000.0, 500.0),
            (0.25, 0.005),
            (6.1, 0.05),
            (35.0, 0.5),
            (100.0, 50.0),
            (0.0, 0.0),
        ] {
            assert!((half_unit(x) - half).abs() < 1e-9 * half.max(1e-9), "{x}: {}", half_unit(x));
        }
    }
}
