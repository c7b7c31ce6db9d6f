//! Opening a history: only one of ours, and never a damaged or newer one, is ever written to.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::HistoryError;
use super::schema::{self, Found};

/// How long one waits for another program that writes.
const PATIENCE: Duration = Duration::from_secs(10);

/// The forecasts of past runs, in an SQLite database.
#[derive(Debug)]
pub struct History {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
}

impl History {
    /// Opens a history to write to; makes the file where there is none, in a folder that exists, and brings an older one up to date.
    ///
    /// # Errors
    /// [`HistoryError`]; a database of another program, a newer one and a damaged one are left as they are.
    pub fn open(path: &Path) -> Result<History, HistoryError> {
        let of = |error| HistoryError::of(path, &error);
        if path.exists() {
            History::unchanging(path)?.look(true)?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(of)?;
        connection.busy_timeout(PATIENCE).map_err(of)?;
        if connection.is_readonly("main").map_err(of)? {
            return Err(HistoryError::ReadOnly { path: path.to_owned(), what: "it is read-only".to_owned() });
        }
        // Readers do not wait for a writer. A disk that cannot do it keeps the journal that it has.
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).map_err(of)?;
        if mode != "wal" {
            patiently(|| connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))).map_err(of)?;
        }
        // What was committed outlasts a power cut.
        connection.pragma_update(None, "synchronous", "FULL").map_err(of)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(of)?;
        schema::migrate(&mut connection).map_err(of)?;
        let history = History { path: path.to_owned(), connection };
        history.look(false)?;
        Ok(history)
    }

    /// Opens a history to be read alone, on a read-only disk too.
    ///
    /// # Errors
    /// [`HistoryError`], where it is absent, damaged, newer, older or no history.
    pub fn read(path: &Path) -> Result<History, HistoryError> {
        let history = History::unchanging(path)?;
        history.look(false)?;
        Ok(history)
    }

    /// Opens a history to be read; one of an older program is brought up to date, where the disk allows it.
    ///
    /// # Errors
    /// [`HistoryError`], where it is absent, damaged, newer or no history.
    pub fn read_upgraded(path: &Path) -> Result<History, HistoryError> {
        match History::read(path) {
            Err(HistoryError::Older { .. }) => History::open(path),
            history => history,
        }
    }

    /// Looks at every page of the file, which takes long for a large one.
    ///
    /// # Errors
    /// [`HistoryError::Corrupt`] with the first thing that is wrong.
    pub fn check(&self) -> Result<(), HistoryError> {
        let check = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        let found = self.connection.query_row("PRAGMA integrity_check(1)", [], check).map_err(self.failed())?;
        if found == "ok" { Ok(()) } else { Err(HistoryError::Corrupt { path: self.path.clone(), what: found }) }
    }

    /// Opens it without looking at what it is, and changes nothing in it. Where the disk allows it the connection could write: only then
    /// does it leave nothing beside the file.
    fn unchanging(path: &Path) -> Result<History, HistoryError> {
        if !path.exists() {
            return Err(HistoryError::Absent { path: path.to_owned() });
        }
        let open = |path: &Path, flags: OpenFlags| -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            connection.busy_timeout(PATIENCE)?;
            connection.pragma_update(None, "query_only", true)?;
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
            Ok(connection)
        };
        let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE).or_else(|error| {
            // Readers, too, make files beside a database, which a read-only disk does not let them; what nobody can write to needs none.
            // A log that somebody left there would be passed over, though.
            let refused = matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly));
            match still(path).filter(|_| refused) {
                Some(uri) => open(&uri, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI),
                None => Err(error),
            }
        });
        let connection = connection.map_err(|error| HistoryError::of(path, &error))?;
        Ok(History { path: path.to_owned(), connection })
    }

    /// Refuses what is no history of a schema that this program reads; an `older` one and an empty database may pass.
    fn look(&self, older: bool) -> Result<(), HistoryError> {
        let (path, known) = (self.path.clone(), schema::VERSION);
        match schema::look(&self.connection).map_err(self.failed())? {
            Found::Ours(found) if found > known => Err(HistoryError::Newer { path, found, known }),
            Found::Ours(found) if found < known && !older => Err(HistoryError::Older { path, found, known }),
            Found::Ours(_) => Ok(()),
            Found::Empty if older => Ok(()),
            Found::Empty | Found::Foreign => Err(HistoryError::Foreign { path }),
        }
    }

    /// What SQLite says, of this file.
    pub(super) fn failed(&self) -> impl Fn(rusqlite::Error) -> HistoryError + use<> {
        let path = self.path.clone();
        move |error| HistoryError::of(&path, &error)
    }

    /// A value that no run has written.
    pub(super) fn misread(&self, what: &str, found: &str) -> HistoryError {
        HistoryError::Corrupt { path: self.path.clone(), what: format!("\"{found}\" is no {what}") }
    }
}

/// Does what SQLite does not wait for by itself: two who both read cannot both become the only one who writes.
fn patiently<T>(mut attempt: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    const PAUSE: Duration = Duration::from_millis(5);
    let begun = Instant::now();
    loop {
        match attempt() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && begun.elapsed() < PATIENCE => {
                std::thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
}

/// The address of a database that nobody writes to, unless a log lies beside it.
fn still(path: &Path) -> Option<PathBuf> {
    let text = path.to_str()?;
    let beside = PathBuf::from(format!("{text}-wal"));
    if beside.metadata().is_ok_and(|log| log.len() > 0) {
        return None;
    }
    // What has a meaning in an address is written as its number.
    let escaped: String = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Some(PathBuf::from(format!("file:{escaped}?immutable=1")))
}
