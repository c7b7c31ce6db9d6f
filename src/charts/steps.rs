//! A way from one figure to another in words, so that it adds up as shown.

use super::figures::Figures;
use crate::forecast::Known;
use crate::units::power_of_ten_at_most;

/// A sum in words: where it begins, what is added, and what that makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Steps {
    pub(super) from: String,
    pub(super) steps: Vec<String>,
    pub(super) to: String,
}

impl Figures<'_> {
    /// From where to where, step by step, so that it adds up as shown: all in one unit, to the place of the first digit of
    /// the least error known, and to four digits at most. Steps have their sign; those of percentages are points.
    pub(super) fn steps(&self, from: f64, steps: &[(f64, Known)]) -> Steps {
        let levels = steps.iter().scan(from, |level, (step, _)| {
            *level += step;
            Some(*level)
        });
        let levels: Vec<f64> = std::iter::once(from).chain(levels).collect();
        let most = levels.iter().fold(0.0, |most: f64, level| most.max(level.abs()));
        let fourth = if most > 0.0 { power_of_ten_at_most(most) / 1000.0 } else { 1.0 };
        let errors = steps.iter().filter_map(|(_, error)| error.filter(|error| *error > 0.0));
        let place = match errors.reduce(f64::min) {
            Some(error) => power_of_ten_at_most(error).max(fourth),
            None => fourth,
        };
        let place = place.max(match self {
            Figures::Chance => 0.001,
            // A tenth of a percent of a return says nothing.
            Figures::Ratio => 0.01,
            Figures::Count if most < 10.0 => 0.01,
            Figures::Count => 0.1,
            _ => 0.0,
        });
        let rounded: Vec<f64> = levels.iter().map(|level| (level / place).round() * place).collect();
        let changes: Vec<f64> = rounded.windows(2).map(|pair| ((pair[1] - pair[0]) / place).round() * place).collect();
        let texts = self.axis(&[rounded.clone(), changes.clone()].concat());
        let (levels, steps) = texts.split_at(rounded.len());
        let signed = steps.iter().zip(&changes).map(|(text, change)| {
            let text = if *change > 0.0 { format!("+{text}") } else { text.clone() };
            match self {
                Figures::Chance | Figures::Ratio => text.replace('%', "points"),
                _ => text,
            }
        });
        Steps {
            from: levels.first().cloned().unwrap_or_default(),
            steps: signed.collect(),
            to: levels.last().cloned().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Currency;

    #[test]
    fn steps_add_up_as_they_are_shown() {
        let euro = Currency::new("EUR").unwrap();
        let money = Figures::Money(&euro);
        // By themselves they would read €0.34M and −€0.16M, which make €18.13M.
        let found = money.steps(17_954_000.0, &[(344_000.0, Some(20_000.0)), (-163_000.0, Some(31_000.0))]);
        assert_eq!(found.from, "€17.95M");
        assert_eq!(found.steps, ["+€0.35M", "−€0.16M"]);
        assert_eq!(found.to, "€18.14M");
        let chance = Figures::Chance.steps(0.47, &[(0.114, Some(0.012)), (-0.03, Some(0.015))]);
        assert_eq!((chance.from.as_str(), chance.to.as_str()), ("47\u{A0}%", "55\u{A0}%"));
        assert_eq!(chance.steps, ["+11\u{A0}points", "−3\u{A0}points"]);
        assert_eq!(Figures::Count.steps(120.0, &[(-7.14, None)]).steps, ["−7.1"]);
    }

    #[test]
    fn what_changes_nothing_has_no_sign() {
        let euro = Currency::new("EUR").unwrap();
        assert_eq!(Figures::Money(&euro).steps(2e6, &[(0.0, None), (3.0, Some(900.0))]).steps, ["€0", "€0"]);
        assert_eq!(Figures::Count.steps(0.0, &[(0.0, None)]).to, "0");
    }
}
