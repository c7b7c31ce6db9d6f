//! What a search found, as it is written to `solution.json`.

use serde::{Deserialize, Serialize};

use crate::analysis::FigureInfo;
use crate::documents::{Body, Kind};
use crate::scenario::counts_people;
use crate::stats::Estimate;
use crate::units::plain;

/// The value of an input, or the factor on several, at which something asked for comes true.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Solution {
    /// What is to reach the level.
    pub figure: FigureInfo,
    /// What is asked of it.
    pub wanted: GoalStatistic,
    /// The fields that are varied, and how far.
    pub varied: Variable,
    /// What is asked for, as the scenario stands.
    pub before: Estimate,
    /// How it goes as the value rises.
    pub course: Monotonicity,
    /// The root, or why there is none.
    pub outcome: Outcome,
    /// The statistic at each value looked at, ascending: the way to the root.
    pub curve: Vec<Point>,
}

impl Body for Solution {
    const KIND: Kind = Kind::Solution;
}

/// How a statistic goes as the value rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Monotonicity {
    /// It never falls by more than its error.
    Rises,
    /// It never rises by more than its error.
    Falls,
    /// It rises and falls by more than its error.
    Turns,
    /// It stays where it is.
    Stays,
}

/// What is to come true.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalStatistic {
    /// The target is met with this probability.
    Probability(f64),
    /// The mean reaches this level.
    Mean(f64),
    /// A percentile reaches a level.
    Percentile {
        /// The probability that the percentile stands for: 0.1 for P10.
        p: f64,
        /// The level that is to be reached, in the unit of the metric.
        level: f64,
    },
}

impl GoalStatistic {
    /// What the statistic is to reach.
    pub fn level(&self) -> f64 {
        match self {
            GoalStatistic::Probability(level)
            | GoalStatistic::Mean(level)
            | GoalStatistic::Percentile { level, .. } => *level,
        }
    }
}

impl Solution {
    /// Whether the statistic at the root is not what was asked for, by more than its standard error: it jumps there, as with whole people.
    pub fn jumps(&self, root: &Root) -> bool {
        let known = root.reached.value.zip(root.reached.error);
        known.is_some_and(|(reached, error)| (reached - self.wanted.level()).abs() > error)
    }
}

/// What is varied, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Variable {
    /// The paths as typed.
    pub paths: Vec<String>,
    /// Whether the fields are set to the value, or multiplied by it.
    pub how: How,
    /// The lowest value looked for.
    pub low: f64,
    /// The highest value looked for.
    pub high: f64,
    /// What they are as the scenario stands: 1 for a factor.
    pub now: Option<f64>,
    /// Each field that moves, and its mean as the scenario stands.
    pub fields: Vec<VariedField>,
}

/// A field that moves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VariedField {
    /// The path of the field in the scenario.
    pub path: String,
    /// What people call it.
    pub label: String,
    /// Its value, or the mean of its draws, as the scenario stands.
    pub from: f64,
    /// The same at the root; empty where there is none.
    pub to: Option<f64>,
}

/// How fields are varied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The field is set to the value.
    Value,
    /// Every draw of the fields is multiplied by it.
    Factor,
}

/// The root, or why there is none.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A value at which what was asked for comes true.
    Root(Root),
    /// What is asked for holds at neither end, nor between.
    Unreachable {
        /// The statistic at the lowest value.
        at_low: Estimate,
        /// The statistic at the highest value.
        at_high: Estimate,
    },
}

/// A value at which what was asked for comes true.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Root {
    /// The value, with its standard error.
    pub value: Estimate,
    /// The 95 % interval for it: where the bounds of the statistic, from order statistics, reach what is asked for. Empty where that
    /// lies outside the values looked for.
    pub low: Option<f64>,
    /// The interval's upper end.
    pub high: Option<f64>,
    /// The statistic at the root, on the same draws.
    pub reached: Estimate,
    /// The statistic at the root on fresh draws.
    pub check: Estimate,
    /// The seed of those.
    pub check_seed: u64,
    /// Between which other values looked at the statistic passes what is asked for too; empty where it does so once.
    pub elsewhere: Vec<[f64; 2]>,
}

/// The statistic at a value.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Point {
    /// The value of what is varied.
    pub at: f64,
    /// The statistic at that value.
    pub statistic: Estimate,
}

impl Variable {
    /// Whether it is numbers of people alone.
    pub fn is_people(&self) -> bool {
        !self.fields.is_empty() && self.fields.iter().all(|field| counts_people(&field.path))
    }

    /// What is varied, in words: "Europe: win rate", "leads a month of 3 regions", "4 fields together".
    pub fn name(&self) -> String {
        let labels: Vec<String> = self.fields.iter().map(|field| plain(&field.label)).collect();
        if let [label] = labels.as_slice() {
            return label.clone();
        }
        let whats: Vec<&str> = labels.iter().filter_map(|label| Some(label.split_once(": ")?.1)).collect();
        match whats.first() {
            Some(what) if whats.len() == labels.len() && whats.iter().all(|other| other == what) => {
                format!("{what} of {} regions", labels.len())
            }
            _ if self.is_people() => format!("people in {} fields", labels.len()),
            _ => format!("{} fields together", labels.len()),
        }
    }
}
