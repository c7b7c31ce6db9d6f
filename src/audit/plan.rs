//! A plan's stated figures, found by what they are about.

use std::ops::Range;

use super::finding::About;
use super::interval::Interval;
use super::words::{clipped, worked_out};
use crate::model::Model;
use crate::scenario::{
    Average, AverageKind, Averaged, Bound, Claims, FieldId, Metric, MixOf, Quantity, QuotedFigure, QuotedGrowth,
    QuotedNumber, Region, Scenario,
};
use crate::units::format::significant;
use crate::units::{DAYS_PER_MONTH, Frequency, Horizon, Period, Periods, plain};

/// What is stated, and the scenario that it is stated beside.
pub(super) struct Plan<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) model: &'a Model,
    pub(super) claims: &'a Claims,
    /// Wide enough for what is stated beyond the months played.
    horizon: Horizon,
    /// The stated figures, with what they are of.
    pub(super) placed: Vec<Placed<'a>>,
}

/// A stated figure with the regions and the time that it covers, however they were written.
pub(super) struct Placed<'a> {
    pub(super) figure: &'a QuotedFigure,
    /// Indexes of the regions, in order.
    pub(super) scope: Vec<usize>,
    pub(super) time: Time<'a>,
}

/// What a figure's period covers.
#[derive(PartialEq)]
pub(super) enum Time<'a> {
    /// These months; of a level the last one.
    Months(Range<usize>),
    /// Every month or quarter, as it was written.
    Each(&'a str),
}

impl Placed<'_> {
    /// Whether two figures are of one thing.
    pub(super) fn is_same(&self, other: &Placed) -> bool {
        self.figure.metric == other.figure.metric && self.time == other.time && self.scope == other.scope
    }

    /// Whether all that this figure counts is counted in `whole` too.
    pub(super) fn is_within(&self, whole: &Placed) -> bool {
        let within = match (&self.time, &whole.time) {
            (Time::Months(part), Time::Months(whole)) => part.start >= whole.start && part.end <= whole.end,
            (part, whole) => part == whole,
        };
        self.figure.metric == whole.figure.metric && within && self.scope.iter().all(|r| whole.scope.contains(r))
    }
}

/// A value of each region, in the file's order, and where it is written.
pub(super) struct Regional {
    pub(super) values: Vec<f64>,
    pub(super) about: Vec<(String, Option<String>)>,
}

/// One region's part of the money, and how long its deals take.
pub(super) struct Flow {
    /// Share of the value booked from equal times of selling.
    pub(super) share: f64,
    /// Months from lead to booking.
    pub(super) delay: f64,
}

impl From<&(String, Option<String>)> for About {
    fn from((path, source): &(String, Option<String>)) -> About {
        About(path.clone(), source.clone())
    }
}

