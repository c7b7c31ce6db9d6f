//! A business that changes against the referee: dated changes, one-off deals, currencies and terms, each alone and all at once, each with a twin
//! that fails; and the vectors of the law's second part. Each comparison of laws has a false-alarm rate of 1e-6.

use revcast::outcomes::Grid;
use revcast::scenario::Metric;
use revcast::units::Frequency;
use serde_json::{Value, json};

use crate::common::{forecast_of, played};
use crate::exact::assert_plan_is_mean;
use crate::referee::Twin;
use crate::running::{assert_means, trials};
use crate::statistical::{assert_found, assert_same_law};

/// Section E alone: every field that a change multiplies, with chances, delays and factors that are not known.
fn changes() -> Value {
    json!({
        "name": "Changes", "start": "2027-01", "months": 12, "contract": {"term_months": 4},
        "market": {"volatility": 0.2, "persistence": 0.5},
        "changes": [
            {"name": "Launch", "from": "2027-04", "delay_months": {"values": [0, 1.5, 3], "weights": [0.5, 0.3, 0.2]},
                "multiply": {"regions.cycle.leads.monthly": {"low": 1.2, "high": 1.8}, "regions.staged.leads.monthly": 0.5}},
            {"name": "Competitor", "from": "2027-05", "until": "2027-08", "chance": {"low": 0.3, "high": 0.7},
                "multiply": {"regions.*.conversion": 0.6, "regions.staged.stages[B].pass": 1.9, "regions.clocks.lost_cycle.mean_days": 1.6}},
            {"name": "Slower", "from": "2027-06", "chance": 0.5,
                "multiply": {"regions.*.cycle.mean_days": 2, "regions.staged.stages[A].mean_days": 1.5, "regions.clocks.cycle.stretch": 0.6}},
            {"name": "Price", "from": "2027-07", "delay_months": {"low": 0, "high": 2},
                "multiply": {"regions.*.deal_size.mean": 1.3, "regions.*.retention": 1.2, "regions.clocks.conversion": 3}},
            {"name": "Again", "from": "2027-08", "multiply": {"regions.cycle.deal_size.mean": {"mean": 0.8, "sd": 0.1}}}
        ],
        "correlations": [{"between": ["changes[Competitor].happens", "regions.cycle.conversion"], "rho": -0.6}],
        "regions": {
            "cycle": {"leads": {"monthly": {"mean": 50, "cv": 0.1}, "overdispersion": 0.1}, "conversion": {"mean": 0.4, "sd": 0.08}, "cycle": {"mean_days": {"low": 20, "high": 40}},
                "deal_size": {"mean": 1000, "cv": 0.4}, "retention": 0.6, "expansion": 0.1, "exposure": {"leads": 0.5, "conversion": 0.8, "deal_size": 0.3}},
            "staged": {"leads": {"monthly": 40}, "stages": [{"name": "A", "pass": 0.6, "mean_days": 15}, {"name": "B", "pass": 0.7, "mean_days": 20, "cv": 0.8}],
                "deal_size": {"mean": 1000}, "retention": 0.9},
            "clocks": {"leads": {"monthly": 40}, "conversion": {"mean": 0.3, "sd": 0.05}, "cycle": {"days": [0, 7, 30, 90], "decided": [0, 0.3, 0.6, 1]},
                "lost_cycle": {"mean_days": 25, "cv": 0.8}, "stalled": {"share": 0.2}, "closing": {"held_to_quarter_end": 0.4},
                "deal_size": {"shape": "table", "values": [-100, 500, 3000], "weights": [1, 6, 2]}}
        }
    })
}

/// Section F alone.
fn one_offs() -> Value {
    json!({
        "name": "One-offs", "start": "2027-01", "months": 10, "contract": {"term_months": 3},
        "one_offs": [
            {"name": "Framework", "region": "only", "month": "2027-03", "amount": {"low": 400, "high": 900}, "chance": 0.6, "delay_months": {"low": 0, "high": 2}},
            {"name": "Project", "region": "only", "month": "2027-05", "amount": 700, "chance": {"mean": 0.5, "sd": 0.1}, "renews": false},
            {"name": "Late", "region": "only", "month": "2027-10", "amount": 50, "delay_months": {"values": [0, 1], "weights": [1, 1]}}
        ],
        "regions": {"only": {"leads": {"monthly": 3}, "conversion": 0.4, "cycle": {"mean_days": 25}, "deal_size": {"mean": 100}, "retention": 0.7, "expansion": 0.2}}
    })
}

