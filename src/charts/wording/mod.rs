//! What charts say: numbers, figures, periods and findings in words.

pub(in crate::charts) mod changes;
pub(in crate::charts) mod figures;
pub(in crate::charts) mod steps;
pub(in crate::charts) mod subject;
pub(in crate::charts) mod words;
