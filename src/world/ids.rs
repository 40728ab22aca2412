//! Ids and secrets: pure functions of (seed, kind, owner, counter), in the forms of the real ones.
//!
//! The state holds the counters: a rejected operation uses none; replays give the same ids. Request ids have a separate
//! stream. Forms: docs/evidence/ram.md section 2, docs/evidence/sts.md section 2, docs/evidence/gateway.md 5.3 and 5.4.

use crate::text::{AccessKeyId, Scalar, SecretText, Site, Timestamp, Uid, WorldName};
use crate::world::register::Slot;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use compact_str::CompactString;
use hmac::{Hmac, KeyInit, Mac};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Purpose of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdKind {
    /// UID of an account.
    Account,
    /// Id of a RAM user.
    User,
    /// Id of a role.
    Role,
    /// A long-term key and its secret.
    Key,
    /// A temporary credential.
    Session,
    /// A real-name application.
    Application,
    /// A group.
    Group,
    /// Seed of an MFA device.
    Device,
    /// A deletion task.
    Task,
    /// A verification code.
    Captcha,
    /// A console log-in.
    Login,
    /// A verification link.
    Link,
    /// An order and its instance.
    Order,
    /// Relation of an account to its partner.
    Relation,
    /// A request that needs confirmation.
    Trace,
    /// A project.
    Project,
    /// An ECS instance.
    Machine,
    /// A service credential.
    ServiceCredential,
    /// An OAuth application.
    OAuthApp,
    /// A secret of an OAuth application.
    AppSecret,
    /// A resource directory and what it holds.
    Directory,
    /// A resource group.
    ResourceGroup,
    /// A rule that moves resources, or a content of one.
    Rule,
}

/// Numbers of ids issued to an owner, by kind.
#[derive(Debug, Clone, Default)]
// The last kind is the largest.
pub struct Counters([u32; IdKind::Rule as usize + 1]);

impl Counters {
    /// Returns the next number of `kind`.
    pub fn next(&mut self, kind: IdKind) -> u32 {
        let counter = &mut self.0[kind as usize];
        *counter += 1;
        *counter
    }
}

/// Identifies the world in generated key ids: the first characters after the prefix. The gateway
/// finds the world by the key of the request, without an index over all worlds.
pub type Tag = [u8; 6];

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const KEY_PREFIX: &str = "LTAI5t";
const SESSION_PREFIX: &str = "STS.N";
/// Number of slots that an id of a user can hide, and the factors that hide and show one.
const SLOTS: u128 = 10_000_000_000;
const HIDES: u128 = 7_368_787_331;
// Invariant: `HIDES * SHOWS % SLOTS` is 1.
const SHOWS: u128 = 4_485_814_571;
/// `CAIS` in Base64, and what follows it in the samples. Source: docs/evidence/sts.md section 2.
const TOKEN_START: &[u8] = &[0x08, 0x02, 0x12, 0x86, 0x02];

/// Contents of a session token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeToken {
    /// AccessKeyId of the token.
    pub key: AccessKeyId,
    /// Enforced expiry.
    pub expiry: Timestamp,
}

/// Id generator of one world.
#[derive(Debug, Clone)]
pub struct Ids {
    seed: [u8; 32],
    tag: Tag,
    /// Seeds of the worlds that this one was forked from: their tokens are valid here, too.
    lineage: Arc<[[u8; 32]]>,
}

