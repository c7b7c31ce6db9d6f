//! Reading a region, its fields by the table of those that may be uncertain. What is faulty keeps its default.

use std::ops::RangeInclusive;

use super::field_table::FIELDS;
use super::parts::{MONTHS, remarks, tags};
use super::quantity::{Domain, Quantity};
use super::read_changes::terms;
use super::read_closing::{closing, has_table};
use super::read_quantities::{is_table, quantities, quantity};
use super::read_team::{activities, team};
use super::reader::{Node, Object, Range};
use super::region::*;
use crate::units::Currency;

const MAX_STAGES: usize = 20;
const BETA: Range = Range::new("an exposure", -10.0, 10.0);
const CV: Range = Range::new("a coefficient of variation (0.5 is 50 %)", 0.0, 10.0);

/// Reads a region; what is faulty in it keeps its default.
pub(super) fn region(node: &Node) -> Option<Region> {
    let mut o = node.object()?;
    let mut region = Region { label: o.text("label"), ..Region::default() };
    region.tags = o.get("tags").map(|n| tags(&n)).unwrap_or_default();
    if let Some(node) = o.required("leads", "an object with monthly") {
        leads(&node, &mut region);
    }
    if let Some(node) = o.get("stages") {
        stages(&node, &mut region);
    }
    // In the order of the table, which is that of a file and of its faults.
    for together in FIELDS.chunk_by(|a, b| a.place().0 == b.place().0) {
        match together[0].place().0 {
            "" => together.iter().for_each(|spec| quantity(&mut o, spec, 0, &mut region)),
            "cycle" => {
                if let Some(node) = o.get("cycle") {
                    region.cycle = Some(Cycle::default());
                    if let Some(read) = cycle(&node, "cycle", &mut region) {
                        region.cycle = region.cycle.take().map(|cycle| read.of(cycle));
                    }
                }
                conversion_or_stages(&mut o);
            }
            "lost_cycle" => {
                if let Some(node) = o.get("lost_cycle") {
                    not_with_stages(&node, &o);
                    region.lost_cycle = Some(Cycle::default());
                    if let Some(read) = cycle(&node, "lost_cycle", &mut region) {
                        region.lost_cycle = region.lost_cycle.take().map(|cycle| read.of(cycle));
                    }
                }
            }
            "stalled" => {
                if let Some(node) = o.get("stalled") {
                    not_with_stages(&node, &o);
                    stalled(&node, &mut region);
                }
            }
            "closing" => {
                if let Some(node) = o.get("closing") {
                    closing(&node, &o, &mut region);
                }
            }
            "close_dates" => {
                if let Some(node) = o.get("close_dates") {
                    close_dates(&node, &mut region);
                }
            }
            "final_amount" => {
                if let Some(node) = o.get("final_amount") {
                    final_amount(&node, &mut region);
                }
            }
            "deal_size" => {
                if let Some(node) = o.required("deal_size", "an object with mean") {
                    deal_size(&node, &mut region);
                }
            }
            _ => {}
        }
    }
    if let Some(node) = o.get("team") {
        team(&node, &mut region);
    }
    region.currency = o.get("currency").and_then(|n| currency(&n));
    region.term_months = o.get("term_months").and_then(|n| n.whole(MONTHS)).map(|months| months as usize);
    if let Some(node) = o.get("terms") {
        if region.term_months.is_some() {
            node.fault("it stands beside term_months".to_owned(), "one of them", "terms say the months of each");
        }
        region.terms = terms(&node);
    }
    region.exposure = o.get("exposure").and_then(|n| exposure(&n)).unwrap_or_default();
    (region.note, region.source) = remarks(&mut o);
    o.close();
    Some(region)
}

/// The code of a currency.
fn currency(node: &Node) -> Option<String> {
    let found = node.text().filter(|code| Currency::new(code).is_some());
    if found.is_none() && node.value.is_string() {
        node.wrong("three capital letters, such as BRL", "");
    }
    found
}

/// Notes where a funnel is written in two ways, or in none.
fn conversion_or_stages(o: &mut Object) {
    for key in ["conversion", "cycle"] {
        if o.has("stages") && o.has(key) {
            o.node().fault(
                format!("{key} beside stages"),
                "either conversion and cycle, or stages",
                "stages say how many pass and how long it takes",
            );
        } else if !o.has("stages") && !o.has(key) && !has_table(o) {
            o.required(key, "conversion and cycle, or stages");
        }
    }
}

