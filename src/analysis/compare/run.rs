//! A comparison from scenarios to its document.

use std::sync::Arc;

use super::bridge::Plan;
use super::changes::{Pair, same};
use super::differences::{Certain, Met, Samples, Subject, met, subjects, targets};
use super::document::{Beats, Comparison, Difference, Side};
use super::mixed_scenario::{Question, askable, figure_in, scope_in};
use crate::analysis::{FigureInfo, Response};
use crate::documents::{Document, Header, Manifest};
use crate::engine::{Execution, Memory, Run, RunError};
use crate::forecast::figure_summary;
use crate::model::{Figure, Model, resolve};
use crate::scenario::{Fault, Faults, Scenario};
use crate::stats::Estimate;

/// Scenarios made ready to be compared: the first one is what the others are compared with.
#[derive(Debug)]
pub struct ComparisonRun {
    figure: Figure,
    /// The target whose chance the bridges explain.
    target: Option<Response>,
    subjects: Vec<Subject>,
    base: Variant,
    others: Vec<Other>,
}

/// A scenario with its name and its meaning.
#[derive(Debug)]
struct Variant {
    label: String,
    scenario: Scenario,
    /// With the first scenario's trials, seed and targets.
    model: Arc<Model>,
}

/// A later scenario, and the way to it.
#[derive(Debug)]
struct Other {
    side: Variant,
    certain: Certain,
    bridge: Plan,
}

/// A comparison that ended early, and the scenario whose trials ended it.
#[derive(Debug)]
pub struct Ended<'a> {
    /// What ended the run.
    pub error: RunError,
    /// The scenario that was being simulated.
    pub scenario: &'a Scenario,
}

impl ComparisonRun {
    /// Makes ready to compare a scenario with others, each with what it is called, by a figure of the first one's model. All are played with the first one's trials and seed, and held against its targets. A figure that is the chance
    /// of a target stands for what the target is set for, and has its bridges explain that chance.
    ///
    /// # Errors
    /// [`Faults`] where they differ in months, fiscal year or currency, where one has not the
    /// figure's regions, or where expected leads grow past all bounds.
    pub fn new(
        (label, scenario): (String, Scenario),
        others: Vec<(String, Scenario)>,
        asked: &Response,
    ) -> Result<ComparisonRun, Faults> {
        let model = Arc::new(resolve(&scenario)?);
        let base = Variant { label, scenario, model };
        let target = match asked {
            Response::Target(_) => Some(asked.clone()),
            Response::Figure(_) => base.model.targets.first().map(Response::of_target),
        };
        let figure = asked.figure(&base.model);
        let faults: Vec<Fault> = others.iter().flat_map(|(_, other)| faults(&base.scenario, other)).collect();
        if !faults.is_empty() {
            return Err(Faults::Fields(faults));
        }
        let goals = target.as_slice();
        let explained = Response::Figure(figure.clone());
        let question = Question { base: &base.model, figure: &explained, goals, targets: &base.scenario.targets };
        let others = others
            .into_iter()
            .map(|(label, scenario)| Other::new(label, scenario, &base.scenario, &question))
            .collect::<Result<Vec<Other>, Faults>>()?;
        let subjects = subjects(&base.model, &figure);
        Ok(ComparisonRun { figure, target, subjects, base, others })
    }

    /// The model of the first scenario.
    pub fn model(&self) -> &Model {
        &self.base.model
    }

    /// The models of all scenarios, the first one first.
    pub fn models(&self) -> impl Iterator<Item = &Model> {
        self.sides().map(|side| &*side.model)
    }

    fn sides(&self) -> impl Iterator<Item = &Variant> {
        std::iter::once(&self.base).chain(self.others.iter().map(|other| &other.side))
    }

    /// How many times all trials are played.
    pub fn times_played(&self, memory: Memory) -> usize {
        let summaries: usize = self.models().map(|model| memory.times_simulated(model)).sum();
        let bridges: usize = self.others.iter().map(|other| other.bridge.plays()).sum();
        let targets = usize::from(!self.base.model.targets.is_empty());
        summaries + bridges + self.models().count() * (targets + self.shares(memory).len())
    }

