//! Giving a badge: check, choose, build, sign, then one entry into the ledger.

use std::sync::Arc;

use badges_core::time::Timestamp;
use tokio::task;

use super::{
    AwardError,
    credential::{self, Evidence, Particulars},
    guards::Replaced,
    ledger::{Done, Order, Ready},
    queue::Queue,
    rows::{Award, Credential, Message, Scheduled, State},
};
use crate::{
    badges::{
        BadgeError,
        prepared::{Prepared, Shelf},
    },
    clock::Moment,
    contacts::{
        EmailAddress,
        identities::{self, DID, EMAIL, Identity, Name, Person, Sought},
    },
    db::{Conn, Db, DbError, Gather},
    idempotency::Keyed,
    ids::{AccountId, AwardId, AwardKey, BadgeId, ClaimCodeId, ContactId, MessageId},
    issuers::{
        Signers,
        place::{Places, StatusPlace},
    },
    problem::FieldError,
};

/// How many are signed on a thread that serves, which others wait for meanwhile.
const FEW: usize = 8;

/// Everything that awarding takes.
pub(crate) struct Desk {
    pub(crate) db: Db,
    pub(crate) signers: Arc<Signers>,
    pub(crate) base: Arc<str>,
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) places: Places,
    /// The newest version of a badge.
    newest: Gather<BadgeId, Result<Arc<Prepared>, BadgeError>>,
    /// Who of the recipients of an order is known.
    known: Gather<Vec<Name>, Vec<Option<Identity>>>,
    queue: Queue,
    /// Whether mail leaves by itself, or is kept for the operator to see.
    sends_mail: bool,
}

/// What is to be given.
#[derive(Clone, Debug)]
pub(crate) struct Gift {
    pub(crate) badge: BadgeId,
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) note: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) visibility: Option<String>,
    /// Whether the recipients are told by mail.
    pub(crate) mail: bool,
    /// The award whose place it takes.
    pub(crate) replaces: Option<Replaced>,
    /// The code by which it is claimed.
    pub(crate) code: Option<ClaimCodeId>,
}

/// Whom it is for: an address or a DID.
#[derive(Clone, Debug)]
pub(crate) struct Recipient {
    pub(crate) email: Option<EmailAddress>,
    pub(crate) did: Option<String>,
    pub(crate) name: Option<String>,
    /// What whoever asks for it calls the award.
    pub(crate) external_id: Option<String>,
}

/// Who gives it.
#[derive(Clone, Debug)]
pub(crate) struct Giver {
    pub(crate) account: Option<AccountId>,
    pub(crate) contact: Option<ContactId>,
    /// For the audit log.
    pub(crate) named: String,
    pub(crate) quota: Option<i32>,
}

impl Recipient {
    /// What to call them in an answer to who awards.
    pub(crate) fn called(&self) -> String {
        let address = self.email.as_ref().map(EmailAddress::as_given);
        self.name.as_deref().or(address).or(self.did.as_deref()).unwrap_or_default().to_owned()
    }
}

impl Desk {
    /// `waiting` orders wait before further ones are refused.
    pub(crate) fn new(db: Db, signers: Arc<Signers>, base: &str, waiting: usize, sends_mail: bool) -> Self {
        Self::with(db, signers, base.into(), Arc::default(), Places::default(), waiting, sends_mail)
    }

    /// For a run that gives one badge and ends.
    pub(crate) fn for_one(&self) -> Self {
        let (signers, base, shelf) =
            (Arc::clone(&self.signers), Arc::clone(&self.base), Arc::clone(&self.shelf));
        Self::with(self.db.clone(), signers, base, shelf, Places::one_by_one(), 1, self.sends_mail)
    }

    fn with(
        db: Db,
        signers: Arc<Signers>,
        base: Arc<str>,
        shelf: Arc<Shelf>,
        places: Places,
        waiting: usize,
        sends_mail: bool,
    ) -> Self {
        let newest = {
            let (shelf, signers, base) = (Arc::clone(&shelf), Arc::clone(&signers), Arc::clone(&base));
            Gather::new(&db, move |conn, badges: &[BadgeId]| shelf.newest_of(conn, &signers, &base, badges))
        };
        let known = Gather::new(&db, |conn, orders: &[Vec<Name>]| {
            let mut known = identities::find_all(conn, &orders.concat())?.into_iter();
            Ok(orders.iter().map(|names| known.by_ref().take(names.len()).collect()).collect())
        });
        let queue = Queue::new(db.clone(), waiting);
        Self { db, signers, base, shelf, places, newest, known, queue, sends_mail }
    }

