//! The small signs beside words: 24 units square, drawn in the colour of the text.

use std::fmt;

use askama::filters::HtmlSafe;

/// A sign that repeats what the words beside it say, so screen readers pass over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// It holds.
    Check,
    /// Wait, or not known.
    Clock,
    /// It does not hold.
    Cross,
    /// A file to keep.
    Download,
    /// Not asked, or nothing to say.
    Minus,
    /// Look at this.
    Warning,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Check => "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19ZM7.5 12.3l3.2 3.2 5.8-6.3",
            Self::Clock => "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19ZM12 7v5.3l3.4 2",
            Self::Cross => "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19ZM8.5 8.5l7 7m0-7-7 7",
            Self::Download => "M12 3v12m-5-5 5 5 5-5M4 20.5h16",
            Self::Minus => "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19ZM8 12h8",
            Self::Warning => "M12 3 22 20.5H2zM12 9.5v5m0 3v.2",
        }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "<svg class=\"icon\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\"><path d=\"{}\"/></svg>",
            self.path()
        )
    }
}

impl HtmlSafe for Icon {}
