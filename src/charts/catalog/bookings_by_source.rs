//! What bookings come from, period by period: what is closed, the deals that are open, those not yet created.

use crate::analysis::Span;
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value::{self, extent, marks};
use crate::charts::canvas::drawing::Drawing;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style::{self, Shade};
use crate::charts::marks::columns::{Columns, Name};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::legend::{self, Key};
use crate::charts::wording::figures::Figures;
use crate::charts::wording::words;
use crate::forecast::{At, Forecast, SourceStack};
use crate::scenario::{Metric, Source};
use crate::stats::Estimate;
use crate::units::Frequency;

/// With more quarters than this, years are shown.
const MOST_QUARTERS: usize = 16;
/// Room for the legend, on a slide.
const LEGEND: f64 = 26.0;

/// A column: a period with what each source brings at the median, and P10 and P90 of the sum.
struct Column<'a> {
    stack: &'a SourceStack,
    parts: Vec<Estimate>,
    band: [f64; 2],
    median: Estimate,
}

/// A source that brings something in some period.
struct Part {
    metric: Metric,
    /// What it is called in the legend and how the title says of an amount that it comes from there.
    name: &'static str,
    told: &'static str,
    shade: Shade,
}

/// The chart, laid out; `None` where the business does not run yet or nothing is booked.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let (parts, columns) = stacks(forecast)?;
    let figures = Figures::Of(Metric::Bookings, &forecast.currency);
    let highest = columns.iter().map(|column| column.band[1].max(column.height())).fold(0.0, f64::max);
    if highest <= 0.0 || !highest.is_finite() {
        return None;
    }
    let marks = marks(0.0, highest, &sheet, false);
    let labels = figures.axis(&marks);
    let (mut drawing, top) = headline(forecast, &figures, &parts, &columns, &sheet).begin(forecast, size);
    let below = if sheet.is_preview() { 0.0 } else { sheet.scaled(LEGEND) };
    let plot = frame::plot(&sheet, top + below, &labels, 0.0);
    let scale = Scale::new(extent(0.0, highest, &marks), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
    let places = Columns::new(plot, columns.len());
    for (i, column) in columns.iter().enumerate() {
        let mut level = 0.0;
        for (part, amount) in parts.iter().zip(&column.parts) {
            let next = level + amount.known();
            if next > level {
                let bar = places.bar(&drawing, i, scale.at(level), scale.at(next));
                drawing.area(bar.corners(), part.shade.fill);
            }
            level = next;
        }
        if column.band[0] < column.band[1] {
            places.whisker(&mut drawing, i, scale.at(column.band[0]), scale.at(column.band[1]));
        }
    }
    value::base_line(&mut drawing, &plot, &scale);
    places.name(&mut drawing, &columns.iter().map(Column::name).collect::<Vec<Name>>());
    if !sheet.is_preview() {
        let mut keys: Vec<Key> = parts.iter().map(|part| Key::bar(part.shade.fill, part.name)).collect();
        keys.push(Key::line(style::INK, "8 futures in 10 of the sum"));
        legend::write(&mut drawing, &keys, top - sheet.scaled(4.0));
    }
    Some(drawing)
}

/// The sources that bring something, and the columns of quarters, or of years where there are too many.
fn stacks(forecast: &Forecast) -> Option<(Vec<Part>, Vec<Column<'_>>)> {
    let of = |every: Frequency| -> Vec<Column<'_>> {
        let stacks = forecast.source_stacks.iter().filter(|stack| stack.every == every);
        stacks.filter_map(|stack| Column::read(forecast, stack)).collect()
    };
    let quarters = of(forecast.fiscal(Frequency::Quarter));
    let columns = match quarters.len() {
        1..=MOST_QUARTERS => quarters,
        _ => of(forecast.fiscal(Frequency::Year)),
    };
    let brings = |i: usize| columns.iter().any(|column| column.parts[i].known() > 0.0);
    let sources = Metric::Bookings.parts().enumerate().filter(|(i, _)| brings(*i));
    let parts: Vec<(usize, Part)> = sources.filter_map(|(i, metric)| Some((i, Part::of(metric)?))).collect();
    // What is below nothing cannot be stacked.
    let sound = columns.iter().flat_map(|column| &column.parts).all(|part| part.known() >= 0.0);
    let (places, parts): (Vec<usize>, Vec<Part>) = parts.into_iter().unzip();
    let columns = columns.into_iter().map(|column| {
        let parts = places.iter().map(|i| column.parts[*i]).collect();
        Column { parts, ..column }
    });
    (sound && !parts.is_empty()).then(|| (parts, columns.collect()))
}

