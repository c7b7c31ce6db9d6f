//! A way from one figure to another, step by step: a waterfall that lies.

use plotters::style::RGBColor;

use crate::analysis::{Change, FigureInfo, Span};
use crate::charts::axes::ticks::Scale;
use crate::charts::canvas::drawing::{Drawing, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::marks::bars::{self, Rows};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::wording::changes;
use crate::charts::wording::figures::Figures;
use crate::charts::wording::steps::Steps;
use crate::charts::wording::subject::{Subject, clearly_above};
use crate::charts::wording::words;
use crate::documents::Header;
use crate::units::Currency;

/// What a waterfall shows, and how that is told.
#[derive(Debug)]
pub(super) struct Waterfall<'a> {
    pub(super) head: &'a Header,
    pub(super) figure: &'a FigureInfo,
    /// Whether it is of the chance of a target.
    pub(super) of_chance: bool,
    pub(super) span: &'a Span,
    /// What brings the steps.
    pub(super) changes: &'a [Change],
    /// What its ends are called, and how they look.
    pub(super) ends: [(&'a str, RGBColor); 2],
    /// What it is of, in a title and for a preview.
    pub(super) what: (String, String),
    /// Where both ends are the same: "in both scenarios".
    pub(super) unmoved: &'a str,
    /// How it is to be read.
    pub(super) reading: String,
}

/// A change and what it brings.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) label: String,
    /// The label, with the values changed where there is room for them.
    name: String,
    pub(super) value: f64,
    error: Option<f64>,
    /// How many changes it stands for.
    pub(super) changes: usize,
}

/// The way of a bridge: its steps, what is written beside them, and how many changes bring nothing.
struct Way<'a> {
    steps: &'a [Step],
    texts: &'a Steps,
    nothing: usize,
}

/// How high a bar is, of its row.
const BAR: f64 = 0.62;
/// Totals are bars from 0 unless what changes is less than this part of them.
const LEAST_CHANGE: f64 = 0.3;
/// How wide a total is that is no bar, on a slide.
pub(super) const END: f64 = 6.0;
/// From a bar to its value, on a slide.
const GAP: f64 = 8.0;

