//! Shards that make one run.

use std::fmt::{self, Debug};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::DoubleType;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, RowGroupReader, SerializedFileReader};

use super::columns;
use super::coverage::{Piece, uncovered};
use super::fault::{fault, not_a_shard};
use super::manifest::ShardManifest;
use super::read::{Found, Unread, examine};
use super::shared_file::SharedFile;
use crate::engine::{Resampling, RunError, Stored, Workers};
use crate::forecast::{Precision, passes};
use crate::model::{Model, resolve, scenario_hash};
use crate::outcomes::{Block, Outcomes};
use crate::scenario::{Fault, Faults, Scenario};
use crate::tables::guarded;

/// Opens one of the files.
pub type Open<R> = Arc<dyn Fn(usize) -> io::Result<R> + Send + Sync>;

/// Trials of a block: as many as are summarised together.
const BLOCK: usize = 2_048;

/// All trials of a run, in files.
pub struct Merged<R: ChunkReader + 'static> {
    /// The scenario that was played.
    pub scenario: Scenario,
    /// The model that the scenario means.
    pub model: Arc<Model>,
    /// The series that the run belongs to.
    pub series: String,
    /// Whether it is a what-if, which is apart from the record.
    pub what_if: bool,
    /// The precision that its number of futures was found for, if one was asked for.
    pub precision: Option<Precision>,
    open: Open<R>,
    /// In the order of their trials.
    shards: Vec<Shard>,
    /// The file that was read last, since the next piece is often in the same.
    last: Mutex<Option<(usize, SerializedFileReader<SharedFile<R>>)>>,
}

/// A file of the run.
#[derive(Debug)]
struct Shard {
    piece: Piece,
    /// Which of the files it is.
    file: usize,
    /// How many trials each of its row groups has.
    rows: Vec<usize>,
}

/// Why shards do not make a run.
#[derive(Debug)]
pub enum MergeError {
    /// Faults of the files.
    Faults(Faults),
    /// The disk failed while this file was read.
    Disk(String, io::Error),
}

impl<R: ChunkReader + 'static> Debug for Merged<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merged").field("series", &self.series).field("shards", &self.shards).finish_non_exhaustive()
    }
}

/// The run that shards are held against: that of the first of them.
struct Reference {
    name: String,
    about: ShardManifest,
    scenario: Scenario,
    model: Model,
    names: Vec<String>,
}

impl<R: ChunkReader + 'static> Merged<R> {
    /// Checks that the files, here by their names, are all trials of one run, whatever their order: every byte of them is read for it.
    ///
    /// # Errors
    /// [`MergeError`] with all that is wrong: files that are no shards or not as they were written; shards of other versions, scenarios or
    /// seeds; trials that several shards hold, or none.
    pub fn of(files: &[String], open: Open<R>) -> Result<Merged<R>, MergeError> {
        let mut reference: Option<Reference> = None;
        let (mut shards, mut faults) = (Vec::new(), Vec::new());
        for (i, name) in files.iter().enumerate() {
            let disk = |error| MergeError::Disk(name.clone(), error);
            let found = match examine(name, open(i).map_err(disk)?) {
                Ok(found) => found,
                Err(Unread::Disk(error)) => return Err(disk(error)),
                Err(Unread::Fault(fault)) => {
                    faults.push(fault);
                    continue;
                }
            };
            let against = match &reference {
                Some(reference) => reference,
                None => match Reference::of(name, &found) {
                    Ok(made) => reference.insert(made),
                    Err(fault) => {
                        faults.push(fault);
                        continue;
                    }
                },
            };
            match against.shard(name, i, found) {
                Ok(shard) => shards.push(shard),
                Err(fault) => faults.push(fault),
            }
        }
        shards.sort_by(|a, b| a.piece.cmp(&b.piece));
        match reference.filter(|_| faults.is_empty()) {
            None => Err(MergeError::Faults(Faults::Fields(faults))),
            Some(reference) => {
                faults = uncovered(shards.iter().map(|shard| &shard.piece), reference.model.trials, "trials");
                if !faults.is_empty() {
                    return Err(MergeError::Faults(Faults::Fields(faults)));
                }
                let Reference { about, mut scenario, model, .. } = reference;
                scenario.file = about.file;
                Ok(Merged {
                    scenario,
                    model: Arc::new(model),
                    series: about.series,
                    what_if: about.what_if,
                    precision: about.precision,
                    open,
                    shards,
                    last: Mutex::default(),
                })
            }
        }
    }

    /// Has `see` read one of the row groups of a shard.
    fn group<T>(
        &self,
        (shard, group): (usize, usize),
        see: impl FnOnce(&dyn RowGroupReader) -> Result<T, ParquetError>,
    ) -> Result<T, RunError> {
        let Shard { piece: Piece { name, .. }, file, .. } = &self.shards[shard];
        let unreadable = |why: String| RunError::Unreadable { file: name.clone(), why };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_none_or(|(known, _)| *known != shard) {
            let file = (self.open)(*file).map_err(|error| unreadable(error.to_string()))?;
            let reader = guarded(|| SerializedFileReader::new(SharedFile::new(file)))
                .map_err(|error| unreadable(error.to_string()))?;
            *last = Some((shard, reader));
        }
        let read = || {
            let (_, reader) = last.as_ref().ok_or_else(|| general("it was closed"))?;
            see(&*reader.get_row_group(group)?)
        };
        guarded(read).map_err(|error| unreadable(error.to_string()))
    }

    /// The shard and row group of a piece.
    fn place(&self, piece: usize) -> (usize, usize) {
        let mut left = piece;
        for (s, shard) in self.shards.iter().enumerate() {
            if left < shard.rows.len() {
                return (s, left);
            }
            left -= shard.rows.len();
        }
        (self.shards.len(), 0)
    }
}

