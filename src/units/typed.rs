//! Numbers as people type them, in options, rules and sheets: the one reader of them.

/// What a number is of, which says what it may be written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A share or a rate: 0.25 or 25%.
    Share,
    /// An amount of money, or a count: 1500000, 1.5M, 840k, 2bn.
    Amount,
    /// Either of them, as a return on investment of 610% or a factor.
    Any,
}

/// What stands for a power of ten behind an amount.
const UNITS: [(&str, i32); 4] = [("bn", 9), ("M", 6), ("m", 6), ("k", 3)];

impl Typed {
    /// The finite number that a text is. The decimal sign is a point: a comma is read differently from place to place.
    ///
    /// # Errors
    /// What to do about a text that is none; may be empty.
    pub(crate) fn read(self, text: &str) -> Result<f64, String> {
        let text = text.trim();
        let (digits, exponent) = match text.strip_suffix('%') {
            Some(_) if self == Typed::Amount => return Err("an amount is not a percentage".to_owned()),
            Some(percent) => (percent, -2),
            None => match UNITS.iter().find_map(|(unit, power)| Some((text.strip_suffix(unit)?, *power))) {
                Some(_) if self == Typed::Share => return Err("k, M and bn are for amounts".to_owned()),
                Some(found) => found,
                None => (text, 0),
            },
        };
        let digits = digits.trim_end();
        // Words that Rust would read as numbers: inf, nan.
        if !digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E')) {
            return Err(hint(digits));
        }
        // Put together as text, 7% is 0.07 and not 0.07 and a little.
        let whole = if exponent == 0 { digits.to_owned() } else { format!("{digits}e{exponent}") };
        whole.parse().ok().filter(|x: &f64| x.is_finite()).ok_or_else(|| hint(digits))
    }
}

/// Whether a text is digits with what may stand between thousands.
fn is_grouped(text: &str) -> bool {
    let between = |c: char| matches!(c, ',' | '.' | ' ' | '\'' | '\u{A0}' | '\u{202F}');
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && text.contains(between)
        && text.chars().all(|c| c.is_ascii_digit() || c == '-' || between(c))
}

/// What to do about a text that is no number.
fn hint(text: &str) -> String {
    let unsigned = text.trim_start_matches(['+', '-']);
    match unsigned.split_once(',') {
        Some((whole, part)) if [whole, part].iter().all(|digits| is_digits(digits)) => match part.len() {
            3 => "a point before decimals, and no separators between thousands".to_owned(),
            _ => format!("a point, not a comma: {}", text.replace(',', ".")),
        },
        _ if is_grouped(text) => "without thousands separators".to_owned(),
        _ if text.contains(|c: char| c.is_ascii_digit()) && text.contains(['€', '$', '£', '¥']) => {
            "without the currency".to_owned()
        }
        _ => String::new(),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (typed, text, x) in [
            (Typed::Amount, "17800000", 17.8e6),
            (Typed::Amount, "17.8M", 17.8e6),
            (Typed::Amount, " 840 k ", 840e3),
            (Typed::Amount, "1.2bn", 1.2e9),
            (Typed::Amount, "-0.5m", -0.5e6),
            (Typed::Share, "7 %", 0.07),
            (Typed::Share, "0.25", 0.25),
            (Typed::Any, "610%", 6.1),
            (Typed::Any, "1e3", 1e3),
        ] {
            assert_eq!(typed.read(text), Ok(x), "{text}");
        }
    }

    #[test]
    fn what_may_mean_something_else_is_refused_with_what_to_do() {
        for (typed, text, hint) in [
            (Typed::Amount, "0,3M", "a point, not a comma: 0.3"),
            (Typed::Amount, "2,43190k", "a point, not a comma: 2.43190"),
            (Typed::Any, "1,5", "a point, not a comma: 1.5"),
            (Typed::Amount, "1,500", "a point before decimals, and no separators between thousands"),
            (Typed::Amount, "17,800,000", "without thousands separators"),
            (Typed::Amount, "30%", "an amount is not a percentage"),
            (Typed::Share, "3k", "k, M and bn are for amounts"),
            (Typed::Amount, "€5", "without the currency"),
        ] {
            assert_eq!(typed.read(text), Err(hint.to_owned()), "{text}");
        }
        for text in ["", "many", "nan", "inf", "1e400", "M", "%", "1e3M", "1_000", "--1"] {
            assert!(Typed::Any.read(text).is_err(), "{text}");
        }
    }
}
