//! What is varied: from paths as typed to the scenario with their fields moved.

use super::document::{How, Variable, VariedField};
use crate::analysis::fields::{overlaps, unfit_factor};
use crate::model::{Model, resolve};
use crate::scenario::{Fault, Faults, Field, FieldValue, Scenario, Setting};

/// The fields that are varied together.
#[derive(Debug)]
pub(super) struct Lever<'a> {
    scenario: &'a Scenario,
    typed: &'a [String],
    fields: Vec<Field>,
    how: How,
    /// What they are as the scenario stands: 1 for a factor.
    pub(super) now: f64,
}

/// How far is looked unless told otherwise, nearby first: from half to double what it is, then from a tenth to tenfold.
pub(super) const FAR: [f64; 2] = [2.0, 10.0];
/// Halvings by which the end of what a field may hold is found.
const HALVINGS: usize = 12;

impl<'a> Lever<'a> {
    /// Finds the fields of some paths.
    pub(super) fn new(scenario: &'a Scenario, typed: &'a [String]) -> Result<Lever<'a>, Faults> {
        let (mut fields, mut faults): (Vec<Field>, Vec<Fault>) = Default::default();
        for path in typed {
            match scenario.fields(path) {
                Ok(found) => fields.extend(found),
                Err(fault) => faults.push(Fault { file: format!("--vary {path}"), ..fault }),
            }
        }
        fields.sort_by(|a, b| a.path.cmp(&b.path));
        faults.extend(overlaps(fields.iter().map(|field| field.path.as_str()), "--vary"));
        if !faults.is_empty() {
            return Err(Faults::Fields(faults));
        }
        // A single number is looked for itself; draws, or several fields, by what multiplies them all.
        let (how, now) = match fields.as_slice() {
            [Field { value: FieldValue::Number(x), .. }] => (How::Value, *x),
            _ => (How::Factor, 1.0),
        };
        Ok(Lever { scenario, typed, fields, how, now })
    }

    /// A value that is looked for, as the field holds it: people in whole numbers.
    pub(super) fn settled(&self, at: f64) -> f64 {
        match (self.how, self.fields.as_slice()) {
            (How::Value, [field]) => field.settled(at),
            _ => at,
        }
    }

    /// The scenario with the fields moved to a value, or multiplied by it.
    fn moved(&self, at: f64) -> Result<Scenario, Faults> {
        if at == self.now {
            return Ok(self.scenario.clone());
        }
        let number = |field: &Field| {
            let FieldValue::Number(x) = field.value else { return None };
            let value = field.settled(if self.how == How::Value { at } else { x * at });
            Some(Setting {
                option: format!("--vary {} (at {value})", field.path),
                path: field.path.clone(),
                value: value.to_string(),
            })
        };
        let hint = "--between LOW..HIGH says where to look";
        if let Some(fault) = self.fields.iter().find_map(|field| unfit_factor(field, at, "--vary", hint)) {
            return Err(Faults::Fields(vec![fault]));
        }
        let settings: Vec<Setting> = self.fields.iter().filter_map(number).collect();
        let draws = self.fields.iter().filter(|field| matches!(field.value, FieldValue::Draws { .. }));
        let draws: Vec<&str> = draws.map(|field| field.path.as_str()).collect();
        let set = if settings.is_empty() { self.scenario.clone() } else { self.scenario.with(&settings)? };
        Ok(if draws.is_empty() { set } else { set.scaled(&draws, at) })
    }

    /// The model of the scenario with the fields at a value.
    pub(super) fn model(&self, at: f64) -> Result<Model, Faults> {
        resolve(&self.moved(at)?)
    }

    /// From the present value divided by `far` to its multiple, as far as the fields may hold that. From 0, up to 1 in the end.
    pub(super) fn range(&self, far: f64) -> [f64; 2] {
        let now = self.now;
        let (low, high) = match now {
            0.0 => (0.0, far / FAR[1]),
            now if now < 0.0 => (now * far, now / far),
            now => (now / far, now * far),
        };
        // Draws of a share must not pile up at 1.
        let most = self.fields.iter().map(|field| match field.value {
            FieldValue::Draws { most, .. } => most,
            FieldValue::Number(_) => f64::INFINITY,
        });
        let high = most.fold(high, f64::min).max(now);
        [self.reach(low), self.reach(high)]
    }

    /// The farthest value, from the present one towards `end`, that the fields may hold.
    fn reach(&self, end: f64) -> f64 {
        let holds = |at: f64| self.model(at).is_ok();
        if holds(end) {
            return end;
        }
        // Where a share ends.
        if self.now < 1.0 && end > 1.0 && holds(1.0) {
            return 1.0;
        }
        let (mut inside, mut outside) = (self.now, end);
        for _ in 0..HALVINGS {
            let middle = inside.midpoint(outside);
            *if holds(middle) { &mut inside } else { &mut outside } = middle;
        }
        inside
    }

    /// Written down, with what the fields come to at a root.
    pub(super) fn varied(&self, [low, high]: [f64; 2], root: Option<f64>) -> Variable {
        let mean = |field: &Field| match field.value {
            FieldValue::Number(x) | FieldValue::Draws { mean: x, .. } => x,
        };
        let there = root.and_then(|root| self.moved(root).ok());
        let to = |path: &str| there.as_ref().and_then(|there| there.fields(path).ok()?.first().map(mean));
        let fields = self.fields.iter().map(|field| VariedField {
            label: self.scenario.label(&field.path),
            from: mean(field),
            to: to(&field.path),
            path: field.path.clone(),
        });
        Variable { paths: self.typed.to_vec(), how: self.how, low, high, now: Some(self.now), fields: fields.collect() }
    }
}
