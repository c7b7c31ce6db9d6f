//! Correlated uncertain inputs: a Gaussian copula on the standard normals that the inputs are drawn from.

use std::cmp::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

/// The matrices of correlated inputs have no more cells together, as many as one of 3,000 inputs: a few seconds and a few hundred MB.
const MOST_CELLS: usize = Copula::MOST_LINKED * Copula::MOST_LINKED;

/// Groups of more inputs than this get no advice on what would do: finding it takes ten times the work of refusing them.
const MOST_ADVISED: usize = 1_000;

/// An input, and its coefficients on the independent normals of inputs up to it.
type Row = (usize, Vec<(usize, f64)>);

/// The lower triangular factor L of the correlation matrix, z = L e, kept as sparse rows. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Copula {
    /// Of the inputs that are correlated.
    rows: Arc<Vec<Row>>,
    /// The inputs that are correlated, in groups that have nothing to do with each other.
    groups: Arc<Vec<Vec<usize>>>,
}

/// Correlations that make no copula.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum CopulaError {
    /// No joint law has them.
    #[error("no joint law has these correlations")]
    Impossible {
        /// The pairs concerned, each with a correlation that would do: all of a group shrunk by one factor, rounded to three decimals
        /// towards 0. Empty for groups of more than 1,000 inputs.
        nearest: Vec<(usize, usize, f64)>,
    },
    /// They link more inputs with each other than can be factored within a few seconds.
    #[error("{largest} inputs are linked by correlations")]
    TooMany {
        /// The number of inputs in the largest group.
        largest: usize,
    },
}

/// The copula that was made last, with what it was made of: a scenario's is asked for when it is read, again by the model, and by each
/// variant of it.
static LAST: Mutex<Option<Made>> = Mutex::new(None);

/// A copula, with what it was made of.
struct Made {
    inputs: usize,
    pairs: Vec<(usize, usize, f64)>,
    copula: Copula,
}

impl Copula {
    /// The largest number of inputs that correlations may link with each other.
    pub const MOST_LINKED: usize = 3_000;

    /// More pairs than any groups of inputs within that limit have.
    pub const MOST_PAIRS: usize = MOST_CELLS / 2;

    /// The copula of `inputs` inputs with these correlated pairs (i, j, ρ); pairs not listed are independent. Groups of n inputs that
    /// pairs link take n³/6 steps each.
    ///
    /// # Errors
    /// [`CopulaError`] when the matrix has a negative eigenvalue, or too many inputs are linked.
    pub fn new(inputs: usize, pairs: &[(usize, usize, f64)]) -> Result<Copula, CopulaError> {
        let last = || LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = &*last()
            && (made.inputs, made.pairs.as_slice()) == (inputs, pairs)
        {
            return Ok(made.copula.clone());
        }
        let copula = Copula::factored(inputs, pairs)?;
        *last() = Some(Made { inputs, pairs: pairs.to_vec(), copula: copula.clone() });
        Ok(copula)
    }

    fn factored(inputs: usize, pairs: &[(usize, usize, f64)]) -> Result<Copula, CopulaError> {
        let groups = connected(inputs, pairs);
        let largest = groups.iter().map(Vec::len).max().unwrap_or(0);
        let cells = groups.iter().map(|group| group.len().saturating_mul(group.len())).fold(0, usize::saturating_add);
        if cells > MOST_CELLS {
            return Err(CopulaError::TooMany { largest });
        }
        let mut place = vec![(0, 0); inputs];
        for (g, group) in groups.iter().enumerate() {
            group.iter().enumerate().for_each(|(i, input)| place[*input] = (g, i));
        }
        let mut of_group = vec![Vec::new(); groups.len()];
        for &(a, b, rho) in pairs {
            of_group[place[a].0].push((place[a].1, place[b].1, rho));
        }
        let mut rows = Vec::new();
        let mut impossible = false;
        let mut nearest = Vec::new();
        for (group, pairs) in groups.iter().zip(&of_group) {
            let matrix = Matrix::of(group.len(), pairs, |rho| rho);
            let factor = matrix.factor(0.0);
            // A vanishing pivot may be that of a singular matrix or of one that is no correlation matrix.
            if factor.vanished && !matrix.is_possible() {
                impossible = true;
                if group.len() <= MOST_ADVISED {
                    nearest.extend(shrunk(group.len(), pairs).into_iter().map(|(i, j, rho)| (group[i], group[j], rho)));
                }
                continue;
            }
            for (i, &input) in group.iter().enumerate().skip(1) {
                let row = (0..=i).map(|j| (group[j], factor.l.at(i, j))).filter(|(_, c)| *c != 0.0).collect();
                rows.push((input, row));
            }
        }
        if impossible {
            return Err(CopulaError::Impossible { nearest });
        }
        // From the last input down, so that each row still finds the independent normals of those before it.
        rows.sort_unstable_by_key(|(input, _)| std::cmp::Reverse(*input));
        Ok(Copula { rows: Arc::new(rows), groups: Arc::new(groups) })
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
        let l = matrix.factor(0.0).l;
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
        // The first of a group is its own normal.
        let (own_a, own_b) = ([(a, 1.0)], [(b, 1.0)]);
        let row = |input: usize| {
            self.rows.binary_search_by(|(other, _)| input.cmp(other)).ok().map(|at| &self.rows[at].1[..])
        };
        let (mut x, mut y) = (row(a).unwrap_or(&own_a), row(b).unwrap_or(&own_b));
        let mut sum = 0.0;
        while let ([(i, c), rest_x @ ..], [(j, d), rest_y @ ..]) = (x, y) {
            match i.cmp(j) {
                Ordering::Less => x = rest_x,
                Ordering::Greater => y = rest_y,
                Ordering::Equal => {
                    sum += c * d;
                    (x, y) = (rest_x, rest_y);
                }
            }
        }
        sum
    }

