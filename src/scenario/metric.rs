//! What can be forecast: the table of metrics, and the source of the business that a figure counts.

use serde::{Deserialize, Serialize};

use super::metric_source::Source;
use super::needs::Needs;

/// The metrics that are forecast: flows, which are summed over months, and levels at a month's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// The leads that arrive in a period.
    Leads,
    /// The deals that are won in a period.
    WonDeals,
    /// The leads that are lost in a period.
    LostDeals,
    /// Leads not decided at the end of the month.
    OpenDeals,
    /// Value of new deals, in the month they close.
    Bookings,
    /// Value renewed, in the renewal month.
    Renewals,
    /// Bookings and renewals: what a plan calls sales revenue.
    TotalBookings,
    /// Recognised revenue: value spread evenly over the contract's months.
    Revenue,
    /// Yearly value of the contracts active at the end of the month.
    Arr,
    /// Contracts active at the end of the month.
    Customers,
    /// Open deals times the trial's mean deal size.
    PipelineValue,
    /// The same, each open deal weighted by its chance of being won.
    WeightedPipeline,
    /// Money spent on selling; for the total only.
    Investment,
    /// (cumulative total bookings − cumulative investment) / cumulative investment; for the total only. On bookings, not profit.
    Roi,
    /// Bookings of the time before the as-of day.
    BookingsClosed,
    /// Bookings of the deals that were open on the as-of day.
    BookingsFromOpen,
    /// Bookings of leads that come from the as-of day on.
    BookingsFromNew,
    /// Bookings of deals that are planned one by one.
    BookingsFromOneOffs,
    /// Renewals of the time before the as-of day.
    RenewalsClosed,
    /// Renewals of the contracts that were in force on the as-of day.
    RenewalsFromContracts,
    /// Renewals of contracts signed since.
    RenewalsFromNew,
    /// The ARR of contracts signed.
    ArrNew,
    /// What ARR gains by renewals above the same contract's ARR before.
    ArrExpansion,
    /// What ARR loses by renewals below that.
    ArrContraction,
    /// The ARR of contracts that miss their renewal.
    ArrChurn,
    /// Net revenue retention: 1 + (expansion − contraction − churn) / ARR at the beginning.
    Nrr,
    /// Gross revenue retention: 1 − (contraction + churn) / ARR at the beginning.
    Grr,
    /// Customer acquisition cost: investment / deals won.
    Cac,
    /// Yearly revenue per account: ARR / customers, at the end of the month.
    Arpa,
    /// Lifetime value of a customer: ARR · gross margin / (1 − retention), summed over regions, / customers, at the end of the month.
    Ltv,
    /// Months until the gross margin on what is signed has paid for winning it: 12 · investment / (new ARR · gross margin).
    CacPaybackMonths,
    /// [`Metric::Roi`] with total bookings times gross margin; for the total only.
    MarginRoi,
    /// Account executives at the end of the month.
    AeHeadcount,
    /// People in sales development at the end of the month.
    SdrHeadcount,
    /// Leads that executives begin to work; without executives, all that arrive.
    StartedLeads,
    /// Leads that wait for sales development or for an executive at the end of the month.
    WaitingLeads,
    /// Leads that expire while they wait.
    ExpiredLeads,
    /// Leads that executives could start, where there is a limit to what they take on.
    AeCapacity,
    /// Leads that sales development could qualify, where there is a limit.
    SdrCapacity,
    /// Leads that executives start over those that they could have started.
    AeUtilisation,
    /// Leads that sales development qualifies over those that it could have qualified.
    SdrUtilisation,
    /// Bookings over the quotas of all executives.
    QuotaAttainment,
    /// Of the executives there throughout a period and with a quota in it, the share whose deals reach it.
    RepsAtQuota,
    /// Bookings over the mean number of executives.
    BookingsPerRep,
}

