//! Where a scenario comes from: its file, a sheet of inputs, single settings.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf, absolute};
use std::sync::Arc;

use clap::Args;

use super::disk::MAX_DOCUMENT_BYTES;
use super::exit::Failure;
use super::limits::MAX_BYTES;
use crate::analysis::overlaps;
use crate::model::{Model, resolve};
use crate::scenario::{Fault, Faults, MOST_VALUES, Scenario, Setting, load, outline, read_inputs, tidy, unopened};
use crate::units::{Typed, few_digits};

/// No scenario, with what it extends, and no table that is read has more bytes; reading one would only fill memory.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// The scenario file and what is laid over it.
#[derive(Debug, Args)]
pub(super) struct ScenarioSource {
    /// The scenario file
    pub(super) scenario: PathBuf,
    #[command(flatten)]
    pub(super) changes: Changes,
}

/// What is laid over a scenario file.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Changes {
    /// Set a field of the scenario: --set regions.europe.conversion.mean=0.27, or multiply what it holds: --set 'regions.*.conversion*=1.08'
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Set the fields that a sheet lists (CSV: path, value or low/mode/high or another range, source, note); `revcast template` writes one
    #[arg(long, value_name = "INPUTS.csv")]
    set_file: Vec<PathBuf>,
    /// End the forecast on a day of its last month, whatever the scenario says: leads arrive and deals close until then. Of regions that are
    /// decided day by day alone
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
}

impl Changes {
    /// The sheets, then the single settings, then the last day.
    fn settings(&self) -> Result<Vec<Setting>, Failure> {
        let mut settings = Vec::new();
        for file in &self.set_file {
            settings.extend(read_inputs(&file.display().to_string(), &bytes(file)?)?);
        }
        settings.extend(parse_settings("--set", &self.set)?);
        settings.extend(self.until.iter().map(|day| Setting {
            option: format!("--until {day}"),
            path: "until".to_owned(),
            value: day.clone(),
        }));
        Ok(settings)
    }
}

impl ScenarioSource {
    /// Reads the scenario: the file, then what is laid over it, then `last`.
    pub(super) fn read(&self, last: Vec<Setting>) -> Result<Scenario, Failure> {
        let settings = [self.changes.settings()?, last].concat();
        Ok(read_with_factors(&self.scenario, &settings, MAX_BYTES)?)
    }

    /// Reads the months, the as-of day and the regions, whatever else may be wrong.
    pub(super) fn outline(&self) -> Result<Scenario, Failure> {
        Ok(outline(&self.scenario, &without_factors(self.changes.settings()?), &limited(MAX_BYTES))?)
    }

    /// Reads the scenario and resolves it.
    pub(super) fn plan(&self, last: Vec<Setting>) -> Result<Plan, Failure> {
        Ok(Plan::new(self.read(last)?)?)
    }

    /// Whether anything is laid over the file.
    pub(super) fn is_changed(&self) -> bool {
        let Changes { set, set_file, until } = &self.changes;
        !set.is_empty() || !set_file.is_empty() || until.is_some()
    }

    /// The series that its runs belong to.
    pub(super) fn series(&self) -> String {
        series(&self.scenario)
    }
}

/// A scenario, as it was written, and the model that it means.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) scenario: Scenario,
    pub(super) model: Arc<Model>,
}

impl Plan {
    /// Resolves a scenario into the model that it means.
    pub(super) fn new(scenario: Scenario) -> Result<Plan, Faults> {
        let model = Arc::new(resolve(&scenario)?);
        Ok(Plan { scenario, model })
    }

    /// The same plan with another number of trials.
    pub(super) fn with_trials(mut self, trials: usize) -> Plan {
        self.scenario.simulation.trials = trials as u64;
        self.model = Arc::new(self.model.with_trials(trials));
        self
    }
}

/// The series that runs of a scenario file belong to, which their folder in output/ is named after, too: the stem of its name; of a
/// scenario.json, as each fit writes one, the name of its folder without "-fit", unless its runs would then lie in that very folder.
pub(super) fn series(scenario: &Path) -> String {
    let stem = scenario.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let named = scenario.file_name().is_some_and(|name| name == "scenario.json");
    let Some(folder) = scenario.parent().filter(|_| named) else { return stem };
    let Some(name) = folder.file_name().map(|name| name.to_string_lossy().into_owned()) else { return stem };
    let series = name.strip_suffix("-fit").filter(|rest| !rest.is_empty()).unwrap_or(&name);
    let whole = |path: &Path| absolute(path).map(|path| tidy(&path)).ok();
    if whole(folder) == whole(&Path::new("output").join(series)) { stem } else { series.to_owned() }
}

