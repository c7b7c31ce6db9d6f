//! `revcast run`: a scenario's forecast.

use std::process::ExitCode;

use clap::Args;

use crate::analysis::SampleSizeControl;
use crate::cli::exit::{Failure, refused};
use crate::cli::forecast_command::{Answered, ForecastOptions, Request};
use crate::cli::known_past::NoPast;
use crate::cli::limits::MAX_BYTES;
use crate::cli::options::{Share, SimulationOptions};
use crate::cli::progress::note;
use crate::cli::scenario_source::{Plan, ScenarioSource};
use crate::cli::session::Session;
use crate::cli::{checkpoints, shard};
use crate::documents::{Manifest, file_name};
use crate::engine::{self, Memory, Trials, Workers};
use crate::forecast::{self, Precision};
use crate::model::Model;
use crate::scenario::Setting;
use crate::shards::{Portion, ShardManifest};
use crate::units::format::{few_digits, thousands};

/// The arguments of `revcast run`.
#[derive(Debug, Args)]
pub(in crate::cli) struct RunArgs {
    #[command(flatten)]
    source: ScenarioSource,
    #[command(flatten)]
    simulation: SimulationOptions,
    #[command(flatten)]
    forecast: ForecastOptions,
    /// Play only the K-th of N equal parts of the futures, and write them to the file that --out names, for `revcast merge`. K may be a sum, 0+1/4, for
    /// schedulers that count from 0
    #[arg(long, value_name = "K/N", requires = "out",
        conflicts_with_all = ["answers", "DisplayOptions", "HistoryOptions", "FormatOptions", "DayOption"])]
    shard: Option<Portion>,
    /// Play as many futures as it takes: 1,000, 2,000, 4,000 and so on until the standard errors of P10, P50 and P90 of the main figure are at most this
    /// share of P50, such as 0.5%. At most --trials [default: 1,024,000, or what memory holds]
    #[arg(long, value_name = "SHARE")]
    precision: Option<Share>,
    /// Play, store and show these metrics alone, such as bookings,revenue, with those that targets and calls are of: faster, and in less memory
    #[arg(long, value_name = "METRICS", value_delimiter = ',')]
    metrics: Vec<String>,
    /// Write the futures down in parts while they are played, and go on from those of a run that was interrupted. For long runs
    #[arg(long, conflicts_with = "shard")]
    resume: bool,
    /// Keep a run with --set, --set-file or --until in the record: in the scenario's own folder and in the history. Without it such a run is a what-if,
    /// in a folder below output/what-if/
    #[arg(long)]
    record: bool,
}

pub(in crate::cli) fn run(arguments: &RunArgs) -> Result<ExitCode, Failure> {
    let RunArgs { source, simulation, forecast: options, .. } = arguments;
    let session = Session::default();
    if let (Some(portion), Some(out)) = (arguments.shard, &simulation.out) {
        let (plan, about) = arguments.shard_of(portion, &session)?;
        return shard::write(&plan, about, out, &simulation.output);
    }
    let plan = arguments.plan(&session)?;
    let (what_if, output) = (arguments.is_what_if(&session), &simulation.output);
    let out = simulation.out.as_deref();
    let request = Request { plan: &plan, series: source.series(), what_if, precision: None, out, output, options };
    let recorder = request.recorder()?;
    let prepared = request.prepare(&session, &recorder)?;
    let (plan, precision) = with_precision(arguments, plan.clone(), &session)?;
    let request = Request { plan: &plan, precision, ..request };
    if options.further.tune && source.is_changed(&session) {
        return Err(refused(
            "--tune",
            "--set, --set-file or --until beside it, which what the page gives back would not have",
            "a scenario as its file has it",
            "make a scenario of the changes, one that extends the file, or give the page's link the changes: tune.html#regions.europe.conversion.mean=0.27",
        ));
    }
    if arguments.resume {
        return checkpoints::answer(&request, &prepared, &recorder);
    }
    if !output.quiet {
        checkpoints::remind(&prepared.out);
    }
    request.answer(&prepared, &recorder, Trials::Simulated(Memory::default()))
}

/// Plays a forecast, and leaves it to whoever asked what is made of it.
pub(in crate::cli) fn find(arguments: &RunArgs, session: &Session) -> Result<Answered, Failure> {
    let RunArgs { source, simulation, forecast: options, .. } = arguments;
    let plan = arguments.plan(session)?;
    let (what_if, output) = (arguments.is_what_if(session), &simulation.output);
    let request =
        Request { plan: &plan, series: source.series(), what_if, precision: None, out: None, output, options };
    let prepared = request.prepare(session, &NoPast)?;
    let (plan, precision) = with_precision(arguments, plan.clone(), session)?;
    let request = Request { plan: &plan, precision, ..request };
    request.play(&prepared, Trials::Simulated(Memory::default()), session, &mut |_| ())
}

