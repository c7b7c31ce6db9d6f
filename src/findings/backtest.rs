//! How forecasts of the past held: the bands against what happened, what so few periods can show, and the naive methods.

use super::finding::Finding;
use super::table::{Cell, Table};
use crate::backtest::{BacktestFound, Method, Scores, Verdict};
use crate::units::format::{
    between, capitalize, count, few_digits, list, plain, tenths_of_percent, thousands, with_spread,
};

/// How forecasts of the past held, on one screen, and what may make the scores too good.
pub fn backtest(found: &BacktestFound) -> Finding {
    let mut said = backtest_scores(found);
    if !found.totals().is_empty() && !found.cautions.is_empty() {
        said.gap();
        said.say("What may make the scores too good:");
        found.cautions.iter().for_each(|text| said.say(format!("- {}", plain(text))));
    }
    said
}

/// How forecasts of the past held, by what was forecast.
pub fn backtest_scores(found: &BacktestFound) -> Finding {
    let mut said = Finding::default();
    let noun = found.step.noun();
    match (found.origins.first(), found.origins.last()) {
        (Some(first), Some(last)) => said.say(format!(
            "{}, {}; at each only what was known on the day before, a fit and {} futures. Closings are known from {} to the day before {}.",
            capitalize(&count(found.origins.len(), "origin")),
            if first == last { format!("on {first}") } else { format!("one a {noun} from {first} to {last}") },
            thousands(found.trials as f64),
            found.from,
            found.until
        )),
        _ => said.say("No origin at which enough was known for a forecast."),
    }
    for (origin, why) in &found.left_out {
        said.say(format!("{origin} is left out: {}.", plain(why)));
    }
    let totals = found.totals();
    if totals.is_empty() {
        return said;
    }
    said.gap();
    said.say(format!("Won value in all, {}:", found.currency));
    said.table(shown(&totals));
    said.gap();
    totals.iter().for_each(|scores| said.say(verdict(scores)));
    said.gap();
    said.say("Scores (CRPS) of the same periods, smaller being better:");
    said.table(beside(&totals));
    let regions: Vec<&Scores> = found.scores.iter().filter(|scores| scores.scope != "total").collect();
    if !regions.is_empty() {
        said.gap();
        said.say("By region; regions of one origin share its luck, and are fewer facts than they are numbers:");
        said.table(shown(&regions));
    }
    let wins: Vec<&Scores> = found.wins.iter().filter(|scores| scores.scope == "total").collect();
    said.gap();
    said.say("Number of wins in all, and the scores of the same periods:");
    said.table(shown(&wins));
    said.table(beside(&wins));
    said.gap();
    said.say("In brackets stands what right bands give in 95 % of cases for as many separate periods. s is the root mean square of normal scores: 1 for right bands, more for narrow ones. z is their mean: below 0, forecasts were too high.");
    super::log_scores::log_scores(found, &mut said);
    said
}

/// A row a figure, as readers see it.
fn shown(scores: &[&Scores]) -> Table {
    let mut table = coverage(scores);
    let two = |x: f64| format!("{:.2}", (100.0 * x).round() / 100.0 + 0.0).replace('-', "−");
    let spread = |scores: &Scores| {
        let (low, high) = scores.separate.right_s;
        format!("{} ({}–{})", two(scores.separate.s), two(low), two(high))
    };
    table.read("s", scores.iter().map(|scores| Cell::text(spread(scores))));
    table.read("z", scores.iter().map(|scores| Cell::text(two(scores.separate.mean_z))));
    table
}

/// A row a figure: how many periods lay inside the band of each level, and how many would if the bands were right.
pub(super) fn coverage(scores: &[&Scores]) -> Table {
    let mut table = Table::default();
    let several = scores.iter().any(|scores| scores.scope != "total");
    let name = |scores: &Scores| {
        let label = plain(&scores.label);
        if several { format!("{label}, {}", scores.horizon) } else { scores.horizon.clone() }
    };
    table.read("", scores.iter().map(|scores| Cell::text(name(scores))));
    let periods = |scores: &Scores| {
        if scores.n == scores.separate.n {
            scores.n.to_string()
        } else {
            format!("{}, {} separate", scores.n, scores.separate.n)
        }
    };
    table.read("periods", scores.iter().map(|scores| Cell::text(periods(scores))));
    for level in ["50", "80", "90"] {
        let hits = |scores: &Scores| {
            let (low, high) = scores.separate.right_hits[level];
            format!("{} ({low}–{high})", scores.separate.hits[level])
        };
        table.read(format!("in {level} %"), scores.iter().map(|scores| Cell::text(hits(scores))));
    }
    table
}

