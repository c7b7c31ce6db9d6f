//! What it would take: the answer first.

use std::fmt::Write;

use super::finding::Finding;
use super::sentences::place_of;
use super::table::Table;
use crate::analysis::{GoalStatistic, How, Monotonicity, Outcome, Root, Solution};
use crate::documents::Document;
use crate::scenario::{Metric, Unit};
use crate::stats::Estimate;
use crate::units::format::{capitalize, from_start, futures, when};
use crate::units::{plain, thousands};

/// The answer; empty where there is no root.
pub fn goal_seek(solution: &Document<Solution>) -> Finding {
    let mut found = Finding::default();
    let Outcome::Root(root) = &solution.outcome else { return found };
    let said = Said { solution, unit: unit(solution) };
    let head = &solution.header;
    let futures = futures(head.manifest.trials, head.currency.locale());
    found.say(format!("{}: what it would take, on {futures} {}", plain(&head.name), from_start(&head.horizon())));
    found.say(said.answer(root));
    let is_factor = solution.varied.how == How::Factor;
    if is_factor {
        found.gap();
        found.say("What that comes to:");
        found.list(said.fields().take(MAX_FIELDS).collect());
        match solution.varied.fields.len().saturating_sub(MAX_FIELDS) {
            0 => {}
            more => found.say(format!("  and {more} more, in solution.json")),
        }
        said.people().into_iter().for_each(|text| found.say(text));
    }
    found.gap();
    found.say(format!("Played again on fresh draws (seed {}), {}.", root.check_seed, said.with_error(root.check)));
    found.say(said.searched(root));
    if is_factor {
        let shares = solution.varied.fields.iter().any(|field| Unit::of(&field.path) == Unit::Share);
        let most = if shares { " No share goes above 1." } else { "" };
        found.say(match solution.varied.is_people() {
            true => "A factor is rounded to whole people, field by field.".to_owned(),
            false => format!("A factor multiplies what every future draws for a field, its range with it.{most}"),
        });
    }
    found.say("Everything else is as in the scenario: what it would take of this alone.");
    found.assume(head);
    found
}

/// What the search looked at: the value of what is varied (a factor, or the field itself), ascending; the statistic there; its standard
/// error.
pub fn curve_table(solution: &Solution) -> Table {
    let mut table = Table::default();
    table.numbers("value", solution.curve.iter().map(|point| point.at));
    let statistics = solution.curve.iter().map(|point| [point.statistic]);
    table.estimates([("statistic", None)], statistics, |_| String::new());
    table
}

/// Where nothing that was looked at will do: what was found, and what was asked for.
pub fn goal_out_of_reach(solution: &Document<Solution>) -> Option<[String; 2]> {
    let Outcome::Unreachable { at_low, at_high } = &solution.outcome else { return None };
    let said = Said { solution, unit: unit(solution) };
    let [low, high] = [solution.varied.low, solution.varied.high].map(|x| said.value(x, None));
    let found = format!(
        "not reachable between {low} and {high}: at {low} {}, at {high} {}",
        said.with_error(*at_low),
        said.with_error(*at_high)
    );
    Some([found, format!("a value at which {}", said.wanted())])
}

/// More fields than this are counted, not listed.
const MAX_FIELDS: usize = 12;

/// In which unit what is looked for is told; `None` for a factor.
fn unit(solution: &Document<Solution>) -> Option<Unit> {
    match (solution.varied.how, solution.varied.fields.as_slice()) {
        (How::Value, [field]) if field.path.starts_with("targets[") && solution.figure.metric.is_money() => {
            Some(Unit::Money)
        }
        (How::Value, [field]) => Some(Unit::of(&field.path)),
        _ => None,
    }
}

/// A solution and what its numbers count.
struct Said<'a> {
    solution: &'a Document<Solution>,
    /// Of what is looked for; `None` for a factor.
    unit: Option<Unit>,
}

