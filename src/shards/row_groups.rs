//! A Parquet file that is written a row group at a time.

use std::io::Write;
use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

/// A file being written. A row group is put together in memory and goes from there to `out`.
pub(crate) struct RowGroups<W> {
    file: SerializedFileWriter<Vec<u8>>,
    out: W,
}

impl<W: Write> RowGroups<W> {
    /// Begins a file with these columns.
    pub(crate) fn begin(
        name: &str,
        columns: Vec<TypePtr>,
        properties: WriterProperties,
        out: W,
    ) -> Result<RowGroups<W>, ParquetError> {
        let schema = Type::group_type_builder(name).with_fields(columns).build()?;
        Ok(RowGroups { file: SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?, out })
    }

    /// Writes a row group, whose columns `fill` writes.
    pub(crate) fn write(
        &mut self,
        fill: impl FnOnce(&mut SerializedRowGroupWriter<'_, Vec<u8>>) -> Result<(), ParquetError>,
    ) -> Result<(), ParquetError> {
        let mut group = self.file.next_row_group()?;
        fill(&mut group)?;
        group.close()?;
        self.pass_on()
    }

    /// Ends the file with `extra` bytes between its last row group and its footer. Both are still to be written, and are returned.
    pub(crate) fn end(mut self, extra: &[u8]) -> Result<(W, Vec<u8>), ParquetError> {
        self.pass_on()?;
        self.file.write_all(extra)?;
        Ok((self.out, self.file.into_inner()?))
    }

    fn pass_on(&mut self) -> Result<(), ParquetError> {
        self.file.flush()?;
        let bytes = std::mem::take(self.file.inner_mut());
        Ok(self.out.write_all(&bytes)?)
    }
}
