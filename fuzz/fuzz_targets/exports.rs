//! Any bytes as an export of opportunities, and what comes after a NUL byte as a history of their stages; what can be fitted becomes a scenario.
#![no_main]

use libfuzzer_sys::fuzz_target;
use revcast::fit::{Exposure, Fit, FitOptions, NamedBytes, Opportunities, ReadOptions, ScenarioOptions};
use revcast_fuzz::told;

/// Whether a number was none when it was written.
fn has_null(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null => true,
        serde_json::Value::Array(values) => values.iter().any(has_null),
        serde_json::Value::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}

fuzz_target!(|data: &[u8]| {
    let wide = data.starts_with(b"\xFF\xFE") || data.starts_with(b"\xFE\xFF") || data.starts_with(b"PK");
    let cut = data.iter().position(|byte| *byte == 0).filter(|_| !wide);
    let (export, history) = cut.map_or((data, None), |at| (&data[..at], Some(&data[at + 1..])));
    let options = ReadOptions { month_first: Some(false), decimal: Some('.'), ..ReadOptions::default() };
    let mut read = match Opportunities::read(NamedBytes { file: "export.csv", bytes: export }, &[], &options) {
        Ok(read) => read,
        Err(faults) => return told(&faults),
    };
    if let Some(bytes) = history
        && let Err(faults) = read.add_history(NamedBytes { file: "history.csv", bytes }, &options)
    {
        told(&faults);
    }
    let as_of = read.day_after();
    let exposure = Exposure::of(&read, None, as_of);
    match Fit::new(&read, &exposure, as_of, &FitOptions { draws: 20, ..FitOptions::default() }) {
        Ok(fit) => {
            let options = ScenarioOptions {
                name: "fuzz".to_owned(),
                months: 12,
                fiscal_first_month: 1,
                currency: None,
                simple: data.len().is_multiple_of(2),
                onto: None,
            };
            let fitted = fit.scenario(&read, &options);
            assert!(!has_null(&fitted.scenario), "every number is one");
        }
        Err(faults) => told(&faults),
    }
});
