//! A table read column by column, for tables of a million rows: nothing is made of a cell but its number, its day or its text.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::amounts::{amount, decimal_of};
use super::days::{self, DayColumn, DayFault, month_first};
use super::layout::{
    CellKind, GROUPED, Layout, footer, is_foreign, signs, style, ticked, told_currency, utf8, without_sign,
};
use super::sheet::{Row, Sheet, folded};
use crate::units::{Currency, Fault, Faults, closest};

/// More rows than this are no export that people make.
const MOST_ROWS: usize = 5_000_000;

/// What HubSpot writes into empty cells of reports.
const NO_VALUE: &str = "(No value)";

/// A table whose columns are known, or called by those who have it.
#[derive(Debug)]
pub(crate) struct Columns {
    sheet: Sheet,
    /// The key of each column found, and its place.
    found: Vec<(&'static str, usize)>,
    /// The keys of those that an option named.
    named: Vec<&'static str>,
    /// The rows without the footer.
    rows: usize,
    month_first: Option<bool>,
    /// The encoding that its bytes were taken to be in, where nothing says it.
    pub(crate) guessed_encoding: Option<&'static str>,
}

/// What was made of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum CellRead<T> {
    /// It is empty.
    Empty,
    /// It holds this.
    Found(T),
    /// It holds something else.
    Unread,
}

impl<T> CellRead<T> {
    /// What it holds.
    pub(crate) fn found(self) -> Option<T> {
        match self {
            CellRead::Found(value) => Some(value),
            CellRead::Empty | CellRead::Unread => None,
        }
    }
}

/// What was made of the cells of a column of days.
pub(crate) type Days = Vec<CellRead<Date>>;

/// A table whose columns have not been looked at.
#[derive(Debug)]
pub(crate) struct OpenTable {
    sheet: Sheet,
    /// The encoding that its bytes were taken to be in, where nothing says it.
    pub(crate) guessed_encoding: Option<&'static str>,
}

impl OpenTable {
    /// Opens a table in CSV or, where the program can, a workbook.
    ///
    /// # Errors
    /// [`Faults`] where the bytes are neither.
    pub(crate) fn new(file: &str, bytes: &[u8]) -> Result<OpenTable, Faults> {
        let text = utf8(bytes);
        let guessed_encoding = (text.len() != bytes.len() || *text != *bytes).then_some("Windows-1252");
        Ok(OpenTable { sheet: sheet_of(file, bytes, &text)?, guessed_encoding })
    }

    /// Puts the columns of another table beside these: of its row that has the same text in the column `name`, which both have. Gives the
    /// number of rows that have a text there and find none.
    ///
    /// # Errors
    /// A [`Fault`] where a table has no such column, the other has a text twice in it, or no row finds another.
    pub(crate) fn join(&mut self, other: &OpenTable, name: &str) -> Result<usize, Fault> {
        let (here, there) = (key_place(&self.sheet, name)?, key_place(&other.sheet, name)?);
        let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
        for row in other.sheet.rows().filter(|row| !row.cell(there).is_empty()) {
            if rows.insert(row.cell(there), row).is_some() {
                let found = format!("\"{}\" a second time", row.cell(there));
                return Err(row.fault(other.sheet.heading(there), found, "each text of this column once", ""));
            }
        }
        let new: Vec<usize> = (0..other.sheet.columns().len())
            .filter(|i| !self.sheet.columns().contains(&other.sheet.columns()[*i]))
            .collect();
        let headings: Vec<&str> = new.iter().map(|place| other.sheet.heading(*place)).collect();
        let (mut missing, mut found) = (0, 0);
        self.sheet.widen(&headings, |cells| {
            let key = cells.get(here).unwrap_or_default();
            let row = rows.get(key);
            found += usize::from(row.is_some());
            missing += usize::from(row.is_none() && !key.is_empty());
            new.iter().map(|place| row.map_or("", |row| row.cell(*place))).collect()
        });
        if found == 0 {
            let first = other.sheet.rows().next();
            return Err(Fault {
                file: self.sheet.file().to_owned(),
                path: self.sheet.heading(here).to_owned(),
                found: format!(
                    "no text that stands in the column {} of {}",
                    other.sheet.heading(there),
                    other.sheet.file()
                ),
                allowed: first.map_or_else(
                    || "a table with rows".to_owned(),
                    |row| format!("texts such as \"{}\"", row.cell(there)),
                ),
                hint: "join on a column that means the same in both files".to_owned(),
            });
        }
        Ok(missing)
    }
}

