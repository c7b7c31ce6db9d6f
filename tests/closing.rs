//! Leads and open deals that are decided day by day: the vectors of the law, in the model and in the engine's trials.

use revcast::forecast::Series;
use revcast::model::{AgeChances, Closing, Fate, Model, own_weight, resolve};
use revcast::scenario::{Metric, load};
use revcast::units::Frequency;
use serde_json::{Value, json};

use crate::common::forecast_of;
use crate::referee::Twin;
use crate::statistical::{assert_found, assert_found_in, assert_same_law};

/// Rows of what is known, so that a scenario as of a day is sound.
pub(crate) fn known(regions: &[&str], months: &[&str]) -> Value {
    let rows = regions.iter().flat_map(|region| {
        months.iter().flat_map(move |month| {
            ["bookings", "renewals", "leads", "won_deals", "lost_deals"]
                .map(|metric| json!({"region": region, "metric": metric, "month": month, "amount": 0}))
        })
    });
    rows.collect()
}

/// Table T of the vectors.
pub(crate) fn table() -> Value {
    json!({"ages": [0, 14, 75], "won": [0.002, 0.01, 0.004], "lost": [0.01, 0.008, 0.002]})
}

/// Rhythm R of the vectors.
pub(crate) fn rhythm() -> Value {
    json!({"won": [0.5, 0.7, 1.8], "lost": [1, 1, 1.5]})
}

/// As of 2027-05-10, with a region that closes so.
fn as_of(closing: Value, pipeline: Value, more: Value) -> Value {
    let mut scenario = json!({"name": "Vector", "start": "2027-01", "months": 8, "as_of": "2027-05-10", "pipeline": pipeline, "contracts": [],
        "actuals": known(&["a"], &["2027-01", "2027-02", "2027-03", "2027-04", "2027-05"]),
        "regions": {"a": {"leads": {"monthly": 60}, "deal_size": {"mean": 1, "shape": "fixed"}, "closing": closing}}});
    for (key, value) in more.as_object().into_iter().flatten() {
        scenario[key] = value.clone();
    }
    scenario
}

fn model(scenario: &Value) -> Model {
    let scenario = load("v".as_ref(), &[], &|_| Ok(scenario.to_string().into()));
    resolve(&scenario.unwrap_or_else(|faults| panic!("{faults}"))).unwrap_or_else(|faults| panic!("{faults}"))
}

/// A model's region, with its days from the as-of day on and its factors.
struct Vector {
    model: Model,
    days: Vec<usize>,
    factors: Vec<[f64; 2]>,
}

impl Vector {
    fn new(scenario: &Value) -> Vector {
        let model = model(scenario);
        let first = model.as_of.month;
        let days = (first..model.horizon.months).map(|m| model.days_played(m)).collect();
        let closing = model.regions[0].funnel.closing().expect("it is decided day by day");
        let factors = closing.mean_factors(&model.horizon, &[]).split_off(first);
        Vector { days, factors, model }
    }

    fn closing(&self) -> &Closing {
        self.model.regions[0].funnel.closing().expect("it is decided day by day")
    }

    fn chances(&self, tilt: f64, stage: [f64; 2]) -> AgeChances {
        self.closing().chances(&[], self.model.as_of.month, tilt, stage, [1.0; 3], std::slice::from_ref(&(0..1_000)))
    }

    fn fate(&self, chances: &AgeChances, age: usize) -> Fate {
        chances.follow(age, &self.factors, &self.days)
    }
}

fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 6e-11 * wanted.abs().max(1.0), "{found} is not {wanted}");
}

fn all_near(found: impl IntoIterator<Item = f64>, wanted: &[f64]) {
    let found: Vec<f64> = found.into_iter().collect();
    assert!(found.len() >= wanted.len());
    found.iter().zip(wanted).for_each(|(found, wanted)| near(*found, *wanted));
}

fn summed(months: &[f64]) -> Vec<f64> {
    months.iter().scan(0.0, |sum, x| Some(std::mem::replace(sum, *sum + x) + x)).collect()
}

#[test]
fn vector_1_days_are_those_of_the_calendar() {
    let vector = Vector::new(&as_of(json!({"table": table()}), json!([]), json!({})));
    assert_eq!(vector.days, [22, 30, 31, 31]);
    let whole = model(&as_of(
        json!({"table": table()}),
        json!([]),
        json!({"as_of": null, "pipeline": null, "contracts": null, "actuals": null}),
    ));
    assert_eq!((0..5).map(|m| whole.days_played(m)).sum::<usize>(), 151);
}