impl<'a> Plan<'a> {
    pub(super) fn new(scenario: &'a Scenario, model: &'a Model, claims: &'a Claims) -> Plan<'a> {
        let horizon = Horizon { months: 1200, ..scenario.horizon() };
        let mut plan = Plan { scenario, model, claims, horizon, placed: Vec::new() };
        plan.placed = claims.figures.iter().map(|figure| plan.place(figure)).collect();
        plan
    }

    fn place(&self, figure: &'a QuotedFigure) -> Placed<'a> {
        let carries = |(key, region): (&String, &Region)| {
            figure.region.as_ref().is_none_or(|named| named == key)
                && figure.tag.iter().flatten().all(|(tag, value)| region.tags.get(tag) == Some(value))
        };
        let scope = self.scenario.regions.iter().enumerate().filter_map(|(r, region)| carries(region).then_some(r));
        let time = match self.period(&figure.period) {
            Some(period) if figure.metric.is_of_period() => Time::Months(period.months),
            Some(period) => Time::Months(period.months.end - 1..period.months.end),
            None => Time::Each(&figure.period),
        };
        Placed { figure, scope: scope.collect(), time }
    }

    /// The period that a text names, where it names one.
    pub(super) fn period(&self, text: &str) -> Option<Period> {
        match self.horizon.parse(text) {
            // The horizon here is wider than what is played.
            _ if text == "total" => {
                Some(Period { label: text.to_owned(), every: Frequency::Total, months: 0..self.scenario.months })
            }
            Ok(Periods::One(period)) => Some(period),
            _ => None,
        }
    }

    /// The figures of all regions together, of one metric.
    pub(super) fn of(&self, metric: Metric) -> impl Iterator<Item = &'a QuotedFigure> {
        let all = self.scenario.regions.len();
        self.placed.iter().filter(move |p| p.figure.metric == metric && p.scope.len() == all).map(|p| p.figure)
    }

    /// What the plan calls its sales: the first metric of bookings or revenue that it states for all regions.
    pub(super) fn sales(&self) -> Option<Metric> {
        let sales = |m: &Metric| matches!(m, Metric::TotalBookings | Metric::Bookings | Metric::Revenue);
        let whole = self.placed.iter().filter(|p| p.scope.len() == self.scenario.regions.len());
        whole.map(|p| p.figure.metric).find(sales)
    }

    /// A figure of each month or quarter.
    pub(super) fn each(&self, metric: Metric, period: &str) -> Option<&'a QuotedFigure> {
        self.of(metric).find(|f| f.period == period)
    }

    /// The first stated figure of twelve months, not called cumulative unless they are the first ones.
    pub(super) fn first_year(&self, metric: Metric) -> Option<(&'a QuotedFigure, Period)> {
        let years = self.of(metric).filter_map(|f| Some((f, self.period(&f.period)?)));
        years.filter(|(_, period)| period.months.len() == 12).min_by_key(|(_, period)| period.months.start)
    }