/// Section G alone: two currencies, one of which a change moves.
fn currencies() -> Value {
    json!({
        "name": "Currencies", "start": "2027-01", "months": 14, "currency": "EUR", "contract": {"term_months": 4},
        "rates": {"BRL": {"rate": {"mean": 0.2, "cv": 0.05}, "volatility": 0.6}, "USD": {"rate": 0.9}},
        "changes": [{"name": "Devaluation", "from": "2027-06", "chance": 0.4, "multiply": {"rates.BRL.rate": 0.5}}],
        "regions": {
            "brazil": {"leads": {"monthly": 60}, "conversion": 0.4, "cycle": {"mean_days": 30}, "deal_size": {"mean": 5000, "cv": 0.3}, "retention": 0.8, "expansion": 0.1, "currency": "BRL"},
            "usa": {"leads": {"monthly": 30}, "conversion": 0.4, "cycle": {"mean_days": 30}, "deal_size": {"mean": 1000}, "retention": 0.8, "currency": "USD"},
            "home": {"leads": {"monthly": 30}, "conversion": 0.4, "cycle": {"mean_days": 30}, "deal_size": {"mean": 1000}, "currency": "EUR"}
        }
    })
}

/// Section J alone: a mix of terms, amounts a year, a term of a region's own.
fn terms() -> Value {
    json!({
        "name": "Terms", "start": "2027-01", "months": 14, "contract": {"term_months": 4},
        "regions": {
            "mix": {"leads": {"monthly": 60}, "conversion": 0.4, "cycle": {"mean_days": 30}, "deal_size": {"mean": 1000, "cv": 0.3, "per": "year"},
                "terms": [{"months": 3, "share": 0.5}, {"months": 6, "share": 0.3}, {"months": 24, "share": 0.2}], "retention": 0.6, "expansion": 0.3},
            "own": {"leads": {"monthly": 30}, "conversion": 0.4, "cycle": {"mean_days": 30}, "deal_size": {"mean": 1000, "per": "year"}, "term_months": 6, "retention": 0.7}
        }
    })
}

/// Everything at once, as of a day, with open deals and contracts in force.
pub(crate) fn running() -> Value {
    let known = |region: &str| {
        ["2027-01", "2027-02"].map(|month| {
            ["bookings", "renewals"]
                .map(|metric| json!({"region": region, "metric": metric, "month": month, "amount": 1000}))
        })
    };
    let actuals: Vec<Value> = ["aged", "staged", "daily"].into_iter().flat_map(known).flatten().collect();
    let deals = |region: &str| {
        vec![
            json!({"id": format!("{region} 1"), "region": region, "created": "2027-01-20", "amount": 9000, "count": 20, "stage": "A", "stage_since": "2027-01-25"}),
            json!({"id": format!("{region} 2"), "region": region, "created": "2026-12-20", "count": 15, "stage": "B", "stage_since": "2027-01-05"}),
            json!({"id": format!("{region} 3"), "region": region, "created": "2027-01-01", "amount": 70, "win_probability": 0.7, "close_date": "2027-03-12", "stage": "B", "stage_since": "2027-02-01"}),
        ]
    };
    let pipeline: Vec<Value> = ["aged", "staged", "daily"].into_iter().flat_map(deals).collect();
    json!({
        "name": "All", "start": "2027-01", "months": 11, "as_of": "2027-02-10", "contract": {"term_months": 3}, "currency": "EUR",
        "actuals": actuals, "pipeline": pipeline, "market": {"volatility": 0.2, "persistence": 0.5},
        "contracts": [
            {"id": "1", "region": "aged", "annual_value": 30000, "renews": "evenly", "count": 30, "term_months": 4},
            {"id": "2", "region": "daily", "annual_value": 9000, "renews": "2027-04", "count": 3}
        ],
        "rates": {"BRL": {"rate": {"low": 0.15, "high": 0.25}, "volatility": 0.4}},
        "changes": [
            {"name": "Now", "from": "2027-01", "until": "2027-03", "chance": 0.5,
                "multiply": {"regions.*.conversion": 1.5, "regions.*.cycle.mean_days": 0.7, "regions.staged.stages[B].pass": 1.6, "regions.staged.stages[B].mean_days": 2}},
            {"name": "Price", "from": "2027-05", "delay_months": {"low": 0, "high": 2}, "multiply": {"regions.*.deal_size.mean": 1.4}},
            {"name": "Churn", "from": "2027-06", "chance": 0.4, "multiply": {"regions.*.retention": 0.7, "rates.BRL.rate": 0.8}},
            {"name": "Pace", "from": "2027-04", "until": "2027-07", "chance": 0.5, "multiply": {"regions.daily.closing.won": 1.6, "regions.*.closing.lost": 0.7}},
            {"name": "Launch", "from": "2027-03", "multiply": {"regions.*.leads.monthly": {"low": 1, "high": 1.6}}}
        ],
        "one_offs": [{"name": "Framework", "region": "aged", "month": "2027-03", "amount": 40000, "chance": 0.5, "delay_months": {"low": 0, "high": 3}}],
        "regions": {
            "aged": {"leads": {"monthly": 20}, "conversion": {"mean": 0.4, "sd": 0.05}, "cycle": {"mean_days": 40}, "lost_cycle": {"mean_days": 30}, "stalled": {"share": 0.1},
                "final_amount": {"ratio": 0.9, "cv": 0.2}, "deal_size": {"mean": 1000, "per": "year"}, "currency": "BRL", "close_dates": {"kept": 0.5, "slip": {"mean_days": 10}},
                "terms": [{"months": 3, "share": 0.6}, {"months": 12, "share": 0.4}], "retention": 0.8, "expansion": -0.1, "exposure": {"conversion": 0.5, "deal_size": 0.5}},
            "staged": {"leads": {"monthly": 15}, "stages": [{"name": "A", "pass": 0.7, "mean_days": 15}, {"name": "B", "pass": 0.6, "mean_days": 20}],
                "deal_size": {"mean": 500}, "retention": 0.7, "currency": "BRL"},
            "daily": {"leads": {"monthly": 20}, "conversion": 0.35, "cycle": {"mean_days": 40}, "closing": {"rhythm": {"won": [0.8, 0.9, 1.4]}},
                "deal_size": {"mean": 700, "cv": 0.5}, "retention": 0.7, "term_months": 5, "exposure": {"conversion": 0.5}}
        }
    })
}

