//! Symmetric matrices of a few hundred rows that are positive definite: factor, solution, inverse.

/// A square matrix, row by row.
#[derive(Clone, Debug)]
pub(super) struct Matrix {
    pub(super) n: usize,
    pub(super) cells: Vec<f64>,
}

impl Matrix {
    pub(super) fn zero(n: usize) -> Matrix {
        Matrix { n, cells: vec![0.0; n * n] }
    }

    pub(super) fn at(&self, i: usize, j: usize) -> f64 {
        self.cells[i * self.n + j]
    }

    pub(super) fn add(&mut self, i: usize, j: usize, x: f64) {
        self.cells[i * self.n + j] += x;
    }

    /// cᵀ M c for a vector given by its non-zero places.
    pub(super) fn form(&self, terms: &[(usize, f64)]) -> f64 {
        terms.iter().map(|(i, a)| terms.iter().map(|(j, b)| a * b * self.at(*i, *j)).sum::<f64>()).sum()
    }
}

/// The factor L of a matrix, L Lᵀ = M.
#[derive(Clone, Debug)]
pub(super) struct Factor(Matrix);

impl Factor {
    /// Factors a matrix; none where it is not positive definite.
    pub(super) fn of(matrix: &Matrix) -> Option<Factor> {
        let n = matrix.n;
        let mut factor = matrix.clone();
        for i in 0..n {
            for j in 0..=i {
                let (row_i, row_j) = (&factor.cells[i * n..i * n + j], &factor.cells[j * n..j * n + j]);
                let rest = factor.at(i, j) - row_i.iter().zip(row_j).map(|(a, b)| a * b).sum::<f64>();
                let cell = if i == j { (rest > 0.0).then(|| rest.sqrt())? } else { rest / factor.at(j, j) };
                factor.cells[i * n + j] = cell;
            }
        }
        Some(Factor(factor))
    }

    /// The x with M x = b.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let n = self.0.n;
        let mut x = b.to_vec();
        for i in 0..n {
            let known: f64 = self.0.cells[i * n..i * n + i].iter().zip(&x).map(|(a, x)| a * x).sum();
            x[i] = (x[i] - known) / self.0.at(i, i);
        }
        self.transposed(&x)
    }

    /// The x with Lᵀ x = b: of standard normals b it has the covariance M⁻¹.
    pub(super) fn transposed(&self, b: &[f64]) -> Vec<f64> {
        let n = self.0.n;
        let mut x = b.to_vec();
        for i in (0..n).rev() {
            x[i] /= self.0.at(i, i);
            let found = x[i];
            for (j, x) in x.iter_mut().enumerate().take(i) {
                *x -= self.0.at(i, j) * found;
            }
        }
        x
    }

    /// M⁻¹.
    pub(super) fn inverse(&self) -> Matrix {
        let n = self.0.n;
        let mut inverse = Matrix::zero(n);
        for i in 0..n {
            let unit: Vec<f64> = (0..n).map(|j| f64::from(i == j)).collect();
            inverse.cells[i * n..(i + 1) * n].copy_from_slice(&self.solve(&unit));
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_times_its_inverse_is_one() {
        let mut matrix = Matrix::zero(4);
        for i in 0..4 {
            for j in 0..4 {
                matrix.add(i, j, 1.0 / (1.0 + i as f64 + j as f64) + f64::from(u8::from(i == j)));
            }
        }
        let factor = Factor::of(&matrix).unwrap();
        let inverse = factor.inverse();
        for i in 0..4 {
            let x = factor.solve(&matrix.cells[i * 4..i * 4 + 4]);
            for (j, x) in x.iter().enumerate() {
                assert!((x - f64::from(u8::from(i == j))).abs() < 1e-12);
                let cell: f64 = (0..4).map(|k| matrix.at(i, k) * inverse.at(k, j)).sum();
                assert!((cell - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
        let unit = [1.0, 0.0, 0.0, 0.0];
        // Row sums of squares of L⁻ᵀ are the variances.
        let variance: f64 = (0..4)
            .map(|k| factor.transposed(&std::array::from_fn::<f64, 4, _>(|j| f64::from(u8::from(j == k))))[0])
            .map(|x| x * x)
            .sum();
        assert!((variance - inverse.at(0, 0)).abs() < 1e-12);
        assert!((inverse.form(&[(0, 1.0)]) - factor.solve(&unit)[0]).abs() < 1e-12);
        matrix.add(2, 2, -3.0);
        assert!(Factor::of(&matrix).is_none());
    }
}
