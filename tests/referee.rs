//! The referee: the law of one trial, simulated literally.
//!
//! Every lead, deal, contract and renewal is an event of its own, drawn one after the other from one generator. Nothing
//! is split, merged, tabulated or shared with the engine, so that whoever doubts the engine can read this file beside
//! the model's text, sentence by sentence, and believe it. Lines marked `>` quote that text; `...` leaves words out.
//!
//! It expects a valid scenario with `extends` and `--set` already applied, and panics on anything else.
#![allow(dead_code, unreachable_pub)] // several tests share this, each using what it needs

use libm::{erfc, exp, lgamma, log, pow, sqrt};
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus as Generator};
use rand_distr::{Distribution, Gamma, LogNormal, Poisson, StandardNormal, Weibull};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::referee_changes::{Changes, Terms};
use crate::referee_daily::{self as daily, Chances, Daily};
use crate::referee_people::{Team, mean_days, time_in_work};

/// > Every month is L = 365.25 / 12 = 30.4375 days long.
pub(crate) const DAYS_PER_MONTH: f64 = 30.4375;

/// What the deliberately wrong twins change: a test that cannot tell a twin from the right law proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twin {
    /// The right law.
    None,
    /// Every win rate (conversion, or the last stage's pass) is multiplied by 1.012: 0.25 becomes 0.253.
    WinRate,
    /// Lead counts are plain Poisson, whatever the overdispersion.
    NoOverdispersion,
    /// The −β²·v/2 terms are left out, of leads and of deal size.
    NoMarketCorrection,
    /// Renewals come one month late, in month k + j·term + 1.
    RenewalMonth,
    /// Each column of joint draws is drawn by itself.
    RowsApart,
    /// Open deals are taken for new ones, of age 0.
    NoAge,
    /// Won leads take the time of lost ones.
    LostLawForWon,
    /// All leads of the as-of day's month come, not only those of what is left of it.
    WholeMonth,
    /// A contract in force that is not renewed stays active for one more month.
    LateChurn,
    /// Deals are not held to the end of their quarter.
    NotHeld,
    /// No lead stalls.
    NoneStalls,
    /// The chances a day of being lost are used for those of being won.
    LostChancesForWon,
    /// The rhythm of the quarter is not divided by its mean.
    RhythmAsItIs,
    /// The walk of the closing pace starts anew at each month.
    WalkAnew,
    /// Lifetime values are as if customers stayed for one year.
    OneYearOfLife,
    /// Each region bears all costs, whatever region an item names.
    CostsOfAll,
    /// All regions have the gross margin of the first.
    OneMargin,
    /// Changes of a stage's pass are taken by the month in which leads leave it, not by that in which they arrived.
    ByClosingMonth,
    /// Shares that changes bring above 1 stay there.
    SharesNotHeld,
    /// The walk of an exchange rate is without its drift.
    NoDrift,
    /// A delay of a month and a half is one of one month.
    DelayRoundedDown,
    /// A deal of an amount a year is worth one of them, whatever its term.
    OneYear,
    /// Renewals are converted at the rate at which the contract was signed.
    RateOfSigning,
    /// Whoever is hired is as productive at once as in the end.
    RampIgnored,
    /// Waiting leads that expire are lost deals besides.
    ExpiredAsLost,
    /// Those who leave within a year do so all in its first month.
    AttritionAtOnce,
    /// Capacity that a month has not used is that of the next one besides.
    CapacityCarriedOver,
    /// Of performance all executives weigh alike, however productive they are.
    PerformanceNotWeighted,
}

/// One trial. Metrics are indexed `[region][month]`, regions in the order in which serde_json's map yields them: the
/// file's with its feature `preserve_order`, alphabetical without.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trial {
    /// The row of joint draws.
    pub row: Option<usize>,
    pub leads: Vec<Vec<f64>>,
    pub won_deals: Vec<Vec<f64>>,
    pub lost_deals: Vec<Vec<f64>>,
    pub open_deals: Vec<Vec<f64>>,
    pub bookings: Vec<Vec<f64>>,
    pub renewals: Vec<Vec<f64>>,
    pub revenue: Vec<Vec<f64>>,
    pub arr: Vec<Vec<f64>>,
    pub customers: Vec<Vec<f64>>,
    pub pipeline_value: Vec<Vec<f64>>,
    pub weighted_pipeline: Vec<Vec<f64>>,
    pub bookings_from_open: Vec<Vec<f64>>,
    pub renewals_from_contracts: Vec<Vec<f64>>,
    pub arr_new: Vec<Vec<f64>>,
    pub arr_expansion: Vec<Vec<f64>>,
    pub arr_contraction: Vec<Vec<f64>>,
    pub arr_churn: Vec<Vec<f64>>,
    /// The yearly share of customers who renew, and the gross margin.
    pub retention: Vec<Vec<f64>>,
    pub gross_margin: Vec<f64>,
    /// Path and drawn value of each uncertain input.
    pub inputs: Vec<(String, f64)>,
    /// The market factor x, month by month.
    pub market: Vec<f64>,
    /// The steps of the closing pace, where all regions share them.
    pub steps: Vec<[f64; 2]>,
    /// What changes, with the one-off deals that are won.
    pub changes: Changes,
    pub bookings_from_one_offs: Vec<Vec<f64>>,
    /// The people of each region, and what they cost.
    pub teams: Vec<Team>,
    pub people_costs: Vec<Vec<f64>>,
}

/// Simulates `trials` independent trials, one after the other, from one generator started with `seed`.
pub fn simulate(scenario: &Value, trials: usize, seed: u64, twin: Twin) -> Vec<Trial> {
    let copula = Copula::read(&scenario["correlations"]);
    let mut rng = Generator::seed_from_u64(seed);
    let one_trial = |t| simulate_trial(scenario, t, &copula, twin, &mut rng);
    (0..trials).map(one_trial).collect()
}

fn simulate_trial(scenario: &Value, t: usize, copula: &Copula, twin: Twin, rng: &mut Generator) -> Trial {
    let regions = scenario["regions"].as_object().expect("regions by name");
    let months = float(&scenario["months"]) as usize;
    let zeros = || vec![vec![0.0; months]; regions.len()];
    let mut trial = Trial {
        leads: zeros(),
        won_deals: zeros(),
        lost_deals: zeros(),
        open_deals: zeros(),
        bookings: zeros(),
        renewals: zeros(),
        revenue: zeros(),
        arr: zeros(),
        customers: zeros(),
        pipeline_value: zeros(),
        weighted_pipeline: zeros(),
        bookings_from_open: zeros(),
        renewals_from_contracts: zeros(),
        arr_new: zeros(),
        arr_expansion: zeros(),
        arr_contraction: zeros(),
        arr_churn: zeros(),
        retention: zeros(),
        gross_margin: vec![0.0; regions.len()],
        bookings_from_one_offs: zeros(),
        people_costs: zeros(),
        row: if twin == Twin::RowsApart { None } else { Some(t) },
        ..Trial::default()
    };

    // > One a trial, shared by all regions: x_m = φ·x_{m−1} + ε_m, stationary from month 0 on, with standard
    // > deviation `volatility` (v = volatility²), `persistence` φ in [0, 1).
    let volatility = float_or(&scenario["market"]["volatility"], 0.0);
    let phi = float_or(&scenario["market"]["persistence"], 0.0);
    // > **Market factor**: begins in month m₀, stationary there.
    let first = month_of(position(scenario, &scenario["as_of"]));
    trial.market.resize(first, 0.0);
    let mut x = volatility * standard_normal(rng);
    for _ in first..months {
        trial.market.push(x);
        x = phi * x + volatility * sqrt(1.0 - phi * phi) * standard_normal(rng);
    }

    let correlated = copula.draw(rng);
    if scenario["closing"]["shared"] == true {
        trial.steps = daily::steps(months, rng);
    }
    trial.changes = Changes::draw(scenario, &correlated, &mut trial.inputs, twin, rng);
    for (r, name) in regions.keys().enumerate() {
        simulate_region(scenario, r, name, &correlated, twin, &mut trial, rng);
    }
    for path in correlated.keys() {
        let drawn = trial.inputs.iter().any(|(input, _)| input == path);
        assert!(drawn, "{path} is no uncertain input");
    }
    trial
}