#[test]
fn dated_changes_follow_the_referee() {
    assert_same_law(&changes(), 5_000);
    assert_found(&changes(), Twin::ByClosingMonth, &[Metric::WonDeals]);
    assert_found(&changes(), Twin::SharesNotHeld, &[Metric::WeightedPipeline]);
}

#[test]
fn delays_are_rounded_to_the_nearest_month() {
    let mut scenario = one_offs();
    scenario["one_offs"][0]["delay_months"] = json!(1.5);
    assert_same_law(&scenario, 5_000);
    assert_found(&scenario, Twin::DelayRoundedDown, &[Metric::Bookings]);
}

#[test]
fn one_off_deals_follow_the_referee() {
    assert_same_law(&one_offs(), 6_000);
}

#[test]
fn currencies_follow_the_referee() {
    assert_same_law(&currencies(), 6_000);
    assert_found(&currencies(), Twin::NoDrift, &[Metric::Bookings, Metric::TotalBookings]);
    assert_found(&currencies(), Twin::RateOfSigning, &[Metric::Arr, Metric::Renewals]);
}

#[test]
fn terms_follow_the_referee() {
    assert_same_law(&terms(), 6_000);
    assert_found(&terms(), Twin::OneYear, &[Metric::Bookings, Metric::PipelineValue]);
}

#[test]
fn all_that_changes_in_a_running_business_follows_the_referee() {
    assert_same_law(&running(), 5_000);
}

/// Vector 9: expected leads under a change with a chance and a delay, and expected bookings of a one-off.
#[test]
fn vector_9_of_changes_and_one_offs() {
    let scenario = json!({
        "name": "9", "start": "2027-01", "months": 9,
        "changes": [{"name": "Double", "from": "2027-04", "until": "2027-06", "chance": 0.4,
            "delay_months": {"values": [0, 1.5], "weights": [0.75, 0.25]}, "multiply": {"regions.a.leads.monthly": 2}}],
        "one_offs": [{"name": "Deal", "region": "a", "month": "2027-03", "amount": 500, "chance": 0.6, "delay_months": {"low": 0, "high": 2}}],
        "regions": {"a": {"leads": {"monthly": 30}, "conversion": 0, "cycle": {"mean_days": 45}, "deal_size": {"mean": 1}}}
    });
    let leads = [30.0, 30.0, 30.0, 39.0, 39.0, 42.0, 33.0, 33.0, 30.0];
    assert_means("leads", &trials(scenario.clone(), Metric::Leads, 0..9), &leads);
    assert_means("bookings", &trials(scenario, Metric::Bookings, 2..5), &[75.0, 150.0, 75.0]);
}

