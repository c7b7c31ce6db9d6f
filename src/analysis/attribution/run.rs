//! From an earlier run and a scenario to what moved between them.

use std::sync::Arc;

use super::baseline::Baseline;
use super::document::{Attribution, Reason, ReasonKind, Since};
use super::steps::{Explained, Explanation, TwoRuns};
use crate::analysis::compare::{Pair, Plan, Question, askable, different, figure_in};
use crate::analysis::{Change, ChangedField, FigureInfo, Orders, Response};
use crate::documents::Manifest;
use crate::engine::{Execution, Memory, Run, RunError};
use crate::forecast::{Forecast, figure_summary};
use crate::model::{Figure, Model, resolve};
use crate::scenario::{Metric, Scenario};
use crate::stats::{Estimate, Moments};
use crate::units::{Periods, thousands};

/// The chances of so many targets are explained; of more, only how they moved is told.
const MOST_GOALS: usize = 8;
/// The percentiles that are explained.
const LEVELS: [f64; 3] = [0.1, 0.5, 0.9];

/// An earlier run and a scenario, made ready to say what moved.
#[derive(Debug)]
pub struct AttributionRun {
    past: Baseline,
    scenario: Scenario,
    model: Arc<Model>,
    how: Comparability,
}

/// How it is explained.
#[derive(Debug)]
enum Comparability {
    /// Nothing differs, so nothing moved.
    Same,
    /// By playing what lies between.
    Played(Box<Played>),
    /// Not at all, for a reason.
    Not(String),
}

/// The scenarios that are simulated to tell the reasons apart.
#[derive(Debug)]
struct Played {
    bridge: Plan,
    /// The names of the targets whose chances the bridge explains.
    goals: Vec<String>,
    /// The earlier scenario with its own draws, where both program and draws are others.
    replay: Option<Replay>,
    /// What the earlier scenario expected of the months that have ended since.
    elapsed: Option<Elapsed>,
}

/// Months that ended between the two runs: a figure of the earlier scenario's model, and what it came to.
#[derive(Debug)]
struct Elapsed {
    model: Arc<Model>,
    figure: Figure,
    booked: f64,
}

/// An earlier scenario as it was played.
#[derive(Debug)]
struct Replay {
    model: Arc<Model>,
    figure: Figure,
}

impl AttributionRun {
    /// Makes ready to say what moved from an earlier run to that of `scenario`, which means `model`.
    pub fn new(past: &Baseline, scenario: &Scenario, model: impl Into<Arc<Model>>) -> AttributionRun {
        let model = model.into();
        let how = if same(past, scenario, &model) {
            Comparability::Same
        } else {
            played(past, scenario, &model)
                .map_or_else(Comparability::Not, |played| Comparability::Played(Box::new(played)))
        };
        AttributionRun { past: past.clone(), scenario: scenario.clone(), model, how }
    }

    /// How many times all trials are played for it.
    pub fn times_played(&self) -> usize {
        match &self.how {
            Comparability::Played(played) => {
                let aside = usize::from(played.replay.is_some()) + usize::from(played.elapsed.is_some());
                played.bridge.plays() + aside
            }
            Comparability::Same | Comparability::Not(_) => 0,
        }
    }

    /// About how many bytes of memory it takes with so many trials.
    pub fn bytes(&self, trials: usize) -> f64 {
        match &self.how {
            Comparability::Played(played) => played.bridge.bytes(trials),
            Comparability::Same | Comparability::Not(_) => 0.0,
        }
    }

