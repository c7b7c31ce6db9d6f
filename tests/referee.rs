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
use std::collections::BTreeMap;

/// > Every month is L = 365.25 / 12 = 30.4375 days long.
const DAYS_PER_MONTH: f64 = 30.4375;

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
}

/// One trial. Metrics are indexed `[region][month]`, regions in the order in which serde_json's map yields them: the
/// file's with its feature `preserve_order`, alphabetical without.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trial {
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
    /// Path and drawn value of each uncertain input.
    pub inputs: Vec<(String, f64)>,
    /// The market factor x, month by month.
    pub market: Vec<f64>,
}

/// Simulates `trials` independent trials, one after the other, from one generator started with `seed`.
pub fn simulate(scenario: &Value, trials: usize, seed: u64, twin: Twin) -> Vec<Trial> {
    let copula = Copula::read(&scenario["correlations"]);
    let mut rng = Generator::seed_from_u64(seed);
    let one_trial = |_| simulate_trial(scenario, &copula, twin, &mut rng);
    (0..trials).map(one_trial).collect()
}

fn simulate_trial(scenario: &Value, copula: &Copula, twin: Twin, rng: &mut Generator) -> Trial {
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
        ..Trial::default()
    };

    // > One a trial, shared by all regions: x_m = φ·x_{m−1} + ε_m, stationary from month 0 on, with standard
    // > deviation `volatility` (v = volatility²), `persistence` φ in [0, 1).
    let volatility = float_or(&scenario["market"]["volatility"], 0.0);
    let phi = float_or(&scenario["market"]["persistence"], 0.0);
    let mut x = volatility * standard_normal(rng);
    for _ in 0..months {
        trial.market.push(x);
        x = phi * x + volatility * sqrt(1.0 - phi * phi) * standard_normal(rng);
    }

    let correlated = copula.draw(rng);
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

    // > A *quantity* is a fixed number or an uncertain input ... (what we do not know about the business): one draw a
    // > trial, shared by every month of it. ... drawn by inversion, x = F⁻¹(Φ(z)), from a standard normal z.
    let mut quantity = |field: &str, json: &Value, domain: Domain| {
        if json.is_null() && ["leads.growth", "retention", "expansion"].contains(&field) {
            return 0.0; // these may be left out
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
    let monthly = quantity("leads.monthly", &leads["monthly"], Positive);
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
    for stage in list(&region["stages"]) {
        let (name, mean_days) = (text(&stage["name"]), &stage["mean_days"]);
        let mean_days = quantity(&format!("stages[{name}].mean_days"), mean_days, Positive);
        days.push(spread(mean_days, stage, 0.5));
        pass.push(quantity(&format!("stages[{name}].pass"), &stage["pass"], Share));
    }
    if days.is_empty() {
        // > Without `stages`: each lead is decided after D days, D from `cycle` (mean, cv, shape); it is won with
        // > probability `conversion`, else lost. (So the cycle is the one stage, and the conversion its pass.)
        let cycle = &region["cycle"];
        let mean_days = quantity("cycle.mean_days", &cycle["mean_days"], Positive);
        days.push(spread(mean_days, cycle, 0.5));
        pass.push(quantity("conversion", &region["conversion"], Share));
    }
    let last = pass.len() - 1;
    if twin == Twin::WinRate {
        pass[last] = f64::min(1.0, 1.012 * pass[last]);
    }

    let deal_size = &region["deal_size"];
    let mean_size = quantity("deal_size.mean", &deal_size["mean"], Positive);
    let size = spread(mean_size, deal_size, 0.8);
    let retention = quantity("retention", &region["retention"], Share);
    let expansion = quantity("expansion", &region["expansion"], Growth);
    let term = float_or(&scenario["contract"]["term_months"], 12.0) as usize;
    let term_years = term as f64 / 12.0;

    // > Each region has exposures β for leads, conversion and deal size.
    let market = trial.market.clone();
    let v = pow(float_or(&scenario["market"]["volatility"], 0.0), 2.0);
    let exposure = |to: &str| float_or(&region["exposure"][to], 0.0);
    let market_multiplier = |beta: f64, month: usize| match twin {
        Twin::NoMarketCorrection => exp(beta * market[month]),
        _ => exp(beta * market[month] - beta * beta * v / 2.0),
    };

    let mut grown = 1.0; // Π_{j<m} max(0, 1 + g_j)
    for m in 0..months {
        // > μ = monthly · ramp[m] · Π_{j<m} max(0, 1 + g_j) · season[calendar month] · exp(β_leads·x_m − β_leads²·v/2)
        // > `ramp` holds its last value; `season` is normalised to mean 1.
        let mu = monthly
            * ramp[m.min(ramp.len() - 1)]
            * grown
            * (season[(start_month - 1 + m) % 12] / (season.iter().sum::<f64>() / 12.0))
            * market_multiplier(exposure("leads"), m);
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
        let count = poisson(mu * g, rng);
        trial.leads[r][m] = count as f64;

        // > The market factor of the arrival month shifts the odds of winning (with `stages`: of passing the last one)
        // > by exp(β_conversion·x_m).
        let mut pass = pass.clone();
        pass[last] = shift_odds(pass[last], exp(exposure("conversion") * market[m]));

        'leads: for _ in 0..count {
            // > Leads arrive uniformly within the month. ... t = m + u + D/L, u uniform on [0, 1).
            let mut t = m as f64 + rng.random::<f64>();
            // > the lead spends D_i days in stage i, then passes with probability `pass_i`, else is lost then; passing
            // > the last stage is winning.
            for stage in 0..=last {
                let entered = month_of(t);
                t += days[stage](rng) / DAYS_PER_MONTH;
                let left = month_of(t);
                // > **open_deals**: leads that have arrived and are not decided at the month's end. **pipeline_value**:
                // > that count times this trial's drawn mean deal size .... **weighted_pipeline**: the same, each open
                // > deal weighted by conversion (or by the passes still ahead) with its arrival month's shift.
                for month in entered..left.min(months) {
                    let passes_ahead: f64 = pass[stage..].iter().product();
                    trial.open_deals[r][month] += 1.0;
                    trial.pipeline_value[r][month] += mean_size;
                    trial.weighted_pipeline[r][month] += mean_size * passes_ahead;
                }
                // > What would close at t ≥ M, the number of months, is outside the horizon: at the end it is open.
                if left >= months {
                    continue 'leads;
                }
                if !rng.random_bool(pass[stage]) {
                    trial.lost_deals[r][left] += 1.0;
                    continue 'leads;
                }
            }

            let k = month_of(t);
            trial.won_deals[r][k] += 1.0;
            // > **bookings**: value of new deals, in the month they close, each deal's value X including its closing
            // > month's market factor. (Which multiplies it by exp(β_size·x_k − β_size²·v/2).)
            let deal = size(rng) * market_multiplier(exposure("deal_size"), k);
            trial.bookings[r][k] += deal;
            trial.sign_contract(r, k, deal, term);

            // > A customer won in month k comes up for renewal at k + term, k + 2·term, … and stops for good at the
            // > first one missed. The j-th renewal happens, if all before it did, with probability retention^(term/12),
            // > independently, for X·(1 + expansion)^(j·term/12). **renewals**: value renewed, in the renewal month.
            for j in 1.. {
                let month = k + j * term + usize::from(twin == Twin::RenewalMonth);
                if month >= months || !rng.random_bool(pow(retention, term_years)) {
                    break;
                }
                let yearly = f64::max(0.0, 1.0 + expansion);
                let renewed = deal * pow(yearly, j as f64 * term_years);
                trial.renewals[r][month] += renewed;
                trial.sign_contract(r, month, renewed, term);
            }
        }
    }
}