    /// The rate of growth stated of a metric.
    pub(super) fn growth(&self, metric: Metric) -> Option<&'a QuotedGrowth> {
        self.claims.growth.iter().find(|grows| grows.metric == metric)
    }

    /// The factor of a month that a rate of growth means: (1 + rate)^(1/months).
    pub(super) fn monthly_factor(grows: &QuotedGrowth) -> Interval {
        (Interval::exactly(1.0) + Interval::of(&grows.rate)).power(1.0 / grows.per.months() as f64)
    }

    /// What a region is called.
    pub(super) fn label(&self, region: usize) -> String {
        clipped(&plain(&self.model.regions[region].label))
    }

    /// What the region of a key is called.
    pub(super) fn called(&self, key: &str) -> String {
        self.scenario.regions.get_index_of(key).map_or_else(|| key.to_owned(), |region| self.label(region))
    }

    /// The average stated over all regions, medians aside. Of several the first one that `better` prefers to none before it.
    pub(super) fn overall(&self, of: Averaged, better: fn(f64, f64) -> bool) -> Option<&'a Average> {
        let all = self.claims.averages.iter();
        all.filter(|a| a.of == of && a.region.is_none() && a.kind != AverageKind::Median).fold(None, |best, a| {
            match best {
                Some(best) if !better(a.value.value, best.value.value) => Some(best),
                _ => Some(a),
            }
        })
    }

    /// A value stated for every region: an average of the region, else the region's own field where it names a source.
    pub(super) fn regional(&self, of: Averaged) -> Option<Regional> {
        let mut found = Regional { values: Vec::new(), about: Vec::new() };
        for (key, region) in &self.scenario.regions {
            let stated = self.claims.averages.iter().find(|a| a.of == of && a.region.as_ref() == Some(key));
            if let Some(average) = stated.filter(|a| a.kind != AverageKind::Median) {
                let About(path, source) = average.into();
                found.values.push(average.value.value);
                found.about.push((path, source));
                continue;
            }
            let (value, about) = own(key, region, of)?;
            found.values.push(value);
            found.about.push(about);
        }
        Some(found)
    }

    /// Each region's share of the deals won: the stated mix, else equal numbers. Says which, for sentences.
    pub(super) fn shares_of_wins(&self) -> (Vec<f64>, &'static str) {
        let n = self.scenario.regions.len();
        let equal = (vec![1.0 / n as f64; n], if n == 1 { "" } else { "with as many wins in each region" });
        let Some(mix) = &self.claims.mix else { return equal };
        let rates = match mix.of {
            MixOf::Wins => Some(vec![1.0; n]),
            MixOf::Leads => self.regional(Averaged::WinRate).map(|rates| rates.values),
        };
        let weights = self.scenario.regions.keys().zip(rates.into_iter().flatten());
        let weights: Vec<f64> =
            weights.map(|(key, rate)| mix.shares.get(key).map_or(0.0, |share| share.value) * rate).collect();
        let total: f64 = weights.iter().sum();
        if total <= 0.0 {
            return equal;
        }
        (weights.iter().map(|weight| weight / total).collect(), "in the stated mix")
    }

    /// How the money flows: each region's share of the value and its delay, else one flow with the stated average cycle.
    pub(super) fn flows(&self) -> (Vec<Flow>, &'static str) {
        let (shares, mix) = self.shares_of_wins();
        if let (Some(sizes), Some(cycles)) = (self.regional(Averaged::DealSize), self.regional(Averaged::CycleDays)) {
            let worth: f64 = shares.iter().zip(&sizes.values).map(|(share, size)| share * size).sum();
            let flows = shares.iter().zip(&sizes.values).zip(&cycles.values);
            let flow = |((share, size), days): ((&f64, &f64), &f64)| Flow {
                share: share * size / worth,
                delay: days / DAYS_PER_MONTH,
            };
            return (flows.map(flow).collect(), mix);
        }
        let cycle = self.overall(Averaged::CycleDays, f64_less);
        (vec![Flow { share: 1.0, delay: cycle.map_or(0.0, |a| a.value.value / DAYS_PER_MONTH) }], "")
    }

    /// A stated amount or count, as it was stated: €17.8M, €5M+, 2,225.
    pub(super) fn told(&self, metric: Metric, said: &QuotedNumber) -> String {
        let number = if metric.is_money() { self.money(said.value) } else { significant(said.value, 6) };
        bounded(number, said)
    }

    /// Money as it was entered.
    pub(super) fn money(&self, amount: f64) -> String {
        self.scenario.currency.exact(amount)
    }

    /// Money that was worked out.
    pub(super) fn worked_out(&self, amount: f64) -> String {
        worked_out(&self.scenario.currency, amount)
    }
}

/// A number in words with the bound that it was said as: 80 %, 80 %+, at most 60 %.
pub(super) fn bounded(number: String, said: &QuotedNumber) -> String {
    match said.bound {
        Bound::Exactly => number,
        Bound::AtLeast => format!("{number}+"),
        Bound::AtMost => format!("at most {number}"),
    }
}

/// Whether the first is less, for choosing the cheapest reading of several.
pub(super) fn f64_less(a: f64, b: f64) -> bool {
    a < b
}

/// What a region's own field states of itself, and where: it counts as stated where it names a source.
pub(super) fn own(key: &str, region: &Region, of: Averaged) -> Option<(f64, (String, Option<String>))> {
    let field = match of {
        Averaged::DealSize => FieldId::DealSizeMean,
        Averaged::WinRate => FieldId::Conversion,
        Averaged::CycleDays => FieldId::CycleMeanDays,
        Averaged::Retention => FieldId::Retention,
    };
    let quantity = region.quantity(field).filter(|q| q.source().is_some())?;
    let about = (format!("regions.{key}.{}", region.path(field)), quantity.source().map(str::to_owned));
    Some((stated_number(quantity)?, about))
}

/// The number that a quantity states: a fixed one or a mean. Ranges state no single number.
fn stated_number(quantity: &Quantity) -> Option<f64> {
    let written = quantity.written();
    written.as_f64().or_else(|| written.get("value")?.as_f64()).or_else(|| written.get("mean")?.as_f64())
}
