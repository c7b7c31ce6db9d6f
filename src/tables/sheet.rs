//! A table that somebody keeps in a spreadsheet, saved as CSV: comma, semicolon or tab between cells, a decimal point or comma.

use std::fmt::Display;

use csv::StringRecord;

use crate::units::{Fault, Faults, Month, Typed, closest, thousands, unguarded};

/// A table with named columns.
#[derive(Debug)]
pub struct Sheet {
    file: String,
    /// The names of the columns as they are looked for: in small letters.
    columns: Vec<String>,
    /// The same as they are written.
    headings: Vec<String>,
    /// The line of the file that these stand in.
    head: u64,
    rows: Vec<StringRecord>,
    /// Whether cells are parted by something else than a comma, so that a comma may stand in a number.
    decimal_comma: bool,
    /// The line of the file that each row begins in.
    lines: Vec<u64>,
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    index: usize,
}

/// Rows beyond this are no table that people keep.
const MOST_ROWS: usize = 100_000;

fn fault(file: &str, path: String, found: String, allowed: &str, hint: &str) -> Fault {
    Fault { file: file.to_owned(), path, found, allowed: allowed.to_owned(), hint: hint.to_owned() }
}

/// The name of a column as it is looked for: in small letters, with single spaces and plain hyphens, without the star of a required field.
pub(super) fn folded(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(|word| word.replace('–', "-").to_lowercase()).collect();
    words.join(" ").trim_end_matches('*').trim_end().to_owned()
}

impl Sheet {
    /// Reads a table. Columns may stand in any order and be written with capitals; `required` must be there, and others than
    /// those of `known` must not.
    ///
    /// # Errors
    /// [`Faults`] where the bytes are no such table.
    pub fn read(
        file: &str,
        bytes: &[u8],
        required: &[&str],
        known: &dyn Fn(&str) -> bool,
        allowed: &str,
    ) -> Result<Sheet, Faults> {
        Sheet::parse(file, bytes, MOST_ROWS)?.checked(required, known, allowed)
    }

