//! Money and counts as people read them.

use std::fmt;

use super::Locale;

/// An ISO 4217 currency code, such as EUR, and how its amounts are written.
#[derive(Clone, Debug, PartialEq, Eq)]
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

    /// The code itself.
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

    /// An amount as it was entered, without zeros that say nothing: 1,500,000 reads €1.5M.
    pub(crate) fn exact(&self, amount: f64) -> String {
        let text = Currency { code: self.code.clone(), locale: Locale::default() }.within(amount, None);
        let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |last| last + 1);
        let (digits, unit) = text.split_at(end);
        if !digits.contains('.') {
            return self.locale.write(&text);
        }
        self.locale.write(&format!("{}{unit}", digits.trim_end_matches('0').trim_end_matches('.')))
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

/// The largest power of ten that is at most `x` > 0, and none of which the twelfth digit would vanish.
pub(crate) fn power_of_ten_at_most(x: f64) -> f64 {
    const SMALLEST: f64 = -290.0;
    // The log of a power of ten may land just below its whole number.
    libm::pow(10.0, libm::floor(libm::log10(x) + 1e-9).max(SMALLEST))
}

/// The place value of the third digit of `amount`.
pub(crate) fn third_digit(amount: f64) -> f64 {
    if amount == 0.0 { 1.0 } else { power_of_ten_at_most(amount.abs()) / 100.0 }
}

/// `amount` ≥ 0 rounded to a multiple of `step`, with k, M or bn.
fn scaled(amount: f64, step: f64) -> String {
    let rounded = (amount / step).round() * step;
    let (unit, suffix) = match rounded {
        r if r >= 999_500_000.0 => (1e9, "bn"),
        r if r >= 999_500.0 => (1e6, "M"),
        r if r >= 9_995.0 => (1e3, "k"),
        r if r >= 1_000.0 && (10.0..1_000.0).contains(&step) => (1e3, "k"),
        _ => (1.0, ""),
    };
    let decimals = libm::ceil(-libm::log10(step / unit) - 1e-9).clamp(0.0, 4.0) as usize;
    if decimals == 0 && suffix.is_empty() {
        return thousands(rounded);
    }
    let text = format!("{:.*}", decimals, rounded / unit);
    // 2.50k says no more than 2.5k; a trailing zero stays only where it is a measured digit of a large unit.
    let text = if suffix == "k" && text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    format!("{text}{suffix}")
}

/// A number with thousands separated by commas, rounded to whole units: 12,345.
pub(crate) fn thousands(x: f64) -> String {
    let digits = format!("{:.0}", x.abs());
    let mut grouped = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    if x < 0.0 && digits != "0" { format!("−{grouped}") } else { grouped }
}

/// Three or four digits: 5.35, 45, −186.6, 12,345, 0.004.
pub(crate) fn few_digits(x: f64) -> String {
    let sign = if x < 0.0 { "−" } else { "" };
    let text = match x.abs() {
        size if size >= 1_000.0 => return thousands(x),
        size if size >= 100.0 => format!("{size:.1}"),
        size if size >= 0.1 || size == 0.0 => format!("{size:.2}"),
        size => return format!("{sign}{}", three_digits(size)),
    };
    format!("{sign}{}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// As much as is worth telling of what was worked out.
pub(crate) fn three_digits(x: f64) -> f64 {
    if x == 0.0 {
        return x;
    }
    let step = third_digit(x);
    // A product with a fraction would show its last bits.
    if step < 1.0 { (x / step).round() / (1.0 / step).round() } else { (x / step).round() * step }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_what_tells_something() {
        let told: Vec<String> = [5.350_25, 45.0, -186.64, 12_345.6, 0.0, 0.996_6, 0.004_1].map(few_digits).to_vec();
        assert_eq!(told, ["5.35", "45", "−186.6", "12,346", "0", "1", "0.0041"]);
    }

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
    fn amounts_that_were_entered_keep_no_empty_digits() {
        let euro = Currency::new("EUR").unwrap();
        assert_eq!([15_000.0, 1_500_000.0, 0.0].map(|x| euro.exact(x)), ["€15k", "€1.5M", "€0"]);
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!(thousands(1_234_567.4), "1,234,567");
        assert_eq!(thousands(-999.0), "−999");
        assert_eq!(thousands(-0.2), "0");
    }
}