/// The leads of region number `r`, one by one.
fn simulate_region(
    scenario: &Value,
    r: usize,
    name: &str,
    correlated: &BTreeMap<String, f64>,
    twin: Twin,
    trial: &mut Trial,
    rng: &mut Generator,
) {
    let region = &scenario["regions"][name];
    let months = trial.market.len();
    let changes = trial.changes.clone();

    // > A *quantity* is a fixed number or an uncertain input ... (what we do not know about the business): one draw a
    // > trial, shared by every month of it. ... drawn by inversion, x = F⁻¹(Φ(z)), from a standard normal z.
    let mut quantity = |field: &str, json: &Value, domain: Domain| {
        if json.is_null() && ["leads.growth", "retention", "expansion"].contains(&field) {
            return 0.0; // these may be left out
        }
        // > trial t (from 0) takes row t mod n of the file's n rows ... their values take the place of those quantities' own laws.
        let drawn = scenario["draws"]["values"].as_object();
        if let Some(values) = drawn.and_then(|drawn| drawn.get(&format!("regions.{name}.{field}"))?.as_array()) {
            let row = trial.row.unwrap_or_else(|| rng.random_range(0..values.len()));
            return float(&values[row % values.len()]);
        }
        if let Some(x) = json.as_f64().or(json["value"].as_f64()) {
            return x;
        }
        let path = format!("regions.{name}.{field}");
        let z = correlated.get(&path).copied();
        let x = quantile(json, domain, z.unwrap_or_else(|| standard_normal(rng)));
        let inside = match domain {
            Share => (0.0..=1.0).contains(&x),
            Positive => x >= 0.0,
            Growth => true,
        };
        assert!(inside, "{path} was drawn outside its domain: {x}");
        trial.inputs.push((path, x));
        x
    };
    let leads = &region["leads"];
    // > **Activities**: `leads.activities` ... in place of `monthly`
    let by_activities = leads["activities"].is_array();
    let monthly = if by_activities { 0.0 } else { quantity("leads.monthly", &leads["monthly"], Positive) };
    let mut team = Team::read(region, scenario, twin, &mut quantity);
    let ramp = floats_or(&leads["ramp"], &[1.0]);
    let season = floats_or(&leads["season"], &[1.0; 12]);
    let start_month: usize = text(&scenario["start"])[5..].parse().expect("like 2027-01");
    let overdispersion = float_or(&leads["overdispersion"], 0.0);
    // > `growth` is one quantity for all months, or a list of phases `{"from_month": n, "rate": Q}` (months counted
    // > from 1; 0 before the first).
    let mut growth = Vec::new();
    if !leads["growth"].is_array() {
        growth.push((0, quantity("leads.growth", &leads["growth"], Growth)));
    }
    for (i, phase) in list(&leads["growth"]).enumerate() {
        let rate = quantity(&format!("leads.growth[{i}].rate"), &phase["rate"], Growth);
        growth.push((float(&phase["from_month"]) as usize - 1, rate));
    }

    // The funnel: the days in each stage, and the chance to pass it.
    let (mut days, mut pass) = (Vec::new(), Vec::new());
    // The fields that changes name, and means and settings of the times, which they multiply.
    let (mut passes, mut times, mut settings) = (Vec::new(), Vec::new(), Vec::new());
    let field = |settings: &Value| if settings["days"].is_array() { "stretch" } else { "mean_days" };
    for stage in list(&region["stages"]) {
        let name = text(&stage["name"]);
        let mean_days = time_of(&mut quantity, &format!("stages[{name}]"), stage);
        days.push(Rc::new(Time::new(mean_days, stage)));
        passes.push(format!("stages[{name}].pass"));
        times.push((format!("stages[{name}].{}", field(stage)), mean_days));
        settings.push(stage);
        pass.push(quantity(&format!("stages[{name}].pass"), &stage["pass"], Share));
    }
    // > A region may have `closing` with any of `table`, `rhythm`, ... It then decides its leads and open deals by this section.
    let by_day = daily::is_daily(region).then(|| Daily::read(region, &mut quantity));
    if days.is_empty() && region["closing"]["table"].is_null() {
        // > Without `stages`: each lead is decided after D days, D from `cycle` (mean, cv, shape); it is won with
        // > probability `conversion`, else lost. (So the cycle is the one stage, and the conversion its pass.)
        let cycle = &region["cycle"];
        let mean_days = time_of(&mut quantity, "cycle", cycle);
        days.push(Rc::new(Time::new(mean_days, cycle)));
        passes.push("conversion".to_owned());
        times.push((format!("cycle.{}", field(cycle)), mean_days));
        settings.push(cycle);
        pass.push(quantity("conversion", &region["conversion"], Share));
    }
    let last = pass.len().saturating_sub(1);
    let staged = region["stages"].is_array();
    // > `lost_cycle` is the law of lost leads, `cycle` then that of won ones; without it they share one.
    let mut timing = Timing { staged, ..Timing::default() };
    let mut lost_mean = 0.0;
    if !region["lost_cycle"].is_null() {
        lost_mean = time_of(&mut quantity, "lost_cycle", &region["lost_cycle"]);
        timing.lost = Some(Rc::new(Time::new(lost_mean, &region["lost_cycle"])));
    }
    let mut time = |path: &str, settings: &Value| Time::new(time_of(&mut quantity, path, settings), settings);
    if !region["close_dates"]["slip"].is_null() {
        timing.slip = Some(Rc::new(time("close_dates.slip", &region["close_dates"]["slip"])));
    }
    let mut share = |path: &str, json: &Value| if json.is_null() { 0.0 } else { quantity(path, json, Share) };
    timing.stalled = share("stalled.share", &region["stalled"]["share"]);
    timing.held = share("closing.held_to_quarter_end", &region["closing"]["held_to_quarter_end"]);
    timing.kept = share("close_dates.kept", &region["close_dates"]["kept"]);
    timing.dated = !region["close_dates"].is_null();
    timing.closed_after = region["stalled"]["closed_after_days"].as_f64();
    let ratio = if region["final_amount"]["ratio"].is_null() {
        1.0
    } else {
        quantity("final_amount.ratio", &region["final_amount"]["ratio"], Positive)
    };
    if twin == Twin::NotHeld {
        timing.held = 0.0;
    }
    if twin == Twin::NoneStalls {
        timing.stalled = 0.0;
    }
    let tau = position(scenario, &scenario["as_of"]);
    let first = month_of(tau);
    let quarter_from = scenario["fiscal_year"]["first_month"].as_f64().unwrap_or(1.0) as usize;
    // How many months of its (fiscal, else calendar) quarter come before a month.
    let place = |month: usize| (start_month + month + 12 - quarter_from) % 3;
    if twin == Twin::WinRate && !pass.is_empty() {
        pass[last] = f64::min(1.0, 1.012 * pass[last]);
    }

    let deal_size = &region["deal_size"];
    // > `deal_size: {"shape": "table", "values": [amounts], "weights": [Q, …]}`: each deal has one of these amounts, with probability in
    // > proportion to the weights (default equal), in place of `mean` and `cv`; s is their weighted mean.
    let (mean_size, size) = if deal_size["shape"] == "table" {
        let values = floats_or(&deal_size["values"], &[]);
        let mut weights: Vec<f64> = list(&deal_size["weights"])
            .enumerate()
            .map(|(i, weight)| quantity(&format!("deal_size.weights[{i}]"), weight, Positive))
            .collect();
        weights.resize(values.len(), 1.0);
        let all: f64 = weights.iter().sum();
        let mean = values.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>() / all;
        let draw = move |rng: &mut Generator| {
            let mut left = all * rng.random::<f64>();
            for (value, weight) in values.iter().zip(&weights) {
                if left < *weight {
                    return *value;
                }
                left -= weight;
            }
            values[values.len() - 1]
        };
        (mean, Time { draw: Box::new(draw), survival: Box::new(|_| panic!("no time")) })
    } else {
        let mean_size = quantity("deal_size.mean", &deal_size["mean"], Positive);
        (mean_size, Time::with_default(mean_size, deal_size, 0.8))
    };
    let retention = quantity("retention", &region["retention"], Share);
    let expansion = quantity("expansion", &region["expansion"], Growth);
    if !region["gross_margin"].is_null() {
        trial.gross_margin[r] = quantity("gross_margin", &region["gross_margin"], Share);
    }
    let terms = Terms::of(region, scenario);
    let per_year = deal_size["per"] == "year" && twin != Twin::OneYear;
    // > a new deal is then worth the size times T/12, and s in pipelines is times the mean T/12.
    let years = |term: usize| if per_year { term as f64 / 12.0 } else { 1.0 };
    let new_deal = mean_size * if per_year { terms.mean_years() } else { 1.0 };
    // > `deal_size.mean`: by the month of closing, in pipelines the month counted
    let on_size = |month: usize| changes.factor(name, "deal_size.mean", month);
    // > converted in their month
    let rate = |month: usize| changes.rate(region, month);
    let counted = |month: usize| new_deal * on_size(month) * rate(month);
    // > `retention`: by the month of the renewal
    let retention = |month: usize| changes.share(name, "retention", month, retention, Twin::None);

    // > Each region has exposures β for leads, conversion and deal size.
    let market = trial.market.clone();
    let v = pow(float_or(&scenario["market"]["volatility"], 0.0), 2.0);
    let exposure = |to: &str| float_or(&region["exposure"][to], 0.0);
    let market_multiplier = |beta: f64, month: usize| match twin {
        Twin::NoMarketCorrection => exp(beta * market[month]),
        _ => exp(beta * market[month] - beta * beta * v / 2.0),
    };

    trial.retention[r] = (0..months).map(retention).collect();

    // > - **Days** are those of the calendar
    let (days_played, of_month) = daily::calendar(scenario);
    let steps = match &by_day {
        Some(_) if trial.steps.is_empty() => daily::steps(months, rng),
        _ => trial.steps.clone(),
    };
    let mut factors = by_day.as_ref().map(|by_day| by_day.factors(months, first, start_month, &place, &steps, twin));
    for (month, factors) in factors.iter_mut().flatten().enumerate() {
        // > c_o,k = ρ_o[place of k] · exp(y_o,k) · changes
        for (factor, side) in factors.iter_mut().zip(["closing.won", "closing.lost"]) {
            *factor *= changes.factor(name, side, month);
        }
    }
    // > `conversion`, a stage's `pass`, `mean_days` or `stretch` of `cycle`, `lost_cycle` or a stage: by the month of arrival
    let timing = Rc::new(timing);
    let in_month = |month: usize| -> (Vec<Rc<Time>>, Rc<Timing>) {
        if list(&scenario["changes"]).next().is_none() {
            return (days.clone(), Rc::clone(&timing));
        }
        let each = times.iter().zip(&settings);
        let by = |field: &str| changes.factor(name, field, month);
        let days = each.map(|((field, mean), settings)| Rc::new(Time::new(mean * by(field), settings)));
        let lost = &region["lost_cycle"];
        let lost_mean = lost_mean * by(&format!("lost_cycle.{}", field(lost)));
        let timing = timing.with(timing.lost.as_ref().map(|_| Rc::new(Time::new(lost_mean, lost))));
        (days.collect(), Rc::new(timing))
    };
    let passes_in = |month: usize, pass: &[f64]| -> Vec<f64> {
        passes.iter().zip(pass).map(|(field, pass)| changes.share(name, field, month, *pass, twin)).collect()
    };
    let chances = |month: usize, stage: [f64; 2], performance: f64| {
        let tilt = exp(exposure("conversion") * market[month]);
        let (days, timing) = in_month(month);
        Chances {
            daily: by_day.as_ref().expect("it is decided day by day"),
            won: days.first().cloned(),
            lost: timing.lost.clone(),
            p: pass.first().map_or(0.0, |p| shift_odds(passes_in(month, &[p * performance])[0], tilt)),
            stalled: timing.stalled,
            // > h_w is multiplied by exp(β_win·x) ... and, for new leads, by performance (L) of that month
            tilt: tilt * performance,
            stage,
            twin,
            known: RefCell::default(),
            by_age: RefCell::default(),
        }
    };
    // > d̄ is the mean time in work of that month's leads ...; changes count, market, performance and stalling do not.
    let days_in_work = |month: usize| {
        if let Some(days) = by_day.as_ref().and_then(Daily::time_in_work) {
            return days;
        }
        let by = |field: &str| changes.factor(name, field, month);
        let each = times.iter().zip(&settings);
        let days: Vec<f64> = each.map(|((field, mean), settings)| mean_days(mean * by(field), settings)).collect();
        let lost = &region["lost_cycle"];
        let lost_days = mean_days(lost_mean * by(&format!("lost_cycle.{}", field(lost))), lost);
        time_in_work(&days, &passes_in(month, &pass), timing.lost.as_ref().map(|_| lost_days))
    };
    team.play(region, first, months, twin, rng);
    let mut still_open: BTreeMap<(usize, usize), [f64; 3]> = BTreeMap::new();
    let mut grown = 1.0; // Π_{j<m} max(0, 1 + g_j)
    for m in 0..months {
        // > **New leads**: none before τ. In month m₀ their number is Poisson(μ·A·f), arriving evenly on [τ, m₀ + 1).
        let part = match m.cmp(&first) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal if twin == Twin::WholeMonth => 1.0,
            std::cmp::Ordering::Equal => (first + 1) as f64 - tau,
            std::cmp::Ordering::Greater => 1.0,
        };
        // > That month's leads are Poisson(μ·A·(days played)/(days of the month))
        let played = days_played.iter().filter(|k| **k == m).count();
        let part = if by_day.is_some() && twin != Twin::WholeMonth { played as f64 / of_month[m] as f64 } else { part };
        // > μ = monthly · ramp[m] · Π_{j<m} max(0, 1 + g_j) · season[calendar month] · exp(β_leads·x_m − β_leads²·v/2)
        // > `ramp` holds its last value; `season` is normalised to mean 1.
        let mu = if by_activities { team.leads(m) } else { monthly }
            * ramp[m.min(ramp.len() - 1)]
            * grown
            * (season[(start_month - 1 + m) % 12] / (season.iter().sum::<f64>() / 12.0))
            * market_multiplier(exposure("leads"), m)
            * changes.factor(name, "leads.monthly", m);
        // > g_j is the rate of growth in force in month j, applied to the step from month j to j+1
        let begun = growth.iter().filter(|(from, _)| *from <= m);
        let in_force = begun.max_by_key(|(from, _)| *from);
        grown *= f64::max(0.0, 1.0 + in_force.map_or(0.0, |(_, rate)| *rate));

        // > The count is N ~ Poisson(μ·G), G ~ Gamma with mean 1 and variance `overdispersion`, fresh each region and
        // > month (0: plain Poisson).
        let g = match twin {
            Twin::NoOverdispersion => 1.0,
            _ if overdispersion == 0.0 => 1.0,
            _ => gamma(1.0 / overdispersion, overdispersion).sample(rng),
        };
        let count = if part == 0.0 { 0 } else { poisson(mu * g * part, rng) };
        trial.leads[r][m] = count as f64;
        trial.people_costs[r][m] = team.cost(m, part) * rate(m);
        // > What goes on is *started*: it arrives, in the sense of the first part, C, D and E, evenly in that month (in m₀ from τ).
        let changed = |field: &str| changes.factor(name, field, m);
        let count = if m < first {
            0
        } else {
            let capacities = team.capacities(m, part, &changed, &|| days_in_work(m));
            team.start(m, count as usize, capacities, twin, rng)
        };

        // > The market factor of the arrival month shifts the odds of winning (with `stages`: of passing the last one)
        // > by exp(β_conversion·x_m).
        // > A share is its draw, times its changes (E), times performance (L), at most 1; then its odds are shifted.
        let mut undisturbed = pass.clone();
        let performance = team.performance(m, twin);
        undisturbed.iter_mut().skip(last).for_each(|pass| *pass *= performance);
        let mut pass = passes_in(m, &undisturbed);
        if !pass.is_empty() {
            pass[last] = shift_odds(pass[last], exp(exposure("conversion") * market[m]));
        }
        let (days, timing) = in_month(m);
        let mut of_day = by_day.as_ref().map(|_| chances(m, [1.0; 2], performance));
        let first_day = days_played.iter().position(|k| *k == m).unwrap_or(0);

        'leads: for _ in 0..count {
            let mut won_in = 0;
            if let (Some(chances), Some(factors)) = (&mut of_day, &factors) {
                // > A lead arrives on a day drawn evenly among those of its month (in m₀ among those left)
                let day = first_day + rng.random_range(0..played);
                let (end, open) = chances.follow(0, day, &days_played, factors, None, rng);
                for (month, age) in open {
                    trial.open_deals[r][month] += 1.0;
                    trial.pipeline_value[r][month] += counted(month);
                    trial.weighted_pipeline[r][month] += counted(month) * chances.ever(age)[0];
                }
                match end {
                    None => continue 'leads,
                    Some((k, false)) => {
                        trial.lost_deals[r][k] += 1.0;
                        continue 'leads;
                    }
                    Some((k, true)) => won_in = k,
                }
            }
            // > Leads arrive uniformly within the month. ... t = m + u + D/L, u uniform on [0, 1).
            let mut t = f64::max(m as f64, if m == first { tau } else { 0.0 });
            let born = t;
            t += part.min((m + 1) as f64 - born) * rng.random::<f64>();
            // > `stalled`: of the leads that are not won that share is never decided.
            let mut fate = None;
            if !staged && by_day.is_none() {
                let won = rng.random_bool(pass[last].min(1.0));
                let stalls = !won && rng.random_bool(timing.stalled);
                fate = Some(if won {
                    Fate::Won
                } else if stalls {
                    Fate::Stalls
                } else {
                    Fate::Lost
                });
            }
            // > the lead spends D_i days in stage i, then passes with probability `pass_i`, else is lost then; passing
            // > the last stage is winning.
            for stage in (0..=last).filter(|_| by_day.is_none()) {
                let entered = month_of(t);
                t += match (fate, &timing.lost) {
                    (Some(Fate::Won), Some(lost)) if twin == Twin::LostLawForWon => lost.draw(rng),
                    (Some(Fate::Lost), Some(lost)) => lost.draw(rng),
                    // > it stays open, or is lost so many days after its arrival where that is given.
                    (Some(Fate::Stalls), _) => timing.closed_after.unwrap_or(f64::INFINITY),
                    _ => days[stage].draw(rng),
                } / DAYS_PER_MONTH;
                // > `held_to_quarter_end`: a deal whose winning falls into a month that is not the last of its quarter is, with
                // > that probability, won in that last month instead.
                let mut left = if t < months as f64 { month_of(t) } else { months };
                let decided = left;
                let here = match twin {
                    Twin::ByClosingMonth if left < months => passes_in(left, &undisturbed)[stage],
                    _ => pass[stage].min(1.0),
                };
                let passes = fate.map_or_else(|| rng.random_bool(here), |fate| fate == Fate::Won);
                let holds = stage == last && passes && left < months && place(left) < 2;
                if holds && rng.random_bool(timing.held) {
                    left += 2 - place(left);
                }
                // > **open_deals**: leads that have arrived and are not decided at the month's end. **pipeline_value**:
                // > that count times this trial's drawn mean deal size .... **weighted_pipeline**: the same, each open
                // > deal weighted by conversion (or by the passes still ahead) with its arrival month's shift.
                for month in entered..left.min(months) {
                    let mut chance: f64 = pass[stage..].iter().product();
                    if staged && month >= decided {
                        chance = 1.0; // for a deal that is held
                    } else if timing.by_age() {
                        // > pW/(pW + (1 − p)((1 − σ)Λ + σC)), with W, Λ, C the probabilities that a won, a lost, a stalled lead
                        // > would still be open.
                        // (Of all leads of a month the same: worked out once.)
                        let [w, l, c] = *still_open
                            .entry((m, month))
                            .or_insert_with(|| timing.still_open(&days[0], born, part, month, &place));
                        let stay = (1.0 - chance) * ((1.0 - timing.stalled) * l + timing.stalled * c);
                        chance = if chance * w + stay > 0.0 { chance * w / (chance * w + stay) } else { 0.0 };
                    }
                    trial.open_deals[r][month] += 1.0;
                    trial.pipeline_value[r][month] += counted(month);
                    trial.weighted_pipeline[r][month] += counted(month) * chance;
                }
                // > What would close at t ≥ M, the number of months, is outside the horizon: at the end it is open.
                if left >= months {
                    continue 'leads;
                }
                if !passes {
                    trial.lost_deals[r][left] += 1.0;
                    continue 'leads;
                }
                won_in = left;
            }

            let k = won_in;
            trial.won_deals[r][k] += 1.0;
            // > **bookings**: value of new deals, in the month they close, each deal's value X including its closing
            // > month's market factor. (Which multiplies it by exp(β_size·x_k − β_size²·v/2).)
            let term = terms.draw(rng);
            let deal = size.draw(rng) * market_multiplier(exposure("deal_size"), k) * years(term) * on_size(k);
            trial.bookings[r][k] += deal * rate(k);
            team.sell(k, deal * rate(k), rng);
            trial.arr_new[r][k] += deal * rate(k) * 12.0 / term as f64;
            trial.sign_contract(r, k, deal * rate(k), term);

            // > A customer won in month k comes up for renewal at k + term, k + 2·term, … and stops for good at the
            // > first one missed. The j-th renewal happens, if all before it did, with probability retention^(term/12),
            // > independently, for X·(1 + expansion)^(j·term/12). **renewals**: value renewed, in the renewal month.
            let shift = usize::from(twin == Twin::RenewalMonth);
            let law = Renewals { retention: &retention, expansion, rate: &rate, twin };
            trial.renew(r, k + shift, deal, term, &law, rng);
        }
    }

    // > **Open deals**
    let p_of = |p: f64| shift_odds(p, exp(exposure("conversion") * market[first.min(months - 1)]));
    for row in list(&scenario["pipeline"]).filter(|row| row["region"] == name || row["region"].is_null()) {
        let count = float_or(&row["count"], 1.0) as usize;
        let since = if staged { &row["stage_since"] } else { &row["created"] };
        let age = match twin {
            Twin::NoAge => 0.0,
            _ => days_between(text(since), scenario),
        };
        let close = row["close_date"].as_str().map(|_| position(scenario, &row["close_date"])).filter(|t| *t >= tau);
        // (The amount that it has in the end, and what it counts for in the pipeline of a month.)
        let amount = row["amount"].as_f64().map(|amount| amount / count as f64);
        let stated = |month: usize| amount.map_or_else(|| counted(month), |amount| amount * rate(month));
        let here = list(&region["stages"]).position(|stage| stage["name"] == row["stage"]).unwrap_or(0);
        // > Open deals take those of month m₀; stated amounts do not change.
        let now = first.min(months - 1);
        let mut pass = passes_in(now, &pass);
        if !pass.is_empty() {
            pass[last] = p_of(pass[last]);
        }
        let (days, timing) = in_month(now);
        let ahead: f64 = pass.get(here..).unwrap_or_default().iter().product();
        let own = row["win_probability"].as_f64().map(p_of);
        let of_day = by_day.as_ref().map(|by_day| chances(first.min(months - 1), by_day.of_stage(&row["stage"]), 1.0));
        for _ in 0..count {
            let story = if let (Some(chances), Some(factors)) = (&of_day, &factors) {
                let slip = |rng: &mut Generator| timing.slip.as_ref().map_or(0.0, |slip| slip.draw(rng));
                let end = daily::end(scenario, &of_month);
                let closes = close.filter(|_| timing.dated).map(|close| {
                    let t = close + slip(rng) / DAYS_PER_MONTH;
                    (t < end).then(|| month_of(t))
                });
                let deal = daily::OpenDeal { age: age as usize, own, close: closes, kept: timing.kept, chances };
                let (end, open) = deal.play(&days_played, factors, rng);
                Story { open, end }
            } else {
                let deal = Deal { age, close, tau, here, own, ahead };
                deal.play(&days, &timing, &pass, months, &place, rng)
            };
            for (month, chance) in story.open {
                trial.open_deals[r][month] += 1.0;
                trial.pipeline_value[r][month] += stated(month);
                trial.weighted_pipeline[r][month] += stated(month) * chance;
            }
            match story.end {
                Some((k, true)) => {
                    // > **Amount**: `amount` · ratio · exp(β_size·x_k − β_size²·v/2), ratio lognormal ... A deal without amount
                    // > has that of a new deal.
                    let term = terms.draw(rng);
                    let value = match amount {
                        None => size.draw(rng) * years(term) * on_size(k),
                        Some(amount) => {
                            amount * ratio * Time::with_default(1.0, &region["final_amount"], 0.0).draw(rng)
                        }
                    };
                    let value = value * market_multiplier(exposure("deal_size"), k);
                    trial.won_deals[r][k] += 1.0;
                    trial.bookings[r][k] += value * rate(k);
                    trial.bookings_from_open[r][k] += value * rate(k);
                    team.sell(k, value * rate(k), rng);
                    trial.arr_new[r][k] += value * rate(k) * 12.0 / term as f64;
                    trial.sign_contract(r, k, value * rate(k), term);
                    let law = Renewals { retention: &retention, expansion, rate: &rate, twin };
                    trial.renew(r, k, value, term, &law, rng);
                }
                Some((k, false)) => trial.lost_deals[r][k] += 1.0,
                None => {}
            }
        }
    }

    // > **One-off deals**: No market factor. It counts as a won deal, never as a lead. If it renews (the default) it is a customer; if
    // > not, its amount is revenue of that month and no ARR.
    for deal in changes.one_offs(name) {
        let (k, value) = (deal.month, deal.amount * rate(deal.month));
        trial.won_deals[r][k] += 1.0;
        trial.bookings[r][k] += value;
        trial.bookings_from_one_offs[r][k] += value;
        if !deal.renews {
            trial.revenue[r][k] += value;
            continue;
        }
        let term = terms.draw(rng);
        trial.arr_new[r][k] += value * 12.0 / term as f64;
        trial.sign_contract(r, k, value, term);
        let law = Renewals { retention: &retention, expansion, rate: &rate, twin };
        trial.renew(r, k, deal.amount, term, &law, rng);
    }

    // > **Contracts in force**
    for row in list(&scenario["contracts"]).filter(|row| row["region"] == name || row["region"].is_null()) {
        let count = float_or(&row["count"], 1.0) as usize;
        let term = row["term_months"].as_f64().map_or_else(|| terms.only(), |months| months as usize);
        let years = term as f64 / 12.0;
        for i in 0..count {
            // > `evenly`: customer i of n (from 0) comes up in month ⌊τ + (i + ½)·T/n⌋.
            let due = match text(&row["renews"]) {
                "evenly" => month_of(tau + (i as f64 + 0.5) * term as f64 / count as f64),
                month => month_of(position(scenario, &Value::from(format!("{month}-01")))),
            };
            let mut local = float(&row["annual_value"]) / count as f64;
            let mut from = first;
            // > revenue and ARR at the rate of the month in which their contract was signed or last renewed (in force at τ: m₀).
            let mut yearly = local * rate(first.min(months - 1));
            // > Each comes up every T months from then on ... It is active, with its annual value, at the end of each month from
            // > m₀ on until a renewal is missed: in that month it is active no more.
            for up in (due..).step_by(term) {
                let renews = up < months && rng.random_bool(pow(retention(up), years));
                let until = if !renews && up < months && twin == Twin::LateChurn { up + 1 } else { up };
                for month in from..until.min(months) {
                    trial.customers[r][month] += 1.0;
                    trial.arr[r][month] += yearly;
                    trial.revenue[r][month] += yearly / 12.0;
                }
                if up >= months {
                    break;
                }
                if !renews {
                    trial.arr_churn[r][up] += yearly;
                    break;
                }
                let before = yearly;
                local *= pow(f64::max(0.0, 1.0 + expansion), years);
                yearly = local * if twin == Twin::RateOfSigning { before / (before / rate(first)) } else { rate(up) };
                trial.renewals[r][up] += yearly * years;
                trial.renewals_from_contracts[r][up] += yearly * years;
                trial.arr_expansion[r][up] += f64::max(0.0, yearly - before);
                trial.arr_contraction[r][up] += f64::max(0.0, before - yearly);
                from = up;
            }
        }
    }

    if twin == Twin::ExpiredAsLost {
        (0..months).for_each(|m| trial.lost_deals[r][m] += team.expired(m));
    }
    trial.teams.push(team);

    // > **Actuals**: ... The same in every future; what is simulated in m₀ comes on top. ... A metric is empty in every period
    // > that needs a known month without actuals.
    let known = tau.ceil() as usize;
    for (metric, field) in [
        ("leads", &mut trial.leads),
        ("won_deals", &mut trial.won_deals),
        ("lost_deals", &mut trial.lost_deals),
        ("bookings", &mut trial.bookings),
        ("renewals", &mut trial.renewals),
    ] {
        (0..known).for_each(|m| field[r][m] += actual(scenario, name, metric, m));
    }
    for (metric, field) in [
        ("customers", &mut trial.customers),
        ("arr", &mut trial.arr),
        ("revenue", &mut trial.revenue),
        ("open_deals", &mut trial.open_deals),
        ("pipeline_value", &mut trial.pipeline_value),
        ("weighted_pipeline", &mut trial.weighted_pipeline),
        ("arr_new", &mut trial.arr_new),
        ("arr_expansion", &mut trial.arr_expansion),
        ("arr_contraction", &mut trial.arr_contraction),
        ("arr_churn", &mut trial.arr_churn),
    ] {
        (0..first).for_each(|m| field[r][m] = actual(scenario, name, metric, m));
    }
}

