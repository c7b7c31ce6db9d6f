//! What to do next: what to find out, what to settle, what to try.

use maud::{Markup, html};

use super::drivers::worth;
use super::levers;
use super::text::{about, name, text};
use crate::analysis::{Deep, Sensitivity};
use crate::audit::Kind;
use crate::forecast::Forecast;

pub(super) fn section(forecast: &Forecast, deep: &Deep) -> Markup {
    let find_out = deep.sensitivity.as_ref().and_then(|sensitivity| find_out(forecast, sensitivity));
    let steps: Vec<String> =
        find_out.into_iter().chain(settle(deep)).chain(levers::advice(forecast, &deep.levers)).collect();
    if steps.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="next" {
            h2 #next { "What to do next" }
            ol { @for step in &steps { li { (text(step)) } } }
        }
    }
}

/// "Find out “Europe: leads a month”: known exactly, it would narrow the range from €8.06M to €7.2M, on average."
fn find_out(forecast: &Forecast, sensitivity: &Sensitivity) -> Option<String> {
    let best = worth(sensitivity)?;
    let (width, share) = (sensitivity.width?, best.worth?.value?);
    let said = |x: f64| about(forecast, forecast.main.metric, x, width.error);
    Some(format!(
        "Find out “{}”: known exactly, it would narrow the range of 8 chances in 10 from {} wide to {} on average.",
        name(&best.label),
        said(width.value?),
        said(width.value? * (1.0 - share))
    ))
}

/// "Settle what the plan says: it contradicts itself in 11 places and leaves 8 questions open (listed for the analyst)."
fn settle(deep: &Deep) -> Option<String> {
    let count = |kind| deep.findings.iter().filter(|finding| finding.kind == kind).count();
    let (contradictions, questions) = (count(Kind::Contradiction), count(Kind::Question));
    let places = if contradictions == 1 { "place".to_owned() } else { "places".to_owned() };
    let open = if questions == 1 { "1 question".to_owned() } else { format!("{questions} questions") };
    let said = match (contradictions, questions) {
        (0, 0) => return None,
        (0, _) => format!("it leaves {open} open"),
        (_, 0) => format!("it contradicts itself in {contradictions} {places}"),
        _ => format!("it contradicts itself in {contradictions} {places} and leaves {open} open"),
    };
    Some(format!("Settle what the plan says: {said}. All are listed for the analyst."))
}
