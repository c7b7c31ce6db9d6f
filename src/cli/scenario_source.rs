//! Where a scenario comes from: its file, a sheet of inputs, single settings.

use std::cell::Cell;
use std::io;
use std::path::{Component, Path, PathBuf, absolute};
use std::sync::Arc;

use clap::Args;

use super::changes::Changes;
use super::exit::Failure;
use super::limits::MAX_BYTES;
use super::opened::{MAX_FILE_BYTES, too_large};
use super::session::Session;
use crate::analysis::overlaps;
use crate::model::{Model, resolve};
use crate::scenario::{Fault, Faults, MOST_VALUES, Scenario, Setting, load, outline, tidy};
use crate::units::{Typed, few_digits};

/// The scenario file and what is laid over it.
#[derive(Debug, Args)]
pub(super) struct ScenarioSource {
    /// The scenario file
    pub(super) scenario: PathBuf,
    #[command(flatten)]
    pub(super) changes: Changes,
}

impl ScenarioSource {
    /// Reads the scenario: the file, then what is laid over it, then `last`.
    pub(super) fn read(&self, session: &Session, last: Vec<Setting>) -> Result<Scenario, Failure> {
        let settings = [session.settings()?, self.changes.settings()?, last].concat();
        Ok(read_with_factors(session, &self.scenario, &settings)?)
    }

    /// Reads the months, the as-of day and the regions, whatever else may be wrong.
    pub(super) fn outline(&self) -> Result<Scenario, Failure> {
        Ok(outline(
            &self.scenario,
            &without_factors(self.changes.settings()?),
            &limited(&Session::default(), MAX_BYTES),
        )?)
    }

    /// Reads the scenario and resolves it.
    pub(super) fn plan(&self, session: &Session, last: Vec<Setting>) -> Result<Plan, Failure> {
        Ok(Plan::new(self.read(session, last)?)?)
    }

    /// Whether anything is laid over the file.
    pub(super) fn is_changed(&self, session: &Session) -> bool {
        self.changes.are_any() || session.is_changed()
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
    load(scenario, settings, &limited(&Session::default(), max_bytes))
}

/// Reads a scenario with settings laid over it, plain ones first; factors then multiply what its fields hold.
pub(super) fn read_with_factors(session: &Session, scenario: &Path, settings: &[Setting]) -> Result<Scenario, Faults> {
    let read = |settings: &[Setting]| load(scenario, settings, &limited(session, MAX_BYTES));
    let (factors, mut plain): (Vec<Setting>, Vec<Setting>) =
        settings.iter().cloned().partition(|setting| factor_path(setting).is_some());
    let set = read(&plain)?;
    if factors.is_empty() {
        return Ok(set);
    }
    plain.extend(multiplied(&set, &factors)?);
    read(&plain).map_err(|faults| too_much(faults, &factors))
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
pub(super) fn limited(session: &Session, max_bytes: f64) -> impl Fn(&Path) -> io::Result<Vec<u8>> {
    let (read, needed) = (Cell::new(0), Cell::new(0.0));
    move |path| {
        let bytes = session.open(path)?;
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