/// Where a table has a column that it is joined on.
fn key_place(sheet: &Sheet, name: &str) -> Result<usize, Fault> {
    let wanted = folded(name);
    sheet.columns().iter().position(|column| *column == wanted).ok_or_else(|| Fault {
        file: sheet.file().to_owned(),
        path: format!("row {}", sheet.head()),
        found: format!("no column \"{name}\""),
        allowed: format!("one of its columns: {}", headings(sheet).join(", ")),
        hint: closest(&wanted, sheet.columns().iter()),
    })
}

fn headings(sheet: &Sheet) -> Vec<&str> {
    (0..sheet.columns().len()).map(|i| sheet.heading(i)).collect()
}

impl Layout {
    /// The columns of a table. `named` gives columns by other names than the known ones: pairs of key and name, which an option gave; `option` is what stands before the key in it.
    ///
    /// # Errors
    /// [`Faults`] where it has not the columns that are named.
    pub(crate) fn columns(
        &self,
        table: OpenTable,
        named: &[(String, String)],
        option: &str,
    ) -> Result<Columns, Faults> {
        let OpenTable { sheet, guessed_encoding } = table;
        let mut faults = Vec::new();
        let mut named_place = |key: &str| {
            let (_, name) = named.iter().find(|(named, _)| named == key)?;
            let wanted = folded(name);
            let place = sheet.columns().iter().position(|column| *column == wanted);
            if place.is_none() {
                faults.push(Fault {
                    file: format!("{option}{key}={name}"),
                    path: String::new(),
                    found: format!("no column \"{name}\" in {}", sheet.file()),
                    allowed: format!("one of its columns: {}", headings(&sheet).join(", ")),
                    hint: closest(&wanted, sheet.columns().iter()),
                });
            }
            Some(place)
        };
        let mut found = Vec::new();
        for column in self.columns {
            // A column called "closed" may hold days, or boxes that are ticked.
            let fits = |place: &usize| match column.kind {
                CellKind::Tick => holds_ticks(&sheet, *place),
                CellKind::Day => !holds_ticks(&sheet, *place),
                _ => true,
            };
            let place = named_place(column.key).unwrap_or_else(|| column.places(sheet.columns()).find(fits));
            found.extend(place.map(|place| (column.key, place)));
        }
        if !faults.is_empty() {
            return Err(Faults::Fields(faults));
        }
        let all: Vec<Row> = sheet.rows().collect();
        let rows = all.len() - footer(all.iter().copied());
        let is_day = |key: &str| self.columns.iter().any(|column| column.key == key && column.kind == CellKind::Day);
        let of_days: Vec<usize> = found.iter().filter(|(key, _)| is_day(key)).map(|(_, place)| *place).collect();
        let month_first = month_first(of_days.iter().flat_map(|place| all[..rows].iter().map(|row| row.cell(*place))));
        let is_named = |key: &&'static str| named.iter().any(|(named, _)| named == key);
        let named = found.iter().map(|(key, _)| *key).filter(is_named).collect();
        Ok(Columns { sheet, found, named, rows, month_first, guessed_encoding })
    }
}

/// Whether a column holds boxes, ticked or not, and nothing else.
fn holds_ticks(sheet: &Sheet, place: usize) -> bool {
    let mut filled = sheet.rows().map(|row| row.cell(place)).filter(|text| !text.is_empty()).peekable();
    filled.peek().is_some() && filled.all(|text| ticked(text).is_some())
}

