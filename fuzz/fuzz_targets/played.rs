//! A sound scenario with some of its values changed, played: whatever is accepted must be played without a panic, shown, and its
//! forecast be read back to the same bytes.
#![no_main]

use arbitrary::Unstructured;
use libfuzzer_sys::{Corpus, fuzz_target};
use revcast::analysis::Answer;
use revcast::engine::{Execution, Memory, Run, seconds};
use revcast::export::forecast_json;
use revcast::forecast::forecast;
use revcast::model::{Model, resolve};
use revcast::scenario::Scenario;
use revcast_fuzz::{SMALL, edited, read, show, told};

/// Longer ones would only take longer.
const MOST_MONTHS: usize = 30;
const TRIALS: u64 = 5;
/// Millions of leads, each followed through its stages, take minutes, as they should.
const MOST_SECONDS: f64 = 0.5;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(tree) = edited(SMALL, &mut Unstructured::new(data)) else { return Corpus::Reject };
    let mut scenario = match read(&tree.to_string(), &[]) {
        Ok(scenario) => scenario,
        Err(faults) => {
            told(&faults);
            return Corpus::Keep;
        }
    };
    scenario.simulation.trials = scenario.simulation.trials.min(TRIALS);
    match resolve(&scenario) {
        Ok(model) if model.horizon.months <= MOST_MONTHS && seconds(&model) <= MOST_SECONDS => {
            play(&scenario, &model, data)
        }
        Ok(_) => {}
        Err(faults) => told(&faults),
    }
    Corpus::Keep
});

fn play(scenario: &Scenario, model: &Model, data: &[u8]) {
    let execution = Execution::new(Some(1));
    // A run may end early with a fault that only a trial shows.
    let Ok(run) = Run::begin(model.clone(), &execution, Memory::default()) else { return };
    let Ok(forecast) = forecast(scenario, &run, None) else { return };
    let answer = Answer { forecast, deep: None, moved: None, pipeline: None };
    show(&answer, data);
    let bytes = forecast_json(&answer).expect("it can be written");
    let again = Answer::read("forecast.json", &bytes).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(forecast_json(&again).expect("it can be written"), bytes);
}
