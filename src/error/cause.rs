//! Mistakes of clients that give a wrong signature: one row each, so that every language of the console has a text for every mistake.

use serde::{Serialize, Serializer};
use std::fmt;

macro_rules! slips {
    ($($name:ident = $text:literal;)*) => {
        /// Kind of a signing mistake.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the rows say what each kind is")]
        pub enum Slip { $($name,)* }

        impl Slip {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Returns the description; `{}` stands for a name in the request.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

slips! {
    SpaceAsPlus = "a space was encoded as `+`";
    StarNotEncoded = "`*` was not encoded";
    TildeEncoded = "`~` was encoded";
    SlashNotEncoded = "`/` was not encoded";
    NotSorted = "the parameters were signed in the order in which they were sent, not sorted";
    SortedWithoutCase = "the parameters were sorted regardless of case";
    EncodedTwice = "names and values were encoded once more than documented";
    EncodedOnce = "names and values were encoded only once";
    PathEncodedTwice = "the path was encoded once more than documented";
    QueryEncoded = "the query was signed encoded";
    QueryNotSigned = "the query was not signed";
    OtherMethod = "another HTTP method was signed";
    OtherCase = "the HTTP method was signed in other capitals than it was sent in";
    OtherBody = "the body is not the one that was signed";
    HostWithoutPort = "the host was signed without its port";
    HeaderNotSigned = "the header `{}` was not signed, although `SignedHeaders` names it";
    HeaderNotNamed = "the header `{}` was signed, but `SignedHeaders` does not name it";
    OtherAlgorithm = "it was made with {}, which is not what `SignatureMethod` says";
    VersionOne = "it is a signature of version 1";
    SuffixAdded = "a `&` was appended to the secret";
    SuffixMissing = "no `&` was appended to the secret";
    KeyNotDerived = "the key was not derived from the secret";
    LineEnd = "the secret had a line end";
    LineEndOfWindows = "the secret had a line end of Windows";
    CarriageReturn = "the secret had a carriage return";
    BlankAfter = "the secret had a blank after it";
    BlankBefore = "the secret had a blank before it";
    BlanksAround = "the secret had blanks around it";
    TabAfter = "the secret had a tab after it";
    ByteOrderMark = "the secret had a byte order mark";
    Quotes = "the secret had quotes around it";
    Base64 = "the secret was still in base64";
    Base64WithLineEnd = "the secret was still in base64, with a line end";
    LowerCase = "the secret was in lower case";
    UpperCase = "the secret was in upper case";
    Empty = "the secret was empty";
    OtherKey = "it was made with the secret of the AccessKey {}";
    Unknown = "wrong secret, or something changed the request after signing";
}

impl Slip {
    /// Returns the mistake with a name in the request.
    pub fn about(self, name: impl Into<String>) -> Cause {
        Cause { slip: self, name: name.into() }
    }
}

/// A signing mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Kind.
    pub slip: Slip,
    /// Name in the request that it is about; often empty.
    pub name: String,
}

impl From<Slip> for Cause {
    fn from(slip: Slip) -> Self {
        slip.about("")
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.slip.text().replace("{}", &self.name))
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
