//! The forecast for the day's mail: at most twelve lines.

use super::essentials;
use super::sentences::demand;
use crate::analysis::Answer;
use crate::findings::{drivers_in_brief, headline, year_to_date};
use crate::forecast::{Bands, Forecast, Series, TargetOutcome};
use crate::stats::Estimate;
use crate::units::format::{capitalize, futures, months_from, period_name, shorten};
use crate::units::{Frequency, plain};

/// How a brief is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BriefStyle {
    /// The brief is plain text.
    #[default]
    Text,
    /// The brief is Markdown.
    Markdown,
}

/// No brief has more lines.
const MOST: usize = 12;
/// Most targets and most periods in it.
const TARGETS: usize = 4;
const PERIODS: usize = 4;
/// A line is no longer than this, in characters.
const LONGEST: usize = 180;

/// The forecast in at most twelve lines: what the terminal says, what bad outcomes come to, and the first periods of a kind.
pub fn brief(answer: &Answer, every: Frequency, style: BriefStyle) -> String {
    let forecast = &answer.forecast;
    let mut lines = vec![heading(forecast, style)];
    let mut say = |text: String| lines.push(item(style, &text));
    say(essentials::range(forecast));
    forecast.targets.iter().take(TARGETS).for_each(|target| say(statement(forecast, target)));
    if forecast.targets.len() > TARGETS {
        let more = forecast.targets.len() - TARGETS;
        let are = if more == 1 { "target is" } else { "targets are" };
        say(format!("{more} more {are} on the page."));
    }
    if let Some(moved) = &answer.moved {
        say(headline(forecast, moved));
    }
    essentials::standing(answer).1.or_else(|| year_to_date(forecast)).into_iter().for_each(&mut say);
    drivers_in_brief(forecast).into_iter().for_each(|text| say(format!("Drivers: {text}.")));
    essentials::action(answer).into_iter().for_each(|text| say(format!("To do: {text}")));
    essentials::assumed(forecast, "on the page").into_iter().for_each(|text| say(format!("Assumed: {text}")));
    worst(forecast).into_iter().for_each(&mut say);
    let room = (MOST - lines.len()).min(PERIODS);
    lines.extend(periods(forecast, forecast.fiscal(every)).into_iter().take(room).map(|text| item(style, &text)));
    lines.truncate(MOST);
    lines.join("\n") + "\n"
}

fn heading(forecast: &Forecast, style: BriefStyle) -> String {
    let trials = futures(forecast.manifest.trials, forecast.currency.locale());
    let dated = forecast.dated().map_or_else(String::new, |dated| format!("{dated}, "));
    let (name, rest) = (short(&forecast.name), format!("{dated}{trials} of {}", months_from(&forecast.horizon())));
    match style {
        BriefStyle::Text => cut(&format!("{name}: {rest}")),
        BriefStyle::Markdown => format!("**{}**: {rest}", marked(&cut(&name))),
    }
}

/// A line of the brief.
fn item(style: BriefStyle, text: &str) -> String {
    match style {
        BriefStyle::Text => cut(text),
        BriefStyle::Markdown => format!("- {}", marked(&cut(text))),
    }
}

/// A name: where it is long it gives way, not what is said of it.
fn short(name: &str) -> String {
    const LONGEST_NAME: usize = 60;
    shorten(&plain(name), LONGEST_NAME)
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST - 1).collect();
    let whole = head.rsplit_once(' ').map_or(head.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ';', ':', '.']))
}

/// A text in which nothing is Markdown, and nothing becomes a link, a mention or a picture.
fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        // A colon before a blank ends a phrase; before anything else it may begin an address or a picture. www. begins one too.
        let joins = c == ':' && !next.is_whitespace()
            || c == '.' && before.eq_ignore_ascii_case(&'w') && next.is_alphanumeric();
        if joins || r"\`*_{}[]<>#|~&!@$".contains(c) {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// "Year 1 (€17.8M in 2027): 47 in 100."
fn statement(forecast: &Forecast, target: &TargetOutcome) -> String {
    let what = demand(forecast, target);
    let met = target.probability.chance();
    let all = target.each.as_ref().map_or_else(String::new, |each| format!("all {} in ", each.periods.len()));
    format!("{} ({what}): {all}{met}.", short(&target.name))
}

fn worst(forecast: &Forecast) -> Option<String> {
    let main = &forecast.main;
    let worst = main.worst_tenth.filter(|_| main.bands.p10.value != main.bands.p90.value)?;
    let said = main.metric.said(&forecast.currency, worst.known(), worst.error);
    Some(format!("In the worst tenth of futures it averages {said}."))
}

/// "Q1 2027: about €108k (8 chances in 10: €55.8k to €185k)", or what came of a period that is over: the first periods in which there is something.
fn periods(forecast: &Forecast, every: Frequency) -> Vec<String> {
    let main = &forecast.main;
    let Some((series, list)) = forecast.series(main.metric, &main.scope, every).zip(forecast.periods(every)) else {
        return Vec::new();
    };
    let told = list.labels.iter().enumerate().filter_map(|(at, label)| row(forecast, series, at, label));
    told.collect()
}

fn row(forecast: &Forecast, series: &Series, at: usize, label: &str) -> Option<String> {
    let said = |found: Estimate| Some(series.metric.said(&forecast.currency, found.value?, found.error));
    let bands = series.bands.at(at);
    let inside = bands.inside();
    let Bands { p10, p50, p90, .. } = bands;
    if p90.value == Some(0.0) && p10.value == Some(0.0) {
        return None;
    }
    let name = capitalize(&period_name(label));
    if forecast.is_over(label) {
        return Some(format!("{name}: {} (actual).", said(p50)?));
    }
    Some(format!("{name}: about {} ({inside}: {} to {}).", said(p50)?, said(p10)?, said(p90)?))
}
