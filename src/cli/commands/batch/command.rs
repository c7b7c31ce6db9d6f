//! What `revcast batch` does: it runs its scenarios side by side, then tells what became of them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::journal::Journal;
use super::list::{self, DOCUMENT, HISTORY, Listed};
use super::log::Log;
use super::options::BatchArgs;
use super::rules::BatchRules;
use super::scenario_run::{BatchContext, Outcome};
use super::timeout::Timeouts;
use crate::batch::{BatchRun, BatchScenario, Status, summary};
use crate::cli::changes::parse_settings;
use crate::cli::exit::{Failure, RULE_BROKEN, refused};
use crate::cli::history_recorder::HistoryRecorder;
use crate::cli::limits::{GIB, MAX_BYTES};
use crate::cli::options::Share;
use crate::cli::progress::{abandoned_when, stoppable};
use crate::cli::scenario_source::read;
use crate::cli::terminal::{print, terminal_width};
use crate::cli::{disk, on_alert};
use crate::engine::Workers;
use crate::scenario::{Scenario, Setting};

pub(in crate::cli) fn run(arguments: &BatchArgs) -> Result<ExitCode, Failure> {
    let scenarios = list::scenarios(&arguments.paths)?;
    let rules = BatchRules::new(&arguments.require, &arguments.alert, &scenarios);
    let mut settings = parse_settings("--set", &arguments.set)?;
    settings.extend(arguments.simulation.settings());
    let lanes = Lanes::new(arguments, scenarios.len());
    // All that are at work together may take so much, unless --max-memory says what each may.
    let max_bytes = arguments.max_memory.map_or(MAX_BYTES / lanes.count as f64, |gib| gib.0 * GIB);
    let max_time = arguments.max_time.map(Duration::from_secs);
    let out = arguments.simulation.out.clone().unwrap_or_else(|| PathBuf::from("output"));
    if !arguments.require.is_empty() || !arguments.alert.is_empty() {
        let sound: Vec<Scenario> =
            scenarios.iter().filter_map(|listed| sound(listed, &settings, max_bytes, max_time)).collect();
        if let Some(fault) = rules.fault(&sound) {
            return Err(fault);
        }
    }
    let recorder = HistoryRecorder::new(&arguments.history, Some(out.join(HISTORY)))?;
    let before = disk::previous_batch(&out.join(DOCUMENT))?;
    let mut journal = Journal::open(&out)?;
    let missing = missing(before.as_deref(), &scenarios);
    guard_count(arguments, before.as_deref().map_or(0, <[String]>::len), scenarios.len())?;

    let log = match arguments.log.as_str() {
        "json" => Log::Json,
        _ => Log::people(scenarios.len(), arguments.simulation.output.quiet),
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
            recorder.now().to_string(),
            arguments.resume,
            &out,
            scenarios.iter().map(|listed| &listed.name),
        )?;
    }
    log.event("night_started", json!({ "night": journal.night(), "scenarios": scenarios.len(), "resumed": goes_on }));

    let timeouts = Timeouts::new(stoppable(), max_time);
    let context = BatchContext {
        arguments,
        out: &out,
        journal: &journal,
        log: &log,
        timeouts: &timeouts,
        settings: &settings,
        rules: &rules,
        recorder: &recorder,
        // A night that is gone on with bears the day on which it began.
        date: arguments.simulation.day.day_at(journal.night().parse().unwrap_or_else(|_| recorder.now())),
        max_bytes,
    };
    let outcomes = lanes.work(&scenarios, &context);
    log.end();
    if timeouts.stopped() {
        log.event("night_stopped", json!({}));
        return Err(Failure::NightStopped);
    }
    let code = finish(arguments, &out, &log, outcomes, missing)?;
    journal.end()?;
    Ok(code)
}

/// A scenario that can be read within its time, for rules to be held against.
fn sound(listed: &Listed, settings: &[Setting], max_bytes: f64, max_time: Option<Duration>) -> Option<Scenario> {
    let (file, settings, begun) = (listed.file.clone(), settings.to_vec(), Instant::now());
    let late = || max_time.is_some_and(|most| begun.elapsed() > most);
    abandoned_when(late, move || read(&file, &settings, max_bytes)).ok()?.ok()
}