    /// Reads a table with whatever columns, of at most so many rows.
    ///
    /// # Errors
    /// [`Faults`] where the bytes are no table.
    pub(super) fn parse(file: &str, bytes: &[u8], most_rows: usize) -> Result<Sheet, Faults> {
        let whole = |found: String, hint: &str| {
            let allowed = "a table saved as CSV, with the names of its columns in the first row";
            Faults::Fields(vec![fault(file, String::new(), found, allowed, hint)])
        };
        let text = decoded(bytes).ok_or_else(|| {
            let hint = if bytes.starts_with(b"PK") {
                "this looks like a workbook: save the sheet as CSV UTF-8"
            } else {
                "save it as CSV UTF-8"
            };
            whole("bytes that are no UTF-8 text".to_owned(), hint)
        })?;
        // Excel writes "sep=;" for itself.
        let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
        if text.matches('"').count() % 2 == 1 {
            return Err(whole("a quote that is not closed".to_owned(), "write a quote inside a text twice: \"\""));
        }
        let told = first.trim().strip_prefix("sep=").and_then(|sign| sign.bytes().next());
        let (table, skipped) = if told.is_some() { (rest, 1) } else { (text.as_str(), 0) };
        let delimiter = told.unwrap_or_else(|| delimiter(table));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(table.as_bytes());
        let mut columns: Option<(StringRecord, u64)> = None;
        let (mut rows, mut lines): (Vec<StringRecord>, Vec<u64>) = Default::default();
        let (mut line, mut counted) = (1 + skipped, 0);
        for record in reader.records() {
            let record = record.map_err(|error| whole(error.to_string(), ""))?;
            // A record is said to begin where the one before ends, which may be in the middle of a line's end.
            let from = record.position().map_or(counted, |position| position.byte() as usize);
            let from = from + table[from..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            line += table.as_bytes()[counted..from].iter().filter(|byte| **byte == b'\n').count() as u64;
            counted = from;
            if record.iter().all(str::is_empty) {
                continue;
            }
            let cells: StringRecord = record.iter().map(unguarded).collect();
            if columns.is_none() {
                columns = Some((cells, line));
                continue;
            }
            rows.push(cells);
            lines.push(line);
            if rows.len() > most_rows {
                let most = thousands(most_rows as f64);
                let (found, allowed) = (format!("more than {most} rows"), format!("at most {most} rows"));
                return Err(Faults::Fields(vec![fault(file, String::new(), found, &allowed, "")]));
            }
        }
        let (headings, head) = columns.ok_or_else(|| whole("no text".to_owned(), ""))?;
        Ok(Sheet::of_rows(file, (&headings, head), rows, lines, delimiter != b','))
    }

    /// A table of cells that have been read from a file already, with the row of the file that each begins in.
    pub(super) fn of_rows(
        file: &str,
        (headings, head): (&StringRecord, u64),
        rows: Vec<StringRecord>,
        lines: Vec<u64>,
        decimal_comma: bool,
    ) -> Sheet {
        let columns = headings.iter().map(folded).collect();
        let headings = headings.iter().map(str::to_owned).collect();
        Sheet { file: file.to_owned(), columns, headings, head, rows, decimal_comma, lines }
    }

    /// The table, if it has the columns that are required and none but those that are known, and a name above each cell.
    pub(super) fn checked(
        self,
        required: &[&str],
        known: &dyn Fn(&str) -> bool,
        allowed: &str,
    ) -> Result<Sheet, Faults> {
        let Sheet { file, columns, rows, lines, .. } = &self;
        let fault = |path: String, found: String, allowed: &str, hint: &str| fault(file, path, found, allowed, hint);
        let head = |found: String, allowed: &str, hint: &str| fault(format!("row {}", self.head), found, allowed, hint);
        let mut faults = Vec::new();
        for (i, name) in columns.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if !known(name) {
                let near: Vec<String> = allowed.split(", ").map(str::to_owned).collect();
                faults.push(head(format!("a column \"{name}\""), allowed, &closest(name, near.iter())));
            } else if columns[..i].contains(name) {
                faults.push(head(format!("the column {name} twice"), "each column once", ""));
            }
        }
        for name in required.iter().filter(|name| !columns.iter().any(|column| column == *name)) {
            faults.push(head(format!("no column {name}"), allowed, ""));
        }
        for (cells, line) in rows.iter().zip(lines) {
            if cells.iter().zip(columns).any(|(cell, name)| name.is_empty() && !cell.is_empty()) {
                faults.push(fault(format!("row {line}"), "a cell below no column's name".to_owned(), allowed, ""));
            }
            if cells.iter().skip(columns.len()).any(|cell| !cell.is_empty()) {
                faults.push(fault(
                    format!("row {line}"),
                    format!("{} cells", cells.len()),
                    &format!("at most {}, one a column", columns.len()),
                    "a text with the separator in it needs quotes around it",
                ));
            }
        }
        if faults.is_empty() { Ok(self) } else { Err(Faults::Fields(faults)) }
    }

    /// Puts columns beside those that there are, with the cells of each row.
    pub(super) fn widen<'a>(&mut self, headings: &[&str], mut cells: impl FnMut(&StringRecord) -> Vec<&'a str>) {
        let columns = self.columns.len();
        for row in &mut self.rows {
            let new = cells(row);
            (row.len()..columns).for_each(|_| row.push_field(""));
            new.iter().for_each(|cell| row.push_field(cell));
        }
        self.columns.extend(headings.iter().map(|name| folded(name)));
        self.headings.extend(headings.iter().map(|name| (*name).to_owned()));
    }

    /// The name of the file.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The line that the names of its columns stand in.
    pub(super) fn head(&self) -> u64 {
        self.head
    }

    /// The names of the columns, in small letters.
    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// A column's name as it is written.
    pub(super) fn heading(&self, column: usize) -> &str {
        &self.headings[column]
    }

    /// The rows below the names of the columns.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).map(|index| self.row(index))
    }

    /// A row, counted from 0.
    pub(super) fn row(&self, index: usize) -> Row<'_> {
        Row { sheet: self, index }
    }
}

