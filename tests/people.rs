//! People who work the leads: the vectors of the law's section L, of the referee and of the engine; the engine against the referee, with twins
//! that fail; what must hold in every future. Each comparison of laws has a false-alarm rate of 1e-6.

use revcast::outcomes::Grid;
use revcast::scenario::Metric;
use serde_json::{Value, json};
use std::ops::Range;

use crate::changing::running;
use crate::closing::table;
use crate::common::{forecast_of, played};
use crate::referee::{self, Trial, Twin};
use crate::referee_costs::costs;
use crate::referee_daily::Daily;
use crate::referee_people::people;
use crate::running::assert_means;
use crate::statistical::{PEOPLE, assert_found, assert_same_law, assert_same_law_as, of_people, referee_months, rich};

/// Who tells the months of a metric over all regions, in so many trials: the engine or, in the same way, the referee.
type Told = fn(&Value, Metric, Range<usize>, usize) -> Vec<Vec<f64>>;

/// Enough trials for means.
const MANY: usize = 20_000;

fn of_engine(scenario: &Value, metric: Metric, months: Range<usize>, trials: usize) -> Vec<Vec<f64>> {
    let mut scenario = scenario.clone();
    scenario["simulation"] = json!({"trials": trials, "seed": 21});
    let (model, outcomes) = played(&scenario);
    let grid = Grid::new(&model, &outcomes, metric, &model.scopes[model.total()].regions);
    months.map(|m| grid.month(m).to_vec()).collect()
}

fn of_referee(scenario: &Value, metric: Metric, months: Range<usize>, trials: usize) -> Vec<Vec<f64>> {
    let judged = referee::simulate(scenario, trials, 31, Twin::None);
    let regions: Vec<usize> = (0..scenario["regions"].as_object().expect("regions by name").len()).collect();
    let of_trial = |trial: &Trial, m: usize| -> f64 {
        if PEOPLE.contains(&metric) {
            let costs = costs(scenario, trial, &regions, m, m, Twin::None);
            return of_people(&people(scenario, trial, &regions, m..m + 1), &costs, metric);
        }
        regions.iter().map(|r| referee_months(trial, metric, *r)[m]).sum()
    };
    months.map(|m| judged.iter().map(|trial| of_trial(trial, m)).collect()).collect()
}

fn share_of(sample: &[f64], is: impl Fn(f64) -> bool) -> Vec<f64> {
    sample.iter().map(|x| f64::from(u8::from(is(*x)))).collect()
}

/// Months added up, trial by trial.
fn summed(months: &[Vec<f64>]) -> Vec<f64> {
    (0..months[0].len()).map(|t| months.iter().map(|month| month[t]).sum()).collect()
}

/// A scenario of one region with a team, fixed inputs and deals of one size that are decided at once.
fn one(team: Value, leads: Value, months: usize) -> Value {
    json!({"name": "One", "start": "2027-01", "months": months, "regions": {"a": {
        "leads": leads, "conversion": 0.3, "cycle": {"mean_days": 1, "shape": "fixed"}, "deal_size": {"mean": 10, "shape": "fixed"}, "team": team
    }}})
}

/// Vector 12: an executive whose capacity is not whole.
fn a_queue(told: Told) {
    let executive = json!({"headcount": 1, "opportunities_per_month": 8.5, "waiting": 3, "half_life_days": 45});
    let scenario = one(json!({"account_executives": executive}), json!({"monthly": 10}), 4);
    let of = |metric| told(&scenario, metric, 0..4, MANY);
    assert_means("started", &of(Metric::StartedLeads), &[7.9570970664, 8.7770767654, 7.8365782799, 8.7296944862]);
    assert_means("expired", &of(Metric::ExpiredLeads), &[1.8874096175, 1.6387119911, 1.8350953445, 1.6237111929]);
    let waiting = of(Metric::WaitingLeads);
    assert_means("waiting", &waiting, &[3.1554933161, 2.7397045596, 3.0680309353, 2.7146252562]);
    let none: Vec<Vec<f64>> = waiting.iter().map(|month| share_of(month, |x| x == 0.0)).collect();
    assert_means("none waits", &none, &[0.1130289905, 0.2253065135, 0.1888492443, 0.2466122185]);
    let used = of(Metric::AeUtilisation);
    let let_through = [8.0, 9.0, 8.0, 9.0];
    for ((used, through), started) in used.iter().zip(let_through).zip(of(Metric::StartedLeads)) {
        assert!(used.iter().zip(started).all(|(used, started)| (used * through - started).abs() < 1e-9));
    }
}

