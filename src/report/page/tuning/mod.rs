//! The page whose inputs can be moved: the engine stands in it as a module, which says with the program's own words and numbers what comes of it.

mod answer;
#[cfg(feature = "page")]
mod controls;
#[cfg(feature = "page")]
mod page;

pub use answer::Tuning;
#[cfg(feature = "page")]
pub use page::{FILE, MOST_BYTES, TuningError, is_tuning_page, tuning_page};
