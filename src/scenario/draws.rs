//! Joint draws: a table that gives quantities of the scenario their values, row by row.

use std::collections::HashMap;

use serde_json::Value;

use super::event_paths::domain_outside_regions;
use super::fields::{FieldName, in_region};
use super::path::written_out;
use super::quantity::Quantity;
use super::reader::{Node, Range, Reading};
use super::running::{DataFile, JointDraws};
use super::types::Scenario;
use crate::units::{Fault, closest};

/// The section of joint draws, and of the data file that they are in.
pub(crate) const DRAWS: &str = "draws";
/// Of many faults so many are told.
const TOLD: usize = 20;

/// Reads what a scenario says of its joint draws.
pub(super) fn joint_draws(node: &Node) -> Option<JointDraws> {
    let mut o = node.object()?;
    let file = o.required("file", "the name of a Parquet or CSV file").and_then(|n| n.text());
    let rows = Range::new("a number of rows", 1.0, 1e6);
    let rows = o.required("rows", &rows.allowed()).and_then(|n| n.whole(rows));
    let (sha256, note) = (o.text("sha256"), o.text("note"));
    o.close();
    Some(JointDraws { file: file?, rows: rows? as usize, sha256, note })
}

/// Gives quantities of the scenario the columns of its table of joint draws; those that an option sets keep what it says.
pub(super) fn attach(reading: &Reading, tree: &Value, scenario: &mut Scenario) {
    let Some(at) = scenario.data.iter().position(|file| file.section == DRAWS) else { return };
    let set: Vec<String> = reading
        .options
        .iter()
        .filter_map(|(pointer, _)| written_out(tree, pointer).ok().map(|(path, _)| path))
        .collect();
    let within = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    scenario.data[at].columns.retain(|path, _| !set.iter().any(|set| within(set, path) || within(path, set)));
    let quantities: HashMap<String, &Quantity> = scenario.quantities().into_iter().collect();
    let DataFile { file, columns, .. } = &scenario.data[at];
    let mut faults = Vec::new();
    let mut drawn = Vec::new();
    for (path, values) in columns {
        let fault = |row: Option<usize>, found: String, allowed: String, hint: String| Fault {
            file: file.clone(),
            path: row.map_or_else(|| path.clone(), |row| format!("row {}, {path}", row + 1)),
            found,
            allowed,
            hint,
        };
        let Some(quantity) = quantities.get(path) else {
            let allowed = "the path of a quantity of the scenario".to_owned();
            faults.push(fault(None, format!("a column {path}"), allowed, closest(path, quantities.keys())));
            continue;
        };
        let of_region = in_region(path).and_then(|(_, field)| FieldName::parse(field)).map(|name| name.spec.domain);
        let range = of_region.or_else(|| domain_outside_regions(path)).map(|domain| domain.range);
        let outside = |x: &f64| range.is_some_and(|range| !range.holds(*x));
        if let (Some(row), Some(range)) = (values.iter().position(outside), range) {
            faults.push(fault(Some(row), values[row].to_string(), range.allowed(), String::new()));
        }
        drawn.push((path.clone(), quantity.drawn(values)));
    }
    faults.truncate(TOLD);
    if !faults.is_empty() {
        reading.faults.borrow_mut().extend(faults);
        return;
    }
    for (path, quantity) in drawn {
        scenario.set_quantity(&path, quantity);
    }
}
