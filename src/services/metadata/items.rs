//! Metadata items in a tree of paths, the identity document, user data, and access tokens.
//!
//! Source: ECS "Instance metadata items" and "Instance identities"; canonical/cloud-init, "AliYun".

use crate::error::{ApiError, Result, metadata};
use crate::operation::Document;
use crate::params::request;
use crate::world::View;
use crate::world::machine::Machine;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

request! {
    /// `PUT /latest/api/token`, with the header `X-aliyun-ecs-metadata-token-ttl-seconds`.
    pub(super) struct CreateToken {
        ttl_seconds: Option<String> = "TtlSeconds",
    }

    /// A path without its own action: `Item` below a version, otherwise `Path`.
    pub(super) struct GetItem {
        item: Option<String> = "Item",
        path: Option<String> = "Path",
    }

    /// A path without parameters.
    pub(super) struct Nothing {}
}

/// A response in plain text.
pub(super) fn text(body: String) -> Document {
    Document { status: 200, kind: Some("text/plain"), headers: Vec::new(), body }
}

fn not_found() -> ApiError {
    metadata::ITEM_NOT_FOUND.error()
}

fn machine<'a>(view: &View<'a>) -> Result<&'a Machine> {
    view.state.machine().ok_or_else(not_found)
}

/// Creates a token for access to the metadata. Fails with 400.
pub(super) fn create_token(view: View<'_>, req: CreateToken) -> Result<Document> {
    let seconds = req.ttl_seconds.as_deref().and_then(|text| text.trim().parse().ok());
    let seconds = seconds.filter(|seconds| (1..=21600).contains(seconds));
    let seconds = seconds.ok_or_else(|| metadata::TTL_REFUSED.error())?;
    Ok(text(view.metadata_token(machine(&view)?, seconds)))
}

/// Returns an item, or the names of the items below a path. Fails with 404.
pub(super) fn get(view: View<'_>, req: GetItem) -> Result<Document> {
    let machine = machine(&view)?;
    match req.path.as_deref() {
        None => {}
        Some("/") => return Ok(text("2016-01-01\nlatest".to_owned())),
        Some(path) => return Err(not_found().with_note(format!("no version begins `{path}`"))),
    }
    let mut items = items(machine);
    // Paths with their own actions are only listed here.
    items.insert("api/token".to_owned(), String::new());
    items.insert("dynamic/instance-identity/document".to_owned(), String::new());
    for role in &machine.roles {
        items.insert(format!("meta-data/ram/security-credentials/{role}"), String::new());
    }
    if machine.settings().user_data.is_some() {
        items.insert("user-data".to_owned(), String::new());
    }
    let wanted = req.item.unwrap_or_default();
    if let Some((_, value)) = items.iter().find(|(path, _)| path.eq_ignore_ascii_case(&wanted)) {
        return Ok(text(value.clone()));
    }
    let folder = if wanted.is_empty() { wanted } else { format!("{wanted}/") };
    let is_in =
        |path: &str| path.get(..folder.len()).is_some_and(|start| start.eq_ignore_ascii_case(&folder));
    let below = items.keys().filter(|path| is_in(path)).map(|path| &path[folder.len()..]);
    let names: BTreeSet<_> = below.map(|rest| rest.find('/').map_or(rest, |at| &rest[..=at])).collect();
    if names.is_empty() {
        return Err(not_found());
    }
    Ok(text(names.into_iter().collect::<Vec<_>>().join("\n")))
}

/// Items below `meta-data/`, by path.
fn items(machine: &Machine) -> BTreeMap<String, String> {
    let settings = machine.settings();
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let (ip, mac) = (said(&settings.private_ip), said(&settings.mac));
    let of_interface = [
        ("primary-ip-address", ip.clone()),
        ("private-ipv4s", format!("[\"{ip}\"]")),
        ("vpc-id", said(&settings.vpc_id)),
        ("vswitch-id", said(&settings.vswitch_id)),
    ];
    let of_interface =
        of_interface.map(|(name, value)| (format!("network/interfaces/macs/{mac}/{name}"), value));
    let own = [
        ("dns-conf/nameservers", "100.100.2.136\n100.100.2.138".to_owned()),
        ("hostname", said(&settings.hostname)),
        ("image-id", said(&settings.image_id)),
        ("instance-id", machine.id.to_string()),
        ("instance/instance-name", said(&settings.hostname)),
        ("instance/instance-type", said(&settings.instance_type)),
        ("mac", mac),
        ("network-type", "vpc".to_owned()),
        ("ntp-conf/ntp-servers", "ntp.cloud.aliyuncs.com".to_owned()),
        ("owner-account-id", machine.uid.to_string()),
        ("private-ipv4", ip),
        ("region-id", said(&settings.region)),
        ("serial-number", said(&settings.serial_number)),
        ("vpc-id", said(&settings.vpc_id)),
        ("vswitch-id", said(&settings.vswitch_id)),
        ("zone-id", said(&settings.zone)),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value));
    own.into_iter().chain(of_interface).map(|(name, value)| (format!("meta-data/{name}"), value)).collect()
}

/// Identity document, as in the published example. It is not signed, so `pkcs7` does not exist.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Identity {
    owner_account_id: String,
    instance_id: String,
    mac: String,
    region_id: String,
    serial_number: String,
    zone_id: String,
    instance_type: String,
    image_id: String,
    private_ipv4: String,
}

/// Returns the identity document. Source: ECS "Use instance identities".
pub(super) fn identity(view: View<'_>, _: Nothing) -> Result<Document> {
    let items = items(machine(&view)?);
    let item = |name: &str| items.get(&format!("meta-data/{name}")).cloned().unwrap_or_default();
    Ok(Document::json(&Identity {
        owner_account_id: item("owner-account-id"),
        instance_id: item("instance-id"),
        mac: item("mac"),
        region_id: item("region-id"),
        serial_number: item("serial-number"),
        zone_id: item("zone-id"),
        instance_type: item("instance/instance-type"),
        image_id: item("image-id"),
        private_ipv4: item("private-ipv4"),
    }))
}

/// Returns the user data of the instance. Fails with 404 if it has none.
pub(super) fn user_data(view: View<'_>, _: Nothing) -> Result<Document> {
    machine(&view)?.settings().user_data.clone().map(text).ok_or_else(not_found)
}
