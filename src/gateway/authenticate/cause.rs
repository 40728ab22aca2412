//! Cause of a wrong signature: a guess for the journal, which tries typical client mistakes.
//!
//! It runs only after a signature was rejected. The client never sees the result. Start with [`explain`].

use crate::error::{Cause, Mismatch, Slip};
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use crate::gateway::authenticate::signing::{OtherWay, Signing, other_case, to_sign};
use crate::gateway::call::Sent;
use crate::gateway::percent::encoded;
use crate::params::Params;
use crate::text::SecretText;
use crate::world::State;
use crate::world::account::{AccessKey, KeyMaterial};
use crate::world::journal::{MASK, is_secret};
use base64::{Engine, engine::general_purpose::STANDARD};

/// Maximum number of keys whose secrets are tried.
const MOST_KEYS: usize = 1000;

/// A signature, and the texts that it should cover.
struct Signature<'a> {
    /// Strings to sign; for v3, canonical requests. The documented one comes first.
    texts: Vec<String>,
    algorithm: Algorithm,
    /// Text before the hash of the canonical request.
    head: Option<String>,
    step: KeyStep<'a>,
    signature: &'a str,
    material: &'a KeyMaterial,
    params: &'a Params,
}

/// Describes what was signed instead, as far as possible.
pub(super) fn explain(
    sent: Sent<'_>,
    algorithm: Algorithm,
    material: &KeyMaterial,
    state: &State,
) -> Mismatch {
    let form = sent.call.form;
    let Signing { texts, head, step, .. } = (form.signing)(sent, algorithm);
    let signature = sent.signed.signature.as_deref().unwrap_or_default();
    let params = &sent.call.params;
    let signature = Signature { texts: texts.collect(), algorithm, head, step, signature, material, params };
    let mut mistakes = (form.mistakes)(sent, algorithm).into_iter().chain([other_case()]);
    mistakes
        .find_map(|(cause, change)| signature.over(cause, change))
        .or_else(|| signature.other_key_step())
        .or_else(|| (form.other_ways)(sent, algorithm).into_iter().find_map(|way| signature.by(way)))
        .or_else(|| signature.changed_secret())
        .or_else(|| signature.other_secret(state))
        .unwrap_or_else(|| Mismatch {
            client: None,
            first_difference: None,
            ..signature.as_is(Slip::Unknown.into())
        })
}

