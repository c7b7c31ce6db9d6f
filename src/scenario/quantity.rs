//! A quantity: a fixed number, or what we believe about a number that we do not know.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::reader::{Node, Object, Range};
use super::unit::Unit;
use crate::chance::{Distribution, DistributionError};
use crate::units::few_digits;
use crate::units::format::list;

/// A number of the scenario with its law, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    written: Value,
    law: Distribution,
    note: Option<String>,
    source: Option<String>,
}

/// The numbers that a field may hold, and their unit, which says what usually describes doubt about them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Domain {
    pub(super) unit: Unit,
    pub(super) range: Range,
}

impl Domain {
    /// The number nearest to one that a field may hold.
    #[cfg(feature = "fit")]
    pub(crate) fn nearest(self, x: f64) -> f64 {
        x.clamp(self.range.low, self.range.high)
    }

    pub(super) const SHARE: Domain = Domain { unit: Unit::Share, range: Range::new("a share", 0.0, 1.0) };
    pub(super) const GROWTH: Domain =
        Domain { unit: Unit::Rate, range: Range::new("a rate of growth (0.15 is 15 %)", -1.0, 10.0) };
    pub(super) const LEADS: Domain = Domain { unit: Unit::Number, range: Range::new("leads a month", 0.0, 1e9) };
    pub(super) const TIMES: Domain = Domain { unit: Unit::Number, range: Range::new("a number", 0.0, 1e9) };
    pub(super) const DAYS: Domain = Domain { unit: Unit::Days, range: Range::above("days", 0.0, 36_525.0) };
    pub(super) const FACTOR: Domain = Domain { unit: Unit::Number, range: Range::above("a factor", 0.0, 1_000.0) };
    pub(super) const FACTOR_OR_NONE: Domain =
        Domain { unit: Unit::Number, range: Range::new("a factor", 0.0, 1_000.0) };
    pub(super) const WEIGHT: Domain = Domain { unit: Unit::Number, range: Range::new("a weight", 0.0, 1e15) };
    pub(crate) const STEP: Domain =
        Domain { unit: Unit::Number, range: Range::new("a standard deviation a month (0.1 is 10 %)", 0.0, 5.0) };
    pub(crate) const EXPONENT: Domain =
        Domain { unit: Unit::Exponent, range: Range::new("the logarithm of a factor", -10.0, 10.0) };
    pub(super) const DELAY: Domain = Domain { unit: Unit::Months, range: Range::new("months", 0.0, 600.0) };
    pub(super) const RATE: Domain = Domain { unit: Unit::Number, range: Range::above("an exchange rate", 0.0, 1e9) };
    pub(super) const AMOUNT: Domain = Domain { unit: Unit::Money, range: Range::new("an amount of money", 0.0, 1e12) };
    pub(super) const MONEY: Domain = Domain { unit: Unit::Money, range: Range::above("an amount of money", 0.0, 1e12) };
}

const FORMS: &str = "a number, or an object with mean and sd (or cv), low and high (and mode), two percentiles such as p10 and p90, values and weights, or value";

impl Quantity {
    /// A quantity that is one number in every trial.
    pub fn fixed(x: f64) -> Quantity {
        Quantity { written: x.into(), law: Distribution::fixed(x), note: None, source: None }
    }

    /// A quantity that is 1 with this chance, else 0.
    pub(super) fn event(chance: f64) -> Quantity {
        let law = Distribution::discrete(&[0.0, 1.0], &[1.0 - chance, chance]);
        match law.ok().filter(|_| chance > 0.0 && chance < 1.0) {
            Some(law) => {
                let written = serde_json::json!({"values": [0, 1], "weights": [1.0 - chance, chance]});
                Quantity { written, law, note: None, source: None }
            }
            None => Quantity::fixed(chance),
        }
    }

    /// The law of its draws; a fixed number has one too.
    pub fn law(&self) -> &Distribution {
        &self.law
    }

    /// The JSON that it was written as.
    pub fn written(&self) -> &Value {
        &self.written
    }

    /// Whether it is a column of joint draws.
    pub fn is_column(&self) -> bool {
        self.law.in_row(0).is_some()
    }

    /// The same with the values of a column of joint draws in place of its own law.
    pub(super) fn drawn(&self, values: &[f64]) -> Quantity {
        Quantity { law: Distribution::rows(values.to_vec()), ..self.clone() }
    }

    /// The same with every draw multiplied, but no draw above `most`; as it was written stays what it was.
    pub(super) fn times(&self, factor: f64, most: f64) -> Quantity {
        Quantity { law: self.law.times(factor, most), ..self.clone() }
    }

