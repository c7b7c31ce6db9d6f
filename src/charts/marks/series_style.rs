//! How the lines of several series are told apart.

use plotters::style::RGBColor;

use crate::charts::canvas::drawing::{Drawing, Point};
use crate::charts::canvas::style;

/// How the line of a scenario looks.
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
    /// That of the scenario in a place of the comparison.
    pub(in crate::charts) fn of(place: usize) -> SeriesStyle {
        let line = if place < style::SIDES.len() { Line::Solid } else { Line::Dashed };
        SeriesStyle { colour: style::SIDES[place % style::SIDES.len()], line }
    }

    /// Draws a line as this one looks.
    pub(in crate::charts) fn stroke(self, drawing: &mut Drawing, points: Vec<Point>) {
        match self.line {
            Line::Solid => drawing.stroke(points, self.colour, style::MEDIAN_WIDTH),
            Line::Dashed => drawing.dashed(&points, self.colour, style::MEDIAN_WIDTH),
        }
    }
}
