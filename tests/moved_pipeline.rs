//! What moved on a living pipeline: time that passed and what became of open deals, cause after cause, with steps that add up.

use revcast::analysis::{Attribution, ReasonKind};
use revcast::findings::{attribution_sentences, attribution_table};
use revcast::forecast::Forecast;
use serde_json::{Value, json};

use crate::common::{forecast_scenario, scenario};
use crate::moved::{kinds, moved, steps};

/// A year of one region as of 1 May: four months booked, five deals open, a contract in force.
fn running() -> Value {
    json!({
        "name": "Running", "start": "2027-01", "months": 12, "simulation": {"trials": 2000, "seed": 3},
        "as_of": "2027-05-01", "actuals": actuals(&[100_000, 120_000, 90_000, 110_000]),
        "pipeline": [
            {"id": "D-1", "label": "Acme", "created": "2027-03-10", "amount": 400_000, "win_probability": 0.6},
            {"id": "D-2", "label": "Beta", "created": "2027-04-02", "amount": 80_000, "close_date": "2027-05-20"},
            {"id": "D-3", "created": "2027-04-10", "amount": 60_000, "close_date": "2027-06-15"},
            {"id": "D-4", "created": "2027-02-01", "amount": 50_000},
            {"id": "D-5", "created": "2027-04-20"}
        ],
        "contracts": [{"id": "C-1", "annual_value": 120_000, "renews": "2027-09"}],
        "regions": {"home": {
            "leads": {"monthly": {"mean": 20, "cv": 0.1}}, "conversion": {"mean": 0.3, "sd": 0.02}, "cycle": {"mean_days": 60},
            "deal_size": {"mean": 10_000}, "retention": 0.9, "close_dates": {"kept": 0.8}
        }},
        "targets": [{"name": "Year", "metric": "total_bookings", "period": "2027", "at_least": 1_200_000}]
    })
}

/// What was booked in the first months.
fn actuals(bookings: &[u64]) -> Value {
    let rows = bookings.iter().enumerate().flat_map(|(m, amount)| {
        [("bookings", *amount), ("renewals", 0)].map(
            |(metric, amount)| json!({"region": "home", "metric": metric, "month": format!("2027-{:02}", m + 1), "amount": amount}),
        )
    });
    rows.collect()
}

/// A scenario with something done to it.
fn with(scenario: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = scenario.clone();
    change(&mut changed);
    changed
}

fn deals(scenario: &mut Value) -> &mut Vec<Value> {
    scenario["pipeline"].as_array_mut().expect("a list")
}

/// A month later: May is booked.
fn a_month_later(scenario: &mut Value) {
    scenario["as_of"] = json!("2027-06-01");
    scenario["actuals"] = actuals(&[100_000, 120_000, 90_000, 110_000, 480_000]);
}

type Change = fn(&mut Value);

/// What may happen to the pipeline while the day stays, with what the reason says.
const ALONE: [(&str, f64, Change); 6] = [
    ("1 open deal taken out", -1.0, |json| drop(deals(json).remove(0))),
    ("close dates of 2 open deals (1 pushed, 1 pulled in)", -1.0, |json| {
        deals(json)[1]["close_date"] = json!("2028-02-20");
        deals(json)[2]["close_date"] = json!("2027-06-10");
    }),
    ("amounts of 2 open deals", 1.0, |json| {
        deals(json)[1]["amount"] = json!(90_000);
        deals(json)[3]["amount"] = json!(250_000);
    }),
    ("own chances of 1 open deal", 1.0, |json| deals(json)[0]["win_probability"] = json!(0.95)),
    ("regions, numbers or days of creation of 1 open deal", -1.0, |json| {
        deals(json)[3]["created"] = json!("2020-04-02")
    }),
    ("2 new open deals", 1.0, |json| {
        deals(json).extend([
            json!({"id": "N-1", "created": "2027-04-28", "amount": 150_000, "win_probability": 0.7}),
            json!({"id": "N-2", "label": "Nordic", "created": "2027-04-28", "amount": 170_000, "win_probability": 0.7}),
        ]);
    }),
];

fn median(moved: &Attribution) -> Vec<f64> {
    steps(&moved.spans.as_ref().expect("the figure is the same").p50)
}

#[test]
fn each_cause_alone_is_the_whole_way() {
    for (label, sign, change) in ALONE {
        let (moved, _) = moved(&running(), &with(&running(), change));
        assert_eq!(kinds(&moved), [ReasonKind::Deals], "{label}");
        assert_eq!(moved.reasons[0].label, label);
        assert!(median(&moved)[0] * sign > 0.0, "{label}: {:?}", moved.spans);
        let step = moved.targets[0].chance.as_ref().expect("both have it").steps[0];
        assert!(step.error.is_some_and(|error| error > 0.0), "{label}: {step:?}");
    }
    // The largest is named first.
    let (moved, _) = moved(&running(), &with(&running(), ALONE[5].2));
    let named: Vec<&str> = moved.reasons[0].fields.iter().map(|field| field.label.as_str()).collect();
    assert_eq!(named, ["Nordic", "N-1"]);
}

