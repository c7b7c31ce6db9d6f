//! Many scenarios unattended: what a night came to, which inputs look cut off, and which figures call for attention.

mod alert;
mod document;
mod guard;
mod level;
mod summary;

pub use alert::{Alert, Fired};
pub use document::*;
pub use guard::{Shrunk, shrunk};
pub(crate) use level::share;
pub use level::{Level, Misread};
pub use summary::summary;
