//! `revcast batch`: every scenario, unattended.

mod journal;
mod list;
mod log;
mod one;
mod rules;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::args::{Playing, Share};
use super::exit::{Failure, RULE_BROKEN};
use super::keeping::{Keeping, Remembering};
use super::paging::Paging;
use super::progress::stoppable;
use super::since::Since;
use super::source::{read, typed};
use super::{disk, on_alert, print, terminal_width};
use crate::batch::{Night, NightScenario, Status, summary};
use crate::engine::Workers;
use crate::scenario::Scenario;
use journal::Journal;
use list::Listed;
use log::Log;
use one::{Became, Shared};
use rules::NightRules;
use watch::Watch;

/// The document of a night.
const DOCUMENT: &str = "batch.json";
/// Beside it the history of all nights.
const HISTORY: &str = "history.sqlite";
/// All scenarios that are at work together may take this much, unless --max-memory says what each may.
const MOST_BYTES: f64 = 4.0 * GIB;
const GIB: f64 = 1024.0 * 1024.0 * 1024.0;

/// What `revcast batch` is given.
#[derive(Debug, Args)]
#[command(mut_arg("out", |out| out.help("The folder for the results: one folder in it for each scenario, batch.json and history.sqlite [default: output]")))]
pub(super) struct Batch {
    /// Folders with scenarios, patterns in quotes ('scenarios/emea-*.json'), lists of files (one a line), or scenario files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    playing: Playing,
    #[command(flatten)]
    paging: Paging,
    #[command(flatten)]
    remembering: Remembering,
    /// Set a field in every scenario: --set months=24
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Go on with a night that was interrupted; also skip scenarios that have not changed since their last run
    #[arg(long)]
    resume: bool,
    /// Exit with 3 unless this holds: 'Year 1 >= 0.5' wherever there is such a target, or 'emea: Year 1 >= 0.5'
    #[arg(long, value_name = "RULE")]
    require: Vec<String>,
    /// Call for attention, and exit with 3, where this holds: 'Year 1 < 0.4', 'P50 drops by 5% since last run'
    #[arg(long, value_name = "RULE")]
    alert: Vec<String>,
    /// Start this program for each alert, with the arguments SCENARIO RULE MESSAGE FOLDER, and the same as JSON on its standard input
    #[arg(long, value_name = "PROGRAM")]
    on_alert: Option<PathBuf>,
    /// Refuse scenarios with an input that shrank by more than this share since the last run, and the whole batch if the number of
    /// scenarios did: 0.3 or 30%
    #[arg(long, value_name = "SHARE")]
    guard: Option<Share>,
    /// The run that each scenario is compared with: last (what its folder holds), the last of a day such as 2027-03-01 (or before it, from
    /// the history), none, or a forecast.json
    #[arg(long, value_name = "RUN", default_value = "last")]
    since: Since,
    /// Stop a scenario that takes longer than so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    max_time: Option<u64>,
    /// Refuse a scenario that takes more memory than so many GiB [default: 4 GiB for all that are at work together]
    #[arg(long, value_name = "GIB")]
    max_memory: Option<Gib>,
    /// Also write forecast.xlsx for each scenario
    #[arg(long)]
    xlsx: bool,
    /// Also answer for each scenario what takes further simulation, as run --deep does
    #[arg(long)]
    deep: bool,
    /// How the course of the night is told on standard error: json is one event a line
    #[arg(long, value_name = "FORM", default_value = "text", value_parser = ["text", "json"])]
    log: String,
}

/// An amount of memory.
#[derive(Clone, Copy, Debug)]
struct Gib(f64);

impl FromStr for Gib {
    type Err = String;

    fn from_str(text: &str) -> Result<Gib, String> {
        let gib = text.parse().ok().filter(|gib: &f64| gib.is_finite() && *gib > 0.0);
        gib.map(Gib).ok_or_else(|| "a number of GiB above 0, such as 1.5".to_owned())
    }
}

