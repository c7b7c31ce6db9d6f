//! The search: values looked at on common draws, the places where the level is passed, and the root between two of them.

use super::document::{Monotonicity, Point};
use super::error::SolveError;
use super::statistic::Evaluation;
use crate::stats::root;

/// How far a look is above what is asked for, by its best estimate or an end of its interval.
pub(in crate::analysis) type Margin = fn(&Evaluation) -> Option<f64>;

/// What was looked at so far, ascending.
#[derive(Debug)]
pub(in crate::analysis) struct Search<F> {
    play: F,
    pub(in crate::analysis) evaluations: Vec<Evaluation>,
}

/// Steps of the first walk through the range.
const STEPS: usize = 8;
/// Points that show the shape about the root.
const POINTS: usize = 6;
/// A root is found to this part of its 95 % interval, as wide as that looks from where it is begun, since more would be noise.
const PART_OF_INTERVAL: f64 = 3e-3;
/// Where no interval is known, or it is narrower still, it is found to this part of its size.
const PART_OF_SIZE: f64 = 1e-6;

impl<F: FnMut(f64) -> Result<Evaluation, SolveError>> Search<F> {
    pub(in crate::analysis) fn new(play: F) -> Search<F> {
        Search { play, evaluations: Vec::new() }
    }

    /// Looks at a value, if that has not been done.
    pub(in crate::analysis) fn evaluate(&mut self, at: f64) -> Result<Evaluation, SolveError> {
        // 0.1 times the tenth root of ten, ten times, is 1 but for its last digit.
        let same = |evaluate: &&Evaluation| (evaluate.at - at).abs() <= 1e-9 * at.abs();
        if let Some(evaluate) = self.evaluations.iter().find(same) {
            return Ok(*evaluate);
        }
        let evaluate = (self.play)(at)?;
        self.evaluations.insert(self.evaluations.partition_point(|other| other.at < at), evaluate);
        Ok(evaluate)
    }

    /// Walks through a range that somebody gave; its ends first, since a fault of theirs says most.
    pub(in crate::analysis) fn scan(&mut self, [low, high]: [f64; 2]) -> Result<[f64; 2], SolveError> {
        for at in [low, high].into_iter().chain(spread(low, high, STEPS)) {
            self.evaluate(at)?;
        }
        Ok([low, high])
    }

    /// Walks from the present value towards the ends of a range as far as futures can be played, and gives what was reached.
    pub(in crate::analysis) fn scan_from(&mut self, now: f64, [low, high]: [f64; 2]) -> Result<[f64; 2], SolveError> {
        self.evaluate(now)?;
        let all: Vec<f64> = spread(low, high, STEPS).collect();
        let up = all.iter().copied().filter(|at| *at > now);
        let down = all.iter().copied().rev().filter(|at| *at < now);
        let mut scan = |path: &mut dyn Iterator<Item = f64>| {
            let mut end = now;
            for at in path {
                match self.evaluate(at) {
                    Ok(_) => end = at,
                    // Farther out, growth runs away in some trial.
                    Err(SolveError::Run(error)) if error.is_runaway() => break,
                    Err(error) => return Err(error),
                }
            }
            Ok(end)
        };
        Ok([scan(&mut { down })?, scan(&mut { up })?])
    }

    /// Neighbouring values between which the level is passed, in ascending order.
    pub(in crate::analysis) fn brackets(&self, side: Margin) -> Vec<[f64; 2]> {
        let reached = |evaluate: &Evaluation| side(evaluate).map(|above| above >= 0.0);
        let pairs = self.evaluations.windows(2).filter(|pair| {
            let (one, other) = (reached(&pair[0]), reached(&pair[1]));
            one.is_some() && other.is_some() && one != other
        });
        pairs.map(|pair| [pair[0].at, pair[1].at]).collect()
    }

    /// The value nearest to `near` at which the level is just reached; `None` where it is not passed.
    pub(in crate::analysis) fn root(&mut self, side: Margin, near: f64) -> Result<Option<f64>, SolveError> {
        let Some([a, b]) = nearest(&self.brackets(side), near) else {
            return Ok(None);
        };
        // A level that is just reached counts as above, so that it is left by the side where it is not.
        let above = |evaluate: Evaluation| match side(&evaluate) {
            Some(0.0) => f64::MIN_POSITIVE,
            above => above.unwrap_or(f64::NAN).clamp(-1e150, 1e150),
        };
        let ends = [self.evaluate(a)?, self.evaluate(b)?];
        let (tolerance, values) = (tolerance(&ends), ends.map(above));
        let mut failed = None;
        let play = |at: f64| match self.evaluate(at) {
            Ok(evaluate) => above(evaluate),
            Err(error) => {
                failed.get_or_insert(error);
                // Ends the search.
                0.0
            }
        };
        let root = root(play, [a, b], values, tolerance);
        if let Some(error) = failed {
            return Err(error);
        }
        // Of the two values that hold the root between them, the one at which the level is reached.
        let ends = nearest(&self.brackets(side), root).unwrap_or([a, b]);
        let reached =
            |at: &f64| self.evaluations.iter().any(|evaluate| evaluate.at == *at && side(evaluate) >= Some(0.0));
        Ok(ends.into_iter().find(reached))
    }

    /// Looks about a root, so that the way to it can be seen.
    pub(in crate::analysis) fn refine_around(
        &mut self,
        root: f64,
        width: f64,
        [low, high]: [f64; 2],
    ) -> Result<(), SolveError> {
        let about = (0.25 * root.abs()).max(4.0 * width);
        let (from, to) = ((root - about).max(low), (root + about).min(high));
        evenly(from, to, POINTS).try_for_each(|at| self.evaluate(at).map(drop))
    }

