//! The people of a region as they are written: roles with their headcount, hires and capacity, and the activities that bring leads.

use serde::Serialize;

use super::quantity::Quantity;
use crate::units::Month;

/// The people of a region, by role. Without a role nothing waits for it.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Team {
    /// Those who work opportunities until they are won or lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_executives: Option<Role>,
    /// Those who qualify leads before an executive takes them over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_development: Option<Role>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Which role of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleKind {
    /// Account executives.
    Executives,
    /// Sales development.
    Development,
}

impl RoleKind {
    /// Both, in the order in which they are written.
    pub const ALL: [RoleKind; 2] = [RoleKind::Executives, RoleKind::Development];

    /// The key of the role in a team.
    pub fn key(self) -> &'static str {
        match self {
            RoleKind::Executives => "account_executives",
            RoleKind::Development => "sales_development",
        }
    }

    /// What people call those who have it.
    pub fn name(self) -> &'static str {
        match self {
            RoleKind::Executives => "account executives",
            RoleKind::Development => "sales development",
        }
    }
}

/// The people of one role: how many there are, who comes and goes, and how much they take on.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Role {
    /// How many there are on the as-of day, or at the start.
    #[cfg_attr(feature = "schema", schemars(range(max = 10_000)))]
    pub headcount: usize,
    /// Those who come later. Hires of months before that of the as-of day are in the headcount.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(max = 600)))]
    pub hires: Vec<Hire>,
    /// Productivity in the first, second, … month in the seat; the last one stays, and those who are there already have it.
    #[cfg_attr(feature = "schema", schemars(default = "fully_productive", length(min = 1, max = 600)))]
    pub ramp: Vec<f64>,
    /// The share of them who leave within a year.
    #[cfg_attr(feature = "schema", schemars(default = "Quantity::default"))]
    pub attrition: Quantity,
    /// How many months after somebody leaves a replacement begins; nobody comes if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 600)))]
    pub replaced_after_months: Option<usize>,
    /// What each of them costs a month, in the region's currency.
    #[cfg_attr(feature = "schema", schemars(default, range(min = 0)))]
    pub cost_per_month: f64,
    /// The leads that wait for them on the as-of day, or at the start.
    #[cfg_attr(feature = "schema", schemars(default, range(max = 1_000_000)))]
    pub waiting: usize,
    /// In so many days half of the leads that wait expire; none does if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 36_525)))]
    pub half_life_days: Option<f64>,
    /// The leads that one of full productivity qualifies in a month. Of sales development; no limit if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads_per_month: Option<Quantity>,
    /// The opportunities that one of full productivity starts in a month. Of executives; not with `open_opportunities`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opportunities_per_month: Option<Quantity>,
    /// The opportunities that one of full productivity works at a time. Of executives; no limit if neither is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_opportunities: Option<Quantity>,
    /// How differently executives sell: classes with their shares.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(max = 12)))]
    pub performance: Vec<PerformanceClass>,
    /// What an executive of full productivity is to book a year, in the region's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub quota: Option<f64>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// People who begin in a month.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Hire {
    /// The month in which they are to begin, such as 2027-04.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::month"))]
    pub month: Month,
    /// How many.
    #[cfg_attr(feature = "schema", schemars(range(max = 10_000)))]
    pub count: usize,
    /// How many months later they begin, rounded half up.
    #[cfg_attr(feature = "schema", schemars(default = "Quantity::default"))]
    pub delay_months: Quantity,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Executives who sell alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct PerformanceClass {
    /// The share of executives.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub share: f64,
    /// The share of their quota that they reach; only the proportions between classes count.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1000)))]
    pub quota_share: f64,
}

/// Something that sales development does every week, and the leads that it yields.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct LeadActivity {
    /// What it is called, unlike the others, such as calls.
    pub name: String,
    /// How often one of full productivity does it in a week.
    pub per_rep_per_week: Quantity,
    /// The share of it that each step on the way to a lead leaves, such as a response and then a meeting.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(max = 6)))]
    pub yields: Vec<Quantity>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Default for Role {
    fn default() -> Role {
        Role {
            headcount: 0,
            hires: Vec::new(),
            ramp: fully_productive(),
            attrition: Quantity::default(),
            replaced_after_months: None,
            cost_per_month: 0.0,
            waiting: 0,
            half_life_days: None,
            leads_per_month: None,
            opportunities_per_month: None,
            open_opportunities: None,
            performance: Vec::new(),
            quota: None,
            note: None,
            source: None,
        }
    }
}

/// Those who begin are as productive as the others.
fn fully_productive() -> Vec<f64> {
    vec![1.0]
}

impl Team {
    /// The people of a role.
    pub fn role(&self, kind: RoleKind) -> Option<&Role> {
        match kind {
            RoleKind::Executives => self.account_executives.as_ref(),
            RoleKind::Development => self.sales_development.as_ref(),
        }
    }

    pub(super) fn role_mut(&mut self, kind: RoleKind) -> Option<&mut Role> {
        match kind {
            RoleKind::Executives => self.account_executives.as_mut(),
            RoleKind::Development => self.sales_development.as_mut(),
        }
    }
}
