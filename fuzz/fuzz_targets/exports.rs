//! Any bytes as an export of opportunities, and what comes after a NUL byte as a history of their stages; what can be fitted becomes a scenario
//! that is one to its own reader, too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use revcast::fit::{
    Exposure, Fit, FitOptions, FittedScenario, NamedBytes, Opportunities, ReadOptions, ScenarioOptions,
};
use revcast::model::resolve;
use revcast_fuzz::{read, told};
use serde_json::json;

/// Whether a number was none when it was written.
fn has_null(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null => true,
        serde_json::Value::Array(values) => values.iter().any(has_null),
        serde_json::Value::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}

/// Whether the scenario is one to whoever reads it; the rows of its tables stand in it, and its draws, which are a file, are left out.
fn is_read(fitted: FittedScenario) {
    let mut scenario = fitted.scenario;
    let known = fitted.actuals.iter().map(
        |row| json!({"region": row.region, "metric": row.metric, "month": row.month.to_string(), "amount": row.amount}),
    );
    scenario["actuals"] = known.collect();
    let open = fitted.pipeline.iter().map(|row| {
        let mut deal =
            json!({"id": row.id, "region": row.region, "created": row.created.to_string(), "count": row.count});
        let day = row.close_date.map(|day| json!(day.to_string()));
        let given = [("stage", row.stage.as_ref().map(|stage| json!(stage))), ("amount", row.amount.map(|x| json!(x)))];
        for (key, value) in given.into_iter().chain([("close_date", day)]) {
            value.into_iter().for_each(|value| deal[key] = value);
        }
        deal
    });
    scenario["pipeline"] = open.collect();
    scenario.as_object_mut().expect("it is an object").remove("draws");
    let text = scenario.to_string();
    let scenario = read(&text, &[]).unwrap_or_else(|faults| panic!("{faults}\n{text}"));
    resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}\n{text}"));
}

fuzz_target!(|data: &[u8]| {
    let wide = data.starts_with(b"\xFF\xFE") || data.starts_with(b"\xFE\xFF") || data.starts_with(b"PK");
    let cut = data.iter().position(|byte| *byte == 0).filter(|_| !wide);
    let (bytes, history) = cut.map_or((data, None), |at| (&data[..at], Some(&data[at + 1..])));
    let options = ReadOptions { month_first: Some(false), decimal: Some('.'), ..ReadOptions::default() };
    let mut export = match Opportunities::read(NamedBytes { file: "export.csv", bytes }, &[], &options) {
        Ok(export) => export,
        Err(faults) => return told(&faults),
    };
    if let Some(bytes) = history
        && let Err(faults) = export.add_history(NamedBytes { file: "history.csv", bytes }, &options)
    {
        told(&faults);
    }
    let as_of = export.day_after();
    let exposure = Exposure::of(&export, None, as_of);
    match Fit::new(&export, &exposure, as_of, &FitOptions { draws: 20, ..FitOptions::default() }) {
        Ok(fit) => {
            let options = ScenarioOptions {
                name: "fuzz".to_owned(),
                months: 12,
                fiscal_first_month: 1,
                currency: None,
                simple: data.len().is_multiple_of(2),
                onto: None,
            };
            let fitted = fit.scenario(&export, &options);
            assert!(!has_null(&fitted.scenario), "every number is one");
            is_read(fitted);
        }
        Err(faults) => told(&faults),
    }
});
