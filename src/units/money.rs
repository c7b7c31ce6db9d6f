//! Money and counts as people read them.

use std::fmt;

use super::Locale;
use super::format::{exact, few_digits, power_of_ten_at_most, third_digit, thousands, trim_zeros, with_power_of_ten};

/// An ISO 4217 currency code, such as EUR, and how its amounts are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Currency {
    code: String,
    locale: Locale,
}

impl Currency {
    /// The currency of three capital letters, if `code` is that.
    pub fn new(code: &str) -> Option<Currency> {
        (code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()))
            .then(|| Currency { code: code.to_owned(), locale: Locale::default() })
    }

    /// The three letters of the code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The same with amounts written as in `locale`.
    pub fn written_as(self, locale: Locale) -> Currency {
        Currency { locale, ..self }
    }

    /// How amounts are written, and with them all other numbers.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// A count with its thousands separated: 12,345.
    pub fn count(&self, x: f64) -> String {
        self.locale.write(&thousands(x))
    }

    /// A number with three or four digits: 5.35, 186.6, 12,345.
    pub(crate) fn number(&self, x: f64) -> String {
        self.locale.write(&few_digits(x))
    }

    /// What stands before an amount: "€", "$", … or the code and a space.
    pub fn symbol(&self) -> String {
        let known = match self.code.as_str() {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            "JPY" => "¥",
            "INR" => "₹",
            "KRW" => "₩",
            "BRL" => "R$",
            "CAD" => "C$",
            "AUD" => "A$",
            "ILS" => "₪",
            "VND" => "₫",
            "UAH" => "₴",
            other => return format!("{other} "),
        };
        known.to_owned()
    }

    /// An amount with about three digits: €17.8M, €840k, €1.20M.
    ///
    /// ```
    /// # use revcast::units::Currency;
    /// let euro = Currency::new("EUR").unwrap();
    /// assert_eq!(euro.short(17_812_345.0), "€17.8M");
    /// assert_eq!(euro.short(-2_500.0), "−€2.5k");
    /// ```
    pub fn short(&self, amount: f64) -> String {
        let step = third_digit(amount);
        // 999,960 rounds to a number with one digit more.
        self.to_step(amount, third_digit((amount / step).round() * step))
    }

    /// An amount rounded to a multiple of a power of ten not smaller than its error supports: with an error of
    /// 40,000, 17,812,345 reads €17.81M. Never more than four digits.
    pub fn within(&self, amount: f64, error: Option<f64>) -> String {
        if amount == 0.0 {
            return self.short(amount);
        }
        let supported = error.filter(|e| *e > 1e-12 * amount.abs()).map_or(0.0, power_of_ten_at_most);
        self.to_step(amount, supported.max(third_digit(amount) / 10.0))
    }

    /// An amount as it is said to somebody in a hurry: at most three digits, fewer where the error is larger. With an error of 40,000,
    /// 17,812,345 reads €17.8M.
    pub(crate) fn about(&self, amount: f64, error: Option<f64>) -> String {
        let supported = error.filter(|e| *e > 1e-12 * amount.abs()).map_or(0.0, power_of_ten_at_most);
        let step = third_digit(amount).max(supported);
        self.to_step(amount, third_digit((amount / step).round() * step).max(supported))
    }

    /// An amount as it was typed, with all the digits that it has; in thousands, millions or billions where that is shorter:
    /// 1,500,000 reads €1.5M, 10,049,000 €10.049M and 1,234,567 €1,234,567.
    pub(crate) fn exact(&self, amount: f64) -> String {
        let units = [(1e9, -9, "bn"), (1e6, -6, "M"), (1e4, -3, "k")];
        let plain = exact(amount.abs(), 0);
        let counted = units.iter().find(|(from, ..)| amount.abs() >= *from);
        let counted = counted.map(|(_, shift, unit)| (exact(amount.abs(), *shift), unit));
        // More decimals than four are harder to read than the amount in full.
        let readable = |number: &str| number.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 4);
        let counted = counted.filter(|(number, _)| readable(number)).map(|(number, unit)| format!("{number}{unit}"));
        let number = counted.filter(|counted| counted.len() < plain.len()).unwrap_or(plain);
        let sign = if amount < 0.0 { "−" } else { "" };
        self.locale.write(&format!("{sign}{}{number}", self.symbol()))
    }

    fn to_step(&self, amount: f64, step: f64) -> String {
        let sign = if amount < 0.0 { "−" } else { "" };
        self.locale.write(&format!("{sign}{}{}", self.symbol(), scaled(amount.abs(), step)))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)
    }
}

