//! One test binary, a module a theme.

mod cli;
mod committed;
mod common;
#[cfg(unix)]
mod disk;
mod exact;
mod faults;
mod golden;
mod house;
mod invariants;
#[cfg(unix)]
mod kills;
mod referee;
mod statistical;
