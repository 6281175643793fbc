//! Addresses by which a stranger would reach what only the server reaches, each by the rule that refuses it.

use std::{
    net::IpAddr,
    sync::{Arc, atomic::Ordering},
};

use badges_server::verifier::{FetchError, Wanted};

use crate::web::{Page, Running, Web};

/// Which rule refuses an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Characters,
    Credentials,
    Host,
    Length,
    Name,
    Port,
    Scheme,
    Syntax,
}

use Rule::{Characters, Credentials, Host, Length, Name, Port, Scheme, Syntax};

/// Refused by what stands in them: nobody is even asked for a name.
const WRITTEN: &[(&str, Rule)] = &[
    ("https://127.0.0.1/", Host),
    ("https://127.1/", Host),
    ("https://127.0.1/", Host),
    ("https://127.127.127.127/", Host),
    ("https://2130706433/", Host),
    ("https://0x7f000001/", Host),
    ("https://0x7f.1/", Host),
    ("https://0x7F.0x00.0x00.0x01/", Host),
    ("https://017700000001/", Host),
    ("https://0177.0.0.1/", Host),
    ("https://0177.1/", Host),
    ("https://127.0.0.1./", Host),
    ("https://0/", Host),
    ("https://0.0.0.0/", Host),
    ("https://00/", Host),
    ("https://10.0.0.1/", Host),
    ("https://167772161/", Host),
    ("https://100.64.0.1/", Host),
    ("https://100.100.100.200/latest/meta-data/", Host),
    ("https://168.63.129.16/metadata", Host),
    ("https://169.254.169.254/latest/meta-data/", Host),
    ("https://2852039166/", Host),
    ("https://0xA9FEA9FE/", Host),
    ("https://0251.0376.0251.0376/", Host),
    ("https://169.254.43518/", Host),
    ("https://172.16.0.1/", Host),
    ("https://172.31.255.255/", Host),
    ("https://192.0.0.192/opc/v1/instance/", Host),
    ("https://192.168.0.1/", Host),
    ("https://198.18.0.1/", Host),
    ("https://224.0.0.1/", Host),
    ("https://240.0.0.1/", Host),
    ("https://255.255.255.255/", Host),
    ("https://127%2e0%2e0%2e1/", Host),
    ("https://%31%32%37.0.0.1/", Host),
    ("https://[::]/", Host),
    ("https://[::1]/", Host),
    ("https://[0:0:0:0:0:0:0:1]/", Host),
    ("https://[0000::1]/", Host),
    ("https://[::127.0.0.1]/", Host),
    ("https://[::ffff:127.0.0.1]/", Host),
    ("https://[::ffff:7f00:1]/", Host),
    ("https://[0:0:0:0:0:ffff:169.254.169.254]/", Host),
    ("https://[::ffff:8.8.8.8]/", Host),
    ("https://[64:ff9b::127.0.0.1]/", Host),
    ("https://[64:ff9b::a9fe:a9fe]/", Host),
    ("https://[64:ff9b:1::1]/", Host),
    ("https://[2001::1]/", Host),
    ("https://[2001:db8::1]/", Host),
    ("https://[2002:7f00:1::]/", Host),
    ("https://[fc00::1]/", Host),
    ("https://[fd00:ec2::254]/", Host),
    ("https://[fe80::1]/", Host),
    ("https://[fec0::1]/", Host),
    ("https://[ff02::1]/", Host),
    ("http://hive.example/", Scheme),
    ("HTTPS://hive.example/", Scheme),
    ("https:hive.example", Scheme),
    ("https:/hive.example", Scheme),
    ("file:///etc/passwd", Scheme),
    ("ftp://hive.example/", Scheme),
    ("gopher://hive.example:6379/_FLUSHALL", Scheme),
    ("dict://hive.example:11211/stat", Scheme),
    ("ldap://hive.example/", Scheme),
    ("jar:https://hive.example/a!/", Scheme),
    ("data:application/json,{}", Scheme),
    ("did:web:hive.example", Scheme),
    ("https://hive.example@127.0.0.1/", Credentials),
    ("https://127.0.0.1@hive.example/", Credentials),
    ("https://a:b@hive.example/", Credentials),
    ("https://@hive.example/", Credentials),
    ("https://a:@127.0.0.1:22@hive.example/", Credentials),
    ("https://hive.example:22/", Port),
    ("https://hive.example:80/", Port),
    ("https://hive.example:6379/", Port),
    ("https://hive.example:8443/", Port),
    ("https://hive.example:0/", Port),
    ("https://hive.example\\@127.0.0.1/", Characters),
    ("https:\\\\127.0.0.1\\", Characters),
    ("https://hive.example\t.evil.example/", Characters),
    ("https://hive.example/\r\nHost: 127.0.0.1", Characters),
    (" https://hive.example/", Characters),
    ("https://①②⑦.⓪.⓪.①/", Characters),
    ("https://127。0。0。1/", Characters),
    ("https://ⓛocalhost/", Characters),
    ("https://hive.example\u{0}.evil.example/", Characters),
    ("https:///127.0.0.1/", Syntax),
    ("https://", Syntax),
    ("https://[::1/", Syntax),
    ("https://[::1%25eth0]/", Syntax),
    ("https://256.256.256.256/", Syntax),
    ("https://1.2.3.4.5/", Syntax),
    ("https://hive.example:99999/", Syntax),
    ("https://hive.example:443@/", Syntax),
    ("127.0.0.1", Syntax),
    ("//127.0.0.1/", Syntax),
    ("", Syntax),
];