    /// A badge that can be awarded now.
    pub(crate) async fn prepared(&self, badge: BadgeId) -> Result<Arc<Prepared>, AwardError> {
        Ok(self.newest.ask(badge).await??)
    }

    /// Gives it; returns when it is durable. All recipients or none.
    pub(crate) async fn give(
        self: &Arc<Self>,
        gift: Gift,
        giver: Giver,
        keyed: Option<Keyed>,
        now: Moment,
    ) -> Result<Done, AwardError> {
        let prepared = self.prepared(gift.badge).await?;
        self.give_prepared(prepared, gift, giver, keyed, None, now).await
    }

    /// The same of a badge that was asked for already, and at a later time where one is given, or when the time to
    /// undo it is over, whichever is later.
    pub(crate) async fn give_prepared(
        self: &Arc<Self>,
        prepared: Arc<Prepared>,
        gift: Gift,
        giver: Giver,
        keyed: Option<Keyed>,
        issue_at: Option<Moment>,
        now: Moment,
    ) -> Result<Done, AwardError> {
        let mut places = Vec::with_capacity(gift.recipients.len());
        for _ in &gift.recipients {
            places.push(self.places.take(&self.db, prepared.signing_id, now).await?);
        }
        // What takes the place of another, or is claimed, is wanted now.
        let wanted = gift.replaces.is_some() || gift.code.is_some();
        let at = if wanted { now } else { prepared.issues(issue_at, now) };
        let organisation = prepared.badge.organisation_id;
        let names = sought(&gift.recipients)?.iter().map(|one| one.named(organisation)).collect();
        let known = self.known.ask(names).await?;
        let (desk, many) = (Arc::clone(self), gift.recipients.len() > FEW);
        let build = move || {
            let people = identities::make(organisation, &sought(&gift.recipients)?, known, now)?;
            let to = gift.recipients.iter().zip(people).zip(places);
            let awards = to.map(|((recipient, person), place)| {
                desk.ready(&prepared, &gift, &giver, recipient, person, place, at, now)
            });
            let awards = awards.collect::<Result<Vec<_>, _>>()?;
            let (quota, base) = (giver.account.zip(giver.quota), Arc::clone(&desk.base));
            Ok(Order { awards, keyed, quota, actor: giver.named, base, now, replaces: gift.replaces })
        };
        let order: Result<Order, AwardError> =
            if many { task::spawn_blocking(build).await.map_err(|_| DbError::Busy)? } else { build() };
        self.queue.enter(order?).await
    }

    /// Builds and signs one award, which is then to be entered into the ledger.
    #[expect(clippy::too_many_arguments, reason = "each is one of the things that an award is made of")]
    pub(crate) fn ready(
        &self,
        prepared: &Prepared,
        gift: &Gift,
        giver: &Giver,
        recipient: &Recipient,
        person: Person,
        place: StatusPlace,
        issue_at: Moment,
        now: Moment,
    ) -> Result<Ready, AwardError> {
        if giver.contact == Some(person.identity.contact_id) {
            return Err(AwardError::ToOneself);
        }
        let valid_from = issue_at.timestamp().ok_or_else(clock)?;
        let expires_at = prepared.expires(gift.expires_at, issue_at);
        let particulars = Particulars {
            id: AwardId::random()?,
            did: recipient.did.as_deref(),
            address: recipient.email.as_ref().map(EmailAddress::as_given),
            note: gift.note.as_deref(),
            evidence: &gift.evidence,
            place,
            valid_from,
            valid_until: expires_at.and_then(Moment::timestamp),
        };
        let tells = gift.mail && recipient.email.is_some();
        let award = row(prepared, gift, giver, recipient, &person, &particulars, now)?;
        let mut ready = Ready {
            person,
            credential: None,
            message: None,
            scheduled: None,
            // What takes the place of another was counted with that one.
            limit: prepared.badge.award_limit.filter(|_| gift.replaces.is_none()),
            prerequisites: prepared.prerequisites.clone(),
            called: recipient.called(),
            award,
        };
        let award = &mut ready.award;
        if issue_at > now {
            (award.state, award.issue_at) = (State::Scheduled.name().to_owned(), issue_at);
            let did = recipient.did.clone();
            ready.scheduled = Some(Scheduled { award_id: award.id, did, mail: tells });
        } else {
            let text = credential::sign(prepared, &particulars, &self.base, &self.signers.contexts)?;
            self.db.metrics().signed.add(1);
            ready.credential = Some(signed(prepared, award, text, now));
            ready.message = if tells { Some(self.message(award, now)?) } else { None };
        }
        Ok(ready)
    }