/// The mean of a time, or the stretch of its points, which is 1 if left out.
fn time_of(quantity: &mut dyn FnMut(&str, &Value, Domain) -> f64, path: &str, settings: &Value) -> f64 {
    let field = if settings["days"].is_array() { "stretch" } else { "mean_days" };
    let json = if settings[field].is_null() { &Value::from(1.0) } else { &settings[field] };
    quantity(&format!("{path}.{field}"), json, Positive)
}

/// What a scenario says to have happened; NaN where it does not say.
fn actual(scenario: &Value, region: &str, metric: &str, month: usize) -> f64 {
    let rows = list(&scenario["actuals"]).filter(|row| row["region"] == region && row["metric"] == metric);
    let of_month =
        |row: &&Value| position(scenario, &Value::from(format!("{}-01", text(&row["month"])))) == month as f64;
    rows.filter(of_month).map(|row| float(&row["amount"])).next().unwrap_or(f64::NAN)
}

/// The year, month and day of a text such as 2027-05-10.
fn date(day: &str) -> [i64; 3] {
    let parts: Vec<i64> = day.split('-').map(|part| part.parse().expect("a day")).collect();
    parts.try_into().expect("a day")
}

pub(crate) fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// > A day lies at its month + (day − 1)/(days in that month). ... Without `as_of` τ = m₀ = 0.
pub(crate) fn position(scenario: &Value, day: &Value) -> f64 {
    let Some(day) = day.as_str() else { return 0.0 };
    let [year, month, number] = date(day);
    let start = date(&format!("{}-01", text(&scenario["start"])));
    ((year - start[0]) * 12 + month - start[1]) as f64 + (number - 1) as f64 / days_in(year, month) as f64
}

