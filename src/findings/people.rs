//! What people do to a forecast: whether they bound it, how long leads wait for them, and what they reach.

use super::sentences::scope_label;
use super::table::{Cell, Table};
use crate::forecast::{ExecutiveClass, Forecast, find};
use crate::model::ScopeKind;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::format::{count, list, percent, when};
use crate::units::{DAYS_PER_MONTH, Frequency, thousands};

/// Above this utilisation small gusts of leads make long queues.
const HIGH: f64 = 0.85;
/// Where fewer of the leads that come are started, people bound the forecast.
const MOST_STARTED: f64 = 0.95;

/// What becomes of leads in the months of the main figure's period of which that is known, on average over all futures.
struct Flow {
    leads: f64,
    started: f64,
    /// For how long a lead that is started or expires has waited, by Little's law: those that wait over those that leave in a day.
    days: f64,
}

/// The flow of a scope; `None` where nobody's capacity is told, or no lead comes.
fn flow(forecast: &Forecast, scope: &str) -> Option<Flow> {
    let months = forecast.main_months();
    let mean =
        |metric: Metric, month: usize| forecast.series(metric, scope, Frequency::Month)?.bands.mean.at(month).value;
    let (mut found, mut waiting, mut left, mut count) = (Flow { leads: 0.0, started: 0.0, days: 0.0 }, 0.0, 0.0, 0.0);
    for month in months {
        let Some(started) = mean(Metric::StartedLeads, month) else { continue };
        found.leads += mean(Metric::Leads, month)?;
        found.started += started;
        left += started + mean(Metric::ExpiredLeads, month)?;
        waiting += mean(Metric::WaitingLeads, month)?;
        count += 1.0;
    }
    (found.leads > 0.0 && count > 0.0).then(|| {
        found.days = if left > 0.0 { waiting / left * DAYS_PER_MONTH } else { f64::NAN };
        found
    })
}

impl Flow {
    fn is_bound(&self) -> bool {
        self.started < MOST_STARTED * self.leads
    }
}

/// Whether people, not leads, are the limit of the main figure.
pub fn people_are_the_limit(forecast: &Forecast) -> bool {
    flow(forecast, &forecast.main.scope).is_some_and(|flow| flow.is_bound())
}

/// "People, not leads, are the limit in 2027: of 10,500 leads on average 3,780 are started; utilisation of executives 91 % (above 85 % queues grow); a
/// lead waits 18 days."; nothing where people have room.
pub fn people_bound(forecast: &Forecast) -> Option<String> {
    let (scope, period) = (&forecast.main.scope, &forecast.main.period);
    let flow = flow(forecast, scope)?;
    let busy = |(metric, who): (Metric, &str)| {
        let used = find(forecast, metric, scope, period)?.p50().value.filter(|used| *used > HIGH)?;
        Some(format!("of {who} {}", percent(used)))
    };
    let roles = [(Metric::AeUtilisation, "executives"), (Metric::SdrUtilisation, "sales development")];
    let busy: Vec<String> = roles.into_iter().filter_map(busy).collect();
    let is_bound = flow.is_bound();
    if !is_bound && busy.is_empty() {
        return None;
    }
    let when = when(&forecast.horizon(), period, true);
    let mut said = Vec::new();
    if is_bound {
        let [leads, started] = [(Metric::Leads, flow.leads), (Metric::StartedLeads, flow.started)]
            .map(|(of, x)| forecast.said(of, x, None));
        said.push(format!("of {leads} leads on average {started} are started"));
    }
    if !busy.is_empty() {
        said.push(format!("utilisation {} (above {} queues grow)", list(&busy), percent(HIGH)));
    }
    if flow.days >= 0.5 {
        said.push(format!("a lead waits {}", count(flow.days.round() as usize, "day")));
    }
    let head = if is_bound { "People, not leads, are the limit" } else { "People are near their limit" };
    Some(format!("{head} {when}: {}.", said.join("; ")))
}

/// Whether the scenario tells people.
pub fn has_people(forecast: &Forecast) -> bool {
    forecast.series.iter().any(|series| series.metric == Metric::AeHeadcount)
}

