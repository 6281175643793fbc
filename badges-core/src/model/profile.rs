//! Who: issuers, creators, recipients, and how they are named (OB 3.0 §B.1).

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{
    class::Range,
    declare::{class, vocabulary},
    endorsement::EndorsementCredential,
    members::Kind,
    text::Text,
    value::{CompactJws, Date, Number, Type, Types, Uri},
};

class! {
    /// A person or an organisation.
    Profile = "Profile", types &[&["Profile"]], open {
        fixed {
            /// `Profile`, and types of one's own.
            types: Types = "type" => Types::of(&["Profile"]);
        }
        required {
            /// The name for machines, mostly a DID or the address of the profile.
            id: Uri = "id";
        }
        optional {
            /// The name for people.
            name: Option<Text> = "name";
            /// The home page.
            url: Option<Uri> = "url";
            /// The telephone number.
            phone: Option<Text> = "phone";
            /// A short description.
            description: Option<Text> = "description";
            /// What others say of it, as credentials with embedded proofs.
            endorsement: Vec<EndorsementCredential> = "endorsement";
            /// What others say of it, as JWT.
            endorsement_jwt: Vec<CompactJws> = "endorsementJwt";
            /// The picture.
            image: Option<Image> = "image";
            /// The e-mail address.
            email: Option<Text> = "email";
            /// The postal address.
            address: Option<Address> = "address";
            /// Further identifiers.
            other_identifier: Vec<IdentifierEntry> = "otherIdentifier";
            /// The official of an organisation.
            official: Option<Text> = "official";
            /// The organisation above.
            parent_org: Option<Box<Profile>> = "parentOrg";
            /// The family name.
            family_name: Option<Text> = "familyName";
            /// The given name.
            given_name: Option<Text> = "givenName";
            /// Further names.
            additional_name: Option<Text> = "additionalName";
            /// The patronymic.
            patronymic_name: Option<Text> = "patronymicName";
            /// What stands before the name.
            honorific_prefix: Option<Text> = "honorificPrefix";
            /// What stands after the name.
            honorific_suffix: Option<Text> = "honorificSuffix";
            /// What stands before the family name, as in "von".
            family_name_prefix: Option<Text> = "familyNamePrefix";
            /// The day of birth.
            date_of_birth: Option<Date> = "dateOfBirth";
        }
    }
}

/// An issuer: the profile, or (in documents of others) only its URI.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileRef {
    /// The profile itself.
    Profile(Box<Profile>),
    /// Its URI; [strict](super::Severity) readers of badges refuse it.
    Uri(Uri),
}

impl ProfileRef {
    /// The URI of the profile.
    pub fn id(&self) -> &Uri {
        match self {
            Self::Profile(profile) => &profile.id,
            Self::Uri(uri) => uri,
        }
    }

    /// The profile, if it is there.
    pub fn profile(&self) -> Option<&Profile> {
        match self {
            Self::Profile(profile) => Some(profile),
            Self::Uri(_) => None,
        }
    }
}

impl From<Profile> for ProfileRef {
    fn from(profile: Profile) -> Self {
        Self::Profile(Box::new(profile))
    }
}

impl Kind for ProfileRef {
    const RANGE: Range = Range::ClassOrUri(Profile::class);
}

