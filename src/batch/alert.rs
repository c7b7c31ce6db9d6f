//! Figures that call for attention: "Year 1 < 0.4", "Year 1 drops by 0.05 since last run", "P50 moves by 3 %".

use serde::Serialize;

use super::condition::{AlertFigure, Condition, Misread, Percentile, amount, share};
use crate::analysis::{Answer, Span};
use crate::scenario::Scenario;

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
                Test::Movement { by: By::parse(by.trim(), &subject)?, subject, way }
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
                let said = |x: f64, error: Option<f64>| subject.said(answer, x, error);
                format!(
                    "{} {} from {} to {}",
                    subject.name(),
                    if change < 0.0 { "fell" } else { "rose" },
                    said(from, span.from.error),
                    said(to, span.to.error)
                )
            }
        };
        Some(Fired { rule: self.text.clone(), message })
    }
}

impl By {
    fn parse(text: &str, subject: &AlertFigure) -> Result<By, Misread> {
        let refuse = |found: String, hint: &str| Misread { found, hint: hint.to_owned() };
        let points = text.strip_suffix("points").or(text.strip_suffix("point")).map(str::trim);
        let number = points.unwrap_or(text).trim();
        let number = share(number).or_else(|| amount(number).filter(|_| matches!(subject, AlertFigure::Percentile(_))));
        let Some(number) = number.filter(|x| x.is_finite() && *x > 0.0) else {
            return Err(refuse(
                format!("\"{text}\" for how far"),
                "a number above 0: 0.05, 5%, 5 points, or an amount",
            ));
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
