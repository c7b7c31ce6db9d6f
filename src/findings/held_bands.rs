//! What a back-test says to somebody who has never heard of a score: one verdict, what it means, and which values are good.

use super::backtest::{coverage, inside_of, nouns, power, separate_periods};
use super::table::{Cell, Table};
use crate::backtest::{BacktestFound, Method, Objection, Replayed, Scores, Step, Verdict};
use crate::scenario::Unit;
use crate::units::Month;
use crate::units::format::{
    between, brief_month, capitalize, few_digits, list, percent, tenths_of_percent, with_spread,
};

/// The answer of a back-test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBands {
    /// "The bands were not rejected: 7 months, 2 separate periods of three months".
    pub verdict: String,
    /// How many periods lay inside their band, of the nearest and of the longest span.
    pub inside: String,
    /// What follows from the verdict, and what does not.
    pub meaning: String,
    /// A few figures: what each is and which value is good, then the figure.
    pub figures: Vec<(String, String)>,
}

/// The answer; `None` where nothing was forecast.
pub fn held_bands(found: &BacktestFound) -> Option<HeldBands> {
    let first = *found.totals().first()?;
    let judged = judged(found);
    let inside = judged.iter().map(|scores| inside_of(scores).join("; ") + ".");
    Some(HeldBands {
        verdict: verdict(&judged),
        inside: inside.collect::<Vec<_>>().join(" "),
        meaning: meaning(&judged),
        figures: figures(first),
    })
}

/// The scores that the verdict is about: those of the next period, and of several together.
fn judged(found: &BacktestFound) -> Vec<&Scores> {
    let totals = found.totals();
    let is_judged = |scores: &&Scores| ["1 month", "quarter", "1 week", "4 weeks"].contains(&scores.horizon.as_str());
    let judged: Vec<&Scores> = totals.iter().copied().filter(is_judged).collect();
    if judged.is_empty() { totals } else { judged }
}

fn verdict(judged: &[&Scores]) -> String {
    let rejected: Vec<String> = judged
        .iter()
        .filter_map(|scores| match &scores.verdict {
            Verdict::Rejected(objections) => {
                let words: Vec<&str> = objections.iter().map(|objection| objection.name()).collect();
                Some(format!("{} over {}", list(&words), separate_periods(scores)))
            }
            Verdict::NotRejected | Verdict::TooFew => None,
        })
        .collect();
    if !rejected.is_empty() {
        return format!("The bands were rejected: {}", rejected.join("; "));
    }
    let periods = judged.iter().map(|scores| separate_periods(scores)).collect::<Vec<_>>().join(", ");
    if judged.iter().any(|scores| scores.verdict == Verdict::NotRejected) {
        format!("The bands were not rejected: {periods}")
    } else {
        format!("Too little to tell whether the bands are right: {periods}")
    }
}

fn meaning(judged: &[&Scores]) -> String {
    let mut objections: Vec<Objection> = Vec::new();
    for scores in judged {
        if let Verdict::Rejected(found) = &scores.verdict {
            objections.extend(found.iter().filter(|objection| !objections.contains(objection)).collect::<Vec<_>>());
        }
    }
    let mut said: Vec<String> = objections.iter().map(|found| objection(*found).to_owned()).collect();
    if !objections.is_empty() {
        said.push("Right bands are rejected by luck in about 1 of 10 such verdicts.".to_owned());
    }
    let mut unopposed = Vec::new();
    for scores in judged {
        let periods = separate_periods(scores);
        let are = if scores.separate.n == 1 { "alone is" } else { "alone are" };
        match &scores.verdict {
            Verdict::Rejected(_) => {}
            Verdict::NotRejected => unopposed.push(format!("over {periods} ({})", power(scores))),
            Verdict::TooFew => {
                said.push(format!("{periods} {are} too few for a verdict: it takes three that share no day."))
            }
        }
    }
    if !unopposed.is_empty() {
        said.push(format!("Nothing speaks against them {}, which is no proof.", list(&unopposed)));
    }
    said.join(" ")
}

