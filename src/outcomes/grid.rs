//! One metric of one scope, month by month and trial by trial; its sums over periods.

use std::ops::Range;

use super::measure::Measure;
use super::quotient::{Quotient, SharesOfPeriods, margin_over};
use super::running::{Bridge, RunningGrids};
use super::store::{Outcomes, add, sum_over};
use crate::model::Model;
use crate::scenario::Metric;

/// Months × trials of one metric and scope.
#[derive(Clone, Debug)]
pub struct Grid {
    metric: Metric,
    trials: usize,
    /// Month after month, trial by trial: in one piece, which is given back to the system and taken again far more cheaply
    /// than many.
    values: Vec<f64>,
    /// What the values of longer periods are formed from, where these are neither sums nor levels.
    whole: Option<Whole>,
}

/// What each period's value is formed from as a whole.
#[derive(Clone, Debug)]
enum Whole {
    Retention(Bridge),
    Quotient(Quotient),
    Shares(SharesOfPeriods),
}

impl Whole {
    /// The values of a period over all trials.
    fn period(&self, metric: Metric, months: Range<usize>) -> Vec<f64> {
        match self {
            Whole::Retention(bridge) => bridge.retention(metric, months),
            Whole::Quotient(quotient) => quotient.period(months),
            Whole::Shares(shares) => shares.period(months),
        }
    }
}