/// Vector 10: the walk of a rate, and a contract in force that is converted anew when it is renewed.
#[test]
fn vector_10_of_a_currency() {
    let scenario = json!({
        "name": "10", "start": "2027-01", "months": 6, "contracts": [{"id": "c", "annual_value": 1000, "renews": "2027-06"}],
        "rates": {"BRL": {"rate": 0.2, "volatility": 0.3}},
        "regions": {"a": {"leads": {"monthly": 0}, "conversion": 0, "cycle": {"mean_days": 45}, "deal_size": {"mean": 1},
            "retention": 1, "expansion": 0.1, "currency": "BRL"}}
    });
    let arr = trials(scenario, Metric::Arr, 0..6);
    assert!(
        arr[..5].iter().flatten().all(|arr| (arr - 200.0).abs() < 1e-9),
        "in force at the rate of the as-of day's month"
    );
    let rate: Vec<f64> = arr[5].iter().map(|arr| arr / 1100.0).collect();
    assert_means("rate", std::slice::from_ref(&rate), &[0.2]);
    let square: Vec<f64> = rate.iter().map(|rate| (rate - 0.2) * (rate - 0.2)).collect();
    assert_means("variance", &[square], &[0.0390957783 * 0.0390957783]);
    let below = |level: f64| rate.iter().map(|rate| f64::from(u8::from(*rate <= level))).collect::<Vec<f64>>();
    assert_means("percentiles", &[below(0.1531466521), below(0.2515743973)], &[0.1, 0.9]);
}

#[test]
fn arr_adds_up_with_currencies_terms_and_one_offs_in_every_trial() {
    let mut scenario = running();
    scenario["simulation"] = json!({"trials": 300, "seed": 5});
    let (model, outcomes) = played(&scenario);
    let of = |metric| Grid::new(&model, &outcomes, metric, &model.scopes[model.total()].regions);
    let [arr, signed, expansion, contraction, churn] =
        [Metric::Arr, Metric::ArrNew, Metric::ArrExpansion, Metric::ArrContraction, Metric::ArrChurn].map(of);
    let [bookings, closed, open, new, one_offs] = [
        Metric::Bookings,
        Metric::BookingsClosed,
        Metric::BookingsFromOpen,
        Metric::BookingsFromNew,
        Metric::BookingsFromOneOffs,
    ]
    .map(of);
    for m in model.as_of.month + 1..model.horizon.months {
        for t in 0..300 {
            let at = |grid: &Grid| grid.month(m)[t];
            let change = at(&signed) + at(&expansion) - at(&contraction) - at(&churn);
            let (before, now) = (arr.month(m - 1)[t], at(&arr));
            assert!((before + change - now).abs() <= 1e-9 * now.abs().max(1.0), "{m} {t}: {before} {change} {now}");
            let sum = at(&closed) + at(&open) + at(&new) + at(&one_offs);
            assert!((at(&bookings) - sum).abs() <= 1e-9 * sum.abs().max(1.0), "{m} {t}");
        }
    }
}

/// What happens for sure, in the same way in each trial, or enters a figure by its mean alone.
fn certain() -> Value {
    let mut scenario = running();
    scenario["simulation"] = json!({"trials": 4_000, "seed": 8});
    scenario.as_object_mut().expect("an object").remove("market");
    // What a contract gains or loses by the rate is no mean.
    scenario["rates"]["BRL"] = json!({"rate": 0.2});
    scenario["changes"] = json!([
        {"name": "Now", "from": "2027-01", "until": "2027-03", "multiply": {"regions.*.conversion": 1.5, "regions.*.cycle.mean_days": 0.7, "regions.staged.stages[B].pass": 1.4, "regions.staged.stages[B].mean_days": 2}},
        {"name": "Price", "from": "2027-05", "delay_months": 1.4, "multiply": {"regions.*.deal_size.mean": 1.4}},
        {"name": "Pace", "from": "2027-04", "until": "2027-07", "multiply": {"regions.daily.closing.won": 1.6, "regions.*.closing.lost": 0.7}},
        {"name": "Launch", "from": "2027-03", "multiply": {"regions.*.leads.monthly": 1.5}},
        {"name": "Churn", "from": "2027-06", "multiply": {"regions.staged.retention": 0.6}}
    ]);
    scenario["one_offs"][0]["delay_months"] = json!(1);
    scenario["regions"]["aged"]["conversion"] = json!(0.4);
    scenario
}

