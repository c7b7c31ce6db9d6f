//! A sound forecast.json with some of its values changed: refused in words, or shown whole. Reaches what is behind the reader.
#![no_main]

use arbitrary::Unstructured;
use libfuzzer_sys::{Corpus, fuzz_target};
use revcast::analysis::Answer;
use revcast_fuzz::{FORECAST, edited, show, told};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(tree) = edited(&FORECAST, &mut Unstructured::new(data)) else { return Corpus::Reject };
    match Answer::read("forecast.json", tree.to_string().as_bytes()) {
        Ok(answer) => {
            let _ = answer.forecast.manifest.scenario();
            show(&answer, data);
        }
        Err(faults) => told(&faults),
    }
    Corpus::Keep
});
