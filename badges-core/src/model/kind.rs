//! What kind of document this is, before anything about it is believed.

use crate::json::{Json, Object};

use super::contexts;

/// The form of a credential, by its first context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// VC Data Model 1.1.
    Vc11,
    /// VC Data Model 2.0, also when the context is another: then the structure check says so.
    Vc20,
}

impl Form {
    /// The form of a credential.
    pub fn of(credential: &Object<'_>) -> Self {
        let contexts = credential.get("@context").map(Json::one_or_many).unwrap_or_default();
        match contexts.first().and_then(Json::as_str) {
            Some(contexts::VC_11) => Self::Vc11,
            _ => Self::Vc20,
        }
    }

    /// The name of the member that says from when on a credential of this form holds.
    pub fn from_member(self) -> &'static str {
        match self {
            Self::Vc11 => "issuanceDate",
            Self::Vc20 => "validFrom",
        }
    }

    /// The name of the member that says until when a credential of this form holds.
    pub fn until_member(self) -> &'static str {
        match self {
            Self::Vc11 => "expirationDate",
            Self::Vc20 => "validUntil",
        }
    }
}

/// What a document says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentKind {
    /// An Open Badge 3.0.
    Badge(Form),
    /// A Comprehensive Learner Record 2.0, which is not built.
    Clr,
    /// An EndorsementCredential of Open Badges 3.0.
    Endorsement(Form),
    /// Not a badge, nor anything else that this library knows.
    NotABadge,
    /// A document of Open Badges 0.5, 1.0, 1.1 or 2.0.
    Ob2(Edition, Ob2Class),
    /// Some other verifiable credential.
    OtherCredential(Form),
    /// A verifiable presentation, which is not built.
    Presentation,
    /// A credential that carries a status list.
    StatusList(Form),
}

/// The edition of a document before Open Badges 3.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edition {
    /// 0.5: everything in one object, the recipient a text.
    V0_5,
    /// 1.0: without context and type.
    V1_0,
    /// 1.1: with the context `https://w3id.org/openbadges/v1`.
    V1_1,
    /// 2.0.
    V2_0,
}

/// The classes of documents that stand by themselves before Open Badges 3.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ob2Class {
    /// Who got which badge.
    Assertion,
    /// The badge.
    BadgeClass,
    /// A key of an issuer.
    CryptographicKey,
    /// What somebody says of a badge, an assertion or an issuer.
    Endorsement,
    /// An issuer, or another person or organisation.
    Profile,
    /// The assertions that an issuer revoked.
    RevocationList,
}

/// Says what a document is by its types, which count only by their terms: an IRI in place of a term names
/// nothing, because nobody else would read it.
pub fn kind_of(document: &Object<'_>) -> DocumentKind {
    let form = Form::of(document);
    let is = |name: &str| document.has_type(name);
    if is("ClrCredential") {
        DocumentKind::Clr
    } else if is("OpenBadgeCredential") || is("AchievementCredential") {
        DocumentKind::Badge(form)
    } else if is("EndorsementCredential") {
        DocumentKind::Endorsement(form)
    } else if is("BitstringStatusListCredential") || is("StatusList2021Credential") {
        DocumentKind::StatusList(form)
    } else if is("VerifiableCredential") || is("EnvelopedVerifiableCredential") {
        DocumentKind::OtherCredential(form)
    } else if is("VerifiablePresentation") || is("EnvelopedVerifiablePresentation") {
        DocumentKind::Presentation
    } else {
        before_30(document)
            .map_or(DocumentKind::NotABadge, |(edition, class)| DocumentKind::Ob2(edition, class))
    }
}

/// Open Badges before 3.0 had types only from 1.1 on, so the older ones are told by their members
/// (VCORE `input_detection`, `upgrade`).
fn before_30(document: &Object<'_>) -> Option<(Edition, Ob2Class)> {
    let contexts = document.get("@context").map(Json::one_or_many).unwrap_or_default();
    let context =
        |url: &str| contexts.iter().filter_map(Json::as_str).any(|own| own.trim_end_matches('/') == url);
    let edition = if context("https://w3id.org/openbadges/v1") { Edition::V1_1 } else { Edition::V2_0 };
    if let Some(class) = class_by_type(document) {
        return Some((edition, class));
    }
    let has = |name: &str| document.get(name).is_some();
    if !contexts.is_empty() {
        // A revoked assertion may say no more than this (OB 2.0 §4.1).
        let revoked = context("https://w3id.org/openbadges/v2") && has("revoked");
        return revoked.then_some((Edition::V2_0, Ob2Class::Assertion));
    }
    let badge = document.get("badge");
    match badge {
        Some(Json::Object(badge)) if has("recipient") && badge.get("issuer").is_some() && !has("uid") => {
            Some((Edition::V0_5, Ob2Class::Assertion))
        }
        Some(_) if has("recipient") && has("verify") => Some((Edition::V1_0, Ob2Class::Assertion)),
        None if has("issuer") && has("criteria") && has("name") => {
            Some((Edition::V1_0, Ob2Class::BadgeClass))
        }
        None if has("url") && has("name") && !has("issuer") => Some((Edition::V1_0, Ob2Class::Profile)),
        _ => None,
    }
}

fn class_by_type(document: &Object<'_>) -> Option<Ob2Class> {
    const CLASSES: &[(&str, Ob2Class)] = &[
        ("Assertion", Ob2Class::Assertion),
        ("BadgeClass", Ob2Class::BadgeClass),
        ("CryptographicKey", Ob2Class::CryptographicKey),
        ("Endorsement", Ob2Class::Endorsement),
        ("Issuer", Ob2Class::Profile),
        ("Profile", Ob2Class::Profile),
        ("RevocationList", Ob2Class::RevocationList),
    ];
    CLASSES.iter().find(|(name, _)| document.has_type(name)).map(|(_, class)| *class)
}