impl<'a> Row<'a> {
    /// The text of a cell; empty where there is none.
    pub fn text(&self, column: &str) -> &'a str {
        let at = self.sheet.columns.iter().position(|name| name == column);
        at.map_or("", |at| self.cell(at))
    }

    /// The text of the cell in a column, counted from 0.
    pub(super) fn cell(&self, column: usize) -> &'a str {
        self.sheet.rows[self.index].get(column).unwrap_or_default()
    }

    /// The names of the columns in which this row has something.
    pub fn filled(&self) -> impl Iterator<Item = &'a str> {
        let cells = &self.sheet.rows[self.index];
        let pairs = self.sheet.columns.iter().zip(cells);
        pairs.filter(|(_, cell)| !cell.is_empty()).map(|(name, _)| name.as_str())
    }

    /// Whether it has a cell that is below no column.
    pub(super) fn is_too_long(&self) -> bool {
        let columns = self.sheet.columns.len();
        self.sheet.rows[self.index].iter().skip(columns).any(|cell| !cell.is_empty())
    }

    /// The text of its first cell.
    pub(super) fn first(&self) -> &'a str {
        self.cell(0)
    }

    /// The line that it begins in.
    pub(super) fn line(&self) -> u64 {
        self.sheet.lines[self.index]
    }

    /// Where the row stands: `inputs.csv, row 5`.
    pub fn place(&self) -> String {
        format!("{}, row {}", self.sheet.file, self.sheet.lines[self.index])
    }

    /// A fault of a cell.
    pub fn fault(&self, column: &str, found: impl Display, allowed: &str, hint: &str) -> Fault {
        Fault {
            file: self.sheet.file.clone(),
            path: format!("row {}, {column}", self.sheet.lines[self.index]),
            found: found.to_string(),
            allowed: allowed.to_owned(),
            hint: hint.to_owned(),
        }
    }

    /// A cell's number of this kind.
    ///
    /// # Errors
    /// A [`Fault`] where the cell holds something else.
    pub(crate) fn number(&self, column: &str, typed: Typed) -> Result<f64, Fault> {
        let text = self.text(column);
        self.read(text, typed).map_err(|hint| {
            let found = if text.is_empty() { "nothing".to_owned() } else { format!("\"{text}\"") };
            let allowed = match typed {
                Typed::Amount => "a number, such as 0.25 or 15000",
                _ => "a number, such as 0.25, 15000 or 25%",
            };
            self.fault(column, found, allowed, &hint)
        })
    }

    /// A cell's month: 2027-03, and what spreadsheets make of it: 2027-03-01, Mar-27, March 2027.
    ///
    /// # Errors
    /// A [`Fault`] where the cell holds something else.
    pub fn month(&self, column: &str) -> Result<Month, Fault> {
        let text = self.text(column);
        Month::of_cell(text).ok_or_else(|| {
            let hint = "format the column as text, or as yyyy-mm";
            self.fault(column, format!("\"{text}\""), "a month such as 2027-03", hint)
        })
    }

    /// The number that a text of the sheet is; else what to do about it. Where cells are not parted by commas, a comma may be its
    /// decimal sign.
    pub(crate) fn read(&self, text: &str, typed: Typed) -> Result<f64, String> {
        if !self.sheet.decimal_comma {
            return typed.read(text);
        }
        if is_thousands(text.trim_end_matches('%').trim_end()) {
            return Err("without thousands separators".to_owned());
        }
        typed.read(&text.replacen(',', ".", 1))
    }
}

/// The text of a file in UTF-8, or in UTF-16 as some spreadsheets and shells write it.
fn decoded(bytes: &[u8]) -> Option<String> {
    let wide = |of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        bytes.len().is_multiple_of(2).then(|| String::from_utf16(&units).ok())?
    };
    match bytes {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            String::from_utf8(bytes.to_vec()).ok()
        }
    }
}

/// Whether points part thousands, as in 42.000 or 1.500.000, where a comma is the decimal sign. 0.125 is no such number.
fn is_thousands(digits: &str) -> bool {
    let mut parts = digits.trim_start_matches(['+', '-']).split('.');
    let first = parts.next().unwrap_or_default();
    let groups: Vec<&str> = parts.collect();
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && !groups.is_empty()
        && groups.iter().all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()))
}

