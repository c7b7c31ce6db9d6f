//! `revcast compare`: scenarios on the same draws.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::analysis::{Comparison, ComparisonRun};
use crate::cli::changes::parse_settings;
use crate::cli::exit::{Failure, refused};
use crate::cli::figure_args::FigureArgs;
use crate::cli::limits::{MAX_BYTES, check_size, warn_if_long};
use crate::cli::options::{OutputOptions, SimulationOptions};
use crate::cli::output_folder::{Analysis, Found, Views, default_folder};
use crate::cli::question::Question;
use crate::cli::scenario_source::{read_with_factors, series};
use crate::cli::session::Session;
use crate::documents::Document;
use crate::engine::{self, Execution, Memory};
use crate::findings::{Block, Finding};
use crate::model::resolve;
use crate::scenario::{Fault, Faults, Scenario, Setting};
use crate::units::plain;
use crate::{charts, findings, forecast};

/// The arguments of `revcast compare`.
#[derive(Debug, Args)]
pub(in crate::cli) struct CompareArgs {
    /// The scenario file that the others are compared with
    scenario: PathBuf,
    /// The other scenario files
    others: Vec<PathBuf>,
    /// Also compare with the first scenario changed like this: --with regions.europe.deal_size.mean=16000, or by a factor: --with 'regions.*.conversion*=1.08'; all
    /// --with make one change
    #[arg(long, value_name = "PATH=VALUE")]
    with: Vec<String>,
    /// Set a field in every scenario: --set months=24
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    figure: FigureArgs,
    #[command(flatten)]
    simulation: SimulationOptions,
    /// Also print the difference of every metric
    #[arg(long, short, conflicts_with = "quiet")]
    verbose: bool,
}

impl Question for CompareArgs {
    fn out(&self) -> PathBuf {
        self.simulation.out.clone().unwrap_or_else(|| folder(self))
    }

    fn output(&self) -> &OutputOptions {
        &self.simulation.output
    }

    fn find(&self, session: &Session) -> Result<(Box<dyn Found>, Execution), Failure> {
        let output = &self.simulation.output;
        let mut others = scenarios(self, session)?;
        let mut base = others.remove(0);
        base.1.date = self.simulation.day.day()?;
        let figure = self.figure.figure(&resolve(&base.1)?)?;
        let comparing = ComparisonRun::new(base, others, &figure)?;
        session.check(&self.out())?;

        let memory = Memory::default();
        let largest = |trials: usize| {
            let sizes = comparing.models().map(|model| forecast::bytes(&model.with_trials(trials), None, memory));
            sizes.fold(comparing.bytes(trials, memory), f64::max)
        };
        check_size(comparing.model(), MAX_BYTES, largest)?;
        let execution = session.execution(output.workers());
        let times = comparing.times_played(memory);
        warn_if_long(
            comparing.model(),
            engine::seconds(comparing.model()) * times as f64,
            &execution.workers,
            output.quiet,
        );
        comparing.models().for_each(|model| engine::make_tables(model, &execution.workers));

        let comparison = session
            .shown(&execution.monitor, (comparing.model().trials, times), output.quiet, || {
                comparing.compare(&execution, memory)
            })
            .map_err(|ended| Failure::of_run(ended.error, ended.scenario))?;

        let views = Views {
            tables: |comparison: &Document<Comparison>| {
                let differences = comparison.differences.iter();
                let bridges = differences.map(|difference| findings::bridge_table(comparison, difference)).collect();
                vec![("differences.csv", vec![findings::differences_table(comparison)]), ("bridge.csv", bridges)]
            },
            page: None,
            charts: |comparison, size| charts::of_comparison(comparison, size),
            finding: if self.verbose { with_all_differences } else { findings::comparison },
        };
        Ok((Box::new(Analysis::new(comparison, views)), execution))
    }
}

/// What a comparison found, with the difference of every metric.
fn with_all_differences(comparison: &Document<Comparison>) -> Finding {
    let mut found = findings::comparison(comparison);
    found.blocks.push(Block::Gap);
    found.blocks.extend(findings::all_differences(comparison).blocks);
    found
}

/// The scenario files, the first one first.
fn scenario_files(arguments: &CompareArgs) -> impl Iterator<Item = &PathBuf> {
    std::iter::once(&arguments.scenario).chain(&arguments.others)
}

