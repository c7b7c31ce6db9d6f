//! What was different in the outcomes that meet a condition.

use super::document::{Shift, ShiftKind, Stress};
use crate::analysis::{AnalysisError, FigureInfo, Response};
use crate::engine::{Execution, Resampling, each_block, market_factor};
use crate::forecast::share;
use crate::model::{Figure, Model, Target};
use crate::outcomes::Outcomes;
use crate::scenario::{Metric, Scenario};
use crate::stats::{Estimate, Moments, Selection};
use crate::units::{Periods, Typed, closest};

/// A condition on a future: `main <= p10`, `bookings > 12000000`, `Year 1 missed`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// As it was typed.
    pub text: String,
    figure: Response,
    /// The input that it is on, in place of a figure.
    input: Option<usize>,
    side: Side,
    level: Level,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Below,
    AtMost,
    AtLeast,
    Above,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Level {
    Amount(f64),
    /// A percentile of the figure itself.
    Percentile(f64),
}

/// Why a condition cannot be read: what was found, what is allowed, a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionFault {
    /// The condition as it was written.
    pub found: String,
    /// What may stand there instead, in words.
    pub allowed: String,
    /// A hint; empty where there is none.
    pub hint: String,
}

/// Fewer futures than this say nothing about what is different in them.
const FEWEST: usize = 20;

impl Condition {
    /// Reads a condition on `main`, which stands for `figure`, on a metric of the same period and scope, or on a target of the model.
    ///
    /// # Errors
    /// [`ConditionFault`] where it is none.
    pub fn parse(text: &str, model: &Model, figure: &Response) -> Result<Condition, ConditionFault> {
        let fault = |found: String, hint: String| {
            ConditionFault {
            found,
            allowed: "main, a metric, a target's name or an input's path, then <=, <, >= or >, then a percentile such as p10 (not of an input), or an amount; a target's name and met or missed; or whether an event happens: changes[NAME].happens".to_owned(),
            hint,
        }
        };
        let text = text.trim();
        let of_target = |name: &str| model.targets.iter().find(|target| target.name == name.trim());
        for (word, side, level) in [("met", Side::AtLeast, 1.0), ("missed", Side::Below, 1.0)] {
            if let Some(target) = text.strip_suffix(word).and_then(of_target) {
                let level = Level::Amount(level);
                let figure = Response::of_target(target);
                return Ok(Condition { text: text.to_owned(), figure, input: None, side, level });
            }
        }
        let input = |path: &str| model.inputs.iter().position(|input| input.path == path);
        let of_input = |input: usize, side: Side, level: f64| Condition {
            text: text.to_owned(),
            figure: figure.clone(),
            input: Some(input),
            side,
            level: Level::Amount(level),
        };
        if let Some(input) = input(text).filter(|input| model.is_event(*input)) {
            return Ok(of_input(input, Side::AtLeast, 1.0));
        }
        let example = || "for example --where 'main <= p10' or --where 'Year 1 missed'".to_owned();
        // The last sign counts: names may hold one too.
        let at = text.rfind(['<', '>']).ok_or_else(|| fault(format!("\"{text}\""), example()))?;
        let (name, rest) = (text[..at].trim(), &text[at..]);
        let (side, level) = match rest.strip_prefix("<=").map(|rest| (Side::AtMost, rest)) {
            Some(found) => found,
            None => match (rest.strip_prefix(">="), rest.strip_prefix('<'), rest.strip_prefix('>')) {
                (Some(level), _, _) => (Side::AtLeast, level),
                (_, Some(level), _) => (Side::Below, level),
                (_, _, level) => (Side::Above, level.unwrap_or_default()),
            },
        };
        let level = level.trim();
        let percentile = level.strip_prefix(['p', 'P']).and_then(|p| p.parse::<f64>().ok());
        let level = match (percentile, Typed::Any.read(level)) {
            (Some(p), _) if p > 0.0 && p < 100.0 => Level::Percentile(p / 100.0),
            (None, Ok(amount)) => Level::Amount(amount),
            (None, Err(hint)) if !hint.is_empty() => return Err(fault(format!("\"{level}\" for a level"), hint)),
            _ => return Err(fault(format!("\"{level}\" for a level"), example())),
        };
        if let (Some(input), Level::Amount(level)) = (input(name), level) {
            return Ok(of_input(input, side, level));
        }
        let whole = |target: &Target| Figure::new(target.metric, target.scope, target.periods.whole());
        let plain = match figure {
            Response::Figure(figure) => figure.clone(),
            Response::Target(target) => whole(target),
        };
        let about = match (name, of_target(name), name.parse()) {
            ("main", _, _) => plain,
            (_, Some(target), _) => whole(target),
            (_, _, Ok(metric)) => Figure { metric, ..plain },
            _ => {
                let known: Vec<String> = std::iter::once("main".to_owned())
                    .chain(model.targets.iter().map(|target| target.name.clone()))
                    .chain(Metric::ALL.map(|metric| metric.key().to_owned()))
                    .chain(model.inputs.iter().map(|input| input.path.clone()))
                    .collect();
                return Err(fault(format!("\"{name}\""), closest(name, known.iter())));
            }
        };
        Ok(Condition { text: text.to_owned(), figure: Response::Figure(about), input: None, side, level })
    }

