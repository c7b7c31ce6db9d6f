//! How numbers are written where the reader lives.

use std::str::FromStr;

use thiserror::Error;

/// The decimal sign, the sign between thousands and the place of the currency's symbol. Words stay English.
///
/// ```
/// # use revcast::units::{Currency, Locale};
/// let german: Locale = "de".parse().unwrap();
/// let euro = Currency::new("EUR").unwrap().written_as(german);
/// assert_eq!(euro.short(17_812_345.0), "17,8M\u{a0}€");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale(&'static Convention);

/// A text that names no locale.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("\"{0}\" is no locale that is known here; those are {known}", known = keys())]
pub struct LocaleError(pub String);

/// The names of all that are known.
fn keys() -> String {
    KNOWN.map(|known| known.key).join(", ")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Convention {
    key: &'static str,
    decimal: char,
    group: char,
    /// What stands between the number and the currency's symbol, and on which side of the number that is.
    symbol: Symbol,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Symbol {
    Before,
    BeforeWithSpace,
    After,
}

const NARROW: char = '\u{202F}';
const SPACE: char = '\u{A0}';

const fn convention(key: &'static str, decimal: char, group: char, symbol: Symbol) -> Convention {
    Convention { key, decimal, group, symbol }
}

/// As in the Unicode Common Locale Data Repository. English is the first: what is written in it needs no rewriting.
static KNOWN: [Convention; 17] = [
    convention("en", '.', ',', Symbol::Before),
    convention("de", ',', '.', Symbol::After),
    convention("de-AT", ',', '.', Symbol::BeforeWithSpace),
    convention("de-CH", '.', '’', Symbol::BeforeWithSpace),
    convention("fr", ',', NARROW, Symbol::After),
    convention("fr-CH", ',', NARROW, Symbol::After),
    convention("es", ',', '.', Symbol::After),
    convention("it", ',', '.', Symbol::After),
    convention("pt", ',', SPACE, Symbol::After),
    convention("pt-BR", ',', '.', Symbol::BeforeWithSpace),
    convention("nl", ',', '.', Symbol::BeforeWithSpace),
    convention("pl", ',', SPACE, Symbol::After),
    convention("cs", ',', SPACE, Symbol::After),
    convention("sv", ',', SPACE, Symbol::After),
    convention("da", ',', '.', Symbol::After),
    convention("fi", ',', SPACE, Symbol::After),
    convention("ja", '.', ',', Symbol::Before),
];

impl Default for Locale {
    fn default() -> Locale {
        Locale(&KNOWN[0])
    }
}

impl Locale {
    /// Its name, by which it is read again.
    pub fn key(self) -> &'static str {
        self.0.key
    }

    /// The sign before the decimals.
    pub fn decimal(self) -> char {
        self.0.decimal
    }

    /// The sign between thousands.
    pub fn group(self) -> char {
        self.0.group
    }

    /// Whether a currency's symbol stands before the number.
    pub fn symbol_first(self) -> bool {
        self.0.symbol != Symbol::After
    }

    /// What stands between a number and a symbol such as €.
    pub fn gap(self) -> &'static str {
        if self.0.symbol == Symbol::Before { "" } else { "\u{A0}" }
    }

    /// A number as English writes it, a currency's symbol before it and a unit behind it, as this locale does: €17.8M, −CHF 2.5k,
    /// 12,345, 27.3 %.
    pub fn write(self, english: &str) -> String {
        if self == Locale::default() {
            return english.to_owned();
        }
        let (sign, rest) = english.strip_prefix('−').map_or(("", english), |rest| ("−", rest));
        let Some(from) = rest.find(|c: char| c.is_ascii_digit()) else { return english.to_owned() };
        let (symbol, number) = (rest[..from].trim_end(), &rest[from..]);
        let number: String = number
            .chars()
            .map(|c| match c {
                '.' => self.0.decimal,
                ',' => self.0.group,
                other => other,
            })
            .collect();
        // A code such as CHF is never written against the number.
        let gap = if symbol.ends_with(|c: char| c.is_ascii_alphabetic()) { "\u{A0}" } else { self.gap() };
        match (symbol.is_empty(), self.symbol_first()) {
            (true, _) => format!("{sign}{number}"),
            (false, true) => format!("{sign}{symbol}{gap}{number}"),
            (false, false) => format!("{sign}{number}{gap}{symbol}"),
        }
    }
}

impl FromStr for Locale {
    type Err = LocaleError;

    fn from_str(text: &str) -> Result<Locale, LocaleError> {
        let written = text.replace('_', "-");
        // en-US, de-DE and the like are what their language is.
        let language = written.split('-').next().unwrap_or_default();
        let named = |key: &str| KNOWN.iter().find(|known| known.key.eq_ignore_ascii_case(key));
        named(&written).or_else(|| named(language)).map(Locale).ok_or_else(|| LocaleError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(key: &str, english: &str) -> String {
        key.parse::<Locale>().unwrap().write(english)
    }

    #[test]
    fn each_locale_writes_numbers_in_its_way() {
        assert_eq!(written("en", "−€2.5k"), "−€2.5k");
        assert_eq!(written("de", "−€2.5k"), "−2,5k\u{A0}€");
        assert_eq!(written("de-CH", "CHF 5.00M"), "CHF\u{A0}5.00M");
        assert_eq!(written("de-CH", "12,345"), "12’345");
        assert_eq!(written("fr", "€1,230bn"), "1\u{202F}230bn\u{A0}€");
        assert_eq!(written("nl", "€17.8M"), "€\u{A0}17,8M");
        assert_eq!(written("ja", "CHF 5.00M"), "CHF\u{A0}5.00M");
        assert_eq!(written("pl", "27.3 %"), "27,3 %");
        assert_eq!(written("sv", "unknown"), "unknown");
    }

    #[test]
    fn names_are_read_with_or_without_a_country() {
        assert_eq!("de_AT".parse::<Locale>().unwrap().0.key, "de-AT");
        assert_eq!("de-DE".parse::<Locale>().unwrap().0.key, "de");
        assert_eq!("EN-us".parse::<Locale>().unwrap(), Locale::default());
        assert!(["", "xx", "german"].iter().all(|text| text.parse::<Locale>().is_err()));
    }
}
