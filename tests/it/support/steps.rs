//! Calls written as data: the vocabulary that `codes/*.yaml` and `walks/*.yaml` share.
//!
//! A step is one of
//!
//! ```yaml
//! - [CreateUser, {UserName: alice}]            # root calls RAM, and must succeed
//! - [ChangePassword, {OldPassword: a, NewPassword: b}, user/alice]   # somebody else does
//! - [Ims.ListAccessKeys, {UserPrincipalName: "alice@${uid}.onaliyun.com"}]   # another product
//! - {refused: [ListUsers, {}, user/alice]}     # must be refused
//! - {wait: 4s}                                 # the resource clock goes on
//! - {do: {pay: {account: demo, amount: 5}}}   # a command, as in a timeline
//! - {confirm: "${account-crm.AsyncCreateAgAccount.TraceNo}"}   # the owner of a mailbox confirms
//! ```
//!
//! Who calls is `root`, `user/alice`, `role/deploy` (a session of it), each in another account as `other:root`, or `nobody`,
//! who does not sign. A value that is a list or mapping is sent as JSON. In texts `${...}` stands for
//!
//! * `${uid}`, `${uid:other}`: the UID of the account, or of another;
//! * `${letters:65}`: that many letters;
//! * `${instance:CreateResourceAccount.Account.AccountId}`: the last instance of the account that an answer names;
//! * `${code:86-13900001111}`: the last code that was sent there;
//! * `${CreateAccessKey.AccessKey.AccessKeyId}`: a field of the last answer to that action;
//! * `${totp:CreateVirtualMFADevice.VirtualMFADevice.Base32StringSeed:-1}`: what a device of that seed shows, here one step of
//!   30 seconds ago.
//!
//! `{$token: {sub: me}}` is a token of the built-in identity provider, `{$response: {sessionName: me}}` a SAML response; see
//! [`proofs`].

use crate::support::{Actor, CLIENT, Lab, Reply, proofs, sign, xml};
use alimock::services::{self, Product};
use alimock::text::{Scalar, UserName, parse_duration};
use alimock::world::account::{Owner, Place};
use alimock::world::{By, Command, NewSession, Refusal};
use hmac::{Hmac, KeyInit, Mac};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use jiff::SignedDuration;
use serde_json::{Map, Value};
use sha1::Sha1;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The account that calls when a step does not name another.
const HOME: &str = "demo";

/// One call, as it is written.
#[derive(Clone)]
pub struct Call {
    /// Its name in the file, `CreateUser` or `Ims.CreateAccessKey`.
    pub name: String,
    pub product: &'static Product,
    pub action: String,
    pub params: Map<String, Value>,
    pub by: String,
    /// Sent with a body of this kind.
    pub content_type: Option<String>,
}

/// One step, as it is written.
#[derive(Clone)]
pub enum Step {
    Call(Call),
    Refused(Call),
    Wait(SignedDuration),
    Confirm(String),
    Do(Value),
}

impl Call {
    /// A call of `name` by `by`.
    pub fn new(name: &str, params: Map<String, Value>, by: &str) -> Result<Self, String> {
        let (code, action) = name.split_once('.').unwrap_or(("Ram", name));
        let product = services::products().iter().find(|product| product.code == code);
        let product = product.filter(|product| product.running().any(|one| one == action));
        let product = product.ok_or_else(|| format!("there is no action `{name}`"))?;
        let (name, action, by) = (name.to_owned(), action.to_owned(), by.to_owned());
        Ok(Self { name, product, action, params, by, content_type: None })
    }

    fn read(value: &Value) -> Result<Self, String> {
        let wrong = || format!("`{value}` is no `[Action, {{Param: value}}, caller]`");
        let parts = value.as_array().filter(|parts| (1..=3).contains(&parts.len())).ok_or_else(wrong)?;
        let name = parts[0].as_str().ok_or_else(wrong)?;
        let params = match parts.get(1) {
            None => Map::new(),
            Some(params) => params.as_object().ok_or_else(wrong)?.clone(),
        };
        let by = parts.get(2).map_or(Some("root"), Value::as_str).ok_or_else(wrong)?;
        Self::new(name, params, by)
    }

    /// `Ram.CreateUser`.
    pub fn operation(&self) -> String {
        format!("{}.{}", self.product.code, self.action)
    }
}

impl Step {
    pub fn read(value: &Value) -> Result<Self, String> {
        let Some(words) = value.as_object() else { return Call::read(value).map(Self::Call) };
        match words.iter().next() {
            Some((word, call)) if word == "refused" && words.len() == 1 => {
                Call::read(call).map(Self::Refused)
            }
            Some((word, Value::String(span))) if word == "wait" && words.len() == 1 => {
                parse_duration(span).map(Self::Wait).map_err(|_| format!("`{span}` is not a span such as 4s"))
            }
            Some((word, Value::String(number))) if word == "confirm" && words.len() == 1 => {
                Ok(Self::Confirm(number.clone()))
            }
            Some((word, command)) if word == "do" && words.len() == 1 => Ok(Self::Do(command.clone())),
            _ => Err(format!("`{value}` is neither a call, `refused`, `wait`, `do` nor `confirm`")),
        }
    }
}

