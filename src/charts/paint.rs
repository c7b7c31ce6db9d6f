//! Painting a drawing with a backend of plotters. Both kinds of picture are painted by this code.

use plotters::backend::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor, ShapeStyle};

use super::bearings::Bearings;
use super::chart::ChartError;
use super::drawing::{Anchor, Drawing, Mark, Point, Text};
use super::style;

/// How a backend counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grain {
    /// Its pixels per logical pixel. Backends take whole numbers only, so this is also how finely a line can be placed.
    pub(super) scale: f64,
    /// The size that it takes for a text of one pixel per em.
    pub(super) size_per_em: f64,
    /// From the top of a text, where it is placed, down to the baseline, in ems.
    pub(super) ascent: f64,
    /// The bearings of the regular and the bold face, where letters must be placed one by one.
    pub(super) bearings: Option<[Bearings<'static>; 2]>,
}

/// Paints all marks, back to front.
pub(super) fn paint<B: DrawingBackend>(drawing: &Drawing, backend: &mut B, grain: Grain) -> Result<(), ChartError> {
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
            Mark::Text(text) => letter(text, backend, grain)?,
        }
    }
    backend.present().map_err(ChartError::drawing)
}

fn filled(colour: RGBColor) -> ShapeStyle {
    colour.filled()
}

fn letter<B: DrawingBackend>(text: &Text, backend: &mut B, grain: Grain) -> Result<(), ChartError> {
    let em = text.size * grain.scale;
    let top = text.baseline - grain.ascent * text.size;
    let look =
        |anchor| style::face(em * grain.size_per_em, text.bold).color(&text.ink).pos(Pos::new(anchor, VPos::Top));
    let Some(bearings) = grain.bearings else {
        let anchor = match text.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        return backend.draw_text(&text.text, &look(anchor), grain.point((text.x, top))).map_err(ChartError::drawing);
    };
    let look = look(HPos::Left);
    let left = text.rect().left;
    let bearings = bearings[usize::from(text.bold)];
    for (at, letter) in text.text.char_indices() {
        let pen = left + style::width(&text.text[..at], text.size, text.bold);
        let (x, y) = grain.point((pen, top));
        let bearing = (bearings.of(letter) * em).floor() as i32;
        backend.draw_text(letter.encode_utf8(&mut [0; 4]), &look, (x + bearing, y)).map_err(ChartError::drawing)?;
    }
    Ok(())
}

impl Grain {
    fn point(&self, (x, y): Point) -> (i32, i32) {
        // Far outside of any picture, so that no sum of pixels overflows.
        let pixel = |x: f64| (x * self.scale).round().clamp(-1e6, 1e6) as i32;
        (pixel(x), pixel(y))
    }

    /// The places of a line, each but once where several fall together.
    fn points(&self, points: &[Point]) -> Vec<(i32, i32)> {
        let mut found: Vec<(i32, i32)> = points.iter().map(|p| self.point(*p)).collect();
        found.dedup();
        found
    }

    fn length(&self, length: f64) -> u32 {
        (length * self.scale).round().max(1.0) as u32
    }
}
