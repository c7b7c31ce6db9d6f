//! What charts are put together of: bands, bars, labels, legends, target lines, the as-of day, and the frame around them.

pub(in crate::charts) mod as_of_line;
pub(in crate::charts) mod band;
pub(in crate::charts) mod bars;
pub(in crate::charts) mod budget_line;
pub(in crate::charts) mod callout;
pub(in crate::charts) mod columns;
pub(in crate::charts) mod end_labels;
pub(in crate::charts) mod event_marks;
pub(in crate::charts) mod frame;
pub(in crate::charts) mod label_placement;
pub(in crate::charts) mod legend;
pub(in crate::charts) mod panels;
pub(in crate::charts) mod scenarios;
pub(in crate::charts) mod series_style;
pub(in crate::charts) mod small_multiples;
pub(in crate::charts) mod stacked_bar;
pub(in crate::charts) mod target_line;
pub(in crate::charts) mod top_labels;
