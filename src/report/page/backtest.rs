//! The page of a back-test: would the bands have held? In words for those who have never heard of a score; the scores are folded below.

use maud::{Markup, html};

use super::charts::Pictures;
use super::figure::{figure, figure_alone};
use super::finding::finding;
use super::layout;
use super::table::{rows, table};
use super::text::{name, text};
use crate::backtest::BacktestFound;
use crate::charts::{ChartError, of_backtest};
use crate::documents::{Document, FitHeader, FitManifest};
use crate::findings::{
    HeldBands, backtest_scores, coverage_table, held_bands, open_deal_chances, replayed_table, skill_table,
};
use crate::units::format::{capitalize, count, plain, thousands};

/// The charts that have a place of their own.
const PLACED: [&str; 4] = ["forecasts-and-actuals", "places-in-forecasts", "scores", "reliability"];

/// The page of how forecasts of the past held.
///
/// # Errors
/// [`ChartError`] when one of its charts cannot be drawn.
pub fn backtest_page(document: &Document<BacktestFound, FitHeader>) -> Result<String, ChartError> {
    let (found, manifest) = (&document.body, &document.header.manifest);
    let export = manifest.read.first().map_or("", |read| read.file.as_str());
    let export = export.rsplit(['/', '\\']).next().unwrap_or_default();
    let pictures = Pictures::drawn(|size| of_backtest(found, export, size))?;
    let body = html! {
        header {
            h1 { "Would the forecasts have held?" }
            p.quiet { (text(&replayed(found, export))) }
        }
        main {
            @if let Some(held) = &held_bands(found) {
                (answer(held))
                @if let Some(picture) = pictures.get(PLACED[0]) {
                    section aria-labelledby="happened" {
                        h2 #happened { "What was forecast, and what happened" }
                        (figure(picture, PLACED[0], &rows(&replayed_table(found))))
                    }
                }
                (coverage(found, &pictures))
                (skill(found, &pictures))
                (open_deals(found, &pictures))
                @let mut others = pictures.besides(&PLACED).peekable();
                @if others.peek().is_some() {
                    section aria-labelledby="more" {
                        h2 #more { "What else was forecast" }
                        @for picture in others { (figure_alone(picture)) }
                    }
                }
            } @else {
                section.answer aria-labelledby="answer" { h2 #answer { "Nothing could be forecast" } }
            }
            (limits(found))
            (analyst(found, manifest))
        }
        footer {
            p.quiet {
                "Made by revcast " (manifest.version) " from " code { "backtest.json" } ". P10 is the value that 10\u{A0}% of futures fall below, P90 the \
                 one that 90\u{A0}% fall below: the 8-in-10 band lies between them."
            }
        }
    };
    Ok(layout::document((export, "back-test"), false, &body, "{}"))
}

/// What was replayed, in a sentence.
fn replayed(found: &BacktestFound, export: &str) -> String {
    let origins = match (found.origins.first(), found.origins.last()) {
        (Some(first), Some(last)) if first != last => {
            format!("{}, one a {} from {first} to {last}", count(found.origins.len(), "forecast"), found.step.noun())
        }
        (Some(first), _) => format!("1 forecast, on {first}"),
        _ => "no forecast".to_owned(),
    };
    format!(
        "{}: {origins}, of {} futures each, made again with what was known on the day before and held against what then happened.",
        name(export),
        thousands(found.trials as f64)
    )
}

fn answer(held: &HeldBands) -> Markup {
    html! {
        section.answer aria-labelledby="answer" {
            h2 #answer { (text(&held.verdict)) }
            p.lead { (text(&held.inside)) }
            p { (text(&held.meaning)) }
            dl.range.facts { @for (what, value) in &held.figures { div { dt { (text(&capitalize(what))) } dd { (text(value)) } } } }
        }
    }
}

fn coverage(found: &BacktestFound, pictures: &Pictures) -> Markup {
    html! {
        section aria-labelledby="coverage" {
            h2 #coverage { "How often the bands held" }
            p {
                "A band of 80\u{A0}% should hold about 8 periods in 10, but so few periods move by luck. In brackets stands how many right bands hold in 95\u{A0}% \
                 of cases: fewer, and the bands are too narrow; more, and they are wider than need be. Only periods that share no day are counted."
            }
            (table("How often the bands held", &coverage_table(found)))
            @if let Some(picture) = pictures.get(PLACED[1]) { (figure_alone(picture)) }
        }
    }
}

fn skill(found: &BacktestFound, pictures: &Pictures) -> Markup {
    html! {
        section.overleaf aria-labelledby="skill" {
            h2 #skill { "Is it better than a rule of thumb?" }
            p {
                "The score (CRPS) is an amount of money: how far the futures of a forecast lay from what happened, less half of how far they lay from each other. \
                 Low is good: near, and no wider than need be. A forecast whose score is not below that of a rule of thumb is not worth its trouble; where \
                 the two cannot be told apart, neither has been shown to be the better one."
            }
            @if let Some(picture) = pictures.get(PLACED[2]) { (figure_alone(picture)) }
            @let skill = skill_table(found);
            @if skill.rows() > 0 {
                p {
                    "The score of the fit as a part of each method's, over the periods that both forecast: below 1 the fit is better. After ± stands the standard error, \
                     from periods that share no day; what cannot be told from 1 is grey."
                }
                (table("The score as a part of each method's", &skill))
            }
        }
    }
}

fn open_deals(found: &BacktestFound, pictures: &Pictures) -> Markup {
    let Some((horizon, chances)) = open_deal_chances(found) else { return html! {} };
    html! {
        section aria-labelledby="open" {
            h2 #open { "Did the chances of open deals hold?" }
            p {
                "Each deal that was open when a forecast was made had a chance to be won within " (horizon) ". Of those with about one chance as many should be won \
                 as expected; in brackets stands how many right chances give in 95\u{A0}% of cases. Deals of one forecast share its luck, so that right chances lie outside more often."
            }
            @if let Some(picture) = pictures.get(PLACED[3]) { (figure(picture, PLACED[3], &rows(&chances))) }
            @else { (table("Open deals by their chance to be won", &chances)) }
        }
    }
}

fn limits(found: &BacktestFound) -> Markup {
    html! {
        section.limits aria-labelledby="limits" {
            h2 #limits { "What this does not say" }
            ul {
                @for caution in &found.cautions { li { (text(&plain(caution))) } }
                @for (origin, why) in &found.left_out { li { (origin) " is left out: " (text(&plain(why))) "." } }
                li { "Whether the future is like the past that was replayed: a new product, price or team is in no history." }
                li { "That the bands are right: few periods show only what is grossly wrong." }
            }
        }
    }
}

/// All scores, and how to repeat the back-test; printed only when open.
fn analyst(found: &BacktestFound, manifest: &FitManifest) -> Markup {
    html! {
        section.analyst aria-labelledby="analyst" {
            h2 #analyst { "For the analyst" }
            details {
                summary { "Verdicts and scores by what was forecast and by region, and how to repeat them" }
                (finding(&backtest_scores(found)))
                h3 { "How to repeat it" }
                p { "The same export and options give the same bytes on any number of threads. Each period's bands and scores stand in " code { "periods.csv" } "." }
                pre tabindex="0" {
                    code {
                        "revcast backtest " @if let Some(read) = manifest.read.first() { (plain(&read.file)) }
                        @for option in &manifest.options { "\n  " (plain(option)) }
                    }
                }
                table {
                    tbody {
                        @for read in &manifest.read { tr { th scope="row" { (name(&read.file)) " (SHA-256)" } td.hash { (read.sha256) } } }
                    }
                }
            }
        }
    }
}
