//! Left bearings of the font's letters: how far from the pen a letter's ink begins.
//!
//! plotters 0.3.7 lets every letter of a bitmap begin at the pen itself, which sets text unevenly ("of at least" as
//! "ofatleast"). The font's own tables have what it leaves out.

/// The bearings of a TrueType font.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bearings<'a> {
    /// From characters to glyphs: a `cmap` subtable of format 4.
    glyphs: &'a [u8],
    /// Advance and bearing of each glyph.
    metrics: &'a [u8],
    /// How many glyphs have an advance of their own; the others have the bearing alone.
    full: usize,
    units_per_em: f64,
}

impl<'a> Bearings<'a> {
    /// Reads the tables that say where letters begin, if the font has them as expected.
    pub(super) fn read(font: &'a [u8]) -> Option<Bearings<'a>> {
        let cmap = table(font, b"cmap")?;
        let count = number(cmap, 2)?;
        let glyphs = (0..count).find_map(|i| {
            let entry = cmap.get(4 + 8 * i..12 + 8 * i)?;
            // Windows, Unicode's first plane.
            let unicode = number(entry, 0)? == 3 && number(entry, 2)? == 1;
            let at = number(entry, 4)? << 16 | number(entry, 6)?;
            let subtable = cmap.get(at..)?;
            (unicode && number(subtable, 0)? == 4).then_some(subtable)
        })?;
        Some(Bearings {
            glyphs,
            metrics: table(font, b"hmtx")?,
            full: number(table(font, b"hhea")?, 34)?,
            units_per_em: number(table(font, b"head")?, 18)? as f64,
        })
    }

    /// The bearing of a letter, in ems; 0 where the font says nothing.
    pub(super) fn of(&self, letter: char) -> f64 {
        let glyph = u16::try_from(u32::from(letter)).ok().and_then(|code| self.glyph(usize::from(code))).unwrap_or(0);
        let at = if glyph < self.full { 4 * glyph + 2 } else { 4 * self.full + 2 * (glyph - self.full) };
        let units = number(self.metrics, at).map_or(0, |n| n as u16 as i16);
        f64::from(units) / self.units_per_em
    }

    /// The glyph of a character: four columns hold each segment's last and first character, a shift and an offset.
    fn glyph(&self, code: usize) -> Option<usize> {
        let columns = number(self.glyphs, 6)?;
        let column = |i: usize, segment: usize| 14 + i * columns + 2 * segment;
        let segment = (0..columns / 2).find(|s| number(self.glyphs, column(0, *s)).is_some_and(|last| last >= code))?;
        // Two bytes of padding stand after the first column.
        let first = number(self.glyphs, column(1, segment) + 2)?;
        let shift = number(self.glyphs, column(2, segment) + 2)?;
        let place = column(3, segment) + 2;
        let offset = number(self.glyphs, place)?;
        if first > code {
            return None;
        }
        let glyph = if offset == 0 {
            code
        } else {
            match number(self.glyphs, place + offset + 2 * (code - first))? {
                0 => return None,
                glyph => glyph,
            }
        };
        Some((glyph + shift) & 0xFFFF)
    }
}

/// The table of a font that is called `tag`.
fn table<'a>(font: &'a [u8], tag: &[u8]) -> Option<&'a [u8]> {
    (0..number(font, 4)?).find_map(|i| {
        let entry = font.get(12 + 16 * i..28 + 16 * i)?;
        let long = |at| Some(number(entry, at)? << 16 | number(entry, at + 2)?);
        (entry.get(..4)? == tag).then(|| font.get(long(8)?..)?.get(..long(12)?)).flatten()
    })
}

/// Two bytes as a number.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let pair = bytes.get(at..at + 2)?;
    Some(usize::from(pair[0]) << 8 | usize::from(pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_begin_where_their_outlines_do() {
        // As the outlines in the font's own `glyf` table have them, in 2048ths of an em.
        for (font, letter, units) in [
            (notosans::REGULAR_TTF, 'l', 174.0),
            (notosans::REGULAR_TTF, 'J', -160.0),
            (notosans::REGULAR_TTF, '€', 47.0),
            (notosans::REGULAR_TTF, 'Å', 0.0),
            (notosans::BOLD_TTF, 'D', 184.0),
            (notosans::BOLD_TTF, '€', 66.0),
        ] {
            let bearings = Bearings::read(font).unwrap();
            assert_eq!(bearings.of(letter) * 2048.0, units, "{letter}");
        }
    }

    #[test]
    fn what_is_no_font_has_no_bearings() {
        assert!(Bearings::read(b"").is_none());
        assert!(Bearings::read(&notosans::REGULAR_TTF[..5000]).is_none());
        let bearings = Bearings::read(notosans::REGULAR_TTF).unwrap();
        assert!(bearings.of('\u{10FFFF}').abs() < 1.0);
    }
}
