//! How much of a duration is left at an age, and when it ends, for any mean duration.

use std::sync::Arc;

use super::quantile_table::{CELLS, EvenTable, OctaveTable, cell_start};
use super::registry::Registry;
use super::sales_cycle::SalesCycle;
use crate::stats::bisect;
use crate::stats::special::normal_quantile;

/// P(D > t) of a duration, and the time at which it has a value, from tables made once for mean 1: the first over ln x by cubic Hermite
/// interpolation, the second in octaves of the probability.
///
/// Both are compared with the law when they are made: where the first is off by more than 10⁻⁸ of itself (of 10⁻⁹ further out) or the
/// second by more than 10⁻⁷ of itself between its points, the law takes its place.
#[derive(Clone, Debug)]
pub struct SurvivalTable {
    delay: SalesCycle,
    /// Where the grid of ln x begins and ends: before it hardly anything has ended, after it hardly anything has not.
    from: f64,
    to: f64,
    survival: Option<EvenTable>,
    inverse: Option<OctaveTable>,
}

/// The numbers of grid points that are tried.
const POINTS: [usize; 3] = [1024, 4096, 16_384];
/// What has ended before the grid begins, and what is left at its end.
const BEFORE: f64 = 1e-13;
const BEYOND: f64 = 1e-16;

impl SurvivalTable {
    /// The tables of a duration, shared by all who ask for them.
    pub fn of(delay: &SalesCycle) -> Arc<SurvivalTable> {
        static KNOWN: Registry<SurvivalTable> = Registry::new();
        KNOWN.get(|table| table.delay == *delay, || SurvivalTable::new(delay))
    }

    /// Makes the tables of a duration.
    pub fn new(delay: &SalesCycle) -> SurvivalTable {
        let delay = delay.clone();
        if delay.is_quick() {
            return SurvivalTable { delay, from: 0.0, to: 0.0, survival: None, inverse: None };
        }
        let left = |y: f64| delay.survival(1.0, libm::exp(y));
        let edge =
            |low, high, holds: &dyn Fn(f64) -> bool| bisect([low, high], 40, |low, high| 0.5 * (low + high), holds);
        let from = edge(-12.0, 0.0, &|y| delay.cdf(1.0, libm::exp(y)) > BEFORE);
        let ended = |y: f64| left(y) < BEYOND;
        let beyond = (1..).map(|i| from + 0.5 * f64::from(i)).find(|y| ended(*y) || *y > 30.0).unwrap_or(30.0);
        let to = edge(from, beyond, &ended);
        let point = |y: f64| {
            let x = libm::exp(y);
            (left(y), -x * delay.density(x))
        };
        let good = |table: &EvenTable| {
            table.middles().all(|y| {
                let exact = left(y);
                (table.at(y) - exact).abs() <= 1e-8 * exact.max(1e-9)
            })
        };
        let survival = POINTS.iter().map(|points| EvenTable::new([from, to], *points, point)).find(good);
        let inverse = OctaveTable::new(|z| {
            let x = delay.at(-z);
            (x, -1.0 / delay.density(x))
        });
        let good = |cell: usize| {
            let low = 0.5 * (cell_start(cell) + cell_start(cell + 1));
            // As far from 1 as the number tells.
            let high = 1.0 - low;
            [(low, -normal_quantile(low)), (high, normal_quantile(1.0 - high))].into_iter().all(|(s, z)| {
                let exact = delay.at(z);
                s == 1.0 || (inverse.at(s) - exact).abs() <= 1e-7 * exact
            })
        };
        let inverse = (0..CELLS - 1).all(good).then_some(inverse);
        SurvivalTable { delay, from, to, survival, inverse }
    }

    /// The duration that it tabulates.
    pub fn delay(&self) -> &SalesCycle {
        &self.delay
    }

    /// P(D > t) for a mean, both with their logarithms.
    #[inline]
    pub fn survival(&self, (mean, ln_mean): (f64, f64), (t, ln_t): (f64, f64)) -> f64 {
        let Some(table) = &self.survival else { return self.delay.survival(mean, t) };
        let y = ln_t - ln_mean;
        if y >= self.to {
            0.0
        } else if y >= self.from {
            table.at(y)
        } else {
            self.delay.survival(mean, t)
        }
    }

    /// The time at which P(D > t) is `s`, for a mean.
    #[inline]
    pub fn survived(&self, mean: f64, s: f64) -> f64 {
        match &self.inverse {
            Some(table) => mean * table.at(s),
            None => self.delay.survived(mean, s),
        }
    }

    /// [`SurvivalTable::survived`] of mean 1 at each of some values, in their place.
    pub fn survived_all(&self, values: &mut [f64]) {
        match &self.inverse {
            Some(table) => table.at_all(values),
            None => values.iter_mut().for_each(|s| *s = self.delay.survived(1.0, *s)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::TimeShape;

    fn laws() -> impl Iterator<Item = SalesCycle> {
        let shapes = [TimeShape::Lognormal, TimeShape::Gamma, TimeShape::Weibull, TimeShape::Fixed];
        let cvs = [0.05, 0.3, 0.5, 1.0, 2.0, 4.0];
        let points = SalesCycle::through(&[0.0, 7.0, 30.0, 90.0, 180.0], &[0.0, 0.3, 0.5, 0.9, 1.0]);
        shapes.into_iter().flat_map(move |shape| cvs.map(|cv| SalesCycle::new(shape, cv))).chain([points])
    }

    #[test]
    fn tables_are_the_laws_that_they_stand_for() {
        for delay in laws() {
            let table = SurvivalTable::new(&delay);
            let mean = (40.0, libm::log(40.0));
            let mut largest = 0.0_f64;
            for i in -12_000..8_000 {
                let ln_t = f64::from(i) * 1e-3;
                let t = libm::exp(ln_t);
                let exact = delay.survival(mean.0, t);
                let found = table.survival(mean, (t, ln_t));
                largest = largest.max((found - exact).abs() / exact.max(1e-9));
            }
            println!("{delay:?}: {largest:e} {} {}", table.survival.is_some(), table.inverse.is_some());
            assert!(largest < 2e-7, "{delay:?}: {largest:e}");
            for i in 1..20_000 {
                let s = f64::from(i) / 20_000.0;
                for s in [s, s * 1e-6] {
                    let exact = delay.survived(mean.0, s);
                    let found = table.survived(mean.0, s);
                    assert!((found - exact).abs() <= 1e-6 * exact, "{delay:?} {s}: {found} {exact}");
                }
            }
        }
    }

    #[test]
    fn usual_laws_are_tabulated() {
        for (shape, cv) in [TimeShape::Lognormal, TimeShape::Gamma, TimeShape::Weibull]
            .into_iter()
            .flat_map(|shape| [0.2, 0.5, 1.0].map(|cv| (shape, cv)))
        {
            let table = SurvivalTable::new(&SalesCycle::new(shape, cv));
            assert!(table.survival.is_some() && table.inverse.is_some(), "{shape:?} {cv}");
        }
    }
}
