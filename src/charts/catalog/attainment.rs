//! Targets that are asked of every month or quarter: the chance of each one, and when the level is first reached.

use super::first_reach::FirstReach;
use crate::charts::axes::month::Months;
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value;
use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::text::fit;
use crate::charts::canvas::{font, style};
use crate::charts::marks::end_labels::{self, EndLabel, Key};
use crate::charts::marks::frame::Headline;
use crate::charts::marks::label_placement::spread;
use crate::charts::marks::{frame, small_multiples};
use crate::charts::wording::figures::Figures;
use crate::charts::wording::words;
use crate::forecast::{EachOutcome, Forecast, TargetOutcome};
use crate::stats::Estimate;
use crate::units::format::chance_in_percent;
use crate::units::{Frequency, Horizon, Period};

/// More panels than this would be too low to be read.
const MAX_PANELS: usize = 2;
/// Above a panel: its heading, and the air under the strip, on a slide.
const HEADING: f64 = 20.0;
const AIR: f64 = 22.0;
/// Between panels, on a slide.
const BETWEEN: f64 = 14.0;

/// The chart, laid out; `None` without targets of every month or quarter.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let all: Vec<RepeatedTarget<'_>> =
        forecast.targets.iter().filter_map(|target| RepeatedTarget::read(forecast, target)).collect();
    let shown = &all[..all.len().min(if sheet.is_preview() { 1 } else { MAX_PANELS })];
    let headline = shown.first()?.headline(forecast, &sheet, shown.len(), all.len());

    let (mut drawing, top) = headline.begin(forecast, size);
    let several = shown.len() > 1;
    let chances: &[f64] =
        if several || sheet.is_preview() { &[0.0, 0.5, 1.0] } else { &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0] };
    let labels: Vec<String> = chances.iter().map(|c| format!("{:.0}\u{A0}%", c * 100.0)).collect();
    let top = if sheet.is_preview() { top - 8.0 } else { top - sheet.scaled(16.0) };
    let whole = frame::plot(&sheet, top, &labels, end_labels::width(&sheet));
    let above = strip_height(&sheet) + if sheet.is_preview() { 4.0 } else { sheet.scaled(HEADING + AIR) };
    let plots = small_multiples::stacked(&whole, &vec![1.0; shown.len()], above, sheet.scaled(BETWEEN));
    let months = if forecast.months == 1 {
        Months::by_middles(Horizon { months: 1, ..forecast.horizon() }, &whole, sheet)
    } else {
        Months::side_by_side(forecast.horizon(), &whole, sheet)
    };
    for plot in &plots {
        let up = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
        value::upwards(&mut drawing, plot, &up, chances, &labels);
    }
    small_multiples::months_below(&mut drawing, &months, &plots);
    for (repeated, plot) in shown.iter().zip(&plots) {
        repeated.draw(&mut drawing, forecast, &months, plot);
        if several {
            repeated.draw_difference(&mut drawing, forecast, plot, &shown[0]);
        }
    }
    Some(drawing)
}

