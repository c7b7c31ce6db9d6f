//! What is in force in each month: the one place from which trials, which draw, and the plan line, which expects, both take it.

use super::parameter_value::ParameterValue;

/// A parameter's values over time: the first one, and each later one from its month on.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSchedule {
    first: ParameterValue,
    /// (month counted from 0, the value from then on), ascending.
    changes: Vec<(usize, ParameterValue)>,
}

impl ParameterSchedule {
    /// A parameter that begins at `first` and changes in the months given, counted from 0 and ascending.
    pub fn new(first: ParameterValue, changes: Vec<(usize, ParameterValue)>) -> ParameterSchedule {
        ParameterSchedule { first, changes }
    }

    /// A parameter that is the same in all months.
    pub fn constant(value: ParameterValue) -> ParameterSchedule {
        ParameterSchedule::new(value, Vec::new())
    }

    /// The same until a month, counted from 0, from which on another value is in force for good.
    pub fn ended(&self, month: usize, value: ParameterValue) -> ParameterSchedule {
        let before = self.changes.iter().filter(|(from, _)| *from < month).copied();
        ParameterSchedule { first: self.first, changes: before.chain([(month, value)]).collect() }
    }

    /// The same months with other values.
    pub fn map(&self, change: impl Fn(ParameterValue) -> ParameterValue) -> ParameterSchedule {
        let changes = self.changes.iter().map(|(from, value)| (*from, change(*value)));
        ParameterSchedule { first: change(self.first), changes: changes.collect() }
    }

    /// The value in force in a month.
    pub fn in_force(&self, month: usize) -> ParameterValue {
        self.changes.iter().rev().find(|(from, _)| *from <= month).map_or(self.first, |(_, value)| *value)
    }

    /// The value that comes into force in a month, if one does; the first month has one.
    pub fn starting(&self, month: usize) -> Option<ParameterValue> {
        let starts = month == 0 || self.changes.iter().any(|(from, _)| *from == month);
        starts.then(|| self.in_force(month))
    }
}

/// Expected leads month after month, in any number of trials side by side: monthly · schedule · the product of max(0, 1 + gⱼ) over
/// the months before, gⱼ being the rate in force in month j. The market factor is not in them.
#[derive(Debug)]
pub struct ExpectedLeads<'r> {
    growth: &'r ParameterSchedule,
    schedule: &'r Schedule,
    month: usize,
    /// Leads of the month without ramp and season, and the factor to those of the next, by trial.
    level: Vec<f64>,
    step: Vec<f64>,
}

impl<'r> ExpectedLeads<'r> {
    /// Begins with the first month, for so many trials; `fill` gives the value of a parameter in each of them.
    pub fn new(
        monthly: ParameterValue,
        growth: &'r ParameterSchedule,
        schedule: &'r Schedule,
        trials: usize,
        fill: impl Fn(ParameterValue, &mut [f64]),
    ) -> ExpectedLeads<'r> {
        let mut level = vec![0.0; trials];
        fill(monthly, &mut level);
        ExpectedLeads { growth, schedule, month: 0, level, step: vec![1.0; trials] }
    }

    /// The leads of one trial with these inputs, month after month without end.
    pub fn in_trial(
        monthly: ParameterValue,
        growth: &'r ParameterSchedule,
        schedule: &'r Schedule,
        inputs: &[f64],
    ) -> impl Iterator<Item = f64> {
        let fill = |value: ParameterValue, values: &mut [f64]| values.fill(value.at(inputs));
        let mut leads = ExpectedLeads::new(monthly, growth, schedule, 1, fill);
        std::iter::repeat_with(move || {
            let mut month = [0.0];
            leads.next_month(&mut month, fill);
            month[0]
        })
    }

    /// Puts the next month's expected leads of each trial into `leads`, and returns what ramp and season leave of the full flow.
    pub fn next_month(&mut self, leads: &mut [f64], fill: impl Fn(ParameterValue, &mut [f64])) -> f64 {
        let share = self.schedule.at(self.month);
        leads.iter_mut().zip(&self.level).for_each(|(leads, level)| *leads = level * share);
        if let Some(rate) = self.growth.starting(self.month) {
            fill(rate, &mut self.step);
            self.step.iter_mut().for_each(|rate| *rate = (1.0 + *rate).max(0.0));
        }
        self.level.iter_mut().zip(&self.step).for_each(|(level, step)| *level *= step);
        self.month += 1;
        share
    }
}

/// Ramp and season, month after month without end.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// The share of the full flow in each month from the first; the last one stays.
    pub ramp: Vec<f64>,
    /// The factor of each calendar month, beginning with that of the first month of the horizon; their mean is 1.
    pub season: [f64; 12],
}

impl Schedule {
    /// The product of ramp and season in a month counted from 0.
    #[inline]
    pub fn at(&self, m: usize) -> f64 {
        self.ramp[m.min(self.ramp.len() - 1)] * self.season[m % 12]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(growth: &ParameterSchedule, schedule: &Schedule, inputs: &[f64], months: usize) -> Vec<f64> {
        ExpectedLeads::in_trial(ParameterValue::Fixed(100.0), growth, schedule, inputs).take(months).collect()
    }

    #[test]
    fn growth_applies_to_the_step_after_each_month_in_force() {
        let none = ParameterValue::Fixed(0.0);
        let growth = ParameterSchedule::new(none, vec![(2, ParameterValue::Fixed(0.5)), (4, none)]);
        let mut season = [1.0; 12];
        season[6] = 2.0;
        let schedule = Schedule { ramp: vec![0.0, 0.0, 1.0], season };
        assert_eq!(expected(&growth, &schedule, &[], 7), [0.0, 0.0, 100.0, 150.0, 225.0, 225.0, 450.0]);
    }

    #[test]
    fn growth_below_minus_one_ends_the_leads() {
        let schedule = Schedule { ramp: vec![1.0], season: [1.0; 12] };
        let growth = ParameterSchedule::constant(ParameterValue::Input(0));
        assert_eq!(expected(&growth, &schedule, &[-1.5], 3), [100.0, 0.0, 0.0]);
    }
}
