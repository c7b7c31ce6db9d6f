//! Where the bookings of a business that is already running come from: what is closed, the deals that are open, and those that are not yet
//! created; what a target still lacks; what is known beside the forecast.

use super::by_source::{ActualLine, Gap, SourceBands, SourceContribution, SourceStack};
use super::contributions::contributions;
use super::percentile::At;
use super::series::kinds;
use super::summaries::Summaries;
use super::summary_request::SummaryRequest;
use crate::model::{Figure, Model, Target};
use crate::scenario::{Metric, Source};
use crate::stats::{Estimate, to_digits};
use crate::units::{Frequency, Period, Periods};

/// The quarters and years whose bookings are taken apart, fiscal ones where the scenario has a fiscal year.
fn stacked(model: &Model) -> Vec<Period> {
    let taken_apart = model.running.is_some() && model.has(Metric::Bookings);
    let kinds = match (taken_apart, model.fiscal) {
        (false, _) => return Vec::new(),
        (true, false) => [Frequency::Quarter, Frequency::Year],
        (true, true) => [Frequency::FiscalQuarter, Frequency::FiscalYear],
    };
    kinds.into_iter().flat_map(|every| model.horizon.every(every)).collect()
}

/// The period and the sources of what a target of a running business lacks; `None` where its metric has no sources.
fn gap_of(model: &Model, target: &Target) -> Option<(Period, Vec<Metric>)> {
    let Periods::One(period) = &target.periods else { return None };
    let parts: Vec<Metric> = target.metric.parts().filter(|part| part.spec().source != Source::Closed).collect();
    (model.running.is_some() && !parts.is_empty()).then(|| (period.clone(), parts))
}

/// Asks for what [`source_stacks`] and [`gap`] need.
pub(super) fn ask_sources(model: &Model, request: &mut SummaryRequest) {
    for period in stacked(model) {
        for metric in Metric::Bookings.parts().chain([Metric::Bookings]) {
            request.sample(metric, model.total(), &period.months);
        }
    }
    for target in &model.targets {
        let Some((period, parts)) = gap_of(model, target) else { continue };
        parts.iter().for_each(|part| request.bands(*part, target.scope, &period.months));
    }
}

/// What the bookings of each quarter and year come from. Nothing of periods in which nothing is booked.
pub(super) fn source_stacks(summaries: &Summaries) -> Vec<SourceStack> {
    let model = summaries.model();
    let sample = |metric: Metric, period: &Period| summaries.sample(metric, model.total(), &period.months);
    let stack = |period: Period| {
        let metrics: Vec<Metric> = Metric::Bookings.parts().collect();
        let parts: Vec<&[f64]> = metrics.iter().map(|metric| sample(*metric, &period)).collect();
        let found = contributions(sample(Metric::Bookings, &period), &parts);
        let of = |(at, amounts): (At, Vec<Estimate>)| {
            let each = metrics.iter().zip(amounts);
            each.map(move |(metric, amount)| SourceContribution { at, metric: *metric, amount }).collect::<Vec<_>>()
        };
        SourceStack { every: period.every, period: period.label, sources: found.into_iter().flat_map(of).collect() }
    };
    stacked(model).into_iter().map(stack).filter(|stack| !stack.sources.is_empty()).collect()
}

/// What a target lacks on the as-of day; `None` where the business does not run yet, and of metrics that have no sources.
pub(super) fn gap(summaries: &Summaries, target: &Target) -> Option<Gap> {
    let model = summaries.model();
    let (period, parts) = gap_of(model, target)?;
    let closed = target.metric.parts().filter(|part| part.spec().source == Source::Closed);
    let known = |part: Metric| known_of(model, part.spec().part_of?, target.scope, &period);
    // Bookings and renewals of the months before the as-of day are always given; there may be no such months in the period.
    let closed: f64 = closed.filter_map(known).sum();
    let missing = (target.at_least - closed).max(0.0);
    let inputs = model.mean_inputs();
    let (mut open_deals, mut open_value) = (0, 0.0);
    for region in model.scopes[target.scope].regions.iter().map(|r| &model.regions[*r]) {
        for deal in &region.open_deals {
            open_deals += deal.count;
            open_value += deal.count as f64 * deal.amount.unwrap_or_else(|| region.mean_size_at(&inputs));
        }
    }
    let bands = |metric: Metric| summaries.bands(metric, target.scope, &period.months).bands();
    Some(Gap {
        closed: to_digits(closed, 12),
        missing: to_digits(missing, 12),
        open_deals,
        open_value: to_digits(open_value, 12),
        coverage: (missing > 0.0).then(|| to_digits(open_value / missing, 4)),
        sources: parts.into_iter().map(|metric| SourceBands { metric, bands: bands(metric) }).collect(),
    })
}

