//! Whether the plan agrees with itself.

use maud::{Markup, html};

use crate::analysis::Deep;
use crate::audit::{Finding, Kind};
use crate::report::page::text::text;

pub(super) fn section(deep: &Deep) -> Markup {
    let of = |kind: Kind| -> Vec<&Finding> { deep.findings.iter().filter(|finding| finding.kind == kind).collect() };
    let kinds =
        [(Kind::Contradiction, "Contradictions"), (Kind::Question, "Open questions"), (Kind::Warning, "Warnings")];
    html! {
        h3 { "Does the plan agree with itself?" }
        @if deep.findings.is_empty() { p { "Nothing was found that does not agree." } }
        @for (title, findings) in kinds.map(|(kind, title)| (title, of(kind))) {
            @if !findings.is_empty() {
                h4 { (title) }
                ol {
                    @for finding in findings {
                        li {
                            (text(&finding.sentence)) " " span.quiet { (text(&finding.consistent)) }
                            @if !finding.sources.is_empty() { span.quiet.small { " (" (text(&finding.sources.join("; "))) ")" } }
                        }
                    }
                }
            }
        }
    }
}
