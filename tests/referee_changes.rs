//! The referee's part for what changes while months are played: dated changes, one-off deals, currencies, terms (law, second part, sections E, F, G and J).

use libm::{exp, sqrt};
use rand::{RngExt, rngs::Xoshiro256PlusPlus as Generator};
use serde_json::Value;
use std::collections::BTreeMap;

use crate::referee::{Domain, Twin, float_or, list, month_of, normal_cdf, position, quantile, standard_normal, text};

/// What changes in one trial.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Changes {
    changes: Vec<Change>,
    /// One-off deals that are won, each with its month and amount.
    won: Vec<OneOff>,
    /// What a unit of each currency is worth, month by month.
    rates: BTreeMap<String, Vec<f64>>,
}

/// A change that happens: in force from a month on, to before another, with its factors by path.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    from: usize,
    end: usize,
    factors: Vec<(String, f64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OneOff {
    pub region: String,
    pub month: usize,
    pub amount: f64,
    pub renews: bool,
}

impl Changes {
    /// Draws what changes in a trial; uncertain inputs are noted with their paths.
    pub(crate) fn draw(
        scenario: &Value,
        correlated: &BTreeMap<String, f64>,
        inputs: &mut Vec<(String, f64)>,
        twin: Twin,
        rng: &mut Generator,
    ) -> Changes {
        let months = scenario["months"].as_f64().expect("months") as usize;
        // > inputs like all others: one draw a trial, by inversion from a standard normal z.
        let normal =
            |path: &str, rng: &mut Generator| correlated.get(path).copied().unwrap_or_else(|| standard_normal(rng));
        let mut quantity = |path: String, json: &Value, default: f64, domain: Domain, rng: &mut Generator| {
            if let Some(x) = json.as_f64().or(json["value"].as_f64()) {
                return x;
            }
            if json.is_null() {
                return default;
            }
            let x = quantile(json, domain, normal(&path, rng));
            inputs.push((path, x));
            x
        };
        // > `changes[NAME].happens` is an input: 1 if Φ(z) ≥ 1 − `changes[NAME].chance` (default 1), else 0.
        let mut events = Vec::new();
        let mut happens = |path: String, chance: f64, rng: &mut Generator| {
            if chance >= 1.0 || chance <= 0.0 {
                return chance >= 1.0;
            }
            let z = correlated.get(&path).copied().unwrap_or_else(|| standard_normal(rng));
            let happens = normal_cdf(z) >= 1.0 - chance;
            events.push((path, f64::from(u8::from(happens))));
            happens
        };
        // > A delay counts as ⌊delay + ½⌋ months.
        let whole = |delay: f64| match twin {
            Twin::DelayRoundedDown => delay.floor() as usize,
            _ => (delay + 0.5).floor() as usize,
        };
        let month = |json: &Value| month_of(position(scenario, &Value::from(format!("{}-01", text(json)))));
        let mut all = Changes::default();
        for change in list(&scenario["changes"]) {
            let at = format!("changes[{}]", text(&change["name"]));
            let delay = quantity(format!("{at}.delay_months"), &change["delay_months"], 0.0, Domain::Positive, rng);
            let chance = quantity(format!("{at}.chance"), &change["chance"], 1.0, Domain::Share, rng);
            let mut factors = Vec::new();
            for (path, json) in change["multiply"].as_object().expect("paths") {
                // > by a factor above 0, drawn once (one factor for all regions of a PATH with `*`)
                let by = quantity(format!("{at}.multiply[{path}]"), json, 1.0, Domain::Positive, rng);
                factors.push((path.clone(), by));
            }
            if happens(format!("{at}.happens"), chance, rng) {
                // > in force from month `from` to month `until`, both included ..., both moved by the delay
                let late = whole(delay);
                let end = if change["until"].is_null() { usize::MAX } else { month(&change["until"]) + 1 + late };
                all.changes.push(Change { from: month(&change["from"]) + late, end, factors });
            }
        }
        // > `one_offs`: with its chance one deal of that amount, won in `month` plus the delay if that is inside the horizon.
        for deal in list(&scenario["one_offs"]) {
            let at = format!("one_offs[{}]", text(&deal["name"]));
            let amount = quantity(format!("{at}.amount"), &deal["amount"], 0.0, Domain::Positive, rng);
            let delay = quantity(format!("{at}.delay_months"), &deal["delay_months"], 0.0, Domain::Positive, rng);
            let chance = quantity(format!("{at}.chance"), &deal["chance"], 1.0, Domain::Share, rng);
            let won = happens(format!("{at}.happens"), chance, rng);
            let month = month(&deal["month"]) + whole(delay);
            if won && month < months {
                let region = text(&deal["region"]).to_owned();
                all.won.push(OneOff { region, month, amount, renews: deal["renews"] != false });
            }
        }
        // > In month m ≥ m₀ it is rate · exp(vol·B − vol²·(m − m₀)/24), B normal with variance (m − m₀)/12
        let first = month_of(position(scenario, &scenario["as_of"]));
        for (code, json) in scenario["rates"].as_object().into_iter().flatten() {
            let rate = quantity(format!("rates.{code}.rate"), &json["rate"], 0.0, Domain::Positive, rng);
            let volatility = float_or(&json["volatility"], 0.0);
            let mut walk = 0.0;
            let path = (0..months).map(|m| {
                if m > first {
                    walk += sqrt(1.0 / 12.0) * standard_normal(rng);
                }
                let since = m.saturating_sub(first) as f64;
                let drift = if twin == Twin::NoDrift { 0.0 } else { volatility * volatility * since / 24.0 };
                rate * exp(volatility * walk - drift)
            });
            let path: Vec<f64> = path.collect();
            all.rates.insert(code.clone(), path);
        }
        for (code, path) in all.rates.clone() {
            // > `rates.BRL.rate`: by the month it is used in
            let field = format!("rates.{code}.rate");
            let changed = path.iter().enumerate().map(|(m, rate)| rate * all.at(m, |path| path == field)).collect();
            all.rates.insert(code, changed);
        }
        inputs.extend(events);
        all
    }

    /// > Several changes of one field multiply.
    fn at(&self, month: usize, is: impl Fn(&str) -> bool) -> f64 {
        let in_force = self.changes.iter().filter(|change| (change.from..change.end).contains(&month));
        in_force.flat_map(|change| &change.factors).filter(|(path, _)| is(path)).map(|(_, by)| by).product()
    }

    /// What changes multiply a field of a region by in a month.
    pub(crate) fn factor(&self, region: &str, field: &str, month: usize) -> f64 {
        let of_region = |path: &str| {
            let path = path.strip_prefix("regions.")?;
            path.strip_prefix(region).or(path.strip_prefix("*"))?.strip_prefix('.').map(|path| path == field)
        };
        self.at(month, |path| of_region(path) == Some(true))
    }

    /// A share in a month.
    pub(crate) fn share(&self, region: &str, field: &str, month: usize, share: f64, twin: Twin) -> f64 {
        // > A share is its draw, times its changes (E), ... at most 1
        let changed = share * self.factor(region, field, month);
        if twin == Twin::SharesNotHeld { changed } else { changed.min(1.0) }
    }

    /// What an amount in a region's currency is worth in a month.
    pub(crate) fn rate(&self, region: &Value, month: usize) -> f64 {
        let path = region["currency"].as_str().and_then(|code| self.rates.get(code));
        path.map_or(1.0, |path| path[month])
    }

    /// The one-off deals of a region that are won.
    pub(crate) fn one_offs<'a>(&'a self, region: &'a str) -> impl Iterator<Item = &'a OneOff> {
        self.won.iter().filter(move |deal| deal.region == region)
    }
}

/// The terms of a region, with their shares.
pub(crate) struct Terms(Vec<(usize, f64)>);

impl Terms {
    /// > A region may have its own `"term_months"`, or a mix `"terms"`
    pub(crate) fn of(region: &Value, scenario: &Value) -> Terms {
        let whole = |json: &Value| json.as_f64().map(|months| months as usize);
        let mix: Vec<(usize, f64)> = list(&region["terms"])
            .map(|term| (whole(&term["months"]).expect("months"), term["share"].as_f64().expect("a share")))
            .collect();
        if !mix.is_empty() {
            return Terms(mix);
        }
        let only = whole(&region["term_months"]).or(whole(&scenario["contract"]["term_months"])).unwrap_or(12);
        Terms(vec![(only, 1.0)])
    }

    /// > drawn for each deal won
    pub(crate) fn draw(&self, rng: &mut Generator) -> usize {
        if let [(only, _)] = self.0[..] {
            return only;
        }
        let mut left = rng.random::<f64>();
        for (months, share) in &self.0 {
            if left < *share {
                return *months;
            }
            left -= share;
        }
        self.0[self.0.len() - 1].0
    }

    /// The term of contracts in force that do not say their own.
    pub(crate) fn only(&self) -> usize {
        self.0[0].0
    }

    /// The mean of T/12.
    pub(crate) fn mean_years(&self) -> f64 {
        self.0.iter().map(|(months, share)| share * *months as f64 / 12.0).sum()
    }
}
