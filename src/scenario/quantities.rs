//! The fields of a scenario that may be uncertain, by their paths.

use std::collections::HashMap;

use super::field_id::FieldId;
use super::fields::in_region;
use super::quantity::Quantity;
use super::types::{Correlation, Scenario};

impl Scenario {
    /// Every quantity that is written, with its path, regions in the file's order. Inputs and their draws are addressed by these paths.
    pub fn quantities(&self) -> Vec<(String, &Quantity)> {
        let mut all = Vec::new();
        for (key, region) in &self.regions {
            all.extend(region.fields().into_iter().map(|(id, quantity)| (self.path(key, id), quantity)));
        }
        all.extend(self.outside_regions());
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
        if in_region(path).is_none() {
            let outside = self.outside_regions().into_iter().chain(self.events());
            return outside.into_iter().find(|(at, _)| at == path).map(|(_, quantity)| quantity);
        }
        let (key, id) = self.field(path)?;
        self.regions.get(key)?.quantity(id)
    }

    /// Writes a quantity at a path, where the scenario has it.
    pub(super) fn set_quantity(&mut self, path: &str, quantity: Quantity) {
        let Some((key, id)) = self.field(path).map(|(key, id)| (key.to_owned(), id)) else {
            return self.set_outside_regions(path, quantity);
        };
        if let Some(region) = self.regions.get_mut(&key) {
            region.set_quantity(id, quantity);
        }
    }

    /// The uncertain quantities that are drawn one by one, with their paths, in the order of these: inputs are numbered so, whatever the order
    /// of the file.
    pub fn inputs(&self) -> Vec<(String, &Quantity)> {
        self.uncertain(|quantity| !quantity.is_column())
    }

    /// The quantities that are drawn together, a row of the file of draws at a time, with their paths, in the order of these.
    pub fn columns(&self) -> Vec<(String, &Quantity)> {
        self.uncertain(Quantity::is_column)
    }

    fn uncertain(&self, of: impl Fn(&Quantity) -> bool) -> Vec<(String, &Quantity)> {
        let asked = |(_, quantity): &(String, &Quantity)| quantity.law().as_fixed().is_none() && of(quantity);
        let mut found: Vec<(String, &Quantity)> =
            self.quantities().into_iter().chain(self.events()).filter(asked).collect();
        found.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        found
    }
}

impl Correlation {
    /// The pairs of inputs that it is between, by their places among [`Scenario::inputs`], the lower first. `*` stands for all
    /// regions: the same path twice means every pair of regions, two different paths with `*` mean the same region in both.
    /// Fixed quantities are left out.
    pub(crate) fn pairs(&self, inputs: &[(String, &Quantity)]) -> Vec<(usize, usize)> {
        // (what the * stands for, place)
        let matching = |pattern: &str| -> Vec<(Option<&str>, usize)> {
            let Some((before, after)) = pattern.split_once(".*.") else {
                return place(inputs, pattern).map(|at| (None, at)).into_iter().collect();
            };
            inputs
                .iter()
                .enumerate()
                .filter_map(|(at, (path, _))| {
                    let (region, field) = path.strip_prefix(before)?.strip_prefix('.')?.split_once('.')?;
                    (field == after).then_some((Some(region), at))
                })
                .collect()
        };
        let [one, other] = &self.between;
        let (first, second) = (matching(one), matching(other));
        if one == other {
            let places = || first.iter().map(|(_, at)| *at);
            return places().flat_map(|a| places().filter(move |b| a < *b).map(move |b| (a, b))).collect();
        }
        let together = one.contains(".*.") && other.contains(".*.");
        let mut pairs = Vec::new();
        if together {
            let of_region: HashMap<Option<&str>, usize> = second.into_iter().collect();
            pairs.extend(first.into_iter().filter_map(|(region, a)| Some((a, *of_region.get(&region)?))));
        } else {
            pairs.extend(first.iter().flat_map(|(_, a)| second.iter().map(|(_, b)| (*a, *b))));
        }
        pairs.into_iter().filter(|(a, b)| a != b).map(|(a, b)| (a.min(b), a.max(b))).collect()
    }
}

/// The place of a path among inputs.
pub(crate) fn place(inputs: &[(String, &Quantity)], path: &str) -> Option<usize> {
    inputs.binary_search_by(|(input, _)| input.as_str().cmp(path)).ok()
}
