//! How often all months together stay inside their own bands.

use std::ops::Range;

use super::document::MonthsInside;
use super::summaries::Summaries;
use super::summary::share;
use super::summary_request::PIECE;
use crate::engine::{Run, RunError};
use crate::model::{Figure, Model};
use crate::outcomes::{Grid, Outcomes};

/// No more trials than this are counted, however many there are: the standard error is then at most 0.4 in 100.
const MOST: usize = 16_384;
/// What rounding may have taken from a band's end.
const SLACK: f64 = 1e-9;

/// A month's place in the horizon, its P10 and its P90.
type Band = (usize, f64, f64);

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
        .filter_map(|m| {
            let found = summaries.bands(figure.metric, figure.scope, &(m..m + 1)).bands();
            Some((m, found.p10.value?, found.p90.value?))
        })
        .collect();
    let asked: Vec<(String, &[Band])> = spans
        .into_iter()
        .map(|(label, months)| (label, within(&bands, &months)))
        .filter(|(_, b)| b.len() > 1)
        .collect();
    let wanted: Vec<&[Band]> = asked.iter().map(|(_, bands)| *bands).collect();
    let trials = model.trials.min(MOST);
    let mut counted: Vec<Vec<usize>> = Vec::new();
    run.first_chunks::<RunError>(trials, |chunk| {
        counted.extend(chunk.pieces(PIECE).map(|piece| inside(figure, model, &piece, &wanted)));
        Ok(())
    })?;
    let told = asked.into_iter().enumerate().map(|(i, (period, bands))| {
        let probability = share(counted.iter().map(|counts| counts[i]).sum(), trials);
        MonthsInside { period, months: bands.len(), probability }
    });
    Ok(told.collect())
}

fn within<'a>(bands: &'a [Band], months: &Range<usize>) -> &'a [Band] {
    let from = bands.partition_point(|(m, ..)| *m < months.start);
    let to = bands.partition_point(|(m, ..)| *m < months.end);
    &bands[from..to]
}

/// How many trials are inside all bands, for each list of them.
fn inside(figure: &Figure, model: &Model, outcomes: &Outcomes, asked: &[&[Band]]) -> Vec<usize> {
    let grid = Grid::new(model, outcomes, figure.metric, &model.scopes[figure.scope].regions);
    let count = |bands: &&[Band]| {
        let mut all = vec![true; outcomes.trials()];
        for (m, low, high) in *bands {
            let (low, high) = (low - SLACK * low.abs(), high + SLACK * high.abs());
            all.iter_mut().zip(grid.month(*m)).for_each(|(inside, x)| *inside &= (low..=high).contains(x));
        }
        all.into_iter().filter(|inside| *inside).count()
    };
    asked.iter().map(count).collect()
}
