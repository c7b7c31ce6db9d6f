//! What is wrong with a file that people wrote: every fault names the file, the field, what was found, what is allowed, and a hint.

use std::fmt;

use thiserror::Error;

use super::format::plain;

/// One fault of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file (or command-line option) that the value came from.
    pub file: String,
    /// The field's path, such as `regions.europe.conversion`; empty for the file as a whole.
    pub path: String,
    /// What was found there, as it was written.
    pub found: String,
    /// What may stand there instead, in words.
    pub allowed: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

/// A text that is not JSON, or names a key twice: reading stops there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFault {
    /// The name of the file, as it was given.
    pub file: String,
    /// What is wrong with it, in words.
    pub message: String,
    /// Line and column, counted from 1, and that line's text; none where the fault is of the whole file.
    pub place: Option<(usize, usize, String)>,
}

/// Everything that is wrong with a scenario.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Faults {
    /// The text could not be read at all.
    Syntax(SyntaxFault),
    /// The fields that are wrong, in reading order.
    Fields(Vec<Fault>),
}

/// More faults than this are counted, not listed.
const LISTED: usize = 30;

impl Faults {
    /// As a list, for faults of several files: a text that is no JSON is then one fault of its file.
    pub fn into_list(self) -> Vec<Fault> {
        match self {
            Faults::Fields(faults) => faults,
            Faults::Syntax(fault) => {
                let place = fault.place.map_or_else(String::new, |(line, column, _)| format!(":{line}:{column}"));
                vec![Fault {
                    file: format!("{}{place}", fault.file),
                    path: String::new(),
                    found: fault.message,
                    allowed: "JSON".to_owned(),
                    hint: String::new(),
                }]
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name in a path must not look like another fault.
        let path = plain(&self.path);
        let place = if path.is_empty() { self.file.clone() } else { format!("{}: {path}", self.file) };
        write!(f, "{place}\n  found:   {}\n  allowed: {}", self.found, self.allowed)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\n  hint:    {}", self.hint) }
    }
}

impl fmt::Display for SyntaxFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            None => write!(f, "{}: {}", self.file, self.message),
            Some((line, column, text)) => {
                let before = text.chars().take(column - 1).count();
                write!(f, "{}:{line}:{column}: {}\n  | {text}\n  | {}^", self.file, self.message, " ".repeat(before))
            }
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Faults::Syntax(fault) => fault.fmt(f),
            Faults::Fields(faults) => {
                for (i, fault) in faults.iter().take(LISTED).enumerate() {
                    if i > 0 {
                        f.write_str("\n\n")?;
                    }
                    fault.fmt(f)?;
                }
                match faults.len().saturating_sub(LISTED) {
                    0 => Ok(()),
                    more => write!(f, "\n\n… and {more} more"),
                }
            }
        }
    }
}

/// "did you mean …?" for the nearest of `known`, if any is near.
pub(crate) fn closest<'a>(word: &str, known: impl Iterator<Item = &'a String>) -> String {
    known
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, candidate)| format!("did you mean \"{candidate}\"?"))
}
