//! What moved since an earlier run, as it stands in `forecast.json` under `moved`.

use serde::{Deserialize, Serialize};

use crate::analysis::{ChangedField, FigureInfo, Orders, Span};
use crate::documents::DAMAGED;
use crate::forecast::Forecast;
use crate::scenario::Fault;

/// How a forecast moved since an earlier run of its scenario, and why.
///
/// From the earlier figure to the new one in steps that add up: what another version of the program brought, what other draws
/// brought (Monte Carlo noise), what happened to a business that is running, cause after cause, and what each changed input brought, found on
/// common draws as in a comparison's bridge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attribution {
    /// The earlier run that the forecast is held against.
    pub since: Since,
    /// The figure; the main figure of both runs.
    pub figure: FigureInfo,
    /// What moved it, in the order of the steps.
    pub reasons: Vec<Reason>,
    /// How the steps of the inputs were found.
    pub orders: Orders,
    /// How the figure moved; `None` where the earlier run's main figure was another.
    pub spans: Option<Spans>,
    /// How the chance of each target moved, in the new forecast's order.
    pub targets: Vec<TargetChange>,
    /// Targets of the earlier run that the new one has not.
    pub gone: Vec<String>,
}

/// The run that a forecast is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// When it ran (UTC), where that is known.
    pub ran: Option<String>,
    /// The version of the program that made it.
    pub version: String,
    /// The hash of the scenario that it played.
    pub scenario_hash: String,
    /// The seed of its draws.
    pub seed: u64,
    /// How many futures it played.
    pub trials: usize,
}

/// Something that moved the figures.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reason {
    /// What kind it is.
    pub kind: ReasonKind,
    /// What people call it.
    pub label: String,
    /// The changed fields of an input.
    pub fields: Vec<ChangedField>,
}

/// The kinds of reason for which a forecast moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// The program: the earlier scenario, seed and trials played again by this version.
    Version,
    /// Monte Carlo noise: the earlier scenario played with the new seed and number of trials.
    Noise,
    /// Time that passed: the as-of day lies on another day, with what happened before it.
    Time,
    /// What became of open deals: closed, changed or new.
    Deals,
    /// Inputs of the scenario that were changed.
    Input,
    /// What a target asks for.
    Target,
    /// What cannot be told apart: the label says why.
    Unexplained,
}

/// How the main figure moved: its median, the ends of its range, and how wide that is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Spans {
    /// The P10 of the main figure, before and after.
    pub p10: Span,
    /// The median of the main figure, before and after.
    pub p50: Span,
    /// The P90 of the main figure, before and after.
    pub p90: Span,
    /// The width P90 − P10, before and after.
    pub width: Span,
}

/// How the chance of a target moved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TargetChange {
    /// The name of the target.
    pub name: String,
    /// Its chance; `None` where the earlier run had no such target.
    pub chance: Option<Span>,
}

impl Attribution {
    /// Whether anything at all is different: inputs, program, draws, or what is asked.
    pub fn is_anything(&self) -> bool {
        !self.reasons.is_empty() || !self.gone.is_empty() || self.targets.iter().any(|target| target.chance.is_none())
    }
}

impl Attribution {
    /// Where it does not agree with itself or with the forecast: steps are as many as reasons, targets those of the forecast.
    pub(in crate::analysis) fn faults(&self, file: &str, forecast: &Forecast) -> Vec<Fault> {
        let fault = |path: String, found: String, allowed: String| Fault {
            file: file.to_owned(),
            path,
            found,
            allowed,
            hint: DAMAGED.to_owned(),
        };
        let mut faults = Vec::new();
        let mut spans: Vec<(String, &Span)> = Vec::new();
        if let Some(Spans { p10, p50, p90, width }) = &self.spans {
            let named = [("p10", p10), ("p50", p50), ("p90", p90), ("width", width)];
            spans.extend(named.map(|(name, span)| (format!("body.moved.spans.{name}"), span)));
        }
        for (i, target) in self.targets.iter().enumerate() {
            spans.extend(target.chance.iter().map(|span| (format!("body.moved.targets[{i}].chance"), span)));
        }
        let wanted = self.reasons.len();
        for (path, span) in spans.into_iter().filter(|(_, span)| span.steps.len() != wanted) {
            let allowed = format!("{wanted}, as many as there are reasons");
            faults.push(fault(format!("{path}.steps"), format!("{} steps", span.steps.len()), allowed));
        }
        let names = |all: &mut dyn Iterator<Item = &String>| all.cloned().collect::<Vec<String>>().join(", ");
        let (found, asked) = (
            names(&mut self.targets.iter().map(|target| &target.name)),
            names(&mut forecast.targets.iter().map(|target| &target.name)),
        );
        if found != asked {
            faults.push(fault("body.moved.targets".to_owned(), found, format!("the forecast's targets: {asked}")));
        }
        faults
    }
}

impl Since {
    /// The day it ran (UTC), such as 2026-11-25.
    pub fn day(&self) -> Option<&str> {
        self.ran.as_deref()?.split('T').next()
    }
}

impl Span {
    /// From the earlier value to the new one; `None` where one is unknown. Both are rounded to the same place.
    pub fn change(&self) -> Option<f64> {
        Some(self.to.value? - self.from.value?)
    }
}
