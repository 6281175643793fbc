//! What the operator asks: does it live, is it ready, what does it do; and the gate that keeps it from drowning.

mod gate;
mod health;
mod page;
pub(crate) mod requests;

pub(crate) use self::{
    gate::Gate,
    health::ROUTES,
    page::{Reported, mount},
};
