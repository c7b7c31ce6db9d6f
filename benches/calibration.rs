//! Do the bands hold? `cargo bench --bench calibration [-- --histories 120] [--deals 50,200]`.
//!
//! Histories are made deal by deal by a law that is known and that no fit is told (tests/fit/histories.rs). Each is fitted and forecast a year after it began, as `revcast
//! backtest` does it, and held against the month and the quarter that follow. Over many histories right bands hold what happened as often as
//! they say; in brackets stands what they give in 95 % of cases.

#[path = "../tests/fit/histories.rs"]
mod histories;

use std::time::Instant;

use jiff::civil::{Date, date};
use revcast::backtest::{
    ForecastError, Forecaster, LEVELS, OriginOptions, Origins, ReplayOptions, Replayed, Step, replay,
};
use revcast::chance::{Address, Purpose};
use revcast::engine::Execution;
use revcast::fit::{Cohorts, Exposure, FitOptions, NamedBytes, Opportunities, ReadOptions};
use revcast::stats::{hits_range, spread_range};

const ORIGIN: Date = date(2027, 1, 1);
const UNTIL: Date = date(2027, 4, 1);
/// Months before the origin, and regions: so many parts the deals are spread over.
const PARTS: f64 = 24.0;
const TRIALS: usize = 2_000;
const HORIZONS: [&str; 2] = ["1 month", "quarter"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let (mut histories, mut deals) = (12, vec![50, 200, 1_000, 5_000]);
    for pair in arguments.chunks(2) {
        match pair {
            [option, value] if option == "--histories" => histories = value.parse().expect("a number of histories"),
            [option, value] if option == "--deals" => {
                deals = value.split(',').map(|n| n.parse().expect("numbers of deals")).collect();
            }
            _ => return eprintln!("The options are --histories N and --deals N,N."),
        }
    }
    println!("| deals | of | histories | in 50 % | in 80 % | in 90 % | s | mean z · √n | seconds each |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for deals in deals {
        let begun = Instant::now();
        let found: Vec<[Option<Replayed>; 2]> = (0..histories).map(|number| forecast(deals, number)).collect();
        let seconds = begun.elapsed().as_secs_f64() / histories as f64;
        for (i, horizon) in HORIZONS.into_iter().enumerate() {
            let periods: Vec<&Replayed> = found.iter().filter_map(|found| found[i].as_ref()).collect();
            println!("| {deals} | {horizon} | {} | {seconds:.2} |", row(&periods));
        }
        let without = found.iter().filter(|found| found[0].is_none()).count();
        if without > 0 {
            println!("\n{without} of {histories} histories of {deals} deals have too few wins for a fit.\n");
        }
    }
}

/// How many of independent periods lay inside, and their normal scores; each with what right bands give.
fn row(periods: &[&Replayed]) -> String {
    let n = periods.len();
    let (Some(right), false) = (spread_range(n), n == 0) else { return "0 | | | | |".to_owned() };
    let hits = LEVELS.map(|level| {
        let inside = periods.iter().filter(|period| period.inside[&level.to_string()]).count();
        let (least, most) = hits_range(n, f64::from(level) / 100.0).expect("some periods");
        format!("{inside} ({least}–{most})")
    });
    let s = (periods.iter().map(|period| period.z * period.z).sum::<f64>() / n as f64).sqrt();
    let shift = periods.iter().map(|period| period.z).sum::<f64>() / (n as f64).sqrt();
    format!("{n} | {} | {s:.2} ({:.2}–{:.2}) | {shift:.1} (±1.96)", hits.join(" | "), right.0, right.1)
        .replace('-', "−")
}

/// The forecasts of the month and of the quarter in all, held against what a history came to; none where it has too few wins.
fn forecast(deals: usize, number: usize) -> [Option<Replayed>; 2] {
    let mut stream = Address::new(deals as u64, number as u64, Purpose::Backtest, 0, 0).stream(0);
    let export = histories::history(deals as f64 / PARTS, &mut || stream.uniform());
    let read = NamedBytes { file: "deals.csv", bytes: export.as_bytes() };
    let Ok(opportunities) = Opportunities::read(read, &[], &ReadOptions::default()) else { return [None, None] };
    let exposure = Exposure::of(&opportunities, None, UNTIL);
    let options =
        OriginOptions { step: Step::Month, first: Some(ORIGIN), horizons: HORIZONS.map(str::to_owned).to_vec() };
    let Ok(origins) = Origins::new("deals.csv", (exposure.from(), UNTIL), &options) else { return [None, None] };
    let execution = Execution::new(None);
    let forecaster = Forecaster {
        opportunities: &opportunities,
        exposure: &exposure,
        fit: FitOptions { seed: number as u64, ..FitOptions::default() },
        trials: TRIALS,
        // It is not looked at.
        trials_beside: 100,
        step: Step::Month,
        simple: false,
        execution: &execution,
    };
    let regions: Vec<(String, String, Cohorts)> = Cohorts::of(&opportunities, &origins.edges)
        .into_iter()
        .zip(opportunities.region_names())
        .map(|(cohorts, (key, label))| (key.to_owned(), label.to_owned(), cohorts))
        .collect();
    let replaying = ReplayOptions { seed: number as u64, naive_draws: 100 };
    // Later origins of one history would not be other facts.
    let found = replay(&origins, &regions, replaying, &execution.workers, |origin| {
        if origin.day != ORIGIN {
            return Ok(Err("it is no fact of its own".to_owned()));
        }
        match forecaster.forecast(origin) {
            Ok(forecasts) => Ok(Ok(forecasts)),
            Err(ForecastError::TooLittleKnown(faults)) => Ok(Err(faults.to_string())),
            Err(error) => Err(error),
        }
    });
    let found = found.unwrap_or_else(|error| panic!("history {number} of {deals} deals: {error}"));
    HORIZONS.map(|horizon| {
        let of_total = found.scores.iter().find(|scores| scores.scope == "total" && scores.horizon == horizon)?;
        of_total.periods.first().cloned()
    })
}
