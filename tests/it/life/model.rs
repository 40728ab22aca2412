//! A stupid model of an account's life: it looks at every rule at every hour, and shares nothing with the real one but the
//! words. Times are hours since the start, which is a Monday at midnight.

use alimock::text::Site;
use alimock::world::Refusal;
use alimock::world::account::{Hold, Method, RealNameStatus, ShutdownPolicy, Status, Subject};
use std::collections::BTreeSet;

/// What somebody does to an account.
#[derive(Debug, Clone)]
pub enum Step {
    Wait(i64),
    SetStatus(Status),
    SetMoney(Option<i64>, Option<i64>),
    Pay(i64),
    Hold(Hold, bool),
    Policy(ShutdownPolicy),
    Certify(Subject, u8),
    Submit(Method, Subject, u8),
    Approve,
    Reject,
    Cancel,
    Remove,
    Expire,
    TellAmount(bool),
    AskForKyc,
    Buy(Option<u32>),
    Release,
    Close(bool),
    Stay,
    SetPassword(bool),
    LogIn(bool),
}

#[derive(Debug, Clone)]
struct Verified {
    subject: Subject,
    number: u8,
    expired: Option<(i64, u64)>,
}

#[derive(Debug, Clone)]
struct Applied {
    method: Method,
    subject: Subject,
    number: u8,
    ends: i64,
    turn: u64,
    arrived: bool,
    wrong: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Life {
    Open,
    /// Until when, and its turn.
    Closing(i64, u64),
    /// Since when.
    Closed(i64),
}

/// Something that an hour brings.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Due {
    Close,
    Shut,
    Review,
    Grace,
    Kyc,
}

/// Money by use: whether it is still used, or when it ended.
#[derive(Debug, Clone)]
struct Bought {
    by_use: bool,
    released: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct Account {
    site: Site,
    holds: Vec<Hold>,
    balance: i64,
    credit: i64,
    policy: ShutdownPolicy,
    arrears: Option<(i64, bool)>,
    life: Life,
    verified: Option<Verified>,
    changed: Option<i64>,
    applied: Option<Applied>,
    rejected: bool,
    kyc: Option<(i64, u64)>,
    bought: Vec<Bought>,
    has_password: bool,
    wrong: Vec<i64>,
    pub logins: Vec<i64>,
}

pub struct Model {
    pub now: i64,
    /// Counts what is to come: of two things that are due in one hour the one that was decided earlier comes first.
    turn: u64,
    pub accounts: Vec<Account>,
}

const DAY: i64 = 24;
const LOCK: i64 = 180 * DAY;
const GRACE: i64 = 30 * DAY;
const SILENCE: i64 = 31 * DAY;
const NAMES: i64 = 30 * DAY;
const MONTH_PRICE: i64 = 10_000;

/// Working days after an hour. The start is a Monday.
fn working_days(from: i64, days: i64) -> i64 {
    let mut at = from;
    for _ in 0..days {
        at += DAY;
        while at / DAY % 7 >= 5 {
            at += DAY;
        }
    }
    at
}

impl Model {
    pub fn new(sites: &[Site]) -> Self {
        let account = |site: &Site| Account {
            site: *site,
            holds: vec![],
            balance: 0,
            credit: 0,
            policy: ShutdownPolicy::DelayStop,
            arrears: None,
            life: Life::Open,
            verified: None,
            changed: None,
            applied: None,
            rejected: false,
            kyc: None,
            bought: vec![],
            has_password: false,
            wrong: vec![],
            logins: vec![],
        };
        Self { now: 0, turn: 0, accounts: sites.iter().map(account).collect() }
    }

