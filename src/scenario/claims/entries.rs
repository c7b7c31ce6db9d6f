//! What a plan may state: the entries of each list, and how their fields are read.

use indexmap::IndexMap;
use serde::Serialize;

use super::quoted_number::{QuotedNumber, RoundingUnit};
use super::reader::{Entry, MetricKey, Months, Number, Objects, Read, Tags, Text, Word, WordOrUsual};
use crate::scenario::metric::Metric;
use crate::scenario::parts::remarks;
use crate::scenario::reader::{Node, Object, Range};

/// Makes a struct and its reader from a table of fields, each with its type and how it is read. Every entry may carry a note and a
/// source.
macro_rules! entries {
    ($($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $type:ty = $reader:expr,)* })*) => {$(
        #[derive(Clone, Debug, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
        $(#[$meta])*
        pub struct $name {
            $($(#[$about])* pub $field: $type,)*
            /// A remark on it, which changes no number.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub note: Option<String>,
            /// Where the figures come from, such as a report or a system.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub source: Option<String>,
        }

        impl Entry for $name {
            fn read(o: &mut Object) -> Option<$name> {
                $(let $field = Read::<$type>::read(&$reader, o, stringify!($field));)*
                let (note, source) = remarks(o);
                Some($name { $($field: $field?,)* note, source })
            }
        }
    )*};
}

const AMOUNT: Number = Number(Range::new("a number", -1e18, 1e18), RoundingUnit::AMOUNT);
const MONEY: Number = Number(Range::above("an amount of money", 0.0, 1e18), RoundingUnit::AMOUNT);
/// Money that something is worked out from, as it is written.
const WRITTEN: Number = Number(MONEY.0, RoundingUnit { off: 0.0, share: 0.0 });
const SHARE: Number = Number(Range::new("a share", 0.0, 1.0), HALF_A_POINT);
const ATTAINMENT: Number = Number(Range::new("attainment (1.2 is 120 %)", 0.0, 10.0), HALF_A_POINT);
const GROWTH: Number = Number(Range::above("a rate of growth (0.15 is 15 %)", -1.0, 10.0), HALF_A_POINT);
const RETURN: Number = Number(
    Range::new("a return (4 is 400 %)", -1.0, 1e6),
    RoundingUnit { off: 0.005, share: RoundingUnit::AMOUNT.share },
);
const TIMES: Number = Number(Range::above("how many times", 0.0, 1000.0), HALF_A_UNIT);
const COUNT: Number = Number(Range::above("a number", 0.0, 1e9), HALF_A_UNIT);
const DAYS: Number = Number(Range::above("days", 0.0, 36_525.0), HALF_A_UNIT);

const HALF_A_POINT: RoundingUnit = RoundingUnit { off: 0.005, share: 0.0 };
const HALF_A_UNIT: RoundingUnit = RoundingUnit { off: 0.5, share: 0.0 };
const NAME: Text = Text("text in quotes");

const AVERAGED: &[(&str, Averaged)] = &[
    ("deal_size", Averaged::DealSize),
    ("win_rate", Averaged::WinRate),
    ("cycle_days", Averaged::CycleDays),
    ("retention", Averaged::Retention),
];
const KINDS: &[(&str, AverageKind)] =
    &[("mean", AverageKind::Mean), ("weighted_mean", AverageKind::WeightedMean), ("median", AverageKind::Median)];
const SHARED_OUT: &[(&str, MixOf)] = &[("wins", MixOf::Wins), ("leads", MixOf::Leads)];
const PER: &[(&str, Per)] = &[("month", Per::Month), ("quarter", Per::Quarter), ("year", Per::Year)];

/// The numbers that an average of something can be; money where it is not known of what.
fn number_of(averaged: Option<Averaged>) -> Number {
    match averaged {
        Some(Averaged::WinRate | Averaged::Retention) => SHARE,
        Some(Averaged::CycleDays) => DAYS,
        Some(Averaged::DealSize) | None => MONEY,
    }
}

entries! {
    /// What a plan states, beside what is simulated. Every list may be left out.
    #[derive(Default)]
    #[serde(default)]
    Claims {
        /// Amounts and counts of a period: revenue, leads, pipeline.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        figures: Vec<QuotedFigure> = Objects,
        /// Averages over all regions, or of one region where the region's own fields do not say it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        averages: Vec<Average> = Objects,
        /// How wins or leads are shared out among the regions.
        #[serde(skip_serializing_if = "Option::is_none")]
        mix: Option<Mix> = Objects,
        /// Rates of growth, each of a metric.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        growth: Vec<QuotedGrowth> = Objects,
        /// The month in which selling starts.
        #[serde(skip_serializing_if = "Option::is_none")]
        launch: Option<Launch> = Objects,
        /// How many times the open pipeline covers a month's or a quarter's bookings.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        coverage: Vec<Coverage> = Objects,
        /// Returns on investment, with what they were worked out from.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        returns: Vec<Return> = Objects,
        /// Quota attainment of all, or of a region.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        quotas: Vec<Quota> = Objects,
        /// Classes of sellers with their share and their quota attainment.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        performers: Vec<Performers> = Objects,
        /// What a seller does in a week, in the order in which one follows from another.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        activities: Vec<Activity> = Objects,
        /// How many customers one head serves.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        staffing: Vec<Staffing> = Objects,
        /// The budget, line by line.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        budget: Vec<BudgetLine> = Objects,
    }

    /// A stated amount or count of a period.
    QuotedFigure {
        /// The words it was stated in, such as "Annual revenue".
        name: String = NAME,
        /// The metric that the amount or count is of.
        metric: Metric = MetricKey,
        /// As in targets, and also beyond the months played.
        period: String = Text("a period such as 2027, to 2028-12 or each-month"),
        /// The amount or count, as it was stated.
        value: QuotedNumber = AMOUNT,
        /// A region's key, if it is of one region.
        #[serde(skip_serializing_if = "Option::is_none")]
        region: Option<String> = NAME,
        /// One or more tags with their values, if it is of the regions that carry all of them.
        #[serde(skip_serializing_if = "Option::is_none")]
        tag: Option<IndexMap<String, String>> = Tags,
    }

    /// A stated average over deals, leads or customers.
    Average {
        /// The words it was stated in.
        name: String = NAME,
        /// The quantity that is averaged.
        of: Averaged = Word(AVERAGED),
        /// How much: currency, a share, or days.
        value: QuotedNumber = number_of(of),
        /// Which average it was said to be.
        #[cfg_attr(feature = "schema", schemars(default))]
        kind: AverageKind = WordOrUsual(KINDS),
        /// A region's key, if it is of one region.
        #[serde(skip_serializing_if = "Option::is_none")]
        region: Option<String> = NAME,
    }

    /// How wins or leads are shared out among the regions.
    Mix {
        /// What is shared out.
        of: MixOf = Word(SHARED_OUT),
        /// Each region's share, by key.
        shares: IndexMap<String, QuotedNumber> = SHARE,
    }

    /// A stated rate of growth.
    QuotedGrowth {
        /// The words it was stated in.
        name: String = NAME,
        /// The metric that grows.
        metric: Metric = MetricKey,
        /// The rate; 0.15 is 15 %.
        rate: QuotedNumber = GROWTH,
        /// The time in which it grows by that rate.
        per: Per = Word(PER),
    }

    /// The month in which selling starts.
    Launch {
        /// The first month of selling, counted from 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
        month: usize = Months,
    }

    /// How many times the open pipeline covers the bookings that are due.
    Coverage {
        /// The words it was stated in.
        name: String = NAME,
        /// Pipeline value over the bookings of the period.
        value: QuotedNumber = TIMES,
        /// The time whose bookings are covered.
        per: Per = Word(PER),
    }

    /// A stated return on investment, with what it was worked out from.
    Return {
        /// The words it was stated in.
        name: String = NAME,
        /// The return; 4 is 400 %.
        roi: QuotedNumber = RETURN,
        /// The amount that was invested.
        #[serde(skip_serializing_if = "Option::is_none")]
        invested: Option<QuotedNumber> = WRITTEN,
        /// Over which period that is spent.
        #[serde(skip_serializing_if = "Option::is_none")]
        invested_in: Option<String> = NAME,
        /// The revenue it brings.
        #[serde(skip_serializing_if = "Option::is_none")]
        returned: Option<QuotedNumber> = WRITTEN,
        /// In which period that comes.
        #[serde(skip_serializing_if = "Option::is_none")]
        returned_in: Option<String> = NAME,
    }

    /// Stated quota attainment, of all regions or of one.
    Quota {
        /// The words it was stated in.
        name: String = NAME,
        /// The share of the quota that is reached; 1.2 is 120 %.
        attainment: QuotedNumber = ATTAINMENT,
        /// A region's key, if it is of one region.
        #[serde(skip_serializing_if = "Option::is_none")]
        region: Option<String> = NAME,
    }

    /// A class of sellers.
    Performers {
        /// What they are called, such as "top".
        name: String = NAME,
        /// Their share of all sellers.
        share: QuotedNumber = SHARE,
        /// The share of the quota that they reach; 1.2 is 120 %.
        attainment: QuotedNumber = ATTAINMENT,
    }

    /// Something that a seller does, so many times a week.
    Activity {
        /// What it is, in the plural: "calls", "demos".
        name: String = NAME,
        /// How many a seller and week.
        #[serde(skip_serializing_if = "Option::is_none")]
        per_week: Option<QuotedNumber> = COUNT,
        /// The share of those it follows from that lead to it.
        #[serde(skip_serializing_if = "Option::is_none")]
        rate: Option<QuotedNumber> = SHARE,
        /// The activities it follows from, by name; the one before if absent.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "schema", schemars(default))]
        from: Vec<String> = NAME,
    }

    /// How many customers one head serves.
    Staffing {
        /// The words it was stated in, such as "Enterprise AEs".
        name: String = NAME,
        /// The budget line that pays them, by name.
        role: String = Text("the name of a budget line"),
        /// The number of customers that one head serves.
        customers_per_head: QuotedNumber = COUNT,
        /// A region's key, if it is of one region.
        #[serde(skip_serializing_if = "Option::is_none")]
        region: Option<String> = NAME,
    }

    /// A line of the budget.
    BudgetLine {
        /// What the money is for.
        name: String = NAME,
        /// The amount of the line.
        amount: QuotedNumber = WRITTEN,
        /// For how many months; those of the line it is part of if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
        months: Option<usize> = Months,
        /// The line that it is part of, by name.
        #[serde(skip_serializing_if = "Option::is_none")]
        part_of: Option<String> = NAME,
        /// Its share of that line.
        #[serde(skip_serializing_if = "Option::is_none")]
        share: Option<QuotedNumber> = SHARE,
        /// What a head of this role costs a year.
        #[serde(skip_serializing_if = "Option::is_none")]
        yearly_cost_per_head: Option<QuotedNumber> = MONEY,
    }
}

impl Claims {
    /// Reads the section `stated`.
    pub(in crate::scenario) fn read(node: &Node) -> Option<Claims> {
        Entry::of(node)
    }

    /// Whether no figure is stated at all.
    pub fn is_empty(&self) -> bool {
        let lists = [
            self.figures.len(),
            self.averages.len(),
            self.growth.len(),
            self.coverage.len(),
            self.returns.len(),
            self.quotas.len(),
            self.performers.len(),
            self.activities.len(),
            self.staffing.len(),
            self.budget.len(),
        ];
        lists.iter().all(|entries| *entries == 0) && self.mix.is_none() && self.launch.is_none()
    }
}

/// What an average is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Averaged {
    /// The value of a deal, over deals won.
    DealSize,
    /// The share of leads won, over leads.
    WinRate,
    /// Days from lead to decision, over deals won or over leads.
    CycleDays,
    /// The yearly share of customers who renew, over customers.
    Retention,
}

/// Which average a figure was said to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AverageKind {
    /// A mean, nothing said about weights.
    #[default]
    Mean,
    /// A mean that was said to be weighted.
    WeightedMean,
    /// A median, half of the values being lower.
    Median,
}

/// What a mix shares out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MixOf {
    /// The shares are of the deals won.
    Wins,
    /// The leads that arrive.
    Leads,
}

/// The time that a rate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// A month, 1 of 12 in a year.
    Month,
    /// A quarter of three months.
    Quarter,
    /// A year of twelve months.
    Year,
}

impl Per {
    /// How many months that is.
    pub fn months(self) -> usize {
        match self {
            Per::Month => 1,
            Per::Quarter => 3,
            Per::Year => 12,
        }
    }
}