    /// The statistic at each value.
    pub(in crate::analysis) fn curve(&self) -> Vec<Point> {
        self.evaluations.iter().map(|evaluate| Point { at: evaluate.at, statistic: evaluate.statistic }).collect()
    }

    /// How the statistic goes as the value rises.
    pub(in crate::analysis) fn course(&self) -> Monotonicity {
        let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut rises, mut falls) = (false, false);
        for statistic in self.evaluations.iter().map(|evaluate| evaluate.statistic) {
            let Some(value) = statistic.value else { continue };
            // Draws are common, so that a difference is known far better than that.
            let noise = 2.0 * statistic.error.unwrap_or(0.0);
            rises |= value > lowest + noise;
            falls |= value < highest - noise;
            lowest = lowest.min(value);
            highest = highest.max(value);
        }
        match (rises, falls) {
            (true, false) => Monotonicity::Rises,
            (false, true) => Monotonicity::Falls,
            (true, true) => Monotonicity::Turns,
            (false, false) => Monotonicity::Stays,
        }
    }
}

/// How nearly a root between two looks is worth finding.
fn tolerance([one, other]: &[Evaluation; 2]) -> f64 {
    let width = other.at - one.at;
    let slope = (other.above.best - one.above.best).abs() / width;
    let spread = |look: &Evaluation| look.above.ends.map_or(0.0, |[low, high]| high - low);
    let interval = spread(one).min(spread(other)) / slope;
    // What is no number is no bound.
    (PART_OF_INTERVAL * interval).min(width / 16.0).max(PART_OF_SIZE * one.at.abs().max(other.at.abs()))
}

/// The passage nearest to a value.
fn nearest(brackets: &[[f64; 2]], near: f64) -> Option<[f64; 2]> {
    let distance = |[a, b]: &[f64; 2]| (a - near).max(near - b).max(0.0);
    brackets.iter().copied().min_by(|one, other| distance(one).total_cmp(&distance(other)))
}

/// Values from `low` to `high` in so many steps: equal ratios between numbers of one sign, else equal differences.
fn spread(low: f64, high: f64, steps: usize) -> Box<dyn Iterator<Item = f64>> {
    if low * high <= 0.0 {
        return Box::new(evenly(low, high, steps));
    }
    let ratio = libm::log(high / low);
    let between = move |i: usize| match i {
        0 => low,
        i if i == steps => high,
        i => low * libm::exp(ratio * i as f64 / steps as f64),
    };
    Box::new((0..=steps).map(between))
}

fn evenly(low: f64, high: f64, steps: usize) -> impl Iterator<Item = f64> {
    (0..=steps).map(move |i| if i == steps { high } else { low + (high - low) * i as f64 / steps as f64 })
}

#[cfg(test)]
mod tests {
    use super::super::statistic::MarginOverLevel;
    use super::*;
    use crate::stats::Estimate;

    fn search(f: impl Fn(f64) -> f64) -> Search<impl FnMut(f64) -> Result<Evaluation, SolveError>> {
        Search::new(move |at| {
            let y = f(at);
            let above = MarginOverLevel { best: y, ends: Some([y - 0.1, y + 0.1]) };
            Ok(Evaluation { at, statistic: Estimate { value: Some(y), error: Some(0.01) }, above })
        })
    }

    const BEST: Margin = |evaluate| Some(evaluate.above.best);

    #[test]
    fn rising_and_falling_functions_have_their_root_found() {
        for (f, root) in [
            ((|x| x * x - 2.0) as fn(f64) -> f64, 2.0_f64.sqrt()),
            (|x| 2.0 - x * x, 2.0_f64.sqrt()),
            (|x| libm::log(x), 1.0),
        ] {
            let mut search = search(f);
            search.scan([0.1, 10.0]).unwrap();
            let found = search.root(BEST, 1.0).unwrap().unwrap();
            assert!((found - root).abs() < 3e-4 && f(found) >= 0.0, "{found}");
            assert!(search.evaluations.len() < 15, "{} looks", search.evaluations.len());
            assert!(search.evaluations.is_sorted_by(|a, b| a.at < b.at));
        }
    }

    #[test]
    fn a_step_is_found_at_its_edge() {
        for f in [(|x| if x >= 1.3 { 0.0 } else { -5.0 }) as fn(f64) -> f64, |x| if x >= 1.3 { 7.0 } else { f64::MIN }]
        {
            let mut search = search(f);
            search.scan([0.1, 10.0]).unwrap();
            let found = search.root(BEST, 1.0).unwrap().unwrap();
            assert!((0.0..3e-4).contains(&(found - 1.3)), "{found}");
        }
    }

    #[test]
    fn the_nearest_of_several_roots_is_taken_and_the_turn_is_seen() {
        let mut search = search(|x| (x - 1.0) * (3.0 - x));
        search.scan([0.1, 10.0]).unwrap();
        let near_one = search.root(BEST, 0.5).unwrap().unwrap();
        let near_three = search.root(BEST, 5.0).unwrap().unwrap();
        assert!((near_one - 1.0).abs() < 3e-4 && (near_three - 3.0).abs() < 3e-4, "{near_one} {near_three}");
        assert_eq!((search.course(), search.brackets(BEST).len()), (Monotonicity::Turns, 2));
    }

    #[test]
    fn what_is_never_passed_has_no_root() {
        let mut search = search(|x| x + 1.0);
        search.scan([0.0, 1.0]).unwrap();
        assert_eq!(search.root(BEST, 0.5).unwrap(), None);
        assert_eq!(search.course(), Monotonicity::Rises);
    }
}
