//! A PNG as its chunks; the image data is never inflated.

use super::{BakeError, Found, Generation, ImageLimits, text_chunk};

/// What every PNG begins with.
pub(super) const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// How much is copied between two steps of a check sum: the half of a small first-level cache, so that what was
/// just summed up is copied from there.
const BLOCK: usize = 16 << 10;

/// A chunk whose check sum is still to be checked.
struct Chunk<'a> {
    at: usize,
    kind: [u8; 4],
    /// Kind and data, which the check sum covers.
    checked: &'a [u8],
    crc: [u8; 4],
}

impl<'a> Chunk<'a> {
    fn data(&self) -> &'a [u8] {
        self.checked.get(4..).unwrap_or_default()
    }

    fn check(&self) -> Result<(), BakeError> {
        self.compare(crc32fast::hash(self.checked))
    }

    /// Checks the chunk and copies it whole, in one pass.
    fn check_into(&self, out: &mut Vec<u8>) -> Result<(), BakeError> {
        let length = u32::try_from(self.data().len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_be_bytes());
        let mut crc = crc32fast::Hasher::new();
        for block in self.checked.chunks(BLOCK) {
            crc.update(block);
            out.extend_from_slice(block);
        }
        out.extend_from_slice(&self.crc);
        self.compare(crc.finalize())
    }

    fn compare(&self, crc: u32) -> Result<(), BakeError> {
        if crc.to_be_bytes() == self.crc {
            return Ok(());
        }
        Err(BakeError::Crc { kind: shown(self.kind), at: self.at })
    }
}

pub(super) fn extract<'a>(image: &'a [u8], limits: &ImageLimits) -> Result<Vec<Found<'a>>, BakeError> {
    let mut finds = Vec::new();
    let mut room = limits.text;
    walk(image, limits.chunks, |chunk| {
        chunk.check()?;
        if let Some(generation) = text_chunk::generation(chunk.kind, chunk.data()) {
            let found = text_chunk::read(chunk.data(), generation, room).map_err(|error| match error {
                BakeError::TextTooLarge { .. } => BakeError::TextTooLarge { limit: limits.text },
                other => other,
            })?;
            room -= found.text.len();
            finds.push(found);
        }
        Ok(())
    })?;
    Ok(finds)
}

pub(super) fn bake(
    image: &[u8],
    text: &str,
    generation: Generation,
    limits: &ImageLimits,
) -> Result<Vec<u8>, BakeError> {
    let mut out = Vec::with_capacity(image.len() + text_chunk::room_for(text));
    out.extend_from_slice(&SIGNATURE);
    // One less, for the chunk that is added.
    walk(image, limits.chunks.saturating_sub(1), |chunk| {
        // 1.x and 2.0 share the keyword, so a reader of 2.0 could take a 1.x left beside it for the badge.
        let same = |other: Generation| other.keyword() == generation.keyword();
        if text_chunk::generation(chunk.kind, chunk.data()).is_some_and(same) {
            return chunk.check();
        }
        chunk.check_into(&mut out)?;
        if &chunk.kind == b"IHDR" { text_chunk::write(text, generation, &mut out) } else { Ok(()) }
    })?;
    Ok(out)
}

/// Hands over each chunk up to IEND, or fails where the file is not a PNG.
fn walk<'a>(
    image: &'a [u8],
    most: usize,
    mut visit: impl FnMut(Chunk<'a>) -> Result<(), BakeError>,
) -> Result<(), BakeError> {
    let mut at = SIGNATURE.len();
    for count in 0.. {
        if count == most {
            return Err(BakeError::TooMany { what: "chunks", limit: most });
        }
        let chunk = chunk_at(image, at)?;
        if (&chunk.kind == b"IHDR") != (count == 0) {
            return Err(BakeError::ChunkOrder { found: shown(chunk.kind), at });
        }
        at += chunk.checked.len() + 8;
        let last = &chunk.kind == b"IEND";
        visit(chunk)?;
        if last {
            break;
        }
    }
    Ok(())
}

fn chunk_at(image: &[u8], at: usize) -> Result<Chunk<'_>, BakeError> {
    let truncated = BakeError::Truncated { at };
    let rest = image.get(at..).unwrap_or_default();
    let Some((length, after)) = rest.split_first_chunk::<4>() else { return Err(truncated) };
    let Some(kind) = after.first_chunk::<4>() else { return Err(truncated) };
    if !kind.iter().all(u8::is_ascii_alphabetic) {
        return Err(BakeError::ChunkType { at });
    }
    let declared = u32::from_be_bytes(*length);
    let possible = match kind {
        b"IHDR" => declared == 13,
        b"IEND" => declared == 0,
        _ => i32::try_from(declared).is_ok(),
    };
    if !possible {
        return Err(BakeError::ChunkLength { kind: shown(*kind), at, length: declared });
    }
    let length = declared as usize;
    let (Some(checked), Some(crc)) = (after.get(..length + 4), after.get(length + 4..length + 8)) else {
        return Err(truncated);
    };
    let Some(crc) = crc.first_chunk::<4>() else { return Err(truncated) };
    Ok(Chunk { at, kind: *kind, checked, crc: *crc })
}

fn shown(kind: [u8; 4]) -> String {
    String::from_utf8_lossy(&kind).into_owned()
}
