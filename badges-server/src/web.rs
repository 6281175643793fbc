//! What all pages share: the frame around them, the components in them, their assets.
//!
//! A page is a struct with its template beside it; a handler fills it and calls `render`. Nothing here knows
//! a route or a table.

pub(crate) mod assets;
pub(crate) mod icon;
pub(crate) mod frame;
pub(crate) mod components;
pub(crate) mod form;
pub(crate) mod table;
pub(crate) mod api;
pub(crate) mod errors;
pub(crate) mod home;

pub(crate) use assets::{Asset, asset};
pub(crate) use frame::{Crumb, Frame, Section};
