//! A scenario that is played again and again with changes.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::adjustment::{Adjustment, settings};
use crate::analysis::Response;
use crate::analysis::region_cache::{RegionCache, RegionKey, same_inputs, touched_regions};
use crate::documents::{Header, file_name};
use crate::engine::{Execution, RunError, SimulationScope};
use crate::forecast::{Forecast, headline, headline_part};
use crate::model::{Model, Target, resolve};
use crate::outcomes::Outcomes;
use crate::scenario::{Faults, Scenario, Setting, patch};
use crate::stats::{root, to_digits};
use crate::units::power_of_ten_at_most;

/// A scenario whose changes are played on the same draws as itself. The trials of regions that a change leaves alone are kept, so that moving one of
/// them costs one of them.
#[derive(Debug)]
pub struct Tuner {
    scenario: Scenario,
    model: Model,
    header: Header,
    played: RegionCache,
    execution: Execution,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum TuneError {
    /// A change is at fault.
    Change(Faults),
    /// The run ended early.
    Run(RunError),
}

/// How far a target's chance can be brought by moving one field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// The chance as the field stands.
    pub now: f64,
    /// The chance at either end of where it may be moved to.
    pub ends: [f64; 2],
    /// The value at which the chance is what is asked for, to four digits; `None` where it is passed nowhere between them.
    pub at: Option<f64>,
}

/// Trials of regions that are kept, in bytes.
const KEPT: f64 = 128.0 * 1024.0 * 1024.0;
/// Where a root is looked for it is found to this part of the range.
const TOLERANCE: f64 = 1e-4;

/// A root to four digits, on the side where the chance is reached.
fn rounded(root: f64, [low, high]: [f64; 2], sign: f64) -> f64 {
    if root == 0.0 {
        return root;
    }
    let place = power_of_ten_at_most(root.abs()) / 1_000.0;
    let steps = root / place;
    let rounded = to_digits(place * if sign > 0.0 { steps.ceil() } else { steps.floor() }, 6);
    rounded.clamp(low, high)
}

impl Tuner {
    /// Makes a scenario ready.
    ///
    /// # Errors
    /// [`Faults`] where it is none that can be played.
    pub fn new(scenario: Scenario, execution: Execution) -> Result<Tuner, Faults> {
        let model = resolve(&scenario)?;
        let mut header = Header::new(&scenario, &model);
        // It is copied with each answer, of which the scenario is no part.
        header.manifest.scenario = Value::Null;
        Ok(Tuner { scenario, model, header, played: RegionCache::within(KEPT), execution })
    }

    /// The scenario as it stands.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What heads documents about it, without the scenario itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The settings that say what changes do, as `--set` takes them.
    ///
    /// # Errors
    /// [`Faults`] where a change names nothing that can be changed so.
    pub fn settings(&self, changes: &[Adjustment]) -> Result<Vec<Setting>, Faults> {
        settings(&self.scenario, changes)
    }

    /// A scenario file that extends the scenario's own with what settings change of it.
    ///
    /// # Errors
    /// [`Faults`] where one of them is at fault.
    pub fn extended(&self, settings: &[Setting]) -> Result<Value, Faults> {
        let tree = |scenario: &Scenario| match serde_json::to_value(scenario) {
            Ok(Value::Object(tree)) => tree,
            _ => Map::new(),
        };
        let mut file = Map::from_iter([
            ("extends".to_owned(), Value::from(file_name(&self.scenario.file))),
            ("name".to_owned(), Value::from(format!("{}, changed", self.scenario.name))),
        ]);
        file.extend(patch(&tree(&self.scenario.with(&[])?), &tree(&self.scenario.with(settings)?)));
        Ok(Value::Object(file))
    }

    /// The main figure, the chance of each target and the fan of the scenario with changes, in so many trials: what a run of it with the same settings
    /// gives, to the bit. Where it is to be `quick` targets are left out that take more than the deals that are won, or more months than the main
    /// figure and its fan.
    ///
    /// # Errors
    /// [`TuneError`] where a setting is at fault, or the run ends early.
    pub fn forecast(&self, settings: &[Setting], trials: usize, quick: bool) -> Result<Forecast, TuneError> {
        let mut model = self.model(settings, trials)?;
        if quick {
            let alone = Model { targets: model.targets.iter().take(1).cloned().collect(), ..model.clone() };
            let part = headline_part(&alone);
            model.targets.retain(|target| {
                let of_target = Response::of_target(target).part();
                part.and(of_target) == part
            });
        }
        let outcomes = self.outcomes(&model, settings, headline_part(&model))?;
        let mut header = self.header.clone();
        (header.manifest.trials, header.manifest.seed) = (model.trials, model.seed);
        Ok(headline(header, &model, outcomes, &self.execution)?)
    }

