//! What people call the fields of a scenario.

use super::draws::DRAWS;
use super::fields::{FieldName, NUMBERS, in_region};
use super::types::Scenario;

impl Scenario {
    /// "Europe: win rate" for `regions.europe.conversion`; the path itself where it has no better name.
    pub fn label(&self, path: &str) -> String {
        let Some((key, field)) = in_region(path) else { return self.label_outside(path) };
        format!("{}: {}", self.region_label(key), field_name(field))
    }

    /// What people call a field that is in no region.
    fn label_outside(&self, path: &str) -> String {
        let event = ["changes[", "one_offs["].into_iter().find_map(|list| path.strip_prefix(list)?.split_once("]."));
        match event {
            Some((name, "happens")) => format!("{name}: whether it happens"),
            Some((name, "chance")) => format!("{name}: chance"),
            Some((name, "delay_months")) => format!("{name}: delay"),
            Some((name, "amount")) => format!("{name}: amount"),
            Some((name, field)) => match field.strip_prefix("multiply[").and_then(|field| field.strip_suffix(']')) {
                Some(path) => format!("{name}: factor on {}", self.label(path)),
                None => path.to_owned(),
            },
            None => match path.strip_prefix("rates.").and_then(|rest| rest.strip_suffix(".rate")) {
                Some(code) => format!("{code} in {}: exchange rate", self.currency.code()),
                None => general(path),
            },
        }
    }

    /// What people call a region: its label, else its key.
    pub(crate) fn region_label<'a>(&'a self, key: &'a str) -> &'a str {
        let known = self.regions.get(key).and_then(|region| region.label.as_deref());
        known.unwrap_or(if key == "*" { "all regions" } else { key })
    }
}

/// "win rate" for a region's field `conversion`, "win rate, mean" for a parameter of it; the field itself where it has no better
/// name.
pub(crate) fn field_name(field: &str) -> String {
    if let Some(name) = FieldName::parse(field) {
        return name.label();
    }
    let number = NUMBERS.iter().find(|spec| spec.path == field).map(|spec| spec.label);
    number
        .unwrap_or(match field {
            "team.account_executives.headcount" => "account executives",
            "team.sales_development.headcount" => "people in sales development",
            "leads.ramp" => "ramp of leads",
            "leads.season" => "season of leads",
            "cycle" => "sales cycle",
            "cycle.shape" => "shape of the sales cycle",
            "stages" => "stages of the funnel",
            "deal_size.shape" => "shape of deal sizes",
            _ => field,
        })
        .to_owned()
}

fn general(path: &str) -> String {
    let named = |list: &str| path.strip_prefix(list)?.split_once(']').map(|(name, _)| name.to_owned());
    match path {
        "market.volatility" => "market: standard deviation in a month".to_owned(),
        "market.persistence" => "market: share carried over to the next month".to_owned(),
        "contract.term_months" => "months of a contract".to_owned(),
        "as_of" => "the as-of day".to_owned(),
        "pipeline" => "open deals".to_owned(),
        "contracts" => "contracts in force".to_owned(),
        DRAWS => "what is drawn together".to_owned(),
        "correlations" => "correlations between inputs".to_owned(),
        _ => match (named("targets["), named("investment["), named("levers[")) {
            (Some(name), ..) => format!("target {name}: at least"),
            (_, Some(name), _) => format!("investment: {name}"),
            (.., Some(name)) => format!("lever: {name}"),
            _ => path.to_owned(),
        },
    }
}
