//! Ranks and rank correlation.

/// Of fewer values nothing is known of a correlation's error, which the formula for many would put at 0.
const FEWEST: usize = 20;

/// Ranks of a sample from 1, ties sharing their mean rank.
pub fn ranks(sample: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..sample.len()).collect();
    order.sort_unstable_by(|&i, &j| sample[i].total_cmp(&sample[j]));
    let mut ranks = vec![0.0; sample.len()];
    let mut from = 0;
    while from < order.len() {
        let mut to = from + 1;
        while to < order.len() && sample[order[to]] == sample[order[from]] {
            to += 1;
        }
        for &i in &order[from..to] {
            ranks[i] = (from + to + 1) as f64 / 2.0;
        }
        from = to;
    }
    ranks
}

/// Spearman's rank correlation of two samples' ranks (from [`ranks`]) and its standard error,
/// (1 − ρ²)·√((1 + ρ²/2) / (n − 3)) (Bonett and Wright 2000, carried back from Fisher's z), unknown below
/// 20 values. `None` when either is constant.
pub fn spearman(x: &[f64], y: &[f64]) -> Option<(f64, Option<f64>)> {
    let n = x.len() as f64;
    let middle = (n + 1.0) / 2.0;
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        xy += (a - middle) * (b - middle);
        xx += (a - middle) * (a - middle);
        yy += (b - middle) * (b - middle);
    }
    if xx == 0.0 || yy == 0.0 {
        return None;
    }
    let rho = xy / libm::sqrt(xx * yy);
    let error = (x.len() >= FEWEST).then(|| (1.0 - rho * rho) * libm::sqrt((1.0 + rho * rho / 2.0) / (n - 3.0)));
    Some((rho, error))
}

/// Most slices into which a sample is cut by the ranks of another.
const MAX_SLICES: usize = 200;
/// A slice has about so many trials at least.
const SMALLEST_SLICE: usize = 10;
/// Fewer trials tell no share.
const FEWEST_OF_SHARES: usize = 100;
/// Batches of the jackknife.
const BATCHES: usize = 20;

/// The share of the variance of `y` that knowing x would take away, Var E[Y | X] / Var Y, with its standard error: the correlation ratio,
/// corrected for the number of slices as Kelley's ε² (1935). It holds for any dependence, also one that is not monotone.
///
/// Trials are cut into up to 200 slices by `ranks`, those of x (from [`ranks`]); equal values of x share a rank, and so a slice. What y
/// follows x within a slice is missed: of 10,000 trials less than 1 % of the share where y goes in a straight line with a normal x, some
/// 3 % where it goes with x². The error is that of a jackknife over 20 batches. `None` of fewer than 100 trials, or where y is constant.
pub fn correlation_ratio(ranks: &[f64], y: &[f64]) -> Option<(f64, f64)> {
    let n = y.len();
    let slices = (n / SMALLEST_SLICE).min(MAX_SLICES);
    if n < FEWEST_OF_SHARES || ranks.len() != n {
        return None;
    }
    let mean = y.iter().sum::<f64>() / n as f64;
    let slice = |rank: f64| (((rank - 0.5) / n as f64 * slices as f64) as usize).min(slices - 1);
    // Count, sum and sum of squares by batch and slice.
    let mut sums = vec![[[0.0; 3]; MAX_SLICES]; BATCHES];
    for (i, (rank, y)) in ranks.iter().zip(y).enumerate() {
        let (cell, y) = (&mut sums[i * BATCHES / n][slice(*rank)], y - mean);
        *cell = [cell[0] + 1.0, cell[1] + y, cell[2] + y * y];
    }
    let all: Vec<[f64; 3]> = (0..slices).map(|s| add(sums.iter().map(|batch| batch[s]))).collect();
    let share = ratio(&all).filter(|share| share.is_finite())?;
    let without = sums.iter().filter_map(|batch| {
        let rest: Vec<[f64; 3]> =
            all.iter().zip(batch).map(|(all, own)| std::array::from_fn(|k| all[k] - own[k])).collect();
        ratio(&rest)
    });
    let without: Vec<f64> = without.collect();
    let mean = without.iter().sum::<f64>() / without.len() as f64;
    let spread: f64 = without.iter().map(|x| (x - mean) * (x - mean)).sum();
    Some((share, libm::sqrt(spread * (BATCHES - 1) as f64 / BATCHES as f64)))
}