    /// What a target's chance is beside other changes, and where between two ends, of which `adjust` makes a change, it is just so much.
    ///
    /// # Errors
    /// As of [`Tuner::forecast`].
    pub fn solve(
        &self,
        changes: &[Adjustment],
        adjust: &dyn Fn(f64) -> Adjustment,
        [low, high]: [f64; 2],
        (target, chance): (&str, f64),
        trials: usize,
    ) -> Result<Reach, TuneError> {
        let of = |changes: &[Adjustment]| -> Result<f64, TuneError> {
            Ok(self.chance(&self.settings(changes)?, target, trials)?.unwrap_or(f64::NAN))
        };
        let above = |at: f64| Ok::<f64, TuneError>(of(&[changes, &[adjust(at)]].concat())? - chance);
        let now = of(changes)?;
        let ends = [above(low)?, above(high)?];
        let mut reach = Reach { now, ends: ends.map(|above| above + chance), at: None };
        let sign = match ends {
            [below, reached] if below < 0.0 && reached >= 0.0 => 1.0,
            [reached, below] if below < 0.0 && reached >= 0.0 => -1.0,
            _ => return Ok(reach),
        };
        let mut failed = None;
        // A chance that is just reached counts as above.
        let rising = |above: f64| sign * if above == 0.0 { f64::MIN_POSITIVE } else { above };
        let mut nearest = if sign > 0.0 { high } else { low };
        let play = |at: f64| match above(at) {
            Ok(found) => {
                let nearer = if sign > 0.0 { at < nearest } else { at > nearest };
                if found >= 0.0 && nearer {
                    nearest = at;
                }
                rising(found)
            }
            Err(error) => {
                failed.get_or_insert(error);
                0.0
            }
        };
        root(play, [low, high], ends.map(rising), TOLERANCE * (high - low));
        reach.at = Some(rounded(nearest, [low, high], sign));
        failed.map_or(Ok(reach), Err)
    }

    /// The chance of a target; `None` where the scenario with the changes has none of that name.
    fn chance(&self, settings: &[Setting], target: &str, trials: usize) -> Result<Option<f64>, TuneError> {
        let model = self.model(settings, trials)?;
        let named = |known: &&Target| known.name == target;
        let Some(response) = model.targets.iter().find(named).map(Response::of_target) else { return Ok(None) };
        let met = response.values(&model, &self.outcomes(&model, settings, response.part())?);
        Ok(Some(met.iter().sum::<f64>() / met.len() as f64))
    }

    /// The model of the scenario with changes.
    fn model(&self, settings: &[Setting], trials: usize) -> Result<Model, TuneError> {
        let model = if settings.is_empty() { self.model.clone() } else { resolve(&self.scenario.with(settings)?)? };
        Ok(model.with_trials(trials))
    }

    /// The outcomes of all regions, those played before among them.
    fn outcomes(&self, model: &Model, settings: &[Setting], part: SimulationScope) -> Result<Outcomes, TuneError> {
        let alike = same_inputs(&self.model, model);
        let columns = [part.won_deals_only, model.valued];
        let touching = |region: &str| -> String {
            let touches = |setting: &&Setting| {
                let touched = touched_regions(&setting.path, &self.scenario);
                !alike || touched.is_none_or(|keys| keys.iter().any(|key| key == region))
            };
            settings.iter().filter(touches).map(|setting| format!("{}={}\n", setting.path, setting.value)).collect()
        };
        let region = |r: usize| -> Result<Arc<Outcomes>, RunError> {
            let key = &model.regions[r].key;
            let alike: RegionKey = (key.clone(), [model.trials, part.months], columns, touching(key));
            self.played.region(alike, (model, r), part, &self.execution)
        };
        let regions = (0..model.regions.len()).map(region).collect::<Result<Vec<_>, _>>()?;
        let regions: Vec<&Outcomes> = regions.iter().map(|region| &**region).collect();
        let blocks =
            (0..regions.first().map_or(0, |region| region.blocks())).map(|b| Outcomes::concat_regions(&regions, b));
        let mut layout = None;
        let blocks = blocks.flat_map(|block| {
            layout = Some(block.layout());
            block.into_blocks()
        });
        let blocks = blocks.collect();
        Ok(Outcomes::new(layout.unwrap_or_default(), blocks))
    }
}

impl From<Faults> for TuneError {
    fn from(faults: Faults) -> TuneError {
        TuneError::Change(faults)
    }
}

impl From<RunError> for TuneError {
    fn from(error: RunError) -> TuneError {
        TuneError::Run(error)
    }
}