/// The table of metrics, in the order of reports. Whoever needs to know something about a metric asks this table.
const METRICS: [MetricSpec; 44] = [
    MetricSpec::count(Metric::Leads, "leads", "leads").flow().of_all_leads().of_trials(),
    MetricSpec::count(Metric::WonDeals, "won_deals", "won deals").flow().of_trials(),
    MetricSpec::count(Metric::LostDeals, "lost_deals", "lost deals").flow().of_all_leads().of_trials().better_low(),
    MetricSpec::count(Metric::OpenDeals, "open_deals", "open deals").of_all_leads().of_trials().better_low(),
    MetricSpec::money(Metric::Bookings, "bookings", "bookings").plural().flow().of_bookings().of_trials(),
    MetricSpec::money(Metric::Renewals, "renewals", "renewals").plural().flow().of_trials(),
    MetricSpec::money(Metric::TotalBookings, "total_bookings", "total bookings").plural().flow(),
    MetricSpec::money(Metric::Revenue, "revenue", "recognised revenue").flow().of_trials(),
    MetricSpec::money(Metric::Arr, "arr", "ARR").of_trials(),
    MetricSpec::count(Metric::Customers, "customers", "customers").of_trials(),
    MetricSpec::money(Metric::PipelineValue, "pipeline_value", "pipeline value").of_all_leads().of_trials(),
    MetricSpec::money(Metric::WeightedPipeline, "weighted_pipeline", "weighted pipeline").of_all_leads(),
    MetricSpec::money(Metric::Investment, "investment", "investment").flow().of_investment().better_low(),
    MetricSpec::ratio(Metric::Roi, "roi", "return on investment").of_investment(),
    MetricSpec::money(Metric::BookingsClosed, "bookings_closed", "bookings closed")
        .part(Metric::Bookings, Source::Closed)
        .of_bookings(),
    MetricSpec::money(Metric::BookingsFromOpen, "bookings_from_open", "bookings from open deals")
        .part(Metric::Bookings, Source::Open)
        .of_bookings(),
    MetricSpec::money(Metric::BookingsFromNew, "bookings_from_new", "bookings from new leads")
        .part(Metric::Bookings, Source::New)
        .of_bookings(),
    MetricSpec::money(Metric::BookingsFromOneOffs, "bookings_from_one_offs", "bookings from one-off deals")
        .part(Metric::Bookings, Source::OneOffs)
        .of_bookings(),
    MetricSpec::money(Metric::RenewalsClosed, "renewals_closed", "renewals closed")
        .part(Metric::Renewals, Source::Closed),
    MetricSpec::money(Metric::RenewalsFromContracts, "renewals_from_contracts", "renewals of contracts in force")
        .part(Metric::Renewals, Source::Contracts),
    MetricSpec::money(Metric::RenewalsFromNew, "renewals_from_new", "renewals of new contracts")
        .part(Metric::Renewals, Source::New),
    MetricSpec::money(Metric::ArrNew, "arr_new", "new ARR").flow().of_bookings().needs(Needs::Contracts),
    MetricSpec::money(Metric::ArrExpansion, "arr_expansion", "ARR expansion").flow().needs(Needs::Contracts),
    MetricSpec::money(Metric::ArrContraction, "arr_contraction", "ARR contraction")
        .flow()
        .needs(Needs::Contracts)
        .better_low(),
    MetricSpec::money(Metric::ArrChurn, "arr_churn", "ARR churn").flow().needs(Needs::Contracts).better_low(),
    MetricSpec::ratio(Metric::Nrr, "nrr", "net revenue retention").of_whole_period().needs(Needs::Contracts),
    MetricSpec::ratio(Metric::Grr, "grr", "gross revenue retention").of_whole_period().needs(Needs::Contracts),
    MetricSpec::money(Metric::Cac, "cac", "CAC")
        .quotient(&[Metric::Investment, Metric::WonDeals])
        .counts_deals()
        .of_whole_period()
        .of_costs(Needs::Costs)
        .better_low(),
    MetricSpec::money(Metric::Arpa, "arpa", "ARPA")
        .quotient(&[Metric::Arr, Metric::Customers])
        .counts_deals()
        .needs(Needs::Costs),
    MetricSpec::money(Metric::Ltv, "ltv", "LTV")
        .quotient(&[Metric::Arr, Metric::Customers])
        .counts_deals()
        .needs(Needs::Margin),
    MetricSpec::new(Metric::CacPaybackMonths, "cac_payback_months", "months to pay back CAC", MetricUnit::Months)
        .plural()
        .quotient(&[Metric::Investment, Metric::ArrNew])
        .of_whole_period()
        .of_bookings()
        .of_costs(Needs::Margin)
        .better_low(),
    MetricSpec::ratio(Metric::MarginRoi, "margin_roi", "ROI at gross margin").of_investment().needs(Needs::Margin),
    MetricSpec::count(Metric::AeHeadcount, "ae_headcount", "account executives").of_trials().needs(Needs::Team),
    MetricSpec::count(Metric::SdrHeadcount, "sdr_headcount", "people in sales development")
        .of_trials()
        .needs(Needs::Team),
    MetricSpec::count(Metric::StartedLeads, "started_leads", "leads started")
        .flow()
        .of_all_leads()
        .of_trials()
        .needs(Needs::Team),
    MetricSpec::count(Metric::WaitingLeads, "waiting_leads", "leads waiting")
        .of_trials()
        .needs(Needs::Team)
        .better_low(),
    MetricSpec::count(Metric::ExpiredLeads, "expired_leads", "leads expired")
        .flow()
        .of_trials()
        .needs(Needs::Team)
        .better_low(),
    MetricSpec::count(Metric::AeCapacity, "ae_capacity", "leads that executives could start")
        .flow()
        .of_trials()
        .needs(Needs::Team),
    MetricSpec::count(Metric::SdrCapacity, "sdr_capacity", "leads that sales development could qualify")
        .flow()
        .of_trials()
        .needs(Needs::Team),
    MetricSpec::ratio(Metric::AeUtilisation, "ae_utilisation", "utilisation of executives")
        .of_whole_period()
        .counts_deals()
        .needs(Needs::Team),
    MetricSpec::ratio(Metric::SdrUtilisation, "sdr_utilisation", "utilisation of sales development")
        .of_whole_period()
        .counts_deals()
        .needs(Needs::Team),
    MetricSpec::ratio(Metric::QuotaAttainment, "quota_attainment", "quota attainment")
        .quotient(&[Metric::Bookings])
        .of_whole_period()
        .needs(Needs::Team),
    MetricSpec::ratio(Metric::RepsAtQuota, "reps_at_quota", "executives at quota")
        .of_whole_period()
        .plural()
        .counts_deals()
        .needs(Needs::Team),
    MetricSpec::money(Metric::BookingsPerRep, "bookings_per_rep", "bookings an executive")
        .plural()
        .quotient(&[Metric::Bookings])
        .of_whole_period()
        .needs(Needs::Team),
];