#[test]
fn vector_2_chances_ever_by_age() {
    let vector = Vector::new(&as_of(json!({"table": table()}), json!([]), json!({})));
    let chances = vector.chances(1.0, [1.0; 2]);
    let open = |age: usize| chances.follow(0, &[[1.0; 2]], &[age]).open[0];
    near(open(14), 0.8444952754);
    near(open(75), 0.2788675487);
    for (age, wanted) in [(0, 0.5260667792), (14, 0.5922464455), (25, 0.6003611125), (75, 0.6666666667)] {
        near(chances.ever(age)[0], wanted);
        near(chances.ever(age)[1], 1.0 - wanted);
    }
    near(vector.closing().win_rate(&[]), 0.5260667792);
    near(vector.chances(libm::exp(0.5), [1.0; 2]).ever(25)[0], 0.7005131864);
}

const WON_3: [f64; 4] = [0.1830092798, 0.3347440930, 0.3799498331, 0.4174619437];
const LOST_3: [f64; 4] = [0.1464074239, 0.2668303778, 0.2894332478, 0.3081893031];
const WON_3R: [f64; 4] = [0.1335332692, 0.3967660135, 0.4157164167, 0.4390794622];
const LOST_3R: [f64; 4] = [0.1308081005, 0.2802152659, 0.2964584686, 0.3107623740];
const WON_3S: [f64; 4] = [0.2576752014, 0.6746930790, 0.6981085435, 0.7256453640];
const LOST_3S: [f64; 4] = [0.0631041309, 0.1223574670, 0.1273750665, 0.1315898860];

#[test]
fn vector_3_an_open_deal() {
    let plain = Vector::new(&as_of(json!({"table": table()}), json!([]), json!({})));
    let chances = plain.chances(1.0, [1.0; 2]);
    let fate = plain.fate(&chances, 25);
    all_near(summed(&fate.won), &WON_3);
    all_near(summed(&fate.lost), &LOST_3);
    near(chances.ever(25 + 22)[0], 0.6223713519);
    near(chances.ever(25 + 22 + 30)[0], 0.6666666667);
    let rhythmic = Vector::new(&as_of(json!({"table": table(), "rhythm": rhythm()}), json!([]), json!({})));
    let fate = rhythmic.fate(&rhythmic.chances(1.0, [1.0; 2]), 25);
    all_near(summed(&fate.won), &WON_3R);
    all_near(summed(&fate.lost), &LOST_3R);
    let staged = rhythmic.chances(1.0, [2.0, 0.5]);
    let fate = rhythmic.fate(&staged, 25);
    all_near(summed(&fate.won), &WON_3S);
    all_near(summed(&fate.lost), &LOST_3S);
    near(staged.ever(25)[0], 0.8498232469);
}

const NEW_WON_4: [f64; 4] = [1.3517240021, 10.8567290683, 19.2407172510, 22.1004334600];
const NEW_LOST_4: [f64; 4] = [4.3882904875, 15.1723105949, 21.9450499165, 23.7624918890];
const NEW_WON_4R: [f64; 4] = [0.9676294289, 17.7666743752, 9.2342253093, 17.1380042838];
const NEW_LOST_4R: [f64; 4] = [3.8132730540, 18.3145732815, 18.3302484487, 22.0803064338];

fn new_leads(vector: &Vector) -> [Vec<f64>; 4] {
    let first = vector.model.as_of.month;
    let a_day: Vec<f64> =
        (0..vector.days.len()).map(|i| 60.0 / vector.model.horizon.month(first + i).days() as f64).collect();
    vector.chances(1.0, [1.0; 2]).follow_new(&a_day, &vector.factors, &vector.days)
}

#[test]
fn vector_4_new_leads() {
    for (closing, won, lost) in [
        (json!({"table": table()}), NEW_WON_4, NEW_LOST_4),
        (json!({"table": table(), "rhythm": rhythm()}), NEW_WON_4R, NEW_LOST_4R),
    ] {
        let found = new_leads(&Vector::new(&as_of(closing, json!([]), json!({}))));
        all_near(found[0].iter().copied(), &won);
        all_near(found[1].iter().copied(), &lost);
    }
}