    pub fn step(&mut self, who: usize, step: &Step) -> Result<(), Refusal> {
        if let Step::Wait(hours) = step {
            for _ in 0..*hours {
                self.now += 1;
                self.hour();
            }
            return Ok(());
        }
        self.turn += 1;
        // Tried out on a copy: what is refused leaves nothing behind, but for wrong passwords.
        let mut tried = self.accounts[who].clone();
        let done = tried.step(step, self.now, self.turn);
        if done.is_ok() && self.is_one_too_many(who, &tried) {
            return Err(Refusal::IdentityUsedUp);
        }
        if done.is_ok() || matches!(step, Step::LogIn(_)) {
            self.accounts[who] = tried;
        }
        done
    }

    /// Whether a change gives an account an identity that two others have.
    fn is_one_too_many(&self, who: usize, after: &Account) -> bool {
        let known = |account: &Account| account.verified.as_ref().map(|one| (one.number, one.subject));
        let identity = known(after);
        let others =
            self.accounts.iter().enumerate().filter(|(index, one)| *index != who && known(one) == identity);
        identity.is_some() && identity != known(&self.accounts[who]) && others.count() >= 2
    }

    fn hour(&mut self) {
        let now = self.now;
        let of = |(who, account): (usize, &Account)| {
            account.due(now).into_iter().map(|(turn, due)| (turn, who, due)).collect::<Vec<_>>()
        };
        let mut due: Vec<_> = self.accounts.iter().enumerate().flat_map(of).collect();
        due.sort_by_key(|(turn, ..)| *turn);
        for (turn, who, due) in due {
            // What came before it in this hour may have undone it.
            if !self.accounts[who].due(now).contains(&(turn, due)) {
                continue;
            }
            let mut tried = self.accounts[who].clone();
            tried.happen(due, now);
            if self.is_one_too_many(who, &tried) {
                tried = self.accounts[who].clone();
                (tried.applied, tried.rejected) = (None, true);
            }
            self.accounts[who] = tried;
        }
        self.accounts.iter_mut().for_each(|account| account.logins.retain(|ends| *ends > now));
    }
}

impl Account {
    pub fn status(&self) -> Status {
        let shut = self.arrears.map(|(_, shut)| shut);
        let order = [
            (matches!(self.life, Life::Closed(_)), Status::Closed),
            (matches!(self.life, Life::Closing(..)), Status::Closing),
            (self.holds.contains(&Hold::Account), Status::Disabled),
            (shut == Some(true), Status::ArrearsShutdown),
            (self.holds.contains(&Hold::Risk), Status::RiskControlled),
            (shut == Some(false), Status::Arrears),
            (self.holds.contains(&Hold::Login), Status::LoginFrozen),
        ];
        order.iter().find(|(is, _)| *is).map_or(Status::Normal, |(_, status)| *status)
    }

    pub fn real_name(&self) -> RealNameStatus {
        if self.applied.is_some() {
            return RealNameStatus::UnderReview;
        }
        match &self.verified {
            Some(Verified { expired: Some(_), .. }) => RealNameStatus::NeedsUpdate,
            Some(_) => RealNameStatus::Verified,
            None if self.rejected => RealNameStatus::Rejected,
            None => RealNameStatus::NotVerified,
        }
    }

    pub fn verified_as(&self) -> Option<Subject> {
        self.verified.as_ref().map(|one| one.subject)
    }

    pub fn balance(&self) -> i64 {
        self.balance
    }

    pub fn holds(&self) -> BTreeSet<String> {
        self.holds.iter().map(ToString::to_string).collect()
    }

    /// What an hour brings, each with its turn.
    fn due(&self, now: i64) -> Vec<(u64, Due)> {
        let mut due = Vec::new();
        if let Some((since, false)) = self.arrears
            && since + DAY <= now
            && self.policy == ShutdownPolicy::DelayStop
        {
            due.push((0, Due::Shut));
        }
        if matches!(self.life, Life::Closed(_)) {
            // Only debts go on.
            return due;
        }
        if let Life::Closing(ends, turn) = self.life
            && ends == now
        {
            due.push((turn, Due::Close));
        }
        if let Some(Applied { turn, arrived: false, .. }) =
            self.applied.as_ref().filter(|one| one.ends == now)
        {
            due.push((*turn, Due::Review));
        }
        if let Some((at, turn)) = self.verified.as_ref().and_then(|one| one.expired)
            && at + GRACE == now
        {
            due.push((turn, Due::Grace));
        }
        if let Some((at, turn)) = self.kyc
            && at == now
        {
            due.push((turn, Due::Kyc));
        }
        due
    }