/// What parts the cells: whichever of comma, semicolon and tab stands most often in the first row.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |c: u8| first.bytes().filter(|b| *b == c).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|c| count(*c)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Sheet, Faults> {
        Sheet::read("t.csv", text.as_bytes(), &["path"], &|name| ["path", "value"].contains(&name), "path, value")
    }

    #[test]
    fn tables_of_all_spreadsheets_read_alike() {
        for text in [
            "path,value\na,0.25\n",
            "\u{FEFF}Path;Value\r\na;0,25\r\n",
            "value\tPATH\n25%\ta\n",
            "\n  path , value \n\n a , 25 % \n,,,\n",
            "path;value\na;0.25\n",
        ] {
            let sheet = read(text).unwrap_or_else(|faults| panic!("{text:?}: {faults}"));
            let row = sheet.rows().next().unwrap();
            assert_eq!((row.text("path"), row.number("value", Typed::Any).unwrap()), ("a", 0.25), "{text:?}");
            assert_eq!(sheet.rows().count(), 1);
        }
    }

    #[test]
    fn what_is_no_number_says_so() {
        let sheet = read("path,value\na,\"15,000\"\nb,inf\nc,\nd,€5\ne,nan\nf,7%\n").unwrap();
        let rows: Vec<Row> = sheet.rows().collect();
        let fault = rows[0].number("value", Typed::Any).unwrap_err();
        assert_eq!(fault.path, "row 2, value");
        assert_eq!(fault.hint, "a point before decimals, and no separators between thousands");
        assert!(rows[1..5].iter().all(|row| row.number("value", Typed::Any).is_err()));
        assert_eq!(rows[5].number("value", Typed::Any).unwrap(), 0.07);
    }

    #[test]
    fn thousands_are_never_taken_for_decimals() {
        let sheet = read("path;value\na;42.000\nb;1.500.000\nc;0.125\nd;12.5\ne;-42.000\n").unwrap();
        let found: Vec<Option<f64>> = sheet.rows().map(|row| row.number("value", Typed::Any).ok()).collect();
        assert_eq!(found, [None, None, Some(0.125), Some(12.5), None]);
        let fault = sheet.rows().next().unwrap().number("value", Typed::Any).unwrap_err();
        assert_eq!(fault.hint, "without thousands separators");
    }

    #[test]
    fn rows_are_those_of_the_file_however_its_lines_end() {
        for end in ["\n", "\r\n"] {
            let text = ["path,value", "a,1", "", "b,\"x", "y\"", "c,z"].join(end) + end;
            let sheet = read(&text).unwrap();
            let places: Vec<String> = sheet.rows().map(|row| row.place()).collect();
            assert_eq!(places, ["t.csv, row 2", "t.csv, row 4", "t.csv, row 6"], "{end:?}");
        }
        let sheet = read("sep=;\r\npath;value\r\na;1\r\n").unwrap();
        assert_eq!(sheet.rows().next().unwrap().place(), "t.csv, row 3");
        let Err(Faults::Fields(faults)) = read("sep=;\n\nvalue;x\n") else { panic!("it has faults") };
        assert!(faults.iter().all(|fault| fault.path == "row 3"), "{faults:?}");
    }

    #[test]
    fn wide_characters_are_read_too() {
        let text = "path\tvalue\nä\t1,5\n";
        let wide = |of: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(of).collect::<Vec<u8>>();
        let little = [&[0xFF, 0xFE], wide(u16::to_le_bytes).as_slice()].concat();
        let big = [&[0xFE, 0xFF], wide(u16::to_be_bytes).as_slice()].concat();
        for bytes in [little, big] {
            let sheet = Sheet::read("t.csv", &bytes, &["path"], &|_| true, "path, value").unwrap();
            let row = sheet.rows().next().unwrap();
            assert_eq!((row.text("path"), row.number("value", Typed::Any).unwrap()), ("ä", 1.5));
        }
    }

    #[test]
    fn a_guarded_text_is_the_text() {
        let sheet = read("path,value\na,'=1\nb,'tis\nc,\"A,' -B\"\n").unwrap();
        let texts: Vec<&str> = sheet.rows().map(|row| row.text("value")).collect();
        assert_eq!(texts, ["=1", "'tis", "A, -B"]);
        assert!(read("path,value\na,\"x\nb,1\n").is_err(), "a quote that is not closed swallows rows");
    }

    #[test]
    fn all_faults_of_a_table_come_at_once() {
        let Err(Faults::Fields(faults)) = read("pth,value,value\na,b,c,d\n") else { panic!("it has faults") };
        let found: Vec<&str> = faults.iter().map(|fault| fault.found.as_str()).collect();
        assert_eq!(found, ["a column \"pth\"", "the column value twice", "no column path", "4 cells"]);
        assert_eq!(faults[0].hint, "did you mean \"path\"?");
        assert!(read("").is_err() && Sheet::read("t", b"PK\xFF", &[], &|_| true, "").is_err());
    }
}
