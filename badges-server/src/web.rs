//! What all pages share: the frame around them, the components in them, their assets.
//!
//! A page is a struct with its template beside it; a handler fills it and hands it to `answer`. Nothing here
//! knows a table, nor a route but that of the assets.

pub(crate) mod way;
pub(crate) mod answer;
pub(crate) mod assets;
pub(crate) mod icon;
pub(crate) mod number;
pub(crate) mod frame;
pub(crate) mod components;
pub(crate) mod form;
pub(crate) mod table;
pub(crate) mod api;
pub(crate) mod errors;
pub(crate) mod home;

pub(crate) use frame::{Crumb, Frame, Section};
