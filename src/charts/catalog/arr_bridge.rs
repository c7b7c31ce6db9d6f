//! The bridge of ARR from year to year: what is new, what contracts gain and lose by renewals, what is lost to churn.

use std::ops::Range;

use plotters::style::RGBColor;

use crate::analysis::Span;
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value::{self, extent, marks};
use crate::charts::canvas::drawing::{Anchor, Drawing, Text};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::{font, style};
use crate::charts::marks::columns::{Columns, Name};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::legend::{self, Key};
use crate::charts::wording::figures::Figures;
use crate::charts::wording::words;
use crate::forecast::Forecast;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::{Frequency, format};

/// Room for the legend, on a slide.
const LEGEND: f64 = 26.0;

/// What moves ARR: which way, what it is called, and its colour.
const FLOWS: [(Metric, f64, &str, RGBColor); 4] = [
    (Metric::ArrNew, 1.0, "new", style::BANDS[2]),
    (Metric::ArrExpansion, 1.0, "expansion", style::BANDS[1]),
    (Metric::ArrContraction, -1.0, "contraction", style::PARTS[3].fill),
    (Metric::ArrChurn, -1.0, "churn", style::AGAINST),
];

/// A year: what moves ARR in it, and what that comes to at its end.
struct Year {
    label: String,
    /// The means of the flows, with their signs.
    steps: Vec<Estimate>,
    end: Estimate,
    /// P10 and P90 at its end.
    band: Option<[f64; 2]>,
}

/// A column: from where to where, and whether it is the ARR of a day.
struct Column<'a> {
    from: f64,
    to: f64,
    fill: RGBColor,
    /// What stands below it; nothing of a flow.
    label: &'a str,
    /// The year that it ends.
    end: Option<&'a Year>,
}

/// The chart, laid out; `None` where no contracts in force are given, or a mean is not known.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let mut years = years(forecast)?;
    let moves = |flow: usize| years.iter().any(|year| year.steps[flow].known() != 0.0);
    let shown: Vec<usize> = (0..FLOWS.len()).filter(|flow| moves(*flow)).collect();
    let most = match size {
        Size::Slide => 28,
        Size::Page | Size::Inset => 20,
        Size::Thumb | Size::NarrowInset => 16,
    };
    let all = years.len();
    years.truncate(((most - 1) / (shown.len() + 1)).max(1));
    let (first, last) = (years.first()?, years.last()?);
    let moved: f64 = first.steps.iter().map(|step| step.known()).sum();
    // There is no ARR below 0; rounded means may say so.
    let begin = (first.end.known() - moved).max(0.0);

    let day = format::day(forecast.as_of?);
    let mut columns = vec![Column { from: 0.0, to: begin, fill: style::MEDIAN, label: &day, end: None }];
    let mut level = begin;
    for year in &years {
        for flow in &shown {
            let next = level + year.steps[*flow].known();
            columns.push(Column { from: level, to: next, fill: FLOWS[*flow].3, label: "", end: None });
            level = next;
        }
        // Each mean is rounded by itself.
        level = year.end.known();
        columns.push(Column { from: 0.0, to: level, fill: style::MEDIAN, label: &year.label, end: Some(year) });
    }
    let bands = columns.iter().filter_map(|column| column.end?.band).flatten();
    let values = columns.iter().flat_map(|column| [column.from, column.to]).chain(bands);
    let (low, high) = values.fold((0.0, 0.0), |(low, high): (f64, f64), x| (low.min(x), high.max(x)));
    if !(high - low).is_finite() || high <= low {
        return None;
    }
    let figures = Figures::Of(Metric::Arr, &forecast.currency);
    let marks = marks(low, high, &sheet, false);
    let labels = figures.axis(&marks);
    let headline = headline(forecast, &figures, (begin, &years), all, &sheet)?;
    let (mut drawing, top) = headline.begin(forecast, size);
    let below = if sheet.is_preview() { 0.0 } else { sheet.scaled(LEGEND) };
    let plot = frame::plot(&sheet, top + below, &labels, 0.0);
    let scale = Scale::new(extent(low, high, &marks), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
    let places = Columns::new(plot, columns.len());
    for (i, column) in columns.iter().enumerate() {
        let bar = places.bar(&drawing, i, scale.at(column.from), scale.at(column.to));
        drawing.area(bar.corners(), column.fill);
        let mut head = bar.top;
        if let Some([low, high]) = column.end.and_then(|year| year.band).filter(|[low, high]| low < high) {
            places.whisker(&mut drawing, i, scale.at(low), scale.at(high));
            head = head.min(scale.at(high));
        }
        let text = figures.about(column.to, last.end.error);
        let fits = 1.03 * font::width(&text, sheet.axis, true) <= places.slot() - 4.0;
        if !column.label.is_empty() && fits && !sheet.is_preview() {
            let at = (places.middle(i), head - sheet.scaled(5.0));
            drawing.text(Text::new(&text, at, sheet.axis).at(Anchor::Middle).bold());
        }
        if i + 1 < columns.len() {
            let ends = [bar.right, places.bar(&drawing, i + 1, 0.0, 0.0).left];
            drawing.line(ends.map(|x| (x, scale.at(column.to))).to_vec(), style::AXIS_LINE, 1.2);
        }
    }
    value::base_line(&mut drawing, &plot, &scale);
    let names = columns.iter().map(|column| Name { own: String::new(), shared: column.label.to_owned() });
    places.name(&mut drawing, &names.collect::<Vec<Name>>());
    if !sheet.is_preview() {
        let mut keys = vec![Key::bar(style::MEDIAN, "ARR")];
        keys.extend(shown.iter().map(|flow| Key::bar(FLOWS[*flow].3, FLOWS[*flow].2)));
        keys.push(Key::line(style::INK, "8 futures in 10"));
        legend::write(&mut drawing, &keys, top - sheet.scaled(4.0));
    }
    Some(drawing)
}