/// A row a region and one for all: who is there, how busy they are, how long leads wait, what is reached, in the main figure's period.
pub fn people_table(forecast: &Forecast) -> Table {
    let period = &forecast.main.period;
    let scopes: Vec<&str> = forecast
        .scopes
        .iter()
        .filter(|scope| matches!(scope.kind, ScopeKind::Region | ScopeKind::Total))
        .map(|scope| scope.key.as_str())
        .collect();
    let scopes = if scopes.len() == 2 { &scopes[1..] } else { &scopes[..] };
    let mut table = Table::default();
    let median = |metric: Metric| {
        let found = move |scope: &&str| find(forecast, metric, scope, period).map(|place| place.p50());
        scopes.iter().map(move |scope| {
            let found = found(scope);
            let said = |x: f64| forecast.said(metric, x, found.and_then(|found| found.error));
            Cell::number(found.and_then(|found| found.value), said)
        })
    };
    let of_flow = |of: fn(&Flow) -> f64, said: fn(f64) -> String| {
        scopes.iter().map(move |scope| {
            let found = flow(forecast, scope).map(|flow| of(&flow)).filter(|x| x.is_finite());
            Cell::number(found, said)
        })
    };
    table.column("scope", "Region", scopes.iter().map(|scope| Cell::text(scope_label(forecast, scope))));
    table.column("executives", "executives", median(Metric::AeHeadcount));
    table.column("executives_utilisation", "their utilisation", median(Metric::AeUtilisation));
    table.column("development", "sales development", median(Metric::SdrHeadcount));
    table.column("development_utilisation", "their utilisation", median(Metric::SdrUtilisation));
    table.column("started_share", "leads started", of_flow(|flow| flow.started / flow.leads, percent));
    table.column("waiting_days", "days waiting", of_flow(|flow| flow.days, |days| thousands(days.round())));
    table.column("quota_attainment", "quota attainment", median(Metric::QuotaAttainment));
    table.column("reps_at_quota", "executives at quota", median(Metric::RepsAtQuota));
    table
}

/// What executives of each class book of their quota in the main figure's scope and period.
pub fn classes_table(forecast: &Forecast) -> Table {
    let classes = &forecast.executive_classes;
    let mut table = Table::default();
    let named = |class: &ExecutiveClass| Cell::number(Some(class.quota_share), percent);
    table.column("class", "class, by its share of quota", classes.iter().map(named));
    let attained = classes.iter().map(|class| [class.attainment.p10, class.attainment.p50, class.attainment.p90]);
    let said = |x: Estimate| x.value.map_or_else(String::new, |of| forecast.said(Metric::QuotaAttainment, of, x.error));
    table.estimates([("p10", Some("P10")), ("p50", Some("P50")), ("p90", Some("P90"))], attained, said);
    let there = classes.iter().map(|class| Cell::number(class.present.value, |_| class.present.chance()));
    table.column("present", "futures with some of it", there);
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Execution, Memory, Run};
    use crate::model::resolve;
    use crate::scenario::load;

    /// What is said of a region with so many leads a month and this team, over two months of which the first target is.
    fn said(leads: f64, executives: &str, period: &str) -> Option<String> {
        let text = format!(
            r#"{{"name": "People", "start": "2027-01", "months": 2, "simulation": {{"trials": 500}}, "regions": {{"a": {{
                "leads": {{"monthly": {leads}}}, "conversion": 0.5, "cycle": {{"mean_days": 5}}, "deal_size": {{"mean": 1000}},
                "team": {{"account_executives": {executives}}}}}}},
                "targets": [{{"name": "T", "metric": "bookings", "period": "{period}", "at_least": 1}}]}}"#
        );
        let scenario = load("people.json".as_ref(), &[], &|_| Ok(text.clone().into())).unwrap();
        let run = Run::begin(resolve(&scenario).unwrap(), &Execution::new(None), Memory::default()).unwrap();
        people_bound(&crate::forecast::forecast(&scenario, &run, None).unwrap())
    }

    #[test]
    fn people_who_bound_the_forecast_are_told() {
        let bound = said(100.0, r#"{"headcount": 2, "opportunities_per_month": 20}"#, "2027-01").unwrap();
        assert!(bound.starts_with("People, not leads, are the limit in January 2027: of 1"), "{bound}");
        assert!(bound.contains(
            " leads on average 40 are started; utilisation of executives 100\u{A0}% (above 85\u{A0}% queues"
        ));
        assert!(bound.contains("; a lead waits ") && bound.ends_with(" days."), "{bound}");
        let both = said(100.0, r#"{"headcount": 2, "opportunities_per_month": 20}"#, "total").unwrap();
        assert!(both.starts_with("People, not leads, are the limit from January to February 2027: "), "{both}");
    }

    #[test]
    fn people_near_their_limit_are_told_and_those_with_room_are_not() {
        let near = said(100.0, r#"{"headcount": 1, "opportunities_per_month": 110}"#, "total").unwrap();
        assert!(
            near.starts_with("People are near their limit from January to February 2027: utilisation of "),
            "{near}"
        );
        assert_eq!(said(100.0, r#"{"headcount": 1, "opportunities_per_month": 300}"#, "total"), None);
        assert_eq!(said(100.0, r#"{"headcount": 1}"#, "total"), None);
    }

    #[test]
    fn where_nobody_is_there_all_leads_wait() {
        let nobody = said(10.0, r#"{"headcount": 0, "opportunities_per_month": 20}"#, "2027-01").unwrap();
        assert!(nobody.contains(" leads on average 0 are started."), "{nobody}");
    }
}