    /// About how many bytes of memory it takes with so many trials, beside what a scenario takes by itself.
    pub fn bytes(&self, trials: usize, memory: Memory) -> f64 {
        let columns = |share: &&[Subject]| share.iter().map(|subject| subject.periods.len()).sum::<usize>();
        let at_once = self.shares_of(trials, memory).iter().map(columns).max().unwrap_or(0) as f64;
        // The samples of both sides, and a few that are worked on; the targets of both; the mixed scenarios of a bridge.
        let samples = 8.0 * (2.0 * at_once + 8.0) + 16.0 * self.base.model.targets.len() as f64;
        let bridge = self.others.iter().map(|other| other.bridge.bytes(trials)).fold(0.0, f64::max);
        (samples * trials as f64).max(bridge)
    }

    fn shares(&self, memory: Memory) -> Vec<&[Subject]> {
        self.shares_of(self.base.model.trials, memory)
    }

    /// The subjects in shares whose samples, of both sides, fit into memory; a share is one subject at least.
    fn shares_of(&self, trials: usize, memory: Memory) -> Vec<&[Subject]> {
        let bytes = |subject: &Subject| 16.0 * (trials * subject.periods.len()) as f64;
        let mut shares = Vec::new();
        let (mut first, mut taken) = (0, 0.0);
        for (i, subject) in self.subjects.iter().enumerate() {
            if i > first && taken + bytes(subject) > memory.0 {
                shares.push(&self.subjects[first..i]);
                (first, taken) = (i, 0.0);
            }
            taken += bytes(subject);
        }
        shares.push(&self.subjects[first..]);
        shares
    }

    /// Plays all of them, and what lies between them.
    ///
    /// # Errors
    /// [`Ended`] when growth or expansion runs away in a trial, or when `monitor` was asked to stop.
    pub fn compare(&self, execution: &Execution, memory: Memory) -> Result<Document<Comparison>, Ended<'_>> {
        let sides = self
            .sides()
            .map(|side| self.figure_summary(side, execution, memory).map_err(|error| side.ended(error)))
            .collect::<Result<Vec<Side>, Ended>>()?;
        let mut metrics: Vec<_> = self.others.iter().map(|_| Vec::new()).collect();
        for share in self.shares(memory) {
            let play = |side: &'_ Variant| Samples::of(&side.model, &self.base.model, share, execution);
            let before = play(&self.base).map_err(|error| self.base.ended(error))?;
            for (other, metrics) in self.others.iter().zip(&mut metrics) {
                let after = play(&other.side).map_err(|error| other.side.ended(error))?;
                let known = |subject: &Subject| {
                    let scope = scope_in(&other.side.model, &self.base.model, subject.scope)?;
                    Some(other.side.model.scopes[scope].key.clone())
                };
                metrics.extend(after.differences(&before, share, known, other.certain, &execution.workers));
            }
        }
        let play = |side: &Variant| met(&side.model, &self.base.model, execution);
        let before = play(&self.base).map_err(|error| self.base.ended(error))?;
        let figure = FigureInfo::of(&Response::Figure(self.figure.clone()), &self.base.model);
        let mut differences = Vec::new();
        for (other, metrics) in self.others.iter().zip(metrics) {
            let ended = |error| other.side.ended(error);
            let after: Met = play(&other.side).map_err(ended)?;
            let of_figure = metrics.iter().find(|found| {
                (found.metric, &found.scope, &found.period) == (figure.metric, &figure.scope, &figure.period)
            });
            differences.push(Difference {
                label: other.side.label.clone(),
                beats: of_figure.map_or(Beats::UNKNOWN, |found| found.beats.clone()),
                metrics,
                targets: targets(&self.base.model, &before, &after, other.certain),
                bridge: other.bridge.explained(self.base.model.trials, execution).map_err(ended)?,
            });
        }
        let body = Comparison {
            figure,
            target: self.target.as_ref().and_then(Response::target).map(|target| target.name.clone()),
            sides,
            differences,
        };
        Ok(Document::new(Header::new(&self.base.scenario, &self.base.model), body))
    }

    fn figure_summary(&self, side: &Variant, execution: &Execution, memory: Memory) -> Result<Side, RunError> {
        let run = Run::begin(Arc::clone(&side.model), execution, memory)?;
        // It was found when the side was made ready.
        let scope = scope_in(&side.model, &self.base.model, self.figure.scope).unwrap_or(side.model.total());
        let found = figure_summary(&run, &Figure { scope, ..self.figure.clone() })?;
        Ok(Side {
            label: side.label.clone(),
            manifest: Manifest::of(&side.scenario, &side.model),
            assumptions: side.scenario.assumptions.clone(),
            bands: found.bands,
            series: found.series,
            distribution: found.distribution,
            targets: found.targets,
        })
    }
}

