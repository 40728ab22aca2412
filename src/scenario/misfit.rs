//! What cannot be planted, and where it stands.

use crate::text::{Scalar, written};
use crate::world::{NotDone, Refusal};
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

    /// A command that was not carried out.
    pub(super) fn not_done(&self, why: NotDone) -> Misfit {
        match why {
            NotDone::Unfit(unfit) => self.field(unfit.word).wrong(unfit.why),
            why => self.wrong(why.to_string()),
        }
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
            let form = form(name).map_or_else(|| format!("of the form of `{name}`"), str::to_owned);
            self.wrong(written::describe::<T>(text, flaw, &form))
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

/// What a field takes, in words.
fn form(name: &str) -> Option<&'static str> {
    Some(match name {
        "uid" => "a UID: 14 to 16 digits, the first of them not 0",
        "id" => "a key id: 8 to 128 letters, digits and dots",
        "mobile" => "a phone number such as 13800000000 or +65 80000000",
        "email" => "an e-mail address",
        _ => return None,
    })
}
