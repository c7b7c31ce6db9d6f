//! Reading what changes while months are played: dated changes, one-off deals, rates of currencies, terms of contracts.

use indexmap::IndexMap;

use super::changes::{Change, OneOff, Rate, Term, happens};
use super::parts::{MONTHS, month, remarks};
use super::quantity::{Domain, Quantity};
use super::reader::{Node, Object, Range};

const MOST_CHANGES: usize = 100;
const MOST_ONE_OFFS: usize = 1_000;
const MOST_TERMS: usize = 12;

/// The objects of a list of at most so many.
pub(super) fn objects<'a, T>(
    node: &Node<'a>,
    most: usize,
    read: impl Fn(&Node<'a>, Object<'a>) -> Option<T>,
) -> Vec<T> {
    let items = node.list();
    if items.len() > most {
        node.fault(format!("a list of {}", items.len()), format!("at most {most}"), "");
        return Vec::new();
    }
    items.iter().filter_map(|item| read(item, item.object()?)).collect()
}

fn quantity(o: &mut Object, key: &str, domain: Domain) -> Option<Quantity> {
    o.get(key).and_then(|node| Quantity::read(&node, domain))
}

/// A name that a path can hold.
pub(super) fn name(node: &Node, o: &mut Object) -> Option<String> {
    let name = o.required("name", "text in quotes").and_then(|n| n.text())?;
    if name.is_empty() || name.contains(['[', ']']) || name.parse::<usize>().is_ok() {
        node.fault(format!("the name {name:?}"), "a name of its own, no mere number, without brackets", "");
    }
    Some(name)
}

pub(super) fn changes(node: &Node) -> Vec<Change> {
    objects(node, MOST_CHANGES, |node, mut o| {
        let name = name(node, &mut o);
        let from = o.required("from", "a month such as 2027-07").and_then(|n| month(&n));
        let until = o.get("until").and_then(|n| month(&n));
        let delay_months = quantity(&mut o, "delay_months", Domain::DELAY);
        let chance = quantity(&mut o, "chance", Domain::SHARE);
        let factors = o.required("multiply", "paths, each with its factor").map_or_else(Vec::new, |n| {
            let entries = n.entries();
            if n.value.is_object() && entries.is_empty() {
                n.fault("no path".to_owned(), "at least one path with its factor", "");
            }
            entries
        });
        let factor = |(path, node): (&String, Node)| Some((path.clone(), Quantity::read(&node, Domain::FACTOR)?));
        let multiply = factors.into_iter().filter_map(factor).collect();
        let (note, source) = remarks(&mut o);
        o.close();
        let happens = happens(chance.as_ref());
        Some(Change { name: name?, from: from?, until, delay_months, chance, multiply, note, source, happens })
    })
}

pub(super) fn one_offs(node: &Node) -> Vec<OneOff> {
    objects(node, MOST_ONE_OFFS, |node, mut o| {
        let name = name(node, &mut o);
        let region = o.required("region", "the key of a region").and_then(|n| n.text());
        let month = o.required("month", "a month such as 2027-09").and_then(|n| month(&n));
        let allowed = Domain::AMOUNT.range.allowed();
        let amount = o.required("amount", &allowed).and_then(|n| Quantity::read(&n, Domain::AMOUNT));
        let chance = quantity(&mut o, "chance", Domain::SHARE);
        let delay_months = quantity(&mut o, "delay_months", Domain::DELAY);
        let renews = o.get("renews").is_none_or(|n| n.truth().unwrap_or(true));
        let (note, source) = remarks(&mut o);
        o.close();
        let happens = happens(chance.as_ref());
        let (amount, delay_months) = (amount?, delay_months);
        Some(OneOff {
            name: name?,
            region: region?,
            month: month?,
            amount,
            chance,
            delay_months,
            renews,
            note,
            source,
            happens,
        })
    })
}

pub(super) fn rates(node: &Node) -> IndexMap<String, Rate> {
    let read = |(code, node): (&String, Node)| {
        let mut o = node.object()?;
        let allowed = Domain::RATE.range.allowed();
        let rate = o.required("rate", &allowed).and_then(|n| Quantity::read(&n, Domain::RATE));
        let volatility =
            o.number("volatility", Range::new("a standard deviation a year (0.15 is 15 %)", 0.0, 5.0), 0.0);
        let (note, source) = remarks(&mut o);
        o.close();
        Some((code.clone(), Rate { rate: rate?, volatility, note, source }))
    };
    node.entries().into_iter().filter_map(read).collect()
}

pub(super) fn terms(node: &Node) -> Vec<Term> {
    let terms = objects(node, MOST_TERMS, |_, mut o| {
        let months = o.required("months", &MONTHS.allowed()).and_then(|n| n.whole(MONTHS));
        let share = Range::new("a share", 0.0, 1.0);
        let share = o.required("share", &share.allowed()).and_then(|n| n.number(share));
        o.close();
        Some(Term { months: months? as usize, share: share? })
    });
    let count = node.value.as_array().map_or(0, Vec::len);
    let sum: f64 = terms.iter().map(|term| term.share).sum();
    if count == 0 && node.value.is_array() {
        node.fault("no term".to_owned(), "at least one term", "");
    }
    if terms.len() < count || count == 0 {
        return terms;
    }
    if (sum - 1.0).abs() > 1e-9 {
        node.fault(format!("shares that add up to {}", crate::units::few_digits(sum)), "shares that add up to 1", "");
    }
    let twice = (1..terms.len()).find(|i| terms[..*i].iter().any(|before| before.months == terms[*i].months));
    if let Some(i) = twice {
        node.fault(format!("{} months twice", terms[i].months), "each term once", "");
    }
    terms
}
