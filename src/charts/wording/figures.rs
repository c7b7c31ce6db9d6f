//! Values as people read them: money, counts, percentages; no more digits than the simulation supports.

use crate::scenario::{Metric, MetricUnit, Unit};
use crate::units::format::exact;
use crate::units::{Currency, Locale, power_of_ten_at_most, thousands};

/// From here on a number is too long to be read out.
const BILLION: f64 = 1e9;
/// From here on not even billions are counted.
const HUGE: f64 = 1e18;

/// Writes the values of one metric.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) enum Figures<'a> {
    /// An amount of money: €17.8M.
    Money(&'a Currency),
    /// Counts of things: 12,300.
    Count(Locale),
    /// A ratio in percent: 240 %.
    Ratio(Locale),
    /// A chance: 46 %, and never 0 or 100 %.
    Chance,
    /// A time in days: 45 days.
    Days(Locale),
    /// 27.3 %: a share or a rate of growth as it is entered.
    Share(Locale),
    /// Factors on a number: 1.07×.
    Factor(Locale),
    /// A number without a unit.
    Number(Locale),
}

impl<'a> Figures<'a> {
    pub(in crate::charts) fn new(metric: Metric, currency: &'a Currency) -> Figures<'a> {
        match metric.unit() {
            MetricUnit::Money => Figures::Money(currency),
            MetricUnit::Ratio => Figures::Ratio(currency.locale()),
            MetricUnit::Count => Figures::Count(currency.locale()),
        }
    }

    /// Of the field of a scenario at a path; each has its unit.
    pub(in crate::charts) fn of_field(path: &str, currency: &'a Currency) -> Figures<'a> {
        match Unit::of(path) {
            Unit::Money => Figures::Money(currency),
            Unit::Days => Figures::Days(currency.locale()),
            Unit::Share | Unit::Rate => Figures::Share(currency.locale()),
            Unit::Number => Figures::Number(currency.locale()),
        }
    }

    /// An estimate: three digits at most, fewer where its error is larger.
    pub(in crate::charts) fn about(&self, value: f64, error: Option<f64>) -> String {
        let error = error.unwrap_or(0.0);
        self.written(match self {
            Figures::Money(currency) => printable(&english(currency).within(value, Some(step(value, error)))),
            Figures::Ratio(_) => percent(hundredfold(value), step(hundredfold(value), error * 100.0)),
            // A simulation rules nothing out.
            Figures::Chance if value < 0.005 => "under 1\u{A0}%".to_owned(),
            Figures::Chance if value > 0.995 => "over 99\u{A0}%".to_owned(),
            Figures::Chance => percent(value * 100.0, step(value * 100.0, error * 100.0).max(1.0)),
            Figures::Share(_) => number(value * 100.0, step(value * 100.0, error * 100.0)) + self.unit(),
            Figures::Count(_) | Figures::Number(_) | Figures::Days(_) | Figures::Factor(_) => {
                number(value, step(value, error)) + self.unit()
            }
        })
    }

    /// What English writes, as the locale does.
    fn written(&self, text: String) -> String {
        match self {
            Figures::Money(currency) => currency.locale().write(&text),
            Figures::Count(locale)
            | Figures::Ratio(locale)
            | Figures::Days(locale)
            | Figures::Share(locale)
            | Figures::Factor(locale)
            | Figures::Number(locale) => locale.write(&text),
            Figures::Chance => text,
        }
    }

    /// What is written behind a number that is no money.
    fn unit(&self) -> &'static str {
        match self {
            Figures::Days(_) => " days",
            Figures::Factor(_) => "×",
            Figures::Money(_) | Figures::Count(_) | Figures::Number(_) => "",
            Figures::Ratio(_) | Figures::Chance | Figures::Share(_) => "\u{A0}%",
        }
    }

    /// "€14.1M to €21.6M"; `None` where both ends read the same.
    pub(in crate::charts) fn range(&self, low: (f64, Option<f64>), high: (f64, Option<f64>)) -> Option<String> {
        let (low, high) = (self.about(low.0, low.1), self.about(high.0, high.1));
        (low != high).then(|| format!("{low} to {high}"))
    }

    /// A figure that somebody typed, with all its digits: 10,049,000 reads €10.049M.
    pub(in crate::charts) fn exact(&self, value: f64) -> String {
        self.written(match self {
            Figures::Money(currency) => printable(&english(currency).exact(value)),
            Figures::Ratio(_) | Figures::Chance | Figures::Share(_) if value.abs() >= HUGE => {
                huge(hundredfold(value)) + self.unit()
            }
            _ if value.abs() >= HUGE => huge(value) + self.unit(),
            Figures::Ratio(_) | Figures::Chance | Figures::Share(_) => exact(value, 2) + self.unit(),
            Figures::Count(_) | Figures::Number(_) | Figures::Days(_) | Figures::Factor(_) => {
                exact(value, 0) + self.unit()
            }
        })
    }

    /// The labels of an axis, in one unit.
    pub(in crate::charts) fn axis(&self, ticks: &[f64]) -> Vec<String> {
        let most = ticks.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        let labels: Vec<String> = match self {
            Figures::Money(currency) => {
                let (unit, suffix) = match most {
                    m if m >= 1e9 => (1e9, "bn"),
                    m if m >= 1e6 => (1e6, "M"),
                    m if m >= 1e4 => (1e3, "k"),
                    _ => (1.0, ""),
                };
                let values: Vec<f64> = ticks.iter().map(|x| x / unit).collect();
                let decimals = decimals(&values);
                values
                    .iter()
                    .map(|&x| {
                        let sign = if x < 0.0 { "−" } else { "" };
                        let symbol = printable(&currency.symbol());
                        if x == 0.0 {
                            format!("{symbol}0")
                        } else {
                            format!("{sign}{symbol}{}{suffix}", grouped(x.abs(), decimals))
                        }
                    })
                    .collect()
            }
            Figures::Count(_) | Figures::Number(_) | Figures::Days(_) | Figures::Factor(_) => plain(ticks, self.unit()),
            Figures::Ratio(_) | Figures::Chance | Figures::Share(_) => {
                let percents: Vec<f64> = ticks.iter().copied().map(hundredfold).collect();
                plain(&percents, "\u{A0}%")
            }
        };
        labels.into_iter().map(|label| self.written(label)).collect()
    }
}

/// A currency whose amounts are written as in English.
fn english(currency: &Currency) -> Currency {
    currency.clone().written_as(Locale::default())
}

/// Money with its thousands separated, and without a sign that the font lacks: that of the shekel.
fn printable(text: &str) -> String {
    let text = text.replace('₪', "ILS ");
    let from = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let to = text[from..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |n| from + n);
    format!("{}{}{}", &text[..from], with_thousands(&text[from..to]), &text[to..])
}

/// The place of the third digit, or of the error's first where that is larger.
fn step(value: f64, error: f64) -> f64 {
    let third = |x: f64| {
        if x == 0.0 { 1.0 } else { power_of_ten_at_most(x.abs()) / 100.0 }
    };
    // 999,960 rounds to a number with one digit more.
    let first = third(value);
    let third = third((value / first).round() * first);
    if error > 0.0 { third.max(power_of_ten_at_most(error)) } else { third }
}

/// A ratio in percent: at most the largest number there is.
fn hundredfold(ratio: f64) -> f64 {
    (100.0 * ratio).clamp(f64::MIN, f64::MAX)
}

/// A number beyond all counting, as a power of ten.
fn huge(x: f64) -> String {
    format!("{x:.1e}").replace('-', "−")
}

/// `x` to a multiple of `step`, with at most two decimals and none that is 0.
fn number(x: f64, step: f64) -> String {
    if x.abs() >= HUGE {
        return huge(x);
    }
    if x.abs() >= BILLION {
        return format!("{}bn", number(x / BILLION, step / BILLION));
    }
    let rounded = (x / step).round() * step;
    let finest = if rounded.abs() < 10.0 { 2 } else { 1 };
    let decimals = (0..finest).find(|d| step >= 0.999 * libm::pow(10.0, -f64::from(*d))).unwrap_or(finest) as usize;
    let sign = if rounded < 0.0 { "−" } else { "" };
    let text = without_zeros(&grouped(rounded.abs(), decimals));
    if text == "0" { text } else { format!("{sign}{text}") }
}

fn percent(x: f64, step: f64) -> String {
    // A tenth of a percent of a return says nothing.
    format!("{}\u{A0}%", number(x, if x.abs() >= 10.0 { step.max(1.0) } else { step }))
}

fn plain(ticks: &[f64], after: &str) -> Vec<String> {
    if ticks.iter().any(|x| x.abs() >= HUGE) {
        return ticks.iter().map(|&x| format!("{}{after}", if x == 0.0 { "0".to_owned() } else { huge(x) })).collect();
    }
    if ticks.iter().any(|x| x.abs() >= BILLION) {
        let billions: Vec<f64> = ticks.iter().map(|x| x / BILLION).collect();
        return plain(&billions, &format!("bn{after}"));
    }
    let decimals = decimals(ticks);
    ticks
        .iter()
        .map(|&x| {
            let sign = if x < 0.0 { "−" } else { "" };
            let (decimals, after) = if x == 0.0 { (0, after.trim_start_matches("bn")) } else { (decimals, after) };
            format!("{sign}{}{after}", grouped(x.abs(), decimals))
        })
        .collect()
}

/// How many decimals tell all values apart.
fn decimals(values: &[f64]) -> usize {
    (0..4)
        .find(|d| {
            let by = libm::pow(10.0, f64::from(*d));
            values.iter().all(|x| (x * by - (x * by).round()).abs() < 1e-6 * (x * by).abs().max(1.0))
        })
        .unwrap_or(4) as usize
}

/// `x` ≥ 0 with thousands separated by commas.
fn grouped(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    with_thousands(whole) + rest
}

/// Whole digits with thousands separated; other texts as they are.
fn with_thousands(digits: &str) -> String {
    digits.parse().map_or_else(|_| digits.to_owned(), thousands)
}

/// Without zeros at the end of the decimals: €1.50M becomes €1.5M.
fn without_zeros(text: &str) -> String {
    let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |last| last + 1);
    let (number, suffix) = text.split_at(end);
    let Some(point) = number.rfind('.') else {
        return text.to_owned();
    };
    let decimals = number[point + 1..].trim_end_matches('0');
    if decimals.is_empty() {
        format!("{}{suffix}", &number[..point])
    } else {
        format!("{}.{decimals}{suffix}", &number[..point])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_show_what_is_known() {
        let euro = Currency::new("EUR").unwrap();
        let money = Figures::new(Metric::Bookings, &euro);
        assert_eq!(money.about(17_812_345.0, Some(40_000.0)), "€17.8M");
        assert_eq!(money.about(17_812_345.0, Some(2_000_000.0)), "€18M");
        assert_eq!(money.about(999_960.0, None), "€1.00M");
        assert_eq!(money.about(0.0, Some(0.0)), "€0");
        assert_eq!(money.about(3_004.0, Some(1_500.0)), "€3,000");
        assert_eq!(money.about(1.234e12, None), "€1,230bn");
        let count = Figures::new(Metric::Customers, &euro);
        assert_eq!(count.about(12_345.0, Some(3.0)), "12,300");
        assert_eq!(count.about(12_345.0, Some(2_000.0)), "12,000");
        assert_eq!(count.about(7.25, None), "7.25");
        assert_eq!(count.about(21.0, Some(0.4)), "21");
        let shekel = Currency::new("ILS").unwrap();
        assert_eq!(Figures::Money(&shekel).about(-2e6, None), "−ILS 2.00M");
        let roi = Figures::new(Metric::Roi, &euro);
        assert_eq!(roi.about(2.412, Some(0.001)), "241\u{A0}%");
        assert_eq!(roi.about(-0.253, None), "−25\u{A0}%");
        assert_eq!(roi.about(7e12, None), "700,000bn\u{A0}%");
        assert_eq!(roi.about(20.37, None), "2,040\u{A0}%");
        assert_eq!(roi.about(-7e300, Some(1e300)), "−7.0e302\u{A0}%");
        assert_eq!(roi.about(7e306, Some(1e306)), "1.8e308\u{A0}%");
        assert_eq!(roi.exact(1e25), "1.0e27\u{A0}%");
        assert_eq!(roi.about(-0.000_01, Some(0.001)), "0\u{A0}%");
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
        assert_eq!(Figures::Factor(Locale::default()).about(1.0684, Some(0.002)), "1.07×");
        let chance = |value| Figures::Chance.about(value, Some(0.005));
        assert_eq!([chance(0.4623), chance(0.0), chance(1.0)], ["46\u{A0}%", "under 1\u{A0}%", "over 99\u{A0}%"]);
    }

    #[test]
    fn what_was_written_keeps_its_digits() {
        let euro = Currency::new("EUR").unwrap();
        let money = Figures::Money(&euro);
        assert_eq!(money.exact(17_800_000.0), "€17.8M");
        assert_eq!(money.exact(1_500_000.0), "€1.5M");
        assert_eq!(money.exact(4_000_000.0), "€4M");
        assert_eq!(money.exact(0.0), "€0");
        assert_eq!([10_049_000.0, 9_574_900_000.0].map(|x| money.exact(x)), ["€10.049M", "€9.5749bn"]);
        assert_eq!(Figures::Count(Locale::default()).exact(10.5), "10.5");
        assert_eq!(Figures::Share(Locale::default()).exact(0.2504), "25.04\u{A0}%");
        assert_eq!(Figures::Count(Locale::default()).exact(1_200.0), "1,200");
        assert_eq!(Figures::Ratio(Locale::default()).exact(1.5), "150\u{A0}%");
    }

    #[test]
    fn an_axis_keeps_to_one_unit() {
        let rupee = Currency::new("INR").unwrap();
        let money = Figures::Money(&rupee);
        assert_eq!(money.axis(&[0.0, 500_000.0, 1_000_000.0]), ["₹0", "₹0.5M", "₹1.0M"]);
        assert_eq!(money.axis(&[-2e12, 0.0]), ["−₹2,000bn", "₹0"]);
        assert_eq!(money.axis(&[2_500.0, 5_000.0]), ["₹2,500", "₹5,000"]);
        assert_eq!(Figures::Count(Locale::default()).axis(&[0.0, 12_000.0]), ["0", "12,000"]);
        assert_eq!(Figures::Ratio(Locale::default()).axis(&[-0.5, 0.0, 0.5]), ["−50\u{A0}%", "0\u{A0}%", "50\u{A0}%"]);
        let ratio = Figures::Ratio(Locale::default());
        assert_eq!(ratio.axis(&[0.0, 5e20, 1e307]), ["0\u{A0}%", "5.0e22\u{A0}%", "1.8e308\u{A0}%"]);
    }
}
