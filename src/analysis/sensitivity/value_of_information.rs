//! What an input is worth knowing: how much narrower the range of outcomes would be.

use crate::chance::{Distribution, Half};
use crate::stats::{Estimate, Moments, Selection, residuals};

/// Slices of futures with nearly the same value of an input.
const SLICES: usize = 20;
/// A slice has no fewer futures.
const SMALLEST: usize = 25;

/// How wide the 80 % range is, on average over slices that tell nothing of the figure.
#[derive(Debug)]
pub(super) struct Width {
    mean: f64,
    /// That of all futures together, against which the values of a discrete input are held.
    range: f64,
    /// The two on each half of the futures.
    halves: Vec<(Half, [f64; 2])>,
}

/// The 80 % range P90 − P10 of a sample as a whole, and by slices that tell nothing of it, against which slices that do are held:
/// then what slices of that size get wrong about percentiles drops out.
pub(super) fn whole(sample: &[f64]) -> (Estimate, Option<Width>) {
    let size = sample.len() / SLICES;
    if size < SMALLEST {
        return (Estimate::UNKNOWN, None);
    }
    let slices: Vec<f64> = sample.chunks_exact(size).map(range).collect();
    let widths = Moments::of(&slices);
    let of_half = |half: Half| {
        let inside: Vec<f64> = (0..sample.len()).filter(|i| half.has(*i)).map(|i| sample[i]).collect();
        (half, [mean_of_slices(&inside, range), range(&inside)])
    };
    let halves = Half::all(sample.len()).into_iter().map(of_half).collect();
    let all = range(sample);
    let width = widths.map(|m| Width { mean: m.mean, range: all, halves });
    (Estimate::new(all, widths.map(|m| m.mean_error)), width)
}

/// How much narrower the 80 % range would be, on average, if an input were known, as a share of its width: 1 − E[w(X)] / w, w(X)
/// being the range of the figure given the input. Futures are sliced by the input's value, equal values of a discrete law apart from others;
/// within a slice, what still moves with the input is taken out by a straight line. The error is the standard deviation of the same on random
/// halves of the futures.
pub(super) fn worth(law: &Distribution, normals: &[f64], sample: &[f64], whole: &Width) -> Estimate {
    let mut order: Vec<usize> = (0..sample.len()).collect();
    order.sort_unstable_by(|a, b| normals[*a].total_cmp(&normals[*b]).then(a.cmp(b)));
    let values: Vec<f64> = normals.iter().map(|z| law.at(*z)).collect();
    let width = |slice: &[usize]| {
        let z: Vec<f64> = slice.iter().map(|i| normals[*i]).collect();
        let y: Vec<f64> = slice.iter().map(|i| sample[*i]).collect();
        range(&residuals(&z, &y))
    };
    let share_left = |order: &[usize], [mean, range]: [f64; 2]| {
        let groups: Vec<&[usize]> = order.chunk_by(|a, b| values[*a] == values[*b]).collect();
        // Of a continuous law no more than the outermost values are alike.
        if groups.len() > order.len() / 2 {
            return mean_of_slices(order, width) / mean;
        }
        let weighted = |value: &Vec<usize>| value.len() as f64 / order.len() as f64 * width(value);
        by_value(groups).iter().map(weighted).sum::<f64>() / range
    };
    let of_half = |(half, widths): &(Half, [f64; 2])| {
        let inside: Vec<usize> = order.iter().copied().filter(|i| half.has(*i)).collect();
        1.0 - share_left(&inside, *widths)
    };
    let halves: Vec<f64> = whole.halves.iter().map(of_half).collect();
    Estimate::new(1.0 - share_left(&order, [whole.mean, whole.range]), Moments::of(&halves).map(|m| m.sd))
}

/// The mean of a figure of each slice.
fn mean_of_slices<T>(values: &[T], of: impl FnMut(&[T]) -> f64) -> f64 {
    let slices = values.chunks_exact((values.len() / SLICES).max(1));
    let count = slices.len() as f64;
    slices.map(of).sum::<f64>() / count
}

/// The futures by value; a value with too few of them goes with the one before.
fn by_value(groups: Vec<&[usize]>) -> Vec<Vec<usize>> {
    let mut values: Vec<Vec<usize>> = Vec::new();
    for group in groups {
        match values.last_mut() {
            Some(before) if group.len() < SMALLEST || before.len() < SMALLEST => before.extend_from_slice(group),
            _ => values.push(group.to_vec()),
        }
    }
    values
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
    use crate::stats::special::normal_quantile;

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
            let found = worth(&Distribution::normal(0.0, 1.0).unwrap(), &x, &y, &slices.unwrap());
            let left = 1.0 / libm::sqrt(1.0 + a * a);
            let (value, error) = (found.value.unwrap(), found.error.unwrap());
            assert!(error < 0.02 && (value - (1.0 - left)).abs() < 5.0 * error, "{a}: {found:?}, not {}", 1.0 - left);
            let (value, error) = (width.value.unwrap(), width.error.unwrap());
            assert!((value - 2.563103 / left).abs() < 5.0 * error, "{a}: {width:?}");
        }
    }

    #[test]
    fn the_error_is_that_of_other_futures() {
        let of = |set: u64| {
            let (x, e) = (normals(1_000, 2 * set), normals(1_000, 2 * set + 1));
            let y: Vec<f64> = x.iter().zip(&e).map(|(x, e)| 0.5 * x + e).collect();
            let found = worth(&Distribution::normal(0.0, 1.0).unwrap(), &x, &y, &whole(&y).1.unwrap());
            (found.value.unwrap(), found.error.unwrap())
        };
        let all: Vec<(f64, f64)> = (0..100).map(of).collect();
        let scatter = Moments::of(&all.iter().map(|(value, _)| *value).collect::<Vec<f64>>()).unwrap().sd;
        let stated = Moments::of(&all.iter().map(|(_, error)| *error).collect::<Vec<f64>>()).unwrap().mean;
        // A standard deviation of 100 has an error of 1 in 14: four of them are a false alarm in 15,000. Halves err some 20 % on the wide
        // side; errors of both widths in square are 1.7 times too wide.
        assert!((0.8..1.5).contains(&(stated / scatter)), "{stated} stated, {scatter} found");
    }

    #[test]
    fn knowing_a_value_of_few_narrows_by_what_is_left_of_each() {
        // Y = v X + e, and each value of X alone decides where Y lies: the whole's range goes from the (0.1 − q)/m quantile of the middle
        // value to the one across, that given X from its own P10 to P90. Five standard errors: a false alarm in a million.
        for (edge, middle, futures) in [(0.05, 0.9, 4_000), (0.07, 0.86, 10_000), (0.03, 0.94, 50_000)] {
            let law = Distribution::discrete(&[0.2, 0.3, 0.4], &[edge, middle, edge]).unwrap();
            let (x, e) = (normals(futures, 3), normals(futures, 4));
            let y: Vec<f64> = x.iter().zip(&e).map(|(x, e)| 1e6 * law.at(*x) + 100.0 * e).collect();
            let (_, slices) = whole(&y);
            let found = worth(&law, &x, &y, &slices.unwrap());
            let exact = 1.0 - normal_quantile(0.9) / normal_quantile(1.0 - (0.1 - edge) / middle);
            let (value, error) = (found.value.unwrap(), found.error.unwrap());
            assert!(error < 0.06 && (value - exact).abs() < 5.0 * error, "{edge}: {found:?}, not {exact}");
        }
    }

    #[test]
    fn a_few_futures_tell_no_worth() {
        assert!(whole(&normals(499, 1)).1.is_none());
    }
}
