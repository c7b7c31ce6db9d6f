//! What a change does to the main figure and to every target, future by future on the same draws.

use super::document::{Effect, TargetEffect};
use crate::analysis::Response;
use crate::analysis::compare::{Certain, change_of_chance};
use crate::analysis::sensitivity::swing;
use crate::engine::{Execution, Resampling, RunError, SimulationScope, each_block};
use crate::forecast::share;
use crate::model::Model;
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::stats::{Estimate, Moments};

/// What is looked at: the main figure, and whether each target is met. Scopes and periods of a model are those of every model
/// that a lever makes of it.
#[derive(Clone, Debug)]
pub(super) struct EffectFigures {
    pub(super) main: Response,
    targets: Vec<(String, Response)>,
}

/// Their values, trial by trial.
#[derive(Clone, Debug, Default)]
pub(super) struct EffectSamples {
    main: Vec<f64>,
    met: Vec<Vec<bool>>,
}

impl EffectFigures {
    pub(super) fn new(model: &Model) -> EffectFigures {
        let targets = model.targets.iter().map(|target| (target.name.clone(), Response::of_target(target)));
        EffectFigures { main: Response::main(model), targets: targets.collect() }
    }

    /// Plays a model for all of them at once.
    pub(super) fn see(&self, model: &Model, execution: &Execution) -> Result<EffectSamples, RunError> {
        let figures = || self.targets.iter().map(|(_, figure)| figure);
        let part = figures().map(|figure| figure.part()).fold(self.main.part(), SimulationScope::and);
        let see = |outcomes: &Outcomes| {
            let mut grids = Grids { model, outcomes, known: Vec::new() };
            let main = grids.values(&self.main);
            EffectSamples {
                main,
                met: figures().map(|figure| grids.values(figure).iter().map(|x| *x > 0.0).collect()).collect(),
            }
        };
        let mut all =
            EffectSamples { main: Vec::with_capacity(model.trials), met: vec![Vec::new(); self.targets.len()] };
        for block in each_block(model, Resampling::None, part, execution, see)? {
            all.main.extend(block.main);
            all.met.iter_mut().zip(block.met).for_each(|(all, met)| all.extend(met));
        }
        Ok(all)
    }

    /// What changed from `before` to `after`.
    pub(super) fn effect(&self, before: &EffectSamples, after: &EffectSamples, certain: Certain) -> Effect {
        let targets = self.targets.iter().enumerate().map(|(i, (name, _))| {
            let pairs = || before.met[i].iter().zip(&after.met[i]);
            let gained = pairs().filter(|(before, after)| !**before && **after).count();
            let lost = pairs().filter(|(before, after)| **before && !**after).count();
            TargetEffect {
                name: name.clone(),
                before: before.chance(i),
                after: after.chance(i),
                change: change_of_chance(gained, lost, before.met[i].len(), certain),
            }
        });
        let targets = targets.collect();
        let known = |seen: &EffectSamples| seen.main.iter().all(|x| x.is_finite());
        if !known(before) || !known(after) {
            return Effect { targets, median: Estimate::UNKNOWN, mean: Estimate::UNKNOWN };
        }
        let differences: Vec<f64> = before.main.iter().zip(&after.main).map(|(before, after)| after - before).collect();
        let several = differences.len() > 1;
        let mean = Moments::of(&differences)
            .map_or(Estimate::UNKNOWN, |m| Estimate::new(m.mean, several.then_some(m.mean_error)));
        Effect { targets, median: swing(&self.main, &before.main, &after.main), mean }
    }
}

impl EffectSamples {
    /// How often the target of this index is met.
    pub(super) fn chance(&self, target: usize) -> Estimate {
        let met = &self.met[target];
        share(met.iter().filter(|met| **met).count(), met.len())
    }
}

/// Metrics of a block by scope, each formed once.
struct Grids<'a> {
    model: &'a Model,
    outcomes: &'a Outcomes,
    known: Vec<((Metric, usize), Grid)>,
}

impl Grids<'_> {
    fn values(&mut self, response: &Response) -> Vec<f64> {
        let place = (response.metric(), response.scope());
        let at = self.known.iter().position(|(known, _)| *known == place).unwrap_or_else(|| {
            self.known.push((place, response.grid(self.model, self.outcomes)));
            self.known.len() - 1
        });
        response.read(&self.known[at].1, self.outcomes.trials())
    }
}

impl Effect {
    /// By how much the first target's chance rises; without targets, what is given in its stead.
    pub(super) fn strength(&self, otherwise: Estimate) -> Option<f64> {
        self.targets.first().map_or(otherwise, |target| target.change).value
    }
}