fn leads(node: &Node, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    quantities(&mut o, "leads", 0, region);
    if let Some(node) = o.get("activities") {
        if o.has("monthly") {
            node.fault(
                "activities beside monthly".to_owned(),
                "one of them",
                "activities say how many leads a month brings",
            );
        }
        region.leads.monthly = None;
        activities(&node, region);
    }
    if let Some(node) = o.get("growth").filter(|node| node.value.is_array()) {
        phases(&node, region);
    }
    if let Some(ramp) = o.get("ramp").and_then(|n| factors(&n, 1..=600, 1000.0)) {
        region.leads.ramp = ramp;
    }
    region.leads.season = o.get("season").and_then(|n| season(&n));
    region.leads.overdispersion = o.get("overdispersion").map_or(0.0, |n| overdispersion(&n));
    (region.leads.note, region.leads.source) = remarks(&mut o);
    o.close();
}

/// A list of factors from 0 to `most`.
fn factors(node: &Node, count: RangeInclusive<usize>, most: f64) -> Option<Vec<f64>> {
    let items = node.list();
    if node.value.is_array() && !count.contains(&items.len()) {
        let (least, most) = count.into_inner();
        let allowed = if least == most { format!("a list of {least}") } else { format!("a list of {least} to {most}") };
        node.wrong(&allowed, "");
        return None;
    }
    items.iter().map(|item| item.number(Range::new("a factor", 0.0, most))).collect()
}

fn season(node: &Node) -> Option<Vec<f64>> {
    let season = factors(node, 12..=12, 1e6)?;
    if season.iter().sum::<f64>() > 0.0 {
        return Some(season);
    }
    node.fault("twelve zeros".to_owned(), "at least one factor above 0", "");
    None
}

fn overdispersion(node: &Node) -> f64 {
    let found = node.number(Range::new("a variance", 0.0, 100.0)).unwrap_or_default();
    if found != 0.0 && found < 1e-6 {
        node.wrong("0, or 0.000001 to 100", "write 0 for plain Poisson counts");
    }
    found
}

fn phases(node: &Node, region: &mut Region) {
    region.leads.growth = Growth::Phases(Vec::new());
    let mut last = None;
    for item in node.list() {
        let Some(mut o) = item.object() else { continue };
        let from_month = o.required("from_month", &MONTHS.allowed()).and_then(|n| n.whole(MONTHS)).map(|m| m as usize);
        let i = region.leads.growth.phases().len();
        if let Growth::Phases(phases) = &mut region.leads.growth {
            phases.push(GrowthPhase { from_month: from_month.unwrap_or(1), ..GrowthPhase::default() });
        }
        quantities(&mut o, "leads.growth[]", i, region);
        let (note, source) = remarks(&mut o);
        o.close();
        if let Growth::Phases(phases) = &mut region.leads.growth {
            (phases[i].note, phases[i].source) = (note, source);
        }
        let Some(from_month) = from_month else { continue };
        if let Some(before) = last.filter(|before| *before >= from_month) {
            let found = format!("from_month {from_month} after {before}");
            item.fault(found, "phases in ascending order of from_month", "");
        }
        last = Some(from_month);
    }
}

const TIME_SHAPES: [(&str, TimeShape); 4] = [
    ("lognormal", TimeShape::Lognormal),
    ("gamma", TimeShape::Gamma),
    ("weibull", TimeShape::Weibull),
    ("fixed", TimeShape::Fixed),
];

/// A cv of 0, or one whose law can be computed.
fn cv(o: &mut Object, default: f64) -> f64 {
    let Some(node) = o.get("cv") else {
        return default;
    };
    let found = node.number(CV).unwrap_or(default);
    if found != 0.0 && found < 0.001 {
        node.wrong("0, or 0.001 to 10", "write 0 for no spread");
    }
    found
}

fn shape<T: Copy + Default>(o: &mut Object, words: &[(&str, T)]) -> T {
    o.get("shape").and_then(|n| n.word(words)).unwrap_or_default()
}

/// What a cycle says beside its quantities, which the table of fields reads.
struct CycleShape {
    points: Option<Points>,
    cv: f64,
    shape: TimeShape,
    note: Option<String>,
    source: Option<String>,
}

impl CycleShape {
    fn of(self, cycle: Cycle) -> Cycle {
        let (cv, shape) = if self.points.is_some() { (None, None) } else { (Some(self.cv), Some(self.shape)) };
        let Points { days, decided } = self.points.unwrap_or_default();
        Cycle { days, decided, cv, shape, note: self.note, source: self.source, ..cycle }
    }
}