/// Vector 12: people who leave and are replaced. Each unit of strength brings ten leads a month.
fn heads_and_strength(told: Told) {
    let role = json!({"headcount": 5, "attrition": 0.3, "replaced_after_months": 1, "ramp": [0.5, 1]});
    let calls = json!({"name": "Calls", "per_rep_per_week": 140.0 / 30.4375, "yields": [0.5]});
    let scenario = one(json!({"sales_development": role}), json!({"activities": [calls]}), 6);
    let heads = [5.0, 4.8535723481, 4.8578605596, 4.8577349770, 4.8577386548, 4.8577385471];
    assert_means("heads", &told(&scenario, Metric::SdrHeadcount, 0..6, MANY), &heads);
    let strength = [5.0, 4.8535723481, 4.7846467336, 4.7866652568, 4.7866061433, 4.7866078744];
    assert_means("strength", &told(&scenario, Metric::Leads, 0..6, MANY), &strength.map(|x| 10.0 * x));
}

/// Vector 12: a capacity by what is in work at once.
fn capacity_by_littles_law(told: Told) {
    let executives = json!({"headcount": 3, "open_opportunities": 12});
    let mut scenario = one(json!({"account_executives": executives}), json!({"monthly": 300}), 9);
    scenario["regions"]["a"]["conversion"] = json!(0.35);
    scenario["regions"]["a"]["cycle"] = json!({"mean_days": 40});
    scenario["regions"]["a"]["lost_cycle"] = json!({"mean_days": 25});
    let mut capacity = 0.0_f64;
    for (m, started) in told(&scenario, Metric::StartedLeads, 0..9, 300).into_iter().enumerate() {
        let before = capacity.floor();
        capacity += 36.2231404959;
        assert!(started.iter().all(|started| *started == capacity.floor() - before), "month {m}: {}", started[0]);
    }
}

/// Vector 12: what the performance of a mix makes of the win rate of one person.
fn multipliers(told: Told) {
    let mix = json!([{"share": 0.2, "quota_share": 1.2}, {"share": 0.6, "quota_share": 0.8}, {"share": 0.2, "quota_share": 0.5}]);
    let executive = json!({"headcount": 1, "performance": mix});
    let mut scenario = one(json!({"account_executives": executive}), json!({"monthly": 400, "ramp": [1, 0]}), 2);
    scenario["regions"]["a"]["conversion"] = json!(0.5);
    let won = summed(&told(&scenario, Metric::WonDeals, 0..2, MANY));
    assert_means("won", std::slice::from_ref(&won), &[200.0]);
    // That of a Poisson number of a mean that varies.
    let square: Vec<f64> = won.iter().map(|won| (won - 200.0) * (won - 200.0)).collect();
    assert_means("variance", &[square], &[200.0 + 200.0 * 200.0 * 0.0737656157]);
    // Between 121.95, 195.12 and 292.68 wins there are hardly any.
    let classes = [share_of(&won, |won| won < 158.0), share_of(&won, |won| won > 240.0)];
    let (poisson_tails, classes_wanted) = (2e-3, [0.2, 0.2]);
    for (found, wanted) in classes.iter().zip(classes_wanted) {
        let share = found.iter().sum::<f64>() / found.len() as f64;
        assert!((share - wanted).abs() < 5.7 * libm::sqrt(wanted / found.len() as f64) + poisson_tails, "{share}");
    }
}

/// Capacity C below λ: mean waiting grows by λ − C a month; with a half-life it settles at g(λ − C)/(1 − g).
fn a_shortage(told: Told) {
    let executives = |more: &Value| {
        let mut role = json!({"headcount": 2, "opportunities_per_month": 30});
        more.as_object().into_iter().flatten().for_each(|(key, value)| role[key] = value.clone());
        one(json!({"account_executives": role}), json!({"monthly": 110}), 12)
    };
    let waiting = told(&executives(&json!({})), Metric::WaitingLeads, 0..12, 4_000);
    let wanted: Vec<f64> = (1..=12).map(|months| 50.0 * f64::from(months)).collect();
    assert_means("waiting", &waiting, &wanted);
    let settled = told(&executives(&json!({"half_life_days": 30.4375})), Metric::WaitingLeads, 10..12, 4_000);
    let after = |months: f64| 50.0 * (1.0 - libm::exp2(-months));
    assert_means("settled", &settled, &[after(11.0), after(12.0)]);
}

