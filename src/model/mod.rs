//! What a scenario means: validated, immutable, units settled, tables ready. The one door is [`resolve`].

mod budget;
#[cfg(feature = "export")]
mod budget_sheet;
mod changes;
mod closing;
mod figure;
mod hash;
mod known_amount;
mod open_deal;
mod parameter_value;
mod region;
mod resolve;
mod running;
mod schedule;
mod scope_named;
mod size_table;
mod team;
mod team_expected;
mod types;

pub use budget::Budget;
pub use changes::{Change, Factor, OneOff, Rate, RegionChanges, Term, product, whole_months};
pub use closing::{
    AgeChances, Closing, Cycle, DailyChances, Fate, ever_at_last, ever_before, given, held_to_one, normalised,
    own_weight, rhythm_place,
};
pub use figure::{Figure, FigureKey};
pub use hash::scenario_hash;
pub(crate) use hash::{canonical, meaning};
pub use open_deal::{
    ClosingRules, DealTiming, Outlook, StatedClose, TimeLeft, held, own_chance, part_left, passes_ahead, stage_of_loss,
};
pub use parameter_value::ParameterValue;
pub use region::{Funnel, Region, Stage};
pub use resolve::resolve;
pub use running::{AsOf, CloseDates, ContractInForce, Duration, FinalAmount, OpenDeal, Running, Stalled};
pub use schedule::{ExpectedLeads, ParameterSchedule, Schedule};
#[cfg(feature = "history")]
pub(crate) use scope_named::{NoScope, scope_named};
pub use size_table::SizeTable;
pub use team::{Capacity, Hire, Role, Team, let_through};
pub use team_expected::TeamExpected;
pub use types::{Call, Input, Market, Model, Scope, ScopeKind, Target, renewal_growth, renewal_rate};
