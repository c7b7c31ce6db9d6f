//! What can only be checked of people when months and leads are known.

use super::reader::Reading;
use super::region::Region;
use super::team::RoleKind;
use super::types::Scenario;

/// Notes people without leads, hires that never begin, and activities that nobody does.
pub(super) fn check(reading: &Reading, scenario: &Scenario, horizon_known: bool) {
    let horizon = scenario.horizon();
    for (key, region) in &scenario.regions {
        check_activities(reading, key, region);
        let Some(team) = &region.team else { continue };
        for kind in RoleKind::ALL {
            let Some(role) = team.role(kind) else { continue };
            for (i, hire) in role.hires.iter().enumerate().filter(|_| horizon_known) {
                if (horizon.start..=horizon.last()).contains(&hire.month) {
                    continue;
                }
                reading.fault(
                    &format!("regions.{key}.team.{}.hires[{i}].month", kind.key()),
                    &format!("/regions/{key}/team/{}/hires/{i}/month", kind.key()),
                    hire.month.to_string(),
                    format!("a month of {} to {}", horizon.start, horizon.last()),
                    if hire.month < horizon.start {
                        "whoever is there already belongs in headcount"
                    } else {
                        "play more months, or leave the hire out"
                    },
                );
            }
        }
        let waits = RoleKind::ALL.iter().filter_map(|kind| team.role(*kind)).any(|role| role.waiting > 0);
        let none = region.leads.monthly.as_ref().is_some_and(|leads| leads.law().as_fixed() == Some(0.0));
        if none && !waits && !reading.is_faulty(&format!("regions.{key}.leads")) {
            reading.fault(
                &format!("regions.{key}.team"),
                &format!("/regions/{key}/team"),
                "a team beside no leads".to_owned(),
                "leads a month, activities, or leads that wait",
                "people work leads; what they cost alone is an item of investment",
            );
        }
    }
}

/// Notes activities in a region without sales development.
fn check_activities(reading: &Reading, key: &str, region: &Region) {
    let developers = region.team.as_ref().and_then(|team| team.sales_development.as_ref());
    let nobody = developers.is_none_or(|role| role.headcount == 0 && role.hires.is_empty());
    if !region.leads.activities.is_empty() && nobody {
        reading.fault(
            &format!("regions.{key}.leads.activities"),
            &format!("/regions/{key}/leads/activities"),
            "activities that nobody does".to_owned(),
            "team.sales_development with a headcount or hires beside them",
            "",
        );
    }
}
