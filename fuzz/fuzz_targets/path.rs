//! Lines of PATH=VALUE laid over a sound scenario, each line then also read as every other thing that is typed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use revcast::export::CsvStyle;
use revcast::model::resolve;
use revcast::scenario::Setting;
use revcast::units::{Locale, Month};
use revcast_fuzz::{PLAN, SMALL, read, told};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let one = |line: &str| {
        let (path, value) = line.split_once('=')?;
        Some(Setting { option: format!("--set {line}"), path: path.trim().into(), value: value.trim().into() })
    };
    let settings: Vec<Setting> = text.lines().take(8).filter_map(one).collect();
    let base = if text.len() % 2 == 0 { PLAN } else { SMALL };
    match read(base, &settings) {
        Ok(scenario) => {
            if let Err(faults) = resolve(&scenario) {
                told(&faults);
            }
        }
        Err(faults) => told(&faults),
    }
    for line in text.lines().take(8) {
        let _ = line.parse::<Month>();
        let _ = line.parse::<Locale>();
        let _ = line.parse::<CsvStyle>();
    }
});
