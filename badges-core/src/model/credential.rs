//! The badge itself: a credential about an achievement (OB 3.0 §B.1).

use super::{
    achievement::{Achievement, Evidence},
    contexts::Contexts,
    declare::class,
    endorsement::EndorsementCredential,
    members::Few,
    profile::{IdentityObject, Image, Profile, ProfileRef},
    result::Achieved,
    text::Text,
    value::{CompactJws, DateTime, Number, Type, Types, Uri},
};

class! {
    /// An Open Badge: an issuer says that a recipient earned an achievement.
    ///
    /// The specification's name of the class is `AchievementCredential`, which is also an alias of the type.
    /// Documents of VC Data Model 1.1 have `issuanceDate` and `expirationDate` in place of `validFrom` and
    /// `validUntil`.
    OpenBadgeCredential = "AchievementCredential",
    types &[&["VerifiableCredential"], &["OpenBadgeCredential", "AchievementCredential"]], open {
        fixed {
            /// The JSON-LD contexts, in their order.
            context: Contexts = "@context" => Contexts::written();
            /// `VerifiableCredential` and `OpenBadgeCredential`.
            types: Types = "type" => Types::of(&["VerifiableCredential", "OpenBadgeCredential"]);
        }
        required {
            /// The name of the credential for machines.
            id: Uri = "id";
            /// Who awards.
            issuer: ProfileRef = "issuer";
            /// Who earned it, and what.
            credential_subject: AchievementSubject = "credentialSubject";
        }
        optional {
            /// The name of the credential for people.
            name: Option<Text> = "name" in Vc11;
            /// A short description.
            description: Option<Text> = "description";
            /// A picture of this credential.
            image: Option<Image> = "image";
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
            /// What others say of it, as credentials with embedded proofs.
            endorsement: Vec<EndorsementCredential> = "endorsement";
            /// What others say of it, as JWT.
            endorsement_jwt: Vec<CompactJws> = "endorsementJwt";
            /// The work that earned it.
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
    /// Who earned the achievement, and how.
    AchievementSubject = "AchievementSubject", types &[&["AchievementSubject"]], open {
        fixed {
            /// `AchievementSubject`.
            types: Types = "type" => Types::of(&["AchievementSubject"]);
        }
        required {
            /// What was earned.
            achievement: Achievement = "achievement";
        }
        optional {
            /// The recipient's name for machines, such as a DID; this or an identifier must be there.
            id: Option<Uri> = "id";
            /// Names of the recipient, mostly hashed.
            identifier: Vec<IdentityObject> = "identifier";
            /// When the activity began.
            activity_start_date: Option<DateTime> = "activityStartDate";
            /// When the activity ended.
            activity_end_date: Option<DateTime> = "activityEndDate";
            /// The credit that was earned.
            credits_earned: Option<Number> = "creditsEarned";
            /// The picture of this award.
            image: Option<Image> = "image";
            /// The number of a licence.
            license_number: Option<Text> = "licenseNumber";
            /// What connects the pieces of evidence, in Markdown.
            narrative: Option<Text> = "narrative";
            /// The results.
            result: Vec<Achieved> = "result";
            /// The part that the recipient had.
            role: Option<Text> = "role";
            /// Who assessed it for the issuer.
            source: Option<Box<Profile>> = "source";
            /// The term of study.
            term: Option<Text> = "term";
        }
    }
}

class! {
    /// The schema that a credential follows.
    CredentialSchema = "CredentialSchema", types &[], open {
        fixed {}
        required {
            /// Where the schema is.
            id: Uri = "id";
            /// The kind of schema, `1EdTechJsonSchemaValidator2019` for those of 1EdTech.
            kind: Type = "type";
        }
        optional {}
    }
}

class! {
    /// Where to ask whether a credential was revoked; what else it holds depends on its type.
    CredentialStatus = "CredentialStatus", types &[], open {
        fixed {}
        required {
            /// The kind of status, such as `BitstringStatusListEntry`.
            kind: Type = "type";
        }
        optional {
            /// The name of the entry; required by OB 3.0, but not by VC Data Model 2.0.
            id: Option<Uri> = "id";
        }
    }
}

class! {
    /// Where to get a newer credential.
    RefreshService = "RefreshService", types &[], open {
        fixed {}
        required {
            /// The address.
            id: Uri = "id";
            /// The kind of service, `1EdTechCredentialRefresh` for that of 1EdTech.
            kind: Type = "type";
        }
        optional {}
    }
}

class! {
    /// The terms under which a credential may be used.
    TermsOfUse = "TermsOfUse", types &[], open {
        fixed {}
        required {
            /// The kind of terms.
            kind: Type = "type";
        }
        optional {
            /// Where the terms are.
            id: Option<Uri> = "id";
        }
    }
}

class! {
    /// An embedded proof as a document; the module [`proof`](crate::proof) verifies it.
    Proof = "Proof", types &[], open {
        fixed {}
        required {
            /// The kind of proof, such as `DataIntegrityProof`.
            kind: Type = "type";
        }
        optional {
            /// When it was made.
            created: Option<DateTime> = "created";
            /// The suite of a `DataIntegrityProof`.
            cryptosuite: Option<String> = "cryptosuite";
            /// What a verifier gave to be signed along.
            challenge: Option<String> = "challenge";
            /// For whom it was made.
            domain: Option<String> = "domain";
            /// A salt.
            nonce: Option<String> = "nonce";
            /// `assertionMethod` for all credentials.
            proof_purpose: Option<String> = "proofPurpose";
            /// The signature in multibase.
            proof_value: Option<String> = "proofValue";
            /// The key, by its URL.
            verification_method: Option<Uri> = "verificationMethod";
        }
    }
}