// The table is in the order of the enum, so that a metric finds its row by its number.
const _: () = {
    let mut i = 0;
    while i < METRICS.len() {
        assert!(METRICS[i].metric as usize == i);
        i += 1;
    }
};

/// What is known about a metric.
#[derive(Clone, Copy, Debug)]
pub struct MetricSpec {
    /// The metric that the row is about.
    pub metric: Metric,
    /// The name of the metric in files.
    pub key: &'static str,
    /// The name of the metric in sentences.
    pub name: &'static str,
    /// Whether that name is a plural: bookings add up, revenue adds up.
    pub plural: bool,
    /// The unit of its values.
    pub unit: MetricUnit,
    /// Whether it adds up over months (a flow); the others are stocks, which have a level at the end of each month.
    pub is_flow: bool,
    /// Whether it is defined for the total of all regions alone; investment where no costs are told by region.
    pub total_only: bool,
    /// Whether each period's value is formed of the period as a whole: it is neither the sum of its months nor that of its last one.
    pub of_whole_period: bool,
    /// Whether it is one number over another, which does not add up over regions.
    pub quotient: bool,
    /// The metrics that it is formed of and is unknown without.
    pub formed_of: &'static [Metric],
    /// Whether it follows from how many deals are won, and not from their amounts alone.
    pub counts_deals: bool,
    /// Whether it follows from won deals alone: leads that are lost or still open have no part in it.
    pub won_deals_only: bool,
    /// Whether it follows from bookings alone: how many deals are won, and what becomes of customers, has no part in it.
    pub bookings_only: bool,
    /// Whether it depends on the investment.
    pub of_investment: bool,
    /// Whether a low outcome is no bad one.
    pub better_low: bool,
    /// Whether files of trials have a column of it; the other metrics follow from those columns.
    pub in_trials: bool,
    /// The source of the business that it counts.
    pub source: Source,
    /// The metric that it is a part of, with those of the other sources.
    pub part_of: Option<Metric>,
    /// What a scenario must give for it to exist.
    pub needs: Needs,
}

/// The units that metrics are measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricUnit {
    /// An amount in the currency of the scenario.
    Money,
    /// A number of leads, deals or contracts.
    Count,
    /// A ratio, which is shown in percent.
    Ratio,
    /// A number of months.
    Months,
}

impl MetricSpec {
    const fn new(metric: Metric, key: &'static str, name: &'static str, unit: MetricUnit) -> MetricSpec {
        MetricSpec {
            metric,
            key,
            name,
            plural: false,
            unit,
            is_flow: false,
            total_only: false,
            of_whole_period: false,
            quotient: false,
            formed_of: &[],
            counts_deals: false,
            won_deals_only: true,
            bookings_only: false,
            of_investment: false,
            better_low: false,
            in_trials: false,
            source: Source::All,
            part_of: None,
            needs: Needs::Nothing,
        }
    }

