//! The pages of awards: the public one, giving, and what staff see.

mod desk;
mod giving;
mod public;

pub(crate) use desk::{
    AwardActions, AwardRow, AwardsList, StaffAward, Step, address_form, filter_form, reason_form,
};
pub(crate) use giving::{ClaimPage, GiveForm, GiveOutcome, Given, Preview, claim_form, give_form};
pub(crate) use public::{AwardPage, Downloads, Evidence, GonePage};
