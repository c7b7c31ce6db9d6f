//! The bridge from one scenario to another: what each change brings to a figure's mean, its median, and a target's chance.

use indexmap::IndexMap;

use super::adding::span;
use super::changes::{Pair, Together, change, changed, groups};
use super::document::{Bridge, Span};
use super::hybrid::{Hybrid, Hybrids, Question};
use super::orders::{MOST, Made, Ways};
use crate::engine::{Monitor, Part, Pass, RunError, Workers, each_block};
use crate::forecast::share;
use crate::outcomes::Outcomes;
use crate::stats::{Moments, QuantileRanks, Selection};

/// The error of a median's change comes from so many equal batches of the trials.
const BATCHES: usize = 20;
/// Batches of fewer trials have no median worth the name.
const SMALLEST_BATCH: usize = 50;

/// A bridge before it is played.
#[derive(Debug)]
pub(super) struct Plan {
    changes: Vec<super::document::Change>,
    hybrids: Hybrids,
}

impl Plan {
    pub(super) fn new(pair: Pair, question: &Question) -> Plan {
        let fields = changed(pair, question.figure.metric);
        let by = |together| groups(&fields, together);
        // Each by itself where all orders can be looked at; else a row for each kind of change tells most.
        let alone = by(Together::Nothing);
        let groups = if alone.len() <= MOST { alone } else { by(Together::Kinds) };
        let hybrids = Hybrids::new(pair, &fields, groups, question);
        let changes = hybrids.groups.iter().map(|group| change(pair, &fields, group)).collect();
        Plan { changes, hybrids }
    }

    /// How many times all trials are played for it.
    pub(super) fn plays(&self) -> usize {
        self.hybrids.models.len()
    }

    /// About how many bytes it takes a trial.
    pub(super) fn bytes(&self) -> f64 {
        // A value for each change of figure and target, the sample at hand and what its median takes.
        8.0 * (2.0 * self.changes.len() as f64 + 6.0)
    }

    /// Plays every hybrid on the same draws.
    pub(super) fn play(&self, trials: usize, workers: &Workers, monitor: &Monitor) -> Result<Bridge, RunError> {
        let Plan { changes, hybrids: Hybrids { ways, models, .. } } = self;
        let whole = (1 << changes.len()) - 1;
        let mut mean = Averages::new(changes.len(), trials);
        let mut median = Medians::new(trials);
        let mut chance = Averages::new(changes.len(), trials);
        let mut asked = false;
        for (made, hybrid) in models {
            let (values, met) = sample(hybrid, workers, monitor)?;
            mean.see(*made, &ways.weights[made], &values, workers);
            median.see(*made, values);
            if let Some(met) = met {
                asked = true;
                chance.see(*made, &ways.weights[made], &met, workers);
            }
        }
        let several = |error: f64| (trials > 1).then_some(error);
        let mean_at = |made: Made| (mean.means[&made], several(mean.errors[&made]));
        let chance_at = |made: Made| {
            let count = (chance.means[&made] * trials as f64).round() as usize;
            (chance.means[&made], Some(share(count, trials).1))
        };
        Ok(Bridge {
            orders: ways.looked_at(),
            mean: mean.span([mean_at(0), mean_at(whole)], ways, 0.0),
            p50: median.span(ways, whole, changes.len()),
            // That no future differs does not say that none could.
            chance: asked.then(|| chance.span([chance_at(0), chance_at(whole)], ways, share(0, trials).1)),
            changes: changes.clone(),
        })
    }
}

/// The figure, and whether the target is met, in each trial of a hybrid.
fn sample(hybrid: &Hybrid, workers: &Workers, monitor: &Monitor) -> Result<(Vec<f64>, Option<Vec<f64>>), RunError> {
    let Hybrid { model, figure, target } = hybrid;
    let part = target.iter().map(|target| target.part(model)).fold(figure.part(model), Part::and);
    let see = |outcomes: &Outcomes| {
        (figure.values(model, outcomes), target.as_ref().map(|target| target.values(model, outcomes)))
    };
    let blocks = each_block(model, Pass::Run, part, workers, monitor, see)?;
    let (values, met): (Vec<Vec<f64>>, Vec<Option<Vec<f64>>>) = blocks.into_iter().unzip();
    Ok((
        values.concat(),
        met.into_iter().collect::<Option<Vec<Vec<f64>>>>().filter(|_| target.is_some()).map(|met| met.concat()),
    ))
}

