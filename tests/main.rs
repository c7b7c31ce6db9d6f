//! One test binary, a module a theme.

mod cli;
mod committed;
mod common;
mod exact;
mod faults;
mod golden;
mod hostile;
mod house;
mod invariants;
mod referee;
mod spreadsheet;
mod statistical;
mod workbook;
