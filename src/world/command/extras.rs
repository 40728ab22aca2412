//! Words for data that few RAM users have: verified contacts and passkeys. The console sets them, so scenarios and commands do.

use crate::attributes::{apply, input, optional_input};
use crate::text::{Email, MobilePhone, Moment, PasskeyName, Timestamp, Uid};
use crate::world::Tx;
use crate::world::account::{Confirmation, Passkey, Verification};
use crate::world::command::Done;
use crate::world::command::past::past;
use crate::world::ids::IdKind;
use crate::world::machine::Unfit;
use crate::world::register::Slot;

/// Contacts that verify a RAM user. In a command, missing fields keep their values.
#[apply(optional_input)]
pub struct VerificationWords {
    /// Mobile number.
    pub mobile: Option<MobilePhone>,
    /// State of the mobile number; of a new one, `active` by default.
    pub mobile_status: Option<Confirmation>,
    /// E-mail address.
    pub email: Option<Email>,
    /// State of the e-mail address; of a new one, `active` by default.
    pub email_status: Option<Confirmation>,
}

impl VerificationWords {
    /// Describes the contacts of a user; `None` without any.
    pub fn of(verification: &Verification) -> Option<Self> {
        let Verification { mobile, email } = verification;
        (mobile.is_some() || email.is_some()).then(|| Self {
            mobile: mobile.as_ref().map(|(mobile, _)| mobile.clone()),
            mobile_status: unusual(mobile.as_ref()),
            email: email.as_ref().map(|(email, _)| email.clone()),
            email_status: unusual(email.as_ref()),
        })
    }

    /// Changes the contacts of a user.
    pub fn tell(&self, uid: Uid, user: Slot, tx: &mut Tx<'_>) -> Done<()> {
        let verification = &mut tx.account_of(uid)?.0.extras_mut(user)?.verification;
        set(&mut verification.mobile, self.mobile.as_ref(), self.mobile_status, "mobileStatus")?;
        set(&mut verification.email, self.email.as_ref(), self.email_status, "emailStatus")
    }
}

/// State that is not the default one.
fn unusual<T>(contact: Option<&(T, Confirmation)>) -> Option<Confirmation> {
    contact.map(|(_, status)| *status).filter(|status| *status != Confirmation::default())
}

fn set<T: Clone>(
    contact: &mut Option<(T, Confirmation)>,
    new: Option<&T>,
    status: Option<Confirmation>,
    word: &'static str,
) -> Done<()> {
    match (new, status, contact.as_mut()) {
        (Some(new), status, _) => *contact = Some((new.clone(), status.unwrap_or_default())),
        (None, Some(status), Some((_, present))) => *present = status,
        (None, Some(_), None) => {
            let why = "it is the state of a contact that the user does not have".to_owned();
            return Err(Unfit { word, why }.into());
        }
        (None, None, _) => {}
    }
    Ok(())
}

/// A passkey. No API creates one.
#[apply(input)]
pub struct PasskeyWords {
    /// Fixed id; by default a generated one.
    pub id: Option<String>,
    /// Name of the passkey.
    pub name: PasskeyName,
    /// Time of creation: a time, or a span back (`-400d`). Default: now.
    pub created: Option<Moment>,
    /// Time of the last log-in with it. Default: never.
    pub last_used: Option<Moment>,
}

impl PasskeyWords {
    /// Describes a passkey; `moment` tells times, and `created` that of the creation if it differs from the start.
    pub fn of(passkey: &Passkey, created: Option<Moment>, moment: impl Fn(Timestamp) -> Moment) -> Self {
        let last_used = passkey.last_used.map(moment);
        Self { id: Some(passkey.id.to_string()), name: passkey.name.clone(), created, last_used }
    }

    /// Gives a user the passkey.
    pub fn add(&self, uid: Uid, user: Slot, tx: &mut Tx<'_>) -> Done<()> {
        let (ids, now) = (tx.ids, tx.now);
        let (account, _) = tx.account_of(uid)?;
        let owner = account.user(user)?.id;
        let passkeys = &mut account.extras_mut(user)?.passkeys;
        // A stream of ids of its own: no account has the id of a user.
        let generated = |number| ids.word(IdKind::User, Uid(owner), number, 24);
        let is_taken = |id: &str| passkeys.iter().any(|one| one.id == id);
        let id = match &self.id {
            Some(id) => id.into(),
            None => (0..=u32::MAX).map(generated).find(|id| !is_taken(id)).expect("ids do not end"),
        };
        if is_taken(&id) {
            let why = format!("another passkey of the user has the id `{id}`");
            return Err(Unfit { word: "id", why }.into());
        }
        let created = past("created", self.created, None, now)?.unwrap_or(now);
        let last_used = past("lastUsed", self.last_used, Some(created), now)?;
        passkeys.push(Passkey { id, name: self.name.clone(), created, last_used });
        Ok(())
    }
}