/// Tells what became of the scenarios: on disk, on the terminal, and to whoever waits for alerts.
fn finish(
    arguments: &BatchArgs,
    out: &Path,
    log: &Log,
    outcomes: Vec<(String, Outcome)>,
    missing: Vec<String>,
) -> Result<ExitCode, Failure> {
    let (mut worst, mut briefs, mut scenarios) = (0, Vec::new(), Vec::new());
    for (scenario, outcome) in outcomes {
        let (status, fault, answer) = match outcome {
            Outcome::Done(done) => {
                briefs.extend(done.brief);
                (Status::Done, None, Some(done.answer))
            }
            Outcome::Refused(why) => {
                worst = worse(worst, 2);
                (Status::Refused, Some(why), None)
            }
            Outcome::Failed(failure) => {
                worst = worse(worst, failure.code());
                (Status::Failed, Some(failure.to_string()), None)
            }
            Outcome::Stopped => return Err(Failure::NightStopped),
        };
        scenarios.push(BatchScenario { scenario, status, fault, answer });
    }
    let batch = BatchRun::new(scenarios, missing).document();
    let json = crate::export::document_json(&batch)?;
    disk::replace(&out.join(DOCUMENT), &json)?;

    if arguments.simulation.output.format.json {
        print(&json)?;
    } else if arguments.display.brief.is_some() {
        print(briefs.join("\n").as_bytes())?;
    } else if !arguments.simulation.output.quiet {
        print(summary(&batch, terminal_width()).as_bytes())?;
    }
    if arguments.simulation.output.quiet || arguments.display.brief.is_some() {
        complain(&batch, log);
    }
    let mut undelivered = false;
    for scenario in &batch.scenarios {
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
    let counts = batch.counts;
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
fn complain(batch: &BatchRun, log: &Log) {
    for scenario in &batch.scenarios {
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
fn guard_count(arguments: &BatchArgs, before: usize, now: usize) -> Result<(), Failure> {
    let Some(Share(share)) = arguments.guard else { return Ok(()) };
    if now as f64 >= (1.0 - share) * before as f64 {
        return Ok(());
    }
    Err(refused(
        "--guard",
        &format!("{now} scenarios, where the night before had {before}"),
        &format!("at least {} of them", (before as f64 * (1.0 - share)).ceil()),
        "if that is right, run the batch once without --guard; nothing was run",
    ))
}

/// Scenarios side by side, each on its share of the threads: together no more than there are.
#[derive(Debug)]
struct Lanes {
    count: usize,
    threads: usize,
}

impl Lanes {
    fn new(arguments: &BatchArgs, scenarios: usize) -> Lanes {
        let threads = arguments
            .simulation
            .output
            .threads
            .count
            .map_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from);
        let count = threads.min(scenarios).max(1);
        Lanes { count, threads: (threads / count).max(1) }
    }

    /// Does all scenarios; what became of them comes in their order.
    fn work(&self, scenarios: &[Listed], context: &BatchContext) -> Vec<(String, Outcome)> {
        let next = AtomicUsize::new(0);
        let lane = || {
            let workers = Workers::new(Some(self.threads));
            let mut done = Vec::new();
            while !context.timeouts.stopped() {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(listed) = scenarios.get(at) else { break };
                done.push((at, listed.name.clone(), context.run(listed, &workers)));
            }
            done
        };
        let mut done = std::thread::scope(|scope| {
            scope.spawn(|| context.timeouts.enforce());
            let lanes: Vec<_> = (0..self.count).map(|_| scope.spawn(lane)).collect();
            let done: Vec<_> = lanes.into_iter().flat_map(|lane| lane.join().unwrap_or_default()).collect();
            context.timeouts.end();
            done
        });
        done.sort_by_key(|(at, ..)| *at);
        done.into_iter().map(|(_, name, outcome)| (name, outcome)).collect()
    }
}
