//! What the values of a chart are, and so how they are written: as on every other surface.

use crate::scenario::{Metric, MetricUnit, Unit};
use crate::units::format::{axis_labels, chance_in_percent};
use crate::units::{Currency, Locale};

/// Writes the values of one kind.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) enum Figures<'a> {
    /// Values of a metric: €17.8M, 1,240, 14 %.
    Of(Metric, &'a Currency),
    /// A chance: 46 %, and never 0 or 100 %.
    Chance,
    /// Values of a field of a scenario: 27.3 %, 45 days.
    Field(Unit, &'a Currency),
    /// Factors on a number: 1.07×.
    Factor(&'a Currency),
}

impl<'a> Figures<'a> {
    /// Of the field of a scenario at a path; each has its unit.
    pub(in crate::charts) fn of_field(path: &str, currency: &'a Currency) -> Figures<'a> {
        Figures::Field(Unit::of(path), currency)
    }

    /// Whether only whole numbers are among them.
    pub(in crate::charts) fn are_counts(&self) -> bool {
        matches!(self, Figures::Of(metric, _) if metric.unit() == MetricUnit::Count)
    }

    /// Whether they are percentages, whose changes are points.
    pub(in crate::charts) fn are_percentages(&self) -> bool {
        matches!(self, Figures::Chance | Figures::Field(Unit::Share | Unit::Rate, _))
            || matches!(self, Figures::Of(metric, _) if metric.is_ratio())
    }

    /// An estimate, with the digits that its error supports.
    pub(in crate::charts) fn about(&self, value: f64, error: Option<f64>) -> String {
        printable(&match self {
            Figures::Of(metric, currency) => metric.said(currency, value, error),
            Figures::Chance => chance_in_percent(value, error),
            Figures::Field(unit, currency) => unit.found(currency, value, error),
            Figures::Factor(currency) => Unit::Number.found(currency, value, error) + "×",
        })
    }

    /// "€14.1M to €21.6M"; `None` where both ends read the same.
    pub(in crate::charts) fn range(&self, low: (f64, Option<f64>), high: (f64, Option<f64>)) -> Option<String> {
        let (low, high) = (self.about(low.0, low.1), self.about(high.0, high.1));
        (low != high).then(|| format!("{low} to {high}"))
    }

    /// A figure that somebody typed, with all its digits: 10,049,000 reads €10.049M.
    pub(in crate::charts) fn exact(&self, value: f64) -> String {
        printable(&match self {
            Figures::Of(metric, currency) => metric.exact(currency, value),
            Figures::Chance => Unit::Share.exact(&Currency::default(), value),
            Figures::Field(unit, currency) => unit.exact(currency, value),
            Figures::Factor(currency) => Unit::Number.exact(currency, value) + "×",
        })
    }

    /// The labels of an axis, in one unit.
    pub(in crate::charts) fn axis(&self, ticks: &[f64]) -> Vec<String> {
        // Of a ratio beyond all numbers a hundredfold is none.
        let percent = || ticks.iter().map(|x| (100.0 * x).clamp(f64::MIN, f64::MAX)).collect::<Vec<f64>>();
        let labels = match self {
            _ if self.are_percentages() => axis_labels(&percent(), "", " %", false),
            Figures::Of(metric, currency) if metric.is_money() => axis_labels(ticks, &currency.symbol(), "", true),
            Figures::Field(Unit::Money, currency) => axis_labels(ticks, &currency.symbol(), "", true),
            Figures::Field(Unit::Days, _) => axis_labels(ticks, "", " days", false),
            Figures::Factor(_) => axis_labels(ticks, "", "×", false),
            _ => axis_labels(ticks, "", "", false),
        };
        labels.into_iter().map(|label| printable(&self.locale().write(&label))).collect()
    }

    fn locale(&self) -> Locale {
        match self {
            Figures::Of(_, currency) | Figures::Field(_, currency) | Figures::Factor(currency) => currency.locale(),
            Figures::Chance => Locale::default(),
        }
    }
}

/// A number that does not break before its percent sign, and has no sign that the font lacks: that of the shekel.
fn printable(text: &str) -> String {
    let text = text.replace(" %", "\u{A0}%");
    match text.strip_suffix('₪') {
        Some(number) => format!("{number}ILS"),
        None => text.replace('₪', "ILS "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_reads_as_on_every_other_surface() {
        let euro = Currency::new("EUR").unwrap();
        let money = Figures::Of(Metric::Bookings, &euro);
        assert_eq!(money.about(17_812_345.0, Some(40_000.0)), "€17.8M");
        for (metric, value, error) in [
            (Metric::Bookings, 1.234e12, None),
            (Metric::Customers, 7.25, Some(0.1)),
            (Metric::Roi, 0.0241, Some(1e-4)),
        ] {
            let read = Figures::Of(metric, &euro).about(value, error);
            assert_eq!(read, metric.said(&euro, value, error), "{metric:?}");
        }
        let shekel = Currency::new("ILS").unwrap();
        let german = shekel.clone().written_as("de".parse().unwrap());
        assert_eq!(Figures::Of(Metric::Bookings, &shekel).about(-2e6, None), "−ILS 2.00M");
        assert_eq!(Figures::Of(Metric::Bookings, &german).about(-2e6, None), "−2,00M\u{A0}ILS");
    }

    #[test]
    fn fields_have_their_units_and_chances_are_never_certain() {
        let euro = Currency::new("EUR").unwrap();
        let reads = |path: &str, value: f64| Figures::of_field(path, &euro).about(value, None);
        assert_eq!(reads("regions.europe.conversion", 0.2236), "22.4\u{A0}%");
        assert_eq!(reads("regions.europe.leads.growth[0].rate", -0.021), "−2.1\u{A0}%");
        assert_eq!(reads("regions.europe.stages[Offer.b].mean_days", 45.2), "45.2 days");
        assert_eq!(reads("regions.europe.deal_size.mean", 15_000.0), "€15k");
        assert_eq!(reads("regions.europe.leads.monthly", 186.6), "187");
        assert_eq!(Figures::Factor(&euro).about(1.0684, Some(0.002)), "1.068×");
        let chance = |value| Figures::Chance.about(value, Some(7.1e-5));
        assert_eq!([chance(0.4623), chance(0.0), chance(1.0)], ["46\u{A0}%", "<1\u{A0}%", ">99\u{A0}%"]);
    }

    #[test]
    fn what_was_written_keeps_its_digits() {
        let euro = Currency::new("EUR").unwrap();
        let money = Figures::Of(Metric::Bookings, &euro);
        assert_eq!([10_049_000.0, 4e6, 9_574_900_000.0].map(|x| money.exact(x)), ["€10.049M", "€4M", "€9.5749bn"]);
        assert_eq!(Figures::Of(Metric::WonDeals, &euro).exact(10.5), "10.5");
        assert_eq!(Figures::of_field("regions.europe.conversion", &euro).exact(0.2504), "25.04\u{A0}%");
        assert_eq!(Figures::Of(Metric::Roi, &euro).exact(1.5), "150\u{A0}%");
    }

    #[test]
    fn an_axis_is_written_as_in_the_locale() {
        let german = Currency::new("EUR").unwrap().written_as("de".parse().unwrap());
        let axis = Figures::Of(Metric::Bookings, &german).axis(&[0.0, 500_000.0, 1_000_000.0]);
        assert_eq!(axis, ["0\u{A0}€", "0,5M\u{A0}€", "1,0M\u{A0}€"]);
        assert_eq!(Figures::Of(Metric::Roi, &german).axis(&[0.0, 1e307])[1], "1,80·10³⁰⁸\u{A0}%");
    }
}
