//! From a JSON tree to a typed scenario, one function a type. A faulty field is noted and read as its default, so that
//! the others can be read too; a scenario with faults is never handed on.

use std::ops::RangeInclusive;

use indexmap::IndexMap;

use super::claims::Claims;
use super::fields::{FIELDS, FieldSpec};
use super::lever;
use super::metric::Metric;
use super::parts::{MONTHS, metric, remarks, tags};
use super::quantity::Quantity;
use super::reader::{Node, Object, Range};
use super::region::*;
use super::types::*;
use crate::units::{Currency, Month, period_label};

const MAX_REGIONS: usize = 1_000;
const MAX_STAGES: usize = 20;
const BETA: Range = Range::new("an exposure", -10.0, 10.0);
const CV: Range = Range::new("a coefficient of variation (0.5 is 50 %)", 0.0, 10.0);

pub(super) fn scenario(node: &Node) -> Option<Scenario> {
    let mut o = node.object()?;
    // The keys of a file, not of a scenario: the loader has dealt with them.
    o.get("$schema");
    o.get("extends");
    let name = o.required("name", "text in quotes").and_then(|n| n.text()).unwrap_or_default();
    let assumptions = o.list("assumptions").iter().filter_map(Node::text).collect();
    let currency = o.get("currency").and_then(|n| {
        let found = n.text().and_then(|code| Currency::new(&code));
        if found.is_none() && n.value.is_string() {
            n.wrong("three capital letters, such as EUR", "");
        }
        found
    });
    let start = o.required("start", "a month such as 2027-01").and_then(|n| month(&n)).unwrap_or_else(first_month);
    let months = o.required("months", &MONTHS.allowed()).and_then(|n| n.whole(MONTHS)).unwrap_or(1) as usize;
    let fiscal_year = o.get("fiscal_year").and_then(|n| {
        let mut o = n.object()?;
        let first = o
            .required("first_month", "a month of the year, 1 to 12")
            .and_then(|n| n.whole(Range::new("a month of the year", 1.0, 12.0)));
        let (note, source) = remarks(&mut o);
        o.close();
        Some(FiscalYear { first_month: first? as u32, note, source })
    });
    let simulation = o.get("simulation").and_then(|n| simulation(&n)).unwrap_or_default();
    let contract = o.get("contract").and_then(|n| {
        let mut o = n.object()?;
        let term_months = o.whole("term_months", MONTHS, default_term() as u64) as usize;
        let (note, source) = remarks(&mut o);
        o.close();
        Some(Contract { term_months, note, source })
    });
    let market = o.get("market").and_then(|n| market(&n)).unwrap_or_default();
    let regions = o.required("regions", "an object with at least one region").map(|n| regions(&n)).unwrap_or_default();
    let correlations = o.list("correlations").iter().filter_map(correlation).collect();
    let investment = o.list("investment").iter().filter_map(investment).collect();
    let targets: Vec<Target> = o.list("targets").iter().filter_map(target).collect();
    let usual = targets.first().map_or(Metric::Bookings, |target| target.metric);
    let calls = o.list("calls").iter().filter_map(|n| call(n, usual)).collect();
    let levers = o.get("levers").map(|n| levers(&n)).unwrap_or_default();
    let claims = o.get("stated").and_then(|n| Claims::read(&n));
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Scenario {
        file: String::new(),
        date: None,
        name,
        assumptions,
        currency: currency.or_else(|| Currency::new("EUR"))?,
        start,
        months,
        fiscal_year,
        simulation,
        contract: contract.unwrap_or_default(),
        market,
        regions,
        correlations,
        investment,
        targets,
        calls,
        levers,
        claims,
        note,
        source,
    })
}

fn first_month() -> Month {
    Month::new(2000, 1).expect("January 2000 is a month")
}

fn month(node: &Node) -> Option<Month> {
    let found = node.value.as_str().and_then(|text| text.parse().ok());
    if found.is_none() {
        node.wrong("a month such as \"2027-03\", in quotes, years 1900 to 2999", "");
    }
    found
}