#[test]
fn vector_12_of_the_referee() {
    a_queue(of_referee);
    heads_and_strength(of_referee);
    capacity_by_littles_law(of_referee);
    multipliers(of_referee);
    a_shortage(of_referee);
}

#[test]
fn vector_12_of_the_engine() {
    a_queue(of_engine);
    heads_and_strength(of_engine);
    capacity_by_littles_law(of_engine);
    multipliers(of_engine);
    a_shortage(of_engine);
}

#[test]
fn the_referee_knows_the_time_in_work_of_a_table() {
    let region = json!({"closing": {"table": table()}});
    let read = Daily::read(&region, &mut |_, json, _| json.as_f64().expect("a number"));
    let days = read.time_in_work().expect("of a table");
    assert!((days - 90.3604144321).abs() < 1e-9, "{days}");
}

/// Queues of both roles with half-lives, waiting leads at the start, a shortage, capacities that are not known; one region by what is in
/// work at once.
fn queues() -> Value {
    json!({
        "name": "Queues", "start": "2027-01", "months": 10, "contract": {"term_months": 4},
        "market": {"volatility": 0.2, "persistence": 0.5},
        "regions": {
            "both": {"leads": {"monthly": {"mean": 40, "cv": 0.2}, "overdispersion": 0.1}, "conversion": {"mean": 0.3, "sd": 0.05}, "cycle": {"mean_days": 30},
                "deal_size": {"mean": 1000}, "retention": 0.8, "exposure": {"leads": 1, "conversion": 0.8},
                "team": {
                    "sales_development": {"headcount": 2, "leads_per_month": {"mean": 15.3, "cv": 0.2}, "waiting": 25, "half_life_days": 20},
                    "account_executives": {"headcount": 3, "opportunities_per_month": {"low": 6, "high": 11}, "waiting": 12, "half_life_days": 60}
                }},
            "cycle": {"leads": {"monthly": 30}, "conversion": 0.35, "cycle": {"mean_days": {"low": 30, "high": 50}}, "deal_size": {"mean": 1000, "cv": 0.3},
                "team": {"account_executives": {"headcount": 2, "open_opportunities": {"low": 12, "high": 22}, "half_life_days": 45}}},
            "few": {"leads": {"monthly": 4}, "conversion": 0.5, "cycle": {"mean_days": 20}, "deal_size": {"mean": 1000},
                "team": {
                    "sales_development": {"headcount": 1, "leads_per_month": 3.7},
                    "account_executives": {"headcount": 1, "opportunities_per_month": 3.4, "half_life_days": 100}
                }}
        }
    })
}

/// Hires that are late, people who ramp up, leave and are replaced, whose performance differs and who have quotas.
fn hires() -> Value {
    json!({
        "name": "Hires", "start": "2027-01", "months": 13,
        "market": {"volatility": 0.2}, "contract": {"term_months": 5},
        "investment": [{"name": "Tools", "amount": 9000, "months": 6}],
        "correlations": [
            {"between": ["regions.north.team.account_executives.hires[1].delay_months", "regions.north.team.sales_development.attrition"], "rho": -0.5}
        ],
        "regions": {
            "north": {"leads": {"monthly": 60}, "conversion": {"mean": 0.4, "sd": 0.05}, "cycle": {"mean_days": 20}, "deal_size": {"mean": 1000, "cv": 0.6}, "retention": 0.8,
                "exposure": {"conversion": 1, "deal_size": 0.5},
                "team": {
                    "sales_development": {"headcount": 3, "leads_per_month": 17.5, "ramp": [0.4, 1], "attrition": {"mean": 0.5, "sd": 0.1}, "replaced_after_months": 0,
                        "cost_per_month": 400, "half_life_days": 40},
                    "account_executives": {"headcount": 4, "ramp": [0, 0.3, 0.7, 1], "attrition": {"mean": 0.4, "sd": 0.1}, "replaced_after_months": 2,
                        "hires": [{"month": "2027-01", "count": 1}, {"month": "2027-03", "count": 2, "delay_months": {"low": 0, "high": 3}}, {"month": "2027-12", "count": 3, "delay_months": 1.5}],
                        "opportunities_per_month": 11.3, "cost_per_month": 900, "quota": 48000,
                        "performance": [{"share": 0.2, "quota_share": 1.2}, {"share": 0.6, "quota_share": 0.8}, {"share": 0.2, "quota_share": 0.5}]}
                }},
            "south": {"leads": {"monthly": 20}, "conversion": 0.4, "cycle": {"mean_days": 25}, "deal_size": {"mean": 2000, "cv": 0.4},
                "team": {"account_executives": {"headcount": 2, "attrition": 0.7, "ramp": [0.5, 1.1], "note": "those who come do more", "quota": 70000, "cost_per_month": 700,
                    "hires": [{"month": "2027-08", "count": 1}]}}}
        }
    })
}

