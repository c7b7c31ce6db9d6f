//! The addresses of all random streams of a model, by purpose, region and month.

use super::scope::{Cause, Resampling};
use crate::chance::{Address, Purpose, name_key};
use crate::model::{Model, Region};

/// The addresses of a region's streams, by month.
#[derive(Debug)]
pub(super) struct RegionStreams {
    pub(super) dispersion: Vec<Address>,
    pub(super) won: Vec<Address>,
    pub(super) won_tail: Vec<Address>,
    pub(super) lost: Vec<Address>,
    pub(super) lost_tail: Vec<Address>,
    pub(super) arrival: Vec<Address>,
    pub(super) stages: Vec<Address>,
    pub(super) retention: Vec<Address>,
    pub(super) size: Vec<Address>,
    pub(super) stalled: Vec<Address>,
    /// Which terms the contracts have that are signed in a month.
    pub(super) terms: Vec<Address>,
}

impl RegionStreams {
    /// The streams of `months` months, and of all `lookahead` months where simulation takes those.
    pub(super) fn new(
        seed: u64,
        resampling: Resampling,
        region: &Region,
        months: usize,
        lookahead: usize,
    ) -> RegionStreams {
        let name = name_key(&region.key);
        let pass = resampling.pass(Cause::Chance);
        let of = |purpose, count| (0..count).map(|m| Address::new(seed, pass, purpose, name, m)).collect::<Vec<_>>();
        RegionStreams {
            dispersion: of(Purpose::Dispersion, lookahead),
            won: of(Purpose::Won, lookahead),
            won_tail: of(Purpose::WonLate, months),
            lost: of(Purpose::Lost, months),
            lost_tail: of(Purpose::LostLate, months),
            arrival: of(Purpose::Arrival, lookahead),
            stages: of(Purpose::Stages, months),
            retention: of(Purpose::Retention, months),
            size: of(Purpose::Size, months),
            stalled: of(Purpose::Stalled, months),
            terms: of(Purpose::Terms, months),
        }
    }
}

/// The addresses of the leads of a region that is decided day by day, by month of arrival.
#[derive(Debug)]
pub(super) struct DailyStreams {
    /// How many arrive, a part each run of days.
    pub(super) leads: Vec<Address>,
    /// How many are decided, and how many of these are won: for each run of days a part for each month since.
    pub(super) decided: Vec<Address>,
    pub(super) won: Vec<Address>,
}

impl DailyStreams {
    pub(super) fn new(seed: u64, resampling: Resampling, region: &Region, months: usize) -> DailyStreams {
        let (name, pass) = (name_key(&region.key), resampling.pass(Cause::Chance));
        let of = |purpose| (0..months).map(|m| Address::new(seed, pass, purpose, name, m)).collect();
        DailyStreams { leads: of(Purpose::DailyLeads), decided: of(Purpose::Decided), won: of(Purpose::DecidedWon) }
    }
}

/// The addresses of the steps of the pace at which deals are won, and lost, by month; of one region or of all together.
pub(super) fn pace_addresses(
    seed: u64,
    resampling: Resampling,
    region: &Region,
    shared: bool,
    months: usize,
) -> [Vec<Address>; 2] {
    let name = if shared { 0 } else { name_key(&region.key) };
    let pass = resampling.pass(Cause::Pace);
    [0, 1].map(|o| (0..months).map(|m| Address::new(seed, pass, Purpose::Pace, name, m).part(o)).collect())
}

/// The address of all that becomes of an open deal, which has its id.
pub(super) fn open_deal_address(seed: u64, resampling: Resampling, id: &str) -> Address {
    Address::new(seed, resampling.pass(Cause::OpenDeals), Purpose::OpenDeal, name_key(id), 0)
}

/// The address of the renewals of a contract in force, which has its id, from the month on in which it next comes up.
pub(super) fn contract_address(seed: u64, resampling: Resampling, id: &str, due: usize) -> Address {
    Address::new(seed, resampling.pass(Cause::Chance), Purpose::Contract, name_key(id), due)
}

/// The address of what becomes of a one-off deal once it is won, which has its name.
pub(super) fn one_off_address(seed: u64, resampling: Resampling, name: &str) -> Address {
    Address::new(seed, resampling.pass(Cause::Chance), Purpose::OneOff, name_key(name), 0)
}

/// The address of the normals of each of a model's inputs, in the order of the inputs.
pub(super) fn input_addresses(model: &Model, resampling: Resampling) -> impl Iterator<Item = Address> {
    let pass = move |i: usize| resampling.pass(if model.is_event(i) { Cause::Events } else { Cause::Inputs });
    let inputs = model.inputs.iter().enumerate();
    inputs.map(move |(i, input)| Address::new(model.seed, pass(i), Purpose::Input, name_key(&input.path), 0))
}

/// The address of the market factor in each of the first months.
pub(super) fn market_addresses(model: &Model, resampling: Resampling, months: usize) -> impl Iterator<Item = Address> {
    (0..months).map(move |m| Address::new(model.seed, resampling.pass(Cause::Market), Purpose::Market, 0, m))
}

/// The address of the step of an exchange rate into each of the first months.
pub(super) fn rate_addresses(model: &Model, resampling: Resampling, code: &str, months: usize) -> Vec<Address> {
    let address = |m| Address::new(model.seed, resampling.pass(Cause::Rates), Purpose::Rate, name_key(code), m);
    (0..months).map(address).collect()
}
