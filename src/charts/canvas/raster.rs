//! A drawing as PNG, for slides and mails: twice as many pixels each way as logical ones.

use std::cell::RefCell;

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
/// Each channel of paper.
const WHITE: u8 = 0xFF;

/// The drawing as the bytes of a PNG file.
pub(in crate::charts) fn png(drawing: &Drawing) -> Result<Vec<u8>, ChartError> {
    thread_local! {
        /// What was painted last: to take memory from the system costs more than to paint it white.
        static PAINTED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    let (width, height) = (drawing.sheet.width as usize * DENSITY, drawing.sheet.height as usize * DENSITY);
    let (wide, high) = (width * OVERSAMPLING, height * OVERSAMPLING);
    PAINTED.with_borrow_mut(|painted| {
        painted.clear();
        painted.resize(wide * high * 3, WHITE);
        let mut backend = BitMapBackend::with_buffer(painted, (wide as u32, high as u32));
        paint(drawing, &mut backend, Grain((DENSITY * OVERSAMPLING) as f64), write)?;
        drop(backend);
        encode(&averaged(painted, width), width, height)
    })
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
    /// Painted pixels that are looked at together: most are white.
    const TOGETHER: usize = 8 * OVERSAMPLING * 3;
    let row = width * OVERSAMPLING * 3;
    let mut pixels = Vec::with_capacity(painted.len() / OVERSAMPLING / OVERSAMPLING);
    for rows in painted.chunks_exact(row * OVERSAMPLING) {
        let lines: [&[u8]; OVERSAMPLING] = std::array::from_fn(|i| &rows[i * row..(i + 1) * row]);
        for from in (0..row).step_by(TOGETHER) {
            let blocks = lines.map(|line| &line[from..row.min(from + TOGETHER)]);
            if blocks.iter().all(|block| *block == &[WHITE; TOGETHER][..block.len()]) {
                pixels.resize(pixels.len() + blocks[0].len() / OVERSAMPLING, WHITE);
            } else {
                average(blocks, &mut pixels);
            }
        }
    }
    pixels
}

/// The averages of some squares that lie side by side.
fn average(lines: [&[u8]; OVERSAMPLING], pixels: &mut Vec<u8>) {
    const OF: u16 = (OVERSAMPLING * OVERSAMPLING) as u16;
    for square in (0..lines[0].len()).step_by(OVERSAMPLING * 3) {
        let mut sums = [0_u16; 3];
        for line in lines {
            for pixel in line[square..square + OVERSAMPLING * 3].as_chunks::<3>().0 {
                sums.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += u16::from(*channel));
            }
        }
        pixels.extend(sums.map(|sum| ((sum + OF / 2) / OF) as u8));
    }
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
