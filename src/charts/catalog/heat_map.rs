//! Two fields against each other: what comes of each combination, darker where it is more.

use plotters::style::{BLACK, RGBColor, WHITE};
use serde_json::Value;

use crate::analysis::{AxisHow, AxisInfo, FigureInfo, Sweep, SweepRow};
use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::canvas::text::{fit, short_name};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::wording::figures::Figures;
use crate::charts::wording::subject::Subject;
use crate::charts::wording::words;
use crate::documents::Document;
use crate::stats::Estimate;

/// What of a combination is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Cells show the median of the figure.
    Median,
    /// The chance of the first target.
    Chance,
}

/// White between cells, of a cell.
const GAP: f64 = 0.03;

/// The chart, laid out; `None` where there are not two axes, or nothing is known.
pub(super) fn layout(found: &Document<Sweep>, shown: Shown, size: Size) -> Option<Drawing> {
    let [down, across] = found.axes.as_slice() else { return None };
    if found.portion.is_some() || found.rows.len() != down.values.len() * across.values.len() {
        return None;
    }
    let sheet = size.sheet();
    let target = found.rows.first()?.targets.first();
    let figure = match shown {
        Shown::Median => found.figure.clone(),
        Shown::Chance => {
            let target = target?;
            FigureInfo { target: Some(target.name.clone()), at_least: Some(target.at_least), ..found.figure.clone() }
        }
    };
    let subject = Subject { head: &found.header, figure: &figure, sheet: &sheet };
    let figures = subject.figures();
    let value = |row: &SweepRow| match shown {
        Shown::Median => row.bands.p50,
        Shown::Chance => row.targets.first().map_or(Estimate::UNKNOWN, |target| target.probability),
    };
    let cells: Vec<Estimate> = found.rows.iter().map(value).collect();
    let known = cells.iter().enumerate().filter_map(|(i, cell)| Some((i, cell.value?)));
    let low = known.clone().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let high = known.max_by(|a, b| a.1.total_cmp(&b.1))?;

    let names =
        [down, across].map(|axis| axis.values.iter().map(|x| axis_value(found, axis, x)).collect::<Vec<String>>());
    let headline = headline(found, &subject, &figures, shown, [low, high].map(|(i, _)| (i, cells[i])), &names);
    let (mut drawing, top) = headline.begin(&found.header, size);
    let room = 0.22 * sheet.room();
    let left: Vec<String> = names[0].iter().map(|name| fit(name, sheet.axis, false, room)).collect();
    let mut plot = frame::plot(&sheet, top, &left, 0.0);
    if !sheet.is_preview() {
        plot.top += 1.4 * sheet.axis;
        let at = (sheet.margin, plot.top - sheet.scaled(10.0));
        let name = short_name(&down.label, sheet.axis, false, 0.6 * sheet.room());
        drawing.text(Text::new(&format!("{} ↓", words::capital(&name)), at, sheet.axis).ink(style::QUIET));
        let name = short_name(&across.label, sheet.axis, false, 0.6 * sheet.room());
        let at = (plot.right, plot.bottom + sheet.scaled(46.0));
        let caption = format!("{} →", words::capital(&name));
        drawing.text(Text::new(&caption, at, sheet.axis).at(Anchor::End).ink(style::QUIET));
    }
    let grid = Grid { plot, rows: names[0].len(), columns: names[1].len() };
    let labels: Vec<String> =
        cells.iter().map(|cell| cell.value.map_or_else(String::new, |x| figures.about(x, cell.error))).collect();
    let widest = labels.iter().map(|label| font::width(label, sheet.axis, false)).fold(0.0, f64::max);
    // All of them have a place, or none is written: a cell without a number would look like one without value.
    let first = grid.cell(0, 0);
    let lettered = !sheet.is_preview() && widest < 0.92 * first.width() && 1.25 * sheet.axis < first.height();
    for (i, Estimate { value, .. }) in cells.iter().enumerate() {
        let cell = grid.cell(i / grid.columns, i % grid.columns);
        let Some(value) = *value else { continue };
        let share = if high.1 > low.1 { (value - low.1) / (high.1 - low.1) } else { 0.5 };
        drawing.area(cell.corners(), shade(share));
        if lettered {
            let (x, y) = cell.middle();
            let ink = ink_on(shade(share));
            let at = (x, y + 0.36 * sheet.axis);
            drawing.text(Text::new(&labels[i], at, sheet.axis).at(Anchor::Middle).ink(ink));
        }
    }
    name(&mut drawing, &grid, &left, &names[1]);
    Some(drawing)
}

