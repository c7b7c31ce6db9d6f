//! Scopes as people name them, in options and in sheets: the one reader of them.

use super::types::Model;
use crate::units::closest;

/// A text that names no scope, or more than one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoScope {
    /// What could stand there.
    pub(crate) allowed: String,
    /// What was perhaps meant.
    pub(crate) hint: String,
}

/// As many names are listed in a fault.
const LISTED: usize = 12;

impl Model {
    /// The scope that a text names: a region by its key or label, tags (`segment=enterprise`) in any order, or `total`.
    pub(crate) fn scope_named(&self, text: &str) -> Result<usize, NoScope> {
        let scopes: Vec<(&str, &str)> = self.scopes.iter().map(|scope| (&*scope.key, &*scope.label)).collect();
        scope_named(text, &scopes)
    }
}

/// Which of some scopes, each with its key and label, a text names. A label that several have names none of them.
pub(crate) fn scope_named(text: &str, scopes: &[(&str, &str)]) -> Result<usize, NoScope> {
    // The order in which tags are written means nothing.
    let mut tags: Vec<&str> = text.split('&').collect();
    tags.sort_unstable();
    let tags = tags.join("&");
    if let Some(i) = scopes.iter().position(|(key, _)| *key == text || *key == tags) {
        return Ok(i);
    }
    let called = |i: &usize| scopes[*i].1.eq_ignore_ascii_case(text);
    let called: Vec<usize> = (0..scopes.len()).filter(called).collect();
    let keys: Vec<String> = match called.as_slice() {
        [one] => return Ok(*one),
        [] => scopes.iter().map(|(key, _)| (*key).to_owned()).collect(),
        several => several.iter().map(|i| scopes[*i].0.to_owned()).collect(),
    };
    let more = if keys.len() > LISTED { ", …" } else { "" };
    let shown: Vec<&str> = keys.iter().take(LISTED).map(String::as_str).collect();
    let hint = match called.len() {
        0 => closest(text, keys.iter()),
        n => format!("{n} have this label: write the key of the one that is meant"),
    };
    Err(NoScope { allowed: format!("one of {}{more}", shown.join(", ")), hint })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_names_a_scope_where_no_other_has_it() {
        let scopes =
            [("de", "EMEA"), ("fr", "EMEA"), ("us", "The Americas"), ("a=1&b=2", "a=1&b=2"), ("total", "total")];
        let found = |text: &str| scope_named(text, &scopes);
        assert_eq!(
            [found("fr"), found("the americas"), found("b=2&a=1"), found("total")],
            [Ok(1), Ok(2), Ok(3), Ok(4)]
        );
        let NoScope { allowed, hint } = found("emea").unwrap_err();
        assert_eq!(allowed, "one of de, fr");
        assert_eq!(hint, "2 have this label: write the key of the one that is meant");
        assert!(found("uk").is_err());
    }
}
