//! The whole way, with a provider that others wrote.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use crate::{
    accounts::{Browser, at_present},
    harness::{Answer, Service, call},
};

const SECRET: &str = "a secret & more: 100%";

/// A running oidc-provider.
struct Real {
    issuer: String,
    process: Child,
    input: Option<ChildStdin>,
    /// It may say more, and ends if nobody listens.
    _output: BufReader<ChildStdout>,
}

impl Real {
    /// Starts it; none, with a notice, where it is not installed.
    ///
    /// # Panics
    /// If it is absent and `BADGES_JUDGES=required`.
    fn start() -> Option<Self> {
        let wanted = std::env::var("BADGES_JUDGES").unwrap_or_default();
        let installed = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../oidc");
        if wanted == "off" || !installed.join("node_modules").exists() {
            assert_ne!(wanted, "required", "not installed; tests/service/oidc/install does it");
            eprintln!("notice: oidc-provider: SKIPPED, turned off or not installed");
            return None;
        }
        // Node looks for packages in the folders above the script.
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/service/oidc/provider.mjs");
        let script = installed.join("provider.mjs");
        fs::copy(own, &script).unwrap();
        let mut process = Command::new("node")
            .arg(script)
            .args([SECRET, "http://127.0.0.1:8080/sign-in/with/real/back"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = process.stdin.take();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut said = output.by_ref().lines().map_while(Result::ok);
        let issuer = said.find_map(|line| line.strip_prefix("address ").map(str::to_owned)).unwrap();
        Some(Self { issuer, process, input, _output: output })
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        drop(self.input.take());
        self.process.wait().ok();
    }
}

/// A browser at the provider: it follows what it is told, with its own cookies.
struct There<'a> {
    real: &'a Real,
    cookies: Vec<(String, String)>,
}

impl There<'_> {
    fn ask(&mut self, method: &str, url: &str, form: &str) -> Answer {
        let url = if url.starts_with('/') { format!("{}{url}", self.real.issuer) } else { url.to_owned() };
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let headers = [("Cookie", cookies.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        let body = (method == "POST").then(|| form.as_bytes().to_vec());
        let answer = call(&url, method, &headers, body);
        for set in answer.headers.get_all("Set-Cookie") {
            let set = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = set.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        answer
    }

    /// Signs in and agrees, or not; gives where the provider sends people on to at last.
    fn sign_in(&mut self, place: &str, person: Option<&str>) -> String {
        let (mut at, mut form) = (place.to_owned(), None);
        for _ in 0..12 {
            let answer = match form.take() {
                None => self.ask("GET", &at, ""),
                Some(form) => self.ask("POST", &at, form),
            };
            if let Some(next) = answer.headers.get("Location") {
                at = next.to_str().unwrap().to_owned();
                if at.contains("/sign-in/with/real/back") {
                    return at;
                }
                continue;
            }
            let text = answer.expect(200).text();
            match person {
                None => at = format!("{}/abort", at.split('?').next().unwrap()),
                Some("anna") if text.contains("value=\"login\"") => {
                    form = Some("prompt=login&login=anna&password=x")
                }
                Some(_) if text.contains("value=\"login\"") => {
                    form = Some("prompt=login&login=eve&password=x")
                }
                Some(_) => form = Some("prompt=consent"),
            }
        }
        panic!("the provider leads nowhere: {at}")
    }
}

#[test]
fn a_provider_that_others_wrote_signs_people_in() {
    let Some(real) = Real::start() else { return };
    let service = Service::start_with(&[
        ("BADGES_OIDC_PROVIDERS", "[\"real\"]"),
        ("BADGES_OIDC_REAL_ISSUER", &real.issuer),
        ("BADGES_OIDC_REAL_NAME", "The Provider"),
        ("BADGES_OIDC_REAL_CLIENT_ID", "badges"),
        ("BADGES_OIDC_REAL_CLIENT_SECRET", SECRET),
        ("BADGES_OIDC_REAL_TRUSTED", "true"),
    ]);
    at_present(&service);
    let begin = |browser: &mut Browser<'_>| {
        let answer = browser.submit("/sign-in", "/sign-in/with/real", &[("next", "/people")]).expect(200);
        answer.header("Refresh").strip_prefix("0; url=").unwrap().to_owned()
    };
    let walk = |person: Option<&str>| {
        let mut browser = Browser::new(&service);
        let place = begin(&mut browser);
        let back = There { real: &real, cookies: Vec::new() }.sign_in(&place, person);
        let back = back.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
        let answer = browser.visit(&back).expect(303);
        (browser, answer.header("Location").to_owned(), back)
    };

    let (mut anna, place, back) = walk(Some("anna"));
    assert_eq!(place, "/people");
    anna.get("/people").expect(200);
    assert_eq!(anna.visit(&back).expect(303).header("Location"), "/sign-in");
    // She is known by name from now on, and signs in again.
    assert_eq!(walk(Some("anna")).1, "/people");

    let (mut eve, place, _) = walk(Some("eve"));
    assert_eq!(place, "/sign-in?next=%2Fpeople");
    assert!(eve.visit(&place).text().contains("Nobody here signs in with your account at The Provider yet"));
    eve.get("/me").expect(401);

    let (mut nobody, place, _) = walk(None);
    assert!(nobody.visit(&place).text().contains("you did not agree"));
    let looked = service.command(&["--json", "doctor"]);
    let said = String::from_utf8(looked.stdout).unwrap();
    assert!(said.contains("The Provider answers as it should"), "{said}");
}
