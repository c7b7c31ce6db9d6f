//! Any bytes as the tables that are read: a sheet of inputs, laid over a sound scenario, and a budget.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use revcast::model::{Budget, Model};
use revcast::scenario::read_inputs;
use revcast_fuzz::{PLAN, plan, read, told};

static MODEL: LazyLock<Model> = LazyLock::new(plan);

fuzz_target!(|data: &[u8]| {
    match read_inputs("inputs.csv", data) {
        Ok(settings) => {
            if let Err(faults) = read(PLAN, &settings) {
                told(&faults);
            }
        }
        Err(faults) => told(&faults),
    }
    match Budget::read("budget.csv", data, &MODEL) {
        Ok(budget) => {
            budget.contradictions(&MODEL);
        }
        Err(faults) => told(&faults),
    }
});
