//! Shared code of several products: references to accounts and users, envelopes of replies, shared values.

pub(super) mod catalogue;
pub(super) mod envelope;
pub(super) mod identity;
pub(super) mod managed;
pub(super) mod numbered;
pub(super) mod others;
pub(super) mod partner;
pub(super) mod passed_role;
pub(super) mod reply;
pub(super) mod vocabulary;
pub(super) mod words;
