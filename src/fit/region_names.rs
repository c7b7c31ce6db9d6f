//! The regions of an export: the texts that stand there, and the keys that a scenario has for them.

use std::collections::BTreeMap;

use crate::tables::begins_footer;

/// Regions by number, in the order in which they come.
#[derive(Clone, Debug, Default)]
pub(super) struct RegionNames {
    numbers: BTreeMap<String, u16>,
    /// The key and the label of each.
    names: Vec<(String, String)>,
}

impl RegionNames {
    /// The number of the region of a text. Rows without one have a region of their own.
    pub(super) fn number(&mut self, text: &str) -> u16 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.names.len().min(usize::from(u16::MAX)) as u16;
        self.numbers.insert(text.to_owned(), number);
        let label = if text.is_empty() { "No region" } else { text };
        let key = self.key(label);
        self.names.push((key, label.to_owned()));
        number
    }

    /// The number of the region of a text, where rows before had it.
    pub(super) fn known(&self, text: &str) -> Option<u16> {
        self.numbers.get(text).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The key and the label of a region; of the only one, where the export names none, those of all deals.
    pub(super) fn name(&self, number: usize) -> (&str, &str) {
        let (key, label) = &self.names[number];
        if self.names.len() == 1 && label == "No region" { ("all", "All deals") } else { (key, label) }
    }

    /// Gives the region that is called so, or has this key already, a key; whether there is one.
    pub(super) fn rename(&mut self, key: &str, label: &str) -> bool {
        let same = |text: &str| text.eq_ignore_ascii_case(key) || text.eq_ignore_ascii_case(label);
        let found = self.names.iter().position(|(own, text)| own == key || same(text));
        if let Some(number) = found {
            if let Some(other) = self.names.iter().position(|(own, _)| own == key).filter(|other| *other != number) {
                self.names[other].0 = format!("{key}_of_export");
            }
            self.names[number].0 = key.to_owned();
        }
        found.is_some()
    }

    /// A key that no other region has: small letters, digits and underscores.
    fn key(&self, label: &str) -> String {
        let letters = label.to_lowercase();
        let letters = letters.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect::<String>();
        let parts: Vec<&str> = letters.split('_').filter(|part| !part.is_empty()).collect();
        let base = match parts.join("_") {
            empty if empty.is_empty() => "region".to_owned(),
            total if begins_footer(&total) => format!("{total}_region"),
            key => key,
        };
        let taken = |key: &str| self.names.iter().any(|(other, _)| other == key);
        let numbered = (2..).map(|n| format!("{base}_{n}"));
        std::iter::once(base.clone()).chain(numbered).find(|key| !taken(key)).unwrap_or(base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_scenarios_and_differ() {
        let mut names = RegionNames::default();
        let numbers =
            ["Asia-Pacific", "asia pacific", "", "Total", "日本", "Asia-Pacific"].map(|text| names.number(text));
        assert_eq!(numbers, [0, 1, 2, 3, 4, 0]);
        let keys: Vec<&str> = (0..names.len()).map(|number| names.name(number).0).collect();
        assert_eq!(keys, ["asia_pacific", "asia_pacific_2", "no_region", "total_region", "region"]);
        let mut one = RegionNames::default();
        one.number("");
        assert_eq!(one.name(0), ("all", "All deals"));
    }
}
