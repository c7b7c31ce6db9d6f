//! Every chart of an analysis.

use super::*;
use crate::analysis::{How, Outcome};
use crate::charts::canvas::style;
use crate::charts::samples::analysis::Asked;
use crate::charts::samples::checked::{check_texts, texts};
use crate::scenario::Metric;
use crate::stats::Estimate;

fn check(charts: Vec<Chart>, of: &str, size: Size) {
    for chart in charts {
        let (of, drawing) = (format!("{} {} of {of}", size.key(), chart.name()), &chart.drawing);
        check_texts(drawing, &of);
        for text in texts(drawing).into_iter().filter(|text| text.ink == style::QUIET) {
            // The foot may cut the scenario's name; nothing else cuts what it has to say but names.
            let foot = text.size == drawing.sheet.foot;
            assert!(foot || text.size != drawing.sheet.subtitle || !text.text.ends_with('…'), "{of}: {text:?}");
        }
    }
}

fn names(charts: &[Chart]) -> Vec<&str> {
    charts.iter().map(Chart::name).collect()
}

fn title(charts: Vec<Chart>, name: &str) -> String {
    charts.iter().find(|chart| chart.name() == name).unwrap().title().to_owned()
}

#[test]
fn each_analysis_has_its_charts_and_their_titles_tell_what_was_found() {
    let plan = Asked { count: 5, ..Asked::PLAN };
    let drivers = of_sensitivity(&plan.sensitivity(), Size::Slide);
    assert_eq!(names(&drivers), ["tornado"]);
    let found = title(drivers, "tornado");
    assert_eq!(found, "“Europe: win rate” moves total bookings in 2027 most: €16.5M to €19.2M");
    let chance = Asked { target: Some("Year 1"), ..plan };
    let found = title(of_sensitivity(&chance.sensitivity(), Size::Slide), "tornado");
    assert_eq!(found, "“Europe: win rate” moves the chance of “Year 1” most: 29\u{A0}% to 67\u{A0}%");

    let both = of_comparison(&plan.comparison(2), Size::Slide);
    assert_eq!(names(&both), ["fans", "cumulative-fans", "exceedance-curves", "bridge"]);
    let found = title(both, "bridge");
    assert_eq!(
        found,
        "Median of total bookings in 2027 from €17.80M to €20.73M; “Europe: win rate” changes it most, by +€1.42M"
    );
    let three = of_comparison(&plan.comparison(3), Size::Slide);
    assert_eq!(names(&three)[3..], ["bridge", "bridge-2"]);

    let search = of_solution(&chance.solution(How::Value, true), Size::Slide);
    assert_eq!(names(&search), ["what-it-takes"]);
    let found = title(search, "what-it-takes");
    assert_eq!(
        found,
        "“Europe: win rate” at 28.25\u{A0}% gives “Year 1” a chance of 50.9\u{A0}%; now 47\u{A0}% at 25\u{A0}%"
    );
    // Where it jumps past what is wanted, it is told what it jumps to.
    let mut jumping = chance.solution(How::Factor, true);
    if let Outcome::Root(root) = &mut jumping.outcome {
        root.reached = Estimate { value: Some(0.91), error: Some(0.012) };
    }
    let jumped = title(of_solution(&jumping, Size::Slide), "what-it-takes");
    assert!(jumped.contains(" a chance of 91\u{A0}%"), "{jumped}");
    let found = title(of_solution(&chance.solution(How::Factor, false), Size::Slide), "what-it-takes");
    assert!(
        found.starts_with("No factor on win rate of 3 regions from 0.5× to 1.5× gives “Year 1” a chance of 99\u{A0}%"),
        "{found}"
    );
}

#[test]
fn what_is_first_by_chance_alone_is_said_to_be_among_the_first() {
    let unclear = Asked { error: Some(0.02), count: 5, ..Asked::PLAN };
    let close = Asked { error: Some(0.005), ..unclear };
    let found = title(of_sensitivity(&close.sensitivity(), Size::Slide), "tornado");
    assert!(found.starts_with("“Europe: win rate” is among what moves total bookings in 2027 most"), "{found}");
    let found = title(of_comparison(&unclear.comparison(2), Size::Slide), "bridge");
    assert!(found.contains("“Europe: win rate” is among what changes it most"), "{found}");
    let noise = Asked { error: Some(0.2), ..unclear };
    let found = title(of_sensitivity(&noise.sensitivity(), Size::Slide), "tornado");
    assert!(found.ends_with("no input stands out from the simulation's noise"), "{found}");
}

