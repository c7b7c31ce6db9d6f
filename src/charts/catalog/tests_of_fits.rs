//! Every chart of what was found in exports.

use super::*;
use crate::charts::samples::checked::check_texts;
use crate::fit::{Exposure, Fit, FitOptions, NamedBytes, Opportunities, ReadOptions};

/// An export of some deals: one each `every` days in each region, created from the start of 2026 on; of seven two are won and four lost
/// after some days, at amounts that `amount` gives.
fn export(deals: i64, every: i64, regions: usize, amount: impl Fn(i64) -> f64) -> String {
    let mut rows = "id,region,created,closed,stage,amount\n".to_owned();
    let first = jiff::civil::date(2026, 1, 1);
    let day = |n: i64| first.saturating_add(jiff::Span::new().days(n));
    for i in 0..deals {
        for region in 0..regions {
            let (created, days) = (day(i * every), 3 + (i * 37 + region as i64 * 11) % 80);
            let stage = match i % 7 {
                0 | 3 => "Won",
                6 => "Open",
                _ => "Lost",
            };
            let closed = if stage == "Open" { String::new() } else { day(i * every + days).to_string() };
            rows += &format!("{i}-{region},Region {region},{created},{closed},{stage},{}\n", amount(i));
        }
    }
    rows
}

fn found(export: &str) -> FitFound {
    let bytes = NamedBytes { file: "a folder/an export with a long name.csv", bytes: export.as_bytes() };
    let opportunities = Opportunities::read(bytes, &[], &ReadOptions::default()).unwrap();
    let as_of = opportunities.day_after();
    let exposure = Exposure::of(&opportunities, None, as_of);
    let options = FitOptions { draws: 200, ..FitOptions::default() };
    let fit = Fit::new(&opportunities, &exposure, as_of, &options).unwrap();
    FitFound { data: opportunities.report, fit }
}

#[test]
fn no_text_of_a_fit_touches_another_or_leaves_the_picture() {
    let exports = [
        export(200, 2, 3, |i| 1000.0 + 37.0 * (i * i % 101) as f64),
        // Few deals of one amount in one region and two months.
        export(40, 1, 1, |_| 5000.0),
        // Many months, amounts of many sizes, some of them below 0.
        export(250, 4, 2, |i| if i % 50 == 0 { -3.0 } else { libm::pow(10.0, (i % 9) as f64) }),
    ];
    let currency = Currency::new("EUR").unwrap();
    for (i, export) in exports.iter().enumerate() {
        let found = found(export);
        for size in Size::ALL {
            let charts = of_fit(&found, &currency, size);
            assert_eq!(charts.len(), 5);
            for chart in charts {
                check_texts(&chart.drawing, &format!("export {i}, {}, {}", chart.name(), size.key()));
            }
        }
    }
}

#[test]
fn the_titles_tell_what_was_found() {
    let titles = |export: &str| {
        let charts = of_fit(&found(export), &Currency::new("EUR").unwrap(), Size::Slide);
        charts.iter().map(|chart| chart.title().to_owned()).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(titles(&export(200, 2, 3, |i| 1000.0 + 37.0 * (i * i % 101) as f64)), @r"
    By its age a deal is won with a chance of 0.21 % to 1.6 % a day, and lost with 0.53 % to 3.0 %, up to 82 days
    At the pace of the months seen 28 % (26 % to 31 %) of leads are won within 82 days and 56 % (53 % to 59 %) lost
    No month of the quarter is clearly faster than the others at winning deals
    43 (34 to 53) leads a month are expected; the last 3 months say 17
    Half of the 174 won deals with an amount are below €2,776; the largest 17 bring 16 % of the value
    ");
    insta::assert_snapshot!(titles(&export(40, 1, 1, |_| 5000.0)), @r"
    By its age a deal is won with a chance of 0.6 % to 0.8 % a day, and lost with 1.1 % to 1.6 %, up to 79 days
    At the pace of the months seen 27 % (19 % to 37 %) of leads are won within 79 days and 52 % (43 % to 61 %) lost
    No month of the quarter is clearly faster than the others at winning deals
    5 (3 to 8) leads a month are expected; the last 2 months say 5
    12 won deals with an amount are each worth €5,000
    ");
}
