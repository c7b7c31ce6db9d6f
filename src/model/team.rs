//! The people of a region as they are meant: how many there are and how productive, how much they take on, and what waits for them.

use std::ops::Range;

use super::changes::{Factor, whole_months};
use super::parameter_value::ParameterValue;
use crate::scenario::{self, FieldId, RoleKind, Scenario};
use crate::units::DAYS_PER_MONTH;

/// The people of a region.
#[derive(Clone, Debug)]
pub struct Team {
    /// Account executives and sales development; a role without people has none.
    pub roles: [Option<Role>; 2],
    /// What sales development does to bring leads, in place of leads a month.
    pub activities: Vec<Activity>,
    /// The month of the as-of day, before which nobody comes or goes, and the number of months that are played.
    pub months: Range<usize>,
}

/// The people of a role.
#[derive(Clone, Debug)]
pub struct Role {
    /// How many there are on the as-of day.
    pub headcount: usize,
    /// Those who come from then on.
    pub hires: Vec<Hire>,
    /// Productivity by months in the seat; the last one stays.
    pub ramp: Vec<f64>,
    /// The share of them who leave within a year.
    pub attrition: ParameterValue,
    /// Months after which who has left is replaced.
    pub replaced_after: Option<usize>,
    /// What each costs a month, in the region's currency.
    pub cost: f64,
    /// The leads that wait for them on the as-of day.
    pub waiting: f64,
    /// The chance that a lead which waits at a month's end expires.
    pub expiry: f64,
    /// How much one of full productivity takes on.
    pub capacity: Capacity,
    /// What changes multiply that by.
    pub changes: Vec<Factor>,
    /// Classes of executives: their shares, and what the win rate of theirs is multiplied by; one at least, their mean is 1.
    pub classes: Vec<(f64, f64)>,
    /// The share of their quota that each class reaches, as it is written; none where all sell alike.
    pub quota_shares: Vec<f64>,
    /// What one of full productivity is to book a year, in the region's currency.
    pub quota: Option<f64>,
}

/// People who begin in a month.
#[derive(Clone, Copy, Debug)]
pub struct Hire {
    /// Its place in the scenario, which addresses its draws.
    pub place: usize,
    /// The month, counted from 0.
    pub month: usize,
    /// How many.
    pub count: usize,
    /// How many months later.
    pub delay: ParameterValue,
}

/// How much one of full productivity takes on.
#[derive(Clone, Copy, Debug)]
pub enum Capacity {
    /// Everything.
    Unlimited,
    /// So many leads a month.
    PerMonth(ParameterValue),
    /// So many at a time, each for as long as a lead is worked.
    AtATime(ParameterValue),
}

/// An activity that brings leads.
#[derive(Clone, Debug)]
pub struct Activity {
    /// How often one of full productivity does it in a week.
    pub per_week: ParameterValue,
    /// What each step on the way to a lead leaves of it.
    pub yields: Vec<ParameterValue>,
}

/// How many leads a capacity lets through that grows from `before` to `after`: whole ones.
#[inline]
pub fn let_through(before: f64, after: f64) -> f64 {
    /// What rounding may take from a whole number.
    const SLACK: f64 = 1e-9;
    (after + SLACK).floor() - (before + SLACK).floor()
}

