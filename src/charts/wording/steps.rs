//! A way from one figure to another in words, so that it adds up as shown.

use super::figures::Figures;

/// A sum in words: where it begins, what is added, and what that makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::charts) struct Steps {
    pub(in crate::charts) from: String,
    pub(in crate::charts) steps: Vec<String>,
    pub(in crate::charts) to: String,
}

impl Figures<'_> {
    /// From where to where, step by step, all in one unit. The numbers add up and have no more digits than are shown; steps have
    /// their sign, and those of percentages are points.
    pub(in crate::charts) fn steps(&self, [from, to]: [f64; 2], steps: &[f64]) -> Steps {
        let texts = self.axis(&[&[from, to], steps].concat());
        let (ends, texts) = texts.split_at(2);
        let signed = texts.iter().zip(steps).map(|(text, step)| {
            let text = if *step > 0.0 { format!("+{text}") } else { text.clone() };
            match self {
                _ if self.are_percentages() => text.replace('%', "points"),
                _ => text,
            }
        });
        Steps { from: ends[0].clone(), steps: signed.collect(), to: ends[1].clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Metric;
    use crate::units::Currency;

    #[test]
    fn steps_are_told_in_one_unit_with_their_signs() {
        let euro = Currency::new("EUR").unwrap();
        let found = Figures::Of(Metric::Bookings, &euro).steps([17_950_000.0, 18_140_000.0], &[350_000.0, -160_000.0]);
        assert_eq!(found.from, "€17.95M");
        assert_eq!(found.steps, ["+€0.35M", "−€0.16M"]);
        assert_eq!(found.to, "€18.14M");
        let chance = Figures::Chance.steps([0.47, 0.55], &[0.11, -0.03]);
        assert_eq!((chance.from.as_str(), chance.to.as_str()), ("47\u{A0}%", "55\u{A0}%"));
        assert_eq!(chance.steps, ["+11\u{A0}points", "−3\u{A0}points"]);
    }

    #[test]
    fn what_changes_nothing_has_no_sign() {
        let euro = Currency::new("EUR").unwrap();
        assert_eq!(Figures::Of(Metric::Bookings, &euro).steps([2e6, 2e6], &[0.0, 0.0]).steps, ["€0", "€0"]);
        assert_eq!(Figures::Of(Metric::Customers, &euro).steps([0.0, 0.0], &[0.0]).to, "0");
    }
}
