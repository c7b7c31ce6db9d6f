//! Many scenarios unattended: what a night came to, which inputs look cut off, and which figures call for attention.

mod alert;
mod condition;
mod document;
mod shrinkage;
mod summary;

pub use alert::{Alert, Fired};
pub use condition::{Condition, Misread};
pub use document::*;
pub use shrinkage::{Shrunk, shrunk};
pub use summary::summary;
