//! Expected leads: how growth, ramp and season multiply up.

use super::level::Level;

/// Expected leads of each month, without end, as [`Region::expected`](super::Region::expected) has them.
pub(super) fn expected(
    monthly: Level,
    growth: &[(usize, Level)],
    schedule: &Schedule,
    inputs: &[f64],
) -> impl Iterator<Item = f64> {
    let mut level = monthly.at(inputs);
    let mut phases = growth.iter().map(|(from, rate)| (*from, (1.0 + rate.at(inputs)).max(0.0))).peekable();
    let mut step = 1.0;
    (0..).map(move |m| {
        let leads = level * schedule.at(m);
        while let Some((_, next)) = phases.next_if(|(from, _)| *from <= m) {
            step = next;
        }
        level *= step;
        leads
    })
}

/// Ramp and season, month after month without end.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Share of the full flow in each month from the first; the last one stays.
    pub ramp: Vec<f64>,
    /// Factor of each calendar month, beginning with that of the first month played; mean 1.
    pub season: [f64; 12],
}

impl Schedule {
    /// ramp · season of month `m`.
    #[inline]
    pub fn at(&self, m: usize) -> f64 {
        self.ramp[m.min(self.ramp.len() - 1)] * self.season[m % 12]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_applies_to_the_step_after_each_month_in_force() {
        let growth = [(2, Level::Fixed(0.5)), (4, Level::Fixed(0.0))];
        let mut season = [1.0; 12];
        season[6] = 2.0;
        let schedule = Schedule { ramp: vec![0.0, 0.0, 1.0], season };
        let leads: Vec<f64> = expected(Level::Fixed(100.0), &growth, &schedule, &[]).take(7).collect();
        assert_eq!(leads, [0.0, 0.0, 100.0, 150.0, 225.0, 225.0, 450.0]);
    }

    #[test]
    fn growth_below_minus_one_ends_the_leads() {
        let schedule = Schedule { ramp: vec![1.0], season: [1.0; 12] };
        let leads: Vec<f64> =
            expected(Level::Fixed(100.0), &[(0, Level::Input(0))], &schedule, &[-1.5]).take(3).collect();
        assert_eq!(leads, [100.0, 0.0, 0.0]);
    }
}
