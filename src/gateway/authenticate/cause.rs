//! Why a signature does not fit: a guess for the journal, made by trying the mistakes that clients make.
//!
//! It runs only when a signature was refused, and what it finds never reaches the client. Start with [`explain`].

use crate::error::Mismatch;
use crate::gateway::RawRequest;
use crate::gateway::authenticate::canonical;
use crate::gateway::authenticate::crypto::{Algorithm, KeyStep};
use crate::gateway::authenticate::signing::{Signing, to_sign};
use crate::gateway::parse::{Call, Form, Signed, header, value_text};
use crate::params::Params;
use crate::world::State;
use crate::world::account::{AccessKey, KeyMaterial};
use crate::world::journal::{MASK, is_secret};

/// Keys whose secrets are tried.
const MOST_KEYS: usize = 1000;

/// What a client writes instead of what it should, in a canonical query of v3; of v1 it is encoded once more.
const ENCODINGS: [(&str, &str, &str); 4] = [
    ("%20", "+", "a space was encoded as `+`"),
    ("%2A", "*", "`*` was not encoded"),
    ("~", "%7E", "`~` was encoded"),
    ("%2F", "/", "`/` was not encoded"),
];

/// A signature, and the texts that it should be over.
struct Signature<'a> {
    /// The strings to sign; of v3 the canonical requests. The one of the documents first.
    texts: Vec<String>,
    algorithm: Algorithm,
    form: Form,
    /// What is signed before the hash of the canonical request.
    head: Option<String>,
    step: KeyStep<'a>,
    signature: &'a str,
    material: &'a KeyMaterial,
    params: &'a Params,
}

/// What a client may have done instead: in words, and what it makes of the text.
type Mistake<'a> = (String, Box<dyn Fn(&str) -> String + 'a>);

/// Says what was signed instead, as far as that can be found out.
pub(super) fn explain(
    request: &RawRequest,
    (call, signed): (&Call, &Signed),
    algorithm: Algorithm,
    material: &KeyMaterial,
    state: &State,
) -> Mismatch {
    let Signing { texts, head, step } = Signing::of(request, call, signed, algorithm);
    let signature = signed.signature.as_deref().unwrap_or_default();
    let (params, form) = (&call.params, call.form);
    let signature =
        Signature { texts: texts.collect(), algorithm, form, head, step, signature, material, params };
    let mistakes = match form {
        Form::RpcV1 | Form::RoaV1 => vec![encodings(false), method()],
        Form::RpcV3 | Form::RoaV3 => {
            let payload = algorithm.hash(request.body());
            let headers = headers(request, &signed.signed_headers);
            vec![body(request, payload), encodings(true), method(), headers]
        }
        Form::OdpsV2 | Form::OdpsV4 | Form::OssV1 | Form::OssV4 => vec![method()],
        Form::Metadata => Vec::new(),
    };
    let found = mistakes.into_iter().flatten().find_map(|(words, change)| signature.over(words, change));
    found
        .or_else(|| signature.other_key_step())
        .or_else(|| signature.other_version(request))
        .or_else(|| signature.other_secret(state))
        .unwrap_or_else(|| Mismatch {
            client: None,
            first_difference: None,
            ..signature.as_is("the secret is another, or the request was changed".to_owned())
        })
}

impl Signature<'_> {
    /// Whether it is over `text`, made with this key and this way of signing.
    fn fits(&self, text: &str, material: &KeyMaterial, algorithm: Algorithm, step: KeyStep<'_>) -> bool {
        let to_sign = to_sign(self.head.as_deref(), self.algorithm, text);
        algorithm.verifies(material, step, &to_sign, self.signature)
    }

    /// The explanation by a mistake, when it is one.
    fn over(&self, words: String, change: impl Fn(&str) -> String) -> Option<Mismatch> {
        let fits = |text: &&String| self.fits(&change(text), self.material, self.algorithm, self.step);
        let text = self.texts.iter().find(fits)?;
        Some(self.against(words, &change(text)))
    }

    /// The client signed what it should, and something else is wrong.
    fn as_is(&self, words: String) -> Mismatch {
        self.against(words, self.texts.first().map_or("", String::as_str))
    }

    fn against(&self, cause: String, client: &str) -> Mismatch {
        let server = self.texts.first().map_or("", String::as_str);
        let (server, client) = (masked(server, self.params), masked(client, self.params));
        let same = server.bytes().zip(client.bytes()).take_while(|(one, other)| one == other).count();
        let first_difference = (server != client).then_some(same);
        Mismatch { server, client: Some(client), first_difference, cause }
    }

    /// The last step may be another: what is appended to the secret, or the algorithm of v1.
    fn other_key_step(&self) -> Option<Mismatch> {
        let fits =
            |step, algorithm| self.texts.iter().any(|text| self.fits(text, self.material, algorithm, step));
        let other = match self.step {
            KeyStep::Suffix("") => ("&", "a `&` was appended to the secret"),
            KeyStep::Suffix(_) => ("", "no `&` was appended to the secret"),
            KeyStep::Scope(_) => ("", "the key was not derived from the secret"),
        };
        if fits(KeyStep::Suffix(other.0), self.algorithm) {
            return Some(self.as_is(other.1.to_owned()));
        }
        let others = [("HMAC-SHA1", Algorithm::HmacSha1), ("HMAC-SHA256", Algorithm::HmacSha256)];
        let says_which = matches!(self.form, Form::RpcV1 | Form::RoaV1);
        let mut others = others.into_iter().filter(|(_, other)| says_which && *other != self.algorithm);
        let (name, _) = others.find(|(_, other)| fits(self.step, *other))?;
        Some(self.as_is(format!("it was made with {name}, which is not what `SignatureMethod` says")))
    }

    /// What is sent as v3 may be signed as v1.
    fn other_version(&self, request: &RawRequest) -> Option<Mismatch> {
        if !matches!(self.form, Form::RpcV3 | Form::RoaV3) {
            return None;
        }
        let fits = |text: &String| {
            let ways = [Algorithm::HmacSha1, Algorithm::HmacSha256];
            ways.iter().any(|way| way.verifies(self.material, KeyStep::Suffix("&"), text, self.signature))
        };
        let text = Some(canonical::rpc_v1(request.method().as_str(), self.params)).filter(fits)?;
        Some(self.against("it is a signature of version 1".to_owned(), &text))
    }

    fn other_secret(&self, state: &State) -> Option<Mismatch> {
        let signs = |key: &&AccessKey| {
            self.texts.iter().any(|text| self.fits(text, &key.material, self.algorithm, self.step))
        };
        let other = state.keys().take(MOST_KEYS).find(signs)?;
        Some(self.as_is(format!("it was made with the secret of the AccessKey {}", other.id)))
    }
}

