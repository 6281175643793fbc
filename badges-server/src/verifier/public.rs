//! Which addresses belong to the public network, and what the others are for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is for that is not in the public network; none if it is.
///
/// The ranges are those of the IANA registries of special-purpose addresses. Of IPv6 only global unicast is public,
/// and what translates to IPv4 is as public as the address within.
pub fn reserved(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => reserved_v4(address),
        IpAddr::V6(address) => reserved_v6(address),
    }
}

fn reserved_v4(address: Ipv4Addr) -> Option<&'static str> {
    match address.octets() {
        [0, ..] => Some("an unspecified address"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("an address of a private network"),
        [100, 64..=127, ..] => Some("an address that providers share among customers"),
        [127, ..] => Some("an address of the machine itself"),
        // The control plane of one cloud, which answers in every machine there.
        [168, 63, 129, 16] => Some("a cloud's own service"),
        [169, 254, ..] => Some("an address of the local link"),
        [192, 0, 0, _] => Some("an address for protocols"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Some("an address for documentation"),
        [192, 88, 99, _] => Some("an address that leads through a tunnel"),
        [198, 18..=19, ..] => Some("an address for benchmarks"),
        [224..=239, ..] => Some("a multicast address"),
        [240..=255, ..] => Some("a reserved address"),
        _ => None,
    }
}

fn reserved_v6(address: Ipv6Addr) -> Option<&'static str> {
    let within = || {
        let [.., a, b, c, d] = address.octets();
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("an unspecified address"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("an address of the machine itself"),
        [0, 0, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0, 0xffff, ..] => Some("an address of IPv4 in that of IPv6"),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => reserved_v4(within()),
        [0x2001, 0..=0x1ff, ..] => Some("an address for protocols"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("an address for documentation"),
        [0x2002, ..] => Some("an address that leads through a tunnel"),
        [0x2000..=0x3fff, ..] => None,
        [0xfc00..=0xfdff, ..] => Some("an address of a private network"),
        [0xfe80..=0xfebf, ..] => Some("an address of the local link"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        _ => Some("a reserved address"),
    }
}

#[cfg(test)]
mod tests {
    use super::reserved;

    #[test]
    fn the_ends_of_every_range_are_inside_and_their_neighbours_outside() {
        let check = |inside: bool, addresses: &str| {
            for address in addresses.split_whitespace() {
                assert_eq!(reserved(address.parse().unwrap()).is_some(), inside, "{address}");
            }
        };

        check(true, "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1");
        check(true, "127.255.255.255 168.63.129.16 169.254.0.0 169.254.169.254 172.16.0.0 172.31.255.255");
        check(true, "192.0.0.0 192.0.0.255 192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0");
        check(
            true,
            "198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.255",
        );
        check(false, "1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0");
        check(
            false,
            "168.63.129.15 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0",
        );
        check(false, "192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255");
        check(
            true,
            ":: ::1 ::2 ::127.0.0.1 ::ffff:8.8.8.8 ::ffff:10.0.0.1 64:ff9b::10.0.0.1 64:ff9b::7f00:1",
        );
        check(
            true,
            "64:ff9b:1::1 100::1 2001:: 2001::1 2001:1ff::1 2001:db8::1 2002:7f00:1:: 3fff::1 3fff:fff::1",
        );
        check(true, "4000::1 5f00::1 fc00::1 fd00:ec2::254 fdff::1 fe80::1 febf::1 fec0::1 ff02::1 ffff::1");
        check(
            false,
            "64:ff9b::8.8.8.8 2000::1 2001:200::1 2001:db7::1 2001:db9::1 2003::1 2606:4700::1111 3fff:1000::1",
        );
    }
}
