//! The columns of a shard: the engine's, then the main figure in the passes that its shares of variance take.

use crate::engine::{Resampling, SimulationScope};
use crate::forecast::passes;
use crate::model::Model;
use crate::outcomes::ColumnLayout;

/// The names of the columns, in order: measures of regions by month, mean deal sizes, gross margins and retention, executives at quota and by class, inputs, and the main figure's passes.
pub(super) fn names(model: &Model) -> Vec<String> {
    let horizon = &model.horizon;
    let mut names = Vec::new();
    for region in &model.regions {
        for measure in layout(model).measures() {
            names.extend((0..horizon.months).map(|m| format!("{}:{}:{}", measure.key(), region.key, horizon.month(m))));
        }
    }
    names.extend(model.regions.iter().map(|region| format!("mean_size:{}", region.key)));
    if model.has_margin() {
        for what in ["gross_margin", "retention"] {
            names.extend(model.regions.iter().map(|region| format!("{what}:{}", region.key)));
        }
    }
    for months in &model.quota_periods {
        for what in ["with_quota", "at_quota"] {
            let period = format!("{what}:{}..{}", horizon.month(months.start), horizon.month(months.end - 1));
            names.extend(model.regions.iter().map(|region| format!("{period}:{}", region.key)));
        }
    }
    for class in &model.classes {
        for what in ["quota", "booked"] {
            names.extend(model.regions.iter().map(|region| format!("class_{what}:{class}:{}", region.key)));
        }
    }
    names.extend(model.inputs.iter().map(|input| format!("input:{}", input.path)));
    names.extend(passes(model).into_iter().map(|pass| format!("main_figure:{}", key(pass))));
    names
}

/// Where the engine's columns lie.
pub(super) fn layout(model: &Model) -> ColumnLayout {
    SimulationScope::whole(model).layout(model)
}

/// What a pass is called.
fn key(pass: Resampling) -> &'static str {
    match pass {
        Resampling::None => "run",
        Resampling::AllButEvents => "fresh_all_but_events",
        Resampling::AllButInputs => "fresh_chance",
        Resampling::ChanceOnly => "fresh_rest",
        Resampling::AllButPace => "fresh_rest_but_pace",
        Resampling::AllButRates => "fresh_rest_but_rates",
        Resampling::AllButPeople => "fresh_rest_but_people",
        Resampling::AllButOpenDeals => "fresh_rest_but_open_deals",
    }
}
