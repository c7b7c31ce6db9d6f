//! Bytes as a shard of a run, as they are and with the checksum put right, so that what is behind it is reached; and as a shard of a sweep.
#![no_main]

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use revcast::documents::Document;
use revcast::analysis::Sweep;
use revcast::engine::{Resampling, Stored};
use revcast::shards::{Merged, MergeError};
use revcast_fuzz::{resealed, told};

/// What the reader of columns panics at is caught, and no finding; what is not caught ends the process all the same.
static QUIET: LazyLock<()> = LazyLock::new(|| std::panic::set_hook(Box::new(|_| ())));

fuzz_target!(|data: &[u8]| {
    LazyLock::force(&QUIET);
    if data.first() == Some(&b'{') {
        if let Err(faults) = Document::<Sweep>::read("1.shard", data) {
            told(&faults);
        }
        return;
    }
    for bytes in [Bytes::copy_from_slice(data), resealed(data).into()] {
        match Merged::of(&["1.shard".to_owned()], Arc::new(move |_| Ok(bytes.clone()))) {
            Ok(joined) => {
                let trials: usize =
                    (0..joined.pieces()).filter_map(|i| joined.piece(i).ok()).map(|piece| piece.trials()).sum();
                assert!(trials <= joined.model.trials);
                for pass in [Resampling::AllButInputs, Resampling::ChanceOnly] {
                    let _ = joined.resampled(pass);
                }
            }
            Err(MergeError::Faults(faults)) => told(&faults),
            // Bytes are read from memory: what cannot be read lies beyond their end.
            Err(MergeError::Disk(file, error)) => assert!(file == "1.shard" && !error.to_string().is_empty()),
        }
    }
});