impl<R: ChunkReader + 'static> Stored for Merged<R> {
    fn pieces(&self) -> usize {
        self.shards.iter().map(|shard| shard.rows.len()).sum()
    }

    fn piece(&self, i: usize, workers: &Workers) -> Result<Outcomes, RunError> {
        let layout = columns::layout(&self.model);
        let (shard, group) = self.place(i);
        let trials = self.shards[shard].rows[group];
        let columns = self.group((shard, group), |reader| {
            let read = workers.map(layout.columns(), |column| {
                let mut values = Vec::with_capacity(trials);
                append(reader, column, trials, &mut values).map(|()| values)
            });
            read.into_iter().collect::<Result<Vec<Vec<f64>>, ParquetError>>()
        })?;
        let firsts: Vec<usize> = (0..trials).step_by(BLOCK).collect();
        let blocks = workers.map(firsts.len(), |i| {
            let block = firsts[i]..trials.min(firsts[i] + BLOCK);
            let parts: Vec<&[f64]> = columns.iter().map(|values| &values[block.clone()]).collect();
            Block { trials: block.len(), values: parts.concat() }
        });
        Ok(Outcomes::new(layout, blocks))
    }

    fn resampled(&self, resampling: Resampling) -> Result<Vec<f64>, RunError> {
        let engine = columns::layout(&self.model).columns();
        let mut values = Vec::with_capacity(self.model.trials);
        let at = passes(&self.model).iter().position(|known| *known == resampling);
        for (s, shard) in self.shards.iter().enumerate() {
            for (group, trials) in shard.rows.iter().enumerate() {
                self.group((s, group), |reader| {
                    let column = engine + at.ok_or_else(|| general("it holds no such pass"))?;
                    append(reader, column, *trials, &mut values)
                })?;
            }
        }
        Ok(values)
    }
}

/// Puts a column after `values`.
fn append(
    reader: &dyn RowGroupReader,
    column: usize,
    trials: usize,
    values: &mut Vec<f64>,
) -> Result<(), ParquetError> {
    let mut column = get_typed_column_reader::<DoubleType>(reader.get_column_reader(column)?);
    let wanted = values.len() + trials;
    while values.len() < wanted {
        let (read, ..) = column.read_records(wanted - values.len(), None, None, values)?;
        if read == 0 {
            return Err(general("a column ends early"));
        }
    }
    Ok(())
}

fn general(why: &str) -> ParquetError {
    ParquetError::General(why.to_owned())
}

impl Reference {
    fn of(name: &str, found: &Found) -> Result<Reference, Fault> {
        let manifest = &found.about.manifest;
        let unlike = |why: &str| not_a_shard(name, why);
        let scenario = manifest
            .scenario()
            .map_err(|faults| unlike(&format!("a shard of a scenario that is not understood: {faults}")))?;
        let model =
            resolve(&scenario).map_err(|faults| unlike(&format!("a shard of a scenario without sense: {faults}")))?;
        let played = (scenario_hash(&scenario), model.seed, model.trials);
        if played != (manifest.scenario_hash.clone(), manifest.seed, manifest.trials) {
            return Err(unlike("a shard that contradicts itself about what was played"));
        }
        let names = columns::names(&model);
        Ok(Reference { name: name.to_owned(), about: found.about.clone(), scenario, model, names })
    }

    /// A file as a shard of this run.
    fn shard(&self, name: &str, file: usize, found: Found) -> Result<Shard, Fault> {
        let (own, other) = (&self.about.manifest, &found.about.manifest);
        let differs = |path: &str, found: String, own: String| {
            let allowed = format!("{own}, as in {}", self.name);
            Err(fault(
                name,
                path,
                found,
                &allowed,
                "merge only shards of one run: of one scenario with the same settings",
            ))
        };
        if own.scenario_hash != other.scenario_hash {
            return differs(
                "scenario",
                format!("the scenario {:.12}…", other.scenario_hash),
                format!("the scenario {:.12}…", own.scenario_hash),
            );
        }
        if own.seed != other.seed {
            return differs("seed", other.seed.to_string(), own.seed.to_string());
        }
        if own.trials != other.trials {
            return differs("trials", format!("a run of {} futures", other.trials), format!("one of {}", own.trials));
        }
        if own.scenario != other.scenario {
            let (found, own) = ("other words for the same scenario", "the same names and notes");
            return differs("scenario", found.to_owned(), own.to_owned());
        }
        if self.about.series != found.about.series {
            return differs("scenario", format!("the file {}", found.about.series), self.about.series.clone());
        }
        if self.about.precision != found.about.precision {
            let told = |precision: Option<Precision>| match precision {
                Some(precision) => {
                    format!("--precision {}%, at most {} futures", 100.0 * precision.wanted, precision.most)
                }
                None => "no --precision".to_owned(),
            };
            return differs("precision", told(found.about.precision), told(self.about.precision));
        }
        if !found.is_whole(&self.model, &self.names) {
            return Err(not_a_shard(name, "a shard that does not hold what it says it holds"));
        }
        Ok(Shard { piece: Piece::new(name, found.about.portion, own.trials), file, rows: found.rows })
    }
}
