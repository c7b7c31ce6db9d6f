//! Chances and shares as people read them.
//!
//! A simulation rules nothing out, so a chance that is not exactly 0 or 1 is never written as "0" or "100 in 100". Where no simulated
//! future at all reached something, or every one did, that is written with the number of futures, which is what is known.

use super::number::thousands;
use super::text::count;
use crate::units::Locale;

/// A chance that `trials` simulated futures show: "46 in 100", "all of 10,000 futures", "fewer than 1 in 100".
pub(crate) fn chance(probability: f64, trials: usize, locale: Locale) -> String {
    let every = |word: &str| match trials {
        1 => format!("{word} (1 future)"),
        _ => format!("{word} of {}", futures(trials, locale)),
    };
    match probability {
        p if p <= 0.0 => every("none"),
        p if p >= 1.0 => every("all"),
        p => in_hundred(p),
    }
}

/// A chance of which no number of futures is known: "46 in 100"; it is never "0" or "100".
pub(crate) fn in_hundred(probability: f64) -> String {
    match (100.0 * probability).round() {
        p if p < 1.0 => "fewer than 1 in 100".to_owned(),
        p if p > 99.0 => "more than 99 in 100".to_owned(),
        p => format!("{p:.0} in 100"),
    }
}

/// A chance in a narrow column: "46 in 100", "all", "<1 in 100".
pub(crate) fn brief_chance(probability: f64) -> String {
    match probability {
        p if p <= 0.0 => "none".to_owned(),
        p if p >= 1.0 => "all".to_owned(),
        p => in_hundred(p).replace("fewer than ", "<").replace("more than ", ">"),
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
        let english = Locale::default();
        let written = |p, trials| chance(p, trials, english);
        assert_eq!(written(0.463, 10_000), "46 in 100");
        assert_eq!(written(0.0, 10_000), "none of 10,000 futures");
        assert_eq!(written(1.0, 500), "all of 500 futures");
        assert_eq!(written(1.0, 1), "all (1 future)");
        assert_eq!(written(0.0001, 10_000), "fewer than 1 in 100");
        assert_eq!(written(0.9999, 10_000), "more than 99 in 100");
        assert_eq!(chance(0.0, 10_000, "de".parse().unwrap()), "none of 10.000 futures");
        assert_eq!(
            [0.0, 0.001, 0.46, 0.996, 1.0].map(brief_chance),
            ["none", "<1 in 100", "46 in 100", ">99 in 100", "all"]
        );
        assert_eq!([in_hundred(0.0), in_hundred(1.0)], ["fewer than 1 in 100", "more than 99 in 100"]);
    }

    #[test]
    fn futures_and_shares_are_counted() {
        assert_eq!([1, 10_000].map(|trials| futures(trials, Locale::default())), ["1 future", "10,000 futures"]);
        assert_eq!([percent(-0.001), percent(0.4142), percent(-0.25)], ["0\u{A0}%", "41\u{A0}%", "−25\u{A0}%"]);
    }
}
