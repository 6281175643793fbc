//! Random numbers of the system: the only source of chance.

/// The system gives no random numbers, so nothing that needs them is done.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the system gives no random numbers ({0}): nothing was done that needs them")]
pub(crate) struct RandomError(#[from] getrandom::Error);

/// Fills the bytes.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), RandomError> {
    Ok(getrandom::fill(bytes)?)
}

/// A number below `end`, which is not 0; each as likely.
pub(crate) fn below(end: u64) -> Result<u64, RandomError> {
    // The draws at the end that would make the first numbers likelier are drawn again.
    let fair = u64::MAX - u64::MAX % end;
    loop {
        let drawn = getrandom::u64()?;
        if drawn < fair {
            return Ok(drawn % end);
        }
    }
}

/// 128 bits in hexadecimal.
pub(crate) fn hexadecimal() -> Result<String, RandomError> {
    Ok(format!("{:032x}", bits()?))
}

/// A `urn:uuid:` of version 4 (RFC 9562 §5.4).
pub(crate) fn urn() -> Result<String, RandomError> {
    let bits = bits()? & !(0xf << 76) & !(0x3 << 62) | (4 << 76) | (2 << 62);
    let digits = format!("{bits:032x}");
    let mut urn = String::from("urn:uuid:");
    for (at, digit) in digits.char_indices() {
        if [8, 12, 16, 20].contains(&at) {
            urn.push('-');
        }
        urn.push(digit);
    }
    Ok(urn)
}

fn bits() -> Result<u128, RandomError> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_urn_says_that_it_is_random() {
        let urn = urn().unwrap();

        let parts: Vec<_> = urn.trim_start_matches("urn:uuid:").split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']), "{urn}");
    }
}
