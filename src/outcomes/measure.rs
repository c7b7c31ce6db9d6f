//! The table of what the engine counts and adds up.

/// What the engine counts and adds up for each region and month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Measure {
    /// The leads that arrived in the month.
    Leads,
    /// The deals that were won in the month.
    Won,
    /// The leads that were lost in the month.
    Lost,
    /// Value of new deals.
    Bookings,
    /// The value of the contracts that were renewed.
    Renewals,
    /// Contracts active at the month's end.
    Customers,
    /// Open deals at the month's end weighted by their chance of being won, in deals; where the business is already running, those of
    /// new leads.
    WeightedOpen,
    /// The value of the deals won that were open on the as-of day.
    BookingsFromOpen,
    /// How many deals that were open on the as-of day still are at the month's end.
    OpenAsOf,
    /// What those deals are said to be worth.
    OpenAsOfValue,
    /// The same, each weighted by its chance of being won.
    OpenAsOfWeighted,
    /// The value of the contracts renewed that were in force on the as-of day.
    RenewalsFromContracts,
    /// The yearly value of those contracts at the month's end.
    ArrFromContracts,
    /// What ARR gained in the month by renewals above the same contract's ARR before.
    ArrExpansion,
    /// What it lost by renewals below that.
    ArrContraction,
    /// The ARR of contracts that missed their renewal in the month.
    ArrChurn,
    /// One-off deals won in the month.
    WonFromOneOffs,
    /// Their value.
    BookingsFromOneOffs,
    /// The ARR of the contracts signed in the month.
    ArrNew,
    /// The yearly value, at the month's end, of contracts signed or renewed since the as-of day.
    ArrSigned,
    /// Amounts that are revenue of the month at once.
    RevenueAtOnce,
    /// What a new deal is worth in the mean, as the pipeline of the month counts it.
    DealSize,
    /// The yearly share of customers who renew in the month.
    Retention,
    /// Account executives there in the month.
    Executives,
    /// People in sales development there in the month.
    Development,
    /// Leads that begin to be worked; all that arrive where no executive limits them.
    Started,
    /// Leads that wait for a role at the month's end.
    Waiting,
    /// Leads that expired while they waited.
    Expired,
    /// Leads that executives started, where there is a limit, and how many they could have.
    ExecutivesUsed,
    /// How many they could have started.
    ExecutivesCapacity,
    /// Leads that sales development qualified, where there is a limit.
    DevelopmentUsed,
    /// How many it could have qualified.
    DevelopmentCapacity,
    /// The quotas of all executives there.
    Quota,
    /// What the people there cost.
    PeopleCost,
}

/// Who has a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// Every run.
    All,
    /// Where more is asked for than what is won, people work the leads, or leads are decided day by day.
    Leads,
    /// A business that is already running.
    Running,
    /// Deals whose worth over time does not follow from bookings alone.
    Valued,
    /// Regions with people of their own, and those beside them.
    People,
}

/// The table of measures, in the order of the engine's columns.
const MEASURES: [MeasureSpec; 34] = [
    MeasureSpec { measure: Measure::Leads, key: "leads", group: Group::Leads },
    MeasureSpec { measure: Measure::Won, key: "won_deals", group: Group::All },
    MeasureSpec { measure: Measure::Lost, key: "lost_deals", group: Group::Leads },
    MeasureSpec { measure: Measure::Bookings, key: "bookings", group: Group::All },
    MeasureSpec { measure: Measure::Renewals, key: "renewals", group: Group::All },
    MeasureSpec { measure: Measure::Customers, key: "customers", group: Group::All },
    MeasureSpec { measure: Measure::WeightedOpen, key: "weighted_open_deals", group: Group::Leads },
    MeasureSpec { measure: Measure::BookingsFromOpen, key: "bookings_from_open", group: Group::Running },
    MeasureSpec { measure: Measure::OpenAsOf, key: "open_as_of", group: Group::Running },
    MeasureSpec { measure: Measure::OpenAsOfValue, key: "open_as_of_value", group: Group::Running },
    MeasureSpec { measure: Measure::OpenAsOfWeighted, key: "open_as_of_weighted", group: Group::Running },
    MeasureSpec { measure: Measure::RenewalsFromContracts, key: "renewals_from_contracts", group: Group::Running },
    MeasureSpec { measure: Measure::ArrFromContracts, key: "arr_from_contracts", group: Group::Running },
    MeasureSpec { measure: Measure::ArrExpansion, key: "arr_expansion", group: Group::Running },
    MeasureSpec { measure: Measure::ArrContraction, key: "arr_contraction", group: Group::Running },
    MeasureSpec { measure: Measure::ArrChurn, key: "arr_churn", group: Group::Running },
    MeasureSpec { measure: Measure::WonFromOneOffs, key: "won_from_one_offs", group: Group::Valued },
    MeasureSpec { measure: Measure::BookingsFromOneOffs, key: "bookings_from_one_offs", group: Group::Valued },
    MeasureSpec { measure: Measure::ArrNew, key: "arr_new", group: Group::Valued },
    MeasureSpec { measure: Measure::ArrSigned, key: "arr_signed", group: Group::Valued },
    MeasureSpec { measure: Measure::RevenueAtOnce, key: "revenue_at_once", group: Group::Valued },
    MeasureSpec { measure: Measure::DealSize, key: "deal_size", group: Group::Valued },
    MeasureSpec { measure: Measure::Retention, key: "retention", group: Group::Valued },
    MeasureSpec { measure: Measure::Executives, key: "executives", group: Group::People },
    MeasureSpec { measure: Measure::Development, key: "development", group: Group::People },
    MeasureSpec { measure: Measure::Started, key: "started_leads", group: Group::People },
    MeasureSpec { measure: Measure::Waiting, key: "waiting_leads", group: Group::People },
    MeasureSpec { measure: Measure::Expired, key: "expired_leads", group: Group::People },
    MeasureSpec { measure: Measure::ExecutivesUsed, key: "executives_used", group: Group::People },
    MeasureSpec { measure: Measure::ExecutivesCapacity, key: "executives_capacity", group: Group::People },
    MeasureSpec { measure: Measure::DevelopmentUsed, key: "development_used", group: Group::People },
    MeasureSpec { measure: Measure::DevelopmentCapacity, key: "development_capacity", group: Group::People },
    MeasureSpec { measure: Measure::Quota, key: "quota", group: Group::People },
    MeasureSpec { measure: Measure::PeopleCost, key: "people_cost", group: Group::People },
];

// The table is in the order of the enum, so that a measure finds its row by its number.
const _: () = {
    let mut i = 0;
    while i < MEASURES.len() {
        assert!(MEASURES[i].measure as usize == i);
        i += 1;
    }
};

/// What is known about a measure.
#[derive(Clone, Copy, Debug)]
pub struct MeasureSpec {
    /// The measure that the row describes.
    pub measure: Measure,
    /// The name of the measure in the columns of a shard.
    pub key: &'static str,
    /// Who has it.
    pub(super) group: Group,
}

impl Measure {
    /// The measures of the groups that `has` tells, in the order of the engine's columns.
    pub(super) fn of_groups(has: impl Fn(Group) -> bool) -> impl Iterator<Item = Measure> {
        MEASURES.iter().filter(move |spec| has(spec.group)).map(|spec| spec.measure)
    }

    /// What is known about the measure.
    pub const fn spec(self) -> &'static MeasureSpec {
        &MEASURES[self as usize]
    }

    /// The name of the measure in the columns of a shard.
    pub fn key(self) -> &'static str {
        self.spec().key
    }
}
