//! Chances and shares as people read them.
//!
//! A simulation rules nothing out, so a chance is never written as "0" or "100 in 100", not even where no simulated future reached
//! something or every one did.

use super::number::thousands;
use super::text::count;
use crate::units::Locale;

/// A chance: "46 in 100", "fewer than 1 in 100", "more than 99 in 100".
pub(crate) fn chance(probability: f64) -> String {
    match (100.0 * probability).round() {
        p if p < 1.0 => "fewer than 1 in 100".to_owned(),
        p if p > 99.0 => "more than 99 in 100".to_owned(),
        p => format!("{p:.0} in 100"),
    }
}

/// A chance as so many chances: "46 chances in 100", "less than 1 chance in 100", "more than 99 chances in 100".
pub(crate) fn chances(probability: f64) -> String {
    match (100.0 * probability).round() {
        p if p < 1.0 => "less than 1 chance in 100".to_owned(),
        p if p > 99.0 => "more than 99 chances in 100".to_owned(),
        p => format!("{} in 100", count(p as usize, "chance")),
    }
}

/// A chance in a narrow column: "46 in 100", "<1 in 100".
pub(crate) fn brief_chance(probability: f64) -> String {
    chance(probability).replace("fewer than ", "<").replace("more than ", ">")
}

/// A chance beside its error, in percent with the digits that the error supports: "46.3 %"; never 0 or 100.
pub(crate) fn chance_to_error(probability: f64, error: Option<f64>) -> String {
    let digits = error.map_or(0, |error| usize::from(error < 0.01) + usize::from(error < 0.001));
    match format!("{:.digits$}", 100.0 * probability).parse().unwrap_or(f64::NAN) {
        0.0 => "<1\u{A0}%".to_owned(),
        100.0 => ">99\u{A0}%".to_owned(),
        percent => format!("{percent:.digits$}\u{A0}%"),
    }
}

/// A number of simulated futures: "10,000 futures".
pub(crate) fn futures(trials: usize, locale: Locale) -> String {
    count(trials, "future").replacen(&trials.to_string(), &locale.write(&thousands(trials as f64)), 1)
}

/// A share in whole percent, without a sign that says nothing: "48 %".
pub(crate) fn percent(share: f64) -> String {
    format!("{}\u{A0}%", thousands((100.0 * share).round()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_never_claim_more_than_was_simulated() {
        let written = [0.0, 0.0001, 0.463, 0.9999, 1.0].map(chance);
        let [few, many] = ["fewer than 1 in 100", "more than 99 in 100"];
        assert_eq!(written, [few, few, "46 in 100", many, many]);
        assert_eq!([0.0, 0.46, 1.0].map(brief_chance), ["<1 in 100", "46 in 100", ">99 in 100"]);
    }

    #[test]
    fn futures_and_shares_are_counted() {
        assert_eq!([1, 10_000].map(|trials| futures(trials, Locale::default())), ["1 future", "10,000 futures"]);
        assert_eq!([percent(-0.001), percent(0.4142), percent(-0.25)], ["0\u{A0}%", "41\u{A0}%", "−25\u{A0}%"]);
    }
}
