//! The wording that all outputs share: numbers with their precision, chances, periods, counts, lists and shortened names.

#[cfg(feature = "charts")]
mod axis;
mod chance;
mod number;
mod period;
mod text;

#[cfg(feature = "charts")]
pub(crate) use axis::axis_labels;
#[cfg(feature = "charts")]
pub(crate) use chance::chance_in_percent;
pub(crate) use chance::{brief_chance, chance, chance_to_error, chances, futures, percent};
pub(crate) use number::{
    exact, few_digits, four_digits, power_of_ten_at_most, significant, third_digit, thousands, three_digits, to_error,
    trim_zeros, with_power_of_ten,
};
#[cfg(feature = "fit")]
pub(crate) use number::{tenths_of_percent, with_spread};
pub(crate) use period::{
    brief_month, brief_period, day, fiscal_year, from_start, in_fiscal_years, months_from, period_name, quoted_period,
    when,
};
#[cfg(feature = "export")]
pub(crate) use text::plain_lines;
pub(crate) use text::{between, capitalize, count, join_some, list, list_some, plain, plain_json, shorten};
