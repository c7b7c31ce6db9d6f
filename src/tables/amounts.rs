//! Amounts as people write them, once it is known which sign stands before decimals.

use super::layout::number_of;
use crate::units::Typed;

/// The decimal sign of an amount, where the amount shows it: 1.234 may be either.
pub(super) fn decimal_of(text: &str) -> Option<char> {
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let (one, other) = match (points, commas) {
        (0, 0) => return None,
        (_, 0) => ('.', ','),
        (0, _) => (',', '.'),
        _ if text.rfind('.') > text.rfind(',') => return Some('.'),
        _ => return Some(','),
    };
    if points + commas > 1 {
        return Some(other);
    }
    let (whole, part) = text.split_once(one)?;
    let whole = whole.trim_start_matches(['-', '(']);
    let thousands = part.trim_end_matches(')').len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    (!thousands).then_some(one)
}

/// The amount of a text without its currency; what stands in brackets is below 0.
pub(super) fn amount(bare: &str, style: Option<(char, char)>) -> Option<f64> {
    if !bare.is_empty() && bare.len() < 16 && bare.bytes().all(|b| b.is_ascii_digit()) {
        return bare.parse().ok();
    }
    if let Some(inside) = bare.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        return amount(inside, style).map(|amount| -amount);
    }
    let decimals = || match style {
        Some((_, ',')) => Typed::Amount.read(&bare.replacen(',', ".", 1)).ok(),
        _ => Typed::Amount.read(bare).ok(),
    };
    number_of(bare, style).or_else(decimals)
}