#[test]
fn what_only_names_or_orders_rows_moves_nothing() {
    let after = with(&running(), |json| {
        deals(json).reverse();
        deals(json)[0]["label"] = json!("Another name");
    });
    let (moved, _) = moved(&running(), &after);
    assert!(moved.reasons.is_empty(), "{:?}", moved.reasons);
}

#[test]
fn stages_that_moved_are_a_cause() {
    let staged = with(&running(), |json| {
        let region = &mut json["regions"]["home"];
        for gone in ["conversion", "cycle"] {
            region.as_object_mut().expect("an object").shift_remove(gone);
        }
        region["stages"] = json!([
            {"name": "demo", "pass": 0.4, "mean_days": 20}, {"name": "offer", "pass": 0.7, "mean_days": 20}
        ]);
        for deal in deals(json) {
            deal["stage"] = json!("demo");
            deal["stage_since"] = deal["created"].clone();
            deal.as_object_mut().expect("an object").shift_remove("win_probability");
        }
    });
    let after = with(&staged, |json| {
        deals(json)[0]["stage"] = json!("offer");
        deals(json)[0]["stage_since"] = json!("2027-04-30");
    });
    let (moved, forecast) = moved(&staged, &after);
    assert_eq!((kinds(&moved), moved.reasons[0].label.as_str()), (vec![ReasonKind::Deals], "stages of 1 open deal"));
    let more = moved.spans.as_ref().and_then(|spans| spans.p90.steps[0].value);
    assert!(more > Some(0.0), "{:?}", moved.spans);
    assert_eq!(read(&forecast, &moved)[1], "stages of 1 open deal: Acme demo → offer");
}

/// The rows of the table as they are read.
fn read(forecast: &Forecast, moved: &Attribution) -> Vec<String> {
    attribution_table(forecast, moved, 1).texts().into_iter().skip(1).map(|row| row[0].clone()).collect()
}

#[test]
fn a_day_that_passed_is_a_cause_by_itself() {
    // Nothing but the day: what is known of May so far is nothing.
    let after = with(&running(), |json| {
        json["as_of"] = json!("2027-05-08");
        json["actuals"] = actuals(&[100_000, 120_000, 90_000, 110_000, 0]);
    });
    let (days, forecast) = moved(&running(), &after);
    assert_eq!((kinds(&days), days.reasons[0].label.as_str()), (vec![ReasonKind::Time], "time that passed"));
    assert!(median(&days)[0] < 0.0, "a week without a booking: {:?}", days.spans);
    let said = attribution_sentences(&forecast, &days).join(" ");
    assert!(said.contains("No month has ended since then"), "{said}");
    assert_eq!(read(&forecast, &days)[1], "time that passed, 2027-05-01 → 2027-05-08");

    // Back again, which is not time that passed.
    let (back, forecast) = moved(&after, &running());
    assert_eq!(back.reasons[0].label, "the as-of day");
    assert!(!attribution_sentences(&forecast, &back).join(" ").contains("has ended"), "{back:?}");
}

#[test]
fn what_was_booked_stands_beside_what_was_expected() {
    let (moved, forecast) = moved(&running(), &with(&running(), a_month_later));
    assert_eq!(kinds(&moved), [ReasonKind::Time]);
    let known = moved.reasons[0].fields.iter().find(|field| field.path == "actuals").expect("May has ended");
    // The mean of the earlier run's May.
    let may = forecast_scenario(&scenario(&running()));
    let series = may.series(revcast::scenario::Metric::TotalBookings, "total", revcast::units::Frequency::Month);
    let expected = series.expect("it is there").bands.at(4).mean.known();
    assert_eq!(known.mean_to, Some(480_000.0));
    assert!((known.mean_from.expect("it is known") - expected).abs() < 0.01 * expected, "{known:?} {expected}");
    let said = attribution_sentences(&forecast, &moved).join(" ");
    assert!(said.contains("Total bookings in May 2027 came to €480k; the earlier run expected €"), "{said}");
}

