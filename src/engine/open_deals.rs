//! The deals that are open on the as-of day: which of them are won or lost, when, and for how much.
//!
//! Each has draws of its own, addressed by its id: one deal more or less moves no other.

use super::compiled::{OpenDealPlan, Path, RegionPlan};
use super::monitor::Monitor;
use super::scratch::{Columns, RunningColumns, Scratch, row};
use super::won_deal::WonDeal;
use crate::chance::{Address, DealSize, SalesCycle, Stream, TrialKey};
use crate::model::{
    Cycle, DealTiming, Model, OpenDeal, Outlook, ParameterValue, Stage, StatedClose, TimeLeft, own_chance,
    passes_ahead, stage_of_loss,
};
use crate::stats::shifted;
use crate::units::DAYS_PER_MONTH;

/// What a deal draws, each from a part of its address.
#[derive(Clone, Copy)]
enum Part {
    /// What becomes of it.
    Fate,
    /// When.
    Time,
    /// Whether it closes by its date, and how long after it.
    Kept,
    Slip,
    /// Whether it is held to the end of its quarter.
    Held,
    /// What it is worth in the end, and how often that is renewed.
    Amount,
    Renewals,
    /// Its way through stages.
    Stages,
}

/// What holds for all open deals of a region, trial by trial.
#[derive(Default)]
struct Terms {
    win_rate: Vec<f64>,
    won_days: Vec<f64>,
    lost_days: Vec<f64>,
    stalled: Vec<f64>,
    held: Vec<f64>,
    kept: Vec<f64>,
    slip_days: Vec<f64>,
    ratio: Vec<f64>,
    /// What the market of the as-of day's month multiplies the odds of winning by.
    tilt: Vec<f64>,
    /// The stages' shares of leads that pass, and mean days, stage after stage.
    pass: Vec<Vec<f64>>,
    days: Vec<Vec<f64>>,
}

/// A deal in a trial.
#[derive(Clone, Copy)]
struct Draw<'a> {
    deal: &'a OpenDeal,
    address: Address,
    trial: TrialKey,
    lane: usize,
}

impl Draw<'_> {
    fn uniform(&self, part: Part) -> f64 {
        self.address.part(part as usize).uniform_of(self.trial)
    }

    fn stream(&self) -> Stream {
        self.address.part(Part::Stages as usize).stream_of(self.trial)
    }
}

/// What is left of the time of deals of one age, trial by trial: the same for all of them, so worked out once.
struct Aged<'a> {
    age: f64,
    won: Vec<TimeLeft<'a>>,
    lost: Vec<TimeLeft<'a>>,
    /// The parts of won and of lost deals still open at the ends of months, months × trials; NaN where nobody has asked.
    open: [Vec<f64>; 2],
}

impl<'a> Aged<'a> {
    fn new(cycle: &'a Cycle, terms: &Terms, age: f64, months: usize) -> Aged<'a> {
        let left = |delay: &'a SalesCycle, days: &[f64]| {
            let mut all: Vec<TimeLeft> = Vec::with_capacity(days.len());
            for (lane, mean) in days.iter().enumerate() {
                let same = lane > 0 && *mean == days[lane - 1];
                all.push(if same { all[lane - 1] } else { TimeLeft::new(delay, *mean, age) });
            }
            all
        };
        let won = left(&cycle.delay, &terms.won_days);
        let lost = cycle.lost.as_ref().map_or_else(|| won.clone(), |lost| left(&lost.delay, &terms.lost_days));
        let unknown = || vec![f64::NAN; months * won.len()];
        Aged { age, open: [unknown(), unknown()], won, lost }
    }

    /// P(D > age + days) given D > age, days being those up to the end of a month.
    fn open_after(&mut self, lost: bool, month: usize, lane: usize, days: f64) -> f64 {
        let of = if lost { &self.lost[lane] } else { &self.won[lane] };
        let lanes = self.won.len();
        let known = &mut self.open[usize::from(lost)][month * lanes + lane];
        if known.is_nan() {
            *known = of.or_from_start().open_after(days);
        }
        *known
    }
}

/// Where what becomes of a region's open deals is put down.
struct Ledger<'a, 'c> {
    plan: &'a RegionPlan<'a>,
    months: usize,
    term: usize,
    lanes: usize,
    mean_size: &'a [f64],
    ratio: &'a [f64],
    scratch: &'a Scratch,
    won: &'a mut [f64],
    lost: &'a mut [f64],
    renewals: &'a mut [f64],
    customers: &'a mut [f64],
    running: &'a mut RunningColumns<'c>,
    /// The place of the deal that is decided, and the list of deals won where somebody asks for it.
    place: usize,
    won_deals: Option<&'a mut Vec<WonDeal>>,
}

