//! The font: the widths of texts, and the outlines of letters. `assets/README.md` says which characters it holds.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, Point, ScaleFont};

/// What an SVG asks for; charts are laid out in Noto Sans, and the other families are narrower.
pub(in crate::charts) const FAMILY: &str = "Noto Sans, Arial, Helvetica, sans-serif";

/// The height of a line of Noto Sans over its em, (2189 + 600) / 2048 in its horizontal header: ab_glyph takes sizes in lines.
const LINE_PER_EM: f64 = 2789.0 / 2048.0;

/// The regular and the bold face.
static FACES: LazyLock<[FontRef<'static>; 2]> = LazyLock::new(|| {
    let regular: &[u8] = include_bytes!("../../../assets/NotoSans-Regular.ttf");
    let bold: &[u8] = include_bytes!("../../../assets/NotoSans-Bold.ttf");
    [regular, bold].map(|bytes| FontRef::try_from_slice(bytes).expect("the font that is compiled in can be read"))
});

fn face(bold: bool) -> &'static FontRef<'static> {
    &FACES[usize::from(bold)]
}

/// The width of a line of text of `size` pixels per em, counted in whole thousandths of an em.
pub(in crate::charts) fn width(text: &str, size: f64, bold: bool) -> f64 {
    const EM: f64 = 1000.0;
    let face = face(bold).as_scaled((EM * LINE_PER_EM) as f32);
    let thousandths: f32 = text.chars().map(|letter| face.h_advance(face.glyph_id(letter))).sum();
    f64::from(thousandths.trunc()) * size / EM
}

/// Rasterizes a line of text of `size` pixels per em whose first letter begins at `x` and which stands on `baseline`; `paint` is given each
/// pixel with the part of it that a letter covers, from 0 to 1.
pub(in crate::charts) fn rasterize(
    text: &str,
    (size, bold): (f64, bool),
    (x, baseline): (f64, f64),
    mut paint: impl FnMut(i32, i32, f32),
) {
    let face = face(bold).as_scaled((size * LINE_PER_EM) as f32);
    let mut pen = Point { x: x as f32, y: baseline as f32 };
    for letter in text.chars() {
        let mut glyph = face.scaled_glyph(letter);
        glyph.position = pen;
        pen.x += face.h_advance(glyph.id);
        if let Some(outline) = face.outline_glyph(glyph) {
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, covered| paint(corner.x as i32 + x as i32, corner.y as i32 + y as i32, covered));
        }
    }
}

/// Whether the font has a letter of its own for a character.
#[cfg(test)]
pub(in crate::charts) fn has(letter: char) -> bool {
    face(false).glyph_id(letter).0 != 0 && face(true).glyph_id(letter).0 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_what_charts_and_names_of_regions_are_written_with() {
        let written = "€£¥₹₩₫₴₺₦$¢–−…“”‘’„«»±×·°→←↑↓≥≤≈\u{A0}\u{202F}\u{FFFD}";
        let names = "éñüşłøÅßæœÐþŐűčğİıșțŽŁódźƠưạốệΑθήναΚύπροςМоскваКиївБългарияЖђћѓ";
        let missing: String = written.chars().chain(names.chars()).filter(|letter| !has(*letter)).collect();
        assert!(missing.is_empty(), "{missing}");
        assert!(!has('₪') && !has('東'));
    }

    #[test]
    fn letters_begin_where_their_outlines_do() {
        // The bearings that the full font's `hmtx` table has, in 2048ths of an em.
        for (bold, letter, units) in
            [(false, 'l', 174.0), (false, 'J', -160.0), (false, '€', 47.0), (true, 'D', 184.0), (true, '€', 66.0)]
        {
            let mut left = i32::MAX;
            rasterize(&letter.to_string(), (2048.0, bold), (500.0, 3000.0), |x, _, covered| {
                if covered > 0.0 {
                    left = left.min(x);
                }
            });
            assert!((f64::from(left) - 500.0 - units).abs() <= 1.0, "{letter}: {left}");
        }
    }

    #[test]
    fn a_text_is_as_wide_as_its_letters_and_bold_is_wider() {
        assert_eq!(width("", 20.0, false), 0.0);
        assert!((width("Total bookings", 20.0, false) - 2.0 * width("Total bookings", 10.0, false)).abs() < 1e-9);
        assert!(width("Total bookings", 20.0, true) > width("Total bookings", 20.0, false));
        assert!(width("東", 20.0, false) > 0.0);
    }
}
