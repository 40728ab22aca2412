//! Commands for the log-in of an account owner: codes, password, MFA device, security.

use crate::attributes::{apply, input, optional_input};
use crate::text::{Contact, Password, Span, Uid};
use crate::world::Tx;
use crate::world::account::{IpMask, Protection, Seed};
use crate::world::command::{Act, Done};
use crate::world::machine::Unfit;
use crate::world::outbox::Channel;

/// A code of six digits.
#[apply(input)]
pub struct SendCaptcha {
    /// E-mail address or mobile that the code is sent to.
    pub to: Contact,
    /// Purpose of the code: `register`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scene: String,
}

impl SendCaptcha {
    /// Sends the code.
    pub fn act(&self, tx: &mut Tx<'_>) -> Done {
        let channel = match self.to {
            Contact::Email(_) => Channel::Email,
            Contact::Mobile(_) => Channel::Sms,
        };
        tx.send_captcha(channel, self.to.as_str(), &self.scene)?;
        Ok(format!("a code was sent to {}", self.to.as_str()))
    }
}

/// A password. It is kept as a hash; in a file, anybody can read it.
#[apply(input)]
pub struct SetPassword {
    /// The new password.
    pub password: String,
    /// The present password, which is checked. Without it, an administrator sets the new one.
    pub old: Option<String>,
}

impl Act for SetPassword {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        let new = Password::new(&self.password);
        match &self.old {
            Some(old) => tx.change_password(uid, &Password::new(old), &new)?,
            None => tx.set_password(uid, &new)?,
        }
        Ok(())
    }

    fn describe(&self, uid: Uid, (): &()) -> String {
        format!("account {uid} has a new password")
    }
}

/// A virtual MFA device.
#[apply(optional_input)]
pub struct BindMfa {
    /// Seed of its codes in Base32; by default a generated one.
    pub seed: Option<Seed>,
}

impl Act for BindMfa {
    type Given = Seed;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<Seed> {
        Ok(tx.bind_mfa(uid, self.seed)?)
    }

    fn describe(&self, uid: Uid, _: &Seed) -> String {
        format!("account {uid} has an MFA device")
    }
}

/// Security of the console log-in. Missing fields keep their values.
#[apply(optional_input)]
pub struct SetSecurity {
    /// The password.
    pub password: Option<String>,
    /// Seed of the virtual MFA device that is bound to the account, in Base32.
    pub mfa: Option<Seed>,
    /// Client addresses that may use the console.
    pub ip_mask: Option<IpMask>,
    /// Duration of a log-in, at least a second; by default as `accountRules` say.
    pub session_expires: Option<Span>,
    /// Allows the security mobile as a login name.
    pub mobile_login: Option<bool>,
    /// Protection of sensitive operations.
    pub protection: Option<Protection>,
}

impl Act for SetSecurity {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        if self.session_expires.is_some_and(|span| span.millis() < 1000) {
            return Err(Unfit { word: "sessionExpires", why: "it is less than a second".to_owned() }.into());
        }
        tx.open_account(uid)?;
        if let Some(password) = &self.password {
            tx.set_password(uid, &Password::new(password))?;
        }
        if self.mfa.is_some() {
            tx.bind_mfa(uid, self.mfa)?;
        }
        let security = tx.account_of(uid)?.0.security_mut();
        if let Some(mask) = &self.ip_mask {
            security.ip_mask = mask.clone();
        }
        if let Some(span) = self.session_expires {
            security.session_seconds = Some(span.millis() / 1000);
        }
        security.mobile_login = self.mobile_login.unwrap_or(security.mobile_login);
        if let Some(protection) = &self.protection {
            security.protection = protection.clone();
        }
        Ok(())
    }

    fn describe(&self, uid: Uid, (): &()) -> String {
        format!("account {uid} has another log-in")
    }
}
