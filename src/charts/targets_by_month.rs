//! Targets that are asked of every month or quarter: the chance of each one, and when the level is first reached.

use super::axis::Scale;
use super::beside::{self, Beside, Key};
use super::drawing::{Anchor, Drawing, Rect, Text};
use super::first_reached;
use super::font;
use super::frame;
use super::months::Months;
use super::panels;
use super::repeated::Repeated;
use super::size::{Sheet, Size};
use super::style;
use super::text::fit;
use super::words;
use crate::forecast::Forecast;

/// More panels than this would be too low to be read.
const MOST: usize = 2;
/// Above a panel: its heading, and the air under the strip, on a slide.
const HEADING: f64 = 20.0;
const AIR: f64 = 22.0;
/// Between panels, on a slide.
const BETWEEN: f64 = 14.0;

/// The chart, laid out; `None` without targets of every month or quarter.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let all: Vec<Repeated<'_>> =
        forecast.targets.iter().filter_map(|target| Repeated::read(forecast, target)).collect();
    let shown = &all[..all.len().min(if sheet.is_preview() { 1 } else { MOST })];
    let headline = shown.first()?.headline(forecast, &sheet, shown.len(), all.len());

    let (mut drawing, top) = headline.begin(forecast, size);
    let several = shown.len() > 1;
    let chances: &[f64] =
        if several || sheet.is_preview() { &[0.0, 0.5, 1.0] } else { &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0] };
    let labels: Vec<String> = chances.iter().map(|c| format!("{:.0}\u{A0}%", c * 100.0)).collect();
    let top = if sheet.is_preview() { top - 8.0 } else { top - sheet.scaled(16.0) };
    let whole = frame::plot(&sheet, top, &labels, beside::width(&sheet));
    let above = first_reached::height(&sheet) + if sheet.is_preview() { 4.0 } else { sheet.scaled(HEADING + AIR) };
    let plots = panels::stacked(&whole, &vec![1.0; shown.len()], above, sheet.scaled(BETWEEN));
    let months = if forecast.months == 1 {
        Months::by_middles(forecast.start, 1, &whole, sheet)
    } else {
        Months::side_by_side(forecast.start, forecast.months, &whole, sheet)
    };
    for plot in &plots {
        let up = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
        frame::value_axis(&mut drawing, plot, &up, chances, &labels);
    }
    panels::months_below(&mut drawing, &months, &plots);
    for (repeated, plot) in shown.iter().zip(&plots) {
        repeated.draw(&mut drawing, forecast, &months, plot);
        if several {
            repeated.draw_aside(&mut drawing, forecast, plot, &shown[0]);
        }
    }
    Some(drawing)
}

