//! The plan's forecast, rounded: a change here is a change of numbers and needs its own entry in the CHANGELOG.

use std::path::Path;

use revcast::scenario::{Metric, Setting, load};
use revcast::units::Frequency;

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
            let Some(series) = forecast.series(metric, scope, Frequency::Year) else { continue };
            for year in [0, 2] {
                let b = series.bands.at(year);
                let cells = [series.plan[year], b.mean.value, b.sd.value, b.p10.value, b.p50.value, b.p90.value]
                    .map(shown)
                    .join(" ");
                table.push_str(&format!("{} {scope} year {}: {cells}\n", metric.key(), year + 1));
            }
        }
    }
    for target in &forecast.targets {
        table.push_str(&format!(
            "{}: {:.4} ± {:.4}\n",
            target.name,
            target.probability.known(),
            target.probability.error.unwrap()
        ));
    }
    let shares = forecast.main.variance.as_ref().expect("it varies");
    table.push_str(&format!(
        "inputs {:.3}, market {:.3}, chance {:.3}\n",
        shares.inputs.known(),
        shares.market.known(),
        shares.chance.known()
    ));
    insta::assert_snapshot!(table);
}

/// Numbers to the last bit, eight a line.
fn bits(name: &str, numbers: impl IntoIterator<Item = f64>) -> String {
    let shown: Vec<String> = numbers.into_iter().map(|x| format!("{:016x}", x.to_bits())).collect();
    format!("{name}:\n  {}\n", shown.join(" "))
}

#[test]
fn the_first_numbers_of_each_sampler_are_what_they_were() {
    use revcast::chance::{
        Address, DealSize, Distribution, MoneyShape, Odds, Purpose, SalesCycle, SalesCycleTable, TimeShape, TrialKey,
        binomial_quantiles, name_key, poisson_quantiles,
    };
    let address = Address::new(1, 0, Purpose::Won, name_key("europe"), 2);
    let trials: Vec<TrialKey> = (0..8).map(TrialKey::new).collect();
    let mut uniforms = [0.0; 8];
    address.uniforms(&trials, &mut uniforms);
    let mut lines = bits("one uniform a trial", uniforms);
    lines += &bits("one uniform a trial, of a part", {
        let mut uniforms = [0.0; 8];
        address.part(3).uniforms(&trials, &mut uniforms);
        uniforms
    });
    let mut stream = address.stream(5);
    lines += &bits("a stream's uniforms", (0..8).map(|_| stream.uniform()));
    lines += &bits("a stream's normals", (0..8).map(|_| stream.normal()));

    let mut counts = [0.0; 8];
    poisson_quantiles(&[0.0, 0.01, 0.8, 5.9, 6.1, 40.0, 900.0, 3e7], &uniforms, &mut counts);
    lines += &format!("Poisson: {counts:?}\n");
    let odds = [0.0, 0.03, 0.25, 0.5, 0.75, 0.94, 0.999, 1.0].map(Odds::new);
    for n in [1.0, 40.0, 700.0, 5e8] {
        binomial_quantiles(&[n; 8], &odds, &uniforms, &mut counts);
        lines += &format!("binomial of {n}: {counts:?}\n");
    }
    for (name, shape, cv) in [
        ("lognormal size, cv 0.8", MoneyShape::Lognormal, 0.8),
        ("lognormal size, cv 2", MoneyShape::Lognormal, 2.0),
        ("gamma size, cv 0.8", MoneyShape::Gamma, 0.8),
        ("gamma size, cv 2", MoneyShape::Gamma, 2.0),
        ("fixed size", MoneyShape::Fixed, 0.0),
    ] {
        let size = DealSize::new(shape, cv);
        lines += &bits(name, uniforms.map(|u| size.draw(u)));
        let mut values = [0.0; 8];
        size.sums(&[0.0, 1.0, 2.0, 7.0, 33.0, 250.0, 4e4, 3e7], &uniforms, &mut values);
        lines += &bits(&format!("{name}, sums of 0 to 3e7"), values);
    }
    for (name, law) in [
        ("normal", Distribution::normal(0.05, 0.02)),
        ("lognormal", Distribution::lognormal(100.0, 30.0)),
        ("gamma", Distribution::gamma(100.0, 30.0)),
        ("beta", Distribution::beta(0.25, 0.03)),
        ("PERT", Distribution::pert(0.1, 0.15, 0.3)),
        ("triangular", Distribution::triangular(0.1, 0.15, 0.3)),
        ("uniform", Distribution::uniform(0.1, 0.3)),
        ("logit-normal", Distribution::logit_normal_through((0.1, 0.2), (0.9, 0.3))),
        ("discrete", Distribution::discrete(&[1.0, 2.0, 5.0], &[0.2, 0.5, 0.3])),
    ] {
        let law = law.expect("a law");
        lines += &bits(name, uniforms.map(|u| law.quantile(u)));
    }
    for shape in [TimeShape::Lognormal, TimeShape::Gamma, TimeShape::Weibull] {
        let delay = SalesCycle::new(shape, 0.5);
        let table = SalesCycleTable::new(&delay);
        lines += &bits(&format!("{shape:?} cycle"), uniforms.map(|u| delay.quantile(45.0, u)));
        let xs = [0.1, 0.4, 0.7, 1.0, 1.3, 2.0, 3.0, 5.0];
        lines += &bits(&format!("{shape:?} cycle, expected excess"), xs.map(|x: f64| table.excess(x, libm::log(x))));
    }
    insta::assert_snapshot!(lines);
}