pub(super) fn batch(arguments: &Batch) -> Result<ExitCode, Failure> {
    let scenarios = list::scenarios(&arguments.paths)?;
    let rules = NightRules::new(&arguments.require, &arguments.alert, &scenarios);
    let mut settings = typed("--set", &arguments.set)?;
    settings.extend(arguments.playing.settings());
    let out = arguments.playing.out.clone().unwrap_or_else(|| PathBuf::from("output"));
    if !arguments.require.is_empty() || !arguments.alert.is_empty() {
        let sound: Vec<Scenario> = scenarios.iter().filter_map(|listed| read(&listed.file, &settings).ok()).collect();
        if let Some(fault) = rules.fault(&sound) {
            return Err(fault);
        }
    }
    let keeping = Keeping::new(&arguments.remembering, Some(out.join(HISTORY)))?;
    let before = disk::night_before(&out.join(DOCUMENT))?;
    let mut journal = Journal::open(&out)?;
    let missing = missing(before.as_deref(), &scenarios);
    guard_count(arguments, before.as_deref().map_or(0, <[String]>::len), scenarios.len())?;

    let log = match arguments.log.as_str() {
        "json" => Log::Json,
        _ => Log::people(scenarios.len(), arguments.playing.quiet),
    };
    let goes_on = arguments.resume && journal.interrupted;
    if journal.interrupted && !goes_on {
        log.warning(
            None,
            "the night before was interrupted; this one begins anew (--resume would have gone on with it)",
        );
    }
    if !goes_on {
        journal.begin(
            keeping.now().to_string(),
            arguments.resume,
            &out,
            scenarios.iter().map(|listed| &listed.name),
        )?;
    }
    log.event("night_started", json!({ "night": journal.night(), "scenarios": scenarios.len(), "resumed": goes_on }));

    let lanes = Lanes::new(arguments, scenarios.len());
    let watch = Watch::new(stoppable(), arguments.max_time.map(Duration::from_secs));
    let shared = Shared {
        arguments,
        out: &out,
        journal: &journal,
        log: &log,
        watch: &watch,
        settings: &settings,
        rules: &rules,
        keeping: &keeping,
        most_bytes: arguments.max_memory.map_or(MOST_BYTES / lanes.count as f64, |gib| gib.0 * GIB),
    };
    let became = lanes.work(&scenarios, &shared);
    log.end();
    if watch.stopped() {
        log.event("night_stopped", json!({}));
        return Err(Failure::NightStopped);
    }
    let code = ended(arguments, &out, &log, became, missing)?;
    journal.end()?;
    Ok(code)
}

/// Tells what became of a night, on disk, on the terminal, and to whoever waits for alerts.
fn ended(
    arguments: &Batch,
    out: &Path,
    log: &Log,
    became: Vec<(String, Became)>,
    missing: Vec<String>,
) -> Result<ExitCode, Failure> {
    let (mut worst, mut briefs, mut told) = (0, Vec::new(), Vec::new());
    for (scenario, became) in became {
        let (status, fault, answer) = match became {
            Became::Done(done) => {
                briefs.extend(done.brief);
                (Status::Done, None, Some(done.told))
            }
            Became::Refused(why) => {
                worst = worse(worst, 2);
                (Status::Refused, Some(why), None)
            }
            Became::Failed(failure) => {
                worst = worse(worst, failure.code());
                (Status::Failed, Some(failure.to_string()), None)
            }
            Became::Stopped => return Err(Failure::NightStopped),
        };
        told.push(NightScenario { scenario, status, fault, answer });
    }
    let night = Night::new(told, missing);
    let mut json = serde_json::to_vec_pretty(&night).map_err(crate::export::ExportError::from)?;
    json.push(b'\n');
    disk::replace(&out.join(DOCUMENT), &json)?;

    if arguments.playing.json {
        print(&json)?;
    } else if arguments.paging.brief.is_some() {
        print(briefs.join("\n").as_bytes())?;
    } else if !arguments.playing.quiet {
        print(summary(&night, terminal_width()).as_bytes())?;
    }
    if arguments.playing.quiet || arguments.paging.brief.is_some() {
        summary_of_faults(&night, log);
    }
    let mut undelivered = false;
    for scenario in &night.scenarios {
        for alert in scenario.answer.iter().flat_map(|answer| &answer.alerts) {
            let name = scenario.scenario.as_str();
            log.event("alert", json!({ "scenario": name, "rule": alert.rule, "message": alert.message }));
            let Some(program) = &arguments.on_alert else { continue };
            if let Err(failure) = on_alert::deliver(program, name, &out.join(name), alert) {
                log.warning(Some(name), &failure.to_string());
                undelivered = true;
            }
        }
    }
    let counts = night.counts;
    log.event("night_done", serde_json::to_value(counts).unwrap_or(Value::Null));
    if undelivered {
        worst = worse(worst, 1);
    }
    if worst == 0 && counts.broken + counts.alerted > 0 {
        worst = RULE_BROKEN;
    }
    Ok(ExitCode::from(worst))
}

