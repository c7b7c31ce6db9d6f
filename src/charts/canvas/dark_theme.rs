//! The colours of charts on a dark page.

use plotters::style::{RGBColor, WHITE};

use super::style;

/// Paper of a dark page.
pub(in crate::charts) const PAPER: RGBColor = RGBColor(0x10, 0x16, 0x1D);
const INK: RGBColor = RGBColor(0xE8, 0xED, 0xF2);
const MEDIAN: RGBColor = RGBColor(0xBF, 0xE0, 0xFF);

/// What a colour colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// The colours that letters of texts have.
    Letters,
    /// The colours that lines and edges have.
    Lines,
    /// Filled areas and discs.
    Areas,
}

const fn rgb(r: u8, g: u8, b: u8) -> RGBColor {
    RGBColor(r, g, b)
}

/// Each colour of a chart with what it becomes. Letters are light, and what they stand on is dark.
fn colours() -> Vec<(Of, RGBColor, RGBColor)> {
    use Of::{Areas, Letters, Lines};
    let mut all = vec![
        (Letters, style::INK, INK),
        (Letters, style::QUIET, rgb(0xA9, 0xB4, 0xC0)),
        (Lines, style::INK, INK),
        (Lines, style::QUIET, rgb(0xA9, 0xB4, 0xC0)),
        (Lines, style::GRID, rgb(0x2A, 0x34, 0x3F)),
        (Lines, style::AXIS_LINE, rgb(0x6F, 0x7B, 0x88)),
        (Lines, style::MEDIAN, MEDIAN),
        (Letters, style::MEDIAN, MEDIAN),
        (Lines, style::ACTUAL, rgb(0x4F, 0xD1, 0xA5)),
        (Lines, style::PLAN, rgb(0xF2, 0xF2, 0xF2)),
        (Letters, style::PLAN, rgb(0xF2, 0xF2, 0xF2)),
        (Lines, WHITE, PAPER),
        (Areas, WHITE, PAPER),
        // Letters of the target's and the budget's colour stand on the page itself.
        (Areas, style::AXIS_LINE, rgb(0x6F, 0x7B, 0x88)),
        (Areas, style::GRID, rgb(0x2A, 0x34, 0x3F)),
        (Areas, style::REST.fill, rgb(0x3A, 0x44, 0x4E)),
        (Areas, style::AGAINST, rgb(0x8A, 0x55, 0x14)),
        (Lines, style::AGAINST, rgb(0xF2, 0xB0, 0x5E)),
        (Letters, style::AGAINST, rgb(0xF2, 0xB0, 0x5E)),
    ];
    let bands = [rgb(0x16, 0x32, 0x4A), rgb(0x1F, 0x4F, 0x78), rgb(0x2A, 0x6A, 0x9E)];
    for (day, night) in style::BANDS.into_iter().zip(bands) {
        all.extend([(Areas, day, night), (Lines, day, night)]);
    }
    let parts = [
        rgb(0x1D, 0x5F, 0xA3),
        rgb(0x27, 0x4B, 0x66),
        rgb(0x8A, 0x55, 0x14),
        rgb(0x5E, 0x46, 0x17),
        rgb(0x1C, 0x6B, 0x5A),
        rgb(0x24, 0x49, 0x3C),
        rgb(0x5E, 0x35, 0x7A),
    ];
    all.extend(style::PARTS.iter().zip(parts).map(|(part, night)| (Areas, part.fill, night)));
    let of_all = |day, night| [(Areas, day, night), (Lines, day, night), (Letters, day, night)];
    all.extend(of_all(style::TARGET, rgb(0xFF, 0x9B, 0x6A)));
    all.extend(of_all(style::BUDGET, rgb(0xD0, 0xA5, 0xFF)));
    let mut found: Vec<(Of, RGBColor, RGBColor)> = Vec::new();
    // Some colours serve as two things.
    for (of, day, night) in all {
        if !found.iter().any(|(other, known, _)| (*other, *known) == (of, day)) {
            found.push((of, day, night));
        }
    }
    found
}

/// Rules of a style sheet that turn the SVG of charts inside an element that `within` selects into charts of a dark page: by day each
/// colour stands in the SVG itself.
pub fn night_colours(within: &str) -> String {
    let hex = |RGBColor(r, g, b): RGBColor| format!("#{r:02X}{g:02X}{b:02X}");
    let rule = |(of, day, night)| {
        let (day, night) = (hex(day), hex(night));
        match of {
            Of::Letters => format!("{within} text[fill=\"{day}\"]{{fill:{night}}}\n"),
            Of::Lines => format!("{within} [stroke=\"{day}\"]{{stroke:{night}}}\n"),
            Of::Areas => format!("{within} :not(text)[fill=\"{day}\"]{{fill:{night}}}\n"),
        }
    };
    colours().into_iter().map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::super::size::Size;
    use super::*;
    use crate::charts::catalog::of_forecast;
    use crate::charts::samples::forecast::Sample;
    use crate::charts::samples::full::full;

    fn known(of: Of, day: RGBColor) -> Option<RGBColor> {
        colours().into_iter().find(|(other, known, _)| (*other, *known) == (of, day)).map(|(_, _, night)| night)
    }

    #[test]
    fn every_colour_of_a_chart_is_known_by_night() {
        let targets: &[(&str, f64)] = &[("each-month", 1.5e6), ("2027", 9e6), ("total", 3e6)];
        let sample = Sample { regions: 7, inputs: 9, targets, tagged: true, budgeted: 12, ..Sample::PLAIN };
        let rules = night_colours("figure");
        let mut charts = of_forecast(&sample.forecast(), Size::Inset);
        charts.extend(of_forecast(&full(&sample, Some(4)), Size::Inset));
        let mut seen = 0;
        for chart in &charts {
            let svg = chart.svg("chart").unwrap();
            for element in svg.split('<').filter(|element| element.contains("#")) {
                let is_text = element.starts_with("text");
                for kind in ["fill", "stroke"] {
                    let Some((_, rest)) = element.split_once(&format!("{kind}=\"#")) else { continue };
                    let colour = &rest[..6];
                    // White letters stay white.
                    if is_text && colour == "FFFFFF" {
                        continue;
                    }
                    let rule = match (is_text, kind) {
                        (true, _) => format!("text[fill=\"#{colour}\"]"),
                        (_, "stroke") => format!(" [stroke=\"#{colour}\"]"),
                        _ => format!(":not(text)[fill=\"#{colour}\"]"),
                    };
                    assert!(rules.contains(&rule), "{}: {rule}", chart.name());
                    seen += 1;
                }
            }
        }
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn letters_are_legible_by_night() {
        for (of, _, night) in colours() {
            if of == Of::Letters {
                assert!(style::contrast(night, PAPER) >= 4.5, "{night:?}");
            }
        }
        for part in style::PARTS.iter().chain([&style::REST]) {
            let fill = known(Of::Areas, part.fill).unwrap();
            let ink = if part.ink == WHITE { WHITE } else { INK };
            assert!(style::contrast(ink, fill) >= 4.5, "{part:?}");
        }
        for band in style::BANDS {
            assert!(style::contrast(INK, known(Of::Areas, band).unwrap()) >= 4.5, "{band:?}");
        }
    }
}
