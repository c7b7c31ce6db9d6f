//! The plan line: every input at its mean, market factor 0, expected counts. Average inputs, no luck.

use super::plan_contracts::ContractsExpected;
use super::plan_daily::DailyExpected;
use super::plan_running::{OpenDealsExpected, hold};
use crate::chance::{SalesCycle, TimeShape};
use crate::engine::SimulationScope;
use crate::model::{Cycle, Funnel, Model, Region, Stage, TeamExpected, product};
use crate::outcomes::{Block, Measure, Outcomes};
use crate::scenario::RoleKind;
use crate::units::DAYS_PER_MONTH;

/// The plan line as the outcome of one trial, so that every metric is formed from it as from any other.
pub(crate) fn plan_line(model: &Model) -> Outcomes {
    let layout = SimulationScope { won_deals_only: false, ..SimulationScope::whole(model) }.layout(model);
    let inputs = model.mean_inputs();
    let mut values = vec![0.0; layout.columns()];
    for (i, value) in inputs.iter().take(layout.inputs).enumerate() {
        values[layout.input(i)] = *value;
    }
    for (r, region) in model.regions.iter().enumerate() {
        let mut expected = Expected::new(region, &inputs, model);
        let open = OpenDealsExpected::new(region, &inputs, model);
        if let Some(held) = region.held {
            hold(model, held.at(&inputs), &mut [&mut expected.won], Some(&mut expected.weighted_open));
        }
        let mut put = |measure, months: &[f64]| {
            let column = layout.column(measure, r);
            values[column..column + months.len()].copy_from_slice(months);
        };
        put(Measure::Leads, &expected.leads);
        put(Measure::Won, &sums(&expected.won, &open.won));
        put(Measure::Lost, &sums(&expected.lost, &open.lost));
        put(Measure::WeightedOpen, &expected.weighted_open);
        let unit = region.mean_size_at(&inputs) * model.market.mean_correction(region.exposure[2]);
        let by_month: Vec<f64> = (0..expected.won.len()).map(|k| model.size_in(region, k, &inputs)).collect();
        let years = |term: usize| if region.per_year { term as f64 / 12.0 } else { 1.0 };
        let of_new = |years: f64| -> Vec<f64> {
            expected.won.iter().zip(&by_month).map(|(won, by)| won * unit * by * years).collect()
        };
        let of_open = |years: f64| -> Vec<f64> {
            open.bookings.iter().zip(&open.as_new).map(|(stated, as_new)| stated + as_new * years).collect()
        };
        let mut contracts = ContractsExpected::new(region, &inputs, model);
        let signed = |term: usize| sums(&of_new(years(term)), &of_open(years(term)));
        contracts.sign(region, &inputs, model, &sums(&expected.won, &open.won), signed);
        put(Measure::Bookings, &of_new(region.mean_years()));
        put(Measure::Renewals, &contracts.renewals_of_signed);
        put(Measure::Customers, &contracts.customers);
        if layout.running {
            put(Measure::BookingsFromOpen, &of_open(region.mean_years()));
            put(Measure::OpenAsOf, &open.open);
            put(Measure::OpenAsOfValue, &open.value);
            put(Measure::OpenAsOfWeighted, &open.weighted);
            put(Measure::RenewalsFromContracts, &contracts.renewals);
            put(Measure::ArrFromContracts, &contracts.arr);
            put(Measure::ArrExpansion, &contracts.expansion);
            put(Measure::ArrContraction, &contracts.contraction);
            put(Measure::ArrChurn, &contracts.churn);
        }
        if layout.people {
            put(Measure::Started, expected.people.as_ref().map_or(&expected.leads, |people| &people.started));
        }
        if let Some(TeamExpected { heads, waiting, expired, used, quota, cost, .. }) = &expected.people {
            let [executives, development] = RoleKind::ALL.map(|kind| kind as usize);
            let in_own_currency = |amounts: &[f64]| -> Vec<f64> {
                amounts.iter().enumerate().map(|(m, amount)| amount * model.rate_in(region, m, &inputs)).collect()
            };
            put(Measure::Executives, &heads[executives]);
            put(Measure::Development, &heads[development]);
            put(Measure::Waiting, waiting);
            put(Measure::Expired, expired);
            put(Measure::ExecutivesUsed, &used[executives][0]);
            put(Measure::ExecutivesCapacity, &used[executives][1]);
            put(Measure::DevelopmentUsed, &used[development][0]);
            put(Measure::DevelopmentCapacity, &used[development][1]);
            put(Measure::Quota, &in_own_currency(quota));
            put(Measure::PeopleCost, &in_own_currency(cost));
        }
        if layout.valued {
            let size = region.mean_size_at(&inputs) * region.mean_years();
            put(Measure::WonFromOneOffs, &contracts.one_offs);
            put(Measure::BookingsFromOneOffs, &contracts.bookings_of_one_offs);
            put(Measure::ArrNew, &contracts.arr_new);
            put(Measure::ArrSigned, &contracts.arr_signed);
            put(Measure::RevenueAtOnce, &contracts.at_once);
            let retention = (0..model.horizon.months).map(|m| model.retention_in(region, m, &inputs));
            put(Measure::Retention, &retention.collect::<Vec<f64>>());
            put(Measure::DealSize, &by_month.iter().map(|by| size * by).collect::<Vec<f64>>());
        }
        values[layout.mean_size(r)] = region.mean_size_at(&inputs);
        if let Some(margin) = region.gross_margin {
            let columns = layout.margin(r).into_iter().zip([margin, region.retention]);
            columns.for_each(|(column, value)| values[column] = value.at(&inputs));
        }
    }
    Outcomes::new(layout, vec![Block { trials: 1, values }])
}