impl Signature<'_> {
    /// Returns `true` if the signature covers `text`, with this key and this way of signing.
    fn fits(&self, text: &str, material: &KeyMaterial, algorithm: Algorithm, step: KeyStep<'_>) -> bool {
        let to_sign = to_sign(self.head.as_deref(), self.algorithm, text);
        algorithm.verifies(material, step, &to_sign, self.signature)
    }

    /// Returns the explanation by a mistake, if it fits.
    fn over(&self, cause: Cause, change: impl Fn(&str) -> String) -> Option<Mismatch> {
        let fits = |text: &&String| self.fits(&change(text), self.material, self.algorithm, self.step);
        let text = self.texts.iter().find(fits)?;
        Some(self.against(cause, &change(text)))
    }

    /// Returns an explanation for a correct text: something else is wrong.
    fn as_is(&self, cause: Cause) -> Mismatch {
        self.against(cause, self.texts.first().map_or("", String::as_str))
    }

    fn against(&self, cause: Cause, client: &str) -> Mismatch {
        let server = self.texts.first().map_or("", String::as_str);
        let (server, client) = (masked(server, self.params), masked(client, self.params));
        let same = server.bytes().zip(client.bytes()).take_while(|(one, other)| one == other).count();
        let first_difference = (server != client).then_some(same);
        Mismatch { server, client: Some(client), first_difference, cause }
    }

    /// Tries other suffixes of the secret.
    fn other_key_step(&self) -> Option<Mismatch> {
        let (other, slip) = match self.step {
            KeyStep::Suffix("") => ("&", Slip::SuffixAdded),
            KeyStep::Suffix(_) => ("", Slip::SuffixMissing),
            KeyStep::Scope(_) | KeyStep::EncodedScope(_) => ("", Slip::KeyNotDerived),
        };
        let fits = |text: &String| self.fits(text, self.material, self.algorithm, KeyStep::Suffix(other));
        self.texts.iter().any(fits).then(|| self.as_is(slip.into()))
    }

    /// Returns the explanation by another way of signing, if it fits.
    fn by(&self, way: OtherWay) -> Option<Mismatch> {
        let OtherWay { cause, algorithm, text } = way;
        let Some((text, suffix)) = text else {
            let fits = |text: &String| self.fits(text, self.material, algorithm, self.step);
            return self.texts.iter().any(fits).then(|| self.as_is(cause));
        };
        let fits = algorithm.verifies(self.material, KeyStep::Suffix(suffix), &text, self.signature);
        fits.then(|| self.against(cause, &text))
    }

    /// Tries the secret with what files, variables and secrets of Kubernetes add to it, and without what they lose.
    fn changed_secret(&self) -> Option<Mismatch> {
        let KeyMaterial::Secret(secret) = self.material else { return None };
        let secret = secret.reveal();
        let changed = [
            (format!("{secret}\n"), Slip::LineEnd),
            (format!("{secret}\r\n"), Slip::LineEndOfWindows),
            (format!("{secret}\r"), Slip::CarriageReturn),
            (format!("{secret} "), Slip::BlankAfter),
            (format!(" {secret}"), Slip::BlankBefore),
            (format!(" {secret} "), Slip::BlanksAround),
            (format!("{secret}\t"), Slip::TabAfter),
            (format!("\u{feff}{secret}"), Slip::ByteOrderMark),
            (format!("\"{secret}\""), Slip::Quotes),
            (format!("'{secret}'"), Slip::Quotes),
            (STANDARD.encode(secret), Slip::Base64),
            (STANDARD.encode(format!("{secret}\n")), Slip::Base64WithLineEnd),
            (secret.to_ascii_lowercase(), Slip::LowerCase),
            (secret.to_ascii_uppercase(), Slip::UpperCase),
            (String::new(), Slip::Empty),
        ];
        let signs = |text: &String| {
            let material = KeyMaterial::Secret(SecretText::new(text.as_str()));
            self.texts.iter().any(|text| self.fits(text, &material, self.algorithm, self.step))
        };
        let (_, slip) = changed.iter().find(|(text, _)| signs(text))?;
        Some(self.as_is((*slip).into()))
    }

    fn other_secret(&self, state: &State) -> Option<Mismatch> {
        let signs = |key: &&AccessKey| {
            self.texts.iter().any(|text| self.fits(text, &key.material, self.algorithm, self.step))
        };
        let other = state.keys().take(MOST_KEYS).find(signs)?;
        Some(self.as_is(Slip::OtherKey.about(other.id.to_string())))
    }
}

/// Replaces every secret value by `***`, because the journal holds no secrets. Finds values by name, in any encoding.
fn masked(text: &str, params: &Params) -> String {
    let mut out = text.to_owned();
    for (name, value, _) in params.iter().filter(|(name, _, _)| is_secret(name)) {
        // ROA v1 signs values without encoding.
        if value.contains(['&', '\n']) {
            out = out.replace(value, MASK);
        }
        let once = encoded(name);
        out = mask(&out, &format!("{}%3D", encoded(&once)), &["%26"]);
        out = mask(&out, &format!("{once}="), &["&", "\n"]);
        out = mask(&out, &format!("{name}="), &["&", "\n"]);
    }
    let of_gateway = mask(&out, "x-acs-security-token:", &["\n"]);
    mask(&of_gateway, "x-oss-security-token:", &["\n"])
}

/// Masks the text between `open` and the first of `closes`.
fn mask(text: &str, open: &str, closes: &[&str]) -> String {
    let mut parts = text.split(open);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = closes.iter().filter_map(|close| part.find(close)).min().unwrap_or(part.len());
        out.push_str(open);
        out.push_str(MASK);
        out.push_str(&part[end..]);
    }
    out
}
