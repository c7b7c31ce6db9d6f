//! The first sheet of a workbook that has a table on it.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, XlsxError};
use csv::StringRecord;

use super::sheet::Sheet;
use crate::units::{Fault, Faults};

/// Reads the first sheet that is not empty. Its days become texts, as 2027-05-10.
pub(super) fn sheet(file: &str, bytes: &[u8]) -> Result<Sheet, Faults> {
    let refused = |found: String| {
        Faults::Fields(vec![Fault {
            file: file.to_owned(),
            path: String::new(),
            found,
            allowed: "a workbook (.xlsx) with a table on its first sheet".to_owned(),
            hint: "save the sheet as CSV UTF-8".to_owned(),
        }])
    };
    let unread = |error| match error {
        XlsxError::FileNotFound(_) => Faults::Fields(vec![Fault {
            file: file.to_owned(),
            path: String::new(),
            found: "an archive (.zip) that is no workbook".to_owned(),
            allowed: "a table in CSV, or a workbook (.xlsx)".to_owned(),
            hint: "unpack it, and name the CSV file that was in it".to_owned(),
        }]),
        error => refused(format!("a workbook that cannot be read: {error}")),
    };
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(unread)?;
    for name in workbook.sheet_names() {
        let range = workbook
            .worksheet_range(&name)
            .map_err(|error| refused(format!("a sheet that cannot be read: {error}")))?;
        let first = u64::from(range.start().map_or(0, |(row, _)| row)) + 1;
        let text = |row: &[Data]| row.iter().map(cell).collect::<StringRecord>();
        let filled = |(_, cells): &(u64, StringRecord)| cells.iter().any(|cell| !cell.is_empty());
        let mut rows = (first..).zip(range.rows().map(text)).filter(filled);
        if let Some((head, headings)) = rows.next() {
            let (lines, rows) = rows.unzip();
            return Ok(Sheet::of_rows(file, (&headings, head), rows, lines, false));
        }
    }
    Err(refused("no sheet with anything on it".to_owned()))
}

/// The text of a cell.
fn cell(data: &Data) -> String {
    match data {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::DateTime(time) if time.is_datetime() => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTime(time) => time.as_f64().to_string(),
        Data::Float(x) => x.to_string(),
        Data::Int(x) => x.to_string(),
        Data::Bool(is) => is.to_string(),
        Data::Error(_) | Data::Empty => String::new(),
    }
}
