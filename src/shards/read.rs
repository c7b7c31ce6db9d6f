//! Reading a shard, of which nothing is believed before its seal holds.

use std::io;

use parquet::basic::Type;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use serde_json::Value;

use super::columns::names;
use super::fault::{damaged, not_a_shard};
use super::manifest::{KEY, ShardManifest};
use super::seal;
use super::write::chunk;
use crate::model::Model;
use crate::scenario::Fault;
use crate::tables::guarded;

/// What a sealed shard holds, before that is held against the run.
#[derive(Debug)]
pub(super) struct Found {
    /// What it says of itself.
    pub(super) about: ShardManifest,
    /// The names of its columns.
    pub(super) names: Vec<String>,
    /// How many trials each of its row groups has.
    pub(super) rows: Vec<usize>,
}

/// Why a shard is not read.
#[derive(Debug)]
pub(super) enum Unread {
    /// The file could not be read.
    Disk(io::Error),
    /// It is no shard of this program, or no longer as it was written.
    Fault(Fault),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Unread {
        Unread::Disk(error)
    }
}

impl Found {
    /// Whether it holds every trial of its portion of a model's run: all columns, in groups that memory is meant for.
    pub(super) fn is_whole(&self, model: &Model, names: &[String]) -> bool {
        let portion = self.about.portion;
        let sound = (1..=portion.of).contains(&portion.number);
        let most = chunk(model);
        let trials = self.rows.iter().try_fold(0usize, |sum, rows| sum.checked_add(*rows));
        sound
            && trials == Some(portion.range(model.trials).len())
            && self.rows.iter().all(|rows| (1..=most).contains(rows))
            && self.names == names
    }
}

/// Whether a file is the very shard of a model's run that `about` would be written as.
///
/// # Errors
/// Of the disk.
pub fn is_written(file: impl ChunkReader + 'static, about: &ShardManifest, model: &Model) -> io::Result<bool> {
    match examine("", file) {
        Ok(found) => {
            let same = serde_json::to_value(&found.about).ok() == serde_json::to_value(about).ok();
            Ok(same && found.is_whole(model, &names(model)))
        }
        Err(Unread::Disk(error)) => Err(error),
        Err(Unread::Fault(_)) => Ok(false),
    }
}

/// What is in a file.
pub(super) fn examine(name: &str, file: impl ChunkReader + 'static) -> Result<Found, Unread> {
    if !seal::holds(&file)? {
        return Err(Unread::Fault(damaged(name)));
    }
    let unreadable = || not_a_shard(name, "a sealed file whose columns cannot be read");
    let end = file.len();
    let reader = guarded(|| SerializedFileReader::new(file)).map_err(|_| Unread::Fault(unreadable()))?;
    if !lies_within(reader.metadata(), end) {
        return Err(Unread::Fault(unreadable()));
    }
    found(name, reader.metadata()).map_err(Unread::Fault)
}

/// Whether every column of every row group is one of numbers and lies in the file.
fn lies_within(metadata: &ParquetMetaData, end: u64) -> bool {
    let columns = metadata.file_metadata().schema_descr().num_columns();
    metadata.row_groups().iter().all(|group| {
        let sound = |column: &ColumnChunkMetaData| {
            let range = u64::try_from(column.data_page_offset()).ok().zip(u64::try_from(column.compressed_size()).ok());
            column.column_type() == Type::DOUBLE
                && column.dictionary_page_offset().is_none()
                && column.num_values() == group.num_rows()
                && range.and_then(|(from, size)| from.checked_add(size)).is_some_and(|to| to <= end)
        };
        group.columns().len() == columns && group.columns().iter().all(sound)
    })
}

fn found(name: &str, metadata: &ParquetMetaData) -> Result<Found, Fault> {
    let said = metadata.file_metadata().key_value_metadata().into_iter().flatten();
    let said = said.filter(|pair| pair.key == KEY).find_map(|pair| pair.value.as_deref());
    let said = said.ok_or_else(|| not_a_shard(name, "a Parquet file that does not say what run it is of"))?;
    let tree: Value = serde_json::from_str(said).unwrap_or_default();
    let own = env!("CARGO_PKG_VERSION");
    if let Some(version) = tree["manifest"]["version"].as_str().filter(|version| *version != own) {
        return Err(Fault {
            file: name.to_owned(),
            path: "version".to_owned(),
            found: format!("a shard of revcast {version}"),
            allowed: format!("shards of this program, revcast {own}: another version may draw other futures"),
            hint: "merge with the version that played them, or play them again with this one".to_owned(),
        });
    }
    let about: ShardManifest = serde_json::from_value(tree)
        .map_err(|error| not_a_shard(name, &format!("a shard that does not say what run it is of: {error}")))?;
    let schema = metadata.file_metadata().schema_descr();
    let rows = metadata.row_groups().iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(0));
    Ok(Found {
        about,
        names: schema.columns().iter().map(|column| column.name().to_owned()).collect(),
        rows: rows.collect(),
    })
}
