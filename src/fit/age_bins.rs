//! Intervals of ages in which the chances of being decided are taken to be constant.

use super::exposure::Count;

/// How many decisions an interval has, about.
const DECISIONS: u64 = 30;
const FEWEST: u64 = 2;
const MOST: u64 = 14;

/// The ages that intervals begin at: quantiles of the ages at which deals were decided, about 30 of them an interval, 2 to 14 intervals; and
/// one beyond the oldest.
pub(super) fn age_bins(decided: &[Count]) -> Vec<u32> {
    let count = |count: &Count| count.won + count.lost;
    let all: u64 = decided.iter().map(count).sum();
    let bins = (all / DECISIONS).clamp(FEWEST, MOST);
    let mut starts = vec![0];
    let mut below = 0;
    let mut next = 1;
    for (age, count) in decided.iter().map(count).enumerate() {
        below += count;
        // The interval ends with the age that has its quantile.
        while next < bins && below * bins >= next * all {
            starts.push(age as u32 + 1);
            next += 1;
        }
    }
    let oldest = decided.iter().rposition(|decided| count(decided) > 0).unwrap_or(0);
    starts.push(oldest as u32 + 1);
    starts.dedup();
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ages: &[usize]) -> Vec<u32> {
        let mut decided = vec![Count::default(); ages.iter().max().unwrap() + 2];
        ages.iter().for_each(|age| decided[*age].won += 1);
        age_bins(&decided)
    }

    #[test]
    fn intervals_have_about_thirty_decisions_each() {
        assert_eq!(at(&(0..90).collect::<Vec<_>>()), [0, 30, 60, 90]);
        assert_eq!(at(&[5, 9]), [0, 6, 10]);
        assert_eq!(at(&[0; 300]), [0, 1]);
        assert_eq!(at(&(0..1000).collect::<Vec<_>>()).len(), 15);
    }
}
