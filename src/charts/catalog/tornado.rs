//! How far each input moves a figure by itself: the one that brings most of the variance on top.

use plotters::style::RGBColor;

use crate::analysis::{Bar, Sensitivity};
use crate::charts::axes::ticks::Scale;
use crate::charts::canvas::drawing::{Anchor, Drawing, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::marks::bars::{self, Rows};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::legend::{self, Key};
use crate::charts::wording::figures::Figures;
use crate::charts::wording::subject::{Subject, known};
use crate::charts::wording::words;
use crate::documents::Document;
use crate::stats::Estimate;

/// The shades of an input at its P10 and at its P90.
const LOW: RGBColor = style::BANDS[1];
const HIGH: RGBColor = style::MEDIAN;

/// How high a bar is, of its row.
const BAR: f64 = 0.66;
/// From a bar to its values, and between those, on a slide.
const GAP: f64 = 7.0;
/// Above the rows: the base in words, and the line down from it.
const BASE: f64 = 30.0;

/// An input that moves the figure.
#[derive(Debug)]
struct Swing<'a> {
    label: &'a str,
    ends: [End; 2],
    /// What share of the variance the input brings.
    share: Estimate,
    /// Whether that is more than the bar shows.
    understates: bool,
}

/// The figure with the input at one of its ends.
#[derive(Debug)]
struct End {
    value: f64,
    error: Option<f64>,
    input: String,
    shade: RGBColor,
}

/// The chart, laid out; `None` where no input is known to move anything, or the base is not known.
pub(super) fn layout(found: &Document<Sensitivity>, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let subject = Subject { head: &found.header, figure: &found.figure, sheet: &sheet };
    let figures = subject.figures();
    let (base, base_error) = known(&found.base)?;
    let mut swings = swings(found);
    let headline = headline(found, &subject, &figures, &swings)?;
    let left_out = swings.len().saturating_sub(bars::most(&sheet));
    swings.truncate(bars::most(&sheet));

    let (mut drawing, mut top) = headline.begin(&found.header, size);
    if !sheet.is_preview() {
        let keys = [Key::bar(LOW, "the input at its P10"), Key::bar(HIGH, "the input at its P90")];
        top = legend::write(&mut drawing, &keys, top) + sheet.scaled(BASE + 6.0);
    }
    let names: Vec<String> = swings.iter().map(Swing::name).collect();
    let end = bars::bottom(&sheet) - if left_out > 0 { sheet.scaled(16.0) } else { 0.0 };
    let rows = Rows::new(&sheet, &names, (top, end), 0.0);
    let across = across(&swings, &figures, base, &rows, &sheet);
    let x = across.at(base);
    for (row, swing) in swings.iter().enumerate() {
        // Where both ends lie on one side the longer one is drawn first.
        let mut ends: Vec<&End> = swing.ends.iter().collect();
        ends.sort_by(|a, b| (b.value - base).abs().total_cmp(&(a.value - base).abs()));
        for end in ends {
            drawing.area(rows.bar(row, x, across.at(end.value), BAR).corners(), end.shade);
        }
    }
    let top = rows.plot.top - if sheet.is_preview() { 0.0 } else { sheet.scaled(8.0) };
    drawing.stroke(vec![(x, top), (x, rows.plot.bottom)], style::INK, 1.5);
    rows.name(&mut drawing);
    if !sheet.is_preview() {
        for (row, swing) in swings.iter().enumerate() {
            write_ends(&mut drawing, &rows, row, swing, &figures, (&across, x));
        }
        let usual = format!("{}: {}", statistic(found), figures.about(base, base_error));
        let usual = Text::new(&usual, (x, top - sheet.scaled(7.0)), sheet.label).bold().at(Anchor::Middle);
        let half = 0.52 * usual.width();
        let x = x.min(sheet.width - sheet.margin - half).max(sheet.margin + half);
        drawing.text(Text { x, ..usual });
    }
    if left_out > 0 {
        let inputs = if left_out == 1 { "input, which moves it less" } else { "inputs, each of which moves it less" };
        rows.and_more(&mut drawing, &format!("and {left_out} more {inputs}"));
    }
    Some(drawing)
}

/// What the tornado moves.
fn statistic(found: &Document<Sensitivity>) -> &'static str {
    if found.figure.target.is_some() {
        "chance, all inputs drawn as usual"
    } else {
        "median, all inputs drawn as usual"
    }
}

/// The inputs whose bars are known, in the order of the document: those that bring most of the variance first.
fn swings(found: &Document<Sensitivity>) -> Vec<Swing<'_>> {
    let swings = found.inputs().filter_map(|cause| {
        let bar = cause.bar.as_ref()?;
        let input = Figures::of_field(&cause.key, &found.header.currency);
        let end = |estimate: &Estimate, at: f64, shade| {
            let (value, error) = known(estimate)?;
            Some(End { value, error, input: input.about(at, None), shade })
        };
        let ends = [end(&bar.low, bar.low_input, LOW)?, end(&bar.high, bar.high_input, HIGH)?];
        Some(Swing { label: &cause.label, ends, share: found.share(cause), understates: bar.understates })
    });
    swings.collect()
}

impl Swing<'_> {
    /// The input's name, with an asterisk where its bar understates.
    fn name(&self) -> String {
        format!("{}{}", self.label, if self.understates { "*" } else { "" })
    }

    /// The end with the lower value, and the one with the higher.
    fn sorted(&self) -> [&End; 2] {
        let [a, b] = &self.ends;
        if b.value < a.value { [b, a] } else { [a, b] }
    }

    /// The widths of an end's value and input.
    fn widths(&self, figures: &Figures<'_>, side: usize, sheet: &Sheet) -> (f64, f64) {
        let end = self.sorted()[side];
        let value = font::width(&figures.about(end.value, end.error), sheet.label, false);
        (1.03 * value, 1.03 * font::width(&at(end), sheet.axis, false))
    }
}