/// The points of a distribution function of times.
#[derive(Default)]
struct Points {
    days: Vec<f64>,
    decided: Vec<f64>,
}

/// Reads a cycle into the region's object of that path; gives what the table of fields does not have.
fn cycle(node: &Node, object: &str, region: &mut Region) -> Option<CycleShape> {
    let mut o = node.object()?;
    quantities(&mut o, object, 0, region);
    let points = points(&mut o);
    let cv = cv(&mut o, default_cycle_cv());
    let shape = shape(&mut o, &TIME_SHAPES);
    let (note, source) = remarks(&mut o);
    o.close();
    Some(CycleShape { points, cv, shape, note, source })
}

/// The points of times in place of a mean, where they are given.
fn points(o: &mut Object) -> Option<Points> {
    let numbers =
        |node: Node, range: Range| node.list().iter().map(|item| item.number(range)).collect::<Option<Vec<f64>>>();
    if !o.has("days") {
        for key in ["decided", "stretch"] {
            if o.has(key) {
                o.node().fault(format!("{key} without days"), "days and decided together, or mean_days", "");
            }
            o.get(key);
        }
        o.get("days");
        return None;
    }
    for key in ["mean_days", "cv", "shape"] {
        if o.has(key) {
            o.node().fault(
                format!("{key} beside days"),
                "days and decided, or mean_days with cv and shape",
                "the points give mean and shape",
            );
        }
    }
    let days_node = o.get("days")?;
    let days = numbers(days_node.clone(), Range::new("days", 0.0, 36_525.0))?;
    let decided_node = o.required("decided", "as many shares as days, from 0 to 1")?;
    let decided = numbers(decided_node.clone(), Range::new("a share", 0.0, 1.0))?;
    if days.len() < 2 || days.len() > 1_000 || days.windows(2).any(|pair| pair[0] >= pair[1]) {
        days_node.wrong("2 to 1,000 days, ascending", "");
        return None;
    }
    let runs = decided.len() == days.len() && decided[0] == 0.0 && decided[decided.len() - 1] == 1.0;
    if !runs || decided.windows(2).any(|pair| pair[0] > pair[1]) {
        decided_node.wrong("as many shares as days, from 0 to 1 and never falling", "");
        return None;
    }
    Some(Points { days, decided })
}

/// Notes a field that goes with one cycle alone.
fn not_with_stages(node: &Node, region: &Object) {
    if region.has("stages") {
        node.fault(
            "it stands beside stages".to_owned(),
            "a region without stages",
            "stages say by themselves how long each takes and who is lost",
        );
    }
}

fn stalled(node: &Node, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    region.stalled = Some(Stalled::default());
    quantities(&mut o, "stalled", 0, region);
    let closed_after_days = o.get("closed_after_days").and_then(|n| n.number(Range::above("days", 0.0, 36_525.0)));
    let (note, source) = remarks(&mut o);
    o.close();
    region.stalled = region.stalled.take().map(|stalled| Stalled { closed_after_days, note, source, ..stalled });
}

fn close_dates(node: &Node, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    region.close_dates = Some(CloseDates::default());
    quantities(&mut o, "close_dates", 0, region);
    if let Some(node) = o.get("slip") {
        let slip = |region: &mut Region, slip: Option<Cycle>| {
            if let Some(dates) = &mut region.close_dates {
                dates.slip = slip;
            }
        };
        slip(region, Some(Cycle::default()));
        if let Some(read) = cycle(&node, "close_dates.slip", region) {
            let found = region.close_dates.as_mut().and_then(|dates| dates.slip.take());
            slip(region, found.map(|cycle| read.of(cycle)));
        }
    }
    let (note, source) = remarks(&mut o);
    o.close();
    region.close_dates = region.close_dates.take().map(|dates| CloseDates { note, source, ..dates });
}

fn final_amount(node: &Node, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    region.final_amount = Some(FinalAmount::default());
    quantities(&mut o, "final_amount", 0, region);
    let cv = cv(&mut o, 0.0);
    let (note, source) = remarks(&mut o);
    o.close();
    region.final_amount = region.final_amount.take().map(|amount| FinalAmount { cv, note, source, ..amount });
}

