//! What others say: endorsements are credentials of their own (OB 3.0 §B.1).

use super::{
    achievement::Evidence,
    contexts::Contexts,
    credential::{CredentialSchema, CredentialStatus, Proof, RefreshService, TermsOfUse},
    declare::class,
    members::Few,
    profile::ProfileRef,
    text::Text,
    value::{DateTime, Types, Uri},
};

class! {
    /// A signed claim about an issuer, an achievement or a credential.
    ///
    /// Documents of VC Data Model 1.1 have `issuanceDate` and `expirationDate` in place of `validFrom` and
    /// `validUntil`.
    EndorsementCredential = "EndorsementCredential",
    types &[&["VerifiableCredential"], &["EndorsementCredential"]], open {
        fixed {
            /// The JSON-LD contexts, in their order.
            context: Contexts = "@context" => Contexts::written();
            /// `VerifiableCredential` and `EndorsementCredential`.
            types: Types = "type" => Types::of(&["VerifiableCredential", "EndorsementCredential"]);
        }
        required {
            /// The name of the credential for machines.
            id: Uri = "id";
            /// The name of the credential for people.
            name: Text = "name";
            /// Who endorses.
            issuer: ProfileRef = "issuer";
            /// What is endorsed, and the comment.
            credential_subject: EndorsementSubject = "credentialSubject";
        }
        optional {
            /// From when on it holds.
            valid_from: Option<DateTime> = "validFrom" in Vc20;
            /// Until when it holds.
            valid_until: Option<DateTime> = "validUntil";
            /// From when on it holds (VC Data Model 1.1).
            issuance_date: Option<DateTime> = "issuanceDate" in Vc11;
            /// Until when it holds (VC Data Model 1.1).
            expiration_date: Option<DateTime> = "expirationDate";
            /// When it was first given.
            awarded_date: Option<DateTime> = "awardedDate";
            /// A short description.
            description: Option<Text> = "description";
            /// What the claim rests on.
            evidence: Vec<Evidence> = "evidence";
            /// The schemas that it follows.
            credential_schema: Vec<CredentialSchema> = "credentialSchema";
            /// Where to ask whether it was revoked.
            credential_status: Few<CredentialStatus> = "credentialStatus";
            /// Where to get a newer one.
            refresh_service: Option<RefreshService> = "refreshService";
            /// Under which terms it may be used.
            terms_of_use: Vec<TermsOfUse> = "termsOfUse";
            /// The embedded proofs.
            proof: Vec<Proof> = "proof";
        }
    }
}

class! {
    /// What is endorsed, and the comment.
    EndorsementSubject = "EndorsementSubject", types &[&["EndorsementSubject"]], open {
        fixed {
            /// `EndorsementSubject`.
            types: Types = "type" => Types::of(&["EndorsementSubject"]);
        }
        required {
            /// What is endorsed.
            id: Uri = "id";
        }
        optional {
            /// The claim in words.
            endorsement_comment: Option<Text> = "endorsementComment";
        }
    }
}
