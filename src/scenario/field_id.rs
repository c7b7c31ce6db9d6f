//! The identities of the fields that may be uncertain.

use super::team::RoleKind;

/// The identity of a region's field that may be uncertain. Elements of lists are counted from 0; in a path a stage stands by
/// its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldId {
    /// The expected leads a month.
    LeadsMonthly,
    /// The growth of leads, one rate for all months.
    Growth,
    /// The growth of leads in a phase.
    PhaseGrowth(usize),
    /// The win rate of a funnel without stages.
    Conversion,
    /// The mean sales cycle of a funnel without stages, in days.
    CycleMeanDays,
    /// The stretch of a sales cycle that runs through points.
    CycleStretch,
    /// The mean cycle of lost leads, in days.
    LostCycleMeanDays,
    /// The stretch of a cycle of lost leads that runs through points.
    LostCycleStretch,
    /// The share of the leads not won that is never decided.
    StalledShare,
    /// The share of deals that is held to the end of their quarter.
    HeldToQuarterEnd,
    /// The chance of being won on a day, from an age of the table on.
    DailyWon(usize),
    /// The chance of being lost on a day, from an age of the table on.
    DailyLost(usize),
    /// A month's factor on the chance of being won.
    RhythmWon(usize),
    /// A month's factor on the chance of being lost.
    RhythmLost(usize),
    /// The monthly steps of the factor on the chance of being won.
    VolatilityWon,
    /// The monthly steps of the factor on the chance of being lost.
    VolatilityLost,
    /// The logarithm of the factor on the chance of being won, in the as-of day's month.
    NowWon,
    /// The logarithm of the factor on the chance of being lost, in the as-of day's month.
    NowLost,
    /// The factor on the chance of being won of open deals in a stage.
    StageWon(usize),
    /// The factor on the chance of being lost of open deals in a stage.
    StageLost(usize),
    /// The share of won deals that close by their stated date.
    CloseDatesKept,
    /// The mean slip of close dates, in days.
    SlipMeanDays,
    /// The stretch of a slip that runs through points.
    SlipStretch,
    /// The mean of an open deal's final over its stated amount.
    FinalAmountRatio,
    /// The share of leads that pass a stage.
    StagePass(usize),
    /// The stretch of a stage's time that runs through points.
    StageStretch(usize),
    /// The mean time in a stage, in days.
    StageMeanDays(usize),
    /// The mean value of a deal.
    DealSizeMean,
    /// The weight of an amount that deals have.
    DealSizeWeight(usize),
    /// The yearly share of customers who renew.
    Retention,
    /// The yearly growth of a contract's value at renewal.
    Expansion,
    /// The share of revenue that is left after the cost of serving customers.
    GrossMargin,
    /// How often one in sales development does an activity in a week.
    ActivityPerWeek(usize),
    /// The share that a step on the way from an activity to a lead leaves.
    ActivityYield(usize, usize),
    /// The yearly share of a role's people who leave.
    Attrition(RoleKind),
    /// How many months late the people of a hire begin.
    HireDelay(RoleKind, usize),
    /// The leads that one in sales development qualifies in a month.
    LeadsPerMonth,
    /// The opportunities that an executive starts in a month.
    OpportunitiesPerMonth,
    /// The opportunities that an executive works at a time.
    OpenOpportunities,
    /// A field that only tests know: it shows that this table is the one place to write a field down.
    #[cfg(test)]
    MadeUp,
}

impl FieldId {
    /// Which element of its list it is in, counted from 0; 0 for a field outside of lists.
    pub(super) fn index(self) -> usize {
        match self {
            FieldId::PhaseGrowth(i) | FieldId::StagePass(i) | FieldId::StageMeanDays(i) | FieldId::StageStretch(i) => i,
            FieldId::DailyWon(i) | FieldId::DailyLost(i) | FieldId::RhythmWon(i) | FieldId::RhythmLost(i) => i,
            FieldId::StageWon(i) | FieldId::StageLost(i) | FieldId::DealSizeWeight(i) => i,
            FieldId::ActivityPerWeek(i) | FieldId::ActivityYield(i, _) | FieldId::HireDelay(_, i) => i,
            _ => 0,
        }
    }
}
