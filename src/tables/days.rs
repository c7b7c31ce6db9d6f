//! Days as systems and spreadsheets write them. The form is that of a whole column: 3/4/2027 alone may be two days.

use jiff::civil::Date;
use serde_json::Value;

use super::sheet::Row;
use crate::units::Fault;

const ALLOWED: &str = "a day, such as 2027-05-10";

/// How the days of a column are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// 2027-05-10
    YearFirst,
    /// 10.05.2027
    Points,
    /// 10/05/2027 or 05/10/2027
    Strokes,
}

/// The numbers of a day as they stand in a text, which may go on with a time of day.
fn numbers(text: &str) -> Option<(Form, [u32; 3])> {
    let day = text.split(['T', ' ']).next()?;
    let (form, sign) = match day {
        // 2027/05/10
        day if day.find('/') == Some(4) => (Form::YearFirst, '/'),
        day if day.contains('-') => (Form::YearFirst, '-'),
        day if day.contains('.') => (Form::Points, '.'),
        _ => (Form::Strokes, '/'),
    };
    let parts: Vec<u32> = day.split(sign).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    Some((form, parts.try_into().ok()?))
}

/// Whether some columns, which one system has written, have the month before the day; none where no day of theirs tells.
pub(super) fn month_first<'a>(columns: impl Iterator<Item = &'a str>, rows: &[Row]) -> Option<bool> {
    let (mut day, mut month) = (false, false);
    for (form, [a, b, _]) in columns.flat_map(|column| rows.iter().filter_map(move |row| numbers(row.text(column)))) {
        day |= form == Form::Strokes && a > 12;
        month |= form == Form::Strokes && b > 12;
    }
    (day != month).then_some(month)
}

/// The days of a column, as 2027-05-10; none where a cell is empty or faulty. Where none of them tells whether the month comes first,
/// it does as `told`.
pub(super) fn days(column: &str, rows: &[Row], told: Option<bool>, faults: &mut Vec<Fault>) -> Vec<Option<Value>> {
    let found: Vec<_> = rows.iter().map(|row| numbers(row.text(column))).collect();
    let form = found.iter().flatten().map(|(form, _)| *form).next();
    let mut strokes = found.iter().flatten().filter(|(form, _)| *form == Form::Strokes);
    let either = strokes.any(|(_, [a, b, _])| a != b);
    let order = month_first(std::iter::once(column), rows).or(told);
    let (mut unclear, month_first) = (either && order.is_none(), order == Some(true));
    let day = |row: &Row, parsed: Option<(Form, [u32; 3])>| {
        let text = row.text(column);
        let fault = |found: String, hint: &str| Err(row.fault(column, found, ALLOWED, hint));
        let Some((its_form, [a, b, c])) = parsed else { return fault(format!("\"{text}\""), "") };
        if Some(its_form) != form {
            return fault(format!("\"{text}\" below days of another form"), "write all days of a column alike");
        }
        let (year, month, day) = match its_form {
            Form::YearFirst => (a, b, c),
            Form::Points => (c, b, a),
            Form::Strokes if month_first => (c, a, b),
            Form::Strokes => (c, b, a),
        };
        let year = if year < 100 { year + 2000 } else { year };
        let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
        let date = if let (Ok(year), Ok(month), Ok(day)) = parts { Date::new(year, month, day).ok() } else { None };
        date.map_or_else(|| fault(format!("\"{text}\""), ""), |date| Ok(Value::String(date.to_string())))
    };
    let mut one = |(row, parsed): (&Row, Option<(Form, [u32; 3])>)| {
        let text = row.text(column);
        if text.is_empty() {
            return None;
        }
        if std::mem::take(&mut unclear) {
            let found = format!("\"{text}\", and no day of the column tells day from month");
            faults.push(row.fault(column, found, ALLOWED, "write the year first"));
        }
        day(row, parsed).map_err(|fault| faults.push(fault)).ok()
    };
    rows.iter().zip(found).map(&mut one).collect()
}
