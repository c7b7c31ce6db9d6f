//! Documents for the tests of charts, made by hand, and what every drawing must keep to.

pub(in crate::charts) mod analysis;
#[cfg(feature = "fit")]
pub(in crate::charts) mod backtest;
pub(in crate::charts) mod checked;
pub(in crate::charts) mod forecast;
pub(in crate::charts) mod full;
pub(in crate::charts) mod history;
