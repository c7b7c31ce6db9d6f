//! How cells look.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

use crate::scenario::{Metric, MetricUnit};
use crate::units::Currency;

/// Colours, as in the charts: ink, what stands back, the median's blue, the bands' blues, the targets' vermillion.
pub(super) const INK: u32 = 0x1B_26_31;
pub(super) const QUIET: u32 = 0x4A_56_63;
pub(super) const MEDIAN: u32 = 0x0A_46_80;
pub(super) const BAND: u32 = 0xA6_CB_E8;
pub(super) const PALE: u32 = 0xD9_E8_F5;
pub(super) const TARGET: u32 = 0xB8_42_0A;
pub(super) const GRID: u32 = 0xE2_E6_EA;
/// Decimals that a number is shown with at most.
pub(super) const MOST_DECIMALS: u8 = 6;

/// The styles of words in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextStyle {
    /// The title at the top of a sheet.
    Title,
    /// The head of a part of a sheet.
    Part,
    /// The head of a column of words.
    Head,
    /// The head of a column of figures.
    FigureHead,
    /// The head of a column of remarks.
    LongHead,
    /// A cell of ordinary text.
    Cell,
    /// A label among figures.
    Label,
    /// A label of what adds up.
    Sum,
    /// A cell of several lines.
    Long,
    /// A sentence over several columns.
    Sentence,
    /// A remark that stands back.
    Remark,
}

impl TextStyle {
    /// Whether a text may take several lines.
    pub(super) fn wrap(self) -> bool {
        matches!(
            self,
            TextStyle::Head
                | TextStyle::FigureHead
                | TextStyle::LongHead
                | TextStyle::Long
                | TextStyle::Sentence
                | TextStyle::Remark
        )
    }
}

/// How a number looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberStyle {
    /// An amount, with so many decimals.
    Money(u8),
    /// A number, with so many decimals.
    Number(u8),
    /// A share in percent, with so many decimals.
    Percent(u8),
    /// A chance that reads "<1 %", below so many percent: no simulation makes it impossible.
    Below(u8),
    /// A chance that reads ">99 %", above so many percent.
    Above(u8),
    /// As the spreadsheet likes.
    Free,
    /// A month: Mar 2027.
    Month,
    /// The same as the name of a row.
    MonthLabel,
    /// A day, as in 2027-03-15.
    Day,
}

/// All formats of a workbook.
#[derive(Debug)]
pub(super) struct Styles {
    words: [Format; 11],
    /// The same, told not to be read as a formula when somebody edits the cell.
    literal: [Format; 11],
    /// By the number of decimals.
    money: Vec<Format>,
    numbers: Vec<Format>,
    percents: Vec<Format>,
    /// By the percentage.
    below: Vec<Format>,
    above: Vec<Format>,
    free: Format,
    month: Format,
    month_label: Format,
    day: Format,
    currency: Currency,
}

impl Styles {
    pub(super) fn new(currency: &Currency) -> Styles {
        let top = || Format::new().set_align(FormatAlign::Top);
        let head = || {
            Format::new()
                .set_bold()
                .set_align(FormatAlign::Top)
                .set_background_color(PALE)
                .set_border_bottom(FormatBorder::Thin)
                .set_text_wrap()
        };
        let words = [
            Format::new().set_bold().set_font_size(16).set_font_color(MEDIAN),
            Format::new().set_bold().set_font_size(12).set_font_color(MEDIAN),
            head(),
            head().set_align(FormatAlign::Right),
            head().set_align(FormatAlign::Left).set_indent(1),
            top(),
            top().set_align(FormatAlign::Right),
            top().set_bold(),
            top().set_text_wrap().set_align(FormatAlign::Left).set_indent(1),
            top().set_text_wrap(),
            top().set_text_wrap().set_font_color(QUIET),
        ];
        let number = |format: &str| top().set_num_format(format);
        let by_decimals = |format: &dyn Fn(&str) -> String| -> Vec<Format> {
            let digits = (0..=MOST_DECIMALS).map(|decimals| {
                if decimals == 0 { String::new() } else { format!(".{}", "0".repeat(decimals.into())) }
            });
            digits.map(|digits| number(&format(&digits))).collect()
        };
        let bounds = |sign: &str| {
            (0..=100).map(|percent| number(&format!("\"{sign}{percent}%\"")).set_align(FormatAlign::Right)).collect()
        };
        Styles {
            literal: words.clone().map(Format::set_quote_prefix),
            words,
            money: by_decimals(&|decimals| money(currency, &format!("#,##0{decimals}"))),
            numbers: by_decimals(&|decimals| format!("#,##0{decimals}")),
            percents: by_decimals(&|decimals| format!("0{decimals}%")),
            below: bounds("<"),
            above: bounds(">"),
            free: top(),
            month: number("mmm yyyy").set_align(FormatAlign::Right),
            month_label: number("mmm yyyy").set_align(FormatAlign::Left),
            day: number("yyyy-mm-dd").set_align(FormatAlign::Left),
            currency: currency.clone(),
        }
    }

    /// The format of a text; `literal` where the text could be read as a formula.
    pub(super) fn words(&self, words: TextStyle, literal: bool) -> &Format {
        &(if literal { &self.literal } else { &self.words })[words as usize]
    }

    pub(super) fn figure(&self, figure: NumberStyle) -> &Format {
        let at = |decimals: u8| usize::from(decimals.min(MOST_DECIMALS));
        match figure {
            NumberStyle::Money(decimals) => &self.money[at(decimals)],
            NumberStyle::Number(decimals) => &self.numbers[at(decimals)],
            NumberStyle::Percent(decimals) => &self.percents[at(decimals)],
            NumberStyle::Below(percent) => &self.below[usize::from(percent.min(100))],
            NumberStyle::Above(percent) => &self.above[usize::from(percent.min(100))],
            NumberStyle::Free => &self.free,
            NumberStyle::Month => &self.month,
            NumberStyle::MonthLabel => &self.month_label,
            NumberStyle::Day => &self.day,
        }
    }

    /// The number format of a metric's axis that reaches to `most`: a 0 has no unit.
    pub(super) fn axis(&self, metric: Metric, most: f64) -> String {
        let digits = match most {
            m if m < 10_000.0 => "#,##0",
            m if m < 2e6 => "#,##0,\"k\"",
            m if m < 2e7 => "#,##0.0,,\"M\"",
            _ => "#,##0,,\"M\"",
        };
        let written = match metric.unit() {
            MetricUnit::Money => money(&self.currency, digits),
            MetricUnit::Ratio => return "0%".to_owned(),
            MetricUnit::Count | MetricUnit::Months => format!("{digits};-{digits}"),
        };
        format!("{written};0")
    }
}

/// The currency before the digits, taken as it is by any language of the spreadsheet: `[$€]#,##0`.
fn money(currency: &Currency, digits: &str) -> String {
    let symbol = currency.symbol();
    let space = if symbol.ends_with(' ') { " " } else { "" };
    let symbol = format!("[${}]{space}", symbol.trim_end());
    format!("{symbol}{digits};-{symbol}{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_carry_their_own_currency() {
        let of = |code| money(&Currency::new(code).unwrap(), "#,##0");
        assert_eq!(of("EUR"), "[$€]#,##0;-[$€]#,##0");
        assert_eq!(of("CHF"), "[$CHF] #,##0;-[$CHF] #,##0");
    }
}
