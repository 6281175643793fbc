//! The texts of messages: templates and their values, each with samples in `templates/mail/samples`.

use askama::Template;

/// A message as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// One line.
    pub(crate) subject: String,
    pub(crate) plain: String,
    pub(crate) html: String,
}

/// Tells somebody of a badge.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub(crate) struct Award {
    /// What the person is called, if that is known.
    pub(crate) name: Option<String>,
    pub(crate) badge: String,
    /// What it recognises.
    pub(crate) description: String,
    /// Who signs it.
    pub(crate) issuer: String,
    /// Who gave it, if a person did.
    pub(crate) giver: Option<String>,
    /// What the giver wrote.
    pub(crate) note: Option<String>,
    /// Its page.
    pub(crate) page: String,
    /// Takes it into the person's account; none once that is done.
    pub(crate) claim: Option<String>,
}

/// One more step to take a badge.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub(crate) struct ClaimCode {
    pub(crate) name: Option<String>,
    pub(crate) badge: String,
    pub(crate) issuer: String,
    pub(crate) link: String,
    /// "24 hours".
    pub(crate) works_for: String,
}

/// Tells somebody of a role.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub(crate) struct Role {
    pub(crate) name: Option<String>,
    pub(crate) organisation: String,
    /// Each as "mentor of Hive Chicago".
    pub(crate) roles: Vec<String>,
    /// The page to sign in on.
    pub(crate) sign_in: String,
}

/// A link to sign in with.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub(crate) struct SignIn {
    pub(crate) name: Option<String>,
    pub(crate) organisation: String,
    pub(crate) host: String,
    pub(crate) link: String,
    /// "15 minutes".
    pub(crate) works_for: String,
}

#[derive(Template)]
#[template(path = "mail/award.txt")]
struct AwardPlain<'a>(&'a Award);

#[derive(Template)]
#[template(path = "mail/award.html")]
struct AwardHtml<'a>(&'a Award);

#[derive(Template)]
#[template(path = "mail/claim_code.txt")]
struct ClaimCodePlain<'a>(&'a ClaimCode);

#[derive(Template)]
#[template(path = "mail/claim_code.html")]
struct ClaimCodeHtml<'a>(&'a ClaimCode);

#[derive(Template)]
#[template(path = "mail/role.txt")]
struct RolePlain<'a>(&'a Role);

#[derive(Template)]
#[template(path = "mail/role.html")]
struct RoleHtml<'a>(&'a Role);

#[derive(Template)]
#[template(path = "mail/sign_in.txt")]
struct SignInPlain<'a>(&'a SignIn);

#[derive(Template)]
#[template(path = "mail/sign_in.html")]
struct SignInHtml<'a>(&'a SignIn);

impl Award {
    /// The text with these values.
    pub(crate) fn text(&self) -> Result<Text, askama::Error> {
        let subject = format!("You earned {}", self.badge);
        text(&subject, &AwardPlain(self), &AwardHtml(self))
    }
}

impl ClaimCode {
    /// The text with these values.
    pub(crate) fn text(&self) -> Result<Text, askama::Error> {
        let subject = format!("One more step to {}", self.badge);
        text(&subject, &ClaimCodePlain(self), &ClaimCodeHtml(self))
    }
}

impl Role {
    /// The text with these values.
    pub(crate) fn text(&self) -> Result<Text, askama::Error> {
        let subject = format!("You can work with badges of {}", self.organisation);
        text(&subject, &RolePlain(self), &RoleHtml(self))
    }
}

impl SignIn {
    /// The text with these values.
    pub(crate) fn text(&self) -> Result<Text, askama::Error> {
        let subject = format!("Your link to sign in to {}", self.organisation);
        text(&subject, &SignInPlain(self), &SignInHtml(self))
    }
}

fn text(subject: &str, plain: &impl Template, html: &impl Template) -> Result<Text, askama::Error> {
    Ok(Text { subject: one_line(subject), plain: plain.render()?, html: html.render()? })
}

/// A line that cannot end early, whatever a name holds: what stands behind would be another header.
pub(crate) fn one_line(text: &str) -> String {
    let plain =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    plain.take(200).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;

    fn check<T: DeserializeOwned>(samples: &str, render: impl Fn(&T) -> Result<Text, askama::Error>) {
        let samples: Vec<T> = serde_json::from_str(samples).unwrap();
        assert!(samples.len() > 1);
        for sample in samples {
            let Text { subject, plain, html } = render(&sample).unwrap();

            assert!(!subject.is_empty() && !subject.contains(['\r', '\n']), "{subject:?}");
            assert!(!html.contains("<script") && html.starts_with("<!doctype html>"), "{html}");
            // A blank line too many is where a value was missing.
            assert!(!plain.contains("\n\n\n") && !plain.contains("None"), "{plain}");
        }
    }

    #[test]
    fn every_message_reads_well_with_each_of_its_samples() {
        check(include_str!("../../templates/mail/samples/award.json"), Award::text);
        check(include_str!("../../templates/mail/samples/claim_code.json"), ClaimCode::text);
        check(include_str!("../../templates/mail/samples/role.json"), Role::text);
        check(include_str!("../../templates/mail/samples/sign_in.json"), SignIn::text);
    }

    #[test]
    fn a_name_makes_no_header_of_its_own() {
        assert_eq!(one_line("Ada\r\nBcc: all@example.org"), "Ada  Bcc: all@example.org");
    }
}
