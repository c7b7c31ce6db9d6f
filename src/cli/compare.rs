//! `revcast compare`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::Compare;
use super::disk;
use super::exit::Failure;
use super::figure::refused;
use super::keeping::series;
use super::progress::shown;
use super::results::{self, Results};
use super::run::{MOST_BYTES, check_size, warn_if_long};
use super::source::{read, typed};
use super::{print, terminal_width};
use crate::analysis::Comparing;
use crate::engine::{self, Memory};
use crate::model::resolve;
use crate::scenario::{Fault, Faults, Scenario};
use crate::units::plain;
use crate::{charts, export, forecast, report};

pub(super) fn compare(arguments: &Compare) -> Result<ExitCode, Failure> {
    let playing = &arguments.playing;
    let mut others = scenarios(arguments)?;
    let base = others.remove(0);
    let figure = arguments.figure.figure(&resolve(&base.1)?)?;
    let comparing = Comparing::new(base, others, &figure)?;
    let out = playing.out.clone().unwrap_or_else(|| folder(arguments));
    disk::check(&out)?;

    let memory = Memory::default();
    let largest = |trials: usize| {
        let sizes = comparing.models().map(|model| forecast::bytes(&model.with_trials(trials), None, memory));
        sizes.fold(comparing.bytes(trials, memory), f64::max)
    };
    check_size(comparing.model(), MOST_BYTES, largest)?;
    let execution = playing.execution();
    let times = comparing.times_played(memory);
    warn_if_long(
        comparing.model(),
        engine::seconds(comparing.model()) * times as f64,
        &execution.workers,
        playing.quiet,
    );
    comparing.models().for_each(|model| engine::make_tables(model, &execution.workers));

    let mut comparison = shown(&execution.monitor, comparing.model().trials, times, playing.quiet, || {
        comparing.compare(&execution, memory)
    })
    .map_err(|ended| Failure::of_run(ended.error, ended.scenario))?;

    let tables = vec![
        ("differences.csv".to_owned(), export::differences_csv(&comparison, playing.csv_style)?),
        ("bridge.csv".to_owned(), export::bridge_csv(&comparison, playing.csv_style)?),
    ];
    let charts = results::drawn(&charts::of_comparison(&comparison, playing.chart_size), &execution.workers)?;
    let mut results = Results::new("comparison.json", tables, charts);
    comparison.head.manifest.files = results.names();
    results.json = export::document_json(&comparison)?;
    results.write(&out, &execution.monitor)?;

    if playing.json {
        print(&results.json)?;
    } else if !playing.quiet {
        let width = terminal_width();
        let mut text = report::comparison(&comparison, width);
        if arguments.verbose {
            text.push('\n');
            text.push_str(&report::all_differences(&comparison, width));
        }
        text.push_str(&results::listed(&comparison.head.manifest.files, &out));
        print(text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The files.
fn files(arguments: &Compare) -> impl Iterator<Item = &PathBuf> {
    std::iter::once(&arguments.scenario).chain(&arguments.others)
}

/// The scenarios with what they are called: the files, the first one first, then that one with --with. All their faults come
/// together.
fn scenarios(arguments: &Compare) -> Result<Vec<(String, Scenario)>, Failure> {
    if arguments.others.is_empty() && arguments.with.is_empty() {
        let hint = "name another file, or a change of this one: --with 'regions.*.conversion.mean=0.27'";
        return Err(refused("compare", "one scenario", "two or more", hint));
    }
    let mut settings = typed("--set", &arguments.set)?;
    settings.extend(arguments.playing.settings());
    let with = typed("--with", &arguments.with)?;
    let mut found: Vec<Result<Scenario, Faults>> = files(arguments).map(|file| read(file, &settings)).collect();
    if !with.is_empty() {
        settings.extend(with);
        found.push(read(&arguments.scenario, &settings));
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
/// stem with a number.
fn labels(arguments: &Compare, scenarios: &[Scenario]) -> Vec<String> {
    let count = 1 + arguments.others.len();
    let numbered = files(arguments).enumerate().map(|(i, file)| match i {
        0 => stem(file),
        i => format!("{} ({})", stem(file), i + 1),
    });
    let ways: [Vec<String>; 3] = [
        scenarios.iter().take(count).map(|scenario| scenario.name.clone()).collect(),
        files(arguments).map(|file| stem(file)).collect(),
        files(arguments).map(|file| file.display().to_string()).collect(),
    ];
    let unlike = |labels: &Vec<String>| labels.iter().collect::<HashSet<_>>().len() == labels.len();
    let labels = ways.into_iter().find(unlike).unwrap_or_else(|| numbered.collect());
    let changed = (!arguments.with.is_empty()).then(|| format!("{}, changed", labels[0]));
    labels.iter().chain(&changed).map(|label| plain(label)).collect()
}

/// `output/<stem>-vs-<stem>`, `output/<stem>-vs-3-others`, `output/<stem>-vs-changed`.
fn folder(arguments: &Compare) -> PathBuf {
    let other = match (arguments.others.as_slice(), arguments.with.is_empty()) {
        ([], _) => "changed".to_owned(),
        ([other], true) => stem(other),
        (others, true) => format!("{}-others", others.len()),
        (others, false) => format!("{}-others", others.len() + 1),
    };
    results::folder(&series(&arguments.scenario), &format!("-vs-{other}"))
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
