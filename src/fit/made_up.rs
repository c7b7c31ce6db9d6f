//! Opportunities made up for tests.

use super::data_report::DataReport;
use super::day::Day;
use super::opportunities::{Deal, NEVER, Opportunities};
use super::outcome::Outcome;
use super::region_names::RegionNames;
use crate::chance::{Address, Purpose};

/// Deals created from the start of 2025 on, one a day, in some regions; decided at a constant chance a day of 1 % and 2 %, but for one in
/// seven that never is. All is known to the end of day 20,600.
pub(super) fn deals(count: usize, regions: u16) -> Vec<Deal> {
    let address = Address::new(5, 0, Purpose::Fit, 0, 0);
    let deal = |i: usize| {
        let mut stream = address.stream(i as u64);
        let created = 20_089 + i as Day;
        let days = (libm::log(stream.uniform()) / libm::log(0.97)) as Day;
        let outcome = if stream.uniform() < 1.0 / 3.0 { Outcome::Won } else { Outcome::Lost };
        let decided = !i.is_multiple_of(7);
        Deal {
            id: format!("deal {i}").into(),
            region: (i % usize::from(regions)) as u16,
            created,
            closed: if decided { created + days } else { NEVER },
            outcome: if decided { outcome } else { Outcome::Open },
            amount: Some(1000.0 + (i % 50) as f64),
            stage: None,
            expected: None,
        }
    };
    (0..count).map(deal).collect()
}

/// The opportunities that some deals are.
pub(super) fn opportunities(deals: Vec<Deal>) -> Opportunities {
    let mut regions = RegionNames::default();
    for region in 0..=deals.iter().map(|deal| deal.region).max().unwrap_or(0) {
        regions.number(&format!("region {region}"));
    }
    let report = DataReport { rows: deals.len(), used: deals.len(), ..DataReport::default() };
    Opportunities { report, regions, deals, booked: Vec::new(), stages: Vec::new(), entries: None, currency: None }
}