    /// The note on why it is believed.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The source that it was found in.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    pub(super) fn read(node: &Node, domain: Domain) -> Option<Quantity> {
        if !node.value.is_object() {
            if !node.value.is_number() {
                node.wrong(&format!("{}: {FORMS}", domain.range.allowed()), &node.hint_of_text());
                return None;
            }
            return node.number(domain.range).map(Quantity::fixed);
        }
        let mut object = node.object()?;
        let note = object.text("note");
        let source = object.text("source");
        let law = read_law(&mut object, domain);
        object.close();
        Some(Quantity { written: node.value.clone(), law: law?, note, source })
    }
}

impl Default for Quantity {
    /// A quantity that is 0 in every trial.
    fn default() -> Quantity {
        Quantity::fixed(0.0)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written.serialize(serializer)
    }
}

fn read_law(object: &mut Object, domain: Domain) -> Option<Distribution> {
    let forms: Vec<&str> = ["value", "mean", "low", "values"].into_iter().filter(|key| object.has(key)).collect();
    let percentiles: Vec<(String, f64)> =
        object.keys().filter_map(|key| Some((key.to_owned(), percentile(key)?))).collect();
    let form = match (forms.as_slice(), percentiles.len()) {
        ([form], 0) => *form,
        ([], 2) => "percentiles",
        ([], n) if n > 0 => {
            for (key, _) in &percentiles {
                object.get(key);
            }
            object.node().fault(
                format!("{n} percentile{}", if n == 1 { "" } else { "s" }),
                "two percentiles, such as p10 and p90",
                "",
            );
            return None;
        }
        _ => {
            let mut found = forms.join(" beside ");
            for (key, _) in &percentiles {
                found = format!("{found}{}{key}", if found.is_empty() { "" } else { " beside " });
            }
            // The keys of every form are known, so that only the mixture is reported.
            for key in ["value", "mean", "sd", "cv", "shape", "low", "mode", "high", "values", "weights"] {
                object.get(key);
            }
            for (key, _) in &percentiles {
                object.get(key);
            }
            let written = object.written_keys();
            let hint = if written.len() == object.keys().count() {
                "a quantity is written in one of these forms only".to_owned()
            } else {
                let numbers = written.into_iter().filter(|key| !matches!(*key, "note" | "source"));
                format!("this quantity has {}: set those, or the whole quantity", list(&numbers.collect::<Vec<&str>>()))
            };
            let found = if found.is_empty() { super::json::describe(object.node().value) } else { found };
            object.node().fault(found, FORMS, hint);
            return None;
        }
    };
    let range = domain.range;
    let law = match form {
        "value" => Ok(Distribution::fixed(object.get("value")?.number(range)?)),
        "mean" => read_moments(object, domain)?,
        "low" => {
            let low = object.get("low").and_then(|n| n.number(range));
            let mode = object.get("mode").map(|n| n.number(range));
            let high = object.required("high", &range.allowed()).and_then(|n| n.number(range));
            let words = [("pert", Bounded::Pert), ("triangular", Bounded::Triangular), ("uniform", Bounded::Uniform)];
            let usual = if mode.is_some() { Bounded::Pert } else { Bounded::Uniform };
            let shape = object.get("shape").map_or(Some(usual), |n| n.word(&words))?;
            if mode.is_some() == (shape == Bounded::Uniform) {
                let found = if mode.is_some() { "a mode beside shape uniform" } else { "a shape that needs a mode" };
                object.node().fault(
                    found.to_owned(),
                    "low, mode and high (pert or triangular), or low and high (uniform)",
                    "",
                );
                return None;
            }
            match (mode, shape) {
                (Some(mode), Bounded::Triangular) => Distribution::triangular(low?, mode?, high?),
                (Some(mode), _) => Distribution::pert(low?, mode?, high?),
                (None, _) => Distribution::uniform(low?, high?),
            }
        }
        "values" => {
            let numbers = |node: Node, range: Range| {
                node.list().iter().map(|item| item.number(range)).collect::<Option<Vec<f64>>>()
            };
            let values = object.get("values").and_then(|node| numbers(node, range));
            let weights = object
                .required("weights", "as many weights as values")
                .and_then(|node| numbers(node, Range::new("a weight", 0.0, 1e15)));
            Distribution::discrete(&values?, &weights?)
        }
        _ => {
            // Each is asked for, so that a fault of the first hides none of the second.
            let points: Vec<Option<(f64, f64)>> = percentiles
                .iter()
                .map(|(key, p)| object.get(key).and_then(|node| node.number(range)).map(|x| (*p, x)))
                .collect();
            let points: Vec<(f64, f64)> = points.into_iter().collect::<Option<_>>()?;
            let law = match domain.unit {
                Unit::Share => Distribution::logit_normal_through(points[0], points[1]),
                Unit::Rate | Unit::Exponent => Distribution::normal_through(points[0], points[1]),
                Unit::Days | Unit::Months | Unit::Money | Unit::Number => {
                    Distribution::lognormal_through(points[0], points[1])
                }
            };
            // Two percentiles near each other may be far apart in value.
            if let Some(mean) = law.as_ref().ok().map(Distribution::mean).filter(|mean| !range.holds(*mean)) {
                let [(one, _), (other, _)] = [&percentiles[0], &percentiles[1]];
                object.node().fault(
                    format!("{one} and {other} of a law whose mean is {}", few_digits(mean)),
                    format!("a mean that is {}", range.allowed()),
                    "percentiles that are farther apart, such as p10 and p90, or values that are nearer",
                );
                return None;
            }
            law
        }
    };
    law.map_err(|error| explain(object.node(), &error)).ok()
}

