//! A region whose leads and open deals are decided day by day, with chances by age times factors of the month.
//!
//! No lead is followed day by day. Given the inputs, the market and the factors of a trial, those that arrive on one day have the same chances: how many
//! of them are decided in a month is binomial, given how many were open before. What a month does to a lead of some age is read from
//! running products and sums over ages (see `months`), made once for all leads and deals that share their chances.

mod ages;
mod chances;
mod classes;
mod deals;
mod factors;
mod leads;
mod memory;
mod months;
mod plan;

pub(super) use memory::DailyScratch;
pub(super) use plan::DailyPlan;