    /// What moved, up to `forecast`, which is of the scenario.
    ///
    /// # Errors
    /// [`RunError`], but that growth runs away in a trial between the two is no error: it is a reason why nothing is explained.
    pub fn moved(&self, forecast: &Forecast, execution: &Execution) -> Result<Attribution, RunError> {
        let asked = TwoRuns { past: &self.past, forecast };
        let told = match &self.how {
            Comparability::Same => asked.unchanged(),
            Comparability::Not(reason) => asked.unexplained(reason),
            Comparability::Played(played) => match self.play(played, execution) {
                Ok(between) => asked.explained(&between),
                Err(error) if !error.is_runaway() => return Err(error),
                Err(_) => asked.unexplained("what lies between the two grows past all bounds"),
            },
        };
        let Explanation { reasons, spans, targets } = told;
        let has = |name: &String| forecast.targets.iter().any(|target| target.name == *name);
        Ok(Attribution {
            since: Since::of(&self.past),
            figure: FigureInfo::of(&Response::main(&self.model), &self.model),
            orders: self.orders(),
            reasons,
            spans,
            targets,
            gone: self.past.targets.iter().map(|target| target.name.clone()).filter(|name| !has(name)).collect(),
        })
    }

    fn orders(&self) -> Orders {
        match &self.how {
            Comparability::Played(played) => played.bridge.orders(),
            Comparability::Same | Comparability::Not(_) => Orders::All,
        }
    }

    fn play(&self, played: &Played, execution: &Execution) -> Result<Explained, RunError> {
        let replayed = match &played.replay {
            None => None,
            Some(Replay { model, figure }) => {
                let run = Run::begin(Arc::clone(model), execution, Memory::default())?;
                Some(figure_summary(&run, figure)?)
            }
        };
        let way = played.bridge.play(&LEVELS, self.model.trials, execution)?;
        let mut reasons = Vec::new();
        reasons.extend(version(&self.past));
        reasons.extend(noise(&self.past, &self.scenario));
        let changes = played.bridge.changes.iter();
        reasons.extend(changes.map(|change| Reason {
            kind: kind(change),
            label: change.label.clone(),
            fields: change.fields.clone(),
        }));
        if let Some(elapsed) = &played.elapsed
            && let Some(time) = reasons.iter_mut().find(|reason| reason.kind == ReasonKind::Time)
        {
            time.fields.push(elapsed.field(execution)?);
        }
        Ok(Explained { reasons, way, goals: played.goals.clone(), replayed })
    }
}

/// What kind of reason a change of the scenario is.
fn kind(change: &Change) -> ReasonKind {
    match change.fields.first().map(|field| field.path.as_str()) {
        Some("as_of") => ReasonKind::Time,
        Some(path) if path.starts_with("pipeline[") => ReasonKind::Deals,
        _ => ReasonKind::Input,
    }
}

impl Elapsed {
    /// The months that the new model knows and the earlier one did not, of the metric that the main figure is of where that is booked, else
    /// bookings; `None` where no month has ended between the two.
    fn of(before: Model, figure: &Response, now: &Model) -> Option<Elapsed> {
        let metric = match figure.metric() {
            metric @ (Metric::Renewals | Metric::TotalBookings) => metric,
            _ => Metric::Bookings,
        };
        let months = before.as_of.month..now.as_of.month;
        let (first, last) = (months.start, months.end.checked_sub(1).filter(|last| *last >= months.start)?);
        let [first, last] = [first, last].map(|month| before.horizon.month(month).to_string());
        let label = if first == last { first } else { format!("{first}..{last}") };
        let Ok(Periods::One(period)) = before.horizon.parse(&label) else { return None };
        let booked = now.known_amount(metric, &before.scopes[figure.scope()].key, &period.label)?;
        let figure = Figure::new(metric, figure.scope(), period);
        Some(Elapsed { model: Arc::new(before), figure, booked })
    }

    /// What was expected and what was booked.
    fn field(&self, execution: &Execution) -> Result<ChangedField, RunError> {
        let values = Response::Figure(self.figure.clone()).sample(&self.model, execution)?;
        let expected = Moments::of(&values)
            .map_or(Estimate::UNKNOWN, |m| Estimate::new(m.mean, (values.len() > 1).then_some(m.mean_error)));
        Ok(ChangedField {
            path: "actuals".to_owned(),
            label: self.figure.period.label.clone(),
            from: None,
            to: Some(serde_json::json!(self.figure.metric)),
            mean_from: expected.value,
            mean_to: Some(self.booked),
        })
    }
}

