//! What holds for every chart, whatever its data: for tests.

use crate::charts::canvas::drawing::{Drawing, Mark, Rect, Text};

/// All texts of a drawing.
pub(in crate::charts) fn texts(drawing: &Drawing) -> Vec<&Text> {
    let texts = drawing.marks.iter().filter_map(|mark| match mark {
        Mark::Text(text) => Some(text),
        _ => None,
    });
    texts.collect()
}

/// Fails where a text touches another or leaves the picture, where the title is cut off, and where no number stands.
pub(in crate::charts) fn check_texts(drawing: &Drawing, of: &str) {
    let sheet = &drawing.sheet;
    let edge = sheet.margin / 4.0;
    let canvas = Rect { left: edge, top: edge, right: sheet.width - edge, bottom: sheet.height - edge };
    let texts = texts(drawing);
    let title = texts.iter().rfind(|text| text.bold && text.size == sheet.title);
    let whole = title.is_some_and(|line| !line.text.ends_with('…'));
    assert!(whole || sheet.is_inset(), "{of}: the title is cut off: {title:?}");
    for (i, a) in texts.iter().enumerate() {
        assert!(canvas.holds(&a.rect()), "{of}: outside: {a:?}");
        assert!(!a.text.contains("NaN") && !a.text.contains("inf "), "{of}: {a:?}");
        for b in &texts[..i] {
            let (ra, rb) = (a.rect().grown(-1.5), b.rect().grown(-1.5));
            assert!(!ra.meets(&rb), "{of}: {:?} on {:?}", a.text, b.text);
        }
    }
}