const WON_5: [f64; 4] = [0.2438656016, 0.4460569961, 0.5062950617, 0.5562811249];
const LOST_5: [f64; 4] = [0.0732698586, 0.1335357425, 0.1448473894, 0.1542338910];
const WON_5R: [f64; 4] = [0.1793775353, 0.5262400086, 0.5505865405, 0.5810950076];
const LOST_5R: [f64; 4] = [0.0646556958, 0.1411290524, 0.1498254574, 0.1572372312];
const DATED_5: [f64; 4] = [0.0732037119, 0.0606939253, 0.3782989635, 0.0150048442];

#[test]
fn vector_5_a_stated_close_date() {
    let deal = json!([{"id": "d", "region": "a", "created": "2027-04-15", "close_date": "2027-07-20", "amount": 1}]);
    let mut scenario = as_of(json!({"table": table()}), deal, json!({"simulation": {"trials": 10}}));
    scenario["regions"]["a"]["leads"]["monthly"] = json!(0);
    scenario["regions"]["a"]["close_dates"] = json!({"kept": 0.6});
    let forecast = forecast_of(&scenario);
    let is_asked =
        |series: &&Series| series.metric == Metric::WonDeals && series.scope == "a" && series.every == Frequency::Month;
    let plan = &forecast.series.iter().find(is_asked).expect("it is told").plan;
    // Figures of a forecast have nine digits.
    let found = plan[4..].iter().map(|x| x.expect("it is known"));
    found.zip(DATED_5).for_each(|(found, wanted)| assert!((found - wanted).abs() < 6e-10, "{found} is not {wanted}"));
}

#[test]
fn vector_5_a_chance_of_its_own() {
    for (closing, won, lost) in
        [(json!({"table": table()}), WON_5, LOST_5), (json!({"table": table(), "rhythm": rhythm()}), WON_5R, LOST_5R)]
    {
        let vector = Vector::new(&as_of(closing, json!([]), json!({})));
        let chances = vector.chances(1.0, [1.0; 2]);
        let [to_win, not] = [true, false].map(|won| chances.given(won));
        near(to_win.daily(25)[0], 0.0166566418);
        near(not.daily(25)[1], 0.0200180719);
        all_near(summed(&vector.fate(&to_win, 25).won).into_iter().map(|x| 0.8 * x), &won);
        all_near(summed(&vector.fate(&not, 25).lost).into_iter().map(|x| 0.2 * x), &lost);
        let weight = |age: usize| own_weight(0.8, chances.ever(25), chances.ever(age), false);
        near(weight(25 + 22), 0.8144139371);
        near(weight(25 + 52), 0.8419050677);
        assert_eq!(own_weight(1.0, chances.ever(25), chances.ever(30), false), 1.0);
    }
}

/// Vector 6's region from cycles.
fn from_cycles(closing: Value) -> Value {
    json!({"name": "6", "start": "2027-01", "months": 5, "regions": {"a": {"leads": {"monthly": 60}, "conversion": 0.3, "cycle": {"mean_days": 45},
        "lost_cycle": {"mean_days": 30, "cv": 0.8}, "stalled": {"share": 0.25}, "deal_size": {"mean": 1, "shape": "fixed"}, "closing": closing}}})
}

const WON_6: [f64; 5] = [1.3206842440, 9.5821408656, 17.0605760739, 17.6158906964, 18.3474201267];
const LOST_6: [f64; 5] = [9.3712530064, 23.9444296766, 31.5280934233, 30.6690815274, 31.9453581594];
const WON_6R: [f64; 5] = [0.6956044264, 7.5034652993, 28.3136064461, 8.2037065303, 14.5701719266];
const LOST_6R: [f64; 5] = [8.2319325585, 21.7763985649, 38.1448614242, 25.7102953218, 29.5206110608];