/// Expected counts of a region by month.
struct Expected {
    leads: Vec<f64>,
    /// What people make of them, where there are some.
    people: Option<TeamExpected>,
    won: Vec<f64>,
    lost: Vec<f64>,
    weighted_open: Vec<f64>,
}

/// Of a lead that arrives in month 0: chances by month since, starting with the month of arrival.
#[derive(Clone)]
struct Fate {
    won: Vec<f64>,
    lost: Vec<f64>,
    /// Chance of being open at the month's end, times the chance of then being won.
    weighted_open: Vec<f64>,
}

impl Expected {
    fn new(region: &Region, inputs: &[f64], model: &Model) -> Expected {
        let (months, as_of) = (model.horizon.months, model.as_of);
        if let Funnel::Daily(closing) = &region.funnel {
            let DailyExpected { leads, people, won, lost, weighted_open } =
                DailyExpected::new(region, closing, inputs, model);
            return Expected { leads, people, won, lost, weighted_open };
        }
        let rest = model.market.mean_correction(region.exposure[0]);
        let on_leads = |m: usize| product(&model.changes, &region.changes.leads, m, inputs);
        let leads = region.expected(inputs).take(months).enumerate();
        let leads: Vec<f64> = leads.map(|(m, leads)| leads * on_leads(m) * rest * as_of.part(m)).collect();
        let people = region.team.as_ref().map(|team| team.expect(region, model, &leads, inputs));
        let started = people.as_ref().map_or(&leads, |people| &people.started);
        // The leads of months with the same win rate and the same changes, in the same part of them, have the same fate.
        let mut fates: Vec<(Vec<f64>, Fate)> = Vec::new();
        let mut of_month = Vec::with_capacity(months);
        for m in 0..months {
            let part = if m == as_of.month { as_of.left() } else { 1.0 };
            let mut kind = region.on_closing(&model.changes, m, inputs);
            kind.push(part);
            if let Funnel::Cycle(cycle) = &region.funnel {
                kind.push(cycle.conversion.in_force(m).at(inputs));
            }
            let known = fates.iter().position(|(known, _)| *known == kind);
            of_month.push(known.unwrap_or_else(|| {
                let fate = match region.funnel_in(&model.changes, m, inputs).as_ref() {
                    Funnel::Cycle(cycle) => after_one_cycle(cycle, m, inputs, months, part),
                    Funnel::Stages(stages) => staged(stages, inputs, months, part),
                    Funnel::Daily(_) => unreachable!("it is taken above"),
                };
                fates.push((kind, fate));
                fates.len() - 1
            }));
        }
        let of = |m: usize| &fates[of_month[m]].1;
        Expected {
            won: by_month_decided(months, |m, lag| started[m] * of(m).won[lag]),
            lost: by_month_decided(months, |m, lag| started[m] * of(m).lost[lag]),
            weighted_open: by_month_decided(months, |m, lag| started[m] * of(m).weighted_open[lag]),
            people,
            leads,
        }
    }
}

