//! Forecasts for tests, made by hand, that know what the charts by month ask for.

use super::forecast::Sample;
use crate::forecast::{Bands, EachOutcome, Forecast, Payback};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::{Frequency, Periods};

/// The sample's forecast with a pipeline, a return on investment that is first positive in the month `paid`, and the
/// outcomes of its targets of every month or quarter, which one future in two first reaches in that month.
pub(in crate::charts) fn full(sample: &Sample, paid: Option<usize>) -> Forecast {
    let mut forecast = sample.forecast();
    let metrics = [Metric::PipelineValue, Metric::WeightedPipeline, Metric::OpenDeals];
    for (metric, part) in metrics.into_iter().zip([1.0, 0.3, 1e-4]) {
        forecast.series.extend(Sample { metric, level: part * sample.level, ..*sample }.forecast().series);
    }
    let mut returns = Sample { metric: Metric::Roi, shift: -1.0, ..*sample }.forecast();
    returns.series.iter_mut().for_each(|series| series.scope = "total".to_owned());
    forecast.series.extend(returns.series);

    // A tenth is a third of the way earlier, nine tenths as much later.
    let horizon = forecast.horizon();
    let months = horizon.months;
    let first = [paid.map(|m| m * 2 / 3), paid, paid.map(|m| m * 4 / 3)].map(|m| m.filter(|m| *m < months));
    let reached = |month: usize| match paid {
        Some(paid) => 1.0 / (1.0 + libm::exp((paid as f64 - month as f64) / (0.2 * months as f64))),
        None => 0.0,
    };
    let never = 1.0 - reached(months - 1);
    let counted = first.map(|m| Estimate::exact(m.map(|m| (m + 1) as f64)));
    let chance = |chance: f64| Estimate { value: Some(chance), error: Some(0.005) };
    forecast.payback = Some(Payback {
        probability: chance(1.0 - never),
        month: Bands { p10: counted[0], p50: counted[1], p90: counted[2], ..Bands::default() },
    });
    for target in &mut forecast.targets {
        let Ok(Periods::Each(periods)) = horizon.parse(&target.period) else {
            continue;
        };
        let label = |month: Option<usize>| {
            let month = month?;
            periods.iter().find(|p| p.months.contains(&month)).map(|p| p.label.clone())
        };
        target.each = Some(EachOutcome {
            periods: periods.iter().map(|p| p.label.clone()).collect(),
            probabilities: periods.iter().map(|p| chance(reached(p.months.start))).collect(),
            count: Bands::default(),
            first_p10: label(first[0]),
            first_p50: label(first[1]),
            first_p90: label(first[2]),
            never: chance(never),
        });
    }
    forecast.series.retain(|series| series.every == Frequency::Month || series.metric == sample.metric);
    forecast
}
