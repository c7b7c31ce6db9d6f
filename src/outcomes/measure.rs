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
    /// Open deals at the month's end weighted by their chance of being won, in deals.
    WeightedOpen,
}

/// The table of measures, in the order of the engine's columns.
const MEASURES: [MeasureSpec; 7] = [
    MeasureSpec { measure: Measure::Leads, key: "leads" },
    MeasureSpec { measure: Measure::Won, key: "won_deals" },
    MeasureSpec { measure: Measure::Lost, key: "lost_deals" },
    MeasureSpec { measure: Measure::Bookings, key: "bookings" },
    MeasureSpec { measure: Measure::Renewals, key: "renewals" },
    MeasureSpec { measure: Measure::Customers, key: "customers" },
    MeasureSpec { measure: Measure::WeightedOpen, key: "weighted_open_deals" },
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
}

impl Measure {
    /// How many measures there are.
    pub const COUNT: usize = MEASURES.len();

    /// Every measure, in the order of the engine's columns.
    pub const ALL: [Measure; Measure::COUNT] = {
        let mut all = [Measure::Leads; Measure::COUNT];
        let mut i = 0;
        while i < all.len() {
            all[i] = MEASURES[i].measure;
            i += 1;
        }
        all
    };

    /// What is known about the measure.
    pub const fn spec(self) -> &'static MeasureSpec {
        &MEASURES[self as usize]
    }

    /// The name of the measure in the columns of a shard.
    pub fn key(self) -> &'static str {
        self.spec().key
    }

    /// The values of each measure in a region's columns, of which every measure has `each`.
    pub fn split(values: &mut [f64], each: usize) -> [&mut [f64]; Measure::COUNT] {
        let mut rest = values;
        Measure::ALL.map(|_| {
            let (values, more) = std::mem::take(&mut rest).split_at_mut(each);
            rest = more;
            values
        })
    }
}
