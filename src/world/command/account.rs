//! Commands that register an account or change its owner data.

use crate::attributes::{apply, input, optional_input};
use crate::text::{AccountAlias, CountryCode, Email, LoginName, MobilePhone, Password, Scalar, Site, Uid};
use crate::world::Tx;
use crate::world::account::Profile;
use crate::world::command::{Act, Done, NotDone, SetSecurity, account_named, unnamed};
use crate::world::tx::{Contacts, Registration};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Detail that holds the kind of owner. Source: docs/evidence/account.md 1.2.
const OWNER: &str = "AccountAttr";

/// A new account.
#[apply(optional_input)]
pub struct Register {
    /// Name of the account in files and commands; by default its login name.
    pub name: Option<String>,
    /// Site that the account belongs to; by default `cn`.
    pub site: Option<Site>,
    /// Login name; by default the e-mail address, or one made from the name.
    pub login_name: Option<LoginName>,
    /// Security e-mail address.
    pub email: Option<Email>,
    /// Security mobile.
    pub mobile: Option<MobilePhone>,
    /// Country of the account; by default CN or, on the International site, SG.
    pub country: Option<CountryCode>,
    /// Password. Without one, console log-in is impossible.
    pub password: Option<String>,
    /// Code that was sent to the e-mail address or, without one, to the mobile.
    pub captcha: Option<String>,
    /// Kind of owner.
    pub account_type: Option<AccountType>,
    /// UID or name of the partner that the account belongs to.
    pub partner: Option<String>,
}

/// Kind of owner that an account has. Source: docs/evidence/account.md 1.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AccountType {
    /// A person.
    Individual,
    /// An enterprise.
    Enterprise,
}

impl Register {
    /// Registers the account as the sign-up form does.
    pub fn act(&self, tx: &mut Tx<'_>) -> Done<Uid> {
        let partner =
            self.partner.as_deref().map(|name| account_named(Some(name), tx.state())).transpose()?;
        let partner = partner.map(|partner| partner.uid);
        if let Some(name) = &self.name {
            unnamed(name, tx)?;
        }
        let site = self.site.unwrap_or(Site::China);
        let login_name = self.login_name(tx)?;
        let label = self.name.as_deref().unwrap_or(login_name.as_str()).into();
        let country = self.country.clone();
        let profile = Profile {
            email: self.email.clone(),
            mobile: self.mobile.clone(),
            country: country.unwrap_or_else(|| site.usual_country()),
            ..Profile::new(site, login_name)
        };
        let password = self.password.as_deref().map(Password::new);
        let uid = tx.sign_up(Registration { profile, password, captcha: self.captcha.clone() })?;
        tx.account_of(uid)?.0.label = label;
        tx.set_partner(uid, partner)?;
        if let Some(kind) = self.account_type {
            tx.set_details(uid, [(OWNER, if kind == AccountType::Individual { "0" } else { "1" })])?;
        }
        Ok(uid)
    }

    fn login_name(&self, tx: &Tx<'_>) -> Done<LoginName> {
        if let Some(name) = &self.login_name {
            return Ok(name.clone());
        }
        let made = match (&self.email, &self.name) {
            (Some(email), _) => email.as_str().to_owned(),
            (None, Some(name)) => format!("{name}@alimock.example"),
            (None, None) => return Ok(tx.free_login_name("account")),
        };
        LoginName::parse(&made).map_err(|_| {
            NotDone::Wrong(format!("`{made}` cannot be a login name: give another with `loginName`"))
        })
    }
}

/// Names, contacts and log-in security. Missing fields keep their values.
#[apply(optional_input)]
pub struct ChangeAccount {
    /// Login name.
    pub login_name: Option<LoginName>,
    /// First label of the logon domain.
    pub alias: Option<AccountAlias>,
    /// Security e-mail address.
    pub email: Option<Email>,
    /// Security mobile.
    pub mobile: Option<MobilePhone>,
    /// Country of the account.
    pub country: Option<CountryCode>,
    /// Other details of the owner, by the names of official APIs: `NickName`, `City`, `PreferredLanguage`.
    pub details: BTreeMap<String, String>,
    /// Security of the console log-in.
    pub security: Option<SetSecurity>,
}

impl Act for ChangeAccount {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        tx.open_account(uid)?;
        if let Some(name) = &self.login_name {
            tx.rename_account(uid, name.clone())?;
        }
        if self.alias.is_some() {
            tx.set_alias(uid, self.alias.clone())?;
        }
        tx.set_contacts(uid, Contacts { email: self.email.clone(), mobile: self.mobile.clone() })?;
        if let Some(country) = &self.country {
            tx.set_country(uid, country.clone())?;
        }
        tx.set_details(uid, self.details.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
        self.security.iter().try_for_each(|security| security.act(uid, tx))
    }

    fn describe(&self, uid: Uid, (): &()) -> String {
        format!("account {uid} was changed")
    }
}

/// A partner.
#[apply(input)]
pub struct SetPartner {
    /// UID or name of the partner; without it the account belongs to no partner.
    pub partner: Option<String>,
}

impl Act for SetPartner {
    type Given = Option<Uid>;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<Option<Uid>> {
        let partner =
            self.partner.as_deref().map(|name| account_named(Some(name), tx.state())).transpose()?;
        let partner = partner.map(|partner| partner.uid);
        tx.set_partner(uid, partner)?;
        Ok(partner)
    }

    fn describe(&self, uid: Uid, partner: &Option<Uid>) -> String {
        match partner {
            Some(partner) => format!("account {uid} belongs to the partner {partner}"),
            None => format!("account {uid} belongs to no partner"),
        }
    }
}

/// A status of a service.
#[apply(input)]
pub struct SetBusinessStatus {
    /// The service: `dataworks`.
    pub service: String,
    /// The status: `activated`.
    pub key: String,
    /// Its new value.
    pub value: String,
}

impl Act for SetBusinessStatus {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        tx.open_account(uid)?;
        tx.account_of(uid)?.0.affairs_mut().set_business(&self.service, &self.key, &self.value);
        Ok(())
    }

    fn describe(&self, uid: Uid, (): &()) -> String {
        format!("{} of {} is {} for account {uid}", self.key, self.service, self.value)
    }
}

/// A service.
#[apply(input)]
pub struct WhichService {
    /// Its code: `Ram`, `Sls`, `dataworks-public`.
    pub service: String,
}

impl WhichService {
    pub(super) fn set(&self, is_active: bool, uid: Uid, tx: &mut Tx<'_>) -> Done {
        tx.open_account(uid)?;
        tx.account_of(uid)?.0.affairs_mut().set_activated(&self.service, is_active);
        let done = if is_active { "is activated" } else { "is not activated" };
        Ok(format!("{} {done} for account {uid}", self.service))
    }
}
