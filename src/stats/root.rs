//! Roots of functions of one variable between two ends.

/// A root of a function between `a` and `b`, where its values `ya` and `yb` have different signs, to within `tolerance`.
///
/// This is Chandrupatla's method (1997, A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function without using derivatives,
/// Advances in Engineering Software 28, 3): inverse quadratic interpolation where the last three values bear it, else bisection. No step is shorter than
/// `tolerance`, so that both sides close in. A value that is 0, or no number, ends the search where it was found.
///
/// ```
/// # use revcast::stats::root;
/// let sqrt = root(|x| x * x - 2.0, [0.0, 2.0], [-2.0, 2.0], 1e-9);
/// assert!((sqrt - 2.0_f64.sqrt()).abs() < 1e-9);
/// ```
pub fn root(mut f: impl FnMut(f64) -> f64, [a, b]: [f64; 2], [ya, yb]: [f64; 2], tolerance: f64) -> f64 {
    // The last place, and the nearest one on the other side of the root.
    let (mut last, mut other) = ((a, ya), (b, yb));
    let mut part = 0.5;
    while (other.0 - last.0).abs() > 2.0 * tolerance {
        let at = last.0 + part * (other.0 - last.0);
        let y = f(at);
        if y == 0.0 || y.is_nan() {
            return at;
        }
        let before = if (y > 0.0) == (last.1 > 0.0) { last } else { std::mem::replace(&mut other, last) };
        last = (at, y);
        let least = (tolerance / (other.0 - last.0).abs()).min(0.5);
        part = interpolated(last, other, before).unwrap_or(0.5).clamp(least, 1.0 - least);
    }
    0.5 * (last.0 + other.0)
}

/// The part of the way from the last place to the other side at which inverse quadratic interpolation has the root; `None` where the three places are
/// not fit for it.
fn interpolated((x1, y1): (f64, f64), (x2, y2): (f64, f64), (x3, y3): (f64, f64)) -> Option<f64> {
    let xi = (x1 - x2) / (x3 - x2);
    let phi = (y1 - y2) / (y3 - y2);
    let fit = phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi;
    fit.then(|| y1 / (y2 - y1) * (y3 / (y2 - y3)) + (x3 - x1) / (x2 - x1) * (y1 / (y3 - y1)) * (y2 / (y3 - y2)))
}

/// The place between `low` and `high` from which on a condition holds, after so many halvings of what `middle` calls the middle of
/// two numbers.
///
/// ```
/// # use revcast::stats::bisect;
/// let half = |low: f64, high: f64| 0.5 * (low + high);
/// assert!((bisect([0.0, 2.0], 40, half, |x| x * x >= 2.0) - 2.0_f64.sqrt()).abs() < 1e-11);
/// ```
pub fn bisect(
    [mut low, mut high]: [f64; 2],
    steps: usize,
    middle: impl Fn(f64, f64) -> f64,
    holds: impl Fn(f64) -> bool,
) -> f64 {
    for _ in 0..steps {
        let between = middle(low, high);
        *if holds(between) { &mut high } else { &mut low } = between;
    }
    middle(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smooth_functions_take_few_evaluations_and_no_function_takes_many() {
        type Function = fn(f64) -> f64;
        let functions: [(Function, u32); 5] = [
            (|x| x * x * x - 0.3, 9),
            (|x| 5.0 - libm::exp(9.0 * x), 14),
            (|x| if x < 0.77 { -1.0 } else { 1e9 }, 24),
            (|x| libm::floor(50.0 * x) - 20.5, 24),
            (|x| x - 0.3, 4),
        ];
        for (f, most) in functions {
            let mut count = 0;
            let found = root(
                |x| {
                    count += 1;
                    f(x)
                },
                [0.0, 1.0],
                [f(0.0), f(1.0)],
                1e-6,
            );
            let exact = bisect([0.0, 1.0], 50, |a, b| 0.5 * (a + b), |x| (f(x) >= 0.0) == (f(1.0) >= 0.0));
            assert!((found - exact).abs() <= 1e-6 && count <= most, "{found} {exact} {count}");
        }
    }
}