impl Variant {
    fn ended(&self, error: RunError) -> Ended<'_> {
        Ended { error, scenario: &self.scenario }
    }
}

impl Other {
    fn new(label: String, mut scenario: Scenario, base: &Scenario, question: &Question) -> Result<Other, Faults> {
        scenario.simulation = base.simulation.clone();
        let model = resolve(&Scenario { targets: askable(&scenario, &base.targets), ..scenario.clone() })?;
        let model = Arc::new(model);
        if figure_in(&model, question.base, question.figure).is_none() {
            let scope = &question.base.scopes[question.figure.scope()];
            return Err(Faults::Fields(vec![Fault {
                file: scenario.file.clone(),
                path: "regions".to_owned(),
                found: format!("no {}, which the figure to compare is of", scope.key),
                allowed: "regions that both scenarios have".to_owned(),
                hint: "name another figure with --metric, --period and --region".to_owned(),
            }]));
        }
        // A target that the other has not the regions of has no chance to be explained.
        let known = question.goals.iter().all(|target| figure_in(&model, question.base, target).is_some());
        let goals = if known { question.goals } else { &[] };
        let pair = Pair { from: base, to: &scenario };
        let certain = if same(pair) { Certain::Same } else { Certain::Estimated };
        let bridge = Plan::new(pair, &Question { goals, ..question.clone() });
        Ok(Other { side: Variant { label, scenario, model }, certain, bridge })
    }
}

impl Beats {
    /// How often one beats the other is not known.
    pub(super) const UNKNOWN: Beats =
        Beats { higher: Estimate::UNKNOWN, equal: Estimate::UNKNOWN, lower: Estimate::UNKNOWN };
}

/// What keeps two scenarios from being compared month by month in one currency: fields, with what they are in each.
pub(in crate::analysis) fn different(
    base: &Scenario,
    other: &Scenario,
) -> impl Iterator<Item = (&'static str, String, String)> {
    let fiscal = |scenario: &Scenario| {
        scenario.fiscal_year.as_ref().map_or("none".to_owned(), |year| format!("from month {}", year.first_month))
    };
    let fields = [
        ("start", base.start.to_string(), other.start.to_string()),
        ("months", base.months.to_string(), other.months.to_string()),
        ("fiscal_year", fiscal(base), fiscal(other)),
        ("currency", base.currency.to_string(), other.currency.to_string()),
    ];
    fields.into_iter().filter(|(_, before, after)| before != after)
}

fn faults(base: &Scenario, other: &Scenario) -> Vec<Fault> {
    let fault = |(path, before, after): (&str, String, String)| Fault {
        file: other.file.clone(),
        path: path.to_owned(),
        found: after,
        allowed: format!("{before}, as in {}", base.file),
        hint: format!("what is compared has the same months, fiscal year and currency: --set {path}=… sets it in all"),
    };
    different(base, other).map(fault).collect()
}
