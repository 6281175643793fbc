//! The pages of people who sign in: signing in, what is theirs, who may do what, and who did what.

mod audit;
mod people;
mod settings;
mod sign_in;
mod tokens;

pub(crate) use audit::{AuditLog, AuditRow, audit_form};
pub(crate) use people::{People, PersonRow, others_field, place_form, role_form, role_hint, role_word};
pub(crate) use settings::{SettingGroup, Settings};
pub(crate) use sign_in::{
    Confirm, LinkSent, Me, Onward, OtherWay, OwnProvider, OwnRole, Session, SignIn, sign_in_form,
};
pub(crate) use tokens::{Token, Tokens, scope_choices, token_form};
