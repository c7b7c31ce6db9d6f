//! From a JSON tree to a typed scenario, one function a type. A faulty field is noted and read as its default, so that
//! the others can be read too; a scenario with faults is never handed on.

use std::path::PathBuf;

use indexmap::IndexMap;

use super::backtest_record::BacktestRecord;
use super::claims::Claims;
use super::draws::joint_draws;
use super::lever;
use super::metric::Metric;
use super::parts::{MONTHS, metric, month, remarks, tags};
use super::read_changes;
use super::read_closing::closing_of_all;
use super::read_region::region;
use super::read_running;
use super::reader::{Node, Range};
use super::region::*;
use super::types::*;
use crate::units::{Currency, Month, period_label};

const MAX_REGIONS: usize = 1_000;

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
    let as_of = o.get("as_of").and_then(|n| read_running::day(&n));
    let until = o.get("until").and_then(|n| read_running::day(&n));
    let backtest = o.get("backtest").and_then(|n| backtest(&n));
    let fitted_from = o.get("fitted_from").and_then(|n| fitted_from(&n));
    let actuals = o.get("actuals").map(|n| read_running::actuals(&n));
    let (pipeline, contracts) = (o.get("pipeline"), o.get("contracts"));
    let draws = o.get("draws").and_then(|n| joint_draws(&n));
    let simulation = o.get("simulation").and_then(|n| simulation(&n)).unwrap_or_default();
    let contract = o.get("contract").and_then(|n| {
        let mut o = n.object()?;
        let term_months = o.whole("term_months", MONTHS, default_term() as u64) as usize;
        let (note, source) = remarks(&mut o);
        o.close();
        Some(Contract { term_months, note, source })
    });
    let market = o.get("market").and_then(|n| market(&n)).unwrap_or_default();
    let closing = o.get("closing").and_then(|n| closing_of_all(&n));
    let regions = o.required("regions", "an object with at least one region").map(|n| regions(&n)).unwrap_or_default();
    let only = regions.first().filter(|_| regions.len() == 1).map(|(key, _)| key.as_str());
    let pipeline = pipeline.map(|n| read_running::pipeline(&n, only));
    let contracts = contracts.map(|n| read_running::contracts(&n, only));
    let changes = o.get("changes").map(|n| read_changes::changes(&n)).unwrap_or_default();
    let one_offs = o.get("one_offs").map(|n| read_changes::one_offs(&n)).unwrap_or_default();
    let rates = o.get("rates").map(|n| read_changes::rates(&n)).unwrap_or_default();
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
        as_of,
        until,
        fitted_from,
        backtest,
        actuals,
        pipeline,
        contracts,
        draws,
        data: Vec::new(),
        simulation,
        contract: contract.unwrap_or_default(),
        market,
        closing,
        regions,
        changes,
        one_offs,
        rates,
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

/// What the file of a back-test said, which is laid in in place of its name.
fn backtest(node: &Node) -> Option<BacktestRecord> {
    let found = serde_json::from_value(node.value.clone()).ok();
    if found.is_none() {
        node.wrong("the name of a file of revcast backtest", "");
    }
    found
}

fn fitted_from(node: &Node) -> Option<FittedFrom> {
    let mut o = node.object()?;
    let export = o.required("export", "the file of an export").and_then(|n| n.text());
    let options = o.list("options").iter().filter_map(Node::text).collect();
    let (note, source) = remarks(&mut o);
    o.close();
    Some(FittedFrom { export: export?, options, folder: PathBuf::new(), note, source })
}

fn simulation(node: &Node) -> Option<Simulation> {
    let mut o = node.object()?;
    let trials = o.whole("trials", Range::new("trials", 1.0, 1e8), default_trials());
    let seed = o.whole("seed", Range::new("a seed", 0.0, u64::MAX as f64), default_seed());
    let metrics = o.list("metrics").iter().filter_map(metric).collect();
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Simulation { trials, seed, metrics, note, source })
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
    let region = o.text("region");
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Investment { name: name?, amount: amount?, from_month, months: months? as usize, region, note, source })
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