/// Reads a scenario with settings laid over it, where that takes at most `max_bytes` of memory.
pub(super) fn read(scenario: &Path, settings: &[Setting], max_bytes: f64) -> Result<Scenario, Faults> {
    load(scenario, settings, &limited(max_bytes))
}

/// Reads a scenario with settings laid over it, plain ones first; factors then multiply what its fields hold.
pub(super) fn read_with_factors(scenario: &Path, settings: &[Setting], max_bytes: f64) -> Result<Scenario, Faults> {
    let (factors, mut plain): (Vec<Setting>, Vec<Setting>) =
        settings.iter().cloned().partition(|setting| factor_path(setting).is_some());
    let set = read(scenario, &plain, max_bytes)?;
    if factors.is_empty() {
        return Ok(set);
    }
    plain.extend(multiplied(&set, &factors)?);
    read(scenario, &plain, max_bytes).map_err(|faults| too_much(faults, &factors))
}

/// The settings among these that set a field to a value.
fn without_factors(settings: Vec<Setting>) -> Vec<Setting> {
    settings.into_iter().filter(|setting| factor_path(setting).is_none()).collect()
}

/// The path of PATH*=FACTOR, the form that `revcast sweep --grid` takes, too.
fn factor_path(setting: &Setting) -> Option<&str> {
    // "regions.*" names regions, of which none is a number.
    setting.path.strip_suffix('*').filter(|path| !path.is_empty() && !path.ends_with('.'))
}

/// What is set where factors multiply fields of a scenario.
fn multiplied(scenario: &Scenario, factors: &[Setting]) -> Result<Vec<Setting>, Faults> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for setting in factors {
        let wrong = |found: String| Fault {
            file: setting.option.clone(),
            path: String::new(),
            found,
            allowed: "a factor above 0".to_owned(),
            hint: "8 % more is 1.08".to_owned(),
        };
        match Typed::Any.read(&setting.value) {
            Err(_) => faults.push(wrong(format!("{}, which is no number", setting.value))),
            Ok(factor) if factor <= 0.0 => faults.push(wrong(setting.value.clone())),
            Ok(factor) => match scenario.multiplied(factor_path(setting).unwrap_or_default(), factor) {
                Ok(set) => {
                    found.extend(set.into_iter().map(|set| Setting { option: setting.option.clone(), ..set }));
                }
                Err(fault) => faults.push(Fault { file: setting.option.clone(), ..fault }),
            },
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    let option = factors.first().and_then(|factor| factor.option.split(' ').next()).unwrap_or_default();
    faults.extend(overlaps(found.iter().map(|setting| setting.path.as_str()), option));
    if faults.is_empty() { Ok(found) } else { Err(Faults::Fields(faults)) }
}

/// Of what does not hold after a factor one fault is enough, the last one: that of the highest value.
fn too_much(faults: Faults, factors: &[Setting]) -> Faults {
    let Faults::Fields(faults) = faults else { return faults };
    let (of_factors, mut all): (Vec<Fault>, Vec<Fault>) =
        faults.into_iter().partition(|fault| factors.iter().any(|factor| factor.option == fault.file));
    let last = |option: &String| of_factors.iter().rfind(|fault| fault.file == *option);
    let hint = "a smaller factor, or --with on the fields that have room for it".to_owned();
    let told = factors.iter().filter_map(|factor| last(&factor.option));
    all.extend(told.map(|fault| Fault { hint: hint.clone(), ..fault.clone() }));
    Faults::Fields(all)
}

/// What gives the bytes of files, one after the other, as long as reading them all takes at most `max_bytes` of memory.
pub(super) fn limited(max_bytes: f64) -> impl Fn(&Path) -> io::Result<Vec<u8>> {
    let (read, needed) = (Cell::new(0), Cell::new(0.0));
    move |path| {
        let bytes = open_up_to(path, MAX_FILE_BYTES)?;
        read.set(read.get() + bytes.len() as u64);
        needed.set(needed.get() + memory_of(&bytes));
        if read.get() > MAX_FILE_BYTES {
            return Err(too_large(read.get(), "with the files that extend it it has"));
        }
        if needed.get() > max_bytes {
            let (mb, most) = ((needed.get() / 1e6).ceil(), few_digits(max_bytes / 1e6));
            return Err(io::Error::other(format!(
                "reading it takes about {mb} MB of memory, more than the {most} allowed"
            )));
        }
        Ok(bytes)
    }
}

/// About how many bytes of memory reading a scenario file takes: its texts twice, and its values, which these signs set off.
fn memory_of(bytes: &[u8]) -> f64 {
    let values = bytes.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count().min(MOST_VALUES);
    3.0 * bytes.len() as f64 + 300.0 * values as f64
}

/// The settings that an option such as --set gives as PATH=VALUE.
pub(super) fn parse_settings(option: &str, given: &[String]) -> Result<Vec<Setting>, Failure> {
    let one = |set: &String| {
        let Some((path, value)) = set.split_once('=') else {
            return Err(Failure::Option {
                option: format!("{option} {set}"),
                found: "no =".to_owned(),
                allowed: "PATH=VALUE".to_owned(),
                hint: format!("for example {option} regions.europe.conversion.mean=0.27"),
            });
        };
        Ok(Setting { option: format!("{option} {set}"), path: path.trim().to_owned(), value: value.trim().to_owned() })
    };
    given.iter().map(one).collect()
}

/// The bytes of a table that an option names.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    open(file).map_err(|error| unreadable(file, &error, "a CSV file that can be read"))
}

