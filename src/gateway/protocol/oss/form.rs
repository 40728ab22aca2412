//! Uploads by an HTML form (`PostObject`): its fields, and the policy that it signs. Source: docs/evidence/account.md 6.4.

use crate::error::{ApiError, Result, oss};
use crate::gateway::request::{RawRequest, header};
use crate::params::{Origin, Params};
use crate::text::{Scalar, Timestamp, lossy};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::Value;

/// Fields that alimock reads, as the pages spell them. Clients also write them in lower case.
const FIELDS: [&str; 13] = [
    "key",
    "OSSAccessKeyId",
    "policy",
    "Signature",
    "Content-Type",
    "success_action_status",
    "x-oss-credential",
    "x-oss-date",
    "x-oss-object-acl",
    "x-oss-security-token",
    "x-oss-signature",
    "x-oss-signature-version",
    "x-oss-tagging",
];

/// A form.
#[derive(Debug, Default)]
pub(super) struct UploadForm<'a> {
    /// Fields before the file.
    fields: Vec<(String, String)>,
    file: &'a [u8],
    file_name: String,
    /// Type of the file.
    kind: Option<String>,
}

/// Returns the boundary of a form in a request.
pub(super) fn boundary(request: &RawRequest) -> Option<String> {
    let kind = header(request.headers(), CONTENT_TYPE).filter(|_| request.method() == Method::POST)?;
    let (kind, rest) = kind.split_once(';')?;
    let boundary = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?.trim_matches('"');
    let is_form = kind.trim().eq_ignore_ascii_case("multipart/form-data") && !boundary.is_empty();
    is_form.then(|| boundary.to_owned())
}

