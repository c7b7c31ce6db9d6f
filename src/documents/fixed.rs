//! The fields of a scenario that are fixed numbers, and which inputs go together.

use serde::{Deserialize, Serialize};

use crate::scenario::{FieldId, NUMBERS, Scenario};

/// A field of the scenario that is a fixed number, as it was entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FixedField {
    /// The path of the field in the scenario.
    pub path: String,
    /// What people call it: "Europe: win rate".
    pub label: String,
    /// The number that the field has in every trial.
    pub value: f64,
    /// Whether it is one of the fields that can be uncertain, and so has a unit.
    pub is_quantity: bool,
    /// Over how many months an amount is spent; of an investment alone.
    pub months: Option<usize>,
    /// Why it is believed.
    pub note: Option<String>,
    /// Where it was found.
    pub source: Option<String>,
}

/// A correlation between inputs, as it was entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrelationInfo {
    /// The paths of the inputs, in which * stands for all regions.
    pub between: [String; 2],
    /// The rank correlation of the two inputs.
    pub rho: f64,
    /// What a person noted beside it, word for word.
    pub note: Option<String>,
}

impl FixedField {
    fn new(scenario: &Scenario, path: &str, value: f64, source: Option<&str>, note: Option<&str>) -> FixedField {
        FixedField {
            path: path.to_owned(),
            label: scenario.label(path),
            value,
            is_quantity: false,
            months: None,
            note: note.map(str::to_owned),
            source: source.map(str::to_owned),
        }
    }
}

/// The fixed fields in the order in which they are told: those of the whole scenario, the quantities, those of each region.
pub(super) fn fixed_fields(scenario: &Scenario) -> Vec<FixedField> {
    let (contract, market) = (&scenario.contract, &scenario.market);
    let (of_market, why) = (market.source.as_deref(), market.note.as_deref());
    let term = contract.term_months as f64;
    let mut fields = vec![
        FixedField::new(scenario, "contract.term_months", term, contract.source.as_deref(), contract.note.as_deref()),
        FixedField::new(scenario, "market.volatility", market.volatility, of_market, why),
        FixedField::new(scenario, "market.persistence", market.persistence, None, None),
    ];
    fields.extend(scenario.investment.iter().enumerate().map(|(i, item)| FixedField {
        path: format!("investment[{i}].amount"),
        label: format!("investment: {}", item.name),
        value: item.amount,
        is_quantity: false,
        months: Some(item.months),
        note: item.note.clone(),
        source: item.source.clone(),
    }));
    fields.extend(scenario.quantities().into_iter().filter_map(|(path, quantity)| {
        let note = quantity.note().or(phase_note(scenario, &path));
        let field = FixedField::new(scenario, &path, quantity.law().as_fixed()?, quantity.source(), note);
        Some(FixedField { is_quantity: true, ..field })
    }));
    fields.extend(scenario.regions.keys().flat_map(|key| of_region(scenario, key)));
    fields
}

/// What is noted of a phase of growth, whose rate has no note of its own.
fn phase_note<'a>(scenario: &'a Scenario, path: &str) -> Option<&'a str> {
    let (key, FieldId::PhaseGrowth(phase)) = scenario.field(path)? else { return None };
    scenario.regions.get(key)?.leads.growth.phases().get(phase)?.note.as_deref()
}

/// The plain numbers of a region, such as spreads, and how the market moves it where the market moves anything.
fn of_region(scenario: &Scenario, key: &str) -> Vec<FixedField> {
    let region = &scenario.regions[key];
    let shown = NUMBERS.iter().filter(|spec| !spec.of_market || scenario.market.volatility > 0.0);
    let field = shown.filter_map(|spec| {
        let path = format!("regions.{key}.{}", spec.path);
        Some(FixedField::new(scenario, &path, (spec.get)(region)?, None, (spec.note)(region)))
    });
    field.collect()
}

/// The correlations as entered, and how many pairs of inputs they are between.
pub(super) fn correlations(scenario: &Scenario) -> (Vec<CorrelationInfo>, usize) {
    // Reading has refused pairs that are named twice.
    let inputs = scenario.inputs();
    let pairs = scenario.correlations.iter().map(|correlation| correlation.pairs(&inputs).len()).sum();
    let entered = scenario.correlations.iter().map(|correlation| CorrelationInfo {
        between: correlation.between.clone(),
        rho: correlation.rho,
        note: correlation.note.clone(),
    });
    (entered.collect(), pairs)
}