    fn happen(&mut self, due: Due, now: i64) {
        match due {
            Due::Close => {
                self.life = Life::Closed(now);
                self.logins.clear();
            }
            Due::Shut => self.arrears = self.arrears.map(|(since, _)| (since, true)),
            Due::Review => {
                let applied = self.applied.clone().unwrap();
                if applied.method == Method::BankTransfer {
                    self.applied = Some(Applied { arrived: true, ..applied });
                } else {
                    self.decided(&applied, now);
                }
            }
            Due::Grace => (self.verified, self.rejected) = (None, false),
            Due::Kyc => {
                let answers = self.applied.as_ref().is_some_and(|one| one.method == Method::Kyc);
                if !answers && !self.holds.contains(&Hold::Risk) {
                    self.holds.push(Hold::Risk);
                }
            }
        }
    }

    fn decided(&mut self, applied: &Applied, now: i64) {
        self.applied = None;
        self.verify(applied.subject, applied.number, now);
        if applied.method == Method::Kyc {
            self.kyc = None;
            self.holds.retain(|hold| *hold != Hold::Risk);
        }
    }

    fn verify(&mut self, subject: Subject, number: u8, now: i64) {
        if self.verified.as_ref().is_some_and(|one| (one.subject, one.number) != (subject, number)) {
            self.changed = Some(now);
        }
        self.rejected = false;
        self.verified = Some(Verified { subject, number, expired: None });
    }

    fn may_verify(&self, subject: Subject, number: u8, now: i64) -> Result<(), Refusal> {
        let Some(was) = &self.verified else { return Ok(()) };
        if self.site == Site::International
            && was.subject == Subject::Enterprise
            && subject == Subject::Personal
        {
            return Err(Refusal::Irreversible);
        }
        let locked = self.changed.is_some_and(|at| now < at + LOCK);
        if locked && (was.subject, was.number) != (subject, number) {
            Err(Refusal::ChangeLocked)
        } else {
            Ok(())
        }
    }

    fn set_money(&mut self, balance: i64, credit: i64, now: i64) -> Result<(), Refusal> {
        if credit < 0 {
            return Err(Refusal::NoAmount);
        }
        (self.balance, self.credit) = (balance, credit);
        if balance + credit >= 0 {
            self.arrears = None;
        } else if self.arrears.is_none() {
            self.arrears = Some((now, self.policy == ShutdownPolicy::ImmediatelyStop));
        }
        Ok(())
    }

    fn step(&mut self, step: &Step, now: i64, turn: u64) -> Result<(), Refusal> {
        if let Life::Closed(at) = self.life {
            return Err(match step {
                // Its names are somebody else's by then.
                Step::LogIn(_) if at + NAMES <= now => Refusal::BadCredentials,
                Step::LogIn(_) => Refusal::LoginOfClosed,
                _ => Refusal::AccountClosed,
            });
        }
        match step {
            Step::SetStatus(_) | Step::SetMoney(..) | Step::Pay(_) | Step::Hold(..) | Step::Policy(_) => {
                self.stand(step, now, turn)
            }
            Step::Buy(_)
            | Step::Release
            | Step::Close(_)
            | Step::Stay
            | Step::SetPassword(_)
            | Step::LogIn(_) => self.act(step, now, turn),
            _ => self.prove(step, now, turn),
        }
    }

