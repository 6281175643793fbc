//! Requests as they come in, for servers that a test plays.

use std::{io::Read as _, net::TcpStream};

/// Reads a request to its end: its head, and what it carries.
pub(crate) fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let (mut read, mut part) = (Vec::new(), [0; 4_096]);
    loop {
        let count = stream.read(&mut part).ok().filter(|count| *count > 0)?;
        read.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&read);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Some((head.to_owned(), body.to_owned()));
        }
    }
}
