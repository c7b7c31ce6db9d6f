//! What is asked of a business that is already running: what is missing for a target, and where the year stands.

use super::pipeline::weighted;
use super::sentences::place;
use crate::analysis::Answer;
use crate::forecast::{ActualLine, Forecast, Gap, SourceBands, TargetOutcome};
use crate::scenario::{Metric, Source};
use crate::units::format::{capitalize, join_some, period_name, plain};
use crate::units::{Frequency, format::count};

/// The target whose gap heads the answer: the first that something is missing for, else the first of bookings.
fn target_with_gap(forecast: &Forecast) -> Option<&TargetOutcome> {
    let targets = || forecast.targets.iter();
    let open = targets().find(|target| target.gap.as_ref().is_some_and(|gap| gap.missing > 0.0));
    open.or_else(|| targets().find(|target| target.gap.is_some()))
}

/// What is missing for the target whose gap heads the answer, and what may bring it.
pub fn first_gap(forecast: &Forecast) -> Option<String> {
    gap(forecast, target_with_gap(forecast)?)
}

/// What is closed, open and missing, in one line: "€4.10M is closed and €1.90M is missing for “Q2”; 31 open deals stand at €4.56M, 2.4 times that." Without
/// such a target, what is closed and open: "Bookings so far: €4.10M; 31 open deals stand at €4.56M; amount times chance adds up to €1.20M."
pub fn standing(answer: &Answer) -> Option<String> {
    let forecast = &answer.forecast;
    let Some(target) = target_with_gap(forecast) else { return open_deals(answer) };
    let gap = target.gap.as_ref()?;
    let open = match (gap.open_deals, coverage(forecast, gap)) {
        (0, _) => "no deal is open".to_owned(),
        (n, times) => {
            let times =
                times.filter(|_| gap.missing > 0.0).map_or_else(String::new, |times| format!(", {times} times that"));
            format!("{}{times}", stand_at(forecast, n, gap.open_value))
        }
    };
    Some(format!("{}; {open}.", closed_and_missing(forecast, target, gap)))
}

/// "31 open deals stand at €4.56M"
fn stand_at(forecast: &Forecast, deals: usize, value: f64) -> String {
    let stand = if deals == 1 { "stands" } else { "stand" };
    format!("{} {stand} at {}", count(deals, "open deal"), forecast.currency.about(value, None))
}

/// What is closed and open where no target says what is missing; nothing where no deal is open.
fn open_deals(answer: &Answer) -> Option<String> {
    let forecast = &answer.forecast;
    let pipeline = answer.pipeline.as_ref().filter(|pipeline| pipeline.all.deals > 0)?;
    let said = [
        to_date(forecast).map(|to_date| to_date.said),
        Some(stand_at(forecast, pipeline.all.deals, pipeline.all.value)),
        Some(weighted(pipeline, &forecast.currency)),
    ];
    Some(format!("{}.", said.into_iter().flatten().collect::<Vec<_>>().join("; ")))
}

/// "€4.10M is closed and €1.90M is missing for “Q2”"
fn closed_and_missing(forecast: &Forecast, target: &TargetOutcome, gap: &Gap) -> String {
    let said = |amount: f64| forecast.said(target.metric, amount, None);
    let name = plain(&target.name);
    match (gap.closed, gap.missing) {
        (closed, missing) if closed < 0.0 && missing > 0.0 => format!(
            "What is closed comes to {}, as more was taken back than booked, and {} is missing for “{name}”",
            said(closed),
            said(missing)
        ),
        (closed, 0.0) => format!("{} is closed: that makes “{name}”", said(closed)),
        (0.0, missing) => format!("Nothing is closed and {} is missing for “{name}”", said(missing)),
        (closed, missing) => format!("{} is closed and {} is missing for “{name}”", said(closed), said(missing)),
    }
}

/// How many times what is missing the open deals stand at.
fn coverage(forecast: &Forecast, gap: &Gap) -> Option<String> {
    gap.coverage.map(|times| forecast.currency.locale().write(&crate::units::few_digits(times)))
}

/// "€4.10M is closed and €1.90M is missing for “Q2”: 31 open deals (€4.56M, 2.4 times what is missing) bring €0.9M to €2.2M of it in at least 8
/// futures of 10, deals not yet created €0.1M to €0.6M; 62 in 100."
fn gap(forecast: &Forecast, target: &TargetOutcome) -> Option<String> {
    let gap = target.gap.as_ref()?;
    let missing = closed_and_missing(forecast, target, gap);
    if gap.missing == 0.0 {
        return Some(format!("{missing}."));
    }
    let brings: Vec<String> =
        gap.sources.iter().filter_map(|source| brought(forecast, target.metric, gap, source)).collect();
    // What holds for each is said of the first.
    let of = |(i, text): (usize, &String)| match i {
        0 => format!(": {text}"),
        _ => format!(", {}", text.replace(" bring ", " ").replace(EIGHT, "")),
    };
    let brings: String = brings.iter().enumerate().map(of).collect();
    Some(format!("{missing}{brings}; {} to make it.", target.probability.chance()))
}

/// How often an outcome lies between P10 and P90.
const EIGHT: &str = " in at least 8 futures of 10";

