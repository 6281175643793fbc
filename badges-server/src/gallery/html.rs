//! What each page must keep to, found in its tags.

use std::collections::HashSet;

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Everything that is wrong with a page, a sentence each.
pub(super) fn faults(html: &str) -> Vec<String> {
    let tags = tags(html);
    let named = |name: &'static str| tags.iter().filter(move |tag| tag.name == name);
    let mut faults = Vec::new();
    if named("h1").count() != 1 {
        faults.push(format!("{} headings of the first rank", named("h1").count()));
    }
    let mut ids = HashSet::new();
    for id in tags.iter().filter_map(|tag| tag.get("id")) {
        if !ids.insert(id) {
            faults.push(format!("the id {id} stands twice"));
        }
    }
    for tag in &tags {
        faults.extend(about_tag(tag, &ids));
    }
    let labelled: HashSet<_> = named("label").filter_map(|label| label.get("for")).collect();
    let fields = tags.iter().filter(|tag| ["input", "select", "textarea"].contains(&tag.name.as_str()));
    for field in fields.filter(|field| !matches!(field.get("type"), Some("hidden" | "radio"))) {
        if !field.get("id").is_some_and(|id| labelled.contains(id)) {
            faults.push(format!("the field {:?} has no label", field.get("name")));
        }
    }
    let posts = named("form").filter(|form| form.get("method") == Some("post")).count();
    let guarded = named("input").filter(|input| input.get("name") == Some("csrf")).count();
    if posts != guarded {
        faults.push(format!("{posts} forms post, {guarded} prove where they come from"));
    }
    for word in ["please", "oops", "verified"] {
        if html.to_lowercase().contains(&format!(" {word}")) {
            faults.push(format!("it says {word:?}"));
        }
    }
    faults
}

fn about_tag(tag: &Tag, ids: &HashSet<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    let name = &tag.name;
    for (attribute, value) in &tag.attributes {
        if attribute == "style" || attribute.starts_with("on") || value.starts_with("javascript:") {
            faults.push(format!("<{name}> has {attribute}"));
        }
        if ["for", "aria-describedby", "aria-labelledby"].contains(&attribute.as_str()) {
            let absent = value.split(' ').filter(|id| !ids.contains(id));
            faults.extend(
                absent.map(|id| format!("<{name} {attribute}> names the id {id}, which is not there")),
            );
        }
    }
    match name.as_str() {
        "style" => faults.push("style in the page".to_owned()),
        "script" if tag.get("src").is_none() => faults.push("script in the page".to_owned()),
        "img" => {
            for needed in ["alt", "width", "height"] {
                if tag.get(needed).is_none() {
                    faults.push(format!("the picture {:?} has no {needed}", tag.get("src")));
                }
            }
        }
        "a" => {
            let target = tag.get("href").and_then(|href| href.strip_prefix('#'));
            if target.is_some_and(|id| !ids.contains(id)) {
                faults.push(format!("a link leads to {target:?}, which is not there"));
            }
        }
        _ => {}
    }
    faults
}

/// Each opening tag. A text that is escaped as it should be has no `<` of its own.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    for part in html.split('<').skip(1) {
        let name: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
        if name.is_empty() {
            continue;
        }
        let mut attributes = Vec::new();
        let mut rest = &part[name.len()..];
        while let Some(start) = rest.find(|c: char| !c.is_ascii_whitespace()) {
            rest = &rest[start..];
            let end = rest.find(['=', ' ', '>', '\n', '/']).unwrap_or(rest.len());
            if end == 0 {
                break;
            }
            let attribute = rest[..end].to_owned();
            rest = &rest[end..];
            let value = match rest.strip_prefix("=\"").and_then(|value| value.split_once('"')) {
                Some((value, after)) => {
                    rest = after;
                    value.to_owned()
                }
                None => String::new(),
            };
            attributes.push((attribute, value));
        }
        tags.push(Tag { name, attributes });
    }
    tags
}
