//! Contacts as programs read them.

use serde::Serialize;

use super::{
    held::Held,
    record::{ExternalLink, Known, Line, Record},
};
use crate::{
    clock::Moment,
    ids::{AwardId, ContactId, LinkId},
};

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ContactLine)]
pub(super) struct LineResponse {
    id: ContactId,
    display_name: Option<String>,
    address: Option<String>,
    do_not_contact: bool,
    held: i64,
    newest_award_at: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Contact)]
pub(super) struct ContactResponse {
    id: ContactId,
    display_name: Option<String>,
    do_not_contact: bool,
    merged_into: Option<ContactId>,
    created_at: Option<String>,
    identities: Vec<KnownResponse>,
    links: Vec<LinkResponse>,
    /// The newest; the others by `GET /api/v1/awards?contact=`.
    awards: Vec<HeldResponse>,
    version: i32,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Identity)]
struct KnownResponse {
    /// `email`, `did`, or the name of a provider.
    source: String,
    /// The address as it was given, or the subject at the provider.
    subject: String,
    primary: bool,
    /// `ok`, `bouncing`, `complained` or `invalid`.
    status: String,
    proved_at: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Link)]
struct LinkResponse {
    id: LinkId,
    connector: String,
    external_id: String,
    state: String,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = HeldAward)]
struct HeldResponse {
    id: AwardId,
    badge: String,
    issuer: String,
    state: String,
    issued_at: Option<String>,
    expires_at: Option<String>,
}

fn time(moment: Moment) -> Option<String> {
    moment.timestamp().map(|time| time.to_string())
}

impl From<Line> for LineResponse {
    fn from(line: Line) -> Self {
        let Line { contact, address, held, newest } = line;
        Self {
            id: contact.id,
            display_name: contact.display_name,
            address: address.map(|(address, _)| address),
            do_not_contact: contact.do_not_contact,
            held,
            newest_award_at: newest.and_then(time),
        }
    }
}

impl ContactResponse {
    pub(super) fn new(record: Record, held: Vec<Held>) -> Self {
        let Record { contact, known, links } = record;
        Self {
            id: contact.id,
            display_name: contact.display_name,
            do_not_contact: contact.do_not_contact,
            merged_into: contact.merged_into,
            created_at: time(contact.created_at),
            identities: known.into_iter().map(KnownResponse::from).collect(),
            links: links.into_iter().map(LinkResponse::from).collect(),
            awards: held.into_iter().map(HeldResponse::from).collect(),
            version: contact.version,
        }
    }
}

impl From<Known> for KnownResponse {
    fn from(known: Known) -> Self {
        let Known { source, subject, address, is_primary, status, verified_at } = known;
        Self {
            source,
            subject: address.unwrap_or(subject),
            primary: is_primary,
            status,
            proved_at: verified_at.and_then(time),
        }
    }
}

impl From<ExternalLink> for LinkResponse {
    fn from(link: ExternalLink) -> Self {
        let ExternalLink { id, connector, external_id, state } = link;
        Self { id, connector, external_id, state }
    }
}

impl From<Held> for HeldResponse {
    fn from(held: Held) -> Self {
        let Held { id, state, issue_at, expires_at, badge, image: _, issuer, compromised_at: _ } = held;
        Self { id, badge, issuer, state, issued_at: time(issue_at), expires_at: expires_at.and_then(time) }
    }
}
