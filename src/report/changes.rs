//! What `revcast check` says of dated changes, one-off deals and currencies.

use crate::engine::held_shares;
use crate::forecast::plan_line;
use crate::model::{Change, Figure, Model, OneOff, ParameterValue, whole_months};
use crate::outcomes::Grid;
use crate::scenario::{Scenario, Unit, field_name};
use crate::units::format::{chances, count, list, percent};
use crate::units::plain;

/// So many futures tell how often shares are held at 1.
const LOOKED_AT: usize = 1_000;

/// A heading and a text for each change, each one-off deal and each currency; then what is held.
pub(super) fn changes(scenario: &Scenario, model: &Model) -> Vec<(String, String)> {
    let means = model.mean_inputs();
    let figure = Figure::main(model);
    let value = |model: &Model| {
        let line = plan_line(model);
        let grid = Grid::new(model, &line, figure.metric, &model.scopes[figure.scope].regions);
        grid.period(figure.period.months.clone())[0]
    };
    let said = |x: f64| figure.metric.said(&scenario.currency, x, None);
    let with = value(model);
    let moves = |without: Model, chance: f64| {
        let without = value(&without);
        let figure = format!("{} in {}", figure.metric.name(), figure.period.label);
        match (with.is_finite() && without.is_finite(), with == without) {
            (false, _) => String::new(),
            (_, true) => format!("; the plan line has the same {figure} without it"),
            _ => {
                let at = if chance < 1.0 { " at its chance" } else { "" };
                format!("; the plan line has {} of {figure} with it{at}, {} without it", said(with), said(without))
            }
        }
    };
    let mut told = Vec::new();
    for (i, (written, change)) in scenario.changes.iter().zip(&model.changes).enumerate() {
        let factors = written.multiply.iter().map(|(path, by)| {
            let law = by.law();
            let by = law.as_fixed().map_or_else(
                || {
                    format!(
                        "{} to {}",
                        Unit::Number.said(&scenario.currency, law.quantile(0.1)),
                        Unit::Number.said(&scenario.currency, law.quantile(0.9))
                    )
                },
                |x| Unit::Number.exact(&scenario.currency, x),
            );
            format!("{} × {by}", what(scenario, path))
        });
        let until = written.until.map_or_else(|| " on".to_owned(), |until| format!(" until {}", until.name()));
        let when = format!("from {}{until}{}", written.from.name(), late(change.delay, model));
        let mut without = model.clone();
        without.changes[i] = Change { happens: ParameterValue::Fixed(0.0), ..change.clone() };
        let factors: Vec<String> = factors.collect();
        let chance = change.happens.at(&means);
        let text = format!("{}{when}: {}{}", odds(chance), list(&factors), moves(without, chance));
        told.push((plain(&written.name), text));
    }
    for written in &scenario.one_offs {
        let Some(r) = scenario.regions.get_index_of(&written.region) else { continue };
        let Some(at) = model.regions[r].one_offs.iter().position(|deal| deal.name == written.name) else { continue };
        let deal = &model.regions[r].one_offs[at];
        let currency = scenario.regions[r].currency.as_deref().and_then(crate::units::Currency::new);
        let currency = currency.unwrap_or_else(|| scenario.currency.clone());
        let amount = Unit::Money.said(&currency, deal.amount.at(&means));
        let mut without = model.clone();
        without.regions[r].one_offs[at] = OneOff { happens: ParameterValue::Fixed(0.0), ..deal.clone() };
        let ends = if written.renews { "" } else { ", once" };
        let chance = deal.happens.at(&means);
        let text = format!(
            "{}{amount} in {}, won in {}{}{ends}{}",
            odds(chance),
            plain(scenario.region_label(&written.region)),
            written.month.name(),
            late(deal.delay, model),
            moves(without, chance)
        );
        told.push((plain(&written.name), text));
    }
    for (code, rate) in &scenario.rates {
        let regions: Vec<&str> = scenario
            .regions
            .iter()
            .filter(|(_, region)| region.currency.as_deref() == Some(code))
            .map(|(key, _)| scenario.region_label(key))
            .collect();
        let law = rate.rate.law();
        let number = |x| Unit::Number.said(&scenario.currency, x);
        let at = law.as_fixed().map_or_else(
            || format!("{} to {}", number(law.quantile(0.1)), number(law.quantile(0.9))),
            |x| Unit::Number.exact(&scenario.currency, x),
        );
        let first = model.horizon.month(model.as_of.month).name();
        let walk = if rate.volatility > 0.0 {
            format!(", with a standard deviation of {} a year", percent(rate.volatility))
        } else {
            String::new()
        };
        told.push((
            code.clone(),
            format!("{at} {} in {first}{walk}; the currency of {}", scenario.currency.code(), list(&regions)),
        ));
    }
    for held in held_shares(model, LOOKED_AT) {
        let share = scenario.label(&scenario.path(&held.region, held.field));
        told.push((
            plain(&share),
            format!("changes bring it above 100 %, where it is held, in {} of futures", percent(held.part)),
        ));
    }
    told
}

/// "Europe: win rate", "the deal size of all regions", "the exchange rate of BRL".
fn what(scenario: &Scenario, path: &str) -> String {
    match path.strip_prefix("regions.*.") {
        Some(field) => format!("{} in all regions", field_name(field)),
        None => scenario.label(path),
    }
}

/// "30 chances in 100, " of what may happen; nothing of what does.
fn odds(chance: f64) -> String {
    if chance >= 1.0 { String::new() } else { format!("{}, ", chances(chance, None)) }
}

/// ", up to 2 months late"; nothing of what is on time.
fn late(delay: ParameterValue, model: &Model) -> String {
    match delay {
        ParameterValue::Fixed(0.0) => String::new(),
        ParameterValue::Fixed(_) => format!(", {} late", months(whole_months(delay.at(&[])))),
        _ => {
            let ParameterValue::Input(i) = delay else { return String::new() };
            let law = &model.input(i).law;
            let [low, high] = [0.05, 0.95].map(|p| whole_months(law.quantile(p)));
            if low == high { format!(", {} late", months(low)) } else { format!(", {low} to {} late", months(high)) }
        }
    }
}

fn months(n: usize) -> String {
    count(n, "month")
}
