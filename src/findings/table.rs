//! A table as data: what a file holds and what a reader sees, column by column.

use std::iter::once;

use crate::stats::Estimate;

/// A table. Files hold the columns that have a key, with all digits; terminal and page show those that have a head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The columns, which are of one length. The first that has a head names the rows.
    pub columns: Vec<Column>,
    /// What a reader is told behind each row; empty, or as many as there are rows.
    pub notes: Vec<String>,
    /// What stands for rows that are left out, and before which row.
    pub left_out: Option<(usize, String)>,
    /// Whether columns for which there is no room beside each other go on below; else they are left to the files.
    pub is_whole: bool,
}

/// A column of a [`Table`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// What files call it; `None` where no file has it.
    pub key: Option<String>,
    /// What heads it for a reader; `None` where only files have it.
    pub head: Option<String>,
    /// A cell for each row.
    pub cells: Vec<Cell>,
}

/// A cell: what it holds, and how that is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What a file holds.
    pub value: Value,
    /// What a reader sees; empty where the value is unknown.
    pub text: String,
    /// Whether it is no more than the simulation's noise.
    pub is_noise: bool,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A number with all its digits; `None` where it is unknown.
    Number(Option<f64>),
}

impl Default for Value {
    fn default() -> Value {
        Value::Number(None)
    }
}

impl Cell {
    /// Words, which a reader sees as a file holds them.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        Cell { value: Value::Text(text.clone()), text, is_noise: false }
    }

    /// A number that is read as `write` has it; empty where it is unknown.
    pub fn number(value: Option<f64>, write: impl FnOnce(f64) -> String) -> Cell {
        Cell { value: Value::Number(value), text: value.map_or_else(String::new, write), is_noise: false }
    }

    /// The same, to be read as `text`.
    pub fn read_as(self, text: String) -> Cell {
        Cell { text, ..self }
    }
}

impl Table {
    /// Adds a column that files and readers have.
    pub fn column(&mut self, key: &str, head: impl Into<String>, cells: impl IntoIterator<Item = Cell>) {
        self.push(Some(key), Some(head.into()), cells);
    }

    /// Adds a column that only readers have.
    pub fn read(&mut self, head: impl Into<String>, cells: impl IntoIterator<Item = Cell>) {
        self.push(None, Some(head.into()), cells);
    }

    /// Adds a column that only files have.
    pub fn filed(&mut self, key: &str, cells: impl IntoIterator<Item = Cell>) {
        self.push(Some(key), None, cells);
    }

    /// Adds a column of words that only files have.
    pub fn words<T: Into<String>>(&mut self, key: &str, words: impl IntoIterator<Item = T>) {
        self.filed(key, words.into_iter().map(Cell::text));
    }

    /// Adds a column of numbers that only files have.
    pub fn numbers<T: Into<Option<f64>>>(&mut self, key: &str, numbers: impl IntoIterator<Item = T>) {
        self.filed(key, numbers.into_iter().map(|x| Cell::number(x.into(), |_| String::new())));
    }

    /// Adds a column for each of several estimates, by key and by head where a reader has it, which `write` makes readable; then one for
    /// the standard error of each (`se_` before its key), which files alone have.
    pub fn estimates<const N: usize>(
        &mut self,
        names: [(&str, Option<&str>); N],
        rows: impl IntoIterator<Item = [Estimate; N]>,
        write: impl Fn(Estimate) -> String,
    ) {
        let rows: Vec<[Estimate; N]> = rows.into_iter().collect();
        for (i, (key, head)) in names.iter().enumerate() {
            let said = |found: Estimate| if head.is_some() { write(found) } else { String::new() };
            let cells = rows.iter().map(|row| Cell::number(row[i].value, |_| String::new()).read_as(said(row[i])));
            self.push(Some(key), head.map(str::to_owned), cells.collect::<Vec<Cell>>());
        }
        for (i, (key, _)) in names.iter().enumerate() {
            self.numbers(&format!("se_{key}"), rows.iter().map(|row| row[i].error));
        }
    }

    /// Shows a column that files have to readers too: under a head, with a text for each row.
    pub fn show(&mut self, key: &str, head: impl Into<String>, texts: impl IntoIterator<Item = String>) {
        if let Some(column) = self.columns.iter_mut().find(|column| column.key.as_deref() == Some(key)) {
            column.head = Some(head.into());
            column.cells.iter_mut().zip(texts).for_each(|(cell, text)| cell.text = text);
        }
    }

    fn push(&mut self, key: Option<&str>, head: Option<String>, cells: impl IntoIterator<Item = Cell>) {
        let cells = cells.into_iter().collect();
        self.columns.push(Column { key: key.map(str::to_owned), head, cells });
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    /// Only these rows, in this order.
    pub fn pick(mut self, rows: &[usize]) -> Table {
        for column in &mut self.columns {
            column.cells = rows.iter().filter_map(|&i| column.cells.get(i).cloned()).collect();
        }
        self.notes = rows.iter().filter_map(|&i| self.notes.get(i).cloned()).collect();
        self
    }

    /// The columns that readers have, with their heads.
    pub fn heads(&self) -> impl Iterator<Item = (&str, &[Cell])> {
        self.columns.iter().filter_map(|column| Some((column.head.as_deref()?, column.cells.as_slice())))
    }

    /// The columns that files have, with their keys.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &[Cell])> {
        self.columns.iter().filter_map(|column| Some((column.key.as_deref()?, column.cells.as_slice())))
    }

    /// What a reader sees: the heads, then the rows.
    pub fn texts(&self) -> Vec<Vec<String>> {
        let heads = self.heads().map(|(head, _)| head.to_owned()).collect();
        let row = |i: usize| self.heads().map(|(_, cells)| cells[i].text.clone()).collect();
        once(heads).chain((0..self.rows()).map(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_readers_have_their_own_columns_of_the_same_rows() {
        let mut table = Table::default();
        table.words("key", ["a", "b"]);
        table.read("Name", ["A", "B"].map(Cell::text));
        let rows = [Estimate::new(1.5, Some(0.1)), Estimate::UNKNOWN].map(|found| [found, found]);
        table.estimates([("mean", None), ("p50", Some("median"))], rows, |found| {
            found.value.map_or_else(|| "–".to_owned(), |x| format!("{x} units"))
        });
        let keys: Vec<&str> = table.columns.iter().filter_map(|column| column.key.as_deref()).collect();
        assert_eq!(keys, ["key", "mean", "p50", "se_mean", "se_p50"]);
        assert_eq!(table.texts(), [["Name", "median"], ["A", "1.5 units"], ["B", "–"]]);
        assert_eq!(table.clone().pick(&[1, 0]).texts(), [["Name", "median"], ["B", "–"], ["A", "1.5 units"]]);
        assert_eq!(table.columns[2].cells[1].value, Value::Number(None));
    }
}
