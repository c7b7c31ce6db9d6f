//! The days at which the past is replayed, and what is forecast at each.

use jiff::civil::Date;

use super::target::{Step, Target};
use crate::units::{Fault, Faults};

/// So many whole periods are known before the first origin.
const FEWEST_BEFORE: usize = 3;

/// The origins of a back-test.
#[derive(Clone, Debug)]
pub struct Origins {
    /// How far they lie from each other.
    pub step: Step,
    /// The starts of the whole periods of the window, and the end of the last.
    pub edges: Vec<Date>,
    /// What is forecast.
    pub targets: Vec<Target>,
    /// The number of periods before the first origin.
    first: usize,
}

/// What the origins are made of.
#[derive(Clone, Debug, Default)]
pub struct OriginOptions {
    /// How far they lie from each other.
    pub step: Step,
    /// The earliest day of the first one.
    pub first: Option<Date>,
    /// The keys of what is to be forecast; all that the data reach where it is empty.
    pub horizons: Vec<String>,
}

/// A day at which the past is replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The day before which all was known.
    pub day: Date,
    /// How many periods lie before it.
    pub number: usize,
    /// What is forecast: each target with its first day and its last one.
    pub targets: Vec<(Target, Date, Date)>,
}

impl Origin {
    /// How many periods after the origin targets end, ascending, each with its last day.
    pub fn ends(&self) -> Vec<(usize, Date)> {
        let mut ends: Vec<_> = self.targets.iter().map(|(target, _, last)| (target.reach(), *last)).collect();
        ends.sort_unstable();
        ends.dedup();
        ends
    }
}

impl Origins {
    /// The origins of a window, from its first day to before the day until which all is known.
    ///
    /// # Errors
    /// [`Faults`] where the window has too few whole periods, where the first origin is asked for before what has to be known, and where
    /// what is to be forecast ends later than the data; `file` is that of the export.
    pub fn new(file: &str, (from, until): (Date, Date), options: &OriginOptions) -> Result<Origins, Faults> {
        let step = options.step;
        let edges = step.edges(from, until);
        let (noun, whole) = (step.noun(), edges.len().saturating_sub(1));
        let mut faults = Vec::new();
        let mut fault = |path: &str, found: String, allowed: String, hint: &str| {
            faults.push(Fault { file: file.to_owned(), path: path.to_owned(), found, allowed, hint: hint.to_owned() });
        };
        if whole <= FEWEST_BEFORE {
            fault(
                "",
                format!("{whole} whole {noun}s of closings, from {from} to the day before {until}"),
                format!(
                    "at least {} of them: three before the first origin, and one to be forecast",
                    FEWEST_BEFORE + 1
                ),
                "export deals closed over a longer time",
            );
            return Err(Faults::Fields(faults));
        }
        let (earliest, latest) = (edges[FEWEST_BEFORE], edges[whole - 1]);
        let first = options.first.map_or(FEWEST_BEFORE, |day| edges.partition_point(|edge| *edge < day));
        if first < FEWEST_BEFORE || first >= whole {
            fault(
                "--first-origin",
                options.first.map_or_else(String::new, |day| day.to_string()),
                format!("a day from {earliest} to {latest}"),
                &format!(
                    "closings are known from {from} to the day before {until}; before the first origin lie at least {FEWEST_BEFORE} whole {noun}s, and after the last one at least one"
                ),
            );
        }
        let longest = whole.saturating_sub(first.max(FEWEST_BEFORE));
        let known = || step.targets().iter().map(|target| target.key).collect::<Vec<_>>().join(", ");
        let mut targets: Vec<Target> = Vec::new();
        for key in &options.horizons {
            match step.targets().iter().find(|target| target.key == key) {
                None => fault("--horizon", key.clone(), format!("some of {}", known()), ""),
                Some(target) if target.reach() > longest => fault(
                    "--horizon",
                    format!("{key}, which ends later than the data"),
                    format!("what ends at most {longest} {noun}s after the first origin"),
                    "forecast less far, begin with an earlier origin, or export more",
                ),
                Some(target) => targets.push(*target),
            }
        }
        if !faults.is_empty() {
            return Err(Faults::Fields(faults));
        }
        if targets.is_empty() {
            targets = step.targets().iter().copied().filter(|target| target.reach() <= longest).collect();
        }
        Ok(Origins { step, edges, targets, first })
    }

