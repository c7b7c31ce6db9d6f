//! The tables, and how an older history becomes one of today.

use rusqlite::{Connection, TransactionBehavior};

/// Says that a database is a history of revcast: `RVCH` in the header that SQLite keeps for it.
pub(super) const APPLICATION: i32 = 0x5256_4348;
/// Each makes of the schema before it the next one; the first of an empty database. They are never changed, only added to.
const MIGRATIONS: [&str; 2] = [include_str!("1-tables.sql"), include_str!("2-views.sql")];
/// The schema that this program writes.
pub(super) const VERSION: i32 = MIGRATIONS.len() as i32;

/// What an existing database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing has been written into it.
    Empty,
    /// A history with this schema.
    Ours(i32),
    /// A database that another program wrote.
    Foreign,
}

/// Looks at a database without changing it.
pub(super) fn look(connection: &Connection) -> rusqlite::Result<Found> {
    // One statement, that another program's changes come before or after as a whole. Reading the schema also shows whether the file is a
    // database at all.
    let query = "
        SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
        FROM pragma_application_id, pragma_user_version";
    let (application, version, tables): (i32, i32, i64) =
        connection.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(match application {
        APPLICATION => Found::Ours(version),
        0 if version == 0 && tables == 0 => Found::Empty,
        _ => Found::Foreign,
    })
}

/// Brings a database of ours, or an empty one, to [`VERSION`], all at once or not at all.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another program may have done it while this one waited.
    let from = match look(&change)? {
        Found::Empty => 0,
        Found::Ours(version) if (0..VERSION).contains(&version) => version,
        _ => return Ok(()),
    };
    for migration in &MIGRATIONS[from as usize..] {
        change.execute_batch(migration)?;
    }
    change.pragma_update(None, "application_id", APPLICATION)?;
    change.pragma_update(None, "user_version", VERSION)?;
    change.commit()
}
