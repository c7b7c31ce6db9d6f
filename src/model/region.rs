//! A region as it is meant: each number fixed or an input, shapes settled, and how all of it follows from what was written.

use super::parameter_value::ParameterValue;
use super::schedule::{ExpectedLeads, ParameterSchedule, Schedule};
use crate::chance::{DealSize, MoneyShape, SalesCycle};
use crate::scenario::{self, FieldId, Growth, Scenario};

/// A region, its fields resolved to numbers and inputs.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its key in the scenario, which also addresses its streams.
    pub key: String,
    /// The label that people read.
    pub label: String,
    /// Expected leads a month before growth, ramp and season.
    pub monthly: ParameterValue,
    /// The rate of growth from each month to the next.
    pub growth: ParameterSchedule,
    /// The ramp and the season of the leads.
    pub schedule: Schedule,
    /// The gamma factor on a month's leads, with mean 1; `None` for plain Poisson.
    pub dispersion: Option<DealSize>,
    /// The variance of that factor.
    pub overdispersion: f64,
    /// The way in which leads are decided.
    pub funnel: Funnel,
    /// What a deal is worth, with mean 1.
    pub size: DealSize,
    /// The mean value of a deal.
    pub mean_size: ParameterValue,
    /// The yearly share of customers who renew.
    pub retention: ParameterValue,
    /// The yearly growth of a contract's value at renewal.
    pub expansion: ParameterValue,
    /// Exponents of the market factor: leads, odds of winning, deal size.
    pub exposure: [f64; 3],
    /// Expected leads of each month with every input at its mean and the market factor at 0.
    pub expected_leads: Vec<f64>,
}

/// The way in which leads are decided.
#[derive(Clone, Debug)]
pub enum Funnel {
    /// After one cycle, won with one probability.
    Cycle(Cycle),
    /// Through stages, one after another.
    Stages(Vec<Stage>),
}

/// A funnel of one cycle, after which a lead is won or lost.
#[derive(Clone, Debug)]
pub struct Cycle {
    /// The win rate of the leads that arrive in each month.
    pub conversion: ParameterSchedule,
    /// The mean length in days.
    pub mean_days: ParameterValue,
    /// The shape of the length.
    pub delay: SalesCycle,
}

/// A stage of the funnel.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The share of leads that pass.
    pub pass: ParameterValue,
    /// The mean time in days.
    pub mean_days: ParameterValue,
    /// The shape of the time, with mean 1.
    pub delay: SalesCycle,
}

impl Funnel {
    /// The share of the first month's leads that become customers in a trial with these inputs, before the market factor.
    pub fn win_rate(&self, inputs: &[f64]) -> f64 {
        match self {
            Funnel::Cycle(cycle) => cycle.conversion.in_force(0).at(inputs),
            Funnel::Stages(stages) => stages.iter().map(|stage| stage.pass.at(inputs)).product(),
        }
    }
}

impl Region {
    /// The expected leads of each month, without end, in a trial with these inputs and the market factor at 0.
    pub fn expected(&self, inputs: &[f64]) -> impl Iterator<Item = f64> {
        ExpectedLeads::in_trial(self.monthly, &self.growth, &self.schedule, inputs)
    }

    /// The meaning of a region, given what each of its fields is; `means` are those of all inputs.
    pub(super) fn resolve(
        scenario: &Scenario,
        key: &str,
        region: &scenario::Region,
        level: impl Fn(FieldId) -> ParameterValue,
        means: &[f64],
    ) -> Region {
        let growth = match &region.leads.growth {
            Growth::Steady(_) => ParameterSchedule::constant(level(FieldId::Growth)),
            Growth::Phases(phases) => {
                let phases = phases.iter().enumerate();
                let changes = phases.map(|(i, phase)| (phase.from_month - 1, level(FieldId::PhaseGrowth(i))));
                ParameterSchedule::new(ParameterValue::Fixed(0.0), changes.collect())
            }
        };
        let schedule = Schedule {
            ramp: region.leads.ramp.clone(),
            season: std::array::from_fn(|m| match &region.leads.season {
                Some(season) => {
                    12.0 * season[scenario.start.plus(m).number() as usize - 1] / season.iter().sum::<f64>()
                }
                None => 1.0,
            }),
        };
        let funnel = match (&region.stages, &region.cycle) {
            (None, Some(cycle)) => Funnel::Cycle(Cycle {
                conversion: ParameterSchedule::constant(level(FieldId::Conversion)),
                mean_days: level(FieldId::CycleMeanDays),
                delay: SalesCycle::new(cycle.shape, cycle.cv),
            }),
            (stages, _) => {
                let stages = stages.iter().flatten().enumerate().map(|(i, stage)| Stage {
                    pass: level(FieldId::StagePass(i)),
                    mean_days: level(FieldId::StageMeanDays(i)),
                    delay: SalesCycle::new(stage.shape, stage.cv),
                });
                Funnel::Stages(stages.collect())
            }
        };
        let overdispersion = region.leads.overdispersion;
        let mut resolved = Region {
            key: key.to_owned(),
            label: region.label.clone().unwrap_or_else(|| key.to_owned()),
            monthly: level(FieldId::LeadsMonthly),
            growth,
            schedule,
            // Below 10⁻⁹ no number of leads that is possible would show it.
            dispersion: (overdispersion >= 1e-9).then(|| DealSize::new(MoneyShape::Gamma, libm::sqrt(overdispersion))),
            overdispersion,
            funnel,
            size: DealSize::new(region.deal_size.shape, region.deal_size.cv),
            mean_size: level(FieldId::DealSizeMean),
            retention: level(FieldId::Retention),
            expansion: level(FieldId::Expansion),
            exposure: [region.exposure.leads, region.exposure.conversion, region.exposure.deal_size],
            expected_leads: Vec::new(),
        };
        resolved.expected_leads = resolved.expected(means).take(scenario.months).collect();
        resolved
    }
}