fn body(request: &RawRequest, payload: String) -> Vec<Mistake<'static>> {
    let claimed = header(request.headers(), "x-acs-content-sha256").unwrap_or_default();
    if claimed == payload.as_str() {
        return Vec::new();
    }
    let claimed = claimed.into_owned();
    let change = move |text: &str| text.replace(&payload, &claimed);
    vec![("the body is not the one that was signed".to_owned(), Box::new(change))]
}

fn encodings(once: bool) -> Vec<Mistake<'static>> {
    let twice =
        |text: &str| text.replace('%', "%25").replace('+', "%2B").replace('*', "%2A").replace('/', "%2F");
    let mistake = |(right, wrong, words): (&str, &str, &str)| -> Mistake<'static> {
        let (right, wrong) =
            if once { (right.to_owned(), wrong.to_owned()) } else { (twice(right), twice(wrong)) };
        (words.to_owned(), Box::new(move |text: &str| text.replace(&right, &wrong)))
    };
    ENCODINGS.into_iter().map(mistake).collect()
}

fn method() -> Vec<Mistake<'static>> {
    let change = |text: &str| match text.strip_prefix("GET") {
        Some(rest) => format!("POST{rest}"),
        None => text.replacen("POST", "GET", 1),
    };
    vec![("another HTTP method was signed".to_owned(), Box::new(change))]
}

/// Of v3: a header that is named as signed and was not, one that was signed and is not named, a host without its port.
fn headers<'a>(request: &'a RawRequest, signed_headers: &'a str) -> Vec<Mistake<'a>> {
    let mut mistakes: Vec<Mistake<'a>> = Vec::new();
    let host = header(request.headers(), "host").unwrap_or_default().into_owned();
    if let Some((name, _)) = host.rsplit_once(':') {
        let (with, without) = (format!("\nhost:{host}\n"), format!("\nhost:{name}\n"));
        let change = move |text: &str| text.replace(&with, &without);
        mistakes.push(("the host was signed without its port".to_owned(), Box::new(change)));
    }
    let is_signed = |name: &str| signed_headers.split(';').any(|one| one == name);
    for name in signed_headers.split(';').filter(|name| !name.is_empty()) {
        let start = format!("{name}:");
        let change = move |text: &str| {
            let kept = text.split('\n').filter(|line| !line.starts_with(&start));
            kept.collect::<Vec<_>>().join("\n")
        };
        let words = format!("the header `{name}` was not signed, although `SignedHeaders` names it");
        mistakes.push((words, Box::new(change)));
    }
    for (name, value) in request.headers() {
        let name = name.as_str();
        if is_signed(name) || name == "authorization" {
            continue;
        }
        let line = format!("{name}:{}", value_text(value).trim());
        let words = format!("the header `{name}` was signed, but `SignedHeaders` does not name it");
        mistakes.push((words, Box::new(move |text: &str| with_header(text, &line, signed_headers))));
    }
    mistakes
}

/// A canonical request with one more header, at its place among the others.
fn with_header(text: &str, line: &str, signed_headers: &str) -> String {
    let first = signed_headers.split(';').next().unwrap_or_default();
    let mut lines: Vec<&str> = text.split('\n').collect();
    let start = lines.iter().position(|one| one.starts_with(&format!("{first}:"))).unwrap_or(3);
    let end = lines.iter().skip(start).position(|one| one.is_empty()).map_or(lines.len(), |at| start + at);
    let at = lines[start..end].iter().position(|one| *one > line).map_or(end, |at| start + at);
    lines.insert(at, line);
    lines.join("\n")
}

/// A text with `***` in the place of every secret value: the journal holds none. Values are found by their names, so that it
/// does not matter how a client has encoded them.
fn masked(text: &str, params: &Params) -> String {
    let mut out = text.to_owned();
    for (name, value, _) in params.iter().filter(|(name, _, _)| is_secret(name)) {
        // ROA v1 signs values as they are.
        if value.contains(['&', '\n']) {
            out = out.replace(value, MASK);
        }
        let once = canonical::encoded(name);
        out = mask(&out, &format!("{}%3D", canonical::encoded(&once)), &["%26"]);
        out = mask(&out, &format!("{once}="), &["&", "\n"]);
        out = mask(&out, &format!("{name}="), &["&", "\n"]);
    }
    let of_gateway = mask(&out, "x-acs-security-token:", &["\n"]);
    mask(&of_gateway, "x-oss-security-token:", &["\n"])
}

/// Masks what stands between `open` and the first of `closes`.
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
