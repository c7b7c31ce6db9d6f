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

#[cfg(test)]
mod tests {
    use super::*;

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
}
