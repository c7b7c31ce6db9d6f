//! revcast in Python: the program's commands, called with its words in the process that asks. What people use is written in Python
//! around it, in `python/revcast/`.

mod calls;
mod failure;
mod results;
mod trials;

use pyo3::prelude::*;

/// The commands of revcast, with the words that the program takes.
#[pymodule]
mod _revcast {
    #[pymodule_export]
    use crate::calls::{Held, ask, fit, forecast, load, merge, shard};
    #[pymodule_export]
    use crate::failure::ScenarioError;
    #[pymodule_export]
    use crate::results::{Analysis, Fit, Forecast};
    #[pymodule_export]
    use crate::trials::Trials;

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
