//! From a template and references to a letter, at the time when it leaves or is looked at.

use badges_core::bake::{self, Generation, ImageKind};
use diesel::prelude::*;

use super::{
    message::{Stored, Template},
    templates::{Award, ClaimCode, Role, SignIn, Text, one_line},
};
use crate::{
    badges::Content,
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{AccountId, AwardId, AwardKey, BadgeId, ContactId, IdentityId, IssuerId},
    links::{Purpose, Target},
    schema::{
        accounts, awards, badge_versions, badges, claim_codes, contacts, credentials, identities, images,
        issuers, roles,
    },
};

/// What stands in the place of a link where somebody else than its receiver reads.
pub(crate) const PLACEHOLDER: &str = "(made when the message leaves)";

/// How long it makes sense to send what somebody waits for at a page.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3_600);

/// A message that can be sent or shown.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) to: String,
    /// What the receiver is called, on one line.
    pub(crate) name: Option<String>,
    pub(crate) text: Text,
    pub(crate) files: Vec<File>,
    /// Whom the link in it is for, where it holds one.
    pub(crate) target: Option<Target>,
}

/// A file with a letter.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// What became of a message.
#[derive(Debug)]
pub(crate) enum Composed {
    Letter(Box<Letter>),
    /// What it would tell is no longer so.
    Void(&'static str),
}

struct Person {
    identity: IdentityId,
    contact: ContactId,
    address: String,
    name: Option<String>,
    reachable: bool,
    contacted: bool,
}

/// Composes a message. The token is that of the link in it; none shows a placeholder instead.
pub(crate) fn compose(
    conn: &mut Conn,
    message: &Stored,
    base: &str,
    token: Option<&str>,
    now: Moment,
) -> Result<Composed, DbError> {
    let Some(template) = Template::named(&message.template) else {
        return Ok(Composed::Void("this program does not know the template"));
    };
    let Some(person) = person(conn, message)? else {
        return Ok(Composed::Void("the receiver was erased"));
    };
    if !person.reachable {
        return Ok(Composed::Void("the address refused mail before"));
    }
    let link =
        |purpose: Purpose| token.map_or_else(|| PLACEHOLDER.to_owned(), |token| purpose.address(base, token));
    let (text, files, purpose) = match template {
        Template::Award => match award(conn, message, &person, base, &link(Purpose::ClaimAward))? {
            Some((text, files, claimed)) => (text, files, (!claimed).then_some(Purpose::ClaimAward)),
            None => return Ok(Composed::Void("the award does not stand any more, or nobody is to be told")),
        },
        Template::ClaimCode => match claim_code(conn, message, &person, link(Purpose::ClaimCode), now)? {
            Some(text) => (text, Vec::new(), Some(Purpose::ClaimCode)),
            None => return Ok(Composed::Void("the code gives no badge any more")),
        },
        Template::Role => (role(conn, message, &person, base)?, Vec::new(), None),
        Template::SignIn => {
            if token.is_some() && message.created_at.plus(PATIENCE) < now {
                return Ok(Composed::Void("it was asked for too long ago"));
            }
            let text = sign_in(conn, message, &person, base, link(Purpose::SignIn))?;
            (text, Vec::new(), Some(Purpose::SignIn))
        }
    };
    let Ok(text) = text else { return Ok(Composed::Void("the template cannot be rendered")) };
    let award = message.award_id.filter(|_| template == Template::Award);
    let target = purpose.map(|purpose| Target {
        purpose,
        identity: person.identity,
        award,
        code: message.claim_code_id,
    });
    let name = person.name.as_deref().map(one_line).filter(|name| !name.is_empty());
    Ok(Composed::Letter(Box::new(Letter { to: person.address, name, text, files, target })))
}

type Rendered = Result<Text, askama::Error>;

fn person(conn: &mut Conn, message: &Stored) -> Result<Option<Person>, DbError> {
    type Found = (IdentityId, ContactId, Option<String>, String, Option<String>, bool, Option<Moment>);
    let Some(identity) = message.identity_id else { return Ok(None) };
    let found: Option<Found> = on!(conn, c => {
        identities::table
            .inner_join(contacts::table.on(contacts::id.eq(identities::contact_id)))
            .filter(identities::id.eq(identity))
            .select((
                identities::id,
                identities::contact_id,
                identities::address,
                identities::status,
                contacts::display_name,
                contacts::do_not_contact,
                contacts::erased_at,
            ))
            .first(c)
            .optional()
    })?;
    let Some((identity, contact, Some(address), status, name, silent, None)) = found else { return Ok(None) };
    let reachable = status != "invalid";
    let contacted = !silent && status != "complained";
    Ok(Some(Person { identity, contact, address, name, reachable, contacted }))
}

type Told = (AwardId, BadgeId, i32, IssuerId, String, Option<String>, Option<AccountId>, Option<Moment>);

/// The letter of an award, its file, and whether the award is claimed already.
fn award(
    conn: &mut Conn,
    message: &Stored,
    person: &Person,
    base: &str,
    claim: &str,
) -> Result<Option<(Rendered, Vec<File>, bool)>, DbError> {
    let (Some(key), true) = (message.award_id, person.contacted) else { return Ok(None) };
    let found: Option<Told> = on!(conn, c => {
        awards::table
            .find(key)
            .select((
                awards::public_id,
                awards::badge_id,
                awards::badge_version,
                awards::signing_id,
                awards::state,
                awards::note,
                awards::awarded_by,
                awards::claimed_at,
            ))
            .first(c)
            .optional()
    })?;
    let Some((id, badge, version, signing, state, note, by, claimed)) = found else { return Ok(None) };
    if state != "issued" {
        return Ok(None);
    }
    let (slug, content, image): (String, String, Option<String>) = on!(conn, c => {
        badge_versions::table
            .inner_join(badges::table.on(badges::id.eq(badge_versions::badge_id)))
            .filter(badge_versions::badge_id.eq(badge))
            .filter(badge_versions::number.eq(version))
            .select((badges::slug, badge_versions::content, badge_versions::image_hash))
            .first(c)
    })?;
    let content: Content = serde_json::from_str(&content).unwrap_or_default();
    let values = Award {
        name: person.name.clone(),
        badge: content.name,
        description: content.description,
        issuer: node_name(conn, signing)?,
        giver: giver(conn, by)?,
        note,
        page: format!("{base}/awards/{id}"),
        claim: claimed.is_none().then(|| claim.to_owned()),
    };
    let files = file(conn, key, &slug, image.as_deref())?;
    Ok(Some((values.text(), files.into_iter().collect(), claimed.is_some())))
}

/// The badge with its credential in it; the credential alone where the image is none that can carry it.
fn file(conn: &mut Conn, award: AwardKey, slug: &str, image: Option<&str>) -> Result<Option<File>, DbError> {
    let text: Option<String> =
        on!(conn, c => credentials::table.find((award, "vc")).select(credentials::text).first(c).optional())?;
    let Some(text) = text else { return Ok(None) };
    let image: Option<Vec<u8>> = match image {
        None => None,
        Some(hash) => on!(conn, c => images::table.find(hash).select(images::bytes).first(c).optional())?,
    };
    let kind = image.as_deref().and_then(ImageKind::sniff);
    let baked = image.and_then(|image| bake::bake(&image, &text, Generation::V3).ok());
    Ok(Some(match (kind, baked) {
        (Some(ImageKind::Png), Some(bytes)) => {
            File { name: format!("{slug}.png"), media_type: "image/png", bytes }
        }
        (Some(ImageKind::Svg), Some(bytes)) => {
            File { name: format!("{slug}.svg"), media_type: "image/svg+xml", bytes }
        }
        _ => {
            let name = format!("{slug}.json");
            File { name, media_type: "application/vc+ld+json", bytes: text.into_bytes() }
        }
    }))
}

fn claim_code(
    conn: &mut Conn,
    message: &Stored,
    person: &Person,
    link: String,
    now: Moment,
) -> Result<Option<Rendered>, DbError> {
    let Some(code) = message.claim_code_id else { return Ok(None) };
    let found: Option<(String, Option<IssuerId>)> = on!(conn, c => {
        claim_codes::table
            .inner_join(badges::table.on(badges::id.eq(claim_codes::badge_id)))
            .inner_join(
                badge_versions::table.on(badge_versions::badge_id
                    .eq(badges::id)
                    .and(badge_versions::number.nullable().eq(badges::newest))),
            )
            .filter(claim_codes::id.eq(code))
            .filter(claim_codes::revoked_at.is_null())
            .filter(claim_codes::expires_at.is_null().or(claim_codes::expires_at.gt(now)))
            .select((badge_versions::name, badge_versions::signing_id))
            .first(c)
            .optional()
    })?;
    let Some((badge, Some(signing))) = found else { return Ok(None) };
    let hours = Purpose::ClaimCode.lasts().as_secs() / 3_600;
    let values = ClaimCode {
        name: person.name.clone(),
        badge,
        issuer: node_name(conn, signing)?,
        link,
        works_for: format!("{hours} hours"),
    };
    Ok(Some(values.text()))
}

fn role(conn: &mut Conn, message: &Stored, person: &Person, base: &str) -> Result<Rendered, DbError> {
    let held: Vec<(String, String)> = on!(conn, c => {
        roles::table
            .inner_join(accounts::table.on(accounts::id.eq(roles::account_id)))
            .inner_join(issuers::table.on(issuers::id.eq(roles::issuer_id)))
            .filter(accounts::contact_id.eq(person.contact))
            .order(roles::id)
            .select((roles::role, issuers::name))
            .load(c)
    })?;
    let values = Role {
        name: person.name.clone(),
        organisation: node_name(conn, message.organisation_id)?,
        roles: held.into_iter().map(|(role, node)| format!("{role} of {node}")).collect(),
        sign_in: format!("{base}/sign-in"),
    };
    Ok(values.text())
}

fn sign_in(
    conn: &mut Conn,
    message: &Stored,
    person: &Person,
    base: &str,
    link: String,
) -> Result<Rendered, DbError> {
    let minutes = Purpose::SignIn.lasts().as_secs() / 60;
    let values = SignIn {
        name: person.name.clone(),
        organisation: node_name(conn, message.organisation_id)?,
        host: base.split("://").nth(1).unwrap_or(base).to_owned(),
        link,
        works_for: format!("{minutes} minutes"),
    };
    Ok(values.text())
}

fn node_name(conn: &mut Conn, node: IssuerId) -> Result<String, DbError> {
    on!(conn, c => issuers::table.find(node).select(issuers::name).first(c))
}

fn giver(conn: &mut Conn, by: Option<AccountId>) -> Result<Option<String>, DbError> {
    let Some(by) = by else { return Ok(None) };
    let name: Option<Option<String>> = on!(conn, c => {
        accounts::table
            .inner_join(contacts::table.on(contacts::id.eq(accounts::contact_id)))
            .filter(accounts::id.eq(by))
            .select(contacts::display_name)
            .first(c)
            .optional()
    })?;
    Ok(name.flatten())
}
