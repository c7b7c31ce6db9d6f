//! The way from an earlier run's figure to the new one: by program version, by Monte Carlo noise, by input.

use super::waterfall::Waterfall;
use crate::analysis::{Attribution, Change, Orders};
use crate::charts::canvas::drawing::Drawing;
use crate::charts::canvas::size::Size;
use crate::charts::marks::scenarios;
use crate::charts::marks::series_style::SeriesStyle;
use crate::charts::wording::subject::Subject;
use crate::documents::Header;
use crate::findings::steps_said;

/// The statistic whose change since the earlier run is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statistic {
    /// The main figure's median.
    Median,
    /// The chance of the first target.
    Chance,
}

/// The chart of what moved the median, or the first target's chance, since an earlier run; `None` where nothing differs, or a step is
/// not known.
pub(super) fn layout(head: &Header, moved: &Attribution, statistic: Statistic, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let subject = Subject { head, figure: &moved.figure, sheet: &sheet };
    let (span, what) = match statistic {
        Statistic::Median => {
            (&moved.spans.as_ref()?.p50, (format!("Median of {}", subject.measured_when()), "Median".to_owned()))
        }
        Statistic::Chance => {
            let target = moved.targets.first()?;
            let what = format!("Chance of {}", scenarios::name(&target.name, &sheet));
            (target.chance.as_ref()?, (what, "Chance".to_owned()))
        }
    };
    let changes: Vec<Change> = moved
        .reasons
        .iter()
        .map(|reason| Change { label: reason.label.clone(), fields: reason.fields.clone() })
        .collect();
    let orders = match moved.orders {
        Orders::All => String::new(),
        Orders::Some(count) => format!(" (over {count} orders of the changes, taken at random)"),
    };
    let before = match moved.since.day() {
        Some(day) => format!("Run of {day}"),
        None => "The earlier run".to_owned(),
    };
    Waterfall {
        head,
        figure: &moved.figure,
        of_chance: statistic == Statistic::Chance,
        span,
        changes: &changes,
        ends: [(&before, SeriesStyle::of(0).colour), ("This run", SeriesStyle::of(1).colour)],
        what,
        unmoved: "in both runs",
        reading: format!(
            "Since the earlier run, step by step; {}{orders}. Monte Carlo noise is what other draws would bring anyway.",
            steps_said(moved)
        ),
    }
    .layout(size)
}
