//! Documents made from others by small changes.

use serde_json::{Map, Value, json};

/// A small generator of numbers (xorshift): the same from the same seed everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }
}

/// What is put into documents.
pub struct Stock {
    values: Vec<Value>,
    names: Vec<String>,
    types: Vec<String>,
}

const TEXTS: &[&str] = &[
    "",
    "a\"b\\c\n\t\r\u{8}\u{c}\u{1}\u{7f}",
    "Zoë 🦀 \u{fffd} \u{2028}",
    "https://example.org/ä",
    "https://exa mple.org",
    "did:example:1#k-1",
    "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "_:b7",
    "relative/x",
    "xsd:dateTime",
    "https://example.org/a%20b?q=[1]",
    "@type",
    "@foo",
    "http://[::1]/x",
    "mailto:a@b.c",
    "Achievement",
    "name",
    "2026-01-01T00:00:00Z",
    "http:",
    "x:y",
    "https://example.org/%zz",
    "https://example.org/a|b",
    "data:image/png;base64,iVBORw0KGgo=",
];

const NAMES: &[&str] =
    &["foo", "ex:foo", "https://example.org/p", "@foo", "@id", "@type", "@index", "xsd:foo"];

impl Stock {
    pub fn of<'v>(documents: &[Value], contexts: impl Iterator<Item = &'v Value>) -> Self {
        let mut stock = Self { values: Vec::new(), names: Vec::new(), types: Vec::new() };
        documents.iter().for_each(|document| stock.gather(document));
        contexts.for_each(|context| stock.gather_terms(context));
        for list in [&mut stock.names, &mut stock.types] {
            list.sort();
            list.dedup();
        }
        stock
    }

    fn gather(&mut self, value: &Value) {
        if value.to_string().len() < 1500 {
            self.values.push(value.clone());
        }
        match value {
            Value::Object(members) => {
                for (name, value) in members.iter().filter(|(name, _)| *name != "@context") {
                    self.names.push(name.clone());
                    self.gather(value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.gather(item)),
            _ => {}
        }
    }

    fn gather_terms(&mut self, value: &Value) {
        for (name, value) in value.as_object().into_iter().flatten() {
            if !name.starts_with('@') {
                self.names.push(name.clone());
                if name.starts_with(|first: char| first.is_uppercase()) {
                    self.types.push(name.clone());
                }
            }
            self.gather_terms(value);
        }
    }
}

/// One of the documents with one to four changes.
pub fn mutated(random: &mut Random, documents: &[Value], stock: &Stock) -> Value {
    let mut document = random.pick(documents).clone();
    for _ in 0..1 + random.below(4) {
        let count = places(&mut document, &mut usize::MAX.clone()).0;
        let mut at = random.below(count);
        if let (_, Some(place)) = places(&mut document, &mut at) {
            change(random, place, stock);
        }
        if !document.is_object() {
            document = json!({ "name": document });
        }
        if document.get("@context").is_none() {
            document["@context"] = documents[0]["@context"].clone();
        }
    }
    document
}

/// How many values a value holds, itself included, and the one that is `at` steps on.
fn places<'v>(value: &'v mut Value, at: &mut usize) -> (usize, Option<&'v mut Value>) {
    if *at == 0 {
        return (1, Some(value));
    }
    *at = at.wrapping_sub(1);
    let mut count = 1;
    let inner: Vec<&mut Value> = match value {
        Value::Object(members) => {
            let members = members.iter_mut().filter(|(name, _)| *name != "@context");
            members.map(|(_, value)| value).collect()
        }
        Value::Array(items) => items.iter_mut().collect(),
        _ => Vec::new(),
    };
    for value in inner {
        let (more, found) = places(value, at);
        count += more;
        if found.is_some() {
            return (count, found);
        }
    }
    (count, None)
}

fn change(random: &mut Random, place: &mut Value, stock: &Stock) {
    let numbers = [
        json!(1),
        json!(42.0),
        json!(3.25),
        json!(true),
        json!(null),
        json!(1e21),
        json!(-0.0),
        json!(0.1),
        json!(-5),
    ];
    let kind = random.below(14);
    match (kind, place) {
        (0, Value::Object(members)) => {
            let names: Vec<String> = members.keys().filter(|name| *name != "@context").cloned().collect();
            if !names.is_empty() {
                members.remove(random.pick(&names));
            }
        }
        (1, Value::Array(items)) if !items.is_empty() => {
            let item = random.pick(items).clone();
            items.push(item);
        }
        (2, Value::Object(members)) => drop(members.remove("id")),
        (3, place @ Value::String(_)) => *place = json!(random.pick(TEXTS)),
        (4, Value::Object(members)) => {
            let value = random.pick(&stock.values).clone();
            members.insert(random.pick(&stock.names).clone(), value);
        }
        (5, Value::Object(members)) => drop(members.insert("type".into(), json!(random.pick(&stock.types)))),
        (6, Value::Object(members)) => {
            let types = [random.pick(&stock.types).clone(), random.pick(&stock.types).clone()];
            members.insert("type".into(), json!(types));
        }
        (7, place) if !place.is_object() && !place.is_array() => *place = random.pick(&numbers).clone(),
        (8, place) => *place = json!([place.take()]),
        (9, place @ Value::String(_)) => {
            let text = place.take();
            let tag = random.pick(&["en", "de-AT", "EN-gb", "x y"]);
            *place = match random.below(3) {
                0 => json!({ "@value": text }),
                1 => json!({ "@value": text, "@language": tag }),
                _ => json!({ "@value": text, "@language": "ar", "@direction": "rtl" }),
            };
        }
        (10, Value::Object(members)) => {
            drop(members.insert((*random.pick(NAMES)).into(), json!(random.pick(TEXTS))));
        }
        (11, Value::Object(members)) => {
            if let Some(criteria) = members.get("criteria").cloned() {
                members.insert("criteria".into(), json!([criteria.clone(), criteria]));
            }
        }
        (12, Value::Object(members)) => {
            let proof = json!({
                "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022",
                "created": "2026-01-01T00:00:00Z", "proofPurpose": "assertionMethod",
                "verificationMethod": "did:example:1#a",
            });
            members.insert("proof".into(), proof);
        }
        (13, place) => *place = random.pick(&stock.values).clone(),
        (_, Value::Object(members)) if members.is_empty() => *members = Map::new(),
        _ => {}
    }
}
