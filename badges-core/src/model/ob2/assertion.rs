//! Who got which badge, and what is said about it (OB 2.0 §3.1, §3.2).

use crate::model::{
    contexts::Contexts,
    declare::{class, vocabulary},
    value::{Types, Uri},
};

use super::{
    badge_class::{BadgeClass, Image, Related},
    profile::{CryptographicKey, Profile},
    time::IsoTime,
    values::{Reference, Version},
};

class! {
    /// The award of a badge to a recipient.
    Assertion = "Assertion", types &[&["Assertion"]], open {
        fixed {
            /// `Assertion`.
            types: Types = "type" => Types::of(&["Assertion"]);
        }
        required {
            /// Where the assertion is hosted, or `urn:uuid:…` if it is signed.
            id: Uri = "id";
            /// Who got it.
            recipient: IdentityObject = "recipient";
            /// What they got.
            badge: Reference<BadgeClass> = "badge";
            /// How it is verified.
            verification: Verification = "verification";
            /// When it was given.
            issued_on: IsoTime = "issuedOn";
        }
        optional {
            /// The JSON-LD contexts.
            context: Option<Contexts> = "@context";
            /// Until when it holds.
            expires: Option<IsoTime> = "expires";
            /// The baked picture; never a data URI.
            image: Option<Reference<Image>> = "image";
            /// What connects the pieces of evidence, in Markdown.
            narrative: Option<String> = "narrative";
            /// The work that earned it.
            evidence: Vec<Reference<Evidence>> = "evidence";
            /// Whether it was revoked.
            revoked: Option<bool> = "revoked";
            /// Why it was revoked.
            revocation_reason: Option<String> = "revocationReason";
            /// The language of its texts.
            language: Option<String> = "@language";
            /// Its version.
            version: Option<Version> = "version";
            /// The same in other languages or versions.
            related: Vec<Reference<Related>> = "related";
            /// What others say of it.
            endorsement: Vec<Reference<Endorsement>> = "endorsement";
        }
    }
}

class! {
    /// The recipient, mostly hashed.
    IdentityObject = "IdentityObject", types &[], open {
        fixed {}
        required {
            /// The kind of name: `email`, `url`, `telephone` or `id`.
            kind: String = "type";
            /// The hash with its algorithm in front, or the plain name.
            identity: String = "identity";
            /// Whether `identity` is a hash.
            hashed: bool = "hashed";
        }
        optional {
            /// What was put behind the name before it was hashed.
            salt: Option<String> = "salt";
        }
    }
}

impl IdentityObject {
    /// Whether this is the name of the recipient.
    pub fn names(&self, name: &str) -> bool {
        crate::model::same_identity(self.hashed, &self.identity, self.salt.as_deref(), name)
    }
}

class! {
    /// How an assertion is verified.
    Verification = "VerificationObject", types &[], open {
        fixed {}
        required {
            /// By asking its host, or by its signature.
            kind: VerificationType = "type";
        }
        optional {
            /// The key of the signature.
            creator: Option<Reference<CryptographicKey>> = "creator";
        }
    }
}

vocabulary! {
    /// How an assertion is verified.
    VerificationType, closed {
        /// By asking its host.
        HostedBadge = "HostedBadge",
        /// By its signature.
        SignedBadge = "SignedBadge",
        /// By asking its host, as the context abbreviates it.
        Hosted = "hosted",
        /// By its signature, as the context abbreviates it.
        Signed = "signed",
    }
}

class! {
    /// Work that earned a badge.
    Evidence = "Evidence", types &[], open {
        fixed {}
        required {}
        optional {
            /// `Evidence`.
            types: Vec<String> = "type";
            /// The page of the work.
            id: Option<Uri> = "id";
            /// How it shows the achievement, in Markdown.
            narrative: Option<String> = "narrative";
            /// The name of the work.
            name: Option<String> = "name";
            /// A longer description.
            description: Option<String> = "description";
            /// Its kind, such as prose or film.
            genre: Option<String> = "genre";
            /// For whom it was made.
            audience: Option<String> = "audience";
        }
    }
}

class! {
    /// What somebody says of an issuer, a badge or an assertion.
    Endorsement = "Endorsement", types &[&["Endorsement"]], open {
        fixed {
            /// `Endorsement`.
            types: Types = "type" => Types::of(&["Endorsement"]);
        }
        required {
            /// Where the endorsement is hosted, or `urn:uuid:…` if it is signed.
            id: Uri = "id";
            /// What is endorsed, and what is said of it.
            claim: EndorsementClaim = "claim";
            /// Who says it.
            issuer: Reference<Profile> = "issuer";
            /// When it was said.
            issued_on: IsoTime = "issuedOn";
            /// How it is verified.
            verification: Verification = "verification";
        }
        optional {
            /// The JSON-LD contexts.
            context: Option<Contexts> = "@context";
            /// Whether it was revoked.
            revoked: Option<bool> = "revoked";
            /// Why it was revoked.
            revocation_reason: Option<String> = "revocationReason";
            /// The language of its texts.
            language: Option<String> = "@language";
            /// Its version.
            version: Option<Version> = "version";
        }
    }
}

class! {
    /// What is endorsed, and what is said of it.
    EndorsementClaim = "EndorsementClaim", types &[], open {
        fixed {}
        required {
            /// What is endorsed.
            id: Uri = "id";
        }
        optional {
            /// The claim in words, in Markdown.
            endorsement_comment: Option<String> = "endorsementComment";
        }
    }
}

class! {
    /// The assertions that an issuer revoked.
    RevocationList = "RevocationList", types &[&["RevocationList"]], open {
        fixed {
            /// `RevocationList`.
            types: Types = "type" => Types::of(&["RevocationList"]);
        }
        required {}
        optional {
            /// The JSON-LD contexts.
            context: Option<Contexts> = "@context";
            /// Where the list is.
            id: Option<Uri> = "id";
            /// Whose list it is.
            issuer: Option<Reference<Profile>> = "issuer";
            /// The assertions, by their id or as objects.
            revoked_assertions: Vec<Reference<RevokedAssertion>> = "revokedAssertions";
        }
    }
}

class! {
    /// An assertion in a revocation list.
    RevokedAssertion = "RevokedAssertion", types &[], open {
        fixed {}
        required {}
        optional {
            /// The assertion.
            id: Option<Uri> = "id";
            /// The assertion, by the name that it had before 1.1.
            uid: Option<String> = "uid";
            /// Why it was revoked.
            revocation_reason: Option<String> = "revocationReason";
        }
    }
}
