//! Any bytes as a scenario file; what follows a NUL byte is the file `base.json` that it may extend (itself among others).
#![no_main]

use std::io::{Error, ErrorKind};
use std::path::Path;

use libfuzzer_sys::{Corpus, fuzz_target};
use revcast::audit::audit;
use revcast::model::{resolve, scenario_hash};
use revcast::report;
use revcast::scenario::load;
use revcast_fuzz::{read, told};

fuzz_target!(|data: &[u8]| -> Corpus {
    let mut files = data.splitn(2, |byte| *byte == 0);
    let (own, base) = (files.next().unwrap_or_default(), files.next().unwrap_or_default());
    let open = |path: &Path| match path.to_str() {
        Some("scenario.json") => Ok(own.to_vec()),
        Some("base.json") => Ok(base.to_vec()),
        _ => Err(Error::from(ErrorKind::NotFound)),
    };
    let scenario = match load("scenario.json".as_ref(), &[], &open) {
        Ok(scenario) => scenario,
        Err(faults) => {
            told(&faults);
            return Corpus::Keep;
        }
    };
    // Written down whole, as forecast.json does, it must be read again and mean the same.
    let text = serde_json::to_string(&scenario).expect("a scenario can be written");
    let again = read(&text, &[]).unwrap_or_else(|faults| panic!("{faults}\n{text}"));
    match resolve(&scenario) {
        Ok(model) => {
            assert_eq!(scenario_hash(&scenario), scenario_hash(&again));
            report::interpretation(&scenario, &model, 80);
            report::audit(&scenario, &audit(&scenario, &model), 80);
        }
        Err(faults) => told(&faults),
    }
    Corpus::Keep
});
