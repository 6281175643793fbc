//! How much an SVG draws: its elements, each as often as it is referred to.

use std::collections::HashMap;

use super::{InertError, short};

/// How many elements may be drawn.
const MOST: u64 = 100_000;

/// The elements, and what each draws beside itself: its children, and what it names.
#[derive(Default)]
pub(super) struct Drawing {
    elements: Vec<Element>,
    /// The open ones, the inmost last.
    open: Vec<usize>,
    /// The first of each name counts (DOM §4.2.4).
    ids: HashMap<String, usize>,
}

#[derive(Default)]
struct Element {
    children: Vec<usize>,
    names: Vec<String>,
    /// What it draws in all; none before it is counted.
    drawn: Option<u64>,
    under_way: bool,
}

impl Drawing {
    pub(super) fn enter(&mut self, id: Option<&str>) {
        let at = self.elements.len();
        self.elements.push(Element::default());
        if let Some(parent) = self.open.last().and_then(|parent| self.elements.get_mut(*parent)) {
            parent.children.push(at);
        }
        if let Some(id) = id {
            self.ids.entry(id.to_owned()).or_insert(at);
        }
        self.open.push(at);
    }

    pub(super) fn leave(&mut self) {
        self.open.pop();
    }

    /// Notes what the inmost element names.
    pub(super) fn refer(&mut self, id: &str) {
        if let Some(element) = self.open.last().and_then(|open| self.elements.get_mut(*open)) {
            element.names.push(id.to_owned());
        }
    }

    /// Counts from the root, without recursion: a chain of references may be as long as the file.
    pub(super) fn check(mut self) -> Result<(), InertError> {
        if self.elements.is_empty() {
            return Ok(());
        }
        for element in &mut self.elements {
            let named = element.names.iter().filter_map(|id| self.ids.get(id));
            element.children.extend(named);
        }
        let mut path = vec![(0, 0)];
        while let Some((at, next)) = path.pop() {
            let Some(element) = self.elements.get_mut(at) else { continue };
            element.under_way = true;
            if let Some(child) = element.children.get(next).copied() {
                path.push((at, next + 1));
                match self.elements.get(child) {
                    Some(child) if child.drawn.is_some() => {}
                    Some(other) if other.under_way => return Err(self.circle(child)),
                    _ => path.push((child, 0)),
                }
                continue;
            }
            let children = std::mem::take(&mut element.children);
            let parts = children.iter().filter_map(|child| self.elements.get(*child)?.drawn);
            let drawn = parts.fold(1, u64::saturating_add);
            if drawn > MOST {
                return Err(InertError::Crowd { limit: MOST });
            }
            if let Some(element) = self.elements.get_mut(at) {
                (element.drawn, element.under_way) = (Some(drawn), false);
            }
        }
        Ok(())
    }

    fn circle(&self, at: usize) -> InertError {
        let id = self.ids.iter().find(|(_, element)| **element == at).map(|(id, _)| short(id));
        InertError::Circle { id: id.unwrap_or_default() }
    }
}
