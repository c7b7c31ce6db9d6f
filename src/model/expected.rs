//! Expected leads: how growth, ramp and season multiply up.

use super::{Level, Region};

impl Region {
    /// Expected leads of each month before the market factor: monthly · schedule · the product of max(0, 1 + gⱼ) over
    /// the months before, gⱼ being the rate in force in month j.
    pub fn expected(&self, inputs: &[f64]) -> impl Iterator<Item = f64> {
        expected(self.monthly, &self.growth, &self.schedule, inputs)
    }
}

pub(super) fn expected(
    monthly: Level,
    growth: &[(usize, Level)],
    schedule: &[f64],
    inputs: &[f64],
) -> impl Iterator<Item = f64> {
    let mut level = monthly.at(inputs);
    let mut phases = growth.iter().map(|(from, rate)| (*from, (1.0 + rate.at(inputs)).max(0.0))).peekable();
    let mut step = 1.0;
    schedule.iter().enumerate().map(move |(m, factor)| {
        let leads = level * factor;
        while let Some((_, next)) = phases.next_if(|(from, _)| *from <= m) {
            step = next;
        }
        level *= step;
        leads
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_applies_to_the_step_after_each_month_in_force() {
        let growth = [(2, Level::Fixed(0.5)), (4, Level::Fixed(0.0))];
        let leads: Vec<f64> =
            expected(Level::Fixed(100.0), &growth, &[0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 2.0], &[]).collect();
        assert_eq!(leads, [0.0, 0.0, 100.0, 150.0, 225.0, 225.0, 450.0]);
    }

    #[test]
    fn growth_below_minus_one_ends_the_leads() {
        let leads: Vec<f64> = expected(Level::Fixed(100.0), &[(0, Level::Input(0))], &[1.0; 3], &[-1.5]).collect();
        assert_eq!(leads, [100.0, 0.0, 0.0]);
    }
}