/// What somebody who reads such bands should know.
fn objection(objection: Objection) -> &'static str {
    match objection {
        Objection::TooHigh => "What happened lay low in its bands: forecasts were too high.",
        Objection::TooLow => "What happened lay high in its bands: forecasts were too low.",
        Objection::TooNarrow => {
            "What happened lay farther from the forecasts than their bands allow: they are too narrow, or lie apart from it."
        }
        Objection::TooWide => {
            "What happened lay closer to the middle of the forecasts than their bands make likely: they are wider than need be."
        }
    }
}

fn figures(scores: &Scores) -> Vec<(String, String)> {
    let (noun, nouns) = nouns(&scores.horizon);
    let separate = &scores.separate;
    let (least, most) = separate.right_hits["80"];
    let mut figures = vec![(
        format!(
            "{} inside the 8-in-10 band; right bands: {}",
            if separate.n == 1 { noun } else { nouns },
            between(least, most)
        ),
        format!("{} of {}", separate.hits["80"], separate.n),
    )];
    if let Some(off) = scores.median_error {
        let average = if scores.n > 1 { " on average" } else { "" };
        figures.push((
            format!("off the middle of the forecast{average}; 0 % is best"),
            format!("{} %", tenths_of_percent(off)),
        ));
    }
    if let Some((method, skill)) = scores.best_naive()
        && let Some(times) = skill.value
    {
        let times = skill.error.map_or_else(|| few_digits(times), |error| with_spread(times, error));
        let told = if scores.is_told_apart(skill) { "" } else { ", but this cannot be told from 1" };
        figures.push((
            format!(
                "of the score of {}, the best without a model; below 1 the forecast is better{told}",
                method.name()
            ),
            times,
        ));
    }
    figures
}

/// How many periods lay inside the bands of each level, by what was forecast of the total.
pub fn coverage_table(found: &BacktestFound) -> Table {
    coverage(&found.totals())
}

/// The score as a part of that of each method, by what was forecast of the total; what cannot be told from 1 is marked as noise.
pub fn skill_table(found: &BacktestFound) -> Table {
    let totals = found.totals();
    let known = |method: &Method| totals.iter().any(|scores| scores.skill.contains_key(method.key()));
    let methods: Vec<Method> = Method::ALL.into_iter().filter(known).collect();
    let mut table = Table::default();
    table.read("", methods.iter().map(|method| Cell::text(capitalize(method.name()))));
    for scores in totals {
        let cell = |method: &Method| {
            let skill = scores.skill.get(method.key()).copied().unwrap_or_default();
            let said = |part: f64| skill.error.map_or_else(|| few_digits(part), |error| with_spread(part, error));
            Cell { is_noise: !scores.is_told_apart(skill), ..Cell::number(skill.value, said) }
        };
        table.read(&scores.horizon, methods.iter().map(cell));
    }
    table
}

/// The periods of the nearest span one by one: what was forecast, and what happened.
pub fn replayed_table(found: &BacktestFound) -> Table {
    let totals = found.totals();
    let Some(scores) = totals.first() else { return Table::default() };
    let mut table = Table::default();
    let name = |period: &Replayed| match found.step {
        Step::Month if Month::of(period.from) == Month::of(period.to) => brief_month(Month::of(period.from)),
        _ => format!("{} to {}", period.from, period.to),
    };
    table.read("", scores.periods.iter().map(|period| Cell::text(name(period))));
    // The error of the tenth of normal draws is this many standard deviations over the root of their number.
    let error = |period: &Replayed| 1.71 * period.bands.sd / libm::sqrt(found.trials as f64);
    for (at, head) in ["P10", "median", "P90"].into_iter().enumerate() {
        let said = |period: &Replayed| {
            let value = [period.bands.p10, period.bands.p50, period.bands.p90][at];
            Cell::number(Some(value), |x| Unit::Money.found(&found.currency, x, Some(error(period))))
        };
        table.read(head, scores.periods.iter().map(said));
    }
    let actual = |period: &Replayed| Cell::number(Some(period.actual), |x| Unit::Money.said(&found.currency, x));
    table.read("what happened", scores.periods.iter().map(actual));
    table.read("futures below", scores.periods.iter().map(|period| Cell::number(Some(period.pit), percent)));
    table
}
