//! report.html in a real browser: Chromium, driven by ChromeDriver over WebDriver. Where they are not installed each test says
//! `SKIPPED` and passes; with `REVCAST_BROWSER=required` it fails.
#![allow(unreachable_pub)] // a module of a test binary has no outside

mod controls;
mod driver;
mod names;
mod pages;
mod printed;
mod quiet;
mod saved;
mod sealed;
mod session;
mod still;
mod widths;