impl Repeated<'_> {
    /// Draws the heading, the strip and the bars of the panel whose bars fill `plot`.
    fn draw(&self, drawing: &mut Drawing, forecast: &Forecast, months: &Months, plot: &Rect) {
        let sheet = drawing.sheet;
        let up = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
        self.draw_bars(drawing, months, plot, &up);
        let air = if sheet.is_preview() { 4.0 } else { sheet.scaled(AIR) };
        let bottom = plot.top - air;
        let strip = Rect { top: bottom - first_reached::height(&sheet), bottom, ..*plot };
        // Of the only month the bar says it all.
        if months.count > 1 {
            first_reached::draw(drawing, months, &self.arrival, &strip);
        }
        if sheet.is_preview() {
            return;
        }
        drawing.text(self.heading(forecast, &sheet, plot));

        let last = self.each.probabilities.last().copied().unwrap_or_default();
        let label = |y, text: String, key| Beside { y, text, key };
        let alone =
            if self.periods.len() == 1 { "its chance".to_owned() } else { format!("each {} alone", self.period()) };
        let mut labels = vec![label(up.at(last), alone, Key::Median)];
        if self.arrival.at[0].is_some() && months.count > 1 {
            let y = first_reached::level(&sheet, &strip);
            labels.push(label(y, "first reached: 8 in 10".to_owned(), Key::Band(style::BANDS[1])));
        }
        let room = Rect { top: strip.top, ..*plot };
        beside::write(drawing, labels, &room, plot.right + sheet.scaled(first_reached::HEAD));
    }

    /// "Every month: €1.5M a month" over the panel whose bars fill `plot`.
    fn heading(&self, forecast: &Forecast, sheet: &Sheet, plot: &Rect) -> Text {
        let level = format!(": {}", self.level(forecast));
        let room = 0.5 * sheet.room() - font::width(&level, sheet.label, true);
        let name = fit(&self.target.name, sheet.label, true, room);
        let height = plot.top - sheet.scaled(AIR + 8.0) - first_reached::height(sheet);
        Text::new(&format!("{name}{level}"), (sheet.margin, height), sheet.label).bold().ink(style::TARGET)
    }

    /// Writes beside the heading what tells one of several targets from the first: "all 12 quarters in 37 in 100 futures; ARR
    /// of Europe".
    fn draw_aside(&self, drawing: &mut Drawing, forecast: &Forecast, plot: &Rect, first: &Repeated<'_>) {
        let (sheet, target) = (drawing.sheet, self.target);
        let all = self.all().map(|all| format!("{all} in {} futures", words::in_hundred(target.probability)));
        let same = target.metric == first.target.metric && target.scope == first.target.scope;
        let measured = (!same).then(|| words::measured_of(forecast, target.metric, &target.scope, &sheet));
        let aside = all.into_iter().chain(measured).collect::<Vec<String>>().join("; ");
        let heading = self.heading(forecast, &sheet, plot);
        // The bold letters of another face than that of the layout may be wider.
        let left = sheet.margin + 1.12 * heading.width() + sheet.scaled(12.0);
        let aside = fit(&aside, sheet.label, false, sheet.width - sheet.margin - left);
        drawing.text(Text::new(&aside, (left, heading.baseline), sheet.label));
    }

    /// A bar for each period, as high as its chance; bars too narrow to stand apart make steps.
    fn draw_bars(&self, drawing: &mut Drawing, months: &Months, plot: &Rect, up: &Scale) {
        let sheet = drawing.sheet;
        let width = months.slot * self.periods[0].months.len() as f64;
        let gap = if width < 9.0 { 0.0 } else { (0.16 * width).min(sheet.scaled(16.0)) };
        let bars: Vec<Rect> = self
            .periods
            .iter()
            .zip(&self.each.probabilities)
            .map(|(period, chance)| Rect {
                left: months.edge(period.months.start) + gap / 2.0,
                right: months.edge(period.months.end) - gap / 2.0,
                top: up.at(chance.clamp(0.0, 1.0)),
                bottom: plot.bottom,
            })
            .collect();
        let tops = bars.iter().flat_map(|bar| [(bar.left, bar.top), (bar.right, bar.top)]);
        if gap > 0.0 {
            for bar in &bars {
                drawing.area(bar.corners(), style::BANDS[0]);
            }
            frame::base_line(drawing, plot, up);
            for bar in &bars {
                drawing.stroke(vec![(bar.left, bar.top), (bar.right, bar.top)], style::MEDIAN, style::MEDIAN_WIDTH);
            }
        } else {
            let ends = [(bars[bars.len() - 1].right, plot.bottom), (bars[0].left, plot.bottom)];
            drawing.area(tops.clone().chain(ends).collect(), style::BANDS[0]);
            frame::base_line(drawing, plot, up);
            drawing.stroke(tops.collect(), style::MEDIAN, 0.7 * style::MEDIAN_WIDTH);
        }
        let room = font::width("<1\u{A0}%", sheet.axis, false).max(font::width("100\u{A0}%", sheet.axis, false));
        if sheet.is_preview() || width - gap < room {
            return;
        }
        for (bar, chance) in bars.iter().zip(&self.each.probabilities) {
            let at = ((bar.left + bar.right) / 2.0, bar.top - sheet.scaled(5.0));
            drawing.text(Text::new(&percent(*chance), at, sheet.axis).at(Anchor::Middle));
        }
    }
}