#[test]
fn what_is_not_known_is_left_out() {
    let plan = Asked { count: 3, ..Asked::PLAN };
    let mut found = plan.sensitivity();
    found.base = Estimate::UNKNOWN;
    assert!(of_sensitivity(&found, Size::Slide).is_empty());

    let mut found = plan.comparison(2);
    found.sides[1].distribution = None;
    found.sides[1].series.remove(1);
    found.differences[0].bridge.chance = None;
    assert_eq!(names(&of_comparison(&found, Size::Slide)), ["fans", "bridge"]);
    let known = std::mem::replace(&mut found.differences[0].bridge.p50.steps[1], Estimate::UNKNOWN);
    assert_eq!(names(&of_comparison(&found, Size::Slide)), ["fans"]);
    found.differences[0].bridge.p50.steps[1] = known;
    found.differences[0].bridge.changes.clear();
    found.differences[0].bridge.p50.steps.clear();
    assert_eq!(names(&of_comparison(&found, Size::Slide)), ["fans"]);
    let level = Asked { metric: Metric::Arr, ..plan }.comparison(2);
    assert!(!names(&of_comparison(&level, Size::Slide)).contains(&"cumulative-fans"));

    let mut found = plan.solution(How::Value, true);
    found.curve.truncate(1);
    assert!(of_solution(&found, Size::Slide).is_empty());
}

#[test]
fn hostile_names_stay_names_in_every_size() {
    let name = "<script>alert(\"1\")</script>\u{202E}\u{7}&";
    let asked = Asked { name, scope: "dach", count: 3, ..Asked::PLAN };
    for size in Size::ALL {
        let mut all = of_sensitivity(&asked.sensitivity(), size);
        all.extend(of_comparison(&asked.comparison(2), size));
        all.extend(of_solution(&asked.solution(How::Value, true), size));
        assert_eq!(all.len(), 6);
        for chart in &all {
            let svg = chart.svg(chart.name()).unwrap();
            assert!(!svg.contains("<script") && !svg.contains('\u{202E}'), "{}", chart.name());
            assert!(svg.contains("<title id=") && svg.contains("<desc id="), "{}", chart.name());
            assert!(svg.chars().all(|c| c == '\n' || !c.is_control()), "{}", chart.name());
            assert!(svg.contains("&lt;script&gt;") || size == Size::Thumb, "{}", chart.name());
        }
    }
}

#[test]
fn no_text_of_an_analysis_touches_another_or_leaves_the_picture() {
    let names =
        ["", "Österreich, Bayern und Südtirol – Großkunden: alle Segmente", "<script>alert(1)</script>\u{202E}\u{7}"];
    let shapes = [
        (17.8e6, 0.08, 0.0),
        (17.8e6, 0.0, 0.0),
        (17.8e6, 1e-7, 0.0),
        (17.8e6, 0.9, 0.0),
        (0.0, 0.0, 0.0),
        (4.0, 3.0, -9.0),
        (7e12, 2.0, 0.0),
        (3e-7, 0.5, 0.0),
        (2e6, 0.5, -5e6),
    ];
    for metric in [Metric::TotalBookings, Metric::Arr, Metric::Roi, Metric::Customers] {
        for (i, count) in [1, 2, 3, 5, 12, 15, 40].into_iter().enumerate() {
            for (j, (level, part, shift)) in shapes.into_iter().enumerate() {
                let name = names[(i + j) % 3];
                let asked = Asked {
                    metric,
                    months: [1, 3, 12, 36, 120][(i + j) % 5],
                    level,
                    part,
                    shift,
                    count,
                    error: [Some(0.0012), None, Some(0.3), Some(0.0)][(i + 2 * j) % 4],
                    target: [None, Some("Year 1"), Some("Österreich, Bayern und Südtirol – Großkunden")]
                        [(i + j / 2) % 3],
                    name,
                    scope: if name.is_empty() { "total" } else { "dach" },
                };
                let of = format!("{asked:?}");
                for size in Size::ALL.into_iter().chain(Size::OF_FIGURES) {
                    check(of_sensitivity(&asked.sensitivity(), size), &of, size);
                    check(of_comparison(&asked.comparison([2, 3, 4, 5, 9][j % 5]), size), &of, size);
                    let how = [How::Value, How::Factor][(i + j) % 2];
                    check(of_solution(&asked.solution(how, (i + j) % 3 > 0), size), &of, size);
                }
            }
        }
    }
}
