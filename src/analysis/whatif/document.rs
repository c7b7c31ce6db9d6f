//! What `revcast run --deep` found, as it is written to `forecast.json`.

use serde::{Deserialize, Serialize};

use crate::analysis::{Sensitivity, Solution};
use crate::audit::Finding;
use crate::stats::Estimate;

/// What is asked beside a forecast. All of it is played on the run's own draws, but for the fresh ones that the sensitivity and
/// a solution's check take.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WhatIf {
    /// What drives the main figure, and what was different in its worst tenth; empty where that is not known.
    pub sensitivity: Option<Sensitivity>,
    /// Why nothing is known of what drives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_sensitivity: Option<NoSensitivity>,
    /// What it would take for the first target of a single period to be met.
    pub solution: GoalSeek,
    /// What a small step for the worse of each kind of input does, the step that the first target suffers from most first.
    pub steps: Vec<Step>,
    /// What each lever would bring, the one that helps the first target most first.
    pub levers: Vec<LeverOutcome>,
    /// What the audit found.
    pub findings: Vec<Finding>,
}

/// Why nothing is known of what drives the main figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoSensitivity {
    /// Every input is a fixed number.
    AllFixed,
    /// The figure is unknown in some futures: return on investment while nothing is invested.
    Unknown,
    /// In some of the futures that it takes, growth or expansion runs away.
    RunsAway,
}

/// What it would take for the first target of a single period to be met with a chance of 80 %: the factor on the leads a month
/// of all regions; of a single region whose leads are a fixed number, that number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalSeek {
    /// So much of it is needed.
    Found(Solution),
    /// Nothing: it is met that often as the scenario stands.
    MetAlready {
        /// The name of the target, as in the scenario.
        target: String,
        /// The chance asked for.
        asked: f64,
        /// The chance of the target as the scenario stands.
        chance: Estimate,
    },
    /// More leads alone do not do it, as far as was looked.
    OutOfReach(Solution),
    /// There is no target of a single period.
    NoTarget,
    /// The question has no answer.
    NoAnswer {
        /// The name of the target, as in the scenario.
        target: String,
        /// Why there is no answer, in words.
        why: String,
    },
}

/// A small step for the worse of one kind of input, in all regions that have it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    /// What people call it: "growth of leads, phase 1".
    pub label: String,
    /// The factor on every draw.
    pub factor: f64,
    /// What that is in the first region that has it: 15 % becomes 14 %.
    pub example: MovedField,
    /// The paths of all fields that move.
    pub paths: Vec<String>,
    /// What the change does to the main figure and the targets.
    pub effect: Effect,
}

/// What a lever would bring.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeverOutcome {
    /// The name of the lever, as in the scenario.
    pub name: String,
    /// What it costs, over all months played.
    pub cost: f64,
    /// What a person noted beside it, word for word.
    pub note: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// The paths that the lever moves.
    pub changes: Vec<LeverChanges>,
    /// What the change does to the main figure and the targets.
    pub effect: Effect,
    /// The rise of the main figure's mean for each unit of cost. Empty where the figure is no money or the lever costs nothing.
    pub gain_per_cost: Option<Estimate>,
}

/// What a change of the scenario does, on the same draws.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Effect {
    /// To the chance of each target of the scenario, in their order.
    pub targets: Vec<TargetEffect>,
    /// The main figure's median with it less the one without.
    pub median: Estimate,
    /// The mean of the main figure's change, future by future.
    pub mean: Estimate,
}

/// What a change does to a target's chance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TargetEffect {
    /// The name of the target, as in the scenario.
    pub name: String,
    /// Its chance as the scenario stands; of one for each month or quarter, that all are met.
    pub before: Estimate,
    /// Its chance with the change.
    pub after: Estimate,
    /// after − before, with the error that common draws leave.
    pub change: Estimate,
}

/// What a lever does to the fields of one path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeverChanges {
    /// The path, as written.
    pub path: String,
    /// What people call it: "win rate in all regions", "Europe: win rate".
    pub label: String,
    /// The factor on it; empty where it is set.
    pub factor: Option<f64>,
    /// Each field that moves.
    pub fields: Vec<MovedField>,
}

/// A field that moves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MovedField {
    /// The path of the field in the scenario.
    pub path: String,
    /// What people call it: "Europe: win rate".
    pub label: String,
    /// The region's label; empty outside of regions.
    pub region: Option<String>,
    /// Its value, or the mean of its draws, as the scenario stands.
    pub from: f64,
    /// The same with the change.
    pub to: f64,
}
