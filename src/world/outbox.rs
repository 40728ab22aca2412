//! Messages that alimock only stores, for tests to read: codes by SMS and e-mail, results of reviews.

use crate::text::Timestamp;
use compact_str::CompactString;
use imbl::Vector;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Channel of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// SMS to a mobile.
    Sms,
    /// E-mail.
    Email,
    /// Statement of a bank account.
    Bank,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Number, counted from 1.
    pub number: u64,
    /// Time.
    pub at: Timestamp,
    /// Channel.
    pub channel: Channel,
    /// Recipient.
    pub to: CompactString,
    /// Purpose.
    pub scene: CompactString,
    /// Text of the message.
    pub text: String,
    /// Code in the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CompactString>,
    /// Expiry of the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// Set once the code is used.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
}

/// Number of messages that are kept.
const KEPT: usize = 1000;

/// Messages, oldest first. Only the latest thousand are kept.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    messages: Vector<Arc<Message>>,
    count: u64,
}

impl Outbox {
    /// Iterates over the messages that are kept.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> {
        self.messages.iter()
    }

    /// Adds a message.
    pub(super) fn put(&mut self, message: Message) {
        self.count += 1;
        if self.messages.len() == KEPT {
            self.messages.pop_front();
        }
        self.messages.push_back(Arc::new(Message { number: self.count, ..message }));
    }

    /// Returns the latest message with a code for `to`.
    pub fn latest_code(&self, to: &str) -> Option<&Arc<Message>> {
        self.messages.iter().rev().find(|one| one.to == to && one.code.is_some())
    }

    /// Marks a code as used.
    pub(super) fn use_up(&mut self, number: u64) {
        if let Some(message) = self.messages.iter_mut().find(|one| one.number == number) {
            Arc::make_mut(message).used = true;
        }
    }
}
