//! The checksum at the end of a document: whoever reads the file again knows whether it is as it was written.

use crate::scenario::Fault;
use crate::units::digest;

/// What can be done about a document that is not as it was written, or does not agree with itself.
pub(crate) const DAMAGED: &str =
    "the file was changed or damaged after the run: copy it again, or run its scenario again";
/// What stands before the checksum.
const KEY: &str = ",\"checksum\":\"";
/// What ends the document.
const END: &str = "\"}";

#[cfg(any(feature = "export", test))]
/// A document, an object on one line, with the SHA-256 of all that comes before it as its last field.
pub(crate) fn sealed(mut document: Vec<u8>) -> Vec<u8> {
    document.truncate(document.trim_ascii_end().len());
    document.pop_if(|last| *last == b'}');
    let digest = digest(&document);
    for part in [KEY, &digest, END, "\n"] {
        document.extend_from_slice(part.as_bytes());
    }
    document
}

/// Whether a document has a checksum and is as it was written.
pub(crate) fn is_sealed(document: &[u8]) -> bool {
    let text = document.trim_ascii_end();
    let tail = text.len().saturating_sub(KEY.len() + 64 + END.len());
    let (body, seal) = text.split_at(tail);
    seal == format!("{KEY}{}{END}", digest(body)).as_bytes()
}

/// What is wrong with a document's checksum; nothing where it has none, as those of earlier versions.
pub(super) fn fault(file: &str, document: &[u8]) -> Option<Fault> {
    if is_sealed(document) {
        return None;
    }
    let marked = serde_json::from_slice::<Marked>(document).is_ok_and(|marked| marked.checksum.is_some());
    marked.then(|| Fault {
        file: file.to_owned(),
        path: "checksum".to_owned(),
        found: "a file that is not as it was written".to_owned(),
        allowed: "the bytes that the run wrote".to_owned(),
        hint: DAMAGED.to_owned(),
    })
}

#[derive(serde::Deserialize)]
struct Marked {
    checksum: Option<serde::de::IgnoredAny>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_every_cut_and_every_blank_is_found() {
        let whole = sealed(b"{\"name\":\"Plan\",\"months\":12}\n".to_vec());
        assert!(whole.starts_with(b"{\"name\":\"Plan\",\"months\":12,\"checksum\":\"") && whole.ends_with(b"\"}\n"));
        assert!(fault("f", &whole).is_none());
        let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).ok();
        assert!(json(&whole).is_some());
        let mut flipped = 0;
        for (i, bit) in (0..whole.len() - 1).flat_map(|i| (0..8).map(move |bit| (i, bit))) {
            let mut other = whole.clone();
            other[i] ^= 1 << bit;
            let Some(read) = json(&other) else { continue };
            // A document whose field is called otherwise has none.
            assert!(fault("f", &other).is_some() || read.get("checksum").is_none(), "{i} {bit}");
            flipped += 1;
        }
        assert!(flipped > 500, "{flipped}");
        let spaced = String::from_utf8(whole).unwrap().replace("12,", "12, ");
        assert!(fault("f", spaced.as_bytes()).is_some());
        assert!(fault("f", b"{\"name\":\"Plan\"}").is_none(), "an earlier version wrote none");
    }
}
