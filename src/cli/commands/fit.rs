//! `revcast fit`: from the export of a CRM to a scenario.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;

use crate::charts::Size;
use crate::cli::disk;
use crate::cli::exit::Failure;
use crate::cli::fitting::{Fitted, FittingArgs, SCENARIO};
use crate::cli::limits::MAX_BYTES;
use crate::cli::options::chart_size;
use crate::cli::output_folder::{default_folder, files_line};
use crate::cli::progress::{Counted, stoppable};
use crate::cli::scenario_source::{limited, quoted, series};
use crate::cli::session::Session;
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
    let (quiet, out) = (arguments.quiet, arguments.out());
    disk::check_fit(&out)?;
    let done = AtomicUsize::new(0);
    let counting = Counted { of: FittingArgs::STEPS, what: "steps", done: &|| done.load(Ordering::Relaxed) };
    let fitted = Session::default().counted(&counting, quiet, || arguments.fit(&out, &done))?;
    fitted.write(&out, &stoppable())?;
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

impl FitArgs {
    /// The folder for the results.
    pub(in crate::cli) fn out(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| self.of_export("-fit"))
    }

    /// A folder named after the export.
    fn of_export(&self, ending: &str) -> PathBuf {
        default_folder(&series(&self.fitting.export.export), ending)
    }

    /// Fits the export, for a folder at `out`, and counts the steps that are done.
    pub(in crate::cli) fn fit(&self, out: &Path, done: &AtomicUsize) -> Result<Fitted, Failure> {
        let disk = Session::default();
        let analyst = self.onto.as_ref().map(|file| load(file, &[], &limited(&disk, MAX_BYTES))).transpose()?;
        let onto = self.onto.as_deref().zip(analyst.as_ref());
        self.fitting.fit("".as_ref(), onto, (out, Some(&self.of_export("-backtest"))), self.chart_size, done)
    }
}
