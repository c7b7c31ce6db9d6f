//! `revcast sensitivity`: what drives a figure.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::analysis::{Condition, SensitivityQuestion, futures_played, sensitivity, sensitivity_bytes};
use crate::cli::exit::{Failure, refused};
use crate::cli::figure_args::FigureArgs;
use crate::cli::limits::{MAX_BYTES, check_size, warn_if_long};
use crate::cli::options::{OutputOptions, SimulationOptions};
use crate::cli::output_folder::{Analysis, Found, Views};
use crate::cli::question::{Question, folder};
use crate::cli::scenario_source::ScenarioSource;
use crate::cli::session::Session;
use crate::documents::{Document, Header};
use crate::engine::{self, Execution, make_tables};
use crate::model::resolve;
use crate::scenario::{Scenario, Setting};
use crate::units::Typed;
use crate::{charts, findings};

/// The arguments of `revcast sensitivity`.
#[derive(Debug, Args)]
pub(in crate::cli) struct SensitivityArgs {
    #[command(flatten)]
    source: ScenarioSource,
    #[command(flatten)]
    figure: FigureArgs,
    /// Give a fixed input a range for this question: --range regions.europe.retention=0.9..0.98 (as likely anywhere in between)
    #[arg(long, value_name = "PATH=LOW..HIGH")]
    range: Vec<String>,
    /// Say what was different in some outcomes: --where 'main <= p10', --where 'Year 1 missed'
    #[arg(long, value_name = "CONDITION")]
    r#where: Option<String>,
    #[command(flatten)]
    simulation: SimulationOptions,
}

impl Question for SensitivityArgs {
    fn out(&self) -> PathBuf {
        folder(&self.simulation, &self.source, "-sensitivity")
    }

    fn output(&self) -> &OutputOptions {
        &self.simulation.output
    }

    fn find(&self, session: &Session) -> Result<(Box<dyn Found>, Execution), Failure> {
        let ranges = self.range.iter().map(|text| range(text)).collect::<Result<Vec<Setting>, Failure>>()?;
        let SensitivityArgs { source, simulation, .. } = self;
        let output = &simulation.output;
        let settings = |ranges: &[Setting]| simulation.settings().into_iter().chain(ranges.iter().cloned()).collect();
        let plain = source.read(session, settings(&[]))?;
        let mut scenario = if ranges.is_empty() { plain.clone() } else { source.read(session, settings(&ranges))? };
        scenario.date = simulation.day.day()?;
        let model = resolve(&scenario)?;
        let figure = self.figure.figure(&model)?;
        let condition = match &self.r#where {
            None => None,
            Some(text) => {
                let condition = Condition::parse(text, &model, &figure);
                Some(condition.map_err(|fault| {
                    refused(&format!("--where '{text}'"), &fault.found, &fault.allowed, &fault.hint)
                })?)
            }
        };
        check_size(&model, MAX_BYTES, |trials| sensitivity_bytes(&model, trials))?;
        session.check(&self.out())?;
        let execution = session.execution(output.workers());
        let question = SensitivityQuestion { figure, ranged: changed(&plain, &scenario), condition };
        let futures = futures_played(&model, &question) as usize;
        let seconds = engine::seconds(&model) * futures as f64 / model.trials as f64;
        warn_if_long(&model, seconds, &execution.workers, output.quiet);
        let found = session.shown(&execution.monitor, (futures, 1), output.quiet, || {
            make_tables(&model, &execution.workers);
            sensitivity(&scenario, &model, &question, &execution)
        });
        let found = found.map_err(|error| Failure::of_analysis(error, &scenario))?;
        let views = Views {
            tables: |found| {
                let drivers = findings::drivers_table(found, found.figure.metric, &found.header);
                let shifts = found.stress.as_ref().map(|stress| ("shifts.csv", vec![findings::shifts_table(stress)]));
                [("drivers.csv", vec![drivers])].into_iter().chain(shifts).collect()
            },
            page: None,
            charts: |found, size| charts::of_sensitivity(found, size),
            finding: findings::drivers,
        };
        Ok((Box::new(Analysis::new(Document::new(Header::new(&scenario, &model), found), views)), execution))
    }
}

/// Reads `PATH=LOW..HIGH` as a setting.
fn range(text: &str) -> Result<Setting, Failure> {
    let option = format!("--range {text}");
    let refuse = |found: &str| {
        let hint = "for example --range regions.europe.retention=0.9..0.98";
        refused(&option, found, "a path, =, and two numbers with .. between them, the lower one first", hint)
    };
    let (path, range) = text.split_once('=').ok_or_else(|| refuse("no =LOW..HIGH"))?;
    let (low, high) = range.split_once("..").ok_or_else(|| refuse(&format!("\"{range}\" for a range")))?;
    let hint = |hint: String| match hint.as_str() {
        "" => refuse(&format!("\"{range}\" for a range")),
        hint => refused(&option, &format!("\"{range}\" for a range"), "two numbers with .. between them", hint),
    };
    match (Typed::Any.read(low).map_err(hint)?, Typed::Any.read(high).map_err(hint)?) {
        (low, high) if low < high => Ok(Setting {
            option: option.clone(),
            path: path.trim().to_owned(),
            value: json!({"low": low, "high": high}).to_string(),
        }),
        _ => Err(refuse(&format!("\"{range}\" for a range"))),
    }
}

/// The quantities that the ranges changed.
fn changed(plain: &Scenario, ranged: &Scenario) -> Vec<String> {
    let before = plain.quantities();
    let same = |path: &String, law| before.iter().any(|(known, quantity)| known == path && quantity.law() == law);
    let quantities = ranged.quantities();
    quantities.into_iter().filter(|(path, quantity)| !same(path, quantity.law())).map(|(path, _)| path).collect()
}