fn add(cells: impl Iterator<Item = [f64; 3]>) -> [f64; 3] {
    cells.fold([0.0; 3], |sum, cell| std::array::from_fn(|k| sum[k] + cell[k]))
}

/// 1 − the mean square within slices / the mean square of all.
fn ratio(slices: &[[f64; 3]]) -> Option<f64> {
    let filled = slices.iter().filter(|[count, ..]| *count > 0.0);
    let [n, sum, squares] = add(slices.iter().copied());
    let whole = squares - sum * sum / n;
    let between: f64 = filled.clone().map(|[count, sum, _]| sum * sum / count).sum();
    let within = squares - between;
    (whole > 0.0).then(|| 1.0 - within / (n - filled.count() as f64) / (whole / (n - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::normal_quantile;

    #[test]
    fn ties_share_their_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }

    #[test]
    fn a_few_values_have_a_correlation_without_an_error() {
        let values = |n: i32| ranks(&(0..n).map(f64::from).collect::<Vec<f64>>());
        assert_eq!(spearman(&values(5), &values(5)), Some((1.0, None)));
        assert_eq!(spearman(&values(20), &values(20)), Some((1.0, Some(0.0))));
    }

    #[test]
    fn correlation_of_opposite_orders_is_minus_one() {
        let (x, y) = (ranks(&[1.0, 2.0, 3.0, 4.0]), ranks(&[9.0, 7.0, 5.0, 1.0]));
        assert_eq!(spearman(&x, &y).unwrap().0, -1.0);
        assert!(spearman(&x, &ranks(&[1.0; 4])).is_none());
    }

    /// Standard normals from the numbers of SplitMix64.
    fn normals(count: usize, set: u64) -> Vec<f64> {
        let normal = |i: u64| {
            let mut x = (i + 1 + (set << 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            normal_quantile((((x ^ (x >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64)
        };
        (0..count as u64).map(normal).collect()
    }

    #[test]
    fn the_correlation_ratio_holds_for_any_dependence() {
        let n = 20_000;
        let (x, e) = (normals(n, 1), normals(n, 2));
        let discrete: Vec<f64> = x.iter().map(|x| if *x < -1.405 { 0.0 } else { 1.0 }).collect();
        // Share of the variance by x: half of x + e; all of x², whose rank correlation is none; of a rare value, 10² p (1 − p), to 1.
        let p = 0.08;
        let rare = 100.0 * p * (1.0 - p);
        let y = |of: &dyn Fn(usize) -> f64| (0..n).map(of).collect::<Vec<f64>>();
        for (values, y, share, bias) in [
            (&x, y(&|i| x[i] + e[i]), 0.5, 0.006),
            (&x, y(&|i| x[i] * x[i]), 1.0, 0.04),
            (&discrete, y(&|i| 10.0 * discrete[i] + e[i]), rare / (1.0 + rare), 0.001),
            (&x, e.clone(), 0.0, 0.0),
        ] {
            // Five standard errors: a false alarm in a million.
            let (found, error) = correlation_ratio(&ranks(values), &y).unwrap();
            assert!((found - share).abs() < 5.0 * error + bias && error < 0.02, "{found} ± {error}, not {share}");
        }
        assert!(correlation_ratio(&ranks(&x[..99]), &e[..99]).is_none());
        assert!(correlation_ratio(&ranks(&x), &vec![7.0; n]).is_none());
    }
}
