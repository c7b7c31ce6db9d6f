//! One test binary, a module a theme.

mod against;
mod amounts;
mod audit;
mod backtest;
mod batch;
mod browser;
mod changing;
mod cli;
mod closing;
mod committed;
mod common;
mod compare;
mod compare_plans;
mod data_files;
mod deep;
mod deployment;
#[cfg(unix)]
mod disk;
mod domains;
mod embedded;
mod exact;
mod faults;
mod first_hour;
mod fit;
mod from_exports;
mod golden;
mod history;
mod hostile;
mod house;
mod invariants;
mod joint_draws;
#[cfg(unix)]
mod kills;
mod manual;
mod memory;
mod metrics;
mod mid_year;
mod moved;
mod moved_pipeline;
mod open_deal_counts;
mod page;
mod people;
mod pipeline;
mod precise;
mod read_back;
mod referee;
mod referee_changes;
mod referee_costs;
mod referee_daily;
mod referee_people;
mod report;
#[cfg(unix)]
mod resume;
mod running;
#[cfg(unix)]
mod schedulers;
mod sensitivity;
mod sentences;
mod shards;
mod solve;
mod spreadsheet;
mod statistical;
mod sweep;
mod tuning;
mod unit_economics;
mod workbook;
