//! A region as it is meant: each number fixed or an input, shapes settled, and how all of it follows from what was written.

use std::borrow::Cow;

use super::changes::{Change, OneOff, Outside, RegionChanges, Term, product};

use super::closing::{Closing, Cycle, DailyChances};
use super::parameter_value::ParameterValue;
use super::running::{self, CloseDates, ContractInForce, Duration, FinalAmount, OpenDeal, Stalled};
use super::schedule::{ExpectedLeads, ParameterSchedule, Schedule};
use super::size_table::SizeTable;
use super::team::Team;
use crate::chance::{DealSize, MoneyShape, SalesCycle, TimeShape, mean_of_points};
use crate::scenario::{self, FieldId, Growth, Scenario, SizePer};

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
    /// The share of deals won in the first two months of a quarter that is held to its end.
    pub held: Option<ParameterValue>,
    /// How the close dates of open deals are kept.
    pub close_dates: Option<CloseDates>,
    /// What open deals are worth in the end.
    pub final_amount: FinalAmount,
    /// The deals that are open on the as-of day.
    pub open_deals: Vec<OpenDeal>,
    /// The contracts in force on the as-of day.
    pub contracts: Vec<ContractInForce>,
    /// What a deal is worth, with mean 1.
    pub size: DealSize,
    /// The mean value of a deal; see [`Region::mean_size_at`].
    pub mean_size: ParameterValue,
    /// The amounts that deals have, where they are given by a table.
    pub sizes: Option<SizeTable>,
    /// Whether deal sizes are amounts of a year: a contract of T months is worth T/12 of it.
    pub per_year: bool,
    /// The terms of contracts, with the share of deals that has each; one at least.
    pub terms: Vec<Term>,
    /// The currency that all amounts are in, as an index among the model's rates; none where it is the scenario's.
    pub rate: Option<usize>,
    /// What changes multiply.
    pub changes: RegionChanges,
    /// Deals that are planned by themselves, in the order of their names.
    pub one_offs: Vec<OneOff>,
    /// The yearly share of customers who renew.
    pub retention: ParameterValue,
    /// The yearly growth of a contract's value at renewal.
    pub expansion: ParameterValue,
    /// The share of revenue that is left after the cost of serving customers, where the scenario has it.
    pub gross_margin: Option<ParameterValue>,
    /// What is spent on the region in each month, where costs are told by region.
    pub investment: Option<Vec<f64>>,
    /// Exponents of the market factor: leads, odds of winning, deal size.
    pub exposure: [f64; 3],
    /// The people who work the leads; without them all leads start at once.
    pub team: Option<Team>,
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
    /// Day by day, with chances by age.
    Daily(Closing),
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
    /// How leads are decided day by day, where they are.
    pub fn closing(&self) -> Option<&Closing> {
        match self {
            Funnel::Daily(closing) => Some(closing),
            _ => None,
        }
    }

    /// The share of the first month's leads that become customers in a trial with these inputs, before the market factor; where they are decided
    /// day by day, with all factors of months at 1.
    pub fn win_rate(&self, inputs: &[f64]) -> f64 {
        match self {
            Funnel::Cycle(cycle) => cycle.conversion.in_force(0).at(inputs),
            Funnel::Stages(stages) => stages.iter().map(|stage| stage.pass.at(inputs)).product(),
            Funnel::Daily(closing) => closing.win_rate(inputs),
        }
    }
}

impl Region {
    /// The mean value of a deal in a trial with these inputs.
    pub fn mean_size_at(&self, inputs: &[f64]) -> f64 {
        self.sizes.as_ref().map_or_else(|| self.mean_size.at(inputs), |sizes| sizes.mean(inputs))
    }

    /// Whether what its deals are worth over time follows from more than their bookings, all terms being this one.
    pub(super) fn is_valued(&self, term: usize) -> bool {
        let of_one_term = self.terms.iter().all(|of| of.months == term);
        let changes = !self.changes.deal_size.is_empty() || !self.changes.retention.is_empty();
        !of_one_term || self.per_year || self.rate.is_some() || changes || !self.one_offs.is_empty()
    }

