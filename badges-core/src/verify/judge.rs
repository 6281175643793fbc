//! Where checks are written down while a document is judged, and the verdict is drawn from them.

use super::{
    Bound, Check, CheckName, Code, Finding, Generation, Options, Outcome, Report, Verdict, printable,
};

/// The answer to a question that can go wrong in three ways.
pub(super) type Answer<T = ()> = Result<T, Reason>;

/// Why a check did not pass; the code says what follows from it.
#[derive(Clone, Debug)]
pub(super) struct Reason {
    pub(super) code: Code,
    pub(super) path: String,
    pub(super) message: String,
}

impl Reason {
    pub(super) fn new(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, path: path.into(), message: printable(&message.into()).into_owned() }
    }

    /// Unknown is what a document that is not there could still turn; everything else is a no.
    fn outcome(&self) -> Outcome {
        if self.code == Code::SchemaUnknown {
            return Outcome::Unknown;
        }
        match self.code.verdict() {
            Verdict::Undecided | Verdict::Unsupported => Outcome::Unknown,
            _ => Outcome::Failed,
        }
    }

    /// The place in the order of precedence (`specs/verdict.md`): a key that cannot be had comes before all
    /// that rests on it, a status that cannot be had after all that is certain.
    fn rank(&self) -> (u8, Verdict) {
        let verdict = self.code.verdict();
        let rank = match self.code {
            Code::StatusExpired
            | Code::StatusMalformed
            | Code::StatusMissing
            | Code::StatusNotBound
            | Code::StatusUnsupported => 6,
            _ => match verdict {
                Verdict::Invalid => 0,
                Verdict::Unsupported => 1,
                Verdict::Undecided => 2,
                Verdict::Unbound => 3,
                Verdict::Revoked | Verdict::Suspended => 4,
                Verdict::Expired | Verdict::NotYetValid => 5,
                Verdict::Valid => 7,
            },
        };
        (rank, verdict)
    }
}

/// The book of one verification.
pub(super) struct Judge<'o> {
    pub(super) options: &'o Options<'o>,
    pub(super) report: Report,
    reason: Option<Reason>,
}

impl<'o> Judge<'o> {
    pub(super) fn new(options: &'o Options<'o>) -> Self {
        let report = Report::unopened(Verdict::Valid, Code::Valid, "everything asked holds");
        Self { options, report, reason: None }
    }

    /// Writes a check down and remembers the reason, if it is the first so far.
    pub(super) fn record(&mut self, check: CheckName, answer: Answer) {
        match answer {
            Ok(()) => self.write(check, Outcome::Passed, None),
            Err(reason) => {
                self.write(check, reason.outcome(), Some(&reason));
                self.weigh(reason);
            }
        }
    }

    /// Writes a check down that did not pass but does not decide.
    pub(super) fn note(&mut self, check: CheckName, reason: &Reason) {
        self.write(check, reason.outcome(), Some(reason));
        self.find(reason.code, &reason.path, &reason.message);
    }

    pub(super) fn skip(&mut self, check: CheckName) {
        self.write(check, Outcome::NotAsked, None);
    }

    pub(super) fn find(&mut self, code: Code, path: &str, message: impl Into<String>) {
        self.report.findings.push(Finding {
            code,
            path: path.to_owned(),
            message: printable(&message.into()).into_owned(),
        });
    }

    pub(super) fn bind(&mut self, bound: Bound) {
        self.report.bound = Some(bound);
    }

    pub(super) fn generation(&mut self, generation: Generation) {
        self.report.generation = Some(generation);
    }

    /// Ends with a reason that leaves nothing else to look at.
    pub(super) fn refuse(mut self, check: CheckName, reason: Reason) -> Report {
        self.record(check, Err(reason));
        self.finish()
    }

    /// Draws the verdict.
    pub(super) fn finish(mut self) -> Report {
        self.report.checks.sort_by_key(|check| check.check);
        if let Some(Reason { code, message, .. }) = self.reason {
            self.report.verdict = code.verdict();
            self.report.code = code;
            self.report.message = message;
        }
        self.report
    }

    fn weigh(&mut self, reason: Reason) {
        let first = self.reason.as_ref().is_none_or(|own| reason.rank() < own.rank());
        if first && reason.code.verdict() != Verdict::Valid {
            self.reason = Some(reason);
        }
    }

    fn write(&mut self, check: CheckName, outcome: Outcome, reason: Option<&Reason>) {
        if check == CheckName::Structure {
            // A token is looked at twice, at its claims and at what they hold: one line, and a no goes first.
            let own = self.report.checks.iter().position(|own| own.check == check);
            match own.and_then(|at| self.report.checks.get(at)).map(|own| own.outcome) {
                Some(Outcome::Failed) => return,
                Some(Outcome::Unknown) if outcome != Outcome::Failed => return,
                Some(_) => self.report.checks.retain(|own| own.check != check),
                None => {}
            }
        }
        self.report.checks.push(Check {
            check,
            outcome,
            code: reason.map(|reason| reason.code),
            path: reason.map(|reason| reason.path.clone()).filter(|path| !path.is_empty()),
            detail: reason.map(|reason| reason.message.clone()),
        });
    }
}