/// Where the cells are.
struct Grid {
    plot: Rect,
    rows: usize,
    columns: usize,
}

impl Grid {
    fn cell(&self, row: usize, column: usize) -> Rect {
        let (wide, high) = (self.plot.width() / self.columns as f64, self.plot.height() / self.rows as f64);
        let gap = GAP * wide.min(high);
        let (left, top) = (self.plot.left + wide * column as f64, self.plot.top + high * row as f64);
        Rect { left: left + gap, top: top + gap, right: left + wide - gap, bottom: top + high - gap }
    }
}

/// Names rows and columns: each, or each second, third, … where they are too many.
fn name(drawing: &mut Drawing, grid: &Grid, down: &[String], across: &[String]) {
    let sheet = drawing.sheet;
    let every = |room: f64, wanted: f64| (wanted / room).ceil().max(1.0) as usize;
    let first = grid.cell(0, 0);
    for (row, name) in down.iter().enumerate().step_by(every(first.height(), 1.3 * sheet.axis)) {
        let y = grid.cell(row, 0).middle().1 + 0.36 * sheet.axis;
        drawing.text(
            Text::new(name, (grid.plot.left - sheet.scaled(10.0), y), sheet.axis).at(Anchor::End).ink(style::QUIET),
        );
    }
    let room = if across.len() == 1 { grid.plot.width() } else { 0.24 * sheet.room() };
    let names: Vec<String> = across.iter().map(|name| fit(name, sheet.axis, false, room)).collect();
    let widest = names.iter().map(|name| font::width(name, sheet.axis, false)).fold(0.0, f64::max);
    let y = grid.plot.bottom + 1.4 * sheet.axis;
    for (column, name) in names.iter().enumerate().step_by(every(first.width(), 1.15 * widest)) {
        let half = font::width(name, sheet.axis, false) / 2.0;
        let edge = sheet.width - sheet.margin / 2.0;
        let x = grid.cell(0, column).middle().0.min(edge - half);
        drawing.text(Text::new(name, (x, y), sheet.axis).at(Anchor::Middle).ink(style::QUIET));
    }
}

