//! The program: its commands, in groups, and what becomes of what is typed.

use std::fmt::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::commands::*;
use super::question::Question;
use super::terminal::terminal_width;
use crate::report::wrap;
use crate::units::plain;

/// Monte Carlo revenue forecaster: what will we book, how sure are we, will we make the plan, what moves it?
#[derive(Debug, Parser)]
#[command(name = "revcast", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 it failed (disk); 2 bad arguments or a bad scenario; 3 done, but a --require rule does not hold, or an --alert fired; 130 stopped with Ctrl-C.";

/// The commands. What each does is said here, what it takes in a file of its own.
#[derive(Debug, Subcommand)]
enum Command {
    /// Simulate a scenario, print the answer, write forecast and charts
    #[command(after_help = EXIT_CODES)]
    Run(run::RunArgs),
    /// Make the forecast of a run from its shards, as the whole run would have
    #[command(after_help = EXIT_CODES)]
    Merge(merge::MergeArgs),
    /// Rank what drives a figure: a tornado, shares of variance, what each input is worth knowing
    #[command(after_help = EXIT_CODES)]
    Sensitivity(sensitivity::SensitivityArgs),
    /// Find what it takes: the value of an input, or a factor on several, at which a target is met with a given chance
    #[command(after_help = EXIT_CODES)]
    Solve(solve::SolveArgs),
    /// Play scenarios on the same draws: what differs, how sure that is, and which change brings how much of it
    #[command(after_help = EXIT_CODES)]
    Compare(compare::CompareArgs),
    /// Play every combination of values of some fields on the same draws: one table, and a heat map of two
    #[command(after_help = EXIT_CODES)]
    Sweep(sweep::SweepArgs),
    /// Write one page with the engine in it: move an input, and watch the range and the odds
    #[command(after_help = EXIT_CODES)]
    Tune(tune::TuneArgs),
    /// Tell what may become of each open deal and each renewal, and which deals move a target
    #[command(after_help = EXIT_CODES)]
    Pipeline(pipeline::PipelineArgs),
    /// Run every scenario of a folder, unattended: one that fails stops no other, and an interrupted night can be gone on with
    #[command(after_help = EXIT_CODES)]
    Batch(Box<batch::BatchArgs>),
    /// Write the summary, tables and charts of a forecast.json again, without playing anything
    #[command(after_help = EXIT_CODES)]
    Report(report::ReportArgs),
    /// Show how the forecast of a period moved from run to run, and how forecasts held
    #[command(after_help = EXIT_CODES)]
    History(history::HistoryArgs),
    /// Say what happened: what a period came to, for `revcast history`
    #[command(after_help = EXIT_CODES)]
    Actual(actual::ActualArgs),
    /// Write a small scenario with notes, ready to edit
    #[command(after_help = EXIT_CODES)]
    New(new::NewArgs),
    /// Make a scenario of the export of a CRM: what is open, and chances, rhythm, lead rates and sizes with how sure they are
    #[command(after_help = EXIT_CODES)]
    Fit(Box<fit::FitArgs>),
    /// Replay the past of a CRM's export: forecasts made with what was known then, held against what happened, beside methods without a model
    #[command(after_help = EXIT_CODES)]
    Backtest(Box<backtest::BacktestArgs>),
    /// Check a scenario without running it, say how it was understood, and audit the plan against itself
    #[command(after_help = EXIT_CODES)]
    Check(check::CheckArgs),
    /// Print a scenario's inputs as a sheet (CSV) to fill in and read back with --set-file, or an empty table of open deals, contracts or actuals
    #[command(after_help = EXIT_CODES)]
    Template(template::TemplateArgs),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print a script that lets a shell complete what is typed
    Completions(completions::CompletionsArgs),
    /// Print the manual page, or write the pages of all commands into a folder
    Man(man::ManArgs),
}

/// The commands in the groups that the help lists them in.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Forecast", &["new", "fit", "run", "merge", "report"]),
    ("Ask", &["sensitivity", "solve", "compare", "sweep", "tune", "pipeline"]),
    ("Check", &["check", "backtest", "history", "actual"]),
    ("Nights", &["batch"]),
    ("Files", &["template", "schema", "completions", "man"]),
];

/// Parses the arguments, does what they say, and turns the result into an exit code.
pub fn main() -> ExitCode {
    let arguments = program().try_get_matches().and_then(|found| Arguments::from_arg_matches(&found));
    let result = match arguments.unwrap_or_else(|error| refuse(error.format(&mut program()))).command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Sweep(arguments) => arguments.run(),
        Command::Tune(arguments) => tune::run(&arguments),
        Command::Pipeline(arguments) => arguments.run(),
        Command::Sensitivity(arguments) => arguments.run(),
        Command::Solve(arguments) => arguments.run(),
        Command::Compare(arguments) => arguments.run(),
        Command::Batch(arguments) => batch::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::History(arguments) => history::run(&arguments),
        Command::Actual(arguments) => actual::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Fit(arguments) => fit::run(&arguments),
        Command::Backtest(arguments) => arguments.run(),
        Command::Check(arguments) => check::run(&arguments),
        Command::Template(arguments) => template::run(&arguments),
        Command::Schema => schema::run(),
        Command::Completions(arguments) => completions::run(&arguments, program()),
        Command::Man(arguments) => man::run(&arguments, program()),
    };
    result.unwrap_or_else(|failure| failure.report())
}

/// Ends the program with what is wrong with its arguments, or with the help that was asked for. What was typed may have come from the
/// name of a file.
fn refuse(error: clap::Error) -> ! {
    let text = error.render().to_string();
    let safe: Vec<String> = text.split('\n').map(plain).collect();
    let safe = safe.join("\n");
    if safe == text {
        error.exit()
    }
    eprint!("{safe}");
    std::process::exit(error.exit_code())
}

/// The program as its help knows it.
fn program() -> clap::Command {
    let program = Arguments::command();
    let template = help_template(&program, terminal_width().clamp(60, 100));
    program.help_template(template)
}

/// The form of the program's help, with its commands in groups and no line wider than `width`.
fn help_template(program: &clap::Command, width: usize) -> String {
    let heading = program.get_styles().get_header();
    let name = program.get_styles().get_literal();
    let mut commands = String::new();
    for (group, names) in GROUPS {
        let _ = writeln!(commands, "{heading}{group}:{heading:#}");
        for command in names.iter().filter_map(|name| program.find_subcommand(name)) {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            let about = wrap(&format!("{:16}{about}", ""), width, &" ".repeat(16));
            let _ = writeln!(commands, "  {name}{:12}{name:#}  {}", command.get_name(), about.trim_start());
        }
        commands.push('\n');
    }
    format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{commands}{heading}Options:{heading:#}\n{{options}}\n\n`revcast <COMMAND> --help` says what a command takes.{{after-help}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_one_group() {
        let program = Arguments::command();
        let mut commands: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        commands.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(grouped, commands);
    }
}
