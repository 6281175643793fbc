//! The words in which a report says why.

use std::fmt;

use serde::Serialize;

use super::Verdict;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal => $verdict:ident,)*) => {
        /// Why a check did not pass, or what a finding is about; `specs/verdict.md` lists them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// The verdict that follows when this is the first reason; [`Verdict::Valid`] for what is a finding only.
            pub fn verdict(self) -> Verdict {
                match self {
                    $(Self::$name => Verdict::$verdict,)*
                }
            }
        }
    };
}

codes! {
    /// The algorithm is never allowed, or not with this kind of key.
    AlgForbidden = "alg_forbidden" => Invalid,
    /// The claims of the token differ from the credential in it.
    ClaimsMismatch = "claims_mismatch" => Invalid,
    /// A context stands in the document that the signature does not cover.
    ContextAdded = "context_added" => Valid,
    /// A rule on the use of JSON-LD is broken: the signature would not say what the JSON says.
    ContextRule = "context_rule" => Invalid,
    /// A context that is not known here.
    ContextUnknown = "context_unknown" => Invalid,
    /// An older version of the Open Badges context.
    ContextVersion = "context_version" => Valid,
    /// An embedded endorsement does not hold.
    EndorsementFailed = "endorsement_failed" => Invalid,
    /// Issued by somebody whom the host does not list, and the host requires it.
    IssuerNotTrusted = "issuer_not_trusted" => Invalid,
    /// Not JSON, not a compact JWS, not UTF-8, empty, or readable in two ways.
    Malformed = "malformed" => Invalid,
    /// Neither a badge nor an endorsement.
    NotABadge = "not_a_badge" => Invalid,
    /// Nothing was signed.
    NoProof = "no_proof" => Invalid,
    /// A private key stands where a public one belongs.
    PrivateKeyInJwk = "private_key_in_jwk" => Invalid,
    /// The proof does not hold.
    ProofFailed = "proof_failed" => Invalid,
    /// Given to somebody else than was asked for.
    RecipientMismatch = "recipient_mismatch" => Invalid,
    /// A required property is missing, or one has a value that it cannot have.
    Structure = "structure" => Invalid,
    /// It takes more work than any honest document.
    TooComplex = "too_complex" => Invalid,
    /// A key that accepts signatures that nobody made.
    WeakKey = "weak_key" => Invalid,

    /// An algorithm that is known by name only.
    AlgorithmUnsupported = "algorithm_unsupported" => Unsupported,
    /// A kind of document that is known by name only.
    DocumentUnsupported = "document_unsupported" => Unsupported,
    /// A kind of key that is known by name only.
    KeyUnsupported = "key_unsupported" => Unsupported,
    /// A proof suite that is known by name only.
    SuiteUnsupported = "suite_unsupported" => Unsupported,

    /// A document that is needed was not supplied.
    DocumentMissing = "document_missing" => Undecided,
    /// A document that is needed was supplied but cannot be used.
    DocumentMalformed = "document_malformed" => Undecided,
    /// The issuer hosts the badge under this address, but it says otherwise there.
    HostedOtherwise = "hosted_otherwise" => Undecided,
    /// The badge is hosted where its issuer does not publish.
    HostedElsewhere = "hosted_elsewhere" => Undecided,
    /// The file cannot be read.
    Unreadable = "unreadable" => Undecided,
    /// The file is larger than is read.
    TooLarge = "too_large" => Undecided,
    /// The image carries no badge.
    NoBadgeInImage = "no_badge_in_image" => Undecided,
    /// The image carries several badges of one generation.
    AmbiguousImage = "ambiguous_image" => Undecided,

    /// The issuer is not established: its document was not supplied.
    BindingNotEstablished = "binding_not_established" => Unbound,
    /// The issuer's document does not list the key.
    KeyNotListed = "key_not_listed" => Unbound,
    /// The issuer is a key itself, and this is another's.
    KeyOfAnother = "key_of_another" => Unbound,

    /// Revoked by the issuer.
    Revoked = "revoked" => Revoked,
    /// Suspended by the issuer.
    Suspended = "suspended" => Suspended,
    /// No longer valid at the time asked.
    Expired = "expired" => Expired,
    /// Not valid yet at the time asked.
    NotYetValid = "not_yet_valid" => NotYetValid,

    /// The status list is no longer, or not yet, valid.
    StatusExpired = "status_expired" => Undecided,
    /// The status entry or its list is not as it must be.
    StatusMalformed = "status_malformed" => Undecided,
    /// The status list was not supplied.
    StatusMissing = "status_missing" => Undecided,
    /// Nothing shows that the status list is the issuer's.
    StatusNotBound = "status_not_bound" => Undecided,
    /// A kind of status that is known by name only.
    StatusUnsupported = "status_unsupported" => Undecided,

    /// A member of the credential stands beside it in the token, where it says nothing.
    ClaimBeside = "claim_beside" => Valid,
    /// A claim of the token that the specification requires is missing.
    ClaimMissing = "claim_missing" => Valid,
    /// The text in the image is compressed.
    CompressedText = "compressed_text" => Valid,
    /// An embedded endorsement is of something else than this badge, its achievement or its issuer.
    EndorsementOfOther = "endorsement_of_other" => Valid,
    /// The header of the token says more than the specification allows.
    HeaderExtra = "header_extra" => Valid,
    /// The index in the status list is a number and not a text.
    IndexNumber = "index_number" => Valid,
    /// The issuer is written as a text and not as a profile.
    IssuerString = "issuer_string" => Valid,
    /// The key is named by its DID alone.
    MethodWithoutFragment = "method_without_fragment" => Valid,
    /// The name that this form of credential requires is missing.
    NameMissing = "name_missing" => Valid,
    /// The image carries another badge too.
    OtherBadgeInImage = "other_badge_in_image" => Valid,
    /// The host does not list the issuer.
    NotListed = "not_listed" => Valid,
    /// A schema that is not known here was not applied.
    SchemaUnknown = "schema_unknown" => Valid,
    /// A message or other information in a status list.
    StatusMessage = "status_message" => Valid,
    /// The status list calls itself otherwise than it was asked for.
    StatusOtherId = "status_other_id" => Valid,
    /// A suite that issuers should no longer use.
    SuiteOutdated = "suite_outdated" => Valid,
    /// The type in the header of the token is not the one of Open Badges 3.0.
    TokenType = "token_type" => Valid,
    /// The credential stands in the other place of the token.
    TokenPlace = "token_place" => Valid,
    /// The document was brought to Open Badges 2.0 before it was checked.
    Upgraded = "upgraded" => Valid,
    /// Everything asked holds.
    Valid = "valid" => Valid,
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