    /// What changes multiply win rates, times and passes by for leads that arrive in a month, with these inputs; all leads of months with the same
    /// have the same fate.
    pub fn on_closing(&self, changes: &[Change], month: usize, inputs: &[f64]) -> Vec<f64> {
        let RegionChanges { win_rate, cycle, lost_cycle, stages, .. } = &self.changes;
        let all = [win_rate, cycle, lost_cycle].into_iter().chain(stages.iter().flatten());
        all.map(|factors| product(changes, factors, month, inputs)).collect()
    }

    /// How leads that arrive in a month are decided in a trial with these inputs: what changes multiply is fixed at what it is then.
    pub fn funnel_in(&self, changes: &[Change], month: usize, inputs: &[f64]) -> Cow<'_, Funnel> {
        if !self.changes.moves_closing() {
            return Cow::Borrowed(&self.funnel);
        }
        let by = self.on_closing(changes, month, inputs);
        let fixed = |value: ParameterValue, by: f64| ParameterValue::Fixed(value.at(inputs) * by);
        let share = |value: ParameterValue, by: f64| ParameterValue::Fixed((value.at(inputs) * by).min(1.0));
        let changed = |cycle: &Cycle| Cycle {
            conversion: ParameterSchedule::constant(share(cycle.conversion.in_force(month), by[0])),
            mean_days: fixed(cycle.mean_days, by[1]),
            lost: cycle
                .lost
                .as_ref()
                .map(|lost| Duration { mean_days: fixed(lost.mean_days, by[2]), delay: lost.delay.clone() }),
            ..cycle.clone()
        };
        Cow::Owned(match &self.funnel {
            Funnel::Cycle(cycle) => Funnel::Cycle(changed(cycle)),
            Funnel::Stages(stages) => {
                let each = stages.iter().zip(by[3..].chunks_exact(2));
                let stage = |(stage, by): (&Stage, &[f64])| Stage {
                    pass: share(stage.pass, by[0]),
                    mean_days: fixed(stage.mean_days, by[1]),
                    delay: stage.delay.clone(),
                };
                Funnel::Stages(each.map(stage).collect())
            }
            Funnel::Daily(closing) => Funnel::Daily(Closing {
                chances: match &closing.chances {
                    DailyChances::Cycles(cycle) => DailyChances::Cycles(changed(cycle)),
                    table => table.clone(),
                },
                ..closing.clone()
            }),
        })
    }

    /// What a new deal is worth over its mean size, in the mean over its terms.
    pub fn mean_years(&self) -> f64 {
        let years = |term: &Term| term.share * term.months as f64 / 12.0;
        if self.per_year { self.terms.iter().map(years).sum() } else { 1.0 }
    }

    /// The expected leads of each month, without end, in a trial with these inputs and the market factor at 0.
    pub fn expected(&self, inputs: &[f64]) -> impl Iterator<Item = f64> {
        let leads = ExpectedLeads::in_trial(self.monthly, &self.growth, &self.schedule, inputs);
        let team = self.team.as_ref().filter(|team| !team.activities.is_empty());
        let people = team.map(|team| (team.leads_of_activities(inputs), team.expected_development(inputs)));
        leads.enumerate().map(move |(m, leads)| match &people {
            None => leads,
            Some((each, strength)) => leads * each * strength.get(m).or(strength.last()).copied().unwrap_or(0.0),
        })
    }

    /// The meaning of a region, given what each of its fields is; `means` are those of all inputs.
    pub(super) fn resolve(
        scenario: &Scenario,
        key: &str,
        region: &scenario::Region,
        level: impl Fn(FieldId) -> ParameterValue,
        outside: &Outside,
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
        let cycle = |cycle: &scenario::Cycle| {
            let Duration { mean_days, delay } =
                duration(&times(cycle), &level, [FieldId::CycleMeanDays, FieldId::CycleStretch]);
            let of_lost = [FieldId::LostCycleMeanDays, FieldId::LostCycleStretch];
            Cycle {
                conversion: ParameterSchedule::constant(level(FieldId::Conversion)),
                mean_days,
                delay,
                lost: region.lost_cycle.as_ref().map(|cycle| duration(&times(cycle), &level, of_lost)),
                stalled: region.stalled.as_ref().map(|stalled| Stalled {
                    share: level(FieldId::StalledShare),
                    closed_after_days: stalled.closed_after_days,
                }),
            }
        };
        let funnel = match (region.daily_closing(), &region.stages, &region.cycle) {
            (Some(written), _, written_cycle) => {
                Funnel::Daily(daily(written, written_cycle.as_ref().map(cycle), scenario, &level))
            }
            (None, None, Some(written)) => Funnel::Cycle(cycle(written)),
            (None, stages, _) => {
                let stages = stages.iter().flatten().enumerate().map(|(i, stage)| {
                    let scenario::Stage { days, decided, stretch, cv, shape, .. } = stage;
                    let times = Times { days, decided, stretch: stretch.is_some(), cv: *cv, shape: *shape };
                    let Duration { mean_days, delay } =
                        duration(&times, &level, [FieldId::StageMeanDays(i), FieldId::StageStretch(i)]);
                    Stage { pass: level(FieldId::StagePass(i)), mean_days, delay }
                });
                Funnel::Stages(stages.collect())
            }
        };
        let close_dates = region.close_dates.as_ref().map(|dates| CloseDates {
            kept: level(FieldId::CloseDatesKept),
            slip: dates
                .slip
                .as_ref()
                .map(|slip| duration(&times(slip), &level, [FieldId::SlipMeanDays, FieldId::SlipStretch])),
        });
        let final_amount = region.final_amount.as_ref();
        let overdispersion = region.leads.overdispersion;
        let mut resolved = Region {
            key: key.to_owned(),
            label: region.label.clone().unwrap_or_else(|| key.to_owned()),
            // What activities bring for each unit of strength takes the place of leads a month.
            monthly: if region.leads.activities.is_empty() {
                level(FieldId::LeadsMonthly)
            } else {
                ParameterValue::Fixed(1.0)
            },
            team: None,
            growth,
            schedule,
            // Below 10⁻⁹ no number of leads that is possible would show it.
            dispersion: (overdispersion >= 1e-9).then(|| DealSize::new(MoneyShape::Gamma, libm::sqrt(overdispersion))),
            overdispersion,
            funnel,
            held: region
                .closing
                .as_ref()
                .and_then(|closing| closing.held_to_quarter_end.as_ref())
                .map(|_| level(FieldId::HeldToQuarterEnd)),
            close_dates,
            final_amount: FinalAmount {
                ratio: match final_amount.and_then(|amount| amount.ratio.as_ref()) {
                    Some(_) => level(FieldId::FinalAmountRatio),
                    None => ParameterValue::Fixed(1.0),
                },
                law: DealSize::new(MoneyShape::Lognormal, final_amount.map_or(0.0, |amount| amount.cv)),
            },
            open_deals: running::open_deals(scenario, key, region),
            contracts: running::contracts(scenario, key),
            size: DealSize::new(region.deal_size.shape, region.deal_size.cv.unwrap_or(0.0)),
            sizes: SizeTable::of(&region.deal_size, &level),
            mean_size: level(FieldId::DealSizeMean),
            per_year: region.deal_size.per == SizePer::Year,
            terms: if region.terms.is_empty() {
                let months = region.term_months.unwrap_or(scenario.contract.term_months);
                vec![Term { months, share: 1.0 }]
            } else {
                region.terms.iter().map(|term| Term { months: term.months, share: term.share }).collect()
            },
            rate: region.currency.as_ref().and_then(|code| scenario.rates.get_index_of(code)),
            changes: RegionChanges::of(scenario, key, region.stages.as_ref().map_or(0, Vec::len), outside.value),
            one_offs: outside.one_offs(key),
            retention: level(FieldId::Retention),
            expansion: level(FieldId::Expansion),
            gross_margin: region.gross_margin.as_ref().map(|_| level(FieldId::GrossMargin)),
            investment: scenario.has_costs().then(|| {
                spent(scenario.investment.iter().filter(|item| item.region.as_deref() == Some(key)), scenario)
            }),
            exposure: [region.exposure.leads, region.exposure.conversion, region.exposure.deal_size],
            expected_leads: Vec::new(),
        };
        resolved.team = Team::of(scenario, region, &level, &resolved.changes.capacity);
        resolved.expected_leads = resolved.expected(means).take(scenario.months).collect();
        resolved
    }
}