#[test]
fn vector_6_chances_from_cycles() {
    let vector = Vector::new(&from_cycles(json!({"now": {"won": 0}})));
    let chances = vector.chances(1.0, [1.0; 2]);
    for (age, won, lost, ever) in
        [(30, 0.0119436618, 0.0155497791, 0.3757723463), (75, 0.0060417604, 0.0043172824, 0.1229752391)]
    {
        all_near(chances.daily(age), &[won, lost]);
        near(chances.ever(age)[0], ever);
    }
    let shifted = vector.chances(libm::exp(0.5), [1.0; 2]);
    all_near(shifted.daily(30), &[0.0158323045, 0.0125021187]);
    near(shifted.ever(30)[0], 0.4981171006);
    let found = new_leads(&vector);
    all_near(found[0].iter().copied(), &WON_6);
    all_near(found[1].iter().copied(), &LOST_6);
    let found = new_leads(&Vector::new(&from_cycles(json!({"rhythm": rhythm()}))));
    all_near(found[0].iter().copied(), &WON_6R);
    all_near(found[1].iter().copied(), &LOST_6R);
    // With factors of a stage that are 1 the chances ever, added up over all ages, are those in closed form.
    let summed = vector.chances(1.0, [1.0, 1.0 + 1e-15]);
    for age in [0, 10, 100, 400] {
        assert!((summed.ever(age)[0] - chances.ever(age)[0]).abs() < 1e-9, "{age}");
    }
}

#[test]
fn vector_7_chances_above_one_and_one_chance() {
    let held = revcast::model::held_to_one([0.7 * 1.5, 0.9 * 0.5]);
    all_near(held, &[0.7, 0.3]);
    let one = json!({"table": {"ages": [0], "won": [0.02], "lost": [0]}});
    let vector = Vector::new(&as_of(one, json!([]), json!({})));
    let chances = vector.chances(1.0, [1.0; 2]);
    all_near(summed(&vector.fate(&chances, 3).won), &[0.3588293039, 0.6502514392, 0.8130332915, 0.9000523404]);
    assert_eq!(chances.ever(0), [1.0, 0.0]);
}

#[test]
fn vector_9_until_a_day() {
    let vector = Vector::new(&as_of(json!({"table": table()}), json!([]), json!({"until": "2027-08-10"})));
    assert_eq!(vector.days, [22, 30, 31, 10]);
    let found = new_leads(&vector);
    near(found[0][3], 6.9485471285);
    near(found[1][3], 7.5815908314);
    let fate = vector.fate(&vector.chances(1.0, [1.0; 2]), 25);
    near(summed(&fate.won)[3], 0.3928230971);
    near(summed(&fate.lost)[3], 0.2958698798);
}

/// A table, rhythm, a walk, uncertain chances, market, overdispersion; open deals of several ages and stages, some with a chance of their own or
/// a close date.
fn rich() -> Value {
    let deals = json!([
        {"id": "1", "region": "a", "created": "2027-04-15", "amount": 9000, "count": 30},
        {"id": "2", "region": "a", "created": "2027-05-01", "amount": 400, "count": 20, "close_date": "2027-07-20"},
        {"id": "3", "region": "a", "created": "2026-12-20", "count": 15, "stage": "Offer"},
        {"id": "4", "region": "a", "created": "2027-04-15", "amount": 700, "win_probability": 0.8, "count": 9},
        {"id": "5", "region": "a", "created": "2027-03-15", "amount": 500, "win_probability": 0.3, "count": 5, "close_date": "2027-06-15", "stage": "Demo"},
        {"id": "6", "region": "a", "created": "2016-01-01", "amount": 50, "count": 12},
        {"id": "7", "region": "b", "created": "2027-02-15", "amount": 300, "count": 25, "stage": "Offer"},
        {"id": "8", "region": "b", "created": "2016-01-01", "amount": 60, "count": 3},
        {"id": "9", "region": "b", "created": "2016-01-01", "amount": 70, "count": 6, "win_probability": 0.5},
        {"id": "10", "region": "b", "created": "2027-04-01", "amount": 80, "count": 12, "close_date": "2027-08-03"}
    ]);
    json!({"name": "Rich", "start": "2027-01", "months": 10, "as_of": "2027-05-10", "pipeline": deals, "contracts": [],
    "actuals": known(&["a", "b"], &["2027-01", "2027-02", "2027-03", "2027-04", "2027-05"]),
    "contract": {"term_months": 3}, "market": {"volatility": 0.3, "persistence": 0.5}, "fiscal_year": {"first_month": 2},
    "regions": {
        "a": {"leads": {"monthly": {"mean": 40, "cv": 0.2}, "overdispersion": 0.1}, "deal_size": {"mean": 1000}, "retention": 0.6,
            "exposure": {"leads": 0.5, "conversion": 0.7, "deal_size": 0.3}, "close_dates": {"kept": 0.6, "slip": {"mean_days": 20}},
            "final_amount": {"ratio": 0.9, "cv": 0.3},
            "closing": {"table": {"ages": [0, 14, 75], "won": [{"mean": 0.004, "sd": 0.001}, 0.02, 0.006], "lost": [0.02, {"low": 0.005, "high": 0.02}, 0.002]},
                "rhythm": {"won": [0.5, 0.7, {"low": 1.5, "high": 2.5}], "lost": [1, 1, 1.5]}, "volatility": {"won": 0.2, "lost": 0.1},
                "now": {"won": {"mean": 0.1, "sd": 0.2}}, "by_stage": {"Offer": {"won": 2, "lost": 0.5}, "Demo": {"lost": {"low": 0.8, "high": 1.5}}}}},
        "b": {"leads": {"monthly": 30}, "conversion": {"mean": 0.3, "sd": 0.05}, "cycle": {"mean_days": {"mean": 45, "cv": 0.1}}, "lost_cycle": {"mean_days": 30, "cv": 0.8},
            "close_dates": {"kept": 0.7}, "deal_size": {"mean": 500, "cv": 0.5}, "exposure": {"conversion": 1},
            "closing": {"volatility": {"won": 0.3}, "by_stage": {"Offer": {"won": 1.7}}}}
    }})
}

