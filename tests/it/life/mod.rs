//! The account's whole life against a stupid model: whatever sequence of things is done to three accounts, both agree on what
//! is refused and why, and on where the accounts stand; no sequence reaches a forbidden state; every state is reached and left.

mod model;

use crate::support::Lab;
use alimock::text::{LicenseNumber, LoginName, Password, PersonName, Scalar, Site, Timestamp, Uid};
use alimock::world::account::{
    Account, Decision, Hold, Identity, Method, Order, Profile, RealNameStatus, ShutdownPolicy, Status,
    Subject, Submission,
};
use alimock::world::clock::Run;
use alimock::world::settings::AccountRules;
use alimock::world::{By, Clocks, LogIn, Refusal, Tx, World};
use model::{Model, Step};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

const SITES: [Site; 3] = [Site::China, Site::China, Site::International];
/// A Monday.
const START: &str = "2026-01-05T00:00:00Z";

fn number(subject: Subject, number: u8) -> String {
    match subject {
        Subject::Personal => format!("11010119900101123{number}"),
        Subject::Enterprise => format!("91330000MA27XXXXX{number}"),
    }
}

fn identity(subject: Subject, which: u8) -> Identity {
    Identity {
        subject,
        name: PersonName::parse("Example").unwrap(),
        license_type: if subject == Subject::Personal { "0" } else { "9" }.into(),
        license_number: LicenseNumber::parse(&number(subject, which)).unwrap(),
        phone: String::new(),
        country: None,
        expires: None,
    }
}

fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

/// The same things done to the real accounts.
struct Real<'a> {
    world: &'a World,
    uids: Vec<Uid>,
}

fn at(hours: i64) -> Timestamp {
    Timestamp::parse(START).unwrap().plus_millis(hours * 3_600_000)
}