impl RegionPlan<'_> {
    /// Adds what becomes of the region's open deals, and those won to a list where there is one. New leads and their renewals come before.
    pub(super) fn decide_open_deals(
        &self,
        model: &Model,
        mean_size: &[f64],
        columns: &mut Columns,
        scratch: &Scratch,
        won_deals: Option<&mut Vec<WonDeal>>,
        monitor: &Monitor,
    ) {
        let Some(running) = &mut columns.running else { return };
        if self.open_deals.is_empty() {
            return;
        }
        let terms = self.terms(scratch);
        let mut ledger = Ledger {
            plan: self,
            months: self.months,
            term: model.term,
            lanes: scratch.lanes(),
            mean_size,
            ratio: &terms.ratio,
            scratch,
            won: columns.won,
            lost: columns.lost,
            renewals: columns.renewals,
            customers: columns.customers,
            running,
            place: 0,
            won_deals,
        };
        let mut aged: Option<Aged> = None;
        for OpenDealPlan { deal, place, address } in &self.open_deals {
            if monitor.stopped() {
                return;
            }
            ledger.place = *place;
            if let Path::Thinning(cycle) = self.path
                && aged.as_ref().is_none_or(|aged| aged.age != deal.age)
            {
                aged = Some(Aged::new(cycle, &terms, deal.age, self.months));
            }
            for i in 0..deal.count {
                let address = address.part(i);
                for (lane, trial) in scratch.trials.iter().enumerate() {
                    let draw = Draw { deal, address, trial: *trial, lane };
                    match (self.path, &mut aged) {
                        (Path::Thinning(cycle), Some(aged)) => self.decide(cycle, &terms, draw, aged, &mut ledger),
                        (Path::LeadByLead(stages), _) => self.walk(stages, &terms, draw, &mut ledger),
                        (Path::Thinning(_), None) => {}
                    }
                }
            }
        }
    }

    fn terms(&self, scratch: &Scratch) -> Terms {
        let lanes = scratch.lanes();
        let filled = |value: ParameterValue| {
            let mut values = vec![0.0; lanes];
            scratch.fill(value, &mut values);
            values
        };
        let all = |value: Option<ParameterValue>| value.map_or_else(Vec::new, filled);
        let tilt = match self.exposure_index[1] {
            Some(tilt) => row(&scratch.tilts[tilt], self.as_of.month, lanes).to_vec(),
            None => vec![1.0; lanes],
        };
        let dates = self.region.close_dates.as_ref();
        let mut terms = Terms {
            held: all(self.region.held),
            kept: all(dates.map(|dates| dates.kept)),
            slip_days: all(dates.and_then(|dates| dates.slip.as_ref()).map(|slip| slip.mean_days)),
            ratio: filled(self.region.final_amount.ratio),
            ..Terms::default()
        };
        match self.path {
            Path::Thinning(cycle) => {
                let base = filled(cycle.conversion.in_force(self.as_of.month));
                terms.win_rate = base
                    .iter()
                    .zip(&tilt)
                    .map(|(p, tilt)| if *tilt == 1.0 { *p } else { shifted(*p, *tilt) })
                    .collect();
                terms.won_days = filled(cycle.mean_days);
                terms.lost_days = all(cycle.lost.as_ref().map(|lost| lost.mean_days));
                terms.stalled = all(cycle.stalled.as_ref().map(|stalled| stalled.share));
            }
            Path::LeadByLead(stages) => {
                terms.pass = stages.iter().map(|stage| filled(stage.pass)).collect();
                terms.days = stages.iter().map(|stage| filled(stage.mean_days)).collect();
                if let Some(last) = terms.pass.last_mut() {
                    last.iter_mut().zip(&tilt).for_each(|(p, tilt)| *p = shifted(*p, *tilt));
                }
            }
        }
        terms.tilt = tilt;
        terms
    }

    /// The deal's own chance, as the market has it.
    fn own_chance(&self, terms: &Terms, draw: Draw) -> Option<f64> {
        draw.deal.own_chance.map(|chance| shifted(chance, terms.tilt[draw.lane]))
    }

    /// The stated close date that a deal may close by, if it is won.
    fn stated<'a>(&'a self, terms: &Terms, draw: Draw) -> Option<StatedClose<'a>> {
        let (close, dates) = draw.deal.close.zip(self.region.close_dates.as_ref())?;
        let slip = dates.slip.as_ref().map(|slip| (&slip.delay, terms.slip_days[draw.lane]));
        Some(StatedClose { close, kept: terms.kept[draw.lane], slip })
    }

    /// A deal of a region with one cycle, by its age.
    fn decide(&self, cycle: &Cycle, terms: &Terms, draw: Draw, aged: &mut Aged, ledger: &mut Ledger) {
        let Draw { deal, lane, .. } = draw;
        let tau = self.as_of.position;
        let (won, lost) = (aged.won[lane], aged.lost[lane]);
        let stalled = terms.stalled.get(lane).copied().unwrap_or(0.0);
        let outlook = match self.own_chance(terms, draw) {
            Some(chance) => Outlook::of_own(chance, stalled, lost.left()),
            None => Outlook::of_age(terms.win_rate[lane], stalled, won.left(), lost.left()),
        };
        let closed_after = cycle.stalled.as_ref().and_then(|stalled| stalled.closed_after_days);
        let timing = DealTiming {
            as_of: self.as_of,
            place_in_quarter: self.place_in_quarter,
            won: won.or_from_start(),
            lost: lost.or_from_start(),
            stalled_until: closed_after.map_or(f64::INFINITY, |days| tau + (days - deal.age).max(0.0) / DAYS_PER_MONTH),
            held: terms.held.get(lane).copied().unwrap_or(0.0),
            stated: self.stated(terms, draw),
        };
        let fate = draw.uniform(Part::Fate);
        let is_won = fate < outlook.won;
        let after = |left: &TimeLeft| ledger.month(tau + left.draw(draw.uniform(Part::Time)) / DAYS_PER_MONTH);
        let end = match timing.stated {
            Some(stated) if is_won && draw.uniform(Part::Kept) < stated.kept => {
                ledger.month(stated.closes(|| draw.uniform(Part::Slip)))
            }
            _ if is_won => {
                let month = after(&timing.won);
                let holds = timing.held > 0.0 && month < self.months && draw.uniform(Part::Held) < timing.held;
                if holds { self.quarter_end(month) } else { month }
            }
            _ if fate < outlook.won + outlook.lost => after(&timing.lost),
            // Stale.
            _ if outlook == Outlook::default() => self.months,
            _ => ledger.month(timing.stalled_until),
        };
        let end = end.min(self.months);
        ledger.open(draw, self.as_of.month..end);
        if !self.won_deals_only {
            let is_plain =
                cycle.lost.is_none() && cycle.stalled.is_none() && timing.stated.is_none() && timing.held == 0.0;
            for k in self.as_of.month..end {
                if is_plain {
                    ledger.weigh(draw, k, outlook.won);
                } else {
                    let days = |month: usize| ((month + 1) as f64 - tau) * DAYS_PER_MONTH;
                    let lost_left = aged.open_after(true, k, lane, days(k));
                    let won_left = |month: usize| aged.open_after(false, month, lane, days(month));
                    let [won, lost, stalled] = timing.left_of(k, won_left, lost_left);
                    ledger.weigh(draw, k, outlook.chance_later(won, lost, stalled));
                }
            }
        }
        match end {
            end if is_won => ledger.win(draw, end),
            end if end >= self.months => {}
            end => ledger.lose(draw, end),
        }
    }

    /// A deal of a region with stages, from the present one on.
    fn walk(&self, stages: &[Stage], terms: &Terms, draw: Draw, ledger: &mut Ledger) {
        let Draw { deal, lane, .. } = draw;
        let passes: Vec<f64> = terms.pass.iter().map(|pass| pass[lane]).collect();
        let here = deal.stage;
        let ahead = passes_ahead(&passes[here..]);
        let own = self.own_chance(terms, draw);
        let chance = |i: usize| {
            let now = passes_ahead(&passes[i..]);
            own.map_or(now, |own| own_chance(own, ahead, now))
        };
        let mut stream = draw.stream();
        let is_won = stream.uniform() < own.unwrap_or(ahead);
        let lost_in = here + stage_of_loss(&passes[here..], stream.uniform());
        let last = stages.len() - 1;
        let mut now = self.as_of.position;
        if is_won
            && let Some(stated) = self.stated(terms, draw)
            && draw.uniform(Part::Kept) < stated.kept
        {
            let end = ledger.month(stated.closes(|| draw.uniform(Part::Slip))).min(self.months);
            ledger.open(draw, self.as_of.month..end);
            (self.as_of.month..end).for_each(|k| ledger.weigh(draw, k, chance(here)));
            ledger.win(draw, end);
            return;
        }
        for (i, stage) in stages.iter().enumerate().skip(here) {
            let (u, mean) = (stream.uniform(), terms.days[i][lane]);
            let days = if i == here {
                TimeLeft::new(&stage.delay, mean, deal.age).or_from_start().draw(u)
            } else {
                stage.delay.quantile(mean, u)
            };
            let entered = ledger.month(now);
            now += days / DAYS_PER_MONTH;
            let leaves = ledger.month(now).min(self.months);
            ledger.open(draw, entered..leaves);
            (entered..leaves).for_each(|k| ledger.weigh(draw, k, chance(i)));
            if leaves == self.months {
                if is_won {
                    ledger.win(draw, leaves);
                }
                return;
            }
            if !is_won && i == lost_in {
                ledger.lose(draw, leaves);
                return;
            }
            if i == last {
                let holds = terms.held.get(lane).is_some_and(|share| draw.uniform(Part::Held) < *share);
                let won = if holds { self.quarter_end(leaves).min(self.months) } else { leaves };
                ledger.open(draw, leaves..won);
                (leaves..won).for_each(|k| ledger.weigh(draw, k, 1.0));
                ledger.win(draw, won);
            }
        }
    }
}

