//! Registering an account, the codes that go with it, and its contacts. Source: docs/evidence/account.md 1.3, 1.4 and 4.2.

use crate::text::{CountryCode, Email, LoginName, MobilePhone, Password, Scalar, Uid};
use crate::world::account::{Account, Profile};
use crate::world::ids::Kind;
use crate::world::outbox::{Channel, Message};
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;
use compact_str::CompactString;
use std::sync::Arc;

/// Partners that an account may have above each other.
const PARTNERS_ABOVE: usize = 64;

/// What somebody registers with, as the sign-up form has it.
#[derive(Debug)]
pub struct Registration {
    /// Site, names, contacts, country.
    pub profile: Profile,
    /// The password; an account without one cannot log in to the console.
    pub password: Option<Password>,
    /// The code that was sent to the e-mail, or else to the mobile.
    pub captcha: Option<String>,
}

/// Contacts to change; what is `None` stays.
#[derive(Debug, Default)]
pub struct Contacts {
    /// Security e-mail.
    pub email: Option<Email>,
    /// Security mobile.
    pub mobile: Option<MobilePhone>,
}

impl Tx<'_> {
    /// Registers an account, under a UID of the caller's choice or a generated one.
    ///
    /// A login name or e-mail belongs to one account, a mobile to as many as the rules allow.
    pub fn register(&mut self, pinned: Option<Uid>, profile: Profile) -> Result<&mut Account, Refusal> {
        let uid = match pinned {
            Some(uid) if self.state.accounts.contains_key(&uid) => return Err(Refusal::UidTaken),
            Some(uid) => uid,
            None => loop {
                let uid = self.ids.account(profile.site, self.state.counters.next(Kind::Account));
                if !self.state.accounts.contains_key(&uid) {
                    break uid;
                }
            },
        };
        self.take_login_name(&profile.login_name, uid)?;
        self.take_email(profile.email.as_ref(), uid)?;
        self.take_mobile(profile.mobile.as_ref())?;
        let account = Arc::new(Account::new(uid, profile, self.now));
        Ok(Arc::make_mut(self.state.accounts.entry(uid).or_insert(account)))
    }

    /// Registers an account as the sign-up form does: with a password that is strong enough and the code that was sent.
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

    /// Makes an account one of a partner's, or nobody's.
    pub fn set_operator(&mut self, uid: Uid, operator: Option<Uid>) -> Result<(), Refusal> {
        // Invariant: partners above each other are no circle.
        let mut above = operator;
        for _ in 0..PARTNERS_ABOVE {
            let Some(partner) = above else { break };
            let partner = self.state.account(partner)?;
            if partner.uid == uid {
                return Err(Refusal::OwnPartner);
            }
            above = partner.operator;
        }
        if above.is_some() {
            return Err(Refusal::OwnPartner);
        }
        let (ids, now) = (self.ids, self.now);
        let (account, _) = self.account_of(uid)?;
        let before = std::mem::replace(&mut account.operator, operator);
        if before == operator {
            return Ok(());
        }
        let number = ids.number(Kind::Relation, uid, account.counters.next(Kind::Relation), 9);
        account.affairs_mut().relation = operator.map(|_| (number, now));
        if account.standing.is_closed() {
            return Ok(());
        }
        self.uncount(before);
        if let Some(operator) = operator {
            *self.registry_mut().partners.entry(operator).or_default() += 1;
        }
        Ok(())
    }

    /// A partner has one account less.
    pub(in crate::world) fn uncount(&mut self, partner: Option<Uid>) {
        let Some(partner) = partner else { return };
        let partners = &mut self.registry_mut().partners;
        match partners.get(&partner).copied().unwrap_or(0) {
            0 | 1 => partners.remove(&partner),
            count => partners.insert(partner, count - 1),
        };
    }

    /// Registers an account of a partner, which may make so many.
    pub fn register_for(&mut self, operator: Uid, profile: Profile) -> Result<Uid, Refusal> {
        self.partner_has_room(operator)?;
        let uid = self.register(None, profile)?.uid;
        self.set_operator(uid, Some(operator))?;
        Ok(uid)
    }

    /// Refuses when a partner has as many accounts as it may.
    pub(in crate::world) fn partner_has_room(&self, operator: Uid) -> Result<(), Refusal> {
        let is_full = self.state.accounts_of(operator) >= self.rules().accounts_per_partner;
        if is_full { Err(Refusal::PartnerUsedUp) } else { Ok(()) }
    }

    /// Ends the relation of an account to its partner.
    pub fn release_from_partner(&mut self, uid: Uid) -> Result<(), Refusal> {
        self.open_account(uid)?;
        self.set_operator(uid, None)
    }

    /// Sets what else is known of the owner of an account, by the names of official APIs.
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

    /// Sets the country that an account is registered in.
    pub fn set_country(&mut self, uid: Uid, country: CountryCode) -> Result<(), Refusal> {
        self.open_account(uid)?;
        Arc::make_mut(&mut self.account_of(uid)?.0.profile).country = country;
        Ok(())
    }

    /// Binds an id of Taobao's passport to an account. It belongs to one.
    pub fn bind_havana(&mut self, uid: Uid, id: &str) -> Result<(), Refusal> {
        if self.state.account_of_havana(id).is_some_and(|bound| bound.uid != uid) {
            return Err(Refusal::HavanaIdTaken);
        }
        self.set_details(uid, [("HavanaId", id)])
    }

    /// Hides what is known of the person behind an account, or forgets it for good: details, contacts and verification.
    ///
    /// UNCERTAIN: what `CustomerSensitiveInfoLogicalDelete` and `CustomerSensitiveInfoPhysicalDelete` take away.
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
        (profile.email, profile.mobile) = (None, None);
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

    fn take_email(&mut self, email: Option<&Email>, uid: Uid) -> Result<(), Refusal> {
        let Some(email) = email else { return Ok(()) };
        let folded = CompactString::from(email.as_str().to_lowercase());
        let registry = self.registry_mut();
        if registry.emails.get(&folded).is_some_and(|owner| *owner != uid) {
            return Err(Refusal::EmailTaken);
        }
        registry.emails.insert(folded, uid);
        Ok(())
    }

    fn take_mobile(&mut self, mobile: Option<&MobilePhone>) -> Result<(), Refusal> {
        let Some(mobile) = mobile else { return Ok(()) };
        let registry = self.registry_mut();
        let most = registry.rules.accounts_per_mobile;
        let count = registry.mobiles.entry(mobile.as_str().into()).or_default();
        *count += 1;
        if *count > most { Err(Refusal::MobileUsedUp) } else { Ok(()) }
    }

    /// Changes the login name of an account.
    pub fn rename_account(&mut self, uid: Uid, name: LoginName) -> Result<(), Refusal> {
        let before = self.open_account(uid)?.profile.login_name.as_str().to_lowercase();
        self.registry_mut().login_names.remove(before.as_str());
        self.take_login_name(&name, uid)?;
        Arc::make_mut(&mut self.account_of(uid)?.0.profile).login_name = name;
        Ok(())
    }

    /// Changes security e-mail and mobile.
    pub fn set_contacts(&mut self, uid: Uid, contacts: Contacts) -> Result<(), Refusal> {
        let before = Arc::clone(&self.open_account(uid)?.profile);
        if let Some(email) = contacts.email {
            if let Some(before) = &before.email {
                self.registry_mut().emails.remove(before.as_str().to_lowercase().as_str());
            }
            self.take_email(Some(&email), uid)?;
            Arc::make_mut(&mut self.account_of(uid)?.0.profile).email = Some(email);
        }
        if let Some(mobile) = contacts.mobile {
            self.free_mobile(before.mobile.as_ref());
            self.take_mobile(Some(&mobile))?;
            Arc::make_mut(&mut self.account_of(uid)?.0.profile).mobile = Some(mobile);
        }
        Ok(())
    }

    fn free_mobile(&mut self, mobile: Option<&MobilePhone>) {
        let Some(mobile) = mobile else { return };
        let mobiles = &mut self.registry_mut().mobiles;
        let left = mobiles.get(mobile.as_str()).map_or(0, |count| count.saturating_sub(1));
        match left {
            0 => mobiles.remove(mobile.as_str()),
            _ => mobiles.insert(mobile.as_str().into(), left),
        };
    }

    /// Frees the names of an account that is closed for good.
    pub(in crate::world) fn free_names(&mut self, uid: Uid) {
        let Ok(account) = self.state.account(uid) else { return };
        let profile = Arc::clone(&account.profile);
        let registry = self.registry_mut();
        registry.login_names.remove(profile.login_name.as_str().to_lowercase().as_str());
        if let Some(email) = &profile.email {
            registry.emails.remove(email.as_str().to_lowercase().as_str());
        }
        self.free_mobile(profile.mobile.as_ref());
    }

    /// An account that is not closed.
    pub fn open_account(&self, uid: Uid) -> Result<&Account, Refusal> {
        let account = self.state.account(uid)?;
        account.standing().must_be_open()?;
        Ok(account)
    }

    /// A login name nobody has, for an account that is registered without one.
    pub fn free_login_name(&self, stem: &str) -> LoginName {
        let taken = |name: &String| self.state.registry.login_names.contains_key(name.as_str());
        let name = (1..u32::MAX).map(|n| format!("{stem}{n:05}")).find(|name| !taken(name));
        LoginName::parse(&name.expect("there are more numbers than accounts"))
            .expect("a stem and a number make a login name")
    }

    /// Sends a code of six digits; it is in the outbox.
    pub fn send_captcha(&mut self, channel: Channel, to: &str, scene: &str) -> Result<(), Refusal> {
        let rules = self.rules();
        let (lifetime, interval) = (rules.captcha_lifetime.0, rules.captcha_interval.0);
        let latest = self.state.registry.outbox.latest_code(to);
        if latest.is_some_and(|sent| self.now < sent.at.plus(interval)) {
            return Err(Refusal::SentTooOften);
        }
        let counter = self.state.counters.next(Kind::Captcha);
        let code = self.ids.number(Kind::Captcha, Uid(0), counter, 6).to_string();
        let text = format!("Your verification code is {code}.");
        let expires = Some(self.now.plus(lifetime));
        self.send(Message { code: Some(code.into()), expires, ..self.message(channel, to, scene, text) });
        Ok(())
    }

    /// Checks the code that was sent to somebody last, and uses it up.
    pub fn use_captcha(&mut self, to: &str, code: &str) -> Result<(), Refusal> {
        let sent = self.state.registry.outbox.latest_code(to).filter(|sent| !sent.used);
        let sent = sent.filter(|sent| sent.code.as_deref() == Some(code)).ok_or(Refusal::CaptchaWrong)?;
        if sent.expires.is_some_and(|expires| expires <= self.now) {
            return Err(Refusal::CaptchaExpired);
        }
        let number = sent.number;
        self.registry_mut().outbox.use_up(number);
        Ok(())
    }

    /// A message of now.
    pub(in crate::world) fn message(&self, channel: Channel, to: &str, scene: &str, text: String) -> Message {
        let (to, scene) = (to.into(), scene.into());
        Message { number: 0, at: self.now, channel, to, scene, text, code: None, expires: None, used: false }
    }

    /// Puts a message into the outbox.
    pub(in crate::world) fn send(&mut self, message: Message) {
        self.registry_mut().outbox.put(message);
    }

    /// Tells the owner of an account something by e-mail, when there is an address.
    pub(in crate::world) fn mail(&mut self, uid: Uid, scene: &str, text: String) {
        let to = self.state.account(uid).ok().and_then(|account| account.profile.email.clone());
        if let Some(to) = to {
            self.send(self.message(Channel::Email, to.as_str(), scene, text));
        }
    }
}
