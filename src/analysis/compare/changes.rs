//! What changed from one scenario to another, field by field, and which fields are explained together.

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use super::document::{Change, ChangedField};
use crate::model::{canonical, meaning};
use crate::scenario::{DRAWS, Metric, Scenario, Section, field_name, holds_fields, section};
use crate::stats::Estimate;

/// A field that is not the same in both.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// Where it lies in the tree.
    pub(super) keys: Vec<String>,
    from: Option<Value>,
    to: Option<Value>,
}

/// Two scenarios, of which the second is what the first became.
#[derive(Clone, Copy, Debug)]
pub(in crate::analysis) struct Pair<'a> {
    pub(in crate::analysis) from: &'a Scenario,
    pub(in crate::analysis) to: &'a Scenario,
}

/// Fields that are explained together.
pub(super) type Group = Vec<usize>;

/// How fields are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Together {
    /// Each by itself, but for what replaces another.
    Nothing,
    /// The same field of all regions; all regions added, all taken out.
    Kinds,
}

impl Field {
    /// The path of the field in the scenario.
    fn path(&self) -> String {
        self.keys.join(".")
    }

    /// The region that it is of.
    fn region(&self) -> Option<&str> {
        match self.keys.as_slice() {
            [regions, key, ..] if regions == "regions" => Some(key),
            _ => None,
        }
    }

    /// Whether a column of joint draws is of it, or of something in it.
    pub(super) fn is_drawn_by(&self, column: &str) -> bool {
        let of = column.strip_prefix(self.path().as_str());
        of.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }

    /// What it is in its region: `leads.monthly`; empty for a region as a whole, the path outside of regions.
    pub(super) fn kind(&self) -> String {
        self.keys[if self.region().is_some() { 2 } else { 0 }..].join(".")
    }
}

/// Whether both play the same futures.
pub(in crate::analysis) fn same(pair: Pair) -> bool {
    let of = |scenario: &Scenario| canonical(&meaning(&Scenario { targets: Vec::new(), ..scenario.clone() }));
    of(pair.from) == of(pair.to)
}

/// The fields that differ and can move a figure of this metric, in the order of the first scenario.
pub(super) fn changed(pair: Pair, metric: Metric) -> Vec<Field> {
    let mut found = Vec::new();
    walk(&mut Vec::new(), &meaning(pair.from), &meaning(pair.to), &mut found);
    found.retain(|field| match section(&field.keys[0]) {
        Section::Law => true,
        Section::Spending => metric.spec().of_investment,
        // What is the same in both or asked of both alike.
        Section::Words | Section::Frame | Section::Sampling | Section::Question | Section::Aside => false,
    });
    found
}

/// Goes down where fields are alone in changing; what lies below is one field.
fn walk(keys: &mut Vec<String>, from: &Value, to: &Value, found: &mut Vec<Field>) {
    let (Value::Object(before), Value::Object(after)) = (from, to) else { return };
    for key in before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))) {
        keys.push(key.clone());
        match (before.get(key), after.get(key)) {
            (Some(a), Some(b)) if canonical(a) == canonical(b) => {}
            (Some(a), Some(b)) if is_object_of_fields(keys) => walk(keys, a, b, found),
            (a, b) => found.push(Field { keys: keys.clone(), from: a.cloned(), to: b.cloned() }),
        }
        keys.pop();
    }
}

/// Whether an object is there to hold fields, and no field itself.
fn is_object_of_fields(keys: &[String]) -> bool {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    match keys.as_slice() {
        ["contract" | "market" | "regions"] | ["regions", _] => true,
        ["regions", _, object] => holds_fields(object),
        _ => false,
    }
}

