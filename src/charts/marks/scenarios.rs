//! Scenarios beside each other: how each is drawn, and what they come to in words.

use super::frame;
use super::series_style::SeriesStyle;
use crate::analysis::{Comparison, Side};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::canvas::text::fit_middle;
use crate::charts::wording::figures::Figures;
use crate::charts::wording::subject::Subject;
use crate::charts::wording::words;
use crate::documents::Document;

/// Most scenarios of which bands can be told apart; of more, medians alone are drawn.
pub(in crate::charts) const MAX_BANDS: usize = style::SIDES.len();
/// Most scenarios that can be told apart: those past the colours are dashed.
pub(in crate::charts) const MAX_SCENARIOS: usize = 2 * style::SIDES.len();

/// The scenarios that are drawn, each with its look.
pub(in crate::charts) fn drawn(found: &Document<Comparison>) -> impl Iterator<Item = (SeriesStyle, &Side)> {
    found.sides.iter().take(MAX_SCENARIOS).enumerate().map(|(place, side)| (SeriesStyle::of(place), side))
}

/// Says how many are not drawn.
pub(in crate::charts) fn left_out(found: &Document<Comparison>) -> String {
    match found.sides.len().saturating_sub(MAX_SCENARIOS) {
        0 => String::new(),
        1 => " One more scenario is not drawn.".to_owned(),
        more => format!(" {more} more scenarios are not drawn."),
    }
}

/// A scenario's name in a title.
pub(in crate::charts) fn name(label: &str, sheet: &Sheet) -> String {
    let part = if sheet.size == Size::Thumb { 0.6 } else { 0.55 };
    format!("“{}”", fit_middle(label, sheet.title, true, part * words::name_room(sheet)))
}

/// A scenario's name in a subtitle.
pub(in crate::charts) fn named(label: &str, sheet: &Sheet) -> String {
    format!("“{}”", fit_middle(label, sheet.subtitle, false, words::name_room(sheet)))
}

/// Levels of scenarios in words, at length and in brief; each has its name, its level and the level's error.
pub(in crate::charts) fn finding(
    (title, brief): (&str, &str),
    figures: &Figures<'_>,
    levels: &[(&str, f64, Option<f64>)],
    sheet: &Sheet,
) -> (String, String) {
    // A chance has no "about": it may be under 1 %.
    let nearly = if matches!(figures, Figures::Chance) { "" } else { "about " };
    let about = |level: &(&str, f64, Option<f64>)| figures.about(level.1, level.2);
    let with = |level: &(&str, f64, Option<f64>)| format!("{} with {}", about(level), name(level.0, sheet));
    let by_level = |a: &&(&str, f64, Option<f64>), b: &&(&str, f64, Option<f64>)| a.1.total_cmp(&b.1);
    let (Some(first), Some(low), Some(high)) =
        (levels.first(), levels.iter().min_by(by_level), levels.iter().max_by(by_level))
    else {
        return (title.to_owned(), brief.to_owned());
    };
    let same = about(low) == about(high);
    let all = if levels.len() == 2 { "both scenarios".to_owned() } else { format!("all {} scenarios", levels.len()) };
    // Names that are cut tell less than none.
    let cut = levels.iter().any(|level| name(level.0, sheet) != format!("“{}”", level.0));
    let said = match levels {
        _ if same => format!("{nearly}{} with {all}", about(first)),
        [a, b] if cut => format!("{nearly}{}, was {}", about(b), about(a)),
        [a, b] => format!("{nearly}{}, {}", with(b), with(a)),
        _ => format!("from {nearly}{} to {}", with(low), with(high)),
    };
    let short = match levels {
        _ if same => about(first),
        [a, b] => format!("{nearly}{}, was {}", about(b), about(a)),
        _ => format!("{} to {}", about(low), about(high)),
    };
    (
        frame::with_room(vec![format!("{title}: {said}"), format!("{title}: {short}"), words::capital(&said)], sheet),
        frame::with_room(vec![format!("{brief}: {short}"), words::capital(&short)], sheet),
    )
}

/// What a comparison is about.
pub(in crate::charts) fn subject<'a>(found: &'a Document<Comparison>, sheet: &'a Sheet) -> Subject<'a> {
    Subject { head: &found.header, figure: &found.figure, sheet }
}
