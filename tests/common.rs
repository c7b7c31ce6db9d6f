//! What tests share: running a scenario given as JSON.
#![allow(unreachable_pub)] // a module of a test binary has no outside

use revcast::engine::{Monitor, Part, Pass, Workers, play};
use revcast::forecast::{Forecast, forecast};
use revcast::model::{Model, resolve};
use revcast::outcomes::Outcomes;
use revcast::scenario::{Scenario, load};
use serde_json::Value;

/// Reads a scenario that is expected to be sound.
pub fn scenario(json: &Value) -> Scenario {
    load("test.json".as_ref(), &[], &|_| Ok(json.to_string().into_bytes())).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The model of a scenario.
pub fn model(json: &Value) -> Model {
    resolve(&scenario(json)).unwrap_or_else(|faults| panic!("{faults}"))
}

/// A scenario played with its own trials and seed.
pub fn played(json: &Value) -> (Model, Outcomes) {
    let model = model(json);
    let outcomes = play(&model, Pass::Run, Part::whole(&model), &Workers::new(None), &Monitor::default())
        .expect("the run is sound");
    (model, outcomes)
}

/// A scenario's forecast.
pub fn forecast_of(json: &Value) -> Forecast {
    forecast_scenario(&scenario(json))
}

/// The same, of a scenario that is read already.
pub fn forecast_scenario(scenario: &Scenario) -> Forecast {
    let model = resolve(scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let (workers, monitor) = (Workers::new(None), Monitor::default());
    let outcomes = play(&model, Pass::Run, Part::whole(&model), &workers, &monitor).expect("the run is sound");
    forecast(scenario, &model, &outcomes, &workers, &monitor).expect("the run is sound")
}

/// The largest distance of two samples' distribution functions.
pub fn ks_distance(a: &[f64], b: &[f64]) -> f64 {
    let sorted = |x: &[f64]| {
        let mut x = x.to_vec();
        x.sort_unstable_by(f64::total_cmp);
        x
    };
    let (a, b) = (sorted(a), sorted(b));
    let (mut i, mut j, mut widest) = (0, 0, 0.0_f64);
    while i < a.len() && j < b.len() {
        let x = a[i].min(b[j]);
        while i < a.len() && a[i] <= x {
            i += 1;
        }
        while j < b.len() && b[j] <= x {
            j += 1;
        }
        widest = widest.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    widest
}
