//! What may stand in a field, as the API's document tells programs: from the limits that the service holds it to. A
//! field says of which kind it is with `#[schema(value_type = …)]`.

use std::{borrow::Cow, marker::PhantomData};

use utoipa::{
    __dev::ComposeSchema,
    ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema, SchemaFormat, Type},
};

use super::{ADDRESS, ENTRIES, EVIDENCE, LINE, NOTE, PARAGRAPH, REASON, RECIPIENTS, TOKEN, UNSEEN};

/// Kinds of fields, each with its name in the document and what is said of it there.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident $schema:expr;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::RefOr::from($schema.description(Some(concat!($($doc),*).trim())))
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}
pub(crate) use kinds;

kinds! {
    /// A name, or another line that must be there.
    Line seen(LINE);
    /// A line that may be empty, and has something to see where it is not.
    Name text(LINE).pattern(Some(format!("^(?:{})?$", with_something())));
    /// A line that may be empty.
    Words text(LINE);
    /// The name of a token.
    TokenName seen(TOKEN);
    /// A note on an award, or the narrative of its evidence.
    Note text(NOTE);
    /// Why an award is revoked or given back: its page shows it.
    ReasonText seen(REASON);
    /// A description, or another longer text.
    Paragraph text(PARAGRAPH);
    /// The address of something on the web.
    WebAddress text(ADDRESS).format(format("uri")).pattern(Some("^https?://[^\\u0000]+$"));
    /// What is to become the address of something on the web: a draft may lack it.
    WebAddressDraft text(ADDRESS);
    /// The address of something on the web, or nothing: then it is that of the node above.
    WebAddressOrNothing or_nothing::<WebAddress>();
    /// The hash that an upload was answered with.
    ImageHash text(43).pattern(Some("^[0-9A-Za-z_-]{43}$"));
    /// A day, or a time (RFC 3339).
    DayOrTime ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?$"));
}

/// A text of at most so many characters. None has the character U+0000.
pub(crate) fn text(most: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).max_length(Some(most)).pattern(Some("^[^\\u0000]*$"))
}

/// The same with something in it to see.
pub(crate) fn seen(most: usize) -> ObjectBuilder {
    text(most).min_length(Some(1)).pattern(Some(format!("^{}$", with_something())))
}

/// A whole number from one to another.
pub(crate) fn number(least: i64, most: i64) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).maximum(Some(most))
}

/// One of some words.
pub(crate) fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.into_iter().map(str::to_owned)))
}

/// Of one kind or of another.
pub(crate) fn either<A: ToSchema, B: ToSchema>() -> OneOfBuilder {
    OneOfBuilder::new().item(Ref::from_schema_name(A::name())).item(Ref::from_schema_name(B::name()))
}

/// Of a kind, or empty.
pub(crate) fn or_nothing<T: ToSchema>() -> OneOfBuilder {
    OneOfBuilder::new()
        .item(Ref::from_schema_name(T::name()))
        .item(ObjectBuilder::new().schema_type(Type::String).max_length(Some(0)))
}

/// A format by its name.
pub(crate) fn format(name: &str) -> Option<SchemaFormat> {
    Some(SchemaFormat::Custom(name.to_owned()))
}

/// What has something to see.
fn with_something() -> String {
    let mut unseen = String::new();
    for &(first, last) in UNSEEN {
        unseen.push(first);
        unseen.push('-');
        unseen.push(last);
    }
    format!("[^\\u0000]*[^\\s\\u0000-\\u001f\\u007f-\\u009f{unseen}][^\\u0000]*")
}

/// Lists with their longest length.
macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident $most:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name<T>(PhantomData<T>);

        impl<T: ToSchema> ComposeSchema for $name<T> {
            fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
                let items = Ref::from_schema_name(T::name());
                ArrayBuilder::new().items(items).max_items(Some($most)).into()
            }
        }

        impl<T: ToSchema> ToSchema for $name<T> {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                schemas.push((T::name().into_owned(), T::schema()));
                T::schemas(schemas);
            }
        }
    )*};
}

lists! {
    /// Recipients of one call.
    Crowd RECIPIENTS;
    /// A list of a badge, or of a change.
    Entries ENTRIES;
    /// What shows that somebody earned an award.
    Few EVIDENCE;
}
