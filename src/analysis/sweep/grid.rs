//! Playing every combination.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::axis::{Axis, How, Moves, OPTION, written};
use super::document::{AxisInfo, Sweep, SweepRow, SweepTarget};
use crate::analysis::fields::overlaps;
use crate::analysis::region_cache::{RegionCache, RegionKey, same_inputs, touched_regions};
use crate::analysis::{FigureInfo, Response};
use crate::engine::{Execution, Resampling, RunError, SimulationScope, Workers, each_block, make_tables};
use crate::forecast::{Summary, share};
use crate::model::{Model, resolve};
use crate::outcomes::Outcomes;
use crate::scenario::{Fault, Faults, Scenario};
use crate::stats::{Estimate, Moments};

/// A scenario and a grid over it, made ready to be played.
#[derive(Debug)]
pub struct SweepRun {
    scenario: Scenario,
    model: Arc<Model>,
    axes: Vec<Axis>,
    /// Of each axis, the keys of the regions that it touches; `None` where it touches all.
    touched: Vec<Option<Vec<String>>>,
}

/// What each future comes to: the figure, then whether each target is met.
type Values = Vec<Vec<f64>>;

/// Combinations beyond which nobody reads the table.
const MOST: usize = 100_000;
/// Trials of regions that are kept for combinations to come, in bytes.
const KEPT: f64 = 1024.0 * 1024.0 * 1024.0;
/// Beside the grid nothing that changes which futures are played.
const FIXED: [&str; 3] = ["simulation", "start", "extends"];

impl SweepRun {
    /// Makes ready a grid over `scenario`, which means `model`: each value of each axis is tried by itself, so that most of what can be wrong with
    /// it is found before anything is played.
    ///
    /// # Errors
    /// [`Faults`] with everything that is wrong: paths without field, fields that two axes move, values that a field cannot have, too many
    /// combinations.
    pub fn new(scenario: &Scenario, model: impl Into<Arc<Model>>, axes: Vec<Axis>) -> Result<SweepRun, Faults> {
        let model = model.into();
        let mut faults = Vec::new();
        let mut named = Vec::new();
        for axis in &axes {
            let first = axis.path.split(['.', '[']).next().unwrap_or_default();
            if FIXED.contains(&first) {
                faults.push(Fault {
                    file: axis.option(),
                    path: axis.path.clone(),
                    found: "a field that says which futures are played, and when".to_owned(),
                    allowed: "a field that says what happens in them".to_owned(),
                    hint: "--trials and --seed are for all combinations".to_owned(),
                });
                continue;
            }
            match axis.fields(scenario) {
                Ok(fields) => named.extend(fields.into_iter().map(|field| field.path)),
                Err(fault) if axis.how == How::Factor => faults.push(fault),
                // What is set need not be a number, or be there already.
                Err(_) => named.push(axis.path.clone()),
            }
        }
        named.sort();
        faults.extend(overlaps(named.iter().map(String::as_str), OPTION));
        let combinations = axes.iter().try_fold(1_usize, |all, axis| all.checked_mul(axis.len()));
        if combinations.is_none_or(|all| all > MOST) {
            faults.push(Fault {
                file: OPTION.to_owned(),
                path: String::new(),
                found: combinations
                    .map_or_else(|| "too many combinations".to_owned(), |all| format!("{all} combinations")),
                allowed: format!("at most {MOST}"),
                hint: "fewer values, or fewer axes".to_owned(),
            });
        }
        let mut sweeping = SweepRun { scenario: scenario.clone(), model, axes, touched: Vec::new() };
        if faults.is_empty() {
            for a in 0..sweeping.axes.len() {
                let mut touches = touched_regions(&sweeping.axes[a].path, scenario);
                for i in 0..sweeping.axes[a].len() {
                    match sweeping.moved(&[(a, i)]).and_then(|(_, model)| sweeping.figures(&model).map(|_| model)) {
                        // Other inputs are drawn together with others: then all regions may be others.
                        Ok(moved) if !same_inputs(&sweeping.model, &moved) => touches = None,
                        Ok(_) => {}
                        Err(found) => faults.extend(found.into_list()),
                    }
                }
                sweeping.touched.push(touches);
            }
        }
        faults.dedup();
        if faults.is_empty() { Ok(sweeping) } else { Err(Faults::Fields(faults)) }
    }

    /// How many combinations there are.
    pub fn combinations(&self) -> usize {
        self.axes.iter().map(Axis::len).product()
    }

    /// The months that a combination plays, to tell how long it takes.
    pub fn part(&self) -> SimulationScope {
        let figures = self.figures(&self.model).unwrap_or_default();
        figures
            .iter()
            .map(|figure| figure.part())
            .reduce(SimulationScope::and)
            .unwrap_or(SimulationScope::whole(&self.model))
    }

