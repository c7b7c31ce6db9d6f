//! What an input is worth knowing: how much narrower the range of outcomes would be.

use crate::stats::{Estimate, Moments, Selection, residuals};

/// Slices of futures with nearly the same value of an input.
const SLICES: usize = 20;
/// A slice has no fewer futures.
const SMALLEST: usize = 25;

/// How wide the 80 % range is, in slices of a sample.
#[derive(Debug)]
pub(super) struct Width {
    /// The mean of the slices' widths.
    mean: f64,
    error: f64,
}

/// The 80 % range P90 − P10 of a sample as a whole, and by slices that tell nothing of it, against which slices that do are held:
/// then what slices of that size get wrong about percentiles drops out.
pub(super) fn whole(sample: &[f64]) -> (Estimate, Option<Width>) {
    let size = sample.len() / SLICES;
    if size < SMALLEST {
        return (Estimate::UNKNOWN, None);
    }
    let slices: Vec<f64> = sample.chunks_exact(size).map(range).collect();
    let width = Moments::of(&slices).map(|m| Width { mean: m.mean, error: m.mean_error });
    (Estimate::new(range(sample), width.as_ref().map(|w| w.error)), width)
}

/// How much narrower the 80 % range would be, on average, if an input were known, as a share of its width: 1 − E[w(X)] / w, w(X)
/// being the range of the figure given the input. Futures are sliced by the input's value; within a slice, what still moves with
/// the input is taken out by a straight line.
pub(super) fn worth(normals: &[f64], sample: &[f64], whole: &Width) -> Estimate {
    let size = sample.len() / SLICES;
    let mut order: Vec<usize> = (0..sample.len()).collect();
    order.sort_unstable_by(|a, b| normals[*a].total_cmp(&normals[*b]).then(a.cmp(b)));
    let widths: Vec<f64> = order
        .chunks_exact(size)
        .map(|slice| {
            let z: Vec<f64> = slice.iter().map(|i| normals[*i]).collect();
            let y: Vec<f64> = slice.iter().map(|i| sample[*i]).collect();
            range(&residuals(&z, &y))
        })
        .collect();
    // Where the figure is the higher the wider, widths rise from slice to slice: that is no error.
    let places: Vec<f64> = (0..widths.len()).map(|i| i as f64).collect();
    let error = Moments::of(&residuals(&places, &widths)).map_or(f64::NAN, |m| m.mean_error);
    let mean = widths.iter().sum::<f64>() / widths.len() as f64;
    Estimate::new(1.0 - mean / whole.mean, Some(libm::hypot(error, whole.error * mean / whole.mean) / whole.mean))
}

fn range(sample: &[f64]) -> f64 {
    let mut selection = Selection::new(sample.len(), &[0.1, 0.9], &[]);
    selection.take(sample);
    selection.quantile(0.9) - selection.quantile(0.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Address, Purpose};

    fn normals(count: usize, set: u64) -> Vec<f64> {
        let mut stream = Address::new(1, set, Purpose::Input, 0, 0).stream(0);
        (0..count).map(|_| stream.normal()).collect()
    }

    #[test]
    fn knowing_a_summand_narrows_a_normal_by_what_is_left() {
        // Y = a X + e: the range given X is 1 / √(1 + a²) of the whole's. Five standard errors: a false alarm in a million.
        let (x, e) = (normals(20_000, 1), normals(20_000, 2));
        for a in [0.0, 0.5, 1.0, 3.0] {
            let y: Vec<f64> = x.iter().zip(&e).map(|(x, e)| 1000.0 + a * x + e).collect();
            let (width, slices) = whole(&y);
            let found = worth(&x, &y, &slices.unwrap());
            let left = 1.0 / libm::sqrt(1.0 + a * a);
            let (value, error) = (found.value.unwrap(), found.error.unwrap());
            assert!(error < 0.02 && (value - (1.0 - left)).abs() < 5.0 * error, "{a}: {found:?}, not {}", 1.0 - left);
            let (value, error) = (width.value.unwrap(), width.error.unwrap());
            assert!((value - 2.563103 / left).abs() < 5.0 * error, "{a}: {width:?}");
        }
    }

    #[test]
    fn a_few_futures_tell_no_worth() {
        assert!(whole(&normals(499, 1)).1.is_none());
    }
}
