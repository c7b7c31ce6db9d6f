//! The figures that the script of the page shows on demand, as JSON.

use serde::Serialize;
use serde_json::{Number, Value, json};

use super::text::name;
use crate::forecast::{Bands, Forecast, Series, fan_frequency};
use crate::model::ScopeKind;
use crate::scenario::{Metric, MetricUnit};
use crate::stats::{Estimate, to_step};
use crate::units::format::{self, period_name};
use crate::units::{Frequency, Periods, power_of_ten_at_most};

/// A page is mailed: its figures take no more than this, in bytes,
const MAX_DATA: usize = 700_000;
/// nor more than what stands on it leaves of this.
const MAX_PAGE: usize = 1_200_000;
/// Kinds of period that are shown.
fn kinds(forecast: &Forecast) -> [Frequency; 3] {
    [Frequency::Month, forecast.horizon().quarters(), Frequency::Cumulative]
}

/// The figures of a forecast: the main figure's first, then those of the total, then those of regions and tags, as far as there is room
/// beside the `taken` bytes of the page.
pub(super) fn explorer_data(forecast: &Forecast, taken: usize) -> String {
    let (main, kinds) = (&forecast.main, kinds(forecast));
    let shown = |every| forecast.periods(every).is_some_and(|list| !list.labels.is_empty());
    let mut wanted: Vec<&Series> =
        forecast.series.iter().filter(|s| kinds.contains(&s.every) && shown(s.every)).collect();
    let rank = |series: &Series| {
        (
            series.scope != main.scope || series.metric != main.metric,
            series.metric != main.metric,
            series.scope != "total",
        )
    };
    wanted.sort_by_key(|series| rank(series));
    let all = wanted.len();
    let mut room = MAX_DATA.min(MAX_PAGE.saturating_sub(taken));
    let mut series: Vec<String> = Vec::new();
    for found in wanted {
        let text = packed(forecast, found).to_string();
        let Some(left) = room.checked_sub(text.len()) else { break };
        room = left;
        series.push(text);
    }
    let note = (series.len() < all).then_some("Only part of the figures is in this page; forecast.json has all.");
    let metrics: Vec<Value> = Metric::ALL
        .into_iter()
        .filter(|metric| forecast.series.iter().any(|s| s.metric == *metric))
        .map(metric)
        .collect();
    let scopes: Vec<Value> = forecast
        .scopes
        .iter()
        .filter(|scope| scope.kind != ScopeKind::Tags)
        .map(|scope| json!({"key": scope.key, "label": name(&scope.label), "kind": kind(scope.kind)}))
        .collect();
    let locale = forecast.currency.locale();
    let mut head = json!({
        "name": name(&forecast.name),
        "number": {
            "decimal": locale.decimal(), "group": locale.group(), "symbol": forecast.currency.symbol().trim_end(),
            "first": locale.symbol_first(),
            "gap": if forecast.currency.symbol().ends_with(' ') { "\u{A0}" } else { locale.gap() },
        },
        "every": kinds.into_iter().filter_map(|every| Some((every_key(every)?, PeriodNames::of(forecast, every)?))).collect::<Vec<_>>().into_iter()
            .map(|(key, names)| (key.to_owned(), serde_json::to_value(names).unwrap_or_default())).collect::<serde_json::Map<String, Value>>(),
        "metrics": metrics,
        "scopes": scopes,
        "targets": targets(forecast),
        "start": {
            "metric": main.metric.key(), "scope": main.scope,
            "every": every_key(fan_frequency(main.metric)),
        },
        "note": note,
    });
    if forecast.main_horizon().months < forecast.months {
        head["until"] = json!({"words": format!("all {} months", forecast.months), "counts": over(forecast, &kinds, forecast.main_horizon().months)});
    }
    if let Some(day) = forecast.as_of {
        head["as_of"] = json!({"words": format!("as of {}", format::day(day)), "past": over(forecast, &kinds, forecast.months_known())});
    }
    if !forecast.header.events.is_empty() {
        head["events"] = events(forecast, &kinds);
    }
    let text = head.to_string();
    // The series are long; they are put in as they are.
    format!("{},\"series\":[{}]}}", text.strip_suffix('}').unwrap_or(&text), series.join(","))
}

/// What changes and what is won by itself: its name and month, and how many periods of each kind begin before it.
fn events(forecast: &Forecast, kinds: &[Frequency]) -> Value {
    let inside = forecast.header.events.iter().filter_map(|event| {
        let month = usize::try_from(event.month.since(forecast.start)).ok().filter(|m| *m < forecast.months)?;
        Some(json!({"words": format!("{} ({})", event.name, event.month.name()), "at": over(forecast, kinds, month)}))
    });
    inside.collect()
}

/// How many periods of each kind are over when so many months are.
fn over(forecast: &Forecast, kinds: &[Frequency], months: usize) -> serde_json::Map<String, Value> {
    let over = |every: Frequency| match every {
        Frequency::Month | Frequency::Cumulative => months,
        _ => forecast.horizon().every(every).iter().filter(|period| period.months.end <= months).count(),
    };
    kinds.iter().filter_map(|every| Some((every_key(*every)?.to_owned(), over(*every).into()))).collect()
}

fn every_key(every: Frequency) -> Option<&'static str> {
    match every {
        Frequency::Month => Some("month"),
        Frequency::Quarter | Frequency::FiscalQuarter => Some("quarter"),
        Frequency::Cumulative => Some("cumulative"),
        _ => None,
    }
}

