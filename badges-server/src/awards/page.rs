//! The page of an award: what everybody should know first, who gave it for what, and the files to take away.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use diesel::prelude::*;

use super::{
    credential::Evidence as Shows,
    files::Shown,
    rows::Award,
    views::{AwardPage, Downloads, Evidence, GonePage},
};
use crate::{
    auth::Access,
    badges::{Content, hosted},
    clock::Moment,
    config::Config,
    db::{Conn, DbError, on},
    ids::{AwardId, BadgeId, KeyId},
    images::SVG,
    issuers::{Node, tree},
    problem::Problem,
    rights::{Action, Place, can},
    schema::{awards, badge_versions, badges, contacts, images, issuers, keys},
    web::{
        Crumb, Frame, answer,
        components::{Link, Picture, Prose, Standing, Tone, Verdict, When},
    },
};

/// What stands around an award.
pub(crate) struct Around {
    content: Content,
    image: Option<String>,
    /// The media type of the image.
    image_type: Option<String>,
    badge: Link,
    /// The nodes above the badge, from the root down.
    line: Vec<Node>,
    issuer: Link,
    /// Since when the key that signed it is in other hands.
    compromised: Option<Moment>,
    holder: Option<String>,
    successor: Option<AwardId>,
    /// Whether it is given out as hosted Open Badges 2.0 as well.
    hosted: bool,
}

/// Reads what the page says beside the award itself.
pub(crate) fn around(conn: &mut Conn, award: &Award, key: Option<KeyId>) -> Result<Around, DbError> {
    let hosted = award.recipient.is_some() && hosted::is_on(conn, award.badge_id)?;
    type Said = (String, Option<String>, Option<String>);
    let (text, image, image_type): Said = on!(conn, c => {
        badge_versions::table
            .left_join(images::table.on(images::hash.nullable().eq(badge_versions::image_hash)))
            .filter(badge_versions::badge_id.eq(award.badge_id))
            .filter(badge_versions::number.eq(award.badge_version))
            .select((badge_versions::content, badge_versions::image_hash, images::media_type.nullable()))
            .first(c)
    })?;
    let (slug, path) = place(conn, award.badge_id)?;
    let line = tree::line(conn, &path)?;
    let (issuer, at, compromised): (String, String, Option<Moment>) = on!(conn, c => {
        issuers::table
            .left_join(keys::table.on(keys::id.nullable().eq(key)))
            .filter(issuers::id.eq(award.signing_id))
            .select((issuers::name, issuers::slug, keys::compromised_at.nullable()))
            .first(c)
    })?;
    let holder: Option<Option<String>> = on!(conn, c => {
        contacts::table.find(award.contact_id).select(contacts::display_name).first(c).optional()
    })?;
    let successor = on!(conn, c => {
        awards::table
            .filter(awards::supersedes_id.eq(award.id))
            .select(awards::public_id)
            .first(c)
            .optional()
    })?;
    let content: Content = serde_json::from_str(&text).unwrap_or_default();
    Ok(Around {
        badge: Link::new(&content.name, format!("/badges/{slug}")),
        content,
        image,
        image_type,
        line,
        issuer: Link::new(issuer, format!("/issuers/{at}")),
        compromised,
        holder: holder.flatten().filter(|name| !name.is_empty()),
        successor,
        hosted,
    })
}

fn place(conn: &mut Conn, badge: BadgeId) -> Result<(String, String), DbError> {
    on!(conn, c => {
        badges::table
            .inner_join(issuers::table.on(issuers::id.eq(badges::issuer_id)))
            .filter(badges::id.eq(badge))
            .select((badges::slug, issuers::path))
            .first(c)
    })
}

/// The page of an award that stands, even if suspended, superseded or past its time.
pub(crate) fn standing(
    request: &HttpRequest,
    access: &Access,
    config: &Config,
    shown: &Shown,
    around: Around,
    known: bool,
    now: Moment,
) -> Result<HttpResponse, Problem> {
    let award = &shown.award;
    let path = format!("/awards/{}", award.public_id);
    let standing = Standing::of(&award.state, award.expires_at.is_some_and(|end| end <= now))
        .signed(around.compromised.is_some());
    // The holder decides who learns their name: not before they have taken the award as theirs.
    let holder = around.holder.clone().filter(|_| known || award.claimed_at.is_some());
    let (awarded, until) = (day(award.issue_at), award.expires_at.map(day));
    let verdict = verdict(standing, &around, holder.as_deref(), &awarded, until.as_ref(), award);
    let title = match &holder {
        Some(holder) => format!("{holder} earned {}", around.content.name),
        None => around.content.name.clone(),
    };
    let mut frame = Frame::of(access, config, &path, title, &verdict.sentence);
    // Those who show a preview of a link take no SVG.
    let previewed = around.image.as_ref().filter(|_| around.image_type.as_deref() != Some(SVG));
    frame.picture = previewed.map(|hash| format!("{}/images/{hash}", config.base()));
    frame.crumbs = crumbs(&around.line);
    let programme = around.line.last().filter(|node| !node.kind().signs());
    let file = |name: &str| shown.text.is_some().then(|| format!("{path}/{name}"));
    let page = AwardPage {
        frame,
        picture: around.picture(),
        description: around.content.description.clone(),
        holder,
        issuer: around.issuer.clone(),
        programme: programme.map(|node| Link::new(&node.name, format!("/issuers/{}", node.slug))),
        awarded,
        until,
        standing,
        verdict,
        successor: around.successor.map(|next| Link::new("See the newer award", format!("/awards/{next}"))),
        reason: award.reason.clone().filter(|reason| standing != Standing::Valid && !reason.is_empty()),
        note: award.note.clone(),
        evidence: evidence(award),
        criteria: Prose::of(&around.content.criteria_narrative()),
        downloads: Downloads {
            picture: file("badge").zip(around.image_type.as_deref().map(called)),
            json: file("credential.json"),
            jwt: file("credential.jwt"),
            zip: file("badge.zip"),
            older: file("assertion-badge")
                .zip(file("assertion.json"))
                .filter(|_| around.hosted && award.state != "suspended"),
        },
        url: format!("{}{path}", config.base()),
        claim: None,
        badge: around.badge,
    };
    answer::page(request, access, &page)
}

