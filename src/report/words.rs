//! Amounts, chances and periods as people say them.

use std::fmt::Write;

use crate::analysis::Head;
use crate::forecast::{Forecast, Known};
use crate::scenario::Metric;
use crate::units::{Currency, Month, Periods, plain};

/// A value of a metric, rounded to what its error supports: €17.8M, 1,240, 14 %.
pub(super) fn amount(forecast: &Forecast, metric: Metric, value: f64, error: Known) -> String {
    forecast.said(metric, value, error)
}

/// A level that was asked for, as written.
pub(super) fn level(forecast: &Forecast, metric: Metric, value: f64) -> String {
    if metric.is_money() { forecast.currency.short(value) } else { amount(forecast, metric, value, None) }
}

/// A chance: "46 in 100", "all of 10,000 futures", "fewer than 1 in 100".
pub(super) fn chance(currency: &Currency, probability: f64, trials: usize) -> String {
    let in_100 = (100.0 * probability).round();
    if probability <= 0.0 {
        if trials == 1 { "none (1 future)".to_owned() } else { format!("none of {}", futures(currency, trials)) }
    } else if probability >= 1.0 {
        if trials == 1 { "all (1 future)".to_owned() } else { format!("all of {}", futures(currency, trials)) }
    } else if in_100 < 1.0 {
        "fewer than 1 in 100".to_owned()
    } else if in_100 > 99.0 {
        "more than 99 in 100".to_owned()
    } else {
        format!("{in_100} in 100")
    }
}

/// "10,000 futures"; a currency knows how numbers are written.
pub(super) fn futures(currency: &Currency, trials: usize) -> String {
    if trials == 1 { "1 future".to_owned() } else { format!("{} futures", currency.count(trials as f64)) }
}

/// A period in a sentence: "2027", "March 2027", "by December 2028", "the 36 months", "each month".
pub(super) fn period(start: Month, months: usize, label: &str) -> String {
    if let Some(to) = label.strip_prefix("to ") {
        return format!("by {}", to.parse::<Month>().map_or_else(|_| format!("the end of {to}"), Month::name));
    }
    match label {
        "total" => format!("in {}", if months == 1 { start.name() } else { format!("the {months} months") }),
        "each-month" => "in every month".to_owned(),
        "each-quarter" => "in every quarter".to_owned(),
        label => match (label.parse::<Month>(), label.split_once("..")) {
            (Ok(month), _) => format!("in {}", month.name()),
            (_, Some((from, to))) => format!("from {from} to {to}"),
            _ => format!("in {label}"),
        },
    }
}

/// The same of a metric, of which a level is said at the end of the period: "at the end of December 2028".
pub(super) fn when(forecast: &Forecast, metric: Metric, label: &str) -> String {
    if metric.is_flow() {
        return period(forecast.start, forecast.months, label);
    }
    match (label, forecast.horizon().parse(label)) {
        ("each-month", _) => "at the end of every month".to_owned(),
        ("each-quarter", _) => "at the end of every quarter".to_owned(),
        (_, Ok(Periods::One(period))) => {
            format!("at the end of {}", forecast.start.plus(period.months.end - 1).name())
        }
        _ => period(forecast.start, forecast.months, label),
    }
}

/// With a capital letter.
pub(super) fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Breaks a text into lines of at most `width` characters, `indent` before each but the first.
pub(crate) fn wrap(text: &str, width: usize, indent: &str) -> String {
    let body = text.trim_start_matches(' ');
    let mut line = " ".repeat(text.len() - body.len());
    let mut lines = Vec::new();
    let mut fresh = true;
    for word in body.split(' ') {
        if !fresh && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            fresh = true;
        }
        if !fresh {
            line.push(' ');
        }
        line.push_str(word);
        fresh = false;
    }
    lines.push(line);
    lines.join("\n")
}

/// What heads every answer; nothing where nothing is assumed in words.
pub(super) fn assumed(head: &Head) -> Vec<String> {
    if head.assumptions.is_empty() {
        return Vec::new();
    }
    let each = head.assumptions.iter().map(|text| format!("- {}", plain(text)));
    [String::new(), "Assumed:".to_owned()].into_iter().chain(each).collect()
}

/// Columns side by side, the first to the left, numbers to the right; as many as `width` takes.
pub(crate) fn aligned(rows: &[Vec<String>], width: usize) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widest: Vec<usize> =
        (0..columns).map(|c| rows.iter().map(|row| row[c].chars().count()).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = format!("  {:<first$}", row[0], first = widest[0]);
        for (cell, wide) in row.iter().zip(&widest).skip(1) {
            let next = format!("  {cell:>wide$}");
            if line.chars().count() + next.chars().count() <= width {
                line.push_str(&next);
            }
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_never_claim_certainty() {
        let said = |p, trials| chance(&Currency::new("EUR").unwrap(), p, trials);
        assert_eq!(said(0.463, 10_000), "46 in 100");
        assert_eq!(said(0.0, 10_000), "none of 10,000 futures");
        assert_eq!(said(1.0, 500), "all of 500 futures");
        assert_eq!(said(0.0001, 10_000), "fewer than 1 in 100");
        assert_eq!(said(0.9999, 10_000), "more than 99 in 100");
        let german = Currency::new("EUR").unwrap().written_as("de".parse().unwrap());
        assert_eq!(chance(&german, 0.0, 10_000), "none of 10.000 futures");
    }

    #[test]
    fn texts_are_wrapped_between_words() {
        assert_eq!(wrap("one two three four", 9, "  "), "one two\n  three\n  four");
        assert_eq!(wrap("  one two", 6, "    "), "  one\n    two");
        assert_eq!(wrap("", 9, ""), "");
    }
}
