//! `fit.draws.parquet`: joint draws of quantities, a column each, called by its path.

use parquet::basic::{Compression, Encoding, Repetition, Type as Physical};
use parquet::data_type::DoubleType;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::Type;

use super::ExportError;
use crate::fit::Draws;
use crate::shards::RowGroups;

/// The bytes of a file of draws, in one row group.
///
/// # Errors
/// [`ExportError::Parquet`] when the writer fails.
pub fn draws_parquet(draws: &Draws) -> Result<Vec<u8>, ExportError> {
    let column = |(path, _): &(String, Vec<f64>)| {
        let column = Type::primitive_type_builder(path, Physical::DOUBLE).with_repetition(Repetition::REQUIRED);
        column.build().map(Into::into)
    };
    let columns = draws.columns.iter().map(column).collect::<Result<Vec<_>, _>>()?;
    let properties = WriterProperties::builder()
        .set_created_by(format!("revcast {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::BYTE_STREAM_SPLIT)
        .build();
    let mut file = RowGroups::begin("draw", columns, properties, Vec::new())?;
    file.write(|group| {
        draws.columns.iter().try_for_each(|(_, values)| {
            let Some(mut column) = group.next_column()? else { return Ok(()) };
            column.typed::<DoubleType>().write_batch(values, None, None)?;
            column.close()
        })
    })?;
    let (mut out, last) = file.end(&[])?;
    out.extend(last);
    Ok(out)
}