/// Leads that come from what people do, with yields that are not known, growth, season and a ramp of their own.
fn activities() -> Value {
    json!({
        "name": "Activities", "start": "2027-01", "months": 12, "contract": {"term_months": 5},
        "market": {"volatility": 0.25, "persistence": 0.4},
        "changes": [
            {"name": "Campaign", "from": "2027-04", "until": "2027-07", "chance": 0.5, "multiply": {"regions.*.leads.monthly": 1.5}},
            {"name": "Tools", "from": "2027-06", "multiply": {"regions.calls.team.sales_development.leads_per_month": {"low": 1, "high": 1.8}}}
        ],
        "correlations": [{"between": ["regions.calls.leads.activities[Calls].yields[1]", "regions.calls.leads.activities[Mails].per_rep_per_week"], "rho": -0.7}],
        "regions": {
            "calls": {"leads": {
                    "activities": [
                        {"name": "Calls", "per_rep_per_week": {"mean": 100, "cv": 0.1}, "yields": [0.2, {"mean": 0.1, "sd": 0.02}]},
                        {"name": "Mails", "per_rep_per_week": {"low": 100, "high": 200}, "yields": [{"p10": 0.005, "p90": 0.02}]},
                        {"name": "Fairs", "per_rep_per_week": 0.5, "yields": []}
                    ],
                    "growth": 0.03, "ramp": [0.5, 0.8, 1], "season": [1, 1, 1.2, 1, 0.9, 1.1, 0.4, 0.4, 1.5, 1, 1, 1.5], "overdispersion": 0.2},
                "conversion": 0.3, "cycle": {"mean_days": 25}, "deal_size": {"mean": 1000}, "exposure": {"leads": 1},
                "team": {
                    "sales_development": {"headcount": 3, "hires": [{"month": "2027-05", "count": 2}], "ramp": [0.2, 0.6, 1], "attrition": 0.3, "replaced_after_months": 1,
                        "leads_per_month": 14.2, "half_life_days": 30},
                    "account_executives": {"headcount": 3}
                }},
            "alone": {"leads": {"activities": [{"name": "Calls", "per_rep_per_week": 5, "yields": [0.5, 0.9]}]},
                "conversion": 0.3, "cycle": {"mean_days": 25}, "deal_size": {"mean": 1000}, "team": {"sales_development": {"headcount": 2, "attrition": 0.5, "waiting": 5}}}
        }
    })
}

