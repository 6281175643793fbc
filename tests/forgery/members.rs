//! JSON texts with a member twice, in another place, with another's value, or left out.

use serde_json::Value;

/// The text as often as it has members, each time with another of them twice.
pub fn doubled(text: &str) -> Vec<(String, String)> {
    let value: Value = serde_json::from_str(text).unwrap();
    let mut all = Vec::new();
    loop {
        let (mut seen, mut doubled) = (0, None);
        let mut out = String::new();
        write(&value, all.len(), &mut seen, &mut doubled, &mut out);
        match doubled {
            Some(name) => all.push((format!("{name} twice"), out)),
            None => return all,
        }
    }
}

/// Writes a value, and the member with this number twice.
fn write(value: &Value, target: usize, seen: &mut usize, doubled: &mut Option<String>, out: &mut String) {
    match value {
        Value::Object(members) => {
            out.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                let times = if *seen == target { 2 } else { 1 };
                if times == 2 {
                    *doubled = Some(name.clone());
                }
                *seen += 1;
                let start = *seen;
                for time in 0..times {
                    *seen = start;
                    out.push_str(if at + time > 0 { "," } else { "" });
                    out.push_str(&format!("{}:", Value::from(name.as_str())));
                    write(value, target, seen, doubled, out);
                }
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(item, target, seen, doubled, out);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

/// The text with every two neighbours' values exchanged, with every member left out, and with every member moved
/// out of its object into the one around it.
pub fn changed(text: &str) -> Vec<(String, String)> {
    let value: Value = serde_json::from_str(text).unwrap();
    let mut pointers = Vec::new();
    objects(&value, String::new(), &mut pointers);
    let mut all = Vec::new();
    for pointer in &pointers {
        let object = value.pointer(pointer).and_then(Value::as_object).unwrap();
        let names: Vec<_> = object.keys().cloned().collect();
        for pair in names.windows(2) {
            let mut changed = value.clone();
            let object = changed.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap();
            let (first, second) = (object[&pair[0]].clone(), object[&pair[1]].clone());
            object.insert(pair[0].clone(), second);
            object.insert(pair[1].clone(), first);
            all.push((format!("{pointer}: {} and {} exchanged", pair[0], pair[1]), changed.to_string()));
        }
        for name in &names {
            let mut changed = value.clone();
            let taken = changed.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap().remove(name);
            all.push((format!("{pointer}: without {name}"), changed.to_string()));
            let around = pointers.iter().rfind(|other| pointer.starts_with(&format!("{other}/")));
            if let (Some(around), Some(taken)) = (around, taken) {
                let object = changed.pointer_mut(around).and_then(Value::as_object_mut).unwrap();
                object.insert(name.clone(), taken);
                all.push((format!("{pointer}: {name} moved to {around:?}"), changed.to_string()));
            }
        }
    }
    all
}

/// Where the objects stand, the outer before the inner.
fn objects(value: &Value, pointer: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            all.push(pointer.clone());
            for (name, value) in members {
                objects(value, format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), all);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                objects(item, format!("{pointer}/{at}"), all);
            }
        }
        _ => {}
    }
}
