//! Whose deals are whose: who of a region's executives wins each deal, and who reaches the quota.

use std::ops::Range;

use super::compiled::RegionPlan;
use super::effects::factor;
use super::people_scratch::{Executive, PeopleScratch, Productive, winner};
use super::scratch::Scratch;
use super::size_rows::SizeRows;
use super::won_deal::WonDeal;
use crate::chance::{DealSize, Stream, TrialKey, binomial_quantile};

impl RegionPlan<'_> {
    /// Counts the executives who are there in all of a period with a quota in it, and those of them who reach it: periods × 2 × trials. After the
    /// periods come the classes, with what executives are to book in the main figure's period and what they do.
    pub(super) fn count_at_quota(&self, scratch: &Scratch, counted: &mut dyn FnMut(usize, [f64; 2], usize)) {
        let Some(team) = &self.team else { return };
        let Some((_, quota)) = team.with_quota() else { return };
        let (lanes, months, people) = (scratch.lanes(), self.months, &scratch.people);
        let of_executive = |i: usize, period: Range<usize>, lane: usize| {
            let quota_of = |m: usize| {
                quota / 12.0 * people.productivity[i * months + m] * factor(&scratch.effects.rate, m, lanes, lane)
            };
            let sum = |sum: f64, x: f64| sum + x;
            let booked = period.clone().map(|m| people.booked[i * months + m]).fold(0.0, sum);
            [period.map(quota_of).fold(0.0, sum), booked]
        };
        for (p, period) in team.quota_periods.iter().enumerate().filter(|(_, period)| period.end <= months) {
            for lane in 0..lanes {
                let mut found = [0.0; 2];
                for i in people.first[lane]..people.first[lane + 1] {
                    let Executive { from, end, .. } = people.executives[i];
                    if from > period.start || end < period.end {
                        continue;
                    }
                    let [wanted, booked] = of_executive(i, period.clone(), lane);
                    if wanted > 0.0 {
                        found[0] += 1.0;
                        // Amounts that come to the quota to the last digit reach it.
                        found[1] += f64::from(u8::from(booked >= wanted * (1.0 - 1e-12)));
                    }
                }
                counted(p, found, lane);
            }
        }
        if team.classes.is_empty() || team.main.end > months {
            return;
        }
        let periods = team.quota_periods.len();
        let mut of_classes = vec![[0.0; 2]; team.classes.iter().max().map_or(0, |class| class + 1)];
        for lane in 0..lanes {
            of_classes.fill([0.0; 2]);
            for i in people.first[lane]..people.first[lane + 1] {
                let of_class = &mut of_classes[team.classes[people.executives[i].class]];
                let found = of_executive(i, team.main.clone(), lane);
                of_class.iter_mut().zip(found).for_each(|(sum, x)| *sum += x);
            }
            of_classes.iter().enumerate().for_each(|(class, found)| counted(periods + class, *found, lane));
        }
    }

    /// What so many deals of a month are worth together in each trial, each won by one executive; with what those of them that are worth
    /// less than 0 are. In units, of which `unit` is the worth.
    pub(super) fn sums_by_executive(
        &self,
        (month, part): (usize, usize),
        counts: &[f64],
        unit: &[f64],
        (trials, sizes): (&[TrialKey], &Option<SizeRows>),
        people: &mut PeopleScratch,
        [values, below_zero]: [&mut [f64]; 2],
    ) {
        let Some(team) = &self.team else { return };
        let months = self.months;
        let address = team.winners[month].part(part);
        let law = DealLaw { size: &self.region.size, sizes };
        let mut there: Vec<Productive> = Vec::new();
        for (lane, count) in counts.iter().enumerate() {
            (values[lane], below_zero[lane]) = (0.0, 0.0);
            if *count == 0.0 {
                continue;
            }
            let (mut value, mut below) = (0.0, 0.0);
            let mut stream = address.stream_of(trials[lane]);
            let all = people.list_productive(lane, [month, months], &mut there);
            let mut book = |who: Option<usize>, amounts: [f64; 2]| {
                value += amounts[0];
                below += amounts[1];
                if let Some(who) = who {
                    people.booked[who * months + month] += amounts[0] * unit[lane];
                }
            };
            if there.len() > 1 && *count <= there.len() as f64 {
                for _ in 0..*count as u64 {
                    let who = winner(&there, all * stream.uniform());
                    let amount = law.draw(lane, &mut stream);
                    book(who, [amount, amount.min(0.0)]);
                }
            } else {
                let (mut left, mut rest) = (*count, all);
                for (i, Productive { who, weight, .. }) in there.iter().enumerate() {
                    let share = if i + 1 < there.len() && *weight < rest { weight / rest } else { 1.0 };
                    let here = if share < 1.0 { binomial_quantile(left, share, stream.uniform()) } else { left };
                    left -= here;
                    rest -= weight;
                    book(Some(*who), law.sum(lane, here, &mut stream));
                }
                // Where nobody is productive they are nobody's.
                book(None, law.sum(lane, left, &mut stream));
            }
            (values[lane], below_zero[lane]) = (value, below);
        }
    }

    /// Whether it is told whose deals are whose.
    pub(super) fn tells_winners(&self) -> bool {
        self.team.as_ref().is_some_and(|team| team.with_quota().is_some())
    }

    /// Puts down who has won open deals. Of a row of several alike each has a winner of its own.
    pub(super) fn win_open_deals(&self, won: &[WonDeal], scratch: &mut Scratch) {
        let Some(team) = &self.team else { return };
        let months = self.months;
        let mut people = std::mem::take(&mut scratch.people);
        let mut before: Option<(u32, u16)> = None;
        let mut alike = 0;
        let mut there: Vec<Productive> = Vec::new();
        for deal in won {
            alike = if before == Some((deal.deal, deal.lane)) { alike + 1 } else { 0 };
            before = Some((deal.deal, deal.lane));
            let (lane, month) = (usize::from(deal.lane), usize::from(deal.month));
            let first = team.winners_of_open.first().map_or(0, |(place, _)| *place);
            let Some((_, address)) = team.winners_of_open.get(deal.deal as usize - first).filter(|_| month < months)
            else {
                continue;
            };
            let u = address.part(alike).uniform_of(scratch.trials[lane]);
            let all = people.list_productive(lane, [month, months], &mut there);
            if let Some(who) = winner(&there, all * u) {
                people.booked[who * months + month] += deal.value;
            }
        }
        scratch.people = people;
    }
}

/// What deals are worth: in mean sizes, or in money where a table gives their amounts.
struct DealLaw<'a> {
    size: &'a DealSize,
    sizes: &'a Option<SizeRows>,
}

impl DealLaw<'_> {
    fn draw(&self, lane: usize, stream: &mut Stream) -> f64 {
        match self.sizes {
            Some(sizes) => sizes.draw(lane, stream.uniform()),
            None if self.size.cv() == 0.0 => 1.0,
            None => self.size.draw(stream.uniform()),
        }
    }

    fn sum(&self, lane: usize, count: f64, stream: &mut Stream) -> [f64; 2] {
        match self.sizes {
            _ if count == 0.0 => [0.0; 2],
            Some(sizes) => sizes.sum(lane, count, stream),
            None => [self.size.sum(count, stream.uniform()), 0.0],
        }
    }
}