impl Grid {
    /// Forms a metric over some regions: sums inside each trial. ROI is that of the whole, whatever the regions.
    pub fn new(model: &Model, outcomes: &Outcomes, metric: Metric, regions: &[usize]) -> Grid {
        let trials = outcomes.trials();
        let sum = |measure: Measure| -> Vec<f64> {
            let mut values = Vec::with_capacity(outcomes.layout().months * trials);
            for m in 0..outcomes.layout().months {
                sum_over(outcomes, measure, regions, m, &mut values);
            }
            values
        };
        let running = RunningGrids { model, outcomes, regions };
        let bookings = || running.with_actuals(Metric::Bookings, running.simulated_bookings(&sum));
        let renewals = || {
            let mut renewed = sum(Measure::Renewals);
            running.add(&mut renewed, Measure::RenewalsFromContracts);
            running.with_actuals(Metric::Renewals, renewed)
        };
        let booked = || {
            let mut booked = bookings();
            add(&mut booked, &renewals());
            booked
        };
        let arr = |months: f64| {
            let mut arr = match running.sum(Measure::ArrSigned) {
                Some(mut arr) => {
                    arr.iter_mut().for_each(|arr| *arr *= months / 12.0);
                    arr
                }
                None => {
                    let mut signed = running.simulated_bookings(&sum);
                    add(&mut signed, &sum(Measure::Renewals));
                    active(&signed, trials, model.term, months / model.term as f64)
                }
            };
            if let Some(mut of_contracts) = running.sum(Measure::ArrFromContracts) {
                of_contracts.iter_mut().for_each(|arr| *arr *= months / 12.0);
                add(&mut arr, &of_contracts);
            }
            arr
        };
        let bridge = || Bridge::new(&running, &arr(12.0));
        let of = |metric: Metric| Grid::new(model, outcomes, metric, regions).values;
        let invested = || {
            let months = (0..outcomes.layout().months).map(|m| model.invested(regions, m));
            let mut invested = months.flat_map(|x| std::iter::repeat_n(x, trials)).collect::<Vec<f64>>();
            running.add(&mut invested, Measure::PeopleCost);
            invested
        };
        // The sum over the regions of their values times what their gross margin makes of them.
        let at_margin = |metric: Metric, factor: &dyn Fn([f64; 2]) -> f64| {
            let mut total = vec![0.0; outcomes.layout().months * trials];
            for r in regions {
                let mut values = Grid::new(model, outcomes, metric, &[*r]).values;
                margin_over(outcomes, *r, &mut values, factor);
                add(&mut total, &values);
            }
            total
        };
        let mut whole = None;
        let values = match metric {
            Metric::Leads => running.with_actuals(metric, sum(Measure::Leads)),
            Metric::WonDeals => {
                let mut won = sum(Measure::Won);
                running.add(&mut won, Measure::WonFromOneOffs);
                running.with_actuals(metric, won)
            }
            Metric::LostDeals => running.with_actuals(metric, sum(Measure::Lost)),
            Metric::Bookings => bookings(),
            Metric::Renewals => renewals(),
            Metric::Customers => running.level(metric, sum(Measure::Customers)),
            Metric::TotalBookings => booked(),
            Metric::OpenDeals => {
                let mut open = open(running.started(&sum), &sum(Measure::Won), &sum(Measure::Lost), trials);
                running.add_open_as_of(&mut open);
                running.level(metric, open)
            }
            Metric::Revenue => {
                let mut revenue = arr(1.0);
                running.add(&mut revenue, Measure::RevenueAtOnce);
                running.level(metric, revenue)
            }
            Metric::Arr => running.level(metric, arr(12.0)),
            Metric::PipelineValue | Metric::WeightedPipeline => {
                let mut total = vec![0.0; outcomes.layout().months * trials];
                for &r in regions {
                    add(&mut total, &pipeline(model, outcomes, metric, r));
                }
                running.level(metric, total)
            }
            Metric::Investment => invested(),
            Metric::Roi => roi(booked(), trials, &invested()),
            Metric::MarginRoi => roi(at_margin(Metric::TotalBookings, &|[margin, _]| margin), trials, &invested()),
            Metric::Arpa => Quotient::new(trials, of(Metric::Arr), of(Metric::Customers), false).values(),
            Metric::Ltv => {
                let lifetime = at_margin(Metric::Arr, &|[margin, retention]| margin / (1.0 - retention));
                Quotient::new(trials, lifetime, of(Metric::Customers), false).values()
            }
            Metric::Cac
            | Metric::CacPaybackMonths
            | Metric::AeUtilisation
            | Metric::SdrUtilisation
            | Metric::QuotaAttainment
            | Metric::BookingsPerRep => {
                // What people did before the as-of day is not known.
                let of_people = |measure| running.with_actuals(metric, running.of(measure));
                let (above, below) = match metric {
                    Metric::Cac => (invested(), of(Metric::WonDeals)),
                    Metric::CacPaybackMonths => {
                        let months_of = invested().into_iter().map(|x| 12.0 * x).collect();
                        (months_of, at_margin(Metric::ArrNew, &|[margin, _]| margin))
                    }
                    Metric::AeUtilisation => {
                        (of_people(Measure::ExecutivesUsed), running.of(Measure::ExecutivesCapacity))
                    }
                    Metric::SdrUtilisation => {
                        (of_people(Measure::DevelopmentUsed), running.of(Measure::DevelopmentCapacity))
                    }
                    Metric::QuotaAttainment => (bookings(), running.of(Measure::Quota)),
                    _ => (bookings(), running.of(Measure::Executives)),
                };
                let quotient = Quotient::new(trials, above, below, metric == Metric::BookingsPerRep);
                let monthly = quotient.values();
                whole = Some(Whole::Quotient(quotient));
                monthly
            }
            Metric::AeHeadcount => running.level(metric, running.of(Measure::Executives)),
            Metric::SdrHeadcount => running.level(metric, running.of(Measure::Development)),
            Metric::StartedLeads => running.with_actuals(metric, running.of(Measure::Started)),
            Metric::WaitingLeads => running.level(metric, running.of(Measure::Waiting)),
            Metric::ExpiredLeads => running.with_actuals(metric, running.of(Measure::Expired)),
            Metric::AeCapacity => running.with_actuals(metric, running.of(Measure::ExecutivesCapacity)),
            Metric::SdrCapacity => running.with_actuals(metric, running.of(Measure::DevelopmentCapacity)),
            Metric::RepsAtQuota => {
                let shares = SharesOfPeriods::at_quota(model, outcomes, regions);
                let monthly = (0..outcomes.layout().months).flat_map(|m| shares.period(m..m + 1)).collect();
                whole = Some(Whole::Shares(shares));
                monthly
            }
            Metric::BookingsClosed => running.closed(Metric::Bookings),
            Metric::RenewalsClosed => running.closed(Metric::Renewals),
            Metric::BookingsFromOpen => running.of(Measure::BookingsFromOpen),
            Metric::BookingsFromNew => sum(Measure::Bookings),
            Metric::BookingsFromOneOffs => running.of(Measure::BookingsFromOneOffs),
            Metric::RenewalsFromContracts => running.of(Measure::RenewalsFromContracts),
            Metric::RenewalsFromNew => sum(Measure::Renewals),
            Metric::ArrNew => {
                let signed = running.sum(Measure::ArrNew).unwrap_or_else(|| {
                    let mut signed = running.simulated_bookings(&sum);
                    signed.iter_mut().for_each(|value| *value *= 12.0 / model.term as f64);
                    signed
                });
                running.level(metric, signed)
            }
            Metric::ArrExpansion => running.level(metric, running.of(Measure::ArrExpansion)),
            Metric::ArrContraction => running.level(metric, running.of(Measure::ArrContraction)),
            Metric::ArrChurn => running.level(metric, running.of(Measure::ArrChurn)),
            Metric::Nrr | Metric::Grr => {
                let bridge = bridge();
                let monthly = (0..outcomes.layout().months).flat_map(|m| bridge.retention(metric, m..m + 1)).collect();
                whole = Some(Whole::Retention(bridge));
                monthly
            }
        };
        Grid { metric, trials, values, whole }
    }