/// Days from a day to the as-of day.
fn days_between(day: &str, scenario: &Value) -> f64 {
    let count = |day: [i64; 3]| {
        let years: i64 = (1900..day[0]).map(|year| (1..=12).map(|month| days_in(year, month)).sum::<i64>()).sum();
        years + (1..day[1]).map(|month| days_in(day[0], month)).sum::<i64>() + day[2]
    };
    let as_of = scenario["as_of"].as_str().map_or_else(|| format!("{}-01", text(&scenario["start"])), str::to_owned);
    (count(date(&as_of)) - count(date(day))) as f64
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Won,
    Lost,
    Stalls,
}

/// What holds for the times of a region's leads and deals.
#[derive(Default)]
struct Timing {
    staged: bool,
    lost: Option<Rc<Time>>,
    slip: Option<Rc<Time>>,
    stalled: f64,
    held: f64,
    kept: f64,
    dated: bool,
    closed_after: Option<f64>,
    /// How likely leads of a whole month are still open so long after its beginning, of each time that asks: each worked out once.
    still: RefCell<BTreeMap<(bool, u64), f64>>,
}

impl Timing {
    /// The same with another time of lost leads.
    fn with(&self, lost: Option<Rc<Time>>) -> Timing {
        Timing {
            lost,
            slip: self.slip.clone(),
            still: RefCell::default(),
            staged: self.staged,
            stalled: self.stalled,
            held: self.held,
            kept: self.kept,
            dated: self.dated,
            closed_after: self.closed_after,
        }
    }

