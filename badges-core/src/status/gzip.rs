//! One gzip member (RFC 1952) around one deflate stream.

use miniz_oxide::{
    deflate::compress_to_vec,
    inflate::{
        TINFLStatus,
        core::{DecompressorOxide, decompress, inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF},
    },
};

const TEXT: u8 = 1;
const HEADER_CRC: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

/// What is wrong with a compressed list.
pub(super) enum GzipError {
    Malformed(&'static str),
    TooLarge,
}

/// Inflates the one member that the bytes must be, up to `most` bytes.
///
/// The trailer says how long the content is, so one buffer of that length is enough, and a trailer that lies
/// shows when the buffer overflows or stays unfilled.
pub(super) fn inflate(packed: &[u8], most: usize) -> Result<Vec<u8>, GzipError> {
    let malformed = GzipError::Malformed;
    let (stream, trailer) = after_header(packed)
        .ok_or(malformed("not gzip, or a damaged header"))?
        .split_last_chunk::<8>()
        .ok_or(malformed("the gzip data ends too early"))?;
    let [c0, c1, c2, c3, length @ ..] = *trailer;
    // RFC 1951 cannot pack better than 1032 to 1, and an empty stream has 2 bytes.
    let length = u32::from_le_bytes(length) as usize;
    if length / 1032 > stream.len() {
        return Err(malformed("the gzip data is not as long as it says; it is cut, or bytes follow it"));
    }
    if length > most {
        return Err(GzipError::TooLarge);
    }
    let mut out = vec![0; length];
    let mut inflater = Box::<DecompressorOxide>::default();
    let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let (status, read, written) = decompress(&mut inflater, stream, &mut out, 0, flags);
    match status {
        TINFLStatus::Done if read == stream.len() && written == length => {}
        TINFLStatus::Done => return Err(malformed("bytes follow the gzip data, or its length is wrong")),
        TINFLStatus::HasMoreOutput => return Err(malformed("the gzip data has another length than it says")),
        _ => return Err(malformed("the gzip data is damaged or ends too early")),
    }
    if crc32fast::hash(&out) != u32::from_le_bytes([c0, c1, c2, c3]) {
        return Err(malformed("the check sum of the gzip data does not hold"));
    }
    Ok(out)
}

/// Packs bytes into a member without name or time, so that the same bytes give the same member.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let unknown_system = 255;
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, unknown_system];
    packed.append(&mut compress_to_vec(bytes, 6));
    packed.extend_from_slice(&crc32fast::hash(bytes).to_le_bytes());
    // The length modulo 2^32, as the format has it.
    packed.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    packed
}

fn after_header(packed: &[u8]) -> Option<&[u8]> {
    let [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] = packed else { return None };
    let known = TEXT | HEADER_CRC | EXTRA | NAME | COMMENT;
    if flags & !known != 0 {
        return None;
    }
    let mut rest = rest;
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for field in [NAME, COMMENT] {
        if flags & field != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & HEADER_CRC != 0 {
        let (crc, after) = rest.split_first_chunk::<2>()?;
        let header = packed.get(..packed.len() - rest.len())?;
        // RFC 1952: the two low bytes of the header's CRC-32.
        if crc32fast::hash(header).to_le_bytes().first_chunk::<2>() != Some(crc) {
            return None;
        }
        rest = after;
    }
    Some(rest)
}