/// What items of investment come to in each month.
pub(super) fn spent<'s>(items: impl Iterator<Item = &'s scenario::Investment>, scenario: &Scenario) -> Vec<f64> {
    let mut months = vec![0.0; scenario.months];
    for item in items {
        let from = item.from_month - 1;
        for month in months.iter_mut().take(from + item.months).skip(from) {
            *month += item.amount / item.months as f64;
        }
    }
    months
}

/// How leads are decided day by day: by a table of chances, else by those of a win rate and times.
fn daily(
    written: &scenario::Closing,
    cycle: Option<Cycle>,
    scenario: &Scenario,
    level: &impl Fn(FieldId) -> ParameterValue,
) -> Closing {
    let all =
        |count: usize, id: fn(usize) -> FieldId| (0..count).map(|i| level(id(i))).collect::<Vec<ParameterValue>>();
    let chances = match (&written.table, cycle) {
        (None, Some(cycle)) => DailyChances::Cycles(cycle),
        (table, _) => {
            let ages = table.as_ref().map_or_else(|| vec![0], |table| table.ages.clone());
            let daily = [all(ages.len(), FieldId::DailyWon), all(ages.len(), FieldId::DailyLost)];
            DailyChances::Table { ages, daily }
        }
    };
    // A factor that is not given is 1.
    let factor = |quantity: &Option<scenario::Quantity>, id: FieldId| match quantity {
        Some(_) => level(id),
        None => ParameterValue::Fixed(1.0),
    };
    let stages = written.by_stage.values().enumerate();
    Closing {
        chances,
        rhythm: [
            all(written.rhythm.won.len(), FieldId::RhythmWon),
            all(written.rhythm.lost.len(), FieldId::RhythmLost),
        ],
        now: [level(FieldId::NowWon), level(FieldId::NowLost)],
        volatility: [level(FieldId::VolatilityWon), level(FieldId::VolatilityLost)],
        by_stage: stages
            .map(|(i, of)| [factor(&of.won, FieldId::StageWon(i)), factor(&of.lost, FieldId::StageLost(i))])
            .collect(),
        shared: scenario.closing.as_ref().is_some_and(|closing| closing.shared),
    }
}

/// What is written of a time: its points, or its spread and shape.
struct Times<'a> {
    days: &'a [f64],
    decided: &'a [f64],
    stretch: bool,
    cv: Option<f64>,
    shape: Option<TimeShape>,
}

fn times(cycle: &scenario::Cycle) -> Times<'_> {
    let scenario::Cycle { days, decided, stretch, cv, shape, .. } = cycle;
    Times { days, decided, stretch: stretch.is_some(), cv: *cv, shape: *shape }
}

/// The meaning of a time whose mean, or the stretch of its points, is a field.
fn duration(times: &Times, level: &impl Fn(FieldId) -> ParameterValue, [mean, stretch]: [FieldId; 2]) -> Duration {
    if times.days.is_empty() {
        let delay = SalesCycle::new(times.shape.unwrap_or_default(), times.cv.unwrap_or_default());
        return Duration { mean_days: level(mean), delay };
    }
    let stretched = if times.stretch { level(stretch) } else { ParameterValue::Fixed(1.0) };
    let mean_days = stretched.times(mean_of_points(times.days, times.decided));
    Duration { mean_days, delay: SalesCycle::through(times.days, times.decided) }
}
