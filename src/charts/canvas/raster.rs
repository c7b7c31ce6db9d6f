//! A drawing as PNG, for slides and mails: twice as many pixels each way as logical ones.

use std::cell::RefCell;
use std::io::Write as _;

use plotters::style::RGBColor;
use tiny_skia::{FillRule, LineJoin, Paint, Path, PathBuilder, PixmapMut, Stroke, Transform};

use super::drawing::{Drawing, Mark, Point, Text};
use super::font;
use super::style;
use crate::charts::error::ChartError;

/// Pixels of the file per logical pixel.
const DENSITY: f64 = 2.0;
/// Bytes of a painted pixel: red, green, blue, and how much it covers, which on paper is all.
const CHANNELS: usize = 4;

/// The drawing as the bytes of a PNG file.
pub(in crate::charts) fn png(drawing: &Drawing) -> Result<Vec<u8>, ChartError> {
    let pixels = |length: u32| length * DENSITY as u32;
    let (width, height) = (pixels(drawing.sheet.width as u32), pixels(drawing.sheet.height as u32));
    thread_local! {
        /// What was painted last: to take memory from the system costs more than to paint it white.
        static PAINTED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    PAINTED.with_borrow_mut(|painted| {
        painted.resize(width as usize * height as usize * CHANNELS, 0);
        let pixmap = PixmapMut::from_bytes(painted, width, height);
        let mut pixmap = pixmap.ok_or_else(|| ChartError::Drawing("it has no pixels".to_owned()))?;
        pixmap.fill(tiny_skia::Color::WHITE);
        for mark in &drawing.marks {
            paint(mark, &mut pixmap);
        }
        encode(painted, width, height)
    })
}

/// Paints a mark over those before it.
fn paint(mark: &Mark, pixmap: &mut PixmapMut) {
    let mut fill = |path: Option<Path>, ink: &Paint| {
        if let Some(path) = path {
            pixmap.fill_path(&path, ink, FillRule::Winding, Transform::identity(), None);
        }
    };
    match mark {
        Mark::Area { points, fill: colour } => fill(path(points, true), &ink(*colour, 1.0)),
        Mark::Veil { points, fill: colour } => fill(path(points, true), &ink(*colour, style::VEIL)),
        Mark::Disc { centre: (x, y), radius, fill: colour } => {
            let [x, y, radius] = [x, y, radius].map(|length| (length * DENSITY) as f32);
            fill(PathBuilder::from_circle(x, y, radius), &ink(*colour, 1.0));
        }
        Mark::Line { points, stroke, width } => {
            let stroked = Stroke { width: (width * DENSITY) as f32, line_join: LineJoin::Round, ..Stroke::default() };
            if let Some(path) = path(points, false) {
                pixmap.stroke_path(&path, &ink(*stroke, 1.0), &stroked, Transform::identity(), None);
            }
        }
        Mark::Text(text) => write(text, pixmap),
    }
}

fn ink(RGBColor(red, green, blue): RGBColor, opacity: f64) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, (opacity * 255.0).round() as u8);
    paint
}

/// A line through points, or the polygon that it encloses. What is upright or level all along lies on whole pixels, so that it is sharp and
/// neighbours leave no gap.
fn path(points: &[Point], closed: bool) -> Option<Path> {
    let is_straight = |pair: &[Point]| pair[0].0 == pair[1].0 || pair[0].1 == pair[1].1;
    let on_grid = points.windows(2).all(is_straight);
    let place = |x: f64| {
        // Far outside of any picture, so that no sum of pixels overflows.
        let x = (x * DENSITY).clamp(-1e6, 1e6);
        (if on_grid { x.round() } else { x }) as f32
    };
    let mut builder = PathBuilder::new();
    for (i, (x, y)) in points.iter().enumerate() {
        match i {
            0 => builder.move_to(place(*x), place(*y)),
            _ => builder.line_to(place(*x), place(*y)),
        }
    }
    if closed {
        builder.close();
    }
    builder.finish()
}

/// Paints a text letter by letter.
fn write(text: &Text, pixmap: &mut PixmapMut) {
    // On whole pixels, so that letters stand sharp on their line.
    let start = (text.rect().left * DENSITY, (text.baseline * DENSITY).round());
    let (width, height) = (pixmap.width() as i32, pixmap.height() as i32);
    let RGBColor(red, green, blue) = text.ink;
    let pixels = pixmap.data_mut().as_chunks_mut::<CHANNELS>().0;
    font::rasterize(&text.text, (text.size * DENSITY, text.bold), start, |x, y, covered| {
        if (0..width).contains(&x) && (0..height).contains(&y) {
            let pixel = &mut pixels[(y * width + x) as usize];
            for (channel, ink) in pixel.iter_mut().zip([red, green, blue]) {
                let paper = f32::from(*channel);
                *channel = (paper + (f32::from(ink) - paper) * covered.min(1.0) + 0.5) as u8;
            }
        }
    });
}

fn encode(painted: &[u8], width: u32, height: u32) -> Result<Vec<u8>, ChartError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Flat areas compress best as they are. The next level takes three times as long for a quarter less.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_deflate_compression(png::DeflateCompression::Level(1));
    // 96 logical pixels an inch, so that the picture is placed at its logical size.
    let per_metre = (DENSITY * 96.0 / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }));
    let mut file = encoder.write_header()?;
    let mut writer = file.stream_writer()?;
    let mut opaque = vec![0; 3 * width as usize];
    for row in painted.chunks_exact(CHANNELS * width as usize) {
        let pixels = row.as_chunks::<CHANNELS>().0;
        for (opaque, [red, green, blue, _]) in opaque.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
            *opaque = [*red, *green, *blue];
        }
        writer.write_all(&opaque).map_err(png::EncodingError::from)?;
    }
    writer.finish()?;
    file.finish()?;
    Ok(bytes)
}
