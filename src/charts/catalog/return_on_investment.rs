//! What the investment has brought in, month by month, and from when on bookings cover what was invested so far.

use super::fan::Fan;
use super::first_reach::FirstReach;
use crate::charts::canvas::drawing::Drawing;
use crate::charts::canvas::size::Size;
use crate::charts::marks::frame::Headline;
use crate::charts::marks::target_line::TargetLine;
use crate::charts::wording::figures::Figures;
use crate::forecast::{Forecast, Payback, Series};
use crate::scenario::{Metric, Unit};
use crate::units::{Frequency, Horizon, Period};

/// The chart, laid out; `None` where nothing is invested.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let series = forecast.series(Metric::Roi, "total", Frequency::Month)?;
    let arrival = arrival(forecast.horizon(), forecast.payback.as_ref()?);
    let (title, brief) = findings(&arrival);
    let one = forecast.currency.exact(1.0);
    let mut subtitle = format!(
        "Total bookings for each {one} of sales cost, both from the start to the end of each month; bookings, not profit. From {one} on \
         they cover the investment so far; for good is: to the last of the {} months.",
        forecast.months
    );
    if series.bands.p50.value.first().is_some_and(Option::is_none) {
        subtitle += " Before the first investment there is none.";
    }
    if let Some(never) = arrival.never().filter(|_| arrival.at[2].is_some() && arrival.horizon.months > 1) {
        subtitle += &format!(" Never covered {}: {never} futures.", arrival.within());
    }
    // Where the investment is covered later than in the main period, all months are shown.
    let late = arrival.at.iter().flatten().any(|period| period.months.end > forecast.main_horizon().months);
    let horizon = if late { forecast.horizon() } else { forecast.main_horizon() };
    Fan {
        forecast,
        series: &for_each_unit(series),
        figures: Figures::Field(Unit::Money, &forecast.currency),
        size,
        headline: Headline { title, brief, subtitle },
        horizon,
        from_start: false,
        lines: vec![TargetLine { month: 0, level: 1.0, probability: None, name: "investment so far".to_owned() }],
        budget: None,
        points: points(&arrival),
        named_above: true,
    }
    .layout()
}

/// What comes back for each unit of money, from the return on it.
fn for_each_unit(returns: &Series) -> Series {
    let mut series = returns.clone();
    let bands = &mut series.bands;
    let columns = [
        &mut bands.p5.value,
        &mut bands.p10.value,
        &mut bands.p25.value,
        &mut bands.p50.value,
        &mut bands.p75.value,
        &mut bands.p90.value,
        &mut bands.p95.value,
        &mut series.plan,
    ];
    columns.into_iter().flatten().flatten().for_each(|value| *value += 1.0);
    series
}

/// When bookings first cover what was invested so far; percentiles between two months belong to the later one.
fn arrival(horizon: Horizon, payback: &Payback) -> FirstReach {
    let months = [payback.month.p10, payback.month.p50, payback.month.p90];
    let at = months.map(|month| {
        let month = month.value.filter(|m| m.is_finite() && *m <= horizon.months as f64)?.ceil().max(1.0) as usize - 1;
        let label = horizon.month(month).to_string();
        Some(Period { label, every: Frequency::Month, months: month..month + 1 })
    });
    FirstReach { horizon, at, never: payback.probability.complement() }
}

/// The months by which that has happened in 1, 5 and 9 futures in 10. Months are whole, so the share of futures by the end of
/// one is greater than that, and is not told.
fn points(arrival: &FirstReach) -> Vec<TargetLine> {
    let known = arrival.labels().into_iter().filter_map(|(name, period)| Some((name, period?.months.start)));
    known.map(|(name, month)| TargetLine { month, level: 1.0, probability: None, name }).collect()
}

