//! Style, script and pictures of the service, in the binary, under names that change with what they hold.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};

use crate::{
    caching::{self, Freshness},
    problem::Problem,
    routes::{Route, route},
};

/// What this capability answers to the world.
pub(crate) const ROUTES: &[Route] =
    &[route!(GET "/assets/{file}", Public over None, show_asset, "A part of the pages, for ever")];

/// How much of the hash stands in a name, in bytes.
const HASH: usize = 8;

/// One file that pages load; it may be kept for ever, since another content has another address.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    /// Where it stands: `/assets/site.0123456789abcdef.css`.
    pub(crate) path: String,
    /// For the header of the answer.
    pub(crate) content_type: &'static str,
    /// What it holds.
    pub(crate) bytes: &'static [u8],
    name: &'static str,
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        named("site.css", "text/css; charset=utf-8", STYLE.as_bytes()),
        named("site.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/site.js")),
        named("favicon.svg", "image/svg+xml", include_bytes!("../../assets/favicon.svg")),
    ]
});

const STYLE: &str = concat!(include_str!("../../assets/tokens.css"), include_str!("../../assets/site.css"));

async fn show_asset(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asset = asset(request.path()).ok_or_else(Problem::not_found)?;
    Ok(caching::answer(&request, asset.content_type, asset.bytes.to_vec(), Freshness::Forever, &[]))
}

/// The asset at this path of the service.
pub(crate) fn asset(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// Where the asset with this plain name stands; pages link it.
pub(crate) fn address(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| &asset.path)
}

/// Every asset.
#[cfg(test)]
pub(crate) fn all() -> &'static [Asset] {
    ASSETS.as_slice()
}

fn named(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let hash: String = Sha256::digest(bytes).iter().take(HASH).map(|byte| format!("{byte:02x}")).collect();
    let (stem, kind) = name.split_once('.').unwrap_or((name, ""));
    Asset { path: format!("/assets/{stem}.{hash}.{kind}"), content_type, bytes, name }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn an_asset_is_found_at_its_address_alone() {
        let address = address("site.css");

        assert!(address.starts_with("/assets/site.") && address.ends_with(".css"));
        assert_eq!(asset(address).unwrap().bytes, STYLE.as_bytes());
        assert!(asset("/assets/site.css").is_none());
    }

    #[test]
    fn style_and_script_stay_under_50_kb() {
        let bytes: usize = all().iter().map(|asset| asset.bytes.len()).sum();

        assert!(bytes < 50_000, "{bytes} bytes");
    }

    #[test]
    fn only_the_tokens_name_a_colour_or_a_size() {
        let site = include_str!("../../assets/site.css");
        let raw = |line: &&str| {
            let pixels = line.match_indices("px").any(|(at, _)| {
                line.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
            });
            !line.starts_with("@media") && (pixels || line.contains("rgb(") || line.contains('#'))
        };

        assert_eq!(site.lines().filter(raw).collect::<Vec<_>>(), Vec::<&str>::new());
    }

    #[test]
    fn what_is_read_stands_out_from_its_ground_in_light_and_in_dark() {
        let tokens = include_str!("../../assets/tokens.css");
        let (light, dark) = tokens.split_once("(prefers-color-scheme: dark)").unwrap();
        let light = colours(light);
        let mut all_dark = light.clone();
        all_dark.extend(colours(dark));

        for (theme, colours) in [("light", light), ("dark", all_dark)] {
            for (ink, ground) in PAIRS {
                let contrast = contrast(colours[*ink], colours[*ground]);
                assert!(contrast >= 4.5, "{theme}: {ink} on {ground} has {contrast:.2}:1");
            }
        }
    }

    const PAIRS: &[(&str, &str)] = &[
        ("ink", "paper"),
        ("ink", "raised"),
        ("ink", "sunk"),
        ("soft", "paper"),
        ("soft", "raised"),
        ("accent", "paper"),
        ("accent", "raised"),
        ("accent", "accent-paper"),
        ("on-action", "action"),
        ("paper", "accent"),
        ("positive", "paper"),
        ("positive", "positive-paper"),
        ("caution", "paper"),
        ("caution", "caution-paper"),
        ("negative", "paper"),
        ("negative", "negative-paper"),
        ("paper", "negative"),
        ("accent", "positive-paper"),
        ("accent", "caution-paper"),
        ("accent", "negative-paper"),
        ("teach", "paper"),
        ("build", "paper"),
        ("organise", "paper"),
        ("learn", "paper"),
    ];

    fn colours(css: &str) -> HashMap<&str, u32> {
        let tokens = css.lines().filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
            Some((name, u32::from_str_radix(value.strip_suffix(';')?, 16).ok()?))
        });
        tokens.collect()
    }

    /// WCAG 2.2, relative luminance and contrast ratio.
    fn contrast(one: u32, other: u32) -> f64 {
        let luminance = |colour: u32| {
            let part = |shift: u32| {
                let value = f64::from((colour >> shift) & 0xff) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}
