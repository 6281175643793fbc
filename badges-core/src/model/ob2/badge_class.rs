//! The badge itself (OB 2.0 §3.3).

use crate::model::{
    contexts::Contexts,
    declare::class,
    value::{Types, Uri},
};

use super::{
    assertion::Endorsement,
    profile::Profile,
    values::{Reference, Url, Version},
};

class! {
    /// A badge that may be awarded.
    BadgeClass = "BadgeClass", types &[&["BadgeClass"]], open {
        fixed {
            /// `BadgeClass`.
            types: Types = "type" => Types::of(&["BadgeClass"]);
        }
        required {
            /// Where the badge is hosted.
            id: Uri = "id";
            /// The name of the badge.
            name: String = "name";
            /// A short description.
            description: String = "description";
            /// The picture, PNG or SVG.
            image: Reference<Image> = "image";
            /// How it is earned.
            criteria: Reference<Criteria> = "criteria";
            /// Who awards it.
            issuer: Reference<Profile> = "issuer";
        }
        optional {
            /// The JSON-LD contexts.
            context: Option<Contexts> = "@context";
            /// The objectives and standards that it meets.
            alignment: Vec<Alignment> = "alignment";
            /// Words to search by.
            tags: Vec<String> = "tags";
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
    /// How a badge is earned; at least one of the two must be there.
    Criteria = "Criteria", types &[], open {
        fixed {}
        required {}
        optional {
            /// `Criteria`.
            types: Vec<String> = "type";
            /// A page that tells it.
            id: Option<Uri> = "id";
            /// The telling itself, in Markdown.
            narrative: Option<String> = "narrative";
        }
    }
}

class! {
    /// How a badge stands to a node of an educational framework.
    Alignment = "AlignmentObject", types &[], open {
        fixed {}
        required {
            /// The name of the node.
            target_name: String = "targetName";
            /// The page of the node.
            target_url: Url = "targetUrl";
        }
        optional {
            /// `AlignmentObject`.
            types: Vec<String> = "type";
            /// What the node is about.
            target_description: Option<String> = "targetDescription";
            /// The name of the framework.
            target_framework: Option<String> = "targetFramework";
            /// The code of the node within its framework.
            target_code: Option<String> = "targetCode";
        }
    }
}

class! {
    /// A picture with what is known about it.
    Image = "Image", types &[], open {
        fixed {}
        required {
            /// Where it is, or the picture itself as a data URI.
            id: Uri = "id";
        }
        optional {
            /// `schema:ImageObject`.
            types: Vec<String> = "type";
            /// What it shows, in words.
            caption: Option<String> = "caption";
            /// Who made it.
            author: Option<Uri> = "author";
        }
    }
}

class! {
    /// The same thing in another language or version.
    Related = "Related", types &[], open {
        fixed {}
        required {
            /// The other thing.
            id: Uri = "id";
        }
        optional {
            /// Its language.
            language: Option<String> = "@language";
            /// Its version.
            version: Option<Version> = "version";
        }
    }
}
