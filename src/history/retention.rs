//! Retention: which bands of a forecast the history keeps.

use std::collections::HashSet;

use crate::forecast::{Bands, Forecast};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::{Frequency, Periods};

/// The bands of one figure that are kept.
pub(super) struct RetainedBands<'a> {
    pub(super) metric: Metric,
    pub(super) scope: &'a str,
    pub(super) period: &'a str,
    pub(super) bands: Bands<Estimate>,
}

/// The main metric by month, quarter, year and over the horizon, of every region and tag without the months; the other metrics of the
/// total without the months; and whatever the main figure and the targets are about.
pub(super) fn retained(forecast: &Forecast) -> Vec<RetainedBands<'_>> {
    let main = &forecast.main;
    let mut seen: HashSet<(Metric, &str, &str)> =
        HashSet::from([(main.metric, main.scope.as_str(), main.period.as_str())]);
    let mut kept = vec![RetainedBands {
        metric: main.metric,
        scope: &main.scope,
        period: &main.period,
        bands: main.bands.clone(),
    }];
    let asked = asked(forecast);
    for series in &forecast.series {
        let Some(list) = forecast.periods(series.every) else { continue };
        let whole = keeps(forecast, &asked, series.metric, &series.scope, series.every);
        for (i, period) in list.labels.iter().enumerate() {
            let figure = (series.metric, series.scope.as_str(), period.as_str());
            if (whole || asked.contains(&figure)) && seen.insert(figure) {
                kept.push(RetainedBands {
                    metric: series.metric,
                    scope: &series.scope,
                    period,
                    bands: series.bands.at(i),
                });
            }
        }
    }
    kept
}

/// The metrics, scopes and periods that the main figure and the targets are about.
fn asked(forecast: &Forecast) -> HashSet<(Metric, &str, &str)> {
    let main = &forecast.main;
    let targets = forecast.targets.iter().map(|target| (target.metric, target.scope.as_str(), target.period.as_str()));
    targets.chain([(main.metric, main.scope.as_str(), main.period.as_str())]).collect()
}

/// Whether all periods of a kind are kept.
fn keeps(
    forecast: &Forecast,
    asked: &HashSet<(Metric, &str, &str)>,
    metric: Metric,
    scope: &str,
    every: Frequency,
) -> bool {
    let main = metric == forecast.main.metric;
    let total = scope == "total";
    let horizon = forecast.horizon();
    let kind = |period: &str| match horizon.parse(period) {
        Ok(Periods::One(period)) => Some(period.every),
        Ok(Periods::Each(periods)) => periods.first().map(|period| period.every),
        Err(_) => None,
    };
    match every {
        Frequency::Quarter | Frequency::Year | Frequency::Total => main || total,
        Frequency::Month => main && total || asked.contains(&(metric, scope, "each-month")),
        // Where the plan is told by fiscal periods.
        Frequency::FiscalQuarter | Frequency::FiscalYear => {
            main && total && asked.iter().any(|(_, _, period)| kind(period) == Some(every))
        }
        Frequency::Cumulative | Frequency::Span => false,
    }
}
