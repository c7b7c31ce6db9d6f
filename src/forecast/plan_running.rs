//! The plan line of a business that is already running: open deals and contracts in force at expectations.

use super::plan_daily::{DailyDeals, DealExpected};
use crate::chance::SalesCycle;
use crate::model::{
    AsOf, ClosingRules, Cycle, DealTiming, Funnel, Model, OpenDeal, Outlook, Region, Stage, StatedClose, TimeLeft,
    own_chance, passes_ahead,
};
use crate::units::DAYS_PER_MONTH;

/// What is expected of a region's open deals, by month.
pub(super) struct OpenDealsExpected {
    pub(super) won: Vec<f64>,
    pub(super) lost: Vec<f64>,
    /// Of deals with amounts.
    pub(super) bookings: Vec<f64>,
    /// Of deals that are worth what new deals are.
    pub(super) as_new: Vec<f64>,
    pub(super) open: Vec<f64>,
    pub(super) value: Vec<f64>,
    pub(super) weighted: Vec<f64>,
}

impl OpenDealsExpected {
    pub(super) fn new(region: &Region, inputs: &[f64], model: &Model) -> OpenDealsExpected {
        let months = model.horizon.months;
        let zeros = || vec![0.0; months];
        let mut all = OpenDealsExpected {
            won: zeros(),
            lost: zeros(),
            bookings: zeros(),
            as_new: zeros(),
            open: zeros(),
            value: zeros(),
            weighted: zeros(),
        };
        let correction = model.market.mean_correction(region.exposure[2]);
        let (size, ratio) = (region.mean_size_at(inputs), region.final_amount.ratio.at(inputs));
        let (size, mean_size) = (size * region.mean_years(), size);
        let funnel = region.funnel_in(&model.changes, model.as_of.month, inputs);
        let mut daily = funnel.closing().map(|closing| DailyDeals::new(region, closing, inputs, model));
        for deal in &region.open_deals {
            let stated_close = stated(deal, region, inputs);
            let expected = match funnel.as_ref() {
                Funnel::Daily(_) => daily
                    .as_mut()
                    .map_or_else(|| DealExpected::nothing(months), |daily| daily.expect(deal, stated_close)),
                Funnel::Cycle(cycle) => by_age(cycle, deal, region, inputs, model),
                Funnel::Stages(stages) => by_stage(stages, deal, region, inputs, model),
            };
            let (stated, count) = (deal.amount.unwrap_or(size), deal.count as f64);
            let value = deal.amount.map_or(mean_size, |amount| amount * ratio) * correction;
            for k in 0..months {
                let by = if deal.amount.is_some() {
                    model.rate_in(region, k, inputs)
                } else {
                    model.size_in(region, k, inputs)
                };
                all.won[k] += count * expected.won[k];
                all.lost[k] += count * expected.lost[k];
                let booked = if deal.amount.is_some() { &mut all.bookings } else { &mut all.as_new };
                booked[k] += count * expected.won[k] * value * by;
                all.open[k] += count * expected.open[k];
                all.value[k] += count * expected.open[k] * stated * by;
                all.weighted[k] += count * expected.weighted[k] * stated * by;
            }
        }
        all
    }
}

/// How a deal's stated close date is kept, with every input at its mean.
fn stated<'a>(deal: &OpenDeal, region: &'a Region, inputs: &[f64]) -> Option<StatedClose<'a>> {
    let (close, dates) = deal.close.zip(region.close_dates.as_ref())?;
    let slip = dates.slip.as_ref().map(|slip| (&slip.delay, slip.mean_days.at(inputs)));
    Some(StatedClose { close, kept: dates.kept.at(inputs), slip })
}

/// A deal of a region with one cycle.
fn by_age(cycle: &Cycle, deal: &OpenDeal, region: &Region, inputs: &[f64], model: &Model) -> DealExpected {
    let as_of = model.as_of;
    let won = TimeLeft::new(&cycle.delay, cycle.mean_days.at(inputs), deal.age);
    let lost = cycle.lost.as_ref().map_or(won, |lost| TimeLeft::new(&lost.delay, lost.mean_days.at(inputs), deal.age));
    let stalled = cycle.stalled.as_ref().map_or(0.0, |stalled| stalled.share.at(inputs));
    let outlook = match deal.own_chance {
        Some(chance) => Outlook::of_own(chance, stalled, lost.left()),
        None => Outlook::of_age(cycle.conversion.in_force(as_of.month).at(inputs), stalled, won.left(), lost.left()),
    };
    let closed_after = cycle.stalled.as_ref().and_then(|stalled| stalled.closed_after_days);
    let until = |days: f64| as_of.position + (days - deal.age).max(0.0) / DAYS_PER_MONTH;
    let timing = DealTiming {
        rules: ClosingRules {
            as_of,
            place_in_quarter: model.horizon.place_in_quarter(0),
            stalled_until: closed_after.map_or(f64::INFINITY, until),
            held: region.held.map_or(0.0, |held| held.at(inputs)),
        },
        won: won.or_from_start(),
        lost: lost.or_from_start(),
        stated: stated(deal, region, inputs),
    };
    let mut expected = DealExpected::nothing(model.horizon.months);
    if outlook == Outlook::default() {
        expected.open[as_of.month..].fill(1.0);
        return expected;
    }
    let mut before = [1.0; 3];
    for k in as_of.month..model.horizon.months {
        let left = timing.left(k);
        expected.won[k] = outlook.won * (before[0] - left[0]);
        expected.lost[k] = outlook.lost * (before[1] - left[1]) + outlook.stalled * (before[2] - left[2]);
        expected.open[k] = outlook.won * left[0] + outlook.lost * left[1] + outlook.stalled * left[2];
        expected.weighted[k] = outlook.won * left[0];
        before = left;
    }
    expected
}

