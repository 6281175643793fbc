//! How failures are told, to people and to machines.

use badges_core::verify::steers;
use serde_json::Value;

use crate::place::Place;

#[test]
fn a_run_that_fails_says_so_among_the_answers() {
    let place = Place::furnished("failures-json");
    let file = place.issue("--to ada@example.org --out out");
    let to = "--template template.toml --to a@b.example --out o";
    place.write("forged.json", place.text(&file).replace("Astronaut", "Astronomer"));
    place.write("text.json", "hello");
    place.write("trust.json", "trust me");
    place.write("bad.csv", "name\nAda\n");
    place.write("bad.toml", "[issuer\n");
    place.run("keys new other.json").done();
    place.run("status new --key other.json --id https://hive.example/1 -o list.json").done();
    let cases = [
        ("keys show absent.json".to_owned(), "key", 2),
        ("keys show text.json".to_owned(), "key", 2),
        ("inspect absent.json".to_owned(), "credential", 2),
        ("inspect text.json".to_owned(), "credential", 2),
        ("unbake plain.png".to_owned(), "credential", 2),
        (format!("verify {file} --documents absent"), "documents", 2),
        (format!("verify {file} --trust trust.json"), "trust", 2),
        (format!("verify {file} --trust absent.json"), "file", 2),
        (format!("issue --key key.json {to} --status list.json"), "status_list", 2),
        ("status get text.json 1".to_owned(), "status_list", 2),
        ("status set list.json 1 1 --key key.json".to_owned(), "key", 2),
        ("issue --key key.json --template template.toml --csv bad.csv --out o".to_owned(), "recipients", 2),
        ("issue --key key.json --template bad.toml --to a@b.example --out o".to_owned(), "template", 2),
        ("bake plain.png text.json -o o.png".to_owned(), "credential", 2),
        ("endorse --key key.json --of forged.json --comment c --out o.json".to_owned(), "refused", 1),
    ];

    for (arguments, code, exit) in cases {
        let words = place.run(&arguments);
        let run = place.run(&format!("{arguments} --json"));

        assert_eq!((run.code, words.code), (exit, exit), "{arguments}: {run:#?}");
        let answers = run.answers();
        assert_eq!(answers.len(), 1, "{arguments}: {run:#?}");
        let names: Vec<_> = answers[0].as_object().unwrap().keys().collect();
        assert_eq!(names, ["code", "exit", "problem"], "{arguments}");
        assert_eq!((&answers[0]["code"], &answers[0]["exit"]), (&code.into(), &exit.into()), "{arguments}");
        let problem = answers[0]["problem"].as_str().unwrap();
        assert_eq!(words.err.lines().last().unwrap(), format!("badges: {problem}"), "{arguments}");
        assert!(!run.err.contains(problem) && words.out.is_empty(), "{arguments}: {run:#?} {words:#?}");
    }
    let usage = place.run("issue --key key.json --template template.toml --to a --out o --format png --json");
    assert!(usage.code == 2 && usage.out.is_empty() && !usage.err.is_empty(), "{usage:#?}");
}

#[test]
fn a_strangers_words_are_short_and_steer_nothing() {
    let place = Place::furnished("failures-words");
    let file = place.issue("--to ada@example.org --out out");
    let long = format!("\\u001b[2J\\u009b31m\\u202e{}", "x".repeat(20_000));
    let jwk = |kty: &str| format!(r#"{{"kty":"{kty}","crv":"{kty}","d":"AA","x":"AA"}}"#);
    place.write("key-long.json", jwk(&long));
    place.write("twice.json", format!(r#"{{"{long}":1,"{long}":2}}"#));
    place.write("name.json", place.text(&file).replace("Hive Chicago", &long));
    place.write("context.json", place.text(&file).replace("https://www.w3.org/ns/credentials/v2", &long));
    place.write("suite.json", place.text(&file).replace("eddsa-rdfc-2022", &long));
    place.write("method.json", place.text(&file).replace("did:key:", &format!("did:{long}:")));
    place.write("trust.json", format!(r#"{{"issuers":[],"{long}":1}}"#));
    place.write("docs/index.json", format!(r#"{{"https://a.example/{long}":"../x"}}"#));
    place.write("list.csv", format!("email,name\n{},A\n", "\u{1b}[2J\u{9b}31m".repeat(10_000)));
    place.write("head.csv", format!("email,{}\n", "\u{1b}[2J\u{9b}31m".repeat(10_000)));
    let issue = "issue --key key.json --template template.toml --out o";

    let cases = [
        ("keys show key-long.json".to_owned(), 2, "cannot be used as a key"),
        ("verify twice.json".to_owned(), 1, "occurs twice"),
        ("verify name.json".to_owned(), 1, "not what was signed"),
        ("verify context.json".to_owned(), 1, "https://www.w3.org/ns/credentials/v2 is wanted here"),
        ("verify suite.json".to_owned(), 2, r#"cannot be checked here: the proof suite "\u{1b}[2J"#),
        ("verify method.json".to_owned(), 1, "is no absolute URI"),
        (format!("verify {file} --trust trust.json"), 2, "trust.json cannot be used"),
        (format!("verify {file} --documents docs"), 2, r#""../x" for https://a.example/\u{1b}[2J"#),
        ("inspect suite.json".to_owned(), 2, r#"stopped: the proof suite "\u{1b}[2J"#),
        (format!("{issue} --csv list.csv"), 1, r#"line 2: "\u{1b}[2J"#),
        (format!("{issue} --csv head.csv"), 2, r#"the column "\u{1b}[2J"#),
        ("verify --\u{1b}[2J\u{9b}31m".to_owned(), 2, r"unexpected argument '--\u{1b}[2J"),
        (
            "endorse --key key.json --of name.json --comment c --out o.json".to_owned(),
            1,
            "is not to be endorsed",
        ),
    ];

    for (arguments, code, said) in cases {
        let words = place.run(&arguments);
        let json = place.run(&format!("{arguments} --json"));

        assert_eq!((words.code, json.code), (code, code), "{arguments}: {words:#?}");
        assert!(words.out.contains(said) || words.err.contains(said), "{arguments}: {words:#?}");
        for text in [&words.out, &words.err, &json.out, &json.err] {
            assert!(!text.contains(|c| c != '\n' && steers(c)), "{arguments}: {text:?}");
        }
        for line in words.out.lines().chain(words.err.lines()).chain(json.err.lines()) {
            // `inspect` shows values whole; its message ends where it ends for machines.
            let line = line.strip_prefix("  stopped: ").unwrap_or(line);
            assert!(line.chars().count() <= 1000, "{arguments}: {line}");
        }
        let mut told = Vec::new();
        json.answers().iter().for_each(|answer| tell(answer, &mut told));
        assert!(!told.is_empty() || !json.err.is_empty(), "{arguments}: {json:#?}");
        for text in told {
            assert!(text.chars().count() <= 1000 && !text.contains(steers), "{arguments}: {text:?}");
        }
    }
}

/// The texts of an answer that are meant for people; the others are handed whole.
fn tell(answer: &Value, told: &mut Vec<String>) {
    match answer {
        Value::Array(items) => items.iter().for_each(|item| tell(item, told)),
        Value::Object(members) => members.iter().for_each(|(name, value)| match value.as_str() {
            Some(text) if ["answer", "detail", "message", "problem"].contains(&name.as_str()) => {
                told.push(text.to_owned());
            }
            _ => tell(value, told),
        }),
        _ => {}
    }
}
