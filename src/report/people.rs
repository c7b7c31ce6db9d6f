//! How the people of a scenario are read: who is there, how much they take on, what that comes to.

use crate::forecast::plan_line;
use crate::model::{Capacity, Model, Role};
use crate::outcomes::Grid;
use crate::scenario::{Metric, RoleKind, Scenario};
use crate::units::format::{count, list, percent, significant};
use crate::units::plain;

/// A role of a region with what is read of it: "2 from 2027-01, 1 from 2027-04; each works 25 opportunities at a time, 17 a month; …".
pub(super) fn people(scenario: &Scenario, model: &Model) -> Vec<(String, String)> {
    let (means, plan) = (model.mean_inputs(), plan_line(model));
    let mut told = Vec::new();
    for (r, region) in model.regions.iter().enumerate() {
        let Some(team) = &region.team else { continue };
        let last = model.horizon.months - 1;
        let known = model.running.as_ref().map_or(0, |running| running.known_months.min(last));
        let of = |metric: Metric| Grid::new(model, &plan, metric, &[r]).period(known..last + 1)[0];
        for kind in RoleKind::ALL {
            let Some(role) = &team.roles[kind as usize] else { continue };
            let mut said = vec![who(role, model)];
            let day = team.months.start;
            let each = match role.capacity {
                Capacity::Unlimited => None,
                Capacity::PerMonth(leads) => {
                    let verb = if kind == RoleKind::Executives { "starts" } else { "qualifies" };
                    Some(format!("each {verb} {} a month", significant(leads.at(&means), 3)))
                }
                Capacity::AtATime(open) => {
                    let (open, days) = (open.at(&means), region.days_in_work(model, day, &means));
                    Some(format!(
                        "each works {} at a time, {} a month at {} days each",
                        significant(open, 3),
                        significant(open * crate::units::DAYS_PER_MONTH / days, 3),
                        significant(days, 3)
                    ))
                }
            };
            said.push(each.unwrap_or_else(|| "without a limit to what they take on".to_owned()));
            let attrition = role.attrition.at(&means);
            if attrition > 0.0 {
                let replaced = role.replaced_after.map_or_else(
                    || "nobody replaces them".to_owned(),
                    |months| format!("replaced after {}", count(months, "month")),
                );
                said.push(format!("{} leave in a year, {replaced}", percent(attrition)));
            }
            let utilisation =
                of(if kind == RoleKind::Executives { Metric::AeUtilisation } else { Metric::SdrUtilisation });
            if utilisation.is_finite() {
                said.push(format!("utilisation on the plan line {}", percent(utilisation)));
            }
            let label = plain(scenario.region_label(&region.key)).to_string();
            told.push((format!("{label}: {}", kind.name()), said.join("; ")));
        }
    }
    told
}

/// "2 there, 1 from 2027-04".
fn who(role: &Role, model: &Model) -> String {
    let hires = role.hires.iter().map(|hire| format!("{} from {}", hire.count, model.horizon.month(hire.month)));
    let there = (role.headcount > 0 || role.hires.is_empty()).then(|| format!("{} there", role.headcount));
    let all: Vec<String> = there.into_iter().chain(hires).collect();
    list(&all)
}
