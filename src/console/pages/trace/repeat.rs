//! Commands that repeat a request: as it was sent, and signed anew. They never contain a secret.

use crate::console::form::encoded;
use crate::console::visit::Visit;
use crate::params::Origin;
use crate::world::clock::Run;
use crate::world::journal::{MASK, Record, SIGNATURE_PARAMETERS};
use serde_json::{Map, Value, json};

/// The commands.
pub(super) struct Repeat {
    /// The request as it was sent, as far as the journal keeps it.
    pub(super) curl: String,
    /// The command has the signature of the request.
    pub(super) is_signed: bool,
    /// Python that signs the request anew; `None` for a protocol that the script does not know.
    pub(super) python: Option<String>,
    /// A value is a secret, which the journal does not keep.
    pub(super) is_masked: bool,
}

/// Returns the commands for a request.
pub(super) fn of(record: &Record, v: &Visit<'_>) -> Repeat {
    let endpoint = v.control.reached(v.headers);
    let is_api = ["rpc-v1", "rpc-v3", "roa-v1", "roa-v3"].contains(&record.style);
    Repeat {
        curl: curl(record, &endpoint),
        is_signed: record.params.get("Signature").is_some(),
        python: (is_api && !record.action.is_empty()).then(|| python(record, &endpoint, v)),
        is_masked: record.params.iter().any(|(_, value, _)| value == MASK),
    }
}

/// Quotes a text for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Encodes the parameters of some origins. The mask of a secret stays readable.
fn pairs(record: &Record, wanted: &[Origin]) -> String {
    let value = |value: &str| if value == MASK { MASK.to_owned() } else { encoded(value) };
    let all = record.params.iter().filter(|(_, _, origin)| wanted.contains(origin));
    all.map(|(name, text, _)| format!("{}={}", encoded(name), value(text))).collect::<Vec<_>>().join("&")
}

fn curl(record: &Record, endpoint: &str) -> String {
    let query = pairs(record, &[Origin::Query]);
    let mark = if query.is_empty() { "" } else { "?" };
    let mut command =
        format!("curl -X {} {}", record.method, quoted(&format!("{endpoint}{}{mark}{query}", record.path)));
    let mut header = |name: &str, value: &str| {
        command += &format!(" \\\n  -H {}", quoted(&format!("{name}: {value}")));
    };
    if !endpoint.ends_with(&format!("/{}", record.host)) {
        header("Host", &record.host);
    }
    if record.style.ends_with("v3") {
        header("x-acs-action", &record.action);
        header("x-acs-version", &record.version);
    }
    let form = pairs(record, &[Origin::Form]);
    if !form.is_empty() {
        command += &format!(" \\\n  -d {}", quoted(&form));
    }
    let json: Map<String, Value> = of_origin(record, &[Origin::Json]);
    if !json.is_empty() {
        command += &format!(" \\\n  --json {}", quoted(&Value::Object(json).to_string()));
    }
    command
}

/// Returns parameters of some origins as JSON. The first value of a name counts.
fn of_origin(record: &Record, wanted: &[Origin]) -> Map<String, Value> {
    let mut all = Map::new();
    for (name, value, _) in record.params.iter().filter(|(_, _, origin)| wanted.contains(origin)) {
        all.entry(name).or_insert_with(|| value.into());
    }
    all
}

/// Returns a script that signs the request by ACS3-HMAC-SHA256, which every product of the API gateway accepts.
/// Source: docs/evidence/gateway.md.
fn python(record: &Record, endpoint: &str, v: &Visit<'_>) -> String {
    let own = |origins: &[Origin]| {
        let mut all = of_origin(record, origins);
        all.retain(|name, _| !SIGNATURE_PARAMETERS.contains(&name.as_str()) && name != "SecurityToken");
        Value::Object(all).to_string()
    };
    // A frozen or shifted gateway clock accepts only its own time.
    let now = match v.world.clock.setting().gateway {
        Run::Real => {
            "datetime.datetime.now(datetime.timezone.utc).strftime(\"%Y-%m-%dT%H:%M:%SZ\")".to_owned()
        }
        _ => json!(v.world.clock.now().gateway.to_string()).to_string(),
    };
    let key = record.key.as_ref().map_or("", crate::text::AccessKeyId::as_str);
    let method = if record.method == "HEAD" { "GET" } else { record.method.as_str() };
    let fill = [
        ("$METHOD", json!(method).to_string()),
        ("$ENDPOINT", json!(endpoint).to_string()),
        ("$HOST", json!(record.host.as_str()).to_string()),
        ("$PATH", json!(record.path.as_str()).to_string()),
        ("$ACTION", json!(record.action.as_str()).to_string()),
        ("$VERSION", json!(record.version.as_str()).to_string()),
        ("$QUERY", own(&[Origin::Query, Origin::Json])),
        ("$FORM", own(&[Origin::Form])),
        ("$KEY", json!(key).to_string()),
        ("$NOW", now),
    ];
    // Values are filled in one pass, so that a value which looks like a name stays as it is.
    let mut parts = SCRIPT.split('$');
    let mut script = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let found = fill.iter().find_map(|(name, value)| Some((value, part.strip_prefix(&name[1..])?)));
        match found {
            Some((value, rest)) => script += &format!("{value}{rest}"),
            None => script += &format!("${part}"),
        }
    }
    script
}

const SCRIPT: &str = r#"import datetime, hashlib, hmac, os, urllib.error, urllib.parse, urllib.request, uuid

method, endpoint, host, path = $METHOD, $ENDPOINT, $HOST, $PATH
query = $QUERY
form = $FORM
key = os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_ID") or $KEY
secret = os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
token = os.environ.get("ALIBABA_CLOUD_SECURITY_TOKEN")


def encoded(pairs):
    quote = lambda text: urllib.parse.quote(text, safe="-_.~")
    return "&".join(f"{quote(name)}={quote(pairs[name])}" for name in sorted(pairs))


body = encoded(form).encode()
headers = {
    "host": host,
    "x-acs-action": $ACTION,
    "x-acs-version": $VERSION,
    "x-acs-date": $NOW,
    "x-acs-signature-nonce": uuid.uuid4().hex,
    "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
}
if body:
    headers["content-type"] = "application/x-www-form-urlencoded"
if token:
    headers["x-acs-security-token"] = token
names = ";".join(sorted(headers))
lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
request = "\n".join([method, path, encoded(query), lines, names, headers["x-acs-content-sha256"]])
to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(request.encode()).hexdigest()
signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
headers["authorization"] = f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}"
headers["accept"] = "application/json"
url = f"{endpoint}{path}?{encoded(query)}"
try:
    answer = urllib.request.urlopen(urllib.request.Request(url, body or None, headers, method=method))
except urllib.error.HTTPError as refused:
    answer = refused
print(answer.status, answer.read().decode())
"#;
