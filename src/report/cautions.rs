//! What the stated errors of the main figure do not tell.

use crate::forecast::{Distribution, Forecast};
use crate::stats::Estimate;
use crate::units::format::list;

/// A standard deviation whose own error is more than this share of it rests on a few futures.
const FEW: f64 = 0.1;
/// Of fewer futures that is so whatever the law.
const FEWEST: usize = 100;

/// Sentences on where an error is no standard error, and where mean and variance rest on a few futures.
pub(super) fn cautions(forecast: &Forecast) -> Vec<String> {
    stepped(forecast).into_iter().chain(heavy_tailed(forecast)).collect()
}

/// Of percentiles that lie at a value which many futures share, while others in their 95 % interval do not have it.
fn stepped(forecast: &Forecast) -> Option<String> {
    let (main, trials) = (&forecast.main, forecast.manifest.trials as f64);
    let same = |of: &&Distribution| (of.metric, &of.scope, &of.period) == (main.metric, &main.scope, &main.period);
    // At 0.5 %, 1 %, …
    let quantiles = &forecast.distributions.iter().find(same)?.quantiles;
    let named = [("P10", 0.1, main.bands.p10), ("P50", 0.5, main.bands.p50), ("P90", 0.9, main.bands.p90)];
    let stepped = |(_, p, estimate): &(&str, f64, Estimate)| {
        let at = (200.0 * p) as usize - 1;
        // Half of the way to an end of the interval.
        let beside = ((200.0 * libm::sqrt(p * (1.0 - p) / trials)) as usize).max(1);
        let value = |i: Option<usize>| i.and_then(|i| quantiles.get(i));
        let shared = [at.checked_sub(beside), Some(at + beside)].iter().any(|i| value(*i) == value(Some(at)));
        shared && estimate.error.is_some_and(|error| error > 0.0)
    };
    let names: Vec<String> = named.iter().filter(|of| stepped(of)).map(|(name, ..)| (*name).to_owned()).collect();
    let (lies, errors) = match names.len() {
        0 => return None,
        1 => ("lies at a value that many futures share; its error", "not a standard error"),
        _ => ("lie at values that many futures share; their errors", "not standard errors"),
    };
    let are = if names.len() == 1 { "is" } else { "are" };
    Some(format!("{} {lies} {are} a quarter of the 95 % interval, {errors}.", list(&names)))
}

/// Of a standard deviation that a few futures make.
fn heavy_tailed(forecast: &Forecast) -> Option<String> {
    let sd = forecast.main.bands.sd;
    let share = sd.error? / sd.value?;
    (share > FEW && forecast.manifest.trials >= FEWEST).then(|| {
        "A few futures far from the others make much of the variance: mean, standard deviation and shares of variance may be \
         farther off than their errors say; percentiles are not."
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use crate::engine::{Execution, Memory, Run};
    use crate::model::resolve;
    use crate::scenario::load;

    /// What is said of a metric with deals of this law, of so many leads a month.
    fn said(metric: &str, leads: f64, size: &str, trials: usize) -> Vec<String> {
        let text = format!(
            r#"{{"name": "Few", "start": "2027-01", "months": 1, "simulation": {{"trials": {trials}}}, "regions": {{"a": {{
                "leads": {{"monthly": {leads}}}, "conversion": 0.5, "cycle": {{"mean_days": 0.001}}, "deal_size": {size}}}}},
                "targets": [{{"name": "T", "metric": "{metric}", "period": "2027-01", "at_least": 1}}]}}"#
        );
        let scenario = load("few.json".as_ref(), &[], &|_| Ok(text.clone().into())).unwrap();
        let run = Run::begin(resolve(&scenario).unwrap(), &Execution::new(None), Memory::default()).unwrap();
        super::cautions(&crate::forecast::forecast(&scenario, &run, None).unwrap())
    }

    #[test]
    fn an_error_at_a_step_is_said_to_be_no_standard_error() {
        // A Poisson count of mean 20: 10.5 % are at most 14.
        let said = said("leads", 20.0, r#"{"mean": 1000}"#, 2_000);
        assert!(
            matches!(said.as_slice(), [one] if one.starts_with("P10 ") && one.contains("many futures share")),
            "{said:?}"
        );
    }

    #[test]
    fn a_few_futures_that_make_the_variance_are_told() {
        let said = said("bookings", 2.0, r#"{"mean": 1000, "cv": 5}"#, 1_000);
        assert!(said.iter().any(|one| one.starts_with("A few futures far")), "{said:?}");
    }

    #[test]
    fn of_a_usual_figure_there_is_nothing_to_say() {
        assert!(said("bookings", 200.0, r#"{"mean": 1000, "cv": 0.8}"#, 1_000).is_empty());
    }
}