    /// Whether the chance of an open lead depends on its age.
    fn by_age(&self) -> bool {
        !self.staged && (self.lost.is_some() || self.stalled > 0.0 || self.held > 0.0)
    }

    /// The probabilities that a won, a lost, a stalled lead that arrived evenly over a part of a month would be open at a month's end.
    fn still_open(
        &self,
        won: &Rc<Time>,
        born: f64,
        part: f64,
        month: usize,
        place: &dyn Fn(usize) -> usize,
    ) -> [f64; 3] {
        let over = |open: &dyn Fn(f64) -> f64| {
            // Closer together towards the end, where times far shorter than a month are decided.
            let n = 200;
            let place = |i: i32| (f64::from(i) + 0.5) / f64::from(n);
            let at = |v: f64| 3.0 * v * v * open(born + part * (1.0 - v * v * v));
            (0..n).map(|i| at(place(i))).sum::<f64>() / f64::from(n)
        };
        let anew =
            |time: &Time, end: f64| over(&|t| if t >= end { 1.0 } else { time.survival((end - t) * DAYS_PER_MONTH) });
        let by = |time: &Time, end: f64| {
            // Of whole months all that matters is how long ago they began.
            if part < 1.0 {
                return anew(time, end);
            }
            let key = (std::ptr::eq(time, won.as_ref()), (end - born).to_bits());
            let known = self.still.borrow().get(&key).copied();
            known.unwrap_or_else(|| {
                let open = anew(time, end);
                self.still.borrow_mut().insert(key, open);
                open
            })
        };
        let end = (month + 1) as f64;
        let mut w = by(won, end);
        if place(month) < 2 {
            let begun = end - 1.0 - place(month) as f64;
            w += self.held * (by(won, begun) - w);
        }
        let c = self.closed_after.map_or(1.0, |days| {
            // Exactly: a step is badly averaged over points.
            ((born + part + days / DAYS_PER_MONTH - end) / part).clamp(0.0, 1.0)
        });
        [w, by(self.lost.as_ref().unwrap_or(won), end), c]
    }
}

