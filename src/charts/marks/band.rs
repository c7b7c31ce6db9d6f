//! The bands and the median of a fan, laid out: stretches of known months with gaps between them.

use plotters::style::RGBColor;

use crate::charts::canvas::drawing::{Drawing, Point, Rect};
use crate::charts::canvas::style;
use crate::forecast::Series;

/// Heights of p5, p10, p25, p50, p75, p90, p95 at an x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::charts) struct Slice {
    pub(in crate::charts) x: f64,
    pub(in crate::charts) ys: [f64; 7],
}

/// Slices from left to right, in stretches of at least two.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Ribbon {
    runs: Vec<Vec<Slice>>,
}

/// p5, p10, p25, p50, p75, p90 and p95 of a month, if all are known.
pub(in crate::charts) fn values(series: &Series, month: usize) -> Option<[f64; 7]> {
    let bands = &series.bands;
    let columns = [
        &bands.p5.value,
        &bands.p10.value,
        &bands.p25.value,
        &bands.p50.value,
        &bands.p75.value,
        &bands.p90.value,
        &bands.p95.value,
    ];
    let mut values = [0.0; 7];
    for (value, column) in values.iter_mut().zip(columns) {
        *value = (*column.get(month)?).filter(|x| x.is_finite())?;
    }
    Some(values)
}

/// Whether futures differ in any month.
pub(in crate::charts) fn varies(series: &Series) -> bool {
    (0..series.bands.p50.value.len()).filter_map(|month| values(series, month)).any(|values| values[0] != values[6])
}

impl Ribbon {
    /// A ribbon through `slices`; a slice between gaps becomes a box that reaches `half` to each side.
    pub(in crate::charts) fn new(slices: impl IntoIterator<Item = Option<Slice>>, half: f64) -> Ribbon {
        let mut runs: Vec<Vec<Slice>> = vec![Vec::new()];
        for slice in slices {
            match (slice, runs.last_mut()) {
                (Some(slice), Some(run)) => run.push(slice),
                _ => runs.push(Vec::new()),
            }
        }
        runs.retain(|run| !run.is_empty());
        for run in &mut runs {
            if let [only] = run[..] {
                let at = |x| Slice { x, ..only };
                *run = vec![at(only.x - half), at(only.x + half)];
            }
        }
        Ribbon { runs }
    }

    /// Its end at the right.
    pub(in crate::charts) fn last(&self) -> Option<&Slice> {
        self.runs.last()?.last()
    }

    /// Whether a band can be seen anywhere.
    pub(in crate::charts) fn has_width(&self, band: usize) -> bool {
        self.runs.iter().flatten().any(|slice| slice.ys[6 - band] != slice.ys[band])
    }

    pub(in crate::charts) fn draw_bands(&self, drawing: &mut Drawing) {
        for band in 0..style::BANDS.len() {
            self.draw_band(drawing, band);
        }
    }

    /// The band of 9 (0), 8 (1) or 5 (2) futures in 10.
    pub(in crate::charts) fn draw_band(&self, drawing: &mut Drawing, band: usize) {
        for run in &self.runs {
            let upper = run.iter().map(|slice| (slice.x, slice.ys[6 - band]));
            let lower = run.iter().rev().map(|slice| (slice.x, slice.ys[band]));
            drawing.area(upper.chain(lower).collect(), style::BANDS[band]);
        }
    }

    pub(in crate::charts) fn draw_median(&self, drawing: &mut Drawing) {
        for points in self.lines(3) {
            drawing.stroke(points, style::MEDIAN, style::MEDIAN_WIDTH);
        }
    }

    /// The band of 8 futures in 10 as a veil with thin edges, so that others can be seen through it.
    pub(in crate::charts) fn draw_veil(&self, drawing: &mut Drawing, colour: RGBColor) {
        for (upper, lower) in self.lines(5).zip(self.lines(1)) {
            let outline = upper.iter().chain(lower.iter().rev()).copied().collect();
            drawing.veil(outline, colour);
            drawing.stroke(upper, colour, style::EDGE_WIDTH);
            drawing.stroke(lower, colour, style::EDGE_WIDTH);
        }
    }

    /// A line through each stretch: that of p5 (0), p10, p25, the median (3), p75, p90 or p95.
    pub(in crate::charts) fn lines(&self, at: usize) -> impl Iterator<Item = Vec<Point>> {
        self.runs.iter().map(move |run| run.iter().map(|slice| (slice.x, slice.ys[at])).collect())
    }