/// "31 open deals (€4.56M, 2.4 times what is missing) bring €0.9M to €2.2M in at least 8 futures of 10"; nothing of a source that brings nothing.
fn brought(forecast: &Forecast, metric: Metric, gap: &Gap, source: &SourceBands) -> Option<String> {
    let bands = &source.bands;
    let say = |found: crate::stats::Estimate| found.value.map(|value| forecast.said(metric, value, found.error));
    let (low, high) = (bands.p10.value?, bands.p90.value?);
    let is_open = source.metric.spec().source == Source::Open;
    if bands.is_fixed() && high == 0.0 && !(is_open && gap.open_deals > 0) {
        return None;
    }
    let who = match source.metric.spec() {
        spec if is_open && spec.part_of == Some(Metric::Bookings) => {
            let coverage =
                coverage(forecast, gap).map_or_else(String::new, |times| format!(", {times} times what is missing"));
            format!(
                "{} ({}{coverage})",
                count(gap.open_deals, "open deal"),
                forecast.said(metric, gap.open_value, None)
            )
        }
        spec if spec.source == Source::New && spec.part_of == Some(Metric::Bookings) => {
            "deals not yet created".to_owned()
        }
        spec => spec.name.to_owned(),
    };
    let verb = if is_open && gap.open_deals == 1 { "brings" } else { "bring" };
    Some(match (low, high) {
        _ if bands.is_fixed() => format!("{who} {verb} {}", say(bands.p50)?),
        (_, 0.0) => format!("{who} {verb} nothing in 9 futures of 10"),
        _ => format!("{who} {verb} {} to {}{EIGHT}", say(bands.p10)?, say(bands.p90)?),
    })
}

/// What is known of the year that holds the as-of day.
struct ToDate<'a> {
    line: &'a ActualLine,
    /// The place of the year among its kind.
    at: usize,
    /// "Bookings so far: €3.10M"
    said: String,
}

fn to_date(forecast: &Forecast) -> Option<ToDate<'_>> {
    let main = &forecast.main;
    let line = |metric: Metric, scope: &str, every: Frequency| {
        forecast.known(metric, scope, every).filter(|line| line.to_date.iter().any(Option::is_some))
    };
    let years = [forecast.fiscal(Frequency::Year), Frequency::Total];
    let of = |metric: Metric, scope: &str| years.into_iter().find_map(|every| line(metric, scope, every));
    let line = of(main.metric, &main.scope).or_else(|| of(Metric::Bookings, "total"))?;
    let at = line.to_date.iter().rposition(Option::is_some)?;
    let what = capitalize(&format!("{}{}", line.metric.name(), place(forecast, &line.scope)));
    let said = format!("{what} so far: {}", forecast.said(line.metric, line.to_date[at]?, None));
    Some(ToDate { line, at, said })
}

/// Where the year stands that holds the as-of day: "Bookings so far: €3.10M; with the forecast 2027 comes to €8.2M to €11.9M in at least 8
/// futures of 10 (median €9.9M); the budget is €10M; a year before it was €7M."
pub fn year_to_date(forecast: &Forecast) -> Option<String> {
    let ToDate { line, at, said } = to_date(forecast)?;
    let series = forecast.series(line.metric, &line.scope, line.every)?;
    let label = forecast.periods(line.every)?.labels.get(at)?;
    let bands = series.bands.at(at);
    let say = |found: crate::stats::Estimate| Some(forecast.said(line.metric, found.value?, found.error));
    let whole = if line.every == Frequency::Total { "all of it".to_owned() } else { period_name(label) };
    let mut parts = vec![if bands.is_fixed() {
        format!("with the forecast {whole} comes to {}", say(bands.p50)?)
    } else {
        format!(
            "with the forecast {whole} comes to {} to {} in at least 8 futures of 10 (median {})",
            say(bands.p10)?,
            say(bands.p90)?,
            say(bands.p50)?
        )
    }];
    let budget = forecast.budgeted(line.metric, &line.scope, line.every).and_then(|budget| *budget.amount.get(at)?);
    parts.extend(budget.map(|budget| format!("the budget is {}", line.metric.exact(&forecast.currency, budget))));
    parts.extend(
        line.last_year
            .get(at)
            .copied()
            .flatten()
            .map(|last| format!("a year before it was {}", forecast.said(line.metric, last, None))),
    );
    Some(format!("{said}; {}.", join_some(&parts, "; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::sources::tests::running;

    #[test]
    fn what_is_missing_is_told_with_what_may_bring_it() {
        let mut forecast = running();
        let told = |forecast: &Forecast| first_gap(forecast).unwrap_or_default();
        insta::assert_snapshot!(told(&forecast), @"€900 is closed and €3.1k is missing for “Q2”: 3 open deals (€3.5k, 1.13 times what is missing) bring €0 to €2k in at least 8 futures of 10, deals not yet created €0 to €1.39k; 11 in 100 to make it.");
        if let Some(gap) = forecast.targets[0].gap.as_mut() {
            (gap.closed, gap.missing, gap.coverage) = (-900.0, 4900.0, Some(0.7143));
        }
        insta::assert_snapshot!(told(&forecast), @"What is closed comes to −€900, as more was taken back than booked, and €4.9k is missing for “Q2”: 3 open deals (€3.5k, 0.71 times what is missing) bring €0 to €2k in at least 8 futures of 10, deals not yet created €0 to €1.39k; 11 in 100 to make it.");
        forecast.targets.remove(0);
        insta::assert_snapshot!(told(&forecast), @"€621 is closed: that makes “Made”.");
        forecast.targets.remove(0);
        assert_eq!(first_gap(&forecast), None);
    }

    #[test]
    fn the_year_to_date_stands_beside_the_latest_estimate_and_last_year() {
        let mut forecast = running();
        insta::assert_snapshot!(year_to_date(&forecast).unwrap_or_default(), @"Bookings so far: €1.5k; with the forecast 2027 comes to €9.1k to €14.6k in at least 8 futures of 10 (median €11.6k); a year before it was €600.");
        forecast.actuals.clear();
        assert_eq!(year_to_date(&forecast), None);
    }
}
