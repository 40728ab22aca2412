//! Data that cannot be planted, and its position.

use crate::text::{Scalar, written};
use crate::world::{NotDone, Refusal};
use std::fmt;

/// An error of data that cannot be planted, with its position in the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what}")]
pub struct Misfit {
    /// Path: `accounts[0].users[1].name`.
    pub at: String,
    /// Error message.
    pub what: String,
}

/// The first errors: planting stops after `MOST_MISFITS`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Misfits(pub Vec<Misfit>);

/// One more than a report of one text lists, so that the report can say that more exist.
pub(crate) const MOST_MISFITS: usize = 101;

impl Misfits {
    /// Adds the error of a result; returns its value.
    pub(super) fn note<T>(&mut self, result: Result<T, Misfit>) -> Option<T> {
        result.map_err(|misfit| self.add([misfit])).ok()
    }

    /// Adds errors.
    pub(super) fn add(&mut self, misfits: impl IntoIterator<Item = Misfit>) {
        let room = MOST_MISFITS.saturating_sub(self.0.len());
        self.0.extend(misfits.into_iter().take(room));
    }

    /// Returns `true` if no more errors are added, so that callers can stop checking.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MOST_MISFITS
    }

    /// Returns an error if any was added.
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

/// Path in the file, for messages.
#[derive(Debug, Clone)]
pub(crate) struct At(String);

impl At {
    /// Path of the whole text.
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

    /// Builds the error of a failed command.
    pub(super) fn not_done(&self, why: NotDone) -> Misfit {
        match why {
            NotDone::Unfit(unfit) => self.field(unfit.word).wrong(unfit.why),
            why => self.wrong(why.to_string()),
        }
    }

    /// Builds the error of a rejected name; most likely, the name is taken.
    pub(super) fn refused_name(&self, refusal: Refusal) -> Misfit {
        if refusal.is_name_taken() {
            self.wrong(format!("{refusal} by one before this; capitals make no difference"))
        } else {
            self.refused(refusal)
        }
    }

    /// Parses the value at this path by its type.
    pub(super) fn value<T: Scalar>(&self, text: &str) -> Result<T, Misfit> {
        T::parse(text).map_err(|flaw| {
            let name = self.0.rsplit('.').next().unwrap_or_default();
            let form = form(name).map_or_else(|| format!("of the form of `{name}`"), str::to_owned);
            self.wrong(written::describe::<T>(text, flaw, &form))
        })
    }

    /// Parses the value of a field by its type.
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

/// Describes the format of a field.
fn form(name: &str) -> Option<&'static str> {
    Some(match name {
        "uid" => "a UID: 14 to 16 digits, the first of them not 0",
        "id" => "a key id: 8 to 128 letters, digits and dots",
        "mobile" => "a phone number such as 13800000000 or +65 80000000",
        "email" => "an e-mail address",
        _ => return None,
    })
}
