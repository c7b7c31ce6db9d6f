//! Special functions on top of `libm`, so that every platform gives the same bits.
//!
//! Written here because the crates that offer them take their logarithms from the platform.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Φ(z): the chance that a standard normal is at most `z`.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// φ(z): the standard normal density.
pub fn normal_density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * PI)
}

/// Φ⁻¹(p) for p in (0, 1), to about 1e-16 (Wichura 1988, Applied Statistics algorithm AS 241, PPND16).
///
/// ```
/// # use revcast::stats::special::normal_quantile;
/// assert!((normal_quantile(0.9) - 1.2815515655446004).abs() < 1e-15);
/// ```
pub fn normal_quantile(p: f64) -> f64 {
    fn ratio(r: f64, top: &[f64; 8], bottom: &[f64; 7]) -> f64 {
        let above = top.iter().rev().fold(0.0, |sum, c| sum * r + c);
        let below = bottom.iter().rev().fold(0.0, |sum, c| sum * r + c) * r + 1.0;
        above / below
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(0.180625 - q * q, &CENTRE.0, &CENTRE.1);
    }
    let r = libm::sqrt(-libm::log(if q < 0.0 { p } else { 1.0 - p }));
    let z = if r <= 5.0 { ratio(r - 1.6, &MIDDLE.0, &MIDDLE.1) } else { ratio(r - 5.0, &TAIL.0, &TAIL.1) };
    if q < 0.0 { -z } else { z }
}

const CENTRE: ([f64; 8], [f64; 7]) = (
    [
        3.387_132_872_796_366_6,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
);
const MIDDLE: ([f64; 8], [f64; 7]) = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);
const TAIL: ([f64; 8], [f64; 7]) = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

/// ln P(a, x) and ln Q(a, x), the regularised incomplete gamma functions, at x = exp(`ln_x`); a > 0.
///
/// The logarithmic argument keeps the lower tail of small shapes, where x itself underflows.
pub fn ln_gamma_tails(a: f64, ln_x: f64) -> (f64, f64) {
    let x = libm::exp(ln_x);
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0, 1.0, a);
        while term > sum * 1e-17 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        let ln_p = (a * ln_x - x - libm::lgamma(a + 1.0) + libm::log(sum)).min(0.0);
        (ln_p, ln_one_minus_exp(ln_p))
    } else {
        // Lentz's evaluation of the continued fraction.
        let mut b = x + 1.0 - a;
        let mut c = 1e300;
        let mut d = 1.0 / b;
        let mut h = d;
        for i in 1..200_000 {
            let i = f64::from(i);
            let an = -i * (i - a);
            b += 2.0;
            d = 1.0 / nonzero(an * d + b);
            c = nonzero(b + an / c);
            h *= d * c;
            if (d * c - 1.0).abs() < 1e-16 {
                break;
            }
        }
        let ln_q = (a * ln_x - x - libm::lgamma(a) + libm::log(h)).min(0.0);
        (ln_one_minus_exp(ln_q), ln_q)
    }
}

/// P(a, x), the regularised lower incomplete gamma function.
pub fn gamma_p(a: f64, x: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { libm::exp(ln_gamma_tails(a, libm::log(x)).0) }
}

/// The chance that a Poisson count of this mean is at most `k`.
pub fn poisson_cdf(k: f64, mean: f64) -> f64 {
    if k < 0.0 { 0.0 } else { libm::exp(ln_gamma_tails(k + 1.0, libm::log(mean)).1) }
}

/// ln I_x(a, b) and ln I_{1−x}(b, a), the regularised incomplete beta function and its complement, at
/// x = 1 / (1 + exp(−`logit`)); a, b > 0.
pub fn ln_beta_tails(a: f64, b: f64, logit: f64) -> (f64, f64) {
    let ln_x = -ln_one_plus_exp(-logit);
    let ln_1x = -ln_one_plus_exp(logit);
    let front = a * ln_x + b * ln_1x + libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    let x = libm::exp(ln_x);
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = (front + libm::log(beta_fraction(a, b, x) / a)).min(0.0);
        (lower, ln_one_minus_exp(lower))
    } else {
        let upper = (front + libm::log(beta_fraction(b, a, libm::exp(ln_1x)) / b)).min(0.0);
        (ln_one_minus_exp(upper), upper)
    }
}

/// P(Binomial(`n`, `p`) ≤ `k`).
pub fn binomial_cdf(k: f64, n: f64, p: f64) -> f64 {
    if k < 0.0 {
        0.0
    } else if k >= n {
        1.0
    } else {
        libm::exp(ln_beta_tails(k + 1.0, n - k, libm::log(p) - libm::log1p(-p)).1)
    }
}

/// The continued fraction of the incomplete beta function (Lentz).
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..200_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / nonzero(1.0 + even * d);
        c = nonzero(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / nonzero(1.0 + odd * d);
        c = nonzero(1.0 + odd / c);
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// ln(1 + eˣ) without overflow.
pub fn ln_one_plus_exp(x: f64) -> f64 {
    if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) }
}

/// ln(1 − eˣ) for x ≤ 0.
fn ln_one_minus_exp(x: f64) -> f64 {
    if x > -0.5 { libm::log(-libm::expm1(x)) } else { libm::log1p(-libm::exp(x)) }
}

fn nonzero(x: f64) -> f64 {
    if x.abs() < 1e-300 { 1e-300 } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, want: f64, relative: f64) {
        assert!((got - want).abs() <= relative * want.abs(), "{got} is not {want}");
    }

    // Reference values of this module's tests: SciPy 1.17.
    #[test]
    fn normal_quantiles_invert_the_distribution_function() {
        for (p, z) in [(0.5, 0.0), (0.975, 1.959963984540054), (1e-10, -6.361340902404056), (0.05, -1.6448536269514729)]
        {
            assert!((normal_quantile(p) - z).abs() < 1e-14, "{p}");
        }
        for i in 1..2000 {
            let p = f64::from(i) / 2000.0;
            close(normal_cdf(normal_quantile(p)), p, 1e-14);
        }
    }

    #[test]
    fn incomplete_gamma_matches_reference_values() {
        close(gamma_p(2.5, 1.7), 0.361_430_076_896_204_93, 1e-13);
        close(gamma_p(0.3, 4.0), 0.997_977_489_354_389_1, 1e-13);
        close(gamma_p(400.0, 380.0), 0.158_550_709_784_294_84, 1e-11);
        close(poisson_cdf(12.0, 11.3), 0.655_465_031_415_213_2, 1e-13);
    }

    #[test]
    fn incomplete_beta_matches_reference_values() {
        close(binomial_cdf(30.0, 100.0, 0.25), 0.896_212_761_043_913, 1e-12);
        close(binomial_cdf(9_814.0 - 1.0, 100_000.0, 0.1), 0.024_422_191_538_228_17, 1e-9);
        let (lower, _) = ln_beta_tails(2.0, 5.0, libm::log(0.2 / 0.8));
        close(libm::exp(lower), 0.344_64, 1e-12);
    }
}
