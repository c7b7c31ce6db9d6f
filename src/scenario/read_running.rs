//! Reading what a running business brings along: rows of actuals, of open deals and of contracts in force.

use jiff::civil::Date;

use super::reader::{Node, Object, Range};
use super::running::{Actual, ContractInForce, Due, OF_ACTUALS, OpenDeal};
use crate::scenario::Metric;
use crate::units::Month;

/// More rows than this are refused.
pub(super) const MOST_ROWS: usize = 100_000;
/// The number of open deals that its rows may stand for.
pub(super) const MOST_DEALS: usize = 1_000_000;
const AMOUNT: Range = Range::new("an amount of money", 0.0, 1e15);
/// Where more was taken back in a month than came in, it is below 0.
const MONEY_BOOKED: Range = Range::new("an amount of money", -1e15, 1e15);

/// The actuals of a metric.
fn range_of_actuals(metric: Metric) -> Range {
    match metric {
        Metric::Bookings | Metric::Renewals | Metric::Revenue => MONEY_BOOKED,
        Metric::Arr => AMOUNT,
        _ => Range::new("a number", 0.0, 1e15),
    }
}

/// A day such as 2027-05-10.
pub(super) fn day(node: &Node) -> Option<Date> {
    let found = node.value.as_str().and_then(|text| text.parse::<Date>().ok());
    let found = found.filter(|day| (1900..=2999).contains(&day.year()));
    if found.is_none() {
        node.wrong("a day such as \"2027-05-10\", in quotes, years 1900 to 2999", "");
    }
    found
}

/// The rows of a section, at most [`MOST_ROWS`]. What is faulty in one has a default that is no fault of its own, so that rows keep
/// their places.
fn rows<T>(node: &Node, read: impl Fn(&Node, Object) -> T) -> Vec<T> {
    let items = node.list();
    if items.len() > MOST_ROWS {
        node.fault(
            format!("{} rows", items.len()),
            format!("at most {MOST_ROWS} rows"),
            "put what is alike into one row with a count",
        );
        return Vec::new();
    }
    items.iter().filter_map(|item| Some(read(item, item.object()?))).collect()
}

pub(super) fn actuals(node: &Node) -> Vec<Actual> {
    rows(node, |_, mut o| {
        let region = o.required("region", "the key of a region").and_then(|n| n.text()).unwrap_or_default();
        let metrics: Vec<(&str, Metric)> = OF_ACTUALS.map(|metric| (metric.key(), metric)).into();
        let metric = o.required("metric", "the name of a metric").and_then(|n| n.word(&metrics));
        let month = o.required("month", "a month such as 2027-03").and_then(|n| super::parts::month(&n));
        let range = metric.map_or(MONEY_BOOKED, range_of_actuals);
        let amount = o.required("amount", &range.allowed()).and_then(|n| n.number(range));
        o.close();
        Actual {
            region,
            metric: metric.unwrap_or(Metric::Bookings),
            month: month.unwrap_or_default(),
            amount: amount.unwrap_or_default(),
        }
    })
}

/// The id and the region of a row, the region being `only` where it is left out.
fn names(node: &Node, o: &mut Object, only: Option<&str>) -> (String, String) {
    let id = o.required("id", "text in quotes").and_then(|n| n.text()).unwrap_or_else(|| node.path.clone());
    let region = match (only, o.has("region")) {
        (Some(only), false) => {
            o.get("region");
            Some(only.to_owned())
        }
        _ => o.required("region", "the key of a region").and_then(|n| n.text()),
    };
    (id, region.unwrap_or_default())
}

pub(super) fn pipeline(node: &Node, only: Option<&str>) -> Vec<OpenDeal> {
    rows(node, |node, mut o| {
        let (id, region) = names(node, &mut o, only);
        let created = o.required("created", "a day such as 2027-05-10").and_then(|n| day(&n));
        let stage = o.text("stage");
        let stage_since = o.get("stage_since").and_then(|n| day(&n));
        let amount = o.get("amount").and_then(|n| n.number(AMOUNT));
        let close_date = o.get("close_date").and_then(|n| day(&n));
        let win_probability = o.get("win_probability").and_then(|n| n.number(Range::new("a share", 0.0, 1.0)));
        let count = o.whole("count", Range::new("deals", 1.0, MOST_DEALS as f64), 1) as usize;
        let label = o.text("label");
        o.close();
        OpenDeal {
            id,
            region,
            created: created.unwrap_or(Date::MIN),
            stage,
            stage_since,
            amount,
            close_date,
            win_probability,
            count,
            label,
        }
    })
}

pub(super) fn contracts(node: &Node, only: Option<&str>) -> Vec<ContractInForce> {
    rows(node, |node, mut o| {
        let (id, region) = names(node, &mut o, only);
        let annual_value = o.required("annual_value", &AMOUNT.allowed()).and_then(|n| n.number(AMOUNT));
        let renews = o.required("renews", "a month such as 2027-09, or evenly").and_then(|n| due(&n));
        let count = o.whole("count", Range::new("customers", 1.0, 1e6), 1) as usize;
        let term_months =
            o.get("term_months").and_then(|n| n.whole(super::parts::MONTHS)).map(|months| months as usize);
        let label = o.text("label");
        o.close();
        ContractInForce {
            id,
            region,
            annual_value: annual_value.unwrap_or_default(),
            renews: renews.unwrap_or(Due::Evenly),
            count,
            term_months,
            label,
        }
    })
}

fn due(node: &Node) -> Option<Due> {
    let text = node.value.as_str();
    let month = text.and_then(|text| text.parse::<Month>().ok());
    let found = if text == Some("evenly") { Some(Due::Evenly) } else { month.map(Due::In) };
    if found.is_none() {
        node.wrong("a month such as \"2027-09\", in quotes, or \"evenly\"", "");
    }
    found
}
