//! What the script calls the periods of an axis.

use serde::Serialize;

use crate::forecast::Forecast;
use crate::units::Every;
use crate::units::format::period_name;

/// Names of the periods of one kind: whole, and as much as an axis has room for.
#[derive(Debug, Serialize)]
pub(super) struct Names {
    names: Vec<String>,
    ticks: Vec<String>,
    /// The year at the first period of each, else empty.
    years: Vec<String>,
}

impl Names {
    /// `None` where there are no such periods.
    pub(super) fn of(forecast: &Forecast, every: Every) -> Option<Names> {
        let list = forecast.periods(every).filter(|list| !list.labels.is_empty())?;
        let ends = list.labels.iter().enumerate();
        let month = |at: usize| if every == Every::Cumulative { forecast.start.plus(at) } else { list.starts[at] };
        let year = |at: usize| month(at).year();
        Some(Names {
            names: list.labels.iter().map(|label| period_name(label)).collect(),
            ticks: list
                .labels
                .iter()
                .enumerate()
                .map(|(at, label)| match label.split_once("-Q") {
                    Some((_, quarter)) => format!("Q{quarter}"),
                    None => month(at).short().to_owned(),
                })
                .collect(),
            years: ends
                .map(|(at, _)| if at == 0 || year(at) != year(at - 1) { year(at).to_string() } else { String::new() })
                .collect(),
        })
    }
}
