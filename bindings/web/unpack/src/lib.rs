//! Unpacks the engine of a page, which stands in it as LZMA: a quarter smaller than what browsers unpack by themselves. The bytes are written to what
//! `reserve` gave; what `unpack` gives back begins with its length, four bytes, least first, and is empty where the bytes are damaged.

use std::cell::RefCell;
use std::io::Read;

use lzma_rust2::LzmaReader;

thread_local! {
    static BYTES: RefCell<[Vec<u8>; 2]> = RefCell::default();
}

/// So many kibibytes may a dictionary take.
const MOST_KB: u32 = 64 * 1024;

/// Room for packed bytes.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(bytes: usize) -> *mut u8 {
    BYTES.with_borrow_mut(|[packed, _]| {
        *packed = vec![0; bytes];
        packed.as_mut_ptr()
    })
}

/// The bytes unpacked.
#[unsafe(no_mangle)]
pub extern "C" fn unpack() -> *const u8 {
    BYTES.with_borrow_mut(|[packed, unpacked]| {
        unpacked.clear();
        unpacked.extend_from_slice(&[0; 4]);
        let read = LzmaReader::new_mem_limit(packed.as_slice(), MOST_KB, None)
            .and_then(|mut reader| reader.read_to_end(unpacked));
        if read.is_err() {
            unpacked.truncate(4);
        }
        let length = (unpacked.len() - 4) as u32;
        unpacked[..4].copy_from_slice(&length.to_le_bytes());
        unpacked.as_ptr()
    })
}