    fn level(&self, values: &[f64]) -> f64 {
        match self.level {
            Level::Amount(amount) => amount,
            Level::Percentile(p) => {
                let mut selection = Selection::new(values.len(), &[p], &[]);
                selection.take(values);
                selection.quantile(p)
            }
        }
    }

    fn holds(&self, x: f64, level: f64) -> bool {
        match self.side {
            Side::Below => x < level,
            Side::AtMost => x <= level,
            Side::AtLeast => x >= level,
            Side::Above => x > level,
        }
    }
}

/// What a block of futures shows.
struct Seen {
    condition: Vec<f64>,
    figure: Vec<f64>,
    inputs: Vec<Vec<f64>>,
    months: Vec<Vec<f64>>,
}

pub(in crate::analysis) fn stress(
    scenario: &Scenario,
    model: &Model,
    figure: &Response,
    condition: &Condition,
    execution: &Execution,
) -> Result<Stress, AnalysisError> {
    let months = match figure {
        Response::Figure(Figure { period, .. }) | Response::Target(Target { periods: Periods::One(period), .. }) => {
            period.months.clone()
        }
        Response::Target(Target { periods, .. }) => 0..periods.end(),
    };
    let part = figure.part().and(condition.figure.part());
    let see = |outcomes: &Outcomes| {
        let grid = figure.grid(model, outcomes);
        Seen {
            condition: match condition.input {
                Some(input) => outcomes.input(input),
                None => condition.figure.values(model, outcomes),
            },
            figure: figure.values(model, outcomes),
            inputs: (0..model.inputs.len()).map(|i| outcomes.input(i)).collect(),
            months: months.clone().map(|m| grid.month(m).to_vec()).collect(),
        }
    };
    let seen = each_block(model, Resampling::None, part, execution, see)?;
    let all = |of: &dyn Fn(&Seen) -> &[f64]| seen.iter().flat_map(|seen| of(seen).to_vec()).collect::<Vec<f64>>();
    let values = all(&|seen| &seen.condition);
    if values.iter().any(|x| !x.is_finite()) {
        return Err(AnalysisError::Unknown);
    }
    let level = condition.level(&values);
    let held: Vec<bool> = values.iter().map(|x| condition.holds(*x, level)).collect();
    let trials = held.iter().filter(|held| **held).count();
    if trials < FEWEST || trials + FEWEST > held.len() {
        return Err(AnalysisError::Condition { holds: trials, trials: held.len() });
    }
    let apart = Apart { edge: condition.edge(&values, trials), held };
    let mut shifts = Vec::new();
    for (i, input) in model.inputs.iter().enumerate().filter(|(i, _)| Some(*i) != condition.input) {
        let values = all(&|seen| &seen.inputs[i]);
        shifts.extend(shift(&input.path, scenario.label(&input.path), ShiftKind::Input, &values, &apart));
    }
    if model.market_moves() {
        let values = market_factor(model, months.clone());
        shifts.extend(shift("market", "market factor".to_owned(), ShiftKind::Market, &values, &apart));
    }
    if months.len() > 1 {
        for (i, m) in months.enumerate() {
            let month = model.horizon.month(m);
            let values = all(&|seen| &seen.months[i]);
            shifts.extend(shift(&month.to_string(), month.name(), ShiftKind::Month, &values, &apart));
        }
    }
    shifts.sort_by(|a, b| {
        let far = |shift: &Shift| shift.shift.value.unwrap_or(0.0).abs();
        far(b).total_cmp(&far(a))
    });
    let (mean, usual) = apart.means(&all(&|seen| &seen.figure));
    Ok(Stress {
        condition: condition.text.clone(),
        figure: FigureInfo::of(&condition.figure, model),
        percentile: matches!(condition.level, Level::Percentile(_)),
        level: Estimate::new(level, None).value.unwrap_or(level),
        share: share(trials, values.len()),
        trials,
        mean,
        usual,
        shifts,
    })
}

/// The futures that are looked at apart.
struct Apart {
    held: Vec<bool>,
    /// Where the condition is a percentile, the twentieth of futures nearest in rank to it.
    edge: Vec<usize>,
}

impl Condition {
    /// The futures nearest to where the condition ends, if that is a percentile, which other futures would put elsewhere.
    fn edge(&self, values: &[f64], held: usize) -> Vec<usize> {
        if matches!(self.level, Level::Amount(_)) {
            return Vec::new();
        }
        let below = match self.side {
            Side::Below | Side::AtMost => held,
            Side::AtLeast | Side::Above => values.len() - held,
        };
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
        let width = values.len().div_ceil(20);
        let from = below.saturating_sub(width / 2).min(values.len() - width);
        order[from..from + width].to_vec()
    }
}