/// A deal of a region with stages: the times of the stages ahead are convolved on a grid.
fn by_stage(stages: &[Stage], deal: &OpenDeal, region: &Region, inputs: &[f64], model: &Model) -> DealExpected {
    /// Grid cells a month; the error falls with their square.
    const CELLS: usize = 16;
    let AsOf { position, month: first } = model.as_of;
    let months = model.horizon.months;
    let cells = CELLS * (months - first);
    let step = DAYS_PER_MONTH / CELLS as f64;
    let mut expected = DealExpected::nothing(months);
    let passes: Vec<f64> = stages.iter().map(|stage| stage.pass.at(inputs)).collect();
    let (here, last) = (deal.stage, stages.len() - 1);
    let ahead = passes_ahead(&passes[here..]);
    let won = deal.own_chance.unwrap_or(ahead);
    // The chances to be lost in each stage ahead.
    let mut reached = 1.0;
    let lost: Vec<f64> = passes[here..]
        .iter()
        .enumerate()
        .map(|(i, pass)| {
            let by_law = reached * (1.0 - pass);
            reached *= pass;
            match deal.own_chance {
                None => by_law,
                Some(own) if ahead < 1.0 => (1.0 - own) * by_law / (1.0 - ahead),
                Some(own) => {
                    if here + i == last {
                        1.0 - own
                    } else {
                        0.0
                    }
                }
            }
        })
        .collect();
    let chance = |i: usize| {
        let now = passes_ahead(&passes[i..]);
        deal.own_chance.map_or(now, |own| own_chance(own, ahead, now))
    };
    let stated = stated(deal, region, inputs);
    let kept = stated.map_or(0.0, |stated| stated.kept);
    if let Some(stated) = stated {
        let mut before = 1.0;
        for k in first..months {
            let left = stated.left(k);
            expected.won[k] += kept * won * (before - left);
            expected.open[k] += kept * won * left;
            expected.weighted[k] += kept * won * left * chance(here);
            before = left;
        }
    }
    // The others walk on: how many enter a stage and leave it in each cell.
    let offset = (position - first as f64) * DAYS_PER_MONTH;
    let mut entering = vec![0.0; cells];
    let mut inside = 1.0 - kept * won;
    let mut walked = vec![0.0; months];
    for (i, stage) in stages.iter().enumerate().skip(here) {
        let mean = stage.mean_days.at(inputs);
        let leaving = if i == here {
            let left = TimeLeft::new(&stage.delay, mean, deal.age).or_from_start();
            let open = |c: usize| left.open_after((c as f64 * step - offset).max(0.0));
            (0..cells).map(|c| inside * (open(c) - open(c + 1))).collect()
        } else {
            convolved(&entering, &stage.delay, mean, step)
        };
        let of_month =
            |density: &[f64], k: usize| density[(k - first) * CELLS..(k - first + 1) * CELLS].iter().sum::<f64>();
        let share = if inside > 0.0 { lost[i - here] / inside } else { 0.0 };
        let mut here_now = if i == here { inside } else { 0.0 };
        for (k, walked) in walked.iter_mut().enumerate().skip(first) {
            let left = of_month(&leaving, k);
            here_now += if i == here { 0.0 } else { of_month(&entering, k) } - left;
            expected.open[k] += here_now.max(0.0);
            expected.weighted[k] += here_now.max(0.0) * chance(i);
            expected.lost[k] += share * left;
            if i == last {
                *walked = (1.0 - share) * left;
            }
        }
        inside -= lost[i - here];
        entering = leaving.into_iter().map(|x| x * (1.0 - share)).collect();
    }
    if let Some(held) = region.held {
        let free = walked.clone();
        hold(model, held.at(inputs), &mut [&mut walked], Some(&mut expected.weighted));
        let mut waiting = 0.0;
        for k in 0..months {
            waiting += free[k] - walked[k];
            expected.open[k] += waiting;
        }
    }
    expected.won.iter_mut().zip(walked).for_each(|(won, walked)| *won += walked);
    expected
}

/// Of what is won in the first two months of a quarter, moves a share to its last month. What is moved past the last month of the
/// horizon stays open; what waits is sure to be won, and adds to the weighted pipeline.
pub(super) fn hold(model: &Model, share: f64, flows: &mut [&mut Vec<f64>], weighted: Option<&mut Vec<f64>>) {
    let mut waiting = vec![0.0; model.horizon.months];
    for (i, flow) in flows.iter_mut().enumerate() {
        let mut moved = 0.0;
        for (k, won) in flow.iter_mut().enumerate() {
            if model.horizon.place_in_quarter(k) < 2 {
                moved += share * *won;
                *won -= share * *won;
                waiting[k] += if i == 0 { moved } else { 0.0 };
            } else {
                *won += std::mem::take(&mut moved);
            }
        }
    }
    if let Some(weighted) = weighted {
        weighted.iter_mut().zip(waiting).for_each(|(weighted, waiting)| *weighted += waiting);
    }
}

/// When what enters a stage leaves it, cell by cell.
fn convolved(entering: &[f64], delay: &SalesCycle, mean: f64, step: f64) -> Vec<f64> {
    let edges: Vec<f64> = (0..=entering.len()).map(|c| delay.cdf(mean, (c as f64 + 0.5) * step)).collect();
    let mut leaving = vec![0.0; entering.len()];
    for (c, chance) in entering.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
        let mut before = 0.0;
        for (out, edge) in leaving[c..].iter_mut().zip(&edges) {
            *out += chance * (edge - before);
            before = *edge;
        }
    }
    leaving
}
