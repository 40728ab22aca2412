//! Commands that change a world from outside of its APIs. Scenario files, timelines, rules, the control API and the
//! command line use the same words. Commands call the functions that services call.

mod access;
mod account;
mod keys;
mod login;
mod mail;
mod of;
mod past;
mod real_name;
mod standing;

pub use access::WhichSessions;
pub use account::{ChangeAccount, Register};
pub use keys::{AddKey, WhichKey};
pub use login::{BindMfa, SendCaptcha, SetPassword, SetSecurity};
pub use of::{Act, Of};
pub use past::{KeyPast, LoginProfileWords, tell_user};
pub(crate) use real_name::identity_words;
pub use real_name::{AddLink, Decide, Submit, TellAmount, WhichApplication};
pub use standing::{Close, SetState};

use crate::attributes::{apply, input};
use crate::text::{LoginName, Scalar, Timestamp, Uid};
use crate::world::account::{Account, KeyStatus};
use crate::world::machine::{MachineSettings, Unfit, WhichInstanceRole};
use crate::world::refusal::Refusal;
use crate::world::{State, Tx};
use access::{SetTrust, WhichPolicy};
use account::{SetBusinessStatus, SetPartner, WhichService};
use mail::{AcceptInvite, AnswerJoin, Confirm, VerifyContact};
use past::{ChangeKey, ChangeUser};
use real_name::Certify;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use standing::{Buy, Pay, Release, SetShutdownPolicy, WhichHold};

/// A command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Command {
    /// Disables an AccessKey.
    DisableKey(Of<WhichKey>),
    /// Enables an AccessKey.
    EnableKey(Of<WhichKey>),
    /// Deletes an AccessKey.
    DeleteKey(Of<WhichKey>),
    /// Marks an AccessKey as leaked: its signatures are valid, but many operations reject it.
    LeakKey(Of<WhichKey>),
    /// Clears the `leaked` flag of an AccessKey.
    UnleakKey(Of<WhichKey>),
    /// Creates an AccessKey.
    AddKey(Of<AddKey>),
    /// Tells the past of an AccessKey: its age and its last use.
    ChangeKey(Of<ChangeKey>),
    /// Changes the console log-in of a RAM user, or tells its past: its age and its last log-in.
    ChangeUser(Of<ChangeUser>),
    /// Attaches a policy.
    AttachPolicy(Of<WhichPolicy>),
    /// Detaches a policy.
    DetachPolicy(Of<WhichPolicy>),
    /// Sets the trust policy of a role.
    SetTrust(Of<SetTrust>),
    /// Expires temporary credentials: their tokens are expired from now on.
    ExpireSessions(WhichSessions),
    /// Revokes temporary credentials: their keys are unknown from now on.
    RevokeSessions(WhichSessions),

    /// Moves an account to another state, or changes its money or its holds.
    SetState(Of<SetState>),
    /// Puts a hold on an account: freezes its log-in, bans purchases and so on.
    Hold(Of<WhichHold>),
    /// Lifts a hold.
    LiftHold(Of<WhichHold>),
    /// Adds to the balance of an account, or takes from it.
    Pay(Of<Pay>),
    /// Sets the shutdown policy for services without credit.
    SetShutdownPolicy(Of<SetShutdownPolicy>),
    /// Buys an instance and pays for it. Gates do not apply.
    Buy(Of<Buy>),
    /// Releases an instance.
    Release(Of<Release>),
    /// Closes an account, after a silence period if it had pay-as-you-go costs recently. Fails if a check blocks it.
    Close(Of<Close>),
    /// Keeps an account open during its silence period.
    Stay(WhichAccount),

    /// Verifies an account at once, without an application.
    Certify(Of<Certify>),
    /// Submits an application for verification. An instant method is decided at once.
    Submit(Of<Submit>),
    /// Decides an application for verification.
    Decide(Of<Decide>),
    /// Submits the amount of the transfer that arrived for an application.
    TellAmount(Of<TellAmount>),
    /// Withdraws an application.
    CancelApplication(Of<WhichApplication>),
    /// Removes the verification of an account.
    RemoveVerification(WhichAccount),
    /// Expires the identity document of a verified account.
    ExpireDocument(WhichAccount),
    /// Announces a payment risk: the account must answer the KYC Center within a working day.
    AskForKyc(WhichAccount),
    /// Creates the address of a page on which an account can be verified.
    AddLink(Of<AddLink>),

    /// Registers an account.
    Register(Register),
    /// Assigns an account to a partner, or removes it from its partner.
    SetPartner(Of<SetPartner>),
    /// Changes names, contacts, details and log-in security.
    ChangeAccount(Of<ChangeAccount>),
    /// Sends a code of six digits. The outbox shows it.
    SendCaptcha(SendCaptcha),
    /// Sets the password of an account, and ends its log-ins.
    SetPassword(Of<SetPassword>),
    /// Binds a virtual MFA device to an account.
    BindMfa(Of<BindMfa>),
    /// Unbinds the MFA device.
    UnbindMfa(WhichAccount),
    /// Sets a status of a service.
    SetBusinessStatus(Of<SetBusinessStatus>),
    /// Activates a service.
    Activate(Of<WhichService>),
    /// Deactivates a service.
    Deactivate(Of<WhichService>),

    /// Confirms what a mail asked for: a registration, or a new login e-mail.
    Confirm(Confirm),
    /// Registers an account by an invitation.
    AcceptInvite(AcceptInvite),
    /// Answers the enterprise that asked an account to join it.
    AnswerJoin(Of<AnswerJoin>),
    /// Verifies the contact that was added last, by the code that was sent to it.
    VerifyContact(Of<VerifyContact>),

    /// Changes the instance of the metadata service, or creates one.
    SetInstance(Box<MachineSettings>),
    /// Attaches a RAM role to the instance.
    AttachInstanceRole(WhichInstanceRole),
    /// Detaches a RAM role from the instance. Issued credentials stay valid until they expire.
    DetachInstanceRole(WhichInstanceRole),
}