/// What calls for attention, where no table tells it.
fn summary_of_faults(night: &Night, log: &Log) {
    for scenario in &night.scenarios {
        let say = |text: &str| log.complaint(&scenario.scenario, text);
        scenario.fault.iter().for_each(|fault| say(fault));
        if let Some(answer) = &scenario.answer {
            answer.broken.iter().for_each(|rule| say(&format!("required: {rule}")));
            answer.alerts.iter().for_each(|alert| say(&format!("alert: {} ({})", alert.message, alert.rule)));
        }
    }
}

/// The exit code that says more: a disk that fails before a scenario that is faulty.
fn worse(one: u8, other: u8) -> u8 {
    match (one, other) {
        (0, other) => other,
        (one, 0) => one,
        (one, other) => one.min(other),
    }
}

/// Scenarios of the night before that are not among those of this one.
fn missing(before: Option<&[String]>, scenarios: &[Listed]) -> Vec<String> {
    let has = |name: &&String| !scenarios.iter().any(|listed| listed.name == **name);
    before.unwrap_or_default().iter().filter(has).cloned().collect()
}

/// Refuses a batch that has lost more of its scenarios overnight than the guard allows.
fn guard_count(arguments: &Batch, before: usize, now: usize) -> Result<(), Failure> {
    let Some(Share(share)) = arguments.guard else { return Ok(()) };
    if now as f64 >= (1.0 - share) * before as f64 {
        return Ok(());
    }
    Err(Failure::Option {
        option: "--guard".to_owned(),
        found: format!("{now} scenarios, where the night before had {before}"),
        allowed: format!("at least {} of them", (before as f64 * (1.0 - share)).ceil()),
        hint: "if that is right, run the batch once without --guard; nothing was run".to_owned(),
    })
}

/// Scenarios side by side, each on its share of the threads: together no more than there are.
#[derive(Debug)]
struct Lanes {
    count: usize,
    threads: usize,
}

impl Lanes {
    fn new(arguments: &Batch, scenarios: usize) -> Lanes {
        let threads = arguments
            .playing
            .threads
            .map_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from);
        let count = threads.min(scenarios).max(1);
        Lanes { count, threads: (threads / count).max(1) }
    }

    /// Does all scenarios; what became of them comes in their order.
    fn work(&self, scenarios: &[Listed], shared: &Shared) -> Vec<(String, Became)> {
        let next = AtomicUsize::new(0);
        let lane = || {
            let workers = Workers::new(Some(self.threads));
            let mut done = Vec::new();
            while !shared.watch.stopped() {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(listed) = scenarios.get(at) else { break };
                done.push((at, listed.name.clone(), shared.one(listed, &workers)));
            }
            done
        };
        let mut done = std::thread::scope(|scope| {
            scope.spawn(|| shared.watch.look());
            let lanes: Vec<_> = (0..self.count).map(|_| scope.spawn(lane)).collect();
            let done: Vec<_> = lanes.into_iter().flat_map(|lane| lane.join().unwrap_or_default()).collect();
            shared.watch.end();
            done
        });
        done.sort_by_key(|(at, ..)| *at);
        done.into_iter().map(|(_, name, became)| (name, became)).collect()
    }
}
