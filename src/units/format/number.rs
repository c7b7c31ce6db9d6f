//! Numbers as people read them, in English; [`Locale::write`](crate::units::Locale::write) writes them as others do.

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

/// Numbers from here on are written with a power of ten.
const BEYOND_COUNTING: f64 = 1e13;

/// A number with thousands separated by commas, rounded to whole units: 12,345; beyond all counting with a power of ten.
pub(crate) fn thousands(x: f64) -> String {
    if x.is_finite() && x.abs() >= BEYOND_COUNTING {
        return with_power_of_ten(x);
    }
    let digits = format!("{:.0}", x.abs());
    let grouped = grouped(&digits);
    if x < 0.0 && digits != "0" { format!("−{grouped}") } else { grouped }
}

/// A number too large or too small to be written out, with three digits: 2.01·10⁻²⁷.
pub(crate) fn with_power_of_ten(x: f64) -> String {
    let written = format!("{:.2e}", x.abs());
    let (digits, power) = written.split_once('e').unwrap_or((&written, "0"));
    let raised = power.chars().map(|c| match c.to_digit(10) {
        Some(digit) => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize],
        None => '⁻',
    });
    format!("{}{digits}·10{}", if x < 0.0 { "−" } else { "" }, raised.collect::<String>())
}

/// Three or four digits: 5.35, 45, −186.6, 12,345, 0.004, 1.60·10⁴⁰.
pub(crate) fn few_digits(x: f64) -> String {
    let sign = if x < 0.0 { "−" } else { "" };
    let text = match x.abs() {
        size if size.is_finite() && (size >= BEYOND_COUNTING || size > 0.0 && size < 1e-6) => {
            return with_power_of_ten(x);
        }
        size if size >= 1_000.0 => return thousands(x),
        size if size >= 100.0 => format!("{size:.1}"),
        size if size >= 0.1 || size == 0.0 => format!("{size:.2}"),
        size => return format!("{sign}{}", three_digits(size)),
    };
    format!("{sign}{}", trim_zeros(&text))
}

/// As much as is worth telling of what was worked out.
pub(crate) fn three_digits(x: f64) -> f64 {
    to_step(x, third_digit(x))
}

/// One digit more, where two figures beside each other may differ by little.
pub(crate) fn four_digits(x: f64) -> f64 {
    to_step(x, third_digit(x) / 10.0)
}

/// The multiple of a power of ten that is nearest to `x`.
fn to_step(x: f64, step: f64) -> f64 {
    // A product with a fraction would show its last bits.
    if step < 1.0 { (x / step).round() / (1.0 / step).round() } else { (x / step).round() * step }
}

/// A number with `digits` significant digits and no zeros that say nothing: 5.35, 1,482, 0.75.
pub(crate) fn significant(x: f64, digits: u32) -> String {
    if x == 0.0 || !x.is_finite() {
        return "0".to_owned();
    }
    // 9.996 with three digits is 10.0: the step is that of the rounded number.
    let step = |x: f64| power_of_ten_at_most(x.abs()) / libm::pow(10.0, f64::from(digits) - 1.0);
    let rounded = (x / step(x)).round() * step(x);
    if rounded.abs() >= 1_000.0 {
        return thousands(rounded);
    }
    let decimals = libm::ceil(-libm::log10(step(rounded)) - 1e-9).clamp(0.0, 12.0) as usize;
    let text = format!("{:.*}", decimals, rounded.abs());
    format!("{}{}", if rounded < 0.0 { "−" } else { "" }, trim_zeros(&text))
}

/// A number to the place of the first digit of its standard error; without an error, with three digits and no zeros at the end.
pub(crate) fn to_error(x: f64, error: Option<f64>) -> String {
    let sign = if x < 0.0 { "−" } else { "" };
    let place = |size: f64| if size > 0.0 { power_of_ten_at_most(size) } else { 1.0 };
    let error = error.filter(|error| *error > 0.0);
    let step = error.map_or_else(|| place(x.abs()) / 100.0, place);
    let rounded = (x.abs() / step).round() * step;
    let decimals = libm::ceil(-libm::log10(step) - 1e-9).clamp(0.0, 8.0) as usize;
    if decimals == 0 {
        return format!("{sign}{}", thousands(rounded));
    }
    let text = format!("{rounded:.decimals$}");
    format!("{sign}{}", if error.is_some() { &text } else { trim_zeros(&text) })
}

/// A share in percent, to a tenth of one: as it was, with no error of its own.
#[cfg(feature = "fit")]
pub(crate) fn tenths_of_percent(share: f64) -> String {
    few_digits((1000.0 * share).round() / 10.0)
}

/// A mean with its standard deviation: two digits of that, and the mean to the same place: 264 ± 16, 0.621 ± 0.023.
#[cfg(feature = "fit")]
pub(crate) fn with_spread(mean: f64, sd: f64) -> String {
    let size = if sd > 0.0 { sd } else { mean.abs() };
    if size == 0.0 || !size.is_finite() {
        return thousands(mean);
    }
    let step = power_of_ten_at_most(size) / 10.0;
    let decimals = libm::ceil(-libm::log10(step) - 1e-9).clamp(0.0, 12.0) as usize;
    let write = |x: f64| {
        let rounded = (x / step).round() * step;
        if decimals == 0 { thousands(rounded) } else { format!("{rounded:.decimals$}") }
    };
    format!("{} ± {}", write(mean), write(sd))
}

