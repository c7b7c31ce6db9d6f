//! What the variance of a figure comes from, cause by cause, and what each input is worth knowing.

use crate::analysis::{Cause, CauseKind, Sensitivity};
use crate::charts::axes::ticks::Scale;
use crate::charts::canvas::drawing::{Anchor, Drawing, Text};
use crate::charts::canvas::size::Size;
use crate::charts::canvas::style;
use crate::charts::canvas::text::wrap;
use crate::charts::marks::bars::{self, Rows};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::legend::{self, Key};
use crate::charts::wording::subject::{Subject, known};
use crate::charts::wording::words;
use crate::documents::Document;
use crate::stats::Estimate;

/// How high a bar is, of its row.
const BAR: f64 = 0.62;
/// The column of what an input is worth, and that of shares, on a slide.
const WORTH: f64 = 142.0;
const SHARE: f64 = 96.0;

/// A cause whose share is known.
#[derive(Debug)]
struct Row<'a> {
    cause: &'a Cause,
    /// The share of the variance that it brings, of 1.
    share: Estimate,
}

/// The chart, laid out; `None` where fewer than two causes are known.
pub(super) fn layout(found: &Document<Sensitivity>, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let subject = Subject { head: &found.header, figure: &found.figure, sheet: &sheet };
    let all = causes(found);
    if all.len() < 2 {
        return None;
    }
    let (mut drawing, mut top) = headline(found, &subject, &all).begin(&found.header, size);
    let (shown, left_out) = shown(&all, bars::most(&sheet));
    let told = shown.iter().any(|row| worth(row).is_some()) && !sheet.is_preview();
    if !sheet.is_preview() {
        top = legend(&mut drawing, top) + sheet.scaled(if told { 44.0 } else { 26.0 });
    }
    let names: Vec<String> = shown.iter().map(|row| name(row.cause)).collect();
    let end = bars::bottom(&sheet) - if left_out > 0 { sheet.scaled(16.0) } else { 0.0 };
    let worth_wide = if told { sheet.scaled(WORTH) } else { 0.0 };
    let wide = worth_wide + if sheet.is_preview() { 0.0 } else { sheet.scaled(SHARE) };
    let rows = Rows::new(&sheet, &names, (top, end), wide);

    let reach = |row: &Row<'_>| {
        let error = 2.0 * row.share.error.unwrap_or(0.0);
        (row.share.known() - error, row.share.known() + error)
    };
    let (low, high) = shown
        .iter()
        .map(|row| reach(row))
        .fold((0.0, 0.0), |(low, high): (f64, f64), (a, b)| (low.min(a), high.max(b)));
    let across = Scale::new((low, if high > low { high } else { 1.0 }), (rows.plot.left, rows.plot.right));
    for (row, cause) in shown.iter().enumerate() {
        draw_bar(&mut drawing, &rows, row, cause, &across);
    }
    let zero = across.at(0.0);
    drawing.line(vec![(zero, rows.plot.top), (zero, rows.plot.bottom)], style::AXIS_LINE, 1.5);
    rows.name(&mut drawing);
    if !sheet.is_preview() {
        let edge = sheet.width - sheet.margin;
        for (row, cause) in shown.iter().enumerate() {
            rows.figure(&mut drawing, row, edge - worth_wide, &within(cause.share.known(), cause.share.error));
            if let Some((worth, error)) = worth(cause) {
                rows.figure(&mut drawing, row, edge, &within(worth, error));
            }
        }
        head(&mut drawing, &rows, edge - worth_wide, sheet.scaled(SHARE), "share of variance");
        if told {
            head(&mut drawing, &rows, edge, sheet.scaled(WORTH - 14.0), "80\u{A0}% range narrower if known");
        }
    }
    if left_out > 0 {
        let inputs = if left_out == 1 { "input" } else { "inputs" };
        rows.and_more(&mut drawing, &format!("and {left_out} more {inputs} that bring less"));
    }
    Some(drawing)
}

fn within(share: f64, error: Option<f64>) -> String {
    error.map_or_else(|| words::share(share), |error| words::share_within(share, error))
}

fn worth(row: &Row<'_>) -> Option<(f64, Option<f64>)> {
    known(row.cause.worth.as_ref()?)
}

/// What a cause is called.
fn name(cause: &Cause) -> String {
    match cause.kind {
        CauseKind::Input => cause.label.clone(),
        kind => of_others(kind).to_owned(),
    }
}

/// What a cause is called that is no input.
fn of_others(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Input => "an input",
        CauseKind::JointDraws => "what was drawn together",
        CauseKind::Market => "the market factor",
        CauseKind::OpenDeals => "open deals",
        CauseKind::Chance => "chance",
    }
}

/// The causes whose shares are known, in the document's order.
fn causes(found: &Document<Sensitivity>) -> Vec<Row<'_>> {
    let rows = found.causes.iter().filter_map(|cause| {
        let share = found.share(cause);
        known(&share).map(|_| Row { cause, share })
    });
    rows.collect()
}

/// As many inputs as there is room for, and all other causes; with how many are left out.
fn shown<'a, 'b>(all: &'b [Row<'a>], most: usize) -> (Vec<&'b Row<'a>>, usize) {
    let input = |row: &&Row<'_>| row.cause.kind == CauseKind::Input;
    let others: Vec<&Row<'_>> = all.iter().filter(|row| !input(row)).collect();
    let inputs = all.iter().filter(input);
    let room = most.saturating_sub(others.len());
    let left_out = inputs.clone().count().saturating_sub(room);
    (inputs.take(room).chain(others).collect(), left_out)
}

fn legend(drawing: &mut Drawing, y: f64) -> f64 {
    legend::write(drawing, &[Key::line(style::INK, "two standard errors each way")], y)
}