/// An open deal as it stands on the as-of day.
struct Deal {
    age: f64,
    close: Option<f64>,
    tau: f64,
    here: usize,
    own: Option<f64>,
    ahead: f64,
}

/// What becomes of it: open at the ends of these months, with its chance; decided in that month, won or not.
struct Story {
    open: Vec<(usize, f64)>,
    end: Option<(usize, bool)>,
}

impl Deal {
    fn play(
        &self,
        days: &[Rc<Time>],
        timing: &Timing,
        pass: &[f64],
        months: usize,
        place: &dyn Fn(usize) -> usize,
        rng: &mut Generator,
    ) -> Story {
        if timing.staged {
            self.walk(days, timing, pass, months, place, rng)
        } else {
            self.wait(&days[0], timing, pass[0], months, place, rng)
        }
    }

    /// Where a deal that is won closes by its stated date, if it does.
    fn stated(&self, timing: &Timing, rng: &mut Generator) -> Option<f64> {
        let close = self.close.filter(|_| timing.dated)?;
        rng.random_bool(timing.kept)
            .then(|| close + timing.slip.as_ref().map_or(0.0, |slip| slip.draw(rng)) / DAYS_PER_MONTH)
    }

    /// A deal of a region without stages. What it is told by age is a lead of that age: leads are played until one is as old.
    fn wait(
        &self,
        won: &Time,
        timing: &Timing,
        p: f64,
        months: usize,
        place: &dyn Fn(usize) -> usize,
        rng: &mut Generator,
    ) -> Story {
        let lost = timing.lost.as_deref().unwrap_or(won);
        let (s_w, s_l) = (won.survival(self.age), lost.survival(self.age));
        let (s_w, s_l) = (if s_w < 1e-9 { 0.0 } else { s_w }, if s_l < 1e-9 { 0.0 } else { s_l });
        let stale = self.own.is_none() && p * s_w + (1.0 - p) * (timing.stalled + (1.0 - timing.stalled) * s_l) == 0.0;
        let lead = |rng: &mut Generator| {
            if rng.random_bool(p) {
                (Fate::Won, won.draw(rng))
            } else if rng.random_bool(timing.stalled) {
                (Fate::Stalls, f64::INFINITY)
            } else {
                (Fate::Lost, lost.draw(rng))
            }
        };
        // The time of a deal of this fate that is still open at its age; as at age 0 where there is none.
        let older = |law: &Time, left: f64, rng: &mut Generator| {
            if left == 0.0 {
                return law.draw(rng) + self.age;
            }
            loop {
                let d = law.draw(rng);
                if d > self.age {
                    return d;
                }
            }
        };
        let (fate, d) = match self.own {
            _ if stale => (Fate::Stalls, f64::INFINITY),
            Some(own) if rng.random_bool(own) => (Fate::Won, older(won, s_w, rng)),
            Some(_) => {
                let stay = timing.stalled + (1.0 - timing.stalled) * s_l;
                if stay > 0.0 && rng.random_bool(timing.stalled / stay) {
                    (Fate::Stalls, f64::INFINITY)
                } else {
                    (Fate::Lost, older(lost, s_l, rng))
                }
            }
            None => loop {
                let (fate, d) = lead(rng);
                if d > self.age {
                    break (fate, d);
                }
            },
        };
        let closed = timing.closed_after.map(|days| self.tau + f64::max(0.0, days - self.age) / DAYS_PER_MONTH);
        let mut t = self.tau + (d - self.age) / DAYS_PER_MONTH;
        if fate == Fate::Stalls {
            t = closed.filter(|_| !stale).unwrap_or(f64::INFINITY);
        }
        let mut k = if t < months as f64 { month_of(t) } else { months };
        if fate == Fate::Won {
            match self.stated(timing, rng) {
                Some(t) => k = if t < months as f64 { month_of(t) } else { months },
                None => {
                    if k < months && place(k) < 2 && rng.random_bool(timing.held) {
                        k += 2 - place(k);
                    }
                }
            }
        }
        // Its chances: won, lost, stalled, given its age.
        let stay = (1.0 - timing.stalled) * s_l;
        let all = p * s_w + (1.0 - p) * (timing.stalled + stay);
        let (w, l, s) = match self.own {
            Some(own) if stay + timing.stalled == 0.0 => (own, 1.0 - own, 0.0),
            Some(own) => (
                own,
                (1.0 - own) * stay / (stay + timing.stalled),
                (1.0 - own) * timing.stalled / (stay + timing.stalled),
            ),
            None if stale => (0.0, 0.0, 0.0),
            None => (p * s_w / all, (1.0 - p) * stay / all, (1.0 - p) * timing.stalled / all),
        };
        let still = |law: &Time, left: f64, end: f64| {
            let days = (end - self.tau) * DAYS_PER_MONTH;
            if left == 0.0 { law.survival(days) } else { law.survival(self.age + days) / left }
        };
        let chance = |month: usize| {
            let end = (month + 1) as f64;
            let mut open_won = still(won, s_w, end);
            if place(month) < 2 {
                let begun = end - 1.0 - place(month) as f64;
                let at_start = if begun <= self.tau { 1.0 } else { still(won, s_w, begun) };
                open_won += timing.held * (at_start - open_won);
            }
            if let Some(close) = self.close.filter(|_| timing.dated) {
                let late = (end - close) * DAYS_PER_MONTH;
                let open_stated = match &timing.slip {
                    Some(slip) if late > 0.0 => slip.survival(late),
                    _ => f64::from(late <= 0.0),
                };
                open_won = timing.kept * open_stated + (1.0 - timing.kept) * open_won;
            }
            let open_stalled = f64::from(closed.is_none_or(|t| t >= end));
            let all = w * open_won + l * still(lost, s_l, end) + s * open_stalled;
            if all > 0.0 { w * open_won / all } else { 0.0 }
        };
        let open = (month_of(self.tau)..k.min(months)).map(|month| (month, chance(month))).collect();
        Story { open, end: (k < months).then_some((k, fate == Fate::Won)) }
    }

