//! report.html as text and as a parser reads it; `browser` has what takes a real browser.
#![allow(unreachable_pub)] // a module of a test binary has no outside

mod bytes;
pub mod names;
pub mod scenarios;
mod told;
mod tree;

use revcast::analysis::{Answer, WhatIfRun};
use revcast::engine::Execution;
use revcast::model::resolve;
use revcast::report::page;
use revcast::units::Frequency;
use serde_json::Value;

use crate::common::{forecast_scenario, scenario};

/// The page of a scenario, with what `--deep` adds where that is asked for.
pub fn page_of(json: &Value, with_deep: bool) -> String {
    page(&answer_of(json, with_deep), Frequency::Quarter, None).expect("its charts can be drawn")
}

/// What a run of a scenario answers.
fn answer_of(json: &Value, with_deep: bool) -> Answer {
    let scenario = scenario(json);
    let forecast = forecast_scenario(&scenario);
    let deep = with_deep.then(|| {
        let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
        let whatif = WhatIfRun::new(&scenario, model.clone()).unwrap_or_else(|faults| panic!("{faults}"));
        let deep = whatif.run(&Execution::new(None));
        deep.unwrap_or_else(|ended| panic!("{}", ended.error))
    });
    Answer { forecast, deep, moved: None, pipeline: None }
}