/// The scenarios with what they are called: the files, the first one first, then that one with --with. All their faults come
/// together.
fn scenarios(arguments: &CompareArgs, session: &Session) -> Result<Vec<(String, Scenario)>, Failure> {
    if arguments.others.is_empty() && arguments.with.is_empty() {
        let hint = "name another file, or a change of this one: --with 'regions.*.conversion*=1.08'";
        return Err(refused("compare", "one scenario", "two or more", hint));
    }
    let mut settings = parse_settings("--set", &arguments.set)?;
    settings.extend(arguments.simulation.settings());
    let read = |i: usize, file: &Path, settings: &[Setting]| {
        let session = session.of(i);
        let settings = [session.settings()?, settings.to_vec()].concat();
        Ok::<_, Failure>(read_with_factors(&session, file, &settings))
    };
    let mut found = scenario_files(arguments)
        .enumerate()
        .map(|(i, file)| read(i, file, &settings))
        .collect::<Result<Vec<Result<Scenario, Faults>>, Failure>>()?;
    if !arguments.with.is_empty() {
        settings.extend(parse_settings("--with", &arguments.with)?);
        found.push(read(0, &arguments.scenario, &settings)?);
    }
    let mut scenarios = gathered(found)?;
    if let (Some(changed), false) = (scenarios.last_mut(), arguments.with.is_empty()) {
        changed.assumptions.push(format!("With {}.", arguments.with.join(" and ")));
        changed.file.push_str(", changed by --with");
    }
    let labels = labels(arguments, &scenarios);
    Ok(labels.into_iter().zip(scenarios).collect())
}

/// All scenarios, or the faults of all; what stands in a file that several of them rest on is said once.
fn gathered(found: Vec<Result<Scenario, Faults>>) -> Result<Vec<Scenario>, Faults> {
    let (mut scenarios, mut faulty) = (Vec::new(), Vec::new());
    for scenario in found {
        match scenario {
            Ok(scenario) => scenarios.push(scenario),
            Err(faults) if faulty.contains(&faults) => {}
            Err(faults) => faulty.push(faults),
        }
    }
    match faulty.len() {
        0 => Ok(scenarios),
        1 => Err(faulty.remove(0)),
        _ => {
            let mut all: Vec<Fault> = Vec::new();
            for fault in faulty.into_iter().flat_map(Faults::into_list) {
                if !all.contains(&fault) {
                    all.push(fault);
                }
            }
            Err(Faults::Fields(all))
        }
    }
}

/// What each is called: its name; its file's stem where another has the same name; its path where that is the same too; else the
/// stem with a number. What the others share with the first one is said once: beside "Plan", "Plan, downside" is "downside".
fn labels(arguments: &CompareArgs, scenarios: &[Scenario]) -> Vec<String> {
    let count = 1 + arguments.others.len();
    let numbered = scenario_files(arguments).enumerate().map(|(i, file)| match i {
        0 => series(file),
        i => format!("{} ({})", series(file), i + 1),
    });
    let candidates: [Vec<String>; 3] = [
        scenarios.iter().take(count).map(|scenario| scenario.name.clone()).collect(),
        scenario_files(arguments).map(|file| series(file)).collect(),
        scenario_files(arguments).map(|file| file.display().to_string()).collect(),
    ];
    let distinct = |labels: &Vec<String>| labels.iter().collect::<HashSet<_>>().len() == labels.len();
    let labels = candidates.into_iter().find(distinct).unwrap_or_else(|| numbered.collect());
    let changed = (!arguments.with.is_empty()).then(|| format!("{}, changed", labels[0]));
    let labels: Vec<String> = labels.iter().chain(&changed).map(|label| plain(label)).collect();
    let rest = |label: &String| {
        let rest = label.strip_prefix(labels[0].as_str())?.strip_prefix([',', ' '])?.trim_start_matches([',', ' ']);
        rest.starts_with(char::is_alphanumeric).then(|| rest.to_owned())
    };
    let short: Vec<String> = labels.iter().map(|label| rest(label).unwrap_or_else(|| label.clone())).collect();
    let once = |label: &String| short.iter().filter(|other| *other == label).count() == 1;
    labels.iter().zip(&short).map(|(label, short)| if once(short) { short } else { label }.clone()).collect()
}

/// `output/<stem>-vs-<stem>`, `output/<stem>-vs-3-others`, `output/<stem>-vs-changed`.
fn folder(arguments: &CompareArgs) -> PathBuf {
    let other = match (arguments.others.as_slice(), arguments.with.is_empty()) {
        ([], _) => "changed".to_owned(),
        ([other], true) => series(other),
        (others, true) => format!("{}-others", others.len()),
        (others, false) => format!("{}-others", others.len() + 1),
    };
    default_folder(&series(&arguments.scenario), &format!("-vs-{other}"))
}
