//! How the rows are kept and read.

use std::sync::{LazyLock, OnceLock};

use super::gamma::gamma_row;
use super::rows::{CountRow, between};
use crate::chance::normal::{self, quick};
use crate::stats::non_negative;
use crate::stats::simd::vectorized;
use crate::stats::special::{normal_density, normal_quantile};

/// The law of one size of mean 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::chance) enum SumDistribution {
    /// Each summand is lognormal.
    Lognormal,
    /// Each summand is gamma distributed, and so is the sum.
    Gamma,
}

/// Octaves of counts that have rows: up to 2³⁰.
const OCTAVES: usize = 30;
/// The first count beyond the rows.
const BEYOND: f64 = (1u64 << OCTAVES) as f64;
/// Parts of an octave, a row at the start of each; read off the first bits of the mantissa.
const PARTS: usize = 16;
const PART_BITS: u32 = 4;
/// From this octave on a row holds what the sum has above its mean, and counts between rows are interpolated. Below, every
/// count has its row, and the sum itself keeps all digits of small values.
const CENTRED: usize = 5;
/// A gamma sum of at least this shape is smooth enough to be made from its two halves.
const SMOOTH_SHAPE: f64 = 4.0;
/// Beyond this cv the far tail, which the grid does not hold, has a part in the variance.
const VARIANCE_KNOWN: f64 = 8.0;

/// Q_n for one law of sizes, made octave by octave as counts ask for it.
#[derive(Debug)]
pub(in crate::chance) struct Sums {
    law: SumDistribution,
    cv: f64,
    /// Exact rows: 1 to 15, then four an octave.
    rows: Vec<OnceLock<CountRow>>,
    octaves: [OnceLock<Octave>; OCTAVES],
}

/// The rows from 2ᵉ to 2ᵉ⁺¹, to be read: row after row, each with its lower half and its upper half.
#[derive(Debug)]
struct Octave {
    cells: Box<[Cell]>,
    /// Below 2⁴ an octave has fewer whole numbers than parts.
    shift: u32,
    /// 1 where rows are centred, else 0.
    centred: f64,
}

/// (Q_n − n)/√n, or Q_n/√n, in a cell of uniform numbers: the coefficients of a cubic in the place within it.
type Cell = [f64; 4];

/// An octave as the hot loop sees it.
#[derive(Clone, Copy)]
struct View<'a> {
    cells: &'a [Cell],
    shift: u32,
    centred: f64,
}

const NO_VIEW: View<'static> = View { cells: &[], shift: 0, centred: 0.0 };

impl Sums {
    /// The tables of this law. They hold nothing yet.
    pub(in crate::chance) fn new(law: SumDistribution, cv: f64) -> Sums {
        let rows = (0..slot(1 << (OCTAVES + 2))).map(|_| OnceLock::new()).collect();
        Sums { law, cv, rows, octaves: std::array::from_fn(|_| OnceLock::new()) }
    }

    /// Makes the tables of all counts up to `n`.
    pub(in crate::chance) fn prepare(&self, n: f64) {
        (0..=octave_of(n.clamp(1.0, BEYOND - 1.0))).for_each(|e| {
            self.octave(e);
        });
    }

    /// The quantile Q_n(u) of the sum of `n` sizes with mean 1.
    #[inline]
    pub(in crate::chance) fn at(&self, n: f64, u: f64) -> f64 {
        if n >= BEYOND {
            return self.beyond(n, u);
        }
        lane(self.octave(octave_of(n.max(1.0))).view(), n, u)
    }

    /// Q_n(u) of many, side by side.
    #[inline]
    pub(in crate::chance) fn fill(&self, counts: &[f64], uniforms: &[f64], values: &mut [f64]) {
        let (least, most) = counts.iter().fold((BEYOND, 1.0), |(least, most): (f64, f64), n| {
            (if *n < least { *n } else { least }, if *n > most { *n } else { most })
        });
        if most >= BEYOND {
            let lanes = counts.iter().zip(uniforms).zip(values);
            return lanes.for_each(|((n, u), value)| *value = self.at(*n, *u));
        }
        let mut views = [NO_VIEW; 32];
        let first = octave_of(least.max(1.0));
        for (e, view) in views.iter_mut().enumerate().take(octave_of(most) + 1).skip(first) {
            *view = self.octave(e).view();
        }
        vectorized!({
            for ((n, u), value) in counts.iter().zip(uniforms).zip(&mut *values) {
                let view = views[octave_of(if *n > 1.0 { *n } else { 1.0 }) % 32];
                *value = lane(view, *n, *u);
            }
        });
    }

