//! What is told while a batch goes on: warnings, and a bar on a terminal, or with `--log json` an event a line.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};

use crate::cli::progress::note;
use crate::units::{plain, plain_json};

/// How the batch's course is told.
#[derive(Debug)]
pub(super) enum Log {
    /// Warnings as lines, the rest as a bar where there is one.
    People(Option<ProgressBar>),
    /// JSON, one event a line, on standard error.
    Json,
}

impl Log {
    /// For people, with a bar for so many scenarios where standard error is a terminal; `quiet`, without.
    pub(super) fn people(scenarios: usize, quiet: bool) -> Log {
        if quiet || !std::io::stderr().is_terminal() {
            return Log::People(None);
        }
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} scenarios, {eta} left  {msg}");
        let bar = ProgressBar::new(scenarios as u64);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Log::People(Some(bar))
    }

    /// An event with its facts.
    pub(super) fn event(&self, event: &str, facts: Value) {
        let Log::Json = self else { return };
        let mut line = Map::new();
        line.insert("time".to_owned(), json!(jiff::Timestamp::now().to_string()));
        line.insert("event".to_owned(), json!(event));
        if let Value::Object(facts) = facts {
            line.extend(facts);
        }
        // Standard error may be closed; there is nowhere left to say so.
        let _ = writeln!(std::io::stderr(), "{}", plain_json(Value::Object(line).to_string()));
    }

    /// A warning, which people read too, whatever else is not told.
    pub(super) fn warning(&self, scenario: Option<&str>, text: &str) {
        match self {
            Log::Json => self.event("warning", json!({ "scenario": scenario, "message": text })),
            Log::People(bar) => {
                let line = scenario.map_or_else(|| text.to_owned(), |scenario| format!("{scenario}: {text}"));
                match bar {
                    Some(bar) => bar.suspend(|| note_lines(&line)),
                    None => note_lines(&line),
                }
            }
        }
    }

    /// What is wrong with a scenario, said even where nothing else is; events have told it already.
    pub(super) fn complaint(&self, scenario: &str, text: &str) {
        if !matches!(self, Log::Json) {
            note_lines(&format!("{scenario}: {text}"));
        }
    }

    /// One scenario less to go.
    pub(super) fn step(&self, scenario: &str) {
        if let Log::People(Some(bar)) = self {
            bar.set_message(plain(scenario));
            bar.inc(1);
        }
    }

    /// Ends the log: the bar goes.
    pub(super) fn end(&self) {
        if let Log::People(Some(bar)) = self {
            bar.finish_and_clear();
        }
    }
}

/// A text of several lines, line by line.
fn note_lines(text: &str) {
    text.lines().for_each(note);
}