impl Waterfall<'_> {
    /// The chart, laid out; `None` where nothing moved or a step is not known.
    pub(super) fn layout(&self, size: Size) -> Option<Drawing> {
        let sheet = size.sheet();
        let subject = Subject { head: self.head, figure: self.figure, sheet: &sheet };
        let shown = self.span.shown((!self.of_chance).then_some(self.figure.metric))?;
        let [from, to] = shown.ends;
        let (steps, nothing) = self.steps(&shown.steps, &self.head.currency, &sheet)?;
        let figures = if self.of_chance { Figures::Chance } else { subject.amounts() };
        let values: Vec<f64> = steps.iter().map(|step| step.value).collect();
        let texts = figures.steps(shown.ends, &values);

        let mut levels = vec![from];
        levels.extend(steps.iter().scan(from, |level, step| {
            *level += step.value;
            Some(*level)
        }));
        let from_0 = from_0(&levels);
        let start = if from_0 { 0.0 } else { levels.iter().copied().fold(f64::INFINITY, f64::min) };

        let way = Way { steps: &steps, texts: &texts, nothing };
        let headline = self.headline(&subject, &figures, &way);
        let (mut drawing, top) = headline.begin(self.head, size);
        let names: Vec<String> = std::iter::once(self.ends[0].0.to_owned())
            .chain(steps.iter().map(|step| step.name.clone()))
            .chain([self.ends[1].0.to_owned()])
            .collect();
        let values: Vec<&String> = std::iter::once(&texts.from).chain(&texts.steps).chain([&texts.to]).collect();
        let widest = values.iter().fold(0.0, |most: f64, text| most.max(font::width(text, sheet.label, true)));
        let right = if sheet.is_preview() { 0.0 } else { 1.03 * widest + sheet.scaled(GAP) };
        let rows = Rows::new(&sheet, &names, (top, bars::bottom(&sheet)), right);

        let (low, high) = levels.iter().fold((start, start), |(low, high), level| (low.min(*level), high.max(*level)));
        let across = Scale::new((low, if high > low { high } else { low + 1.0 }), (rows.plot.left, rows.plot.right));
        let sides = self.ends.map(|(_, colour)| colour);
        let last = steps.len() + 1;
        let mut ends = Vec::new();
        for row in 0..=last {
            let (a, b, fill) = match row {
                0 => (start, from, sides[0]),
                row if row == last => (start, to, sides[1]),
                row => (levels[row - 1], levels[row], shade(steps[row - 1].value)),
            };
            let mut bar = rows.bar(row, across.at(a), across.at(b), BAR);
            if !from_0 && (row == 0 || row == last) {
                // No length stands for what is not measured from 0.
                (bar.left, bar.right) =
                    (across.at(b) - sheet.scaled(END) / 2.0, across.at(b) + sheet.scaled(END) / 2.0);
            }
            drawing.area(bar.corners(), fill);
            ends.push(bar);
        }
        for (row, pair) in ends.windows(2).enumerate() {
            let x = across.at(levels[row]);
            drawing.line(vec![(x, pair[0].bottom), (x, pair[1].top)], style::AXIS_LINE, 1.2);
        }
        if from_0 {
            let zero = across.at(0.0);
            drawing.line(vec![(zero, rows.plot.top), (zero, rows.plot.bottom)], style::AXIS_LINE, 1.5);
        }
        rows.name(&mut drawing);
        if !sheet.is_preview() {
            for (row, (bar, text)) in ends.iter().zip(values).enumerate() {
                let noise = row > 0 && row < last && !exceeds_noise(&steps[row - 1]);
                let at = (bar.right + sheet.scaled(GAP), rows.baseline(row, sheet.label));
                let text = Text::new(text, at, sheet.label);
                let text = if row == 0 || row == last { text.bold() } else { text };
                drawing.text(if noise { text.ink(style::QUIET) } else { text });
            }
        }
        Some(drawing)
    }

    /// What each change brings, the least of them together where there are too many, and how many bring nothing and are left out;
    /// `None` where nothing moved or not all is known.
    pub(super) fn steps(&self, values: &[f64], currency: &Currency, sheet: &Sheet) -> Option<(Vec<Step>, usize)> {
        let most = bars::most(sheet) - 2;
        let (changes, span) = (self.changes, self.span);
        if changes.is_empty() || changes.len() != span.steps.len() {
            return None;
        }
        let mut steps = Vec::new();
        for ((change, step), value) in changes.iter().zip(&span.steps).zip(values) {
            let name = changes::name(change, changes.len(), currency, sheet);
            steps.push(Step { label: change.label.clone(), name, value: *value, error: step.error, changes: 1 });
        }
        steps.retain(|step| step.value != 0.0);
        let nothing = changes.len() - steps.len();
        if steps.len() <= most {
            return (!steps.is_empty()).then_some((steps, nothing));
        }
        let mut sizes: Vec<f64> = steps.iter().map(|step| step.value.abs()).collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        let least = sizes[most - 2];
        let mut room = most - 1;
        let (mut kept, mut rest) = (Vec::new(), Vec::new());
        for step in steps {
            if step.value.abs() >= least && room > 0 {
                room -= 1;
                kept.push(step);
            } else {
                rest.push(step.value);
            }
        }
        let label = format!("{} others", rest.len());
        // Errors of steps go together in ways that are not told.
        kept.push(Step { name: label.clone(), label, value: rest.iter().sum(), error: None, changes: rest.len() });
        Some((kept, nothing))
    }

    fn headline(
        &self,
        subject: &Subject<'_>,
        figures: &Figures<'_>,
        Way { steps, texts, nothing }: &Way<'_>,
    ) -> Headline {
        let sheet = subject.sheet;
        let (what, briefly) = &self.what;
        let way = if texts.from == texts.to {
            format!("{} {}", texts.from, self.unmoved)
        } else {
            format!("from {} to {}", texts.from, texts.to)
        };
        let mut single: Vec<(&Step, &String)> =
            steps.iter().zip(&texts.steps).filter(|(step, _)| step.changes == 1).collect();
        single.sort_by(|(a, _), (b, _)| b.value.abs().total_cmp(&a.value.abs()));
        let most = single.first().filter(|(step, _)| exceeds_noise(step)).map(|(step, text)| {
            let size = |step: &Step| (step.value.abs(), step.error);
            let clear = single.get(1).is_none_or(|(next, _)| clearly_above(size(step), size(next)));
            let verb = match (steps.len(), clear) {
                (1, _) => "brings it all",
                (_, true) => "changes it most",
                (_, false) => "is among what changes it most",
            };
            (format!("{} {verb}, by {text}", subject.quoted(&step.label)), subject.quoted(&step.label))
        });
        let mut titles = vec![format!("{what} {way}"), words::capital(&way)];
        let mut briefs = vec![format!("{briefly} {way}"), words::capital(&way)];
        if let Some((finding, name)) = most {
            titles.insert(0, format!("{what} {way}; {finding}"));
            titles.insert(1, format!("{}; {finding}", words::capital(&way)));
            briefs.insert(0, format!("{briefly} {way}, most by {name}"));
        }
        let nothing = match nothing {
            0 => String::new(),
            1 => " 1 change brings nothing.".to_owned(),
            more => format!(" {more} changes bring nothing."),
        };
        let noise =
            if steps.iter().all(exceeds_noise) { "" } else { " Steps in grey are within two standard errors of 0." };
        let points = if figures.are_percentages() { " Points are percentage points." } else { "" };
        let subtitle = format!("{}{nothing}{noise}{points}", self.reading);
        Headline { title: frame::with_room(titles, sheet), brief: frame::with_room(briefs, sheet), subtitle }
    }
}

fn shade(step: f64) -> RGBColor {
    if step < 0.0 { style::AGAINST } else { style::BANDS[2] }
}

/// Whether a step is more than the simulation's noise.
fn exceeds_noise(step: &Step) -> bool {
    clearly_above((step.value.abs(), step.error), (0.0, None))
}

/// Whether totals are bars from 0: unless the changes would be too small to be seen.
fn from_0(levels: &[f64]) -> bool {
    let (low, high) = levels.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
    let change = high - low;
    low <= 0.0 || change <= 0.0 || change >= LEAST_CHANGE * high
}