impl Trial {
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
fn month_of(t: f64) -> usize {
    t.floor() as usize
}

/// The probability whose odds p/(1−p) are `factor` times those of `p`.
fn shift_odds(p: f64, factor: f64) -> f64 {
    p * factor / (1.0 - p + p * factor)
}

fn standard_normal(rng: &mut Generator) -> f64 {
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

/// Draws a positive amount (days, money) that varies from lead to lead or from deal to deal.
type Spread = Box<dyn Fn(&mut Generator) -> f64>;

/// The law with this mean and the settings' `cv` and `shape`; cv 0 is fixed.
fn spread(mean: f64, settings: &Value, default_cv: f64) -> Spread {
    let cv = float_or(&settings["cv"], default_cv);
    match settings["shape"].as_str().unwrap_or("lognormal") {
        _ if cv == 0.0 => Box::new(move |_| mean),
        "fixed" => Box::new(move |_| mean),
        "lognormal" => {
            let (mu, sigma) = log_moments(mean, cv);
            let law = LogNormal::new(mu, sigma).expect("the mean is positive");
            Box::new(move |rng| law.sample(rng))
        }
        "gamma" => {
            let law = gamma(1.0 / (cv * cv), mean * cv * cv);
            Box::new(move |rng| law.sample(rng))
        }
        "weibull" => {
            // Mean = scale·Γ(1 + 1/k), and 1 + cv² = Γ(1 + 2/k) / Γ(1 + 1/k)², which falls as k grows.
            let log_ratio = |k: f64| lgamma(1.0 + 2.0 / k) - 2.0 * lgamma(1.0 + 1.0 / k);
            let k = bisect(0.05, 2000.0, |k| log_ratio(k) > log(1.0 + cv * cv));
            let scale = mean / exp(lgamma(1.0 + 1.0 / k));
            let law = Weibull::new(scale, k).expect("the mean is positive");
            Box::new(move |rng| law.sample(rng))
        }
        other => panic!("unknown shape {other}"),
    }
}

/// Mean and sd of the logarithm of a lognormal variable that has this mean and cv itself.
fn log_moments(mean: f64, cv: f64) -> (f64, f64) {
    let variance = log(1.0 + cv * cv);
    (log(mean) - variance / 2.0, sqrt(variance))
}

/// What a field may be; it decides the default law of its uncertain forms.
#[derive(Clone, Copy)]
enum Domain {
    Share,
    Positive,
    Growth,
}
use Domain::{Growth, Positive, Share};

/// x = F⁻¹(Φ(z)) of an uncertain input: the table of quantities, row by row.
fn quantile(json: &Value, domain: Domain, z: f64) -> f64 {
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
fn normal_cdf(z: f64) -> f64 {
    erfc(-z / std::f64::consts::SQRT_2) / 2.0
}

/// Of the gamma law with scale 1, whose cdf is x^a·e^−x/Γ(a+1) · (1 + x/(a+1) + x²/((a+1)(a+2)) + …).
fn gamma_quantile(u: f64, a: f64) -> f64 {
    let cdf = |x: f64| {
        let (mut term, mut sum, mut n) = (1.0, 1.0, a);
        while term > sum * 1e-17 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        sum * exp(a * log(x) - x - lgamma(a + 1.0))
    };
    let beyond_any_draw = a + 10.0 * sqrt(a) + 50.0;
    bisect(0.0, beyond_any_draw, |x| cdf(x) < u)
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

fn list(json: &Value) -> impl Iterator<Item = &Value> {
    json.as_array().into_iter().flatten()
}

fn text(json: &Value) -> &str {
    json.as_str().expect("a text that the scenario must give")
}

fn float(json: &Value) -> f64 {
    json.as_f64().expect("a number that the scenario must give")
}

fn float_or(json: &Value, default: f64) -> f64 {
    if json.is_null() { default } else { float(json) }
}

fn floats_or(json: &Value, default: &[f64]) -> Vec<f64> {
    match json.as_array() {
        Some(numbers) => numbers.iter().map(float).collect(),
        None => default.to_vec(),
    }
}
