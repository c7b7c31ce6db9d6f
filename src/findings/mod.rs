//! What was found, as sentences and tables of data. Terminal, page, mail and files only render them, so that a finding is worded once and
//! a table has its columns listed once.

mod attribution;
#[cfg(feature = "fit")]
mod backtest;
mod band_record;
mod bridge;
mod comparison;
mod drivers;
mod events;
mod finding;
#[cfg(feature = "fit")]
mod fit;
mod goal_seek;
#[cfg(feature = "fit")]
mod held_bands;
#[cfg(feature = "fit")]
mod log_scores;
mod people;
mod pipeline;
mod ranking;
mod running;
mod sentences;
mod sweep;
mod table;
mod trend;
mod tune;
mod whatif;

pub use attribution::{attribution, attribution_sentences, attribution_table, headline, steps_said};
#[cfg(feature = "fit")]
pub(crate) use backtest::{ahead, inside_of, nouns, times_best};
#[cfg(feature = "fit")]
pub use backtest::{backtest, backtest_scores, periods_table, scores_table};
pub use band_record::band_record;
pub use bridge::bridge_table;
pub use comparison::{all_differences, comparison, differences_table};
pub use drivers::{drivers, drivers_table, shift_sentence, shifts_table};
pub use events::{events_table, target_of_events, with_and_without};
pub use finding::{Block, Finding};
#[cfg(feature = "fit")]
pub use fit::{actuals_table, data_report_table, fit, open_deals_table};
pub use goal_seek::{curve_table, goal_out_of_reach, goal_seek};
#[cfg(feature = "fit")]
pub use held_bands::{HeldBands, coverage_table, held_bands, replayed_table, skill_table};
#[cfg(feature = "fit")]
pub use log_scores::{log_scores_table, open_deal_chances, reliability_table};
pub use people::{classes_table, has_people, people_are_the_limit, people_bound, people_table};
pub use pipeline::{
    contracts_table, deals_table, groups_said, groups_table, pipeline, pipeline_groups, pipeline_sentences,
};
pub use ranking::{drivers_in_brief, leader, luck, ranking, split};
pub use running::{first_gap, standing, year_to_date};
pub use sentences::{input_label, percent_given, place, scope_label};
pub use sweep::{sweep, sweep_table};
pub use table::{Cell, Column, Table, Value};
pub use trend::{all_series, history_table, trend};
pub use tune::{adjustment, moved, reached};
pub use whatif::{adverse_step, best_lever, effect_table, lever_table, recommended_lever, step_label, what_it_takes};
