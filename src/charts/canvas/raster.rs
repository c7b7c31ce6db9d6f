//! A drawing as PNG, for slides and mails: twice as many pixels each way as logical ones.

use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::style::Color;

use super::drawing::{Drawing, Text};
use super::font;
use super::paint::{Grain, paint};
use crate::charts::error::ChartError;

/// Pixels of the file per logical pixel.
const DENSITY: usize = 2;
/// Painted pixels per pixel of the file, each way: their average is smooth, and lines and letters land on halves.
const OVERSAMPLING: usize = 2;

/// The drawing as the bytes of a PNG file.
pub(in crate::charts) fn png(drawing: &Drawing) -> Result<Vec<u8>, ChartError> {
    let (width, height) = (drawing.sheet.width as usize * DENSITY, drawing.sheet.height as usize * DENSITY);
    let (wide, high) = (width * OVERSAMPLING, height * OVERSAMPLING);
    let mut painted = vec![0xFF; wide * high * 3];
    let mut backend = BitMapBackend::with_buffer(&mut painted, (wide as u32, high as u32));
    paint(drawing, &mut backend, Grain((DENSITY * OVERSAMPLING) as f64), write)?;
    drop(backend);
    encode(&averaged(&painted, width), width, height)
}

/// Paints a text letter by letter. plotters would let each letter's outline begin at the pen itself, which sets text unevenly.
fn write(backend: &mut BitMapBackend<'_>, text: &Text) -> Result<(), ChartError> {
    let scale = (DENSITY * OVERSAMPLING) as f64;
    // On whole pixels, so that letters stand sharp on their line.
    let start = (text.rect().left * scale, (text.baseline * scale).round());
    let mut done = Ok(());
    font::rasterize(&text.text, (text.size * scale, text.bold), start, |x, y, covered| {
        let ink = text.ink.mix(f64::from(covered.min(1.0)));
        if let Err(error) = backend.draw_pixel((x, y), ink.to_backend_color()) {
            done = Err(ChartError::drawing(error));
        }
    });
    done
}

/// Each pixel the average of a square of painted ones.
fn averaged(painted: &[u8], width: usize) -> Vec<u8> {
    let row = width * OVERSAMPLING * 3;
    let of = (OVERSAMPLING * OVERSAMPLING) as u16;
    let mut pixels = Vec::with_capacity(painted.len() / OVERSAMPLING / OVERSAMPLING);
    let mut sums = vec![0_u16; width * 3];
    for rows in painted.chunks_exact(row * OVERSAMPLING) {
        sums.fill(0);
        for line in rows.chunks_exact(row) {
            let squares = line.as_chunks::<{ OVERSAMPLING * 3 }>().0;
            for (sum, square) in sums.as_chunks_mut::<3>().0.iter_mut().zip(squares) {
                for pixel in square.as_chunks::<3>().0 {
                    sum.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += u16::from(*channel));
                }
            }
        }
        pixels.extend(sums.iter().map(|sum| ((sum + of / 2) / of) as u8));
    }
    pixels
}

fn encode(pixels: &[u8], width: usize, height: usize) -> Result<Vec<u8>, ChartError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Flat areas compress best as they are, and in half the time.
    encoder.set_filter(png::Filter::NoFilter);
    // 96 logical pixels an inch, so that the picture is placed at its logical size.
    let per_metre = (DENSITY as f64 * 96.0 / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_is_the_average_of_its_square() {
        let painted = [
            0, 0, 0, 100, 0, 0, 8, 8, 8, 8, 8, 8, //
            100, 0, 0, 200, 0, 2, 8, 8, 8, 8, 8, 8,
        ];
        assert_eq!(averaged(&painted, 2), [100, 0, 1, 8, 8, 8]);
    }
}
