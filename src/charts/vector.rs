//! A drawing as SVG: text stays text, the title and the description are there to be read aloud.

use plotters::backend::SVGBackend;

use super::chart::ChartError;
use super::drawing::Drawing;
use super::paint::{Grain, paint};
use super::text::escaped;

/// plotters writes whole numbers; the viewBox is four times as large as the picture, so that they are quarter pixels.
const GRAIN: Grain = Grain {
    scale: 4.0,
    // plotters-svg divides the size by this and puts the baseline 0.76 em below the top.
    size_per_em: 1.24,
    ascent: 0.76,
    bearings: None,
};

/// The drawing as the text of an SVG file; `name` makes its ids differ from those of other charts on the same page.
pub(super) fn svg(name: &str, drawing: &Drawing) -> Result<String, ChartError> {
    let sheet = &drawing.sheet;
    let (width, height) = (sheet.width * GRAIN.scale, sheet.height * GRAIN.scale);
    let mut painted = String::new();
    let mut backend = SVGBackend::with_string(&mut painted, (width as u32, height as u32));
    paint(drawing, &mut backend, GRAIN)?;
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
