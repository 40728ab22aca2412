//! Registration of an account, its codes and details. Source: docs/evidence/account.md 1.3, 1.4 and 4.2.

use crate::text::{CountryCode, Email, LoginName, MobilePhone, Password, Scalar, Uid};
use crate::world::account::{Account, Profile};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;
use compact_str::CompactString;
use std::sync::Arc;

/// Input of a registration, as in the sign-up form.
#[derive(Debug)]
pub struct Registration {
    /// Site, names, contacts, country.
    pub profile: Profile,
    /// Password; without one, the account cannot log in to the console.
    pub password: Option<Password>,
    /// Code that was sent to the e-mail or, without one, to the mobile.
    pub captcha: Option<String>,
}

impl Tx<'_> {
    /// Registers an account. The UID is given or generated.
    ///
    /// A login name or e-mail belongs to one account, a mobile to as many as the rules allow.
    pub fn register(&mut self, pinned: Option<Uid>, profile: Profile) -> Result<&mut Account, Refusal> {
        let uid = match pinned {
            Some(uid) if self.state.accounts.contains_key(&uid) => return Err(Refusal::UidTaken),
            Some(uid) => uid,
            None => loop {
                let uid = self.ids.account(profile.site, self.state.counters.next(IdKind::Account));
                if !self.state.accounts.contains_key(&uid) {
                    break uid;
                }
            },
        };
        self.take_login_name(&profile.login_name, uid)?;
        self.take_email(profile.email.as_ref(), uid)?;
        self.take_mobile(profile.mobile.as_ref())?;
        let number = self.state.accounts.len();
        let mut account = Account::new(uid, profile, self.now);
        account.number = number;
        account.system_policies.clone_from(&self.state.system_policies);
        let account = Arc::new(account);
        Ok(Arc::make_mut(self.state.accounts.entry(uid).or_insert(account)))
    }

    /// Registers an account as the sign-up form does: checks the strength of the password and the code.
    pub fn sign_up(&mut self, new: Registration) -> Result<Uid, Refusal> {
        let Registration { profile, password, captcha } = new;
        let target = profile.email.as_ref().map(Email::as_str);
        let target = target.or(profile.mobile.as_ref().map(MobilePhone::as_str)).map(CompactString::from);
        match (&captcha, target) {
            (Some(code), Some(target)) => self.use_captcha(&target, code)?,
            (None, _) if !self.rules().captcha_required => {}
            _ => return Err(Refusal::CaptchaWrong),
        }
        let uid = self.register(None, profile)?.uid;
        if let Some(password) = password {
            self.set_password(uid, &password)?;
        }
        Ok(uid)
    }

    /// Sets further details of the owner, by the names of official APIs.
    pub fn set_details<'a>(
        &mut self,
        uid: Uid,
        details: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), Refusal> {
        self.open_account(uid)?;
        let known = &mut Arc::make_mut(&mut self.account_of(uid)?.0.profile).details;
        for (name, value) in details {
            known.insert(name.into(), value.into());
        }
        Ok(())
    }

    /// Sets the country of an account.
    pub fn set_country(&mut self, uid: Uid, country: CountryCode) -> Result<(), Refusal> {
        self.open_account(uid)?;
        Arc::make_mut(&mut self.account_of(uid)?.0.profile).country = country;
        Ok(())
    }

    /// Binds an id of Taobao's passport to an account. Two accounts cannot share an id.
    pub fn bind_havana(&mut self, uid: Uid, id: &str) -> Result<(), Refusal> {
        if self.state.account_of_havana(id).is_some_and(|bound| bound.uid != uid) {
            return Err(Refusal::HavanaIdTaken);
        }
        self.open_account(uid)?;
        Arc::make_mut(&mut self.account_of(uid)?.0.profile).havana_id = Some(id.into());
        Ok(())
    }

    /// Hides the personal data of an account, or deletes it permanently: details, contacts and verification.
    ///
    /// UNCERTAIN: the data that `CustomerSensitiveInfoLogicalDelete` and `CustomerSensitiveInfoPhysicalDelete` remove.
    pub fn forget_person(&mut self, uid: Uid, for_good: bool) -> Result<(), Refusal> {
        let before = Arc::clone(&self.state.account(uid)?.profile);
        self.account_of(uid)?.0.affairs_mut().hidden = true;
        if !for_good {
            return Ok(());
        }
        self.forget_verification(uid)?;
        if let Some(email) = &before.email
            && self.state.registry.emails.get(email.as_str().to_lowercase().as_str()) == Some(&uid)
        {
            self.registry_mut().emails.remove(email.as_str().to_lowercase().as_str());
        }
        if !self.state.account(uid)?.standing().is_closed() {
            self.free_mobile(before.mobile.as_ref());
        }
        let (account, _) = self.account_of(uid)?;
        account.affairs_mut().forms.clear();
        let profile = Arc::make_mut(&mut account.profile);
        (profile.email, profile.mobile, profile.havana_id) = (None, None, None);
        profile.details.clear();
        Ok(())
    }

    fn take_login_name(&mut self, name: &LoginName, uid: Uid) -> Result<(), Refusal> {
        let folded = CompactString::from(name.as_str().to_lowercase());
        let registry = self.registry_mut();
        if registry.login_names.get(&folded).is_some_and(|owner| *owner != uid) {
            return Err(Refusal::LoginNameTaken);
        }
        registry.login_names.insert(folded, uid);
        Ok(())
    }

    /// Changes the login name of an account.
    pub fn rename_account(&mut self, uid: Uid, name: LoginName) -> Result<(), Refusal> {
        let before = self.open_account(uid)?.profile.login_name.as_str().to_lowercase();
        self.registry_mut().login_names.remove(before.as_str());
        self.take_login_name(&name, uid)?;
        Arc::make_mut(&mut self.account_of(uid)?.0.profile).login_name = name;
        Ok(())
    }

    /// Returns a free login name, for an account that is registered without one.
    pub fn free_login_name(&self, stem: &str) -> LoginName {
        let taken = |name: &String| self.state.registry.login_names.contains_key(name.as_str());
        let name = (1..u32::MAX).map(|n| format!("{stem}{n:05}")).find(|name| !taken(name));
        LoginName::parse(&name.expect("there are more numbers than accounts"))
            .expect("a stem and a number make a login name")
    }
}