/// Fixed inputs and no market, many leads: little noise but that of counts.
fn sharp() -> Value {
    let pipeline = json!([
        {"id": "1", "created": "2027-04-15", "amount": 10, "count": 400},
        {"id": "2", "created": "2027-02-15", "amount": 5, "count": 400}
    ]);
    let closing = json!({"table": table(), "rhythm": rhythm()});
    let mut scenario = as_of(closing, pipeline, json!({"until": "2027-08-10"}));
    scenario["regions"]["a"]["leads"] = json!({"monthly": 600});
    scenario
}

/// Few leads, with chances that are large for some days, and until a day of the as-of day's month.
fn few() -> Value {
    let quick = json!({"ages": [0, 3, 6, 20], "won": [0, 0.4, 0.05, 0.01], "lost": [0.1, 0.7, 0, 0.002]});
    json!({"name": "Few", "start": "2027-01", "months": 4, "until": "2027-04-20",
    "regions": {
        "quick": {"leads": {"monthly": 4}, "deal_size": {"mean": 1000}, "closing": {"table": quick, "rhythm": {"won": [1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 1, 1]}}},
        "cycles": {"leads": {"monthly": 5, "overdispersion": 0.5}, "conversion": 0.4, "cycle": {"mean_days": 20}, "stalled": {"share": 0.3}, "deal_size": {"mean": 100},
            "closing": {"now": {"won": -0.3, "lost": 0.5}}}
    }})
}

/// Two regions whose pace takes the same steps.
fn shared() -> Value {
    let region = json!({"leads": {"monthly": 150}, "deal_size": {"mean": 100, "cv": 0.2}, "closing": {"table": table(), "volatility": {"won": 0.4, "lost": 0.2}}});
    json!({"name": "Shared", "start": "2027-01", "months": 8, "closing": {"shared": true}, "regions": {"one": region, "other": region}})
}

/// Open deals alone, whose pace drifts.
fn walk() -> Value {
    let closing = json!({"table": {"ages": [0], "won": [0.002], "lost": [0]}, "now": {"won": {"mean": 0, "sd": 0.3}}, "volatility": {"won": 0.2}});
    let mut scenario =
        as_of(closing, json!([{"id": "1", "created": "2027-04-15", "amount": 1000, "count": 1000}]), json!({}));
    scenario["regions"]["a"]["leads"] = json!({"monthly": 0});
    scenario
}

#[test]
fn everything_at_once_follows_the_referee() {
    assert_same_law(&rich(), 5_000);
}

#[test]
fn sharp_scenarios_follow_the_referee() {
    assert_same_law(&sharp(), 3_000);
    assert_found_in(
        1_500,
        &sharp(),
        Twin::LostChancesForWon,
        &[Metric::WonDeals, Metric::BookingsFromOpen, Metric::WeightedPipeline],
    );
    assert_found_in(1_500, &sharp(), Twin::RhythmAsItIs, &[Metric::WonDeals, Metric::LostDeals]);
    assert_found_in(1_500, &sharp(), Twin::NoAge, &[Metric::WonDeals, Metric::BookingsFromOpen]);
}

#[test]
fn few_leads_follow_the_referee() {
    assert_same_law(&few(), 20_000);
}

