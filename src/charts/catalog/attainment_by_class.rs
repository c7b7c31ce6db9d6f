//! What executives of each class book of their quota.

use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value::{self, extent, marks};
use crate::charts::canvas::drawing::{Anchor, Drawing, Text};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::marks::columns::{Columns, Name};
use crate::charts::marks::frame::{self, Headline, with_room};
use crate::charts::wording::figures::Figures;
use crate::forecast::{ExecutiveClass, Forecast};
use crate::scenario::Metric;
use crate::units::format::{capitalize, list, percent, when};

/// More classes than this, which a role has at most, would stand too close.
const MOST: usize = 12;

/// The chart, laid out; `None` where executives are not told apart.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let known = |class: &&ExecutiveClass| bands(class).iter().all(|x| x.is_some_and(f64::is_finite));
    let classes: Vec<&ExecutiveClass> = forecast.executive_classes.iter().filter(known).take(MOST).collect();
    let figures = Figures::Of(Metric::QuotaAttainment, &forecast.currency);
    let levels: Vec<[f64; 3]> = classes.iter().map(|class| bands(class).map(Option::unwrap_or_default)).collect();
    if levels.is_empty() {
        return None;
    }
    let (mut drawing, top) = headline(forecast, &classes, &sheet).begin(forecast, size);
    // The quota itself is always in sight.
    let (low, high) =
        levels.iter().flatten().fold((0.0, 1.0), |(low, high): (f64, f64), x| (low.min(*x), high.max(*x)));
    let marks = marks(low, high, &sheet, false);
    let labels = figures.axis(&marks);
    let plot = frame::plot(&sheet, top, &labels, 0.0);
    let scale = Scale::new(extent(low, high, &marks), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
    let places = Columns::new(plot, levels.len());
    for (i, [p10, p50, p90]) in levels.iter().enumerate() {
        let bar = places.bar(&drawing, i, scale.at(*p10), scale.at(*p90));
        drawing.area(bar.corners(), style::BANDS[1]);
        let median = scale.at(*p50);
        drawing.stroke(vec![(bar.left, median), (bar.right, median)], style::MEDIAN, style::MEDIAN_WIDTH);
        if !sheet.is_preview() {
            let at = (bar.right + sheet.scaled(6.0), median + 0.36 * sheet.label);
            drawing.text(Text::new(&middle(classes[i], &figures), at, sheet.label).bold());
        }
    }
    let quota = scale.at(1.0);
    drawing.stroke(vec![(plot.left, quota), (plot.right, quota)], style::TARGET, style::TARGET_WIDTH);
    value::base_line(&mut drawing, &plot, &scale);
    if !sheet.is_preview() {
        let at = (plot.right, quota - sheet.scaled(6.0));
        drawing.text(Text::new("their quota", at, sheet.label).at(Anchor::End).ink(style::TARGET));
        let at = (plot.right, plot.bottom + sheet.scaled(42.0));
        let caption = "classes, by the share of quota that the scenario gives them";
        drawing.text(Text::new(caption, at, sheet.axis).at(Anchor::End).ink(style::QUIET));
    }
    let names = classes.iter().map(|class| Name { own: percent(class.quota_share), shared: String::new() });
    places.name(&mut drawing, &names.collect::<Vec<Name>>());
    Some(drawing)
}

/// P10, the median and P90.
fn bands(class: &ExecutiveClass) -> [Option<f64>; 3] {
    let attainment = &class.attainment;
    [attainment.p10.value, attainment.p50.value, attainment.p90.value]
}

/// The median, with the digits that its error supports.
fn middle(class: &ExecutiveClass, figures: &Figures<'_>) -> String {
    let median = class.attainment.p50;
    figures.about(median.value.unwrap_or_default(), median.error)
}

fn headline(forecast: &Forecast, classes: &[&ExecutiveClass], sheet: &Sheet) -> Headline {
    let period = when(&forecast.horizon(), &forecast.main.period, true);
    let figures = Figures::Of(Metric::QuotaAttainment, &forecast.currency);
    let median = |class: &ExecutiveClass| middle(class, &figures);
    let each = |class: &&ExecutiveClass| format!("that at {} {}", percent(class.quota_share), median(class));
    let title = |classes: &[&ExecutiveClass]| {
        let first = classes
            .iter()
            .take(1)
            .map(|class| format!("the class at {} books {} of its quota", percent(class.quota_share), median(class)));
        let told: Vec<String> = first.chain(classes.iter().skip(1).map(each)).collect();
        format!("{} {}, in the median", capitalize(&list(&told)), period)
    };
    // A single class is both ends.
    let ends = [classes.first(), classes.last()].into_iter().flatten().copied().take(classes.len());
    let ends: Vec<&ExecutiveClass> = ends.collect();
    Headline {
        title: with_room(vec![title(classes), title(&ends)], sheet),
        brief: "Quota attainment by class".to_owned(),
        subtitle:
            "What all executives of a class book over what they are to book, in the futures that have such. Bars: 8 in 10 \
                   of these, P10 to P90; lines: the median."
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::forecast::Sample;
    use crate::charts::samples::full::full;
    use crate::forecast::Bands;
    use crate::stats::Estimate;

    fn class(quota_share: f64, attainment: f64) -> ExecutiveClass {
        let columns = [1.0, 0.2, 0.6, 0.7, 0.9, 1.0, 1.1, 1.2, 1.4].map(|x| Estimate::new(attainment * x, Some(0.001)));
        let [mean, sd, p5, p10, p25, p50, p75, p90, p95] = columns;
        let attainment = Bands { mean, sd, p5, p10, p25, p50, p75, p90, p95 };
        ExecutiveClass { quota_share, present: Estimate::new(0.9, Some(0.003)), attainment }
    }

    #[test]
    fn the_title_says_what_each_class_reaches() {
        let mut forecast = full(&Sample::PLAIN, None);
        assert!(layout(&forecast, Size::Slide).is_none());
        forecast.executive_classes = vec![class(1.2, 0.6)];
        let title = |forecast: &Forecast| layout(forecast, Size::Slide).unwrap().title;
        let one = "The class at 120\u{A0}% books 60\u{A0}% of its quota ";
        assert!(title(&forecast).starts_with(one), "{}", title(&forecast));
        forecast.executive_classes.push(class(0.5, 0.25));
        let both = "The class at 120\u{A0}% books 60\u{A0}% of its quota and that at 50\u{A0}% 25\u{A0}% ";
        assert!(title(&forecast).starts_with(both), "{}", title(&forecast));
    }
}
