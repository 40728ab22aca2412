//! Commands about whose an account is and how its owner gets in: names, contacts, log-in, services.

use crate::text::{Email, LoginName, MobilePhone, Password, Site, Span, Uid};
use crate::world::Tx;
use crate::world::account::{IpMask, Profile, Protection, Seed};
use crate::world::command::{Done, NotDone, account, option, unnamed, value, words};
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::tx::Contacts;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A new account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Register {
    /// Our name for it.
    pub name: String,
    /// Which site it belongs to.
    #[serde(default = "Site::china")]
    pub site: Site,
    /// Login name; made from the name when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_name: Option<String>,
    /// Security e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Security mobile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
    /// ISO alpha-2 code of the country; CN or SG, by the site, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// UID or name of the partner it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operated_by: Option<String>,
}

/// A code that is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SendCaptcha {
    /// How.
    pub channel: Channel,
    /// To whom.
    pub to: String,
    /// What for.
    #[serde(default)]
    pub scene: String,
}

words! {
    /// A partner.
    struct SetOperator {
        /// UID or name of the partner; nobody's when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        operator: Option<String>,
    }

    /// Names.
    struct SetProfile {
        /// Login name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login_name: Option<String>,
        /// ISO alpha-2 code of the country.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        country: Option<String>,
        /// What else is known of the owner, by the names of official APIs: `NickName`, `City`.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        details: BTreeMap<String, String>,
    }

    /// Contacts.
    struct SetContacts {
        /// Security e-mail.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email: Option<String>,
        /// Security mobile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mobile: Option<String>,
    }

    /// A password.
    struct SetPassword {
        /// The password itself. It is kept as a hash, but in a file anybody can read it.
        password: String,
    }

    /// A virtual MFA device.
    struct BindMfa {
        /// What its codes are made with, in Base32; generated when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seed: Option<String>,
    }

    /// What guards the log-in; what is not given stays.
    #[derive(Default)]
    struct SetSecurity {
        /// From where the console may be reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ip_mask: Option<IpMask>,
        /// How long a log-in lasts, in whole seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session_expires: Option<Span>,
        /// Whether the security mobile may be used to log in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mobile_login: Option<bool>,
        /// What guards sensitive operations.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        protection: Option<Protection>,
    }

    /// A status of a service.
    struct SetBusinessStatus {
        /// The service: `dataworks`.
        service: String,
        /// Which status: `activated`.
        key: String,
        /// What it is from now on.
        value: String,
    }

    /// A service.
    struct WhichService {
        /// Its code: `Ram`, `Sls`, `dataworks-public`.
        service: String,
    }
}

impl Register {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        unnamed(&self.name, tx)?;
        let usual = format!("{}@alimock.example", self.name);
        let login_name = value("a login name", self.login_name.as_ref().unwrap_or(&usual))?;
        let country = option("the code of a country", self.country.as_ref())?;
        let profile = Profile {
            email: option("an e-mail address", self.email.as_ref())?,
            mobile: option("a mobile", self.mobile.as_ref())?,
            country: country.unwrap_or_else(|| self.site.usual_country()),
            ..Profile::new(self.site, login_name)
        };
        let operator = self.operated_by.as_deref().map(|name| account(Some(name), tx)).transpose()?;
        let operator = operator.map(|operator| operator.uid);
        let new = tx.register(None, profile)?;
        new.label = self.name.as_str().into();
        let uid = new.uid;
        tx.set_partner(uid, operator)?;
        Ok(format!("account {uid} was registered"))
    }
}

impl SendCaptcha {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        tx.send_captcha(self.channel, &self.to, &self.scene)?;
        Ok(format!("a code was sent to {}", self.to))
    }
}

impl SetOperator {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let operator = self.operator.as_deref().map(|name| account(Some(name), tx)).transpose()?;
        let operator = operator.map(|operator| operator.uid);
        tx.set_partner(uid, operator)?;
        Ok(match operator {
            Some(operator) => format!("account {uid} belongs to the partner {operator}"),
            None => format!("account {uid} belongs to no partner"),
        })
    }
}

impl SetProfile {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        if let Some(name) = option::<LoginName>("a login name", self.login_name.as_ref())? {
            tx.rename_account(uid, name)?;
        }
        if let Some(country) = option("the code of a country", self.country.as_ref())? {
            tx.set_country(uid, country)?;
        }
        tx.set_details(uid, self.details.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
        Ok(format!("account {uid} has another profile"))
    }
}

impl SetContacts {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let email = option::<Email>("an e-mail address", self.email.as_ref())?;
        let mobile = option::<MobilePhone>("a mobile", self.mobile.as_ref())?;
        tx.set_contacts(uid, Contacts { email, mobile })?;
        Ok(format!("account {uid} has other contacts"))
    }
}

impl SetPassword {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        tx.set_password(uid, &value::<Password>("a password", &self.password)?)?;
        Ok(format!("account {uid} has another password"))
    }
}

impl BindMfa {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let seed = self.seed.as_ref().map(|seed| {
            Seed::from_base32(seed)
                .ok_or_else(|| NotDone::Wrong("`seed` is no Base32 of 16 to 64 characters".to_owned()))
        });
        tx.bind_mfa(uid, seed.transpose()?)?;
        Ok(format!("account {uid} has an MFA device"))
    }
}

impl SetSecurity {
    /// Whether a log-in can last as long.
    pub fn flaw(&self) -> Option<&'static str> {
        let is_long = |span: Span| span.millis() >= 1000;
        (!self.session_expires.is_none_or(is_long)).then_some("`sessionExpires` is less than a second")
    }

    /// Sets what is given.
    pub fn apply(&self, uid: Uid, tx: &mut Tx<'_>) -> Result<(), Refusal> {
        tx.open_account(uid)?;
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

    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        if let Some(flaw) = self.flaw() {
            return Err(NotDone::Wrong(flaw.to_owned()));
        }
        self.apply(uid, tx)?;
        Ok(format!("account {uid} is guarded in another way"))
    }
}

impl SetBusinessStatus {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        tx.open_account(uid)?;
        tx.account_of(uid)?.0.affairs_mut().set_business(&self.service, &self.key, &self.value);
        Ok(format!("of {} of account {uid}, {} is {}", self.service, self.key, self.value))
    }
}

impl WhichService {
    pub(super) fn run(&self, active: bool, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        tx.open_account(uid)?;
        tx.account_of(uid)?.0.affairs_mut().set_activated(&self.service, active);
        let done = if active { "is activated" } else { "is not activated" };
        Ok(format!("{} {done} for account {uid}", self.service))
    }
}
