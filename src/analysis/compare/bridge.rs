//! The bridge from one scenario to another: what each change brings to a figure's mean, its percentiles, and chances of targets.

use indexmap::IndexMap;

use super::bridge_path::BridgePath;
use super::changes::{Pair, Together, change, changed, groups};
use super::document::{Bridge, Change, Orders};
use super::living_pipeline::{Chain, SECTIONS};
use super::mixed_scenario::{MixedScenario, MixedScenarios, Question, chain};
use super::orderings::{ChangeSet, MOST, Orderings};
use super::percentiles::Percentiles;
use crate::chance::HalfSamples;
use crate::engine::{Execution, Resampling, RunError, SimulationScope, Workers, each_block};
use crate::forecast::share;
use crate::model::OpenDeal;
use crate::outcomes::Outcomes;
use crate::stats::{Estimate, Moments};

/// About how many bytes a model takes for an open deal, its id included.
const DEAL: usize = size_of::<OpenDeal>() + 24;

/// A bridge before it is played.
#[derive(Debug)]
pub(in crate::analysis) struct Plan {
    pub(in crate::analysis) changes: Vec<Change>,
    mixed: MixedScenarios,
}

/// A bridge that was played.
#[derive(Debug)]
pub(in crate::analysis) struct Bridged {
    /// Of the figure's mean.
    pub(in crate::analysis) mean: BridgePath,
    /// Of its percentiles, in the order in which they were asked for.
    pub(in crate::analysis) percentiles: Vec<BridgePath>,
    /// Of the distance from the first percentile to the last.
    pub(in crate::analysis) width: BridgePath,
    /// Of the chances of the goals, in their order.
    pub(in crate::analysis) chances: Vec<BridgePath>,
}

impl Plan {
    /// What happened to a business that is running comes first, cause after cause; behind it each other change by its Shapley value.
    pub(in crate::analysis) fn new(pair: Pair, question: &Question) -> Plan {
        let mut fields = changed(pair, question.figure.metric());
        let chain = chain(pair, question);
        if chain.is_some() {
            fields.retain(|field| !SECTIONS.contains(&field.keys[0].as_str()));
        }
        let chain = chain.unwrap_or((Chain { standings: Vec::new(), changes: Vec::new() }, Vec::new()));
        let by = |together| groups(pair, &fields, together);
        // Each by itself where all orders can be looked at; else a row for each kind of change tells most.
        let alone = by(Together::Nothing);
        let groups = if alone.len() <= MOST { alone } else { by(Together::Kinds) };
        let mixed = MixedScenarios::new(pair, &chain, &fields, groups, question);
        let behind = mixed.groups.iter().map(|group| change(pair, &fields, group));
        let changes = chain.0.changes.into_iter().chain(behind).collect();
        Plan { changes, mixed }
    }

    /// How many of the orders of the changes are looked at.
    pub(in crate::analysis) fn orders(&self) -> Orders {
        self.mixed.ways.looked_at()
    }

    /// How many times all trials are played for it.
    pub(in crate::analysis) fn plays(&self) -> usize {
        self.mixed.models.len()
    }

    /// About how many bytes it takes with so many trials, and with the open deals of all scenarios between the two.
    pub(in crate::analysis) fn bytes(&self, trials: usize) -> f64 {
        let goals = self.mixed.models.values().next().map_or(0, |hybrid| hybrid.goals.len());
        // A value for each change of the figure and of each goal, the samples at hand and what a percentile takes.
        let each = 8.0 * ((1 + goals) * self.changes.len() + goals + 5) as f64 + HalfSamples::BYTES;
        let regions = self.mixed.models.values().flat_map(|hybrid| &hybrid.model.regions);
        let deals: usize = regions.map(|region| region.open_deals.len()).sum();
        each * trials as f64 + (deals * DEAL) as f64
    }

    /// Plays it for a comparison.
    pub(super) fn explained(&self, trials: usize, execution: &Execution) -> Result<Bridge, RunError> {
        let played = self.play(&[0.5], trials, execution)?;
        Ok(Bridge {
            changes: self.changes.clone(),
            orders: self.orders(),
            mean: played.mean.span(),
            p50: played.percentiles[0].span(),
            chance: played.chances.first().map(BridgePath::span),
        })
    }

