//! The axes of charts: values upwards and across, months, and runs.

pub(in crate::charts) mod month;
pub(in crate::charts) mod runs;
pub(in crate::charts) mod ticks;
pub(in crate::charts) mod value;
