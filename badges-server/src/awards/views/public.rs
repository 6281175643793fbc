//! `/awards/{id}`: one award, for its holder and for everybody whom they show it to.

use askama::Template;

use crate::web::{
    components::{Link, Picture, Prose, Standing, Tone, Verdict, When},
    frame::Frame,
};

/// One award as everybody sees it who knows its address.
#[derive(Debug, Template)]
#[template(path = "awards/award.html")]
pub(crate) struct AwardPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The name of the badge and its page.
    pub(crate) badge: Link,
    /// Its picture.
    pub(crate) picture: Picture,
    /// What holding it says about somebody.
    pub(crate) description: String,
    /// The holder's name, where it is shown.
    pub(crate) holder: Option<String>,
    /// Who awarded it.
    pub(crate) issuer: Link,
    /// The programme in which it stands.
    pub(crate) programme: Option<Link>,
    /// When.
    pub(crate) awarded: When,
    /// Until when.
    pub(crate) until: Option<When>,
    /// How it stands.
    pub(crate) standing: Standing,
    /// What everybody should know first, and what was checked.
    pub(crate) verdict: Verdict,
    /// The award that took its place.
    pub(crate) successor: Option<Link>,
    /// Why it does not hold, in the words of who decided so.
    pub(crate) reason: Option<String>,
    /// What was done for it, in the words of who awarded it.
    pub(crate) note: Option<String>,
    /// Where to see it.
    pub(crate) evidence: Vec<Evidence>,
    /// What it takes.
    pub(crate) criteria: Prose,
    /// The award as files.
    pub(crate) downloads: Downloads,
    /// The address of this page, with scheme and host.
    pub(crate) url: String,
    /// Where to post to keep it in one's account; none where that is done or not the reader's to do.
    pub(crate) claim: Option<String>,
}

/// Something that shows what was done.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// What it is.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) href: Option<String>,
    /// What to see there.
    pub(crate) text: Option<String>,
}

/// The award as files; each the address of one.
#[derive(Clone, Debug)]
pub(crate) struct Downloads {
    /// The badge's picture with the award in it, and what people call its kind.
    pub(crate) picture: Option<(String, &'static str)>,
    /// What was signed.
    pub(crate) json: Option<String>,
    /// The same, as a token.
    pub(crate) jwt: Option<String>,
    /// Everything that is needed to check it without us.
    pub(crate) zip: Option<String>,
    /// The picture and the Assertion of Open Badges 2.0, which our own address hosts.
    pub(crate) older: Option<(String, String)>,
}

/// An award that was revoked: when, by whom and why. It goes out with 410.
#[derive(Debug, Template)]
#[template(path = "awards/gone.html")]
pub(crate) struct GonePage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The name of the badge and its page.
    pub(crate) badge: Link,
    /// Its picture.
    pub(crate) picture: Picture,
    /// Who revoked it.
    pub(crate) issuer: Link,
    /// When it was awarded.
    pub(crate) awarded: When,
    /// When it was revoked.
    pub(crate) revoked: When,
    /// Why, where the issuer says so.
    pub(crate) reason: Option<String>,
}

impl GonePage {
    fn verdict(&self) -> Verdict {
        let day = &self.revoked.words;
        let mut verdict =
            Verdict::new(Tone::Negative, format!("{} revoked this badge on {day}.", self.issuer.name));
        verdict.aside = Some("Copies of it that you may hold no longer hold either.".to_owned());
        verdict
    }
}
