//! What was found, from top to bottom.

use super::table::Table;
use crate::documents::Header;

/// What an analysis found, as it is read from top to bottom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finding {
    /// Its sentences and tables.
    pub blocks: Vec<Block>,
}

/// A part of a [`Finding`].
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Sentence(String),
    /// An empty line.
    Gap,
    /// Names with what is said of each, such as "Leads a month of Europe" and "600 → 680".
    List(Vec<(String, String)>),
    /// A table.
    Table(Table),
}

impl Finding {
    /// Adds a sentence.
    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Sentence(text.into()));
    }

    /// Adds an empty line.
    pub(super) fn gap(&mut self) {
        self.blocks.push(Block::Gap);
    }

    /// Adds a list.
    pub(super) fn list(&mut self, rows: Vec<(String, String)>) {
        self.blocks.push(Block::List(rows));
    }

    /// Adds a table.
    pub(super) fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    /// Says how many assumptions stand behind an answer, and where they are listed; nothing where nothing is assumed in words.
    pub(super) fn assume(&mut self, head: &Header) {
        let things = match head.assumptions.len() {
            0 => return,
            1 => "one thing".to_owned(),
            n => format!("{n} things"),
        };
        self.gap();
        self.say(format!("Assumed: {things}, in the scenario's list of assumptions."));
    }
}
