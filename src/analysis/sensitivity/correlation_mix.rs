//! Futures that share some of their sources of chance with one set of futures and have the others from another.

use crate::chance::Copula;
use crate::engine::TrialSet;

/// What can be known of a future by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The uncertain input with this index.
    Input(usize),
    /// The row of joint draws.
    JointDraws,
    /// The market factor of all months.
    Market,
    /// All that varies even if the others were known.
    Chance,
}

/// Two independent sets of futures of the same size.
#[derive(Clone, Copy, Debug)]
pub(super) struct CorrelationMix<'a> {
    pub(super) copula: &'a Copula,
    pub(super) one: &'a TrialSet,
    pub(super) other: &'a TrialSet,
}

impl CorrelationMix<'_> {
    /// Futures with `known` from the one set, and all else from the other: drawn given what is known, with the luck of the other.
    /// Where inputs are correlated, z of the other is moved by what z of the known ones predicts of it: the two sets of
    /// normals are jointly normal, so this is their exact conditional law.
    pub(super) fn sharing(&self, known: &[Source]) -> TrialSet {
        self.sharing_by_block(self.one.count().max(1), |_| known)
    }

    /// The same with something else known in each block of so many futures.
    pub(super) fn sharing_by_block<'k>(&self, block: usize, known: impl Fn(usize) -> &'k [Source]) -> TrialSet {
        let mut mixed = self.other.clone();
        for (b, from) in (0..self.one.count()).step_by(block).enumerate() {
            let range = from..self.one.count().min(from + block);
            let known = known(b);
            let mut inputs: Vec<usize> = Vec::new();
            for source in known {
                match source {
                    Source::Input(i) => inputs.push(*i),
                    Source::JointDraws => mixed.rows[range.clone()].copy_from_slice(&self.one.rows[range.clone()]),
                    Source::Market => mixed.market[range.clone()].copy_from_slice(&self.one.market[range.clone()]),
                    Source::Chance => mixed.rest[range.clone()].copy_from_slice(&self.one.rest[range.clone()]),
                }
            }
            inputs.sort_unstable();
            for &i in &inputs {
                mixed.normals_mut(i)[range.clone()].copy_from_slice(&self.one.normals(i)[range.clone()]);
            }
            for group in self.copula.groups() {
                let (known, wanted): (Vec<usize>, Vec<usize>) =
                    group.iter().partition(|i| inputs.binary_search(i).is_ok());
                if known.is_empty() {
                    continue;
                }
                for (i, row) in wanted.iter().zip(self.copula.prediction(&known, &wanted)) {
                    for (k, c) in known.iter().zip(row) {
                        let moved =
                            self.one.normals(*k)[range.clone()].iter().zip(&self.other.normals(*k)[range.clone()]);
                        let normals = &mut mixed.normals_mut(*i)[range.clone()];
                        normals.iter_mut().zip(moved).for_each(|(z, (one, other))| *z += c * (one - other));
                    }
                }
            }
        }
        mixed
    }
}