fn stages(node: &Node, region: &mut Region) {
    let items = node.list();
    if node.value.is_array() && !(1..=MAX_STAGES).contains(&items.len()) {
        node.wrong(&format!("a list of 1 to {MAX_STAGES} stages"), "");
        return;
    }
    region.stages = Some(Vec::new());
    for item in items {
        let Some(mut o) = item.object() else { continue };
        let name = o.required("name", "text in quotes").and_then(|n| n.text());
        let before = region.stages.as_deref().unwrap_or_default();
        let i = before.len();
        let is_taken = |name: &String| before.iter().any(|stage| stage.name == *name);
        let unfit = |name: &String| {
            name.is_empty() || name.contains([']', '[']) || name.parse::<usize>().is_ok() || is_taken(name)
        };
        let unfit = name.clone().filter(unfit);
        region.stages.get_or_insert_default().push(Stage { name: name.unwrap_or_default(), ..Stage::default() });
        quantities(&mut o, "stages[]", i, region);
        let points = points(&mut o);
        let (cv, shape) = (cv(&mut o, default_cycle_cv()), shape(&mut o, &TIME_SHAPES));
        let (cv, shape) = if points.is_some() { (None, None) } else { (Some(cv), Some(shape)) };
        let Points { days, decided } = points.unwrap_or_default();
        let (note, source) = remarks(&mut o);
        o.close();
        if let Some(name) = unfit {
            item.fault(format!("the stage name {name:?}"), "a name of its own, no mere number, without brackets", "");
        }
        let stages = region.stages.get_or_insert_default();
        stages[i] = Stage { days, decided, cv, shape, note, source, ..std::mem::take(&mut stages[i]) };
    }
}

fn deal_size(node: &Node, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    if o.has("median") {
        o.node().fault("a median".to_owned(), "the mean", "mean = median · √(1 + cv²) for a lognormal");
    }
    quantities(&mut o, "deal_size", 0, region);
    let table = is_table(&o);
    region.deal_size.cv = Some(cv(&mut o, default_size_cv())).filter(|_| !table);
    let shapes = [
        ("lognormal", MoneyShape::Lognormal),
        ("gamma", MoneyShape::Gamma),
        ("fixed", MoneyShape::Fixed),
        ("table", MoneyShape::Table),
    ];
    region.deal_size.shape = shape(&mut o, &shapes);
    let per = [("contract", SizePer::Contract), ("year", SizePer::Year)];
    region.deal_size.per = o.get("per").and_then(|n| n.word(&per)).unwrap_or_default();
    let (values, weights) = (o.get("values"), o.get("weights"));
    if table {
        table_of_sizes(&mut o, values, weights, region);
    } else if let Some(node) = values.or(weights) {
        node.fault("it stands beside a mean".to_owned(), "values and weights with the shape table", "");
    }
    (region.deal_size.note, region.deal_size.source) = remarks(&mut o);
    o.close();
}

/// Reads the amounts that deals have, and their weights.
fn table_of_sizes(o: &mut Object, values: Option<Node>, weights: Option<Node>, region: &mut Region) {
    const MOST: usize = 1_000;
    region.deal_size.mean = None;
    for key in ["mean", "cv"] {
        if o.has(key) {
            o.node().fault(
                format!("{key} beside a table"),
                "values and weights alone",
                "the table gives mean and spread",
            );
        }
    }
    let Some(values) = values.or_else(|| o.required("values", "amounts, one of which each deal has")) else { return };
    let amount = Range::new("an amount of money", -1e12, 1e12);
    region.deal_size.values = values.list().iter().map(|item| item.number(amount).unwrap_or_default()).collect();
    let count = region.deal_size.values.len();
    if values.value.is_array() && !(1..=MOST).contains(&count) {
        values.wrong(&format!("1 to {MOST} amounts"), "");
    }
    let Some(weights) = weights else {
        region.deal_size.weights = vec![Quantity::fixed(1.0); count];
        return;
    };
    let items = weights.list();
    if weights.value.is_array() && items.len() != count {
        weights.fault(format!("{} weights", items.len()), format!("as many weights as values, {count}"), "");
    }
    let read: Vec<Quantity> =
        items.iter().map(|item| Quantity::read(item, Domain::WEIGHT).unwrap_or_default()).collect();
    if read.iter().all(|weight| weight.law().mean() == 0.0) {
        weights.fault("zeros alone".to_owned(), "at least one weight above 0", "");
    }
    region.deal_size.weights = read;
}

fn exposure(node: &Node) -> Option<Exposure> {
    let mut o = node.object()?;
    let (leads, conversion, deal_size) =
        (o.number("leads", BETA, 0.0), o.number("conversion", BETA, 0.0), o.number("deal_size", BETA, 0.0));
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Exposure { leads, conversion, deal_size, note, source })
}