impl Ids {
    /// Creates the generator of world `name` on a server with `seed`. `attempt` avoids tag collisions between worlds.
    pub fn new(seed: u64, name: &WorldName, attempt: u32) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update(attempt.to_le_bytes());
        hash.update(name.as_str());
        let seed: [u8; 32] = hash.finalize().into();
        let mut made = Self { seed, tag: [0; 6], lineage: Arc::new([]) };
        let text = letters(&mut ChaCha8Rng::from_seed(seed), made.tag.len());
        made.tag.copy_from_slice(text.as_bytes());
        made
    }

    /// Returns the generator for a fork of `parent`.
    #[must_use]
    pub fn heir_of(self, parent: &Self) -> Self {
        let lineage = parent.lineage.iter().chain([&parent.seed]).copied().collect();
        Self { lineage, ..self }
    }

    /// Returns the tag in key ids of this world.
    pub fn tag(&self) -> Tag {
        self.tag
    }

    /// Returns the tag in a key id, if it has the form of a generated one.
    pub fn tag_of(key: &str) -> Option<Tag> {
        let rest = key.strip_prefix(KEY_PREFIX).or_else(|| key.strip_prefix(SESSION_PREFIX))?;
        rest.as_bytes().get(..6)?.try_into().ok()
    }

    fn draw(&self, kind: IdKind, owner: u64, counter: u32) -> ChaCha8Rng {
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update([kind as u8]);
        hash.update(owner.to_le_bytes());
        hash.update(counter.to_le_bytes());
        ChaCha8Rng::from_seed(hash.finalize().into())
    }

    /// UID of an account: 16 digits, of which the first tells the site. Source: docs/evidence/account.md 1.3.
    pub fn account(&self, site: Site, counter: u32) -> Uid {
        let first = match site {
            Site::China => 1,
            Site::International => 5,
        };
        Uid(first * 10u64.pow(15) + self.draw(IdKind::Account, 0, counter).random_range(0..10u64.pow(15)))
    }

    /// Id of the RAM user in `slot`: 18 digits starting with 2. The last ten digits hide the slot, so a user is found by its id
    /// without an index.
    pub fn user(&self, owner: Uid, slot: Slot) -> u64 {
        let drawn = self.draw(IdKind::User, owner.0, slot.0).random_range(0..10u64.pow(7));
        let hidden = (u128::from(slot.0) + u128::from(owner.0)) * HIDES % SLOTS;
        2 * 10u64.pow(17)
            + drawn * 10u64.pow(10)
            + u64::try_from(hidden).expect("a remainder of ten digits is small")
    }

    /// Returns the slot in an id of a RAM user of `owner`. Any number gives a slot: the caller compares the id of its user.
    pub fn slot_of_user(owner: Uid, id: u64) -> Option<Slot> {
        let sum = u128::from(id) % SLOTS * SHOWS % SLOTS;
        let slot = (sum + SLOTS - u128::from(owner.0) % SLOTS) % SLOTS;
        u32::try_from(slot).ok().map(Slot)
    }

    /// Id of a role: 18 digits starting with 3.
    pub fn role(&self, owner: Uid, counter: u32) -> u64 {
        3 * 10u64.pow(17) + self.draw(IdKind::Role, owner.0, counter).random_range(0..10u64.pow(17))
    }

    /// Id (24 characters) and secret (30) of a long-term key.
    pub fn key(&self, owner: Uid, counter: u32) -> (AccessKeyId, SecretText) {
        let mut draw = self.draw(IdKind::Key, owner.0, counter);
        (self.tagged(KEY_PREFIX, &mut draw, 12), SecretText::new(letters(&mut draw, 30)))
    }

    /// Id (29 characters) and secret (44) of a temporary credential.
    pub fn session(&self, owner: Uid, counter: u32) -> (AccessKeyId, SecretText) {
        let mut draw = self.draw(IdKind::Session, owner.0, counter);
        (self.tagged(SESSION_PREFIX, &mut draw, 18), SecretText::new(letters(&mut draw, 44)))
    }

    /// Session token: begins with `CAIS` and has some two hundred characters. It contains its key
    /// and expiry, so a truncated or foreign token is recognized. Opaque to clients.
    pub fn token(&self, key: &str, expiry: Timestamp) -> SecretText {
        let mut bytes = TOKEN_START.to_vec();
        bytes.extend(expiry.as_millis().to_be_bytes());
        bytes.extend(key.as_bytes());
        // Real tokens are several hundred characters long.
        let mut filling = Sha256::new_with_prefix(self.seed).chain_update(&bytes).finalize().to_vec();
        filling.extend(Sha256::digest(&filling));
        bytes.extend(filling);
        let seal = seal(&self.seed, &bytes).finalize().into_bytes();
        bytes.extend(seal);
        SecretText::new(STANDARD.encode(bytes))
    }

    /// Reads a token of this world or of one that it was forked from. Returns `None` for any other text.
    pub fn read_token(&self, token: &str) -> Option<MadeToken> {
        let bytes = STANDARD.decode(token).ok()?;
        let (claims, sealed) = bytes.split_last_chunk::<32>()?;
        let mut seeds = self.lineage.iter().chain([&self.seed]);
        seeds.find(|seed| seal(seed, claims).verify_slice(sealed).is_ok())?;
        let (millis, rest) = claims.strip_prefix(TOKEN_START)?.split_first_chunk::<8>()?;
        let (key, _) = rest.split_last_chunk::<64>()?;
        let key = AccessKeyId::parse(std::str::from_utf8(key).ok()?).ok()?;
        Some(MadeToken { key, expiry: Timestamp::from_millis(i64::from_be_bytes(*millis)) })
    }

    /// Creates a metadata token of an instance, valid until `expiry`. UNCERTAIN: the real form; opaque to clients.
    pub fn metadata_token(&self, instance: &str, expiry: Timestamp) -> String {
        let claims = expiry.as_millis().to_be_bytes();
        let seal = metadata_seal(&self.seed, instance, &claims).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([&claims[..], &seal].concat())
    }

    /// Returns the expiry of a metadata token that this world, or one it was forked from, created for an instance.
    pub fn read_metadata_token(&self, instance: &str, token: &str) -> Option<Timestamp> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (claims, sealed) = bytes.split_first_chunk::<8>()?;
        let mut seeds = self.lineage.iter().chain([&self.seed]);
        seeds.find(|seed| metadata_seal(seed, instance, claims).verify_slice(sealed).is_ok())?;
        Some(Timestamp::from_millis(i64::from_be_bytes(*claims)))
    }

    /// Id of a group: `g-` and 16 letters or digits.
    pub fn group(&self, owner: Uid, counter: u32) -> CompactString {
        compact_str::format_compact!("g-{}", letters(&mut self.draw(IdKind::Group, owner.0, counter), 16))
    }

    /// Key of a virtual MFA device.
    pub fn seed(&self, owner: Uid, counter: u32) -> [u8; 40] {
        let mut seed = [0; 40];
        self.draw(IdKind::Device, owner.0, counter).fill(&mut seed);
        seed
    }

    /// Id of a task that deletes a service-linked role. UNCERTAIN: the real form was not seen.
    pub fn task(&self, owner: Uid, counter: u32, service: &str, role: &str) -> CompactString {
        let id =
            uuid::Builder::from_sha1_bytes(self.draw(IdKind::Task, owner.0, counter).random()).into_uuid();
        compact_str::format_compact!("task/{service}/{role}/{id}")
    }

    /// Id of an OAuth application: 19 digits starting with 4. Source: docs/evidence/ims.md 4.12.
    pub fn oauth_app(&self, owner: Uid, counter: u32) -> u64 {
        let digits = 10u64.pow(18);
        4 * digits + self.draw(IdKind::OAuthApp, owner.0, counter).random_range(0..digits)
    }

    /// Id (a UUID) and value (64 characters) of a secret of an OAuth application.
    pub fn app_secret(&self, owner: Uid, counter: u32) -> (CompactString, SecretText) {
        let mut draw = self.draw(IdKind::AppSecret, owner.0, counter);
        let id = uuid::Builder::from_sha1_bytes(draw.random()).into_uuid();
        (compact_str::format_compact!("{id}"), SecretText::new(letters(&mut draw, 64)))
    }

    /// A UUID in upper case, as request ids are.
    pub fn uuid(&self, kind: IdKind, owner: Uid, counter: u32) -> String {
        let id = uuid::Builder::from_sha1_bytes(self.draw(kind, owner.0, counter).random()).into_uuid();
        id.as_hyphenated().to_string().to_uppercase()
    }

    /// Id of a creation or switch of a member by e-mail. Source: docs/evidence/resource-directory.md 4.10.
    pub fn record(&self, owner: Uid, counter: u32) -> CompactString {
        let id = self.draw(IdKind::Trace, owner.0, counter).random();
        compact_str::format_compact!("{}", uuid::Builder::from_sha1_bytes(id).into_uuid())
    }

    /// A number with so many digits, for ids without a fixed form.
    pub fn number(&self, kind: IdKind, owner: Uid, counter: u32, digits: u32) -> u64 {
        let least = 10u64.pow(digits - 1);
        self.draw(kind, owner.0, counter).random_range(least..least * 10)
    }

    /// A prefix and unpredictable lower-case letters and digits.
    pub fn lower(
        &self,
        prefix: &str,
        kind: IdKind,
        owner: Uid,
        counter: u32,
        length: usize,
    ) -> CompactString {
        let mut draw = self.draw(kind, owner.0, counter);
        let mut id = CompactString::from(prefix);
        id.extend((0..length).map(|_| LETTERS[draw.random_range(26..LETTERS.len())] as char));
        id
    }

    /// Unpredictable letters and digits.
    pub fn word(&self, kind: IdKind, owner: Uid, counter: u32, length: usize) -> CompactString {
        letters(&mut self.draw(kind, owner.0, counter), length).into()
    }

    /// Id of a real-name application: a number, as in `ApplicationId`.
    pub fn application(&self, owner: Uid, counter: u32) -> u64 {
        self.draw(IdKind::Application, owner.0, counter).random_range(10_000_000..100_000_000)
    }

    /// Id of a project: a number of six digits, as in DataWorks.
    pub fn project(&self, owner: Uid, counter: u32) -> u64 {
        self.draw(IdKind::Project, owner.0, counter).random_range(100_000..1_000_000)
    }

    fn tagged(&self, prefix: &str, draw: &mut ChaCha8Rng, rest: usize) -> AccessKeyId {
        let tag = std::str::from_utf8(&self.tag).expect("a tag is made of letters and digits");
        AccessKeyId::parse(&format!("{prefix}{tag}{}", letters(draw, rest)))
            .expect("generated ids have the form of one")
    }

    /// Returns the ids of the `number`th request of this world, counted from 1 (stream 0 is for the tag).
    pub fn request(&self, number: u64) -> RequestIds {
        let mut draw = ChaCha8Rng::from_seed(self.seed);
        draw.set_stream(number);
        RequestIds { id: draw.random(), trace: draw.random(), etag: draw.random() }
    }
}

