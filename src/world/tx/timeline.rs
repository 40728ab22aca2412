//! Timeline: events are put on it and run when they are due.

use crate::text::Timestamp;
use crate::world::state::{Event, FellDue};
use crate::world::tx::real_name::word;
use crate::world::tx::{Sweep, Tx, day};

impl Tx<'_> {
    /// Puts an event on the timeline.
    pub fn later(&mut self, at: Timestamp, event: Event) {
        let mut same_time = self.state.timeline.range((at, 0)..=(at, u64::MAX));
        let number = same_time.next_back().map_or(0, |((_, number), _)| number + 1);
        self.state.timeline.insert((at, number), event);
    }

    /// Applies every event that is due, and disables what nobody used since the day `swept`.
    pub(in crate::world) fn settle(&mut self, mut swept: i64) -> Vec<FellDue> {
        let mut fell_due = Vec::new();
        let now = self.now;
        while let Some((key, event)) =
            self.state.timeline.get_min().filter(|((at, _), _)| *at <= now).cloned()
        {
            self.state.timeline.remove(&key);
            // Only commands decide about keys and log-ins.
            if matches!(event, Event::Command(_)) {
                let until = day(key.0);
                fell_due.extend(self.disable_idle(Sweep { after: swept, until }));
                swept = swept.max(until);
            }
            // Each event happens at its due time, even if the world is read later.
            self.now = key.0;
            let happened = self.happen(event.clone());
            fell_due.extend(happened.map(|what| FellDue { at: key.0, what, event: Some(event) }));
        }
        self.now = now;
        fell_due.extend(self.disable_idle(Sweep { after: swept, until: day(now) }));
        fell_due
    }

    /// Makes a change that has no effect if it fails.
    pub(super) fn attempt<T, E>(&mut self, change: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let mut tried = self.fork();
        let given = change(&mut tried)?;
        *self = tried;
        Ok(given)
    }

    /// Runs an event and describes it; `None` if the event no longer applies.
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
            Event::ResourceGroupEnd { uid, group } => {
                let id = self.account_of(uid).ok()?.0.forget_resource_group(group)?;
                Some(format!("the deleted resource group {id} of account {uid} disappeared"))
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
            Event::SilenceEnds { uid, task } => self.silence_ends(uid, task),
            Event::ContactDeleted { manager, id } => self.contact_deleted(manager, &id),
            Event::HandshakeExpires { id } => self.handshake_expires(&id),
            Event::ControlSwitched { manager, asked } => self.control_switched(manager, asked),
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
}
