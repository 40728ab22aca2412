//! What cannot be planted, and where it stands.

use crate::text::{Flaw, Scalar};
use crate::world::Refusal;
use std::fmt;

/// What cannot be planted, and where it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what}")]
pub struct Misfit {
    /// `accounts[0].users[1].name`.
    pub at: String,
    /// What is wrong.
    pub what: String,
}

/// The first of them: planting stops after `MOST_MISFITS`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Misfits(pub Vec<Misfit>);

/// One more than is told of one text, so that it can be said that there are more.
pub(crate) const MOST_MISFITS: usize = 101;

impl Misfits {
    /// Notes what went wrong; gives what went well.
    pub(super) fn note<T>(&mut self, result: Result<T, Misfit>) -> Option<T> {
        result.map_err(|misfit| self.add([misfit])).ok()
    }

    /// Notes what went wrong.
    pub(super) fn add(&mut self, misfits: impl IntoIterator<Item = Misfit>) {
        let room = MOST_MISFITS.saturating_sub(self.0.len());
        self.0.extend(misfits.into_iter().take(room));
    }

    /// Whether no further one is noted: looking for it is no use.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MOST_MISFITS
    }

    /// An error when there is any.
    pub(super) fn done(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Misfits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Misfits {}

/// A place in the file, for messages.
#[derive(Debug, Clone)]
pub(crate) struct At(String);

impl At {
    /// The text itself.
    pub(crate) fn top() -> Self {
        Self(String::new())
    }

    pub(super) fn field(&self, name: &str) -> Self {
        Self(if self.0.is_empty() { name.to_owned() } else { format!("{}.{name}", self.0) })
    }

    pub(crate) fn item(&self, name: &str, index: usize) -> Self {
        Self(format!("{}[{index}]", self.field(name).0))
    }

    pub(super) fn wrong(&self, what: impl Into<String>) -> Misfit {
        Misfit { at: self.0.clone(), what: what.into() }
    }

    pub(super) fn refused(&self, refusal: Refusal) -> Misfit {
        self.wrong(refusal.to_string())
    }

    /// The name that stands here is refused, most likely because it is taken.
    pub(super) fn refused_name(&self, refusal: Refusal) -> Misfit {
        if refusal.is_name_taken() {
            self.wrong(format!("{refusal} by one before this; capitals make no difference"))
        } else {
            self.refused(refusal)
        }
    }

    /// Reads a value that validates itself and stands here.
    pub(super) fn value<T: Scalar>(&self, text: &str) -> Result<T, Misfit> {
        T::parse(text).map_err(|flaw| {
            let name = self.0.rsplit('.').next().unwrap_or_default();
            self.wrong(describe::<T>(name, text, flaw))
        })
    }

    /// Reads a value that validates itself.
    pub(super) fn read<T: Scalar>(&self, name: &str, text: &str) -> Result<T, Misfit> {
        self.field(name).value(text)
    }

    pub(super) fn read_option<T: Scalar>(
        &self,
        name: &str,
        text: Option<&String>,
    ) -> Result<Option<T>, Misfit> {
        text.map(|text| self.read(name, text)).transpose()
    }
}

/// The longest text that a message repeats, and the longest that any value must have.
const QUOTED: usize = 40;

/// What is wrong with a text, and what would be right. The value knows that best: it is asked about others like it.
pub(super) fn describe<T: Scalar>(name: &str, text: &str, flaw: Flaw) -> String {
    let count = text.chars().count();
    let start: String = text.chars().take(QUOTED).collect();
    let shown = if count > QUOTED { format!("`{start}...`") } else { format!("`{text}`") };
    let good = |text: &str| T::parse(text).is_ok();
    match flaw {
        Flaw::Length | Flaw::Size { .. } => {
            let most = longest::<T>(text, count);
            let least =
                (count + 1..=QUOTED).find(|length| good(&format!("{text}{}", "a".repeat(length - count))));
            match (most, least) {
                (Some(most), _) => format!("{shown} is too long: {count} characters, at most {most}"),
                (_, Some(least)) => format!("{shown} is too short: at least {least} characters"),
                _ => format!("{shown} is too short or too long"),
            }
        }
        Flaw::InvalidChars => {
            let is_bad = |c: &char| matches!(T::parse(&format!("aaaaaaaa{c}")), Err(Flaw::InvalidChars));
            match text.chars().find(is_bad) {
                Some(' ') => format!("{shown} holds a space, which is not allowed here"),
                Some(bad) => format!("{shown} holds `{}`, which is not allowed here", bad.escape_debug()),
                None => format!("{shown} holds a character that is not allowed here"),
            }
        }
        Flaw::Format | Flaw::Value => match form(name) {
            Some(form) => format!("{shown} is not {form}"),
            None => format!("{shown} does not have the form of `{name}`"),
        },
        Flaw::Range { min, max } => format!("{shown} is not between {min} and {max}"),
    }
}

/// How many of its characters would not be too many, when the text is too long: first the fewest that are not too few, then by
/// halves.
fn longest<T: Scalar>(text: &str, count: usize) -> Option<usize> {
    let fits = |length: usize| {
        let end = text.char_indices().nth(length).map_or(text.len(), |(end, _)| end);
        !matches!(T::parse(&text[..end]), Err(Flaw::Length | Flaw::Size { .. }))
    };
    let mut most = (1..=count.min(QUOTED)).find(|length| fits(*length))?;
    let mut over = count;
    while most + 1 < over {
        let middle = most.midpoint(over);
        if fits(middle) { most = middle } else { over = middle }
    }
    Some(most)
}

/// What a field takes, in words.
fn form(name: &str) -> Option<&'static str> {
    Some(match name {
        "uid" => "a UID: 14 to 16 digits, the first of them not 0",
        "id" => "a key id: 8 to 128 letters, digits and dots",
        "email" => "an email address",
        "mobile" => "a phone number such as 13800000000 or +65 80000000",
        _ => return None,
    })
}