/// Names that lead into private space.
const NAMED: &[(&str, &str)] = &[
    ("localhost", "127.0.0.1"),
    ("localhost6", "::1"),
    ("localtest.me", "127.0.0.1"),
    ("127.0.0.1.nip.io", "127.0.0.1"),
    ("spoofed.burpcollaborator.net", "127.0.0.1"),
    ("metadata.google.internal", "169.254.169.254"),
    ("instance-data", "169.254.169.254"),
    ("metadata.tencentyun.com", "169.254.0.23"),
    ("alibaba.example", "100.100.100.200"),
    ("azure.example", "168.63.129.16"),
    ("oracle.example", "192.0.0.192"),
    ("intranet", "10.1.2.3"),
    ("printer.local", "192.168.1.9"),
    ("docker.example", "172.17.0.1"),
    ("kubernetes.default.svc", "10.96.0.1"),
    ("mapped.example", "::ffff:127.0.0.1"),
    ("translated.example", "64:ff9b::a00:1"),
    ("tunnel.example", "2002:a00:1::"),
    ("unique.example", "fd12:3456::1"),
    ("link.example", "fe80::1"),
    ("unspecified.example", "0.0.0.0"),
    ("unspecified6.example", "::"),
    ("everyone.example", "255.255.255.255"),
    ("group.example", "ff02::1"),
];

fn rule(error: &FetchError) -> Option<Rule> {
    Some(match error {
        FetchError::Characters(_) => Characters,
        FetchError::Credentials(_) => Credentials,
        FetchError::Long(_) => Length,
        FetchError::NotPublic { .. } => Host,
        FetchError::NotPublicName(_) => Name,
        FetchError::Port { .. } => Port,
        FetchError::Scheme(_) => Scheme,
        FetchError::Unreadable { .. } => Syntax,
        _ => return None,
    })
}

fn running() -> Running {
    let running = Arc::new(Web::default()).serve_privately(&["hive.example"]);
    running.web.put("https://hive.example/", Page::text("{}"));
    running
}

#[test]
fn what_is_written_to_reach_private_space_is_refused_by_name() {
    let running = running();
    let long = format!("https://hive.example/{}", "a".repeat(2048));
    let cases = WRITTEN.iter().copied().chain([(long.as_str(), Length)]);

    for (url, expected) in cases {
        for wanted in [Wanted::Badge, Wanted::Document] {
            let error = running.fetch(url, wanted).unwrap_err();

            assert_eq!(rule(&error), Some(expected), "{url:?}: {error}");
            assert!(error.is_refusal(), "{url:?}");
        }
    }

    println!("vectors: {} addresses refused by what stands in them", WRITTEN.len() + 1);
    assert_eq!(running.web.lookups.load(Ordering::SeqCst), 0, "nobody was asked for a name");
    assert_eq!(running.web.trapped(), 0);
    assert!(running.web.asked().is_empty());
}

#[test]
fn a_name_that_leads_into_private_space_is_refused_and_never_connected_to() {
    let running = running();
    for (host, address) in NAMED {
        let address: IpAddr = address.parse().unwrap();
        running.web.name(host, &[&[address]]);

        let error = running.document(&format!("https://{host}/")).unwrap_err();

        assert_eq!(rule(&error), Some(Name), "{host}: {error}");
        assert!(!error.to_string().contains(&address.to_string()) || *host == "127.0.0.1.nip.io", "{error}");
    }

    println!("vectors: {} names refused by where they lead", NAMED.len());
    assert_eq!(running.web.lookups.load(Ordering::SeqCst), NAMED.len());
    assert_eq!(running.web.trapped(), 0);
    assert!(running.web.asked().is_empty());
}

#[test]
fn the_trap_would_have_noticed() {
    let address: IpAddr = "127.0.0.9".parse().unwrap();
    let running = Arc::new(Web::default()).serve_all(&["hive.example"]);
    running.web.name("hive.example", &[&[address]]);

    assert!(running.document("https://hive.example/").is_err());

    assert_eq!(running.web.trapped(), 1);
}
