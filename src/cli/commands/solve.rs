//! `revcast solve`: what it takes to reach a goal.

use std::path::PathBuf;

use clap::Args;

use crate::analysis::{self, GoalStatistic, Monotonicity, Response, SolveError, SolveQuestion, TIMES_PLAYED};
use crate::cli::exit::{Failure, refused};
use crate::cli::figure_args::FigureArgs;
use crate::cli::limits::warn_if_long;
use crate::cli::options::{OutputOptions, SimulationOptions};
use crate::cli::output_folder::{Analysis, Found, Views};
use crate::cli::question::{Question, folder};
use crate::cli::scenario_source::{Plan, ScenarioSource};
use crate::cli::session::Session;
use crate::documents::{Document, Header};
use crate::engine::{Execution, seconds};
use crate::model::Model;
use crate::scenario::percentile;
use crate::units::Typed;
use crate::{charts, findings};

/// The arguments of `revcast solve`.
#[derive(Debug, Args)]
pub(in crate::cli) struct SolveArgs {
    #[command(flatten)]
    source: ScenarioSource,
    #[command(flatten)]
    simulation: SimulationOptions,
    #[command(flatten)]
    figure: FigureArgs,
    /// The input to vary, such as regions.europe.conversion.mean or 'regions.*.leads.monthly'. A single number is looked for itself;
    /// an uncertain input, or several, by the factor that multiplies every draw. May be given several times
    #[arg(long, value_name = "PATH", required = true)]
    vary: Vec<String>,
    /// Look for this chance of the --target: 0.8 or 80%
    #[arg(long, value_name = "CHANCE")]
    probability: Option<String>,
    /// Look for this mean of the figure
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    mean: Option<String>,
    /// Look for where this percentile of the figure, such as p10, comes to the amount of --at-least
    #[arg(long, value_name = "PERCENTILE")]
    percentile: Option<String>,
    /// The amount for --percentile
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    at_least: Option<String>,
    /// Where to look [default: from half to double what it is, then from a tenth to tenfold, as far as the field may hold that]
    #[arg(long, value_name = "LOW..HIGH", allow_hyphen_values = true)]
    between: Option<String>,
}

impl Question for SolveArgs {
    fn out(&self) -> PathBuf {
        folder(&self.simulation, &self.source, "-solve")
    }

    fn output(&self) -> &OutputOptions {
        &self.simulation.output
    }

    fn find(&self, session: &Session) -> Result<(Box<dyn Found>, Execution), Failure> {
        let SolveArgs { source, simulation, .. } = self;
        let (Plan { mut scenario, model }, output) = (source.plan(session, simulation.settings())?, &simulation.output);
        scenario.date = simulation.day.day()?;
        let figure = self.figure.figure(&model)?;
        let wanted = wanted(self, &model, &figure)?;
        let between = self.between.as_deref().map(between).transpose()?;
        let question = SolveQuestion { scenario: scenario.clone(), figure, wanted, vary: self.vary.clone(), between };
        session.check(&self.out())?;
        let execution = session.execution(output.workers());
        let part = part(&model, &question.figure);
        warn_if_long(&part, seconds(&part) * TIMES_PLAYED as f64, &execution.workers, output.quiet);

        let solved = session.shown(&execution.monitor, (model.trials, TIMES_PLAYED), output.quiet, || {
            analysis::solve(&question, &execution)
        });
        let found = solved.map_err(|error| match error {
            SolveError::Question(faults) => faults.into(),
            SolveError::Run(error) => Failure::of_run(error, &scenario),
        })?;
        let solution = Document::new(Header::new(&scenario, &model), found);
        if let Some([found, allowed]) = findings::goal_out_of_reach(&solution) {
            let hint = match solution.course {
                Monotonicity::Stays => {
                    "what is asked for hardly changes there: vary something that it depends on, look further away with --between LOW..HIGH, or ask for less"
                }
                _ => "look elsewhere with --between LOW..HIGH, vary something else too, or ask for something else",
            };
            return Err(refused(&format!("--vary {}", self.vary.join(" --vary ")), &found, &allowed, hint));
        }
        let views = Views {
            tables: |solution| vec![("curve.csv", vec![findings::curve_table(solution)])],
            page: None,
            charts: |solution, size| charts::of_solution(solution, size),
            finding: findings::goal_seek,
        };
        Ok((Box::new(Analysis::new(solution, views)), execution))
    }
}

