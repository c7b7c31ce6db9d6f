//! A drawing as SVG: text stays text, the title and the description are there to be read aloud.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontStyle};

use super::drawing::{Anchor, Drawing, Text};
use super::font;
use super::paint::{Grain, paint};
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
    paint(drawing, &mut backend, Grain(SCALE), write)?;
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

/// Writes a text as text.
fn write(backend: &mut SVGBackend<'_>, text: &Text) -> Result<(), ChartError> {
    let anchor = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let weight = if text.bold { FontStyle::Bold } else { FontStyle::Normal };
    let face = FontDesc::from((font::FAMILY, text.size * SCALE * SIZE_PER_EM, weight));
    let top = Grain(SCALE).point((text.x, text.baseline - ASCENT * text.size));
    let style = face.color(&text.ink).pos(Pos::new(anchor, VPos::Top));
    backend.draw_text(&text.text, &style, top).map_err(ChartError::drawing)
}
