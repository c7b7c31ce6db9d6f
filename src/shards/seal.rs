//! The checksum of a shard: 32 bytes between its last row group and its footer, the SHA-256 of all other bytes.

use std::io::{self, Read};

use parquet::file::reader::ChunkReader;
use sha2::{Digest, Sha256};

/// How many bytes it has.
pub(super) const SIZE: usize = 32;
/// What the file begins and ends with.
const MAGIC: &[u8; 4] = b"PAR1";
/// The footer's length and the magic bytes after it.
const TAIL: u64 = 8;

/// Whether a file is a sealed one, and as it was written.
///
/// # Errors
/// Of the disk.
pub(super) fn holds(file: &impl ChunkReader) -> io::Result<bool> {
    let length = file.len();
    let Some(slot) = slot(file)? else { return Ok(false) };
    let mut bytes = file.get_read(0).map_err(io::Error::other)?.take(length);
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    let mut at: u64 = 0;
    let mut seal = [0; SIZE];
    loop {
        let read = match bytes.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // What of this lies before the seal, in it, and after it.
        let before = slot.saturating_sub(at).min(read as u64) as usize;
        let after = (slot + SIZE as u64).saturating_sub(at).min(read as u64) as usize;
        hash.update(&buffer[..before]);
        let from = (at + before as u64).saturating_sub(slot).min(SIZE as u64) as usize;
        seal[from..from + (after - before)].copy_from_slice(&buffer[before..after]);
        hash.update(&buffer[after..read]);
        at += read as u64;
    }
    Ok(at == length && hash.finalize()[..] == seal)
}

/// Where the seal is; nowhere in a file that is too short or has no footer.
fn slot(file: &impl ChunkReader) -> io::Result<Option<u64>> {
    let length = file.len();
    if length < MAGIC.len() as u64 + SIZE as u64 + TAIL {
        return Ok(None);
    }
    let bytes = |at: u64, count: usize| file.get_bytes(at, count).map_err(io::Error::other);
    let (head, tail) = (bytes(0, MAGIC.len())?, bytes(length - TAIL, TAIL as usize)?);
    if head[..] != MAGIC[..] || tail[4..] != MAGIC[..] {
        return Ok(None);
    }
    let footer = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    let slot = (length - TAIL).checked_sub(footer).and_then(|end| end.checked_sub(SIZE as u64));
    Ok(slot.filter(|slot| *slot >= MAGIC.len() as u64))
}
