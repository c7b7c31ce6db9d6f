//! What can only be checked of costs when all regions are known.

use super::reader::Reading;
use super::types::Scenario;
use crate::units::closest;

/// Notes regions without a gross margin beside others that have one, and items of investment for no region; `faulty` are the paths of faults
/// so far.
pub(super) fn check(reading: &Reading, scenario: &Scenario, faulty: &[String]) {
    let path = |key: &str| format!("regions.{key}.gross_margin");
    let is_faulty = |key: &str| faulty.iter().any(|fault| fault.starts_with(&path(key)));
    if scenario.has_margin() || scenario.regions.keys().any(|key| is_faulty(key)) {
        let without = scenario.regions.iter().filter(|(key, region)| region.gross_margin.is_none() && !is_faulty(key));
        for (key, _) in without {
            reading.fault(
                &path(key),
                &format!("/regions/{key}"),
                "no gross margin beside that of other regions".to_owned(),
                "a gross margin in every region, or in none",
                "",
            );
        }
    }
    // A region that could not be read at all is one that may be meant.
    if faulty.iter().any(|fault| fault.starts_with("regions") && fault.matches('.').count() < 2) {
        return;
    }
    for (i, item) in scenario.investment.iter().enumerate() {
        if let Some(region) = item.region.as_ref().filter(|region| !scenario.regions.contains_key(*region)) {
            reading.fault(
                &format!("investment[{}].region", item.name),
                &format!("/investment/{i}/region"),
                format!("no region \"{region}\""),
                "the key of a region",
                closest(region, scenario.regions.keys()),
            );
        }
    }
}