/// Fates after one cycle, of leads that arrive in the last `part` of a month; they are won at the rate in force then.
fn after_one_cycle(cycle: &Cycle, month: usize, inputs: &[f64], months: usize, part: f64) -> Fate {
    let by_lag =
        |delay: &SalesCycle, mean: f64| -> Vec<f64> { delay.decided_by_lag(mean, DAYS_PER_MONTH, part, months) };
    let decided = by_lag(&cycle.delay, cycle.mean_days.at(inputs));
    let lost =
        cycle.lost.as_ref().map_or_else(|| decided.clone(), |lost| by_lag(&lost.delay, lost.mean_days.at(inputs)));
    let stalled = cycle.stalled.as_ref().map_or(0.0, |stalled| stalled.share.at(inputs));
    let closed_after = cycle.stalled.as_ref().and_then(|stalled| stalled.closed_after_days);
    let closed =
        closed_after.map_or_else(|| vec![0.0; months], |days| by_lag(&SalesCycle::new(TimeShape::Fixed, 0.0), days));
    let win_rate = cycle.conversion.in_force(month).at(inputs);
    let lost = differences(&lost).zip(differences(&closed));
    Fate {
        won: differences(&decided).map(|won| win_rate * won).collect(),
        lost: lost.map(|(lost, closed)| (1.0 - win_rate) * ((1.0 - stalled) * lost + stalled * closed)).collect(),
        weighted_open: decided.iter().map(|decided| win_rate * (1.0 - decided)).collect(),
    }
}

/// Sums over the months of arrival, for each month k, what `of` gives of month m at the lag k − m.
fn by_month_decided(months: usize, of: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    (0..months).map(|k| (0..=k).map(|m| of(m, k - m)).sum()).collect()
}

fn differences(cumulative: &[f64]) -> impl Iterator<Item = f64> + '_ {
    cumulative.iter().scan(0.0, |before, now| Some((now - std::mem::replace(before, *now)).max(0.0)))
}

fn sums(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// Fates through stages: the times of successive stages are convolved on a fine grid. Leads come evenly in the last `part` of their
/// month.
fn staged(stages: &[Stage], inputs: &[f64], months: usize, part: f64) -> Fate {
    /// Grid cells over the horizon; the error falls with their square.
    const CELLS: usize = 3_000;
    let per_month = (CELLS / months).clamp(16, 256);
    let cells = per_month * months;
    let step = DAYS_PER_MONTH / per_month as f64;
    // The density of the time from arrival until the present stage is entered, arrival spread evenly over its month.
    let mut entering = vec![0.0; cells];
    entering[..per_month].fill(1.0 / per_month as f64);
    if part < 1.0 {
        let from = (1.0 - part) * per_month as f64;
        let inside = |c: usize| ((c + 1) as f64 - from).clamp(0.0, 1.0);
        (0..per_month).for_each(|c| entering[c] = inside(c) / (part * per_month as f64));
    }
    let by_month = |density: &[f64]| -> Vec<f64> {
        (0..months).map(|j| density[j * per_month..(j + 1) * per_month].iter().sum()).collect()
    };
    let mut fate = Fate { won: vec![0.0; months], lost: vec![0.0; months], weighted_open: vec![0.0; months] };
    let passes: Vec<f64> = stages.iter().map(|stage| stage.pass.at(inputs)).collect();
    let mut reached = 1.0;
    for (i, stage) in stages.iter().enumerate() {
        let mean = stage.mean_days.at(inputs);
        // P(the stage takes between (c − ½) and (c + ½) cells).
        let edges: Vec<f64> = (0..=cells).map(|c| stage.delay.cdf(mean, (c as f64 + 0.5) * step)).collect();
        let time: Vec<f64> = (0..cells).map(|c| edges[c] - if c == 0 { 0.0 } else { edges[c - 1] }).collect();
        let mut leaving = vec![0.0; cells];
        for (c, chance) in entering.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
            for (out, t) in leaving[c..].iter_mut().zip(&time) {
                *out += chance * t;
            }
        }
        let (entered, left) = (by_month(&entering), by_month(&leaving));
        let ahead: f64 = passes[i..].iter().product();
        let mut inside = 0.0;
        for j in 0..months {
            inside += entered[j] - left[j];
            fate.weighted_open[j] += reached * ahead * inside.max(0.0);
            fate.lost[j] += reached * (1.0 - passes[i]) * left[j];
            if i + 1 == stages.len() {
                fate.won[j] = reached * passes[i] * left[j];
            }
        }
        reached *= passes[i];
        entering = leaving;
    }
    fate
}
