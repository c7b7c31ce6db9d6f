//! Units of the trade: calendar months and the horizon they span, periods, money as people read it, the wording that all outputs share,
//! and what is said of a file that has faults.

mod digest;
mod fault;
pub(crate) mod format;
#[cfg(feature = "export")]
mod guard;
mod locale;
mod money;
mod month;
mod period;
mod typed;
mod written;

pub(crate) use digest::digest;
pub(crate) use fault::closest;
pub use fault::{Fault, Faults, SyntaxFault};
pub(crate) use format::{few_digits, plain, plain_json, power_of_ten_at_most, third_digit, thousands, three_digits};
#[cfg(feature = "xlsx")]
pub(crate) use guard::looks_like_a_formula;
#[cfg(feature = "export")]
pub(crate) use guard::{guarded, unguarded};
pub use locale::{Locale, LocaleError};
pub use money::Currency;

pub(crate) use month::DAYS_PER_MONTH;
pub use month::{Month, MonthError};
pub(crate) use period::period_label;
pub use period::{Frequency, Horizon, Period, PeriodError, Periods};
pub(crate) use typed::Typed;
