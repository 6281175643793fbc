//! Our badges before programs that others wrote, and theirs before ours.

mod judge;
mod badges;
mod control;
mod images;
mod canonical;
mod integrity;
mod jwt;
