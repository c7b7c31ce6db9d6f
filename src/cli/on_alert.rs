//! `--on-alert PROGRAM`: tells a program of every alert.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::exit::Failure;
use crate::batch::Fired;

/// A program that takes longer is ended: a night must not wait for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The line of JSON that the program reads.
#[derive(Serialize)]
struct AlertMessage<'a> {
    scenario: &'a str,
    folder: &'a Path,
    rule: &'a str,
    message: &'a str,
}

/// Starts `program` for an alert of a scenario whose files lie in `folder`, with the arguments SCENARIO RULE MESSAGE FOLDER and the
/// same as JSON on its standard input; no shell sees them. Waits until it ends.
pub(super) fn deliver(program: &Path, scenario: &str, folder: &Path, alert: &Fired) -> Result<(), Failure> {
    let what = || format!("deliver an alert of {scenario} with {}", program.display());
    let undelivered = |error: std::io::Error| Failure::Ended {
        what: format!("cannot {}: {error}", what()),
        hint: "the results are in place; run the program by hand to see what is wrong with it",
    };
    let mut command = Command::new(findable(program));
    command.args([scenario, &alert.rule, &alert.message]).arg(folder).stdin(Stdio::piped()).stdout(Stdio::null());
    // A group of its own, so that what it started ends with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(undelivered)?;
    if let Some(mut input) = child.stdin.take() {
        let Fired { rule, message } = alert;
        let json = serde_json::to_vec(&AlertMessage { scenario, folder, rule, message }).unwrap_or_default();
        // A program that reads its arguments alone may have closed it.
        let _ = input.write_all(&json).and_then(|()| input.write_all(b"\n"));
    }
    let status = ended(&mut child).map_err(undelivered)?;
    if status.success() {
        return Ok(());
    }
    Err(undelivered(std::io::Error::other(format!("it ended with {status}"))))
}

/// A program of the folder that the command was started in, where it is there; else one that the system looks for.
fn findable(program: &Path) -> PathBuf {
    if program.is_file() { Path::new(".").join(program) } else { program.to_owned() }
}

fn ended(child: &mut Child) -> std::io::Result<ExitStatus> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if begun.elapsed() > PATIENCE {
            #[cfg(unix)]
            let _ = rustix::process::kill_process_group(
                rustix::process::Pid::from_child(child),
                rustix::process::Signal::KILL,
            );
            child.kill()?;
            child.wait()?;
            return Err(std::io::Error::other("it had not ended after a minute, and was stopped"));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