/// What executives have in work at once: with two clocks, stages, a table of chances and times through points, all of which change.
fn in_work() -> Value {
    let team = |open: Value| json!({"account_executives": {"headcount": 2, "open_opportunities": open, "half_life_days": 60, "waiting": 6}});
    json!({
        "name": "In work", "start": "2027-01", "months": 10, "market": {"volatility": 0.2},
        "changes": [
            {"name": "Slower", "from": "2027-04", "chance": 0.5,
                "multiply": {"regions.clocks.lost_cycle.mean_days": 1.6, "regions.clocks.conversion": 1.5, "regions.staged.stages[A].pass": 0.7, "regions.staged.stages[B].mean_days": 2,
                    "regions.points.cycle.stretch": 1.4, "regions.table.closing.won": 1.5}},
            {"name": "More", "from": "2027-06", "until": "2027-08", "multiply": {"regions.*.team.account_executives.open_opportunities": {"low": 1, "high": 1.6}}}
        ],
        "regions": {
            "clocks": {"leads": {"monthly": 35}, "conversion": {"mean": 0.35, "sd": 0.05}, "cycle": {"mean_days": 40}, "lost_cycle": {"mean_days": 25, "cv": 0.8},
                "stalled": {"share": 0.1}, "deal_size": {"mean": 1000}, "exposure": {"conversion": 1}, "team": team(json!({"low": 8, "high": 20}))},
            "staged": {"leads": {"monthly": 30}, "stages": [{"name": "A", "pass": 0.6, "mean_days": 15}, {"name": "B", "pass": 0.7, "mean_days": {"low": 15, "high": 30}, "cv": 0.8}],
                "deal_size": {"mean": 1000}, "team": team(json!(11.7))},
            "points": {"leads": {"monthly": 25}, "conversion": 0.4, "cycle": {"days": [0, 7, 30, 90], "decided": [0, 0.3, 0.6, 1]}, "deal_size": {"mean": 1000},
                "team": team(json!(13))},
            "table": {"leads": {"monthly": 20}, "closing": {"table": table()}, "deal_size": {"mean": 1000}, "team": team(json!(24.6))}
        }
    })
}

/// Everything at once as of a day, with one region more that has no team.
fn all_at_once() -> Value {
    let mut scenario = running();
    let regions = &mut scenario["regions"];
    let mut alone = regions["staged"].clone();
    alone["currency"] = Value::Null;
    alone.as_object_mut().expect("an object").shift_remove("currency");
    regions["alone"] = alone;
    regions["aged"]["leads"] = json!({"activities": [{"name": "Calls", "per_rep_per_week": 20, "yields": [0.3, {"mean": 0.4, "sd": 0.05}]}], "growth": 0.02});
    let mix = json!([{"share": 0.3, "quota_share": 1.2}, {"share": 0.7, "quota_share": 0.7}]);
    regions["aged"]["team"] = json!({
        "sales_development": {"headcount": 2, "leads_per_month": 9.4, "waiting": 7, "half_life_days": 30, "attrition": 0.3, "replaced_after_months": 1, "ramp": [0.5, 1],
            "hires": [{"month": "2027-02", "count": 1}, {"month": "2027-01", "count": 5, "delay_months": 2}], "cost_per_month": 3000},
        "account_executives": {"headcount": 2, "opportunities_per_month": {"low": 6, "high": 10}, "waiting": 5, "half_life_days": 50, "attrition": {"mean": 0.4, "sd": 0.1},
            "replaced_after_months": 0, "ramp": [0.3, 0.7, 1], "hires": [{"month": "2027-04", "count": 1, "delay_months": {"low": 0, "high": 2}}],
            "cost_per_month": 5000, "quota": 35000, "performance": mix}
    });
    regions["staged"]["team"] = json!({"account_executives": {"headcount": 3, "open_opportunities": 4.4, "half_life_days": 90, "attrition": 0.5, "quota": 9000, "cost_per_month": 100}});
    regions["daily"]["team"] = json!({"account_executives": {"headcount": 1, "hires": [{"month": "2027-05", "count": 2}], "ramp": [0.5, 1], "open_opportunities": {"low": 10, "high": 25},
        "attrition": 0.3, "replaced_after_months": 3, "quota": 30000, "performance": mix, "cost_per_month": 200}});
    let changes = scenario["changes"].as_array_mut().expect("a list");
    changes.push(json!({"name": "Tools", "from": "2027-04", "until": "2027-08", "chance": 0.6,
        "multiply": {"regions.aged.team.account_executives.opportunities_per_month": 1.4, "regions.*.team.account_executives.open_opportunities": {"low": 1, "high": 1.5},
            "regions.*.team.sales_development.leads_per_month": 0.7}}));
    scenario["investment"] = json!([{"name": "Fair", "amount": 5000, "months": 4, "region": "alone"}]);
    // Of all months counts are known, so that sums over years are too.
    let known = scenario["actuals"].as_array_mut().expect("a list");
    for month in ["2027-01", "2027-02"] {
        for metric in ["bookings", "renewals"] {
            known.push(json!({"region": "alone", "metric": metric, "month": month, "amount": 800}));
        }
    }
    scenario
}

