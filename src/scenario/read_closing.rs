//! Reading when deals close. What is faulty keeps its default.

use indexmap::IndexMap;

use super::closing::*;
use super::field_id::FieldId;
use super::parts::remarks;
use super::quantity::{Domain, Quantity};
use super::reader::{Node, Object, Range};
use super::region::Region;

/// More ages of a table than this are refused.
const MOST_AGES: usize = 100;
const AGE: Range = Range::new("days", 0.0, 36_525.0);

/// The fields of a region that a table of chances stands in place of.
const IN_PLACE_OF: [&str; 4] = ["conversion", "cycle", "lost_cycle", "stalled"];

/// Whether a region, as it is written, has a table of chances by age.
pub(super) fn has_table(region: &Object) -> bool {
    region.node().value.pointer("/closing/table").is_some_and(|table| !table.is_null())
}

/// Reads when deals close. What is faulty keeps its default.
pub(super) fn closing(node: &Node, of_region: &Object, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    region.closing = Some(Closing::default());
    if let Some(held) = o.get("held_to_quarter_end").and_then(|n| Quantity::read(&n, Domain::SHARE)) {
        region.set_quantity(FieldId::HeldToQuarterEnd, held);
    }
    let mut closing = region.closing.take().unwrap_or_default();
    closing.table = o.get("table").and_then(|n| table(&n));
    closing.rhythm = o.get("rhythm").and_then(|n| rhythm(&n)).unwrap_or_default();
    closing.volatility = o.get("volatility").and_then(|n| per_outcome(&n, Domain::STEP)).unwrap_or_default();
    closing.now = o.get("now").and_then(|n| per_outcome(&n, Domain::EXPONENT)).unwrap_or_default();
    closing.by_stage = o.get("by_stage").map(|n| by_stage(&n)).unwrap_or_default();
    let (note, source) = remarks(&mut o);
    let keys = ["table", "rhythm", "volatility", "now", "by_stage"];
    if let Some(key) = keys.into_iter().find(|key| o.has(key)) {
        not_beside(node, key, &o, of_region);
    }
    o.close();
    region.closing = Some(Closing { note, source, ..closing });
}

/// Notes what does not go with leads that are decided day by day.
fn not_beside(node: &Node, key: &str, closing: &Object, region: &Object) {
    if region.has("stages") {
        let hint = "stages say by themselves how long each takes and who is lost; a deal of the pipeline may have a stage all the same";
        node.fault(format!("{key} beside stages"), "a region without stages", hint);
    }
    if closing.has("held_to_quarter_end") {
        let hint = "rhythm says how much is won in each month of a quarter";
        node.fault(format!("{key} beside held_to_quarter_end"), "one of them", hint);
    }
    let stalled = region.node().value.pointer("/stalled/closed_after_days");
    if stalled.is_some_and(|days| !days.is_null()) {
        node.fault(format!("{key} beside stalled.closed_after_days"), "one of them", "leave out closed_after_days");
    }
    for given in IN_PLACE_OF.into_iter().filter(|given| closing.has("table") && region.has(given)) {
        node.fault(
            format!("a table beside {given}"),
            "either a table of chances, or conversion and cycle",
            "the table says how many are won and how long that takes",
        );
    }
}

/// A list of quantities, as many as allowed.
fn listed(node: &Node, domain: Domain, counts: &[usize], allowed: &str) -> Option<Vec<Quantity>> {
    let items = node.list();
    if !node.value.is_array() {
        return None;
    }
    if !counts.contains(&items.len()) {
        node.fault(format!("{} numbers", items.len()), allowed, "");
        return None;
    }
    Some(items.iter().map(|item| Quantity::read(item, domain).unwrap_or_default()).collect())
}

fn table(node: &Node) -> Option<ClosingTable> {
    let mut o = node.object()?;
    let ages_node = o.required("ages", "whole days, ascending from 0");
    let ages = ages_node.as_ref().map_or_else(Vec::new, |n| {
        n.list().iter().filter_map(|item| item.whole(AGE)).map(|age| age as usize).collect::<Vec<usize>>()
    });
    if let Some(n) = &ages_node {
        let rises = ages.windows(2).all(|pair| pair[0] < pair[1]);
        if n.value.is_array() && (ages.first() != Some(&0) || !rises || ages.len() > MOST_AGES) {
            n.wrong(&format!("1 to {MOST_AGES} whole days, ascending from 0"), "");
        }
    }
    let allowed = format!("as many chances a day as ages, {}", ages.len());
    let mut chances = |key: &str| {
        let node = o.required(key, "chances a day, one for each of the ages")?;
        listed(&node, Domain::SHARE, &[ages.len()], &allowed)
    };
    let (won, lost) = (chances("won"), chances("lost"));
    let (note, source) = remarks(&mut o);
    o.close();
    let none = || ages.iter().map(|_| Quantity::default()).collect();
    Some(ClosingTable { won: won.unwrap_or_else(none), lost: lost.unwrap_or_else(none), ages, note, source })
}

fn rhythm(node: &Node) -> Option<Rhythm> {
    let mut o = node.object()?;
    let mut factors = |key: &str| {
        let node = o.get(key)?;
        let allowed = "three factors, by place in the quarter, or twelve, January to December";
        let factors = listed(&node, Domain::FACTOR_OR_NONE, &[3, 12], allowed)?;
        if factors.iter().all(|factor| factor.law().mean() == 0.0) {
            node.fault("zeros alone".to_owned(), "at least one factor above 0", "");
        }
        Some(factors)
    };
    let (won, lost) = (factors("won"), factors("lost"));
    o.close();
    Some(Rhythm { won: won.unwrap_or_default(), lost: lost.unwrap_or_default() })
}

fn per_outcome(node: &Node, domain: Domain) -> Option<PerOutcome> {
    let mut o = node.object()?;
    let mut of = |key: &str| o.get(key).and_then(|n| Quantity::read(&n, domain));
    let (won, lost) = (of("won"), of("lost"));
    if !o.has("won") && !o.has("lost") {
        o.node().fault("neither won nor lost".to_owned(), "won, lost or both", "");
    }
    o.close();
    Some(PerOutcome { won, lost })
}

fn by_stage(node: &Node) -> IndexMap<String, PerOutcome> {
    let mut stages = IndexMap::new();
    for (stage, node) in node.entries() {
        if stage.is_empty() || stage.contains(['[', ']']) || stage.parse::<usize>().is_ok() {
            node.fault(format!("the stage name {stage:?}"), "a name that is no mere number, without brackets", "");
        }
        if let Some(factors) = per_outcome(&node, Domain::FACTOR_OR_NONE) {
            stages.insert(stage.clone(), factors);
        }
    }
    stages
}

/// Reads what holds for all regions.
pub(super) fn closing_of_all(node: &Node) -> Option<ClosingOfAll> {
    let mut o = node.object()?;
    let shared = o.get("shared").and_then(|n| n.truth());
    let (note, source) = remarks(&mut o);
    o.close();
    Some(ClosingOfAll { shared: shared.unwrap_or(false), note, source })
}
