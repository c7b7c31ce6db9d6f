//! What was made of the rows of an export: which were used, which were set aside, and why.

use serde::Serialize;

use crate::units::format::thousands;

/// What was made of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DataReport {
    /// The name of the file.
    pub file: String,
    /// How many rows it has, without a report's footer.
    pub rows: usize,
    /// How many of them became deals.
    pub used: usize,
    /// The columns that are read.
    pub columns: Vec<ColumnRead>,
    /// What is remarkable about rows, each with the lines of the file that they begin in.
    pub remarks: Vec<Remark>,
    /// What else a reader should know of it, in sentences.
    pub notes: Vec<String>,
}

/// A column that is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnRead {
    /// The field that it holds.
    pub field: String,
    /// What the file calls it.
    pub column: String,
    /// Whether an option named it; else it was known by its name.
    pub is_given: bool,
}

/// What is remarkable about some rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// What it is.
    pub kind: RemarkKind,
    /// The lines of the file, ascending.
    pub lines: Vec<u64>,
}

/// Why a row was set aside, or what of it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RemarkKind {
    /// It has more cells than there are columns.
    TooManyCells,
    /// It was deleted in its system.
    Deleted,
    /// It has neither an id nor a day nor a stage, as the sums of groups in reports.
    Subtotal,
    /// It says no day of creation.
    NotCreated,
    /// Its day of creation is no day.
    CreatedUnread,
    /// It is won or lost, and says no day of that.
    NotClosed,
    /// Its day of closing is no day.
    ClosedUnread,
    /// It was closed before it was created.
    ClosedBeforeCreated,
    /// It has the id of a row above it.
    SameId,
    /// Its amount is none; the deal is used.
    AmountUnread,
    /// Its amount is in another currency; the deal is used.
    OtherCurrency,
}

impl RemarkKind {
    /// Whether the rows were set aside; else only what is said of them was.
    pub fn is_set_aside(self) -> bool {
        !matches!(self, RemarkKind::AmountUnread | RemarkKind::OtherCurrency)
    }

    /// The reason, in words that go on from "set aside: ".
    pub fn words(self) -> &'static str {
        match self {
            RemarkKind::TooManyCells => "more cells than there are columns",
            RemarkKind::Deleted => "deleted",
            RemarkKind::Subtotal => "neither an id nor a day nor a stage, as a subtotal has",
            RemarkKind::NotCreated => "no day of creation",
            RemarkKind::CreatedUnread => "a day of creation that cannot be read",
            RemarkKind::NotClosed => "won or lost, without the day of it",
            RemarkKind::ClosedUnread => "a day of closing that cannot be read",
            RemarkKind::ClosedBeforeCreated => "closed before it was created",
            RemarkKind::SameId => "the id of a row above",
            RemarkKind::AmountUnread => "an amount that cannot be read; the deal is used without it",
            RemarkKind::OtherCurrency => "an amount in another currency; the deal is used without it",
        }
    }

    /// What files call it.
    pub fn key(self) -> &'static str {
        match self {
            RemarkKind::TooManyCells => "too_many_cells",
            RemarkKind::Deleted => "deleted",
            RemarkKind::Subtotal => "subtotal",
            RemarkKind::NotCreated => "not_created",
            RemarkKind::CreatedUnread => "created_unread",
            RemarkKind::NotClosed => "not_closed",
            RemarkKind::ClosedUnread => "closed_unread",
            RemarkKind::ClosedBeforeCreated => "closed_before_created",
            RemarkKind::SameId => "same_id",
            RemarkKind::AmountUnread => "amount_unread",
            RemarkKind::OtherCurrency => "other_currency",
        }
    }
}

impl DataReport {
    /// How many rows were read, used and set aside, in words that a full stop or the reasons may follow.
    pub fn rows_told(&self) -> String {
        let aside: usize = self.set_aside().map(|remark| remark.lines.len()).sum();
        let said = |n: usize| thousands(n as f64);
        let rows = if self.rows == 1 { "1 row".to_owned() } else { format!("{} rows", said(self.rows)) };
        let aside = if aside == 0 { "none".to_owned() } else { said(aside) };
        format!("{rows}, {} used, {aside} set aside", said(self.used))
    }

    /// The columns that are read: "id = Opportunity ID, created = Created Date; by --map: region = Territory".
    pub fn columns_told(&self) -> String {
        let told = |is_given: bool| {
            let of = self.columns.iter().filter(|read| read.is_given == is_given);
            of.map(|read| format!("{} = {}", read.field, read.column)).collect::<Vec<_>>().join(", ")
        };
        match (told(false), told(true)) {
            (known, given) if given.is_empty() => known,
            (known, given) if known.is_empty() => format!("by --map: {given}"),
            (known, given) => format!("{known}; by --map: {given}"),
        }
    }

    /// The remarks on rows that were set aside.
    pub(super) fn set_aside(&self) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(|remark| remark.kind.is_set_aside())
    }

    /// Notes something about a row.
    pub(super) fn remark(&mut self, kind: RemarkKind, line: u64) {
        match self.remarks.iter_mut().find(|remark| remark.kind == kind) {
            Some(remark) => remark.lines.push(line),
            None => self.remarks.push(Remark { kind, lines: vec![line] }),
        }
    }

    /// Puts all that was noted into order.
    pub(super) fn sort(&mut self) {
        self.remarks.sort_by_key(|remark| remark.kind);
        self.remarks.iter_mut().for_each(|remark| remark.lines.sort_unstable());
    }
}