/// No export that is read has more bytes.
const MAX_EXPORT_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// The bytes of an export, which may be far larger than a table that a scenario names.
pub(super) fn export_bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    open_up_to(file, MAX_EXPORT_BYTES)
        .map_err(|error| unreadable(file, &error, "a CSV file or a workbook (.xlsx) that can be read"))
}

/// The bytes of a document that a run wrote.
pub(super) fn document(file: &Path) -> Result<Vec<u8>, Failure> {
    let allowed = "the forecast.json that a run wrote";
    open_up_to(file, MAX_DOCUMENT_BYTES).map_err(|error| unreadable(file, &error, allowed))
}

fn unreadable(file: &Path, error: &std::io::Error, allowed: &str) -> Failure {
    Failure::Option {
        option: file.display().to_string(),
        found: unopened(error),
        allowed: allowed.to_owned(),
        hint: "paths are relative to the folder that the command is run in; pipes are not read".to_owned(),
    }
}

fn open(path: &Path) -> io::Result<Vec<u8>> {
    open_up_to(path, MAX_FILE_BYTES)
}

/// The bytes of a file; what is none, such as a pipe or a device, is not opened at all, and what has no end is not read to its end.
pub(super) fn open_up_to(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        let folder = metadata.is_dir();
        return Err(if folder { io::ErrorKind::IsADirectory.into() } else { io::Error::other("it is no file") });
    }
    if metadata.len() > most {
        return Err(too_large(metadata.len(), "it has"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_large(bytes.len() as u64, "it has more than")) } else { Ok(bytes) }
}

fn too_large(bytes: u64, it_has: &str) -> io::Error {
    io::Error::other(format!("{it_has} {} MB; nothing that is read here is that large", bytes >> 20))
}

/// What a scenario file calls a file: relative to its own folder, unless nothing leads from there to it.
pub(super) fn named_beside(scenario: &Path, file: &Path) -> String {
    let whole = |path: &Path| absolute(path).map(|path| tidy(&path)).unwrap_or_else(|_| path.to_owned());
    let (scenario, file) = (whole(scenario), whole(file));
    let (from, to): (Vec<Component>, Vec<Component>) =
        (scenario.parent().into_iter().flat_map(Path::components).collect(), file.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return file.display().to_string();
    }
    let up = from[shared..].iter().map(|_| Component::ParentDir);
    let steps = up.chain(to[shared..].iter().copied()).map(|step| step.as_os_str().to_string_lossy().into_owned());
    steps.collect::<Vec<String>>().join("/")
}

/// A path as it is typed: in quotes where a shell would take it for more than a name.
pub(super) fn quoted(path: &str) -> String {
    let bare = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '\\' | ':');
    if path.chars().all(bare) && !path.starts_with('-') {
        return path.to_owned();
    }
    let from_here = if path.starts_with('-') { "./" } else { "" };
    format!("'{from_here}{}'", path.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_fits_have_the_name_of_their_export() {
        let of = |file: &str| series(Path::new(file));
        assert_eq!(of("plans/plan.json"), "plan");
        assert_eq!(of("output/deals-fit/scenario.json"), "deals");
        assert_eq!(of("work/acme/scenario.json"), "acme");
        assert_eq!(of("work/-fit/scenario.json"), "-fit");
        // These have no folder to be named after, or lie in the one that they would name.
        assert_eq!(["scenario.json", "../scenario.json", "output/fit/scenario.json"].map(of), ["scenario"; 3]);
    }

    #[test]
    fn what_is_printed_can_be_typed() {
        assert_eq!(quoted("plans/plan-2027.json"), "plans/plan-2027.json");
        assert_eq!(quoted("q$(x).json"), "'q$(x).json'");
        assert_eq!(quoted("a'b.json"), "'a'\\''b.json'");
        assert_eq!(quoted("-dash.json"), "'./-dash.json'");
    }
}
