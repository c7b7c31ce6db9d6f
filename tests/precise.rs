//! As many futures as a precision takes: by a rule of futures alone, after which the stated errors still hold.

use std::fs;

use revcast::analysis::{AnalysisError, Response, SampleSizeControl};
use revcast::engine::Execution;
use revcast::stats::{Order, QuantileRanks};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{ran, scenario as file};
use crate::common::model;

/// So many leads that their number is the lognormal input itself: what luck adds to its variance is less than a millionth of it.
fn lognormal() -> Value {
    json!({
        "name": "Option<f64>", "start": "2027-01", "months": 1,
        "regions": {"a": {"leads": {"monthly": {"mean": 1e9, "cv": 0.5}}, "conversion": 0.5,
            "cycle": {"mean_days": 10}, "deal_size": {"mean": 1}}},
        "targets": [{"name": "Leads", "metric": "leads", "period": "2027-01", "at_least": 1e9}]
    })
}

/// P10, P50 and P90 of that: mean / √(1 + cv²) · exp(z √ln(1 + cv²)).
fn truth() -> [f64; 3] {
    let variance = libm::log(1.25);
    [-1.281_551_565_544_600_4, 0.0, 1.281_551_565_544_600_4]
        .map(|z| 1e9 / libm::sqrt(1.25) * libm::exp(z * libm::sqrt(variance)))
}

/// Of 1,000 seeds, each stopped by the rule: how many have P10, P50 and P90 in the 95 % interval by ranks, in 1.96 standard errors, and in half of
/// those; and with how many futures they stopped.
fn covered(wanted: f64) -> ([[u32; 3]; 3], Vec<usize>) {
    let mut model = model(&lognormal());
    let execution = Execution::new(None);
    let (figure, truth) = (Response::main(&model), truth());
    let (mut counts, mut stopped) = ([[0; 3]; 3], Vec::new());
    for seed in 1..=1_000 {
        model.seed = seed;
        let precise = SampleSizeControl { wanted, most: SampleSizeControl::MOST };
        let (trials, precision) = precise.reach(&model, &execution).unwrap();
        assert!(precision.met && precision.reached.unwrap() <= wanted);
        stopped.push(trials);
        model.trials = trials;
        let order = Order::of(figure.sample(&model, &execution).unwrap());
        for (q, p) in [0.1, 0.5, 0.9].into_iter().enumerate() {
            let ranks = QuantileRanks::new(trials, p);
            let (low, high) = ranks.interval.unwrap();
            let (estimate, error) = (order.quantile(p), order.error(&ranks).unwrap());
            let within = [
                order.values()[low - 1] <= truth[q] && truth[q] <= order.values()[high - 1],
                (estimate - truth[q]).abs() <= 1.96 * error,
                (estimate - truth[q]).abs() <= 0.98 * error,
            ];
            within.iter().enumerate().for_each(|(kind, within)| counts[kind][q] += u32::from(*within));
        }
    }
    (counts, stopped)
}

#[test]
fn stated_intervals_hold_after_stopping() {
    // About as many seeds stop before as after another doubling, so that it is luck which of them do.
    let (counts, mut stopped) = covered(0.017);
    stopped.sort_unstable();
    let (least, most) = (stopped[0], stopped[999]);
    assert!(least < most && stopped[300] < stopped[900], "all seeds stop alike: {least} to {most}");
    // 950 of 1,000, give or take 5 standard deviations of 6.9: false alarms one in a million each.
    for (q, count) in [0.1, 0.5, 0.9].into_iter().zip(0..3) {
        assert!((915..=985).contains(&counts[0][count]), "p {q}, by ranks: {counts:?}");
        assert!((915..=985).contains(&counts[1][count]), "p {q}, by errors: {counts:?}");
        // Intervals of half the width are found out: they hold about 670.
        assert!(counts[2][count] < 800, "p {q}, half as wide: {counts:?}");
    }
    eprintln!("{counts:?}, {least} to {most} futures");
}

#[test]
fn the_rule_depends_on_futures_alone() {
    let mut model = model(&lognormal());
    let precise = SampleSizeControl { wanted: 0.02, most: SampleSizeControl::MOST };
    let found: Vec<_> = [1, 2, 3, 7].map(|t| precise.reach(&model, &Execution::new(Some(t))).unwrap()).into();
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{found:?}");
    // Not on how many the scenario plays otherwise.
    model.trials = 77;
    assert_eq!(precise.reach(&model, &Execution::new(None)).unwrap(), found[0]);
    // At the cap it is said that it is not met; a cap below the first step is one too.
    let at = |wanted, most| SampleSizeControl { wanted, most }.reach(&model, &Execution::new(None)).unwrap();
    let (trials, capped) = at(0.001, 3_000);
    assert!(trials == 3_000 && !capped.met && capped.most == 3_000 && capped.reached.unwrap() > 0.001);
    assert_eq!(at(0.5, 300).0, 300);
    let (trials, few) = at(0.5, 5);
    assert!(trials == 5 && !few.met && few.reached.is_none());
}