/// What has come of a flow in a period before the as-of day; `None` where the period begins later or something is not known.
fn known_of(model: &Model, metric: Metric, scope: usize, period: &Period) -> Option<f64> {
    let running = model.running.as_ref()?;
    let known = period.months.start..period.months.end.min(running.known_months);
    (!known.is_empty()).then(|| sum(model, metric, scope, known.map(|month| month as i64)))?
}

/// The sum of the actuals of some months over the regions of a scope; `None` where one of them is not known.
fn sum(model: &Model, metric: Metric, scope: usize, months: impl Iterator<Item = i64> + Clone) -> Option<f64> {
    let running = model.running.as_ref()?;
    let regions = &model.scopes[scope].regions;
    let one = |(region, month): (usize, i64)| match metric {
        Metric::TotalBookings => {
            Some(running.known(Metric::Bookings, region, month)? + running.known(Metric::Renewals, region, month)?)
        }
        _ => running.known(metric, region, month),
    };
    regions.iter().flat_map(|region| months.clone().map(|month| (*region, month))).map(one).sum()
}

/// What is known of each flow, scope and kind of period. Lines that hold nothing are left out.
pub(super) fn actual_lines(model: &Model) -> Vec<ActualLine> {
    let flows = || model.metrics().filter(|metric| metric.is_flow() && metric.spec().source == Source::All);
    let kinds = || kinds(model).into_iter().filter(|every| *every != Frequency::Cumulative);
    let line = |metric: Metric, scope: usize, every: Frequency| {
        let periods = model.horizon.every(every);
        let year_before = |period: &Period| {
            let months = period.months.clone().map(|month| month as i64 - 12);
            sum(model, metric, scope, months)
        };
        let digits = |amount: Option<f64>| amount.map(|amount| to_digits(amount, 12));
        ActualLine {
            metric,
            scope: model.scopes[scope].key.clone(),
            every,
            to_date: periods.iter().map(|period| digits(known_of(model, metric, scope, period))).collect(),
            last_year: periods.iter().map(|period| digits(year_before(period))).collect(),
        }
    };
    if model.running.is_none() {
        return Vec::new();
    }
    let scopes = |metric: Metric| Figure::scopes(model, metric).map(move |scope| (metric, scope));
    let lines = flows().flat_map(scopes).flat_map(|(metric, scope)| kinds().map(move |every| (metric, scope, every)));
    let holds = |line: &ActualLine| line.to_date.iter().chain(&line.last_year).any(Option::is_some);
    lines.map(|(metric, scope, every)| line(metric, scope, every)).filter(holds).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::engine::{Execution, Memory, Run};
    use crate::forecast::{Forecast, forecast};
    use crate::model::resolve;
    use crate::scenario::load;
    use crate::units::Frequency;

    /// As of May 10th: four months and a part are known, with three deals open and those of last year's first quarter given.
    pub(crate) fn running() -> Forecast {
        let mut actuals = Vec::new();
        for month in 1..=5 {
            for (metric, amount) in [("bookings", 100 * month), ("renewals", 7)] {
                actuals.push(serde_json::json!({"region": "a", "metric": metric, "month": format!("2027-0{month}"), "amount": amount}));
            }
        }
        for month in 1..=12 {
            actuals.push(serde_json::json!({"region": "a", "metric": "bookings", "month": format!("2026-{month:02}"), "amount": 50}));
        }
        let deal = |id: &str, amount: u32| serde_json::json!({"id": id, "region": "a", "created": "2027-04-20", "amount": amount});
        let text = serde_json::json!({
            "name": "A", "start": "2027-01", "months": 12, "simulation": {"trials": 400},
            "as_of": "2027-05-10", "actuals": actuals, "pipeline": [deal("x", 1000), deal("y", 2000), deal("z", 500)], "contracts": [],
            "regions": {"a": {"leads": {"monthly": 20}, "conversion": 0.25, "cycle": {"mean_days": 45}, "deal_size": {"mean": 300, "cv": 0.5}}},
            "targets": [
                {"name": "Q2", "metric": "bookings", "period": "2027-Q2", "at_least": 4000},
                {"name": "Made", "metric": "total_bookings", "period": "2027-Q1", "at_least": 600},
                {"name": "Customers", "metric": "customers", "period": "2027-12", "at_least": 5},
            ],
        })
        .to_string();
        let scenario =
            load("a".as_ref(), &[], &|_| Ok(text.clone().into())).unwrap_or_else(|faults| panic!("{faults}"));
        let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
        let run = Run::begin(model, &Execution::new(Some(1)), Memory::default()).expect("it runs");
        forecast(&scenario, &run, None).expect("it is summed up")
    }

    #[test]
    fn sources_add_up_to_the_percentiles_and_what_is_closed_stays_as_it_is() {
        let forecast = running();
        let labels: Vec<&str> = forecast.source_stacks.iter().map(|stack| stack.period.as_str()).collect();
        assert_eq!(labels, ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "2027"]);
        for stack in &forecast.source_stacks {
            let series = forecast.series(Metric::Bookings, "total", stack.every).expect("bookings have a series");
            let at = forecast
                .periods(stack.every)
                .and_then(|list| list.labels.iter().position(|label| *label == stack.period));
            let bands = series.bands.at(at.expect("it is one of the periods"));
            for (at, whole) in [(At::P10, bands.p10), (At::P50, bands.p50), (At::P90, bands.p90)] {
                let parts = stack.sources.iter().filter(|source| source.at == at);
                let sum: f64 = parts.map(|source| source.amount.known()).sum();
                // Each is rounded to the place of its error's third digit.
                assert!(
                    (sum - whole.known()).abs() <= 0.02 * whole.error.unwrap_or(0.0) + 1e-9,
                    "{sum} {whole:?} {}",
                    stack.period
                );
            }
        }
        let closed = |period: &str| {
            let stack = forecast.source_stacks.iter().find(|stack| stack.period == period).expect("it is taken apart");
            let closed = stack.sources.iter().filter(|source| source.metric == Metric::BookingsClosed);
            closed.map(|source| source.amount.known()).collect::<Vec<f64>>()
        };
        assert_eq!((closed("2027-Q1"), closed("2027-Q2")), (vec![600.0; 3], vec![900.0; 3]));
    }

    #[test]
    fn a_target_lacks_what_is_not_closed() {
        let forecast = running();
        let gap = |i: usize| forecast.targets[i].gap.as_ref();
        let q2 = gap(0).expect("bookings have sources");
        assert_eq!((q2.closed, q2.missing, q2.open_deals, q2.open_value), (900.0, 3100.0, 3, 3500.0));
        assert_eq!(q2.coverage, Some(1.129));
        let metrics: Vec<Metric> = q2.sources.iter().map(|source| source.metric).collect();
        assert_eq!(metrics, [Metric::BookingsFromOpen, Metric::BookingsFromNew, Metric::BookingsFromOneOffs]);
        let made = gap(1).expect("total bookings have sources");
        assert_eq!((made.closed, made.missing, made.coverage), (621.0, 0.0, None));
        assert!(gap(2).is_none());
    }

    #[test]
    fn actuals_stand_beside_their_months_and_a_year_later() {
        let forecast = running();
        let year = forecast.known(Metric::Bookings, "total", Frequency::Year).expect("bookings are known");
        assert_eq!((&year.to_date, &year.last_year), (&vec![Some(1500.0)], &vec![Some(600.0)]));
        let quarters = forecast.known(Metric::TotalBookings, "a", Frequency::Quarter).expect("so are total bookings");
        assert_eq!(quarters.to_date, [Some(621.0), Some(914.0), None, None]);
        assert!(forecast.known(Metric::Leads, "total", Frequency::Year).is_none());
        assert_eq!(forecast.months_known(), 4);
    }
}
