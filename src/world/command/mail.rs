//! Commands about who answers a message: whoever got it does what it asks for. Nothing listens behind the addresses that are sent.

use crate::text::{LoginName, Site, Uid};
use crate::world::Tx;
use crate::world::account::{Profile, TraceStatus};
use crate::world::command::{Done, unnamed, value, words};
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::tx::Registration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A mailbox that is asked for something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Confirm {
    /// Its address.
    pub to: String,
}

/// A registration as an invitation lets one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptInvite {
    /// The mailbox that was invited.
    pub to: String,
    /// Our name for the new account.
    pub name: String,
}

words! {
    /// An answer to an enterprise that asks to join it.
    struct AnswerJoin {
        /// Whether the account joins.
        #[serde(default = "yes", skip_serializing_if = "is_yes")]
        accept: bool,
    }

    /// A contact that shows to be reached.
    struct VerifyContact {
        /// By mail or by SMS.
        channel: Channel,
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_yes(accept: &bool) -> bool {
    *accept
}

impl Confirm {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let waits = |trace: &crate::world::account::Trace| {
            trace.status == TraceStatus::Waiting && trace.mailbox().as_str() == self.to
        };
        let traces = &tx.state().registry.traces;
        let waiting = traces.iter().rfind(|(_, trace)| waits(trace)).map(|(number, _)| number.clone());
        let uid = tx.confirm_trace(&waiting.ok_or(Refusal::NoSuchTrace)?)?;
        Ok(format!("{} confirmed what account {uid} was asked for", self.to))
    }
}

impl AcceptInvite {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        unnamed(&self.name, tx)?;
        let accounts = tx.state().accounts.values();
        let mut invites = accounts.flat_map(|account| account.affairs.customers.invites.values());
        let open = invites.rfind(|one| one.accepted.is_none() && one.offer.email.as_str() == self.to);
        let token = open.ok_or(Refusal::NoSuchInvite)?.token.clone();
        let login_name: LoginName = value("a login name", &self.to)?;
        let profile = Profile::new(Site::International, login_name);
        let uid = tx.accept_invite(&token, Registration { profile, password: None, captcha: None })?;
        tx.account_of(uid)?.0.label = self.name.as_str().into();
        Ok(format!("account {uid} was registered by the invitation of {}", self.to))
    }
}

impl AnswerJoin {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let asked = tx.state().account(uid)?.affairs.joins.get_max().map(|(id, _)| *id);
        tx.answer_join(uid, asked.ok_or(Refusal::NoSuchJoin)?, self.accept)?;
        Ok(format!("account {uid} {} the enterprise", if self.accept { "joined" } else { "did not join" }))
    }
}

impl VerifyContact {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let state = tx.state();
        let mut unknown = state.account(uid)?.affairs.contacts.iter().filter_map(|(id, contact)| {
            let (to, is_known) = match self.channel {
                Channel::Email => contact.email.as_ref().map(|(to, known)| (to.as_str(), *known))?,
                _ => contact.mobile.as_ref().map(|(to, known)| (to.as_str(), *known))?,
            };
            (!is_known).then(|| (*id, to.to_owned()))
        });
        let (id, to) = unknown.next_back().ok_or(Refusal::NoSuchContact)?;
        drop(unknown);
        let code = state.registry.outbox.latest_code(&to).and_then(|sent| sent.code.clone());
        tx.verify_contact(uid, id, self.channel, &code.ok_or(Refusal::CaptchaWrong)?)?;
        Ok(format!("{to} is a contact of account {uid} that can be reached"))
    }
}
