//! What the audit found, on a terminal.

use std::fmt::Write;

use super::terminal::wrap;
use crate::audit::{Finding, Kind};
use crate::scenario::Scenario;
use crate::units::plain;

/// A list of more findings begins with the headlines of so many.
const SHORT: usize = 3;

/// Whether the plan agrees with itself: contradictions, questions and warnings, numbered through. For a terminal of `width`
/// columns.
pub fn audit(scenario: &Scenario, findings: &[Finding], width: usize) -> String {
    let width = width.clamp(60, 110);
    let mut out = String::from("Does the plan agree with itself?\n");
    let stated = scenario.claims.as_ref().is_some_and(|stated| !stated.is_empty());
    if !findings.iter().any(|finding| finding.kind == Kind::Contradiction) {
        let answer = if stated {
            "No contradiction was found in what it states."
        } else {
            "It states no figures to hold against each other; docs/audit.md says how (\"stated\")."
        };
        let _ = writeln!(out, "{}", wrap(answer, width, "  "));
    }
    let counts: Vec<String> = [Kind::Contradiction, Kind::Question, Kind::Warning]
        .into_iter()
        .filter_map(|kind| counted(findings, kind))
        .collect();
    if !counts.is_empty() {
        let counts = format!("Found: {}. After → stands what would be consistent.", counts.join(", "));
        let _ = writeln!(out, "{}", wrap(&counts, width, "  "));
    }
    if findings.len() > SHORT {
        let _ = writeln!(out, "\nFirst of all:");
        for (i, finding) in findings.iter().take(SHORT).enumerate() {
            let _ = writeln!(out, "{}", wrap(&format!("{:>3}. {}", i + 1, plain(&finding.headline)), width, "     "));
        }
    }
    let mut shown = None;
    for (i, finding) in findings.iter().enumerate() {
        if shown.replace(finding.kind) != Some(finding.kind) {
            let _ = writeln!(out, "\n{}", heading(finding.kind));
        }
        let number = format!("{:>3}. ", i + 1);
        let indent = " ".repeat(number.len());
        let mut line = |text: &str, indent: &str| {
            // No line begins with a percent sign.
            let text = wrap(&plain(text).replace(" %", "\u{a0}%"), width, indent).replace('\u{a0}', " ");
            let _ = writeln!(out, "{text}");
        };
        line(&format!("{number}{}", finding.sentence), &indent);
        line(&format!("{indent}→ {}", finding.consistent), &format!("{indent}  "));
    }
    if findings.is_empty() {
        let _ = writeln!(out, "Nothing else was found.");
    }
    out
}

/// "1 contradiction", "7 open questions"; none of none.
fn counted(findings: &[Finding], kind: Kind) -> Option<String> {
    let n = findings.iter().filter(|finding| finding.kind == kind).count();
    let what = match kind {
        Kind::Contradiction => "contradiction",
        Kind::Question => "open question",
        Kind::Warning => "warning",
    };
    (n > 0).then(|| format!("{n} {what}{}", if n == 1 { "" } else { "s" }))
}

fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Contradiction => "Contradictions:",
        Kind::Question => "Open questions:",
        Kind::Warning => "Warnings, of what makes forecasts wrong:",
    }
}
