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
            allowed: "main, a metric or a target's name, then <=, <, >= or >, then a percentile such as p10, or an amount; or a target's name and met or missed".to_owned(),
            hint,
        }
        };
        let text = text.trim();
        let of_target = |name: &str| model.targets.iter().find(|target| target.name == name.trim());
        for (word, side, level) in [("met", Side::AtLeast, 1.0), ("missed", Side::Below, 1.0)] {
            if let Some(target) = text.strip_suffix(word).and_then(of_target) {
                let level = Level::Amount(level);
                return Ok(Condition { text: text.to_owned(), figure: Response::of_target(target), side, level });
            }
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
                    .collect();
                return Err(fault(format!("\"{name}\""), closest(name, known.iter())));
            }
        };
        Ok(Condition { text: text.to_owned(), figure: Response::Figure(about), side, level })
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
    let part = figure.part(model).and(condition.figure.part(model));
    let see = |outcomes: &Outcomes| {
        let grid = figure.grid(model, outcomes);
        Seen {
            condition: condition.figure.values(model, outcomes),
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
    let mut shifts = Vec::new();
    for (i, input) in model.inputs.iter().enumerate() {
        let values = all(&|seen| &seen.inputs[i]);
        shifts.extend(shift(&input.path, scenario.label(&input.path), ShiftKind::Input, &values, &held));
    }
    if model.market_moves() {
        let values = market_factor(model, months.clone());
        shifts.extend(shift("market", "market factor".to_owned(), ShiftKind::Market, &values, &held));
    }
    if months.len() > 1 {
        for (i, m) in months.enumerate() {
            let month = model.horizon.month(m);
            let values = all(&|seen| &seen.months[i]);
            shifts.extend(shift(&month.to_string(), month.name(), ShiftKind::Month, &values, &held));
        }
    }
    shifts.sort_by(|a, b| {
        let far = |shift: &Shift| shift.shift.value.unwrap_or(0.0).abs();
        far(b).total_cmp(&far(a))
    });
    let (mean, usual) = means(&all(&|seen| &seen.figure), &held);
    Ok(Stress {
        condition: condition.text.clone(),
        figure: FigureInfo::of(&condition.figure, model),
        percentile: matches!(condition.level, Level::Percentile(_)),
        level: Estimate::new(level, None).value.unwrap_or(level),
        share: share(trials, held.len()),
        trials,
        mean,
        usual,
        shifts,
    })
}

/// The means of a sample where the condition held, and of all of it.
fn means(values: &[f64], held: &[bool]) -> (Estimate, Estimate) {
    let there: Vec<f64> = values.iter().zip(held).filter(|(_, held)| **held).map(|(x, _)| *x).collect();
    let mean =
        |values: &[f64]| Moments::of(values).map_or(Estimate::UNKNOWN, |m| Estimate::new(m.mean, Some(m.mean_error)));
    (mean(&there), mean(values))
}

/// How far a mean moved; `None` for what never varies or is unknown.
fn shift(key: &str, label: String, kind: ShiftKind, values: &[f64], held: &[bool]) -> Option<Shift> {
    let whole = Moments::of(values).filter(|m| m.mean.is_finite() && m.sd > 0.0)?;
    let there: Vec<f64> = values.iter().zip(held).filter(|(_, held)| **held).map(|(x, _)| *x).collect();
    let part = Moments::of(&there)?;
    let (mean, usual) = means(values, held);
    // What held is a part of the whole: the two means go together.
    let apart = libm::sqrt(1.0 - there.len() as f64 / values.len() as f64);
    let shift = Estimate::new((part.mean - whole.mean) / whole.sd, Some(part.mean_error * apart / whole.sd));
    Some(Shift { key: key.to_owned(), label, kind, mean, usual, shift })
}
