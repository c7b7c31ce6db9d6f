//! A night on the terminal: a row a scenario, then what calls for attention.

use std::fmt::Write;

use super::document::{BatchAnswer, BatchRun, BatchScenario, Status};
use crate::findings::{Cell, Table};
use crate::report::{rows, wrap};
use crate::stats::Estimate;
use crate::units::format::{brief_chance, few_digits, plain, shorten};

/// A longer name would leave no room for what is said of it, in characters.
const LONGEST_NAME: usize = 40;

/// What became of each scenario, for a terminal of `width` columns.
pub fn summary(night: &BatchRun, width: usize) -> String {
    let width = width.clamp(60, 160);
    let mut table = Table::default();
    let cells: Vec<[String; 7]> = night.scenarios.iter().map(row).collect();
    for (i, head) in ["Scenario", "P10", "P50", "P90", "P50 moved", "first target", ""].into_iter().enumerate() {
        table.read(head, cells.iter().map(|row| Cell::text(&row[i])));
    }
    let mut out = rows(&table, width);
    for scenario in &night.scenarios {
        let name = plain(&scenario.scenario);
        let mut say = |text: &str| {
            for line in text.lines() {
                let _ = writeln!(out, "{}", wrap(&plain(line), width, "    "));
            }
        };
        if let Some(fault) = &scenario.fault {
            say(&format!("\n{name}: {fault}"));
        }
        if let Some(answer) = &scenario.answer {
            answer.broken.iter().for_each(|rule| say(&format!("\n{name}: required: {rule}")));
            answer.alerts.iter().for_each(|alert| say(&format!("\n{name}: alert: {} ({})", alert.message, alert.rule)));
        }
    }
    if !night.missing.is_empty() {
        let text = format!("Of the night before, but not of this one: {}.", plain(&night.missing.join(", ")));
        let _ = writeln!(out, "\n{}", wrap(&text, width, "  "));
    }
    let counts = &night.counts;
    let mut told = vec![format!("{} of {} scenarios done", counts.done, night.scenarios.len())];
    let others = [
        (counts.failed, "failed"),
        (counts.refused, "refused"),
        (counts.broken, "below a rule"),
        (counts.alerted, "with alerts"),
    ];
    told.extend(others.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    let _ = writeln!(out, "\n{}.", told.join(", "));
    out
}

fn row(scenario: &BatchScenario) -> [String; 7] {
    let word = match scenario.status {
        Status::Done => "",
        Status::Failed => "FAILED",
        Status::Refused => "REFUSED",
    };
    let name = shorten(&plain(&scenario.scenario), LONGEST_NAME);
    let Some(answer) = &scenario.answer else {
        return [name.as_str(), "", "", "", "", "", word].map(str::to_owned);
    };
    let attention = match (answer.broken.is_empty(), answer.alerts.is_empty()) {
        (true, true) => word,
        (false, true) => "RULE",
        (true, false) => "ALERT",
        (false, false) => "RULE, ALERT",
    };
    let [p10, p50, p90, moved, target] = figures(answer);
    [name, p10, p50, p90, moved, target, attention.to_owned()]
}

fn figures(answer: &BatchAnswer) -> [String; 5] {
    let main = &answer.main;
    let said = |found: Estimate| {
        found.value.map_or_else(String::new, |value| main.metric.said(&answer.currency, value, found.error))
    };
    let change = main.p50_change.map_or_else(String::new, |change| {
        let sign = if change > 0.0 { "+" } else { "" };
        format!("{sign}{}", main.metric.said(&answer.currency, change, main.p50.error))
    });
    let target = answer.targets.first().map_or_else(String::new, |target| {
        // In whole points, as the chance itself.
        let points = target.change.map(|change| (100.0 * change).round()).filter(|points| *points != 0.0);
        let change = points.map_or_else(String::new, |points| {
            format!(" ({}{})", if points > 0.0 { "+" } else { "" }, few_digits(points))
        });
        format!("{}{change}", brief_chance(target.probability.known(), target.probability.error))
    });
    [said(main.p10), said(main.p50), said(main.p90), change, target]
}
