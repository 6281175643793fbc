//! Sorts lines that begin alike.

/// A line of a text, by where it starts and ends.
pub(super) type Line = (u32, u32);

/// Groups of so few lines are compared whole.
const FEW: usize = 8;

/// Sorts the lines of a text by their bytes.
///
/// N-Quads begin alike for long stretches, which comparing each with each would go over again and again. So
/// lines are sorted by eight bytes at a time, and only those that are equal so far are looked at further. The
/// time is that of reading what tells the lines apart, whatever a document does.
pub(super) fn sort(text: &[u8], lines: &mut [Line]) {
    if lines.len() <= FEW {
        lines.sort_unstable_by(|left, right| rest(text, *left, 0).cmp(rest(text, *right, 0)));
        return;
    }
    let mut keyed: Vec<(u64, Line)> = lines.iter().map(|line| (0, *line)).collect();
    // Where a group starts and ends, and how many bytes of its lines are known to be equal.
    let mut groups = vec![(0, keyed.len(), 0)];
    while let Some((start, end, mut depth)) = groups.pop() {
        let Some(group) = keyed.get_mut(start..end) else { continue };
        if group.len() <= FEW {
            group.sort_unstable_by(|(_, left), (_, right)| {
                rest(text, *left, depth).cmp(rest(text, *right, depth))
            });
            continue;
        }
        let mut alike = true;
        while alike && group.first().is_some_and(|(_, line)| !rest(text, *line, depth).is_empty()) {
            for (key, line) in group.iter_mut() {
                *key = chunk(rest(text, *line, depth));
            }
            alike = group.iter().all(|(key, _)| group.first().is_some_and(|(first, _)| first == key));
            depth += 8;
        }
        if alike {
            continue;
        }
        group.sort_unstable_by_key(|(key, _)| *key);
        let mut at = start;
        for equal in group.chunk_by(|(left, _), (right, _)| left == right) {
            if equal.len() > 1 {
                groups.push((at, at + equal.len(), depth));
            }
            at += equal.len();
        }
    }
    for (line, (_, sorted)) in lines.iter_mut().zip(keyed) {
        *line = sorted;
    }
}

/// What follows the first bytes of a line.
fn rest(text: &[u8], (start, end): Line, depth: u32) -> &[u8] {
    text.get((start + depth).min(end) as usize..end as usize).unwrap_or_default()
}

/// Eight bytes as a number that sorts as they do; a line that ends sooner is filled up with zeros, which no
/// line holds.
fn chunk(rest: &[u8]) -> u64 {
    match rest.first_chunk() {
        Some(eight) => u64::from_be_bytes(*eight),
        None => rest.iter().chain([0; 8].iter()).take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    }
}
