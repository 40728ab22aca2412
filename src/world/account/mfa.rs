//! Virtual MFA devices and their codes (TOTP, RFC 6238: HMAC-SHA1, 30 seconds, 6 digits).

use crate::text::{Flaw, MfaName, Scalar, Timestamp, Uid, written::written};
use crate::world::account::Account;
use crate::world::refusal::Refusal;
use crate::world::register::{Named, Slot};
use crate::world::settings::Quotas;
use compact_str::CompactString;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, Serializer};
use sha1::Sha1;

/// Lifetime of a code.
const STEP_MILLIS: i64 = 30_000;
/// Number of steps that a code may be early or late.
///
/// UNCERTAIN: no page says; RFC 6238 section 6 suggests two steps for clock drift.
const DRIFT: i64 = 2;

/// A virtual MFA device.
#[derive(Debug, Clone)]
pub struct MfaDevice {
    /// Device name.
    pub name: MfaName,
    /// Key that codes are generated from.
    pub seed: Seed,
    /// User that the device is bound to, and time of binding.
    pub bound: Option<(Slot, Timestamp)>,
}

impl Named for MfaDevice {
    fn folded_name(&self) -> CompactString {
        self.name.folded()
    }
}

/// Key of a device. `Debug` hides it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub [u8; 40]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(..)")
    }
}

impl Scalar for Seed {
    fn parse(text: &str) -> Result<Self, Flaw> {
        Self::from_base32(text).ok_or(Flaw::Format)
    }
}

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.base32())
    }
}

written! {
    Seed: "seed", "GEZDGNBVGY3TQOJQ", "a seed in Base32: 16 to 64 of the letters A to Z and the digits 2 to 7, with or without `=` at the end";
}

impl Seed {
    /// Returns the seed in Base32 without padding (64 characters), as apps expect it.
    pub fn base32(&self) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let letters = |five: &[u8]| {
            let bits = five.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
            (0..8).map(move |at| ALPHABET[(bits >> (35 - 5 * at) & 31) as usize] as char)
        };
        self.0.chunks(5).flat_map(letters).collect()
    }

    /// Parses Base32, in any case, with or without `=` padding. A seed shorter than 40 bytes is
    /// filled up with zeros. The codes stay the same because HMAC pads keys with zeros.
    pub fn from_base32(text: &str) -> Option<Self> {
        let text = text.trim_end_matches('=');
        let mut seed = [0; 40];
        let (mut bits, mut kept, mut length) = (0u32, 0, 0);
        for letter in text.bytes() {
            let value = match letter.to_ascii_uppercase() {
                letter @ b'A'..=b'Z' => letter - b'A',
                digit @ b'2'..=b'7' => digit - b'2' + 26,
                _ => return None,
            };
            bits = bits << 5 | u32::from(value);
            kept += 5;
            if kept >= 8 {
                kept -= 8;
                *seed.get_mut(length)? = u8::try_from(bits >> kept & 0xff).ok()?;
                length += 1;
            }
        }
        (length >= 10).then_some(Self(seed))
    }

    /// Reads a code: six digits.
    pub fn code_of(text: &str) -> Option<u32> {
        let is_code = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_code)
    }

    /// Returns the code at a time.
    pub fn code(&self, at: Timestamp) -> u32 {
        self.code_of_step(at.as_millis().div_euclid(STEP_MILLIS))
    }

    fn code_of_step(&self, step: i64) -> u32 {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let from = usize::from(hash[19] & 15);
        let word = hash[from..from + 4].iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        (word & 0x7fff_ffff) % 1_000_000
    }

    /// Returns `true` if `code` is valid about `now`.
    pub fn admits_one(&self, code: u32, now: Timestamp) -> bool {
        let step = now.as_millis().div_euclid(STEP_MILLIS);
        (step - DRIFT..=step + DRIFT).any(|step| self.code_of_step(step) == code)
    }

    /// Returns `true` if the codes are consecutive and the second is valid about `now`.
    pub fn admits(&self, first: u32, second: u32, now: Timestamp) -> bool {
        let step = now.as_millis().div_euclid(STEP_MILLIS);
        (step - DRIFT..=step + DRIFT)
            .any(|step| self.code_of_step(step) == second && self.code_of_step(step - 1) == first)
    }
}

impl MfaDevice {
    /// Returns the serial number, which is an ARN.
    pub fn serial_number(&self, uid: Uid) -> String {
        format!("acs:ram::{uid}:mfa/{}", self.name)
    }

    /// Returns the URI that an app reads as a QR code.
    pub fn uri(&self, uid: Uid) -> String {
        format!("otpauth://totp/{}@{uid}?secret={}&issuer=Aliyun", self.name, self.seed.base32())
    }
}

impl Account {
    /// Returns the slot of the device with this serial number.
    pub fn device_slot(&self, serial: &str) -> Result<Slot, Refusal> {
        let name =
            serial.strip_prefix(&format!("acs:ram::{}:mfa/", self.uid)).ok_or(Refusal::NoSuchMfaDevice)?;
        self.devices.find(&name.to_ascii_lowercase()).ok_or(Refusal::NoSuchMfaDevice)
    }

