//! Tables that all models with the same laws share: whoever plays many models that differ little makes each table once.

use std::sync::{Arc, Mutex, PoisonError};

/// So many are kept for the next one who asks, once nobody uses them any more.
const KEPT: usize = 64;

/// Tables by what they stand for.
#[derive(Debug)]
pub(super) struct Registry<T>(Mutex<Vec<Arc<T>>>);

impl<T> Registry<T> {
    pub(super) const fn new() -> Registry<T> {
        Registry(Mutex::new(Vec::new()))
    }

    /// The one that `is` knows, made where nobody has asked for it yet.
    pub(super) fn get(&self, is: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> Arc<T> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.iter().find(|table| is(table)) {
            return Arc::clone(found);
        }
        if known.len() >= KEPT {
            known.retain(|table| Arc::strong_count(table) > 1);
        }
        let made = Arc::new(make());
        known.push(Arc::clone(&made));
        made
    }
}