impl Apart {
    /// What each future adds to the mean of those looked at apart (its influence, times 1 / n), which tells that mean's error. With h 1
    /// where the condition holds and 0 elsewhere, s the share that it holds in, m the mean there and g that at the edge:
    /// h (x − m) / s + (1 − h / s) (g − m), the second only where the condition is a percentile. For the condition's own figure its mean
    /// square is that of Manistre and Hancock (2005), as of the forecast's worst tenth.
    fn influences(&self, values: &[f64], mean: f64) -> Vec<f64> {
        let share = self.held.iter().filter(|held| **held).count() as f64 / values.len() as f64;
        let at_edge: f64 = self.edge.iter().map(|i| values[*i]).sum::<f64>() / self.edge.len() as f64;
        let moved = if self.edge.is_empty() { 0.0 } else { at_edge - mean };
        let of = |(x, held): (&f64, &bool)| if *held { (x - mean + (share - 1.0) * moved) / share } else { moved };
        values.iter().zip(&self.held).map(of).collect()
    }

    /// The values where the condition held.
    fn there(&self, values: &[f64]) -> Vec<f64> {
        values.iter().zip(&self.held).filter(|(_, held)| **held).map(|(x, _)| *x).collect()
    }

    /// The standard error that influences tell; the mean that they are held against is of those looked at.
    fn error(&self, influences: impl Iterator<Item = f64>) -> f64 {
        let count = self.held.iter().filter(|held| **held).count() as f64;
        let squares: f64 = influences.map(|x| x * x).sum();
        libm::sqrt(squares * count / (count - 1.0)) / self.held.len() as f64
    }

    /// The means of a sample where the condition held, and of all of it.
    fn means(&self, values: &[f64]) -> (Estimate, Estimate) {
        let there = Moments::of(&self.there(values)).map_or(Estimate::UNKNOWN, |m| {
            Estimate::new(m.mean, Some(self.error(self.influences(values, m.mean).into_iter())))
        });
        let all = Moments::of(values).map_or(Estimate::UNKNOWN, |m| Estimate::new(m.mean, Some(m.mean_error)));
        (there, all)
    }
}

/// How far a mean moved; `None` for what never varies or is unknown.
fn shift(key: &str, label: String, kind: ShiftKind, values: &[f64], apart: &Apart) -> Option<Shift> {
    let whole = Moments::of(values).filter(|m| m.mean.is_finite() && m.sd > 0.0)?;
    let part = Moments::of(&apart.there(values))?;
    let (mean, usual) = apart.means(values);
    // What held is a part of the whole, and is measured in the whole's own deviations: all three go together.
    let shift = (part.mean - whole.mean) / whole.sd;
    let influences = apart.influences(values, part.mean).into_iter().zip(values).map(|(there, x)| {
        let z = (x - whole.mean) / whole.sd;
        there / whole.sd - z - 0.5 * shift * (z * z - 1.0)
    });
    let shift = Estimate::new(shift, Some(apart.error(influences)));
    Some(Shift { key: key.to_owned(), label, kind, mean, usual, shift })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Address, Purpose};
    use crate::units::{Frequency, Period};

    /// A figure and what makes two thirds of its variance, in the worst tenth of so many futures: both means there, and the shift of the
    /// second, each with its error.
    fn worst(seed: u64, trials: usize) -> [Estimate; 3] {
        let mut stream = Address::new(seed, 0, Purpose::Input, 0, 0).stream(0);
        let input: Vec<f64> = (0..trials).map(|_| stream.normal()).collect();
        let figure: Vec<f64> = input.iter().map(|x| x + libm::sqrt(0.5) * stream.normal()).collect();
        let text = "main <= p10".to_owned();
        let period = Period { label: String::new(), every: Frequency::Total, months: 0..1 };
        let figure_of = Response::Figure(Figure::new(Metric::Bookings, 0, period));
        let condition =
            Condition { text, figure: figure_of, input: None, side: Side::AtMost, level: Level::Percentile(0.1) };
        let level = condition.level(&figure);
        let held: Vec<bool> = figure.iter().map(|x| condition.holds(*x, level)).collect();
        let count = held.iter().filter(|held| **held).count();
        let apart = Apart { edge: condition.edge(&figure, count), held };
        let shift = shift("", String::new(), ShiftKind::Input, &input, &apart).expect("it varies");
        [apart.means(&figure).0, shift.mean, shift.shift]
    }

    #[test]
    fn errors_in_the_worst_tenth_contain_that_of_where_it_ends() {
        // E[Z | Z ≤ z₀.₁] = −1.754 98; the figure's sd is √1.5, and the input's mean there is its covariance over that. Of 400 seeds 95 in 100
        // hold with a standard deviation of 1.1: within 3.5 of these, a false alarm in 2,000 for each of three figures.
        let tail = -1.754_98;
        let truth = [tail * libm::sqrt(1.5), tail / libm::sqrt(1.5), tail / libm::sqrt(1.5)];
        let mut held = [0.0; 3];
        for seed in 0..400 {
            for ((held, found), truth) in held.iter_mut().zip(worst(seed, 500)).zip(truth) {
                *held += f64::from((found.known() - truth).abs() <= 1.96 * found.error.unwrap()) / 4.0;
            }
        }
        assert!(held.iter().all(|held| (91.2..=98.8).contains(held)), "{held:?} in 100");
    }
}