    /// Holds and money.
    fn stand(&mut self, step: &Step, now: i64, turn: u64) -> Result<(), Refusal> {
        match step {
            Step::SetStatus(Status::Closing) => self.life = Life::Closing(now + SILENCE, turn),
            Step::SetStatus(Status::Closed) => {
                self.life = Life::Closed(now);
                self.logins.clear();
            }
            Step::SetStatus(status) => {
                let hold = match status {
                    Status::LoginFrozen => Some(Hold::Login),
                    Status::Disabled => Some(Hold::Account),
                    Status::RiskControlled => Some(Hold::Risk),
                    _ => None,
                };
                self.holds = hold.into_iter().collect();
                self.life = Life::Open;
                let owes = matches!(status, Status::Arrears | Status::ArrearsShutdown);
                if owes && self.arrears.is_none() {
                    self.set_money(-self.credit - 100, self.credit, now)?;
                } else if !owes {
                    let balance = self.balance.max(-self.credit);
                    self.set_money(balance, self.credit, now)?;
                }
                if let Some((since, shut)) = &mut self.arrears {
                    if *shut && *status == Status::Arrears {
                        *since = now;
                    }
                    *shut = *status == Status::ArrearsShutdown;
                }
            }
            Step::SetMoney(balance, credit) => {
                self.set_money(balance.unwrap_or(self.balance), credit.unwrap_or(self.credit), now)?;
            }
            Step::Pay(cents) => self.set_money(self.balance + cents, self.credit, now)?,
            Step::Hold(hold, is_on) => {
                self.holds.retain(|one| one != hold);
                if *is_on {
                    self.holds.push(*hold);
                }
            }
            Step::Policy(policy) => {
                self.policy = *policy;
                if let (Some((_, shut)), ShutdownPolicy::ImmediatelyStop) = (&mut self.arrears, policy) {
                    *shut = true;
                }
            }
            _ => unreachable!("not about holds and money"),
        }
        Ok(())
    }

    /// Verification.
    fn prove(&mut self, step: &Step, now: i64, turn: u64) -> Result<(), Refusal> {
        match step {
            Step::Certify(subject, number) => {
                if self.applied.is_some() {
                    return Err(Refusal::UnderReview);
                }
                if self.verified.as_ref().is_some_and(|one| one.expired.is_none()) {
                    return Err(Refusal::AlreadyVerified);
                }
                self.may_verify(*subject, *number, now)?;
                self.verify(*subject, *number, now);
            }
            Step::Submit(method, subject, number) => self.submit(*method, *subject, *number, now, turn)?,
            Step::Approve => {
                let applied = self.applied.clone().ok_or(Refusal::NotUnderReview)?;
                self.decided(&applied, now);
            }
            Step::Reject => {
                self.applied.take().ok_or(Refusal::NotUnderReview)?;
                self.rejected = true;
            }
            Step::Cancel => {
                self.applied.take().ok_or(Refusal::NotUnderReview)?;
                self.rejected = false;
            }
            Step::Remove => {
                self.verified.take().ok_or(Refusal::NotVerified)?;
                self.rejected = false;
            }
            Step::Expire => match &mut self.verified {
                Some(one) if one.expired.is_none() => one.expired = Some((now, turn)),
                _ => return Err(Refusal::NotVerified),
            },
            Step::TellAmount(is_right) => {
                let applied = self.applied.as_mut().ok_or(Refusal::NotUnderReview)?;
                if applied.method != Method::BankTransfer || !applied.arrived {
                    return Err(Refusal::NoTransfer);
                }
                applied.wrong += u32::from(!is_right);
                if *is_right {
                    let applied = applied.clone();
                    self.decided(&applied, now);
                } else if applied.wrong == 3 {
                    self.applied = None;
                    self.rejected = true;
                }
            }
            Step::AskForKyc => self.kyc = Some((working_days(now, 1), turn)),
            _ => unreachable!("not about verification"),
        }
        Ok(())
    }

