//! How time grows, as ratios from one run: `cargo bench --bench ratios [-- --into docs/developers/performance.md]`.
//!
//! All cases take turns, round by round, so that whatever slows the machine slows them alike. A ratio or exponent is formed
//! within each round; shown are its median and its extremes over the rounds. What one thread does is measured in processor
//! time, which other programs hardly change; threads need the clock, and a machine that is otherwise idle. Then memory, and
//! what common random numbers are worth.
#![allow(dead_code)] // benches share the cases, each using what it needs

mod cases;

use std::path::Path;
use std::time::{Duration, Instant};

use cases::{Base, Case, Change, LEADS, MONTHS, REGIONS, THREADS};
use revcast::engine::{Execution, Memory, Run};
use revcast::forecast::forecast;
use revcast::model::Model;

const ROUNDS: usize = 7;
/// A measurement takes about this many seconds, or as long as the fewest trials take.
const LONG_ENOUGH: f64 = 0.04;
const FEWEST: usize = 128;
/// Trials of the cases that differ in threads, and of common random numbers.
const TRIALS: usize = 10_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let text = [parts(), growth(), threads(), memory(), common_numbers()].join("\n");
    println!("{text}");
    match arguments.as_slice() {
        [] => {}
        [option, file] if option == "--into" => put_into(Path::new(file), "ratios", &text),
        _ => eprintln!("The only option is --into FILE."),
    }
}

/// Seconds a trial of each case, in each round: `[round][case]`.
fn take_turns(cases: &[Case]) -> Vec<Vec<f64>> {
    let execution = Execution::new(Some(1));
    let models: Vec<Model> = cases
        .iter()
        .map(|case| {
            let few = case.model(FEWEST, 1);
            let times = LONG_ENOUGH / processor_seconds(|| case.play(&few, &execution)).max(1e-6);
            case.model((times as usize).clamp(1, 100) * FEWEST, 1)
        })
        .collect();
    let round = |_| {
        let each = cases.iter().zip(&models);
        each.map(|(case, model)| processor_seconds(|| case.play(model, &execution)) / model.trials as f64).collect()
    };
    (0..ROUNDS).map(round).collect()
}

/// Of the calling thread.
fn processor_seconds<T>(task: impl FnOnce() -> T) -> f64 {
    let start = processor_time();
    let kept = task();
    let seconds = (processor_time() - start).as_secs_f64();
    drop(kept);
    seconds
}

#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Elsewhere the clock has to do.
#[cfg(not(unix))]
fn processor_time() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}

/// By the clock.
fn seconds<T>(task: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    let kept = task();
    let seconds = start.elapsed().as_secs_f64();
    drop(kept);
    seconds
}

/// One table: where the time of a run goes, on one thread.
fn parts() -> String {
    let execution = Execution::new(Some(1));
    let columns = Base::ALL.map(|base| {
        let whole = Case::new(base, Change::None);
        let money = Case { won_deals_only: true, ..whole };
        let (scenario, model) = (whole.scenario(TRIALS, 1), whole.model(TRIALS, 1));
        let run = Run::begin(model.clone(), &execution, Memory::default()).expect("the case runs");
        let summaries = || forecast(&scenario, &run, None).map(|f| f.series.len());
        let parts: [&dyn Fn(); 4] = [
            &|| drop(whole.model(TRIALS, 1)),
            &|| drop(money.play(&model, &execution)),
            &|| drop(whole.play(&model, &execution)),
            &|| drop(summaries()),
        ];
        let rounds: Vec<[f64; 4]> = (0..ROUNDS).map(|_| parts.map(|part| 1e3 * processor_seconds(part))).collect();
        std::array::from_fn::<f64, 4, _>(|i| Spread::of(rounds.iter().map(|round| round[i])).middle)
    });
    let [plan, workload] = columns;
    let names = [
        "reading the scenario",
        "trials, money only",
        "trials, all metrics",
        "all summaries, with the passes that split the variance",
    ];
    let mut text = String::from("| 10,000 trials, one thread | plan, ms | workload, ms |\n|---|---:|---:|\n");
    for (name, (plan, workload)) in names.iter().zip(plan.iter().zip(workload)) {
        text.push_str(&format!("| {name} | {plan:.1} | {workload:.1} |\n"));
    }
    text
}

/// One table: how the time of a trial grows with leads, regions and months.
fn growth() -> String {
    let series: [(&str, Vec<(f64, Change)>); 4] = [
        ("leads", LEADS.map(|x| (x, Change::Leads(x))).to_vec()),
        ("regions that share the leads", REGIONS.map(|n| (n as f64, Change::Shared(n))).to_vec()),
        ("regions with leads of their own", REGIONS.map(|n| (n as f64, Change::Repeated(n))).to_vec()),
        ("months", MONTHS.map(|n| (n as f64, Change::Months(n))).to_vec()),
    ];
    let cases: Vec<Case> =
        series.iter().flat_map(|(_, steps)| steps.iter().flat_map(|(_, change)| Case::of(*change))).collect();
    let rounds = take_turns(&cases);
    let mut text = String::from(
        "| what grows | from, to | scenario | µs a trial, from | µs a trial, to | times as long | exponent |\n\
         |---|---:|---|---:|---:|---:|---:|\n",
    );
    let mut first = 0;
    for (name, steps) in &series {
        let kinds = Case::of(Change::None);
        for (k, kind) in kinds.iter().enumerate() {
            // The cases of one step lie side by side, one a kind.
            let of = |step: usize| first + step * kinds.len() + k;
            let last = steps.len() - 1;
            let micros = |step: usize| Spread::of(rounds.iter().map(|times| 1e6 * times[of(step)])).middle;
            let ratio = Spread::of(rounds.iter().map(|times| times[of(last)] / times[of(0)]));
            let exponent = Spread::of(rounds.iter().map(|times| {
                slope((0..steps.len()).map(|step| (libm::log(steps[step].0), libm::log(times[of(step)]))))
            }));
            text.push_str(&format!(
                "| {name} | {}, {} | {kind} | {:.1} | {:.1} | {ratio} | {exponent} |\n",
                steps[0].0,
                steps[last].0,
                micros(0),
                micros(last),
            ));
        }
        first += steps.len() * kinds.len();
    }
    text
}

