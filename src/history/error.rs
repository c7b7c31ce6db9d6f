//! Why a history could not be read or written.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why a history could not be read or written. Nothing was changed in it.
#[derive(Debug, Error)]
pub enum HistoryError {
    /// There is no such file at the path.
    #[error("there is no history at {}", path.display())]
    Absent {
        /// The path that was looked at.
        path: PathBuf,
    },
    /// The file is a database of another program.
    #[error("{} is a database, but no history of revcast", path.display())]
    Foreign {
        /// The path of the file.
        path: PathBuf,
    },
    /// The file was written by a newer program.
    #[error("{} was written by a newer revcast: its schema is {found}, and this program knows schemas up to {known}", path.display())]
    Newer {
        /// The path of the file.
        path: PathBuf,
        /// The number of the schema that the file has.
        found: i32,
        /// The newest schema that this program knows.
        known: i32,
    },
    /// The file was written by an older program and cannot be brought up to date, since it is only read.
    #[error("{} was written by an older revcast: its schema is {found}, and {known} is needed", path.display())]
    Older {
        /// The path of the file.
        path: PathBuf,
        /// The number of the schema that the file has.
        found: i32,
        /// The schema of this program.
        known: i32,
    },
    /// The file is no database, or damaged.
    #[error("{} is damaged or no SQLite database: {what}", path.display())]
    Corrupt {
        /// The path of the file.
        path: PathBuf,
        /// What SQLite, or the reader of a value, says.
        what: String,
    },
    /// Another program has been writing to it for longer than one waits.
    #[error("{} is in use by another program", path.display())]
    Busy {
        /// The path of the file.
        path: PathBuf,
    },
    /// It may not be written to.
    #[error("{} cannot be written to: {what}", path.display())]
    ReadOnly {
        /// The path of the file.
        path: PathBuf,
        /// The message of SQLite.
        what: String,
    },
    /// The disk failed, or is full.
    #[error("{}: {what}", path.display())]
    Disk {
        /// The path of the file.
        path: PathBuf,
        /// The message of SQLite.
        what: String,
    },
}

impl HistoryError {
    /// What SQLite says of a file.
    pub(super) fn of(path: &Path, error: &rusqlite::Error) -> HistoryError {
        let path = path.to_owned();
        let what = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => HistoryError::Corrupt { path, what },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HistoryError::Busy { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => HistoryError::ReadOnly { path, what },
            Some(_) => HistoryError::Disk { path, what },
            // A value of another type than the schema has.
            None => HistoryError::Corrupt { path, what },
        }
    }

    /// What can be done about it.
    pub fn hint(&self) -> &'static str {
        match self {
            HistoryError::Absent { .. } => {
                "`revcast run` keeps one beside the folders of its runs, output/history.sqlite, and another one with --history FILE"
            }
            HistoryError::Foreign { .. } => "name another file with --history; it was not touched",
            HistoryError::Newer { .. } => {
                "use the newer revcast, or name another file with --history; it was not touched"
            }
            HistoryError::Older { .. } => "make it writable for a moment: the next `revcast run` brings it up to date",
            HistoryError::Corrupt { .. } => {
                "put back a copy, or move it away and begin a new one; `sqlite3 FILE .recover` may save what is in it. It was not touched"
            }
            HistoryError::Busy { .. } => "try again when the other program has ended",
            HistoryError::ReadOnly { .. } => "make it writable, or name another file with --history",
            HistoryError::Disk { .. } => "see what is wrong with that disk, or name another file with --history",
        }
    }
}
