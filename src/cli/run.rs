//! `revcast run`.

use std::process::ExitCode;
use std::sync::Arc;

use super::answering::{Asked, answered, ready};
use super::args::{Playing, Run, Share};
use super::exit::Failure;
use super::keeping::series;
use super::progress::{note, shown};
use super::{checkpoints, shard};
use crate::analysis::Precise;
use crate::engine::{self, Memory, Trials, Workers};
use crate::forecast::{self, Manifest, Precision};
use crate::model::{Model, resolve};
use crate::scenario::Scenario;
use crate::shards::ShardManifest;
use crate::units::{few_digits, thousands};

/// Runs that need more than this are refused before they fill the machine.
pub(super) const MOST_BYTES: f64 = 4.0 * GIB;
const GIB: f64 = 1024.0 * 1024.0 * 1024.0;
/// A run that will take longer than this warns first.
const LONG: f64 = 60.0;

pub(super) fn run(arguments: &Run) -> Result<ExitCode, Failure> {
    let playing = &arguments.playing;
    let (showing, answering, out) = (&playing.showing, &arguments.answering, &playing.out);
    let mut scenario = arguments.source.read(playing.settings())?;
    let mut model = Arc::new(resolve(&scenario)?);
    let series = series(&arguments.source.scenario);
    if let (Some(portion), Some(out)) = (arguments.shard, out) {
        let precision = settled(arguments, &mut scenario, &mut model)?;
        let about = ShardManifest { manifest: Manifest::of(&scenario, &model), series, precision, portion };
        return shard::write((&scenario, &model), about, out, playing);
    }
    let ready = {
        let (scenario, model, series, out) = (&scenario, &model, series.clone(), out.clone());
        ready(&Asked { scenario, model, series, precision: None, out, showing, answering })?
    };
    let precision = settled(arguments, &mut scenario, &mut model)?;
    let (scenario, model, out) = (&scenario, &model, out.clone());
    let asked = Asked { scenario, model, series, precision, out, showing, answering };
    if arguments.resume {
        return checkpoints::answered(&asked, &ready);
    }
    if !showing.quiet {
        checkpoints::remind(&ready.out);
    }
    answered(&asked, &ready, Trials::Simulated(Memory::default()))
}

/// Where a precision is asked for, gives the scenario the number of futures that it takes.
fn settled(arguments: &Run, scenario: &mut Scenario, model: &mut Arc<Model>) -> Result<Option<Precision>, Failure> {
    let Some(wanted) = arguments.precision else { return Ok(None) };
    let precise = Precise { wanted: above_0(wanted)?, most: allowed(arguments, model) };
    let (trials, precision) = precise_enough(&precise, (scenario, model), &arguments.playing)?;
    scenario.simulation.trials = trials as u64;
    *model = Arc::new(model.with_trials(trials));
    Ok(Some(precision))
}

/// A precision that some number of futures reaches.
fn above_0(Share(wanted): Share) -> Result<f64, Failure> {
    if wanted > 0.0 {
        return Ok(wanted);
    }
    Err(Failure::Option {
        option: "--precision".to_owned(),
        found: "0, which no number of futures reaches".to_owned(),
        allowed: "a share above 0 and below 1, such as 0.005 or 0.5%".to_owned(),
        hint: String::new(),
    })
}

/// How many futures a precision may take: --trials, else as many as memory holds, up to a million.
fn allowed(arguments: &Run, model: &Model) -> usize {
    if arguments.playing.trials.is_some() {
        return model.trials;
    }
    let fits = |trials: usize| forecast::bytes(&model.with_trials(trials), None, Memory::default()) <= MOST_BYTES;
    let doubled = std::iter::successors(Some(Precise::MOST), |most| Some(most / 2));
    doubled.take_while(|most| *most >= Precise::FIRST).find(|most| fits(*most)).unwrap_or(Precise::FIRST)
}

/// The number of futures with which the main figure is precise enough.
fn precise_enough(
    precise: &Precise,
    (scenario, model): (&Scenario, &Model),
    playing: &Playing,
) -> Result<(usize, Precision), Failure> {
    let execution = playing.execution();
    engine::make_tables(model, &execution.workers);
    let found = shown(&execution.monitor, precise.most, 1, playing.quiet, || precise.reach(model, &execution));
    let (trials, precision) = found.map_err(|error| Failure::of_analysis(error, scenario))?;
    if !precision.met && !playing.quiet {
        let reached =
            precision.reached.map_or_else(|| "cannot be told".to_owned(), |x| format!("is {}%", few_digits(100.0 * x)));
        note(&format!(
            "warning: cap of {} futures reached, precision not met: it {reached}, asked for was {}%",
            thousands(trials as f64),
            few_digits(100.0 * precision.wanted)
        ));
    }
    Ok((trials, precision))
}

/// Refuses what would fill the machine; `needs` says how many bytes so many trials of the model take.
pub(super) fn check_size(model: &Model, most_bytes: f64, needs: impl Fn(usize) -> f64) -> Result<(), Failure> {
    let bytes = needs(model.trials);
    if bytes <= most_bytes {
        return Ok(());
    }
    let (mut most, mut too_many) = (0, model.trials);
    while too_many - most > 1 + most / 100 {
        let between = most.midpoint(too_many);
        *if needs(between) <= most_bytes { &mut most } else { &mut too_many } = between;
    }
    Err(Failure::Option {
        option: "the size of the run".to_owned(),
        found: format!(
            "{} trials of {} regions over {} months, which need {:.1} GiB of memory",
            model.trials,
            model.regions.len(),
            model.horizon.months,
            bytes / GIB
        ),
        allowed: format!("at most {} GiB", few_digits(most_bytes / GIB)),
        hint: if most > 0 {
            format!("--trials {most} would fit; so would fewer months or regions")
        } else {
            "fewer months or regions".to_owned()
        },
    })
}

/// Says so before work that takes about so many `seconds` on one core, if that is long.
pub(super) fn warn_if_long(model: &Model, seconds: f64, workers: &Workers, quiet: bool) {
    let seconds = seconds / workers.threads() as f64;
    if seconds > LONG && !quiet {
        let minutes = (seconds / 60.0).round().max(1.0);
        let fewer = (model.trials as f64 * LONG / seconds) as u64;
        // Where hardly fewer would do, or next to none would be left, that is no advice.
        let advice = if seconds > 1.5 * LONG && fewer >= 100 {
            format!("; --trials {fewer} would take about one")
        } else {
            String::new()
        };
        let unit = if minutes == 1.0 { "a minute".to_owned() } else { format!("{minutes} minutes") };
        note(&format!("warning: this run will take about {unit}{advice}"));
    }
}