    /// Plays some of the combinations, all on the same draws; `told` is called when one of them is done.
    ///
    /// # Errors
    /// [`Faults`] where values that go by themselves do not go together, or [`RunError`] as of [`crate::engine::simulate`], in which case the scenario is the
    /// combination's.
    pub fn play(
        &self,
        combinations: Range<usize>,
        execution: &Execution,
        told: &(dyn Fn() + Sync),
    ) -> Result<Sweep, SweepError> {
        make_tables(&self.model, &execution.workers);
        let run = |error| SweepError::Run(error, Box::new(self.scenario.clone()));
        let figures = self.figures(&self.model)?;
        let base = self.values(&self.model, &figures, None, &RegionCache::within(KEPT), execution).map_err(run)?;
        let rows = self.rows(combinations, &base[0], execution, told)?;
        let axes = self.axes.iter().map(|axis| AxisInfo {
            path: axis.path.clone(),
            label: self.label(&axis.path),
            how: axis.how,
            values: axis.values.iter().map(|value| written(value)).collect(),
        });
        Ok(Sweep { figure: FigureInfo::of(&figures[0], &self.model), axes: axes.collect(), portion: None, rows })
    }

    /// A row a combination. Each is played by one thread where there are several for each, which spreads better than its blocks of trials.
    fn rows(
        &self,
        combinations: Range<usize>,
        base: &[f64],
        execution: &Execution,
        told: &(dyn Fn() + Sync),
    ) -> Result<Vec<SweepRow>, SweepError> {
        let threads = execution.workers.threads();
        let spread = combinations.len() >= 2 * threads;
        let (outer, inner) = if spread {
            let alone = Execution { workers: Workers::new(Some(1)), monitor: Arc::clone(&execution.monitor) };
            (execution.workers.clone(), alone)
        } else {
            (Workers::new(Some(1)), execution.clone())
        };
        let parts = RegionCache::within(KEPT);
        // In their order, so that regions which come again do so soon; behind one that fails none need be played.
        let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(usize::MAX));
        let take = || {
            Some(next.fetch_add(1, Ordering::Relaxed))
                .filter(|i| *i < combinations.len() && *i < failed.load(Ordering::Relaxed))
        };
        let play = |i: usize| {
            let row = self.play_one(&self.at(combinations.start + i), base, &parts, &inner);
            match &row {
                Ok(_) => told(),
                Err(_) => drop(failed.fetch_min(i, Ordering::Relaxed)),
            }
            (i, row)
        };
        let found = outer.map(outer.threads(), |_| std::iter::from_fn(take).map(play).collect::<Vec<_>>());
        let mut found: Vec<(usize, Result<SweepRow, SweepError>)> = found.into_iter().flatten().collect();
        found.sort_by_key(|(i, _)| *i);
        found.into_iter().map(|(_, row)| row).collect()
    }

    /// Plays a combination.
    fn play_one(
        &self,
        at: &[usize],
        base: &[f64],
        parts: &RegionCache,
        execution: &Execution,
    ) -> Result<SweepRow, SweepError> {
        let moves: Vec<(usize, usize)> = at.iter().copied().enumerate().collect();
        let (scenario, model) = self.moved(&moves)?;
        let figures = self.figures(&model)?;
        let values = self
            .values(&model, &figures, Some(at), parts, execution)
            .map_err(|error| SweepError::Run(error, Box::new(scenario)))?;
        Ok(self.row(at, &figures, &values, base))
    }

    /// Which value each axis has in a combination; the last axis runs fastest.
    fn at(&self, combination: usize) -> Vec<usize> {
        let mut left = combination;
        let mut at: Vec<usize> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let i = left % axis.len();
                left /= axis.len();
                i
            })
            .collect();
        at.reverse();
        at
    }

    /// The scenario with some axes at some of their values.
    fn moved(&self, moves: &[(usize, usize)]) -> Result<(Scenario, Model), Faults> {
        let (mut settings, mut draws) = Moves::default();
        for (axis, i) in moves {
            let (set, scaled) = self.axes[*axis].moves(&self.scenario, *i).map_err(Faults::Fields)?;
            settings.extend(set);
            draws.extend(scaled);
        }
        let mut scenario = if settings.is_empty() { self.scenario.clone() } else { self.scenario.with(&settings)? };
        for (path, factor) in &draws {
            scenario = scenario.scaled(&[path], *factor);
        }
        let model = resolve(&scenario)?;
        Ok((scenario, model))
    }

    /// The figure and the targets in a combination.
    fn figures(&self, model: &Model) -> Result<Vec<Response>, Faults> {
        let known = |wanted: &str| model.targets.iter().find(|target| target.name == wanted);
        let mut figures = vec![Response::main(model)];
        let (own, all) =
            (FigureInfo::of(&figures[0], model), FigureInfo::of(&Response::main(&self.model), &self.model));
        if own != all {
            return Err(Faults::Fields(vec![Fault {
                file: OPTION.to_owned(),
                path: "targets".to_owned(),
                found: "another main figure in a combination: the metric, period or region of the first target moves"
                    .to_owned(),
                allowed: "one figure for all combinations".to_owned(),
                hint: String::new(),
            }]));
        }
        for target in &self.model.targets {
            let Some(target) = known(&target.name) else {
                return Err(Faults::Fields(vec![Fault {
                    file: OPTION.to_owned(),
                    path: "targets".to_owned(),
                    found: format!("no target {} in a combination", target.name),
                    allowed: "the targets of the scenario in every combination".to_owned(),
                    hint: String::new(),
                }]));
            };
            figures.push(Response::of_target(target));
        }
        Ok(figures)
    }

    /// Plays a model for figures: as a whole where none of its regions comes again, else region by region. `at` is the combination, `None` for the
    /// scenario as it stands.
    fn values(
        &self,
        model: &Model,
        figures: &[Response],
        at: Option<&[usize]>,
        parts: &RegionCache,
        execution: &Execution,
    ) -> Result<Values, RunError> {
        let part = figures
            .iter()
            .map(|figure| figure.part())
            .reduce(SimulationScope::and)
            .unwrap_or(SimulationScope::whole(model));
        let see =
            |outcomes: &Outcomes| -> Values { figures.iter().map(|figure| figure.values(model, outcomes)).collect() };
        let alike: Option<Vec<RegionKey>> = at.and_then(|at| {
            let of = |key: &String| self.touched_of(key).zip(at).map(|(touched, i)| touched.then_some(*i)).collect();
            let all: Vec<Vec<Option<usize>>> = model.regions.iter().map(|region| of(&region.key)).collect();
            // A region that each axis touches comes once.
            let again =
                all.iter().any(|touched| touched.iter().zip(&self.axes).any(|(i, axis)| i.is_none() && axis.len() > 1));
            let keys = model.regions.iter().map(|region| region.key.clone());
            let columns = [part.won_deals_only, model.valued];
            let size = [model.trials, part.months];
            again.then(|| keys.zip(all).map(|(key, touched)| (key, size, columns, format!("{touched:?}"))).collect())
        });
        let blocks: Vec<Values> = match alike {
            None => each_block(model, Resampling::None, part, execution, see)?,
            Some(alike) => {
                let regions: Vec<Arc<Outcomes>> = alike
                    .into_iter()
                    .enumerate()
                    .map(|(r, alike)| parts.region(alike, (model, r), part, execution))
                    .collect::<Result<_, _>>()?;
                let regions: Vec<&Outcomes> = regions.iter().map(|region| &**region).collect();
                let count = regions.first().map_or(0, |region| region.blocks());
                if execution.monitor.stopped() {
                    return Err(RunError::Stopped);
                }
                execution.workers.map(count, |b| see(&Outcomes::concat_regions(&regions, b)))
            }
        };
        let mut values: Values = vec![Vec::with_capacity(model.trials); figures.len()];
        for block in blocks {
            values.iter_mut().zip(block).for_each(|(all, more)| all.extend(more));
        }
        Ok(values)
    }

    /// Of each axis whether it touches a region.
    fn touched_of<'s>(&'s self, key: &'s str) -> impl Iterator<Item = bool> + 's {
        self.touched.iter().map(move |touched| touched.as_ref().is_none_or(|keys| keys.iter().any(|own| own == key)))
    }

    fn row(&self, at: &[usize], figures: &[Response], values: &Values, base: &[f64]) -> SweepRow {
        let bands = Summary::new(values[0].len()).bands(&values[0]);
        let change: Vec<f64> = values[0].iter().zip(base).map(|(x, base)| x - base).collect();
        let several = change.len() > 1;
        let mean_change = Moments::of(&change)
            .filter(|m| m.mean.is_finite())
            .map_or(Estimate::UNKNOWN, |m| Estimate::new(m.mean, several.then_some(m.mean_error)));
        let targets = figures.iter().zip(values).filter_map(|(figure, met)| {
            let target = figure.target()?;
            let probability = share(met.iter().filter(|x| **x == 1.0).count(), met.len());
            Some(SweepTarget { name: target.name.clone(), at_least: target.at_least, probability })
        });
        SweepRow {
            values: at.iter().zip(&self.axes).map(|(i, axis)| written(&axis.values[*i])).collect(),
            bands,
            mean_change,
            targets: targets.collect(),
        }
    }

    /// What people call a path.
    fn label(&self, path: &str) -> String {
        let field = path.strip_prefix("regions.*.").map(|field| {
            let first = self.scenario.regions.keys().next().map_or("", String::as_str);
            let label = self.scenario.label(&format!("regions.{first}.{field}"));
            let own = label.split_once(": ").map_or(label.as_str(), |(_, own)| own).to_owned();
            format!("{own} of all regions")
        });
        field.unwrap_or_else(|| self.scenario.label(path))
    }
}

/// Why a sweep ended early.
#[derive(Debug)]
pub enum SweepError {
    /// A combination is at fault.
    Question(Faults),
    /// A run of the scenario of a combination ended early.
    Run(RunError, Box<Scenario>),
}

impl From<Faults> for SweepError {
    fn from(faults: Faults) -> SweepError {
        SweepError::Question(faults)
    }
}