fn kind(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Total => "total",
        ScopeKind::Region => "region",
        ScopeKind::Tag | ScopeKind::Tags => "tag",
    }
}

fn metric(metric: Metric) -> Value {
    let unit = match metric.unit() {
        MetricUnit::Ratio => "percent",
        MetricUnit::Money => "money",
        MetricUnit::Count | MetricUnit::Months => "count",
    };
    json!({"key": metric.key(), "name": metric.name(), "unit": unit, "flow": metric.is_flow()})
}

/// A series as the script takes it.
pub(super) fn packed(forecast: &Forecast, series: &Series) -> Value {
    let exact = |values: &[Option<f64>]| -> Vec<Value> { values.iter().map(|x| short(Estimate::exact(*x))).collect() };
    let mut packed = json!({
        "metric": series.metric.key(), "scope": series.scope, "every": every_key(series.every), "plan": exact(&series.plan),
    });
    for (name, estimates) in Bands::<()>::COLUMNS.iter().zip(series.bands.columns()).skip(2) {
        packed[*name] = estimates.iter().map(short).collect();
    }
    if let Some(budget) = forecast.budgeted(series.metric, &series.scope, series.every) {
        packed["budget"] = exact(&budget.amount).into();
    }
    packed
}

/// A number with four digits, or fewer where its error is larger, or so many more that the three which are shown of it are those of the
/// number itself; whole where it can be.
fn short(Estimate { value, error }: Estimate) -> Value {
    let Some(value) = value.filter(|x| x.is_finite()) else { return Value::Null };
    if value == 0.0 {
        return 0.into();
    }
    let least = error.filter(|e| *e > 0.0).map_or(0.0, power_of_ten_at_most);
    let place = |x: f64, digits: i32| power_of_ten_at_most(x.abs()) / libm::pow(10.0, f64::from(digits - 1));
    let to = |x: f64, digits: i32| if x == 0.0 { x } else { to_step(x, place(x, digits).max(least)) };
    let shown = to(value, 3);
    let rounded = (4..=12).map(|digits| to(value, digits)).find(|x| to(*x, 3) == shown).unwrap_or(value);
    if rounded.fract() == 0.0 && rounded.abs() < 9e15 {
        return (rounded as i64).into();
    }
    Number::from_f64(rounded).map_or(Value::Null, Value::Number)
}

/// PeriodNames of the periods of one kind: whole, and as much as an axis has room for.
#[derive(Debug, Serialize)]
struct PeriodNames {
    names: Vec<String>,
    ticks: Vec<String>,
    /// The year at the first period of each, else empty.
    years: Vec<String>,
}

impl PeriodNames {
    /// `None` where there are no such periods.
    fn of(forecast: &Forecast, every: Frequency) -> Option<PeriodNames> {
        let list = forecast.periods(every).filter(|list| !list.labels.is_empty())?;
        let ends = list.labels.iter().enumerate();
        let month = |at: usize| if every == Frequency::Cumulative { forecast.start.plus(at) } else { list.starts[at] };
        let year = |at: usize| month(at).year();
        Some(PeriodNames {
            names: list.labels.iter().map(|label| period_name(label)).collect(),
            ticks: list
                .labels
                .iter()
                .enumerate()
                .map(|(at, label)| match label.split_once("-Q") {
                    Some((_, quarter)) => format!("Q{quarter}"),
                    None => month(at).short().to_owned(),
                })
                .collect(),
            years: ends
                .map(|(at, _)| if at == 0 || year(at) != year(at - 1) { year(at).to_string() } else { String::new() })
                .collect(),
        })
    }
}

/// A target in a view of the fan.
#[derive(Debug, Serialize)]
struct Mark {
    name: String,
    metric: &'static str,
    scope: String,
    every: &'static str,
    at: Option<usize>,
    level: f64,
}

fn targets(forecast: &Forecast) -> Vec<Mark> {
    let horizon = forecast.horizon();
    let mut marks = Vec::new();
    for target in &forecast.targets {
        let mut add = |every, at| {
            marks.push(Mark {
                name: name(&target.name),
                metric: target.metric.key(),
                scope: target.scope.clone(),
                every,
                at,
                level: target.at_least,
            });
        };
        match target.period.as_str() {
            "each-month" => add("month", None),
            "each-quarter" => add("quarter", None),
            label => {
                let Ok(Periods::One(period)) = horizon.parse(label) else { continue };
                let last = period.months.end - 1;
                match (target.metric.is_flow(), period.every) {
                    (false, _) | (true, Frequency::Month) => add("month", Some(last)),
                    (true, every) if every == horizon.quarters() => {
                        let at = forecast.periods(every).and_then(|list| list.labels.iter().position(|l| l == label));
                        at.into_iter().for_each(|at| add("quarter", Some(at)));
                    }
                    _ => {}
                }
                if target.metric.is_flow() && period.months.start == 0 {
                    add("cumulative", Some(last));
                }
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_are_rounded_once() {
        let short = |x: f64, error: Option<f64>| super::short(Estimate { value: Some(x), error }).to_string();
        assert_eq!(short(17_562_345.0, None), "17560000");
        assert_eq!(short(0.123_44, None), "0.1234");
        // 157,476 reads 157; its four digits would read 158.
        assert_eq!(short(157_476.0, None), "157480");
        assert_eq!(short(17_562_345.0, Some(300_000.0)), "17600000");
        assert_eq!(super::short(Estimate::UNKNOWN), Value::Null);
    }
}
