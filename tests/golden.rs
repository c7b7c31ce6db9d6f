//! The plan's forecast, rounded: a change here is a change of numbers and needs its own entry in the CHANGELOG.

use std::path::Path;

use revcast::scenario::{Metric, Setting, load};
use revcast::units::Every;

/// Four significant digits.
fn shown(x: Option<f64>) -> String {
    x.map_or_else(|| "-".to_owned(), |x| if x == 0.0 { "0".to_owned() } else { format!("{x:.3e}") })
}

#[test]
fn the_forecast_of_the_plan_is_what_it_was() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/ai-marketing-plan.json");
    let trials = Setting { option: "--trials 2000".into(), path: "simulation.trials".into(), value: "2000".into() };
    let scenario = load(&path, &[trials], &|p| std::fs::read(p)).unwrap_or_else(|faults| panic!("{faults}"));
    let forecast = crate::common::forecast_scenario(&scenario);
    let mut table = format!("scenario {}\n", forecast.manifest.scenario_hash);
    for metric in Metric::ALL {
        for scope in ["europe", "latin_america", "asia_pacific", "total"] {
            let Some(series) = forecast.series(metric, scope, Every::Year) else { continue };
            for year in [0, 2] {
                let b = &series.bands;
                let cells = [series.plan[year], b.mean[year], b.sd[year], b.p10[year], b.p50[year], b.p90[year]]
                    .map(shown)
                    .join(" ");
                table.push_str(&format!("{} {scope} year {}: {cells}\n", metric.key(), year + 1));
            }
        }
    }
    for target in &forecast.targets {
        table.push_str(&format!("{}: {:.4} ± {:.4}\n", target.name, target.probability, target.probability_error));
    }
    let shares = forecast.main.variance.as_ref().expect("it varies");
    table.push_str(&format!(
        "inputs {:.3}, market {:.3}, chance {:.3}\n",
        shares.inputs.share, shares.market.share, shares.chance.share
    ));
    insta::assert_snapshot!(table);
}

#[test]
fn the_first_numbers_of_each_stream_are_what_they_were() {
    use revcast::chance::{Address, Purpose, Size, SizeShape, name_key};
    let first = |purpose| {
        let mut stream = Address::new(1, 0, purpose, name_key("europe"), 2).stream(5);
        [stream.uniform(), stream.uniform(), stream.normal()]
    };
    insta::assert_debug_snapshot!([first(Purpose::Won), first(Purpose::Size), first(Purpose::Input)]);
    let size = Size::new(SizeShape::Lognormal, 0.8);
    insta::assert_debug_snapshot!([
        size.draw(0.01),
        size.draw(0.4),
        size.draw(0.99),
        size.sum_at(150.0, -1.0),
        size.sum_at(150.0, 2.0)
    ]);
}