/// The years that end after the as-of day, or all that is left where the horizon has no whole year.
fn years(forecast: &Forecast) -> Option<Vec<Year>> {
    let (horizon, known) = (forecast.horizon(), forecast.months_known());
    let every = forecast.fiscal(Frequency::Year);
    let mut spans: Vec<(String, Range<usize>)> =
        horizon.every(every).into_iter().map(|period| (period.label, period.months)).collect();
    spans.retain(|(_, months)| months.end > known);
    if spans.is_empty() {
        spans.push((words::brief_month(horizon.last()), 0..horizon.months));
    }
    let monthly = |metric: Metric| forecast.series(metric, "total", Frequency::Month);
    let mean = |metric: Metric, month: usize| {
        Some(monthly(metric)?.bands.mean.at(month)).filter(|found| found.value.is_some())
    };
    let arr = monthly(Metric::Arr)?;
    let year = |(label, months): (String, Range<usize>)| {
        let step = |(metric, sign, ..): &(Metric, f64, &str, RGBColor)| {
            let mut sum = Estimate::exact(0.0);
            for month in months.start.max(known)..months.end {
                let found = mean(*metric, month)?;
                sum.value = sum.value.zip(found.value).map(|(sum, value)| sum + sign * value);
                // Months go together in ways that are not told; the largest error is the least that the sum can have.
                sum.error = sum.error.zip(found.error).map(|(a, b)| a.max(b));
            }
            Some(sum)
        };
        let bands = arr.bands.at(months.end - 1);
        let steps = FLOWS.iter().map(step).collect::<Option<Vec<Estimate>>>()?;
        bands.mean.value?;
        Some(Year { label, steps, end: bands.mean, band: bands.p10.value.zip(bands.p90.value).map(<[f64; 2]>::from) })
    };
    spans.into_iter().map(year).collect()
}

