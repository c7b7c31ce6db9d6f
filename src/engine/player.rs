//! The model made ready to be played: where its streams lie, and whatever is the same in every trial.

use std::sync::Arc;

use super::desk::{Columns, Desk};
use super::futures::Futures;
use super::play::{Monitor, Part, Pass, RunError};
use crate::chance::{Address, DelayTable, Purpose, name_key};
use crate::model::{Funnel, Model, Region};
use crate::outcomes::{Layout, Measure};
use crate::units::DAYS_PER_MONTH;

/// A model with the addresses of all its streams.
#[derive(Debug)]
pub(super) struct Player<'m> {
    pub(super) model: &'m Model,
    /// What is played instead of the model's own trials.
    pub(super) futures: Option<&'m Futures>,
    pub(super) layout: Layout,
    pub(super) inputs: Vec<Address>,
    /// As many months as any line looks ahead.
    pub(super) market: Vec<Address>,
    /// The exposures other than 0 that any region has; exp(β x) is formed once for each.
    pub(super) exposures: Vec<f64>,
    pub(super) lines: Vec<Line<'m>>,
}

/// A region with what is the same for it in every trial.
#[derive(Debug)]
pub(super) struct Line<'m> {
    pub(super) region: &'m Region,
    /// Only bookings, renewals and customers, and the won deals behind them.
    pub(super) money_only: bool,
    /// Months played.
    pub(super) months: usize,
    /// Months whose leads are looked at: beyond the last month played, as many as its leads may take to be decided. Only so
    /// can the deals that are open at the end be told from those won, in a way that no later end changes.
    pub(super) span: usize,
    /// For leads of each month: from so many months on after their arrival, deals decided are late ones. Late deals are few,
    /// by this choice; they are drawn by month of arrival and placed in time by themselves.
    pub(super) reach: Vec<usize>,
    /// The largest of these.
    pub(super) cells: usize,
    /// For deals decided in each month: the months that they may have arrived in without being late, ascending.
    pub(super) origins: Vec<Vec<usize>>,
    pub(super) delays: Option<Arc<DelayTable>>,
    /// For leads, odds of winning and deal size: which of the player's exposures, if any, and exp(−β² v / 2).
    pub(super) tilts: [Option<usize>; 3],
    pub(super) rest: [f64; 3],
    pub(super) streams: Streams,
}

/// Addresses of a region's streams, by month.
#[derive(Debug)]
pub(super) struct Streams {
    pub(super) dispersion: Vec<Address>,
    pub(super) won: Vec<Address>,
    pub(super) won_late: Vec<Address>,
    pub(super) lost: Vec<Address>,
    pub(super) lost_late: Vec<Address>,
    pub(super) arrival: Vec<Address>,
    pub(super) stages: Vec<Address>,
    pub(super) retention: Vec<Address>,
    pub(super) size: Vec<Address>,
}

/// So many leads of a month, at most, are expected to be late.
const LATE: f64 = 0.25;
/// No lead is looked for further ahead than this many months.
const FARTHEST: usize = 600;

