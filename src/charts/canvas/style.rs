//! The one visual language: colours and widths of lines. [`super::size`] says how large letters are.

use plotters::style::{RGBColor, WHITE};

/// Ink of titles and labels.
pub(in crate::charts) const INK: RGBColor = RGBColor(0x1B, 0x26, 0x31);
/// Ink of what stands back: 7 to 1 on white.
pub(in crate::charts) const QUIET: RGBColor = RGBColor(0x4A, 0x56, 0x63);
/// The colour of grid lines.
pub(in crate::charts) const GRID: RGBColor = RGBColor(0xE2, 0xE6, 0xEA);
/// Axes and the lines that lead to labels.
pub(in crate::charts) const AXIS_LINE: RGBColor = RGBColor(0x8B, 0x95, 0xA0);
/// The bands that hold 9, 8 and 5 futures in 10: one hue, darker towards the centre.
pub(in crate::charts) const BANDS: [RGBColor; 3] =
    [RGBColor(0xD9, 0xE8, 0xF5), RGBColor(0xA6, 0xCB, 0xE8), RGBColor(0x62, 0xA3, 0xD3)];
/// The median and the curve of an exceedance chart.
pub(in crate::charts) const MEDIAN: RGBColor = RGBColor(0x0A, 0x46, 0x80);
/// The plan line, dashed.
pub(in crate::charts) const PLAN: RGBColor = RGBColor(0x22, 0x22, 0x22);
/// Targets: vermillion, told apart from blue by all kinds of sight, 5 to 1 on white.
pub(in crate::charts) const TARGET: RGBColor = RGBColor(0xB8, 0x42, 0x0A);
/// The budget: violet, away from the median's blue for all kinds of sight.
pub(in crate::charts) const BUDGET: RGBColor = RGBColor(0x7D, 0x22, 0xC4);
/// Inputs that the figure goes against, beside those in a band's blue that it goes with.
pub(in crate::charts) const AGAINST: RGBColor = RGBColor(0x8A, 0x4B, 0x08);

/// The colour of a part of a whole, and of what is written on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::charts) struct Shade {
    pub(in crate::charts) fill: RGBColor,
    pub(in crate::charts) ink: RGBColor,
}

const fn shade(r: u8, g: u8, b: u8, ink: RGBColor) -> Shade {
    Shade { fill: RGBColor(r, g, b), ink }
}

/// Parts of a whole, side by side: dark and light take turns, so that neighbours differ for all kinds of sight.
pub(in crate::charts) const PARTS: [Shade; 7] = [
    shade(0x0A, 0x46, 0x80, WHITE),
    shade(0x9C, 0xC9, 0xE8, INK),
    shade(0x8A, 0x4B, 0x08, WHITE),
    shade(0xF2, 0xCE, 0x8A, INK),
    shade(0x1C, 0x6B, 0x5A, WHITE),
    shade(0xB9, 0xDF, 0xD0, INK),
    shade(0x5E, 0x35, 0x7A, WHITE),
];
/// The part that is all the rest.
pub(in crate::charts) const REST: Shade = shade(0xCC, 0xD1, 0xD6, INK);

/// Scenarios beside each other, the first one in the median's blue; each is told apart from the others and from a target.
pub(in crate::charts) const SIDES: [RGBColor; 4] =
    [MEDIAN, RGBColor(0x00, 0x86, 0x64), RGBColor(0x7D, 0x22, 0xC4), RGBColor(0x22, 0x22, 0x22)];
/// What happened: like a second scenario, and so told apart from the median and from a target.
pub(in crate::charts) const ACTUAL: RGBColor = SIDES[1];
/// How much of a veil's colour covers what lies below it.
pub(in crate::charts) const VEIL: f64 = 0.16;

/// Widths of lines on a slide.
pub(in crate::charts) const MEDIAN_WIDTH: f64 = 3.0;
pub(in crate::charts) const PLAN_WIDTH: f64 = 2.0;
pub(in crate::charts) const TARGET_WIDTH: f64 = 2.0;
pub(in crate::charts) const BUDGET_WIDTH: f64 = 1.8;
pub(in crate::charts) const ACTUAL_WIDTH: f64 = 2.4;
/// The edge of a veil.
pub(in crate::charts) const EDGE_WIDTH: f64 = 0.9;

/// A channel of sRGB as an amount of light.
pub(in crate::charts) fn linear(channel: u8) -> f64 {
    let c = f64::from(channel) / 255.0;
    if c <= 0.04045 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
}

/// Relative luminance, WCAG 2.2.
fn luminance(colour: RGBColor) -> f64 {
    0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
}

/// Contrast of two colours, WCAG 2.2.
pub(in crate::charts) fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_legible_on_white() {
        for ink in [INK, QUIET, MEDIAN, PLAN, TARGET, BUDGET].into_iter().chain(SIDES) {
            assert!(contrast(ink, WHITE) >= 4.5, "{ink:?}");
        }
    }

    #[test]
    fn bands_darken_towards_the_centre() {
        let shades: Vec<f64> = BANDS.iter().map(|c| luminance(*c)).collect();
        assert!(shades[0] > 1.3 * shades[1] && shades[1] > 1.3 * shades[2]);
        assert!(shades[2] > 3.0 * luminance(MEDIAN));
    }
}