    /// The part of a flow that comes from one source.
    const fn part(self, whole: Metric, source: Source) -> MetricSpec {
        MetricSpec { source, part_of: Some(whole), ..self.plural().flow().needs(Needs::Running) }
    }

    const fn needs(self, needs: Needs) -> MetricSpec {
        MetricSpec { needs, ..self }
    }

    const fn money(metric: Metric, key: &'static str, name: &'static str) -> MetricSpec {
        MetricSpec::new(metric, key, name, MetricUnit::Money)
    }

    /// The name of a count is a plural.
    const fn count(metric: Metric, key: &'static str, name: &'static str) -> MetricSpec {
        MetricSpec::new(metric, key, name, MetricUnit::Count).plural().counts_deals()
    }

    const fn ratio(metric: Metric, key: &'static str, name: &'static str) -> MetricSpec {
        MetricSpec::new(metric, key, name, MetricUnit::Ratio).quotient(&[])
    }

    const fn quotient(self, formed_of: &'static [Metric]) -> MetricSpec {
        MetricSpec { quotient: true, formed_of, ..self }
    }

    const fn of_whole_period(self) -> MetricSpec {
        MetricSpec { of_whole_period: true, ..self }
    }

    const fn counts_deals(self) -> MetricSpec {
        MetricSpec { counts_deals: true, ..self }
    }

    /// Investment is in it, that of each region.
    const fn of_costs(self, needs: Needs) -> MetricSpec {
        MetricSpec { of_investment: true, needs, ..self }
    }

    const fn plural(self) -> MetricSpec {
        MetricSpec { plural: true, ..self }
    }

    const fn flow(self) -> MetricSpec {
        MetricSpec { is_flow: true, ..self }
    }

    const fn of_all_leads(self) -> MetricSpec {
        MetricSpec { won_deals_only: false, ..self }
    }

    const fn of_bookings(self) -> MetricSpec {
        MetricSpec { bookings_only: true, ..self }
    }

    /// It is of all investment.
    const fn of_investment(self) -> MetricSpec {
        MetricSpec { of_investment: true, total_only: true, ..self }
    }

    const fn better_low(self) -> MetricSpec {
        MetricSpec { better_low: true, ..self }
    }

    const fn of_trials(self) -> MetricSpec {
        MetricSpec { in_trials: true, ..self }
    }
}

impl Metric {
    /// Every metric, in the order of reports.
    pub const ALL: [Metric; METRICS.len()] = {
        let mut all = [Metric::Leads; METRICS.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = METRICS[i].metric;
            i += 1;
        }
        all
    };

    /// What is known about the metric.
    pub const fn spec(self) -> &'static MetricSpec {
        &METRICS[self as usize]
    }

    /// The name of the metric in files.
    pub fn key(self) -> &'static str {
        self.spec().key
    }

    /// The name of the metric in sentences.
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// Its parts by source, which add up to it in every trial; none of a metric that has none. Total bookings have those of bookings and of
    /// renewals.
    pub fn parts(self) -> impl Iterator<Item = Metric> {
        let is_part = move |metric: &Metric| match metric.spec().part_of {
            Some(whole) => whole == self || self == Metric::TotalBookings,
            None => false,
        };
        Metric::ALL.into_iter().filter(is_part)
    }

    /// The unit of its values.
    pub fn unit(self) -> MetricUnit {
        self.spec().unit
    }

    /// Whether it adds up over months; the other metrics have a level at the end of each month.
    pub fn is_flow(self) -> bool {
        self.spec().is_flow
    }

    /// Whether its value of a period compares the period's end with its beginning: neither a sum nor a level.
    pub fn compares_periods(self) -> bool {
        matches!(self, Metric::Nrr | Metric::Grr)
    }

    /// Whether it is a level at the end of each month.
    pub fn is_level(self) -> bool {
        !self.is_of_period()
    }

    /// Whether it belongs to a period as a whole, and not to its end.
    pub(crate) fn is_of_period(self) -> bool {
        self.is_flow() || self.spec().of_whole_period
    }

    /// Whether the values of regions add up to that of all of them.
    pub fn adds_up(self) -> bool {
        !self.spec().quotient && !self.spec().total_only
    }

    /// Whether it is an amount of money.
    pub fn is_money(self) -> bool {
        self.unit() == MetricUnit::Money
    }

    /// Whether it is a ratio, which is shown in percent.
    pub fn is_ratio(self) -> bool {
        self.unit() == MetricUnit::Ratio
    }

    /// Whether it is defined for the total of all regions alone, in a scenario that tells `costs` by region or does not.
    pub fn total_only(self, costs: bool) -> bool {
        self.spec().total_only && !(self == Metric::Investment && costs)
    }
}
