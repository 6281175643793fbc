//! `/audit`: who did what and when.

use askama::Template;

use crate::web::{
    components::{Empty, Link, Verdict, When},
    form::{Choice, Field, Form},
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
    /// Whether the newest links of the chain hold.
    pub(crate) chain: Verdict,
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
    /// What else they did.
    pub(crate) by: String,
    /// What, as a sentence: "revoked an award".
    pub(crate) action: String,
    /// To what.
    pub(crate) object: Link,
}

/// What is looked for in the log. Whom and what an entry names is chosen by following it.
pub(crate) fn audit_form(actions: Vec<Choice>) -> Form {
    Form::new(
        "audit",
        [
            Field::list("action", "What was done", actions),
            Field::date("since", "From").unmarked(),
            Field::date("until", "To").unmarked(),
            Field::text("object", "To what").unmarked(),
            Field::text("actor", "By whom").unmarked(),
        ],
    )
}

impl AuditLog {
    fn table(&self) -> Table {
        let rows = self.rows.iter().cloned().map(|row| {
            let AuditRow { at, actor, by, action, object } = row;
            vec![
                Cell::Link { label: actor, href: by },
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
