//! The text of a number as ECMAScript writes it.

/// The text that `String(number)` of ECMAScript gives (RFC 8785 §3.2.2.3); none for NaN and the infinities.
pub fn number_text(number: f64) -> Option<String> {
    let mut text = String::new();
    push_number(&mut text, number).then_some(text)
}

/// Appends the text of a finite number; says whether it was finite.
pub(super) fn push_number(out: &mut String, number: f64) -> bool {
    if number.is_finite() {
        out.push_str(ryu_js::Buffer::new().format_finite(number));
    }
    number.is_finite()
}
