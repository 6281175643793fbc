//! The tables, as the migrations leave them in both databases.

/// The SQL type of an identifier: 16 bytes, `BLOB` in SQLite and `UUID` in PostgreSQL.
#[derive(Clone, Copy, diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
#[diesel(sqlite_type(name = "Binary"))]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
pub struct Key;

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    installation (name) {
        name -> Text, value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    changes (id) {
        id -> Integer, counter -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    images (hash) {
        hash -> Text, media_type -> Text, bytes -> Binary, width -> Integer, height -> Integer,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    issuers (id) {
        id -> Key, organisation_id -> Key, parent_id -> Nullable<Key>, kind -> Text, path -> Text,
        slug -> Text, name -> Text, description -> Nullable<Text>, url -> Nullable<Text>,
        email -> Nullable<Text>, image_hash -> Nullable<Text>, position -> Integer, owners -> Integer,
        archived_at -> Nullable<BigInt>, created_at -> BigInt, version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    keys (id) {
        id -> Key, issuer_id -> Key, public -> Text, sealed -> Binary, sealed_by -> Text,
        created_at -> BigInt, retired_at -> Nullable<BigInt>, compromised_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    contacts (id) {
        id -> Key, organisation_id -> Key, kind -> Text, display_name -> Nullable<Text>,
        given_name -> Nullable<Text>, family_name -> Nullable<Text>, locale -> Nullable<Text>,
        country -> Nullable<Text>, search_name -> Nullable<Text>, do_not_contact -> Bool,
        merged_into -> Nullable<Key>, erased_at -> Nullable<BigInt>, created_at -> BigInt,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    contact_words (organisation_id, word, contact_id) {
        organisation_id -> Key, word -> Text, contact_id -> Key,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    identities (id) {
        id -> Key, organisation_id -> Key, source -> Text, subject -> Text, address -> Nullable<Text>,
        contact_id -> Key, is_primary -> Bool, status -> Text, verified_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    external_links (id) {
        id -> Key, organisation_id -> Key, contact_id -> Key, connector -> Text, external_id -> Text,
        state -> Text, created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    accounts (id) {
        id -> Key, organisation_id -> Key, contact_id -> Key, disabled_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    roles (id) {
        id -> Key, organisation_id -> Key, account_id -> Key, issuer_id -> Key, role -> Text,
        granted_by -> Nullable<Key>, created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    sessions (token_hash) {
        token_hash -> Binary, id -> Key, account_id -> Key, client -> Text, created_at -> BigInt,
        seen_at -> BigInt, expires_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    sign_ins (secret_hash) {
        secret_hash -> Binary, provider -> Text, account_id -> Nullable<Key>, next -> Nullable<Text>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    api_tokens (token_hash) {
        token_hash -> Binary, id -> Key, account_id -> Key, name -> Text, scopes -> Text,
        created_at -> BigInt, used_on -> Nullable<Integer>, expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    badges (id) {
        id -> Key, organisation_id -> Key, issuer_id -> Key, slug -> Text, track -> Nullable<Text>,
        newest -> Nullable<Integer>, held_once -> Bool, award_limit -> Nullable<Integer>,
        awarded -> Integer, undo_seconds -> Integer, suspendable -> Bool, hosted_ob2 -> Bool,
        visibility -> Text, rights_level -> Integer, position -> Integer, archived_at -> Nullable<BigInt>,
        created_at -> BigInt, version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    badge_versions (badge_id, number) {
        badge_id -> Key, number -> Integer, name -> Text, content -> Text, image_hash -> Nullable<Text>,
        signing_id -> Nullable<Key>, achievement -> Nullable<Text>, edited_by -> Nullable<Key>,
        created_at -> BigInt, published_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    badge_shares (badge_id, issuer_id) {
        badge_id -> Key, issuer_id -> Key,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    badge_prerequisites (badge_id, required_id) {
        badge_id -> Key, required_id -> Key,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    badge_grants (id) {
        id -> Key, badge_id -> Key, issuer_id -> Nullable<Key>, granted_badge_id -> Nullable<Key>,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    slugs (kind, slug) {
        kind -> Text, slug -> Text, badge_id -> Nullable<Key>, issuer_id -> Nullable<Key>,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    status_lists (id) {
        id -> Key, suspension_id -> Key, issuer_id -> Key, size -> Integer, taken -> Integer,
        seed -> Binary, version -> Integer, changed_at -> BigInt, created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    claim_codes (code_hash) {
        code_hash -> Binary, id -> Key, organisation_id -> Key, badge_id -> Key, created_by -> Key,
        label -> Text, evidence -> Nullable<Text>, uses -> Integer, most_uses -> Nullable<Integer>,
        expires_at -> Nullable<BigInt>, revoked_at -> Nullable<BigInt>, created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    awards (id) {
        id -> Key, public_id -> Key, organisation_id -> Key, badge_id -> Key, badge_version -> Integer,
        signing_id -> Key, contact_id -> Key, identity_id -> Key, recipient -> Nullable<Text>,
        state -> Text, visibility -> Text, held_once -> Bool, note -> Nullable<Text>,
        evidence -> Nullable<Text>, results -> Nullable<Text>, awarded_by -> Nullable<Key>,
        claim_code_id -> Nullable<Key>, batch_id -> Nullable<Key>, batch_row -> Nullable<Integer>,
        list_id -> Nullable<Key>, list_index -> Nullable<Integer>, supersedes_id -> Nullable<Key>,
        reason -> Nullable<Text>, external_id -> Nullable<Text>, issue_at -> BigInt, expires_at -> Nullable<BigInt>,
        claimed_at -> Nullable<BigInt>, state_at -> BigInt, created_at -> BigInt, version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    credentials (award_id, format) {
        award_id -> Key, format -> Text, text -> Text, key_id -> Key, signed_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    links (token_hash) {
        token_hash -> Binary, purpose -> Text, identity_id -> Key, award_id -> Nullable<Key>,
        claim_code_id -> Nullable<Key>, minted_by -> Nullable<Key>, expires_at -> BigInt,
        used_at -> Nullable<BigInt>, created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    outbox (id) {
        id -> Key, organisation_id -> Key, receiver -> Text, template -> Text, identity_id -> Nullable<Key>,
        award_id -> Nullable<Key>, claim_code_id -> Nullable<Key>, state -> Text, attempts -> Integer,
        next_at -> BigInt, leased_by -> Nullable<Key>, lease_until -> Nullable<BigInt>,
        last_error -> Nullable<Text>, created_at -> BigInt, done_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    audit_links (sequence) {
        sequence -> BigInt, previous -> Binary, root -> Binary, hash -> Binary, created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    audit (sequence, position) {
        sequence -> BigInt, position -> Integer, organisation_id -> Nullable<Key>, actor -> Text,
        action -> Text, object -> Text, detail -> Text, created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    idempotency_keys (scope_hash) {
        scope_hash -> Binary, request_hash -> Binary, status -> Integer, location -> Nullable<Text>,
        body -> Text, created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    quotas (holder, name, day) {
        holder -> Key, name -> Text, day -> Integer, used -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    batches (id) {
        id -> Key, organisation_id -> Key, badge_id -> Key, account_id -> Key, name -> Text,
        note -> Nullable<Text>, evidence -> Nullable<Text>, mail -> Bool, state -> Text, total -> Integer,
        next_row -> Integer, awarded -> Integer, refused -> Integer, leased_by -> Nullable<Key>,
        lease_until -> Nullable<BigInt>, created_at -> BigInt, done_at -> Nullable<BigInt>,
        counted_for -> Nullable<Key>, counted_on -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    batch_pieces (batch_id, first_row) {
        batch_id -> Key, first_row -> Integer, text -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    batch_refusals (batch_id, batch_row) {
        batch_id -> Key, batch_row -> Integer, line -> BigInt, recipient -> Text, reason -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*; use super::Key;
    scheduled_awards (award_id) {
        award_id -> Key, did -> Nullable<Text>, mail -> Bool, leased_by -> Nullable<Key>,
        lease_until -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    installation,
    changes,
    images,
    issuers,
    keys,
    contacts,
    contact_words,
    identities,
    external_links,
    accounts,
    roles,
    sessions,
    api_tokens,
    badges,
    badge_versions,
    badge_shares,
    badge_prerequisites,
    badge_grants,
    slugs,
    status_lists,
    claim_codes,
    awards,
    credentials,
    links,
    outbox,
    audit_links,
    audit,
    idempotency_keys,
    quotas,
    batches,
    batch_pieces,
    batch_refusals,
    scheduled_awards,
);