fn headline(
    forecast: &Forecast,
    figures: &Figures<'_>,
    (begin, years): (f64, &[Year]),
    all: usize,
    sheet: &Sheet,
) -> Option<Headline> {
    let last = years.last()?;
    let day = format::day(forecast.as_of?);
    let total = |flow: usize| {
        let each = || years.iter().map(|year| year.steps[flow]);
        let error = each().filter_map(|step| step.error).fold(0.0, f64::max);
        Estimate { value: Some(each().map(|step| step.known()).sum()), error: Some(error) }
    };
    let steps: Vec<Estimate> = (0..FLOWS.len()).map(total).collect();
    let begin = Estimate { value: Some(begin), error: last.end.error };
    let shown = Span { from: begin, steps, to: last.end }.shown(Some(Metric::Arr))?;
    let texts = figures.steps(shown.ends, &shown.steps);
    let brought: Vec<String> = FLOWS
        .iter()
        .zip(&texts.steps)
        .zip(&shown.steps)
        .filter(|(_, amount)| **amount != 0.0)
        .map(|(((.., name, _), text), _)| format!("{text} {name}"))
        .collect();
    let by = format!("the end of {}", last.label);
    let way = format!("ARR goes from {} on {day} to {} by {by} on average", texts.from, texts.to);
    let mut titles = vec![way.clone()];
    if !brought.is_empty() {
        titles.insert(0, format!("{way}: {}", brought.join(", ")));
    }
    let left_out =
        if years.len() < all { format!(" The first {} of {all} years.", years.len()) } else { String::new() };
    let subtitle = format!(
        "ARR on the as-of day and at the end of each year, with the new ARR, expansion, contraction and churn between them: means, which \
         add up. Whisker: from P10 to P90 of ARR.{left_out}"
    );
    let brief = frame::with_room(
        vec![format!("ARR from {} to {} by {}", texts.from, texts.to, last.label), format!("ARR: {}", texts.to)],
        sheet,
    );
    Some(Headline { title: frame::with_room(titles, sheet), brief, subtitle })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::checked::check_texts;
    use crate::forecast::sources::tests::running;

    #[test]
    fn the_bridge_begins_on_the_as_of_day_and_its_steps_add_up() {
        let forecast = running();
        let years = years(&forecast).unwrap();
        let at = |metric: Metric, month: usize| {
            forecast.series(metric, "total", Frequency::Month).unwrap().bands.mean.at(month).known()
        };
        assert_eq!(years.len(), 1);
        // Nothing was under contract: what there is on the as-of day was closed in its month and before.
        let begin = years[0].end.known() - years[0].steps.iter().map(|step| step.known()).sum::<f64>();
        let of_the_day = at(Metric::Arr, 4) - at(Metric::ArrNew, 4) + at(Metric::ArrChurn, 4);
        assert!((begin - of_the_day).abs() < 0.01 * of_the_day.abs().max(100.0), "{begin} {of_the_day}");
        for size in Size::ALL.into_iter().chain(Size::OF_FIGURES) {
            check_texts(&layout(&forecast, size).unwrap(), size.key());
        }
        // What is lost to churn was there on the as-of day.
        let mut churned = running();
        let series = churned.series.iter_mut().find(|series| {
            (series.metric, series.scope.as_str(), series.every) == (Metric::ArrChurn, "total", Frequency::Month)
        });
        series.unwrap().bands.mean.value[10] = Some(at(Metric::ArrChurn, 10) + 250.0);
        let found = super::years(&churned).unwrap();
        assert_eq!(found[0].steps[3].known(), years[0].steps[3].known() - 250.0);
        let title = |forecast: &Forecast| layout(forecast, Size::Slide).unwrap().title;
        assert!(title(&churned).contains(" churn") && !title(&forecast).contains(" churn"));
        let mut without = running();
        without.series.retain(|series| series.metric != Metric::ArrNew);
        assert!(layout(&without, Size::Slide).is_none());
    }
}
