//! One definition for each record of the language: the struct, its reader and its
//! JSON schema come from the same lines, so that they cannot disagree.

/// Defines a record: a mapping with a fixed set of keys, each a
/// [`Slot`](super::read::Slot).
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        $name:ident, $what:literal {
            $( $(#[doc = $field_doc:literal])* $field:ident $(as $key:literal)?: $type:ty, )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub(crate) struct $name {
            $(
                $(#[doc = $field_doc])*
                #[schemars(default $(, rename = $key)?)]
                pub(crate) $field: crate::document::read::Slot<$type>,
            )*
        }

        impl crate::document::read::Read for $name {
            fn read(
                node: &crate::document::node::Node,
                report: &mut crate::diagnostics::Reporter<'_>,
            ) -> Option<Self> {
                const KEYS: &[&str] = &[$( record!(@key $field $($key)?) ),*];
                let found = crate::document::read::fields(node, $what, KEYS, report)?;
                let mut fields = KEYS.iter().zip(found);
                Some($name {
                    $(
                        $field: match fields.next() {
                            Some((key, found)) => {
                                crate::document::read::Slot::field(key, found, report)
                            }
                            None => crate::document::read::Slot::Absent,
                        },
                    )*
                })
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}

/// A record, or a string that stands for a short form of it.
macro_rules! text_or {
    ($(#[doc = $doc:literal])* $name:ident, $record:ident) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, schemars::JsonSchema)]
        #[schemars(untagged)]
        pub(crate) enum $name {
            /// The short form.
            Text(String),
            /// The full form.
            Full(Box<$record>),
        }

        impl crate::document::read::Read for $name {
            fn read(
                node: &crate::document::node::Node,
                report: &mut crate::diagnostics::Reporter<'_>,
            ) -> Option<Self> {
                match node.text() {
                    Some(text) => Some($name::Text(text.to_owned())),
                    None => crate::document::read::Read::read(node, report)
                        .map(|record| $name::Full(Box::new(record))),
                }
            }
        }
    };
}

/// Enums of words, with what such a word is.
macro_rules! words {
    ($($name:ty: $what:literal,)*) => {$(
        impl crate::document::read::Read for $name {
            fn read(
                node: &crate::document::node::Node,
                report: &mut crate::diagnostics::Reporter<'_>,
            ) -> Option<Self> {
                crate::document::read::word(node, $what, report)
            }
        }
    )*};
}

pub(crate) use {record, text_or, words};
