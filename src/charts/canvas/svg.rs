//! A drawing as SVG: text stays text, the title and the description are there to be read aloud.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontStyle, RGBColor, ShapeStyle};

use super::drawing::{Anchor, Drawing, Mark, Point, Text};
use super::font;
use super::style;
use super::text::escaped;
use crate::charts::error::ChartError;

/// plotters writes whole numbers; the viewBox is four times as large as the picture, so that they are quarter pixels.
const SCALE: f64 = 4.0;
/// plotters-svg divides the size of a text by this, and puts its baseline 0.76 em below the top.
const SIZE_PER_EM: f64 = 1.24;
const ASCENT: f64 = 0.76;

/// The drawing as the text of an SVG file; `name` makes its ids differ from those of other charts on the same page.
pub(in crate::charts) fn svg(name: &str, drawing: &Drawing) -> Result<String, ChartError> {
    let sheet = &drawing.sheet;
    let (width, height) = (sheet.width * SCALE, sheet.height * SCALE);
    let mut painted = String::new();
    let mut backend = SVGBackend::with_string(&mut painted, (width as u32, height as u32));
    for mark in &drawing.marks {
        paint(mark, &mut backend)?;
    }
    backend.present().map_err(ChartError::drawing)?;
    drop(backend);
    // The root element is written anew, with what plotters leaves out.
    let marks = painted.split_once(">\n").map(|(_, rest)| rest).ok_or(ChartError::Svg)?;
    Ok(format!(
        concat!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {vw} {vh}\" role=\"img\" ",
            "aria-labelledby=\"{name}-title {name}-desc\" stroke-linejoin=\"round\" stroke-linecap=\"butt\">\n",
            "<title id=\"{name}-title\">{title}</title>\n<desc id=\"{name}-desc\">{about}</desc>\n",
            "<rect width=\"{vw}\" height=\"{vh}\" fill=\"#FFFFFF\"/>\n{marks}"
        ),
        name = name,
        w = sheet.width,
        h = sheet.height,
        vw = width,
        vh = height,
        title = escaped(&drawing.title),
        about = escaped(&drawing.about),
        marks = marks,
    ))
}

/// Paints a mark over those before it.
fn paint(mark: &Mark, backend: &mut SVGBackend<'_>) -> Result<(), ChartError> {
    match mark {
        Mark::Area { points, fill } => backend.fill_polygon(places(points), &filled(*fill)),
        Mark::Veil { points, fill } => {
            backend.fill_polygon(places(points), &ShapeStyle::from(fill.mix(style::VEIL)).filled())
        }
        Mark::Line { points, stroke, width } => {
            let points = places(points);
            // Fewer than two places make no line.
            if points.len() < 2 {
                return Ok(());
            }
            backend.draw_path(points, &filled(*stroke).stroke_width(length(*width)))
        }
        Mark::Disc { centre, radius, fill } => {
            backend.draw_circle(place(*centre), length(*radius), &filled(*fill), true)
        }
        Mark::Text(text) => return write(backend, text),
    }
    .map_err(ChartError::drawing)
}

fn filled(colour: RGBColor) -> ShapeStyle {
    colour.filled()
}

fn place((x, y): Point) -> (i32, i32) {
    // Far outside of any picture, so that no sum overflows.
    let whole = |x: f64| (x * SCALE).round().clamp(-1e6, 1e6) as i32;
    (whole(x), whole(y))
}

/// The places of a line, each but once where several fall together.
fn places(points: &[Point]) -> Vec<(i32, i32)> {
    let mut found: Vec<(i32, i32)> = points.iter().map(|point| place(*point)).collect();
    found.dedup();
    found
}

fn length(length: f64) -> u32 {
    (length * SCALE).round().max(1.0) as u32
}

/// Writes a text as text.
fn write(backend: &mut SVGBackend<'_>, text: &Text) -> Result<(), ChartError> {
    let anchor = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let weight = if text.bold { FontStyle::Bold } else { FontStyle::Normal };
    let face = FontDesc::from((font::FAMILY, text.size * SCALE * SIZE_PER_EM, weight));
    let top = place((text.x, text.baseline - ASCENT * text.size));
    let style = face.color(&text.ink).pos(Pos::new(anchor, VPos::Top));
    backend.draw_text(&text.text, &style, top).map_err(ChartError::drawing)
}
