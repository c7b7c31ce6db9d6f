//! How to repeat the run.

use maud::{Markup, html};

use crate::forecast::Forecast;

pub(super) fn section(forecast: &Forecast) -> Markup {
    let manifest = &forecast.manifest;
    html! {
        h3 { "How to repeat it" }
        p {
            "The same scenario, seed and number of futures give the same bytes on any number of threads. The scenario as it was played stands in "
            code { "forecast.json" } " under " code { "manifest.scenario" } "; saved as a file, it is run by"
        }
        pre tabindex="0" { code { "revcast run scenario.json --seed " (manifest.seed) " --trials " (manifest.trials) } }
        table {
            tbody {
                tr { th scope="row" { "revcast" } td { (manifest.version) } }
                tr { th scope="row" { "scenario hash (SHA-256)" } td.hash { (manifest.scenario_hash) } }
                tr { th scope="row" { "seed" } td { (manifest.seed) } }
                tr { th scope="row" { "number of futures" } td { (forecast.currency.count(manifest.trials as f64)) } }
            }
        }
    }
}
