//! Roots of functions of one variable between two ends.

/// A root of a rising function between `a` and `b`, where it has the values `ya` < 0 < `yb`, to within `tolerance`.
///
/// This is the ITP method (Oliveira and Takahashi 2020, An enhancement of the bisection method average performance preserving
/// minmax optimality, ACM Transactions on Mathematical Software 47, 5): an interpolated point is truncated towards the middle and
/// projected so near to it that the method takes at most one evaluation more than bisection (two where rounding leaves the last
/// interval a hair too wide), and about as few as the secant method where the function is smooth. The paper's κ₁ is 0.2 / (b − a), κ₂ is 2 and n₀ is 1.
///
/// ```
/// # use revcast::stats::root;
/// let sqrt = root(|x| x * x - 2.0, [0.0, 2.0], [-2.0, 2.0], 1e-9);
/// assert!((sqrt - 2.0_f64.sqrt()).abs() < 1e-9);
/// ```
pub fn root(
    mut f: impl FnMut(f64) -> f64,
    [mut a, mut b]: [f64; 2],
    [mut ya, mut yb]: [f64; 2],
    tolerance: f64,
) -> f64 {
    let k1 = 0.2 / (b - a);
    let bisections = (libm::ceil(libm::log2((b - a) / tolerance)) - 1.0).clamp(0.0, 1_000.0);
    let mut slack = tolerance * libm::exp2(bisections + 1.0);
    while b - a > 2.0 * tolerance {
        let middle = 0.5 * (a + b);
        let radius = slack - 0.5 * (b - a);
        let secant = (yb * a - ya * b) / (yb - ya);
        let towards = middle - secant;
        let step = k1 * ((b - a) * (b - a));
        let truncated = if step <= towards.abs() { secant + step.copysign(towards) } else { middle };
        let at = if (truncated - middle).abs() <= radius { truncated } else { middle - radius.copysign(towards) };
        let y = f(at);
        if y > 0.0 {
            (b, yb) = (at, y);
        } else if y < 0.0 {
            (a, ya) = (at, y);
        } else {
            return at;
        }
        slack *= 0.5;
    }
    0.5 * (a + b)
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
    fn no_function_takes_more_than_two_evaluations_more_than_bisection() {
        let functions: [fn(f64) -> f64; 4] =
            [|x| x * x * x - 0.3, |x| libm::exp(9.0 * x) - 5.0, |x| if x < 0.77 { -1.0 } else { 1e9 }, |x| x - 0.5];
        for f in functions {
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
            let exact = bisect([0.0, 1.0], 50, |a, b| 0.5 * (a + b), |x| f(x) >= 0.0);
            assert!((found - exact).abs() <= 1e-6 && count <= 21, "{found} {exact} {count}");
        }
    }
}
