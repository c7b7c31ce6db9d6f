//! The whole analysis.

use super::correlation_mix::{CorrelationMix, Source};
use super::document::*;
use super::player::{MOST_KEPT, Player, kept_bytes};
use super::sobol::{Shared, left, shapley, sobol};
use super::stress::{Condition, stress};
use super::{tornado, value_of_information};
use crate::analysis::{AnalysisError, FigureInfo, Response};
use crate::engine::{Execution, Resampling, RunError, SimulationScope, TrialSet, each_block};
use crate::forecast::Summary;
use crate::model::Model;
use crate::outcomes::Outcomes;
use crate::scenario::Scenario;
use crate::stats::{Estimate, Moments};
use crate::units::format::list;

/// Fewer futures than this tell no shares of variance.
const FEWEST: usize = 100;

/// What a sensitivity analysis is asked for.
#[derive(Clone, Debug)]
pub struct SensitivityQuestion {
    /// The figure to be explained.
    pub figure: Response,
    /// Paths of the inputs that have a range for this question only.
    pub ranged: Vec<String>,
    /// Outcomes to be looked at apart.
    pub condition: Option<Condition>,
}

/// How many futures [`sensitivity`] plays.
pub fn futures_played(model: &Model, question: &SensitivityQuestion) -> u64 {
    let (sources, correlated) = (sources(model).len(), model.copula.groups().iter().map(Vec::len).sum::<usize>());
    let walk = if correlated > 0 { sources } else { 0 };
    let stress = usize::from(question.condition.is_some());
    let open_deals = if model.has_open_deals() { 2 + usize::from(last_before_deals(model).is_some()) } else { 0 };
    let in_run = usize::from(question.figure.part().by_law(model) != question.figure.part());
    (model.trials * (4 + in_run + 2 * model.inputs.len() + sources + correlated + walk + stress + open_deals)) as u64
}

