//! Draws of a gamma law whose shape changes from draw to draw, which no table pays for.

use super::Stream;

impl Stream {
    /// A draw of the gamma law with this shape and scale 1 (Marsaglia and Tsang 2000, by rejection; for a shape below 1 that of shape + 1
    /// times a uniform number to the power 1/shape). 0 for a shape of 0.
    ///
    /// ```
    /// # use revcast::chance::{Address, Purpose};
    /// let mut stream = Address::new(1, 0, Purpose::Fit, 0, 0).stream(0);
    /// let mean = (0..20_000).map(|_| stream.gamma(3.5)).sum::<f64>() / 20_000.0;
    /// assert!((mean - 3.5).abs() < 0.07); // five standard errors
    /// ```
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape <= 0.0 {
            return 0.0;
        }
        if shape < 1.0 {
            let below = libm::log(self.uniform()) / shape;
            return self.gamma(shape + 1.0) * libm::exp(below);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let z = self.normal();
            let root = 1.0 + c * z;
            let cube = root * root * root;
            if root > 0.0 && libm::log(self.uniform()) < 0.5 * z * z + d - d * cube + d * libm::log(cube) {
                return d * cube;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Address, Purpose};
    use crate::stats::special::gamma_p;

    /// The largest distance between the law of 20,000 draws and that of a gamma with this shape.
    fn distance(drawn: f64, law: f64) -> f64 {
        let mut stream = Address::new(7, 0, Purpose::Fit, 1, 0).stream(0);
        let mut draws: Vec<f64> = (0..20_000).map(|_| stream.gamma(drawn)).collect();
        draws.sort_by(f64::total_cmp);
        let n = draws.len() as f64;
        let off = |(i, x): (usize, &f64)| {
            let p = gamma_p(law, *x);
            (p - i as f64 / n).abs().max((p - (i as f64 + 1.0) / n).abs())
        };
        draws.iter().enumerate().map(off).fold(0.0, f64::max)
    }

    #[test]
    fn draws_follow_the_gamma_law() {
        // Kolmogorov and Smirnov: above 2.69/√n once in a million.
        let bound = 2.69 / libm::sqrt(20_000.0);
        for shape in [0.05, 0.7, 1.0, 4.5, 300.0] {
            assert!(distance(shape, shape) < bound, "{shape}");
            assert!(distance(shape, 1.06 * shape) > bound, "a law with another shape: {shape}");
        }
        assert_eq!(Address::new(7, 0, Purpose::Fit, 1, 0).stream(0).gamma(0.0), 0.0);
    }
}
