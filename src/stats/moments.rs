//! Mean, standard deviation and their errors; the share of a variance that two passes have in common.

/// Mean and standard deviation of a sample, each with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// The arithmetic mean of the sample.
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
        let mut sums = MomentSums::default();
        sums.first_pass(sample);
        sums.between_passes();
        sums.second_pass(sample);
        sums.moments()
    }
}

/// The sums that moments come from, of a sample that is seen twice, piece after piece: the second time with its mean known.
/// They do not depend on where the pieces begin and end.
#[derive(Clone, Debug, Default)]
pub struct MomentSums {
    /// How many values were seen in the present turn.
    n: usize,
    first: f64,
    mean: f64,
    above: [Strands; 1],
    /// Of squares and of fourth powers.
    powers: [Strands; 2],
}

/// A sum in eight strands, a value's strand its place modulo eight: a processor adds several numbers at once where none waits
/// for the one before.
type Strands = [f64; 8];

impl MomentSums {
    /// Takes in a piece of the sample for the first time.
    pub fn first_pass(&mut self, piece: &[f64]) {
        if self.n == 0 {
            self.first = piece.first().copied().unwrap_or_default();
        }
        // Centred on the first value, so that large levels cost no digits.
        let first = self.first;
        add(&mut self.above, self.n, piece, |x| [x - first]);
        self.n += piece.len();
    }

    /// Between the two times: finds the mean.
    pub fn between_passes(&mut self) {
        self.mean = self.first + self.above[0].iter().sum::<f64>() / self.n as f64;
        self.n = 0;
    }

    /// The mean; NaN or infinite where a value is, or where the sum has no end.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Whether all values seen so far are finite and so is their sum.
    pub fn is_finite(&self) -> bool {
        self.above[0].iter().all(|sum| sum.is_finite())
    }

    /// Takes in the same piece for the second time, when the mean is known.
    pub fn second_pass(&mut self, piece: &[f64]) {
        let mean = self.mean;
        add(&mut self.powers, self.n, piece, |x| {
            let square = (x - mean) * (x - mean);
            [square, square * square]
        });
        self.n += piece.len();
    }

    /// The moments, all seen twice; `None` when that was nothing.
    pub fn moments(&self) -> Option<Moments> {
        if self.n == 0 {
            return None;
        }
        let n = self.n as f64;
        let [second, fourth] = self.powers.map(|strands| strands.iter().sum::<f64>());
        let variance = if n > 1.0 { second / (n - 1.0) } else { 0.0 };
        let sd = libm::sqrt(variance);
        let sd_error =
            if sd > 0.0 { libm::sqrt((fourth / n - variance * variance).max(0.0) / n) / (2.0 * sd) } else { 0.0 };
        Some(Moments { mean: self.mean, sd, mean_error: sd / libm::sqrt(n), sd_error })
    }
}

/// Adds each value's terms to the strands; `before` values came before this piece.
#[inline]
fn add<const N: usize>(sums: &mut [Strands; N], before: usize, piece: &[f64], terms: impl Fn(f64) -> [f64; N]) {
    let mut now = *sums;
    let mut put = |strand: usize, x: f64| {
        for (sum, term) in now.iter_mut().zip(terms(x)) {
            sum[strand] += term;
        }
    };
    let (begun, piece) = piece.split_at((before.next_multiple_of(8) - before).min(piece.len()));
    for (strand, x) in begun.iter().enumerate() {
        put(before % 8 + strand, *x);
    }
    let chunks = piece.chunks_exact(8);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (strand, x) in chunk.iter().enumerate() {
            put(strand, *x);
        }
    }
    for (strand, x) in rest.iter().enumerate() {
        put(strand, *x);
    }
    *sums = now;
}

/// A share of a variance, and what each pair of values adds to it.
#[derive(Clone, Debug, PartialEq)]
pub struct VarianceShare {
    /// The share.
    pub share: f64,
    influences: Vec<f64>,
}

/// Cov(x, y) / Var over paired passes of the same law.
///
/// With y sharing some of x's causes and the rest drawn afresh, this is the share of the variance that the shared
/// causes explain. The variance is taken over both passes. `None` when nothing varies.
pub fn covariance_share(x: &[f64], y: &[f64]) -> Option<VarianceShare> {
    let n = x.len() as f64;
    let (mx, my) = (Moments::of(x)?, Moments::of(y)?);
    let scale = libm::sqrt(0.5 * (mx.sd * mx.sd + my.sd * my.sd));
    if scale.is_nan() || scale <= 0.0 || x.len() != y.len() {
        return None;
    }
    let pairs = || x.iter().zip(y).map(|(a, b)| ((a - mx.mean) / scale, (b - my.mean) / scale));
    let share = pairs().map(|(a, b)| a * b).sum::<f64>() / (n - 1.0);
    Some(VarianceShare { share, influences: pairs().map(|(a, b)| a * b - share * 0.5 * (a * a + b * b)).collect() })
}

impl VarianceShare {
    /// Its standard error, that of the linearised ratio: from influence values a·b − ρ(a² + b²)/2 of the standardised pairs.
    pub fn error(&self) -> f64 {
        libm::sqrt(self.influences.iter().map(|i| i * i).sum::<f64>()) / self.influences.len() as f64
    }

    /// By how much it is more than another of the same x, with which it goes together.
    pub fn less(&self, other: &VarianceShare) -> VarianceShare {
        let pairs = self.influences.iter().zip(&other.influences);
        VarianceShare { share: self.share - other.share, influences: pairs.map(|(a, b)| a - b).collect() }
    }
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
    fn pieces_of_any_length_give_the_moments_of_the_whole_to_the_bit() {
        let sample: Vec<f64> = (0..1_003).map(|i| libm::exp(f64::from(i % 97) * 0.1)).collect();
        for length in [1, 3, 8, 128, 500] {
            let mut sums = MomentSums::default();
            sample.chunks(length).for_each(|piece| sums.first_pass(piece));
            sums.between_passes();
            sample.chunks(length).for_each(|piece| sums.second_pass(piece));
            assert_eq!(sums.moments(), Moments::of(&sample), "{length}");
        }
    }

    #[test]
    fn a_pass_shares_everything_with_itself_and_nothing_with_its_opposite_half() {
        let x: Vec<f64> = (0..100).map(f64::from).collect();
        let found = covariance_share(&x, &x).unwrap();
        assert!((found.share - 1.0).abs() < 1e-12 && found.error() < 1e-12);
        assert!(covariance_share(&[1.0, 1.0], &[1.0, 1.0]).is_none());
    }
}
