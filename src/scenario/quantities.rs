//! The fields of a scenario that may be uncertain, by their paths.

use super::fields::{FieldId, in_region};
use super::quantity::Quantity;
use super::types::{Correlation, Scenario};

impl Scenario {
    /// Every quantity with its path, regions in the file's order. Inputs and their draws are addressed by these paths.
    pub fn quantities(&self) -> Vec<(String, &Quantity)> {
        let mut all = Vec::new();
        for (key, region) in &self.regions {
            all.extend(region.fields().into_iter().map(|(id, quantity)| (self.path(key, id), quantity)));
        }
        all
    }

    /// The path of a field of the region with this key: `regions.europe.stages[Demo].pass`.
    pub fn path(&self, key: &str, id: FieldId) -> String {
        let field = self.regions.get(key).map_or_else(|| id.spec().path.to_owned(), |region| region.path(id));
        format!("regions.{key}.{field}")
    }

    /// The field at a path, as [`Scenario::quantities`] writes it: the region's key and the field.
    pub fn field(&self, path: &str) -> Option<(&str, FieldId)> {
        let (key, field) = in_region(path)?;
        let (_, key, region) = self.regions.get_full(key)?;
        let mut ids = region.fields().into_iter().map(|(id, _)| id);
        Some((key, ids.find(|id| region.path(*id) == field)?))
    }

    /// The quantity at a path, as [`Scenario::quantities`] writes it.
    pub fn quantity(&self, path: &str) -> Option<&Quantity> {
        let (key, id) = self.field(path)?;
        self.regions.get(key)?.quantity(id)
    }

    /// The pairs of quantities that a correlation is between. `*` stands for all regions: the same path twice means every
    /// pair of regions, two different paths with `*` mean the same region in both. A fixed quantity that only a `*` names
    /// is left out.
    pub(crate) fn correlated(&self, correlation: &Correlation) -> Vec<(String, String)> {
        let quantities = self.quantities();
        // (what the * stands for, path)
        let matching = |pattern: &str| -> Vec<(Option<&str>, &str)> {
            let star = pattern.split_once(".*.");
            quantities
                .iter()
                .filter_map(|(path, quantity)| match star {
                    None => (path == pattern).then_some((None, path.as_str())),
                    Some((before, after)) => {
                        let (region, field) = path.strip_prefix(before)?.strip_prefix('.')?.split_once('.')?;
                        (field == after && quantity.law().as_fixed().is_none()).then_some((Some(region), path.as_str()))
                    }
                })
                .collect()
        };
        let [one, other] = &correlation.between;
        let mut pairs = Vec::new();
        for (first_region, first) in matching(one) {
            for (second_region, second) in matching(other) {
                let apart =
                    one != other && first_region.is_some() && second_region.is_some() && first_region != second_region;
                let pair = if first < second {
                    (first.to_owned(), second.to_owned())
                } else {
                    (second.to_owned(), first.to_owned())
                };
                if first != second && !apart && !pairs.contains(&pair) {
                    pairs.push(pair);
                }
            }
        }
        pairs
    }
}