impl RepeatedTarget<'_> {
    /// Draws the heading, the strip and the bars of the panel whose bars fill `plot`.
    fn draw(&self, drawing: &mut Drawing, forecast: &Forecast, months: &Months, plot: &Rect) {
        let sheet = drawing.sheet;
        let up = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
        self.draw_bars(drawing, months, plot, &up);
        let air = if sheet.is_preview() { 4.0 } else { sheet.scaled(AIR) };
        let bottom = plot.top - air;
        let strip = Rect { top: bottom - strip_height(&sheet), bottom, ..*plot };
        // Of the only month the bar says it all.
        if months.count() > 1 {
            draw_strip(drawing, months, &self.arrival, &strip);
        }
        if sheet.is_preview() {
            return;
        }
        drawing.text(self.heading(forecast, &sheet, plot));

        let last = self.each.probabilities.value.last().copied().flatten().unwrap_or_default();
        let label = |y, text: String, key| EndLabel { y, text, key };
        let alone =
            if self.periods.len() == 1 { "its chance".to_owned() } else { format!("each {} alone", self.period()) };
        let mut labels = vec![label(up.at(last), alone, Key::Median)];
        if self.arrival.at[0].is_some() && months.count() > 1 {
            let y = strip_level(&sheet, &strip);
            labels.push(label(y, "first reached, 8 in 10".to_owned(), Key::Band(style::BANDS[1])));
        }
        let room = Rect { top: strip.top, ..*plot };
        end_labels::write(drawing, labels, &room, None);
    }

    /// "Every month: €1.5M a month" over the panel whose bars fill `plot`.
    fn heading(&self, forecast: &Forecast, sheet: &Sheet, plot: &Rect) -> Text {
        let level = format!(": {}", self.level(forecast));
        let room = 0.5 * sheet.room() - font::width(&level, sheet.label, true);
        let name = fit(&self.target.name, sheet.label, true, room);
        let height = plot.top - sheet.scaled(AIR + 8.0) - strip_height(sheet);
        Text::new(&format!("{name}{level}"), (sheet.margin, height), sheet.label).bold().ink(style::TARGET)
    }

    /// Writes beside the heading what tells one of several targets from the first: "all 12 quarters in 37 in 100 futures; ARR
    /// of Europe".
    fn draw_difference(&self, drawing: &mut Drawing, forecast: &Forecast, plot: &Rect, first: &RepeatedTarget<'_>) {
        let (sheet, target) = (drawing.sheet, self.target);
        let all = self.all().map(|all| format!("{all} in {} futures", target.probability.chance()));
        let same = target.metric == first.target.metric && target.scope == first.target.scope;
        let measured = (!same).then(|| words::measured_of(forecast, target.metric, &target.scope, &sheet));
        let first = all.as_ref().map(|all| format!("{all}{}", self.hardly_ever()));
        let aside = |all: Option<String>| all.into_iter().chain(measured.clone()).collect::<Vec<String>>().join("; ");
        let heading = self.heading(forecast, &sheet, plot);
        // The bold letters of another face than that of the layout may be wider.
        let left = sheet.margin + 1.12 * heading.width() + sheet.scaled(12.0);
        let room = sheet.width - sheet.margin - left;
        let long = Some(aside(first)).filter(|text| font::width(text, sheet.label, false) <= room);
        let aside = fit(&long.unwrap_or_else(|| aside(all)), sheet.label, false, room);
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
            .zip(self.each.probabilities.iter().map(Estimate::known))
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
            value::base_line(drawing, plot, up);
            for bar in &bars {
                drawing.stroke(vec![(bar.left, bar.top), (bar.right, bar.top)], style::MEDIAN, style::MEDIAN_WIDTH);
            }
        } else {
            let ends = [(bars[bars.len() - 1].right, plot.bottom), (bars[0].left, plot.bottom)];
            drawing.area(tops.clone().chain(ends).collect(), style::BANDS[0]);
            value::base_line(drawing, plot, up);
            drawing.stroke(tops.collect(), style::MEDIAN, 0.7 * style::MEDIAN_WIDTH);
        }
        let room = font::width("<1\u{A0}%", sheet.axis, false).max(font::width("100\u{A0}%", sheet.axis, false));
        if sheet.is_preview() || width - gap < room {
            return;
        }
        for (bar, chance) in bars.iter().zip(self.each.probabilities.iter()) {
            let at = ((bar.left + bar.right) / 2.0, bar.top - sheet.scaled(5.0));
            drawing
                .text(Text::new(&chance_in_percent(chance.known(), chance.error), at, sheet.axis).at(Anchor::Middle));
        }
    }
}

/// Height of the bar, and from its middle up to the labels' baseline, on a slide.
const BAR: f64 = 10.0;
const RISE: f64 = 17.0;
/// Half the stroke of the median, beyond the bar, on a slide.
const BEYOND: f64 = 4.0;
/// Between labels, on a slide.
const STRIP_GAP: f64 = 18.0;
/// How far the head of an arrow reaches, on a slide.
const HEAD: f64 = 9.0;

/// How high the strip is.
fn strip_height(sheet: &Sheet) -> f64 {
    sheet.scaled(if sheet.is_preview() { BAR + 2.0 * BEYOND } else { 38.0 })
}

/// The height at which the bar lies.
fn strip_level(sheet: &Sheet, strip: &Rect) -> f64 {
    strip.bottom - sheet.scaled(BAR / 2.0 + BEYOND)
}

/// Draws the range from the P10 period to the P90 one, with the median one marked in it. A range that goes on beyond the last
/// month ends in an arrow; where the level is hardly ever reached there is none.
fn draw_strip(drawing: &mut Drawing, months: &Months, arrival: &FirstReach, strip: &Rect) {
    let sheet = drawing.sheet;
    let (middle, half) = (strip_level(&sheet, strip), sheet.scaled(BAR / 2.0));
    let [first, median, last] = arrival.at.each_ref().map(|period| period.as_ref().map(|p| span(months, p)));
    if let Some((left, _)) = first {
        let end = months.edge(months.count());
        let right = last.map_or(end, |(_, right)| right).max(left + 3.0);
        let bar = Rect { left, right, top: middle - half, bottom: middle + half };
        drawing.area(bar.corners(), style::BANDS[1]);
        if last.is_none() {
            let high = half + sheet.scaled(BEYOND);
            let head = vec![(right, middle - high), (right + sheet.scaled(HEAD), middle), (right, middle + high)];
            drawing.area(head, style::BANDS[1]);
        }
    }
    if let Some((left, right)) = median {
        let (x, reach) = ((left + right) / 2.0, half + sheet.scaled(BEYOND));
        drawing.stroke(vec![(x, middle - reach), (x, middle + reach)], style::MEDIAN, 1.5 * style::MEDIAN_WIDTH);
    }
    if !sheet.is_preview() {
        label_strip(drawing, months, arrival, strip);
    }
}