impl Said<'_> {
    /// "12 people in these fields become 108.", where people alone are varied.
    fn people(&self) -> Option<String> {
        let fields = &self.solution.varied.fields;
        let from: f64 = fields.iter().map(|field| field.from).sum();
        let to = fields.iter().map(|field| field.to).sum::<Option<f64>>()?;
        let several = fields.len() > 1 && self.solution.varied.is_people();
        several.then(|| format!("  {} people in these fields become {}.", thousands(from), thousands(to)))
    }

    /// "Leads a month of 3 regions × 1.13 (95 % sure: 1.12 to 1.14): then …; as the scenario stands, …".
    fn answer(&self, root: &Root) -> String {
        let error = root.value.error;
        let say = |x: f64| self.value(x, error);
        let value = root.value.value.map_or_else(|| "unknown".to_owned(), say);
        let sure = match (root.low.map(say), root.high.map(say)) {
            (Some(low), Some(high)) if low == high => String::new(),
            (Some(low), Some(high)) => format!(" (95 % sure: {low} to {high})"),
            (Some(low), None) => format!(" (95 % sure: at least {low})"),
            (None, Some(high)) => format!(" (95 % sure: at most {high})"),
            (None, None) => " (too few futures to say how sure that is)".to_owned(),
        };
        let sign = if self.unit.is_none() { "×" } else { "at" };
        let now = match (self.unit, self.solution.varied.now) {
            (Some(unit), Some(now)) => format!(" ({})", unit.said(&self.solution.header.currency, now)),
            _ => String::new(),
        };
        let subject = capitalize(&self.solution.varied.name());
        if self.solution.jumps(root) {
            return format!(
                "{subject} {sign} {value}: there it jumps past what is asked for, so that {}; no value gives just that. As the \
                 scenario stands{now}, {}.",
                self.with_error(root.reached),
                self.statistic(self.solution.before)
            );
        }
        format!(
            "{subject} {sign} {value}{sure}: then {}. As the scenario stands{now}, {}.",
            self.wanted(),
            self.statistic(self.solution.before)
        )
    }

    /// "Year 1 (total bookings of €17.8M in 2027) is met in 80 in 100 futures".
    fn wanted(&self) -> String {
        let (metric, figure) = (self.solution.figure.metric, self.figure());
        match self.solution.wanted {
            GoalStatistic::Probability(q) => {
                let name = self.solution.figure.target.as_deref().map_or_else(String::new, plain);
                format!("{name} ({figure}) is met in {} futures", self.chance(Estimate::exact(q)))
            }
            GoalStatistic::Mean(level) => format!("the mean of {figure} is {}", self.level(metric, level)),
            GoalStatistic::Percentile { p, level } => {
                let in_100 = self.number(100.0 * (1.0 - p));
                format!(
                    "P{} of {figure} is {}, which {in_100} in 100 futures reach",
                    self.number(100.0 * p),
                    self.level(metric, level)
                )
            }
        }
    }

    /// The statistic: "it is met in 47 in 100", "the mean is €17.8M".
    fn statistic(&self, found: Estimate) -> String {
        let Some(value) = found.value else { return "it is unknown".to_owned() };
        let metric = self.solution.figure.metric;
        let amount = || metric.said(&self.solution.header.currency, value, found.error);
        match self.solution.wanted {
            GoalStatistic::Probability(_) => format!("it is met in {}", self.chance(found)),
            GoalStatistic::Mean(_) => format!("it is {}", amount()),
            GoalStatistic::Percentile { p, .. } => format!("P{} is {}", self.number(100.0 * p), amount()),
        }
    }

    /// The same with its Monte Carlo error.
    fn with_error(&self, found: Estimate) -> String {
        let (Some(value), Some(error)) = (found.value, found.error.filter(|error| *error > 0.0)) else {
            return self.statistic(found);
        };
        let metric = self.solution.figure.metric;
        let currency = &self.solution.header.currency;
        if let GoalStatistic::Probability(_) = self.solution.wanted {
            if value <= 0.0 || value >= 1.0 {
                return self.statistic(found);
            }
            let (value, error) = (100.0 * value, 100.0 * error);
            let found = |x| Unit::Number.found(currency, x, Some(error));
            return format!("it is met in {} in 100 (standard error {})", found(value), found(error));
        }
        let error = if metric.is_ratio() {
            Unit::Share.found(currency, error, Some(error))
        } else {
            metric.said(currency, error, Some(error))
        };
        format!("{} (standard error {error})", self.statistic(found))
    }

    fn number(&self, x: f64) -> String {
        self.solution.header.currency.number(x)
    }

    fn chance(&self, found: Estimate) -> String {
        // What was asked for is said as it was asked: 99.5 in 100.
        match self.solution.wanted {
            GoalStatistic::Probability(q) if found.known() == q => format!("{} in 100", self.number(100.0 * q)),
            _ => found.chance(),
        }
    }

    /// "total bookings of at least €17.8M in 2027".
    fn figure(&self) -> String {
        let (figure, head) = (&self.solution.figure, &self.solution.header);
        let place = place_of(figure);
        let level =
            figure.at_least.map_or_else(String::new, |x| format!(" of at least {}", self.level(figure.metric, x)));
        format!(
            "{}{place}{level} {}",
            figure.metric.name(),
            when(&head.horizon(), &figure.period, figure.metric.is_of_period())
        )
    }

    /// A level that was asked for, as written.
    fn level(&self, metric: Metric, value: f64) -> String {
        metric.exact(&self.solution.header.currency, value)
    }

    /// What was searched, and how the statistic goes.
    fn searched(&self, root: &Root) -> String {
        let varied = &self.solution.varied;
        let value = |x: f64| self.value(x, None);
        let what = match self.solution.wanted {
            GoalStatistic::Probability(_) => "the chance",
            GoalStatistic::Mean(_) => "the mean",
            GoalStatistic::Percentile { .. } => "the percentile",
        };
        let course = match self.solution.course {
            Monotonicity::Rises => format!("{what} rises with it"),
            Monotonicity::Falls => format!("{what} falls as it rises"),
            Monotonicity::Turns => {
                format!("{what} both rises and falls, as curve.csv shows; this is the place nearest to the present")
            }
            Monotonicity::Stays => format!("{what} hardly moves with it"),
        };
        let mut text = format!(
            "Searched from {} to {}, at {} values on the same draws: {course}.",
            value(varied.low),
            value(varied.high),
            self.solution.curve.len()
        );
        if let Some([from, to]) = root.elsewhere.first() {
            let _ = write!(text, " What is asked for is also passed between {} and {}.", value(*from), value(*to));
        }
        text
    }

    /// The fields that move, from what to what.
    fn fields(&self) -> impl Iterator<Item = (String, String)> {
        let root = match &self.solution.outcome {
            Outcome::Root(root) => root.value.error,
            Outcome::Unreachable { .. } => None,
        };
        self.solution.varied.fields.iter().map(move |field| {
            let unit = Unit::of(&field.path);
            let error = root.map(|error| (error * field.from).abs());
            let currency = &self.solution.header.currency;
            let to = field.to.map_or_else(|| "unknown".to_owned(), |to| unit.found(currency, to, error));
            (plain(&field.label), format!("{} → {to}", unit.said(currency, field.from)))
        })
    }

    /// A value of what is looked for.
    fn value(&self, x: f64, error: Option<f64>) -> String {
        self.unit.unwrap_or(Unit::Number).found(&self.solution.header.currency, x, error)
    }
}
