//! What changed from one scenario to another, in few words: "Europe: win rate, 25 % to 28 %".

use crate::analysis::Change;
use crate::charts::canvas::font;
use crate::charts::canvas::size::Sheet;
use crate::charts::marks::bars;
use crate::scenario::Unit;
use crate::units::Currency;

/// Most changes whose names may take two lines.
const MAX_ON_TWO_LINES: usize = 6;

/// The name of one of `count` changes, with the values of its one field where those are numbers and there is room for them.
pub(in crate::charts) fn name(change: &Change, count: usize, currency: &Currency, sheet: &Sheet) -> String {
    let told = values(change, currency).map(|(from, to)| {
        // What belongs together stays on one line.
        let values = format!("{from} to {to}").replace(' ', "\u{A0}");
        format!("{}, {values}", change.label)
    });
    // Lines break at spaces, and so are not full.
    let room = bars::name_room(sheet) * if count <= MAX_ON_TWO_LINES && !sheet.is_preview() { 1.6 } else { 1.0 };
    let fits = |text: &String| font::width(text, sheet.label, false) <= room;
    told.filter(fits).unwrap_or_else(|| change.label.clone())
}

/// What the one field of a change was and is, where both are known and read differently.
fn values(change: &Change, currency: &Currency) -> Option<(String, String)> {
    let [field] = change.fields.as_slice() else {
        return None;
    };
    let unit = Unit::of(&field.path);
    let told = |mean: Option<f64>| Some(unit.said(currency, mean?));
    let (from, to) = (told(field.mean_from)?, told(field.mean_to)?);
    (from != to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::ChangedField;
    use crate::charts::canvas::size::Size;

    #[test]
    fn a_change_tells_from_where_to_where_if_there_is_room() {
        let euro = Currency::new("EUR").unwrap();
        let field = |mean_from, mean_to| ChangedField {
            path: "regions.europe.conversion".into(),
            label: "Europe: win rate".into(),
            from: None,
            to: None,
            mean_from,
            mean_to,
        };
        let change = |fields| Change { label: "Europe: win rate".into(), fields };
        let named = |fields, size: Size| name(&change(fields), 1, &euro, &size.sheet());
        let from = Some(0.25);
        let told = field(from, Some(0.283));
        assert_eq!(named(vec![told.clone()], Size::Slide), "Europe: win rate, 25\u{A0}%\u{A0}to\u{A0}28.3\u{A0}%");
        assert_eq!(named(vec![told.clone()], Size::Thumb), "Europe: win rate");
        assert_eq!(named(vec![told.clone(), told], Size::Slide), "Europe: win rate");
        assert_eq!(named(vec![field(from, None)], Size::Slide), "Europe: win rate");
        assert_eq!(named(vec![field(from, from)], Size::Slide), "Europe: win rate");
    }
}
