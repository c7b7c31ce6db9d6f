//! Chances and shares as people read them.
//!
//! A simulation rules nothing out, so a chance is never written as "0" or "100 in 100", not even where no simulated future reached
//! something or every one did: it is below, or above, the bound that so many futures support.

use super::number::thousands;
use super::text::count;
use crate::units::Locale;

/// A chance and its standard error: "46 in 100", "fewer than 1 in 100", "more than 99 in 100"; of 200 futures of which none came there,
/// "fewer than 2 in 100". Without an error it is taken as known.
pub(crate) fn chance(probability: f64, error: Option<f64>) -> String {
    match Percent::of(probability, error) {
        Percent::Below(bound) => format!("fewer than {bound} in 100"),
        Percent::Above(bound) => format!("more than {bound} in 100"),
        Percent::About(percent) => format!("{percent} in 100"),
    }
}

/// A chance as so many chances: "46 chances in 100", "less than 1 chance in 100", "more than 99 chances in 100".
pub(crate) fn chances(probability: f64, error: Option<f64>) -> String {
    match Percent::of(probability, error) {
        Percent::Below(1) => "less than 1 chance in 100".to_owned(),
        Percent::Below(bound) => format!("fewer than {bound} chances in 100"),
        Percent::Above(bound) => format!("more than {} in 100", count(bound, "chance")),
        Percent::About(percent) => format!("{} in 100", count(percent, "chance")),
    }
}

/// A chance in a narrow column: "46 in 100", "<1 in 100".
pub(crate) fn brief_chance(probability: f64, error: Option<f64>) -> String {
    chance(probability, error).replace("fewer than ", "<").replace("more than ", ">")
}

/// A chance beside its error, in percent with the digits that the error supports: "46.3 %"; never 0 or 100.
pub(crate) fn chance_to_error(probability: f64, error: Option<f64>) -> String {
    let digits = error.map_or(0, |error| usize::from(error < 0.01) + usize::from(error < 0.001));
    in_percent(probability, error, digits)
}

/// A chance in whole percent: "46 %", "<1 %", ">99 %".
#[cfg(feature = "charts")]
pub(crate) fn chance_in_percent(probability: f64, error: Option<f64>) -> String {
    in_percent(probability, error, 0)
}

fn in_percent(probability: f64, error: Option<f64>, digits: usize) -> String {
    match (format!("{:.digits$}", 100.0 * probability).parse(), Percent::of(probability, error)) {
        (Ok(0.0), Percent::Below(bound)) => format!("<{bound}\u{A0}%"),
        (Ok(100.0), Percent::Above(bound)) => format!(">{bound}\u{A0}%"),
        _ => format!("{:.digits$}\u{A0}%", 100.0 * probability),
    }
}

/// A chance in whole percent.
enum Percent {
    /// It would read as 0, and is below so much.
    Below(usize),
    /// It would read as 100, and is above so much.
    Above(usize),
    /// Neither.
    About(usize),
}

impl Percent {
    fn of(probability: f64, error: Option<f64>) -> Percent {
        match (100.0 * probability).round() {
            p if p < 1.0 => Percent::Below(at_most(probability, error)),
            p if p > 99.0 => Percent::Above(100 - at_most(1.0 - probability, error)),
            p => Percent::About(p as usize),
        }
    }
}

/// A whole percentage that a small chance is below with 95 % confidence, seen so often as its standard error tells: of n futures of which
/// none came there, 3/n (the rule of three). It is the upper limit of a Poisson count, ½χ²₀.₉₅(2k + 2), by the formula of Wilson and
/// Hilferty.
fn at_most(share: f64, error: Option<f64>) -> usize {
    /// Of one future that did not come there, the limit is 1 − 0.05.
    const MOST: f64 = 0.95;
    let Some(error) = error.filter(|error| *error > 0.0) else { return 1 };
    // The error of k of n is √(k + ½)/n for small shares, and of few futures that of nearly two more.
    let n = (share + libm::sqrt(share * share + 2.0 * error * error)) / (2.0 * error * error) - 1.75;
    let above = n.max(1.0) * share + 1.0;
    let limit = above * libm::pow(1.0 - 1.0 / (9.0 * above) + 1.645 / (3.0 * libm::sqrt(above)), 3.0) / n.max(1.0);
    libm::ceil(100.0 * limit.clamp(0.0, MOST) - 1e-9).max(1.0) as usize
}

/// A number of simulated futures: "10,000 futures".
pub(crate) fn futures(trials: usize, locale: Locale) -> String {
    locale.write(&count(trials, "future"))
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
        let known = |share| chance(share, None);
        let [few, many] = ["fewer than 1 in 100", "more than 99 in 100"];
        assert_eq!([0.0, 0.0001, 0.463, 0.9999, 1.0].map(known), [few, few, "46 in 100", many, many]);
        assert_eq!([0.0, 0.46, 1.0].map(|p| brief_chance(p, None)), ["<1 in 100", "46 in 100", ">99 in 100"]);
    }

    #[test]
    fn futures_and_shares_are_counted() {
        assert_eq!([1, 10_000].map(|trials| futures(trials, Locale::default())), ["1 future", "10,000 futures"]);
        assert_eq!([percent(-0.001), percent(0.4142), percent(-0.25)], ["0\u{A0}%", "41\u{A0}%", "−25\u{A0}%"]);
    }
}
