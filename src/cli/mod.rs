//! The command line: the only place that knows terminal, clock, environment, disk and exit codes.

mod answering;
mod args;
mod batch;
mod check;
mod checkpoints;
mod compare;
mod completions;
mod disk;
mod exit;
mod figure;
#[cfg(feature = "history")]
mod history;
mod job;
mod keeping;
mod man;
mod merge;
mod new;
#[cfg(feature = "history")]
mod now;
mod on_alert;
mod paging;
mod progress;
mod rendered;
mod report;
mod require;
mod results;
mod run;
mod schema;
mod sensitivity;
mod shard;
mod since;
mod solve;
mod source;
mod sweep;
mod template;
#[cfg(not(feature = "history"))]
mod unavailable;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use exit::Failure;

/// Parses the arguments, does what they say, and turns the result into an exit code.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Run(run) => run::run(&run),
        Command::Merge(merge) => merge::merge(&merge),
        Command::Sweep(grid) => sweep::sweep(&grid),
        Command::Sensitivity(sensitivity) => sensitivity::run(&sensitivity),
        Command::Solve(solve) => solve::solve(&solve),
        Command::Compare(compare) => compare::compare(&compare),
        Command::Batch(batch) => batch::batch(&batch),
        Command::Report(report) => report::report(&report),
        #[cfg(feature = "history")]
        Command::History(past) => history::history(&past),
        #[cfg(feature = "history")]
        Command::Actual(given) => history::actual(&given),
        #[cfg(not(feature = "history"))]
        Command::History(_) => unavailable::refuse("revcast history"),
        #[cfg(not(feature = "history"))]
        Command::Actual(_) => unavailable::refuse("revcast actual"),
        Command::New(new) => new::new(&new.file),
        Command::Check(check) => check::check(&check),
        Command::Template(source) => template::template(&source),
        Command::Schema => schema::schema(),
        Command::Completions(completions) => completions::completions(&completions),
        Command::Man(man) => man::man(&man),
    };
    match result {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

/// Writes a result to standard output. A reader who has gone away is no failure.
fn print(text: &[u8]) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Disk { what: "write to standard output".to_owned(), error })
        }
        _ => Ok(()),
    }
}

/// Columns of the terminal; 100 where there is none.
fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0))
}
