//! How many scenarios a night takes, and how much memory.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{document, folder_of};
use crate::common::revcast;

/// Runs a program to its end; seconds and the most memory that it held at once, in MB.
#[cfg(target_os = "linux")]
fn measured(mut command: Command) -> (f64, f64) {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<f64>().ok());
        most = most.max(kilobytes.unwrap_or(0.0) / 1024.0);
        sleep(Duration::from_millis(10));
    }
    (begun.elapsed().as_secs_f64(), most)
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "minutes: cargo test --release thousand_scenarios -- --ignored --nocapture"]
fn a_thousand_scenarios_in_one_night_take_no_more_memory_than_a_hundred() {
    let nights = [100, 1000].map(|count| {
        let names: Vec<String> = (0..count).map(|i| format!("s{i:04}")).collect();
        let leads: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 60.0)).collect();
        let folder = folder_of(&leads);
        let mut command = revcast(folder.path());
        command.args(["batch", "scenarios", "--quiet"]);
        let (seconds, most) = measured(command);
        eprintln!("{count} scenarios in one night: {:.1} a second, {most:.0} MB at most", f64::from(count) / seconds);
        assert_eq!(document(folder.path())["counts"]["done"], json!(count));
        most
    });
    // Each alone in a process of its own, as many side by side as there are threads.
    let folder = folder_of(&[("alone", 60.0)]);
    let begun = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for lane in 0..threads {
            let at = folder.path();
            scope.spawn(move || {
                for i in 0..100 / threads {
                    let out = format!("output/{lane}-{i}");
                    let mut command = revcast(at);
                    command.args(["run", "scenarios/alone.json", "--quiet", "--threads", "1", "--out", &out]);
                    assert!(command.status().unwrap().success());
                }
            });
        }
    });
    let each = (100 / threads * threads) as f64 / begun.elapsed().as_secs_f64();
    eprintln!("in a process each: {each:.1} a second");
    assert!(nights[1] < 1.5 * nights[0] + 20.0, "memory grows with the night: {nights:?} MB");
}
