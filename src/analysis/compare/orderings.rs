//! In which orders changes are made, and how what a change brings is put together from what was played: a chain of changes one after the
//! other, and behind it the Shapley values of the rest.

use indexmap::IndexMap;

use super::document::Orders;
use crate::chance::{Address, Purpose};

/// Changes that were made, one bit each.
pub(super) type ChangeSet = u64;

/// Most changes behind a chain of which all orders are looked at: 2⁸ sets of changes are played.
pub(super) const MOST: usize = 8;
/// About how many sets of changes are played where not all orders are looked at.
const PLAYED: usize = 256;

/// The sets of changes that are played, and what each counts.
#[derive(Clone, Debug)]
pub(super) struct Orderings {
    /// Of each set its weight in every change's value: that of change i is Σ weight[i] · v(set).
    pub(super) weights: IndexMap<ChangeSet, Vec<f64>>,
    /// The orders looked at, each followed by its reverse; empty where all are.
    pub(super) orders: Vec<Vec<usize>>,
    /// How many changes are made first, one after the other.
    first: usize,
}

impl Orderings {
    /// Of `changes` changes: all orders of few, some of many, which `seed` chooses.
    pub(super) fn new(changes: usize, seed: u64) -> Orderings {
        if changes <= MOST { Orderings::exact(changes) } else { Orderings::sampled(changes, seed) }
    }

    /// The same behind a chain of `first` changes, which are made before, one after the other: each brings what it does on what those before it
    /// have made.
    pub(super) fn behind(first: usize, changes: usize, seed: u64) -> Orderings {
        let rest = Orderings::new(changes, seed);
        if first == 0 {
            return rest;
        }
        let chain = |made: ChangeSet| (1 << made) - 1;
        let mut weights: IndexMap<ChangeSet, Vec<f64>> =
            (0..=first as ChangeSet).map(|made| (chain(made), vec![0.0; first + changes])).collect();
        for i in 0..first {
            weights[i][i] -= 1.0;
            weights[i + 1][i] += 1.0;
        }
        for (made, values) in rest.weights {
            let all =
                weights.entry(made << first | chain(first as ChangeSet)).or_insert_with(|| vec![0.0; first + changes]);
            all[first..].copy_from_slice(&values);
        }
        let orders = rest.orders.into_iter().map(|order| order.into_iter().map(|i| i + first).collect()).collect();
        Orderings { weights, orders, first }
    }

    /// How many changes of a chain a set has, and which of those behind it.
    pub(super) fn parts(&self, made: ChangeSet) -> (usize, ChangeSet) {
        let chain = made & ((1 << self.first) - 1);
        (chain.count_ones() as usize, made >> self.first)
    }

    /// A change's value is Σ |S|! (k − |S| − 1)! / k! · (v(S with it) − v(S)) over the sets S without it (Shapley 1953): the mean
    /// of what it brings over all orders of k changes.
    fn exact(changes: usize) -> Orderings {
        // share[s] = s! (k − s − 1)! / k!
        let mut share = vec![1.0 / changes.max(1) as f64; changes];
        for s in 1..changes {
            share[s] = share[s - 1] * s as f64 / (changes - s) as f64;
        }
        let weight = |made: ChangeSet, i: usize| {
            let size = made.count_ones() as usize;
            if made >> i & 1 == 1 { share[size - 1] } else { -share[size] }
        };
        let weights = (0..1 << changes).map(|made| (made, (0..changes).map(|i| weight(made, i)).collect())).collect();
        Orderings { weights, orders: Vec::new(), first: 0 }
    }

    /// Random orders, each with its reverse: a change that comes early in the one comes late in the other.
    fn sampled(changes: usize, seed: u64) -> Orderings {
        let pairs = (PLAYED / (2 * changes)).max(4);
        let address = Address::new(seed, 0, Purpose::Analysis, 0, 0);
        let mut orders = Vec::new();
        for pair in 0..pairs {
            let mut stream = address.stream(pair as u64);
            let mut order: Vec<usize> = (0..changes).collect();
            for last in (1..changes).rev() {
                // The uniform number is below 1, but its product may be rounded up.
                order.swap(last, ((stream.uniform() * (last + 1) as f64) as usize).min(last));
            }
            let reverse = order.iter().rev().copied().collect();
            orders.extend([order, reverse]);
        }
        let each = 1.0 / orders.len() as f64;
        let mut weights: IndexMap<ChangeSet, Vec<f64>> = IndexMap::new();
        for order in &orders {
            let mut made = 0;
            for &i in order {
                weights.entry(made).or_insert_with(|| vec![0.0; changes])[i] -= each;
                made |= 1 << i;
                weights.entry(made).or_insert_with(|| vec![0.0; changes])[i] += each;
            }
        }
        Orderings { weights, orders, first: 0 }
    }