/// `amount` ≥ 0 rounded to a multiple of `step`, with k, M or bn.
fn scaled(amount: f64, step: f64) -> String {
    let rounded = (amount / step).round() * step;
    if amount.is_finite() && (amount >= 1e18 || amount > 0.0 && rounded < 1e-4) {
        return with_power_of_ten(amount);
    }
    let (unit, suffix) = match rounded {
        r if r >= 999_500_000.0 => (1e9, "bn"),
        r if r >= 999_500.0 => (1e6, "M"),
        r if r >= 9_995.0 => (1e3, "k"),
        r if r >= 1_000.0 && (10.0..1_000.0).contains(&step) => (1e3, "k"),
        _ => (1.0, ""),
    };
    let decimals = libm::ceil(-libm::log10(step / unit) - 1e-9).clamp(0.0, 4.0) as usize;
    if decimals == 0 {
        return format!("{}{suffix}", thousands(rounded / unit));
    }
    let text = format!("{:.*}", decimals, rounded / unit);
    // 2.50k says no more than 2.5k; a trailing zero stays only where it is a measured digit of a large unit.
    format!("{}{suffix}", if suffix == "k" { trim_zeros(&text) } else { &text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_say_them() {
        let euro = Currency::new("EUR").unwrap();
        let cases = [
            (0.0, "€0"),
            (950.0, "€950"),
            (1_500_000.0, "€1.50M"),
            (999_960.0, "€1.00M"),
            (84_000.0, "€84k"),
            (8_000.0, "€8k"),
            (2_345_678_901.0, "€2.35bn"),
            (-1_200_000.0, "−€1.20M"),
            (12.34, "€12.3"),
            (1.322e12, "€1,320bn"),
            (1e15, "€1,000,000bn"),
            (-1.6e40, "−€1.60·10⁴⁰"),
            (0.000_12, "€0.0001"),
            (0.000_012_3, "€1.23·10⁻⁵"),
        ];
        for (amount, text) in cases {
            assert_eq!(euro.short(amount), text);
        }
        assert_eq!(Currency::new("CHF").unwrap().short(5e6), "CHF 5.00M");
        assert!(Currency::new("eur").is_none() && Currency::new("EURO").is_none());
    }

    #[test]
    fn no_digit_beyond_the_error() {
        let euro = Currency::new("EUR").unwrap();
        assert_eq!(euro.within(17_812_345.0, Some(40_000.0)), "€17.81M");
        assert_eq!(euro.within(17_812_345.0, Some(400_000.0)), "€17.8M");
        assert_eq!(euro.within(17_812_345.0, Some(1_000_000.0)), "€18M");
        assert_eq!(euro.within(17_812_345.0, None), "€17.81M");
        assert_eq!((euro.within(9_370.4, None), euro.within(0.0, None)), ("€9,370".to_owned(), "€0".to_owned()));
    }

    #[test]
    fn amounts_that_were_typed_keep_their_digits() {
        let euro = Currency::new("EUR").unwrap();
        let read = |x| euro.exact(x);
        assert_eq!([15_000.0, 1_500_000.0, 0.0, 8_000.0, 0.5].map(read), ["€15k", "€1.5M", "€0", "€8,000", "€0.5"]);
        assert_eq!([10_049_000.0, 9_574_900_000.0, -26_600.0].map(read), ["€10.049M", "€9.5749bn", "−€26.6k"]);
        assert_eq!(
            [1_234_567.0, 1_234_567.89, 12_345.0, 1e15].map(read),
            ["€1,234,567", "€1,234,567.89", "€12,345", "€1,000,000bn"]
        );
        assert_eq!(euro.written_as("de".parse().unwrap()).exact(10_049_000.0), "10,049M\u{A0}€");
    }
}
