//! Values with a fixed set of texts on the wire.

/// Declares such a value, with the meaning of each text.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $meaning:ty { $($word:pat => $value:expr),* $(,)? })*) => {$(
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) $meaning);

        impl $crate::text::Scalar for $name {
            fn parse(text: &str) -> Result<Self, $crate::text::Flaw> {
                match text {
                    $($word => Ok(Self($value)),)*
                    _ => Err($crate::text::Flaw::Value),
                }
            }
        }
    )*};
}
pub(crate) use words;