/// The shapes between two bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bounded {
    Pert,
    Triangular,
    Uniform,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Beta,
    Lognormal,
    Normal,
    Gamma,
}

fn read_moments(object: &mut Object, domain: Domain) -> Option<Result<Distribution, DistributionError>> {
    let mean = object.get("mean").and_then(|n| n.number(domain.range));
    let spread = Range::new("a spread", 0.0, 1e15);
    let (sd, cv) = (object.get("sd").map(|n| n.number(spread)), object.get("cv").map(|n| n.number(spread)));
    let shape = object.get("shape").map(|n| {
        n.word(&[
            ("beta", Shape::Beta),
            ("lognormal", Shape::Lognormal),
            ("normal", Shape::Normal),
            ("gamma", Shape::Gamma),
        ])
    });
    let sd = match (sd, cv) {
        (Some(sd), None) => sd?,
        (None, Some(cv)) => cv? * mean?.abs(),
        (found, _) => {
            let found = if found.is_some() { "sd beside cv" } else { "a mean without a spread" };
            object.node().fault(
                found.to_owned(),
                "mean with either sd or cv",
                "a fixed number is written without braces, or as {\"value\": …}",
            );
            return None;
        }
    };
    let usual = match domain.unit {
        Unit::Share => Shape::Beta,
        Unit::Rate | Unit::Exponent => Shape::Normal,
        Unit::Days | Unit::Months | Unit::Money | Unit::Number => Shape::Lognormal,
    };
    let shape = match shape {
        None => usual,
        Some(shape) => shape?,
    };
    // A shape must not reach outside the field's domain.
    let (allowed, hint) = match domain.unit {
        Unit::Share => (shape == Shape::Beta, "beta"),
        Unit::Rate | Unit::Exponent => (true, ""),
        Unit::Days | Unit::Months | Unit::Money | Unit::Number => (shape != Shape::Normal, "lognormal, gamma or beta"),
    };
    if !allowed {
        object.node().fault(
            "a shape that reaches outside the field's domain".to_owned(),
            format!("{}: {hint}", domain.range.allowed()),
            "or bound it: low, mode and high",
        );
        return None;
    }
    let mean = mean?;
    Some(match shape {
        Shape::Beta => Distribution::beta(mean, sd),
        Shape::Lognormal => Distribution::lognormal(mean, sd),
        Shape::Normal => Distribution::normal(mean, sd),
        Shape::Gamma => Distribution::gamma(mean, sd),
    })
}

fn explain(node: &Node, error: &DistributionError) {
    let (allowed, hint) = match error {
        DistributionError::TooWide { bound, .. } => {
            (format!("an sd below {bound:.4}"), "an sd is that of the share itself: 0.03 means plus or minus 3 points")
        }
        DistributionError::Order(_) => ("low ≤ mode ≤ high".to_owned(), ""),
        DistributionError::Percentiles(_) => (
            "a higher percentile with a higher value, inside the domain".to_owned(),
            "p10 is the value that 10 % of outcomes fall below",
        ),
        DistributionError::Discrete(_) => ("values ascending, and as many weights".to_owned(), ""),
        DistributionError::Mean { low, high, .. } => (format!("a mean between {low} and {high}"), ""),
        DistributionError::Spread(_) => ("a spread of 0 or more".to_owned(), ""),
        DistributionError::Extreme { is_narrow: true, .. } => ("a spread of 0, or a larger one".to_owned(), ""),
        DistributionError::Extreme { .. } => ("a smaller spread".to_owned(), ""),
    };
    node.fault(error.to_string(), allowed, hint);
}

/// The probability of a percentile key, p1 … p99.
pub(crate) fn percentile(key: &str) -> Option<f64> {
    let digits = key.strip_prefix('p')?;
    let n: u32 = digits.parse().ok()?;
    ((1..=99).contains(&n) && !digits.starts_with('0') && !digits.starts_with('+')).then(|| f64::from(n) / 100.0)
}
