//! What a deal is worth, and what many are worth together.

use std::sync::{Arc, OnceLock};

use serde::Serialize;

use super::compound::{SumDistribution, Sums};
use super::distribution::log_gamma_table;
use super::quantile_table::{OctaveTable, QuantileTable};
use super::registry::Registry;
use crate::stats::exp;
use crate::stats::special::{normal_density, normal_quantile};

/// The shape of deal sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum MoneyShape {
    /// A lognormal deal size.
    #[default]
    Lognormal,
    /// A gamma deal size.
    Gamma,
    /// A deal size that is always its mean.
    Fixed,
    /// One of some amounts, each with its weight.
    Table,
}

/// A deal size with mean 1 and a shape; scaled by its mean wherever it is used. All of the same law share their tables.
#[derive(Clone, Debug)]
pub struct DealSize(Arc<Law>);

#[derive(Debug)]
struct Law {
    kind: Kind,
    cv: f64,
    /// The size as a function of a uniform number, from the first draw on; none where it is fixed or the table would be off by
    /// more than its bound.
    table: OnceLock<Option<OctaveTable>>,
    /// The tables of sums, from the first sum on; none where it is fixed.
    sums: OnceLock<Option<Sums>>,
}

#[derive(Debug)]
enum Kind {
    Fixed,
    Lognormal { sigma: f64 },
    Gamma { shape: f64, log: OnceLock<QuantileTable> },
}

/// A gamma of a smaller shape falls too steeply towards 0, as u^(1/shape), for the table's cells; of a larger one the
/// density has too few digits left for the slopes.
const TABULATED_SHAPES: std::ops::RangeInclusive<f64> = 0.25..=1e9;

impl DealSize {
    /// A size of this shape whose standard deviation is `cv` times its mean; `cv` 0 is fixed. Its tables are made when
    /// the first draw asks for them.
    pub fn new(shape: MoneyShape, cv: f64) -> DealSize {
        let square = cv * cv;
        let kind = match shape {
            _ if cv == 0.0 => Kind::Fixed,
            // The amounts of a table are drawn for themselves.
            MoneyShape::Fixed | MoneyShape::Table => Kind::Fixed,
            MoneyShape::Lognormal => Kind::Lognormal { sigma: libm::sqrt(libm::log1p(square)) },
            MoneyShape::Gamma => Kind::Gamma { shape: 1.0 / square, log: OnceLock::new() },
        };
        let cv = if matches!(kind, Kind::Fixed) { 0.0 } else { cv };
        static KNOWN: Registry<Law> = Registry::new();
        let shape = std::mem::discriminant(&kind);
        let is = |law: &Law| std::mem::discriminant(&law.kind) == shape && law.cv == cv;
        let make = || Law { kind, cv, table: OnceLock::new(), sums: OnceLock::new() };
        DealSize(KNOWN.get(is, make))
    }

    /// The coefficient of variation (0 when fixed).
    pub fn cv(&self) -> f64 {
        self.0.cv
    }

    /// The size at a standard normal `z`.
    #[inline]
    pub fn at(&self, z: f64) -> f64 {
        match &self.0.kind {
            Kind::Fixed => 1.0,
            Kind::Lognormal { sigma } => exp(sigma * (z - sigma / 2.0)),
            Kind::Gamma { shape, log } => exp(log_table(log, *shape).at(z)) / shape,
        }
    }

    /// The size at a uniform number `u`, increasing in it.
    #[inline]
    pub fn draw(&self, u: f64) -> f64 {
        match self.0.table.get_or_init(|| self.tabulated()) {
            Some(table) => table.at(u),
            None => self.at(normal_quantile(u)),
        }
    }

    fn tabulated(&self) -> Option<OctaveTable> {
        let table = match &self.0.kind {
            Kind::Lognormal { sigma } => OctaveTable::new(|z| {
                let x = libm::exp(sigma * (z - sigma / 2.0));
                (x, sigma * x / normal_density(z))
            }),
            Kind::Gamma { shape, log } if TABULATED_SHAPES.contains(shape) => {
                let log = log_table(log, *shape);
                OctaveTable::new(|z| {
                    let y = log.at(z);
                    let x = libm::exp(y) / shape;
                    (x, x / libm::exp(shape * y - libm::exp(y) - libm::lgamma(*shape)))
                })
            }
            _ => return None,
        };
        Some(table)
    }