    pub(super) fn message(&self, award: &Award, now: Moment) -> Result<Message, AwardError> {
        Ok(Message {
            id: MessageId::new(now)?,
            organisation_id: award.organisation_id,
            receiver: "mail",
            template: "award",
            identity_id: Some(award.identity_id),
            award_id: Some(award.id),
            claim_code_id: None,
            state: if self.sends_mail { "queued" } else { "kept" },
            next_at: now,
            created_at: now,
        })
    }
}

/// What was signed for an award.
pub(super) fn signed(prepared: &Prepared, award: &Award, text: String, now: Moment) -> Credential {
    Credential { award_id: award.id, format: "vc", text, key_id: prepared.signing.key, signed_at: now }
}

/// Who the recipients are: known already, or to be added with their awards. One query for all.
pub(crate) fn people(
    conn: &mut Conn,
    prepared: &Prepared,
    recipients: &[Recipient],
    now: Moment,
) -> Result<Vec<Person>, AwardError> {
    identities::find_or_make(conn, prepared.badge.organisation_id, &sought(recipients)?, now)
}

fn sought(recipients: &[Recipient]) -> Result<Vec<Sought<'_>>, AwardError> {
    let sought = recipients.iter().map(|recipient| {
        let name = recipient.name.as_deref();
        match (&recipient.email, &recipient.did) {
            (Some(email), _) => {
                Ok(Sought { source: EMAIL, subject: email.subject(), address: Some(email.as_given()), name })
            }
            (None, Some(did)) => Ok(Sought { source: DID, subject: did, address: None, name }),
            (None, None) => Err(AwardError::Fields(vec![FieldError {
                path: "recipients".to_owned(),
                code: "missing",
                message: "has neither email nor did: give one of them".to_owned(),
            }])),
        }
    });
    sought.collect()
}

/// The row of an award that is about to be made.
fn row(
    prepared: &Prepared,
    gift: &Gift,
    giver: &Giver,
    recipient: &Recipient,
    person: &Person,
    particulars: &Particulars<'_>,
    now: Moment,
) -> Result<Award, AwardError> {
    let badge = &prepared.badge;
    Ok(Award {
        id: AwardKey::new(now)?,
        public_id: particulars.id,
        organisation_id: badge.organisation_id,
        badge_id: badge.id,
        badge_version: prepared.number,
        signing_id: prepared.signing_id,
        contact_id: person.identity.contact_id,
        identity_id: person.identity.id,
        recipient: particulars.address.map(str::to_owned),
        state: State::Issued.name().to_owned(),
        visibility: gift.visibility.clone().unwrap_or_else(|| badge.visibility.clone()),
        held_once: badge.held_once,
        note: gift.note.clone(),
        evidence: stored(&gift.evidence),
        awarded_by: giver.account,
        claim_code_id: gift.code,
        batch_id: None,
        batch_row: None,
        list_id: Some(particulars.place.list),
        list_index: Some(particulars.place.index),
        supersedes_id: gift.replaces.as_ref().map(|replaced| replaced.key),
        reason: None,
        external_id: recipient.external_id.clone(),
        issue_at: now,
        expires_at: particulars.valid_until.map(Moment::from),
        claimed_at: gift.code.map(|_| now),
        state_at: now,
        created_at: now,
        version: 1,
    })
}

fn stored(evidence: &[Evidence]) -> Option<String> {
    if evidence.is_empty() { None } else { serde_json::to_string(evidence).ok() }
}

fn clock() -> AwardError {
    AwardError::Fields(vec![FieldError {
        path: "issued_at".to_owned(),
        code: "clock",
        message: "the clock of this machine stands before 1970 or after 9999: set it".to_owned(),
    }])
}
