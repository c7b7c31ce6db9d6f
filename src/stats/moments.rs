//! Mean, standard deviation and their errors; the share of a variance that two passes have in common.

/// Mean and standard deviation of a sample, each with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation (divisor n − 1); 0 for a single value.
    pub sd: f64,
    /// Standard error of the mean, sd / √n.
    pub mean_error: f64,
    /// Standard error of the standard deviation, √((m₄ − s⁴) / n) / (2 s), from the sample's fourth moment.
    pub sd_error: f64,
}

impl Moments {
    /// The moments of `sample`; `None` when it is empty.
    ///
    /// ```
    /// # use revcast::stats::Moments;
    /// let m = Moments::of(&[1.0, 2.0, 3.0, 4.0]).unwrap();
    /// assert_eq!(m.mean, 2.5);
    /// assert!((m.sd - 1.2909944487358056).abs() < 1e-15);
    /// ```
    pub fn of(sample: &[f64]) -> Option<Moments> {
        let n = sample.len() as f64;
        let first = *sample.first()?;
        // Centred on the first value, so that large levels cost no digits.
        let [above] = in_strands(sample, |x| [x - first]);
        let mean = first + above / n;
        let [second, fourth] = in_strands(sample, |x| {
            let square = (x - mean) * (x - mean);
            [square, square * square]
        });
        let variance = if n > 1.0 { second / (n - 1.0) } else { 0.0 };
        let sd = libm::sqrt(variance);
        let sd_error =
            if sd > 0.0 { libm::sqrt((fourth / n - variance * variance).max(0.0) / n) / (2.0 * sd) } else { 0.0 };
        Some(Moments { mean, sd, mean_error: sd / libm::sqrt(n), sd_error })
    }
}

/// Sums over a sample in eight strands: a processor adds several numbers at once where none waits for the one before.
fn in_strands<const N: usize>(sample: &[f64], terms: impl Fn(f64) -> [f64; N]) -> [f64; N] {
    let mut sums = [[0.0; 8]; N];
    let mut add = |strand: usize, x: f64| {
        for (sum, term) in sums.iter_mut().zip(terms(x)) {
            sum[strand] += term;
        }
    };
    let chunks = sample.chunks_exact(8);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (strand, x) in chunk.iter().enumerate() {
            add(strand, *x);
        }
    }
    for (strand, x) in rest.iter().enumerate() {
        add(strand, *x);
    }
    sums.map(|strands| strands.iter().sum())
}

/// Cov(x, y) / Var over paired passes of the same law, and its standard error.
///
/// With y sharing some of x's causes and the rest drawn afresh, this is the share of the variance that the shared
/// causes explain. The variance is taken over both passes. The error is that of the linearised ratio
/// (influence values a·b − ρ(a² + b²)/2 of the standardised pairs). `None` when nothing varies.
pub fn covariance_share(x: &[f64], y: &[f64]) -> Option<(f64, f64)> {
    let n = x.len() as f64;
    let (mx, my) = (Moments::of(x)?, Moments::of(y)?);
    let scale = libm::sqrt(0.5 * (mx.sd * mx.sd + my.sd * my.sd));
    if scale.is_nan() || scale <= 0.0 || x.len() != y.len() {
        return None;
    }
    let pairs = || x.iter().zip(y).map(|(a, b)| ((a - mx.mean) / scale, (b - my.mean) / scale));
    let share = pairs().map(|(a, b)| a * b).sum::<f64>() / (n - 1.0);
    let spread = pairs().map(|(a, b)| a * b - share * 0.5 * (a * a + b * b)).map(|i| i * i).sum::<f64>();
    Some((share, libm::sqrt(spread) / n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_constants_have_no_error() {
        let m = Moments::of(&[7.0; 5]).unwrap();
        assert_eq!((m.mean, m.sd, m.mean_error, m.sd_error), (7.0, 0.0, 0.0, 0.0));
        assert!(Moments::of(&[]).is_none());
    }

    #[test]
    fn a_pass_shares_everything_with_itself_and_nothing_with_its_opposite_half() {
        let x: Vec<f64> = (0..100).map(f64::from).collect();
        let (share, error) = covariance_share(&x, &x).unwrap();
        assert!((share - 1.0).abs() < 1e-12 && error < 1e-12);
        assert!(covariance_share(&[1.0, 1.0], &[1.0, 1.0]).is_none());
    }
}
