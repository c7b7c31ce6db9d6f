//! A chart as it is laid out, before it becomes a picture: marks in logical pixels, back to front.

use plotters::style::RGBColor;

use super::font;
use super::size::Sheet;
use super::style;
use super::text::clean;

/// A place, x to the right and y downwards.
pub(in crate::charts) type Point = (f64, f64);

/// What a chart is made of.
#[derive(Clone, Debug)]
pub(in crate::charts) enum Mark {
    /// A polygon that is filled with a colour.
    Area { points: Vec<Point>, fill: RGBColor },
    /// A filled polygon through which one sees what lies below it.
    Veil { points: Vec<Point>, fill: RGBColor },
    /// A line through points.
    Line { points: Vec<Point>, stroke: RGBColor, width: f64 },
    /// A circle that is filled with a colour.
    Disc { centre: Point, radius: f64, fill: RGBColor },
    /// A line of text.
    Text(Text),
}

/// A line of text.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Text {
    pub(in crate::charts) text: String,
    /// Where its anchor stands.
    pub(in crate::charts) x: f64,
    /// Where its letters stand.
    pub(in crate::charts) baseline: f64,
    pub(in crate::charts) size: f64,
    pub(in crate::charts) bold: bool,
    pub(in crate::charts) anchor: Anchor,
    pub(in crate::charts) ink: RGBColor,
}

/// Which part of a text stands at its x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::charts) enum Anchor {
    Start,
    Middle,
    End,
}

/// A rectangle whose sides are upright and level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::charts) struct Rect {
    pub(in crate::charts) left: f64,
    pub(in crate::charts) top: f64,
    pub(in crate::charts) right: f64,
    pub(in crate::charts) bottom: f64,
}

/// A chart, laid out.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Drawing {
    /// The finding, in words.
    pub(in crate::charts) title: String,
    /// What is drawn, for those who do not see it.
    pub(in crate::charts) about: String,
    /// What it is laid out on.
    pub(in crate::charts) sheet: Sheet,
    pub(in crate::charts) marks: Vec<Mark>,
}

impl Text {
    pub(in crate::charts) fn new(text: &str, (x, baseline): Point, size: f64) -> Text {
        Text { text: clean(text), x, baseline, size, bold: false, anchor: Anchor::Start, ink: style::INK }
    }

    pub(in crate::charts) fn bold(self) -> Text {
        Text { bold: true, ..self }
    }

    pub(in crate::charts) fn at(self, anchor: Anchor) -> Text {
        Text { anchor, ..self }
    }

    pub(in crate::charts) fn ink(self, ink: RGBColor) -> Text {
        Text { ink, ..self }
    }

    pub(in crate::charts) fn width(&self) -> f64 {
        font::width(&self.text, self.size, self.bold)
    }

    /// The rectangle that it fills, from ascenders to descenders.
    pub(in crate::charts) fn rect(&self) -> Rect {
        let width = self.width();
        let left = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - width / 2.0,
            Anchor::End => self.x - width,
        };
        Rect {
            left,
            top: self.baseline - 0.8 * self.size,
            right: left + width,
            bottom: self.baseline + 0.25 * self.size,
        }
    }
}

impl Rect {
    pub(in crate::charts) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(in crate::charts) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(in crate::charts) fn around((x, y): Point, radius: f64) -> Rect {
        Rect { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }
    }

