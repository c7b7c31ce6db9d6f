//! Correlated uncertain inputs: a Gaussian copula on the standard normals that the inputs are drawn from.

use thiserror::Error;

/// The lower triangular factor L of the correlation matrix, z = L e, kept as sparse rows.
#[derive(Clone, Debug, Default)]
pub struct Copula {
    /// (input, its coefficients on the independent normals of inputs up to it), for inputs that are correlated.
    rows: Vec<(usize, Vec<(usize, f64)>)>,
    /// The inputs that are correlated, in groups that have nothing to do with each other.
    groups: Vec<Vec<usize>>,
}

/// Correlations that no joint law has.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("no joint law has these correlations")]
pub struct CopulaError {
    /// Pairs of the inputs concerned, with the correlations of the nearest matrix that would do.
    pub nearest: Vec<(usize, usize, f64)>,
}

impl Copula {
    /// The copula of `inputs` inputs with these correlated pairs (i, j, ρ); pairs not listed are independent.
    ///
    /// # Errors
    /// [`CopulaError`] when the matrix has a negative eigenvalue, with the nearest correlation matrix (Higham 2002).
    pub fn new(inputs: usize, pairs: &[(usize, usize, f64)]) -> Result<Copula, CopulaError> {
        let mut rows = Vec::new();
        let mut nearest = Vec::new();
        let groups = connected(inputs, pairs);
        for group in &groups {
            let matrix = Matrix::of(group, pairs);
            if matrix.eigen().0.iter().any(|value| *value < -1e-9) {
                let near = matrix.nearest_correlation();
                for i in 0..group.len() {
                    for j in 0..i {
                        let rho = near.at(i, j);
                        if rho != 0.0 {
                            nearest.push((group[j], group[i], rho));
                        }
                    }
                }
                continue;
            }
            let factor = matrix.cholesky();
            for (i, &input) in group.iter().enumerate().skip(1) {
                let row = (0..=i).map(|j| (group[j], factor.at(i, j))).filter(|(_, c)| *c != 0.0).collect();
                rows.push((input, row));
            }
        }
        if !nearest.is_empty() {
            return Err(CopulaError { nearest });
        }
        // From the last input down, so that each row still finds the independent normals of those before it.
        rows.sort_unstable_by_key(|(input, _)| std::cmp::Reverse(*input));
        Ok(Copula { rows, groups })
    }

    /// The inputs that are correlated, in groups that have nothing to do with each other, members ascending.
    pub fn groups(&self) -> &[Vec<usize>] {
        &self.groups
    }

    /// The best linear prediction of the normals of `wanted` from those of `known`, all of one group: a row of coefficients for
    /// each that is wanted. What is left over has nothing to do with what is known, as the normals are jointly normal.
    pub fn prediction(&self, known: &[usize], wanted: &[usize]) -> Vec<Vec<f64>> {
        let all: Vec<usize> = known.iter().chain(wanted).copied().collect();
        let mut matrix = Matrix::zero(all.len());
        for (i, a) in all.iter().enumerate() {
            for (j, b) in all.iter().enumerate() {
                *matrix.at_mut(i, j) = self.correlation(*a, *b);
            }
        }
        let l = matrix.cholesky();
        let of = |row: usize| {
            let mut x = vec![0.0; known.len()];
            for j in (0..known.len()).rev() {
                let rest = l.at(row, j) - (j + 1..known.len()).map(|k| x[k] * l.at(k, j)).sum::<f64>();
                // What is known already tells all of it.
                x[j] = if l.at(j, j) > 0.0 { rest / l.at(j, j) } else { 0.0 };
            }
            x
        };
        (known.len()..all.len()).map(of).collect()
    }

    fn correlation(&self, a: usize, b: usize) -> f64 {
        let row = |input: usize| {
            let found = self.rows.iter().find(|(i, _)| *i == input);
            found.map_or_else(|| vec![(input, 1.0)], |(_, row)| row.clone())
        };
        let other = row(b);
        let with = |j: usize| other.iter().find(|(k, _)| *k == j).map_or(0.0, |(_, c)| *c);
        row(a).into_iter().map(|(j, c)| c * with(j)).sum()
    }

    /// Turns independent standard normals into correlated ones, in place.
    pub fn correlate(&self, normals: &mut [f64]) {
        self.correlate_lanes(normals, 1);
    }

    /// The same for `lanes` trials abreast: the normals of the first input, trial by trial, then those of the second, ….
    pub fn correlate_lanes(&self, normals: &mut [f64], lanes: usize) {
        for (input, row) in &self.rows {
            for lane in 0..lanes {
                normals[input * lanes + lane] = row.iter().map(|(j, c)| c * normals[j * lanes + lane]).sum();
            }
        }
    }
}

