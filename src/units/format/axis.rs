//! The labels of an axis: its round numbers in one unit, with as many decimals as tell them apart.

use super::number::{with_decimals, with_power_of_ten};

/// From here on not even billions are counted.
const HUGE: f64 = 1e18;
/// The most decimals of a label.
const FINEST: usize = 4;

/// Ticks of an axis as people read them, `symbol` before each number and `unit` behind it: €0, €0.5M, €1.0M; 0 %, 50 %. What is
/// `counted` has M and k as well; other numbers begin with billions.
pub(crate) fn axis_labels(ticks: &[f64], symbol: &str, unit: &str, counted: bool) -> Vec<String> {
    let most = ticks.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let (by, suffix) = match most {
        m if m >= 1e9 => (1e9, "bn"),
        m if m >= 1e6 && counted => (1e6, "M"),
        m if m >= 1e4 && counted => (1e3, "k"),
        _ => (1.0, ""),
    };
    let decimals = (0..FINEST).find(|decimals| {
        let shift = libm::pow(10.0, *decimals as f64) / by;
        ticks.iter().all(|x| (x * shift - (x * shift).round()).abs() < 1e-6 * (x * shift).abs().max(1.0))
    });
    let label = |x: f64| match (x, if x < 0.0 { "−" } else { "" }) {
        (0.0, _) => format!("{symbol}0{unit}"),
        (x, sign) if most >= HUGE => format!("{sign}{symbol}{}{unit}", with_power_of_ten(x.abs())),
        (x, sign) => {
            let number = with_decimals(x.abs() / by, decimals.unwrap_or(FINEST));
            format!("{sign}{symbol}{number}{suffix}{unit}")
        }
    };
    ticks.iter().map(|x| label(*x)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_keeps_to_one_unit() {
        let money = |ticks: &[f64]| axis_labels(ticks, "₹", "", true);
        assert_eq!(money(&[0.0, 500_000.0, 1_000_000.0]), ["₹0", "₹0.5M", "₹1.0M"]);
        assert_eq!(money(&[-2e12, 0.0]), ["−₹2,000bn", "₹0"]);
        assert_eq!(money(&[2_500.0, 5_000.0]), ["₹2,500", "₹5,000"]);
        assert_eq!(axis_labels(&[0.0, 12_000.0], "", "", false), ["0", "12,000"]);
        let percent = |ticks: &[f64]| axis_labels(ticks, "", " %", false);
        assert_eq!(percent(&[-50.0, 0.0, 50.0]), ["−50 %", "0 %", "50 %"]);
        assert_eq!(percent(&[0.0, 5e22, f64::MAX]), ["0 %", "5.00·10²² %", "1.80·10³⁰⁸ %"]);
    }
}