/// One table: what more threads bring, for the trials and for the whole forecast.
fn threads() -> String {
    let pools = THREADS.map(|threads| Execution::new(Some(threads)));
    let mut text = String::from(
        "| 10,000 trials | one thread, ms | two threads, ms | times as fast |\n\
         |---|---:|---:|---:|\n",
    );
    let mut row = |what: String, task: &dyn Fn(&Execution)| {
        let rounds: Vec<[f64; 2]> =
            (0..ROUNDS).map(|_| std::array::from_fn(|i| 1e3 * seconds(|| task(&pools[i])))).collect();
        let [one, two] = [0, 1].map(|i| Spread::of(rounds.iter().map(|round| round[i])).middle);
        let ratio = Spread::of(rounds.iter().map(|round| round[0] / round[1]));
        text.push_str(&format!("| {what} | {one:.0} | {two:.0} | {ratio} |\n"));
    };
    for case in Case::of(Change::None) {
        let model = case.model(TRIALS, 1);
        row(format!("trials of the {case}"), &|execution| drop(case.play(&model, execution)));
    }
    for base in Base::ALL {
        let case = Case::new(base, Change::None);
        let (scenario, model) = (case.scenario(TRIALS, 1), case.model(TRIALS, 1));
        row(format!("trials and summaries of the {case}"), &|execution| {
            let run = Run::begin(model.clone(), execution, Memory::default()).expect("the case runs");
            forecast(&scenario, &run, None).expect("the case runs");
        });
    }
    text
}

/// One table: what a trial takes until it is summarised.
fn memory() -> String {
    let mut text = String::from("| outcomes kept | bytes a trial |\n|---|---:|\n");
    let sizes = [Change::None, Change::Repeated(64), Change::Months(120)];
    for case in Base::ALL.into_iter().flat_map(|base| sizes.map(|change| Case::new(base, change))) {
        let model = case.model(1, 1);
        text.push_str(&format!("| {case} | {:.0} |\n", Memory::default().taken(&model)));
    }
    text
}

/// One table: the variance of what 5 % more leads bring, with the draws in common and with draws of their own.
fn common_numbers() -> String {
    let execution = Execution::new(None);
    let mut text = String::from(
        "| 5 % more leads in all regions: total bookings | sd of the difference, thousands | with independent draws | ratio of the variances |\n\
         |---|---:|---:|---:|\n",
    );
    for base in Base::ALL {
        let sample = |change, seed| {
            let case = Case::new(base, change);
            let model = case.model(TRIALS, seed);
            case.play(&model, &execution)
        };
        let (plain, more) = (sample(Change::None, 1), Change::Leads(1.05));
        let spread_with = |seed| {
            let differences: Vec<f64> =
                sample(more, seed).iter().zip(&plain).map(|(more, plain)| more - plain).collect();
            Variance::of(&differences)
        };
        let (common, independent) = (spread_with(1), spread_with(2));
        let ratio = independent.value / common.value;
        text.push_str(&format!(
            "| {} | {:.0} | {:.0} | {ratio:.0} ± {:.0} |\n",
            Case::new(base, Change::None),
            libm::sqrt(common.value) / 1e3,
            libm::sqrt(independent.value) / 1e3,
            ratio * libm::hypot(common.relative_error, independent.relative_error),
        ));
    }
    text
}

/// A sample's variance, and its relative standard error √((m₄/m₂² − 1)/n).
struct Variance {
    value: f64,
    relative_error: f64,
}

impl Variance {
    fn of(sample: &[f64]) -> Variance {
        let n = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / n;
        let squares: Vec<f64> = sample.iter().map(|x| (x - mean) * (x - mean)).collect();
        let m2 = squares.iter().sum::<f64>() / n;
        let m4 = squares.iter().map(|square| square * square).sum::<f64>() / n;
        Variance { value: m2, relative_error: libm::sqrt((m4 / (m2 * m2) - 1.0) / n) }
    }
}

/// A figure over the rounds.
struct Spread {
    middle: f64,
    low: f64,
    high: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Spread {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        Spread { middle: values[values.len() / 2], low: values[0], high: values[values.len() - 1] }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} ({:.2} to {:.2})", self.middle, self.low, self.high)
    }
}

/// The slope of the straight line of least squares.
fn slope(points: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let n = points.clone().count() as f64;
    let (x, y) = points.clone().fold((0.0, 0.0), |(sx, sy), (x, y)| (sx + x / n, sy + y / n));
    let (above, below) = points.fold((0.0, 0.0), |(a, b), (px, py)| (a + (px - x) * (py - y), b + (px - x) * (px - x)));
    above / below
}

/// Replaces what stands between the marks of a table.
fn put_into(file: &Path, name: &str, text: &str) {
    let (start, end) = (format!("<!-- {name} -->"), format!("<!-- end of {name} -->"));
    let old = std::fs::read_to_string(file).expect("the file can be read");
    let (before, rest) = old.split_once(&start).expect("the file has the table's mark");
    let (_, after) = rest.split_once(&end).expect("the file has the mark of the table's end");
    std::fs::write(file, format!("{before}{start}\n{text}{end}{after}")).expect("the file can be written");
}
