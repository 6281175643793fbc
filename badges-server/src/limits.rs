//! How often something may be tried, by one visitor or about one address.

mod bucket;

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use actix_web::HttpRequest;

use self::bucket::Bucket;
use crate::{clock::Clock, config::Config, problem::Problem};

/// All limits of one server. Several servers count each for itself.
pub(crate) struct Limits {
    clock: Clock,
    links_by_address: Bucket,
    sign_ins_by_visitor: Bucket,
    claims_by_visitor: Bucket,
    verifications_by_visitor: Bucket,
    asked: AtomicU32,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// A code or a link that gives a badge.
    Claim,
    /// A link to sign in with.
    SignIn,
    /// A badge that a stranger wants to have verified, which may make us fetch something.
    Verify,
}

/// After so many questions what is full again is forgotten, so that memory stays bounded by the newest.
const SWEEP: u32 = 1_024;

impl Limits {
    /// `links` is how often one address may ask for a link, at once and in each hour after that.
    pub(crate) fn new(clock: &Clock, links: u32) -> Self {
        let links = links.max(1);
        let bucket = |at_once, seconds| Bucket::new(at_once, Duration::from_secs(seconds));
        Self {
            clock: clock.clone(),
            links_by_address: bucket(links, u64::from((3_600 / links).max(1))),
            sign_ins_by_visitor: bucket(10, 6),
            claims_by_visitor: bucket(10, 360),
            verifications_by_visitor: bucket(60, 1),
            asked: AtomicU32::new(0),
        }
    }

    /// Counts one try of a visitor; too many are a problem with the time until the next.
    pub(crate) fn visitor(&self, tried: Tried, visitor: &str) -> Result<(), Problem> {
        self.check(
            match tried {
                Tried::Claim => &self.claims_by_visitor,
                Tried::SignIn => &self.sign_ins_by_visitor,
                Tried::Verify => &self.verifications_by_visitor,
            },
            visitor,
        )
    }

    /// Counts one link that is asked for with an address, whether anybody has it or not.
    pub(crate) fn address(&self, subject: &str) -> Result<(), Problem> {
        self.check(&self.links_by_address, subject)
    }

    fn check(&self, bucket: &Bucket, key: &str) -> Result<(), Problem> {
        // The steady clock: setting the time neither frees nor locks anybody.
        let now = self.clock.steady();
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            let all = [
                &self.links_by_address,
                &self.sign_ins_by_visitor,
                &self.claims_by_visitor,
                &self.verifications_by_visitor,
            ];
            for bucket in all {
                bucket.sweep(now);
            }
        }
        bucket.take(key, now).map_err(|wait| {
            let seconds = wait.as_secs() + 1;
            Problem::too_many(
                "that was too often: wait, then try again",
                u32::try_from(seconds).unwrap_or(60),
            )
        })
    }
}

/// Who visits, as far as limits go: the address of the other end, or what a trusted proxy says of it.
pub(crate) fn visitor(request: &HttpRequest, config: &Config) -> String {
    let peer = request.peer_addr().map(|peer| peer.ip());
    let forwarded: Vec<&str> = request
        .headers()
        .get_all("X-Forwarded-For")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    match peer.map(|peer| behind(peer, &forwarded, &config.trusted_proxies)) {
        // A household or a server has a whole /64 to choose from.
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        Some(IpAddr::V4(address)) => address.to_string(),
        None => String::new(),
    }
}

/// Each proxy adds whom it saw at the end: the last that is no trusted proxy is the visitor.
fn behind(peer: IpAddr, forwarded: &[&str], trusted: &[IpAddr]) -> IpAddr {
    let mut visitor = peer.to_canonical();
    for said in forwarded.iter().rev() {
        if !trusted.contains(&visitor) {
            break;
        }
        let said = said.trim();
        let address = said.parse().or_else(|_| said.parse::<SocketAddr>().map(|said| said.ip()));
        let Ok(address) = address else { break };
        visitor = address.to_canonical();
    }
    visitor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;

    #[test]
    fn ten_tries_and_then_one_in_six_seconds() {
        let clock = Clock::held(Moment::from_microseconds(1));
        let limits = Limits::new(&clock, 5);
        let tries = |count| (0..count).filter(|_| limits.visitor(Tried::SignIn, "192.0.2.1").is_ok()).count();

        assert_eq!(tries(20), 10);
        assert_eq!(limits.visitor(Tried::SignIn, "192.0.2.1").unwrap_err().retry_after, Some(7));
        assert!(limits.visitor(Tried::SignIn, "192.0.2.2").is_ok());

        clock.advance(Duration::from_secs(6));
        assert_eq!(tries(20), 1);
    }

    #[test]
    fn only_a_trusted_proxy_says_who_visits() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxy = [address("10.0.0.1"), address("10.0.0.2")];
        let check = |peer, forwarded: &[&str], expected: &str| {
            assert_eq!(behind(address(peer), forwarded, &proxy), address(expected), "{peer} {forwarded:?}");
        };

        check("198.51.100.7", &["203.0.113.9"], "198.51.100.7");
        check("10.0.0.1", &["203.0.113.9"], "203.0.113.9");
        check("::ffff:10.0.0.1", &["203.0.113.9"], "203.0.113.9");
        // What the visitor wrote itself stands before what the proxy added.
        check("10.0.0.1", &["127.0.0.1", " 203.0.113.9"], "203.0.113.9");
        check("10.0.0.1", &["192.0.2.1", "203.0.113.9:4711", "10.0.0.2"], "203.0.113.9");
        check("10.0.0.1", &["203.0.113.9", "unknown"], "10.0.0.1");
        check("10.0.0.1", &[], "10.0.0.1");
    }
}