/// A number that somebody typed, times 10 to the power of `shift`, with all the digits it has: 10.5, 9,574,900,000; 0.0735 shifted by 2
/// is 7.35. Fourteen digits at most, which is less than the last bits of a sum would show.
pub(crate) fn exact(x: f64, shift: i32) -> String {
    const DIGITS: usize = 14;
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { "0".to_owned() } else { x.to_string() };
    }
    let written = format!("{:.*e}", DIGITS - 1, x.abs());
    let (digits, power) = written.split_once('e').unwrap_or((&written, "0"));
    let digits: String = trim_zeros(digits).chars().filter(char::is_ascii_digit).collect();
    // So many digits stand before the point; where there are none, zeros stand behind it.
    let before = power.parse::<i32>().unwrap_or(0) + shift + 1;
    let whole = usize::try_from(before).unwrap_or(0);
    let zeros = "0".repeat(usize::try_from(-before).unwrap_or(0));
    let (whole, rest) = match digits.split_at_checked(whole) {
        Some((whole, rest)) => (whole.to_owned(), format!("{zeros}{rest}")),
        None => (format!("{digits:0<whole$}"), String::new()),
    };
    let whole = if whole.is_empty() { "0".to_owned() } else { grouped(&whole) };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{}{whole}{point}{rest}", if x < 0.0 { "−" } else { "" })
}

/// A number ≥ 0 with so many decimals and thousands separated: 1,234.50.
#[cfg(feature = "charts")]
pub(super) fn with_decimals(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    grouped(whole) + rest
}

/// Digits with commas between thousands.
fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    grouped
}

/// Digits without the zeros that end their decimals: "1.50" is "1.5", and "4.00" is "4".
pub(crate) fn trim_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_what_tells_something() {
        let told: Vec<String> = [5.350_25, 45.0, -186.64, 12_345.6, 0.0, 0.996_6, 0.004_1].map(few_digits).to_vec();
        assert_eq!(told, ["5.35", "45", "−186.6", "12,346", "0", "1", "0.0041"]);
        assert_eq!(
            [2.01e-27, -1.6e40, 1e-6, 9.99e12].map(few_digits),
            ["2.01·10⁻²⁷", "−1.60·10⁴⁰", "0.000001", "9,990,000,000,000"]
        );
    }

    #[test]
    fn what_was_typed_keeps_its_digits() {
        let typed =
            [10.5, 9_574_900_000.0, 186.64, -0.05, 1_200.0, 0.000_12, 1e21, 0.0, 0.1 + 0.2].map(|x| exact(x, 0));
        let read = [
            "10.5",
            "9,574,900,000",
            "186.64",
            "−0.05",
            "1,200",
            "0.00012",
            "1,000,000,000,000,000,000,000",
            "0",
            "0.3",
        ];
        assert_eq!(typed, read);
        assert_eq!([0.07, 0.0735, 1.5, 0.249, 1e-5].map(|x| exact(x, 2)), ["7", "7.35", "150", "24.9", "0.001"]);
        assert_eq!([10_049_000.0, 9.5749e9].map(|x| exact(x, -6)), ["10.049", "9,574.9"]);
    }

    #[cfg(feature = "fit")]
    #[test]
    fn a_mean_has_as_many_digits_as_its_spread_supports() {
        for (mean, sd, text) in [
            (264.478, 15.79, "264 ± 16"),
            (0.6213, 0.0234, "0.621 ± 0.023"),
            (12_345.6, 1_234.5, "12,300 ± 1,200"),
            (3.2109, 0.99, "3.21 ± 0.99"),
            (5.0, 0.0, "5.0 ± 0.0"),
            (0.0, 0.0, "0"),
        ] {
            assert_eq!(with_spread(mean, sd), text);
        }
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!(thousands(1_234_567.4), "1,234,567");
        assert_eq!(thousands(-999.0), "−999");
        assert_eq!(thousands(-0.2), "0");
    }

    #[test]
    fn numbers_keep_the_digits_asked_for() {
        let written = [5.350_25, 1_482.22, 0.75, 9.996, 36.0, -0.5].map(|x| significant(x, 3));
        assert_eq!(written, ["5.35", "1,480", "0.75", "10", "36", "−0.5"]);
        assert_eq!(significant(1_482.22, 4), "1,482");
    }

    #[test]
    fn numbers_have_the_digits_that_their_errors_support() {
        assert_eq!(to_error(1.129_4, Some(0.006)), "1.129");
        assert_eq!(to_error(1.1, Some(0.006)), "1.100");
        assert_eq!(to_error(-210.7, Some(1.2)), "−211");
        assert_eq!(to_error(12_345.0, Some(120.0)), "12,300");
        assert_eq!(to_error(10.0, None), "10");
        assert_eq!(to_error(0.1, None), "0.1");
        assert_eq!(to_error(0.0, None), "0");
    }
}
