//! How often all months together stay inside their own bands.

use super::document::MonthsInside;
use super::summaries::Summaries;
use super::summary::share;
use super::summary_request::PIECE;
use crate::engine::{Run, RunError};
use crate::model::Figure;
use crate::outcomes::Grid;
use crate::stats::Estimate;

/// No more trials than this are counted, however many there are: the standard error is then at most 0.4 in 100.
const MOST: usize = 16_384;
/// Trials within so many errors of a band's end are near it.
const NEAR: f64 = 4.0;

/// A month's place in the horizon, its P10 and its P90 with their errors.
struct Band {
    month: usize,
    ends: [f64; 2],
    errors: [Option<f64>; 2],
}

/// Where a trial lies in a month's band.
#[derive(Clone, Copy)]
struct Place {
    inside: bool,
    /// Whether it is no more than each end.
    at_most: [bool; 2],
    near: [bool; 2],
}

/// The chance that all months of the main figure's period, and all of the horizon, are between their own P10 and P90. Months in
/// which the metric is unknown are left out.
pub(super) fn months_inside(figure: &Figure, summaries: &Summaries, run: &Run) -> Result<Vec<MonthsInside>, RunError> {
    let model = &run.model;
    let whole = model.horizon.total();
    let mut spans = vec![(figure.period.label.clone(), figure.period.months.clone())];
    if figure.period.months != whole.months {
        spans.push((whole.label, whole.months));
    }
    let bands: Vec<Band> = (0..model.horizon.months)
        .filter_map(|month| {
            let found = summaries.bands(figure.metric, figure.scope, &(month..month + 1));
            let ends = [found.p10()?, found.p90()?];
            ends.iter().all(|end| end.is_finite()).then(|| Band { month, ends, errors: found.end_errors() })
        })
        .collect();
    let trials = model.trials.min(MOST);
    let mut places: Vec<Vec<Place>> = vec![Vec::with_capacity(trials); bands.len()];
    run.first_chunks::<RunError>(trials, |chunk| {
        for piece in chunk.pieces(PIECE) {
            let grid = Grid::new(model, &piece, figure.metric, &model.scopes[figure.scope].regions);
            for (band, places) in bands.iter().zip(&mut places) {
                places.extend(grid.month(band.month).iter().map(|x| band.place(*x)));
            }
        }
        Ok(())
    })?;
    let told = spans.into_iter().filter_map(|(period, months)| {
        let from = bands.partition_point(|band| band.month < months.start);
        let to = bands.partition_point(|band| band.month < months.end);
        let asked = &places[from..to];
        (asked.len() > 1).then(|| MonthsInside {
            period,
            months: asked.len(),
            probability: inside(asked, model.trials),
        })
    });
    Ok(told.collect())
}

impl Band {
    fn place(&self, x: f64) -> Place {
        let [low, high] = self.ends;
        let near = |i: usize| self.errors[i].is_some_and(|error| (x - self.ends[i]).abs() <= NEAR * error);
        Place { inside: (low..=high).contains(&x), at_most: [x <= low, x <= high], near: [near(0), near(1)] }
    }
}

/// The share of trials that are inside all months' bands, whose ends are estimates from `all` trials, these among them.
///
/// A month's end at probability p moves the share by what p − 1{x ≤ end} of each trial adds, times the share of trials near this end
/// that are inside in all other months: less there at the lower end, more at the upper. With v the variance over trials of being inside,
/// w that of these sums and c their covariance, the error is √(v/n + (w + 2c)/N) for n trials counted and ends from N; no less than that
/// of none of n.
fn inside(months: &[Vec<Place>], all: usize) -> Estimate {
    let trials = months[0].len();
    let outside: Vec<usize> = (0..trials).map(|t| months.iter().filter(|places| !places[t].inside).count()).collect();
    let count = outside.iter().filter(|outside| **outside == 0).count();
    let mut moved = vec![0.0; trials];
    for places in months {
        for (end, (p, sign)) in [(0.1, -1.0), (0.9, 1.0)].into_iter().enumerate() {
            let near = || places.iter().zip(&outside).filter(|(place, _)| place.near[end]);
            let alone = near().filter(|(place, outside)| **outside == usize::from(!place.inside)).count();
            let part = sign * alone as f64 / near().count().max(1) as f64;
            let adds = |place: &Place| part * (p - f64::from(place.at_most[end]));
            moved.iter_mut().zip(places).for_each(|(moved, place)| *moved += adds(place));
        }
    }
    let n = trials as f64;
    let chance = count as f64 / n;
    let apart = |t: usize| f64::from(outside[t] == 0) - chance;
    let sum = |of: &dyn Fn(usize) -> f64| (0..trials).map(of).sum::<f64>() / n;
    let mean = sum(&|t| moved[t]);
    let of_ends = sum(&|t| (moved[t] - mean) * (moved[t] - mean) + 2.0 * (moved[t] - mean) * apart(t));
    let variance = chance * (1.0 - chance) / n + of_ends / all as f64;
    let least = share(0, trials).error.unwrap_or_default();
    Estimate::new(chance, Some(libm::sqrt(variance.max(0.0)).max(least)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Address, Purpose};
    use crate::stats::{Moments, Order, QuantileRanks};

    /// The share of so many trials inside the bands of six months that go together, with bands from the same trials.
    fn found(seed: u64, trials: usize) -> Estimate {
        let mut stream = Address::new(seed, 0, Purpose::Input, 0, 0).stream(0);
        let shared: Vec<f64> = (0..trials).map(|_| stream.normal()).collect();
        let month = |_| {
            let values: Vec<f64> = shared.iter().map(|z| z + stream.normal()).collect();
            let order = Order::of(values.clone());
            let end = |p| (order.quantile(p), order.error(&QuantileRanks::new(trials, p)));
            let (low, high) = (end(0.1), end(0.9));
            let band = Band { month: 0, ends: [low.0, high.0], errors: [low.1, high.1] };
            values.iter().map(|x| band.place(*x)).collect()
        };
        inside(&(0..6).map(month).collect::<Vec<Vec<Place>>>(), trials)
    }

    #[test]
    fn the_error_is_that_of_other_seeds_where_ends_come_from_the_same_trials() {
        let all: Vec<Estimate> = (0..400).map(|seed| found(seed, 500)).collect();
        let scatter = Moments::of(&all.iter().map(|found| found.known()).collect::<Vec<f64>>()).unwrap().sd;
        let stated = Moments::of(&all.iter().filter_map(|found| found.error).collect::<Vec<f64>>()).unwrap().mean;
        // A standard deviation of 400 has an error of 1 in 28; within four of them is a false alarm in 15,000.
        assert!((stated / scatter - 1.0).abs() < 4.0 / 28.0, "{stated} stated, {scatter} found");
        // As if the ends were known it is too large.
        let share = share((500.0 * all[0].known()).round() as usize, 500).error.unwrap();
        assert!(share / scatter - 1.0 > 4.0 / 28.0, "{share}, {scatter}");
    }
}