impl Ledger<'_, '_> {
    /// The month that a time belongs to, at most the first one past the horizon.
    fn month(&self, t: f64) -> usize {
        if t < self.months as f64 { t as usize } else { self.months }
    }

    /// What the deal is said to be worth; a new deal's mean where nothing is said.
    fn stated(&self, draw: Draw) -> f64 {
        draw.deal.amount.unwrap_or(self.mean_size[draw.lane])
    }

    /// The deal is open at the ends of these months.
    fn open(&mut self, draw: Draw, months: std::ops::Range<usize>) {
        let value = self.stated(draw);
        for k in months {
            self.running.open[k * self.lanes + draw.lane] += 1.0;
            self.running.open_value[k * self.lanes + draw.lane] += value;
        }
    }

    /// At the end of a month its chance to be won later is this.
    fn weigh(&mut self, draw: Draw, k: usize, chance: f64) {
        self.running.open_weighted[k * self.lanes + draw.lane] += self.stated(draw) * chance;
    }

    fn lose(&mut self, draw: Draw, k: usize) {
        self.lost[k * self.lanes + draw.lane] += 1.0;
    }

    /// The deal is won in a month, or later than all: it becomes a customer like any other.
    fn win(&mut self, draw: Draw, k: usize) {
        let value = if k < self.months { self.signed(draw, k) } else { 0.0 };
        if let Some(won_deals) = &mut self.won_deals {
            won_deals.push(WonDeal { deal: self.place, lane: draw.lane, month: k, value });
        }
    }

