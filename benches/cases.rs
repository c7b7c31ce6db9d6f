//! Scenarios of all sizes, for the benches: the plan and the peers' workload, with more leads, regions or months.

use std::fmt;
use std::path::Path;

use revcast::engine::{Execution, Resampling, SimulationScope, each_block};
use revcast::model::{Model, resolve};
use revcast::outcomes::{Grid, Outcomes};
use revcast::scenario::{Metric, Scenario, load};
use serde_json::{Map, Value, json};

pub(crate) const LEADS: [f64; 4] = [1.0, 10.0, 100.0, 1000.0];
pub(crate) const REGIONS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
pub(crate) const MONTHS: [usize; 5] = [12, 24, 36, 60, 120];
pub(crate) const THREADS: [usize; 2] = [1, 2];

/// Where a case starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// `scenarios/ai-marketing-plan.json`.
    Plan,
    /// `benches/peers/workload.json`.
    Workload,
}

/// How it differs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Change {
    /// Not at all.
    None,
    /// Times as many leads in every region.
    Leads(f64),
    /// So many copies of the first region, which share its leads.
    Shared(usize),
    /// So many copies of the first region, each with all its leads.
    Repeated(usize),
    /// So many months; growth ends where it does over the base's own.
    Months(usize),
}

/// A scenario of some size, and what of it is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Case {
    pub(crate) base: Base,
    pub(crate) change: Change,
    pub(crate) won_deals_only: bool,
}

impl Base {
    pub(crate) const ALL: [Base; 2] = [Base::Plan, Base::Workload];

    fn file(self) -> &'static str {
        match self {
            Base::Plan => "scenarios/ai-marketing-plan.json",
            Base::Workload => "benches/peers/workload.json",
        }
    }

    fn json(self) -> Value {
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(self.file())).expect("it can be read");
        let mut json: Value = serde_json::from_slice(&bytes).expect("it is JSON");
        // Targets name months that a shorter case does not have.
        json.as_object_mut().expect("a scenario").shift_remove("targets");
        if self == Base::Workload {
            for region in regions(&mut json).values_mut() {
                let rate = region["leads"]["growth"].take();
                region["leads"]["growth"] = json!([{"from_month": 1, "rate": rate}, {"from_month": 12, "rate": 0}]);
            }
        }
        json
    }
}

impl Case {
    /// Everything that the base computes, changed in one way.
    pub(crate) fn new(base: Base, change: Change) -> Case {
        Case { base, change, won_deals_only: false }
    }

    /// The same change of both bases, with all metrics and with money only.
    pub(crate) fn of(change: Change) -> Vec<Case> {
        let both = Base::ALL.into_iter().flat_map(|base| [true, false].map(|m| (base, m)));
        both.map(|(base, won_deals_only)| Case { base, change, won_deals_only }).collect()
    }

    pub(crate) fn scenario(&self, trials: usize, seed: u64) -> Scenario {
        let mut json = self.base.json();
        json["simulation"] = json!({"trials": trials, "seed": seed});
        match self.change {
            Change::None => {}
            Change::Leads(factor) => regions(&mut json).values_mut().for_each(|region| scale_leads(region, factor)),
            Change::Shared(count) => copy_first(&mut json, count, 1.0 / count as f64),
            Change::Repeated(count) => copy_first(&mut json, count, 1.0),
            Change::Months(months) => json["months"] = json!(months),
        }
        let bytes = json.to_string().into_bytes();
        load(self.base.file().as_ref(), &[], &|_| Ok(bytes.clone())).unwrap_or_else(|faults| panic!("{faults}"))
    }

    pub(crate) fn model(&self, trials: usize, seed: u64) -> Model {
        resolve(&self.scenario(trials, seed)).expect("the case is sound")
    }

    /// Total bookings of all months, trial by trial, each block of trials dropped once they are formed.
    pub(crate) fn play(&self, model: &Model, execution: &Execution) -> Vec<f64> {
        let part = SimulationScope { won_deals_only: self.won_deals_only, ..SimulationScope::whole(model) };
        let total = |block: &Outcomes| total_bookings(model, block);
        each_block(model, Resampling::None, part, execution, total).expect("the case runs").concat()
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = if self.base == Base::Plan { "plan" } else { "workload" };
        let part = if self.won_deals_only { "money only" } else { "all metrics" };
        match self.change {
            Change::None => write!(f, "{base}, {part}"),
            Change::Leads(factor) => write!(f, "{base}, {part}, leads x {factor}"),
            Change::Shared(count) | Change::Repeated(count) => write!(f, "{base}, {part}, {count} regions"),
            Change::Months(months) => write!(f, "{base}, {part}, {months} months"),
        }
    }
}

fn total_bookings(model: &Model, outcomes: &Outcomes) -> Vec<f64> {
    let regions: Vec<usize> = (0..model.regions.len()).collect();
    Grid::new(model, outcomes, Metric::TotalBookings, &regions).period(0..model.horizon.months)
}

fn regions(json: &mut Value) -> &mut Map<String, Value> {
    json["regions"].as_object_mut().expect("regions by key")
}

fn scale_leads(region: &mut Value, factor: f64) {
    let mean = &mut region["leads"]["monthly"]["mean"];
    *mean = json!(factor * mean.as_f64().expect("leads with a mean"));
}

fn copy_first(json: &mut Value, count: usize, factor: f64) {
    if count == 1 {
        // One region has nothing to be correlated with.
        json["correlations"] = json!([]);
    }
    let regions = regions(json);
    let mut first = regions.values().next().expect("a region").clone();
    scale_leads(&mut first, factor);
    regions.clear();
    regions.extend((1..=count).map(|i| (format!("region_{i}"), first.clone())));
}
