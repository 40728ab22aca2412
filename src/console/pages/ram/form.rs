//! Fields of forms: how they are read, and the mistake that a form is shown again with.

use crate::console::visit::Visit;
use crate::text::{Flaw, Patch, Scalar};
use crate::world::{NotDone, Refusal, Tx};
use http::StatusCode;

/// A mistake in a form.
#[derive(Debug)]
pub(super) struct Wrong {
    /// Name of the field; empty for the whole form.
    field: &'static str,
    text: String,
}

/// The mistake of a form, if it has one.
#[derive(Debug, Default)]
pub(super) struct Mistake(Option<Wrong>);

pub(super) type Checked<T> = Result<T, Wrong>;

impl Wrong {
    /// A mistake of the whole form.
    pub(super) fn whole(text: String) -> Self {
        Self { field: "", text }
    }

    /// A mistake in a field.
    pub(super) fn in_field(field: &'static str, text: &str) -> Self {
        Self { field, text: text.to_owned() }
    }

    /// A value that breaks the rules of its type.
    pub(super) fn flawed(v: &Visit<'_>, field: &'static str, flaw: Flaw) -> Self {
        let text = match flaw {
            Flaw::Length | Flaw::Size { .. } => v.t.ram.flaw_length,
            Flaw::InvalidChars => v.t.ram.flaw_characters,
            _ => v.t.ram.flaw_value,
        };
        Self::in_field(field, text)
    }

    /// A rejection by the world. That of a name is a mistake of the field `name`.
    fn refused(v: &Visit<'_>, why: &NotDone, name: &'static str) -> Self {
        let field = match why {
            NotDone::Refused(refusal) if refusal.is_name_taken() => name,
            NotDone::Refused(Refusal::PasswordTooWeak) => "password",
            NotDone::Refused(Refusal::WrongMfaCodes) => "code-1",
            NotDone::Refused(Refusal::MfaDeviceExists) => "device",
            _ => "",
        };
        Self { field, text: v.why(why) }
    }
}

impl Mistake {
    /// Returns the message at a field.
    pub(super) fn at(&self, field: &str) -> Option<&str> {
        self.0.as_ref().filter(|wrong| wrong.field == field).map(|wrong| &*wrong.text)
    }

    /// Returns the status of a page that shows it.
    pub(super) fn status(&self) -> StatusCode {
        if self.0.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
    }
}

impl From<Wrong> for Mistake {
    fn from(wrong: Wrong) -> Self {
        Self(Some(wrong))
    }
}

/// Reads a field that must have a value.
pub(super) fn required<T: Scalar>(v: &Visit<'_>, field: &'static str) -> Checked<T> {
    match v.form.given(field) {
        Some(text) => T::parse(text).map_err(|flaw| Wrong::flawed(v, field, flaw)),
        None => Err(Wrong::in_field(field, v.t.ram.flaw_missing)),
    }
}

/// Reads a field that may be empty.
pub(super) fn optional<T: Scalar>(v: &Visit<'_>, field: &'static str) -> Checked<Option<T>> {
    v.form.given(field).map(T::parse).transpose().map_err(|flaw| Wrong::flawed(v, field, flaw))
}

/// Reads the new value of a field; an empty one deletes the value.
pub(super) fn patch<T: Scalar>(v: &Visit<'_>, field: &'static str) -> Checked<Patch<T>> {
    Ok(optional(v, field)?.map_or(Patch::Clear, Patch::Set))
}

/// Returns the value that a field shows: the one that was sent, else the present one.
pub(super) fn kept<'a>(v: &'a Visit<'_>, field: &str, present: Option<&'a str>) -> &'a str {
    v.form.given(field).or(present).unwrap_or_default()
}

/// Returns `true` if a box is checked.
pub(super) fn is_checked(v: &Visit<'_>, field: &str) -> bool {
    !v.form.get(field).is_empty()
}

/// Changes the world. `name` is the field with the name of what is made or changed.
pub(super) fn change<T>(
    v: &Visit<'_>,
    name: &'static str,
    change: impl FnOnce(&mut Tx<'_>) -> Result<T, NotDone>,
) -> Checked<T> {
    v.change(change).map_err(|why| Wrong::refused(v, &why, name))
}