    /// Plays every hybrid on the same draws, for the figure's percentiles at these `levels`.
    pub(in crate::analysis) fn play(
        &self,
        levels: &[f64],
        trials: usize,
        execution: &Execution,
    ) -> Result<Bridged, RunError> {
        let Plan { changes, mixed: MixedScenarios { ways, models, .. } } = self;
        let whole = (1 << changes.len()) - 1;
        let mut mean = Averages::new(changes.len(), trials);
        let mut percentiles = Percentiles::new(levels, trials);
        let mut chances: Vec<Averages> = Vec::new();
        for (made, hybrid) in models {
            let (values, met) = sample(hybrid, execution)?;
            mean.see(*made, &ways.weights[made], &values, &execution.workers);
            percentiles.see(*made, &values);
            chances.resize_with(met.len(), || Averages::new(changes.len(), trials));
            for (chance, met) in chances.iter_mut().zip(met) {
                chance.see(*made, &ways.weights[made], &met, &execution.workers);
            }
        }
        let several = |error: f64| (trials > 1).then_some(error);
        let mean_at = |made: ChangeSet| Estimate::unrounded(mean.means[&made], several(mean.errors[&made]));
        let chance_at = |chance: &Averages, made: ChangeSet| {
            let count = (chance.means[&made] * trials as f64).round() as usize;
            Estimate::unrounded(chance.means[&made], share(count, trials).error)
        };
        // That no future differs does not say that none could.
        let least = share(0, trials).error.unwrap_or_default();
        let of_chance = |chance: &Averages| chance.way([chance_at(chance, 0), chance_at(chance, whole)], ways, least);
        Ok(Bridged {
            mean: mean.way([mean_at(0), mean_at(whole)], ways, 0.0),
            percentiles: (0..levels.len()).map(|at| percentiles.way(at, ways, whole, changes.len())).collect(),
            width: percentiles.width(ways, whole, changes.len()),
            chances: chances.iter().map(of_chance).collect(),
        })
    }
}

/// The figure, and whether each goal is met, in each trial of a hybrid.
fn sample(hybrid: &MixedScenario, execution: &Execution) -> Result<(Vec<f64>, Vec<Vec<f64>>), RunError> {
    let MixedScenario { model, figure, goals } = hybrid;
    let part = goals.iter().map(|goal| goal.part()).fold(figure.part(), SimulationScope::and);
    let see = |outcomes: &Outcomes| {
        let met: Vec<Vec<f64>> = goals.iter().map(|goal| goal.values(model, outcomes)).collect();
        (figure.values(model, outcomes), met)
    };
    let (mut values, mut met) = (Vec::new(), vec![Vec::new(); goals.len()]);
    for (of_block, met_in_block) in each_block(model, Resampling::None, part, execution, see)? {
        values.extend(of_block);
        met.iter_mut().zip(met_in_block).for_each(|(all, some)| all.extend(some));
    }
    Ok((values, met))
}

/// What changes bring to a mean: a mean of what they bring to each trial, from which its error comes.
struct Averages {
    /// Change after change, its value in each trial.
    steps: Vec<Vec<f64>>,
    means: IndexMap<ChangeSet, f64>,
    errors: IndexMap<ChangeSet, f64>,
}

impl Averages {
    fn new(changes: usize, trials: usize) -> Averages {
        Averages { steps: vec![vec![0.0; trials]; changes], means: IndexMap::new(), errors: IndexMap::new() }
    }

    fn see(&mut self, made: ChangeSet, weights: &[f64], values: &[f64], workers: &Workers) {
        let mut steps: Vec<(&mut Vec<f64>, f64)> = self.steps.iter_mut().zip(weights.iter().copied()).collect();
        workers.each(&mut steps, |(step, weight)| {
            step.iter_mut().zip(values).for_each(|(step, x)| *step += *weight * x);
        });
        let moments = Moments::of(values);
        self.means.insert(made, moments.map_or(f64::NAN, |m| m.mean));
        self.errors.insert(made, moments.map_or(f64::NAN, |m| m.mean_error));
    }

    /// The steps between `ends`; no error is below `least`, but where nothing is changed.
    fn way(&self, ends: [Estimate; 2], ways: &Orderings, least: f64) -> BridgePath {
        let orders = ways.errors(self.steps.len(), |made| self.means[&made]);
        let steps = self
            .steps
            .iter()
            .zip(orders)
            .map(|(step, orders)| {
                let moments = Moments::of(step);
                let error = moments.filter(|_| step.len() > 1).map(|m| libm::hypot(m.mean_error, orders).max(least));
                Estimate::unrounded(moments.map_or(f64::NAN, |m| m.mean), error)
            })
            .collect();
        BridgePath { ends, steps }
    }
}