/// The page of an award that was revoked: when, by whom and why.
pub(crate) fn revoked(
    access: &Access,
    config: &Config,
    award: &Award,
    around: Around,
) -> Result<HttpResponse, Problem> {
    let path = format!("/awards/{}", award.public_id);
    let title = format!("{}: revoked", around.content.name);
    let mut frame = Frame::of(access, config, &path, title, "This award was revoked by its issuer.");
    frame.crumbs = crumbs(&around.line);
    let page = GonePage {
        frame,
        picture: around.picture(),
        badge: around.badge,
        issuer: around.issuer,
        awarded: day(award.issue_at),
        revoked: day(award.state_at),
        reason: award.reason.clone().filter(|reason| !reason.is_empty()),
    };
    answer::page_of(StatusCode::GONE, &page)
}

/// What people call a kind of picture.
fn called(media_type: &str) -> &'static str {
    if media_type == SVG { "SVG" } else { "PNG" }
}

impl Around {
    fn picture(&self) -> Picture {
        let href = self.image.as_ref().map(|hash| format!("/images/{hash}")).unwrap_or_default();
        Picture::new(href, &self.content.image_caption)
    }
}

/// The holder, and who may see the awards of the badge, which stands at `place`.
pub(crate) fn knows(access: &Access, award: &Award, place: Option<&Place>) -> bool {
    let visitor = access.visitor();
    visitor.is_some_and(|actor| actor.contact == award.contact_id)
        || place.is_some() && can(visitor, Action::ViewAwards, place)
}

fn verdict(
    standing: Standing,
    around: &Around,
    holder: Option<&str>,
    awarded: &When,
    until: Option<&When>,
    award: &Award,
) -> Verdict {
    let (issuer, day) = (&around.issuer.name, &awarded.words);
    let to = holder.map(|holder| format!(" to {holder}")).unwrap_or_default();
    let changed = self::day(award.state_at).words;
    let (tone, sentence) = match standing {
        Standing::Suspended => {
            (Tone::Caution, format!("{issuer} has suspended this badge for now, since {changed}."))
        }
        Standing::Superseded => {
            (Tone::Neutral, format!("A newer award took the place of this one on {changed}."))
        }
        Standing::Compromised => {
            let since = around.compromised.map(|since| format!(" since {}", self::day(since).words));
            let since = since.unwrap_or_default();
            (
                Tone::Negative,
                format!(
                    "The key that signed this badge is in other hands{since}, so nobody can rely on it. {issuer} can \
                     award it anew."
                ),
            )
        }
        Standing::Expired => {
            let end = until.map(|until| format!(" It was valid until {}.", until.words)).unwrap_or_default();
            (Tone::Caution, format!("{issuer} awarded this badge{to} on {day}.{end}"))
        }
        _ => (
            Tone::Positive,
            format!("This badge is genuine. {issuer} awarded it{to} on {day}, and it has not been revoked."),
        ),
    };
    Verdict::new(tone, sentence)
}

fn evidence(award: &Award) -> Vec<Evidence> {
    let all: Vec<Shows> =
        award.evidence.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let one = |shows: Shows| {
        let href = shows.url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let name = shows.name.or_else(|| href.clone()).unwrap_or_else(|| "What was shown".to_owned());
        Evidence { name, href, text: shows.narrative }
    };
    all.into_iter().map(one).collect()
}

fn crumbs(line: &[Node]) -> Vec<Crumb> {
    line.iter()
        .map(|node| Crumb { name: node.name.clone(), href: format!("/issuers/{}", node.slug) })
        .collect()
}

fn day(moment: Moment) -> When {
    When::day(moment.timestamp().unwrap_or(badges_core::time::Timestamp::EPOCH))
}
