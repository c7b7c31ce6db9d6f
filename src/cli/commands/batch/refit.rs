//! A scenario that is fitted to an export each night, before it is played.

use std::path::Path;
use std::sync::atomic::AtomicUsize;

use crate::charts::Size;
use crate::cli::exit::Failure;
use crate::cli::fitting::{FittingArgs, SCENARIO};
use crate::cli::output_folder::NamedFiles;
use crate::cli::scenario_source::{limited, read};
use crate::cli::session::Session;
use crate::scenario::{Scenario, Setting, load, tidy};

/// The folder of the fit, in that of the scenario's results.
const FIT: &str = "fit";

/// The scenario of a file, with the export that it is fitted from put onto it, and the files of that fit by their names below `out`.
pub(super) fn refitted(
    file: &Path,
    settings: &[Setting],
    (out, chart_size): (&Path, Size),
    max_bytes: f64,
) -> Result<(Scenario, NamedFiles), Failure> {
    let analyst = read(file, settings, max_bytes)?;
    let Some(from) = &analyst.fitted_from else { return Ok((analyst, Vec::new())) };
    let home = out.join(FIT);
    let fitting = FittingArgs::of(&analyst, &from.export, &from.options)?;
    let files =
        fitting.fit(&from.folder, Some((file, &analyst)), (&home, None), chart_size, &AtomicUsize::new(0))?.files;
    // Read as they will lie in the folder, before any of them does.
    let disk = Session::default();
    let on_disk = limited(&disk, max_bytes);
    let open = |path: &Path| match files.iter().find(|(name, _)| tidy(&home.join(name)) == *path) {
        Some((_, bytes)) => Ok(bytes.clone()),
        None => on_disk(path),
    };
    let mut scenario = load(&home.join(SCENARIO), settings, &open)?;
    scenario.file.clone_from(&analyst.file);
    Ok((scenario, files.into_iter().map(|(name, bytes)| (format!("{FIT}/{name}"), bytes)).collect()))
}
