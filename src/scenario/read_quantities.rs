//! Reading the fields of a region that may be uncertain, by the table of them.

use super::field_spec::FieldSpec;
use super::field_table::FIELDS;
use super::quantity::Quantity;
use super::reader::{Node, Object};
use super::region::Region;

/// Reads the fields of the table that stand in an object of a region, or in the `i`th element of a list, into the region.
pub(super) fn quantities(o: &mut Object, object: &str, i: usize, region: &mut Region) {
    for spec in FIELDS.iter().filter(|spec| spec.place().0 == object) {
        quantity(o, spec, i, region);
    }
}

/// Reads a field of the table into the region.
pub(super) fn quantity(o: &mut Object, spec: &FieldSpec, i: usize, region: &mut Region) {
    let key = spec.place().1;
    let allowed = spec.domain.range.allowed();
    // Times through points have no mean of their own, and leads that activities bring no number a month.
    let given_otherwise =
        key == "mean_days" && o.has("days") || key == "mean" && is_table(o) || key == "monthly" && o.has("activities");
    let found = if spec.required && !given_otherwise { o.required(key, &allowed) } else { o.get(key) };
    // A list in place of a quantity, as phases in place of one growth, is read for itself.
    let is_list = |node: &Node| node.value.is_array() && FIELDS.iter().any(|other| other.list() == Some(spec.path));
    if let Some(quantity) = found.filter(|node| !is_list(node)).and_then(|node| Quantity::read(&node, spec.domain)) {
        region.set_quantity((spec.id)(i), quantity);
    }
}

/// Whether deal sizes, as they are written, are a table of amounts.
pub(super) fn is_table(o: &Object) -> bool {
    o.node().value.get("shape").and_then(|shape| shape.as_str()) == Some("table")
}