/// A chance above its bar: never said to be certain.
fn percent(chance: f64) -> String {
    match (chance * 100.0).round() {
        p if p < 1.0 => "<1\u{A0}%".to_owned(),
        p if p > 99.0 => ">99\u{A0}%".to_owned(),
        p => format!("{p:.0}\u{A0}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::full_sample::full;
    use super::super::sample::Sample;
    use super::*;
    use crate::forecast::EachOutcome;
    use crate::scenario::Metric;

    const YEARS: Sample = Sample {
        months: 36,
        name: "total",
        targets: &[("2027", 9e6), ("each-month", 1.5e6), ("each-quarter", 4.5e6)],
        ..Sample::PLAIN
    };

    fn title(forecast: &Forecast) -> String {
        layout(forecast, Size::Slide).unwrap().title
    }

    fn first(forecast: &mut Forecast) -> &mut EachOutcome {
        forecast.targets[1].each.as_mut().unwrap()
    }

    #[test]
    fn the_title_says_when_the_level_is_first_reached() {
        let mut forecast = full(&YEARS, Some(12));
        assert_eq!(
            title(&forecast),
            "Total bookings first reach €1.5M a month in January 2028; 8 chances in 10 between September 2027 and May 2028"
        );
        first(&mut forecast).first_p90 = None;
        first(&mut forecast).never = 0.23;
        assert_eq!(
            title(&forecast),
            "Total bookings first reach €1.5M a month in January 2028; not within these 36 months in 23 in 100 futures"
        );
        first(&mut forecast).first_p50 = None;
        first(&mut forecast).never = 0.64;
        assert_eq!(
            title(&forecast),
            "Total bookings reach €1.5M a month within these 36 months in 36 in 100 futures; 1 chance in 10 by September 2027"
        );
        first(&mut forecast).first_p10 = Some("2029-12".to_owned());
        assert_eq!(title(&forecast), "Total bookings reach €1.5M a month within these 36 months in 36 in 100 futures");
        first(&mut forecast).first_p10 = None;
        first(&mut forecast).never = 1.0;
        assert_eq!(
            title(&forecast),
            "Total bookings reach €1.5M a month within these 36 months in fewer than 1 in 100 futures"
        );
    }

    #[test]
    fn levels_and_quarters_have_their_own_words() {
        let arr = Sample { metric: Metric::Arr, targets: &[("each-quarter", 3e6)], name: "Europe", ..YEARS };
        let drawing = layout(&full(&arr, Some(12)), Size::Slide).unwrap();
        assert_eq!(
            drawing.title,
            "Europe: ARR first reaches €3M in Q1 2028; 8 chances in 10 between Q3 2027 and Q2 2028"
        );
        assert!(drawing.about.starts_with(
            "Each bar: the chance that ARR of Europe reaches €3M at the end of that quarter, whatever the others do; all 12 \
             quarters do together in 37 in 100 futures."
        ));
    }

    #[test]
    fn a_single_month_is_named_once() {
        let month = Sample { months: 1, targets: &[("each-month", 5e5)], ..YEARS };
        let mut forecast = full(&month, Some(0));
        for first_p50 in [Some("2027-01".to_owned()), None] {
            *forecast.targets[0].each.as_mut().unwrap() =
                EachOutcome { never: 0.996, first_p50, ..forecast.targets[0].each.clone().unwrap() };
            let drawing = layout(&forecast, Size::Slide).unwrap();
            assert_eq!(drawing.title, "Total bookings reach €500k in January 2027 in fewer than 1 in 100 futures");
            assert_eq!(drawing.about, "The bar: the chance that total bookings reach €500k in that month.");
        }
    }

    #[test]
    fn without_targets_of_every_period_there_is_no_chart() {
        for targets in [&[] as &[_], &[("2027", 9e6), ("total", 4e6)]] {
            assert!(layout(&full(&Sample { targets, ..YEARS }, Some(12)), Size::Slide).is_none());
        }
        let mut unknown = full(&YEARS, Some(12));
        unknown.targets.iter_mut().for_each(|target| target.at_least = f64::NAN);
        assert!(layout(&unknown, Size::Slide).is_none());
    }
}