/// From the lightest band by its middle to the median's blue.
fn shade(share: f64) -> RGBColor {
    let stops = [style::BANDS[0], style::BANDS[2], style::MEDIAN];
    let at = 2.0 * share.clamp(0.0, 1.0);
    let (from, to) = if at < 1.0 { (stops[0], stops[1]) } else { (stops[1], stops[2]) };
    let part = at - libm::floor(at).min(1.0);
    let mix = |a: u8, b: u8| (f64::from(a) + part * (f64::from(b) - f64::from(a))).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// White or black, whichever is read better on a shade: between the two even the ink of other letters would be too light.
fn ink_on(shade: RGBColor) -> RGBColor {
    if style::contrast(WHITE, shade) > style::contrast(BLACK, shade) { WHITE } else { BLACK }
}

/// A value of an axis, as people write it.
fn axis_value(found: &Document<Sweep>, axis: &AxisInfo, value: &Value) -> String {
    let currency = &found.header.currency;
    match (value.as_f64(), axis.how) {
        (Some(x), AxisHow::Factor) => Figures::Factor(currency).exact(x),
        (Some(x), AxisHow::Value) => Figures::of_field(&axis.path, currency).exact(x),
        (None, _) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
    }
}

/// The finding: from where to where it goes, and where those are.
fn headline(
    found: &Document<Sweep>,
    subject: &Subject,
    figures: &Figures,
    shown: Shown,
    [low, high]: [(usize, Estimate); 2],
    names: &[Vec<String>; 2],
) -> Headline {
    let sheet: &Sheet = subject.sheet;
    let what = match shown {
        Shown::Median => format!("Median of {}", subject.measured_when()),
        Shown::Chance => words::capital(&subject.in_words()),
    };
    let written = |(_, cell): (usize, Estimate)| cell.value.map_or_else(String::new, |x| figures.about(x, cell.error));
    let range = if written(low) == written(high) {
        format!("{} in every combination", written(low))
    } else {
        format!("{} to {}", written(low), written(high))
    };
    let label = |axis: &AxisInfo| short_name(&axis.label, sheet.title, true, 0.35 * sheet.room());
    let columns = names[1].len();
    let best = format!(
        "most at {} {} and {} {}",
        label(&found.axes[0]),
        names[0][high.0 / columns],
        label(&found.axes[1]),
        names[1][high.0 % columns]
    );
    let title = format!("{what}: {range}");
    let titles = if written(low) == written(high) {
        vec![title.clone()]
    } else {
        vec![format!("{title}; {best}"), title.clone()]
    };
    Headline {
        title: frame::with_room(titles, sheet),
        brief: frame::with_room(vec![title, range], sheet),
        subtitle: "Each cell is one combination, all on the same draws; darker is more.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::SweepTarget;
    use crate::charts::samples::checked::{check_texts, texts};
    use crate::charts::samples::forecast::Sample;

    /// A grid of so many rows and columns, whose values rise to the last.
    fn sweep(rows: usize, columns: usize, long: bool) -> Document<Sweep> {
        let sample = Sample { targets: &[("2027", 17.8e6)], ..Sample::PLAIN };
        let header = sample.forecast().header;
        let axis = |path: &str, label: &str, count: usize, how| AxisInfo {
            path: path.to_owned(),
            label: if long {
                format!("{label} of a region with a very long name that goes on and on")
            } else {
                label.to_owned()
            },
            how,
            values: (0..count).map(|i| (0.5 + 0.1 * i as f64).into()).collect(),
        };
        let axes = vec![
            axis("regions.*.conversion", "win rate of all regions", rows, AxisHow::Factor),
            axis("regions.europe.leads.monthly", "Europe: leads a month", columns, AxisHow::Value),
        ];
        let figure = FigureInfo {
            metric: crate::scenario::Metric::TotalBookings,
            scope: "total".to_owned(),
            label: "Total".to_owned(),
            period: "2027".to_owned(),
            target: None,
            at_least: None,
        };
        let row = |i: usize| {
            let part = i as f64 / (rows * columns) as f64;
            SweepRow {
                values: vec![axes[0].values[i / columns].clone(), axes[1].values[i % columns].clone()],
                bands: crate::forecast::Bands {
                    p50: Estimate { value: Some(1.2e7 + 1e7 * part), error: Some(3e4) },
                    ..Default::default()
                },
                mean_change: Estimate::UNKNOWN,
                targets: vec![SweepTarget {
                    name: "Year 1".to_owned(),
                    at_least: 17.8e6,
                    probability: Estimate { value: Some(part), error: Some(0.005) },
                }],
            }
        };
        let rows = (0..rows * columns).map(row).collect();
        Document::new(header, Sweep { figure, axes, portion: None, rows })
    }

    #[test]
    fn grids_of_every_size_are_legible_at_every_size() {
        for (rows, columns) in [(1, 1), (2, 3), (5, 5), (3, 12), (40, 40), (316, 316)] {
            for long in [false, true] {
                let sweep = sweep(rows, columns, long);
                for size in Size::ALL {
                    for shown in [Shown::Median, Shown::Chance] {
                        let drawing = layout(&sweep, shown, size).unwrap();
                        check_texts(&drawing, &format!("{rows} × {columns}, {size:?}, {shown:?}, {long}"));
                    }
                }
            }
        }
    }

    #[test]
    fn the_title_says_from_where_to_where() {
        let drawing = layout(&sweep(3, 3, false), Shown::Median, Size::Slide).unwrap();
        assert_eq!(
            drawing.title,
            "Median of total bookings in 2027: €12.0M to €20.9M; most at win rate of all regions 0.7× and Europe: leads a month 0.7"
        );
        let chance = layout(&sweep(3, 3, false), Shown::Chance, Size::Slide).unwrap();
        assert!(chance.title.starts_with("The chance of “Year 1”: <3\u{A0}% to 89\u{A0}%"), "{}", chance.title);
        // Each cell has its number where there is room, and letters stand out from what they stand on.
        assert!(texts(&drawing).iter().any(|text| text.text == "€20.9M"));
        for share in 0..=100 {
            let shade = shade(f64::from(share) / 100.0);
            assert!(style::contrast(ink_on(shade), shade) >= 4.5, "{share}: {shade:?}");
        }
    }

    #[test]
    fn one_axis_three_axes_and_portions_have_no_map() {
        let mut sweep = sweep(2, 2, false);
        sweep.body.portion = Some(crate::shards::Portion { number: 1, of: 2 });
        assert!(layout(&sweep, Shown::Median, Size::Slide).is_none());
        sweep.body.portion = None;
        sweep.body.axes.pop();
        assert!(layout(&sweep, Shown::Median, Size::Slide).is_none());
    }
}
