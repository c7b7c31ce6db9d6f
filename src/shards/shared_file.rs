//! A file that several threads read at once.

use std::io::{self, BufReader, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use parquet::errors::Result;
use parquet::file::reader::{ChunkReader, Length};

/// A file of which each reader has a place of its own: a file's position is that of all its readers, so that it is set and read under a lock.
pub(super) struct SharedFile<R>(Arc<Mutex<R>>);

/// Reads on from a place.
pub(super) struct ReadAt<R> {
    file: SharedFile<R>,
    at: u64,
}

impl<R> SharedFile<R> {
    pub(super) fn new(file: R) -> SharedFile<R> {
        SharedFile(Arc::new(Mutex::new(file)))
    }

    fn lock(&self) -> MutexGuard<'_, R> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R: ChunkReader> Length for SharedFile<R> {
    fn len(&self) -> u64 {
        self.lock().len()
    }
}

impl<R: ChunkReader> ChunkReader for SharedFile<R> {
    type T = BufReader<ReadAt<R>>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(ReadAt { file: SharedFile(Arc::clone(&self.0)), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.lock().get_bytes(start, length)
    }
}

impl<R: ChunkReader> Read for ReadAt<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.file.len().saturating_sub(self.at);
        let length = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let bytes = self.file.get_bytes(self.at, length).map_err(io::Error::other)?;
        buffer[..length].copy_from_slice(&bytes);
        self.at += length as u64;
        Ok(length)
    }
}
