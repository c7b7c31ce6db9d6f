//! What a scenario must give for a metric to exist.

/// What a scenario must give for a metric to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: every scenario has it.
    Nothing,
    /// A business that is already running: an as-of day, actuals, open deals or contracts in force.
    Running,
    /// Contracts in force, if only none of them.
    Contracts,
    /// A gross margin, a team, or an item of investment that names a region.
    Costs,
    /// A gross margin.
    Margin,
    /// A team in some region.
    Team,
}

impl Needs {
    /// What that is, as fields of a scenario.
    pub(crate) fn fields(self) -> &'static str {
        match self {
            Needs::Nothing => "any field",
            Needs::Running => "as_of, actuals, pipeline or contracts",
            Needs::Contracts => "contracts",
            Needs::Costs => "gross_margin, team, or an investment item with a region",
            Needs::Margin => "gross_margin",
            Needs::Team => "team",
        }
    }
}
