//! Scores of a forecast that is an ensemble of draws, against what happened.

use super::quantile::Order;
use super::special::normal_quantile;

impl Order {
    /// The continuous ranked probability score of the ensemble for what happened, in its fair form, which does not depend on how many draws
    /// there are:
    /// 1/n Σ |xᵢ − y| − 1/(2n(n − 1)) Σᵢ Σⱼ |xᵢ − xⱼ|. It has the unit of the draws; smaller is better. For a single draw it is |x − y|.
    ///
    /// Source: Ferro, Richardson and Weigel 2008, On the effect of ensemble size on the discrete and continuous ranked probability scores.
    ///
    /// ```
    /// # use revcast::stats::Order;
    /// let ensemble = Order::of(vec![1.0, 2.0, 3.0, 4.0, 10.0]);
    /// assert_eq!(ensemble.crps(5.0), 1.0);
    /// ```
    pub fn crps(&self, happened: f64) -> f64 {
        let draws = self.values();
        let n = draws.len() as f64;
        let distance = draws.iter().map(|x| (x - happened).abs()).sum::<f64>() / n;
        if draws.len() < 2 {
            return distance;
        }
        // Half of the sum over pairs is Σ (2i − n + 1)·xᵢ, i counting the ascending draws from 0. Differences from the middle one lose no digits.
        let middle = draws[draws.len() / 2];
        let pairs: f64 = draws.iter().enumerate().map(|(i, x)| (2.0 * i as f64 - n + 1.0) * (x - middle)).sum();
        distance - pairs / (n * (n - 1.0))
    }

    /// The share of draws below what happened, the probability integral transform. Of draws that equal it the share `among` counts, a
    /// uniform number: so it is uniform for counts, too.
    pub fn pit(&self, happened: f64, among: f64) -> f64 {
        let draws = self.values();
        let below = draws.partition_point(|x| *x < happened);
        let equal = draws.partition_point(|x| *x <= happened) - below;
        (below as f64 + among * equal as f64) / draws.len() as f64
    }

    /// The normal score of a probability integral transform: Φ⁻¹ of it, where an ensemble of n draws says nothing beyond 1/(n + 1) and
    /// n/(n + 1). For a right forecast it is standard normal.
    pub fn normal_score(&self, pit: f64) -> f64 {
        let least = 1.0 / (self.values().len() as f64 + 1.0);
        normal_quantile(pit.clamp(least, 1.0 - least))
    }

    /// Whether what happened lies in the central band of a level, such as 0.8 for P10 to P90. A bound lies inside.
    pub fn is_inside(&self, happened: f64, level: f64) -> bool {
        let [low, high] = [0.5 * (1.0 - level), 0.5 * (1.0 + level)].map(|p| self.quantile(p));
        (low..=high).contains(&happened)
    }
}

/// The logarithm of the chance that a forecast gave to what happened, as a share of `draws` draws, of which no chance below 1/(draws + 1) is
/// known. In nats; larger is better, 0 is the best.
///
/// ```
/// # use revcast::stats::log_score;
/// assert!((log_score(0.5, 1000) + std::f64::consts::LN_2).abs() < 1e-15);
/// assert!((log_score(0.0, 999) + 1000_f64.ln()).abs() < 1e-12);
/// ```
pub fn log_score(share: f64, draws: usize) -> f64 {
    libm::log(share.max(1.0 / (draws as f64 + 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(n: usize, sd: f64) -> Order {
        Order::of((0..n).map(|i| sd * normal_quantile((i as f64 + 0.5) / n as f64)).collect())
    }

    #[test]
    fn the_fair_score_is_that_of_scoringrules() {
        // scoringrules 0.10.0, "fair"; the energy form would be 2.4, 0.6, 1.4, 6.4.
        let ensemble = Order::of(vec![10.0, 2.0, 3.0, 4.0, 1.0]);
        for (happened, score) in [(0.0, 2.0), (3.0, 0.2), (5.0, 1.0), (12.0, 6.0)] {
            assert!((ensemble.crps(happened) - score).abs() < 1e-14, "{happened}");
        }
        assert_eq!(Order::of(vec![7.0]).crps(4.0), 3.0);
        // Far from 0, no digit is lost.
        let far = Order::of([1.0, 2.0, 3.0, 4.0, 10.0].map(|x| x + 1e9).to_vec());
        assert!((far.crps(1e9) - 2.0).abs() < 1e-6);
    }

    #[test]
    fn many_draws_have_the_score_of_their_law() {
        // The closed forms of the standard normal, and of a lognormal.
        let ensemble = normal(20_000, 1.0);
        for (happened, score) in [(0.0, 0.2336949773), (1.0, 0.6024413576)] {
            assert!((ensemble.crps(happened) - score).abs() < 1e-4, "{}", ensemble.crps(happened));
        }
        let lognormal = Order::of(normal(20_000, 0.5).values().iter().map(|x| libm::exp(*x)).collect());
        assert!((lognormal.crps(1.5) - 0.2841185155).abs() < 1e-4);
        // Bands that are too narrow score worse on what is really drawn.
        let narrow = normal(2000, 0.6);
        let mean = |of: &Order| normal(500, 1.0).values().iter().map(|y| of.crps(*y)).sum::<f64>() / 500.0;
        assert!(mean(&narrow) > 1.03 * mean(&normal(2000, 1.0)));
    }

    #[test]
    fn ranks_among_equal_draws_are_shared_out() {
        let counts = Order::of(vec![1.0, 2.0, 2.0, 2.0, 5.0]);
        assert_eq!([0.0, 0.25, 1.0].map(|u| counts.pit(2.0, u)), [0.2, 0.35, 0.8]);
        assert_eq!((counts.pit(0.0, 0.9), counts.pit(6.0, 0.1)), (0.0, 1.0));
        // Beyond all draws a score is that of the outermost one.
        assert_eq!(counts.normal_score(1.0), normal_quantile(5.0 / 6.0));
        assert_eq!(counts.normal_score(0.0), -counts.normal_score(1.0));
        assert_eq!(counts.normal_score(0.5), 0.0);
    }

    #[test]
    fn a_bound_lies_inside_its_band() {
        let ensemble = Order::of((0..=100).map(f64::from).collect());
        assert!(ensemble.is_inside(10.0, 0.8) && ensemble.is_inside(90.0, 0.8));
        assert!(!ensemble.is_inside(9.9, 0.8) && !ensemble.is_inside(25.0 - 0.1, 0.5) && ensemble.is_inside(9.9, 0.9));
    }
}
