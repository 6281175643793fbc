//! Which of several texts in one image counts.

use super::{Finding, Found, Generation};

/// How strictly one text is chosen among several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Two texts of the generation are ambiguous, and compressed text is refused.
    Strict,
    /// The first text of the generation counts, and compressed text is taken, each with a finding.
    Lenient,
}

/// Why none of the texts in an image counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// Several texts of one generation.
    #[error("the image carries {count} badges of one generation, so it is ambiguous which is meant")]
    Ambiguous {
        /// The generation.
        generation: Generation,
        /// How many there are.
        count: usize,
    },
    /// The text is compressed.
    #[error("the badge in the image is compressed, which OB 3.0 §5.3.1 forbids")]
    Compressed,
    /// The image carries nothing.
    #[error("there is no badge in the image")]
    Nothing,
}

/// Chooses the text that counts: the one of the newest generation, with a finding for each other that is there.
///
/// # Errors
///
/// If there is none; and if there are two of the newest generation or the one is compressed, where the selection
/// is strict.
pub fn choose(finds: Vec<Found<'_>>, selection: Selection) -> Result<Found<'_>, ChoiceError> {
    let generation = finds.iter().map(|found| found.generation).max().ok_or(ChoiceError::Nothing)?;
    let (own, others): (Vec<_>, Vec<_>) = finds.into_iter().partition(|found| found.generation == generation);
    let count = own.len();
    if count > 1 && selection == Selection::Strict {
        return Err(ChoiceError::Ambiguous { generation, count });
    }
    let mut chosen = own.into_iter().next().ok_or(ChoiceError::Nothing)?;
    if chosen.findings.contains(&Finding::Compressed) && selection == Selection::Strict {
        return Err(ChoiceError::Compressed);
    }
    if count > 1 {
        chosen.findings.push(Finding::FirstOf(count));
    }
    let mut older: Vec<_> = others.iter().map(|found| found.generation).collect();
    older.sort();
    older.dedup();
    chosen.findings.extend(older.into_iter().rev().map(Finding::PassedOver));
    Ok(chosen)
}