/// Whether both runs must have come to the same.
fn same(past: &Baseline, scenario: &Scenario, model: &Model) -> bool {
    let now = Manifest::of(scenario, model);
    let key = |manifest: &Manifest| {
        (manifest.version.clone(), manifest.scenario_hash.clone(), manifest.seed, manifest.trials)
    };
    key(&past.manifest) == key(&now)
}

/// Makes ready to play what lies between; else why that cannot be done.
fn played(past: &Baseline, scenario: &Scenario, model: &Model) -> Result<Played, String> {
    let own = past
        .manifest
        .scenario()
        .map_err(|_| "this version of the program does not read the earlier scenario".to_owned())?;
    let others: Vec<String> =
        different(&own, scenario).map(|(field, before, after)| format!("{field} {before} → {after}")).collect();
    if !others.is_empty() {
        return Err(format!("other months, fiscal year or currency ({})", others.join(", ")));
    }
    let unplayable = |_| "the earlier scenario cannot be played".to_owned();
    let base = Scenario { simulation: scenario.simulation.clone(), ..own.clone() };
    let base_model = resolve(&base).map_err(unplayable)?;
    let main = Response::main(model);
    let elsewhere = || "the earlier scenario had not the regions of the figure".to_owned();
    let figure = figure_in(&base_model, model, &main).ok_or_else(elsewhere)?;

    // The targets as they were, as far as they can be asked of what the scenario has become.
    let after = Scenario { targets: askable(scenario, &base.targets), ..scenario.clone() };
    let after = resolve(&after).map_err(|_| "the earlier targets cannot be asked of it".to_owned())?;
    let asked = |name: &str| {
        scenario.targets.iter().any(|target| target.name == name)
            && past.targets.iter().any(|target| target.name == name)
    };
    let goals = base_model.targets.iter().filter(|target| asked(&target.name)).map(Response::of_target);
    let goals: Vec<Response> =
        goals.filter(|goal| figure_in(&after, &base_model, goal).is_some()).take(MOST_GOALS).collect();
    let names = goals.iter().filter_map(|goal| Some(goal.target()?.name.clone())).collect();

    let question = Question { base: &base_model, figure: &figure, goals: &goals, targets: &base.targets };
    let bridge = Plan::new(Pair { from: &base, to: scenario }, &question);
    let replay = match (version(past), noise(past, scenario)) {
        (Some(_), Some(_)) => {
            let model = resolve(&own).map_err(unplayable)?;
            let figure = figure_in(&model, &base_model, &figure).ok_or_else(elsewhere)?.figure(&model);
            Some(Replay { model: Arc::new(model), figure })
        }
        _ => None,
    };
    let elapsed = Elapsed::of(base_model, &figure, model);
    Ok(Played { bridge, goals: names, replay, elapsed })
}

/// Another version of the program.
fn version(past: &Baseline) -> Option<Reason> {
    let now = env!("CARGO_PKG_VERSION");
    (past.manifest.version != now).then(|| Reason {
        kind: ReasonKind::Version,
        label: format!("revcast {} → {now}", past.manifest.version),
        fields: Vec::new(),
    })
}

/// The reason that both runs drew other numbers, where seed or number of trials differ.
fn noise(past: &Baseline, scenario: &Scenario) -> Option<Reason> {
    let (before, now) = (&past.manifest, &scenario.simulation);
    let mut others = Vec::new();
    if before.seed != now.seed {
        others.push(format!("seed {} → {}", before.seed, now.seed));
    }
    if before.trials as u64 != now.trials {
        others.push(format!("{} → {} futures", thousands(before.trials as f64), thousands(now.trials as f64)));
    }
    (!others.is_empty()).then(|| Reason {
        kind: ReasonKind::Noise,
        label: format!("Monte Carlo noise ({})", others.join(", ")),
        fields: Vec::new(),
    })
}

impl Since {
    /// Of an earlier run.
    fn of(past: &Baseline) -> Since {
        let manifest = &past.manifest;
        Since {
            ran: past.ran.clone(),
            version: manifest.version.clone(),
            scenario_hash: manifest.scenario_hash.clone(),
            seed: manifest.seed,
            trials: manifest.trials,
        }
    }
}
