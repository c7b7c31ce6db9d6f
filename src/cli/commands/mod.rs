//! The commands, one file or folder each, with what it takes and what it does.

pub(super) mod actual;
pub(super) mod backtest;
pub(super) mod batch;
pub(super) mod check;
pub(super) mod compare;
pub(super) mod completions;
pub(super) mod fit;
pub(super) mod history;
pub(super) mod man;
pub(super) mod merge;
pub(super) mod new;
pub(super) mod pipeline;
pub(super) mod report;
pub(super) mod run;
pub(super) mod schema;
pub(super) mod sensitivity;
pub(super) mod solve;
pub(super) mod sweep;
pub(super) mod template;
pub(super) mod tune;