/// Explains a figure of `scenario`, which means `model`: a tornado, shares of variance, what each input is worth knowing. All are
/// estimated from as many futures as the model has trials.
///
/// # Errors
/// [`AnalysisError`] where nothing is uncertain, where the figure is unknown in some futures, or where a run ended early.
pub fn sensitivity(
    scenario: &Scenario,
    model: &Model,
    question: &SensitivityQuestion,
    execution: &Execution,
) -> Result<Sensitivity, AnalysisError> {
    if !model.has_ranges() {
        return Err(AnalysisError::AllFixed);
    }
    let figure = &question.figure;
    let see = |outcomes: &Outcomes| figure.values(model, outcomes);
    let trials = model.trials as u64;
    let sets =
        [TrialSet::of_trials(model, 0..trials), TrialSet::of_trials(model, trials..2 * trials).with_any_rows(model)];
    // Bars stand about the run's own figure; shares of variance need no more than its law.
    let (part, law) = (figure.part(), figure.part().by_law(model));
    let by_law = Player::new(model, figure, law, &sets, execution)?;
    let other = if law == part { None } else { Some(Player::new(model, figure, part, &sets[..1], execution)?) };
    let in_run = other.as_ref().unwrap_or(&by_law);
    let mut play = |futures: &TrialSet| by_law.play(futures);
    let y = [by_law.of_set(&sets[0])?, by_law.of_set(&sets[1])?];
    let base = if law == part { y[0].clone() } else { in_run.of_set(&sets[0])? };
    if y.iter().flatten().chain(&base).any(|x| !x.is_finite()) {
        return Err(AnalysisError::Unknown);
    }
    let sources = sources(model);
    let mix = CorrelationMix { copula: &model.copula, one: &sets[0], other: &sets[1] };
    let bars = (0..model.inputs.len())
        .map(|i| tornado::bar(model, figure, i, &sets[0], &mut |futures| in_run.play(futures)))
        .collect::<Result<Vec<Bar>, RunError>>()?;
    // What never changes has no variance to share out.
    let varies = y.iter().flatten().any(|x| *x != y[0][0]);
    let correlated = !model.copula.groups().is_empty();
    let told = varies && model.trials >= FEWEST;
    let ys = (y[0].as_slice(), y[1].as_slice());
    let mut split = if told { Some(split(&mix, &sources, ys, model.seed, &mut play)?) } else { None };
    if let Some(split) = split.as_mut().filter(|_| model.has_open_deals()) {
        let again = |resampling| -> Result<Vec<f64>, RunError> {
            Ok(each_block(model, resampling, figure.part(), execution, see)?.concat())
        };
        let fresh = [again(Resampling::ChanceOnly)?, again(Resampling::AllButOpenDeals)?];
        let pace = last_before_deals(model).map(again).transpose()?;
        let [open_deals, chance] = of_open_deals(&base, &fresh, pace.as_deref());
        (split.open_deals, split.chance) = (Some(open_deals), chance);
    }
    let indices = if told { sobol(&mix, &sources, ys, model.seed, &mut play)? } else { Vec::new() };
    let effects = if told && correlated { shapley(&mix, &sources, &y[0], model.seed, &mut play)? } else { Vec::new() };
    let (width, slices) = if figure.target().is_some() {
        (None, None)
    } else {
        let (width, slices) = value_of_information::whole(&base);
        (Some(width), slices.filter(|_| varies))
    };

    let mut causes: Vec<Cause> = sources
        .iter()
        .enumerate()
        .map(|(s, source)| {
            let (key, label, kind) = named(scenario, model, *source);
            let input = if let Source::Input(i) = source { Some(*i) } else { None };
            let index = indices.get(s);
            Cause {
                basis: input.map(|i| basis(scenario, &model.inputs[i].path, &question.ranged)),
                bar: input.map(|i| bars[i].clone()),
                first: estimate(index.map(|index| &index.0)),
                first_interval: index.map(|index| interval(&index.0)),
                total: estimate(index.map(|index| &index.1)),
                total_interval: index.map(|index| interval(&index.1)),
                shapley: correlated.then(|| estimate(effects.get(s))),
                shapley_interval: effects.get(s).map(interval),
                worth: input.and_then(|i| {
                    let law = &model.inputs[i].law;
                    slices.as_ref().map(|whole| value_of_information::worth(law, sets[0].normals(i), &base, whole))
                }),
                key,
                label,
                kind,
            }
        })
        .collect();
    if let Some(open_deals) = split.as_ref().and_then(|split| split.open_deals) {
        let cause = Cause {
            key: "open_deals".to_owned(),
            label: "what becomes of open deals".to_owned(),
            kind: CauseKind::OpenDeals,
            basis: None,
            bar: None,
            first: Estimate::UNKNOWN,
            first_interval: None,
            total: open_deals,
            total_interval: None,
            shapley: None,
            shapley_interval: None,
            worth: None,
        };
        causes.insert(causes.len() - 1, cause);
    }
    // The inputs by what they bring, strongest first; market and chance stay last.
    let brings = |cause: &Cause| cause.shapley.unwrap_or(cause.total).value.unwrap_or(f64::NEG_INFINITY);
    causes[..model.inputs.len()].sort_by(|a, b| brings(b).total_cmp(&brings(a)));

    let bands = Summary::new(model.trials).bands(&base);
    let middle = tornado::statistic(figure, &base);
    for cause in &mut causes {
        let share = cause.shapley.unwrap_or(cause.total);
        if let Some(bar) = &mut cause.bar {
            bar.understates = bar.falls_short_of(share, middle, bands.sd);
        }
    }
    let count = |basis| causes.iter().filter(|cause| cause.basis == Some(basis)).count();
    Ok(Sensitivity {
        figure: FigureInfo::of(figure, model),
        bands,
        base: middle,
        split,
        correlated,
        provenance: Provenance {
            stated: count(Basis::Stated),
            assumed: count(Basis::Assumed),
            ranged: count(Basis::Ranged),
        },
        causes,
        width,
        stress: question
            .condition
            .as_ref()
            .map(|condition| stress(scenario, model, figure, condition, execution))
            .transpose()?,
    })
}

/// What inputs, market factor and chance bring one after the other.
fn split<E>(
    mix: &CorrelationMix,
    sources: &[Source],
    y: (&[f64], &[f64]),
    seed: u64,
    mut play: impl FnMut(&TrialSet) -> Result<Vec<f64>, E>,
) -> Result<Split, E> {
    let inputs: Vec<Source> =
        sources.iter().copied().filter(|source| matches!(source, Source::Input(_) | Source::JointDraws)).collect();
    let all: Vec<Source> = sources.iter().copied().filter(|source| *source != Source::Chance).collect();
    let left = left(mix, (&inputs, &all), y, seed, &mut play)?;
    let moves = all.len() > inputs.len();
    Ok(Split {
        inputs: Estimate::new(1.0 - left.of_inputs.share, Some(left.of_inputs.error)),
        market: if moves { estimate(Some(&left.between)) } else { Estimate::new(0.0, None) },
        open_deals: None,
        chance: estimate(Some(&left.of_all)),
    })
}

