//! One metric of one scope, month by month and trial by trial; its sums over periods.

use std::ops::Range;

use super::store::{Measure, Outcomes};
use crate::model::Model;
use crate::scenario::Metric;

/// Months × trials of one metric and scope.
#[derive(Clone, Debug)]
pub struct Grid {
    metric: Metric,
    months: Vec<Vec<f64>>,
}

impl Grid {
    /// Forms a metric over some regions: sums inside each trial. ROI and investment are those of the whole, whatever the regions.
    pub fn new(model: &Model, outcomes: &Outcomes, metric: Metric, regions: &[usize]) -> Grid {
        let horizon = outcomes.layout().months;
        let sum = |measure: Measure| -> Vec<Vec<f64>> {
            (0..horizon)
                .map(|m| {
                    let mut total = vec![0.0; outcomes.trials()];
                    for &r in regions {
                        outcomes.add_column(outcomes.layout().column(measure, r) + m, &mut total);
                    }
                    total
                })
                .collect()
        };
        let months = match metric {
            Metric::Leads => sum(Measure::Leads),
            Metric::WonDeals => sum(Measure::Won),
            Metric::LostDeals => sum(Measure::Lost),
            Metric::Bookings => sum(Measure::Bookings),
            Metric::Renewals => sum(Measure::Renewals),
            Metric::Customers => sum(Measure::Customers),
            Metric::TotalBookings => total_bookings(sum(Measure::Bookings), &sum(Measure::Renewals)),
            Metric::OpenDeals => open(sum(Measure::Leads), &sum(Measure::Won), &sum(Measure::Lost)),
            Metric::Revenue => active(
                &total_bookings(sum(Measure::Bookings), &sum(Measure::Renewals)),
                model.term,
                1.0 / model.term as f64,
            ),
            Metric::Arr => active(
                &total_bookings(sum(Measure::Bookings), &sum(Measure::Renewals)),
                model.term,
                12.0 / model.term as f64,
            ),
            Metric::PipelineValue | Metric::WeightedPipeline => {
                let parts: Vec<Vec<Vec<f64>>> = regions.iter().map(|&r| pipeline(model, outcomes, metric, r)).collect();
                (0..horizon)
                    .map(|m| {
                        let mut total = vec![0.0; outcomes.trials()];
                        for part in &parts {
                            total.iter_mut().zip(&part[m]).for_each(|(t, x)| *t += x);
                        }
                        total
                    })
                    .collect()
            }
            Metric::Investment => model.investment.iter().take(horizon).map(|x| vec![*x; outcomes.trials()]).collect(),
            Metric::Roi => roi(&total_bookings(sum(Measure::Bookings), &sum(Measure::Renewals)), &model.investment),
        };
        Grid { metric, months }
    }

    /// The values of a period over all trials: the sum of its months for flows, its last month for levels. NaN stands
    /// for unknown: ROI while nothing is invested.
    pub fn period(&self, months: Range<usize>) -> Vec<f64> {
        if !self.metric.is_flow() {
            return self.months[months.end - 1].clone();
        }
        let mut total = self.months[months.start].clone();
        for month in &self.months[months.start + 1..months.end] {
            total.iter_mut().zip(month).for_each(|(t, x)| *t += x);
        }
        total
    }

    /// One month over all trials.
    pub fn month(&self, m: usize) -> &[f64] {
        &self.months[m]
    }
}

fn total_bookings(mut bookings: Vec<Vec<f64>>, renewals: &[Vec<f64>]) -> Vec<Vec<f64>> {
    for (month, renewed) in bookings.iter_mut().zip(renewals) {
        month.iter_mut().zip(renewed).for_each(|(b, r)| *b += r);
    }
    bookings
}

/// Leads that have arrived and are not decided: running sums.
fn open(mut leads: Vec<Vec<f64>>, won: &[Vec<f64>], lost: &[Vec<f64>]) -> Vec<Vec<f64>> {
    for m in 0..leads.len() {
        let (before, now) = leads.split_at_mut(m);
        for (trial, open) in now[0].iter_mut().enumerate() {
            let carried = before.last().map_or(0.0, |month| month[trial]);
            *open += carried - won[m][trial] - lost[m][trial];
        }
    }
    leads
}

/// `factor` times the value of the contracts active at each month's end: a contract signed or renewed in month k is
/// active at the ends of months k … k + term − 1.
fn active(signed: &[Vec<f64>], term: usize, factor: f64) -> Vec<Vec<f64>> {
    (0..signed.len())
        .map(|m| {
            let mut total = vec![0.0; signed[m].len()];
            for month in &signed[(m + 1).saturating_sub(term)..=m] {
                total.iter_mut().zip(month).for_each(|(t, x)| *t += x);
            }
            total.iter_mut().for_each(|t| *t *= factor);
            total
        })
        .collect()
}

fn pipeline(model: &Model, outcomes: &Outcomes, metric: Metric, region: usize) -> Vec<Vec<f64>> {
    let layout = outcomes.layout();
    let size = outcomes.column(layout.mean_size(region));
    let mut deals = if metric == Metric::WeightedPipeline {
        (0..layout.months).map(|m| outcomes.column(layout.column(Measure::WeightedOpen, region) + m)).collect()
    } else {
        Grid::new(model, outcomes, Metric::OpenDeals, &[region]).months
    };
    for month in &mut deals {
        month.iter_mut().zip(&size).for_each(|(x, mean)| *x *= mean);
    }
    deals
}

/// (cumulative total bookings − cumulative investment) / cumulative investment; NaN while nothing is invested.
fn roi(booked: &[Vec<f64>], investment: &[f64]) -> Vec<Vec<f64>> {
    let mut invested = 0.0;
    let mut total = vec![0.0; booked.first().map_or(0, Vec::len)];
    booked
        .iter()
        .zip(investment)
        .map(|(month, spent)| {
            invested += spent;
            total.iter_mut().zip(month).for_each(|(t, x)| *t += x);
            total.iter().map(|t| if invested > 0.0 { (t - invested) / invested } else { f64::NAN }).collect()
        })
        .collect()
}