/// A lab in which steps are carried out.
pub struct Play {
    pub lab: Arc<Lab>,
    /// Whether calls ask for XML.
    pub xml: bool,
    /// Last answer of each action, by its name in the file.
    answers: BTreeMap<String, Value>,
    actors: BTreeMap<String, Actor>,
}

impl Play {
    pub fn new(lab: Arc<Lab>) -> Self {
        Self { lab, xml: false, answers: BTreeMap::new(), actors: BTreeMap::new() }
    }

    /// Carries a step out, and gives its call with the answer, when it is one.
    pub fn step(&mut self, step: &Step) -> Result<Option<(Call, Reply)>, String> {
        let (call, refused) = match step {
            Step::Wait(span) => {
                let world = self.lab.world();
                world.clock.advance(*span);
                world.settle(world.clock.now().resource);
                return Ok(None);
            }
            Step::Confirm(number) => {
                let (number, world) = (self.filled_in(number)?, self.lab.world());
                let now = world.clock.now().resource;
                let done = world.commit(now, By::OURSELVES, |tx| tx.confirm_trace(&number));
                return done.map(|_| None).map_err(|refusal: Refusal| format!("{number}: {refusal}"));
            }
            Step::Do(command) => {
                let (command, world) = (self.filled_in(&command.to_string())?, self.lab.world());
                let command: Command = serde_json::from_str(&command).map_err(|error| error.to_string())?;
                let done = world.commit(world.clock.now().resource, By::OURSELVES, |tx| command.run(tx));
                return done.map(|_| None).map_err(|error| format!("{command:?}: {error}"));
            }
            Step::Call(call) => (call, false),
            Step::Refused(call) => (call, true),
        };
        let reply = self.send(call)?;
        let body = if self.xml { xml::to_json(&reply.body) } else { reply.json() };
        // Some products tell in the body that they refuse.
        let is_refusal = reply.status != 200 || body["Success"] == false || body["Success"] == "false";
        if is_refusal != refused {
            return Err(format!("{}: {} {}", call.name, reply.status, reply.body));
        }
        self.answers.insert(call.name.clone(), body);
        Ok(Some((call.clone(), reply)))
    }

    /// Gives the caller a credential, when it has none.
    pub fn prepare(&mut self, call: &Call) -> Result<(), String> {
        if call.by == "nobody" { Ok(()) } else { self.actor(&call.by).map(drop) }
    }

    /// Sends a call, whatever becomes of it.
    pub fn send(&mut self, call: &Call) -> Result<Reply, String> {
        self.send_without(call, None)
    }

    /// Sends a call without one of its parameters.
    pub fn send_without(&mut self, call: &Call, left_out: Option<&str>) -> Result<Reply, String> {
        let params = call.params.iter().filter(|(name, _)| left_out != Some(name.as_str()));
        let params = params
            .map(|(name, value)| Ok((name.as_str(), self.text(value)?)))
            .collect::<Result<Vec<_>, String>>()?;
        let params: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let version = call.product.versions[0];
        let mut request = if call.by == "nobody" {
            sign::unsigned(version, &call.action, &params, self.xml)
        } else {
            let actor = Actor { xml: self.xml, ..self.actor(&call.by)? };
            actor.request(version, &call.action, &params)
        };
        if let Some(kind) = &call.content_type {
            *request.method_mut() = Method::POST;
            *request.body_mut() = "a body".into();
            let kind = HeaderValue::from_str(kind).map_err(|error| error.to_string())?;
            request.headers_mut().insert(CONTENT_TYPE, kind);
        }
        Ok(Reply::of(self.lab.gateway.handle(&request, CLIENT)))
    }

    /// A value as it is sent.
    pub fn text(&self, value: &Value) -> Result<String, String> {
        match value {
            Value::String(text) => self.filled_in(text),
            Value::Object(fields) if fields.keys().any(|name| name.starts_with('$')) => {
                let made = proofs::make_proof(fields, self.lab.world().clock.now().resource);
                made.unwrap_or_else(|| Err(format!("`{value}` stands for nothing")))
            }
            Value::Array(_) | Value::Object(_) => self.filled_in(&value.to_string()),
            other => Ok(other.to_string()),
        }
    }

    /// A text with everything in the place of what stands for it.
    pub fn filled_in(&self, text: &str) -> Result<String, String> {
        let Some((before, rest)) = text.split_once("${") else { return Ok(text.to_owned()) };
        let (word, after) = rest.split_once('}').ok_or_else(|| format!("`{text}`: a `}}` is missing"))?;
        Ok(format!("{before}{}{}", self.word(word)?, self.filled_in(after)?))
    }