    /// Beyond the rows the deviations from a normal law fall as 1/√n.
    #[cold]
    fn beyond(&self, n: f64, u: f64) -> f64 {
        let last = BEYOND - 1.0;
        let normal = self.cv * quick(normal::cells(), u);
        let known = (self.at(last, u) - last) / libm::sqrt(last);
        non_negative(n + libm::sqrt(n) * (normal + (known - normal) * libm::sqrt(last / n)))
    }

    fn octave(&self, e: usize) -> &Octave {
        self.octaves[e].get_or_init(|| self.make_octave(e))
    }

    fn make_octave(&self, e: usize) -> Octave {
        let whole = 1u64 << e;
        let parts = PARTS.min(1 << e);
        let centred = e >= CENTRED;
        let mut cells = Vec::with_capacity((parts + 1) * ROW);
        for part in 0..=parts {
            // In sixteenths of 2ᵉ.
            let sixteenths = PARTS * (parts + part) / parts;
            let n = whole as f64 * sixteenths as f64 / PARTS as f64;
            let exact = |sixteenths: usize| {
                let n = whole * sixteenths as u64 / PARTS as u64;
                (n as f64, self.row(n))
            };
            if e < 4 || part % 4 == 0 {
                push(&mut cells, n, exact(sixteenths).1, centred);
            } else {
                // Two exact rows below and two above; an octave before or after has them in other places.
                let below = sixteenths / 4 * 4;
                let four = match below {
                    16 => [14, 16, 20, 24],
                    28 => [24, 28, 32, 40],
                    _ => [below - 4, below, below + 4, below + 8],
                };
                push(&mut cells, n, &between(n, four.map(exact)), centred);
            }
        }
        Octave { cells: cells.into(), shift: PART_BITS.saturating_sub(e as u32), centred: f64::from(u8::from(centred)) }
    }

    /// The exact row of a count that has one.
    fn row(&self, n: u64) -> &CountRow {
        self.rows[slot(n)].get_or_init(|| {
            let square = self.cv * self.cv;
            match self.law {
                SumDistribution::Lognormal if n == 1 => {
                    let sigma = libm::sqrt(libm::log1p(square));
                    return CountRow::new(|z| sigma * (z - sigma / 2.0));
                }
                SumDistribution::Gamma if n == 1 || n as f64 / square < SMOOTH_SHAPE => {
                    return gamma_row(n as f64 / square, square);
                }
                _ => {}
            }
            let half = n / 2;
            let sd = (self.cv <= VARIANCE_KNOWN).then(|| self.cv * libm::sqrt(n as f64));
            self.row(half).plus(self.row(n - half)).with_moments(n as f64, sd)
        })
    }
}

/// Where the exact row of n is kept.
fn slot(n: u64) -> usize {
    if n < 16 {
        n as usize - 1
    } else {
        let e = n.ilog2();
        15 + 4 * (e as usize - 4) + (n >> (e - 2)) as usize % 4
    }
}

/// ⌊log₂ n⌋ of a number from 1 on.
#[inline(always)]
fn octave_of(n: f64) -> usize {
    (n.to_bits() >> 52) as usize - 1023
}

/// 2⁻⁵⁴, the least distance to an end that a uniform number has.
const LEAST: f64 = 1.0 / (1u64 << 54) as f64;
/// From this distance on each octave has eight cells of even width, below it one.
const FINE_FROM: f64 = 1.0 / (1u64 << 17) as f64;
/// Bits of a distance below those that tell its fine cell: 52 of the mantissa less 3.
const BELOW: u32 = 49;
/// Where the numbers of cells begin.
const FIRST: u64 = LEAST.to_bits() >> 52;
const FIRST_FINE: u64 = FINE_FROM.to_bits() >> BELOW;
/// Octaves of one cell.
const COARSE: usize = 54 - 17;
/// Cells of one half: the coarse ones, 16 octaves of fine ones, and one for exactly ½.
const HALF: usize = COARSE + 16 * 8 + 1;
const ROW: usize = 2 * HALF;