    /// Orders, the way out, and the log-in.
    fn act(&mut self, step: &Step, now: i64, turn: u64) -> Result<(), Refusal> {
        match step {
            Step::Buy(months) => {
                let price = months.map_or(1, |months| i64::from(months) * MONTH_PRICE);
                if self.balance + self.credit < price {
                    return Err(Refusal::NotEnoughBalance);
                }
                if months.is_some() {
                    self.set_money(self.balance - price, self.credit, now)?;
                }
                self.bought.push(Bought { by_use: months.is_none(), released: None });
            }
            Step::Release => {
                let live = self.bought.iter_mut().find(|one| one.released.is_none());
                live.ok_or(Refusal::NoSuchInstance)?.released = Some(now);
            }
            Step::Close(waives) => self.close(*waives, now, turn)?,
            Step::Stay => match self.life {
                Life::Closing(..) => self.life = Life::Open,
                _ => return Err(Refusal::NotClosing),
            },
            Step::SetPassword(is_good) => {
                if !is_good {
                    return Err(Refusal::RootPasswordTooWeak);
                }
                self.has_password = true;
                self.wrong.clear();
                self.logins.clear();
            }
            Step::LogIn(is_right) => self.log_in(*is_right, now)?,
            _ => unreachable!("not about orders, closing or the log-in"),
        }
        Ok(())
    }

    fn submit(
        &mut self,
        method: Method,
        subject: Subject,
        number: u8,
        now: i64,
        turn: u64,
    ) -> Result<(), Refusal> {
        use Method::{Alipay, BankCard, BankTransfer, Document, EnterpriseAlipay, Face, Kyc, LegalRepFace};
        if method == Kyc && self.kyc.is_none() {
            return Err(Refusal::NoKycAsked);
        }
        if self.applied.is_some() {
            return Err(Refusal::UnderReview);
        }
        let days = match (self.site, subject, method) {
            (Site::China, Subject::Personal, Alipay | Face | BankCard)
            | (Site::China, Subject::Enterprise, LegalRepFace | EnterpriseAlipay) => 0,
            (Site::China, Subject::Enterprise, BankTransfer) | (_, _, Document) => 3,
            (Site::International, _, Kyc) => 2,
            _ => return Err(Refusal::MethodNotOffered),
        };
        self.may_verify(subject, number, now)?;
        if days == 0 {
            self.verify(subject, number, now);
        } else {
            let ends = working_days(now, days);
            self.applied = Some(Applied { method, subject, number, ends, turn, arrived: false, wrong: 0 });
        }
        Ok(())
    }

    fn close(&mut self, waives: bool, now: i64, turn: u64) -> Result<(), Refusal> {
        if self.life != Life::Open {
            return Err(Refusal::Closing);
        }
        let owed = -(self.balance + self.credit);
        let blocked = |cents: i64| cents > 0 && !(waives && cents <= 1000);
        if blocked(owed) || blocked(self.balance) || self.bought.iter().any(|one| one.released.is_none()) {
            return Err(Refusal::ClosingBlocked);
        }
        let lately = |one: &Bought| one.by_use && one.released.is_none_or(|at| at >= now - SILENCE);
        if self.bought.iter().any(lately) {
            self.life = Life::Closing(now + SILENCE, turn);
        } else {
            self.life = Life::Closed(now);
            self.logins.clear();
        }
        Ok(())
    }

    fn log_in(&mut self, is_right: bool, now: i64) -> Result<(), Refusal> {
        if self.holds.contains(&Hold::Login) || self.holds.contains(&Hold::Account) {
            return Err(Refusal::LoginFrozen);
        }
        if self.wrong.len() >= 5 {
            if now < self.wrong.last().unwrap() + 1 {
                return Err(Refusal::LoginLocked);
            }
            self.wrong.clear();
        }
        if !is_right || !self.has_password {
            self.wrong.push(now);
            return Err(Refusal::BadCredentials);
        }
        self.wrong.clear();
        self.logins.push(now + 6);
        Ok(())
    }
}
