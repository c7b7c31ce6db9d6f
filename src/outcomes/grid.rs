//! One metric of one scope, month by month and trial by trial; its sums over periods.

use std::ops::Range;

use super::measure::Measure;
use super::store::Outcomes;
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
}

impl Grid {
    /// Forms a metric over some regions: sums inside each trial. ROI and investment are those of the whole, whatever the regions.
    pub fn new(model: &Model, outcomes: &Outcomes, metric: Metric, regions: &[usize]) -> Grid {
        let trials = outcomes.trials();
        let sum = |measure: Measure| -> Vec<f64> {
            let mut values = Vec::with_capacity(outcomes.layout().months * trials);
            for m in 0..outcomes.layout().months {
                sum_over(outcomes, measure, regions, m, &mut values);
            }
            values
        };
        let booked = || {
            let mut booked = sum(Measure::Bookings);
            add(&mut booked, &sum(Measure::Renewals));
            booked
        };
        let values = match metric {
            Metric::Leads => sum(Measure::Leads),
            Metric::WonDeals => sum(Measure::Won),
            Metric::LostDeals => sum(Measure::Lost),
            Metric::Bookings => sum(Measure::Bookings),
            Metric::Renewals => sum(Measure::Renewals),
            Metric::Customers => sum(Measure::Customers),
            Metric::TotalBookings => booked(),
            Metric::OpenDeals => open(sum(Measure::Leads), &sum(Measure::Won), &sum(Measure::Lost), trials),
            Metric::Revenue => active(&booked(), trials, model.term, 1.0 / model.term as f64),
            Metric::Arr => active(&booked(), trials, model.term, 12.0 / model.term as f64),
            Metric::PipelineValue | Metric::WeightedPipeline => {
                let mut total = vec![0.0; outcomes.layout().months * trials];
                for &r in regions {
                    add(&mut total, &pipeline(model, outcomes, metric, r));
                }
                total
            }
            Metric::Investment => {
                let months = model.investment.iter().take(outcomes.layout().months);
                months.flat_map(|x| std::iter::repeat_n(*x, trials)).collect()
            }
            Metric::Roi => roi(booked(), trials, &model.investment),
        };
        Grid { metric, trials, values }
    }

    /// Whether months add up to periods; else a period has its last month's value.
    pub fn is_flow(&self) -> bool {
        self.metric.is_flow()
    }

    /// The values of a period over all trials: the sum of its months for flows, its last month for levels. NaN stands
    /// for unknown: ROI while nothing is invested.
    pub fn period(&self, months: Range<usize>) -> Vec<f64> {
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

fn add(total: &mut [f64], more: &[f64]) {
    total.iter_mut().zip(more).for_each(|(t, x)| *t += x);
}

/// Puts a measure's month after `values`, summed over regions.
fn sum_over(outcomes: &Outcomes, measure: Measure, regions: &[usize], m: usize, values: &mut Vec<f64>) {
    let column = |r: usize| outcomes.layout().column(measure, r) + m;
    let from = values.len();
    match regions.split_first() {
        None => values.resize(from + outcomes.trials(), 0.0),
        Some((&first, rest)) => {
            outcomes.append_column(column(first), values);
            for &r in rest {
                outcomes.add_column(column(r), &mut values[from..]);
            }
        }
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
    let mut deals = if metric == Metric::WeightedPipeline {
        let mut open = Vec::with_capacity(layout.months * size.len());
        (0..layout.months).for_each(|m| sum_over(outcomes, Measure::WeightedOpen, &[region], m, &mut open));
        open
    } else {
        Grid::new(model, outcomes, Metric::OpenDeals, &[region]).values
    };
    for month in deals.chunks_exact_mut(size.len()) {
        month.iter_mut().zip(&size).for_each(|(x, mean)| *x *= mean);
    }
    deals
}

/// (cumulative total bookings − cumulative investment) / cumulative investment; NaN while nothing is invested.
fn roi(mut booked: Vec<f64>, trials: usize, investment: &[f64]) -> Vec<f64> {
    let mut invested = 0.0;
    let mut total = vec![0.0; trials];
    for (month, spent) in booked.chunks_exact_mut(trials.max(1)).zip(investment) {
        invested += spent;
        add(&mut total, month);
        for (roi, t) in month.iter_mut().zip(&total) {
            *roi = if invested > 0.0 { (t - invested) / invested } else { f64::NAN };
        }
    }
    booked
}