/// The table that some bytes are.
fn sheet_of(file: &str, bytes: &[u8], text: &[u8]) -> Result<Sheet, Faults> {
    let refused = |found: &str, hint: &str| {
        let allowed = "a table in CSV, or a workbook (.xlsx)".to_owned();
        let (file, path) = (file.to_owned(), String::new());
        Err(Faults::Fields(vec![Fault { file, path, found: found.to_owned(), allowed, hint: hint.to_owned() }]))
    };
    let start = String::from_utf8_lossy(&text[..text.len().min(512)])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    if ["<html", "<!doctype", "<?xml", "<table", "<meta", "<head"].iter().any(|tag| start.starts_with(tag)) {
        return refused(
            "a page in HTML or XML, whatever its name says",
            "some systems call it .xls: export as CSV or .xlsx, or open it in a spreadsheet and save it as .xlsx",
        );
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return refused("a workbook of the old form (.xls), or one with a password", "save it as .xlsx or CSV");
    }
    #[cfg(feature = "fit")]
    if bytes.starts_with(b"PK") {
        return super::workbook::sheet(file, bytes);
    }
    Sheet::parse(file, text, MOST_ROWS)
}

impl Columns {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// The name of the file.
    pub(crate) fn file(&self) -> &str {
        self.sheet.file()
    }

    /// The names of the columns as they are written.
    pub(crate) fn headings(&self) -> Vec<&str> {
        headings(&self.sheet)
    }

    /// The columns found: the key of each, its name as it is written, and whether an option named it.
    pub(crate) fn found(&self) -> impl Iterator<Item = (&'static str, &str, bool)> {
        self.found.iter().map(|(key, place)| (*key, self.sheet.heading(*place), self.named.contains(key)))
    }