impl Serialize for ProfileRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Profile(profile) => profile.serialize(serializer),
            Self::Uri(uri) => uri.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ProfileRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = ProfileRef;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a profile or its URI")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<ProfileRef, E> {
                text.parse().map(ProfileRef::Uri).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ProfileRef, A::Error> {
                Profile::deserialize(MapAccessDeserializer::new(map))
                    .map(ProfileRef::from)
                    .map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

class! {
    /// A postal address.
    Address = "Address", types &[&["Address"]], open {
        fixed {
            /// `Address`.
            types: Types = "type" => Types::of(&["Address"]);
        }
        required {}
        optional {
            /// The country by name.
            address_country: Option<Text> = "addressCountry";
            /// The country by its ISO 3166-1 code.
            address_country_code: Option<Text> = "addressCountryCode";
            /// The region.
            address_region: Option<Text> = "addressRegion";
            /// The town.
            address_locality: Option<Text> = "addressLocality";
            /// Street and number.
            street_address: Option<Text> = "streetAddress";
            /// The post office box.
            post_office_box_number: Option<Text> = "postOfficeBoxNumber";
            /// The postal code.
            postal_code: Option<Text> = "postalCode";
            /// The place on the earth.
            geo: Option<GeoCoordinates> = "geo";
        }
    }
}

class! {
    /// A place on the earth.
    GeoCoordinates = "GeoCoordinates", types &[&["GeoCoordinates"]], open {
        fixed {
            /// `GeoCoordinates`.
            kind: Type = "type" => Type::new("GeoCoordinates");
        }
        required {
            /// Degrees north.
            latitude: Number = "latitude";
            /// Degrees east.
            longitude: Number = "longitude";
        }
        optional {}
    }
}

class! {
    /// A picture.
    Image = "Image", types &[&["Image"]], closed {
        fixed {
            /// `Image`.
            kind: Type = "type" => Type::new("Image");
        }
        required {
            /// Where it is, or the picture itself as a data URI.
            id: Uri = "id";
        }
        optional {
            /// What it shows, in words.
            caption: Option<Text> = "caption";
        }
    }
}

class! {
    /// A name of something in another system.
    IdentifierEntry = "IdentifierEntry", types &[&["IdentifierEntry"]], closed {
        fixed {
            /// `IdentifierEntry`.
            kind: Type = "type" => Type::new("IdentifierEntry");
        }
        required {
            /// The name.
            identifier: String = "identifier";
            /// The kind of name.
            identifier_type: IdentifierType = "identifierType";
        }
        optional {}
    }
}

class! {
    /// A name of a recipient, mostly hashed; see [`IdentityObject::hashed`].
    IdentityObject = "IdentityObject", types &[&["IdentityObject"]], closed {
        fixed {
            /// `IdentityObject`.
            kind: Type = "type" => Type::new("IdentityObject");
        }
        required {
            /// Whether `identityHash` is a hash.
            hashed: bool = "hashed";
            /// The hash with its algorithm in front, or the plain name.
            identity_hash: String = "identityHash";
            /// The kind of name.
            identity_type: IdentifierType = "identityType";
        }
        optional {
            /// What was put behind the name before it was hashed.
            salt: Option<String> = "salt";
        }
    }
}

vocabulary! {
    /// The kinds of names of things in other systems (OB 3.0 §B.5).
    IdentifierType, extensible {
        /// A name.
        Name = "name",
        /// A sourced id.
        SourcedId = "sourcedId",
        /// The id of a system.
        SystemId = "systemId",
        /// The id of a product.
        ProductId = "productId",
        /// A user name.
        UserName = "userName",
        /// The id of an account.
        AccountId = "accountId",
        /// An e-mail address.
        EmailAddress = "emailAddress",
        /// A national number of a person.
        NationalIdentityNumber = "nationalIdentityNumber",
        /// The number of a book.
        Isbn = "isbn",
        /// The number of a serial.
        Issn = "issn",
        /// A sourced id of LIS.
        LisSourcedId = "lisSourcedId",
        /// A sourced id of OneRoster.
        OneRosterSourcedId = "oneRosterSourcedId",
        /// A sourced id of a student information system.
        SisSourcedId = "sisSourcedId",
        /// A context of LTI.
        LtiContextId = "ltiContextId",
        /// A deployment of LTI.
        LtiDeploymentId = "ltiDeploymentId",
        /// A tool of LTI.
        LtiToolId = "ltiToolId",
        /// A platform of LTI.
        LtiPlatformId = "ltiPlatformId",
        /// A user of LTI.
        LtiUserId = "ltiUserId",
        /// Any other.
        Identifier = "identifier",
    }
}