fn seal(seed: &[u8; 32], claims: &[u8]) -> Hmac<Sha256> {
    let mut seal = Hmac::new_from_slice(seed).expect("HMAC takes keys of any length");
    seal.update(claims);
    seal
}

/// The prefix keeps these seals apart from session-token seals.
fn metadata_seal(seed: &[u8; 32], instance: &str, claims: &[u8]) -> Hmac<Sha256> {
    seal(seed, &[b"metadata/", instance.as_bytes(), b"/", claims].concat())
}

fn letters(draw: &mut ChaCha8Rng, len: usize) -> String {
    (0..len).map(|_| LETTERS[draw.random_range(0..LETTERS.len())] as char).collect()
}

/// Ids in one response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestIds {
    id: [u8; 16],
    trace: [u8; 16],
    etag: [u8; 18],
}

impl RequestIds {
    /// `RequestId`: an uppercase UUID whose third group starts with 5, as observed since 2021.
    pub fn request_id(&self) -> String {
        let mut text = uuid::Uuid::encode_buffer();
        uuid::Builder::from_sha1_bytes(self.id).into_uuid().as_hyphenated().encode_upper(&mut text).to_owned()
    }

    /// Returns `true` if `text` is the id of this request.
    pub fn is_request(&self, text: &str) -> bool {
        let ours = uuid::Builder::from_sha1_bytes(self.id).into_uuid();
        let is_long = text.len() == 36 && uuid::Uuid::try_parse(text).is_ok_and(|uuid| uuid == ours);
        is_long || text.len() == 24 && text.eq_ignore_ascii_case(&self.short_request_id())
    }