/// The borders of a half's cells: the distance to the end, z = Φ⁻¹ of it, and 1/φ(z).
static BORDERS: LazyLock<[(f64, f64, f64); HALF + 1]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        let i = i as u64;
        let coarse = COARSE as u64;
        let distance = f64::from_bits(if i < coarse { (FIRST + i) << 52 } else { (FIRST_FINE + i - coarse) << BELOW });
        let z = normal_quantile(distance);
        (distance, z, 1.0 / normal_density(z))
    })
});

/// Adds a row as it is read: cubics with the row's own slopes, held to where they cannot turn (Fritsch and Carlson 1980).
fn push(cells: &mut Vec<Cell>, n: f64, row: &CountRow, centred: bool) {
    let (root, ln_n) = (libm::sqrt(n), libm::log(n));
    for upper in [false, true] {
        // Value and slope as functions of the distance to the end.
        let point = |(distance, z, per_density): (f64, f64, f64)| {
            let (y, slope) = row.at(if upper { -z } else { z });
            let over = y - ln_n;
            let value = root * if centred { libm::expm1(over) } else { libm::exp(over) };
            let slope = slope * if centred { value + root } else { value } * per_density;
            (distance, value, if upper { -slope } else { slope })
        };
        let mut from = point(BORDERS[0]);
        for border in &BORDERS[1..] {
            let to = point(*border);
            let (width, rise) = (to.0 - from.0, to.1 - from.1);
            let held = |slope: f64| if rise == 0.0 { 0.0 } else { rise * (slope * width / rise).clamp(0.0, 3.0) };
            let (s0, s1) = (held(from.2), held(to.2));
            cells.push([from.1, s0, 3.0 * rise - 2.0 * s0 - s1, s0 + s1 - 2.0 * rise]);
            from = to;
        }
    }
}

impl Octave {
    fn view(&self) -> View<'_> {
        View { cells: &self.cells, shift: self.shift, centred: self.centred }
    }
}

const MANTISSA: u64 = (1 << 52) - 1;
const ONE: u64 = 1.0f64.to_bits();

/// Q_n(u), n in the octave of `view`; 0 for n = 0.
#[inline(always)]
fn lane(view: View, n: f64, u: f64) -> f64 {
    let bits = (if n > 1.0 { n } else { 1.0 }).to_bits();
    let part = ((bits & MANTISSA) >> (52 - PART_BITS)) as usize;
    // Where between two rows, from 0 to 1, bent a little: between a sum's laws in √n, ln n and 1/√n.
    let straight = f64::from_bits((bits << PART_BITS) & MANTISSA | ONE) - 1.0;
    let mantissa = f64::from_bits(bits & MANTISSA | ONE);
    let f = straight + straight * (1.0 - straight) * (0.5 / PARTS as f64 * (1.457 - 0.486 * mantissa));

    let v = 1.0 - u;
    let distance = if u < v { u } else { v };
    let distance = (if distance > LEAST { distance } else { LEAST }).to_bits();
    let fine = distance >= FINE_FROM.to_bits();
    let (shift, first) = if fine { (BELOW, FIRST_FINE - COARSE as u64) } else { (52, FIRST) };
    let cell = ((distance >> shift) - first) as usize + if u > v { HALF } else { 0 };
    let t = f64::from_bits((distance << (52 - shift)) & MANTISSA | ONE) - 1.0;

    let first = (part >> view.shift) * ROW + cell;
    let cells = &view.cells[first..first + ROW + 1];
    let (low, high) = (cells[0], cells[ROW]);
    let [a, b, c, d]: [f64; 4] = std::array::from_fn(|i| low[i] + f * (high[i] - low[i]));
    let sum = view.centred * n + n.sqrt() * (a + t * (b + t * (c + t * d)));
    non_negative(sum)
}
