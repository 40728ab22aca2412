//! Settings of a world, each with its meaning: those that change here, the quotas of the scenario, and those that the start of
//! the server fixed.

use crate::console::texts::Texts;
use crate::console::visit::{Shown, Trouble, Visit};
use crate::control::{Fixed, NamedSetting, SETTINGS};
use crate::scenario::schema::{Described, described_word};
use askama::Template;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;

/// A setting that can be changed.
struct Setting {
    name: &'static str,
    title: &'static str,
    about: Described,
    text: String,
    /// Height of its field in lines.
    rows: usize,
    error: Option<String>,
}

/// A quota.
struct Quota {
    name: &'static str,
    meaning: &'static str,
    value: String,
    default: String,
}

/// A setting of the server.
struct OfServer<'a> {
    flag: &'static str,
    value: &'a str,
    meaning: &'static str,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    settings: Vec<Setting>,
    quotas: Vec<Quota>,
    fixed: Vec<OfServer<'a>>,
    seed: u64,
}

/// Shows all settings.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    Ok(page(v, StatusCode::OK, None))
}

/// A rejected value: setting, text, reason.
type Rejected<'a> = (&'a str, String, String);

fn page(v: &Visit<'_>, status: StatusCode, rejected: Option<Rejected<'_>>) -> Response {
    let setting = |one: &NamedSetting| {
        let own = rejected.as_ref().filter(|(name, ..)| *name == one.name);
        let text = own.map_or_else(|| (one.shown)(&v.world), |(_, text, _)| text.clone());
        Setting {
            name: one.name,
            title: title(one.name, v.t),
            about: described_word(one.word),
            rows: text.lines().count().clamp(3, 30),
            text,
            error: own.map(|(.., why)| why.clone()),
        }
    };
    let values = serde_json::to_value(v.state.quotas).unwrap_or_default();
    let quota = |(name, meaning, default): (&'static str, &'static str, String)| {
        let value = values[name].to_string();
        Quota { name, meaning, value, default }
    };
    let of_server = |one: &'_ Fixed| (one.flag, meaning(one.flag, v.t));
    let fixed = v.control.fixed.iter().map(|one| {
        let (flag, meaning) = of_server(one);
        OfServer { flag, value: &one.value, meaning }
    });
    let page = Page {
        v,
        settings: SETTINGS.iter().map(setting).collect(),
        quotas: described_word("quotas").fields.into_iter().map(quota).collect(),
        fixed: fixed.collect(),
        seed: v.world.seed,
    };
    let recipes = [
        v.recipe("GET", "/permissions", ""),
        v.recipe("PUT", "/permissions", r#"{"mode": "audit"}"#),
        v.recipe("PUT", "/propagation", r#"{"key.active": {"after": "5s"}}"#),
        v.recipe("PUT", "/session-expiry", r#"{"enforced": "15m"}"#),
        v.recipe("PUT", "/gates", r#"{"gates": [{"product": "Ram", "requires": ["verified"]}]}"#),
        v.recipe("PUT", "/account-rules", r#"{"captchaRequired": true}"#),
        v.recipe("PUT", "/stubs", r#"{"stubs": []}"#),
    ];
    v.page_with(status, v.t.views.settings, &page, &recipes)
}

/// Changes one setting to the text in the form.
pub(crate) fn save(v: &Visit<'_>) -> Shown {
    let name = v.names.first().map(String::as_str).unwrap_or_default();
    let setting = SETTINGS.iter().find(|one| one.name == name).ok_or(Trouble::NotFound)?;
    let text = v.form.raw("value").replace("\r\n", "\n");
    match (setting.set)(&v.world, &Bytes::from(text.clone())) {
        Ok(()) => Ok(v.go("/settings", "done_saved")),
        Err(why) => {
            let rejected = Some((setting.name, text, why.to_string()));
            Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, rejected))
        }
    }
}

fn title(name: &str, t: &Texts) -> &'static str {
    let t = &t.views;
    match name {
        "permissions" => t.permission_mode,
        "propagation" => t.propagation,
        "session-expiry" => t.session_expiry,
        "gates" => t.gates,
        "account-rules" => t.account_rules,
        _ => t.stubs,
    }
}

fn meaning(flag: &str, t: &Texts) -> &'static str {
    let t = &t.views;
    match flag {
        "--window-v1" => t.flag_window_v1,
        "--window-v3" => t.flag_window_v3,
        "--unsigned-headers" => t.flag_unsigned_headers,
        "--nonces" => t.flag_nonces,
        "--permissions" => t.flag_permissions,
        "--journal-records" => t.flag_journal_records,
        "--journal-bytes" => t.flag_journal_bytes,
        "--seed" => t.flag_seed,
        "--listen" => t.flag_listen,
        "--host-suffix" => t.flag_host_suffix,
        "--data-dir" => t.flag_data_dir,
        _ => t.flag_control_token,
    }
}