/// A row a figure: its score, and those of the naive methods that could forecast any of it.
fn beside(scores: &[&Scores]) -> Table {
    let mut table = Table::default();
    table.read("", scores.iter().map(|scores| Cell::text(scores.horizon.clone())));
    table.read("the fit", scores.iter().map(|scores| Cell::text(few_digits(scores.crps))));
    for method in Method::ALL {
        let of = |scores: &&Scores| scores.naive.get(method.key()).copied();
        if scores.iter().any(|scores| of(scores).is_some()) {
            table.read(method.head(), scores.iter().map(|scores| Cell::number(of(scores), few_digits)));
        }
    }
    table
}

/// How the score stands beside the best naive one: "0.52 ± 0.10 times that of the run-rate, the lowest without a model".
pub(crate) fn times_best(scores: &Scores) -> Option<String> {
    let (method, skill) = scores.best_naive()?;
    let times = skill.value?;
    let times = skill.error.map_or_else(|| few_digits(times), |error| with_spread(times, error));
    Some(format!("{times} times that of {}, the lowest without a model", method.name()))
}

/// What was forecast, at the start of a sentence.
pub(crate) fn ahead(horizon: &str) -> &'static str {
    match horizon {
        "1 month" => "The month ahead",
        "2 months" => "The second month ahead",
        "3 months" => "The third month ahead",
        "quarter" => "Three months together",
        "1 week" => "The week ahead",
        _ => "Four weeks together",
    }
}

/// How likely wrong bands would have been caught: "bands 0.6 times as wide as right ones would have been caught with a chance of 57 %, …".
pub(super) fn power(scores: &Scores) -> String {
    let caught = |chance: f64| few_digits((100.0 * chance).round());
    format!(
        "bands 0.6 times as wide as right ones would have been caught with a chance of {} %, 1.5 times as wide {} %",
        caught(scores.separate.narrow_caught_by_s),
        caught(scores.separate.wide_caught_by_s)
    )
}

/// A period of this span, and several.
pub(crate) fn nouns(horizon: &str) -> (&'static str, &'static str) {
    match horizon {
        "1 week" => ("week", "weeks"),
        "4 weeks" => ("period of four weeks", "periods of four weeks"),
        "quarter" => ("period of three months", "periods of three months"),
        _ => ("month", "months"),
    }
}

/// Its separate periods, counted: "7 months", "2 separate periods of three months".
pub(crate) fn separate_periods(scores: &Scores) -> String {
    let (noun, nouns) = nouns(&scores.horizon);
    let n = scores.separate.n;
    let apart = if n == scores.n { "" } else { "separate " };
    format!("{n} {apart}{}", if n == 1 { noun } else { nouns })
}

/// How many separate periods lay inside the band from P10 to P90, and how many would if the bands were right: "7 of 12 months lay inside their
/// 8-in-10 band" and "right bands give 7 to 12".
pub(crate) fn inside_of(scores: &Scores) -> [String; 2] {
    let (n, hits) = (scores.separate.n, scores.separate.hits["80"]);
    if n == 1 {
        let side = if hits == n { "inside" } else { "outside" };
        let one = separate_periods(scores);
        let one = one.trim_start_matches("1 ");
        return [
            format!("The one {one} lay {side} its 8-in-10 band"),
            "one cannot show that bands are right".to_owned(),
        ];
    }
    let (least, most) = scores.separate.right_hits["80"];
    [
        format!("{hits} of {} lay inside their 8-in-10 band", separate_periods(scores)),
        format!("right bands give {}", between(least, most)),
    ]
}

