//! A table of joint draws, CSV or Parquet: columns of numbers under a name each, and no empty cell.

#[cfg(feature = "parquet")]
use std::panic::{AssertUnwindSafe, catch_unwind};

use csv::{ReaderBuilder, StringRecord};
use indexmap::IndexMap;
#[cfg(feature = "parquet")]
use parquet::{
    column::reader::ColumnReader,
    errors::ParquetError,
    file::reader::{FileReader, SerializedFileReader},
};

use crate::units::{Fault, thousands};

/// More cells than this are refused.
const MOST_CELLS: usize = 20_000_000;
/// Of many faults so many are told.
const TOLD: usize = 20;

/// The columns by their names, of one length. A name that ends in `.parquet` is that of a Parquet file; any other is CSV, with a decimal point.
///
/// # Errors
/// [`Fault`]s of the file, or of some of its cells.
pub fn draws(file: &str, bytes: Vec<u8>) -> Result<IndexMap<String, Vec<f64>>, Vec<Fault>> {
    let is_parquet = file.rsplit('.').next().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
    let columns = if is_parquet { from_parquet(file, bytes)? } else { from_csv(file, &bytes)? };
    let rows = columns.first().map_or(0, |(_, values)| values.len());
    if rows == 0 {
        return Err(vec![of_file(file, "no row of numbers".to_owned(), "a row of names and at least one of numbers")]);
    }
    Ok(columns)
}

fn of_file(file: &str, found: String, allowed: &str) -> Fault {
    Fault { file: file.to_owned(), path: String::new(), found, allowed: allowed.to_owned(), hint: String::new() }
}

fn of_cell(file: &str, row: usize, column: &str, found: String) -> Fault {
    Fault { path: format!("row {row}, {column}"), ..of_file(file, found, "a number") }
}

fn too_many(file: &str) -> Vec<Fault> {
    let most = thousands(MOST_CELLS as f64);
    vec![of_file(file, format!("more than {most} numbers"), &format!("at most {most} numbers"))]
}

