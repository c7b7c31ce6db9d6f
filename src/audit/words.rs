//! Shares, names and sums in the sentences of findings.

use crate::units::Currency;
use crate::units::format::{shorten, significant, trim_zeros};

/// A name in a finding is no longer, in characters.
const LONGEST_NAME: usize = 80;

/// A share or rate: 32.37 %.
pub(super) fn percent(share: f64, digits: u32) -> String {
    format!("{} %", significant(100.0 * share, digits))
}

/// A name in a sentence; a very long one is cut.
pub(super) fn clipped(name: &str) -> String {
    shorten(name, LONGEST_NAME)
}

/// A sum of money that was worked out, with four digits at most: €2.855M.
pub(super) fn worked_out(currency: &Currency, amount: f64) -> String {
    let text = currency.within(amount, None);
    let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |last| last + 1);
    let (digits, unit) = text.split_at(end);
    let kept = trim_zeros(digits);
    // A tenth of thousands or millions stays: €18.0M was worked out, €18M was stated.
    if digits.contains('.') && !kept.contains('.') && !unit.is_empty() {
        return format!("{kept}.0{unit}");
    }
    format!("{kept}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_that_were_worked_out_keep_four_digits() {
        let euro = Currency::new("EUR").unwrap();
        let written =
            [2_855_400.0, 18_000_000.0, 17_000_000.0, 613_757.0, 20.0, 12.5].map(|x| worked_out(&euro, x)).to_vec();
        assert_eq!(written, ["€2.855M", "€18.0M", "€17.0M", "€613.8k", "€20", "€12.5"]);
        assert_eq!(percent(0.059_463, 4), "5.946 %");
    }
}
