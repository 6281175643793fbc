//! Numbers as Prometheus reads them (text format 0.0.4).

use std::{fmt::Write as _, sync::PoisonError};

use super::{Metrics, Spread};

/// A page of numbers, as it is written.
#[derive(Debug, Default)]
pub(crate) struct Page(String);

impl Page {
    /// A number that only grows.
    pub(crate) fn count(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, help, "counter");
        self.line(name, "", value as f64);
    }

    /// A number that goes up and down.
    pub(crate) fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.head(name, help, "gauge");
        self.line(name, "", value);
    }

    /// The same for each value of a label.
    pub(crate) fn gauges(&mut self, name: &str, help: &str, label: &str, values: &[(&str, f64)]) {
        self.head(name, help, "gauge");
        for (of, value) in values {
            self.line(name, &format!("{{{label}=\"{of}\"}}"), *value);
        }
    }

    /// All that a service counts by itself.
    pub(crate) fn metrics(&mut self, metrics: &Metrics) {
        self.routes(metrics);
        self.count("badges_awards_total", "Awards that were stored.", metrics.awarded.value());
        self.count("badges_signed_total", "Credentials that were signed.", metrics.signed.value());
        let turned_away = metrics.turned_away.value();
        self.count("badges_turned_away_total", "Requests answered with 503 for want of room.", turned_away);
        let failed = metrics.failed_commits.value();
        self.count("badges_commits_failed_total", "Groups of writes that were not committed.", failed);
        self.head("badges_commit_seconds", "How long a group of writes took, commit included.", "histogram");
        self.spread("badges_commit_seconds", "", &metrics.commits, 1e-6);
        self.head("badges_commit_writes", "How many writes one commit made durable.", "histogram");
        self.spread("badges_commit_writes", "", &metrics.groups, 1.0);
    }

    /// What was written.
    pub(crate) fn into_text(self) -> String {
        self.0
    }

    fn routes(&mut self, metrics: &Metrics) {
        let routes = metrics.routes.read().unwrap_or_else(PoisonError::into_inner);
        self.head(
            "badges_requests_total",
            "Requests that were answered, by the class of the status.",
            "counter",
        );
        for (route, of_route) in routes.iter() {
            for (class, count) in (1..).zip(&of_route.classes) {
                if count.value() > 0 {
                    let labels = format!("{{{},status=\"{class}xx\"}}", labels(route));
                    self.line("badges_requests_total", &labels, count.value() as f64);
                }
            }
        }
        self.head("badges_request_seconds", "How long requests took.", "histogram");
        for (route, of_route) in routes.iter() {
            self.spread("badges_request_seconds", &labels(route), &of_route.times, 1e-6);
        }
    }

    fn spread(&mut self, name: &str, labels: &str, spread: &Spread, unit: f64) {
        let (mut below, comma) = (0, if labels.is_empty() { "" } else { "," });
        for (at, count) in spread.classes.iter().enumerate() {
            below += count.value();
            let bound = match spread.bounds.get(at) {
                Some(bound) => (*bound as f64 * unit).to_string(),
                None => "+Inf".to_owned(),
            };
            self.line(&format!("{name}_bucket"), &format!("{{{labels}{comma}le=\"{bound}\"}}"), below as f64);
        }
        let braces = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        self.line(&format!("{name}_sum"), &braces, spread.sum.value() as f64 * unit);
        self.line(&format!("{name}_count"), &braces, below as f64);
    }

    fn head(&mut self, name: &str, help: &str, kind: &str) {
        // Writing to a text cannot fail.
        writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}").ok();
    }

    fn line(&mut self, name: &str, labels: &str, value: f64) {
        writeln!(self.0, "{name}{labels} {value}").ok();
    }
}

/// Of `GET /awards/{award}`: templates have neither quotes nor backslashes.
fn labels(route: &str) -> String {
    let (method, template) = route.split_once(' ').unwrap_or(("", route));
    format!("method=\"{method}\",route=\"{template}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_counts_in_its_class_and_in_all_larger_ones() {
        let metrics = Metrics::default();
        metrics.answered("GET /awards/{award}", 404, 900);
        metrics.answered("GET /awards/{award}", 200, 60_000_000);
        let mut page = Page::default();

        page.metrics(&metrics);

        let text = page.into_text();
        let labels = r#"method="GET",route="/awards/{award}""#;
        for line in [
            format!("badges_requests_total{{{labels},status=\"4xx\"}} 1"),
            format!("badges_request_seconds_bucket{{{labels},le=\"0.0005\"}} 0"),
            format!("badges_request_seconds_bucket{{{labels},le=\"0.001\"}} 1"),
            format!("badges_request_seconds_bucket{{{labels},le=\"+Inf\"}} 2"),
            format!("badges_request_seconds_count{{{labels}}} 2"),
            "badges_awards_total 0".to_owned(),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
