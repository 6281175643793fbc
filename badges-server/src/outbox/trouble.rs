//! What is wrong with a mail server, in words that say what to do.

use std::{error::Error as StdError, io, iter};

use lettre::transport::smtp::Error;

/// What the mail server answered, or why no answer came.
pub(super) fn in_words(error: &Error) -> String {
    let detail = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    match error.status().map(u16::from) {
        Some(code @ (534 | 535)) => format!(
            "the mail server refuses the user or the password: correct smtp.url and smtp.password_file ({code} {detail})"
        ),
        Some(code @ (530 | 538)) => format!(
            "the mail server wants a user with a password, or TLS: set them in smtp.url and smtp.password_file ({code} \
             {detail})"
        ),
        Some(code) => format!("the mail server answered {code} {detail}"),
        None if error.is_timeout() => "the mail server does not answer".to_owned(),
        None if error.is_client() => format!(
            "the mail server does not do what the settings ask of it: correct smtp.url and smtp.password_file ({detail})"
        ),
        None if causes(error).any(is_of_a_certificate) => format!(
            "the mail server's certificate is not believed: correct the name in smtp.url, or name the authority in \
             smtp.authority_file ({detail})"
        ),
        None => format!(
            "the mail server cannot be reached: see that smtp.url is right, and that it runs ({detail})"
        ),
    }
}

/// What lies behind an error, the first cause last.
fn causes(error: &Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    iter::successors(error.source(), |&cause| cause.source())
}

/// TLS tells of it inside an error of the connection.
fn is_of_a_certificate(cause: &(dyn StdError + 'static)) -> bool {
    let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inner.is_some_and(|inner| matches!(inner.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))))
}
