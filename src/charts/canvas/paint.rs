//! Painting a drawing with a backend of plotters. Both kinds of picture are painted by this code; each writes texts in its own way.

use plotters::backend::DrawingBackend;
use plotters::style::{Color, RGBColor, ShapeStyle};

use super::drawing::{Drawing, Mark, Point, Text};
use super::style;
use crate::charts::error::ChartError;

/// Paints all marks, back to front, on a backend of that grain; `write` paints a text.
pub(in crate::charts) fn paint<B: DrawingBackend>(
    drawing: &Drawing,
    backend: &mut B,
    grain: Grain,
    write: impl Fn(&mut B, &Text) -> Result<(), ChartError>,
) -> Result<(), ChartError> {
    for mark in &drawing.marks {
        match mark {
            Mark::Area { points, fill } => {
                backend.fill_polygon(grain.points(points), &filled(*fill)).map_err(ChartError::drawing)?
            }
            Mark::Veil { points, fill } => backend
                .fill_polygon(grain.points(points), &ShapeStyle::from(fill.mix(style::VEIL)).filled())
                .map_err(ChartError::drawing)?,
            Mark::Line { points, stroke, width } => {
                let points = grain.points(points);
                // Fewer than two places make no line.
                if points.len() > 1 {
                    backend
                        .draw_path(points, &filled(*stroke).stroke_width(grain.length(*width)))
                        .map_err(ChartError::drawing)?;
                }
            }
            Mark::Disc { centre, radius, fill } => backend
                .draw_circle(grain.point(*centre), grain.length(*radius), &filled(*fill), true)
                .map_err(ChartError::drawing)?,
            Mark::Text(text) => write(backend, text)?,
        }
    }
    backend.present().map_err(ChartError::drawing)
}

fn filled(colour: RGBColor) -> ShapeStyle {
    colour.filled()
}

/// How a backend counts: its pixels per logical pixel. Backends take whole numbers only, so this is also how finely a line can be
/// placed.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Grain(pub(in crate::charts) f64);

impl Grain {
    pub(in crate::charts) fn point(self, (x, y): Point) -> (i32, i32) {
        // Far outside of any picture, so that no sum of pixels overflows.
        let pixel = |x: f64| (x * self.0).round().clamp(-1e6, 1e6) as i32;
        (pixel(x), pixel(y))
    }

    /// The places of a line, each but once where several fall together.
    fn points(self, points: &[Point]) -> Vec<(i32, i32)> {
        let mut found: Vec<(i32, i32)> = points.iter().map(|p| self.point(*p)).collect();
        found.dedup();
        found
    }

    fn length(self, length: f64) -> u32 {
        (length * self.0).round().max(1.0) as u32
    }
}