fn draw_bar(drawing: &mut Drawing, rows: &Rows, row: usize, cause: &Row<'_>, across: &Scale) {
    let fill = match cause.cause.kind {
        CauseKind::Input | CauseKind::JointDraws => style::BANDS[2],
        CauseKind::Market => style::PARTS[3].fill,
        CauseKind::OpenDeals => style::PARTS[1].fill,
        CauseKind::Chance => style::REST.fill,
    };
    let share = cause.share.known();
    drawing.area(rows.bar(row, across.at(0.0), across.at(share), BAR).corners(), fill);
    if let Some(error) = cause.share.error.filter(|_| !drawing.sheet.is_preview()) {
        let (y, half) = (rows.middle(row), 0.16 * rows.slot);
        let [from, to] = [-2.0, 2.0].map(|by| across.at(share + by * error));
        drawing.stroke(vec![(from, y), (to, y)], style::INK, 1.3);
        for x in [from, to] {
            drawing.stroke(vec![(x, y - half), (x, y + half)], style::INK, 1.3);
        }
    }
}

/// The head of a column of figures, its last line just above the rows.
fn head(drawing: &mut Drawing, rows: &Rows, x: f64, room: f64, text: &str) {
    let sheet = drawing.sheet;
    let lines = wrap(text, sheet.axis, false, room, 2);
    for (i, line) in lines.iter().rev().enumerate() {
        let y = rows.plot.top - sheet.scaled(6.0) - 1.3 * sheet.axis * i as f64;
        drawing.text(Text::new(line, (x, y), sheet.axis).at(Anchor::End).ink(style::QUIET));
    }
}

fn headline(found: &Document<Sensitivity>, subject: &Subject<'_>, all: &[Row<'_>]) -> Headline {
    let sheet = subject.sheet;
    let what = subject.in_words();
    let by_share = |a: &&Row<'_>, b: &&Row<'_>| b.share.known().total_cmp(&a.share.known());
    let mut inputs: Vec<&Row<'_>> = all.iter().filter(|row| row.cause.kind == CauseKind::Input).collect();
    inputs.sort_by(by_share);
    let said = |row: &Row<'_>| match row.cause.kind {
        CauseKind::Input => subject.quoted(&row.cause.label),
        kind => of_others(kind).to_owned(),
    };
    let (mut titles, mut briefs) = (vec![], vec![]);
    if let Some(most) = all.iter().min_by(by_share) {
        let (share, cause) = (words::share(most.share.known()), said(most));
        let title = format!("{share} of the variance of {what} comes from {cause}");
        let short = format!("{share} of the variance comes from {cause}");
        let second =
            inputs.first().filter(|input| !std::ptr::eq(**input, most) && input.share.is_clear()).map(|input| {
                let clear = inputs.get(1).is_none_or(|next| input.share.is_clearly_above(next.share));
                let verb = if clear { "brings most" } else { "is among those that bring most" };
                format!("of the inputs, {} {verb}, {}", said(input), words::share(input.share.known()))
            });
        let worth = worth(most)
            .filter(|(worth, error)| *worth > 2.0 * error.unwrap_or(0.0))
            .map(|(worth, _)| format!("knowing it would make the 80\u{A0}% range {} narrower", words::share(worth)));
        let more = second.or(worth);
        let joined = |title: &String| more.as_ref().map(|more| format!("{title}; {more}"));
        titles.extend([joined(&title), joined(&short), Some(title), Some(short.clone())].into_iter().flatten());
        briefs.push(format!("{}: {share} of variance from {cause}", subject.brief()));
        briefs.push(short);
    }
    let subtitle = format!(
        "{} Chance is what would vary even if everything were known: leads, outcomes, times, sizes. Small shares may come \
         out below 0 by their error. ±\u{A0}is a standard error.",
        if found.correlated {
            format!(
                "The share of the variance of {what} that each cause brings: of inputs Shapley effects, which share out what correlated \
                 inputs bring together."
            )
        } else {
            format!(
                "The share of the variance of {what} that each cause brings: of an input what would be left if all but it were known."
            )
        }
    );
    Headline { title: frame::with_room(titles, sheet), brief: frame::with_room(briefs, sheet), subtitle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::drawing::Mark;
    use crate::charts::samples::analysis::Asked;

    #[test]
    fn a_share_below_zero_is_drawn_and_told_as_such() {
        let mut found = Asked { count: 3, ..Asked::PLAN }.sensitivity();
        found.causes[2].total.value = Some(-0.03);
        found.causes[2].shapley = None;
        let drawing = layout(&found, Size::Slide).unwrap();
        let axis = drawing.marks.iter().rev().find_map(|mark| match mark {
            Mark::Line { points, stroke, .. } if *stroke == style::AXIS_LINE => Some(points[0].0),
            _ => None,
        });
        let left = |mark: &&Mark| matches!(mark, Mark::Area { points, fill } if *fill == style::BANDS[2] && points[0].0 < axis.unwrap() - 5.0 && points[0].1 > 200.0);
        assert_eq!(drawing.marks.iter().filter(left).count(), 1);
        assert!(
            drawing.marks.iter().any(|mark| matches!(mark, Mark::Text(text) if text.text.starts_with("−3\u{A0}±")))
        );
    }

    #[test]
    fn market_and_chance_are_shown_however_many_inputs_there_are() {
        let found = Asked { count: 40, ..Asked::PLAN }.sensitivity();
        let all = causes(&found);
        let (told, left_out) = shown(&all, 8);
        assert_eq!((told.len(), left_out), (8, 34));
        let kinds: Vec<CauseKind> = told[6..].iter().map(|row| row.cause.kind).collect();
        assert_eq!(kinds, [CauseKind::Market, CauseKind::Chance]);
    }
}
