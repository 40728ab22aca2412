//! What would have been sent: codes by SMS and e-mail, results of reviews. Nothing leaves; tests read it here.

use crate::text::Timestamp;
use compact_str::CompactString;
use imbl::Vector;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// To a mobile.
    Sms,
    /// To a mailbox.
    Email,
    /// On the statement of a bank account.
    Bank,
}

/// A message that would have been sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// From 1 on.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// How.
    pub channel: Channel,
    /// To whom.
    pub to: CompactString,
    /// What for.
    pub scene: CompactString,
    /// What it says.
    pub text: String,
    /// The code in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CompactString>,
    /// Until when the code is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// Whether the code was used.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
}

/// Messages that are kept: the latest.
const KEPT: usize = 1000;

/// Messages, oldest first. Older ones than the latest thousand are forgotten.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    messages: Vector<Arc<Message>>,
    count: u64,
}

impl Outbox {
    /// All that are kept.
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

    /// The latest code that was sent to `to`.
    pub fn latest_code(&self, to: &str) -> Option<&Arc<Message>> {
        self.messages.iter().rev().find(|one| one.to == to && one.code.is_some())
    }

    /// Uses a code up.
    pub(super) fn use_up(&mut self, number: u64) {
        if let Some(message) = self.messages.iter_mut().find(|one| one.number == number) {
            Arc::make_mut(message).used = true;
        }
    }
}
