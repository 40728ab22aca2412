//! Requests that the owner of a mailbox must confirm: a registration, or a new log-in e-mail.
//! Source: docs/evidence/account.md 3.3.

use crate::text::{Email, Uid};

/// Contents of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Registers an account of the partner.
    Registration {
        /// Log-in e-mail of the account.
        email: Email,
        /// The account, once the request is confirmed.
        made: Option<Uid>,
    },
    /// Changes the log-in e-mail of an account.
    LoginEmail {
        /// The account.
        uid: Uid,
        /// Old e-mail.
        old: Option<Email>,
        /// New e-mail.
        new: Email,
    },
}

/// Status of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraceStatus {
    /// Waits for confirmation.
    Waiting,
    /// Confirmed and completed.
    Confirmed,
    /// Cancelled by the partner.
    Cancelled,
}

/// A request that must be confirmed. Source: docs/evidence/account.md 3.3, `TraceNo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Partner that made the request.
    pub partner: Uid,
    /// Contents of the request.
    pub asked: Asked,
    /// Status of the request.
    pub status: TraceStatus,
}

impl Trace {
    /// Returns the mailbox that must confirm.
    pub fn mailbox(&self) -> &Email {
        match &self.asked {
            Asked::Registration { email, .. } => email,
            Asked::LoginEmail { new, .. } => new,
        }
    }

    /// Returns the account, once it exists.
    pub fn uid(&self) -> Option<Uid> {
        match &self.asked {
            Asked::Registration { made, .. } => *made,
            Asked::LoginEmail { uid, .. } => Some(*uid),
        }
    }
}
