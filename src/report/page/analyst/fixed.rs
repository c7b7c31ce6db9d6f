//! What is fixed, and what is taken as independent.

use maud::{Markup, html};

use crate::forecast::Forecast;
use crate::report::page::text::{name, text};
use crate::scenario::{FieldId, NUMBERS, NumberSpec, Region, Scenario, Unit};
use crate::units::format::count;

/// More rows than this tell nothing more; `forecast.json` has all.
const MOST: usize = 60;

pub(super) fn section(forecast: &Forecast) -> Markup {
    let Ok(scenario) = forecast.manifest.scenario() else {
        return html! {
            h3 { "What is fixed" }
            p { "The scenario that was played cannot be read by this version of revcast: see " code { "manifest.scenario" } " in " code { "forecast.json" } "." }
        };
    };
    html! {
        h3 { "What is fixed" }
        p { "A fixed number cannot matter above, however wrong it is. Shapes, ramps and seasons are fixed too: " code { "manifest.scenario" } " in " code { "forecast.json" } " has them all." }
        (table(forecast, &scenario))
        h3 { "What is taken as independent" }
        (independent(forecast, &scenario))
    }
}

/// A fixed field with its value and where that comes from.
struct Row {
    label: String,
    value: String,
    words: String,
}

fn table(forecast: &Forecast, scenario: &Scenario) -> Markup {
    let rows = rows(forecast, scenario);
    html! {
        div.scroll tabindex="0" role="region" aria-label="Fixed inputs" {
            table {
                thead { tr { th scope="col" { "Input" } th.number scope="col" { "value" } th scope="col" { "source and note" } } }
                tbody {
                    @for row in rows.iter().take(MOST) {
                        tr { th scope="row" { (name(&row.label)) } td.number { (text(&row.value)) } td.words { (text(&row.words)) } }
                    }
                }
            }
        }
        @if rows.len() > MOST { p.quiet { (rows.len() - MOST) " more are in forecast.json." } }
    }
}

fn rows(forecast: &Forecast, scenario: &Scenario) -> Vec<Row> {
    let currency = &forecast.currency;
    let number = |x: f64| currency.locale().write(&x.to_string());
    let mut rows = vec![
        Row {
            label: scenario.label("contract.term_months"),
            value: scenario.contract.term_months.to_string(),
            words: words(scenario.contract.source.as_deref(), scenario.contract.note.as_deref()),
        },
        Row {
            label: scenario.label("market.volatility"),
            value: number(scenario.market.volatility),
            words: words(scenario.market.source.as_deref(), scenario.market.note.as_deref()),
        },
        Row {
            label: scenario.label("market.persistence"),
            value: number(scenario.market.persistence),
            words: String::new(),
        },
    ];
    rows.extend(scenario.investment.iter().map(|item| Row {
        label: format!("investment: {}", item.name),
        value: format!("{} over {}", currency.exact(item.amount), count(item.months, "month")),
        words: words(item.source.as_deref(), item.note.as_deref()),
    }));
    rows.extend(scenario.quantities().into_iter().filter_map(|(path, quantity)| {
        let value = quantity.law().as_fixed()?;
        Some(Row {
            label: scenario.label(&path),
            value: Unit::of(&path).said(currency, value),
            words: words(quantity.source(), quantity.note().or(phase_note(scenario, &path))),
        })
    }));
    rows.extend(scenario.regions.iter().flat_map(|(key, region)| of_region(forecast, scenario, key, region)));
    rows
}

/// What is noted of a phase of growth, whose rate has no note of its own.
fn phase_note<'a>(scenario: &'a Scenario, path: &str) -> Option<&'a str> {
    let (key, FieldId::PhaseGrowth(phase)) = scenario.field(path)? else { return None };
    scenario.regions.get(key)?.leads.growth.phases().get(phase)?.note.as_deref()
}

/// Spreads from lead to lead and deal to deal, and how the market moves the region.
fn of_region(forecast: &Forecast, scenario: &Scenario, key: &str, region: &Region) -> Vec<Row> {
    let shown = NUMBERS.iter().filter(|spec| !spec.of_market || scenario.market.volatility > 0.0);
    let row = |spec: &NumberSpec| {
        let value = (spec.get)(region)?;
        Some(Row {
            label: scenario.label(&format!("regions.{key}.{}", spec.path)),
            value: forecast.currency.locale().write(&value.to_string()),
            words: (spec.note)(region).unwrap_or_default().to_owned(),
        })
    };
    shown.filter_map(row).collect()
}

fn words(source: Option<&str>, note: Option<&str>) -> String {
    let source = source.map(|source| format!("Stated: {source}."));
    source.into_iter().chain(note.map(str::to_owned)).collect::<Vec<String>>().join(" ")
}

fn independent(forecast: &Forecast, scenario: &Scenario) -> Markup {
    let inputs = forecast.inputs.len();
    let pairs = inputs * inputs.saturating_sub(1) / 2;
    let mut correlated = Vec::new();
    for correlation in &scenario.correlations {
        correlated.extend(scenario.correlated(correlation));
    }
    correlated.sort_unstable();
    correlated.dedup();
    let locale = forecast.currency.locale();
    html! {
        @if pairs == 0 {
            p { "There are no two inputs with a range." }
        } @else if correlated.is_empty() {
            p {
                @if pairs == 1 { "The two inputs with a range." } @else { "All " (pairs) " pairs of inputs with a range." }
                " If some go together in truth, the range above is too narrow."
            }
        } @else {
            p {
                "Of the " (pairs) " pairs of inputs with a range, " (correlated.len()) " are correlated as listed; the other "
                (pairs.saturating_sub(correlated.len())) " are taken as independent. If some of those go together in truth, the range above is too narrow."
            }
            ul {
                @for correlation in scenario.correlations.iter().take(MOST) {
                    li {
                        code { (name(&correlation.between[0])) } " and " code { (name(&correlation.between[1])) } ": "
                        (locale.write(&correlation.rho.to_string().replace('-', "−")))
                        @if let Some(note) = &correlation.note { span.quiet { " (" (text(note)) ")" } }
                    }
                }
            }
        }
        p { "Deals, leads and renewals are independent of each other but for the inputs and the market that they share." }
    }
}