impl RunArgs {
    /// The plan that is asked about.
    fn plan(&self, session: &Session) -> Result<Plan, Failure> {
        let mut plan = self.source.plan(session, [self.simulation.settings(), self.metrics()].concat())?;
        plan.scenario.date = self.simulation.day.day()?;
        Ok(plan)
    }

    /// Whether the run is a what-if, and none of the record.
    fn is_what_if(&self, session: &Session) -> bool {
        self.source.is_changed(session) && !self.record
    }

    /// The threads to work on.
    pub(in crate::cli) fn workers(&self) -> Workers {
        self.simulation.output.workers()
    }

    /// The plan, and what a shard of its run says of itself.
    pub(in crate::cli) fn shard_of(
        &self,
        portion: Portion,
        session: &Session,
    ) -> Result<(Plan, ShardManifest), Failure> {
        let (plan, precision) = with_precision(self, self.plan(session)?, session)?;
        let (manifest, file) = (Manifest::of(&plan.scenario, &plan.model), file_name(&plan.scenario.file));
        let (series, what_if) = (self.source.series(), self.is_what_if(session));
        Ok((plan, ShardManifest { manifest, series, file, what_if, precision, portion }))
    }

    /// The option that names metrics, which stands for a field of the scenario.
    fn metrics(&self) -> Vec<Setting> {
        let named = (!self.metrics.is_empty()).then(|| Setting {
            option: format!("--metrics {}", self.metrics.join(",")),
            path: "simulation.metrics".to_owned(),
            value: serde_json::json!(self.metrics).to_string(),
        });
        named.into_iter().collect()
    }
}

/// The plan with the number of trials that a precision takes, where one is asked for.
fn with_precision(arguments: &RunArgs, plan: Plan, session: &Session) -> Result<(Plan, Option<Precision>), Failure> {
    let Some(Share(wanted)) = arguments.precision else { return Ok((plan, None)) };
    if wanted == 0.0 {
        let allowed = "a share above 0 and below 1, such as 0.005 or 0.5%";
        return Err(refused("--precision", "0, which no number of futures reaches", allowed, ""));
    }
    let precise = SampleSizeControl { wanted, most: most_trials(arguments, &plan.model) };
    let (trials, precision) = precise_enough(&precise, &plan, arguments, session)?;
    Ok((plan.with_trials(trials), Some(precision)))
}

/// The most trials that a precision may take: --trials, else as many as memory holds, up to a million.
fn most_trials(arguments: &RunArgs, model: &Model) -> usize {
    if arguments.simulation.size.trials.is_some() {
        return model.trials;
    }
    let fits = |trials: usize| forecast::bytes(&model.with_trials(trials), None, Memory::default()) <= MAX_BYTES;
    let doubled = std::iter::successors(Some(SampleSizeControl::MOST), |most| Some(most / 2));
    doubled
        .take_while(|most| *most >= SampleSizeControl::FIRST)
        .find(|most| fits(*most))
        .unwrap_or(SampleSizeControl::FIRST)
}

/// The number of trials with which the main figure is precise enough.
fn precise_enough(
    precise: &SampleSizeControl,
    plan: &Plan,
    arguments: &RunArgs,
    session: &Session,
) -> Result<(usize, Precision), Failure> {
    let output = &arguments.simulation.output;
    let execution = session.execution(output.workers());
    engine::make_tables(&plan.model, &execution.workers);
    let found =
        session.shown(&execution.monitor, (precise.most, 1), output.quiet, || precise.reach(&plan.model, &execution));
    let (trials, precision) = found.map_err(|error| Failure::of_analysis(error, &plan.scenario))?;
    if !precision.met && !output.quiet {
        let why = match precision.reached {
            Some(reached) => format!(
                "cap of {} futures reached, precision not met: it is {}%",
                thousands(trials as f64),
                few_digits(100.0 * reached)
            ),
            None if trials >= SampleSizeControl::FIRST => {
                "precision not met: the median is 0, and a share of it has no meaning".to_owned()
            }
            None => "precision not met: too few futures to tell it".to_owned(),
        };
        note(&format!("warning: {why}, asked for was {}%", few_digits(100.0 * precision.wanted)));
    }
    Ok((trials, precision))
}