    /// The share of a rectangle that lies on the ribbon or close to it.
    pub(in crate::charts) fn covers(&self, rect: &Rect) -> f64 {
        const CLOSE: f64 = 5.0;
        let mut hits = 0;
        for i in 0..9 {
            let x = rect.left + rect.width() * f64::from(i) / 8.0;
            let Some((top, bottom)) = self.extent(x) else {
                continue;
            };
            for j in 0..5 {
                let y = rect.top + rect.height() * f64::from(j) / 4.0;
                if y >= top - CLOSE && y <= bottom + CLOSE {
                    hits += 1;
                }
            }
        }
        f64::from(hits) / 45.0
    }

    /// Whether points lie on the line of the median, within its width.
    pub(in crate::charts) fn is_on_median(&self, points: &[Point]) -> bool {
        let median = |x: f64| self.heights(x).map(|heights| heights[3]);
        points.iter().all(|(x, y)| median(*x).is_some_and(|at| (at - y).abs() <= style::MEDIAN_WIDTH))
    }

    /// From the top to the bottom of the widest band at x.
    fn extent(&self, x: f64) -> Option<(f64, f64)> {
        self.heights(x).map(|heights| (heights[6], heights[0]))
    }

    /// The heights of p5 to p95 at x.
    fn heights(&self, x: f64) -> Option<[f64; 7]> {
        let mut pairs = self.runs.iter().flat_map(|run| run.windows(2));
        let pair = pairs.find(|pair| pair[0].x <= x && x <= pair[1].x)?;
        let (a, b) = (&pair[0], &pair[1]);
        let t = if b.x > a.x { (x - a.x) / (b.x - a.x) } else { 0.0 };
        Some(std::array::from_fn(|i| a.ys[i] + (b.ys[i] - a.ys[i]) * t))
    }
}

/// Stretches of known places; one by itself reaches `half` to both sides.
pub(in crate::charts) fn stretches(places: impl Iterator<Item = Option<Point>>, half: f64) -> Vec<Vec<Point>> {
    let mut found: Vec<Vec<Point>> = vec![Vec::new()];
    for place in places {
        match (place, found.last_mut()) {
            (Some(place), Some(run)) => run.push(place),
            _ => found.push(Vec::new()),
        }
    }
    found.retain(|run| !run.is_empty());
    for run in &mut found {
        if let [(x, y)] = run[..] {
            *run = vec![(x - half, y), (x + half, y)];
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(x: f64) -> Option<Slice> {
        let ys = [90.0, 80.0, 60.0, 50.0, 40.0, 20.0, 10.0];
        Some(Slice { x, ys })
    }

    #[test]
    fn unknown_months_part_the_ribbon_and_lone_ones_are_boxes() {
        let ribbon = Ribbon::new([None, slice(1.0), None, slice(3.0), slice(4.0), None], 0.3);
        let xs: Vec<Vec<f64>> = ribbon.runs.iter().map(|run| run.iter().map(|slice| slice.x).collect()).collect();
        assert_eq!(xs, [vec![0.7, 1.3], vec![3.0, 4.0]]);
        assert_eq!(ribbon.last().unwrap().x, 4.0);
        assert!(Ribbon::new([None, None], 1.0).last().is_none());
    }

    #[test]
    fn a_line_is_on_the_median_within_its_width() {
        let ribbon = Ribbon::new([slice(0.0), slice(100.0)], 1.0);
        assert!(ribbon.is_on_median(&[(0.0, 50.0), (100.0, 52.0)]));
        assert!(!ribbon.is_on_median(&[(0.0, 50.0), (100.0, 54.0)]));
        assert!(!ribbon.is_on_median(&[(0.0, 50.0), (101.0, 50.0)]));
    }

    #[test]
    fn a_ribbon_covers_what_lies_on_it() {
        let ribbon = Ribbon::new([slice(0.0), slice(100.0)], 1.0);
        assert_eq!(ribbon.covers(&Rect::around((50.0, 50.0), 20.0)), 1.0);
        assert_eq!(ribbon.covers(&Rect::around((50.0, 150.0), 20.0)), 0.0);
        let half = ribbon.covers(&Rect::around((100.0, 50.0), 20.0));
        assert!((0.4..0.6).contains(&half), "{half}");
    }
}
