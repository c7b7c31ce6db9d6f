//! What an analysis is about, in words: a figure, or the chance of a target.

use super::figures::Figures;
use super::words;
use crate::analysis::FigureInfo;
use crate::charts::canvas::size::Sheet;
use crate::charts::canvas::text::{fit, short_name};
use crate::documents::Header;
use crate::stats::Estimate;
use crate::units::Horizon;

/// A figure of an analysis.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Subject<'a> {
    pub(in crate::charts) head: &'a Header,
    pub(in crate::charts) figure: &'a FigureInfo,
    pub(in crate::charts) sheet: &'a Sheet,
}

impl<'a> Subject<'a> {
    /// How values of the figure, or the target's chance, are written.
    pub(in crate::charts) fn figures(&self) -> Figures<'a> {
        if self.figure.target.is_some() { Figures::Chance } else { self.amounts() }
    }

    /// How values of the figure's metric are written.
    pub(in crate::charts) fn amounts(&self) -> Figures<'a> {
        Figures::Of(self.figure.metric, &self.head.currency)
    }

    pub(in crate::charts) fn horizon(&self) -> Horizon {
        self.head.horizon()
    }

    /// "total bookings", "total bookings of Europe".
    pub(in crate::charts) fn measured(&self) -> String {
        let FigureInfo { metric, scope, label, .. } = self.figure;
        words::measured_named(*metric, scope, label, self.sheet)
    }

    /// "total bookings of Europe in 2027", whether or not a target's chance is asked for.
    pub(in crate::charts) fn measured_when(&self) -> String {
        format!("{} {}", self.measured(), words::when(&self.horizon(), &self.figure.period, self.figure.metric))
    }

    /// What is explained, in a sentence: "total bookings in 2027", "the chance of “Year 1”".
    pub(in crate::charts) fn in_words(&self) -> String {
        match &self.figure.target {
            Some(name) => format!("the chance of “{}”", self.target(name)),
            None => self.measured_when(),
        }
    }

    /// What is explained, at the head of a sentence: "Europe: total bookings in 2027".
    pub(in crate::charts) fn title(&self) -> String {
        let FigureInfo { metric, scope, label, period, target, .. } = self.figure;
        match target {
            Some(_) => words::capital(&self.in_words()),
            None => format!(
                "{} {}",
                words::subject_named(*metric, scope, label, self.sheet),
                words::when(&self.horizon(), period, *metric)
            ),
        }
    }

    /// What is explained, as a preview has room for it.
    pub(in crate::charts) fn brief(&self) -> String {
        let FigureInfo { metric, scope, label, period, target, .. } = self.figure;
        match target {
            Some(name) => format!("“{}”", self.target(name)),
            None => format!(
                "{} {}",
                words::subject_named(*metric, scope, label, self.sheet),
                words::briefly_when(&self.horizon(), period, *metric)
            ),
        }
    }

    /// What the target asks for: "total bookings in 2027 of at least €17.8M".
    pub(in crate::charts) fn demand(&self) -> Option<String> {
        let level = self.amounts().exact(self.figure.at_least?);
        Some(format!("{} of at least {level}", self.measured_when()))
    }

    /// An input or a change in a title: "“Europe: win rate”".
    pub(in crate::charts) fn quoted(&self, label: &str) -> String {
        let room = self.sheet.room() * if self.sheet.is_preview() { 0.5 } else { 0.4 };
        format!("“{}”", short_name(label, self.sheet.title, true, room))
    }

    fn target(&self, name: &str) -> String {
        fit(name, self.sheet.title, true, words::name_room(self.sheet))
    }
}

/// An estimate whose value is known, with its error.
pub(in crate::charts) fn known(estimate: &Estimate) -> Option<(f64, Option<f64>)> {
    Some((estimate.value.filter(|x| x.is_finite())?, estimate.error.filter(|x| x.is_finite())))
}

/// Whether one estimate is above another by more than two standard errors of their difference: who is first may be decided
/// by chance alone.
pub(in crate::charts) fn clearly_above((a, a_error): (f64, Option<f64>), (b, b_error): (f64, Option<f64>)) -> bool {
    a - b > 2.0 * libm::hypot(a_error.unwrap_or(0.0), b_error.unwrap_or(0.0))
}
