//! Every chart of an analysis.

use super::bridge::{self, Statistic};
use super::chart::{ChartError, Sketch, sketches};
use super::drawing::Drawing;
use super::size::Size;
use super::{curve, exceedances, fans, heat_map, history, moved, tornado, variance};
use crate::analysis::{Comparison, Deep, Head, Headed, Moved, Sensitivity, Solution, Sweep, Takes, Trend};

/// Lays out the charts of what drives a figure: `tornado` and `shares-of-variance`, as far as enough is known.
///
/// # Errors
/// [`ChartError::Font`] when the built-in font cannot be read.
pub fn sketch_sensitivity(found: &Headed<Sensitivity>, size: Size) -> Result<Vec<Sketch>, ChartError> {
    sketches(of_sensitivity(found, size))
}

/// Lays out the charts of scenarios beside each other, as far as enough is known: `fans`, `cumulative-fans` and
/// `exceedance-curves`, and for each later scenario `bridge-mean`, `bridge-p50` and `bridge-chance`, those of the second and
/// third difference being `bridge-mean-2` and `bridge-mean-3`.
///
/// # Errors
/// [`ChartError::Font`] when the built-in font cannot be read.
pub fn sketch_comparison(found: &Comparison, size: Size) -> Result<Vec<Sketch>, ChartError> {
    sketches(of_comparison(found, size))
}

/// Lays out the chart of a search: `curve`, if enough of it is known.
///
/// # Errors
/// [`ChartError::Font`] when the built-in font cannot be read.
pub fn sketch_solution(found: &Headed<Solution>, size: Size) -> Result<Vec<Sketch>, ChartError> {
    sketches(of_solution(found, size))
}

/// Lays out the charts of a grid of two fields: `heat-map-p50` and, where there is a target, `heat-map-chance`.
///
/// # Errors
/// [`ChartError::Font`] when the built-in font cannot be read.
pub fn sketch_sweep(found: &Headed<Sweep>, size: Size) -> Result<Vec<Sketch>, ChartError> {
    sketches(known([
        ("heat-map-p50", heat_map::layout(found, heat_map::Shown::Median, size)),
        ("heat-map-chance", heat_map::layout(found, heat_map::Shown::Chance, size)),
    ]))
}

/// Lays out the chart of how a forecast moved from run to run: `history`, if any run knows its figure.
///
/// # Errors
/// [`ChartError::Font`] when the built-in font cannot be read.
pub fn sketch_history(found: &Headed<Trend>, size: Size) -> Result<Vec<Sketch>, ChartError> {
    sketches(known([("history", history::layout(found, size))]))
}

/// Lays out the charts of what was asked beside a forecast: those of its sensitivity and of its solution.
///
/// # Errors
/// [`ChartError::Font`] when the built-in font cannot be read.
pub fn sketch_deep(head: &Head, deep: &Deep, size: Size) -> Result<Vec<Sketch>, ChartError> {
    sketches(of_deep(head, deep, size))
}

/// Lays out the charts of what moved since an earlier run: `moved-p50` and `moved-chance`, where anything did.
///
/// # Errors
/// [`ChartError::Font`] when the built-in font cannot be read.
pub fn sketch_moved(head: &Head, moved: &Moved, size: Size) -> Result<Vec<Sketch>, ChartError> {
    sketches(of_moved(head, moved, size))
}

/// Charts with their names, laid out.
type Layouts = Vec<(String, Drawing)>;

fn known<const N: usize>(all: [(&str, Option<Drawing>); N]) -> Layouts {
    all.into_iter().filter_map(|(name, drawing)| Some((name.to_owned(), drawing?))).collect()
}

fn of_sensitivity(found: &Headed<Sensitivity>, size: Size) -> Layouts {
    known([("tornado", tornado::layout(found, size)), ("shares-of-variance", variance::layout(found, size))])
}

fn of_comparison(found: &Comparison, size: Size) -> Layouts {
    let mut layouts = known([
        ("fans", fans::monthly(found, size)),
        ("cumulative-fans", fans::cumulative(found, size)),
        ("exceedance-curves", exceedances::layout(found, size)),
    ]);
    for place in 0..found.differences.len() {
        let number = if place == 0 { String::new() } else { format!("-{}", place + 1) };
        layouts.extend(Statistic::ALL.into_iter().filter_map(|statistic| {
            let drawing = bridge::layout(found, place, statistic, size)?;
            Some((format!("{}{number}", statistic.stem()), drawing))
        }));
    }
    layouts
}

fn of_solution(found: &Headed<Solution>, size: Size) -> Layouts {
    known([("curve", curve::layout(found, size))])
}

fn of_deep(head: &Head, deep: &Deep, size: Size) -> Layouts {
    let mut layouts = Layouts::new();
    if let Some(found) = &deep.sensitivity {
        layouts.extend(of_sensitivity(&Headed { head: head.clone(), found: found.clone() }, size));
    }
    if let Takes::Found(found) | Takes::OutOfReach(found) = &deep.solution {
        layouts.extend(of_solution(&Headed { head: head.clone(), found: found.clone() }, size));
    }
    layouts
}

