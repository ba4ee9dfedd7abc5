//! Settings that accept one of a few words.

/// Declares an enum that is also the type of a setting. The first word of a variant is how it prints; the others are
/// accepted too. Case does not matter.
macro_rules! choice {
    (
        $(#[doc = $meaning:literal])+
        $name:ident {
            $( $(#[doc = $doc:literal])+ $variant:ident = $word:literal $(| $other:literal)*; )+
        }
    ) => {
        $(#[doc = $meaning])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl $name {
            /// The word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::config::schema::setting::Setting for $name {
            fn kind() -> String {
                format!("one of {}", [$( concat!("`", $word, "`") ),+].join(", "))
            }

            fn read(value: &figment::value::Value) -> Result<Self, $crate::config::schema::setting::Unfit> {
                match $crate::config::schema::setting::plain(value).map(|text| text.to_lowercase()).as_deref() {
                    $( Some($word $(| $other)*) => Ok(Self::$variant), )+
                    _ => Err(Self::unfit()),
                }
            }

            fn show(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    };
}
pub(crate) use choice;
