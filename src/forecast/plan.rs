//! The plan line: every input at its mean, market factor 0, expected counts. Average inputs, no luck.

use crate::model::{Cycle, Funnel, Market, Model, Region, Stage};
use crate::outcomes::{Block, ColumnLayout, Measure, Outcomes};
use crate::units::DAYS_PER_MONTH;

/// The plan line as the outcome of one trial, so that every metric is formed from it as from any other.
pub(crate) fn plan_line(model: &Model) -> Outcomes {
    let layout =
        ColumnLayout { regions: model.regions.len(), months: model.horizon.months, inputs: model.inputs.len() };
    let inputs = model.mean_inputs();
    let mut values = vec![0.0; layout.columns()];
    for (i, value) in inputs.iter().enumerate() {
        values[layout.input(i)] = *value;
    }
    for (r, region) in model.regions.iter().enumerate() {
        let expected = Expected::new(region, &inputs, &model.market, model.horizon.months);
        let mut put = |measure, months: &[f64]| {
            let column = layout.column(measure, r);
            values[column..column + months.len()].copy_from_slice(months);
        };
        put(Measure::Leads, &expected.leads);
        put(Measure::Won, &expected.won);
        put(Measure::Lost, &expected.lost);
        put(Measure::WeightedOpen, &expected.weighted_open);
        let unit = region.mean_size.at(&inputs) * model.market.mean_correction(region.exposure[2]);
        let bookings: Vec<f64> = expected.won.iter().map(|won| won * unit).collect();
        let (renewals, customers) = renew(region, model, &inputs, &bookings, &expected.won);
        put(Measure::Bookings, &bookings);
        put(Measure::Renewals, &renewals);
        put(Measure::Customers, &customers);
        values[layout.mean_size(r)] = region.mean_size.at(&inputs);
    }
    Outcomes::new(layout, vec![Block { trials: 1, values }])
}

/// Expected counts of a region by month.
struct Expected {
    leads: Vec<f64>,
    won: Vec<f64>,
    lost: Vec<f64>,
    weighted_open: Vec<f64>,
}

/// Of a lead that arrives in month 0: chances by month since, starting with the month of arrival.
struct Fate {
    won: Vec<f64>,
    lost: Vec<f64>,
    /// Chance of being open at the month's end, times the chance of then being won.
    weighted_open: Vec<f64>,
}

impl Expected {
    fn new(region: &Region, inputs: &[f64], market: &Market, months: usize) -> Expected {
        let rest = market.mean_correction(region.exposure[0]);
        let leads: Vec<f64> = region.expected(inputs).take(months).map(|leads| leads * rest).collect();
        match &region.funnel {
            Funnel::Cycle(cycle) => Expected::after_one_cycle(leads, cycle, inputs),
            Funnel::Stages(stages) => {
                let fate = staged(stages, inputs, months);
                let spread = |chances: &[f64]| by_month_decided(months, |m, lag| leads[m] * chances[lag]);
                Expected {
                    won: spread(&fate.won),
                    lost: spread(&fate.lost),
                    weighted_open: spread(&fate.weighted_open),
                    leads,
                }
            }
        }
    }

    /// The leads of each month are won at the rate in force when they arrive.
    fn after_one_cycle(leads: Vec<f64>, cycle: &Cycle, inputs: &[f64]) -> Expected {
        let months = leads.len();
        let decided = cycle.delay.decided_by_lag(cycle.mean_days.at(inputs), DAYS_PER_MONTH, months);
        let fresh: Vec<f64> = differences(&decided).collect();
        let win_rates: Vec<f64> = (0..months).map(|m| cycle.conversion.in_force(m).at(inputs)).collect();
        Expected {
            won: by_month_decided(months, |m, lag| leads[m] * (win_rates[m] * fresh[lag])),
            lost: by_month_decided(months, |m, lag| leads[m] * ((1.0 - win_rates[m]) * fresh[lag])),
            weighted_open: by_month_decided(months, |m, lag| leads[m] * (win_rates[m] * (1.0 - decided[lag]))),
            leads,
        }
    }
}

/// Sums over the months of arrival, for each month k, what `of` gives of month m at the lag k − m.
fn by_month_decided(months: usize, of: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    (0..months).map(|k| (0..=k).map(|m| of(m, k - m)).sum()).collect()
}

fn differences(cumulative: &[f64]) -> impl Iterator<Item = f64> + '_ {
    cumulative.iter().scan(0.0, |before, now| Some((now - std::mem::replace(before, *now)).max(0.0)))
}

/// Fates through stages: the times of successive stages are convolved on a fine grid.
fn staged(stages: &[Stage], inputs: &[f64], months: usize) -> Fate {
    /// Grid cells over the horizon; the error falls with their square.
    const CELLS: usize = 3_000;
    let per_month = (CELLS / months).clamp(16, 256);
    let cells = per_month * months;
    let step = DAYS_PER_MONTH / per_month as f64;
    // The density of the time from arrival until the present stage is entered, arrival spread evenly over its month.
    let mut entering = vec![0.0; cells];
    entering[..per_month].fill(1.0 / per_month as f64);
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

/// Expected renewals and customers.
fn renew(region: &Region, model: &Model, inputs: &[f64], bookings: &[f64], won: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let term = model.term;
    let renew = model.renewal_rate(region.retention.at(inputs));
    let grow = model.renewal_growth(region.expansion.at(inputs));
    let months = bookings.len();
    let mut renewals = vec![0.0; months];
    let mut signed = won.to_vec();
    for m in 0..months {
        if m >= term {
            signed[m] += signed[m - term] * renew;
            renewals[m] = (bookings[m - term] + renewals[m - term]) * renew * grow;
        }
    }
    let customers = (0..months).map(|m| signed[(m + 1).saturating_sub(term)..=m].iter().sum()).collect();
    (renewals, customers)
}
