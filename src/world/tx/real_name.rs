//! Real-name verification beyond a single record: limits for accounts per identity, and due dates. Source:
//! docs/evidence/account.md section 2.

use crate::text::{Timestamp, Uid, amount};
use crate::world::account::{
    Application, Decision, Hold, Identity, Link, Method, RealName, RealNameStatus, Subject, Submission, Terms,
};
use crate::world::ids::IdKind;
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::settings::Review;
use crate::world::state::Event;
use crate::world::tx::Tx;
use compact_str::CompactString;

impl Tx<'_> {
    /// Changes a record. Updates the account count of its identity, and plans the expiry of its document.
    fn real_name<T>(
        &mut self,
        uid: Uid,
        change: impl FnOnce(&mut RealName) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let record = &self.open_account(uid)?.real_name;
        let (before, since_before) = (record.identity().cloned(), record.since());
        let given = change(self.account_of(uid)?.0.real_name_mut())?;
        let record = &self.state.account(uid)?.real_name;
        let (after, since) = (record.identity().cloned(), record.since());
        let is_same = match (&before, &after) {
            (Some(before), Some(after)) => before.is_same(after),
            (None, None) => return Ok(given),
            _ => false,
        };
        if !is_same {
            self.count_identity(before.as_ref(), after.as_ref())?;
        }
        if let (Some(Identity { expires: Some(expires), .. }), Some(since)) = (&after, since)
            && (before != after || since_before != Some(since))
        {
            // The same document submitted again gets a new event: old events belong to the earlier verification.
            self.later(*expires, Event::DocumentExpires { uid, since });
        }
        Ok(given)
    }

    fn count_identity(&mut self, before: Option<&Identity>, after: Option<&Identity>) -> Result<(), Refusal> {
        let key = |identity: &Identity| {
            compact_str::format_compact!("{:?}/{}", identity.subject, identity.license_number)
        };
        let registry = self.registry_mut();
        let most = registry.rules.accounts_per_identity;
        if let Some(key) = before.map(key) {
            match registry.identities.get(&key).copied().unwrap_or(0) {
                0 | 1 => registry.identities.remove(&key),
                count => registry.identities.insert(key, count - 1),
            };
        }
        let Some(key) = after.map(key) else { return Ok(()) };
        let count = registry.identities.entry(key).or_default();
        *count += 1;
        if *count > most { Err(Refusal::IdentityUsedUp) } else { Ok(()) }
    }

    fn terms(&mut self, uid: Uid) -> Result<Terms, Refusal> {
        let ids = self.ids;
        let rules = self.rules();
        let (minimum_age, change_lock_millis) = (rules.minimum_age, rules.change_lock.millis());
        let account = self.open_account(uid)?;
        // Between 0.11 and 0.99.
        let drawn = ids.number(
            IdKind::Application,
            uid,
            u32::try_from(account.real_name.history().len()).unwrap_or(0),
            2,
        );
        let transfer_cents = i64::try_from(drawn).unwrap_or(11).max(11);
        Ok(Terms { site: account.profile.site, minimum_age, change_lock_millis, transfer_cents })
    }

    /// Verifies an account at once, without an application.
    pub fn certify(&mut self, uid: Uid, identity: Identity) -> Result<(), Refusal> {
        let (terms, now) = (self.terms(uid)?, self.now);
        self.real_name(uid, |record| record.certify(identity, terms, now))
    }

    /// Submits an application. An instant method is decided at once, the others at the end of the review time, or
    /// earlier by command.
    pub fn submit(&mut self, uid: Uid, submission: Submission) -> Result<Application, Refusal> {
        let (ids, now, terms) = (self.ids, self.now, self.terms(uid)?);
        let (method, subject) = (submission.method, submission.identity.subject);
        let (account, _) = self.account_of(uid)?;
        let id = ids.application(uid, account.counters.next(IdKind::Application));
        if method == Method::Kyc && account.affairs.kyc_due.is_none() {
            return Err(Refusal::NoKycAsked);
        }
        let application = self.real_name(uid, |record| record.submit(id, submission, terms, now).cloned())?;
        if application.decided.is_none() {
            let days = method.days(terms.site, subject).unwrap_or(0);
            let at = match self.rules().review_time {
                Some(span) => now.plus(span.0),
                None => now.plus_working_days(days),
            };
            self.later(at, Event::ReviewEnds { uid, application: id });
        }
        Ok(application)
    }

    /// Submits an application, on a verification page if a link is given. The link must be valid for it.
    pub fn submit_on(
        &mut self,
        uid: Uid,
        submission: Submission,
        link: Option<&str>,
    ) -> Result<Application, Refusal> {
        if let Some(token) = link {
            let affairs = &self.open_account(uid)?.affairs;
            affairs.check_link(token, submission.identity.subject, self.now)?;
        }
        self.submit(uid, submission)
    }

    /// Decides an application.
    pub fn decide(&mut self, uid: Uid, id: u64, decision: Decision) -> Result<(), Refusal> {
        let now = self.now;
        let expires = decision == Decision::Expire;
        let text = match &decision {
            Decision::Approve => format!("Account {uid} is verified."),
            Decision::Reject { reason, .. } => format!("Account {uid} is not verified. {reason}"),
            Decision::Expire => format!("The document of account {uid} has expired."),
        };
        self.real_name(uid, |record| record.decide(id, decision, now))?;
        self.mail(uid, "real-name", text);
        if expires {
            self.start_grace(uid)?;
        }
        self.answer_kyc(uid, id)
    }

    /// Lifts the risk hold of the account if its answer to the KYC Center was approved.
    fn answer_kyc(&mut self, uid: Uid, id: u64) -> Result<(), Refusal> {
        let account = self.state.account(uid)?;
        let application = account.real_name.application(id)?;
        if application.method == Method::Kyc && application.status == RealNameStatus::Verified {
            self.account_of(uid)?.0.affairs_mut().kyc_due = None;
            self.hold(uid, Hold::Risk, false)?;
        }
        Ok(())
    }

    /// Expires the document of an account. It stays valid during its grace period.
    pub fn expire_document(&mut self, uid: Uid) -> Result<(), Refusal> {
        let now = self.now;
        self.real_name(uid, |record| record.expire(now))?;
        self.start_grace(uid)
    }

    fn start_grace(&mut self, uid: Uid) -> Result<(), Refusal> {
        if let Some(expired) = self.state.account(uid)?.real_name.expired() {
            let at = expired.plus(self.rules().document_grace.0);
            self.later(at, Event::GraceEnds { uid, expired });
        }
        Ok(())
    }

    /// Ends the grace period of a document that expired at that time. Returns `false` if the record has changed since.
    pub(super) fn end_grace(&mut self, uid: Uid, expired: Timestamp) -> bool {
        self.real_name(uid, |record| Ok(record.end_grace(expired))).unwrap_or(false)
    }

    /// Withdraws an application.
    pub fn cancel_application(&mut self, uid: Uid, id: u64) -> Result<(), Refusal> {
        let now = self.now;
        self.real_name(uid, |record| record.cancel(id, now))
    }

    /// Removes the verification of an account.
    pub fn remove_verification(&mut self, uid: Uid) -> Result<(), Refusal> {
        self.real_name(uid, RealName::remove)
    }

    /// Deletes all verification data of an account, including applications.
    pub(super) fn forget_verification(&mut self, uid: Uid) -> Result<(), Refusal> {
        let before = self.state.account(uid)?.real_name.identity().cloned();
        self.count_identity(before.as_ref(), None)?;
        *self.account_of(uid)?.0.real_name_mut() = RealName::default();
        Ok(())
    }

    /// Lets the transfer of an application arrive and returns its amount in hundredths.
    pub(super) fn transfer_arrives(&mut self, uid: Uid, id: u64) -> Option<i64> {
        self.real_name(uid, |record| Ok(record.transfer_arrives(id))).ok().flatten()
    }

    /// Checks the amount of a transfer, in hundredths. Wrong amounts are counted; the third rejects the application.
    pub fn tell_amount(&mut self, uid: Uid, id: u64, cents: i64) -> Result<Application, Refusal> {
        let now = self.now;
        self.real_name(uid, |record| {
            record.tell_amount(id, cents, now)?;
            record.application(id).cloned()
        })
    }

    /// Creates a verification page for an account and returns the token in its address.
    pub fn add_link(&mut self, uid: Uid, subject: Option<Subject>) -> Result<CompactString, Refusal> {
        let expires = self.now.plus(self.rules().link_lifetime.0);
        self.open_account(uid)?;
        let ids = self.ids;
        let (account, _) = self.account_of(uid)?;
        let token = ids.word(IdKind::Link, uid, account.counters.next(IdKind::Link), 32);
        account.affairs_mut().links.insert(token.clone(), Link { subject, expires });
        Ok(token)
    }

    /// Announces a payment risk: without an answer to the KYC Center within a working day, risk control starts.
    pub fn ask_for_kyc(&mut self, uid: Uid) -> Result<(), Refusal> {
        self.open_account(uid)?;
        let due = self.now.plus_working_days(1);
        self.account_of(uid)?.0.affairs_mut().kyc_due = Some(due);
        self.mail(
            uid,
            "payment-risk",
            format!("Verify the payment of account {uid} in the KYC Center until {due}."),
        );
        self.later(due, Event::KycDue { uid, due });
        Ok(())
    }

    pub(super) fn review_ends(&mut self, uid: Uid, id: u64) -> Option<String> {
        let review = self.rules().review;
        let account = self.state.account(uid).ok()?;
        let application = account.real_name.application(id).ok().filter(|one| one.decided.is_none())?;
        if application.method == Method::BankTransfer {
            let cents = self.transfer_arrives(uid, id)?;
            let text = format!("Alibaba Cloud sent you {}.", amount(cents));
            self.send(self.message(Channel::Bank, &uid.to_string(), "real-name", text));
            return Some(format!("the transfer for real-name application {id} of account {uid} arrived"));
        }
        let country = application.identity.country.as_ref();
        let decision = match review {
            Review::Manual => return None,
            Review::Approve if country.is_none_or(|country| *country == account.profile.country) => {
                Decision::Approve
            }
            // Source: docs/evidence/account.md section 7, row 24.
            Review::Approve => Decision::Reject {
                code: "COUNTRY".to_owned(),
                reason: "The document was issued in another country than the account is registered in."
                    .to_owned(),
            },
            Review::Reject => Decision::Reject {
                code: "DOCUMENT".to_owned(),
                reason: "The document is not legible.".to_owned(),
            },
        };
        let rejected =
            |refusal: Refusal| Decision::Reject { code: "IDENTITY".to_owned(), reason: refusal.to_string() };
        let (mut word, first) = (word(&decision), decision);
        if let Err(refusal) = self.attempt(|tx| tx.decide(uid, id, first)) {
            // Rejects an application that may no longer be approved. A closed account stays unchanged.
            word = "rejected";
            self.attempt(|tx| tx.decide(uid, id, rejected(refusal))).ok()?;
        }
        Some(format!("real-name application {id} of account {uid} was {word}"))
    }

    pub(super) fn kyc_due(&mut self, uid: Uid, due: Timestamp) -> Option<String> {
        let account = self.state.account(uid).ok()?;
        let is_answered = account.real_name.under_review().is_some_and(|one| one.method == Method::Kyc);
        if account.affairs.kyc_due != Some(due) || is_answered {
            return None;
        }
        self.hold(uid, Hold::Risk, true).ok()?;
        Some(format!("account {uid} did not answer the KYC Center: risk control set in"))
    }
}

/// Returns the effect of a decision as a word.
pub(super) fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Approve => "approved",
        Decision::Reject { .. } => "rejected",
        Decision::Expire => "expired",
    }
}