/// Puts fields together, groups in the order of their first fields. What joint draws have columns of goes with the draws where these differ: it
/// was found together.
pub(super) fn groups(pair: Pair, fields: &[Field], together: Together) -> Vec<Group> {
    let draws_differ = fields.iter().any(|field| field.kind() == DRAWS);
    let data = [pair.from, pair.to].into_iter().flat_map(|scenario| &scenario.data);
    let columns: Vec<&String> = data.filter(|_| draws_differ).flat_map(|data| data.columns.keys()).collect();
    // Stages stand in place of win rate and cycle.
    let switched: Vec<&str> = fields
        .iter()
        .filter(|field| field.kind() == "stages" && (field.from.is_none() || field.to.is_none()))
        .filter_map(Field::region)
        .collect();
    let key = |field: &Field| {
        if columns.iter().any(|column| field.is_drawn_by(column)) {
            return DRAWS.to_owned();
        }
        let kind = field.kind();
        let Some(region) = field.region() else { return field.path() };
        let funnel =
            switched.contains(&region) && ["stages", "conversion", "cycle"].iter().any(|f| kind.starts_with(f));
        match together {
            Together::Kinds if funnel => "stages".to_owned(),
            Together::Kinds if kind.is_empty() => if field.from.is_none() { "added" } else { "taken out" }.to_owned(),
            Together::Kinds => kind,
            Together::Nothing if funnel => format!("{region}.stages"),
            Together::Nothing => field.path(),
        }
    };
    let mut found: IndexMap<String, Group> = IndexMap::new();
    for (i, field) in fields.iter().enumerate() {
        found.entry(key(field)).or_default().push(i);
    }
    found.into_values().collect()
}

/// A group as it is written down.
pub(super) fn change(pair: Pair, fields: &[Field], group: &Group) -> Change {
    let fields: Vec<&Field> = group.iter().map(|i| &fields[*i]).collect();
    Change { label: label(pair, &fields), fields: fields.iter().map(|field| written(pair, field)).collect() }
}

fn written(pair: Pair, field: &Field) -> ChangedField {
    let path = field.path();
    let mean = |scenario: &Scenario, value: Option<&Value>| {
        let mean = scenario.quantity(&path).map(|quantity| quantity.law().mean()).or_else(|| value?.as_f64());
        mean.and_then(|mean| Estimate::new(mean, None).value)
    };
    ChangedField {
        label: label(pair, &[field]),
        from: field.from.clone(),
        to: field.to.clone(),
        mean_from: mean(pair.from, field.from.as_ref()),
        mean_to: mean(pair.to, field.to.as_ref()),
        path,
    }
}

/// "Europe: win rate", "win rate in all regions", "Europe: win rate and deal size", "Brazil, added".
fn label(pair: Pair, fields: &[&Field]) -> String {
    let regions: IndexSet<Option<&str>> = fields.iter().map(|field| field.region()).collect();
    let kinds: IndexSet<String> = fields.iter().map(|field| field.kind()).collect();
    if kinds.contains(DRAWS) {
        return pair.from.label(DRAWS);
    }
    if let (Some(Some(key)), 1, 2..) = (regions.first(), regions.len(), kinds.len()) {
        let what = if kinds.contains("stages") {
            field_name("stages")
        } else {
            listed(kinds.iter().map(|kind| field_name(kind)).collect())
        };
        return format!("{}: {what}", region_label(pair, key));
    }
    let of_kind = |kind: &String| {
        let fields: Vec<&Field> = fields.iter().copied().filter(|field| field.kind() == *kind).collect();
        of_one_kind(pair, &fields)
    };
    listed(kinds.iter().map(of_kind).collect())
}

/// What is called alike, in whichever regions.
fn of_one_kind(pair: Pair, fields: &[&Field]) -> String {
    let [first, ..] = fields else { return String::new() };
    let kind = first.kind();
    let names: Vec<String> =
        fields.iter().filter_map(|field| field.region()).map(|key| region_label(pair, key).to_owned()).collect();
    let how = match (&first.from, &first.to) {
        (None, _) => "added",
        _ => "taken out",
    };
    match (names.as_slice(), kind.is_empty()) {
        ([], _) => pair.from.label(&kind),
        (some, true) if some.len() > 3 => format!("{} regions, {how}", some.len()),
        (_, true) => format!("{}, {how}", listed(names)),
        ([one], false) => format!("{one}: {}", field_name(&kind)),
        (some, false) if [pair.from.regions.len(), pair.to.regions.len()] == [some.len(); 2] => {
            format!("{} in all regions", field_name(&kind))
        }
        (some, false) if some.len() > 3 => format!("{} in {} regions", field_name(&kind), some.len()),
        (_, false) => format!("{} in {}", field_name(&kind), listed(names)),
    }
}

fn region_label<'a>(pair: Pair<'a>, key: &'a str) -> &'a str {
    let scenario = if pair.from.regions.contains_key(key) { pair.from } else { pair.to };
    scenario.region_label(key)
}

/// "one", "one and two", "one, two and 3 more".
fn listed(mut names: Vec<String>) -> String {
    if names.len() > 3 {
        let more = names.len() - 2;
        names.truncate(2);
        return format!("{} and {more} more", names.join(", "));
    }
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