impl Part {
    fn of(metric: Metric) -> Option<Part> {
        let (name, told, at) = match metric.spec().source {
            Source::Closed => ("closed", "is closed", 0),
            Source::Open => ("open deals", "comes from open deals", 1),
            Source::New => ("not yet created", "is not yet created", 2),
            Source::OneOffs => ("one-off deals", "comes from one-off deals", 3),
            Source::All | Source::Contracts => return None,
        };
        Some(Part { metric, name, told, shade: style::PARTS[at] })
    }
}

impl<'a> Column<'a> {
    /// `None` where something is not known.
    fn read(forecast: &Forecast, stack: &'a SourceStack) -> Option<Column<'a>> {
        let series = forecast.series(Metric::Bookings, "total", stack.every)?;
        let at = forecast.periods(stack.every)?.labels.iter().position(|label| *label == stack.period)?;
        let bands = series.bands.at(at);
        let part = |metric: Metric| {
            let found = stack.sources.iter().find(|source| source.at == At::P50 && source.metric == metric);
            // Where the median is 0, so is every part.
            found.map(|source| source.amount).filter(|amount| amount.value.is_some_and(f64::is_finite))
        };
        let parts: Vec<Estimate> =
            Metric::Bookings.parts().map(|metric| part(metric).unwrap_or(Estimate::exact(0.0))).collect();
        Some(Column { stack, parts, band: [bands.p10.value?, bands.p90.value?], median: bands.p50 })
    }

    fn height(&self) -> f64 {
        self.parts.iter().map(|part| part.known()).sum()
    }

    /// "Q2" of 2027; a year by itself.
    fn name(&self) -> Name {
        let (own, shared) = match self.stack.period.split_once('-') {
            Some((year, quarter)) => (quarter, year),
            None => (self.stack.period.as_str(), ""),
        };
        Name { own: own.to_owned(), shared: shared.to_owned() }
    }
}

/// The column that the title tells: that of the main figure's period, else that in which the as-of day lies, else the first.
fn told<'c, 'a>(forecast: &Forecast, columns: &'c [Column<'a>]) -> Option<&'c Column<'a>> {
    let horizon = forecast.horizon();
    let ends =
        |column: &Column<'_>| words::period(&horizon, &column.stack.period).map_or(0, |period| period.months.end);
    let main = columns.iter().find(|column| column.stack.period == forecast.main.period);
    main.or_else(|| columns.iter().find(|column| ends(column) > forecast.months_known())).or(columns.first())
}