/// What knowing what becomes of the open deals would take away of the variance, and what would then be left, from the figure in the same
/// futures with other chance throughout, and with other chance but in the open deals: ½ E[(Y − Y′)²] / Var Y is what is left. Where closing has
/// a pace that drifts, or exchange rates do, or people come and go, the second has the same steps, too, and `pace` is the figure with the same steps alone: they count as
/// chance.
fn of_open_deals(y: &[f64], [all, rest]: &[Vec<f64>; 2], pace: Option<&[f64]>) -> [Estimate; 2] {
    let variance = Moments::of(y).map_or(f64::NAN, |m| m.sd * m.sd);
    let left =
        |other: &[f64]| -> Vec<f64> { y.iter().zip(other).map(|(a, b)| 0.5 * (a - b) * (a - b) / variance).collect() };
    let (all, mut rest) = (left(all), left(rest));
    if let Some(pace) = pace.map(left) {
        let steps = all.iter().zip(&pace).map(|(all, pace)| all - pace);
        rest.iter_mut().zip(steps).for_each(|(rest, steps)| *rest += steps);
    }
    let between: Vec<f64> = all.iter().zip(&rest).map(|(all, rest)| all - rest).collect();
    [between, rest]
        .map(|shares| Moments::of(&shares).map_or(Estimate::UNKNOWN, |m| Estimate::new(m.mean, Some(m.mean_error))))
}

/// The pass that keeps all that drifts month by month, besides the market; none where nothing does.
fn last_before_deals(model: &Model) -> Option<Resampling> {
    let drifts = [
        (model.people_move(), Resampling::AllButPeople),
        (model.rates_move(), Resampling::AllButRates),
        (model.pace_moves(), Resampling::AllButPace),
    ];
    drifts.into_iter().find(|(moves, _)| *moves).map(|(_, pass)| pass)
}

/// About how many bytes an analysis of so many trials takes.
pub fn sensitivity_bytes(model: &Model, trials: usize) -> f64 {
    // Three sets of futures, three of them kept, their samples, and two columns of differences of each source.
    let sources = model.inputs.len() as f64 + 2.0;
    8.0 * trials as f64 * (5.0 * sources + 16.0)
        + 1.5 * kept_bytes(model, SimulationScope::whole(model), trials).min(MOST_KEPT)
}

/// Inputs, joint draws where there are any, the market factor where it moves anything, luck.
fn sources(model: &Model) -> Vec<Source> {
    let mut sources: Vec<Source> = (0..model.inputs.len()).map(Source::Input).collect();
    if !model.columns.is_empty() {
        sources.push(Source::JointDraws);
    }
    if model.market_moves() {
        sources.push(Source::Market);
    }
    sources.push(Source::Chance);
    sources
}

fn named(scenario: &Scenario, model: &Model, source: Source) -> (String, String, CauseKind) {
    match source {
        Source::Input(i) => {
            let path = &model.inputs[i].path;
            (path.clone(), scenario.label(path), CauseKind::Input)
        }
        Source::JointDraws => ("draws".to_owned(), "what was drawn together".to_owned(), CauseKind::JointDraws),
        Source::Market => ("market".to_owned(), "market factor".to_owned(), CauseKind::Market),
        Source::Chance => ("chance".to_owned(), with_luck(model), CauseKind::Chance),
    }
}

/// Luck with what is no input and no market factor either: "luck and people".
fn with_luck(model: &Model) -> String {
    let besides = [
        (model.people_move(), "people"),
        (model.pace_moves(), "the closing pace"),
        (model.rates_move(), "exchange rates"),
    ];
    let besides = besides.into_iter().filter_map(|(moves, name)| moves.then_some(name));
    list(&std::iter::once("luck").chain(besides).collect::<Vec<&str>>())
}

fn basis(scenario: &Scenario, path: &str, ranged: &[String]) -> Basis {
    if ranged.iter().any(|known| known == path) {
        return Basis::Ranged;
    }
    let quantities = scenario.quantities();
    let quantity = quantities.iter().find(|(known, _)| known == path);
    if quantity.is_some_and(|(_, quantity)| quantity.source().is_some()) { Basis::Stated } else { Basis::Assumed }
}

fn estimate(shared: Option<&Shared>) -> Estimate {
    shared.map_or(Estimate::UNKNOWN, |shared| Estimate::new(shared.share, Some(shared.error)))
}

/// Its ends to the place of the error's third digit.
fn interval(shared: &Shared) -> [f64; 2] {
    shared.interval.map(|end| Estimate::new(end, Some(shared.error)).value.unwrap_or(end))
}
