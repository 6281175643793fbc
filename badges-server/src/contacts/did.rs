//! DIDs of holders: names that can be theirs, with a key in them where the name is the key itself.

use badges_core::{
    did::{DidError, key_in_did_url},
    key::KeyError,
};

use crate::texts::{
    ADDRESS,
    schema::{kinds, text},
};

kinds! {
    /// The DID of a holder.
    Did text(ADDRESS).pattern(Some("^did:[a-z0-9]+:([A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})*[A-Za-z0-9._-]$"));
}

/// The shortest text of any key in a did:key: 32 bytes and what kind they are, in base58.
const SHORTEST_KEY: usize = 46;

/// Not a DID that somebody can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HolderError {
    #[error("is no DID: write one such as did:web:ada.example, without anything behind it")]
    Form,
    #[error("holds no key: take the whole of it, as the wallet shows it")]
    Key,
    #[error("is longer than {ADDRESS} characters: take the DID itself")]
    Long,
}

/// Whether this may be the DID of a holder (DID Core §3.1). Keys of kinds that we do not use are theirs to use.
pub(crate) fn check(text: &str) -> Result<(), HolderError> {
    if text.len() > ADDRESS {
        return Err(HolderError::Long);
    }
    let rest = text.strip_prefix("did:").and_then(|rest| rest.split_once(':'));
    let good = rest.is_some_and(|(method, id)| {
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_%:".contains(c);
        !method.is_empty()
            && method.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            && !id.is_empty()
            && !id.ends_with(':')
            && id.chars().all(plain)
            && id
                .split('%')
                .skip(1)
                .all(|rest| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2)
    });
    if !good {
        return Err(HolderError::Form);
    }
    match key_in_did_url(text) {
        Ok(_) => Ok(()),
        Err(DidError::Key { error: KeyError::Unsupported(_) | KeyError::Purpose(_), .. })
            if text.len() >= "did:key:".len() + SHORTEST_KEY =>
        {
            Ok(())
        }
        Err(_) => Err(HolderError::Key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_may_have_a_key_of_any_kind_and_no_half_of_one() {
        for good in [
            "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
            "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
            "did:web:ada.example",
            "did:plc:z72i7hdynmk6r22z27h6tvur",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for wrong in [
            "did:key:zzz",
            "did:key:z6Mk",
            "did:key:",
            "did:web:",
            "did::x",
            "did:Web:x",
            "did:web:a#b",
            "did:x:%zz",
            "ada",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
        assert_eq!(check(&format!("did:web:{}", "a".repeat(2_000))), Err(HolderError::Long));
    }
}
