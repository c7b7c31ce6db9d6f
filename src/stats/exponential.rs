//! eˣ, several times faster than a general library's.

use std::f64::consts::LN_2;

/// Parts that an octave is cut into.
const PARTS: usize = 64;
/// 1.5 · 2⁵²: added to a number below 2⁵¹ it leaves the nearest whole number in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// ln 2 / 64 in two parts; the first has so many zero bits that its product with any number of parts is exact.
const PART_HIGH: f64 = 6.931_471_803_691_238e-1 / PARTS as f64;
const PART_LOW: f64 = 1.908_214_929_270_587_7e-10 / PARTS as f64;

/// The powers 2^(j / 64) for each j below 64.
const POWERS: [f64; PARTS] = {
    let mut powers = [1.0; PARTS];
    let mut j = 1;
    while j < PARTS {
        let x = LN_2 * j as f64 / PARTS as f64;
        // The series of eˣ − 1, smallest terms first; x is below 0.7.
        let (mut sum, mut i) = (0.0, 22);
        while i > 0 {
            sum = (sum + 1.0) * x / i as f64;
            i -= 1;
        }
        powers[j] = 1.0 + sum;
        j += 1;
    }
    powers
};

/// eˣ with a relative error below 5·10⁻¹⁶, by additions and multiplications alone: the same bits on every platform.
///
/// x = k · ln 2 / 64 + r, |r| ≤ ln 2 / 128; then eˣ = 2^⌊k/64⌋ · 2^((k mod 64)/64) · eʳ, the last by its series (Tang 1989,
/// ACM TOMS 15, table-driven exponential).
///
/// ```
/// # use revcast::stats::exp;
/// assert_eq!(exp(0.0), 1.0);
/// assert!((exp(1.0) - 2.718281828459045).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    // Overflow, underflow and NaN are the library's.
    if x.abs() < 700.0 { in_range(x) } else { libm::exp(x) }
}

#[inline(always)]
fn in_range(x: f64) -> f64 {
    let shifted = x * (PARTS as f64 / LN_2) + ROUND;
    let k = shifted - ROUND;
    let r = (x - k * PART_HIGH) - k * PART_LOW;
    let series = r + r * r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0))));
    let k = shifted.to_bits();
    let power = POWERS[k as usize % PARTS];
    // The octaves go into the exponent's bits; the bits that fall off the upper end are ROUND's.
    let octaves = ((k as i64) << 12 >> 18) << 52;
    f64::from_bits((power + power * series).to_bits().wrapping_add(octaves as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_the_library() {
        let mut largest = 0.0_f64;
        for i in -1_400_000..=1_400_000 {
            let x = f64::from(i) * 0.000_499_987;
            let exact = libm::exp(x);
            largest = largest.max((exp(x) - exact).abs() / exact);
        }
        assert!(largest < 5e-16, "{largest:e}");
    }

    #[test]
    fn powers_rise() {
        let mut before = 0.0;
        for i in -300_000..300_000 {
            let power = exp(f64::from(i) * 1e-5);
            assert!(power > before);
            before = power;
        }
    }

    #[test]
    fn ends_are_the_library_s() {
        assert_eq!((exp(-800.0), exp(800.0), exp(f64::NEG_INFINITY)), (0.0, f64::INFINITY, 0.0));
        assert!(exp(f64::NAN).is_nan());
    }
}
