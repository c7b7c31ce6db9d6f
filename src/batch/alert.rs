//! Figures that call for attention: "Year 1 < 0.4", "Year 1 drops by 0.05 since last run", "P50 moves by 3 %".

use serde::Serialize;

use super::condition::{AlertFigure, Condition, Misread, Percentile};
use crate::analysis::{Answer, Span};
use crate::scenario::Scenario;
use crate::units::{Typed, few_digits};

/// A rule that calls for attention where it holds: a level, or a movement since the last run.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    text: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Condition(Condition),
    Movement { subject: AlertFigure, way: Direction, by: By },
}

/// The direction of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Down,
    Up,
    Either,
}

/// The least size of a movement.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    /// An amount, or points of a chance.
    Amount(f64),
    /// A share of the earlier value.
    Share(f64),
}

/// An alert whose rule holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fired {
    /// The rule, as it was written.
    pub rule: String,
    /// The figures that were found, in words.
    pub message: String,
}

const VERBS: [(&str, Direction); 6] = [
    (" drops by ", Direction::Down),
    (" falls by ", Direction::Down),
    (" rises by ", Direction::Up),
    (" grows by ", Direction::Up),
    (" moves by ", Direction::Either),
    (" changes by ", Direction::Either),
];

impl Alert {
    /// Reads a rule about a scenario.
    ///
    /// # Errors
    /// [`Misread`] where it is none, or names what the scenario has not.
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Alert, Misread> {
        let text = text.trim();
        let moved = VERBS.iter().filter_map(|(verb, way)| Some((text.rfind(verb)?, verb, *way))).max_by_key(|m| m.0);
        let test = match moved {
            Some((at, verb, way)) => {
                let subject = AlertFigure::named(&text[..at], scenario)?;
                let by = text[at + verb.len()..].trim();
                let by = by.strip_suffix("since last run").or(by.strip_suffix("since the last run")).unwrap_or(by);
                Test::Movement { by: By::parse(by.trim(), &subject, scenario)?, subject, way }
            }
            None => {
                Test::Condition(Condition::parse(text, scenario).map_err(|misread| match misread.found.as_str() {
                    "no >= or <=" => Misread {
                        found: "neither a level nor a movement".to_owned(),
                        hint: "for example 'Year 1 < 0.4' or 'Year 1 drops by 0.05 since last run'".to_owned(),
                    },
                    _ => misread,
                })?)
            }
        };
        Ok(Alert { text: text.to_owned(), test })
    }

    /// Whether it compares with an earlier run.
    pub fn is_about_movement(&self) -> bool {
        matches!(self.test, Test::Movement { .. })
    }

    /// What it found, where it holds. A movement holds where there was a run before, and what moved is known.
    pub fn fired(&self, answer: &Answer) -> Option<Fired> {
        let message = match &self.test {
            Test::Condition(level) => {
                if level.holds(answer) != Some(true) {
                    return None;
                }
                level.measured(answer)
            }
            Test::Movement { subject, way, by } => {
                let span = span(subject, answer)?;
                let (from, to) = (span.from.value?, span.to.value?);
                let change = to - from;
                let size = match by {
                    By::Amount(amount) => *amount,
                    By::Share(share) => share * from.abs(),
                };
                // What is written as 0.05 is no more exact than its digits.
                let far = change.abs() >= size * (1.0 - 1e-9) && change != 0.0;
                let along = match way {
                    Direction::Down => change < 0.0,
                    Direction::Up => change > 0.0,
                    Direction::Either => true,
                };
                if !(far && along) {
                    return None;
                }
                let (before, now) =
                    (subject.said(answer, from, span.from.error), subject.said(answer, to, span.to.error));
                // From 23 to 20 in 100, or from 23.1 to 22.9: what both are of is said once.
                let whole = " in 100";
                let (before, now) = match before.strip_suffix(whole).filter(|_| now.ends_with(whole)) {
                    Some(_) if before == now => {
                        (few_digits(100.0 * from), format!("{}{whole}", few_digits(100.0 * to)))
                    }
                    Some(before) => (before.to_owned(), now),
                    None => (before, now),
                };
                format!("{} {} from {before} to {now}", subject.name(), if change < 0.0 { "fell" } else { "rose" })
            }
        };
        Some(Fired { rule: self.text.clone(), message })
    }
}

impl By {
    fn parse(text: &str, subject: &AlertFigure, scenario: &Scenario) -> Result<By, Misread> {
        let refuse = |found: String, hint: &str| Misread { found, hint: hint.to_owned() };
        let points = text.strip_suffix("points").or(text.strip_suffix("point")).map(str::trim);
        let number = points.unwrap_or(text).trim();
        // An amount too may move by a share of itself.
        let typed = if number.ends_with('%') { Typed::Share } else { subject.typed(scenario) };
        let found = || format!("\"{text}\" for how far");
        let usual = "a number above 0: 0.05, 5%, 5 points, or an amount";
        let number = match typed.read(number) {
            Ok(number) if number > 0.0 => number,
            Err(hint) if !hint.is_empty() => return Err(refuse(found(), &hint)),
            _ => return Err(refuse(found(), usual)),
        };
        match (subject, points.is_some(), text.ends_with('%')) {
            (AlertFigure::Target(_), true, _) => Ok(By::Amount(number / 100.0)),
            (AlertFigure::Target(_), false, _) if number > 1.0 => {
                Err(refuse(format!("a chance that moves by {number}"), "chances go from 0 to 1: 0.05, or 5 points"))
            }
            // Of a chance 5 % are 5 points, as people say it.
            (AlertFigure::Target(_), false, _) => Ok(By::Amount(number)),
            (AlertFigure::Percentile(_), false, true) => Ok(By::Share(number)),
            (AlertFigure::Percentile(_), false, false) => Ok(By::Amount(number)),
            (AlertFigure::Percentile(_), true, _) => {
                Err(refuse("points of an amount".to_owned(), "an amount, or a share of it such as 3%"))
            }
        }
    }
}

/// The values of a figure before and now.
fn span<'a>(figure: &AlertFigure, answer: &'a Answer) -> Option<&'a Span> {
    let moved = answer.moved.as_ref()?;
    match figure {
        AlertFigure::Target(name) => moved.targets.iter().find(|target| target.name == *name)?.chance.as_ref(),
        AlertFigure::Percentile(percentile) => {
            let spans = moved.spans.as_ref()?;
            Some(match percentile {
                Percentile::P10 => &spans.p10,
                Percentile::P50 => &spans.p50,
                Percentile::P90 => &spans.p90,
            })
        }
    }
}
