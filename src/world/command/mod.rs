//! What can be done to a world from outside of its APIs: one vocabulary for timelines and rules of scenarios and for the
//! control API. Each command is carried out by the functions that services use, too.

mod access;
mod keys;
mod mail;
mod money;
mod owner;
mod real_name;

pub use access::WhichSessions;
pub use money::SetState;
pub use owner::SetSecurity;
pub use real_name::papers;

use crate::text::{Scalar, Timestamp, Uid};
use crate::world::Tx;
use crate::world::account::{Account, KeyStatus};
use crate::world::machine::{MachineSettings, Unfit, WhichInstanceRole};
use crate::world::refusal::Refusal;
use access::{SetTrust, WhichPolicy};
use keys::WhichKey;
use mail::{AcceptInvite, AnswerJoin, Confirm, VerifyContact};
use money::{Buy, Close, Pay, Release, SetShutdownPolicy, WhichHold};
use owner::{
    BindMfa, Register, SendCaptcha, SetBusinessStatus, SetContacts, SetOperator, SetPassword, SetProfile,
    WhichService,
};
use real_name::{AddLink, Certify, Decide, Submit, TellAmount};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares what a command says of an account: a struct with these fields and `account`.
macro_rules! words {
    ($($(#[$about:meta])* struct $name:ident { $($(#[$said:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            /// UID or name of the account; the first that is no operator when not given.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub account: Option<String>,
            $($(#[$said])* pub $field: $type,)*
        }

        impl $name {
            /// The account that is meant.
            fn uid(&self, tx: &Tx<'_>) -> Done<Uid> {
                Ok($crate::world::command::account(self.account.as_deref(), tx)?.uid)
            }
        }
    )*};
}
use words;

/// A command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Command {
    /// Disables an AccessKey.
    DisableKey(WhichKey),
    /// Enables an AccessKey.
    EnableKey(WhichKey),
    /// Deletes an AccessKey.
    DeleteKey(WhichKey),
    /// Lets an AccessKey leak: it signs, and much is refused to it.
    LeakKey(WhichKey),
    /// Lets an AccessKey not have leaked after all.
    UnleakKey(WhichKey),
    /// Attaches a policy.
    AttachPolicy(WhichPolicy),
    /// Detaches a policy.
    DetachPolicy(WhichPolicy),
    /// Gives a role another trust policy.
    SetTrust(SetTrust),
    /// Ends temporary credentials: their tokens are expired from now on.
    ExpireSessions(WhichSessions),
    /// Takes temporary credentials away: their keys are unknown from now on.
    RevokeSessions(WhichSessions),

    /// Moves an account to another state, or changes its money or what is held against it.
    SetState(SetState),
    /// Holds something against an account: freezes its log-in, bans purchases and so on.
    Hold(WhichHold),
    /// Lifts a hold.
    LiftHold(WhichHold),
    /// Adds to the balance of an account, or takes from it.
    Pay(Pay),
    /// Sets what becomes of services once the credit is used up.
    SetShutdownPolicy(SetShutdownPolicy),
    /// Buys an instance and pays for it; no gate is asked.
    Buy(Buy),
    /// Releases an instance.
    Release(Release),
    /// Closes an account, after a silence period when something was paid by use lately. Fails while something stands against it.
    Close(Close),
    /// Lets an account stay open during its silence period.
    Stay(WhichAccount),

    /// Verifies an account at once, without an application.
    Certify(Certify),
    /// Hands in an application for verification. An instant method is decided at once.
    Submit(Submit),
    /// Decides the application for verification that is under review.
    Decide(Decide),
    /// Tells the amount of the transfer that has arrived for the application under review.
    TellAmount(TellAmount),
    /// Withdraws the application under review.
    CancelApplication(WhichAccount),
    /// Takes the verification of an account away.
    RemoveVerification(WhichAccount),
    /// Lets the document expire that an account is verified by.
    ExpireDocument(WhichAccount),
    /// Gives notice of a payment risk: the KYC Center is to be answered within a working day.
    AskForKyc(WhichAccount),
    /// Gives out the address of a page on which an account can be verified.
    AddLink(AddLink),

    /// Registers an account.
    Register(Register),
    /// Makes an account one of a partner's, or nobody's.
    SetOperator(SetOperator),
    /// Changes login name, country and other details.
    SetProfile(SetProfile),
    /// Changes security e-mail and mobile.
    SetContacts(SetContacts),
    /// Sends a code of six digits; it is in the outbox.
    SendCaptcha(SendCaptcha),
    /// Sets the password of an account, and ends its log-ins.
    SetPassword(SetPassword),
    /// Binds a virtual MFA device to an account.
    BindMfa(BindMfa),
    /// Unbinds it.
    UnbindMfa(WhichAccount),
    /// Changes from where and for how long an account may be logged in to, and what guards it.
    SetSecurity(SetSecurity),
    /// Sets a status of a service.
    SetBusinessStatus(SetBusinessStatus),
    /// Activates a service.
    Activate(WhichService),
    /// Takes the activation of a service away.
    Deactivate(WhichService),

    /// Confirms what a mail asked for: a registration, or a login e-mail that is to change.
    Confirm(Confirm),
    /// Registers an account as an invitation by mail lets one.
    AcceptInvite(AcceptInvite),
    /// Answers the enterprise that asked an account to join it.
    AnswerJoin(AnswerJoin),
    /// Shows, by the code that was sent, that the contact that was added last can be reached.
    VerifyContact(VerifyContact),

    /// Changes the instance whose metadata is served; makes one when there is none.
    SetInstance(Box<MachineSettings>),
    /// Attaches a RAM role to the instance.
    AttachInstanceRole(WhichInstanceRole),
    /// Detaches a RAM role from the instance: what was handed out lives to its end.
    DetachInstanceRole(WhichInstanceRole),
}

words! {
    /// An account, and nothing else.
    struct WhichAccount {}
}

/// Why a command could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDone {
    /// A rule of the world.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What it names cannot be.
    #[error("{0}")]
    Wrong(String),
    /// A word of an instance.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

type Done<T = String> = Result<T, NotDone>;

impl Command {
    /// Our name for the account that it registers.
    pub fn registers(&self) -> Option<&str> {
        match self {
            Self::Register(new) => Some(&new.name),
            Self::AcceptInvite(new) => Some(&new.name),
            _ => None,
        }
    }

    /// Carries it out; says in words what was done.
    pub fn run(&self, tx: &mut Tx<'_>) -> Result<String, NotDone> {
        match self {
            Self::DisableKey(key) => key.set(KeyStatus::Inactive, tx),
            Self::EnableKey(key) => key.set(KeyStatus::Active, tx),
            Self::DeleteKey(key) => {
                let (place, id) = key.find(tx)?;
                tx.remove_key(place, &id)?;
                Ok(format!("the key {id} was deleted"))
            }
            Self::LeakKey(key) => key.leak(true, tx),
            Self::UnleakKey(key) => key.leak(false, tx),
            Self::AttachPolicy(policy) => policy.run(true, tx),
            Self::DetachPolicy(policy) => policy.run(false, tx),
            Self::SetTrust(change) => change.run(tx),
            Self::ExpireSessions(sessions) => sessions.run(true, tx),
            Self::RevokeSessions(sessions) => sessions.run(false, tx),
            Self::SetState(change) => change.run(tx),
            Self::Hold(hold) => hold.run(true, tx),
            Self::LiftHold(hold) => hold.run(false, tx),
            Self::Pay(pay) => pay.run(tx),
            Self::SetShutdownPolicy(change) => change.run(tx),
            Self::Buy(order) => order.run(tx),
            Self::Release(release) => release.run(tx),
            Self::Close(close) => close.run(tx),
            Self::Certify(certify) => certify.run(tx),
            Self::Submit(submit) => submit.run(tx),
            Self::Decide(decide) => decide.run(tx),
            Self::TellAmount(tell) => tell.run(tx),
            Self::AddLink(link) => link.run(tx),
            Self::Register(register) => register.run(tx),
            Self::SetOperator(change) => change.run(tx),
            Self::SetProfile(change) => change.run(tx),
            Self::SetContacts(change) => change.run(tx),
            Self::SendCaptcha(captcha) => captcha.run(tx),
            Self::SetPassword(change) => change.run(tx),
            Self::BindMfa(bind) => bind.run(tx),
            Self::SetSecurity(change) => change.run(tx),
            Self::SetBusinessStatus(change) => change.run(tx),
            Self::Activate(service) => service.run(true, tx),
            Self::Deactivate(service) => service.run(false, tx),
            Self::Confirm(confirm) => confirm.run(tx),
            Self::AcceptInvite(accept) => accept.run(tx),
            Self::AnswerJoin(answer) => answer.run(tx),
            Self::VerifyContact(verify) => verify.run(tx),
            Self::SetInstance(change) => tx.change_machine(change),
            Self::AttachInstanceRole(which) => tx.attach_role(which, true),
            Self::DetachInstanceRole(which) => tx.attach_role(which, false),
            Self::Stay(which) => which.run(tx, Tx::stay, "stays open"),
            Self::CancelApplication(which) => {
                which.run(tx, real_name::cancel, "withdrew its application for verification")
            }
            Self::RemoveVerification(which) => which.run(tx, Tx::remove_verification, "is verified no more"),
            Self::ExpireDocument(which) => {
                which.run(tx, Tx::expire_document, "is verified by a document that has expired")
            }
            Self::AskForKyc(which) => which.run(tx, Tx::ask_for_kyc, "is to answer the KYC Center"),
            Self::UnbindMfa(which) => which.run(tx, Tx::unbind_mfa, "has no MFA device any more"),
        }
    }
}

impl WhichAccount {
    /// Does something to the account; `done` says what it does or is then.
    fn run<'t>(
        &self,
        tx: &mut Tx<'t>,
        change: impl FnOnce(&mut Tx<'t>, Uid) -> Result<(), Refusal>,
        done: &str,
    ) -> Done {
        let uid = self.uid(tx)?;
        change(tx, uid)?;
        Ok(format!("account {uid} {done}"))
    }
}

/// The account that a UID or our own name names, or the first that is no operator.
pub(in crate::world) fn account<'a>(named: Option<&str>, tx: &'a Tx<'_>) -> Done<&'a Account> {
    let fits = |account: &&std::sync::Arc<Account>| match named {
        Some(name) => account.label == name || account.uid.to_string() == name,
        None => !account.is_partner,
    };
    Ok(tx.state().accounts.values().find(fits).ok_or(Refusal::NoSuchAccount)?)
}

/// Refuses a name of ours that another account has.
fn unnamed(name: &str, tx: &Tx<'_>) -> Done<()> {
    let is_taken = tx.state().accounts.values().any(|one| one.label == name);
    if is_taken { Err(NotDone::Wrong(format!("another account is named `{name}`"))) } else { Ok(()) }
}

fn option<T: Scalar>(what: &str, text: Option<&String>) -> Done<Option<T>> {
    text.map(|text| value(what, text)).transpose()
}

fn value<T: Scalar>(what: &str, text: &str) -> Done<T> {
    T::parse(text).map_err(|_| NotDone::Wrong(format!("`{text}` cannot be {what}")))
}

/// A command of a timeline: when it is to be carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Due {
    /// A time of the resource clock, or a span from the start: `+5s`.
    #[schemars(with = "crate::text::Moment")]
    pub at: String,
    /// What is done then.
    pub r#do: Command,
}

impl Due {
    /// When it is due, in a world that starts at `start`.
    pub fn at(&self, start: Timestamp) -> Option<Timestamp> {
        let span = crate::text::parse_duration(&self.at).ok().map(|span| start.plus(span));
        span.or_else(|| Timestamp::parse(&self.at).ok())
    }
}
