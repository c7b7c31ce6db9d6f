//! The search from 0: cumulative chances until they pass the uniform.

use super::OPEN;

/// Lanes searched together: as many as a wide register holds.
pub(super) const GROUP: usize = 8;

/// 1/1, 1/2, …: a multiplication is several times faster than a division. No draw of a mean below 24 comes near the end.
const RECIPROCALS: [f64; 128] = {
    let mut table = [0.0; 128];
    let mut i = 0;
    while i < 128 {
        table[i] = 1.0 / (i + 1) as f64;
        i += 1;
    }
    table
};

/// The smallest k with P(X ≤ k) > `bar`, from P(X = 0) = `first` and P(X = k + 1) = P(X = k) · `rise`(k) / (k + 1).
#[inline]
pub(super) fn search(first: f64, bar: f64, rise: impl Fn(f64) -> f64) -> f64 {
    let (mut term, mut sum, mut k) = (first, first, 0.0);
    for reciprocal in &RECIPROCALS {
        // Past the last bit of a sum that rounding keeps below a bar near 1 nothing is to be found.
        if sum > bar || term < 1e-18 {
            break;
        }
        term *= rise(k) * reciprocal;
        sum += term;
        k += 1.0;
    }
    k
}

/// The same for a group of lanes by `steps` steps each; [`OPEN`] where they were not enough.
///
/// All lanes take all steps: no guess of the processor's about where a search ends, and as many lanes in one instruction as a register holds.
#[inline(always)]
pub(super) fn search_group(
    first: [f64; GROUP],
    bar: [f64; GROUP],
    steps: usize,
    rise: impl Fn(usize, f64) -> f64,
) -> [f64; GROUP] {
    let (mut term, mut sum, mut count, mut k) = (first, first, [0.0; GROUP], 0.0);
    for reciprocal in &RECIPROCALS[..steps] {
        for j in 0..GROUP {
            count[j] += if sum[j] > bar[j] { 0.0 } else { 1.0 };
            term[j] *= rise(j, k) * reciprocal;
            sum[j] += term[j];
        }
        k += 1.0;
    }
    std::array::from_fn(|j| if sum[j] > bar[j] { count[j] } else { OPEN })
}

/// Steps after which a search for a count of this mean is all but surely over.
#[inline(always)]
pub(super) fn steps(mean: f64) -> usize {
    (2.0 + 2.0 * mean).min(9.0 + 1.1 * mean) as usize
}

/// The largest number below a positive one: P ≥ u is P > below(u).
#[inline(always)]
pub(super) fn below(u: f64) -> f64 {
    f64::from_bits(u.to_bits() - 1)
}