    /// Whether months add up to periods; else a period has its last month's value.
    pub fn is_flow(&self) -> bool {
        self.metric.is_flow()
    }

    /// Whether a period is neither the sum of its months nor its last one.
    pub fn is_of_whole_period(&self) -> bool {
        self.whole.is_some()
    }

    /// The values of a period over all trials: the sum of its months for flows, its last month for levels. NaN stands
    /// for unknown: ROI while nothing is invested.
    pub fn period(&self, months: Range<usize>) -> Vec<f64> {
        if let Some(whole) = &self.whole {
            return whole.period(self.metric, months);
        }
        if !self.is_flow() {
            return self.month(months.end - 1).to_vec();
        }
        let mut total = self.month(months.start).to_vec();
        for m in months.start + 1..months.end {
            add(&mut total, self.month(m));
        }
        total
    }

    /// One month over all trials.
    pub fn month(&self, m: usize) -> &[f64] {
        &self.values[m * self.trials..(m + 1) * self.trials]
    }
}

/// Leads that have arrived and are not decided: running sums.
fn open(mut leads: Vec<f64>, won: &[f64], lost: &[f64], trials: usize) -> Vec<f64> {
    for (open, (won, lost)) in leads.iter_mut().zip(won.iter().zip(lost)).take(trials) {
        *open += 0.0 - won - lost;
    }
    for i in trials..leads.len() {
        leads[i] += leads[i - trials] - won[i] - lost[i];
    }
    leads
}

/// `factor` times the value of the contracts active at each month's end: a contract signed or renewed in month k is
/// active at the ends of months k … k + term − 1.
fn active(signed: &[f64], trials: usize, term: usize, factor: f64) -> Vec<f64> {
    let mut all = Vec::with_capacity(signed.len());
    for end in (trials..=signed.len()).step_by(trials.max(1)) {
        let first = end.saturating_sub(term * trials);
        let from = all.len();
        all.extend_from_slice(&signed[first..first + trials]);
        let total = &mut all[from..];
        signed[first + trials..end].chunks_exact(trials).for_each(|month| add(total, month));
        total.iter_mut().for_each(|t| *t *= factor);
    }
    all
}

fn pipeline(model: &Model, outcomes: &Outcomes, metric: Metric, region: usize) -> Vec<f64> {
    let layout = outcomes.layout();
    let size = outcomes.column(layout.mean_size(region));
    let running = RunningGrids { model, outcomes, regions: &[region] };
    let months = |measure: Measure| {
        let mut values = Vec::with_capacity(layout.months * size.len());
        (0..layout.months).for_each(|m| sum_over(outcomes, measure, &[region], m, &mut values));
        values
    };
    let weighted = metric == Metric::WeightedPipeline;
    let mut deals = if weighted {
        months(Measure::WeightedOpen)
    } else {
        open(running.started(&months), &months(Measure::Won), &months(Measure::Lost), size.len())
    };
    if let Some(left) = running.sum(Measure::OpenAsOf).filter(|_| !weighted) {
        // Those that were open on the as-of day have amounts of their own.
        running.add_open_as_of(&mut deals);
        deals.iter_mut().zip(&left).for_each(|(deals, left)| *deals -= left);
    }
    match running.sum(Measure::DealSize) {
        Some(sizes) => deals.iter_mut().zip(&sizes).for_each(|(x, size)| *x *= size),
        None => {
            for month in deals.chunks_exact_mut(size.len()) {
                month.iter_mut().zip(&size).for_each(|(x, mean)| *x *= mean);
            }
        }
    }
    running.add(&mut deals, if weighted { Measure::OpenAsOfWeighted } else { Measure::OpenAsOfValue });
    deals
}

/// (cumulative total bookings − cumulative investment) / cumulative investment; NaN while nothing is invested.
fn roi(mut booked: Vec<f64>, trials: usize, investment: &[f64]) -> Vec<f64> {
    let [mut total, mut invested] = [(); 2].map(|()| vec![0.0; trials]);
    let trials = trials.max(1);
    for (month, spent) in booked.chunks_exact_mut(trials).zip(investment.chunks_exact(trials)) {
        add(&mut invested, spent);
        add(&mut total, month);
        for (roi, (t, invested)) in month.iter_mut().zip(total.iter().zip(&invested)) {
            *roi = if *invested > 0.0 { (t - invested) / invested } else { f64::NAN };
        }
    }
    booked
}