impl Team {
    /// The people of a region that has some.
    pub(super) fn of(
        scenario: &Scenario,
        region: &scenario::Region,
        level: &impl Fn(FieldId) -> ParameterValue,
        changes: &[Vec<Factor>; 2],
    ) -> Option<Team> {
        let written = region.team.as_ref()?;
        let first = scenario.as_of_month();
        let role = |kind: RoleKind| {
            let role = written.role(kind)?;
            let hires = role.hires.iter().enumerate().filter_map(|(i, hire)| {
                let month = usize::try_from(hire.month.since(scenario.start)).ok().filter(|month| *month >= first)?;
                Some(Hire { place: i, month, count: hire.count, delay: level(FieldId::HireDelay(kind, i)) })
            });
            let mean: f64 = role.performance.iter().map(|class| class.share * class.quota_share).sum();
            let classes = role.performance.iter().map(|class| (class.share, class.quota_share / mean));
            let capacity = match kind {
                RoleKind::Executives if role.opportunities_per_month.is_some() => {
                    Capacity::PerMonth(level(FieldId::OpportunitiesPerMonth))
                }
                RoleKind::Executives if role.open_opportunities.is_some() => {
                    Capacity::AtATime(level(FieldId::OpenOpportunities))
                }
                RoleKind::Development if role.leads_per_month.is_some() => {
                    Capacity::PerMonth(level(FieldId::LeadsPerMonth))
                }
                _ => Capacity::Unlimited,
            };
            Some(Role {
                headcount: role.headcount,
                hires: hires.collect(),
                ramp: role.ramp.clone(),
                attrition: level(FieldId::Attrition(kind)),
                replaced_after: role.replaced_after_months,
                cost: role.cost_per_month,
                waiting: role.waiting as f64,
                expiry: role.half_life_days.map_or(0.0, |days| 1.0 - libm::exp2(-DAYS_PER_MONTH / days)),
                capacity,
                changes: changes[kind as usize].clone(),
                quota_shares: role.performance.iter().map(|class| class.quota_share).collect(),
                classes: if role.performance.is_empty() { vec![(1.0, 1.0)] } else { classes.collect() },
                quota: role.quota,
            })
        };
        let activities = region.leads.activities.iter().enumerate().map(|(i, activity)| Activity {
            per_week: level(FieldId::ActivityPerWeek(i)),
            yields: (0..activity.yields.len()).map(|step| level(FieldId::ActivityYield(i, step))).collect(),
        });
        Some(Team { roles: RoleKind::ALL.map(role), activities: activities.collect(), months: first..scenario.months })
    }

    /// The account executives.
    pub fn executives(&self) -> Option<&Role> {
        self.roles[RoleKind::Executives as usize].as_ref()
    }

    /// Those in sales development.
    pub fn development(&self) -> Option<&Role> {
        self.roles[RoleKind::Development as usize].as_ref()
    }

    /// What activities of one of full productivity bring in a month of mean length, before growth and season, with these inputs.
    pub fn leads_of_activities(&self, inputs: &[f64]) -> f64 {
        let of = |activity: &Activity| {
            activity.yields.iter().fold(activity.per_week.at(inputs), |leads, share| leads * share.at(inputs))
        };
        self.activities.iter().map(of).sum::<f64>() * DAYS_PER_MONTH / 7.0
    }

    /// The strength of sales development that is to be expected in each month, with these inputs.
    pub(super) fn expected_development(&self, inputs: &[f64]) -> Vec<f64> {
        self.development().map_or_else(Vec::new, |role| role.expected(&self.months, inputs).1)
    }
}

impl Role {
    /// Productivity in a month in the seat, the first one being 0.
    #[inline]
    pub fn productivity(&self, month_in_seat: usize) -> f64 {
        self.ramp[month_in_seat.min(self.ramp.len() - 1)]
    }

    /// The productivity of those who are there on the as-of day.
    #[inline]
    pub fn full(&self) -> f64 {
        self.ramp[self.ramp.len() - 1]
    }

    /// Whether executives of it sell differently.
    pub fn differs(&self) -> bool {
        self.classes.len() > 1
    }

    /// How many people are to be expected in each month, and the sum of their productivity, with these inputs. Months before the as-of day's have
    /// those there on that day.
    pub fn expected(&self, months: &Range<usize>, inputs: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let leave = 1.0 - libm::pow(1.0 - self.attrition.at(inputs), 1.0 / 12.0);
        let first = months.start;
        // By months in the seat, those there on the as-of day last.
        let mut seats = vec![0.0; months.len()];
        let mut there = self.headcount as f64;
        let mut left = vec![0.0; months.end];
        let (mut heads, mut strength) = (vec![there; first], vec![there * self.full(); first]);
        for m in months.clone() {
            if m > first {
                left[m] = leave * (there + seats.iter().sum::<f64>());
                there *= 1.0 - leave;
                seats.iter_mut().for_each(|seat| *seat *= 1.0 - leave);
                seats.rotate_right(1);
                seats[0] = 0.0;
            }
            let replaced = self.replaced_after.and_then(|after| m.checked_sub(after)).map_or(0.0, |from| left[from]);
            let hires = self.hires.iter().filter(|hire| hire.month + whole_months(hire.delay.at(inputs)) == m);
            seats[0] += replaced + hires.map(|hire| hire.count as f64).sum::<f64>();
            heads.push(there + seats.iter().sum::<f64>());
            let of_seats: f64 = seats.iter().enumerate().map(|(i, seat)| seat * self.productivity(i)).sum();
            strength.push(there * self.full() + of_seats);
        }
        (heads, strength)
    }
}
