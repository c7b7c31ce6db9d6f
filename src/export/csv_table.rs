//! A CSV table, field by field.

use std::io::Write;

use super::{CsvStyle, ExportError};
use crate::findings::{Table, Value};
use crate::units::guarded;

/// Tables with the same columns as one file, one below the other: the columns that have a key. Unknown cells are empty.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn table_csv(tables: &[Table], style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut out = CsvTable::begin(style, Vec::new())?;
    for (key, _) in tables.iter().take(1).flat_map(Table::keys) {
        out.text(key)?;
    }
    out.end()?;
    for (table, row) in tables.iter().flat_map(|table| (0..table.rows()).map(move |row| (table, row))) {
        for (_, cells) in table.keys() {
            match &cells[row].value {
                Value::Text(text) => out.text(text)?,
                Value::Number(number) => out.number(*number)?,
            }
        }
        out.end()?;
    }
    out.finish()
}

/// A table that is being written.
#[derive(Debug)]
pub(super) struct CsvTable<W: Write> {
    style: CsvStyle,
    out: csv::Writer<W>,
}

impl<W: Write> CsvTable<W> {
    pub(super) fn begin(style: CsvStyle, mut out: W) -> Result<CsvTable<W>, ExportError> {
        let mut writer = csv::WriterBuilder::new();
        if style == CsvStyle::ExcelEu {
            out.write_all("\u{FEFF}".as_bytes())?;
            writer.delimiter(b';').terminator(csv::Terminator::CRLF);
        }
        Ok(CsvTable { style, out: writer.from_writer(out) })
    }

    /// A field of words, which no spreadsheet takes for a formula.
    pub(super) fn text(&mut self, text: &str) -> Result<(), ExportError> {
        Ok(self.out.write_field(guarded(text))?)
    }

    /// A number; what is unknown or not finite is left empty.
    pub(super) fn number(&mut self, value: Option<f64>) -> Result<(), ExportError> {
        let mut text = value.filter(|x| x.is_finite()).map_or_else(String::new, |x| x.to_string());
        if self.style == CsvStyle::ExcelEu {
            text = text.replace('.', ",");
        }
        Ok(self.out.write_field(text)?)
    }

    /// Ends the line that is being written.
    pub(super) fn end(&mut self) -> Result<(), ExportError> {
        Ok(self.out.write_record(None::<&[u8]>)?)
    }

    /// Ends the table and gives back what it was written to.
    pub(super) fn finish(self) -> Result<W, ExportError> {
        self.out.into_inner().map_err(|error| ExportError::Io(error.into_error()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(style: CsvStyle) -> String {
        let mut table = CsvTable::begin(style, Vec::new()).unwrap();
        for text in ["name", "=1", "a,b", "c;d"] {
            table.text(text).unwrap();
        }
        table.end().unwrap();
        for value in [Some(-1234.5), None, Some(f64::INFINITY), Some(1e21)] {
            table.number(value).unwrap();
        }
        table.end().unwrap();
        String::from_utf8(table.finish().unwrap()).unwrap()
    }

    #[test]
    fn a_plain_table_has_commas_and_points() {
        assert_eq!(written(CsvStyle::Plain), "name,'=1,\"a,b\",c;d\n-1234.5,,,1000000000000000000000\n");
    }

    #[test]
    fn a_european_table_has_semicolons_and_decimal_commas() {
        assert_eq!(written(CsvStyle::ExcelEu), "\u{feff}name;'=1;a,b;\"c;d\"\r\n-1234,5;;;1000000000000000000000\r\n");
    }
}
