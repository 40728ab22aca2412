//! What the timeline does when it is time.

use crate::text::{Timestamp, Uid, amount};
use crate::world::account::{Decision, Hold, Method};
use crate::world::outbox::Channel;
use crate::world::refusal::Refusal;
use crate::world::rules::Review;
use crate::world::state::{Event, FellDue};
use crate::world::tx::Tx;

impl Tx<'_> {
    /// Applies every event that is due.
    pub(in crate::world) fn settle(&mut self) -> Vec<FellDue> {
        let mut fell_due = Vec::new();
        let now = self.now;
        while let Some((key, event)) =
            self.state.timeline.get_min().filter(|((at, _), _)| *at <= now).cloned()
        {
            self.state.timeline.remove(&key);
            // What happens then is dated then, however late anybody looks.
            self.now = key.0;
            fell_due.extend(self.happen(event).map(|what| FellDue { at: key.0, what }));
        }
        self.now = now;
        fell_due
    }

    /// Makes a change that leaves nothing behind when it is refused.
    fn attempt<T, E>(&mut self, change: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let mut tried = self.fork();
        let given = change(&mut tried)?;
        *self = tried;
        Ok(given)
    }

    /// What happened, in words; nothing when what was to happen no longer can.
    fn happen(&mut self, event: Event) -> Option<String> {
        match event {
            Event::Command(command) => Some(match self.attempt(|tx| command.run(tx)) {
                Ok(done) => done,
                Err(why) => format!("a command of the timeline could not be carried out: {why}"),
            }),
            Event::KeyEnd { uid, id } => {
                let place = self.place_of(uid, &id).ok()?;
                self.remove_key(place, &id).ok()?;
                Some(format!("the short-term key {id} of account {uid} expired"))
            }
            Event::SessionEnd { id } => {
                self.state.sessions.remove(&id);
                Some(format!("the temporary credential {id} expired"))
            }
            Event::RoleEnd { uid, role } => {
                let Ok((account, _)) = self.account_of(uid) else {
                    return Some(format!("the service-linked role of account {uid} was gone already"));
                };
                let name = account.role(role).map(|role| role.name.to_string()).unwrap_or_default();
                account.remove_linked_role(role);
                Some(format!("the service-linked role {name} of account {uid} was deleted"))
            }
            Event::Review { uid, application, decision } => {
                let word = word(&decision);
                Some(match self.attempt(|tx| tx.decide(uid, application, decision)) {
                    Ok(()) => format!("real-name application {application} of account {uid} was {word}"),
                    Err(refusal) => format!(
                        "real-name application {application} of account {uid} was not {word}: {refusal}"
                    ),
                })
            }
            Event::ReviewEnds { uid, application } => self.review_ends(uid, application),
            Event::DocumentExpires { uid, since } => {
                let is_that = self.state.account(uid).is_ok_and(|one| one.real_name.since() == Some(since));
                (is_that && self.expire_document(uid).is_ok())
                    .then(|| format!("the document expired that account {uid} is verified by"))
            }
            Event::GraceEnds { uid, expired } => self
                .end_grace(uid, expired)
                .then(|| format!("account {uid} is verified no more: its document expired on {expired}")),
            Event::KycDue { uid, due } => self.kyc_due(uid, due),
            Event::Shutdown { uid, since } => {
                let (account, _) = self.account_of(uid).ok()?;
                let is_that = account.standing.waits_since() == Some(since);
                (is_that && account.standing.shut_down())
                    .then(|| format!("the services of account {uid} stopped: it is in arrears since {since}"))
            }
            Event::SilenceEnds { uid, task } => {
                let (account, _) = self.account_of(uid).ok()?;
                let closure = account.standing.closure().filter(|one| one.task == task && !one.is_done)?;
                account.standing.close(crate::world::account::Closure { is_done: true, ..closure }).ok()?;
                self.closed(uid);
                Some(format!("account {uid} was closed: its silence period is over"))
            }
            Event::NamesFreed { uid } => {
                self.free_names(uid);
                Some(format!("the names of the closed account {uid} are free again"))
            }
            Event::LoginEnds { ticket } => {
                let login = self.registry_mut().logins.remove(&ticket)?;
                Some(format!("a log-in of account {} ended", login.uid))
            }
        }
    }

    fn review_ends(&mut self, uid: Uid, id: u64) -> Option<String> {
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
            // What may not be verified any more is rejected; an account that was closed meanwhile is left alone.
            word = "rejected";
            self.attempt(|tx| tx.decide(uid, id, rejected(refusal))).ok()?;
        }
        Some(format!("real-name application {id} of account {uid} was {word}"))
    }

    fn kyc_due(&mut self, uid: Uid, due: Timestamp) -> Option<String> {
        let account = self.state.account(uid).ok()?;
        let is_answered = account.real_name.under_review().is_some_and(|one| one.method == Method::Kyc);
        if account.affairs.kyc_due != Some(due) || is_answered {
            return None;
        }
        self.hold(uid, Hold::Risk, true).ok()?;
        Some(format!("account {uid} did not answer the KYC Center: risk control set in"))
    }
}

fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Approve => "approved",
        Decision::Reject { .. } => "rejected",
        Decision::Expire => "expired",
    }
}