    /// A customer who signs in a month: what the contract is worth, with what becomes of it.
    fn signed(&mut self, draw: Draw, k: usize) -> f64 {
        let Draw { deal, lane, .. } = draw;
        let (lanes, region) = (self.lanes, self.plan.region);
        let drawn = |law: &DealSize| if law.cv() == 0.0 { 1.0 } else { law.draw(draw.uniform(Part::Amount)) };
        let mut value = match deal.amount {
            Some(amount) => amount * self.ratio[lane] * drawn(&region.final_amount.law),
            None => self.mean_size[lane] * drawn(&region.size),
        };
        if let Some(tilt) = self.plan.exposure_index[2] {
            value *= self.scratch.tilts[tilt][k * lanes + lane] * self.plan.mean_correction[2];
        }
        let signed = value;
        self.won[k * lanes + lane] += 1.0;
        self.running.bookings_from_open[k * lanes + lane] += value;
        let renew = self.scratch.renew[lane];
        let most = (self.months - 1 - k) / self.term;
        let renewals = match renew {
            _ if most == 0 || renew <= 0.0 => 0,
            _ if renew >= 1.0 => most,
            _ => ((libm::log(draw.uniform(Part::Renewals)) / libm::log(renew)) as usize).min(most),
        };
        for i in k..self.months.min(k + (renewals + 1) * self.term) {
            self.customers[i * lanes + lane] += 1.0;
        }
        for j in 1..=most {
            let at = (k + j * self.term) * lanes + lane;
            let arr = value * 12.0 / self.term as f64;
            if j > renewals {
                self.running.arr_churn[at] += arr;
                break;
            }
            value *= self.scratch.grow[lane];
            self.renewals[at] += value;
            let change = value * 12.0 / self.term as f64 - arr;
            self.running.arr_expansion[at] += change.max(0.0);
            self.running.arr_contraction[at] += (-change).max(0.0);
        }
        signed
    }
}