    /// A deal of a region with stages: what is left of the present one, then the first part's law; with a chance of its own, walks are
    /// played until one ends as that chance has decided.
    fn walk(
        &self,
        days: &[Rc<Time>],
        timing: &Timing,
        pass: &[f64],
        months: usize,
        place: &dyn Fn(usize) -> usize,
        rng: &mut Generator,
    ) -> Story {
        let last = pass.len() - 1;
        let passed = loop {
            let mut passed = self.here;
            while passed <= last && rng.random_bool(pass[passed]) {
                passed += 1;
            }
            match self.own {
                None => break passed,
                Some(_) if self.ahead <= 0.0 || self.ahead >= 1.0 => break passed,
                Some(own) => {
                    // As many walks that are won as that chance has it.
                    let wanted = if passed > last { own / self.ahead } else { (1.0 - own) / (1.0 - self.ahead) };
                    let most = f64::max(own / self.ahead, (1.0 - own) / (1.0 - self.ahead));
                    if rng.random_bool(wanted / most) {
                        break passed;
                    }
                }
            }
        };
        let won = passed > last;
        let chance = |stage: usize| {
            let product: f64 = pass[stage..].iter().product();
            match self.own {
                None => product,
                Some(own) if product >= 1.0 => f64::max(own, product),
                Some(own) => {
                    let odds = product / (1.0 - product) * (own / (1.0 - own)) / (self.ahead / (1.0 - self.ahead));
                    odds / (1.0 + odds)
                }
            }
        };
        let mut open = Vec::new();
        let in_month = |t: f64| if t < months as f64 { month_of(t) } else { months };
        if won && let Some(t) = self.stated(timing, rng) {
            let k = in_month(t);
            open.extend((month_of(self.tau)..k).map(|month| (month, chance(self.here))));
            return Story { open, end: (k < months).then_some((k, true)) };
        }
        let mut t = self.tau;
        for (stage, law) in days.iter().enumerate().skip(self.here) {
            let entered = in_month(t);
            let old = if stage == self.here { self.age } else { 0.0 };
            let none_left = law.survival(old) < 1e-9;
            let d = loop {
                let d = law.draw(rng);
                if d > old || none_left {
                    break if none_left { d } else { d - old };
                }
            };
            t += d / DAYS_PER_MONTH;
            let k = in_month(t);
            open.extend((entered..k).map(|month| (month, chance(stage))));
            if k == months {
                return Story { open, end: None };
            }
            if passed == stage {
                return Story { open, end: Some((k, false)) };
            }
            if stage == last {
                let mut end = k;
                if place(k) < 2 && rng.random_bool(timing.held) {
                    end += 2 - place(k);
                }
                open.extend((k..end.min(months)).map(|month| (month, 1.0)));
                return Story { open, end: (end < months).then_some((end, true)) };
            }
        }
        unreachable!("a walk ends in its last stage at the latest")
    }
}

/// What renewals of a region follow: by month the share that renews within a year and the exchange rate, and how contracts grow.
struct Renewals<'a> {
    retention: &'a dyn Fn(usize) -> f64,
    expansion: f64,
    rate: &'a dyn Fn(usize) -> f64,
    twin: Twin,
}

impl Trial {
    /// Renewals of a contract signed in month `k` for an amount of the region's currency, until the first one missed.
    fn renew(&mut self, r: usize, k: usize, deal: f64, term: usize, law: &Renewals, rng: &mut Generator) {
        let months = self.market.len();
        let term_years = term as f64 / 12.0;
        let rate = |month: usize| match law.twin {
            Twin::RateOfSigning => (law.rate)(k.min(months - 1)),
            _ => (law.rate)(month),
        };
        let mut value = deal * rate(k.min(months - 1));
        for j in 1.. {
            let month = k + j * term;
            if month >= months {
                break;
            }
            if !rng.random_bool(pow((law.retention)(month), term_years)) {
                self.arr_churn[r][month] += value / term_years;
                break;
            }
            let yearly = f64::max(0.0, 1.0 + law.expansion);
            let renewed = deal * pow(yearly, j as f64 * term_years) * rate(month);
            self.renewals[r][month] += renewed;
            self.arr_expansion[r][month] += f64::max(0.0, renewed - value) / term_years;
            self.arr_contraction[r][month] += f64::max(0.0, value - renewed) / term_years;
            self.sign_contract(r, month, renewed, term);
            value = renewed;
        }
    }

    /// A contract of `term` months, new or renewed, worth `value` and signed in month `k`.
    fn sign_contract(&mut self, region: usize, k: usize, value: f64, term: usize) {
        let months = self.market.len();
        // > (a contract signed in month k is active at the ends of months k … k+term−1)
        for month in k..months.min(k + term) {
            // > **revenue** (recognised): value / term in each of the `term` months of the contract, the closing or
            // > renewal month first. **arr**: 12/term times the value of the contracts active at the month's end.
            // > **customers**: how many contracts are.
            self.revenue[region][month] += value / term as f64;
            self.arr[region][month] += 12.0 / term as f64 * value;
            self.customers[region][month] += 1.0;
        }
    }
}

/// > A continuous time t (in months) belongs to month floor(t).
pub(crate) fn month_of(t: f64) -> usize {
    t.floor() as usize
}

/// The probability whose odds p/(1−p) are `factor` times those of `p`.
pub(crate) fn shift_odds(p: f64, factor: f64) -> f64 {
    p * factor / (1.0 - p + p * factor)
}

pub(crate) fn standard_normal(rng: &mut Generator) -> f64 {
    rng.sample(StandardNormal)
}

fn gamma(shape: f64, scale: f64) -> Gamma<f64> {
    Gamma::new(shape, scale).expect("a gamma law has positive shape and scale")
}

fn poisson(mean: f64, rng: &mut Generator) -> u64 {
    if mean == 0.0 {
        return 0; // the crate wants a positive mean
    }
    let law = Poisson::new(mean).expect("an expected count is finite and not negative");
    law.sample(rng) as u64
}

/// A positive amount (days, money) that varies from lead to lead or from deal to deal: how it is drawn, and what is above an amount.
pub(crate) struct Time {
    draw: Box<dyn Fn(&mut Generator) -> f64>,
    survival: Box<dyn Fn(f64) -> f64>,
}

impl Time {
    /// The law with this mean and the settings' `cv` (0.5 by default) and `shape`, or through their points times this stretch.
    fn new(mean: f64, settings: &Value) -> Time {
        if settings["days"].is_array() {
            Time::through(mean, settings)
        } else {
            Time::with_default(mean, settings, 0.5)
        }
    }

    fn draw(&self, rng: &mut Generator) -> f64 {
        (self.draw)(rng)
    }

    /// P(D > t).
    pub(crate) fn survival(&self, t: f64) -> f64 {
        if t <= 0.0 { 1.0 } else { (self.survival)(t) }
    }

    /// > a distribution function through these points ..., straight between them, all times multiplied by `stretch`.
    fn through(stretch: f64, settings: &Value) -> Time {
        let days: Vec<f64> = floats_or(&settings["days"], &[]).iter().map(|day| day * stretch).collect();
        let decided = floats_or(&settings["decided"], &[]);
        let line = |x: &[f64], y: &[f64], at: f64| {
            let i = (1..x.len()).find(|i| x[*i] > at).unwrap_or(x.len() - 1);
            y[i - 1] + (y[i] - y[i - 1]) * f64::clamp((at - x[i - 1]) / (x[i] - x[i - 1]), 0.0, 1.0)
        };
        let (x, y) = (days.clone(), decided.clone());
        Time {
            draw: Box::new(move |rng| line(&y, &x, rng.random::<f64>())),
            survival: Box::new(move |t| 1.0 - line(&days, &decided, t)),
        }
    }

    /// The law with this mean and the settings' `cv` and `shape`; cv 0 is fixed.
    fn with_default(mean: f64, settings: &Value, default_cv: f64) -> Time {
        let cv = float_or(&settings["cv"], default_cv);
        match settings["shape"].as_str().unwrap_or("lognormal") {
            "fixed" => Time::fixed(mean),
            _ if cv == 0.0 => Time::fixed(mean),
            "lognormal" => {
                let (mu, sigma) = log_moments(mean, cv);
                let law = LogNormal::new(mu, sigma).expect("the mean is positive");
                Time {
                    draw: Box::new(move |rng| law.sample(rng)),
                    survival: Box::new(move |t| normal_cdf((mu - log(t)) / sigma)),
                }
            }
            "gamma" => {
                let law = gamma(1.0 / (cv * cv), mean * cv * cv);
                Time {
                    draw: Box::new(move |rng| law.sample(rng)),
                    survival: Box::new(move |t| 1.0 - gamma_cdf(t / (mean * cv * cv), 1.0 / (cv * cv))),
                }
            }
            "weibull" => {
                // Mean = scale·Γ(1 + 1/k), and 1 + cv² = Γ(1 + 2/k) / Γ(1 + 1/k)², which falls as k grows.
                let log_ratio = |k: f64| lgamma(1.0 + 2.0 / k) - 2.0 * lgamma(1.0 + 1.0 / k);
                let k = bisect(0.05, 2000.0, |k| log_ratio(k) > log(1.0 + cv * cv));
                let scale = mean / exp(lgamma(1.0 + 1.0 / k));
                let law = Weibull::new(scale, k).expect("the mean is positive");
                Time {
                    draw: Box::new(move |rng| law.sample(rng)),
                    survival: Box::new(move |t| exp(-pow(t / scale, k))),
                }
            }
            other => panic!("unknown shape {other}"),
        }
    }

    fn fixed(mean: f64) -> Time {
        Time { draw: Box::new(move |_| mean), survival: Box::new(move |t| f64::from(t < mean)) }
    }
}

