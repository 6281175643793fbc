//! Which trace a request belongs to (W3C Trace Context, level 1).

use std::fmt;

use crate::random::{self, RandomError};

/// A trace and a span in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    pub(crate) trace: TraceId,
    pub(crate) span: SpanId,
    /// Whether whoever asked traces this request.
    pub(crate) is_sampled: bool,
}

/// The 16 bytes that all spans of a trace share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TraceId(u128);

/// The 8 bytes of one span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SpanId(u64);

/// How long a header of version 00 is.
const LENGTH: usize = 55;

impl Context {
    /// Reads a `traceparent`; what is not one begins no trace and ends none.
    pub(crate) fn read(header: &str) -> Option<Self> {
        let lower = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let (known, more) = header.split_at_checked(LENGTH)?;
        let mut parts = known.split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let lengths = (version.len(), trace.len(), span.len(), flags.len());
        let plain = [version, trace, span, flags].into_iter().all(lower);
        // §4.3: a later version may have more behind another hyphen.
        let later = version != "00" && version != "ff" && more.starts_with('-');
        if lengths != (2, 32, 16, 2) || !plain || version == "ff" || !(more.is_empty() || later) {
            return None;
        }
        let trace = u128::from_str_radix(trace, 16).ok().filter(|id| *id != 0)?;
        let span = u64::from_str_radix(span, 16).ok().filter(|id| *id != 0)?;
        let flags = u8::from_str_radix(flags, 16).ok()?;
        Some(Self { trace: TraceId(trace), span: SpanId(span), is_sampled: flags & 1 == 1 })
    }
}

impl TraceId {
    /// That of a new trace.
    pub(crate) fn random() -> Result<Self, RandomError> {
        let mut bytes = [0; 16];
        random::fill(&mut bytes)?;
        Ok(Self(u128::from_be_bytes(bytes).max(1)))
    }

    /// Whether a share of all traces has it, so that all who go by the same share keep the same traces: the last 56
    /// bits are as good as random (OpenTelemetry, TraceIdRatioBased).
    pub(crate) fn is_among(self, ratio: f64) -> bool {
        const ALL: f64 = (1_u64 << 56) as f64;
        let last = (self.0 & ((1 << 56) - 1)) as f64;
        last >= (1.0 - ratio) * ALL
    }
}

impl SpanId {
    /// That of a new span.
    pub(crate) fn random() -> Result<Self, RandomError> {
        let mut bytes = [0; 8];
        random::fill(&mut bytes)?;
        Ok(Self(u64::from_be_bytes(bytes).max(1)))
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:032x}", self.0)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    #[test]
    fn a_traceparent_is_read_whole_or_not_at_all() {
        let read = |header: &str| Context::read(header).map(|read| (read.trace.to_string(), read.is_sampled));

        assert_eq!(read(&format!("00-{TRACE}-b7ad6b7169203331-01")), Some((TRACE.to_owned(), true)));
        assert_eq!(read(&format!("00-{TRACE}-b7ad6b7169203331-00")), Some((TRACE.to_owned(), false)));
        // A later version may say more.
        assert!(read(&format!("cc-{TRACE}-b7ad6b7169203331-01-what")).is_some());
        for bad in [
            String::new(),
            format!("00-{TRACE}-b7ad6b7169203331"),
            format!("00-{TRACE}-b7ad6b7169203331-01-what"),
            format!("cc-{TRACE}-b7ad6b7169203331-01what"),
            format!("ff-{TRACE}-b7ad6b7169203331-01"),
            format!("00-{}-b7ad6b7169203331-01", TRACE.to_uppercase()),
            format!("00-{}-b7ad6b7169203331-01", "0".repeat(32)),
            format!("00-{TRACE}-{}-01", "0".repeat(16)),
            format!("00-{TRACE}-b7ad6b716920333é-1"),
            format!("00-{TRACE}xb7ad6b7169203331-01"),
            format!("00-+{}-b7ad6b7169203331-01", &TRACE[1..]),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_share_of_all_traces_is_kept() {
        let all: Vec<_> = (0..1_000).map(|_| TraceId::random().unwrap()).collect();
        let kept = |ratio| all.iter().filter(|trace| trace.is_among(ratio)).count();

        assert_eq!((kept(1.0), kept(0.0)), (1_000, 0));
        assert!((300..700).contains(&kept(0.5)), "{}", kept(0.5));
    }
}