fn at(end: &End) -> String {
    format!("at {}", end.input)
}

/// The scale at which the bars are as long as what is written beside each of them allows.
fn across(swings: &[Swing<'_>], figures: &Figures<'_>, base: f64, rows: &Rows, sheet: &Sheet) -> Scale {
    // How far each row reaches from the base to one side, in values, and what is written beyond, in pixels.
    let reach = |side: usize| -> Vec<(f64, f64)> {
        let way = [-1.0, 1.0][side];
        let written = |swing: &Swing<'_>| match sheet.is_preview() {
            true => 0.0,
            false => {
                let (value, input) = swing.widths(figures, side, sheet);
                value + input + 2.0 * sheet.scaled(GAP)
            }
        };
        swings.iter().map(|swing| ((way * (swing.sorted()[side].value - base)).max(0.0), written(swing))).collect()
    };
    let (left, right) = (reach(0), reach(1));
    let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a.0 + b.0, a.1 + b.1)));
    let apart = pairs.filter(|(values, _)| *values > 0.0);
    let scale =
        apart.map(|(values, written)| (rows.plot.width() - written).max(0.0) / values).fold(f64::INFINITY, f64::min);
    if !scale.is_finite() || scale <= 0.0 {
        // No bar has a length.
        return Scale::new((base - 1.0, base + 1.0), (rows.plot.left, rows.plot.right));
    }
    let from = left.iter().map(|(values, written)| values * scale + written).fold(0.0, f64::max);
    let x = rows.plot.left + from;
    Scale::new((base, base + (rows.plot.right - x) / scale), (x, rows.plot.right))
}

/// Writes the lower value at the left of a bar and the higher at its right, each with the input's own value beyond it.
fn write_ends(
    drawing: &mut Drawing,
    rows: &Rows,
    row: usize,
    swing: &Swing<'_>,
    figures: &Figures<'_>,
    (across, base): (&Scale, f64),
) {
    let sheet = drawing.sheet;
    let gap = sheet.scaled(GAP);
    let baseline = rows.baseline(row, sheet.label);
    let sides = [(Anchor::End, -1.0), (Anchor::Start, 1.0)];
    for (side, (end, (anchor, way))) in swing.sorted().into_iter().zip(sides).enumerate() {
        let place = across.at(end.value);
        let from = if side == 0 { place.min(base) } else { place.max(base) } + way * gap;
        let (value, _) = swing.widths(figures, side, &sheet);
        drawing.text(Text::new(&figures.about(end.value, end.error), (from, baseline), sheet.label).at(anchor));
        let beyond = (from + way * (value + gap), baseline);
        drawing.text(Text::new(&at(end), beyond, sheet.axis).at(anchor).ink(style::QUIET));
    }
}

fn headline(
    found: &Document<Sensitivity>,
    subject: &Subject<'_>,
    figures: &Figures<'_>,
    swings: &[Swing<'_>],
) -> Option<Headline> {
    let first = swings.first()?;
    let sheet = subject.sheet;
    let name = subject.quoted(first.label);
    let [low, high] = first.sorted();
    let range = figures.range((low.value, low.error), (high.value, high.error)).filter(|_| !first.understates);
    let told = match range {
        Some(range) => format!(": {range}"),
        None => format!(": {} of the variance", words::share(first.share.known())),
    };
    let clear = swings.get(1).is_none_or(|next| first.share.is_clearly_above(next.share));
    let noise = !first.share.is_clear();
    let (finding, briefly) = match (noise, clear) {
        (true, _) => ("no input stands out from the simulation's noise".to_owned(), "no input stands out".to_owned()),
        (_, true) => (format!("{name} moves it most"), format!("{name} moves it most")),
        (_, false) => (format!("{name} is among what moves it most"), format!("{name} among the strongest")),
    };
    let what = subject.in_words();
    let mut titles = vec![format!("{}: {finding}", subject.title()), words::capital(&finding)];
    if !noise {
        let title = finding.replace("moves it", &format!("moves {what}"));
        titles.splice(0..0, [format!("{title}{told}"), title]);
    }
    let briefs = vec![format!("{}: {briefly}", subject.brief()), words::capital(&briefly)];
    let subtitle = format!(
        "{} with one input at a time at its own P10 and at its own P90; all other inputs are drawn as usual, in the same futures. Ordered by share of variance. {}{}",
        match subject.demand() {
            Some(demand) => format!("The chance of {demand},"),
            None => format!("The median of {}", subject.measured_when()),
        },
        provenance(found),
        if swings.iter().any(|swing| swing.understates) {
            format!(" *\u{A0}{}.", Bar::UNDERSTATES)
        } else {
            String::new()
        },
    );
    Some(Headline { title: frame::with_room(titles, sheet), brief: frame::with_room(briefs, sheet), subtitle })
}

/// How many of the inputs are stated.
fn provenance(found: &Document<Sensitivity>) -> String {
    let of = &found.provenance;
    let parts = [
        (of.stated, "stated with a source"),
        (of.assumed, "assumed"),
        (of.ranged, "fixed in the scenario and given a range for this question"),
    ];
    let told: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, how)| format!("{count} {how}")).collect();
    match told.split_last() {
        Some((last, [])) => format!("Inputs: {last}."),
        Some((last, rest)) => format!("Inputs: {} and {last}.", rest.join(", ")),
        None => String::new(),
    }
}
