//! What surrounds every chart: title, subtitle, foot, and the axis of values.

use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::canvas::text::{fit, heading, wrap};
use crate::documents::{Header, Manifest};
use crate::forecast::Forecast;
use crate::units::format::fiscal_year;
use crate::units::thousands;

/// What a chart says above its picture.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Headline {
    /// The finding, in words.
    pub(in crate::charts) title: String,
    /// The finding, as a preview has room for it.
    pub(in crate::charts) brief: String,
    /// What is plotted, and how it is to be read.
    pub(in crate::charts) subtitle: String,
}

/// What was simulated, as the foot of a chart says it.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Provenance<'a> {
    name: &'a str,
    /// How it came about.
    made: String,
}

impl<'a> Provenance<'a> {
    /// RunLabel in other words than as one run.
    pub(in crate::charts) fn new(name: &'a str, made: String) -> Provenance<'a> {
        Provenance { name, made }
    }
}

/// "10,000 simulated futures, seed 1".
pub(in crate::charts) fn simulated(Manifest { trials, seed, .. }: &Manifest) -> String {
    format!("{} simulated futures, seed {seed}", thousands(*trials as f64))
}

impl<'a> From<&'a Forecast> for Provenance<'a> {
    fn from(forecast: &'a Forecast) -> Provenance<'a> {
        Provenance::from(&forecast.header)
    }
}

impl<'a> From<&'a Header> for Provenance<'a> {
    fn from(head: &'a Header) -> Provenance<'a> {
        let dated = head.dated().map_or_else(String::new, |dated| format!("{dated}, "));
        let fiscal = fiscal_year(&head.horizon()).map_or_else(String::new, |year| format!("; {year}"));
        Provenance { name: &head.name, made: format!("{dated}{}{fiscal}", simulated(&head.manifest)) }
    }
}

impl Headline {
    /// Begins a drawing with the title and the subtitle at the top and what was simulated at the foot; gives it with the
    /// height where the plot may begin.
    pub(in crate::charts) fn begin<'a>(&self, played: impl Into<Provenance<'a>>, size: Size) -> (Drawing, f64) {
        let sheet = size.sheet();
        let mut drawing = Drawing::new(&self.title, &self.subtitle, sheet);
        if sheet.is_inset() {
            return (drawing, sheet.scaled(26.0));
        }
        let title = if sheet.is_preview() { &self.brief } else { &self.title };
        let mut y = 0.55 * sheet.margin;
        for line in heading(title, sheet.title, true, sheet.room(), sheet.title_lines) {
            y += 1.3 * sheet.title;
            drawing.text(Text::new(&line, (sheet.margin, y.round()), sheet.title).bold());
        }
        if sheet.is_preview() {
            return (drawing, y + 16.0);
        }
        y = y.round() + sheet.scaled(6.0);
        for line in wrap(&self.subtitle, sheet.subtitle, false, sheet.room(), sheet.subtitle_lines) {
            y += 1.4 * sheet.subtitle;
            drawing.text(Text::new(&line, (sheet.margin, y), sheet.subtitle).ink(style::QUIET));
        }
        foot(&mut drawing, played.into());
        (drawing, y + sheet.scaled(30.0))
    }
}

/// The first of `sentences` for which a heading has room, or else the last, which is the shortest.
pub(in crate::charts) fn with_room(sentences: Vec<String>, sheet: &Sheet) -> String {
    let whole = |text: &&String| heading(text, sheet.title, true, sheet.room(), sheet.title_lines).join(" ") == **text;
    sentences.iter().find(whole).or(sentences.last()).cloned().unwrap_or_default()
}

/// Writes what was simulated.
fn foot(drawing: &mut Drawing, played: Provenance<'_>) {
    let sheet = drawing.sheet;
    let y = sheet.height - sheet.scaled(18.0);
    let made = Text::new(&played.made, (sheet.width - sheet.margin, y), sheet.foot).at(Anchor::End).ink(style::QUIET);
    let left = sheet.room() - made.width() - 40.0;
    let name = fit(played.name, sheet.foot, false, left);
    drawing.text(Text::new(&name, (sheet.margin, y), sheet.foot).ink(style::QUIET));
    drawing.text(made);
}

/// Room below a plot: two rows of names and, where there is one, the foot; on a preview one row.
fn below(sheet: &Sheet) -> f64 {
    match (sheet.is_preview(), sheet.is_inset()) {
        (true, _) => 26.0,
        (_, true) => sheet.scaled(50.0),
        _ => sheet.scaled(84.0),
    }
}

/// The plot below `top`, with `labels` of the value axis at its left and `right` pixels free at its right.
pub(in crate::charts) fn plot(sheet: &Sheet, top: f64, labels: &[String], right: f64) -> Rect {
    let widest = labels.iter().fold(0.0, |most: f64, label| most.max(font::width(label, sheet.axis, false)));
    Rect {
        left: sheet.margin + widest + sheet.scaled(12.0),
        top,
        right: sheet.width - sheet.margin - right,
        bottom: sheet.height - below(sheet),
    }
}
