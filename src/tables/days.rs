//! Days as systems and spreadsheets write them. The form is that of a whole column: 3/4/2027 alone may be two days.

use jiff::civil::Date;
use serde_json::Value;

use super::sheet::Row;
use crate::units::{Fault, Month};

pub(super) const ALLOWED: &str = "a day, such as 2027-05-10";

/// How the days of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// 2027-05-10
    YearFirst,
    /// 10.05.2027
    Points,
    /// 10/05/2027 or 05/10/2027, also with hyphens
    Strokes,
    /// 10-May-2027 or May 10, 2027
    Named,
}

/// Why a cell is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayFault {
    /// It is none, in whichever form.
    NoDay,
    /// The days above it have another form.
    OtherForm,
}

/// The numbers of a day as they stand in a text, which may go on with a time of day; of a named month: year, month, day.
fn numbers(text: &str) -> Option<(Form, [u32; 3])> {
    if text.contains(|c: char| c.is_ascii_alphabetic() && c != 'T' && c != 'Z')
        && let Some(parts) = named(text)
    {
        return Some((Form::Named, parts));
    }
    let day = text.split(['T', ' ']).next()?;
    let sign = ['/', '-', '.'].into_iter().find(|sign| day.contains(*sign))?;
    let form = match (sign, day.find(sign)) {
        // 2027/05/10
        ('/' | '-', Some(4)) => Form::YearFirst,
        ('.', _) => Form::Points,
        _ => Form::Strokes,
    };
    let mut parts = day.split(sign).map(|part| part.parse().ok());
    let found = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some((form, found))
}

/// Year, month and day of a text with the month's name in it.
fn named(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.split([' ', '-', ',', '/']).filter(|part| !part.is_empty());
    let (a, b, year) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
    let month = |name: &str| (name.len() >= 3).then(|| Month::numbered(name)).flatten();
    match month(a) {
        Some(month) => Some([year, month, b.parse().ok()?]),
        None => Some([year, month(b)?, a.parse().ok()?]),
    }
}

/// Whether some cells, which one system has written, have the month before the day; none where no day of theirs tells.
pub(super) fn month_first<'a>(cells: impl Iterator<Item = &'a str>) -> Option<bool> {
    let (mut day, mut month) = (false, false);
    for (form, [a, b, _]) in cells.filter_map(numbers) {
        day |= form == Form::Strokes && a > 12;
        month |= form == Form::Strokes && b > 12;
    }
    (day != month).then_some(month)
}

/// The days of a column, and how they are written.
pub(super) struct DayColumn {
    found: Vec<Option<(Form, [u32; 3])>>,
    form: Option<Form>,
    month_first: Option<bool>,
    /// Whether some of its days are others with day and month changed over, and nothing tells which they are.
    pub(super) unclear: bool,
}

impl DayColumn {
    /// Reads cells. Where none of them tells whether the month comes first, it does as `told`.
    pub(super) fn of<'a>(cells: impl Iterator<Item = &'a str> + Clone, told: Option<bool>) -> DayColumn {
        let found: Vec<_> = cells.clone().map(numbers).collect();
        let form = found.iter().flatten().map(|(form, _)| *form).next();
        let mut strokes = found.iter().flatten().filter(|(form, _)| *form == Form::Strokes);
        let either = strokes.any(|(_, [a, b, _])| a != b);
        let month_first = month_first(cells).or(told);
        DayColumn { found, form, month_first, unclear: either && month_first.is_none() }
    }

    /// The day of a cell that is not empty.
    pub(super) fn day(&self, row: usize) -> Result<Date, DayFault> {
        let (form, [a, b, c]) = self.found[row].ok_or(DayFault::NoDay)?;
        if Some(form) != self.form {
            return Err(DayFault::OtherForm);
        }
        let (year, month, day) = match form {
            Form::YearFirst | Form::Named => (a, b, c),
            Form::Strokes if self.month_first == Some(true) => (c, a, b),
            Form::Points | Form::Strokes => (c, b, a),
        };
        let year = if year < 100 { year + 2000 } else { year };
        let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
        let (Ok(year), Ok(month), Ok(day)) = parts else { return Err(DayFault::NoDay) };
        Date::new(year, month, day).map_err(|_| DayFault::NoDay)
    }
}

/// The days of a column, as 2027-05-10; none where a cell is empty or faulty. Where none of them tells whether the month comes first,
/// it does as `told`.
pub(super) fn days(column: &str, rows: &[Row], told: Option<bool>, faults: &mut Vec<Fault>) -> Vec<Option<Value>> {
    let read = DayColumn::of(rows.iter().map(|row| row.text(column)), told);
    let mut unclear = read.unclear;
    let mut one = |(i, row): (usize, &Row)| {
        let text = row.text(column);
        if text.is_empty() {
            return None;
        }
        let mut note = |found: String, hint: &str| faults.push(row.fault(column, found, ALLOWED, hint));
        if std::mem::take(&mut unclear) {
            note(format!("\"{text}\", and no day of the column tells day from month"), "write the year first");
        }
        match read.day(i) {
            Ok(day) => return Some(Value::String(day.to_string())),
            Err(DayFault::NoDay) => note(format!("\"{text}\""), ""),
            Err(DayFault::OtherForm) => {
                note(format!("\"{text}\" below days of another form"), "write all days of a column alike");
            }
        }
        None
    };
    rows.iter().enumerate().map(&mut one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_many_systems_are_the_day_they_say() {
        for text in [
            "2027-05-10",
            "2027-05-10T04:05:06.000Z",
            "2027/5/10",
            "10.05.2027",
            "10-May-2027",
            "May 10, 2027",
            "10 may 2027 16:05",
        ] {
            let column = DayColumn::of(std::iter::once(text), None);
            assert_eq!(column.day(0).map(|day| day.to_string()), Ok("2027-05-10".to_owned()), "{text}");
        }
        let us = ["5/10/2027 4:05 PM", "5/13/2027"];
        assert_eq!(DayColumn::of(us.into_iter(), None).day(0).map(|day| day.to_string()), Ok("2027-05-10".to_owned()));
        let unclear = DayColumn::of(["10-05-2027", "11-05-2027"].into_iter(), None);
        assert!(unclear.unclear && unclear.day(0).is_ok());
        let told = DayColumn::of(["10-05-2027", "11-05-2027"].into_iter(), Some(false));
        assert_eq!(told.day(1).map(|day| day.to_string()), Ok("2027-05-11".to_owned()));
        for text in ["2027-02-30", "10 Smarch 2027", "May 2027", "1/2/3/4", "45000", "2027-05"] {
            assert!(DayColumn::of(std::iter::once(text), None).day(0).is_err(), "{text}");
        }
    }
}
