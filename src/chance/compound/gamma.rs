//! The exact row of a gamma law.

use super::rows::{CountRow, PER_UNIT, POINTS, z_at};
use crate::stats::special::{ln_gamma_tails, normal_cdf, normal_density};

/// The row of X gamma with this shape and scale: Newton's method from point to point, outwards from the middle.
pub(super) fn gamma_row(shape: f64, scale: f64) -> CountRow {
    let ln_norm = libm::lgamma(shape);
    let mut logs = vec![0.0; POINTS];
    let middle = POINTS / 2;
    for upwards in [true, false] {
        let tails = |y: f64| {
            let (below, above) = ln_gamma_tails(shape, y);
            if upwards { above } else { below }
        };
        let sign = if upwards { -1.0 } else { 1.0 };
        let (mut y, mut slope) = (libm::log(shape), 0.0);
        for step in 0..=middle {
            let point = if upwards { middle + step } else { middle - step };
            let goal = libm::log(normal_cdf(-z_at(point).abs()));
            y -= sign * slope / PER_UNIT;
            for _ in 0..60 {
                let tail = tails(y);
                let density = shape * y - libm::exp(y) - ln_norm;
                // At most by as much as keeps a first step from the mean of a small shape in sight.
                let change =
                    (sign * (tail - goal) * libm::exp(tail - density)).clamp(-2.0 - 1.0 / shape, 2.0 + 1.0 / shape);
                y -= change;
                if change.abs() <= 1e-9 * (1.0 + y.abs()) {
                    break;
                }
            }
            logs[point] = y + libm::log(scale);
            slope = normal_density(z_at(point)) * libm::exp(ln_norm + libm::exp(y) - shape * y);
        }
    }
    CountRow::from_logs(logs.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::distribution::log_gamma_table;

    #[test]
    fn gamma_rows_are_those_of_the_table_of_the_law() {
        for shape in [0.0025, 0.1, 0.4, 1.0, 3.9, 100.0, 1e4] {
            let (row, table) = (gamma_row(shape, 2.0), log_gamma_table(shape));
            for point in 0..POINTS {
                let wanted = table.at(z_at(point)) + libm::log(2.0);
                let found = row.logs[point];
                assert!(
                    (found - wanted).abs() < 1e-9 * (1.0 + wanted.abs()),
                    "{shape} {point}: {found} is not {wanted}"
                );
            }
        }
    }
}
