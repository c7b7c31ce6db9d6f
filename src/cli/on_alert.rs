//! `--on-alert PROGRAM`: tells a program of every alert.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::exit::{Doing, Failure};
use crate::batch::Fired;

/// A program that takes longer is ended: a night must not wait for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the program reads.
#[derive(Serialize)]
struct Told<'a> {
    scenario: &'a str,
    folder: &'a Path,
    #[serde(flatten)]
    alert: &'a Fired,
}

/// Starts `program` for an alert of a scenario whose files lie in `folder`, with the arguments SCENARIO RULE MESSAGE FOLDER and the
/// same as JSON on its standard input; no shell sees them. Waits until it ends.
pub(super) fn deliver(program: &Path, scenario: &str, folder: &Path, alert: &Fired) -> Result<(), Failure> {
    let what = || format!("deliver an alert of {scenario} with {}", program.display());
    let mut child = Command::new(findable(program))
        .args([scenario, &alert.rule, &alert.message])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .doing(what)?;
    if let Some(mut input) = child.stdin.take() {
        let json = serde_json::to_vec(&Told { scenario, folder, alert }).unwrap_or_default();
        // A program that reads its arguments alone may have closed it.
        let _ = input.write_all(&json).and_then(|()| input.write_all(b"\n"));
    }
    let status = ended(&mut child).doing(what)?;
    if status.success() {
        return Ok(());
    }
    Err(std::io::Error::other(format!("it ended with {status}"))).doing(what)
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
            child.kill()?;
            child.wait()?;
            return Err(std::io::Error::other("it had not ended after a minute, and was stopped"));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
