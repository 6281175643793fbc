//! The places in a status list for the badges of a run.

use std::path::Path;

use badges_core::verify::Verdict;

use super::Failure;
use crate::{
    issuing::{Issuer, Revocable},
    lists,
    places::Places,
};

/// Takes a place in the status list for each badge; the list must be one that a verifier would believe.
pub(super) fn reserve(
    path: &Path,
    issuer: &str,
    signer: &mut Issuer,
    wanted: usize,
    dry_run: bool,
) -> Result<(Revocable, Vec<u64>), Failure> {
    let text = lists::read(path)?;
    let content = lists::open(path, &text)?;
    let list = lists::parse(path, &content)?;
    let (about, bits) = lists::expand(path, &list)?;
    let refused = |problem: String| Failure::StatusList { path: path.to_owned(), problem };
    let report = signer.judge(&text);
    if about.issuer != issuer {
        return Err(refused(format!(
            "it is the list of {}, and the badges are those of {issuer}",
            about.issuer
        )));
    }
    if report.verdict != Verdict::Valid {
        return Err(refused(report.message));
    }
    let Some(url) = about.id else {
        return Err(refused("it does not say under which URL it is published".to_owned()));
    };
    let purposes: Vec<_> = about.purposes.iter().map(|purpose| purpose.as_str().to_owned()).collect();
    if let Some(other) =
        purposes.iter().find(|purpose| !["revocation", "suspension"].contains(&purpose.as_str()))
    {
        return Err(refused(format!("its purpose is {other:?}, and a badge needs revocation or suspension")));
    }
    let places = Places::open(path, dry_run)?.take(&bits, wanted)?;
    signer.publish(url, &text);
    Ok((Revocable { list: url.to_owned(), purposes }, places))
}
