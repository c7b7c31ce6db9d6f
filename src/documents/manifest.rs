//! What repeats a run to the byte.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{Model, scenario_hash};
use crate::scenario::{DataFile, Faults, Metric, Scenario, read_whole};

/// What repeats a run to the byte.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the program.
    pub version: String,
    /// The SHA-256 of the scenario's meaning (see [`crate::model::scenario_hash`]).
    pub scenario_hash: String,
    /// The seed of the draws.
    pub seed: u64,
    /// The number of trials.
    pub trials: usize,
    /// The names of the files of the run, the document itself among them.
    pub files: Vec<String>,
    /// The tables that the scenario names: their rows are written into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<DataFile>,
    /// The scenario after `extends` and `--set`, defaults written in.
    pub scenario: Value,
    /// What was known to have happened, as far as it lies in the months that are forecast. It changes no number; it is shown beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actuals: Vec<KnownAmount>,
}

/// What a period came to, as somebody said with `revcast actual` before the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownAmount {
    /// The metric that it is an amount of.
    pub metric: Metric,
    /// The key of the scope.
    pub scope: String,
    /// The period, as `forecast.json` calls it.
    pub period: String,
    /// The amount, or count, or share.
    pub amount: f64,
}

impl Manifest {
    /// The manifest of whatever is made of `scenario`, which means `model`. It lists no files yet: that is for whoever writes them.
    pub fn of(scenario: &Scenario, model: &Model) -> Manifest {
        Manifest {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario_hash: scenario_hash(scenario),
            seed: model.seed,
            trials: model.trials,
            files: Vec::new(),
            data: scenario.data.clone(),
            scenario: serde_json::to_value(scenario).unwrap_or_default(),
            actuals: Vec::new(),
        }
    }

    /// The scenario that was played, read and checked again.
    ///
    /// # Errors
    /// [`Faults`] where this program reads other scenarios than the one that wrote it, or somebody has changed it.
    pub fn scenario(&self) -> Result<Scenario, Faults> {
        read_whole("manifest.scenario", self.scenario.clone(), &self.data)
    }
}
