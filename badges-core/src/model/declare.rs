//! The two macros that declare the model.

/// Declares a class once; from it come the struct, its reader, its writer and its table.
///
/// `fixed` members have a value of their own in `new`, `required` members are the arguments of `new`,
/// `optional` ones are options and sets. A member that only one form of credential requires says so.
macro_rules! class {
    (
        $(#[$doc:meta])*
        $name:ident = $called:literal, types $types:expr, $openness:ident {
            fixed { $($(#[$fdoc:meta])* $ffield:ident: $fty:ty = $fjson:literal => $finit:expr;)* }
            required { $($(#[$rdoc:meta])* $rfield:ident: $rty:ty = $rjson:literal;)* }
            optional { $($(#[$odoc:meta])* $ofield:ident: $oty:ty = $ojson:literal $(in $form:ident)?;)* }
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[$fdoc])* pub $ffield: $fty,)*
            $($(#[$rdoc])* pub $rfield: $rty,)*
            $($(#[$odoc])* pub $ofield: $oty,)*
            /// The members that the specification does not name, byte for byte.
            pub unknown: $crate::model::members::Unknown,
        }

        impl $name {
            /// One with what is required, and nothing else.
            pub fn new($($rfield: $rty),*) -> Self {
                Self {
                    $($ffield: $finit,)*
                    $($rfield,)*
                    $($ofield: Default::default(),)*
                    unknown: Default::default(),
                }
            }

            /// What the structure check knows of this class.
            pub fn class() -> &'static $crate::model::class::Class {
                static CLASS: $crate::model::class::Class = $crate::model::class::Class {
                    name: $called,
                    types: $types,
                    closed: class!(@closed $openness),
                    properties: &[
                        $($crate::model::class::Property {
                            name: $fjson,
                            range: <$fty as $crate::model::members::Kind>::RANGE,
                            required: $crate::model::class::Required::Always,
                            many: false,
                        },)*
                        $($crate::model::class::Property {
                            name: $rjson,
                            range: <$rty as $crate::model::members::Kind>::RANGE,
                            required: $crate::model::class::Required::Always,
                            many: false,
                        },)*
                        $($crate::model::class::Property {
                            name: $ojson,
                            range: <$oty as $crate::model::members::Slot>::RANGE,
                            required: class!(@required $($form)?),
                            many: <$oty as $crate::model::members::Slot>::MANY,
                        },)*
                    ],
                };
                &CLASS
            }

            fn write<M: $crate::model::members::Sink>(&self, sink: &mut M) -> Result<(), M::Error> {
                $(sink.member($fjson, &self.$ffield)?;)*
                $(sink.member($rjson, &self.$rfield)?;)*
                $($crate::model::members::Slot::write(&self.$ofield, $ojson, sink)?;)*
                self.unknown.write(sink)
            }
        }

        class!(@default $name $($rfield)*);

        impl $crate::model::members::Kind for $name {
            const RANGE: $crate::model::class::Range = $crate::model::class::Range::Class(Self::class);
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::{Error as _, SerializeMap as _};
                if self.unknown.plainly_spelled() {
                    let mut sink = $crate::model::members::MapSink(serializer.serialize_map(None)?);
                    self.write(&mut sink)?;
                    sink.0.end()
                } else {
                    let mut sink = $crate::model::members::TextSink::default();
                    self.write(&mut sink).map_err(S::Error::custom)?;
                    sink.into_raw()?.serialize(serializer)
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use serde::de::{Error as _, MapAccess, Visitor};
                use $crate::model::members::{Name, Unknown};
                struct Members;
                impl<'de> Visitor<'de> for Members {
                    type Value = $name;

                    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        out.write_str(concat!("an object of the class ", $called))
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        $(let mut $ffield: Option<$fty> = None;)*
                        $(let mut $rfield: Option<$rty> = None;)*
                        $(let mut $ofield: Option<$oty> = None;)*
                        let mut unknown = Unknown::default();
                        while let Some(name) = map.next_key::<Name>()? {
                            let twice = match name.meant.as_str() {
                                $($fjson => $ffield.replace(map.next_value()?).is_some(),)*
                                $($rjson => $rfield.replace(map.next_value()?).is_some(),)*
                                $($ojson => $ofield.replace($crate::model::members::Slot::read(&mut map)?).is_some(),)*
                                _ => {
                                    unknown.push(name, map.next_value()?);
                                    continue;
                                }
                            };
                            if twice {
                                let name = name.meant;
                                return Err(A::Error::custom(format_args!("the name {name:?} occurs twice")));
                            }
                        }
                        unknown.distinct()?;
                        Ok($name {
                            $($ffield: $ffield.ok_or_else(|| A::Error::missing_field($fjson))?,)*
                            $($rfield: $rfield.ok_or_else(|| A::Error::missing_field($rjson))?,)*
                            $($ofield: $ofield.unwrap_or_default(),)*
                            unknown,
                        })
                    }
                }
                deserializer.deserialize_map(Members)
            }
        }
    };
    (@default $name:ident) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    (@default $name:ident $($field:ident)+) => {};
    (@closed open) => { false };
    (@closed closed) => { true };
    (@required) => { $crate::model::class::Required::Never };
    (@required $form:ident) => { $crate::model::class::Required::$form };
}

/// Declares an enumeration of the model with its vocabulary; an extensible one also takes `ext:` terms.
macro_rules! vocabulary {
    (
        $(#[$doc:meta])*
        $name:ident, $openness:ident { $($(#[$tdoc:meta])* $term:ident = $text:literal,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$tdoc])* $term,)*
            /// A term of somebody's own, which begins with `ext:` if the vocabulary is extensible.
            Extension(String),
        }

        impl $name {
            /// The term as documents have it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$term => $text,)*
                    Self::Extension(text) => text,
                }
            }

            /// The terms of the vocabulary.
            pub fn vocabulary() -> &'static $crate::model::class::Vocabulary {
                &Self::VOCABULARY
            }

            const VOCABULARY: $crate::model::class::Vocabulary = $crate::model::class::Vocabulary {
                name: stringify!($name),
                terms: &[$($text,)*],
                extensible: vocabulary!(@$openness),
            };
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::value::ValueError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$term),)*
                    _ if Self::VOCABULARY.contains(text) => Ok(Self::Extension(text.to_owned())),
                    _ => Err($crate::model::value::ValueError::term(&Self::VOCABULARY, text)),
                }
            }
        }

        impl $crate::model::members::Kind for $name {
            const RANGE: $crate::model::class::Range =
                $crate::model::class::Range::Vocabulary(&Self::VOCABULARY);
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
    (@closed) => { false };
    (@extensible) => { true };
}

pub(crate) use {class, vocabulary};
