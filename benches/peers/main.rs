//! One peer on the workload, as `compare.py` asks for it: what it answers and how long that took, as JSON.

mod engine;
mod event_level;
mod per_deal;
mod workload;

use std::time::Instant;

use revcast::stats::Order;
use workload::Workload;

/// What a peer finds: the total bookings of each trial, and P10, P50 and P90 of them.
type Answer = (Vec<f64>, [f64; 3]);

fn percentiles(totals: &[f64]) -> [f64; 3] {
    let order = Order::of(totals.to_vec());
    [0.1, 0.5, 0.9].map(|p| order.quantile(p))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [peer, threads, repeats] = arguments.as_slice() else {
        eprintln!("This bench is run by benches/peers/compare.py, as: PEER THREADS REPEATS");
        return;
    };
    let (threads, repeats): (usize, usize) =
        (threads.parse().expect("a number of threads"), repeats.parse().expect("a number of repeats"));
    let workload = Workload::read();
    let execution = revcast::engine::Execution::new(Some(threads));
    let (model, tables) = engine::prepare(&workload);
    let run = || -> Answer {
        match peer.as_str() {
            "event_level" => event_level::peer(&workload, threads),
            "per_deal" => per_deal::peer(&workload),
            "engine" => engine::bookings(&model, &execution),
            "engine_full" => engine::forecast(&workload, &model, &execution),
            other => panic!("no peer is called {other}"),
        }
    };
    let mut seconds = Vec::new();
    let mut answer = None;
    for _ in 0..repeats {
        let start = Instant::now();
        answer = Some(run());
        seconds.push(start.elapsed().as_secs_f64());
    }
    let (totals, percentiles) = answer.expect("at least one repeat");
    let report = serde_json::json!({"trials": totals.len(), "seconds": seconds, "percentiles": percentiles, "totals": totals, "tables": tables});
    println!("{report}");
}