    pub(in crate::charts) fn grown(&self, by: f64) -> Rect {
        Rect { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    pub(in crate::charts) fn meets(&self, other: &Rect) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    pub(in crate::charts) fn holds(&self, other: &Rect) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }

    /// Whether a line through `points` crosses it: each piece is cut to its width, then to its height (Liang and Barsky 1984).
    pub(in crate::charts) fn crossed_by(&self, points: &[Point]) -> bool {
        points.windows(2).any(|pair| {
            let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
            let sides = [(x1 - x0, x0, self.left, self.right), (y1 - y0, y0, self.top, self.bottom)];
            // The part of the piece that is inside, from 0 at its start to 1 at its end.
            let inside = sides.into_iter().try_fold((0.0_f64, 1.0_f64), |(from, to), (step, start, low, high)| {
                if step == 0.0 {
                    return (start >= low && start <= high).then_some((from, to));
                }
                let (a, b) = ((low - start) / step, (high - start) / step);
                let (from, to) = (from.max(a.min(b)), to.min(a.max(b)));
                (from <= to).then_some((from, to))
            });
            inside.is_some()
        })
    }

    pub(in crate::charts) fn middle(&self) -> Point {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    /// The place within nearest to `p`.
    pub(in crate::charts) fn nearest(&self, p: Point) -> Point {
        (p.0.max(self.left).min(self.right), p.1.max(self.top).min(self.bottom))
    }

    pub(in crate::charts) fn corners(&self) -> Vec<Point> {
        vec![(self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)]
    }
}

impl Drawing {
    pub(in crate::charts) fn new(title: &str, about: &str, sheet: Sheet) -> Drawing {
        Drawing { title: clean(title), about: clean(about), sheet, marks: Vec::new() }
    }

    pub(in crate::charts) fn area(&mut self, points: Vec<Point>, fill: RGBColor) {
        self.marks.push(Mark::Area { points, fill });
    }

    pub(in crate::charts) fn veil(&mut self, points: Vec<Point>, fill: RGBColor) {
        self.marks.push(Mark::Veil { points, fill });
    }

    pub(in crate::charts) fn line(&mut self, points: Vec<Point>, stroke: RGBColor, width: f64) {
        self.marks.push(Mark::Line { points, stroke, width });
    }

    /// A line whose width goes with the weight of the sheet.
    pub(in crate::charts) fn stroke(&mut self, points: Vec<Point>, stroke: RGBColor, width: f64) {
        let width = width * self.sheet.weight;
        self.line(points, stroke, width);
    }

    /// A line of dashes, which goes with the weight of the sheet.
    pub(in crate::charts) fn dashed(&mut self, points: &[Point], stroke: RGBColor, width: f64) {
        for points in dashes(points, 8.0 * self.sheet.weight, 5.0 * self.sheet.weight) {
            self.stroke(points, stroke, width);
        }
    }

    pub(in crate::charts) fn disc(&mut self, centre: Point, radius: f64, fill: RGBColor) {
        self.marks.push(Mark::Disc { centre, radius, fill });
    }

    /// A disc rimmed with white, which goes with the weight of the sheet.
    pub(in crate::charts) fn spot(&mut self, centre: Point, radius: f64, fill: RGBColor) {
        let weight = self.sheet.weight;
        self.disc(centre, (radius + 1.5) * weight, plotters::style::WHITE);
        self.disc(centre, radius * weight, fill);
    }

    /// A square on its corner, rimmed with white, which goes with the weight of the sheet.
    pub(in crate::charts) fn diamond(&mut self, (x, y): Point, radius: f64, fill: RGBColor) {
        let weight = self.sheet.weight;
        let square = |r: f64| vec![(x - r, y), (x, y - r), (x + r, y), (x, y + r)];
        self.area(square((radius + 2.0) * weight), plotters::style::WHITE);
        self.area(square(radius * weight), fill);
    }

    pub(in crate::charts) fn text(&mut self, text: Text) {
        self.marks.push(Mark::Text(text));
    }
}

/// Cuts a line into dashes of length `on` with gaps of length `off`.
fn dashes(points: &[Point], on: f64, off: f64) -> Vec<Vec<Point>> {
    let mut found = Vec::new();
    let mut dash = Vec::from_iter(points.first().copied());
    let (mut drawing, mut left) = (true, on);
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = libm::hypot(x1 - x0, y1 - y0);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let at = (x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length);
            if drawing {
                dash.push(at);
                found.push(std::mem::take(&mut dash));
            } else {
                dash.push(at);
            }
            drawing = !drawing;
            left = if drawing { on } else { off };
        }
        left -= length - done;
        if drawing {
            dash.push((x1, y1));
        }
    }
    if drawing && dash.len() > 1 {
        found.push(dash);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_run_around_corners() {
        let line = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)];
        assert_eq!(dashes(&line, 8.0, 4.0), [vec![(0.0, 0.0), (8.0, 0.0)], vec![(10.0, 2.0), (10.0, 10.0)]]);
        assert_eq!(dashes(&line, 12.0, 100.0), [vec![(0.0, 0.0), (10.0, 0.0), (10.0, 2.0)]]);
        assert!(dashes(&[], 1.0, 1.0).is_empty() && dashes(&line[..1], 1.0, 1.0).is_empty());
    }

    #[test]
    fn lines_cross_what_they_pass_through() {
        let rect = Rect { left: 10.0, top: 10.0, right: 20.0, bottom: 20.0 };
        for line in [[(0.0, 15.0), (30.0, 15.0)], [(15.0, 0.0), (15.0, 12.0)], [(0.0, 5.0), (30.0, 25.0)]] {
            assert!(rect.crossed_by(&line), "{line:?}");
        }
        for line in [[(0.0, 5.0), (30.0, 5.0)], [(15.0, 0.0), (15.0, 9.0)], [(0.0, 15.0), (15.0, 40.0)]] {
            assert!(!rect.crossed_by(&line), "{line:?}");
        }
    }

    #[test]
    fn a_text_fills_its_rectangle_from_its_anchor() {
        let text = Text::new("€17.8M", (100.0, 50.0), 20.0);
        let width = text.width();
        assert!((50.0..90.0).contains(&width), "{width}");
        let middle = text.clone().at(Anchor::Middle).rect();
        assert!((middle.left + width / 2.0 - 100.0).abs() < 1e-9);
        assert!((text.at(Anchor::End).rect().right - 100.0).abs() < 1e-9);
    }
}
