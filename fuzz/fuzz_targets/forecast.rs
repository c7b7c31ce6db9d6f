//! Any bytes as a forecast.json: refused in words, or shown whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use revcast::analysis::Answer;
use revcast_fuzz::{show, told};

fuzz_target!(|data: &[u8]| {
    match Answer::read("forecast.json", data) {
        Ok(answer) => {
            let _ = answer.forecast.manifest.scenario();
            show(&answer, data);
        }
        Err(faults) => told(&faults),
    }
});