/// Writes which period is which, each as near to it as the others allow.
fn label_strip(drawing: &mut Drawing, months: &Months, arrival: &FirstReach, strip: &Rect) {
    let sheet = drawing.sheet;
    let labels = arrival.labels();
    let place = |period: Option<&Period>| {
        period.map_or(strip.right, |period| {
            let (left, right) = span(months, period);
            (left + right) / 2.0
        })
    };
    let wanted: Vec<f64> = labels.iter().map(|(_, period)| place(*period)).collect();
    let widths: Vec<f64> = labels.iter().map(|(text, _)| font::width(text, sheet.label, false)).collect();
    let lengths: Vec<f64> = widths.iter().map(|width| width + sheet.scaled(STRIP_GAP)).collect();
    let half = |i: usize| widths.get(i).map_or(0.0, |width| width / 2.0);
    let (low, high) = (strip.left + half(0), strip.right - half(labels.len() - 1));
    let middle = strip_level(&sheet, strip);
    // They stand in the order of the marks, which is enough to tell which is which.
    for ((text, _), x) in labels.iter().zip(spread(&wanted, &lengths, low, high)) {
        let at = (x, middle - sheet.scaled(RISE));
        drawing.text(Text::new(text, at, sheet.label).at(Anchor::Middle));
    }
}

/// From where to where a period lies.
fn span(months: &Months, period: &Period) -> (f64, f64) {
    (months.edge(period.months.start), months.edge(period.months.end))
}

/// A target of every month or quarter.
#[derive(Debug)]
pub(super) struct RepeatedTarget<'a> {
    /// The target, as the forecast has it.
    pub(super) target: &'a TargetOutcome,
    /// The chances of its periods, and when its level is first reached.
    pub(super) each: &'a EachOutcome,
    /// Its periods, as many as have a chance.
    pub(super) periods: Vec<Period>,
    /// When its level is first reached.
    pub(super) arrival: FirstReach,
}

impl<'a> RepeatedTarget<'a> {
    /// Reads it, if the target is asked of every month or quarter and something is known of each.
    pub(super) fn read(forecast: &Forecast, target: &'a TargetOutcome) -> Option<RepeatedTarget<'a>> {
        let each = target.each.as_ref().filter(|_| target.at_least.is_finite())?;
        let horizon = forecast.horizon();
        let periods: Vec<Period> = each
            .periods
            .iter()
            .zip(&each.probabilities.value)
            .filter(|(_, chance)| chance.is_some_and(f64::is_finite))
            .filter_map(|(label, _)| words::period(&horizon, label))
            .collect();
        if periods.is_empty() || periods.len() != each.probabilities.value.len() {
            return None;
        }
        let first = [&each.first_p10, &each.first_p50, &each.first_p90];
        let at = first.map(|label| words::period(&horizon, label.as_deref()?));
        Some(RepeatedTarget { target, each, periods, arrival: FirstReach { horizon, at, never: each.never } })
    }

    /// The noun of its periods: "month" or "quarter".
    pub(super) fn period(&self) -> &'static str {
        if self.periods[0].every == Frequency::Month { "month" } else { "quarter" }
    }

    /// "€1.5M a month"; a level is not so much a month, nor is what is asked of the only one.
    pub(super) fn level(&self, forecast: &Forecast) -> String {
        let level = Figures::Of(self.target.metric, &forecast.currency).exact(self.target.at_least);
        let repeats = self.arrival.horizon.months > 1;
        if repeats && self.target.metric.is_flow() { format!("{level} a {}", self.period()) } else { level }
    }

    /// "all 36 months"; nothing of a single one.
    pub(super) fn all(&self) -> Option<String> {
        (self.periods.len() > 1).then(|| format!("all {} {}s", self.periods.len(), self.period()))
    }