fn simulation(node: &Node) -> Option<Simulation> {
    let mut o = node.object()?;
    let trials = o.whole("trials", Range::new("trials", 1.0, 1e8), default_trials());
    let seed = o.whole("seed", Range::new("a seed", 0.0, u64::MAX as f64), default_seed());
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Simulation { trials, seed, note, source })
}

fn market(node: &Node) -> Option<Market> {
    let mut o = node.object()?;
    let volatility = o.number("volatility", Range::new("a standard deviation (0.1 is 10 %)", 0.0, 5.0), 0.0);
    let persistence = o.number("persistence", Range::new("a share", 0.0, 0.9999), 0.0);
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Market { volatility, persistence, note, source })
}

fn regions(node: &Node) -> IndexMap<String, Region> {
    let entries = node.entries();
    let mut regions = IndexMap::new();
    if node.value.is_object() && !(1..=MAX_REGIONS).contains(&entries.len()) {
        node.fault(format!("{} regions", entries.len()), format!("1 to {MAX_REGIONS} regions"), "");
        return regions;
    }
    for (key, node) in entries {
        if key == "total"
            || key.is_empty()
            || !key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        {
            node.fault(
                format!("the key {key:?}"),
                "lower-case letters, digits and underscores, and not \"total\"",
                "what people read goes into \"label\"",
            );
        }
        if let Some(region) = region(&node) {
            regions.insert(key.clone(), region);
        }
    }
    regions
}

/// Reads the fields of the table that stand in an object of a region, or in the `i`th element of a list, into the region.
fn quantities(o: &mut Object, object: &str, i: usize, region: &mut Region) {
    for spec in FIELDS.iter().filter(|spec| spec.place().0 == object) {
        quantity(o, spec, i, region);
    }
}

/// Reads a field of the table into the region.
fn quantity(o: &mut Object, spec: &FieldSpec, i: usize, region: &mut Region) {
    let key = spec.place().1;
    let allowed = spec.domain.range.allowed();
    let found = if spec.required { o.required(key, &allowed) } else { o.get(key) };
    // A list in place of a quantity, as phases in place of one growth, is read for itself.
    let is_list = |node: &Node| node.value.is_array() && FIELDS.iter().any(|other| other.list() == Some(spec.path));
    if let Some(quantity) = found.filter(|node| !is_list(node)).and_then(|node| Quantity::read(&node, spec.domain)) {
        region.set_quantity((spec.id)(i), quantity);
    }
}

/// Reads a region; what is faulty in it keeps its default.
fn region(node: &Node) -> Option<Region> {
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
                    cycle(&node, &mut region);
                }
                conversion_or_stages(&mut o);
            }
            "deal_size" => {
                if let Some(node) = o.required("deal_size", "an object with mean") {
                    deal_size(&node, &mut region);
                }
            }
            _ => {}
        }
    }
    region.exposure = o.get("exposure").and_then(|n| exposure(&n)).unwrap_or_default();
    (region.note, region.source) = remarks(&mut o);
    o.close();
    Some(region)
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
        } else if !o.has("stages") && !o.has(key) {
            o.required(key, "conversion and cycle, or stages");
        }
    }
}

fn leads(node: &Node, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    quantities(&mut o, "leads", 0, region);
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

fn cycle(node: &Node, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    region.cycle = Some(Cycle::default());
    quantities(&mut o, "cycle", 0, region);
    let cv = cv(&mut o, default_cycle_cv());
    let shape = shape(&mut o, &TIME_SHAPES);
    let (note, source) = remarks(&mut o);
    o.close();
    region.cycle = region.cycle.take().map(|cycle| Cycle { cv, shape, note, source, ..cycle });
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
        let cv = cv(&mut o, default_cycle_cv());
        let shape = shape(&mut o, &TIME_SHAPES);
        let (note, source) = remarks(&mut o);
        o.close();
        if let Some(name) = unfit {
            item.fault(format!("the stage name {name:?}"), "a name of its own, no mere number, without brackets", "");
        }
        let stages = region.stages.get_or_insert_default();
        stages[i] = Stage { cv, shape, note, source, ..std::mem::take(&mut stages[i]) };
    }
}

