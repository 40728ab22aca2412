//! Commands about the owner of a mailbox, who does what a message asks for. The sent addresses have no server.

use crate::attributes::{apply, input, is_yes, yes};
use crate::text::{Email, LoginName, Scalar, Site, Uid};
use crate::world::Tx;
use crate::world::account::{Profile, Trace, TraceStatus};
use crate::world::command::{Act, Done, NotDone, unnamed};
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::tx::Registration;

/// A mailbox that was asked to confirm something.
#[apply(input)]
pub struct Confirm {
    /// Its address.
    pub to: Email,
}

/// A registration by invitation.
#[apply(input)]
pub struct AcceptInvite {
    /// The mailbox that was invited.
    pub to: Email,
    /// Name of the new account in files and commands.
    pub name: String,
}

/// An answer to an enterprise that asked an account to join it.
#[apply(input)]
pub struct AnswerJoin {
    /// Joins the enterprise, unless this is `false`.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub accept: bool,
}

/// A contact to verify.
#[apply(input)]
pub struct VerifyContact {
    /// The kind of contact.
    pub channel: Channel,
}

impl Confirm {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let waits = |trace: &Trace| {
            trace.status == TraceStatus::Waiting && trace.mailbox().as_str() == self.to.as_str()
        };
        let traces = &tx.state().registry.traces;
        let waiting = traces.iter().rfind(|(_, trace)| waits(trace)).map(|(number, _)| number.clone());
        let uid = match waiting {
            Some(number) => tx.confirm_trace(&number)?,
            // Or the mailbox is one of a message contact of a resource directory.
            None => tx.confirm_message_contact(&self.to)?,
        };
        Ok(format!("{} confirmed the request of account {uid}", self.to.as_str()))
    }
}

impl AcceptInvite {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        unnamed(&self.name, tx)?;
        let accounts = tx.state().accounts.values();
        let mut invites = accounts.flat_map(|account| account.affairs.customers.invites.values());
        let open = invites.rfind(|one| one.accepted.is_none() && one.offer.email == self.to);
        let token = open.ok_or(Refusal::NoSuchInvite)?.token.clone();
        let login_name = LoginName::parse(self.to.as_str())
            .map_err(|_| NotDone::Wrong(format!("`{}` cannot be a login name", self.to.as_str())))?;
        let profile = Profile::new(Site::International, login_name);
        let uid = tx.accept_invite(&token, Registration { profile, password: None, captcha: None })?;
        tx.account_of(uid)?.0.label = self.name.as_str().into();
        Ok(format!("account {uid} was registered by the invitation of {}", self.to.as_str()))
    }
}

impl Act for AnswerJoin {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        let asked = tx.state().account(uid)?.affairs.joins.get_max().map(|(id, _)| *id);
        Ok(tx.answer_join(uid, asked.ok_or(Refusal::NoSuchJoin)?, self.accept)?)
    }

    fn describe(&self, uid: Uid, (): &()) -> String {
        format!("account {uid} {} the enterprise", if self.accept { "joined" } else { "did not join" })
    }
}

impl Act for VerifyContact {
    /// The contact.
    type Given = String;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<String> {
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
        Ok(to)
    }

    fn describe(&self, uid: Uid, to: &String) -> String {
        format!("{to} is a verified contact of account {uid}")
    }
}
