//! The messages to one contact, beside a form that needs a code from them.

use crate::console::texts::Texts;
use crate::console::visit::Visit;
use crate::world::outbox::Message;
use askama::Template;
use std::sync::Arc;

/// The newest messages.
#[derive(Template)]
#[template(path = "mail_pane.html")]
pub(crate) struct MailPane<'a> {
    t: &'static Texts,
    messages: Vec<&'a Arc<Message>>,
}

/// Messages in the pane at most.
const SHOWN: usize = 3;

/// Returns the newest messages to a contact.
pub(crate) fn pane<'a>(v: &'a Visit<'a>, to: &str) -> MailPane<'a> {
    let to_it = v.state.registry.outbox.iter().rev().filter(|one| one.to == to);
    MailPane { t: v.t, messages: to_it.take(SHOWN).collect() }
}
