//! The rows of the table of fields that are about people and what they do.

use super::field_id::FieldId;
use super::field_spec::{FieldSpec, Worse, put};
use super::quantity::Domain;
use super::region::Region;
use super::team::{Role, RoleKind};

/// The row of one of the shares that steps from an activity to a lead leave.
macro_rules! activity_yield {
    ($step:literal, $path:literal, $label:literal) => {
        FieldSpec {
            path: $path,
            id: |i| FieldId::ActivityYield(i, $step),
            domain: Domain::SHARE,
            required: false,
            label: $label,
            differs_by_deal: false,
            worse: Worse::Less,
            get: |region, i| region.leads.activities.get(i)?.yields.get($step),
            set: |region, i, quantity| {
                let activity = region.leads.activities.get_mut(i);
                put(activity.and_then(|activity| activity.yields.get_mut($step)), quantity);
            },
        }
    };
}

/// The row of a role's yearly attrition.
macro_rules! attrition {
    ($role:ident, $path:literal, $label:literal) => {
        FieldSpec {
            path: $path,
            id: |_| FieldId::Attrition(RoleKind::$role),
            domain: Domain::SHARE,
            required: false,
            label: $label,
            differs_by_deal: false,
            worse: Worse::More,
            get: |region, _| role(region, RoleKind::$role).map(|role| &role.attrition),
            set: |region, _, quantity| {
                put(role_mut(region, RoleKind::$role).map(|role| &mut role.attrition), quantity);
            },
        }
    };
}

/// The row of the delay of a role's hires.
macro_rules! hire_delay {
    ($role:ident, $path:literal, $label:literal) => {
        FieldSpec {
            path: $path,
            id: |i| FieldId::HireDelay(RoleKind::$role, i),
            domain: Domain::DELAY,
            required: false,
            label: $label,
            differs_by_deal: false,
            worse: Worse::More,
            get: |region, i| Some(&role(region, RoleKind::$role)?.hires.get(i)?.delay_months),
            set: |region, i, quantity| {
                let hire = role_mut(region, RoleKind::$role).and_then(|role| role.hires.get_mut(i));
                put(hire.map(|hire| &mut hire.delay_months), quantity);
            },
        }
    };
}

/// The row of how much one of a role takes on.
macro_rules! capacity {
    ($id:ident, $role:ident, $field:ident, $path:literal, $label:literal) => {
        FieldSpec {
            path: $path,
            id: |_| FieldId::$id,
            domain: Domain::TIMES,
            required: false,
            label: $label,
            differs_by_deal: false,
            worse: Worse::Less,
            get: |region, _| role(region, RoleKind::$role)?.$field.as_ref(),
            set: |region, _, quantity| {
                if let Some(role) = role_mut(region, RoleKind::$role) {
                    role.$field = Some(quantity);
                }
            },
        }
    };
}

pub(super) const ACTIVITY_PER_WEEK: FieldSpec = FieldSpec {
    path: "leads.activities[].per_rep_per_week",
    id: FieldId::ActivityPerWeek,
    domain: Domain::TIMES,
    required: true,
    label: "{} a rep and week",
    differs_by_deal: false,
    worse: Worse::Less,
    get: |region, i| Some(&region.leads.activities.get(i)?.per_rep_per_week),
    set: |region, i, quantity| {
        put(region.leads.activities.get_mut(i).map(|activity| &mut activity.per_rep_per_week), quantity);
    },
};
pub(super) const YIELD_0: FieldSpec = activity_yield!(0, "leads.activities[].yields[0]", "first yield of {}");
pub(super) const YIELD_1: FieldSpec = activity_yield!(1, "leads.activities[].yields[1]", "second yield of {}");
pub(super) const YIELD_2: FieldSpec = activity_yield!(2, "leads.activities[].yields[2]", "third yield of {}");
pub(super) const YIELD_3: FieldSpec = activity_yield!(3, "leads.activities[].yields[3]", "fourth yield of {}");
pub(super) const YIELD_4: FieldSpec = activity_yield!(4, "leads.activities[].yields[4]", "fifth yield of {}");
pub(super) const YIELD_5: FieldSpec = activity_yield!(5, "leads.activities[].yields[5]", "sixth yield of {}");
pub(super) const EXECUTIVES_ATTRITION: FieldSpec =
    attrition!(Executives, "team.account_executives.attrition", "yearly attrition of account executives");
pub(super) const EXECUTIVES_HIRE_DELAY: FieldSpec =
    hire_delay!(Executives, "team.account_executives.hires[].delay_months", "delay of account executives, hire {}");
pub(super) const OPPORTUNITIES_PER_MONTH: FieldSpec = capacity!(
    OpportunitiesPerMonth,
    Executives,
    opportunities_per_month,
    "team.account_executives.opportunities_per_month",
    "opportunities that an executive starts a month"
);
pub(super) const OPEN_OPPORTUNITIES: FieldSpec = capacity!(
    OpenOpportunities,
    Executives,
    open_opportunities,
    "team.account_executives.open_opportunities",
    "opportunities that an executive works at a time"
);
pub(super) const DEVELOPMENT_ATTRITION: FieldSpec =
    attrition!(Development, "team.sales_development.attrition", "yearly attrition of sales development");
pub(super) const DEVELOPMENT_HIRE_DELAY: FieldSpec =
    hire_delay!(Development, "team.sales_development.hires[].delay_months", "delay of sales development, hire {}");
pub(super) const LEADS_PER_MONTH: FieldSpec = capacity!(
    LeadsPerMonth,
    Development,
    leads_per_month,
    "team.sales_development.leads_per_month",
    "leads that one in sales development qualifies a month"
);

fn role(region: &Region, kind: RoleKind) -> Option<&Role> {
    region.team.as_ref()?.role(kind)
}

fn role_mut(region: &mut Region, kind: RoleKind) -> Option<&mut Role> {
    region.team.as_mut()?.role_mut(kind)
}
