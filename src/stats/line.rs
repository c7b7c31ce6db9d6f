//! The straight line of least squares.

/// The slope of the straight line of least squares through y over x; 0 where x does not vary.
pub fn slope(x: &[f64], y: &[f64]) -> f64 {
    let (mx, my) = (mean(x), mean(y));
    let both: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
    let square: f64 = x.iter().map(|x| (x - mx) * (x - mx)).sum();
    if square > 0.0 { both / square } else { 0.0 }
}

/// y less that line.
pub fn residuals(x: &[f64], y: &[f64]) -> Vec<f64> {
    let (mx, my, slope) = (mean(x), mean(y), slope(x, y));
    x.iter().zip(y).map(|(x, y)| y - my - slope * (x - mx)).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_leaves_nothing_and_a_constant_has_none() {
        let (x, y) = ([1.0, 2.0, 4.0], [5.0, 7.0, 11.0]);
        assert_eq!((slope(&x, &y), residuals(&x, &y)), (2.0, vec![0.0; 3]));
        assert_eq!(slope(&[3.0; 3], &y), 0.0);
    }
}