fn of_moved(head: &Head, found: &Moved, size: Size) -> Layouts {
    known([
        ("moved-p50", moved::layout(head, found, moved::Statistic::Median, size)),
        ("moved-chance", moved::layout(head, found, moved::Statistic::Chance, size)),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::analysis_sample::Asked;
    use super::super::checked::{check_texts, texts};
    use super::super::style;
    use super::*;
    use crate::analysis::{Estimate, How};
    use crate::scenario::Metric;

    fn check(layouts: Layouts, of: &str, size: Size) {
        for (name, drawing) in layouts {
            let of = format!("{} {name} of {of}", size.key());
            check_texts(&drawing, &of);
            for text in texts(&drawing).into_iter().filter(|text| text.ink == style::QUIET) {
                // The foot may cut the scenario's name; nothing else cuts what it has to say but names.
                let foot = text.size == drawing.sheet.foot;
                assert!(foot || text.size != drawing.sheet.subtitle || !text.text.ends_with('…'), "{of}: {text:?}");
            }
        }
    }

    fn names(layouts: &Layouts) -> Vec<&str> {
        layouts.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn title(layouts: Layouts, name: &str) -> String {
        layouts.into_iter().find(|(found, _)| found == name).unwrap().1.title
    }

    #[test]
    fn each_analysis_has_its_charts_and_their_titles_tell_what_was_found() {
        let plan = Asked { count: 5, ..Asked::PLAN };
        let drivers = of_sensitivity(&plan.sensitivity(), Size::Slide);
        assert_eq!(names(&drivers), ["tornado", "shares-of-variance"]);
        let found = title(drivers, "tornado");
        assert_eq!(found, "“Europe: win rate” moves total bookings in 2027 most: €16.5M to €19.2M");
        let chance = Asked { target: Some("Year 1"), ..plan };
        let found = title(of_sensitivity(&chance.sensitivity(), Size::Slide), "tornado");
        assert_eq!(found, "“Europe: win rate” moves the chance of “Year 1” most: 29\u{A0}% to 67\u{A0}%");

        let both = of_comparison(&plan.comparison(2), Size::Slide);
        let own = ["bridge-mean", "bridge-p50", "bridge-chance"];
        assert_eq!(names(&both)[..3], ["fans", "cumulative-fans", "exceedance-curves"]);
        assert_eq!(names(&both)[3..], own);
        let found = title(both, "bridge-p50");
        assert_eq!(
            found,
            "Median of total bookings in 2027 from €17.80M to €20.73M; “Europe: win rate” changes it most, by +€1.42M"
        );
        let three = of_comparison(&plan.comparison(3), Size::Slide);
        assert_eq!(names(&three)[6..], own.map(|name| format!("{name}-2")));

        let search = of_solution(&chance.solution(How::Value, true), Size::Slide);
        assert_eq!(names(&search), ["curve"]);
        let found = title(search, "curve");
        assert_eq!(
            found,
            "“Europe: win rate” at 28.2\u{A0}% gives “Year 1” a chance of 51\u{A0}%; now 47\u{A0}% at 25\u{A0}%"
        );
        let found = title(of_solution(&chance.solution(How::Factor, false), Size::Slide), "curve");
        assert!(
            found.starts_with(
                "No factor on win rate of 3 regions from 0.5× to 1.5× gives “Year 1” a chance of 99\u{A0}%"
            ),
            "{found}"
        );
    }

    #[test]
    fn what_is_first_by_chance_alone_is_said_to_be_among_the_first() {
        let unclear = Asked { error: Some(0.02), count: 5, ..Asked::PLAN };
        let found = title(of_sensitivity(&unclear.sensitivity(), Size::Slide), "tornado");
        assert!(found.starts_with("“Europe: win rate” is among what moves total bookings in 2027 most"), "{found}");
        let found = title(of_comparison(&unclear.comparison(2), Size::Slide), "bridge-mean");
        assert!(found.contains("“Europe: win rate” is among what changes it most"), "{found}");
        let noise = Asked { error: Some(0.2), ..unclear };
        let found = title(of_sensitivity(&noise.sensitivity(), Size::Slide), "tornado");
        assert!(found.ends_with("no input by itself moves it beyond the simulation's noise"), "{found}");
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let plan = Asked { count: 3, ..Asked::PLAN };
        let mut found = plan.sensitivity();
        found.base = Estimate::UNKNOWN;
        assert_eq!(names(&of_sensitivity(&found, Size::Slide)), ["shares-of-variance"]);
        found.causes.iter_mut().for_each(|cause| cause.first = Estimate::UNKNOWN);
        assert!(of_sensitivity(&found, Size::Slide).is_empty());

        let mut found = plan.comparison(2);
        found.sides[1].distribution = None;
        found.sides[1].series.remove(1);
        found.differences[0].bridge.chance = None;
        found.differences[0].bridge.mean.steps[1] = Estimate::UNKNOWN;
        assert_eq!(names(&of_comparison(&found, Size::Slide)), ["fans", "bridge-p50"]);
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
            let mut all = sketch_sensitivity(&asked.sensitivity(), size).unwrap();
            all.extend(sketch_comparison(&asked.comparison(2), size).unwrap());
            all.extend(sketch_solution(&asked.solution(How::Value, true), size).unwrap());
            assert_eq!(all.len(), 9);
            for chart in all.iter().map(|sketch| sketch.draw().unwrap()) {
                assert!(!chart.svg.contains("<script") && !chart.svg.contains('\u{202E}'), "{}", chart.name);
                assert!(chart.svg.contains("<title id=") && chart.svg.contains("<desc id="), "{}", chart.name);
                assert!(chart.svg.chars().all(|c| c == '\n' || !c.is_control()), "{}", chart.name);
                assert!(chart.svg.contains("&lt;script&gt;") || size == Size::Thumb, "{}", chart.name);
            }
        }
    }

    #[test]
    fn no_text_of_an_analysis_touches_another_or_leaves_the_picture() {
        let names = [
            "",
            "Österreich, Bayern und Südtirol – Großkunden: alle Segmente",
            "<script>alert(1)</script>\u{202E}\u{7}",
        ];
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
}