    /// The origins in their order; each has something to forecast.
    pub fn iter(&self) -> impl Iterator<Item = Origin> + '_ {
        let whole = self.edges.len() - 1;
        let origin = move |number: usize| {
            let targets = self.targets.iter().filter(|target| number + target.reach() <= whole);
            let days = |target: &Target| {
                let periods = target.periods(number);
                (*target, self.edges[periods.start], self.edges[periods.end].yesterday().unwrap_or(Date::MAX))
            };
            Origin { day: self.edges[number], number, targets: targets.map(days).collect() }
        };
        (self.first..whole).map(origin).filter(|origin| !origin.targets.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const WINDOW: (Date, Date) = (date(2017, 3, 1), date(2018, 1, 1));

    fn of(options: &OriginOptions) -> Result<Origins, String> {
        Origins::new("deals.csv", WINDOW, options).map_err(|faults| faults.to_string())
    }

    #[test]
    fn origins_begin_after_three_months_and_end_before_the_last() {
        let all: Vec<Origin> = of(&OriginOptions::default()).unwrap().iter().collect();
        assert_eq!((all.len(), all[0].day, all[6].day), (7, date(2017, 6, 1), date(2017, 12, 1)));
        let count =
            |key: &str| all.iter().filter(|origin| origin.targets.iter().any(|(target, ..)| target.key == key)).count();
        assert_eq!(["1 month", "2 months", "3 months", "quarter"].map(count), [7, 6, 5, 5]);
        let (target, from, to) = all[1].targets[3];
        assert_eq!((target.key, from, to), ("quarter", date(2017, 7, 1), date(2017, 9, 30)));
        let quarter = OriginOptions { horizons: vec!["quarter".to_owned()], ..OriginOptions::default() };
        assert_eq!(of(&quarter).unwrap().iter().count(), 5);
        let late = OriginOptions { first: Some(date(2017, 10, 2)), ..OriginOptions::default() };
        let late = of(&late).unwrap();
        assert_eq!((late.iter().next().unwrap().day, late.targets.len()), (date(2017, 11, 1), 2));
    }

    #[test]
    fn what_the_data_do_not_reach_is_refused() {
        let wrong = OriginOptions {
            first: Some(date(2017, 2, 1)),
            horizons: vec!["quarter".to_owned(), "1 week".to_owned()],
            ..OriginOptions::default()
        };
        let said = of(&wrong).unwrap_err();
        for part in
            ["--first-origin", "2017-02-01", "a day from 2017-06-01 to 2017-12-01", "1 week", "1 month, 2 months"]
        {
            assert!(said.contains(part), "{said}");
        }
        assert_eq!(said.matches("found:").count(), 2, "{said}");
        let long = OriginOptions {
            first: Some(date(2017, 11, 1)),
            horizons: vec!["quarter".to_owned()],
            ..OriginOptions::default()
        };
        assert!(of(&long).unwrap_err().contains("at most 2 months after the first origin"));
        let short = Origins::new("deals.csv", (date(2017, 3, 2), date(2017, 6, 30)), &OriginOptions::default());
        let said = short.unwrap_err().to_string();
        assert!(said.contains("2 whole months") && said.contains("longer time"), "{said}");
        let weeks = OriginOptions { step: Step::Week, ..OriginOptions::default() };
        let all = Origins::new("deals.csv", (date(2024, 1, 9), date(2024, 4, 1)), &weeks).unwrap();
        assert_eq!(all.iter().map(|origin| origin.day).collect::<Vec<_>>()[..2], [date(2024, 2, 5), date(2024, 2, 12)]);
        assert_eq!(all.iter().count(), 8);
    }
}