    /// The number of products that correlating the inputs of a trial takes.
    pub fn products(&self) -> usize {
        self.rows.iter().map(|(_, row)| row.len()).sum()
    }

    /// Turns independent standard normals into correlated ones, in place.
    pub fn correlate(&self, normals: &mut [f64]) {
        self.correlate_lanes(normals, 1);
    }

    /// The same for `lanes` trials abreast: the normals of the first input, trial by trial, then those of the second, ….
    pub fn correlate_lanes(&self, normals: &mut [f64], lanes: usize) {
        for (input, row) in self.rows.iter() {
            for lane in 0..lanes {
                normals[input * lanes + lane] = row.iter().map(|(j, c)| c * normals[j * lanes + lane]).sum();
            }
        }
    }
}

/// The groups of two or more inputs linked by pairs, members ascending.
fn connected(inputs: usize, pairs: &[(usize, usize, f64)]) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..inputs).collect();
    let find = |leader: &mut [usize], mut i: usize| {
        while leader[i] != i {
            // Every second one passed is led to whom its leader follows, so that no way stays long.
            leader[i] = leader[leader[i]];
            i = leader[i];
        }
        i
    };
    for &(i, j, _) in pairs {
        let (a, b) = (find(&mut leader, i), find(&mut leader, j));
        leader[a.max(b)] = a.min(b);
    }
    let mut groups = vec![Vec::new(); inputs];
    for i in 0..inputs {
        groups[find(&mut leader, i)].push(i);
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// Pairs of `n` inputs shrunk by the largest of the factors 0, 0.001, … that makes them possible (Higham, Strabić and Šego 2016, SIAM
/// Review 58), as they read with three decimals.
fn shrunk(n: usize, pairs: &[(usize, usize, f64)]) -> Vec<(usize, usize, f64)> {
    let by = |factor: u32| move |rho: f64| libm::trunc(rho * f64::from(factor)) / 1_000.0;
    let (mut possible, mut impossible) = (0, 1_000);
    while impossible - possible > 1 {
        let factor = u32::midpoint(possible, impossible);
        let will_do = Matrix::of(n, pairs, by(factor)).is_possible();
        *if will_do { &mut possible } else { &mut impossible } = factor;
    }
    pairs.iter().map(|&(i, j, rho)| (i, j, by(possible)(rho))).collect()
}

/// A symmetric matrix, or its factor. The algorithm is written out: a linear algebra crate would cost more to build than all of this.
#[derive(Clone, Debug)]
struct Matrix {
    n: usize,
    cells: Vec<f64>,
}

/// The lower triangular factor of a matrix.
struct Factor {
    l: Matrix,
    /// Whether a pivot vanished, or was negative; its column is 0.
    vanished: bool,
}

impl Matrix {
    fn zero(n: usize) -> Matrix {
        Matrix { n, cells: vec![0.0; n * n] }
    }

    /// The correlation matrix of `n` inputs with these pairs, each correlation passed through `rho`.
    fn of(n: usize, pairs: &[(usize, usize, f64)], rho: impl Fn(f64) -> f64) -> Matrix {
        let mut matrix = Matrix::zero(n);
        for i in 0..n {
            *matrix.at_mut(i, i) = 1.0;
        }
        for &(i, j, given) in pairs {
            *matrix.at_mut(i, j) = rho(given);
            *matrix.at_mut(j, i) = rho(given);
        }
        matrix
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.cells[i * self.n + j]
    }

    fn at_mut(&mut self, i: usize, j: usize) -> &mut f64 {
        &mut self.cells[i * self.n + j]
    }

    /// Whether no eigenvalue is below −10⁻⁹: then, and only then, all pivots are above 0 once 10⁻⁹ is added to the diagonal. Rounding
    /// moves them by n·10⁻¹⁶ at most.
    fn is_possible(&self) -> bool {
        !self.factor(1e-9).vanished
    }

    /// L with L Lᵀ = self + shift·I (Cholesky), for a positive semi-definite matrix: a vanishing pivot leaves its column 0. With a
    /// shift it ends at such a pivot.
    fn factor(&self, shift: f64) -> Factor {
        let n = self.n;
        let least = if shift > 0.0 { 0.0 } else { 1e-12 };
        let mut factor = Factor { l: Matrix::zero(n), vanished: false };
        for j in 0..n {
            let (before, after) = factor.l.cells.split_at_mut((j + 1) * n);
            let row = &mut before[j * n..];
            let pivot = self.at(j, j) + shift - row[..j].iter().map(|x| x * x).sum::<f64>();
            let root = if pivot > least { libm::sqrt(pivot) } else { 0.0 };
            row[j] = root;
            if root == 0.0 {
                factor.vanished = true;
                if shift > 0.0 {
                    return factor;
                }
                continue;
            }
            let row = &row[..j];
            // Four rows abreast, so that the additions of one need not wait for each other.
            let mut four = after.chunks_exact_mut(4 * n);
            let mut i = j + 1;
            for rows in &mut four {
                let sums = dots([&rows[..j], &rows[n..n + j], &rows[2 * n..2 * n + j], &rows[3 * n..3 * n + j]], row);
                for (k, sum) in sums.into_iter().enumerate() {
                    rows[k * n + j] = (self.at(i + k, j) - sum) / root;
                }
                i += 4;
            }
            for other in four.into_remainder().chunks_exact_mut(n) {
                other[j] = (self.at(i, j) - dots([&other[..j]], row)[0]) / root;
                i += 1;
            }
        }
        factor
    }
}

/// The products of some rows with another one, each added up from the left.
fn dots<const N: usize>(rows: [&[f64]; N], other: &[f64]) -> [f64; N] {
    let rows = rows.map(|row| &row[..other.len()]);
    let mut sums = [0.0; N];
    for (k, x) in other.iter().enumerate() {
        for (sum, row) in sums.iter_mut().zip(&rows) {
            *sum += row[k] * x;
        }
    }
    sums
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
        let impossible = |inputs: usize, pairs: &[(usize, usize, f64)]| match Copula::new(inputs, pairs) {
            Err(CopulaError::Impossible { nearest }) => nearest,
            other => panic!("{other:?}"),
        };
        let nearest = impossible(3, &[(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)]);
        assert_eq!(nearest.len(), 3);
        assert!(Copula::new(3, &nearest).is_ok());
        // By symmetry the nearest is ±1/2.
        assert!(nearest.iter().all(|(_, _, rho)| (rho.abs() - 0.5).abs() < 0.005), "{nearest:?}");
        // The least correlation that n inputs can all have with each other is −1/(n − 1).
        let nearest = impossible(11, &every_pair(11, -0.2));
        assert!(nearest.len() == 55 && nearest.iter().all(|(_, _, rho)| *rho == -0.1), "{nearest:?}");
    }

    fn every_pair(n: usize, rho: f64) -> Vec<(usize, usize, f64)> {
        (0..n).flat_map(|j| (0..j).map(move |i| (i, j, rho))).collect()
    }

    #[test]
    fn what_is_just_possible_is_told_from_what_is_not() {
        for n in [2, 3, 7, 30] {
            let least = -1.0 / (n as f64 - 1.0);
            // The least eigenvalue is 1 + (n − 1) ρ.
            for (off, possible) in [(2e-9, false), (5e-10, true), (-1e-3, true)] {
                let pairs = every_pair(n, least - off / (n as f64 - 1.0));
                assert_eq!(Copula::new(n, &pairs).is_ok(), possible, "{n} inputs, {off}");
            }
            assert!(Copula::new(n, &every_pair(n, 1.0)).is_ok());
        }
    }

    #[test]
    fn the_factor_gives_the_matrix_back() {
        // ρ of |i − j|: 0.7^|i − j|, whose factor is known, too.
        let n = 23;
        let pairs: Vec<_> =
            every_pair(n, 0.0).into_iter().map(|(i, j, _)| (i, j, libm::pow(0.7, (j - i) as f64))).collect();
        let copula = Copula::new(n, &pairs).unwrap();
        for (i, j, rho) in pairs {
            assert!((copula.correlation(i, j) - rho).abs() < 1e-14, "{i} {j}");
        }
    }

    #[test]
    fn more_inputs_than_can_be_factored_are_refused_at_once() {
        let chain: Vec<_> = (1..500_000).map(|i| (i - 1, i, 0.1)).collect();
        assert_eq!(Copula::new(500_000, &chain).unwrap_err(), CopulaError::TooMany { largest: 500_000 });
        // As many that have nothing to do with each other are not linked.
        let apart: Vec<_> = (0..250_000).map(|i| (2 * i, 2 * i + 1, 0.1)).collect();
        assert_eq!(Copula::new(500_000, &apart).unwrap().groups().len(), 250_000);
    }

    #[test]
    fn adding_a_pair_leaves_the_first_input_alone() {
        let mut normals = [0.3, 1.1];
        Copula::new(2, &[(0, 1, -0.4)]).unwrap().correlate(&mut normals);
        assert_eq!(normals[0], 0.3);
    }
}
