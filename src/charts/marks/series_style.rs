//! How the lines of several series are told apart.

use plotters::style::RGBColor;

use crate::charts::canvas::drawing::{Drawing, Point};
use crate::charts::canvas::style;

/// The style of the line of a series: its colour, and whether it is dashed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::charts) struct SeriesStyle {
    pub(in crate::charts) colour: RGBColor,
    line: Line,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Solid,
    Dashed,
}

impl SeriesStyle {
    /// The style of the series in a place, counted from 0.
    pub(in crate::charts) fn of(place: usize) -> SeriesStyle {
        let line = if place < style::SIDES.len() { Line::Solid } else { Line::Dashed };
        SeriesStyle { colour: style::SIDES[place % style::SIDES.len()], line }
    }

    /// Draws a line in this style.
    pub(in crate::charts) fn stroke(self, drawing: &mut Drawing, points: Vec<Point>) {
        match self.line {
            Line::Solid => drawing.stroke(points, self.colour, style::MEDIAN_WIDTH),
            Line::Dashed => drawing.dashed(&points, self.colour, style::MEDIAN_WIDTH),
        }
    }
}