/// The groups of two or more inputs linked by pairs, members ascending.
fn connected(inputs: usize, pairs: &[(usize, usize, f64)]) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..inputs).collect();
    let find = |leader: &[usize], mut i: usize| {
        while leader[i] != i {
            i = leader[i];
        }
        i
    };
    for &(i, j, _) in pairs {
        let (a, b) = (find(&leader, i), find(&leader, j));
        leader[a.max(b)] = a.min(b);
    }
    let mut groups = vec![Vec::new(); inputs];
    for i in 0..inputs {
        groups[find(&leader, i)].push(i);
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// A small symmetric matrix. Its few algorithms are written out: a linear algebra crate would cost more to build than all of this.
#[derive(Clone, Debug)]
struct Matrix {
    n: usize,
    cells: Vec<f64>,
}

impl Matrix {
    fn zero(n: usize) -> Matrix {
        Matrix { n, cells: vec![0.0; n * n] }
    }

    fn of(group: &[usize], pairs: &[(usize, usize, f64)]) -> Matrix {
        let mut matrix = Matrix::zero(group.len());
        for i in 0..group.len() {
            *matrix.at_mut(i, i) = 1.0;
        }
        for &(a, b, rho) in pairs {
            if let (Ok(i), Ok(j)) = (group.binary_search(&a), group.binary_search(&b)) {
                *matrix.at_mut(i, j) = rho;
                *matrix.at_mut(j, i) = rho;
            }
        }
        matrix
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.cells[i * self.n + j]
    }

    fn at_mut(&mut self, i: usize, j: usize) -> &mut f64 {
        &mut self.cells[i * self.n + j]
    }

    /// L with L Lᵀ = self, for a positive semi-definite matrix: a vanishing pivot leaves its column 0.
    fn cholesky(&self) -> Matrix {
        let n = self.n;
        let mut l = Matrix::zero(n);
        for j in 0..n {
            let pivot = self.at(j, j) - (0..j).map(|k| l.at(j, k) * l.at(j, k)).sum::<f64>();
            let root = if pivot > 1e-12 { libm::sqrt(pivot) } else { 0.0 };
            *l.at_mut(j, j) = root;
            for i in j + 1..n {
                let rest = self.at(i, j) - (0..j).map(|k| l.at(i, k) * l.at(j, k)).sum::<f64>();
                *l.at_mut(i, j) = if root > 0.0 { rest / root } else { 0.0 };
            }
        }
        l
    }

    /// Eigenvalues and eigenvectors (columns) by cyclic Jacobi rotations.
    fn eigen(&self) -> (Vec<f64>, Matrix) {
        let n = self.n;
        let mut a = self.clone();
        let mut v = Matrix::zero(n);
        for i in 0..n {
            *v.at_mut(i, i) = 1.0;
        }
        for _ in 0..60 {
            let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a.at(i, j) * a.at(i, j)).sum();
            if off < 1e-24 {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    if a.at(p, q) == 0.0 {
                        continue;
                    }
                    let theta = (a.at(q, q) - a.at(p, p)) / (2.0 * a.at(p, q));
                    let t = libm::copysign(1.0, theta) / (theta.abs() + libm::sqrt(theta * theta + 1.0));
                    let c = 1.0 / libm::sqrt(t * t + 1.0);
                    let s = t * c;
                    for k in 0..n {
                        let (kp, kq) = (a.at(k, p), a.at(k, q));
                        *a.at_mut(k, p) = c * kp - s * kq;
                        *a.at_mut(k, q) = s * kp + c * kq;
                    }
                    for k in 0..n {
                        let (pk, qk) = (a.at(p, k), a.at(q, k));
                        *a.at_mut(p, k) = c * pk - s * qk;
                        *a.at_mut(q, k) = s * pk + c * qk;
                        let (vp, vq) = (v.at(k, p), v.at(k, q));
                        *v.at_mut(k, p) = c * vp - s * vq;
                        *v.at_mut(k, q) = s * vp + c * vq;
                    }
                }
            }
        }
        ((0..n).map(|i| a.at(i, i)).collect(), v)
    }

    /// The nearest matrix with eigenvalues of at least `floor`, the diagonal left as it falls.
    fn clipped(&self, floor: f64) -> Matrix {
        let (values, vectors) = self.eigen();
        let mut out = Matrix::zero(self.n);
        for i in 0..self.n {
            for j in 0..self.n {
                *out.at_mut(i, j) =
                    (0..self.n).map(|k| values[k].max(floor) * vectors.at(i, k) * vectors.at(j, k)).sum();
            }
        }
        out
    }

    /// Alternating projections with Dykstra's correction (Higham 2002, IMA J. Numer. Anal. 22), then rounded to three
    /// decimals towards 0 and pulled to the identity until the rounded matrix will do.
    fn nearest_correlation(&self) -> Matrix {
        let n = self.n;
        let mut y = self.clone();
        let mut correction = Matrix::zero(n);
        for _ in 0..300 {
            let mut r = y.clone();
            r.cells.iter_mut().zip(&correction.cells).for_each(|(x, c)| *x -= c);
            let x = r.clipped(0.0);
            for (c, (a, b)) in correction.cells.iter_mut().zip(x.cells.iter().zip(&r.cells)) {
                *c = a - b;
            }
            y = x;
            for i in 0..n {
                *y.at_mut(i, i) = 1.0;
            }
        }
        let mut pull = 1.0;
        loop {
            let mut rounded = y.clone();
            for i in 0..n {
                for j in 0..n {
                    if i != j {
                        *rounded.at_mut(i, j) = libm::trunc(y.at(i, j) * pull * 1_000.0) / 1_000.0;
                    }
                }
            }
            if rounded.eigen().0.iter().all(|value| *value >= 0.0) {
                return rounded;
            }
            pull -= 0.001;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_are_predicted_from_those_known() {
        let copula = Copula::new(5, &[(0, 2, 0.5), (0, 4, 0.5), (2, 4, 0.5)]).unwrap();
        assert_eq!(copula.groups(), [vec![0, 2, 4]]);
        // Of three with ρ = ½, two predict the third by a third of each: ρ / (1 + ρ).
        let row = &copula.prediction(&[4, 0], &[2])[0];
        assert!(row.iter().all(|c| (c - 1.0 / 3.0).abs() < 1e-12), "{row:?}");
        let rows = copula.prediction(&[2], &[0, 4]);
        assert!(rows.iter().all(|row| (row[0] - 0.5).abs() < 1e-12), "{rows:?}");
        // What is known twice counts once.
        let same = Copula::new(3, &[(0, 1, 1.0), (0, 2, 0.6), (1, 2, 0.6)]).unwrap();
        let row = &same.prediction(&[0, 1], &[2])[0];
        assert!((row[0] + row[1] - 0.6).abs() < 1e-12, "{row:?}");
    }
    use crate::chance::{Address, Purpose};
    use crate::stats::{ranks, spearman};

    #[test]
    fn correlated_normals_have_the_spearman_correlation_of_the_copula() {
        // ρ = 0.5 gives (6/π) asin(ρ/2) = 0.482584. 40,000 draws, seed fixed; 4.9 standard errors: false alarm 1e-6.
        let copula = Copula::new(3, &[(0, 2, 0.5)]).unwrap();
        let (mut x, mut y, mut other) = (Vec::new(), Vec::new(), Vec::new());
        let mut stream = Address::new(3, 0, Purpose::Input, 0, 0).stream(0);
        for _ in 0..40_000 {
            let mut normals = [stream.normal(), stream.normal(), stream.normal()];
            copula.correlate(&mut normals);
            x.push(normals[0]);
            other.push(normals[1]);
            y.push(normals[2]);
        }
        let (rho, error) = spearman(&ranks(&x), &ranks(&y)).unwrap();
        assert!((rho - 0.482_584).abs() < 4.9 * error.unwrap(), "{rho}");
        let (none, error) = spearman(&ranks(&x), &ranks(&other)).unwrap();
        assert!(none.abs() < 4.9 * error.unwrap());
    }

    #[test]
    fn full_correlation_copies_the_normal() {
        let copula = Copula::new(2, &[(0, 1, 1.0)]).unwrap();
        let mut normals = [0.7, -2.0];
        copula.correlate(&mut normals);
        assert_eq!(normals, [0.7, 0.7]);
    }

    #[test]
    fn impossible_correlations_come_back_with_the_nearest_possible() {
        let error = Copula::new(3, &[(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)]).unwrap_err();
        assert_eq!(error.nearest.len(), 3);
        assert!(Copula::new(3, &error.nearest).is_ok());
        // By symmetry the nearest is ±1/2.
        assert!(error.nearest.iter().all(|(_, _, rho)| (rho.abs() - 0.5).abs() < 0.005), "{error:?}");
    }

    #[test]
    fn adding_a_pair_leaves_the_first_input_alone() {
        let mut normals = [0.3, 1.1];
        Copula::new(2, &[(0, 1, -0.4)]).unwrap().correlate(&mut normals);
        assert_eq!(normals[0], 0.3);
    }
}
