//! What the owner of a mailbox must confirm before it is done: a registration, or another log-in e-mail.
//! Source: docs/evidence/account.md 3.3.

use crate::text::{Email, Uid};

/// What must be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// An account of the partner is registered.
    Registration {
        /// Under this log-in e-mail.
        email: Email,
        /// The account, once it is confirmed.
        made: Option<Uid>,
    },
    /// An account gets another log-in e-mail.
    LoginEmail {
        /// The account.
        uid: Uid,
        /// The one it had.
        old: Option<Email>,
        /// The one it gets.
        new: Email,
    },
}

/// Where a trace stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraceStatus {
    /// The mailbox was asked.
    Waiting,
    /// It was confirmed, and done.
    Confirmed,
    /// The partner has cancelled it.
    Cancelled,
}

/// Something that must be confirmed. Source: docs/evidence/account.md 3.3, `TraceNo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The partner that asked.
    pub partner: Uid,
    /// What for.
    pub asked: Asked,
    /// Where it stands.
    pub status: TraceStatus,
}

impl Trace {
    /// The mailbox that is asked.
    pub fn mailbox(&self) -> &Email {
        match &self.asked {
            Asked::Registration { email, .. } => email,
            Asked::LoginEmail { new, .. } => new,
        }
    }

    /// The account, as soon as there is one.
    pub fn uid(&self) -> Option<Uid> {
        match &self.asked {
            Asked::Registration { made, .. } => *made,
            Asked::LoginEmail { uid, .. } => Some(*uid),
        }
    }
}