/// "The month ahead: not rejected (7 separate periods; bands 0.6 times as wide would have been caught with a chance of 57 %)."
fn verdict(scores: &Scores) -> String {
    let periods = count(scores.separate.n, "separate period");
    let power = format!("of {periods}, {}", power(scores));
    let accuracy = scores.accuracy.map_or_else(String::new, |accuracy| {
        let off = tenths_of_percent(1.0 - accuracy);
        let medians = if scores.n == 1 {
            format!("The median was {off} % off")
        } else {
            format!("Medians were {off} % off on average")
        };
        format!(" {medians}: an accuracy of {} %.", tenths_of_percent(accuracy))
    });
    let verdict = match &scores.verdict {
        Verdict::NotRejected => format!("not rejected; {power}"),
        Verdict::TooFew => format!("too few periods to tell; {power}"),
        Verdict::Rejected(objections) => {
            let words: Vec<&str> = objections.iter().map(|objection| objection.name()).collect();
            format!("rejected: the bands are {} ({periods})", list(&words))
        }
    };
    let against = times_best(scores).map_or_else(String::new, |times| format!(" Its score is {times}."));
    format!("{}: {verdict}.{accuracy}{against}", ahead(&scores.horizon))
}

/// A row for each scope and horizon of won value, or of the number of wins, as files have it.
pub fn scores_table(scores: &[Scores]) -> Table {
    let mut table = Table::default();
    table.words("region", scores.iter().map(|scores| scores.scope.as_str()));
    table.words("horizon", scores.iter().map(|scores| scores.horizon.as_str()));
    table.numbers("periods", scores.iter().map(|scores| scores.n as f64));
    table.numbers("separate", scores.iter().map(|scores| scores.separate.n as f64));
    for level in ["50", "80", "90"] {
        table.numbers(&format!("inside_{level}"), scores.iter().map(|scores| scores.hits[level] as f64));
    }
    for level in ["50", "80", "90"] {
        let right = |scores: &Scores| scores.separate.right_hits[level];
        table.numbers(&format!("inside_{level}_separate"), scores.iter().map(|s| s.separate.hits[level] as f64));
        table.numbers(&format!("inside_{level}_least"), scores.iter().map(|scores| right(scores).0 as f64));
        table.numbers(&format!("inside_{level}_most"), scores.iter().map(|scores| right(scores).1 as f64));
    }
    table.numbers("s", scores.iter().map(|scores| scores.s));
    table.numbers("s_separate", scores.iter().map(|scores| scores.separate.s));
    table.numbers("s_least", scores.iter().map(|scores| scores.separate.right_s.0));
    table.numbers("s_most", scores.iter().map(|scores| scores.separate.right_s.1));
    table.numbers("mean_z", scores.iter().map(|scores| scores.mean_z));
    table.numbers("median_error", scores.iter().map(|scores| scores.median_error));
    table.numbers("crps", scores.iter().map(|scores| scores.crps));
    for method in Method::ALL.map(Method::key) {
        table.numbers(&format!("crps_{method}"), scores.iter().map(|scores| scores.naive.get(method).copied()));
    }
    let verdict = |scores: &Scores| match &scores.verdict {
        Verdict::NotRejected => "not rejected",
        Verdict::TooFew => "too few",
        Verdict::Rejected(_) => "rejected",
    };
    table.words("verdict", scores.iter().map(verdict));
    table
}

/// A row for each period that was forecast: the bands, what happened, and the scores.
pub fn periods_table(found: &BacktestFound) -> Table {
    let rows: Vec<_> = found.scores.iter().flat_map(|scores| scores.periods.iter().map(move |p| (scores, p))).collect();
    let mut table = Table::default();
    table.words("region", rows.iter().map(|(scores, _)| scores.scope.as_str()));
    table.words("horizon", rows.iter().map(|(scores, _)| scores.horizon.as_str()));
    table.words("origin", rows.iter().map(|(_, period)| period.origin.to_string()));
    table.words("from", rows.iter().map(|(_, period)| period.from.to_string()));
    table.words("to", rows.iter().map(|(_, period)| period.to.to_string()));
    table.numbers("actual", rows.iter().map(|(_, period)| period.actual));
    for (i, key) in crate::forecast::Bands::<f64>::COLUMNS.into_iter().enumerate() {
        table.numbers(key, rows.iter().map(|(_, period)| *period.bands.columns()[i]));
    }
    table.numbers("pit", rows.iter().map(|(_, period)| period.pit));
    table.numbers("z", rows.iter().map(|(_, period)| period.z));
    table.numbers("crps", rows.iter().map(|(_, period)| period.crps));
    for method in Method::ALL.map(Method::key) {
        table.numbers(&format!("crps_{method}"), rows.iter().map(|(_, period)| period.naive.get(method).copied()));
    }
    table
}