#[test]
fn a_pace_that_drifts_follows_the_referee() {
    assert_same_law(&shared(), 3_000);
    assert_found_in(1_500, &shared(), Twin::WalkAnew, &[Metric::WonDeals]);
    assert_same_law(&walk(), 3_000);
}

/// Deal sizes by a table, with uncertain weights, amounts of 0 and below, renewals, and open deals without amounts.
fn sizes() -> Value {
    let deals = json!([{"id": "1", "region": "a", "created": "2027-04-15", "count": 20}]);
    let size =
        json!({"shape": "table", "values": [0, 500, 2000, -100], "weights": [1, {"mean": 2, "sd": 0.5}, 1, 0.3]});
    json!({"name": "Sizes", "start": "2027-01", "months": 10, "as_of": "2027-05-10", "pipeline": deals, "contracts": [],
    "actuals": known(&["a", "b"], &["2027-01", "2027-02", "2027-03", "2027-04", "2027-05"]),
    "contract": {"term_months": 3}, "market": {"volatility": 0.2},
    "regions": {
        "a": {"leads": {"monthly": 40}, "conversion": 0.3, "cycle": {"mean_days": 30}, "deal_size": size, "retention": 0.6, "expansion": 0.1, "exposure": {"deal_size": 1}},
        "b": {"leads": {"monthly": 300}, "conversion": 0.3, "cycle": {"mean_days": 20}, "deal_size": {"shape": "table", "values": [10, 20]}}
    }})
}

#[test]
fn deal_sizes_of_a_table_follow_the_referee() {
    assert_same_law(&sizes(), 4_000);
    // Vector 10.
    let vector = as_of(json!({"table": table()}), json!([]), json!({}));
    let mut written = vector.clone();
    written["regions"]["a"]["deal_size"] = json!({"shape": "table", "values": [0, 500, 2000], "weights": [1, 2, 1]});
    let region = &model(&written).regions[0];
    near(region.mean_size_at(&[]), 750.0);
    let sizes = region.sizes.as_ref().expect("a table");
    let squares: f64 = sizes.values.iter().zip([1.0, 2.0, 1.0]).map(|(x, w)| x * x * w / 4.0).sum();
    near(squares, 1_125_000.0);
}

/// Joint draws of levels, chances by age, pace and weights that hang together, some fixed and some uncertain without them; an input beside them.
fn drawn_together() -> Value {
    let mut state = 5;
    let mut columns: serde_json::Map<String, Value> = serde_json::Map::new();
    for _ in 0..37 {
        let level = crate::common::next(&mut state);
        let mut put = |path: &str, x: f64| {
            let column = columns.entry(path).or_insert_with(|| json!([]));
            column.as_array_mut().expect("a list").push(json!(x));
        };
        put("regions.a.leads.monthly", 20.0 + 60.0 * level);
        put("regions.a.closing.table.won[1]", 0.002 + 0.02 * level);
        put("regions.a.closing.now.lost", -0.8 + 1.6 * level);
        put("regions.a.closing.by_stage[Demo].won", 0.5 + level);
        put("regions.a.deal_size.weights[2]", 3.0 * level);
        put("regions.b.conversion", 0.1 + 0.3 * level);
    }
    let size = json!({"shape": "table", "values": [100, 500, 2000], "weights": [2, 1, {"mean": 1, "sd": 0.1}]});
    let closing = json!({"table": table(), "now": {"lost": 0}, "by_stage": {"Demo": {"won": 1}}});
    json!({"name": "Rows", "start": "2027-01", "months": 9, "as_of": "2027-05-10", "contracts": [],
    "actuals": known(&["a", "b"], &["2027-01", "2027-02", "2027-03", "2027-04", "2027-05"]),
    "pipeline": [{"id": "1", "region": "a", "created": "2027-04-15", "count": 20, "stage": "Demo", "amount": 1e5}],
    "draws": {"file": "draws.csv", "rows": 37, "values": columns},
    "regions": {
        "a": {"leads": {"monthly": {"mean": 50, "sd": 5}}, "closing": closing, "deal_size": size},
        "b": {"leads": {"monthly": {"mean": 40, "sd": 4}}, "conversion": 0.3, "cycle": {"mean_days": 20}, "deal_size": {"mean": 1000}}
    }})
}

#[test]
fn joint_draws_follow_the_referee() {
    assert_same_law(&drawn_together(), 4_000);
    assert_found(&drawn_together(), Twin::RowsApart, &[Metric::LostDeals, Metric::WonDeals]);
}
