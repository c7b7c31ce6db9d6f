//! Histories made by a known law, deal by deal. The bench of calibration makes them, too.
#![allow(unreachable_pub)] // a module of a test binary has no outside

use revcast::stats::special::normal_quantile;

/// How many days a history has: fifteen months from January 2026 on.
const DAYS: f64 = 455.0;

/// A draw of the standard normal law, from uniform numbers.
pub fn normal(uniform: &mut dyn FnMut() -> f64) -> f64 {
    normal_quantile(uniform().clamp(1e-12, 1.0 - 1e-12))
}

/// A draw of the lognormal law with this mean and spread.
fn lognormal(mean: f64, cv: f64, uniform: &mut dyn FnMut() -> f64) -> f64 {
    let variance = libm::log1p(cv * cv);
    mean * libm::exp(variance.sqrt() * normal(uniform) - 0.5 * variance)
}

/// Fifteen months as an export after them has them: two regions, each with a level of its own around so many leads a month; of those that are ever
/// decided, all but 15 in 100, about 29 % are won, after 40 days on average, the others lost after 65.
pub fn history(leads: f64, uniform: &mut dyn FnMut() -> f64) -> String {
    let first = jiff::civil::date(2026, 1, 1);
    let at = |day: f64| first.saturating_add(jiff::Span::new().days(day as i64)).to_string();
    let mut rows = "id,region,created,closed,stage,amount\n".to_owned();
    let mut id = 0;
    for region in ["east", "west"] {
        let rate = leads / 30.4 * libm::exp(0.3 * normal(uniform));
        let odds = 0.29 / 0.71 * libm::exp(0.2 * normal(uniform));
        let mut day = 0.0;
        loop {
            day -= libm::log(uniform().max(1e-12)) / rate;
            if day >= DAYS {
                break;
            }
            id += 1;
            let (ever, won) = (uniform() > 0.15, uniform() < odds / (1.0 + odds));
            let days = lognormal(if won { 40.0 } else { 65.0 }, 0.6, uniform);
            let amount = lognormal(10_000.0, 0.8, uniform).round();
            let closed = day.floor() + days.floor();
            let (closed, stage) = match ever && closed < DAYS {
                true => (at(closed), if won { "won" } else { "lost" }),
                false => (String::new(), ""),
            };
            rows += &format!("{id},{region},{},{closed},{stage},{amount}\n", at(day));
        }
    }
    rows
}
