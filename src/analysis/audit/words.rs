//! Figures in the sentences of findings.

use crate::units::{Currency, Month, power_of_ten_at_most, thousands};

/// A number with `digits` significant digits and no zeros that say nothing: 5.35, 1,482, 0.75.
pub(super) fn number(x: f64, digits: u32) -> String {
    if x == 0.0 || !x.is_finite() {
        return "0".to_owned();
    }
    // 9.996 with three digits is 10.0: the step is that of the rounded number.
    let step = |x: f64| power_of_ten_at_most(x.abs()) / libm::pow(10.0, f64::from(digits) - 1.0);
    let rounded = (x / step(x)).round() * step(x);
    if rounded.abs() >= 1_000.0 {
        return thousands(rounded);
    }
    let decimals = libm::ceil(-libm::log10(step(rounded)) - 1e-9).clamp(0.0, 12.0) as usize;
    let text = format!("{:.*}", decimals, rounded.abs());
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{}{text}", if rounded < 0.0 { "−" } else { "" })
}

/// A share or rate: 32.37 %.
pub(super) fn percent(share: f64, digits: u32) -> String {
    format!("{} %", number(100.0 * share, digits))
}

/// A sentence begins with a capital.
pub(super) fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A sentence lists so many at most.
const MOST_LISTED: usize = 12;

/// A list in a sentence: "a, b and c"; a long one ends with "and 48 more".
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if items.len() <= MOST_LISTED => format!("{} and {last}", first.join(", ")),
        _ => cut(items, ", "),
    }
}

/// Items with `between` them; of a long list the first ones and how many more there are.
pub(super) fn cut(items: &[String], between: &str) -> String {
    if items.len() <= MOST_LISTED {
        return items.join(between);
    }
    let (first, more) = items.split_at(MOST_LISTED - 1);
    format!("{} and {} more", first.join(between), more.len())
}

/// A name in a sentence; a very long one is cut.
pub(super) fn clipped(name: &str) -> String {
    const LONGEST: usize = 80;
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// "1 month", "12 months".
pub(super) fn counted(n: usize, one: &str) -> String {
    format!("{n} {one}{}", if n == 1 { "" } else { "s" })
}

/// A sum of money that was worked out, with four digits at most: €2.855M.
pub(super) fn worked_out(currency: &Currency, amount: f64) -> String {
    let text = currency.within(amount, None);
    let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |last| last + 1);
    let (digits, unit) = text.split_at(end);
    if !digits.contains('.') {
        return text;
    }
    // A tenth of thousands or millions stays: €18.0M was worked out, €18M was stated.
    let kept = digits.trim_end_matches('0');
    match kept.strip_suffix('.') {
        Some(whole) if unit.is_empty() => whole.to_owned(),
        Some(_) => format!("{kept}0{unit}"),
        None => format!("{kept}{unit}"),
    }
}

/// When a period is: "in 2027", "by December 2028", "each month".
pub(super) fn when(period: &str) -> String {
    if let Some(to) = period.strip_prefix("to ") {
        return format!("by {}", to.parse::<Month>().map_or_else(|_| format!("the end of {to}"), Month::name));
    }
    match period {
        "each-month" => "a month".to_owned(),
        "each-quarter" => "a quarter".to_owned(),
        "total" => "altogether".to_owned(),
        other => format!("in {}", other.parse::<Month>().map_or_else(|_| other.replace("..", " to "), Month::name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_and_names_are_cut() {
        let items: Vec<String> = (1..=60).map(|n| n.to_string()).collect();
        assert_eq!(listed(&items), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 49 more");
        assert_eq!(listed(&items[..3]), "1, 2 and 3");
        assert_eq!(clipped(&"x".repeat(10_000)).chars().count(), 80);
    }

    #[test]
    fn numbers_keep_the_digits_asked_for() {
        let told: Vec<String> = [5.350_25, 1_482.22, 0.75, 9.996, 36.0, -0.5].map(|x| number(x, 3)).to_vec();
        assert_eq!(told, ["5.35", "1,480", "0.75", "10", "36", "−0.5"]);
        assert_eq!((percent(0.059_463, 4), number(1_482.22, 4)), ("5.946 %".to_owned(), "1,482".to_owned()));
        let euro = Currency::new("EUR").unwrap();
        let told: Vec<String> =
            [2_855_400.0, 18_000_000.0, 17_000_000.0, 613_757.0, 20.0, 12.5].map(|x| worked_out(&euro, x)).to_vec();
        assert_eq!(told, ["€2.855M", "€18.0M", "€17.0M", "€613.8k", "€20", "€12.5"]);
    }
}