    /// Adds a device.
    pub fn add_device(&mut self, device: MfaDevice, quotas: &Quotas) -> Result<Slot, Refusal> {
        if self.devices.len() >= quotas.mfa_devices && self.devices.find(&device.folded_name()).is_none() {
            return Err(Refusal::TooManyMfaDevices);
        }
        self.devices.add(device).map_err(|_| Refusal::MfaDeviceExists)
    }

    /// Deletes a device that is not bound.
    pub fn remove_device(&mut self, slot: Slot) -> Result<(), Refusal> {
        if self.devices.get(slot).is_some_and(|device| device.bound.is_some()) {
            return Err(Refusal::MfaDeviceIsBound);
        }
        self.devices.remove(slot);
        Ok(())
    }

    /// Binds a device to a user, who proves possession with two consecutive codes.
    pub fn bind_device(
        &mut self,
        user: Slot,
        device: Slot,
        [first, second]: [u32; 2],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if self.device_of(user).is_some() {
            return Err(Refusal::UserHasMfaDevice);
        }
        let found = self.devices.get_mut(device).ok_or(Refusal::NoSuchMfaDevice)?;
        if found.bound.is_some() {
            return Err(Refusal::MfaDeviceOfAnother);
        }
        if !found.seed.admits(first, second, now) {
            return Err(Refusal::WrongMfaCodes);
        }
        found.bound = Some((user, now));
        self.bound_devices.insert(user, device);
        Ok(())
    }

    /// Unbinds the device of a user; the device remains.
    pub fn unbind_device(&mut self, user: Slot) -> Result<&MfaDevice, Refusal> {
        let device = self.bound_devices.remove(&user).ok_or(Refusal::NoMfaDeviceBound)?;
        let device = self.devices.get_mut(device).ok_or(Refusal::NoSuchMfaDevice)?;
        device.bound = None;
        Ok(device)
    }

    /// Unbinds the device of a user, and deletes it.
    pub fn drop_device(&mut self, user: Slot) -> Result<(), Refusal> {
        let slot = *self.bound_devices.get(&user).ok_or(Refusal::NoMfaDeviceBound)?;
        self.unbind_device(user)?;
        self.remove_device(slot)
    }

    /// Returns the device in `slot`.
    pub fn device(&self, slot: Slot) -> Result<&MfaDevice, Refusal> {
        self.devices.get(slot).map(|device| &**device).ok_or(Refusal::NoSuchMfaDevice)
    }

    /// Returns the device of a user; fails without one.
    pub fn device_of_user(&self, user: Slot) -> Result<&MfaDevice, Refusal> {
        self.device_of(user).ok_or(Refusal::NoMfaDeviceBound)
    }

    /// Iterates over the users that have a device.
    pub fn bound_devices(&self) -> impl Iterator<Item = Slot> {
        self.bound_devices.keys().copied()
    }

    /// Returns the device of a user, if any.
    pub fn device_of(&self, user: Slot) -> Option<&MfaDevice> {
        self.bound_devices.get(&user).and_then(|device| self.devices.get(*device)).map(|device| &**device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> Seed {
        let mut bytes = [0; 40];
        bytes.iter_mut().zip(b"12345678901234567890".iter().cycle()).for_each(|(to, from)| *to = *from);
        Seed(bytes)
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B has a 20-byte key. HMAC pads short keys with zeros, so zeros after it change nothing.
        let mut bytes = [0; 40];
        bytes[..20].copy_from_slice(b"12345678901234567890");
        let seed = Seed(bytes);
        for (second, code) in [(59, 287_082), (1_111_111_109, 81_804), (20_000_000_000, 353_130)] {
            assert_eq!(seed.code(Timestamp::from_millis(second * 1000)), code);
        }
    }

    #[test]
    fn a_seed_is_shown_in_base32() {
        assert_eq!(&seed().base32()[..32], "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn a_seed_is_read_from_base32_and_a_short_one_gives_the_codes_of_rfc_6238() {
        assert_eq!(Seed::from_base32(&seed().base32()), Some(seed()));
        let short = Seed::from_base32("gezdgnbvgy3tqojqgezdgnbvgy3tqojq").unwrap();
        assert_eq!(short.code(Timestamp::from_millis(59_000)), 287_082);
        assert!(Seed::from_base32("GEZDGNBVGY3TQOJQ====").is_some());
        for bad in ["", "GEZDGNBV", "GEZDGNBVGY3TQOJ1", "GEZDGNBVGY 3TQOJQ", &"A".repeat(66)] {
            assert_eq!(Seed::from_base32(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_codes_that_follow_each_other_about_now_are_good() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let code = |steps: i64| seed().code(now.plus_millis(steps * STEP_MILLIS));
        assert!(seed().admits(code(-1), code(0), now) && seed().admits(code(-3), code(-2), now));
        assert!(!seed().admits(code(0), code(0), now) && !seed().admits(code(0), code(-1), now));
        assert!(!seed().admits(code(-2), code(0), now) && !seed().admits(code(-9), code(-8), now));
    }
}
