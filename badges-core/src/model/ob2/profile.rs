//! Who awards, and with which key (OB 2.0 §3.4, §3.8).

use crate::model::{
    contexts::Contexts,
    declare::class,
    value::{Types, Uri},
};

use super::{
    assertion::{Endorsement, RevocationList},
    badge_class::{Image, Related},
    values::{Email, Host, Reference, Telephone, Url, Version},
};

class! {
    /// An issuer.
    Profile = "Profile", types &[&["Issuer", "Profile"]], open {
        fixed {
            /// `Issuer` or `Profile`.
            types: Types = "type" => Types::of(&["Issuer"]);
        }
        required {
            /// Where the profile is hosted.
            id: Uri = "id";
            /// The name for people.
            name: String = "name";
            /// The home page.
            url: Url = "url";
            /// The address to write to.
            email: Email = "email";
        }
        optional {
            /// The JSON-LD contexts.
            context: Option<Contexts> = "@context";
            /// A short description.
            description: Option<String> = "description";
            /// The picture.
            image: Option<Reference<Image>> = "image";
            /// The telephone number.
            telephone: Option<Telephone> = "telephone";
            /// The keys that sign for it.
            public_key: Vec<Reference<CryptographicKey>> = "publicKey";
            /// What hosted assertions must look like.
            verification: Option<IssuerVerification> = "verification";
            /// The assertions that it revoked.
            revocation_list: Option<Reference<RevocationList>> = "revocationList";
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
    /// What the assertions of an issuer must look like.
    IssuerVerification = "VerificationObject", types &[], open {
        fixed {}
        required {}
        optional {
            /// `VerificationObject`.
            types: Vec<String> = "type";
            /// The member of an assertion that the rules look at, mostly `id`.
            verification_property: Option<String> = "verificationProperty";
            /// How it must begin.
            starts_with: Vec<Url> = "startsWith";
            /// The hosts where it may be.
            allowed_origins: Vec<Host> = "allowedOrigins";
        }
    }
}

class! {
    /// A key of an issuer.
    CryptographicKey = "CryptographicKey", types &[], open {
        fixed {}
        required {
            /// Whose key it is.
            owner: Uri = "owner";
            /// The public key in PEM.
            public_key_pem: String = "publicKeyPem";
        }
        optional {
            /// The JSON-LD contexts.
            context: Option<Contexts> = "@context";
            /// `CryptographicKey`.
            types: Vec<String> = "type";
            /// Where the key is hosted.
            id: Option<Uri> = "id";
        }
    }
}
