//! Writes the trials of one part of a run to a shard.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, Repetition, Type as Physical};
use parquet::data_type::DoubleType;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::{Type, TypePtr};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::manifest::{KEY, ShardManifest};
use super::row_groups::RowGroups;
use super::{columns, seal};
use crate::engine::{Execution, RunError, each_chunk, trials_of};
use crate::forecast::{main_figure_resampled, passes};
use crate::model::Model;
use crate::outcomes::Outcomes;

/// Why a shard was not written.
#[derive(Debug, Error)]
pub enum ShardError {
    /// The trials ended early.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Where they are written to failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The trials could not be put into columns.
    #[error(transparent)]
    Columns(#[from] ParquetError),
    /// What the shard says of itself could not be written down.
    #[error(transparent)]
    About(#[from] serde_json::Error),
}

/// How many times the trials of a portion are played: for the main figure's passes, and for themselves.
pub fn times_played(model: &Model) -> usize {
    1 + passes(model).len()
}

/// Plays the trials of a portion of a model's run and writes them to `out`, chunk after chunk: a few of them are in memory at once.
///
/// # Errors
/// [`ShardError`] when growth runs away in a trial, when `monitor` was asked to stop, or when `out` fails.
pub fn write(model: &Model, about: &ShardManifest, execution: &Execution, out: impl Write) -> Result<(), ShardError> {
    let trials = about.portion.range(model.trials);
    let again = main_figure_resampled(model, trials.clone(), execution)?;
    let mut shard = Shard::begin(model, about, out)?;
    let mut written = 0;
    each_chunk::<ShardError>(model, trials, chunk(model), execution, |chunk| {
        let rows = written..written + chunk.trials();
        written = rows.end;
        shard.write(chunk, again.iter().map(|pass| &pass[rows.clone()]))
    })?;
    shard.finish()
}

/// Bytes of outcomes that lie together in a shard: each row group has an entry of some hundred bytes for every column in the footer, which whoever
/// reads the file holds in memory.
const GROUP: f64 = 64.0 * 1024.0 * 1024.0;

/// How many trials lie together in a shard of a model.
pub(super) fn chunk(model: &Model) -> usize {
    trials_of(model, GROUP)
}

/// A shard being written.
struct Shard<W>(RowGroups<Hashed<W>>);

/// What passes through it goes to `out`, and into a checksum.
struct Hashed<W> {
    hash: Sha256,
    out: W,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> Shard<W> {
    fn begin(model: &Model, about: &ShardManifest, out: W) -> Result<Shard<W>, ShardError> {
        let column = |name: String| -> Result<TypePtr, ParquetError> {
            let column = Type::primitive_type_builder(&name, Physical::DOUBLE);
            Ok(Arc::new(column.with_repetition(Repetition::REQUIRED).build()?))
        };
        let columns = columns::names(model).into_iter().map(column).collect::<Result<_, _>>()?;
        let properties = WriterProperties::builder()
            .set_created_by(format!("revcast {}", about.manifest.version))
            .set_key_value_metadata(Some(vec![KeyValue::new(KEY.to_owned(), serde_json::to_string(about)?)]))
            // The bytes of numbers by their place: measured at 0.55 of what they are, and read at 1.8 GB/s.
            .set_encoding(Encoding::BYTE_STREAM_SPLIT)
            .set_compression(Compression::SNAPPY)
            .set_dictionary_enabled(false)
            // Nothing comes between the last row group and the footer but the seal.
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true)
            .build();
        let out = Hashed { hash: Sha256::new(), out };
        Ok(Shard(RowGroups::begin("trial", columns, properties, out)?))
    }

    fn write<'a>(&mut self, outcomes: &Outcomes, mut again: impl Iterator<Item = &'a [f64]>) -> Result<(), ShardError> {
        Ok(self.0.write(|group| {
            let mut put = |values: &[f64]| -> Result<(), ParquetError> {
                let mut column = group.next_column()?.ok_or_else(|| ParquetError::EOF("no such column".to_owned()))?;
                column.typed::<DoubleType>().write_batch(values, None, None)?;
                column.close()
            };
            (0..outcomes.layout().columns()).try_for_each(|column| put(&outcomes.column(column)))?;
            again.try_for_each(put)
        })?)
    }

    fn finish(self) -> Result<(), ShardError> {
        let (Hashed { mut hash, mut out }, last) = self.0.end(&[0; seal::SIZE])?;
        let footer = &last[seal::SIZE..];
        hash.update(footer);
        out.write_all(&hash.finalize())?;
        out.write_all(footer)?;
        Ok(out.flush()?)
    }
}
