//! What changes while months are played: dated changes of fields, deals that are planned one by one, currencies, terms of contracts.

use indexmap::IndexMap;
use serde::Serialize;

use super::field_id::FieldId;
use super::fields::{FieldName, in_region};
use super::quantity::{Domain, Quantity};
use super::region::{Cycle, Region, Stage};
use super::types::Scenario;
use crate::units::Month;

/// A change of some fields from a month on: each is multiplied by a factor for as long as the change is in force.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Change {
    /// What it is called, unlike the others.
    pub name: String,
    /// The first month in which it is in force, such as 2027-07.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::month"))]
    pub from: Month,
    /// The last month in which it is in force; the last one played if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", regex(pattern = "^[0-9]{4}-[0-9]{2}$")))]
    pub until: Option<Month>,
    /// How many months later it begins and ends, rounded half up; 0 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_months: Option<Quantity>,
    /// The chance that it happens at all; 1 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<Quantity>,
    /// The paths of fields with the factor on each; * stands for all regions that have the field.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub multiply: IndexMap<String, Quantity>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether it happens: 1 with its chance, else 0.
    #[serde(skip)]
    pub happens: Quantity,
}

/// A deal that is planned by itself: won, if it is, in a given month.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct OneOff {
    /// What it is called, unlike the others.
    pub name: String,
    /// The key of a region.
    pub region: String,
    /// The month in which it is won, such as 2027-09.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::month"))]
    pub month: Month,
    /// What it is worth over its whole term.
    pub amount: Quantity,
    /// The chance that it is won; 1 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<Quantity>,
    /// How many months later it is won, rounded half up; 0 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_months: Option<Quantity>,
    /// Whether it is a contract that comes up for renewal; if not, its amount is revenue of the month.
    #[serde(skip_serializing_if = "is_true")]
    #[cfg_attr(feature = "schema", schemars(default = "yes"))]
    pub renews: bool,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether it is won: 1 with its chance, else 0.
    #[serde(skip)]
    pub happens: Quantity,
}

/// What a unit of a currency is worth in the scenario's.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Rate {
    /// The rate in the month of the as-of day.
    pub rate: Quantity,
    /// The standard deviation of the logarithm of its change over a year.
    #[cfg_attr(feature = "schema", schemars(default, range(min = 0, max = 5)))]
    pub volatility: f64,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A term that a part of the contracts has.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Term {
    /// Months until a contract comes up for renewal.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
    pub months: usize,
    /// The share of the deals won that have it; the shares add up to 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub share: f64,
}

/// What a change multiplies in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangedField {
    /// A field that may be uncertain.
    Field(FieldId),
    /// The chances a day of being won (0) or lost (1).
    Closing(usize),
}

fn is_true(renews: &bool) -> bool {
    *renews
}

#[cfg(feature = "schema")]
fn yes() -> bool {
    true
}

/// The quantities that stand outside of regions, with their paths; the one list of them, to be read or to be written.
macro_rules! outside_regions {
    ($scenario:expr $(, $mut:tt)?) => {{
        let mut all = Vec::new();
        for change in &$($mut)? $scenario.changes {
            let at = |field: &str| format!("changes[{}].{field}", change.name);
            let [delay, chance] = ["delay_months", "chance"].map(at);
            let factors = change.multiply.keys().map(|path| at(&format!("multiply[{path}]"))).collect::<Vec<String>>();
            all.extend((&$($mut)? change.delay_months).into_iter().map(|found| (delay.clone(), found)));
            all.extend((&$($mut)? change.chance).into_iter().map(|found| (chance.clone(), found)));
            all.extend(factors.into_iter().zip((&$($mut)? change.multiply).into_iter().map(|(_, found)| found)));
        }
        for deal in &$($mut)? $scenario.one_offs {
            let [amount, delay, chance] =
                ["amount", "delay_months", "chance"].map(|field| format!("one_offs[{}].{field}", deal.name));
            all.push((amount, &$($mut)? deal.amount));
            all.extend((&$($mut)? deal.delay_months).into_iter().map(|found| (delay.clone(), found)));
            all.extend((&$($mut)? deal.chance).into_iter().map(|found| (chance.clone(), found)));
        }
        for (code, rate) in &$($mut)? $scenario.rates {
            all.push((format!("rates.{code}.rate"), &$($mut)? rate.rate));
        }
        all
    }};
}

impl Scenario {
    /// The quantities outside of regions, with their paths.
    pub(super) fn outside_regions(&self) -> Vec<(String, &Quantity)> {
        outside_regions!(self)
    }