/// What changes bring to a mean: a mean of what they bring to each trial, from which its error comes.
struct Averages {
    /// Change after change, its value in each trial.
    steps: Vec<Vec<f64>>,
    means: IndexMap<Made, f64>,
    errors: IndexMap<Made, f64>,
}

impl Averages {
    fn new(changes: usize, trials: usize) -> Averages {
        Averages { steps: vec![vec![0.0; trials]; changes], means: IndexMap::new(), errors: IndexMap::new() }
    }

    fn see(&mut self, made: Made, weights: &[f64], values: &[f64], workers: &Workers) {
        let mut steps: Vec<(&mut Vec<f64>, f64)> = self.steps.iter_mut().zip(weights.iter().copied()).collect();
        workers.each(&mut steps, |(step, weight)| {
            step.iter_mut().zip(values).for_each(|(step, x)| *step += *weight * x);
        });
        let moments = Moments::of(values);
        self.means.insert(made, moments.map_or(f64::NAN, |m| m.mean));
        self.errors.insert(made, moments.map_or(f64::NAN, |m| m.mean_error));
    }

    /// The steps between `ends`; no error is below `least`, but where nothing is changed.
    fn span(&self, ends: [(f64, Option<f64>); 2], ways: &Ways, least: f64) -> Span {
        let orders = ways.errors(self.steps.len(), |made| self.means[&made]);
        let steps: Vec<(f64, Option<f64>)> = self
            .steps
            .iter()
            .zip(orders)
            .map(|(step, orders)| {
                let moments = Moments::of(step);
                let error = moments.filter(|_| step.len() > 1).map(|m| libm::hypot(m.mean_error, orders).max(least));
                (moments.map_or(f64::NAN, |m| m.mean), error)
            })
            .collect();
        span(ends, &steps)
    }
}

/// What changes bring to the median.
struct Medians {
    /// Of all trials.
    whole: Selection,
    ranks: QuantileRanks,
    /// Of a batch; `None` where there are too few trials for batches.
    batch: Option<Selection>,
    /// Of each set of changes.
    found: IndexMap<Made, Median>,
}

/// A median, its error, and the medians of the batches.
struct Median {
    value: f64,
    error: Option<f64>,
    batches: Vec<f64>,
}

impl Medians {
    fn new(trials: usize) -> Medians {
        let ranks = QuantileRanks::new(trials, 0.5);
        let size = trials / BATCHES;
        Medians {
            whole: Selection::new(trials, &[0.5], std::slice::from_ref(&ranks)),
            ranks,
            batch: (size >= SMALLEST_BATCH).then(|| Selection::new(size, &[0.5], &[])),
            found: IndexMap::new(),
        }
    }

    fn see(&mut self, made: Made, values: Vec<f64>) {
        if values.iter().any(|x| x.is_nan()) {
            self.found.insert(made, Median { value: f64::NAN, error: None, batches: vec![f64::NAN; BATCHES] });
            return;
        }
        let mut batches = Vec::new();
        if let Some(batch) = &mut self.batch {
            for values in values.chunks_exact(values.len() / BATCHES).take(BATCHES) {
                batch.take(values);
                batches.push(batch.quantile(0.5));
            }
        }
        self.whole.take(&values);
        let (value, error) = (self.whole.quantile(0.5), self.whole.error(&self.ranks));
        self.found.insert(made, Median { value, error, batches });
    }

    /// Each step's error comes from the batches: the step of each, and sd/√20 over them.
    fn span(&self, ways: &Ways, whole: Made, changes: usize) -> Span {
        let orders = ways.errors(changes, |made| self.found[&made].value);
        let step = |i: usize, of: &dyn Fn(&Median) -> f64| -> f64 {
            self.found.iter().map(|(made, found)| ways.weights[made][i] * of(found)).sum()
        };
        let steps: Vec<(f64, Option<f64>)> = (0..changes)
            .map(|i| {
                let batches: Option<Vec<f64>> =
                    self.batch.as_ref().map(|_| (0..BATCHES).map(|b| step(i, &|found| found.batches[b])).collect());
                let error =
                    batches.and_then(|batches| Moments::of(&batches)).map(|m| libm::hypot(m.mean_error, orders[i]));
                (step(i, &|found| found.value), error)
            })
            .collect();
        let end = |made: Made| (self.found[&made].value, self.found[&made].error);
        span([end(0), end(whole)], &steps)
    }
}
