//! What is simulated of a model, and which of its randomness is drawn afresh.

use crate::model::{Funnel, Model};
use crate::outcomes::ColumnLayout;

/// Which randomness is drawn afresh, for shares of variance: causes are kept one after the other, in the order of the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resampling {
    /// None: these are the trials of the run itself.
    None,
    /// All but whether events happen.
    AllButEvents,
    /// The market factor and the remaining chance; the inputs are kept.
    AllButInputs,
    /// The remaining chance; the inputs and the market factor are kept.
    ChanceOnly,
    /// The remaining chance but the steps of the pace of closing, which are kept too.
    AllButPace,
    /// The remaining chance but those and the paths of exchange rates, which are kept too.
    AllButRates,
    /// The remaining chance but those and who comes and goes, which is kept too.
    AllButPeople,
    /// The remaining chance but those and what becomes of open deals, which is kept too.
    AllButOpenDeals,
}

/// What can be kept, in the order in which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    Events,
    Inputs,
    Market,
    Pace,
    Rates,
    People,
    OpenDeals,
    Chance,
}

impl Resampling {
    /// The last cause that is kept, and the number of the pass that the others are drawn in.
    fn spec(self) -> (Cause, u64) {
        match self {
            Resampling::None => (Cause::Chance, 0),
            Resampling::AllButEvents => (Cause::Events, 5),
            Resampling::AllButInputs => (Cause::Inputs, 1),
            Resampling::ChanceOnly => (Cause::Market, 2),
            Resampling::AllButPace => (Cause::Pace, 4),
            Resampling::AllButRates => (Cause::Rates, 6),
            Resampling::AllButPeople => (Cause::People, 7),
            Resampling::AllButOpenDeals => (Cause::OpenDeals, 3),
        }
    }

    /// The pass that a cause is drawn in: that of the run where it is kept.
    pub(super) fn pass(self, cause: Cause) -> u64 {
        let (last, pass) = self.spec();
        if cause <= last { 0 } else { pass }
    }
}

/// The part of a model that is simulated. A narrower scope leaves the bytes of what is in it alone, unless its law is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SimulationScope {
    /// The number of months, from the first one on.
    pub months: usize,
    /// Without lost leads and what depends on them (leads, open deals, pipelines).
    pub won_deals_only: bool,
    /// Whether the trials are those of a run of all months: then contracts are told apart by their renewals past these months, too.
    pub as_in_run: bool,
}

impl SimulationScope {
    /// All months of a model, and what its metrics need.
    pub fn whole(model: &Model) -> SimulationScope {
        let won_deals_only = model.metrics().all(|metric| metric.spec().won_deals_only);
        SimulationScope::new(model.horizon.months, won_deals_only)
    }

    /// So many months, with the trials of a run.
    pub fn new(months: usize, won_deals_only: bool) -> SimulationScope {
        SimulationScope { months, won_deals_only, as_in_run: true }
    }

    /// The same part for whom its law is enough: in fewer months than the model has, trials that are not those of a run but take less time.
    pub fn by_law(self, model: &Model) -> SimulationScope {
        SimulationScope { as_in_run: self.months == model.horizon.months, ..self }
    }

    /// The smallest scope that holds both.
    pub fn and(self, other: SimulationScope) -> SimulationScope {
        SimulationScope {
            months: self.months.max(other.months),
            won_deals_only: self.won_deals_only && other.won_deals_only,
            as_in_run: self.as_in_run || other.as_in_run,
        }
    }

    /// The layout of the columns of its outcomes.
    pub fn layout(self, model: &Model) -> ColumnLayout {
        let by_day = model.regions.iter().any(|region| matches!(region.funnel, Funnel::Daily(_)));
        ColumnLayout {
            regions: model.regions.len(),
            months: self.months,
            inputs: model.inputs.len(),
            leads: !self.won_deals_only || model.has_team || by_day,
            running: model.running.is_some(),
            margin: model.has_margin(),
            valued: model.valued,
            people: model.has_team,
            quota_periods: model.quota_periods.len(),
            classes: model.classes.len(),
        }
    }
}
