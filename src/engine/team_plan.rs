//! The people of a region with what is the same for them in every trial: their seats, and the addresses of their draws.

use super::scope::{Cause, Resampling};
use crate::chance::{Address, Purpose, name_key};
use crate::model::{Figure, Model, Region, Role, Team};
use crate::scenario::RoleKind;

/// A region's people with the addresses of their draws.
#[derive(Debug)]
pub(super) struct TeamPlan<'m> {
    pub(super) team: &'m Team,
    /// The seats of each role.
    pub(super) seats: [Vec<Seat>; 2],
    /// How many leads come in each month.
    pub(super) arriving: Vec<Address>,
    /// How many of those that wait for each role expire, by month.
    pub(super) expiring: [Vec<Address>; 2],
    /// Who wins the deals of new leads, by month.
    pub(super) winners: Vec<Address>,
    /// Who wins each open deal, by its place among the model's; none where nobody has a quota.
    pub(super) winners_of_open: Vec<(usize, Address)>,
    /// The periods that executives are counted over who reach their quota.
    pub(super) quota_periods: Vec<std::ops::Range<usize>>,
    /// The place of each class of the executives among the model's; none where all sell alike.
    pub(super) classes: Vec<usize>,
    /// The months of the main figure.
    pub(super) main: std::ops::Range<usize>,
}

/// A place that one person after another may have.
#[derive(Debug)]
pub(super) struct Seat {
    /// The hire that it begins with; none of those who are there on the as-of day.
    pub(super) hire: Option<usize>,
    pub(super) address: Address,
}

impl<'m> TeamPlan<'m> {
    pub(super) fn new(
        team: &'m Team,
        region: &Region,
        model: &Model,
        resampling: Resampling,
        months: usize,
    ) -> TeamPlan<'m> {
        let (seed, name) = (model.seed, name_key(&region.key));
        let chance = resampling.pass(Cause::Chance);
        let of = |purpose| (0..months).map(|m| Address::new(seed, chance, purpose, name, m)).collect::<Vec<_>>();
        let seats = RoleKind::ALL.map(|kind| {
            let Some(role) = &team.roles[kind as usize] else { return Vec::new() };
            let all = Address::new(seed, resampling.pass(Cause::People), Purpose::People, name, kind as usize);
            let there = (0..role.headcount).map(|i| Seat { hire: None, address: all.part(0).part(i) });
            let hired = role.hires.iter().enumerate().flat_map(|(h, hire)| {
                (0..hire.count).map(move |i| Seat { hire: Some(h), address: all.part(1 + hire.place).part(i) })
            });
            there.chain(hired).collect()
        });
        let expired = of(Purpose::Expired);
        let has_quota = team.executives().is_some_and(|role| role.quota.is_some());
        let place = |quota_share: &f64| model.classes.iter().position(|known| known == quota_share);
        let classes = |role: &Role| role.quota_shares.iter().filter_map(place).collect();
        let open = region.open_deals.iter().enumerate().filter(|_| has_quota);
        TeamPlan {
            team,
            seats,
            arriving: of(Purpose::TeamLeads),
            expiring: RoleKind::ALL.map(|kind| expired.iter().map(|address| address.part(kind as usize)).collect()),
            winners: of(Purpose::Winner),
            winners_of_open: open
                .map(|(place, deal)| (place, Address::new(seed, chance, Purpose::WinnerOfOpen, name_key(&deal.id), 0)))
                .collect(),
            quota_periods: model.quota_periods.clone(),
            classes: team.executives().filter(|_| has_quota).map_or_else(Vec::new, classes),
            main: Figure::main(model).period.months,
        }
    }

    /// Tells at which place among the model's open deals those of the region begin.
    pub(super) fn begin_open_deals(&mut self, before: usize) {
        self.winners_of_open.iter_mut().for_each(|(place, _)| *place += before);
    }

    /// The executives, where it is told whose deals are whose.
    pub(super) fn with_quota(&self) -> Option<(&'m Role, f64)> {
        self.team.executives().and_then(|role| Some((role, role.quota?)))
    }
}
