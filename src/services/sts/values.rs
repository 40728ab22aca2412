//! Parameters of STS. Source: docs/evidence/sts.md section 3.

use crate::error::{Failure, Result, sts};
use crate::params::{Field, Params};
use crate::text::{Flaw, RoleName, Scalar, Uid};
use crate::world::account;
use compact_str::CompactString;

/// `acs:ram::<uid>:role/<name>`. Only the general form is checked: an ARN of another kind is an unknown role.
pub(super) struct RoleArn {
    pub(super) uid: Option<Uid>,
    pub(super) name: Option<RoleName>,
    /// The ARN as errors print it, with the name in lower case. Source: docs/evidence/sts.md section 3.
    pub(super) shown: String,
}

impl Scalar for RoleArn {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let (uid, relative) =
            text.strip_prefix("acs:ram::").and_then(|rest| rest.split_once(':')).ok_or(Flaw::Value)?;
        if uid.is_empty() || !uid.bytes().all(|b| b.is_ascii_digit()) || relative.is_empty() {
            return Err(Flaw::Value);
        }
        let name = relative.strip_prefix("role/").and_then(|name| RoleName::parse(name).ok());
        let shown = format!("acs:ram::{uid}:{}", relative.to_ascii_lowercase());
        Ok(Self { uid: uid.parse().ok().map(Uid), name, shown })
    }
}

/// A text with a limited length and one kind of characters.
fn short(
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    good: fn(char) -> bool,
) -> Result<CompactString, Flaw> {
    if length.contains(&text.chars().count()) && text.chars().all(good) {
        Ok(text.into())
    } else {
        Err(Flaw::Value)
    }
}

/// `\w` of the documented patterns.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `RoleSessionName`.
pub(super) struct SessionName(pub(super) CompactString);

impl Scalar for SessionName {
    fn parse(text: &str) -> Result<Self, Flaw> {
        short(text, 2..=64, |c| is_word(c) || matches!(c, '.' | '@' | '-')).map(Self)
    }
}

/// `RoleSessionName` in an assertion. Source: docs/evidence/sts.md section 4.
pub(super) struct AssertedSessionName(pub(super) CompactString);

impl Scalar for AssertedSessionName {
    fn parse(text: &str) -> Result<Self, Flaw> {
        short(text, 2..=32, |c| is_word(c) || matches!(c, '.' | '@' | '-' | '=' | ',' | '+')).map(Self)
    }
}

/// `ExternalId`.
pub(super) struct ExternalId(pub(super) CompactString);

impl Scalar for ExternalId {
    fn parse(text: &str) -> Result<Self, Flaw> {
        short(text, 2..=1224, |c| is_word(c) || matches!(c, '+' | '=' | ',' | '.' | '@' | ':' | '/' | '-'))
            .map(Self)
    }
}

/// `SourceIdentity`.
#[derive(PartialEq, Eq)]
pub(super) struct SourceIdentity(pub(super) CompactString);

impl Scalar for SourceIdentity {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let reserved = ["acs:", "aliyun:", "alibabacloud:"].iter().any(|start| text.starts_with(start));
        let text = short(text, 2..=64, |c| is_word(c) || matches!(c, '+' | '=' | ',' | '.' | '@' | '-'))?;
        if reserved { Err(Flaw::Value) } else { Ok(Self(text)) }
    }
}

/// `DurationSeconds`: at least 900; the role sets the maximum.
pub(super) struct Duration(pub(super) i64);

impl Scalar for Duration {
    fn parse(text: &str) -> Result<Self, Flaw> {
        text.parse().ok().filter(|seconds| (900..=43200).contains(seconds)).map(Self).ok_or(Flaw::Value)
    }
}

/// `Policy`: restricts the permissions of the role.
pub(super) struct SessionPolicy(pub(super) account::SessionPolicy);

impl SessionPolicy {
    /// Parses a policy.
    pub(super) fn read(text: &str) -> Result<Self> {
        if text.len() > 2048 {
            return Err(sts::POLICY_SIZE.error());
        }
        let policy = account::SessionPolicy::parse(text)
            .map_err(|why| sts::POLICY_GRAMMAR.error().with_note(why.to_string()))?;
        Ok(Self(policy))
    }
}

impl Field for Option<SessionPolicy> {
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        Ok(params.filled(name).map(SessionPolicy::read).transpose()?)
    }
}