/// The model with the months alone that a figure needs, to tell how long it takes.
fn part(model: &Model, figure: &Response) -> Model {
    let mut part = model.clone();
    for region in &mut part.regions {
        region.expected_leads.truncate(figure.part().months);
    }
    part
}

/// Which of the three things is asked for.
fn wanted(arguments: &SolveArgs, model: &Model, figure: &Response) -> Result<GoalStatistic, Failure> {
    let asked = (&arguments.probability, &arguments.mean, &arguments.percentile, &arguments.at_least);
    match asked {
        (Some(text), None, None, None) if arguments.figure.target.is_some() => probability(text),
        (Some(_), None, None, None) => {
            let names: Vec<&str> = model.targets.iter().map(|target| target.name.as_str()).collect();
            let hint = if names.is_empty() {
                "the scenario has none: a chance of 0.8 of at least an amount is --percentile p20 --at-least AMOUNT"
                    .to_owned()
            } else {
                format!("its targets are: {}", names.join(", "))
            };
            Err(refused("--probability", "no target", "--target NAME beside it", &hint))
        }
        (None, Some(_), None, None) | (None, None, Some(_), Some(_)) if arguments.figure.target.is_some() => {
            let hint = "name the figure with --metric, --period and --region, or leave it at the main figure";
            Err(refused(
                "--target",
                "a target beside --mean or --percentile",
                "--probability CHANCE beside a target",
                hint,
            ))
        }
        (None, Some(text), None, None) => Ok(GoalStatistic::Mean(amount("--mean", text, figure)?)),
        (None, None, Some(p), Some(level)) => {
            let allowed = "p1 to p99";
            let p = percentile(&p.to_lowercase()).ok_or_else(|| refused("--percentile", p, allowed, "such as p10"))?;
            Ok(GoalStatistic::Percentile { p, level: amount("--at-least", level, figure)? })
        }
        _ => {
            let names = ["--probability", "--mean", "--percentile", "--at-least"];
            let given = [asked.0, asked.1, asked.2, asked.3].map(Option::is_some);
            let found: Vec<&str> =
                names.into_iter().zip(given).filter(|(_, given)| *given).map(|(name, _)| name).collect();
            let found = if found.is_empty() { "nothing".to_owned() } else { found.join(" and ") };
            let allowed =
                "one of --target NAME --probability CHANCE, --mean AMOUNT, and --percentile p10 --at-least AMOUNT";
            Err(refused("what to look for", &found, allowed, ""))
        }
    }
}

fn probability(text: &str) -> Result<GoalStatistic, Failure> {
    let refuse =
        |hint: &str| Err(refused("--probability", text, "a chance above 0 and below 1, such as 0.8 or 80%", hint));
    match Typed::Share.read(text) {
        Ok(q) if q > 0.0 && q < 1.0 => Ok(GoalStatistic::Probability(q)),
        Ok(q) if q == 0.0 || q == 1.0 => refuse("no input makes anything certain as long as there is chance"),
        Ok(q) if q > 1.0 && q < 100.0 => refuse(&format!("did you mean {}?", q / 100.0)),
        found => refuse(&found.err().unwrap_or_default()),
    }
}

/// An amount of the figure.
fn amount(option: &str, text: &str, figure: &Response) -> Result<f64, Failure> {
    let typed = match figure {
        Response::Figure(figure) => figure.metric.typed(),
        Response::Target(_) => Typed::Any,
    };
    let hint = match typed.read(text) {
        Ok(x) if x.abs() <= 1e18 => return Ok(x),
        found => found.err().unwrap_or_default(),
    };
    Err(refused(option, text, "a number, such as 17800000 or 17.8M", &hint))
}

/// The two ends of a search.
fn between(text: &str) -> Result<[f64; 2], Failure> {
    let refuse = |hint: &str| refused("--between", text, "two numbers, the lower one first: 0.5..2", hint);
    let usual = "for a factor, 1 is what it is now";
    let number = |text: &str| Typed::Any.read(text).map_err(|hint| refuse(if hint.is_empty() { usual } else { &hint }));
    let (low, high) = text.split_once("..").ok_or_else(|| refuse(usual))?;
    let ends = [number(low)?, number(high)?];
    if ends[0] < ends[1] { Ok(ends) } else { Err(refuse(usual)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_two_numbers_the_lower_one_first() {
        assert_eq!(between("0.5..2").ok(), Some([0.5, 2.0]));
        assert_eq!(between("-10% .. 20%").ok(), Some([-0.1, 0.2]));
        assert!(["2..0.5", "1..1", "1", "a..b", "1..inf"].iter().all(|text| between(text).is_err()));
    }
}