fn deal_size(node: &Node, region: &mut Region) {
    let Some(mut o) = node.object() else { return };
    if o.has("median") {
        o.node().fault("a median".to_owned(), "the mean", "mean = median · √(1 + cv²) for a lognormal");
    }
    quantities(&mut o, "deal_size", 0, region);
    region.deal_size.cv = cv(&mut o, default_size_cv());
    let shapes = [("lognormal", MoneyShape::Lognormal), ("gamma", MoneyShape::Gamma), ("fixed", MoneyShape::Fixed)];
    region.deal_size.shape = shape(&mut o, &shapes);
    (region.deal_size.note, region.deal_size.source) = remarks(&mut o);
    o.close();
}

fn exposure(node: &Node) -> Option<Exposure> {
    let mut o = node.object()?;
    let (leads, conversion, deal_size) =
        (o.number("leads", BETA, 0.0), o.number("conversion", BETA, 0.0), o.number("deal_size", BETA, 0.0));
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Exposure { leads, conversion, deal_size, note, source })
}

fn correlation(node: &Node) -> Option<Correlation> {
    let mut o = node.object()?;
    let between = o.required("between", "a list of two paths").and_then(|n| {
        let paths: Vec<String> = n.list().iter().filter_map(Node::text).collect();
        let found = <[String; 2]>::try_from(paths).ok();
        if found.is_none() && n.value.is_array() {
            n.wrong("a list of two paths", "");
        }
        found
    });
    let range = Range::new("a correlation", -1.0, 1.0);
    let rho = o.required("rho", &range.allowed()).and_then(|n| n.number(range));
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Correlation { between: between?, rho: rho?, note, source })
}

fn investment(node: &Node) -> Option<Investment> {
    let mut o = node.object()?;
    let name = o.required("name", "text in quotes").and_then(|n| n.text());
    let range = Range::new("an amount of money", 0.0, 1e15);
    let amount = o.required("amount", &range.allowed()).and_then(|n| n.number(range));
    let from_month = o.whole("from_month", MONTHS, default_first_month() as u64) as usize;
    let months = o.required("months", &MONTHS.allowed()).and_then(|n| n.whole(MONTHS));
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Investment { name: name?, amount: amount?, from_month, months: months? as usize, note, source })
}

fn target(node: &Node) -> Option<Target> {
    let mut o = node.object()?;
    let name = o.required("name", "text in quotes").and_then(|n| n.text());
    let metric = o.required("metric", "the name of a metric").and_then(|n| metric(&n));
    let period = o
        .required("period", "a period such as 2027, 2027-Q1, to 2028-12 or each-month")
        .and_then(|n| n.text())
        .map(|text| period_label(&text));
    let range = Range::new("a number", -1e18, 1e18);
    let at_least = o.required("at_least", &range.allowed()).and_then(|n| n.number(range));
    let region = o.text("region");
    let tag = o.get("tag").map(|n| tags(&n));
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Target { name: name?, metric: metric?, period: period?, at_least: at_least?, region, tag, note, source })
}

fn levers(node: &Node) -> Vec<lever::Lever> {
    let items = node.list();
    if items.len() > lever::MOST {
        node.wrong(&format!("a list of at most {} levers", lever::MOST), "");
        return Vec::new();
    }
    items.iter().filter_map(lever::read).collect()
}

fn call(node: &Node, usual: Metric) -> Option<Call> {
    let mut o = node.object()?;
    let who = o.required("who", "text in quotes").and_then(|n| n.text());
    let name = o.text("name").unwrap_or_else(default_call);
    let date = o.get("date").and_then(|n| {
        let found = n.value.as_str().and_then(|text| text.parse().ok());
        if found.is_none() {
            n.wrong("a day such as \"2027-01-15\", in quotes", "");
        }
        found
    });
    let metric = o.get("metric").map_or(Some(usual), |n| metric(&n));
    let period = o
        .required("period", "a period such as 2027, 2027-Q1 or to 2028-12")
        .and_then(|n| n.text())
        .map(|text| period_label(&text));
    let range = Range::new("a number", -1e18, 1e18);
    let amount = o.required("amount", &range.allowed()).and_then(|n| n.number(range));
    let region = o.text("region");
    let tag = o.get("tag").map(|n| tags(&n));
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Call { who: who?, name, date, metric: metric?, period: period?, amount: amount?, region, tag, note, source })
}