    /// `x-oss-request-id`, `x-log-requestid` and similar: 24 uppercase hex digits. They begin the `RequestId`.
    pub fn short_request_id(&self) -> String {
        let mut id = self.request_id();
        id.retain(|c| c != '-');
        id.truncate(24);
        id
    }

    /// `x-acs-trace-id`: 32 lowercase hex digits.
    pub fn trace_id(&self) -> String {
        uuid::Uuid::from_bytes(self.trace).as_simple().to_string()
    }

    /// `ETag`: 24 characters of the Base64 alphabet, the last one a digit, unquoted.
    pub fn etag(&self) -> String {
        use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
        let mut text = STANDARD_NO_PAD.encode(self.etag);
        text.pop();
        text.push(char::from(b'0' + self.etag[0] % 10));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(name: &str) -> Ids {
        Ids::new(7, &WorldName::parse(name).unwrap(), 0)
    }

    #[test]
    fn ids_have_the_forms_of_the_real_ones() {
        let ids = ids("w");
        let uid = ids.account(Site::China, 1);
        assert!(uid.to_string().len() == 16 && uid.to_string().starts_with('1'));
        assert!(ids.account(Site::International, 1).to_string().starts_with('5'));
        let user = ids.user(uid, Slot(0)).to_string();
        assert!(user.len() == 18 && user.starts_with('2'));
        let (id, secret) = ids.key(uid, 1);
        assert_eq!((id.as_str().len(), secret.reveal().len()), (24, 30));
        let (id, secret) = ids.session(uid, 1);
        assert_eq!((id.as_str().len(), secret.reveal().len()), (29, 44));
        assert!(ids.token(id.as_str(), Timestamp::from_millis(0)).reveal().starts_with("CAIS"));
        assert!(ids.group(uid, 1).len() == 18 && ids.group(uid, 1).starts_with("g-"));

        let request = ids.request(3);
        let id = request.request_id();
        assert_eq!((id.len(), id.as_bytes()[14], id.to_uppercase()), (36, b'5', id.clone()));
        assert!(
            request.trace_id().len() == 32
                && request.etag().len() == 24
                && request.etag().ends_with(|c: char| c.is_ascii_digit())
        );
    }

    #[test]
    fn an_id_of_a_user_tells_its_slot_to_who_knows_its_account() {
        for uid in [Uid(1), Uid(1_234_567_890_123_456), Uid(9_999_999_999_999_999)] {
            for slot in [0, 1, 2, 999, 4_999, 1_000_000, u32::MAX].map(Slot) {
                assert_eq!(Ids::slot_of_user(uid, ids("w").user(uid, slot)), Some(slot));
            }
        }
        assert_eq!(Ids::slot_of_user(Uid(3), 2), None, "no slot has so large a number");
    }

    #[test]
    fn the_same_seed_gives_the_same_ids_and_another_world_others() {
        let uid = Uid(1);
        assert_eq!(ids("a").key(uid, 1).0, ids("a").key(uid, 1).0);
        assert_ne!(ids("a").key(uid, 1).0, ids("b").key(uid, 1).0);
        assert_ne!(ids("a").key(uid, 1).0, ids("a").key(uid, 2).0);
        assert_ne!(ids("a").request(1), ids("a").request(2));
    }

    #[test]
    fn a_token_tells_its_key_until_one_character_of_it_is_changed() {
        let (ids, key) = (ids("w"), "STS.NabcdefghijklmnopqrstuvwX");
        let token = ids.token(key, Timestamp::from_millis(5000));
        let read = ids.read_token(token.reveal()).unwrap();
        assert_eq!((read.key.as_str(), read.expiry), (key, Timestamp::from_millis(5000)));
        for at in 0..token.reveal().len() {
            let mut other = token.reveal().as_bytes().to_vec();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(ids.read_token(std::str::from_utf8(&other).unwrap()), None, "{at}");
            assert_eq!(ids.read_token(&token.reveal()[..at]), None, "{at}");
        }
        assert_eq!(Ids::new(7, &WorldName::parse("v").unwrap(), 0).read_token(token.reveal()), None);
    }

    #[test]
    fn a_key_id_tells_its_world() {
        let ids = ids("w");
        assert_eq!(Ids::tag_of(ids.key(Uid(1), 1).0.as_str()), Some(ids.tag()));
        assert_eq!(Ids::tag_of(ids.session(Uid(1), 1).0.as_str()), Some(ids.tag()));
        assert_eq!(Ids::tag_of("LTAI"), None);
    }
}