fn headline(
    forecast: &Forecast,
    figures: &Figures<'_>,
    parts: &[Part],
    columns: &[Column<'_>],
    sheet: &Sheet,
) -> Headline {
    let subtitle = "Bookings by their source where they come out at P50 (the outcome in the middle): what each source brings on average in the \
                    futures around it, so that the parts add up. Whisker: from P10 to P90 of the sum."
        .to_owned();
    let finding = told(forecast, columns).and_then(|column| {
        let span = Span { from: Estimate::exact(0.0), steps: column.parts.clone(), to: column.median };
        let shown = span.shown(Some(Metric::Bookings))?;
        let texts = figures.axis(&[&[shown.ends[1]][..], &shown.steps].concat());
        let amounts: Vec<String> = parts
            .iter()
            .zip(texts.iter().skip(1).zip(&shown.steps))
            .filter(|(_, (_, amount))| **amount != 0.0)
            .map(|(part, (text, _))| format!("{text} {}", part.told))
            .collect();
        let when = words::when(&forecast.horizon(), &column.stack.period, Metric::Bookings);
        let closed = parts.iter().position(|part| part.metric == Metric::BookingsClosed);
        let closed = closed.map_or("nothing", |i| texts[i + 1].as_str());
        let whole = &texts[0];
        Some(if amounts.is_empty() {
            (format!("In the middle outcome nothing is booked {when}"), format!("Nothing is booked {when}"))
        } else {
            let told = format!("Of bookings of {whole} {when} {}", amounts.join(", "));
            (told, words::capital(&format!("{closed} of {whole} {when} is closed")))
        })
    });
    let unknown = || ("What bookings come from".to_owned(), "What bookings come from".to_owned());
    let (title, brief) = finding.unwrap_or_else(unknown);
    Headline { title: frame::with_room(vec![title, brief.clone()], sheet), brief, subtitle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::drawing::Mark;
    use crate::charts::samples::checked::check_texts;
    use crate::forecast::sources::tests::running;

    /// How high the columns are, by their shade, in the order of time.
    fn heights(drawing: &Drawing, shade: Shade) -> Vec<f64> {
        let bars = drawing.marks.iter().filter_map(|mark| match mark {
            Mark::Area { points, fill } if *fill == shade.fill => Some(points[2].1 - points[1].1),
            _ => None,
        });
        // The last of them is the legend's.
        let all: Vec<f64> = bars.collect();
        all[..all.len() - 1].to_vec()
    }

    #[test]
    fn sources_stand_on_each_other_and_the_title_adds_up() {
        let forecast = running();
        let drawing = layout(&forecast, Size::Slide).unwrap();
        insta::assert_snapshot!(drawing.title, @"Of bookings of €2,200 in Q2 2027 €900 is closed, €500 comes from open deals, €800 is not yet created");
        let [closed, open] = [0, 1].map(|at| heights(&drawing, style::PARTS[at]));
        // €600 and €900 are closed in the first two quarters.
        assert_eq!(closed.len(), 2);
        assert!((closed[0] / closed[1] - 600.0 / 900.0).abs() < 1e-9);
        assert!(!open.is_empty() && open.len() <= 3);
        for size in Size::ALL.into_iter().chain(Size::OF_FIGURES) {
            check_texts(&layout(&forecast, size).unwrap(), size.key());
        }
    }

    #[test]
    fn more_than_16_quarters_are_told_by_year_and_without_an_as_of_day_there_is_no_chart() {
        let mut forecast = running();
        let year = forecast.source_stacks.pop().unwrap();
        let quarter = forecast.source_stacks[2].clone();
        let label = |i: usize| format!("{}-Q{}", 2028 + i / 4, i % 4 + 1);
        forecast.source_stacks.extend((0..12).map(|i| SourceStack { period: label(i), ..quarter.clone() }));
        let quarters: Vec<String> = forecast.source_stacks.iter().map(|stack| stack.period.clone()).collect();
        let list = forecast.periods.iter_mut().find(|list| list.every == Frequency::Quarter).unwrap();
        list.labels = quarters;
        let series = forecast.series.iter_mut().find(|series| {
            (series.metric, series.scope.as_str(), series.every) == (Metric::Bookings, "total", Frequency::Quarter)
        });
        let bands = &mut series.unwrap().bands;
        for column in [&mut bands.p10, &mut bands.p50, &mut bands.p90] {
            column.value.resize(17, Some(5000.0));
            column.error.resize(17, Some(10.0));
        }
        forecast.source_stacks.push(year.clone());
        let columns = |forecast: &Forecast| stacks(forecast).unwrap().1.len();
        assert_eq!(columns(&forecast), 16);
        check_texts(&layout(&forecast, Size::Page).unwrap(), "16 quarters");
        forecast.source_stacks.push(SourceStack { period: "2031-Q1".into(), ..quarter });
        let list = forecast.periods.iter_mut().find(|list| list.every == Frequency::Quarter).unwrap();
        list.labels.push("2031-Q1".into());
        assert_eq!(columns(&forecast), 1);
        forecast.source_stacks.clear();
        assert!(layout(&forecast, Size::Slide).is_none());
    }
}