fn from_csv(file: &str, bytes: &[u8]) -> Result<IndexMap<String, Vec<f64>>, Vec<Fault>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(bytes);
    let unreadable = |error: csv::Error| vec![of_file(file, error.to_string(), "a CSV file of numbers, in UTF-8")];
    let names: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(|name| name.trim().to_owned()).collect();
    let mut faults = Vec::new();
    let mut columns: IndexMap<String, Vec<f64>> = IndexMap::new();
    for name in &names {
        if columns.insert(name.clone(), Vec::new()).is_some() {
            faults.push(Fault {
                path: "row 1".to_owned(),
                ..of_file(file, format!("the column {name} twice"), "each column once")
            });
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let (mut record, mut row, mut cells) = (StringRecord::new(), 1, 0);
    while reader.read_record(&mut record).map_err(unreadable)? {
        row += 1;
        cells += record.len();
        if cells > MOST_CELLS {
            return Err(too_many(file));
        }
        if record.len() > names.len() {
            let fault = of_file(file, format!("{} cells", record.len()), &format!("{}, one a column", names.len()));
            faults.push(Fault { path: format!("row {row}"), ..fault });
        }
        for (i, (name, values)) in columns.iter_mut().enumerate() {
            let cell = record.get(i).unwrap_or_default().trim();
            match cell.parse::<f64>() {
                Ok(x) if x.is_finite() => values.push(x),
                _ => {
                    values.push(f64::NAN);
                    let found = if cell.is_empty() { "nothing".to_owned() } else { format!("\"{cell}\"") };
                    faults.push(of_cell(file, row, name, found));
                }
            }
        }
        if faults.len() >= TOLD {
            break;
        }
    }
    if faults.is_empty() { Ok(columns) } else { Err(faults) }
}

#[cfg(feature = "parquet")]
fn from_parquet(file: &str, bytes: Vec<u8>) -> Result<IndexMap<String, Vec<f64>>, Vec<Fault>> {
    let unreadable = |error: ParquetError| {
        vec![of_file(file, error.to_string(), "a Parquet file of numbers, plain or compressed with Snappy")]
    };
    let reader = guarded(|| SerializedFileReader::new(bytes::Bytes::from(bytes))).map_err(unreadable)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let mut columns: IndexMap<String, Vec<f64>> = IndexMap::new();
    for i in 0..schema.num_columns() {
        let name = schema.column(i).path().string();
        let mut values = Vec::new();
        for g in 0..reader.num_row_groups() {
            guarded(|| {
                let group = reader.get_row_group(g)?;
                let rows = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
                if rows.saturating_mul(schema.num_columns()) > MOST_CELLS {
                    return Err(ParquetError::General("it has more numbers than are read".to_owned()));
                }
                let from = values.len();
                values.extend(numbers(group.get_column_reader(i)?, rows)?);
                if values.len() - from == rows {
                    Ok(())
                } else {
                    Err(ParquetError::General(format!("{name} has empty cells")))
                }
            })
            .map_err(unreadable)?;
        }
        if values.len().saturating_mul(schema.num_columns()) > MOST_CELLS {
            return Err(too_many(file));
        }
        let wrong = values.iter().enumerate().filter(|(_, x)| !x.is_finite()).take(TOLD);
        let wrong: Vec<Fault> = wrong.map(|(row, x)| of_cell(file, row + 1, &name, x.to_string())).collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        if columns.insert(name.clone(), values).is_some() {
            return Err(vec![of_file(file, format!("the column {name} twice"), "each column once")]);
        }
    }
    Ok(columns)
}

/// The numbers of a column of a row group, those of a column of whole numbers among them.
#[cfg(feature = "parquet")]
fn numbers(column: ColumnReader, rows: usize) -> Result<Vec<f64>, ParquetError> {
    macro_rules! read {
        ($reader:ident, $number:ty) => {{
            let (mut values, mut levels): (Vec<$number>, Vec<i16>) = Default::default();
            $reader.read_records(rows, Some(&mut levels), None, &mut values)?;
            Ok(values.into_iter().map(|x| x as f64).collect())
        }};
    }
    match column {
        ColumnReader::DoubleColumnReader(mut reader) => read!(reader, f64),
        ColumnReader::FloatColumnReader(mut reader) => read!(reader, f32),
        ColumnReader::Int32ColumnReader(mut reader) => read!(reader, i32),
        ColumnReader::Int64ColumnReader(mut reader) => read!(reader, i64),
        _ => Err(ParquetError::General("it has a column that is not of numbers".to_owned())),
    }
}

#[cfg(not(feature = "parquet"))]
fn from_parquet(file: &str, _: Vec<u8>) -> Result<IndexMap<String, Vec<f64>>, Vec<Fault>> {
    Err(vec![of_file(file, "a Parquet file".to_owned(), "a CSV file: this program was built without Parquet")])
}

/// What `read` gives of a Parquet file that anybody may have made: what its reader panics at is an error like others.
#[cfg(feature = "parquet")]
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    let panicked = |_| Err(ParquetError::General("it contradicts itself".to_owned()));
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(panicked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let faults = draws("d.csv", text.as_bytes().to_vec()).unwrap_err();
        faults.into_iter().map(|fault| format!("{}: {}", fault.path, fault.found)).collect()
    }

    #[test]
    fn columns_of_numbers_are_read_by_their_names() {
        let found = draws("d.csv", b"\xef\xbb\xbfa,\"stage[x, y]\"\r\n1,2.5e-3\r\n-3,4\r\n".to_vec()).unwrap();
        assert_eq!(found["a"], [1.0, -3.0]);
        assert_eq!(found["stage[x, y]"], [0.0025, 4.0]);
    }

    #[test]
    fn what_is_no_table_of_numbers_says_so_by_row_and_column() {
        assert_eq!(told("a,b\n1,x\n,2\n"), ["row 2, b: \"x\"", "row 3, a: nothing"]);
        assert_eq!(told("a,a\n1,2\n"), ["row 1: the column a twice"]);
        assert_eq!(told("a\n1,2\n"), ["row 2: 2 cells"]);
        assert_eq!(told("a\nNaN\n"), ["row 2, a: \"NaN\""]);
        assert_eq!(told("a,b\n"), [": no row of numbers"]);
        assert!(draws("d.parquet", b"PAR1".to_vec()).is_err());
    }
}