    /// Whether the table has a column.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.place(key).is_some()
    }

    /// The name of a column as it is written.
    pub(crate) fn name(&self, key: &str) -> &str {
        self.place(key).map_or("", |place| self.sheet.heading(place))
    }

    /// The line of the file that a row begins in.
    pub(crate) fn line(&self, row: usize) -> u64 {
        self.sheet.row(row).line()
    }

    /// Whether a row has more cells than there are columns.
    pub(crate) fn is_too_long(&self, row: usize) -> bool {
        self.sheet.row(row).is_too_long()
    }

    /// The texts of a column; empty ones where there is no such column.
    pub(crate) fn texts(&self, key: &str) -> impl Iterator<Item = &str> + Clone {
        self.texts_at(self.place(key))
    }

    fn texts_at(&self, place: Option<usize>) -> impl Iterator<Item = &str> + Clone {
        let text = move |row| place.map_or("", |place| self.sheet.row(row).cell(place));
        (0..self.rows).map(text).map(|text| if text.eq_ignore_ascii_case(NO_VALUE) { "" } else { text })
    }

    /// The days of a column. `month_first` holds where the table does not tell.
    ///
    /// # Errors
    /// A [`Fault`] with this `hint` where its days can be read in two ways.
    pub(crate) fn days(&self, key: &str, month_first: Option<bool>, hint: &str) -> Result<Days, Fault> {
        self.days_at(self.place(key), key, month_first, hint)
    }

    /// The days of the columns that `named` finds a name in the heading of, each with that name.
    ///
    /// # Errors
    /// As of [`Columns::days`].
    pub(crate) fn days_by_heading(
        &self,
        named: impl Fn(&str) -> Option<String>,
        month_first: Option<bool>,
        hint: &str,
    ) -> Result<Vec<(String, Days)>, Fault> {
        let found = self
            .headings()
            .into_iter()
            .enumerate()
            .filter_map(|(place, heading)| Some((place, heading, named(heading)?)));
        found.map(|(place, heading, name)| Ok((name, self.days_at(Some(place), heading, month_first, hint)?))).collect()
    }

    fn days_at(&self, place: Option<usize>, key: &str, month_first: Option<bool>, hint: &str) -> Result<Days, Fault> {
        let column = DayColumn::of(self.texts_at(place), self.month_first.or(month_first));
        if column.unclear {
            let row = self.texts_at(place).position(|text| !text.is_empty()).unwrap_or(0);
            let found = format!(
                "\"{}\", and no day of the column tells day from month",
                self.texts_at(place).nth(row).unwrap_or_default()
            );
            return Err(self.fault(row, key, found, days::ALLOWED, hint));
        }
        let read = |(row, text): (usize, &str)| match column.day(row) {
            _ if text.is_empty() => CellRead::Empty,
            Ok(day) => CellRead::Found(day),
            Err(DayFault::NoDay | DayFault::OtherForm) => CellRead::Unread,
        };
        Ok(self.texts_at(place).enumerate().map(read).collect())
    }

    /// The amounts of a column in a currency. `decimal` is the sign before decimals where the column does not tell.
    ///
    /// # Errors
    /// A [`Fault`] with this `hint` where its amounts can be read in two ways.
    pub(crate) fn amounts(
        &self,
        key: &str,
        currency: Option<&Currency>,
        decimal: Option<char>,
        hint: &str,
    ) -> Result<Vec<CellRead<f64>>, Fault> {
        let signs = signs(currency);
        let bare = |text: &'_ str| -> String { without_sign(text, &signs).to_owned() };
        let signed = self.texts(key).filter(|text| text.contains(['.', ','])).map(bare);
        let told = signed.clone().find_map(|text| decimal_of(&text)).or(decimal);
        if told.is_none()
            && let Some(text) = signed.clone().next()
        {
            let row = self.texts(key).position(|other| bare(other) == text).unwrap_or(0);
            let found = format!("\"{text}\", and no amount of the column tells thousands from decimals");
            return Err(self.fault(row, key, found, "amounts such as 1234.50 or 1,234,567", hint));
        }
        let style = style(signed).or_else(|| GROUPED.into_iter().find(|style| Some(style.1) == told));
        let read = |text: &str| match amount(without_sign(text, &signs), style) {
            _ if text.is_empty() => CellRead::Empty,
            Some(amount) => CellRead::Found(amount),
            None => CellRead::Unread,
        };
        Ok(self.texts(key).map(read).collect())
    }

    /// The currency that the table says.
    pub(crate) fn currency(&self, own: &str, amounts: &str) -> Option<Currency> {
        told_currency(self.texts(own), self.texts(amounts))
    }

    /// Whether a cell holds an amount in another currency.
    pub(crate) fn is_in_another_currency(&self, row: usize, key: &str, currency: Option<&Currency>) -> bool {
        let text = self.place(key).map_or("", |place| self.sheet.row(row).cell(place));
        is_foreign(without_sign(text, &signs(currency)))
    }

    /// A fault of a cell.
    pub(crate) fn fault(&self, row: usize, key: &str, found: String, allowed: &str, hint: &str) -> Fault {
        let name = self.place(key).map_or(key, |place| self.sheet.heading(place));
        self.sheet.row(row).fault(name, found, allowed, hint)
    }

    /// A fault of the line with the names of the columns.
    pub(crate) fn head_fault(&self, found: String, allowed: &str, hint: &str) -> Fault {
        Fault {
            file: self.sheet.file().to_owned(),
            path: format!("row {}", self.sheet.head()),
            found,
            allowed: allowed.to_owned(),
            hint: hint.to_owned(),
        }
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.found.iter().find(|(found, _)| *found == key).map(|(_, place)| *place)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Column;
    use super::*;

    const fn column(key: &'static str, kind: CellKind) -> Column {
        Column { key, kind, required: false, unless: None, names: &[] }
    }

    static DEALS: Layout = Layout {
        columns: &[
            column("id", CellKind::Text),
            column("day", CellKind::Day),
            column("amount", CellKind::Number),
            column("currency", CellKind::Currency),
        ],
        others: true,
    };

    fn open(text: &str) -> Columns {
        DEALS.columns(OpenTable::new("t.csv", text.as_bytes()).unwrap(), &[], "--map ").unwrap()
    }

    fn amounts(cells: &[&str], decimal: Option<char>) -> Result<Vec<Option<f64>>, Fault> {
        let rows: String = cells.iter().map(|cell| format!("x,\"{cell}\"\n")).collect();
        let table = open(&format!("id,amount\n{rows}"));
        let currency = table.currency("currency", "amount");
        Ok(table.amounts("amount", currency.as_ref(), decimal, "")?.into_iter().map(CellRead::found).collect())
    }

    #[test]
    fn the_decimal_sign_is_that_of_the_column() {
        assert_eq!(amounts(&["1.234", "12.5"], None), Ok(vec![Some(1.234), Some(12.5)]));
        assert_eq!(amounts(&["1.234", "12,5"], None), Ok(vec![Some(1234.0), Some(12.5)]));
        assert_eq!(
            amounts(&["1,234", "1,234,567.50", "(3,000)"], None),
            Ok(vec![Some(1234.0), Some(1_234_567.5), Some(-3000.0)])
        );
        assert_eq!(amounts(&["1.234.567", "1.234"], None), Ok(vec![Some(1_234_567.0), Some(1234.0)]));
        assert_eq!(amounts(&["$1,234.00", "$500", "", "n/a"], None), Ok(vec![Some(1234.0), Some(500.0), None, None]));
        let unclear = amounts(&["500", "1.234", "2.500"], None).unwrap_err();
        assert_eq!(
            (unclear.path.as_str(), unclear.found.as_str()),
            ("row 3, amount", "\"1.234\", and no amount of the column tells thousands from decimals")
        );
        assert_eq!(amounts(&["500", "1.234"], Some(',')), Ok(vec![Some(500.0), Some(1234.0)]));
        assert_eq!(amounts(&["500", "1.234"], Some('.')), Ok(vec![Some(500.0), Some(1.234)]));
        assert_eq!(amounts(&["1 234", "65k", "2.5M"], None), Ok(vec![Some(1234.0), Some(65e3), Some(2.5e6)]));
    }

    #[test]
    fn columns_go_by_the_names_that_one_gives_them() {
        let named = [("day".to_owned(), "When".to_owned()), ("amount".to_owned(), "Wert".to_owned())];
        let table = OpenTable::new("t.csv", b"ID;when;wert\na;31.12.2026;1,5\n\nb;1.1.2027;\nTotal;;2\n").unwrap();
        let table = DEALS.columns(table, &named, "--map ").unwrap();
        assert_eq!((table.len(), table.line(1), table.name("amount")), (2, 4, "wert"));
        let days: Vec<String> = table
            .days("day", None, "")
            .unwrap()
            .into_iter()
            .filter_map(CellRead::found)
            .map(|day| day.to_string())
            .collect();
        assert_eq!(days, ["2026-12-31", "2027-01-01"]);
        let named = [("day".to_owned(), "whn".to_owned())];
        let table = OpenTable::new("t.csv", b"id,when\na,1\n").unwrap();
        let Err(Faults::Fields(faults)) = DEALS.columns(table, &named, "--map ") else {
            panic!("there is no such column")
        };
        assert_eq!((faults[0].file.as_str(), faults[0].hint.as_str()), ("--map day=whn", "did you mean \"when\"?"));
    }

    #[test]
    fn tables_are_joined_on_a_column_that_both_have() {
        let regions = OpenTable::new("teams.csv", b"Agent,Region\nAnn,East\nBob,West\n").unwrap();
        let mut deals = OpenTable::new("t.csv", b"id,agent\n1,Bob\n2,Cid\n3\n4,Ann\n").unwrap();
        assert_eq!(deals.join(&regions, "agent"), Ok(1));
        let table = DEALS.columns(deals, &[("id".to_owned(), "region".to_owned())], "--map ").unwrap();
        assert_eq!(table.texts("id").collect::<Vec<_>>(), ["West", "", "", "East"]);
        let mut others = OpenTable::new("t.csv", b"id,agent\n1,Dan\n").unwrap();
        assert_eq!(others.join(&regions, "agent").unwrap_err().allowed, "texts such as \"Ann\"");
        let twice = OpenTable::new("teams.csv", b"agent,region\nAnn,East\nAnn,West\n").unwrap();
        assert_eq!(others.join(&twice, "agent").unwrap_err().path, "row 3, agent");
        assert_eq!(others.join(&twice, "agnt").unwrap_err().hint, "did you mean \"agent\"?");
    }

    #[test]
    fn what_is_no_table_is_refused_in_words() {
        for (bytes, said) in [
            (&b"<html><table>"[..], "HTML"),
            (b"\xEF\xBB\xBF<?xml version=\"1.0\"?>", "XML"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old form"),
            (b"", "no text"),
        ] {
            let Err(Faults::Fields(faults)) = OpenTable::new("t.xls", bytes) else { panic!("{said}") };
            assert!(faults[0].found.contains(said), "{faults:?}");
        }
        let table = OpenTable::new("t.csv", b"id,amount\nM\xFCller \x80,5\n").unwrap();
        let table = DEALS.columns(table, &[], "--map ").unwrap();
        assert_eq!((table.texts("id").next(), table.guessed_encoding), (Some("Müller €"), Some("Windows-1252")));
    }
}