    fn word(&self, word: &str) -> Result<String, String> {
        let parts: Vec<_> = word.split(':').collect();
        match parts[..] {
            ["uid"] => Ok(self.lab.uid(HOME)),
            ["uid", account] => Ok(self.lab.uid(account)),
            ["letters", count] => {
                count.parse().map(|count| "x".repeat(count)).map_err(|_| format!("`{count}` is no number"))
            }
            ["instance", path] => self.instance(path),
            ["code", to] => {
                let sent =
                    self.lab.world().state().registry.outbox.latest_code(to).and_then(|one| one.code.clone());
                sent.map(Into::into).ok_or_else(|| format!("no code was sent to {to}"))
            }
            ["totp", seed] => self.code(seed, 0),
            ["totp", seed, steps] => {
                self.code(seed, steps.parse().map_err(|_| format!("`{steps}` is no number"))?)
            }
            [path] => self.field(path),
            _ => Err(format!("`${{{word}}}` stands for nothing")),
        }
    }

    /// The last instance of the account that a field of an earlier answer names.
    fn instance(&self, path: &str) -> Result<String, String> {
        let uid = self.field(path)?;
        let state = self.lab.world().state();
        let account = state.account(super::uid(&uid)).map_err(|refusal| refusal.to_string())?;
        account.instances.last().map(|one| one.id.to_string()).ok_or_else(|| format!("{uid} has no instance"))
    }

    /// A field of an earlier answer.
    fn field(&self, path: &str) -> Result<String, String> {
        let found = self.answers.iter().find_map(|(name, answer)| {
            let fields = path.strip_prefix(name.as_str())?.strip_prefix('.')?;
            fields.split('.').try_fold(answer, |value, field| match field.parse::<usize>() {
                Ok(index) => value.get(index),
                Err(_) => value.get(field),
            })
        });
        let found = found.and_then(Value::as_str).map(str::to_owned);
        found.ok_or_else(|| format!("no answer holds `{path}`"))
    }

    fn code(&self, seed: &str, steps: i64) -> Result<String, String> {
        Ok(totp(&self.field(seed)?, self.lab.world().clock.now().resource.as_millis() / 1000 + 30 * steps))
    }

    /// Somebody who signs. A user or role without a credential gets one, straight into the world.
    fn actor(&mut self, who: &str) -> Result<Actor, String> {
        if let Some(actor) = self.actors.get(who) {
            return Ok(actor.clone());
        }
        let (account, name) = who.split_once(':').unwrap_or((HOME, who));
        let actor = match name.split_once('/') {
            None if name == "root" => Some(self.lab.root(account)),
            Some(("user", user)) => self.user(account, user),
            Some(("role", role)) => self.session(account, role),
            _ => None,
        };
        let actor = actor.ok_or_else(|| format!("`{who}` cannot call"))?;
        self.actors.insert(who.to_owned(), actor.clone());
        Ok(actor)
    }

    fn user(&self, account: &str, user: &str) -> Option<Actor> {
        let state = self.lab.world().state();
        let account = state.accounts.values().find(|one| one.label == account)?;
        let slot = account.user_slot(&UserName::parse(user).ok()?).ok()?;
        if let Some(key) = account.user(slot).ok()?.keys.iter().next() {
            return Some(self.lab.actor(key.id.as_str(), key.material.secret()));
        }
        let place = Place { uid: account.uid, owner: Owner::User(slot) };
        let now = self.lab.world().clock.now().resource;
        let made = self.lab.world().commit(now, By::OURSELVES, |tx| tx.add_key(place, (None, None)));
        let (key, _) = made.ok()?;
        Some(self.lab.actor(key.id.as_str(), key.material.secret()))
    }

    fn session(&self, account: &str, role: &str) -> Option<Actor> {
        let world = self.lab.world();
        let state = world.state();
        let account = state.accounts.values().find(|one| one.label == account)?;
        let (slot, _) = account.roles.iter().find(|(_, one)| one.name.as_str() == role)?;
        let now = world.clock.now().resource;
        let new = NewSession {
            name: "session".into(),
            policy: None,
            source_identity: None,
            returned_expiry: now.plus(SignedDuration::from_hours(1)),
            enforced_expiry: None,
            id: None,
            secret: None,
            token: None,
        };
        let (session, _) =
            world.commit(now, By::OURSELVES, |tx| tx.add_session(account.uid, slot, new)).ok()?;
        let actor = self.lab.actor(session.id.as_str(), session.material.secret());
        Some(actor.with_token(session.token.reveal()))
    }
}

/// What a device shows: RFC 6238 with HMAC-SHA1, 30 seconds, 6 digits, from a key in Base32. Written from the RFC.
pub fn totp(base32: &str, second: i64) -> String {
    let mut bits = 0u64;
    let (mut held, mut key) = (0, Vec::new());
    for letter in base32.bytes() {
        let five = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => panic!("`{base32}` is not Base32"),
        };
        (bits, held) = (bits << 5 | u64::from(five), held + 5);
        if held >= 8 {
            held -= 8;
            key.push(u8::try_from(bits >> held & 255).expect("eight bits"));
        }
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(&second.div_euclid(30).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let word = u32::from_be_bytes(hash[at..at + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}
