//! The pages in a real browser: Chromium, driven by ChromeDriver over WebDriver.
#![allow(unreachable_pub)] // a module of a test binary has no outside

mod backtest;
mod controls;
mod driver;
mod names;
mod numbers;
mod pages;
mod printed;
mod quiet;
mod saved;
mod sealed;
mod session;
mod still;
mod tuning;
mod widths;