/// An account, without other fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Account")]
pub struct Nothing {}

/// Account of a command without other fields.
pub type WhichAccount = Of<Nothing>;

/// Reason for a failed command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDone {
    /// A rule of the world rejects it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A rule of the world rejects it. The advice explains how to comply.
    #[error("{refusal}: {advice}")]
    Advised {
        /// The rule.
        refusal: Refusal,
        /// Advice.
        advice: String,
    },
    /// Invalid input.
    #[error("{0}")]
    Wrong(String),
    /// Invalid setting of an instance.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

type Done<T = String> = Result<T, NotDone>;

impl Command {
    /// Returns the name of the account that the command registers.
    pub fn registers(&self) -> Option<&str> {
        match self {
            Self::Register(new) => new.name.as_deref().or(new.login_name.as_ref().map(LoginName::as_str)),
            Self::AcceptInvite(new) => Some(&new.name),
            _ => None,
        }
    }

    /// Runs the command and describes the result.
    pub fn run(&self, tx: &mut Tx<'_>) -> Result<String, NotDone> {
        match self {
            Self::DisableKey(key) => key.set(KeyStatus::Inactive, tx),
            Self::EnableKey(key) => key.set(KeyStatus::Active, tx),
            Self::DeleteKey(key) => {
                let (place, id) = key.find(|_| true, tx)?;
                tx.remove_key(place, &id)?;
                Ok(format!("the key {id} was deleted"))
            }
            Self::LeakKey(key) => key.leak(true, tx),
            Self::UnleakKey(key) => key.leak(false, tx),
            Self::AttachPolicy(policy) => policy.words.set(true, policy.uid(tx)?, tx),
            Self::DetachPolicy(policy) => policy.words.set(false, policy.uid(tx)?, tx),
            Self::SetTrust(change) => change.run(tx),
            Self::ExpireSessions(sessions) => sessions.run(true, tx),
            Self::RevokeSessions(sessions) => sessions.run(false, tx),
            Self::AddKey(key) => key.run(tx),
            Self::ChangeKey(key) => key.change(tx),
            Self::ChangeUser(user) => user.run(tx),
            Self::SetState(change) => change.run(tx),
            Self::Hold(hold) => hold.words.set(true, hold.uid(tx)?, tx),
            Self::LiftHold(hold) => hold.words.set(false, hold.uid(tx)?, tx),
            Self::Pay(pay) => pay.run(tx),
            Self::SetShutdownPolicy(change) => change.run(tx),
            Self::Buy(order) => order.run(tx),
            Self::Release(release) => release.run(tx),
            Self::Close(close) => close.run(tx),
            Self::Certify(certify) => certify.run(tx),
            Self::Submit(submit) => submit.run(tx),
            Self::Decide(decide) => decide.run(tx),
            Self::TellAmount(tell) => tell.run(tx),
            Self::CancelApplication(which) => which.run(tx),
            Self::AddLink(link) => link.run(tx),
            Self::Register(register) => Ok(format!("account {} was registered", register.act(tx)?)),
            Self::SetPartner(change) => change.run(tx),
            Self::ChangeAccount(change) => change.run(tx),
            Self::SendCaptcha(captcha) => captcha.act(tx),
            Self::SetPassword(change) => change.run(tx),
            Self::BindMfa(bind) => bind.run(tx),
            Self::SetBusinessStatus(change) => change.run(tx),
            Self::Activate(service) => service.words.set(true, service.uid(tx)?, tx),
            Self::Deactivate(service) => service.words.set(false, service.uid(tx)?, tx),
            Self::Confirm(confirm) => confirm.run(tx),
            Self::AcceptInvite(accept) => accept.run(tx),
            Self::AnswerJoin(answer) => answer.run(tx),
            Self::VerifyContact(verify) => verify.run(tx),
            Self::SetInstance(change) => tx.change_machine(change),
            Self::AttachInstanceRole(which) => tx.attach_role(which, true),
            Self::DetachInstanceRole(which) => tx.attach_role(which, false),
            Self::Stay(which) => which.change(tx, Tx::stay, "stays open"),
            Self::RemoveVerification(which) => {
                which.change(tx, Tx::remove_verification, "is verified no more")
            }
            Self::ExpireDocument(which) => {
                which.change(tx, Tx::expire_document, "is verified by a document that has expired")
            }
            Self::AskForKyc(which) => which.change(tx, Tx::ask_for_kyc, "must answer the KYC Center"),
            Self::UnbindMfa(which) => which.change(tx, Tx::unbind_mfa, "has no MFA device any more"),
        }
    }
}