#[test]
fn the_plan_line_is_the_mean_where_changes_are_certain() {
    assert_plan_is_mean(&forecast_of(&certain()), &[2, 5, 8, 10], 150);
}

#[test]
fn events_and_currencies_have_shares_of_the_variance_of_their_own() {
    // A one-off of 1,000 with a chance of 0.3 against deals of 10: Var = 1,000²·0.21 from the event, E[size²]·wins from chance.
    let forecast = forecast_of(&json!({
        "name": "Shares", "start": "2027-01", "months": 6, "simulation": {"trials": 20_000, "seed": 2},
        "one_offs": [{"name": "Deal", "region": "a", "month": "2027-02", "amount": 1000, "chance": 0.3}],
        "regions": {"a": {"leads": {"monthly": 600}, "conversion": 0.5, "cycle": {"mean_days": 1, "shape": "fixed"}, "deal_size": {"mean": 10, "cv": 0.8}}}
    }));
    let shares = forecast.main.variance.expect("it varies");
    let wins = forecast
        .series
        .iter()
        .find(|series| series.metric == Metric::WonDeals && series.every == Frequency::Cumulative);
    let wins = wins.and_then(|series| *series.bands.mean.value.last().expect("months")).expect("it is known") - 0.3;
    let (event, chance) = (1e6 * 0.21, 164.0 * wins);
    let events = shares.events.expect("there is an event");
    let expected = event / (event + chance);
    assert!(
        (events.known() - expected).abs() < 4.9 * events.error.expect("it has one") + 2e-3,
        "{events:?} {expected}"
    );
    assert!(shares.inputs.known().abs() < 0.02 && shares.rates.is_none(), "{shares:?}");
    // Deals of one size in a currency: what is booked in a month is the rate times a Poisson number of deals.
    let forecast = forecast_of(&json!({
        "name": "Rate", "start": "2027-01", "months": 13, "simulation": {"trials": 20_000, "seed": 2}, "rates": {"BRL": {"rate": 0.2, "volatility": 0.3}},
        "targets": [{"name": "Last", "metric": "bookings", "period": "2028-01", "at_least": 1}],
        "regions": {"a": {"leads": {"monthly": 1000}, "conversion": 1, "cycle": {"mean_days": 1, "shape": "fixed"}, "deal_size": {"mean": 10, "cv": 0}, "currency": "BRL"}}
    }));
    let shares = forecast.main.variance.expect("it varies");
    let rates = shares.rates.expect("a rate moves");
    let of_rate = libm::exp(0.09) - 1.0;
    let expected = of_rate / (of_rate + libm::exp(0.09) / 1000.0);
    assert!((rates.known() - expected).abs() < 4.9 * rates.error.expect("it has one") + 1e-3, "{rates:?} {expected}");
    assert!(shares.events.is_none());
}

#[test]
fn a_target_has_its_chance_with_each_event_and_without_it() {
    let forecast = forecast_of(&json!({
        "name": "With", "start": "2027-01", "months": 3, "simulation": {"trials": 2_000, "seed": 2},
        "changes": [
            {"name": "Sure", "from": "2027-02", "multiply": {"regions.a.leads.monthly": 2}},
            {"name": "No matter", "from": "2027-02", "chance": 0.5, "multiply": {"regions.a.retention": 0.5}}
        ],
        "one_offs": [{"name": "Deal", "region": "a", "month": "2027-02", "amount": 1000, "chance": 0.4}],
        "targets": [{"name": "Year", "metric": "bookings", "period": "total", "at_least": 900}],
        "regions": {"a": {"leads": {"monthly": 1}, "conversion": 0.1, "cycle": {"mean_days": 1, "shape": "fixed"}, "deal_size": {"mean": 1, "cv": 0}}}
    }));
    let events = &forecast.targets[0].events;
    let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["No matter", "Deal"], "what happens for sure is no event");
    let all = forecast.targets[0].probability.known();
    assert!((events[0].with.known() - all).abs() < 0.06 && (events[0].without.known() - all).abs() < 0.06);
    assert_eq!((events[1].with.value, events[1].without.value), (Some(1.0), Some(0.0)));
    assert!((events[1].happens.known() - 0.4).abs() < 0.05 && (all - events[1].happens.known()).abs() < 1e-12);
}
