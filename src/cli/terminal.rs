//! The terminal: its width, and what a command prints on it.

use std::io::Write;

use super::exit::Failure;

/// Writes a result to standard output. A reader who has gone away is no failure.
pub(super) fn print(text: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Ended {
            what: format!("cannot write to standard output: {error}"),
            hint: "free some space where it is written to, or send it elsewhere",
        }),
        _ => Ok(()),
    }
}

/// The columns of the terminal; 100 where there is none.
pub(super) fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0))
}
