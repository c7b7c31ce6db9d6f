//! One test binary, a module a theme.

mod against;
mod cli;
mod committed;
mod common;
mod exact;
mod faults;
mod first_hour;
mod golden;
mod house;
mod invariants;
mod referee;
mod statistical;
