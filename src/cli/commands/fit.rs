//! `revcast fit`: from the export of a CRM to a scenario.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;

use crate::charts::Size;
use crate::cli::disk::{self, Folder};
use crate::cli::exit::Failure;
use crate::cli::fitting::{FittingArgs, SCENARIO};
use crate::cli::limits::MAX_BYTES;
use crate::cli::options::chart_size;
use crate::cli::output_folder::{default_folder, files_line};
use crate::cli::progress::{Counted, counted, stoppable};
use crate::cli::scenario_source::{limited, quoted, series};
use crate::cli::terminal::{print, terminal_width};
use crate::scenario::load;
use crate::units::plain;
use crate::{findings, report};

/// The arguments of `revcast fit`.
#[derive(Debug, Args)]
pub(in crate::cli) struct FitArgs {
    #[command(flatten)]
    fitting: FittingArgs,
    /// Put what is fitted onto a scenario, and keep the rest of it; that file is not changed
    #[arg(long, value_name = "SCENARIO")]
    onto: Option<PathBuf>,
    /// The folder for the scenario and its tables, and for nothing else [default: one below output/, named after the export]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How large the charts are: for a slide, for a page, or as previews
    #[arg(long, value_name = "SIZE", default_value = "slide", value_parser = chart_size())]
    chart_size: Size,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

pub(in crate::cli) fn run(arguments: &FitArgs) -> Result<ExitCode, Failure> {
    let FitArgs { fitting, onto, quiet, .. } = arguments;
    let of_export = |ending| default_folder(&series(&fitting.export.export), ending);
    let out = arguments.out.clone().unwrap_or_else(|| of_export("-fit"));
    let tested = of_export("-backtest");
    disk::check_fit(&out)?;
    let analyst = onto.as_ref().map(|file| load(file, &[], &limited(MAX_BYTES))).transpose()?;
    let done = AtomicUsize::new(0);
    let counting = Counted { of: FittingArgs::STEPS, what: "steps", done: &|| done.load(Ordering::Relaxed) };
    let onto = onto.as_deref().zip(analyst.as_ref());
    let fitted = counted(&counting, *quiet, || {
        fitting.fit("".as_ref(), onto, (&out, Some(&tested)), arguments.chart_size, &done)
    })?;
    let monitor = stoppable();
    let mut folder = Folder::begin(&out, &monitor)?;
    for (name, bytes) in &fitted.files {
        folder.put(name, bytes)?;
    }
    folder.finish()?;
    if !quiet {
        let scenario = quoted(&plain(&out.join(SCENARIO).display().to_string()));
        let text = report::terminal(&findings::fit(&fitted.document.body, &fitted.currency), terminal_width())
            + "\n"
            + &files_line(&fitted.document.header.manifest.files, &out)
            + &format!(
                "See how it is understood, then play it:\n  revcast check {scenario}\n  revcast run {scenario}\n"
            );
        print(text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}