/// When that is in words, at length and in brief.
fn findings(arrival: &FirstReach) -> (String, String) {
    let [first, median, last] = &arrival.at;
    let within = arrival.within();
    let chance = arrival.never.complement().chance();
    let Some(median) = median.as_ref().filter(|_| arrival.horizon.months > 1) else {
        let mut title = format!("Bookings cover the investment so far for good {within} in {chance} futures");
        if let Some(first) = first.as_ref().filter(|first| !arrival.ends_with(first)) {
            title += &format!("; 1 chance in 10 by {}", arrival.name(first));
        }
        return (title, format!("Investment so far covered: {chance}"));
    };
    let found = format!("By {} bookings have covered the investment so far for good", arrival.name(median));
    let title = match (arrival.between(), last) {
        (_, Some(last)) if last.months == median.months => format!("{found} in at least 9 futures in 10"),
        (Some(between), _) => format!("{found} in at least 5 futures in 10; 8 chances in 10 between {between}"),
        (None, _) => {
            let never = arrival.never.chance();
            format!("{found} in at least 5 futures in 10; never {within} in {never} futures")
        }
    };
    (title, format!("Investment so far covered by {}", arrival.brief_name(median)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::forecast::Sample;
    use crate::charts::samples::full::full;
    use crate::stats::Estimate;

    const YEARS: Sample = Sample { months: 36, level: 4.0, ..Sample::PLAIN };

    fn title(forecast: &Forecast) -> String {
        layout(forecast, Size::Slide).unwrap().title
    }

    #[test]
    fn the_title_says_when_the_investment_so_far_is_covered() {
        let mut forecast = full(&YEARS, Some(12));
        assert_eq!(
            title(&forecast),
            "By January 2028 bookings have covered the investment so far for good in at least 5 futures in 10; 8 chances in 10 between \
             September 2027 and May 2028"
        );
        let payback = forecast.payback.as_mut().unwrap();
        payback.month.p90 = Estimate::UNKNOWN;
        payback.probability.value = Some(0.88);
        assert_eq!(
            title(&forecast),
            "By January 2028 bookings have covered the investment so far for good in at least 5 futures in 10; never within these 36 \
             months in 12 in 100 futures"
        );
        forecast.payback.as_mut().unwrap().month.p90.value = Some(13.0);
        assert_eq!(
            title(&forecast),
            "By January 2028 bookings have covered the investment so far for good in at least 9 futures in 10"
        );
        assert_eq!(
            title(&full(&YEARS, None)),
            "Bookings cover the investment so far for good within these 36 months in fewer than 3 in 100 futures"
        );
    }

    #[test]
    fn the_last_month_is_not_named_twice() {
        let mut forecast = full(&Sample { months: 2, ..YEARS }, None);
        forecast.payback.as_mut().unwrap().month.p10.value = Some(2.0);
        forecast.payback.as_mut().unwrap().probability.value = Some(0.3);
        assert_eq!(
            title(&forecast),
            "Bookings cover the investment so far for good within these 2 months in 30 in 100 futures"
        );
        forecast.payback.as_mut().unwrap().month.p10.value = Some(1.0);
        assert_eq!(
            title(&forecast),
            "Bookings cover the investment so far for good within these 2 months in 30 in 100 futures; 1 chance in 10 by January 2027"
        );
        let mut forecast = full(&Sample { months: 1, ..YEARS }, Some(0));
        forecast.payback.as_mut().unwrap().probability.value = Some(0.77);
        assert_eq!(
            title(&forecast),
            "Bookings cover the investment so far for good in January 2027 in 77 in 100 futures"
        );
    }

    #[test]
    fn a_percentile_between_two_months_belongs_to_the_later_one() {
        let mut forecast = full(&YEARS, Some(12));
        forecast.payback.as_mut().unwrap().month = crate::forecast::Bands {
            p10: Estimate::exact(3.0),
            p50: Estimate::exact(3.5),
            p90: Estimate::exact(4.0),
            ..Default::default()
        };
        let arrival = arrival(forecast.horizon(), forecast.payback.as_ref().unwrap());
        let marks: Vec<(usize, Option<Estimate>, String)> =
            points(&arrival).into_iter().map(|goal| (goal.month, goal.probability, goal.name)).collect();
        assert_eq!(marks, [(2, None, "P10: Mar 2027".to_owned()), (3, None, "P50 and P90: Apr 2027".to_owned())]);
    }

    #[test]
    fn without_investment_there_is_no_chart() {
        let mut forecast = full(&YEARS, Some(12));
        forecast.payback = None;
        assert!(layout(&forecast, Size::Slide).is_none());
    }
}