/// Mean and sd of the logarithm of a lognormal variable that has this mean and cv itself.
fn log_moments(mean: f64, cv: f64) -> (f64, f64) {
    let variance = log(1.0 + cv * cv);
    (log(mean) - variance / 2.0, sqrt(variance))
}

/// What a field may be; it decides the default law of its uncertain forms.
#[derive(Clone, Copy)]
pub(crate) enum Domain {
    Share,
    Positive,
    Growth,
}
use Domain::{Growth, Positive, Share};

/// x = F⁻¹(Φ(z)) of an uncertain input: the table of quantities, row by row.
pub(crate) fn quantile(json: &Value, domain: Domain, z: f64) -> f64 {
    let u = normal_cdf(z);
    let number = |key: &str| json[key].as_f64();
    let shape = json["shape"].as_str();
    // > `mean` and `sd` are those of the quantity itself, never of its logarithm.
    if let Some(mean) = number("mean") {
        let sd = number("sd").unwrap_or_else(|| float(&json["cv"]) * mean.abs());
        return match (shape, domain) {
            _ if sd == 0.0 => mean,
            (Some("normal"), _) | (None, Growth) => mean + sd * z,
            (Some("lognormal"), _) | (None, Positive) => {
                let (mu, sigma) = log_moments(mean, sd / mean);
                exp(mu + sigma * z)
            }
            (Some("beta"), _) | (None, Share) => {
                // The variance of a beta is mean·(1 − mean)/(a + b + 1).
                let a_plus_b = mean * (1.0 - mean) / (sd * sd) - 1.0;
                beta_quantile(u, mean * a_plus_b, (1.0 - mean) * a_plus_b)
            }
            (Some("gamma"), _) => gamma_quantile(u, mean * mean / (sd * sd)) * sd * sd / mean,
            (Some(other), _) => panic!("unknown shape {other}"),
        };
    }
    if let (Some(low), Some(high)) = (number("low"), number("high")) {
        let width = high - low;
        return match (number("mode"), shape) {
            (None, _) => low + width * u,
            (Some(mode), Some("triangular")) if u * width < mode - low => low + sqrt(u * width * (mode - low)),
            (Some(mode), Some("triangular")) => high - sqrt((1.0 - u) * width * (high - mode)),
            (Some(mode), _) => {
                let (left, right) = ((mode - low) / width, (high - mode) / width);
                low + width * beta_quantile(u, 1.0 + 4.0 * left, 1.0 + 4.0 * right)
            }
        };
    }
    if json["values"].is_array() {
        let values = floats_or(&json["values"], &[]).into_iter();
        let mut pairs: Vec<_> = values.zip(floats_or(&json["weights"], &[])).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut left = u * pairs.iter().map(|(_, weight)| weight).sum::<f64>();
        for (value, weight) in &pairs {
            if left < *weight {
                return *value;
            }
            left -= weight;
        }
        return pairs[pairs.len() - 1].0; // only rounding leads here
    }
    // Two percentiles: the logit of a share, the logarithm of a positive number and growth itself are normal.
    let mut points = Vec::new();
    for (key, x) in json.as_object().into_iter().flatten() {
        if let Some(Ok(percent)) = key.strip_prefix('p').map(str::parse::<f64>) {
            let its_z = bisect(-10.0, 10.0, |z| normal_cdf(z) < percent / 100.0);
            let its_y = match domain {
                Share => log(float(x) / (1.0 - float(x))),
                Positive => log(float(x)),
                Growth => float(x),
            };
            points.push((its_z, its_y));
        }
    }
    let [(z1, y1), (z2, y2)] = points[..] else {
        panic!("a quantity in none of the known forms: {json}");
    };
    let y = y1 + (y2 - y1) * (z - z1) / (z2 - z1);
    match domain {
        Share => 1.0 / (1.0 + exp(-y)),
        Positive => exp(y),
        Growth => y,
    }
}

/// > `correlations` gives the z's their correlation (Gaussian copula); pairs not listed are independent.
struct Copula {
    /// The inputs that `correlations` names.
    paths: Vec<String>,
    /// The lower triangle L with L·Lᵗ their correlation matrix.
    l: Vec<Vec<f64>>,
}

impl Copula {
    fn read(correlations: &Value) -> Self {
        let ends = |entry: &Value| [0, 1].map(|end| text(&entry["between"][end]).to_owned());
        let mut paths: Vec<String> = list(correlations).flat_map(ends).collect();
        paths.sort();
        paths.dedup();
        let n = paths.len();
        let mut rho = vec![vec![0.0; n]; n];
        for entry in list(correlations) {
            let [i, j] = ends(entry).map(|end| paths.binary_search(&end).expect("just listed"));
            rho[i][j] = float(&entry["rho"]);
            rho[j][i] = rho[i][j];
        }
        let mut l = vec![vec![0.0; n]; n];
        for i in 0..n {
            for j in 0..i {
                let known: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
                // A z that those before it determine (rho = ±1) brings nothing new to be correlated with.
                if l[j][j] > 0.0 {
                    l[i][j] = (rho[i][j] - known) / l[j][j];
                }
            }
            let left = 1.0 - l[i].iter().map(|x| x * x).sum::<f64>();
            assert!(left > -1e-9, "no joint law can have these correlations");
            l[i][i] = if left > 1e-9 { sqrt(left) } else { 0.0 };
        }
        Copula { paths, l }
    }

    /// One trial's z by path: z = L·e, with e independent standard normals.
    fn draw(&self, rng: &mut Generator) -> BTreeMap<String, f64> {
        let e: Vec<f64> = self.paths.iter().map(|_| standard_normal(rng)).collect();
        let z = |row: &Vec<f64>| row.iter().zip(&e).map(|(l, e)| l * e).sum();
        let paths = self.paths.iter().cloned();
        paths.zip(self.l.iter().map(z)).collect()
    }
}

/// Where `below` turns from true to false between `low` and `high`.
fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        let half = if below(middle) { &mut low } else { &mut high };
        *half = middle;
    }
    (low + high) / 2.0
}

/// Φ(z).
pub(crate) fn normal_cdf(z: f64) -> f64 {
    erfc(-z / std::f64::consts::SQRT_2) / 2.0
}

/// Of the gamma law with scale 1, whose cdf is x^a·e^−x/Γ(a+1) · (1 + x/(a+1) + x²/((a+1)(a+2)) + …).
fn gamma_quantile(u: f64, a: f64) -> f64 {
    let beyond_any_draw = a + 10.0 * sqrt(a) + 50.0;
    bisect(0.0, beyond_any_draw, |x| gamma_cdf(x, a) < u)
}

fn gamma_cdf(x: f64, a: f64) -> f64 {
    if x > a + 10.0 * sqrt(a) + 50.0 {
        return 1.0; // Beyond any draw; the series below would overflow far out.
    }
    let (mut term, mut sum, mut n) = (1.0, 1.0, a);
    while term > sum * 1e-17 {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    sum * exp(a * log(x) - x - lgamma(a + 1.0))
}

fn beta_quantile(u: f64, a: f64, b: f64) -> f64 {
    bisect(0.0, 1.0, |x| beta_cdf(x, a, b) < u)
}

/// I_x(a, b) by its continued fraction (Lentz's method; Numerical Recipes, 6.4), which converges fast on the left.
fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_cdf(1.0 - x, b, a);
    }
    let (mut c, mut d) = (1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in (1..100_000).map(f64::from) {
        let before = fraction;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for numerator in [even, odd] {
            d = 1.0 / (1.0 + numerator * d);
            c = 1.0 + numerator / c;
            fraction *= c * d;
        }
        if (fraction - before).abs() <= 1e-15 * fraction {
            break;
        }
    }
    let log_beta = lgamma(a) + lgamma(b) - lgamma(a + b);
    exp(a * log(x) + b * log(1.0 - x) - log_beta) * fraction / a
}

pub(crate) fn list(json: &Value) -> impl Iterator<Item = &Value> {
    json.as_array().into_iter().flatten()
}

pub(crate) fn text(json: &Value) -> &str {
    json.as_str().expect("a text that the scenario must give")
}

fn float(json: &Value) -> f64 {
    json.as_f64().expect("a number that the scenario must give")
}

pub(crate) fn float_or(json: &Value, default: f64) -> f64 {
    if json.is_null() { default } else { float(json) }
}

pub(crate) fn floats_or(json: &Value, default: &[f64]) -> Vec<f64> {
    match json.as_array() {
        Some(numbers) => numbers.iter().map(float).collect(),
        None => default.to_vec(),
    }
}
