//! The question, and its answer.

use super::document::{GoalStatistic, Outcome, Root, Solution};
use super::error::SolveError;
use super::lever::{FAR, Lever};
use super::search::{Margin, Search};
use super::statistic::{Evaluation, Reader, values};
use crate::analysis::{FigureInfo, Response};
use crate::engine::{Execution, Resampling, each_block, make_tables};
use crate::model::{Model, resolve};
use crate::scenario::{Fault, Faults, Scenario};
use crate::stats::Estimate;

/// What is asked of a scenario.
#[derive(Clone, Debug)]
pub struct SolveQuestion {
    /// The scenario whose fields are varied.
    pub scenario: Scenario,
    /// A figure of its model.
    pub figure: Response,
    /// What is to come true of it.
    pub wanted: GoalStatistic,
    /// The paths of the fields that are varied.
    pub vary: Vec<String>,
    /// From where to where to look; `None` for half to double what they are, then a tenth to tenfold, as
    /// far as the fields may hold that.
    pub between: Option<[f64; 2]>,
}

/// About how many times all trials are played for an answer.
pub const TIMES_PLAYED: usize = 36;

/// By the best estimate.
pub(in crate::analysis) const BEST: Margin = |evaluate| Some(evaluate.above.best);
const LOWER: Margin = |evaluate| evaluate.above.ends.map(|ends| ends[0]);
const UPPER: Margin = |evaluate| evaluate.above.ends.map(|ends| ends[1]);

/// Finds the value of what is varied at which what is wanted comes true.
///
/// All values are looked at on the same draws, so that the statistic is a fixed function of the value and the answer a
/// function of the seed. The 95 % interval reaches from where the upper end of the statistic's own interval reaches the
/// level to where the lower end does; with the root's true place at hand, the figure's interval there misses the level with a
/// chance of at most 5 %. The root is then played once more on fresh draws.
///
/// # Errors
/// [`SolveError`] for paths that name nothing that can be moved, figures that are unknown in some trial, and runs that end early.
pub fn solve(question: &SolveQuestion, execution: &Execution) -> Result<Solution, SolveError> {
    let lever = Lever::new(&question.scenario, &question.vary)?;
    let model = resolve(&question.scenario)?;
    make_tables(&model, &execution.workers);
    let asked = Asked { question, reader: Reader::new(question.wanted, model.trials), execution };

    let before = asked.evaluate(lever.now, &model)?;
    let play = |at: f64| if at == lever.now { Ok(before) } else { asked.evaluate(at, &lever.model(at)?) };
    let mut search = Search::new(play);
    let range = match question.between {
        Some(range) => search.scan(range)?,
        None => {
            let near = search.scan_from(lever.now, lever.range(FAR[0]))?;
            // The ends of the interval may lie farther out than the root.
            let all_passed = [BEST, LOWER, UPPER].iter().all(|side| !search.brackets(*side).is_empty());
            if all_passed { near } else { search.scan_from(lever.now, lever.range(FAR[1]))? }
        }
    };
    let outcome = match search.root(BEST, lever.now)? {
        Some(at) => {
            let at = lever.settled(at);
            let check_seed = model.seed.wrapping_add(1);
            let fresh = Model { seed: check_seed, ..lever.model(at)? };
            let check = asked.evaluate(at, &fresh)?.statistic;
            Outcome::Root(about(&mut search, &lever, at, range, (check, check_seed))?)
        }
        None => {
            let [at_low, at_high] = range.map(|end| search.evaluate(end).map(|evaluate| evaluate.statistic));
            Outcome::Unreachable { at_low: at_low?, at_high: at_high? }
        }
    };
    let root = match &outcome {
        Outcome::Root(root) => root.value.value,
        Outcome::Unreachable { .. } => None,
    };
    Ok(Solution {
        figure: FigureInfo::of(&question.figure, &model),
        wanted: question.wanted,
        varied: lever.varied(range, root),
        before: before.statistic,
        course: search.course(),
        outcome,
        curve: search.curve(),
    })
}

/// A root with its interval, and with its check on the draws of another seed.
fn about<F>(
    search: &mut Search<F>,
    lever: &Lever,
    root: f64,
    range: [f64; 2],
    (check, check_seed): (Estimate, u64),
) -> Result<Root, SolveError>
where
    F: FnMut(f64) -> Result<Evaluation, SolveError>,
{
    let ends = [search.root(LOWER, root)?, search.root(UPPER, root)?];
    let ends = ends.into_iter().flatten().map(|end| lever.settled(end));
    let low = ends.clone().reduce(f64::min).filter(|end| *end <= root);
    let high = ends.reduce(f64::max).filter(|end| *end >= root);
    let width = low.zip(high).map(|(low, high)| high - low);
    search.refine_around(root, width.unwrap_or_default(), range)?;
    let value = Estimate::new(root, width.map(|width| width / 3.92));
    // To the place to which the root itself is given.
    let place = |end: f64| Estimate::new(end, value.error).value;
    // Passages inside the interval are the root's own noise.
    let noise = [low.unwrap_or(range[0]), high.unwrap_or(range[1])];
    let mut elsewhere = search.brackets(BEST);
    elsewhere.retain(|[from, to]| *to < noise[0] || *from > noise[1]);
    Ok(Root {
        value,
        low: low.and_then(place),
        high: high.and_then(place),
        reached: search.evaluate(root)?.statistic,
        check,
        check_seed,
        elsewhere,
    })
}

/// A question and what it takes to play for it.
struct Asked<'a> {
    question: &'a SolveQuestion,
    reader: Reader,
    execution: &'a Execution,
}

impl Asked<'_> {
    /// Plays a model and reads the figure.
    fn evaluate(&self, at: f64, model: &Model) -> Result<Evaluation, SolveError> {
        let figure = &self.question.figure;
        let see = |outcomes: &_| values(figure, model, outcomes);
        let sample = each_block(model, Resampling::None, figure.part(), self.execution, see)?.concat();
        // The level may itself be what is varied.
        let level = figure.target().map_or(0.0, |goal| {
            model.targets.iter().find(|target| target.name == goal.name).map_or(goal.at_least, |target| target.at_least)
        });
        self.reader.read(at, sample, level).ok_or_else(|| {
            let unknown = Fault {
                file: self.question.scenario.file.clone(),
                path: String::new(),
                found: format!("a {} that is unknown in some futures", figure.metric().name()),
                allowed: "a figure that every future has".to_owned(),
                hint: crate::analysis::UNKNOWN_HINT.to_owned(),
            };
            SolveError::Question(Faults::Fields(vec![unknown]))
        })
    }
}
