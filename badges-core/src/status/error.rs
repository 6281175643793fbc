//! Why a status could not be told.

/// Why a status could not be told; [`code`](Self::code) is the name that Bitstring Status List 1.0 §3.4 gives it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// The list has fewer entries than privacy demands.
    #[error("the status list has {entries} entries, and at least {minimum} are required")]
    Length {
        /// How many it has.
        entries: usize,
        /// How many it must have.
        minimum: usize,
    },
    /// A member is missing or not as it must be.
    #[error("{member}: {problem}")]
    Malformed {
        /// The member, as a path below the entry or list.
        member: &'static str,
        /// What was found and what must be there.
        problem: String,
    },
    /// The list has no such index.
    #[error("the index {index} is outside of the list, which has {entries} entries")]
    Range {
        /// The index as written.
        index: String,
        /// How many entries the list has.
        entries: usize,
    },
    /// The list could not be had.
    #[error("the status list {url} is not at hand; supply it as a document")]
    Retrieval {
        /// Where it should be.
        url: String,
    },
    /// The list inflates to more than is allowed.
    #[error("the status list inflates to more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The kind of status is known to nobody here.
    #[error("the status type {kind:?} is not supported")]
    Unsupported {
        /// The `type` as written.
        kind: String,
    },
    /// A value does not fit into the entry.
    #[error("the value {value} does not fit into an entry of {size} bit{}", if *size == 1 { "" } else { "s" })]
    Value {
        /// The value.
        value: u32,
        /// Bits of one entry.
        size: u8,
    },
    /// The list is not one that may speak about this credential.
    #[error("the status list cannot be relied on: {problem}")]
    Verification {
        /// What is wrong with it.
        problem: String,
    },
}

impl StatusError {
    /// The error's name, the fragment of `https://www.w3.org/ns/credentials/status-list#`; for an unsupported
    /// kind of status, which the specification has no name for, `UNSUPPORTED`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "STATUS_LIST_LENGTH_ERROR",
            Self::Malformed { .. } | Self::TooLarge { .. } | Self::Value { .. } => "MALFORMED_VALUE_ERROR",
            Self::Range { .. } => "RANGE_ERROR",
            Self::Retrieval { .. } => "STATUS_RETRIEVAL_ERROR",
            Self::Unsupported { .. } => "UNSUPPORTED",
            Self::Verification { .. } => "STATUS_VERIFICATION_ERROR",
        }
    }

    pub(super) fn malformed(member: &'static str, problem: impl Into<String>) -> Self {
        Self::Malformed { member, problem: problem.into() }
    }
}
