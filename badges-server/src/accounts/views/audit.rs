//! `/audit`: who did what and when.

use askama::Template;

use crate::web::{
    components::{Empty, Link, When},
    form::{Field, Form},
    frame::Frame,
    table::{Cell, Paging, Table},
};

/// The audit log.
#[derive(Debug, Template)]
#[template(path = "accounts/audit.html")]
pub(crate) struct AuditLog {
    /// The frame.
    pub(crate) frame: Frame,
    /// Whose doings, or what was done to which object: [`audit_form`].
    pub(crate) filter: Form,
    /// Whether something is looked for.
    pub(crate) filtered: bool,
    /// What was done, newest first.
    pub(crate) rows: Vec<AuditRow>,
    /// The way to the next ones.
    pub(crate) paging: Paging,
    /// The newest link of the chain, for those who keep it elsewhere.
    pub(crate) head: Option<String>,
}

/// One thing that was done.
#[derive(Clone, Debug)]
pub(crate) struct AuditRow {
    /// When.
    pub(crate) at: When,
    /// By whom.
    pub(crate) actor: String,
    /// What, as a sentence: "withdrew an award".
    pub(crate) action: String,
    /// To what.
    pub(crate) object: Link,
}

/// What is looked for in the log.
pub(crate) fn audit_form() -> Form {
    Form::new("audit", [Field::search("q", "Person, award, badge").unmarked()])
}

impl AuditLog {
    fn table(&self) -> Table {
        let rows = self.rows.iter().cloned().map(|row| {
            let AuditRow { at, actor, action, object } = row;
            vec![
                Cell::text(actor),
                Cell::text(action),
                Cell::Link { label: object.name, href: object.href },
                Cell::Time(at),
            ]
        });
        Table {
            caption: "What was done, newest first",
            columns: vec!["Who", "What", "To what", "When"],
            rows: rows.collect(),
            paging: self.paging.clone(),
        }
    }
}