#[test]
fn queues_follow_the_referee() {
    assert_same_law(&queues(), 5_000);
    assert_found(&queues(), Twin::ExpiredAsLost, &[Metric::LostDeals]);
    assert_found(&queues(), Twin::CapacityCarriedOver, &[Metric::StartedLeads, Metric::WaitingLeads]);
}

#[test]
fn people_who_come_and_leave_follow_the_referee() {
    assert_same_law(&hires(), 5_000);
    assert_found(&hires(), Twin::RampIgnored, &[Metric::StartedLeads, Metric::QuotaAttainment, Metric::SdrUtilisation]);
    assert_found(&hires(), Twin::AttritionAtOnce, &[Metric::AeHeadcount, Metric::Investment]);
}

#[test]
fn activities_follow_the_referee() {
    assert_same_law(&activities(), 5_000);
}

#[test]
fn what_is_in_work_at_once_follows_the_referee() {
    assert_same_law(&in_work(), 5_000);
}

#[test]
fn everything_at_once_follows_the_referee() {
    assert_same_law(&all_at_once(), 5_000);
}

/// One executive of full productivity and one who is hardly productive yet, of whom performance is far apart.
fn unequal() -> Value {
    let mix = json!([{"share": 0.5, "quota_share": 1.4}, {"share": 0.5, "quota_share": 0.6}]);
    let executives = json!({"headcount": 1, "hires": [{"month": "2027-01", "count": 1}], "ramp": [0.1, 0.1, 0.1, 0.1, 0.1, 1], "performance": mix, "quota": 12000});
    one(json!({"account_executives": executives}), json!({"monthly": 200}), 8)
}

#[test]
fn performance_is_weighted_by_productivity() {
    assert_same_law(&unequal(), 3_000);
    assert_found(&unequal(), Twin::PerformanceNotWeighted, &[Metric::WonDeals, Metric::QuotaAttainment]);
}

/// A team that never runs short, and takes as long for each lead as without one.
fn ample() -> Value {
    json!({"sales_development": {"headcount": 3, "leads_per_month": 100_000, "half_life_days": 5}, "account_executives": {"headcount": 2, "opportunities_per_month": 100_000}})
}

#[test]
fn with_ample_capacity_the_law_is_that_without_a_team() {
    for scenario in [rich(), running()] {
        let mut with = scenario.clone();
        for region in with["regions"].as_object_mut().expect("regions by name").values_mut() {
            region["team"] = ample();
        }
        assert_same_law_as(&with, &scenario, 5_000);
    }
}

/// > leads + `waiting` + open at τ = won (one-offs apart) + lost + open + waiting + expired.
fn leads_add_up(told: Told) {
    let mut of_a_day = all_at_once();
    // Of a month that has only begun nothing but what is simulated counts.
    of_a_day["as_of"] = json!("2027-03-01");
    of_a_day["one_offs"] = json!([{"name": "Framework", "region": "aged", "month": "2027-03", "amount": 40000}]);
    let first_of = |scenario: &Value| if scenario["as_of"].is_null() { 0 } else { 2 };
    for scenario in [queues(), hires(), activities(), in_work(), of_a_day] {
        let (first, months) = (first_of(&scenario), scenario["months"].as_f64().expect("months") as usize);
        let all = |metric| summed(&told(&scenario, metric, first..months, 300));
        let last = |metric| told(&scenario, metric, months - 1..months, 300).remove(0);
        let listed = |list: &Value, count: &str| -> f64 {
            list.as_array().into_iter().flatten().map(|row| row[count].as_f64().unwrap_or(1.0)).sum()
        };
        let waited: f64 = scenario["regions"]
            .as_object()
            .expect("regions by name")
            .values()
            .flat_map(|region| region["team"].as_object().into_iter().flatten())
            .map(|(_, role)| role["waiting"].as_f64().unwrap_or(0.0))
            .sum();
        let before = waited + listed(&scenario["pipeline"], "count");
        let one_offs = listed(&scenario["one_offs"], "");
        let [leads, won, lost, expired] =
            [Metric::Leads, Metric::WonDeals, Metric::LostDeals, Metric::ExpiredLeads].map(all);
        let [open, waiting] = [Metric::OpenDeals, Metric::WaitingLeads].map(last);
        for t in 0..leads.len() {
            let after = won[t] - one_offs + lost[t] + open[t] + waiting[t] + expired[t];
            assert_eq!(leads[t] + before, after, "trial {t} of {}", scenario["name"]);
        }
    }
}