#[test]
fn figures_without_luck_or_sense_are_told_apart() {
    let execution = Execution::new(None);
    let precise = SampleSizeControl { wanted: 0.01, most: 8_000 };
    let mut json = lognormal();
    // Nothing ever arrives: the same in every future.
    json["regions"]["a"]["leads"]["monthly"] = json!(0);
    let (trials, none) = precise.reach(&model(&json), &execution).unwrap();
    assert!(trials == 1_000 && none.met && none.reached == Some(0.0));
    // Mostly nothing: a share of a median of 0 does not exist.
    json["regions"]["a"]["leads"]["monthly"] = json!(0.11);
    let (trials, share) = precise.reach(&model(&json), &execution).unwrap();
    assert!(trials == 8_000 && !share.met && share.reached.is_none(), "{share:?}");
    // A return on nothing is unknown.
    json["targets"][0] = json!({"name": "Return", "metric": "roi", "period": "2027-01", "at_least": 0});
    json["investment"] = json!([{"name": "Later", "amount": 1, "from_month": 2, "months": 1}]);
    json["months"] = json!(3);
    assert_eq!(precise.reach(&model(&json), &execution).unwrap_err(), AnalysisError::Unknown);
}

#[test]
fn a_run_is_as_precise_as_asked_and_says_so() {
    let folder = TempDir::new().unwrap();
    let forecast = |out: &str| -> Value {
        serde_json::from_slice(&fs::read(folder.path().join(out).join("forecast.json")).unwrap()).unwrap()
    };
    let minimal = file("minimal");
    let run = |more: &[&str]| ran(folder.path(), &[&["run", &minimal], more].concat());
    let (code, out, err) = run(&["--precision", "1%", "--out", "asked"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("of the median, as asked (1 %)."), "{out}");
    let asked = forecast("asked");
    let trials = asked["header"]["manifest"]["trials"].as_u64().unwrap();
    assert!([1_000, 2_000, 4_000, 8_000].contains(&trials), "{trials}");
    let precision = &asked["body"]["forecast"]["precision"];
    assert_eq!((precision["wanted"].as_f64(), precision["met"].as_bool()), (Some(0.01), Some(true)));
    assert_eq!(precision["most"], 1_024_000);
    // It is what the forecast's own errors come to, and else it is the run of so many futures.
    let number = |path: &str| asked.pointer(path).unwrap().as_f64().unwrap();
    let errors = ["p10", "p50", "p90"].map(|p| number(&format!("/body/forecast/main/bands/{p}/error")));
    let reached = errors.into_iter().fold(0.0, f64::max) / number("/body/forecast/main/bands/p50/value");
    assert!((reached / precision["reached"].as_f64().unwrap() - 1.0).abs() < 0.01, "{precision}");
    assert_eq!(run(&["--trials", &trials.to_string(), "--out", "plain"]).0, 0);
    let mut plain = forecast("plain");
    let mut same = asked.clone();
    same["body"]["forecast"].as_object_mut().unwrap().shift_remove("precision");
    for document in [&mut plain, &mut same] {
        document.as_object_mut().unwrap().remove("checksum");
    }
    assert_eq!(plain, same);
    // Written again, and in shards, it says the same.
    assert_eq!(ran(folder.path(), &["report", "asked/forecast.json", "--out", "again", "--quiet"]).0, 0);
    assert_eq!(forecast("again"), asked);
    for k in ["1", "2"] {
        assert_eq!(run(&["--precision", "1%", "--shard", &format!("{k}/2"), "--out", k, "--quiet"]).0, 0);
    }
    assert_eq!(ran(folder.path(), &["merge", "2", "1", "--out", "merged", "--quiet", "--no-history"]).0, 0);
    assert_eq!(forecast("merged"), asked);
    assert_eq!(run(&["--precision", "1%", "--resume", "--out", "resumed", "--quiet"]).0, 0);
    assert_eq!(forecast("resumed"), asked);
    let (code, .., err) =
        ran(folder.path(), &["run", &minimal, "--shard", "2/2", "--trials", &trials.to_string(), "--out", "3"]);
    assert_eq!(code, 0, "{err}");
    let (code, .., err) = ran(folder.path(), &["merge", "1", "3", "--out", "mixed"]);
    assert!(code == 2 && err.contains("3: precision\n  found:   no --precision\n"), "{err}");

    // The cap.
    let (code, out, err) = run(&["--precision", "0.1%", "--trials", "1500", "--out", "capped"]);
    assert_eq!(code, 0);
    assert!(err.starts_with("warning: cap of 1,500 futures reached, precision not met: it is "), "{err}");
    let words: Vec<&str> = out.split_whitespace().collect();
    assert!(
        words.join(" ").contains("precision not met: 0.1 % was asked, and the cap of 1,500 futures reached"),
        "{out}"
    );
    assert_eq!(forecast("capped")["body"]["forecast"]["precision"]["met"], false);
    assert_eq!(forecast("capped")["header"]["manifest"]["trials"], 1_500);
    for wrong in ["0", "0.5.1", "-1%", "100%", "many"] {
        assert_eq!(run(&[&format!("--precision={wrong}"), "--out", "wrong"]).0, 2, "{wrong}");
    }
}
