//! What people call the fields of a scenario.

use super::types::Scenario;

impl Scenario {
    /// "Europe: win rate" for `regions.europe.conversion`; the path itself where it has no better name.
    pub fn label(&self, path: &str) -> String {
        let Some((key, field)) = path.strip_prefix("regions.").and_then(|rest| rest.split_once('.')) else {
            return general(path);
        };
        format!("{}: {}", self.region_label(key), field_name(field))
    }

    /// What people call a region: its label, else its key.
    pub(crate) fn region_label<'a>(&'a self, key: &'a str) -> &'a str {
        self.regions.get(key).and_then(|region| region.label.as_deref()).unwrap_or(key)
    }
}

/// "win rate" for a region's field `conversion`, "win rate, mean" for a parameter of it; the field itself where it has no better
/// name.
pub(crate) fn field_name(field: &str) -> String {
    let parameter = || {
        let (quantity, parameter) = field.rsplit_once('.')?;
        Some(format!("{}, {parameter}", of_region(quantity)?))
    };
    of_region(field).or_else(parameter).unwrap_or_else(|| field.to_owned())
}

/// What people call a field of a region.
fn of_region(field: &str) -> Option<String> {
    let bracketed = |prefix: &str| field.strip_prefix(prefix).and_then(|rest| rest.split_once(']'));
    let what = match field {
        "leads.monthly" => "leads a month",
        "leads.growth" => "growth of leads",
        "leads.ramp" => "ramp of leads",
        "leads.season" => "season of leads",
        "leads.overdispersion" => "scatter of leads by month",
        "conversion" => "win rate",
        "cycle" | "cycle.mean_days" => "sales cycle",
        "cycle.cv" => "spread of the sales cycle",
        "cycle.shape" => "shape of the sales cycle",
        "stages" => "stages of the funnel",
        "deal_size.mean" => "deal size",
        "deal_size.cv" => "spread of deal sizes",
        "deal_size.shape" => "shape of deal sizes",
        "retention" => "retention",
        "expansion" => "expansion at renewal",
        "exposure.leads" => "market's effect on leads",
        "exposure.conversion" => "market's effect on winning",
        "exposure.deal_size" => "market's effect on deal sizes",
        _ => {
            return match (bracketed("leads.growth["), bracketed("stages[")) {
                (Some((phase, ".rate")), _) => {
                    Some(format!("growth of leads, phase {}", phase.parse::<usize>().map_or(1, |p| p + 1)))
                }
                (_, Some((stage, ".pass"))) => Some(format!("share that passes {stage}")),
                (_, Some((stage, ".mean_days"))) => Some(format!("days in {stage}")),
                _ => None,
            };
        }
    };
    Some(what.to_owned())
}

fn general(path: &str) -> String {
    let named = |list: &str| path.strip_prefix(list)?.split_once(']').map(|(name, _)| name.to_owned());
    match path {
        "market.volatility" => "market: standard deviation in a month".to_owned(),
        "market.persistence" => "market: share carried over to the next month".to_owned(),
        "contract.term_months" => "months of a contract".to_owned(),
        "correlations" => "correlations between inputs".to_owned(),
        _ => match (named("targets["), named("investment["), named("levers[")) {
            (Some(name), ..) => format!("target {name}: at least"),
            (_, Some(name), _) => format!("investment: {name}"),
            (.., Some(name)) => format!("lever: {name}"),
            _ => path.to_owned(),
        },
    }
}