/// All at once: a month, a deal that closed, changes of others, a new one, an input, other draws.
#[test]
fn all_causes_at_once_add_up_and_each_is_what_replaying_it_brings() {
    let mut way: Vec<Value> = vec![with(&running(), |json| json["simulation"]["seed"] = json!(4))];
    let changes: [Change; 7] = [
        a_month_later,
        |json| drop(deals(json).remove(0)),
        |json| deals(json)[1]["close_date"] = json!("2028-01-15"),
        |json| deals(json)[2]["amount"] = json!(120_000),
        |json| deals(json)[0]["win_probability"] = json!(0.9),
        |json| deals(json).push(json!({"id": "N-1", "created": "2027-05-12", "amount": 90_000, "label": "New & Co"})),
        |json| json["regions"]["home"]["conversion"]["mean"] = json!(0.33),
    ];
    for change in changes {
        way.push(with(way.last().expect("one at least"), change));
    }
    let after = way.last().expect("one at least");
    let (moved, forecast) = moved(&running(), after);
    let wanted = [
        "Monte Carlo noise (seed 3 → 4)",
        "time that passed",
        "1 deal closed (won or lost)",
        "close dates of 1 open deal (1 pushed)",
        "amounts of 1 open deal",
        "own chances of 1 open deal",
        "1 new open deal",
        "home: win rate",
    ];
    let labels: Vec<&str> = moved.reasons.iter().map(|reason| reason.label.as_str()).collect();
    assert_eq!(labels, wanted);
    let deals = [ReasonKind::Deals; 5];
    assert_eq!(kinds(&moved)[..2], [ReasonKind::Noise, ReasonKind::Time]);
    assert_eq!(kinds(&moved)[2..7], deals);
    assert_eq!(kinds(&moved)[7], ReasonKind::Input);

    // Each step is the difference of two forecasts that were made by themselves.
    let forecasts: Vec<Forecast> = way.iter().map(|json| forecast_scenario(&scenario(json))).collect();
    let spans = moved.spans.as_ref().expect("the figure is the same");
    let medians = steps(&spans.p50);
    let chances = steps(moved.targets[0].chance.as_ref().expect("both have it"));
    for (i, pair) in forecasts.windows(2).enumerate() {
        let median = |forecast: &Forecast| forecast.main.bands.p50.known();
        let (found, wanted) = (medians[i + 1], median(&pair[1]) - median(&pair[0]));
        // Forecasts are rounded to the third digit of their errors.
        assert!((found - wanted).abs() < 500.0, "{}: {found} {wanted}", labels[i + 1]);
        let chance = |forecast: &Forecast| forecast.targets[0].probability.known();
        assert!(
            (chances[i + 1] - (chance(&pair[1]) - chance(&pair[0]))).abs() < 2e-3,
            "{}: {chances:?}",
            labels[i + 1]
        );
    }
    assert_eq!(
        read(&forecast, &moved)[2..8],
        [
            "time that passed, 2027-05-01 → 2027-06-01",
            "1 deal closed (won or lost): Acme €400k",
            "close dates of 1 open deal (1 pushed): D-3 2027-06-15 → 2028-01-15",
            "amounts of 1 open deal: D-4 €50k → €120k",
            "own chances of 1 open deal: Beta none → 90 %",
            "1 new open deal: New & Co €90k",
        ]
    );
    let said = attribution_sentences(&forecast, &moved).join(" ");
    let closed = "1 deal closed (won or lost): Acme €400k. The list of open deals does not tell which were won: what was is part of what was booked.";
    assert!(said.contains(closed), "{said}");
}

#[test]
fn what_cannot_stand_between_is_one_cause_that_adds_up() {
    // The region's deals and actuals cannot be there before it.
    let after = with(&running(), |json| {
        a_month_later(json);
        json["regions"]["away"] = json["regions"]["home"].clone();
        let home = json["actuals"].clone();
        for row in home.as_array().expect("a list") {
            let mut row = row.clone();
            row["region"] = json!("away");
            json["actuals"].as_array_mut().expect("a list").push(row);
        }
        for row in ["pipeline", "contracts"] {
            for row in json[row].as_array_mut().expect("a list") {
                row["region"] = json!("home");
            }
        }
        deals(json).push(json!({"id": "A-1", "region": "away", "created": "2027-05-12", "amount": 90_000}));
    });
    let before = with(&running(), |json| {
        for row in ["pipeline", "contracts"] {
            for row in json[row].as_array_mut().expect("a list") {
                row["region"] = json!("home");
            }
        }
    });
    let (moved, _) = moved(&before, &after);
    assert_eq!(moved.reasons.len(), 1, "{:?}", moved.reasons);
    assert!(median(&moved)[0] > 0.0);
}

#[test]
fn a_scenario_that_begins_to_run_is_explained_too() {
    let before = with(&running(), |json| {
        for section in ["as_of", "actuals", "pipeline", "contracts"] {
            json.as_object_mut().expect("an object").shift_remove(section);
        }
    });
    let (moved, forecast) = moved(&before, &running());
    assert_eq!(kinds(&moved), [ReasonKind::Time, ReasonKind::Deals]);
    let rows = read(&forecast, &moved);
    assert_eq!(rows[1], "the as-of day, the start → 2027-05-01");
    assert!(rows[2].starts_with("5 new open deals: largest first, Acme €400k; Beta €80k; D-3 €60k"), "{rows:?}");
}