    /// The sum of `n` independent sizes, a whole number of them, at a uniform number `u` in (0, 1): the quantile function of
    /// the n-fold sum, increasing in `u`. 0 for `n` = 0.
    ///
    /// Read from tables made once for each law of sizes; docs/developers/sums.md has the measured errors.
    ///
    /// ```
    /// # use revcast::chance::{DealSize, MoneyShape};
    /// let size = DealSize::new(MoneyShape::Lognormal, 0.8);
    /// // The median of ten, by numerical convolution.
    /// assert!((size.sum(10.0, 0.5) - 9.66816).abs() < 1e-4);
    /// ```
    #[inline]
    pub fn sum(&self, n: f64, u: f64) -> f64 {
        self.tables().map_or(n, |sums| sums.at(n, u))
    }

    /// [`DealSize::sum`] of each count at its uniform number; the three are of one length.
    #[inline]
    pub fn sums(&self, counts: &[f64], uniforms: &[f64], values: &mut [f64]) {
        match self.tables() {
            Some(sums) => sums.fill(counts, uniforms, values),
            None => values.copy_from_slice(counts),
        }
    }

    /// Makes the tables of sums of up to a million now, if they are not there yet: else they are made as counts ask for them.
    pub fn prepare(&self) {
        self.prepare_up_to(1e6);
    }

    /// Makes the tables of sums of up to `n` now, if they are not there yet.
    pub fn prepare_up_to(&self, n: f64) {
        if let Some(sums) = self.tables() {
            sums.prepare(n);
        }
    }

    /// What tells its tables of sums from those of other laws; none where sizes are fixed.
    pub fn tables_key(&self) -> Option<(MoneyShape, u64)> {
        match self.0.kind {
            Kind::Fixed => None,
            Kind::Lognormal { .. } => Some((MoneyShape::Lognormal, self.0.cv.to_bits())),
            Kind::Gamma { .. } => Some((MoneyShape::Gamma, self.0.cv.to_bits())),
        }
    }

    /// The tables of sums; none where sizes are fixed.
    #[inline]
    fn tables(&self) -> Option<&Sums> {
        let sums = || match self.0.kind {
            Kind::Fixed => None,
            Kind::Lognormal { .. } => Some(Sums::new(SumDistribution::Lognormal, self.0.cv)),
            Kind::Gamma { .. } => Some(Sums::new(SumDistribution::Gamma, self.0.cv)),
        };
        self.0.sums.get_or_init(sums).as_ref()
    }
}

fn log_table(known: &OnceLock<QuantileTable>, shape: f64) -> &QuantileTable {
    known.get_or_init(|| log_gamma_table(shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_gives_the_sizes_that_it_stands_for() {
        for (shape, cv) in [
            (MoneyShape::Lognormal, 0.1),
            (MoneyShape::Lognormal, 0.8),
            (MoneyShape::Lognormal, 3.0),
            (MoneyShape::Lognormal, 20.0),
            (MoneyShape::Gamma, 0.1),
            (MoneyShape::Gamma, 0.5),
            (MoneyShape::Gamma, 2.0),
            (MoneyShape::Gamma, 4.0),
        ] {
            let size = DealSize::new(shape, cv);
            let mut largest = 0.0_f64;
            // From the middle to both ends.
            for i in 0..53 * 200 {
                let distance = libm::exp2(-1.0 - f64::from(i) / 200.0);
                for (u, z) in [(distance, normal_quantile(distance)), (1.0 - distance, -normal_quantile(distance))] {
                    if u < 1.0 - 1e-9 {
                        largest = largest.max((size.draw(u) / size.at(z) - 1.0).abs());
                    }
                }
            }
            println!("{shape:?} {cv}: {largest:e}");
            assert!(largest <= 3e-7, "{shape:?} {cv}: {largest:e}");
            let mut before = 0.0;
            for i in 1..100_000 {
                let found = size.draw(f64::from(i) / 100_000.0);
                assert!(found > before, "{shape:?} {cv} at {i}");
                before = found;
            }
        }
    }

    #[test]
    fn one_size_has_the_mean_and_cv_asked_for() {
        for shape in [MoneyShape::Lognormal, MoneyShape::Gamma, MoneyShape::Fixed] {
            let size = DealSize::new(shape, 0.8);
            let n = 1_000_000;
            let draws = (0..n).map(|i| size.at(normal_quantile((f64::from(i) + 0.5) / f64::from(n))));
            let (sum, squares) = draws.fold((0.0, 0.0), |(s, q), x| (s + x, q + (x - 1.0) * (x - 1.0)));
            assert!((sum / f64::from(n) - 1.0).abs() < 1e-4);
            assert!((libm::sqrt(squares / f64::from(n)) - size.cv()).abs() < 2e-3);
        }
    }
}
