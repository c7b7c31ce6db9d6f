//! How far each input moves a figure by itself.

use super::document::Bar;
use crate::analysis::Response;
use crate::chance::{HalfSamples, Halved};
use crate::engine::TrialSet;
use crate::forecast::{NEGLIGIBLE_SHARE, share};
use crate::model::Model;
use crate::stats::special::normal_quantile;
use crate::stats::{Estimate, Moments, QuantileRanks, Selection, to_digits};

/// The statistic that bars show: the median, or of a target the chance to meet it.
pub(super) fn statistic(figure: &Response, sample: &[f64]) -> Estimate {
    if figure.target().is_some() {
        let met = sample.iter().filter(|x| **x > 0.0).count();
        return share(met, sample.len());
    }
    let ranks = QuantileRanks::new(sample.len(), 0.5);
    let mut selection = Selection::new(sample.len(), &[0.5], &[ranks]);
    selection.take(sample);
    Estimate::new(selection.quantile(0.5), selection.error(&ranks))
}

/// One less the other, future by future on the same draws: of medians, with the error that halves of the futures tell.
pub(in crate::analysis) fn swing(figure: &Response, low: &[f64], high: &[f64]) -> Estimate {
    if figure.target().is_some() {
        let differences: Vec<f64> = low.iter().zip(high).map(|(low, high)| high - low).collect();
        return Moments::of(&differences)
            .map_or(Estimate::UNKNOWN, |m| Estimate::new(m.mean, (differences.len() > 1).then_some(m.mean_error)));
    }
    let median = |sample: &[f64]| {
        let mut selection = Selection::new(sample.len(), &[0.5], &[]);
        selection.take(sample);
        selection.quantile(0.5)
    };
    let error = HalfSamples::new(low.len(), &[0.5]).and_then(|mut halves| {
        let [low, high] = [low, high].map(|sample| halves.take(sample));
        Halved::sum(high.iter().map(|high| (1.0, high)).chain(low.iter().map(|low| (-1.0, low)))).error()
    });
    Estimate::new(median(high) - median(low), error)
}

/// The bar of an input: the figure with it at its own P10 and P90 in every one of the futures.
pub(super) fn bar<E>(
    model: &Model,
    figure: &Response,
    input: usize,
    futures: &TrialSet,
    play: &mut impl FnMut(&TrialSet) -> Result<Vec<f64>, E>,
) -> Result<Bar, E> {
    let law = &model.inputs[input].law;
    let mut moved = futures.clone();
    let mut at = |p: f64| {
        moved.normals_mut(input).fill(normal_quantile(p));
        play(&moved)
    };
    let (low, high) = (at(0.1)?, at(0.9)?);
    let digits = |p: f64| to_digits(law.quantile(p), 6);
    Ok(Bar {
        low_input: digits(0.1),
        high_input: digits(0.9),
        low: statistic(figure, &low),
        high: statistic(figure, &high),
        swing: swing(figure, &low, &high),
        understates: false,
    })
}

/// From P10 to P90 of a normal law there are so many standard deviations.
const Z80: f64 = 2.563_103_131_089_2;

impl Bar {
    /// Whether an input brings more than its bar shows: a share of the variance more than four times the one of a figure that goes in a
    /// straight line from one end of the bar to the other, or a base outside of the bar. Each beyond two standard errors, and only of a
    /// share that is more than noise itself.
    pub(super) fn falls_short_of(&self, share: Estimate, base: Estimate, sd: Estimate) -> bool {
        let (Some(low), Some(high), Some(swing), Some(base_value), Some(sd)) =
            (self.low.value, self.high.value, self.swing.value, base.value, sd.value)
        else {
            return false;
        };
        if !share.is_clear() || share.known() < NEGLIGIBLE_SHARE {
            return false;
        }
        let error = |estimate: Estimate| 2.0 * estimate.error.unwrap_or(0.0);
        let straight = (swing.abs() + error(self.swing)) / Z80 / sd;
        let beyond = |end: Estimate| libm::hypot(error(end), error(base));
        share.known() - error(share) > 4.0 * straight * straight
            || base_value < low.min(high) - beyond(if low < high { self.low } else { self.high })
            || base_value > low.max(high) + beyond(if low < high { self.high } else { self.low })
    }
}