    /// Which periods at the start make that so: ", each of the first 4 in fewer than 1 in 100"; nothing where those are none or all.
    fn hardly_ever(&self) -> String {
        let few = self.each.probabilities.iter().take_while(|chance| chance.known() < 0.01).count();
        match few {
            0 => String::new(),
            few if few == self.periods.len() => String::new(),
            1 => format!(", the first {} alone in fewer than 1 in 100", self.period()),
            few => format!(", each of the first {few} in fewer than 1 in 100"),
        }
    }

    /// What is said above the chart, of whose `all` targets it shows `shown`.
    pub(super) fn headline(&self, forecast: &Forecast, sheet: &Sheet, shown: usize, all: usize) -> Headline {
        let (title, brief) = self.findings(forecast, sheet);
        let (metric, period, arrival) = (self.target.metric, self.period(), &self.arrival);
        let measured = words::measured_of(forecast, metric, &self.target.scope, sheet);
        let reach = words::reach(metric);
        let level = Figures::Of(metric, &forecast.currency).exact(self.target.at_least);
        let when = if metric.is_flow() { format!("in that {period}") } else { format!("at the end of that {period}") };
        let mut subtitle =
            format!("Each bar: the chance that {measured} {reach} {level} {when}, whatever the others do");
        if self.periods.len() == 1 {
            subtitle = format!("The bar: the chance that {measured} {reach} {level} {when}");
        }
        // Of several targets it stands beside each.
        if let Some(every) = self.all().filter(|_| shown == 1) {
            let chance = self.target.probability.chance();
            subtitle += &format!("; {every} do together in {chance} futures{}", self.hardly_ever());
        }
        subtitle.push('.');
        if arrival.horizon.months > 1 {
            let on_top = if arrival.at[0].is_some() { " On top: when it is first reached." } else { "" };
            subtitle += on_top;
        }
        if let Some(never) = arrival.never().filter(|_| arrival.at[2].is_some() && arrival.horizon.months > 1) {
            subtitle += &format!(" Never {}: {never}.", arrival.within());
        }
        if all > shown {
            subtitle += &format!(" The first {shown} of {all} such targets.");
        }
        Headline { title, brief, subtitle }
    }

    /// When it is first reached in words, at length and in brief.
    fn findings(&self, forecast: &Forecast, sheet: &Sheet) -> (String, String) {
        let (target, arrival) = (self.target, &self.arrival);
        let subject = words::subject_of(forecast, target.metric, &target.scope, sheet);
        let (reach, level) = (words::reach(target.metric), self.level(forecast));
        let single = arrival.horizon.months == 1;
        let within = if single {
            words::when(&arrival.horizon, &self.periods[0].label, target.metric)
        } else {
            arrival.within()
        };
        let [first, median, last] = &arrival.at;
        let Some(median) = median.as_ref().filter(|_| !single) else {
            let chance = arrival.never.complement().chance();
            let mut title = format!("{subject} {reach} {level} {within} in {chance} futures");
            if let Some(first) = first.as_ref().filter(|first| !arrival.ends_with(first)) {
                title += &format!("; 1 chance in 10 by {}", arrival.name(first));
            }
            return (title, format!("{subject} {reach} {level}: {chance}"));
        };
        let found = format!("{subject} first {reach} {level} in {}", arrival.name(median));
        let title = match (arrival.between(), last) {
            (Some(between), _) => format!("{found}; 8 chances in 10 between {between}"),
            (None, Some(_)) => format!("{found} in at least 8 futures in 10"),
            (None, None) => format!("{found}; not {within} in {} futures", arrival.never.chance()),
        };
        (title, format!("{subject} {reach} {level}: {}", arrival.brief_name(median)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::forecast::Sample;
    use crate::charts::samples::full::full;
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
        first(&mut forecast).never.value = Some(0.23);
        assert_eq!(
            title(&forecast),
            "Total bookings first reach €1.5M a month in January 2028; not within these 36 months in 23 in 100 futures"
        );
        first(&mut forecast).first_p50 = None;
        first(&mut forecast).never.value = Some(0.64);
        assert_eq!(
            title(&forecast),
            "Total bookings reach €1.5M a month within these 36 months in 36 in 100 futures; 1 chance in 10 by September 2027"
        );
        first(&mut forecast).first_p10 = Some("2029-12".to_owned());
        assert_eq!(title(&forecast), "Total bookings reach €1.5M a month within these 36 months in 36 in 100 futures");
        first(&mut forecast).first_p10 = None;
        first(&mut forecast).never.value = Some(1.0);
        assert_eq!(
            title(&forecast),
            "Total bookings reach €1.5M a month within these 36 months in fewer than 3 in 100 futures"
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
                EachOutcome { never: Estimate::exact(0.996), first_p50, ..forecast.targets[0].each.clone().unwrap() };
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