impl<'m> Player<'m> {
    pub(super) fn new(model: &'m Model, pass: Pass, part: Part) -> Player<'m> {
        let (market_pass, rest_pass) = match pass {
            Pass::Run => (0, 0),
            Pass::FreshChance => (1, 1),
            Pass::FreshRest => (0, 2),
        };
        let variance = model.market.volatility * model.market.volatility;
        let mut exposures: Vec<f64> = Vec::new();
        if variance > 0.0 {
            exposures.extend(model.regions.iter().flat_map(|region| region.exposure).filter(|beta| *beta != 0.0));
            exposures.sort_by(f64::total_cmp);
            exposures.dedup();
        }
        let means = model.mean_inputs();
        let mut tables: Vec<Arc<DelayTable>> = Vec::new();
        let lines: Vec<Line> = model
            .regions
            .iter()
            .map(|region| {
                let (delays, reach) = match &region.funnel {
                    Funnel::Cycle { mean_days, delay, .. } => {
                        let known = tables.iter().find(|table| table.delay() == delay).map(Arc::clone);
                        let table = known.unwrap_or_else(|| {
                            tables.push(Arc::new(DelayTable::new(delay)));
                            Arc::clone(&tables[tables.len() - 1])
                        });
                        let reach = reach(region, &table, mean_days.at(&means), &means, part);
                        (Some(table), reach)
                    }
                    Funnel::Stages(_) => (None, vec![1; part.months]),
                };
                let streams = Streams::new(model.seed, rest_pass, region, part.months, reach.len());
                Line {
                    region,
                    money_only: part.money_only,
                    months: part.months,
                    span: reach.len(),
                    cells: reach.iter().copied().max().unwrap_or(1),
                    origins: (0..reach.len()).map(|k| (0..=k).filter(|m| k - m < reach[*m]).collect()).collect(),
                    reach,
                    delays,
                    tilts: region.exposure.map(|beta| exposures.iter().position(|known| *known == beta)),
                    rest: region.exposure.map(|beta| libm::exp(-0.5 * beta * beta * variance)),
                    streams,
                }
            })
            .collect();
        let span = lines.iter().map(|line| line.span).max().unwrap_or(part.months);
        Player {
            model,
            futures: None,
            layout: Layout { regions: model.regions.len(), months: part.months, inputs: model.inputs.len() },
            inputs: input_addresses(model).collect(),
            market: market_addresses(model, market_pass, span).collect(),
            exposures,
            lines,
        }
    }

    /// Plays the trials from `first` on that `values` has room for: each of the layout's columns, trial by trial. Columns of what
    /// is not played are left as they are.
    pub(super) fn block(
        &self,
        first: u64,
        values: &mut [f64],
        desk: &mut Desk,
        monitor: &Monitor,
    ) -> Result<(), RunError> {
        let lanes = values.len() / self.layout.columns();
        desk.begin(first, lanes, self.futures);
        self.draw_inputs(desk);
        self.draw_market(desk);
        let (regions, rest) = values.split_at_mut(self.layout.mean_size(0) * lanes);
        let (sizes, inputs) = rest.split_at_mut(self.layout.regions * lanes);
        inputs.copy_from_slice(&desk.inputs);
        let of_region = Measure::COUNT * self.layout.months * lanes;
        for (line, (region, mean_size)) in
            self.lines.iter().zip(regions.chunks_exact_mut(of_region).zip(sizes.chunks_exact_mut(lanes)))
        {
            let mut columns = Columns::of(region, self.layout.months * lanes);
            desk.fill(line.region.mean_size, mean_size);
            self.expect_leads(line, desk)?;
            match &line.region.funnel {
                Funnel::Cycle { conversion, mean_days, .. } => {
                    line.play_cycle(*conversion, *mean_days, &mut columns, desk, monitor)
                }
                Funnel::Stages(stages) => line.follow_leads(stages, &mut columns, desk, monitor),
            }
            // Whoever was asked to stop has left off somewhere.
            if monitor.stopped() {
                return Err(RunError::Stopped);
            }
            line.close_deals(self.model.term, mean_size, &mut columns, desk);
            const MOST: f64 = 1e300;
            if !columns.renewals.iter().fold(true, |sound, x| sound & (*x < MOST))
                && let Some(i) = columns.renewals.iter().position(|x| x.is_nan() || *x >= MOST)
            {
                return Err(RunError::TooMuchMoney {
                    region: line.region.key.clone(),
                    month: self.model.horizon.month(i / lanes).to_string(),
                    trial: first + (i % lanes) as u64,
                });
            }
        }
        Ok(())
    }
}

/// Where the normals of a model's inputs lie, in their order.
pub(super) fn input_addresses(model: &Model) -> impl Iterator<Item = Address> {
    model.inputs.iter().map(|input| Address::new(model.seed, 0, Purpose::Input, name_key(&input.path), 0))
}

/// Where the market factor of each of the first months lies.
pub(super) fn market_addresses(model: &Model, pass: u64, months: usize) -> impl Iterator<Item = Address> {
    (0..months).map(move |m| Address::new(model.seed, pass, Purpose::Market, 0, m))
}

impl Streams {
    /// Of `months` months, and of all `span` that are looked at where it takes them.
    fn new(seed: u64, pass: u64, region: &Region, months: usize, span: usize) -> Streams {
        let name = name_key(&region.key);
        let of = |purpose, count| (0..count).map(|m| Address::new(seed, pass, purpose, name, m)).collect::<Vec<_>>();
        Streams {
            dispersion: of(Purpose::Dispersion, span),
            won: of(Purpose::Won, span),
            won_late: of(Purpose::WonLate, months),
            lost: of(Purpose::Lost, months),
            lost_late: of(Purpose::LostLate, months),
            arrival: of(Purpose::Arrival, span),
            stages: of(Purpose::Stages, months),
            retention: of(Purpose::Retention, months),
            size: of(Purpose::Size, months),
        }
    }
}

/// For each month looked at, from how many months after it on its leads are late. It rests on inputs at their means and on
/// leads that no horizon changes.
fn reach(region: &Region, delays: &DelayTable, mean_days: f64, means: &[f64], part: Part) -> Vec<usize> {
    let months = mean_days / DAYS_PER_MONTH;
    let cycle = (months, libm::log(months));
    let mut left = vec![1.0];
    let mut reaches = Vec::new();
    let mut span = part.months;
    for (m, leads) in region.expected(means).enumerate() {
        if m >= span {
            break;
        }
        let mut j = 1;
        loop {
            if left.len() <= j {
                left.push(delays.undecided(cycle, j));
            }
            if leads * left[j] <= LATE || j >= FARTHEST || leads.is_nan() {
                break;
            }
            j += 1;
        }
        if m < part.months && !part.money_only {
            span = span.max(m + j);
        }
        reaches.push(j);
    }
    reaches
}