    /// Writes a quantity outside of regions; nothing where the scenario does not have it.
    pub(super) fn set_outside_regions(&mut self, path: &str, quantity: Quantity) {
        if let Some((_, found)) = outside_regions!(self, mut).into_iter().find(|(at, _)| at == path) {
            *found = quantity;
        }
        self.changes.iter_mut().for_each(|change| change.happens = happens(change.chance.as_ref()));
        self.one_offs.iter_mut().for_each(|deal| deal.happens = happens(deal.chance.as_ref()));
    }

    /// Whether each change and each one-off deal happens, with the path; an input where its chance is neither 0 nor 1.
    pub(super) fn events(&self) -> impl Iterator<Item = (String, &Quantity)> {
        let changes = self.changes.iter().map(|change| (happens_path("changes", &change.name), &change.happens));
        changes.chain(self.one_offs.iter().map(|deal| (happens_path("one_offs", &deal.name), &deal.happens)))
    }

    /// The regions with the field that a path of a change names, by their keys, and which field of theirs it is.
    pub fn changed<'s>(&'s self, path: &'s str) -> impl Iterator<Item = (&'s str, ChangedField)> {
        let named = in_region(path);
        self.regions.iter().filter_map(move |(key, region)| {
            let (region_key, field) = named?;
            (region_key == "*" || region_key == key).then_some(())?;
            Some((key.as_str(), changed_in(region, field)?))
        })
    }
}

/// The numbers that a quantity outside of regions may hold; `None` of other paths.
pub(super) fn domain_outside_regions(path: &str) -> Option<Domain> {
    let of_event = |section: &str| path.strip_prefix(section)?.split_once("].").map(|(_, field)| field);
    match of_event("changes[").or_else(|| of_event("one_offs[")) {
        Some("chance") => Some(Domain::SHARE),
        Some("delay_months") => Some(Domain::DELAY),
        Some("amount") => Some(Domain::AMOUNT),
        Some(field) => (field.starts_with("multiply[") && field.ends_with(']')).then_some(Domain::FACTOR),
        None => (path.starts_with("rates.") && path.ends_with(".rate")).then_some(Domain::RATE),
    }
}

/// The path of whether a change or a one-off deal happens.
pub(crate) fn happens_path(section: &str, name: &str) -> String {
    format!("{section}[{name}].happens")
}

/// The name of the event that a path says the happening of.
pub(crate) fn event_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("changes[").or_else(|| path.strip_prefix("one_offs["))?;
    rest.strip_suffix("].happens")
}

/// 1 with a chance, which may itself be uncertain, else 0.
pub(super) fn happens(chance: Option<&Quantity>) -> Quantity {
    Quantity::event(chance.map_or(1.0, |chance| chance.law().mean()))
}

/// The field of a region that a change multiplies at a path below it; `None` where it has none such.
fn changed_in(region: &Region, field: &str) -> Option<ChangedField> {
    let side = ["closing.won", "closing.lost"].iter().position(|side| *side == field);
    if let Some(side) = side {
        return region.daily_closing().map(|_| ChangedField::Closing(side));
    }
    let has_points = |cycle: &Option<Cycle>| cycle.as_ref().is_some_and(|cycle| !cycle.days.is_empty());
    let name = FieldName::parse(field)?;
    let found = || region.fields().into_iter().map(|(id, _)| id).find(|id| region.path(*id) == field);
    let id = match name.spec.path {
        // A table of amounts has no mean of its own; times through points have a stretch, whether it is written or not.
        "deal_size.mean" => Some(FieldId::DealSizeMean),
        "cycle.stretch" => has_points(&region.cycle).then_some(FieldId::CycleStretch),
        "lost_cycle.stretch" => has_points(&region.lost_cycle).then_some(FieldId::LostCycleStretch),
        "stages[].stretch" => {
            let stage = |stage: &Stage| name.element == Some(&stage.name) && !stage.days.is_empty();
            region.stages.iter().flatten().position(stage).map(FieldId::StageStretch)
        }
        _ => found(),
    }?;
    let of_cycle = matches!(
        id,
        FieldId::CycleMeanDays | FieldId::CycleStretch | FieldId::LostCycleMeanDays | FieldId::LostCycleStretch
    );
    let of_stage = matches!(id, FieldId::StagePass(_) | FieldId::StageMeanDays(_) | FieldId::StageStretch(_));
    let of_region =
        [FieldId::LeadsMonthly, FieldId::DealSizeMean, FieldId::Retention, FieldId::Conversion].contains(&id);
    (of_cycle || of_stage || of_region).then_some(ChangedField::Field(id))
}
