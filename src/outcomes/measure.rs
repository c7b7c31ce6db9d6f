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
}

/// The table of measures, in the order of the engine's columns.
const MEASURES: [MeasureSpec; 23] = [
    MeasureSpec { measure: Measure::Leads, key: "leads" },
    MeasureSpec { measure: Measure::Won, key: "won_deals" },
    MeasureSpec { measure: Measure::Lost, key: "lost_deals" },
    MeasureSpec { measure: Measure::Bookings, key: "bookings" },
    MeasureSpec { measure: Measure::Renewals, key: "renewals" },
    MeasureSpec { measure: Measure::Customers, key: "customers" },
    MeasureSpec { measure: Measure::WeightedOpen, key: "weighted_open_deals" },
    MeasureSpec { measure: Measure::BookingsFromOpen, key: "bookings_from_open" },
    MeasureSpec { measure: Measure::OpenAsOf, key: "open_as_of" },
    MeasureSpec { measure: Measure::OpenAsOfValue, key: "open_as_of_value" },
    MeasureSpec { measure: Measure::OpenAsOfWeighted, key: "open_as_of_weighted" },
    MeasureSpec { measure: Measure::RenewalsFromContracts, key: "renewals_from_contracts" },
    MeasureSpec { measure: Measure::ArrFromContracts, key: "arr_from_contracts" },
    MeasureSpec { measure: Measure::ArrExpansion, key: "arr_expansion" },
    MeasureSpec { measure: Measure::ArrContraction, key: "arr_contraction" },
    MeasureSpec { measure: Measure::ArrChurn, key: "arr_churn" },
    MeasureSpec { measure: Measure::WonFromOneOffs, key: "won_from_one_offs" },
    MeasureSpec { measure: Measure::BookingsFromOneOffs, key: "bookings_from_one_offs" },
    MeasureSpec { measure: Measure::ArrNew, key: "arr_new" },
    MeasureSpec { measure: Measure::ArrSigned, key: "arr_signed" },
    MeasureSpec { measure: Measure::RevenueAtOnce, key: "revenue_at_once" },
    MeasureSpec { measure: Measure::DealSize, key: "deal_size" },
    MeasureSpec { measure: Measure::Retention, key: "retention" },
];

/// How many of them every run has; then come those of a business that is already running, and those of deals whose worth over time does not
/// follow from bookings alone.
const USUAL: usize = 7;
const RUNNING: usize = 9;

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
}

impl Measure {
    /// Every measure, in the order of the engine's columns.
    const ALL: [Measure; MEASURES.len()] = {
        let mut all = [Measure::Leads; MEASURES.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = MEASURES[i].measure;
            i += 1;
        }
        all
    };

    /// Every measure but those of a business that is already running.
    const OF_NEW: [Measure; MEASURES.len() - RUNNING] = {
        let mut all = [Measure::Leads; MEASURES.len() - RUNNING];
        let mut i = 0;
        while i < all.len() {
            all[i] = MEASURES[if i < USUAL { i } else { i + RUNNING }].measure;
            i += 1;
        }
        all
    };

    /// The measures of a run, in the order of the engine's columns: some only where the business is `running` already, some only where
    /// deals are `valued` one by one.
    pub fn of_run(running: bool, valued: bool) -> &'static [Measure] {
        match (running, valued) {
            (false, false) => &Measure::ALL[..USUAL],
            (true, false) => &Measure::ALL[..USUAL + RUNNING],
            (false, true) => &Measure::OF_NEW,
            (true, true) => &Measure::ALL,
        }
    }

    /// Its place among the measures of a run that has it.
    #[inline]
    pub(super) fn place(self, running: bool) -> usize {
        let place = self as usize;
        if !running && place >= USUAL + RUNNING { place - RUNNING } else { place }
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
