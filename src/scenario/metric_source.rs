//! The source of the business that a figure counts.

/// The source of the business that a metric counts. Bookings and renewals are split by it where the business is already running; the parts
/// add up in every trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// All business, wherever it comes from.
    #[default]
    All,
    /// What was closed before the as-of day.
    Closed,
    /// Deals that were open on it.
    Open,
    /// Contracts that were in force on it.
    Contracts,
    /// Leads that come from then on, and the customers they become.
    New,
    /// Deals that are planned one by one.
    OneOffs,
}
