//! `trials.parquet`: the rows of `trials.csv` for whoever reads them by column.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::file::writer::SerializedRowGroupWriter;
use parquet::schema::types::{Type, TypePtr};

use super::ExportError;
use super::trials::{PIECE, columns as metrics};
use crate::engine::Run;
use crate::outcomes::Grid;
use crate::scenario::Metric;
use crate::shards::RowGroups;

/// Writes one row a trial × region × month, the columns those of [`super::write_trials`].
///
/// # Errors
/// [`ExportError`] when the writer fails, or the trials where they are played again for this.
pub fn write_trials_parquet(run: &Run, out: impl Write) -> Result<(), ExportError> {
    let model = &*run.model;
    let mut columns = vec![column("trial", Physical::INT64)?, column("region", Physical::BYTE_ARRAY)?];
    columns.push(column("month", Physical::BYTE_ARRAY)?);
    for metric in metrics(model) {
        columns.push(column(metric.key(), Physical::DOUBLE)?);
    }
    let properties = WriterProperties::builder()
        .set_created_by(format!("revcast {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::SNAPPY)
        .set_column_dictionary_enabled("trial".into(), false)
        .set_column_encoding("trial".into(), Encoding::DELTA_BINARY_PACKED);
    // Where there are too many values for a dictionary.
    let split = |properties: WriterPropertiesBuilder, metric: Metric| {
        properties.set_column_encoding(metric.key().into(), Encoding::BYTE_STREAM_SPLIT)
    };
    let properties = metrics(model).fold(properties, split).build();
    let mut file = RowGroups::begin("trial", columns, properties, out)?;
    let keys: Vec<ByteArray> = model.regions.iter().map(|region| ByteArray::from(region.key.as_str())).collect();
    let months = 0..model.horizon.months;
    let labels: Vec<ByteArray> =
        months.clone().map(|m| ByteArray::from(model.horizon.month(m).to_string().as_str())).collect();
    let mut before = 0;
    run.each_chunk::<ExportError>(|chunk| {
        for piece in chunk.pieces(PIECE) {
            let grids = run.execution.workers.map(keys.len(), |r| {
                metrics(model).map(|metric| Grid::new(model, &piece, metric, &[r])).collect::<Vec<Grid>>()
            });
            let trials = 0..piece.trials();
            let of_trial = keys.len() * labels.len();
            file.write(|group| {
                let number = |trial| std::iter::repeat_n((before + trial + 1) as i64, of_trial);
                put::<Int64Type>(group, trials.clone().flat_map(number).collect())?;
                let region = |_| keys.iter().flat_map(|key| std::iter::repeat_n(key.clone(), labels.len()));
                put::<ByteArrayType>(group, trials.clone().flat_map(region).collect())?;
                let month = |_| std::iter::repeat_n(&labels, keys.len()).flatten().cloned();
                put::<ByteArrayType>(group, trials.clone().flat_map(month).collect())?;
                (0..metrics(model).count()).try_for_each(|c| {
                    let mut values = Vec::with_capacity(piece.trials() * of_trial);
                    for trial in trials.clone() {
                        for grid in &grids {
                            values.extend(months.clone().map(|m| grid[c].month(m)[trial]));
                        }
                    }
                    put::<DoubleType>(group, values)
                })
            })?;
            before += piece.trials();
        }
        Ok(())
    })?;
    let (mut out, last) = file.end(&[])?;
    out.write_all(&last)?;
    Ok(out.flush()?)
}

fn column(name: &str, kind: Physical) -> Result<TypePtr, ParquetError> {
    let text = (kind == Physical::BYTE_ARRAY).then_some(LogicalType::String);
    let column = Type::primitive_type_builder(name, kind).with_repetition(Repetition::REQUIRED);
    Ok(Arc::new(column.with_logical_type(text).build()?))
}

fn put<T: DataType>(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, values: Vec<T::T>) -> Result<(), ParquetError> {
    let mut column = group.next_column()?.ok_or_else(|| ParquetError::EOF("no such column".to_owned()))?;
    column.typed::<T>().write_batch(&values, None, None)?;
    column.close()
}
