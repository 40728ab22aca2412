//! Messages and codes, which go to the outbox instead of a network. Source: docs/evidence/account.md 1.4.

use crate::text::{Timestamp, Uid};
use crate::world::ids::IdKind;
use crate::world::outbox::{Channel, Message};
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;

impl Tx<'_> {
    /// Sends a code of six digits to the outbox.
    pub fn send_captcha(&mut self, channel: Channel, to: &str, scene: &str) -> Result<(), Refusal> {
        let interval = self.rules().captcha_interval.0;
        let latest = self.state.registry.outbox.latest_code(to);
        if latest.is_some_and(|sent| self.now < sent.at.plus(interval)) {
            return Err(Refusal::SentTooOften);
        }
        self.send_code(channel, to, scene);
        Ok(())
    }

    /// Sends a code of six digits to the outbox, however early, and returns its expiry.
    pub(in crate::world) fn send_code(&mut self, channel: Channel, to: &str, scene: &str) -> Timestamp {
        let expires = self.now.plus(self.rules().captcha_lifetime.0);
        let counter = self.state.counters.next(IdKind::Captcha);
        let code = self.ids.number(IdKind::Captcha, Uid(0), counter, 6).to_string();
        let text = format!("Your verification code is {code}.");
        let message = self.message(channel, to, scene, text);
        self.send(Message { code: Some(code.into()), expires: Some(expires), ..message });
        expires
    }

    /// Checks the latest code for a recipient, and uses it up.
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

    /// Creates a message with the current time.
    pub(in crate::world) fn message(&self, channel: Channel, to: &str, scene: &str, text: String) -> Message {
        let (to, scene) = (to.into(), scene.into());
        Message { number: 0, at: self.now, channel, to, scene, text, code: None, expires: None, used: false }
    }

    /// Puts a message into the outbox.
    pub(in crate::world) fn send(&mut self, message: Message) {
        self.registry_mut().outbox.put(message);
    }

    /// Sends an e-mail to the owner of an account, if the account has an address.
    pub(in crate::world) fn mail(&mut self, uid: Uid, scene: &str, text: String) {
        let to = self.state.account(uid).ok().and_then(|account| account.profile.email.clone());
        if let Some(to) = to {
            self.send(self.message(Channel::Email, to.as_str(), scene, text));
        }
    }
}