impl Real<'_> {
    fn account<T>(&self, who: usize, look: impl FnOnce(&Account) -> T) -> T {
        look(self.world.state().account(self.uids[who]).unwrap())
    }

    fn step(&self, who: usize, step: &Step, now: i64) -> Result<(), Refusal> {
        let at = at(now);
        if let Step::Wait(_) = step {
            self.world.clock.set(Clocks { resource: Run::Frozen(at), gateway: Run::Frozen(at) });
            self.world.settle(at);
            return Ok(());
        }
        if let Step::LogIn(is_right) = step {
            // What it counts is kept even when it refuses.
            let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
            let login = format!("walker{who}");
            let password = password(if *is_right { "walks-2026" } else { "wrong" });
            let shown = LogIn { login: &login, password, mfa_code: None, new_password: None, address };
            let given =
                self.world.commit(at, By::OURSELVES, |tx| Ok::<_, Refusal>(tx.log_in(&shown).map(drop)));
            return given.unwrap().0;
        }
        self.world.commit(at, By::OURSELVES, |tx| self.change(tx, who, step)).map(drop)
    }

    fn change(&self, tx: &mut Tx<'_>, who: usize, step: &Step) -> Result<(), Refusal> {
        let uid = self.uids[who];
        let account = tx.state().account(uid)?;
        let last = account.real_name.history().last().map(|one| (one.id, one.transfer));
        let open = || account.standing().must_be_open().and(Err(Refusal::NotUnderReview));
        let id = last.map_or_else(open, |(id, _)| Ok(id));
        match step {
            Step::Wait(_) | Step::LogIn(_) => unreachable!("done elsewhere"),
            Step::SetStatus(status) => tx.set_standing(uid, Some(*status), None, None),
            Step::SetMoney(balance, credit) => tx.set_standing(uid, None, *balance, *credit),
            Step::Pay(cents) => tx.pay(uid, *cents),
            Step::Hold(hold, is_on) => tx.hold(uid, *hold, *is_on),
            Step::Policy(policy) => tx.set_shutdown_policy(uid, *policy),
            Step::Certify(subject, which) => tx.certify(uid, identity(*subject, *which)),
            Step::Submit(method, subject, which) => {
                tx.submit(uid, Submission { method: *method, identity: identity(*subject, *which) }).map(drop)
            }
            Step::Approve => tx.decide(uid, id?, Decision::Approve),
            Step::Reject => tx.decide(uid, id?, Decision::Reject { code: "X".into(), reason: "no".into() }),
            Step::Cancel => tx.cancel_application(uid, id?),
            Step::Remove => tx.remove_verification(uid),
            Step::Expire => tx.expire_document(uid),
            Step::TellAmount(is_right) => {
                let cents = last.and_then(|(_, transfer)| transfer).map_or(0, |transfer| transfer.cents);
                tx.tell_amount(uid, id?, if *is_right { cents } else { 1 }).map(drop)
            }
            Step::AskForKyc => tx.ask_for_kyc(uid),
            Step::Buy(months) => {
                let text = Default::default;
                let order = Order {
                    product: "ecs".into(),
                    product_type: text(),
                    months: *months,
                    region: text(),
                    parameters: text(),
                };
                tx.buy(uid, order, None).map(drop)
            }
            Step::Release => {
                let live = account.live_instances().next().map(|one| one.id.clone());
                tx.release(uid, live.as_deref().unwrap_or("i-none"))
            }
            Step::Close(waives) => tx.close(uid, if *waives { &["DEBT", "BALANCE"] } else { &[] }).map(drop),
            Step::Stay => tx.stay(uid),
            Step::SetPassword(is_good) => {
                tx.set_password(uid, &password(if *is_good { "walks-2026" } else { "x" }))
            }
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let subject = || select(vec![Subject::Personal, Subject::Enterprise]);
    let status = select(vec![
        Status::Normal,
        Status::LoginFrozen,
        Status::Disabled,
        Status::RiskControlled,
        Status::Arrears,
        Status::ArrearsShutdown,
        Status::Closing,
    ]);
    let method = select(vec![
        Method::Alipay,
        Method::BankCard,
        Method::BankTransfer,
        Method::Document,
        Method::EnterpriseAlipay,
        Method::Face,
        Method::Kyc,
        Method::LegalRepFace,
    ]);
    let policy =
        select(vec![ShutdownPolicy::DelayStop, ShutdownPolicy::ImmediatelyStop, ShutdownPolicy::NoStop]);
    let cents = -30_000..30_000i64;
    let step = prop_oneof![
        4 => (1..100i64).prop_map(Step::Wait),
        1 => (700..800i64).prop_map(Step::Wait),
        3 => status.prop_map(Step::SetStatus),
        2 => (proptest::option::of(cents.clone()), proptest::option::of(-3000..30_000i64)).prop_map(|(balance, credit)| Step::SetMoney(balance, credit)),
        2 => cents.prop_map(Step::Pay),
        3 => (select(Hold::ALL.to_vec()), any::<bool>()).prop_map(|(hold, is_on)| Step::Hold(hold, is_on)),
        1 => policy.prop_map(Step::Policy),
        2 => (subject(), 0..2u8).prop_map(|(subject, which)| Step::Certify(subject, which)),
        6 => (method, subject(), 0..2u8).prop_map(|(method, subject, which)| Step::Submit(method, subject, which)),
        2 => Just(Step::Approve),
        2 => Just(Step::Reject),
        1 => Just(Step::Cancel),
        1 => Just(Step::Remove),
        2 => Just(Step::Expire),
        3 => any::<bool>().prop_map(Step::TellAmount),
        2 => Just(Step::AskForKyc),
        3 => proptest::option::of(1..4u32).prop_map(Step::Buy),
        3 => Just(Step::Release),
        1 => any::<bool>().prop_map(Step::Close),
        1 => Just(Step::SetStatus(Status::Closed)),
        2 => Just(Step::Stay),
        2 => any::<bool>().prop_map(Step::SetPassword),
        9 => (0..3u8).prop_map(|right| Step::LogIn(right == 0)),
    ];
    proptest::collection::vec((0..SITES.len(), step), 1..150)
}

/// What was seen on the way.
#[derive(Default)]
struct Seen {
    reached: BTreeSet<String>,
    left: BTreeSet<String>,
    refusals: BTreeSet<String>,
}

/// Plays a sequence on both; they must agree after every step.
fn play(sequence: &[(usize, Step)], seen: &mut Seen) {
    let lab = Lab::with_scenario("accounts: []");
    let world = lab.world();
    let start = Timestamp::parse(START).unwrap();
    world.clock.set(Clocks { resource: Run::Frozen(start), gateway: Run::Frozen(start) });
    let registered = world.commit(start, By::OURSELVES, |tx| {
        // Two of three accounts use an identity up.
        tx.set_rules(AccountRules { accounts_per_identity: 2, ..AccountRules::default() });
        let register = |(index, site): (usize, Site)| {
            let name = LoginName::parse(&format!("walker{index}")).unwrap();
            Ok::<_, Refusal>(tx.register(None, Profile::new(site, name))?.uid)
        };
        SITES.into_iter().enumerate().map(register).collect::<Result<Vec<_>, _>>()
    });
    let real = Real { world, uids: registered.unwrap().0 };
    let mut model = Model::new(&SITES);

    for (index, (who, step)) in sequence.iter().enumerate() {
        let place = || format!("step {index}, {step:?} of {who}, of {sequence:#?}");
        let before: Vec<_> = (0..SITES.len()).map(|who| states(&real, who)).collect();
        let expected = model.step(*who, step);
        let done = real.step(*who, step, model.now);
        assert_eq!(done, expected, "{}", place());
        if let Err(refusal) = done {
            seen.refusals.insert(format!("{refusal:?}"));
        }
        for (other, before) in before.into_iter().enumerate() {
            let modelled = &model.accounts[other];
            real.account(other, |account| {
                let standing = account.standing();
                assert_eq!(standing.status(), modelled.status(), "{}", place());
                assert_eq!(standing.balance_cents(), modelled.balance(), "{}", place());
                let holds: BTreeSet<_> = standing.holds().iter().map(|hold| hold.to_string()).collect();
                assert_eq!(holds, modelled.holds(), "{}", place());
                assert_eq!(account.real_name.status(), modelled.real_name(), "{}", place());
                let subject = account.real_name.identity().map(|one| one.subject);
                assert_eq!(subject, modelled.verified_as(), "{}", place());
                let state = world.state();
                let logins = state.registry.logins.values().filter(|login| login.uid == account.uid).count();
                assert_eq!(logins, modelled.logins.len(), "{}", place());
                assert_nothing_forbidden(account, subject, &before.0, before.1, &place);
            });
            let after = states(&real, other);
            seen.left.extend(before.0.difference(&after.0).cloned());
            seen.reached.extend(after.0);
        }
    }
}

/// The states an account is in, and what it is verified as.
fn states(real: &Real<'_>, who: usize) -> (BTreeSet<String>, Option<Subject>) {
    real.account(who, |account| {
        let states = [account.status().to_string(), account.real_name.status().to_string()];
        (states.into(), account.real_name.identity().map(|one| one.subject))
    })
}

/// What may never be.
fn assert_nothing_forbidden(
    account: &Account,
    subject: Option<Subject>,
    before: &BTreeSet<String>,
    was: Option<Subject>,
    place: &impl Fn() -> String,
) {
    let standing = account.standing();
    assert_eq!(standing.arrears().is_some(), standing.available_cents() < 0, "{}", place());
    let is_closed = standing.is_closed();
    assert!(is_closed || !before.contains("CLOSED"), "a closed account is open again: {}", place());
    let is_verified =
        matches!(account.real_name.status(), RealNameStatus::Verified | RealNameStatus::NeedsUpdate);
    assert!(!is_verified || subject.is_some(), "verified as nobody: {}", place());
    let went_back = (was, subject) == (Some(Subject::Enterprise), Some(Subject::Personal));
    assert!(!went_back || account.profile.site == Site::China, "an enterprise became a person: {}", place());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_model_agrees_after_any_sequence_of_steps(sequence in steps()) {
        play(&sequence, &mut Seen::default());
    }
}

#[test]
fn every_state_is_reached_and_left_and_every_rule_refuses_sometimes() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::default();
    for _ in 0..500 {
        let sequence = steps().new_tree(&mut runner).unwrap().current();
        play(&sequence, &mut seen);
    }

    let standing =
        ["NORMAL", "LOGIN_FROZEN", "DISABLED", "RISK_CONTROLLED", "ARREARS", "ARREARS_SHUTDOWN", "CLOSING"];
    let real_name = ["NOT_VERIFIED", "UNDER_REVIEW", "VERIFIED", "REJECTED", "NEEDS_UPDATE"];
    let left: BTreeSet<_> = standing.iter().chain(&real_name).map(|name| (*name).to_owned()).collect();
    assert_eq!(seen.left, left);
    let mut reached = left;
    reached.insert("CLOSED".into());
    assert_eq!(seen.reached, reached);
    let refusals: Vec<_> = seen.refusals.iter().map(String::as_str).collect();
    assert_eq!(
        refusals,
        [
            "AccountClosed",
            "AlreadyVerified",
            "BadCredentials",
            "ChangeLocked",
            "Closing",
            "ClosingBlocked",
            "IdentityUsedUp",
            "Irreversible",
            "LoginFrozen",
            "LoginLocked",
            "LoginOfClosed",
            "MethodNotOffered",
            "NoAmount",
            "NoKycAsked",
            "NoSuchInstance",
            "NoTransfer",
            "NotClosing",
            "NotEnoughBalance",
            "NotUnderReview",
            "NotVerified",
            "RootPasswordTooWeak",
            "UnderReview",
        ]
    );
}
