//! The page itself.

use maud::{Markup, html};

use super::answer::TuningScenario;
use super::controls::controls;
use crate::analysis::Answer;
use crate::charts::{ChartError, of_forecast};
use crate::forecast::{Forecast, fan_frequency};
use crate::report::page::charts::Pictures;
use crate::report::page::explorer_data::explorer_data;
use crate::report::page::layout::{Insert, WORKER, tuning_document};
use crate::report::page::text::{name, text};
use crate::report::page::{figure, headline};
use crate::report::sentences;
use crate::scenario::Faults;
use crate::units::format;

/// The engine, packed as LZMA, and what unpacks it. bindings/web/build.sh makes both.
const ENGINE: &[u8] = include_bytes!("../../../../assets/engine.wasm.lzma");
const UNPACK: &[u8] = include_bytes!("../../../../assets/unpack.wasm.gz");

/// The name of the page in a run's folder.
pub const FILE: &str = "tune.html";
/// A scenario of more bytes has no page: what it holds is read whenever an input moves.
pub const MOST_BYTES: usize = 10_000_000;

/// Why there is no page.
#[derive(Debug)]
pub enum TuningError {
    /// The scenario takes so many bytes, more than a page holds.
    TooLarge(usize),
    /// The scenario in the answer cannot be read.
    Scenario(Faults),
    /// Its chart cannot be drawn.
    Chart(ChartError),
}

/// The page of a run whose inputs can be moved: its scenario, its engine, and the forecast as it stands.
///
/// # Errors
/// [`TuningError`] where the scenario is too large, or is none.
pub fn tuning_page(answer: &Answer) -> Result<String, TuningError> {
    let forecast = only_fan(&answer.forecast);
    let manifest = &answer.forecast.manifest;
    let scenario = manifest.scenario().map_err(TuningError::Scenario)?;
    let document = TuningScenario {
        file: answer.forecast.file.clone(),
        scenario: manifest.scenario.clone(),
        locale: answer.forecast.currency.locale().key().to_owned(),
        data: manifest.data.clone(),
    };
    let document = serde_json::to_string(&document).unwrap_or_default();
    if document.len() > MOST_BYTES {
        return Err(TuningError::TooLarge(document.len()));
    }
    let pictures = Pictures::drawn(|size| of_forecast(&forecast, size)).map_err(TuningError::Chart)?;
    let fan = figure::fan(&forecast, &pictures);
    let body = html! {
        (headline::header(&answer.forecast))
        main.tuning {
            div.outcome {
                section.answer aria-labelledby="answer" {
                    div.figure {
                        h2 #answer { (text(&sentences::main_figure(&forecast))) }
                        div #range { (headline::range(&forecast, None)) }
                    }
                    @if !forecast.targets.is_empty() { div #chances { (headline::chances(&forecast, None, usize::MAX)) } }
                }
                (changes())
                @if let Some(fan) = &fan { (fan) }
            }
            section.knobs aria-labelledby="inputs" {
                h2 #inputs tabindex="-1" { "What if" }
                (needs(&answer.forecast))
                (goal(&forecast))
                (controls(answer, &scenario))
            }
        }
        (footer(&answer.forecast))
    };
    let [unpack, engine] = [UNPACK, ENGINE].map(base85);
    let inserts = [
        Insert::json("scenario", &document),
        Insert::packed("unpack", &unpack, UNPACK.len()),
        Insert::packed("engine", &engine, ENGINE.len()),
        Insert::script("worker", WORKER),
    ];
    let data = explorer_data(&forecast, body.0.len());
    Ok(tuning_document(&forecast.name, &body, &data, &inserts))
}

/// Whether a text is such a page.
pub fn is_tuning_page(text: &str) -> bool {
    text.starts_with("<!DOCTYPE html>") && text.contains("<main class=\"tuning\">")
}

/// Bytes as text, five characters for four of them (base64 has six), in which no tag can begin: those from ( to } but <. What is missing of the last four is 0.
fn base85(bytes: &[u8]) -> String {
    let letters: Vec<char> = ('('..='}').filter(|letter| *letter != '<').collect();
    let five = |four: &[u8]| {
        let mut padded = [0; 4];
        padded[..four.len()].copy_from_slice(four);
        let number = u32::from_be_bytes(padded);
        [85_u32.pow(4), 85_u32.pow(3), 85_u32.pow(2), 85, 1].map(|power| letters[(number / power % 85) as usize])
    };
    bytes.chunks(4).flat_map(five).collect()
}

/// The forecast with the fan of its main figure alone.
fn only_fan(forecast: &Forecast) -> Forecast {
    let main = &forecast.main;
    let every = fan_frequency(main.metric);
    let mut fan = forecast.clone();
    fan.series.retain(|series| series.metric == main.metric && series.scope == main.scope && series.every == every);
    fan.periods.retain(|list| list.every == every);
    fan
}

/// What was changed, and what can be taken away.
fn changes() -> Markup {
    html! {
        section.changes aria-labelledby="changed" hidden {
            h3 #changed { "What was changed, one after the other" }
            ol #changes {}
            div.actions {
                button type="button" id="reset" { "Reset all" }
                button type="button" id="save" { "Save as a scenario" }
                button type="button" id="copy-options" { "Copy as a command" }
                button type="button" id="copy-link" { "Copy a link" }
            }
            textarea #copied readonly hidden rows="3" aria-label="To be copied" {}
        }
        p.unseen #spoken aria-live="polite" {}
        p #glance aria-hidden="true" {}
        p.message #message role="status" {}
    }
}

/// What the page needs, where it does not have it.
fn needs(forecast: &Forecast) -> Markup {
    html! {
        p.message #needs {
            "The forecast of " (name(&forecast.name)) " as it was when this page was made. To move its inputs, the page needs a browser with JavaScript and WebAssembly; it asks no network for anything."
        }
    }
}

/// The goal that sliders are asked about.
fn goal(forecast: &Forecast) -> Markup {
    html! {
        @if !forecast.targets.is_empty() {
            fieldset.inputs.goal disabled {
                legend { "The goal" }
                label { "Target " select id="goal-target" { @for target in &forecast.targets { option value=(target.name) { (name(&target.name)) } } } }
                label { " met in " input type="number" id="goal-chance" min="1" max="99" step="1" value="80"; " in 100 futures" }
            }
        }
    }
}

fn footer(forecast: &Forecast) -> Markup {
    let manifest = &forecast.manifest;
    let trials = format::futures(manifest.trials, forecast.currency.locale());
    html! {
        footer {
            p.quiet {
                "Played in this page by revcast " (manifest.version) ", seed " (manifest.seed) ": " span #played { (trials) } ", always the same ones, so that what changes is the input's doing. \
                 While an input moves at most 1,000 are played. A run of the command that can be copied gives the same numbers."
            }
        }
    }
}
