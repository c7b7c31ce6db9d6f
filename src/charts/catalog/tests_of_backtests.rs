//! Every chart of how forecasts of the past held.

use super::*;
use crate::backtest::Step;
use crate::charts::samples::backtest::Replay;
use crate::charts::samples::checked::check_texts;

const EXPORT: &str = "a folder/an export with a long name that says whose it is and of which day.csv";

fn replays() -> Vec<(&'static str, Replay)> {
    let month = Replay::default();
    vec![
        ("a year", month),
        ("one period", Replay { months: 4, simple: false, open: 1, ..month }),
        ("two periods", Replay { months: 5, open: 0, ..month }),
        ("narrow and far too high", Replay { width: 0.3, shift: 3.0, ..month }),
        ("ten years", Replay { months: 123, ..month }),
        ("quarters", Replay { months: 24, horizon: "quarter", ..month }),
        ("second months", Replay { months: 27, horizon: "2 months", ..month }),
        ("amounts of trillions", Replay { mean: 3e12, sd: 2e12, ..month }),
        ("amounts below 0", Replay { mean: -4e5, sd: 9e5, ..month }),
        ("amounts below 0 alone", Replay { mean: -4e6, sd: 9e3, ..month }),
        ("nothing won", Replay { mean: 0.0, sd: 0.0, ..month }),
        ("one amount", Replay { sd: 0.0, ..month }),
        ("weeks", Replay { months: 60, step: Step::Week, simple: false, ..month }),
    ]
}

#[test]
fn no_text_of_a_back_test_touches_another_or_leaves_the_picture() {
    for (name, replay) in replays() {
        let found = replay.found();
        for size in Size::ALL {
            let charts = of_backtest(&found, EXPORT, size);
            assert_eq!(charts.len(), if replay.open > 0 { 4 } else { 3 }, "{name}");
            for chart in charts {
                check_texts(&chart.drawing, &format!("{name}, {}, {}", chart.name(), size.key()));
            }
        }
    }
}

#[test]
fn the_titles_tell_what_follows_and_no_more() {
    let titles = |(name, replay): (&str, Replay)| {
        let charts = of_backtest(&replay.found(), EXPORT, Size::Slide);
        let told = charts.iter().map(|chart| format!("  {}\n    {}", chart.title(), chart.about()));
        format!("{name}\n{}", told.collect::<Vec<_>>().join("\n"))
    };
    insta::assert_snapshot!(replays().into_iter().map(titles).collect::<Vec<_>>().join("\n"));
}
