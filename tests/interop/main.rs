//! Our badges before programs that others wrote, and theirs before us.

mod judge;
mod control;