/// Returns `true` if a body has a field with a key of OSS. On hosts of alimock, nothing else shows that a form is for OSS.
pub(super) fn names_a_key(body: &[u8]) -> bool {
    ["name=\"OSSAccessKeyId\"", "name=\"x-oss-credential\""]
        .iter()
        .any(|name| find(body, name.as_bytes()).is_some())
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

impl<'a> UploadForm<'a> {
    /// Reads a form. Fields after the file are ignored.
    pub(super) fn read(body: &'a [u8], boundary: &str) -> Result<Self> {
        let malformed = |number| move || oss::MALFORMED_POST.error().with_detail(oss::NUMBER, number);
        let (broken, no_file) = (malformed("0006-00000104"), malformed("0006-00000107"));
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        let first = &delimiter[2..];
        let mut rest = &body[find(body, first).ok_or_else(broken)? + first.len()..];
        let mut form = Self::default();
        while !rest.starts_with(b"--") {
            rest = rest.strip_prefix(b"\r\n").ok_or_else(broken)?;
            let head = find(rest, b"\r\n\r\n").ok_or_else(broken)?;
            let (name, file_name, kind) = part_head(&lossy(&rest[..head]));
            rest = &rest[head + 4..];
            let end = find(rest, &delimiter).ok_or_else(broken)?;
            let content = &rest[..end];
            if name == "file" {
                (form.file, form.file_name, form.kind) = (content, file_name, kind);
                return Ok(form);
            }
            form.fields.push((name, lossy(content).into_owned()));
            rest = &rest[end + delimiter.len()..];
        }
        Err(no_file())
    }

    /// Adds the fields to the parameters. The key may contain the name of the file.
    pub(super) fn tell(&self, params: &mut Params) {
        for (name, value) in &self.fields {
            let known = FIELDS.iter().find(|known| known.eq_ignore_ascii_case(name));
            let name = known.copied().unwrap_or(name);
            let value =
                if name == "key" { value.replace("${filename}", &self.file_name) } else { value.clone() };
            params.push(name, &value, Origin::Form);
        }
        params.sort();
    }

    /// Checks the form against the policy that it signs.
    pub(super) fn meets_policy(&self, params: &Params, bucket: &str, now: Timestamp) -> Result<()> {
        let invalid =
            |what: &str, number: &str| oss::INVALID_POLICY.about(what).with_detail(oss::NUMBER, number);
        let decoded = STANDARD.decode(params.get("policy").unwrap_or_default());
        let decoded = decoded.map_err(|_| invalid("Invalid Base64.", "0006-00000201"))?;
        let policy: Value = serde_json::from_slice(&decoded)
            .map_err(|error| invalid(&format!("Invalid JSON: {error}"), "0006-00000202"))?;
        let (expiration, conditions) = match (policy.get("expiration"), policy.get("conditions")) {
            (None, None) => return Err(invalid("Policy lacks expiration and conditions.", "0006-00000209")),
            (None, _) => return Err(invalid("Policy missing expiration.", "0006-00000208")),
            (_, None) => return Err(invalid("Policy missing conditions.", "0006-00000207")),
            (Some(expiration), Some(conditions)) => (expiration, conditions),
        };
        let wrong_time = |number| invalid("Invalid 'expiration' value.", number);
        let expiration = match expiration.as_str() {
            None => return Err(wrong_time("0006-00000210")),
            Some("") => return Err(wrong_time("0006-00000211")),
            Some(text) => Timestamp::parse(text).map_err(|_| wrong_time("0006-00000212"))?,
        };
        let conditions = conditions.as_array().filter(|list| !list.is_empty());
        let conditions = conditions.ok_or_else(|| invalid("Invalid 'conditions' value.", "0006-00000214"))?;
        if now > expiration {
            return Err(oss::POLICY_EXPIRED.error());
        }
        conditions.iter().try_for_each(|condition| self.meets(condition, params, bucket, &invalid))
    }

    fn meets(
        &self,
        condition: &Value,
        params: &Params,
        bucket: &str,
        invalid: &dyn Fn(&str, &str) -> ApiError,
    ) -> Result<()> {
        let value = |field: &str| {
            let field = field.strip_prefix('$').unwrap_or(field);
            let is_field = |name: &str| name.eq_ignore_ascii_case(field);
            let sent = || params.iter().find(|(name, _, origin)| *origin == Origin::Form && is_field(name));
            match sent() {
                _ if is_field("bucket") => bucket.to_owned(),
                Some((_, value, _)) => value.to_owned(),
                None if is_field("content-type") => self.kind.clone().unwrap_or_default(),
                None => String::new(),
            }
        };
        let failed = |condition: &Value| {
            // As the page prints it: a blank after each comma.
            let shown = condition.as_array().into_iter().flatten().map(Value::to_string).collect::<Vec<_>>();
            Err(oss::POLICY_CONDITION.about(format_args!("[{}]", shown.join(", "))))
        };
        let wrong = |number| Err(invalid("Invalid Condition.", number));
        if let Some(one) = condition.as_object() {
            let Some((field, wanted)) = one.iter().next().filter(|_| one.len() == 1) else {
                let text =
                    "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.";
                return Err(invalid(text, "0006-00000215"));
            };
            let as_list = Value::from(vec!["eq".into(), format!("${field}").into(), wanted.clone()]);
            return if wanted.as_str() == Some(&value(field)) { Ok(()) } else { failed(&as_list) };
        }
        let Some(list) = condition.as_array() else { return wrong("0006-00000222") };
        match list.iter().map(|one| one.as_str().unwrap_or_default()).collect::<Vec<_>>()[..] {
            ["content-length-range", ..] => self.fits(list, invalid),
            ["eq", field, wanted] if value(field) == wanted => Ok(()),
            ["starts-with", field, start] if value(field).starts_with(start) => Ok(()),
            ["in" | "not-in", field, _] => {
                let Some(values) = list[2].as_array() else { return wrong("0006-00000223") };
                let is_listed = values.iter().any(|one| one.as_str() == Some(&value(field)));
                if is_listed == (list[0] == "in") { Ok(()) } else { failed(condition) }
            }
            ["eq" | "starts-with", _, _] => failed(condition),
            [_] | [] => wrong("0006-00000216"),
            _ => wrong("0006-00000217"),
        }
    }

    /// Checks the size of the file.
    fn fits(&self, range: &[Value], invalid: &dyn Fn(&str, &str) -> ApiError) -> Result<()> {
        let number = |at: usize| range.get(at).and_then(Value::as_u64);
        let wrong = |number| invalid("Invalid content-length-range.", number);
        let least = number(1).ok_or_else(|| wrong("0006-00000220"))?;
        let most = number(2).ok_or_else(|| wrong("0006-00000221"))?;
        let size = self.file.len() as u64;
        if most < least {
            Err(wrong("0006-00000219"))
        } else if size < least {
            Err(oss::ENTITY_TOO_SMALL.error())
        } else if size > most {
            Err(oss::ENTITY_TOO_LARGE.error())
        } else {
            Ok(())
        }
    }
}

/// Returns name, file name and type of a part.
fn part_head(head: &str) -> (String, String, Option<String>) {
    let line = |wanted: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
    };
    let disposition = line("content-disposition").unwrap_or_default();
    let attribute = |wanted: &str| {
        let mut parts = disposition.split(';').filter_map(|part| part.trim().split_once('='));
        parts.find(|(name, _)| *name == wanted).map(|(_, value)| value.trim_matches('"').to_owned())
    };
    let (name, file_name) = (attribute("name"), attribute("filename"));
    (name.unwrap_or_default(), file_name.unwrap_or_default(), line("content-type").map(str::to_owned))
}
