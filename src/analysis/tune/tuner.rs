//! A scenario that is played again and again with changes.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::adjustment::{Adjustment, settings};
use crate::analysis::region_cache::{RegionCache, RegionKey, same_inputs, touched_regions};
use crate::analysis::solve::{BEST, Evaluation, Reader, Search, values};
use crate::analysis::{GoalStatistic, Response, SolveError};
use crate::documents::{Header, file_name};
use crate::engine::{Execution, RunError, SimulationScope};
use crate::forecast::{Forecast, headline, headline_part};
use crate::model::{Model, resolve};
use crate::outcomes::Outcomes;
use crate::scenario::{Fault, Faults, Scenario, Setting, patch};
use crate::stats::{Estimate, to_digits};
use crate::units::{Locale, power_of_ten_at_most};

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

/// How far a target's chance can be brought by moving one field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// The chance as the field stands.
    pub now: Estimate,
    /// The highest chance of those looked at between the ends of where it may be moved to.
    pub most: Estimate,
    /// The value nearest to where it stands at which the chance is what is asked for, to four digits; `None` where it is passed nowhere between them.
    pub at: Option<f64>,
}

/// Trials of regions that are kept, in bytes.
const KEPT: f64 = 128.0 * 1024.0 * 1024.0;

/// A value to four digits, from below and from above.
fn to_four_digits(x: f64) -> [f64; 2] {
    if x == 0.0 {
        return [x; 2];
    }
    let place = power_of_ten_at_most(x.abs()) / 1_000.0;
    [libm::floor(x / place), libm::ceil(x / place)].map(|steps| to_digits(place * steps, 6))
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

    /// Numbers are from here on told as a locale writes them.
    pub fn write_as(&mut self, locale: Locale) {
        self.header.currency = self.header.currency.clone().written_as(locale);
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

    /// A scenario file that extends the scenario's own with what settings change of it, and plays so many of the futures that are played here.
    ///
    /// # Errors
    /// [`Faults`] where one of them is at fault.
    pub fn extended(&self, settings: &[Setting], trials: usize) -> Result<Value, Faults> {
        let tree = |scenario: &Scenario| match serde_json::to_value(scenario) {
            Ok(Value::Object(tree)) => tree,
            _ => Map::new(),
        };
        let changed = self.scenario.with(settings)?;
        let mut file = Map::from_iter([
            ("extends".to_owned(), Value::from(file_name(&self.scenario.file))),
            ("name".to_owned(), Value::from(format!("{}, changed", self.scenario.name))),
        ]);
        file.extend(patch(&tree(&self.scenario.with(&[])?), &tree(&changed)));
        // Whatever was asked of the page's own making.
        file.insert("simulation".to_owned(), json!({ "trials": trials, "seed": changed.simulation.seed }));
        Ok(Value::Object(file))
    }

    /// The main figure, the chance of each target and the fan of the scenario with changes, in so many trials: what a run of it with the same settings
    /// gives, to the bit. Where it is to be `quick` targets are left out that take more than the deals that are won, or more months than the main
    /// figure and its fan.
    ///
    /// # Errors
    /// [`SolveError`] where a setting is at fault, or the run ends early.
    pub fn forecast(&self, settings: &[Setting], trials: usize, quick: bool) -> Result<Forecast, SolveError> {
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

    /// What a target's chance is beside other changes, and where between two ends, of which `adjust` makes a change, it is just so much; by the search
    /// of [`solve`](crate::analysis::solve), nearest to `near`.
    ///
    /// # Errors
    /// As of [`Tuner::forecast`]; also where the scenario with the changes has no such target.
    pub fn solve(
        &self,
        changes: &[Adjustment],
        adjust: &dyn Fn(f64) -> Adjustment,
        ([low, high], near): ([f64; 2], f64),
        (target, chance): (&str, f64),
        trials: usize,
    ) -> Result<Reach, SolveError> {
        let reader = Reader::new(GoalStatistic::Probability(chance), trials);
        let play = |at: f64, changes: &[Adjustment]| -> Result<Evaluation, SolveError> {
            let settings = self.settings(changes)?;
            let model = self.model(&settings, trials)?;
            let named = model.targets.iter().find(|known| known.name == target);
            let target = named.ok_or_else(|| self.no_target(target))?;
            let response = Response::of_target(target);
            let sample = values(&response, &model, &self.outcomes(&model, &settings, response.part())?);
            // What is unknown misses the target: there is always an answer.
            reader.read(at, sample, target.at_least).ok_or_else(|| self.no_target(&target.name))
        };
        let now = play(near, changes)?.statistic;
        let mut search = Search::new(|at: f64| play(at, &[changes, &[adjust(at)]].concat()));
        search.scan([low, high])?;
        let mut at = search.root(BEST, near)?;
        if let Some(root) = at {
            for rounded in to_four_digits(root).into_iter().filter(|x| (low..=high).contains(x)) {
                if BEST(&search.evaluate(rounded)?).is_some_and(|above| above >= 0.0) {
                    at = Some(rounded);
                    break;
                }
            }
        }
        let chances = search.evaluations.iter().map(|evaluation| evaluation.statistic);
        let most = chances.fold(now, |most, found| if found.known() > most.known() { found } else { most });
        Ok(Reach { now, most, at })
    }

    /// A target that the scenario with the changes does not have.
    fn no_target(&self, name: &str) -> SolveError {
        SolveError::Question(Faults::Fields(vec![Fault {
            file: self.scenario.file.clone(),
            path: "targets".to_owned(),
            found: format!("no target {name}"),
            allowed: "a target of the scenario as it was changed".to_owned(),
            hint: String::new(),
        }]))
    }

    /// The model of the scenario with changes.
    fn model(&self, settings: &[Setting], trials: usize) -> Result<Model, SolveError> {
        let model = if settings.is_empty() { self.model.clone() } else { resolve(&self.scenario.with(settings)?)? };
        Ok(model.with_trials(trials))
    }

    /// The outcomes of all regions, those played before among them.
    fn outcomes(&self, model: &Model, settings: &[Setting], part: SimulationScope) -> Result<Outcomes, SolveError> {
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
