//! The axes of charts: values upwards and across, months, and the time of the clock.

pub(in crate::charts) mod month;
pub(in crate::charts) mod ticks;
pub(in crate::charts) mod time;
pub(in crate::charts) mod value;
