//! What is said of an entry where nothing is built in that could look it up.

use crate::{
    json::{Json, Object},
    verify::{
        Code, Options,
        judge::{Answer, Judge, Reason},
        work::Within,
    },
};

pub(super) fn look_up(_: &mut Judge<'_>, _: &Json<'_>, _: &Object<'_>, _: &str, _: Within<'_>) -> Answer {
    Err(without("$.credentialStatus"))
}

pub(in crate::verify) fn look_up_assertion(_: &Options<'_>, _: &str, _: &Object<'_>) -> Answer {
    Err(without(""))
}

fn without(path: &str) -> Reason {
    Reason::new(Code::StatusUnsupported, path, "this program was built without the feature status")
}