impl WhichAccount {
    /// Returns a command for the account with this UID or name.
    pub fn named(name: &str) -> Self {
        Self { account: Some(name.to_owned()), words: Nothing {} }
    }

    /// Changes the account. `done` ends the sentence that describes the result.
    fn change<'t>(
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

/// Returns the account with a UID or name; by default, the first account that is not a partner.
pub fn account_named<'a>(named: Option<&str>, state: &'a State) -> Result<&'a Account, Refusal> {
    let fits = |account: &&std::sync::Arc<Account>| match named {
        Some(name) => account.label == name || account.uid.to_string() == name,
        None => !account.is_partner,
    };
    state.accounts.values().find(fits).map(|found| &**found).ok_or(Refusal::NoSuchAccount)
}

/// Fails if another account has the name.
fn unnamed(name: &str, tx: &Tx<'_>) -> Done<()> {
    let is_taken = tx.state().accounts.values().any(|one| one.label == name);
    if is_taken { Err(NotDone::Wrong(format!("another account is named `{name}`"))) } else { Ok(()) }
}

/// A command of a timeline: when it is to be carried out.
#[apply(input)]
pub struct Due {
    /// A time of the resource clock, or a span from the start: `+5s`.
    #[schemars(with = "crate::text::Moment")]
    pub at: String,
    /// Command to run.
    pub r#do: Command,
}

impl Due {
    /// Returns the due time, in a world that starts at `start`.
    pub fn at(&self, start: Timestamp) -> Option<Timestamp> {
        let span = crate::text::parse_duration(&self.at).ok().map(|span| start.plus(span));
        span.or_else(|| Timestamp::parse(&self.at).ok())
    }
}