#[test]
fn leads_add_up_in_every_trial() {
    leads_add_up(of_engine);
}

#[test]
fn leads_add_up_in_every_trial_of_the_referee() {
    leads_add_up(of_referee);
}

/// Where one executive sells everything, bookings, quota and head are theirs.
fn of_one_executive(told: Told) {
    let executive = json!({"headcount": 1, "quota": 400, "opportunities_per_month": 9});
    let mut scenario = one(json!({"account_executives": executive}), json!({"monthly": 10}), 4);
    scenario["regions"]["a"]["deal_size"] = json!({"mean": 10, "cv": 0.5});
    let of = |metric| told(&scenario, metric, 0..4, MANY);
    let [bookings, attained, reached, a_head] =
        [Metric::Bookings, Metric::QuotaAttainment, Metric::RepsAtQuota, Metric::BookingsPerRep].map(of);
    for m in 0..4 {
        for t in 0..bookings[m].len() {
            let booked = bookings[m][t];
            assert!((attained[m][t] - booked / (400.0 / 12.0)).abs() < 1e-9, "{m} {t}");
            assert!((a_head[m][t] - booked).abs() < 1e-9, "{m} {t}");
            assert_eq!(reached[m][t], f64::from(u8::from(attained[m][t] >= 1.0)), "{m} {t}");
        }
    }
}

#[test]
fn what_one_executive_sells_is_all() {
    of_one_executive(of_engine);
}

#[test]
fn what_one_executive_sells_is_all_in_the_referee() {
    of_one_executive(of_referee);
}

/// Classes of executives share all of quota and bookings, in every trial; alone, each sells what its share of quota says.
#[test]
fn classes_of_executives_share_what_is_booked() {
    let mut scenario = unequal();
    scenario["regions"]["a"]["team"]["account_executives"]["attrition"] = json!(0.5);
    scenario["regions"]["a"]["team"]["account_executives"]["replaced_after_months"] = json!(1);
    scenario["simulation"] = json!({"trials": 500, "seed": 4});
    let (model, outcomes) = played(&scenario);
    assert_eq!(model.classes, [1.4, 0.6]);
    let of_classes = [0, 1].map(|class| outcomes.of_class(class, &[0]));
    let of = |metric: Metric| Grid::new(&model, &outcomes, metric, &[0]).period(0..8);
    let [bookings, attained] = [Metric::Bookings, Metric::QuotaAttainment].map(of);
    let heads = Grid::new(&model, &outcomes, Metric::AeHeadcount, &[0]);
    for t in 0..500 {
        let [wanted, booked] = [0, 1].map(|i| of_classes.iter().map(|told| told[i][t]).sum::<f64>());
        assert!((wanted * attained[t] - bookings[t]).abs() < 1e-6, "{t}");
        // In months in which nobody is there, what is sold is nobody's.
        let is_anybodys = (0..8).all(|m| heads.month(m)[t] > 0.0);
        assert!(booked <= bookings[t] + 1e-6 && (!is_anybodys || booked >= bookings[t] - 1e-6), "{t}");
    }

    let mix = json!([{"share": 0.25, "quota_share": 0.4}, {"share": 0.75, "quota_share": 1.2}]);
    let team = json!({"account_executives": {"headcount": 1, "performance": mix, "quota": 12000}});
    let mut alone = one(team, json!({"monthly": 50}), 4);
    alone["simulation"] = json!({"trials": 4_000, "seed": 4});
    let forecast = forecast_of(&alone);
    let [best, other] = forecast.executive_classes.as_slice() else { panic!("two classes") };
    assert_eq!((best.quota_share, other.quota_share), (1.2, 0.4));
    let near = |share: revcast::stats::Estimate, wanted: f64| {
        (share.value.unwrap() - wanted).abs() < 6.0 * share.error.unwrap()
    };
    assert!(near(best.present, 0.75) && near(other.present, 0.25));
    // Their win rates are as 1.2 to 0.4, so what they book is: within six standard errors.
    let [high, low] =
        [&best.attainment.mean, &other.attainment.mean].map(|mean| (mean.value.unwrap(), mean.error.unwrap()));
    assert!((high.0 - 3.0 * low.0).abs() < 6.0 * libm::hypot(high.1, 3.0 * low.1), "{high:?} {low:?}");
}
