//! How much of a cohort is still undecided, month after month, for any mean duration.

use std::sync::Arc;

use super::quantile_table::EvenTable;
use super::registry::Registry;
use super::sales_cycle::SalesCycle;
use crate::stats::{bisect, non_negative};

/// A duration's expected excess R(x) = E[(D − x)⁺] for mean 1, tabulated over ln x by cubic Hermite interpolation with exact
/// slopes (dR/d ln x = −x·P(D > x)); off by less than 10⁻⁹.
///
/// Of what arrives evenly over a month of L days, the part undecided at the end of the j-th month after it is
/// (R(jL/mean) − R((j + 1)L/mean))·mean/L: with G(t) = ∫₀ᵗ P(D ≤ s) ds = t − mean·(1 − R(t/mean)) that is
/// 1 − (G((j + 1)L) − G(jL))/L, without its cancellation.
#[derive(Clone, Debug)]
pub struct SalesCycleTable {
    delay: SalesCycle,
    /// Where the grid begins and ends.
    from: f64,
    to: f64,
    /// None where the excess takes less time to compute than to look up.
    table: Option<EvenTable>,
}

const POINTS: usize = 1024;

impl SalesCycleTable {
    /// The table of a duration, shared by all who ask for it.
    pub fn of(delay: &SalesCycle) -> Arc<SalesCycleTable> {
        static KNOWN: Registry<SalesCycleTable> = Registry::new();
        KNOWN.get(|table| table.delay == *delay, || SalesCycleTable::new(delay))
    }

    /// Makes the table of a duration.
    pub fn new(delay: &SalesCycle) -> SalesCycleTable {
        let delay = delay.clone();
        if delay.is_quick() {
            return SalesCycleTable { delay, from: f64::INFINITY, to: f64::INFINITY, table: None };
        }
        // Below `from` hardly anything is decided (or it is so short that it is computed anew), above `to` hardly anything is not.
        let from = edge(-9.0, 0.0, |y| delay.cdf(1.0, libm::exp(y)) > 1e-13);
        let decided = |y: f64| excess(&delay, libm::exp(y)) < 1e-15;
        // Not from far beyond, where the excess is the rounding of what it is a difference of.
        let beyond = (1..).map(|i| from + 0.5 * f64::from(i)).find(|y| decided(*y) || *y > 30.0).unwrap_or(30.0);
        let to = edge(from, beyond, decided);
        let table = EvenTable::new([from, to], POINTS, |y| {
            let x = libm::exp(y);
            (excess(&delay, x), -x * (1.0 - delay.cdf(1.0, x)))
        });
        SalesCycleTable { delay, from, to, table: Some(table) }
    }

    /// The duration that it tabulates.
    pub fn delay(&self) -> &SalesCycle {
        &self.delay
    }

    /// E[(D − x)⁺] for mean 1, at x and its logarithm.
    #[inline]
    pub fn excess(&self, x: f64, ln_x: f64) -> f64 {
        match &self.table {
            Some(table) if ln_x >= self.from => {
                if ln_x < self.to {
                    table.at(ln_x)
                } else {
                    0.0
                }
            }
            _ => excess(&self.delay, x),
        }
    }

    /// Of what arrives evenly over the last part f of a month, 1 for all of it, the part undecided when j months have ended since that
    /// month began, for a mean duration given in months with its logarithm: (R(j − 1) − R(j − 1 + f)) · mean/f.
    pub fn undecided(&self, (months, ln_months): (f64, f64), part: f64, j: usize) -> f64 {
        if j == 0 {
            return 1.0;
        }
        let excess = |j: f64| if j == 0.0 { 1.0 } else { self.excess(j / months, libm::log(j) - ln_months) };
        (excess((j - 1) as f64) - excess((j - 1) as f64 + part)) * months / part
    }
}

fn excess(delay: &SalesCycle, x: f64) -> f64 {
    non_negative(delay.integrated_cdf(1.0, x) - x + 1.0)
}

/// The place between `low` and `high` from which on a condition holds.
fn edge(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    bisect([low, high], 40, |low, high| 0.5 * (low + high), holds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::TimeShape;

    #[test]
    fn the_table_is_the_integral_that_it_stands_for() {
        for shape in [TimeShape::Lognormal, TimeShape::Gamma, TimeShape::Weibull, TimeShape::Fixed] {
            for cv in [0.05, 0.3, 0.5, 1.0, 2.0, 4.0] {
                let delay = SalesCycle::new(shape, cv);
                let table = SalesCycleTable::new(&delay);
                let mut largest = 0.0_f64;
                for i in -12_000..8_000 {
                    let y = f64::from(i) * 1e-3;
                    let x = libm::exp(y);
                    largest = largest.max((table.excess(x, y) - excess(&delay, x)).abs());
                }
                println!("{shape:?} {cv}: {largest:e}");
                assert!(largest < 1e-9, "{shape:?} {cv}: {largest:e}");
            }
        }
    }
}
