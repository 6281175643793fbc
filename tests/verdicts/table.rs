//! A table of cases: each badge with its world, and the answer under each policy.

use std::collections::BTreeSet;

use badges_core::{
    did::MemoryDocuments,
    jsonld::Contexts,
    verify::{Options, Outcome, Policy, Recipient, Report, Trust, inspect},
};
use serde_json::Value;

use crate::{actors::AT, vectors::say};

/// What is at hand beside the badge.
#[derive(Clone, Default)]
pub struct World {
    documents: MemoryDocuments,
    trust: Option<Trust>,
    require_trust: bool,
    recipient: Option<Recipient>,
    domain: Option<&'static str>,
    challenge: Option<&'static str>,
    at: Option<&'static str>,
}

impl World {
    /// Nothing.
    pub fn empty() -> Self {
        Self::default()
    }

    pub fn with(mut self, url: &str, document: impl ToString) -> Self {
        self.documents.insert(url, document.to_string());
        self
    }

    pub fn trusting(mut self, list: &Value) -> Self {
        self.trust = Some(Trust::parse(list.to_string().as_bytes()).unwrap());
        self
    }

    pub fn requiring(self, list: &Value) -> Self {
        Self { require_trust: true, ..self.trusting(list) }
    }

    pub fn for_recipient(self, recipient: &str) -> Self {
        Self { recipient: Some(Recipient::parse(recipient)), ..self }
    }

    pub fn in_domain(self, domain: &'static str) -> Self {
        Self { domain: Some(domain), ..self }
    }

    pub fn with_challenge(self, challenge: &'static str) -> Self {
        Self { challenge: Some(challenge), ..self }
    }

    pub fn at(self, at: &'static str) -> Self {
        Self { at: Some(at), ..self }
    }

    fn judge(&self, contexts: &Contexts, policy: Policy, text: &str) -> Report {
        let at = self.at.unwrap_or(AT).parse().unwrap();
        let options = Options {
            policy,
            trust: self.trust.as_ref(),
            require_trust: self.require_trust,
            recipient: self.recipient.as_ref(),
            domain: self.domain,
            challenge: self.challenge,
            ..Options::new(at, contexts, &self.documents)
        };
        inspect(text.as_bytes(), &options)
    }
}

/// The cases of one subject.
pub struct Table {
    subject: &'static str,
    contexts: Contexts,
    ran: BTreeSet<String>,
    failures: Vec<String>,
}

impl Table {
    pub fn new(subject: &'static str) -> Self {
        Self { subject, contexts: Contexts::new(), ran: BTreeSet::new(), failures: Vec::new() }
    }

    /// Both policies answer `verdict code`; where the two words are one, it stands once.
    pub fn both(&mut self, case: &str, text: &str, world: &World, answer: &str) {
        self.each(case, text, world, answer, answer);
    }

    /// As [`Table::both`], and the strict report holds each of these: `check outcome code`, `bound how`, or
    /// `finding code`.
    pub fn says(&mut self, case: &str, text: &str, world: &World, answer: &str, parts: &[&str]) {
        self.both(case, text, world, answer);
        let report = world.judge(&self.contexts, Policy::Strict, text);
        let all = parts_of(&report);
        for part in parts.iter().filter(|part| !all.contains(**part)) {
            self.failures.push(format!("{case}: the report lacks {part:?}: {all:?}"));
        }
    }

    /// The policies answer each for itself.
    pub fn each(&mut self, case: &str, text: &str, world: &World, strict: &str, lenient: &str) {
        assert!(self.ran.insert(case.to_owned()), "{}: {case} ran twice", self.subject);
        for (policy, expected) in [(Policy::Strict, strict), (Policy::Lenient, lenient)] {
            let report = world.judge(&self.contexts, policy, text);
            let (verdict, code) = (report.verdict.as_str(), report.code.as_str());
            let answer = if verdict == code { code.to_owned() } else { format!("{verdict} {code}") };
            if answer != expected {
                let message = report.message;
                self.failures.push(format!("{case}: {policy:?}: {answer}, not {expected}: {message}"));
            }
        }
    }

    /// Prints how many cases ran, and fails if one was answered otherwise than it must.
    pub fn finish(self) {
        say(&format!("vectors: verdicts, {}: {} ran", self.subject, self.ran.len()));
        assert!(self.failures.is_empty(), "{}\n{}", self.subject, self.failures.join("\n"));
    }
}

fn parts_of(report: &Report) -> BTreeSet<String> {
    let word = |outcome| match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::Unknown => "unknown",
        Outcome::NotAsked => "not_asked",
    };
    let checks = report.checks.iter().map(|check| {
        let code = check.code.map(|code| format!(" {code}")).unwrap_or_default();
        format!("{} {}{code}", check.check, word(check.outcome))
    });
    let findings = report.findings.iter().map(|finding| format!("finding {}", finding.code));
    let bound = report.bound.iter().map(|bound| {
        let word = serde_json::to_value(bound).unwrap();
        format!("bound {}", word.as_str().unwrap())
    });
    checks.chain(findings).chain(bound).collect()
}
