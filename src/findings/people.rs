//! What people do to a forecast: whether they bound it, how long leads wait for them, and what they reach.

use super::sentences::scope_label;
use super::table::{Cell, Table};
use crate::forecast::{Forecast, find};
use crate::model::ScopeKind;
use crate::scenario::Metric;
use crate::units::format::{list, percent, period_name, thousands};
use crate::units::{DAYS_PER_MONTH, Frequency};

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

/// "People, not leads, bound 2027: of 17,200 leads 9,100 are started. Executives are busy to 97 %, …"; nothing where people have room.
pub fn people_bound(forecast: &Forecast) -> Option<String> {
    let (scope, period) = (&forecast.main.scope, &forecast.main.period);
    let flow = flow(forecast, scope)?;
    let busy = |metric: Metric| {
        let used = find(forecast, metric, scope, period)?.p50().value.filter(|used| *used > HIGH)?;
        let who = if metric == Metric::AeUtilisation { "executives" } else { "sales development" };
        Some(format!("{who} to {}", percent(used)))
    };
    let busy: Vec<String> = [Metric::AeUtilisation, Metric::SdrUtilisation].into_iter().filter_map(busy).collect();
    let bound = flow.started < MOST_STARTED * flow.leads;
    if !bound && busy.is_empty() {
        return None;
    }
    let when = period_name(period);
    let mut said = match bound {
        true => format!(
            "People, not leads, bound {when}: of {} leads on average {} are started",
            thousands(flow.leads.round()),
            thousands(flow.started.round())
        ),
        false => format!("People are near their limit in {when}"),
    };
    if !busy.is_empty() {
        said += &format!("; busy are {} (above {} queues grow)", list(&busy), percent(HIGH));
    }
    if flow.days >= 0.5 {
        said += &format!("; a lead waits {} days", thousands(flow.days.round()));
    }
    Some(said + ".")
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
    table.column("executives_busy", "busy", median(Metric::AeUtilisation));
    table.column("development", "sales development", median(Metric::SdrHeadcount));
    table.column("development_busy", "busy", median(Metric::SdrUtilisation));
    table.column("started_share", "leads started", of_flow(|flow| flow.started / flow.leads, percent));
    table.column("waiting_days", "days waiting", of_flow(|flow| flow.days, |days| thousands(days.round())));
    table.column("quota_attainment", "of quota", median(Metric::QuotaAttainment));
    table.column("reps_at_quota", "at quota", median(Metric::RepsAtQuota));
    table
}