    /// As it is written down.
    pub(super) fn looked_at(&self) -> Orders {
        if self.orders.is_empty() { Orders::All } else { Orders::Some(self.orders.len()) }
    }

    /// For each change the standard error that comes from looking at some orders only, `value` giving what was found of each set:
    /// from what the change brings in each order and its reverse together. 0 where all orders are looked at.
    pub(super) fn errors(&self, changes: usize, value: impl Fn(ChangeSet) -> f64) -> Vec<f64> {
        let pairs = self.orders.len() / 2;
        if pairs == 0 {
            return vec![0.0; changes];
        }
        let brought = |order: &[usize]| {
            let (mut made, mut brought) = ((1 << self.first) - 1, vec![0.0; changes]);
            for &i in order {
                brought[i] = value(made | 1 << i) - value(made);
                made |= 1 << i;
            }
            brought
        };
        let found: Vec<Vec<f64>> = self.orders.iter().map(|order| brought(order)).collect();
        (0..changes)
            .map(|i| {
                let means: Vec<f64> = found.chunks_exact(2).map(|pair| 0.5 * (pair[0][i] + pair[1][i])).collect();
                crate::stats::Moments::of(&means).map_or(0.0, |m| m.mean_error)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// v(S): the product of factors, less something where the first two come together.
    fn value(made: ChangeSet) -> f64 {
        let factors = [1.5, 0.8, 1.1, 2.0, 0.9, 1.3, 0.7, 1.2, 1.05, 0.95];
        let product: f64 = (0..10).filter(|i| made >> i & 1 == 1).map(|i| factors[i]).product();
        product - if made & 3 == 3 { 0.2 } else { 0.0 }
    }

    fn values(ways: &Orderings, changes: usize) -> Vec<f64> {
        (0..changes).map(|i| ways.weights.iter().map(|(made, weight)| weight[i] * value(*made)).sum()).collect()
    }

    #[test]
    fn the_value_of_a_change_is_its_mean_over_all_orders() {
        // By hand over the six orders of three changes.
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        let mut expected = [0.0; 3];
        for order in orders {
            let mut made = 0;
            for i in order {
                expected[i] += (value(made | 1 << i) - value(made)) / 6.0;
                made |= 1 << i;
            }
        }
        for (found, expected) in values(&Orderings::new(3, 1), 3).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn values_add_up_to_the_whole_way_for_all_orders_and_for_some() {
        for changes in [0, 1, 2, 8, 9, 10] {
            let ways = Orderings::new(changes, 7);
            assert_eq!(ways.orders.is_empty(), changes <= MOST);
            let whole = value((1 << changes) - 1) - value(0);
            let sum: f64 = values(&ways, changes).iter().sum();
            assert!((sum - whole).abs() < 1e-9, "{changes} changes: {sum} {whole}");
        }
    }

    #[test]
    fn a_chain_brings_one_after_the_other_and_the_rest_their_mean_behind_it() {
        for changes in [0, 1, 3, 7, 9] {
            let ways = Orderings::behind(2, changes, 7);
            let found = values(&ways, 2 + changes.min(8));
            assert_eq!(found[..2], [value(1) - value(0), value(3) - value(1)]);
            if changes <= 7 {
                let whole = value((1 << (2 + changes)) - 1) - value(0);
                assert!((found.iter().sum::<f64>() - whole).abs() < 1e-9);
            }
            assert_eq!(ways.weights.len(), if changes <= 7 { 2 + (1 << changes) } else { ways.weights.len() });
            let errors = ways.errors(2 + changes, value);
            // The value has ten factors.
            let behind = &errors[2..(2 + changes).min(10)];
            assert!(errors[..2] == [0.0; 2] && behind.iter().all(|error| (*error > 0.0) == (changes > MOST)));
            assert_eq!(ways.parts(0b1011), (2, 0b10));
        }
    }

    #[test]
    fn random_orders_come_near_all_orders_by_their_error() {
        let exact = values(&Orderings::exact(10), 10);
        let some = Orderings::new(10, 3);
        let errors = some.errors(10, value);
        for ((found, exact), error) in values(&some, 10).iter().zip(exact).zip(errors) {
            // The seed is fixed; 6 errors of 12 pairs of orders.
            assert!(error > 0.0 && (found - exact).abs() < 6.0 * error, "{found} {exact} {error}");
        }
    }
}
