//! The time that is left of durations, trial by trial.

use crate::chance::SurvivalTable;
use crate::model::part_left;
use crate::stats::simd::vectorized;

/// Means in days with their logarithms, trial by trial: one where they are all the same.
pub(super) struct Days(Vec<(f64, f64)>);

impl Days {
    pub(super) fn new(mut days: Vec<f64>) -> Days {
        if days.windows(2).all(|pair| pair[0] == pair[1]) {
            days.truncate(1);
        }
        Days(days.into_iter().map(|days| (days, libm::log(days))).collect())
    }

    /// The place of a trial among them.
    #[inline(always)]
    fn place(&self, lane: usize) -> usize {
        if self.0.len() == 1 { 0 } else { lane }
    }

    /// The mean in a trial, with its logarithm.
    #[inline(always)]
    pub(super) fn mean(&self, lane: usize) -> (f64, f64) {
        self.0[self.place(lane)]
    }
}

/// What is left of a duration that has lasted for some age; as at age 0 where nothing of that age is left.
pub(super) struct TimesLeft<'a> {
    table: &'a SurvivalTable,
    days: &'a Days,
    /// The month of the as-of day, and the days from it to the end of each month.
    first: usize,
    ends: &'a [f64],
    /// The same from the age on, with their logarithms.
    ages: Vec<(f64, f64)>,
    from_start: Vec<(f64, f64)>,
    age: f64,
    at_age: Vec<f64>,
    /// The part still open at the end of each month, for as many months as are known: trials × months.
    open: Vec<f64>,
    known: Vec<usize>,
}

impl<'a> TimesLeft<'a> {
    pub(super) fn new(table: &'a SurvivalTable, days: &'a Days, first: usize, ends: &'a [f64]) -> TimesLeft<'a> {
        let with_logarithm = |t: f64| (t, libm::log(t));
        TimesLeft {
            table,
            days,
            first,
            ends,
            ages: Vec::new(),
            from_start: ends.iter().map(|t| with_logarithm(*t)).collect(),
            age: 0.0,
            at_age: Vec::new(),
            open: vec![0.0; days.0.len() * ends.len()],
            known: Vec::new(),
        }
    }

    /// Turns to another age.
    pub(super) fn begin(&mut self, age: f64) {
        self.age = age;
        let ln_age = libm::log(age);
        self.at_age.clear();
        self.at_age.extend(
            self.days.0.iter().map(
                |mean| {
                    if age > 0.0 { part_left(self.table.survival(*mean, (age, ln_age))) } else { 1.0 }
                },
            ),
        );
        self.ages.clear();
        self.ages.extend(self.ends.iter().map(|t| (age + t, libm::log(age + t))));
        self.known.clear();
        self.known.resize(self.days.0.len(), self.first);
    }

    /// P(D > age) in a trial; 0 below 10⁻⁹.
    #[inline(always)]
    pub(super) fn at_age(&self, lane: usize) -> f64 {
        self.at_age[self.days.place(lane)]
    }

    /// Whether nothing of that age is left in some trial.
    pub(super) fn is_over(&self) -> bool {
        self.at_age.contains(&0.0)
    }

    /// D − age in days, given D > age, at a uniform number.
    #[inline(always)]
    pub(super) fn draw(&self, lane: usize, u: f64) -> f64 {
        let (mean, _) = self.days.mean(lane);
        match self.at_age(lane) {
            0.0 => self.table.survived(mean, u),
            left => (self.table.survived(mean, left * u) - self.age).max(0.0),
        }
    }

    /// [`TimesLeft::draw`] in each trial at its uniform number, in the place of that, where something of that age is left in all of them.
    pub(super) fn draw_all(&self, values: &mut [f64]) {
        vectorized!(match self.at_age[..] {
            [left] => values.iter_mut().for_each(|u| *u *= left),
            _ => values.iter_mut().zip(&self.at_age).for_each(|(u, left)| *u *= left),
        });
        self.table.survived_all(values);
        let age = self.age;
        vectorized!(match self.days.0[..] {
            [(mean, _)] => values.iter_mut().for_each(|x| *x = (mean * *x - age).max(0.0)),
            _ => values.iter_mut().zip(&self.days.0).for_each(|(x, (mean, _))| *x = (mean * *x - age).max(0.0)),
        });
    }

    /// Works out what is left in a trial at the ends of the months before this one.
    #[inline]
    pub(super) fn open_until(&mut self, lane: usize, month: usize) {
        let place = self.days.place(lane);
        let known = self.known[place];
        if known >= month {
            return;
        }
        self.known[place] = month;
        let (mean, months) = (self.days.0[place], self.ends.len());
        let open = self.open[place * months..(place + 1) * months][known..month].iter_mut();
        match self.at_age[place] {
            0.0 => open
                .zip(&self.from_start[known..month])
                .for_each(|(open, time)| *open = self.table.survival(mean, *time)),
            left => open
                .zip(&self.ages[known..month])
                .for_each(|(open, time)| *open = self.table.survival(mean, *time) / left),
        }
    }

    /// The part still open at the end of a month that was asked for before.
    #[inline(always)]
    pub(super) fn open_after(&self, lane: usize, month: usize) -> f64 {
        self.open[self.days.place(lane) * self.ends.len() + month]
    }
}
