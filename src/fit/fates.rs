//! What becomes of leads in the end, by chances a day of each age.

/// What becomes of leads by chances a day of each age. Past the last age, beyond the oldest decision that was seen, none is decided.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Fates {
    /// The share that is won.
    pub(super) won: f64,
    /// The share that is not decided by the last age.
    pub(super) undecided: f64,
    /// The share that is won where the chances of the last age go on for good.
    pub(super) won_in_the_end: f64,
    /// How long won deals take: mean and standard deviation, in days.
    pub(super) won_days: (f64, f64),
    /// How long lost deals take.
    pub(super) lost_days: (f64, f64),
}

impl Fates {
    pub(super) fn of(ages: &[u32], won: &[f64], lost: &[f64]) -> Fates {
        // Sums of shares, of their times and of the squares of these.
        let mut sums = [[0.0; 3]; 2];
        let mut open = 1.0;
        for (i, range) in ages.windows(2).enumerate() {
            let scale = (won[i] + lost[i]).max(1.0);
            let chances = [won[i] / scale, lost[i] / scale];
            for age in range[0]..range[1] {
                // A deal decided on the day on which its age is a took between a and a + 1 days.
                let days = f64::from(age) + 0.5;
                for (sums, chance) in sums.iter_mut().zip(chances) {
                    for (k, sum) in sums.iter_mut().enumerate() {
                        *sum += open * chance * [1.0, days, days * days][k];
                    }
                }
                open *= 1.0 - chances[0] - chances[1];
            }
        }
        let times = |[share, days, squares]: [f64; 3]| {
            let mean = days / share;
            (mean, (squares / share - mean * mean).max(0.0).sqrt())
        };
        let past = ages.len() - 1;
        let decided = won[past] + lost[past];
        let later = if decided > 0.0 { open * won[past] / decided } else { 0.0 };
        Fates {
            won: sums[0][0],
            undecided: open,
            won_in_the_end: sums[0][0] + later,
            won_days: times(sums[0]),
            lost_days: times(sums[1]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates_are_those_of_the_chances() {
        // Of each day's deals one in ten is won and one in ten lost, for ten days.
        let fates = Fates::of(&[0, 10], &[0.1, 0.5], &[0.1, 0.5]);
        let open = libm::pow(0.8, 10.0);
        assert!((fates.undecided - open).abs() < 1e-12 && (fates.won - 0.5 * (1.0 - open)).abs() < 1e-12);
        let shares: Vec<f64> = (0..10).map(|day| 0.1 * libm::pow(0.8, f64::from(day))).collect();
        let mean = shares.iter().enumerate().map(|(day, share)| share * (day as f64 + 0.5)).sum::<f64>() / fates.won;
        assert!((fates.won_days.0 - mean).abs() < 1e-12 && fates.won_days == fates.lost_days);
        // Those that are left have equal chances, as all have.
        assert!((fates.won_in_the_end - 0.5).abs() < 1e-12);
        let sure = Fates::of(&[0, 5, 6], &[0.0, 2.0, 0.0], &[0.0, 2.0, 0.0]);
        assert_eq!((sure.won, sure.undecided, sure.won_days), (0.5, 0.0, (5.5, 0.0)));
    }
}
