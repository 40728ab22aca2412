//! Virtual MFA devices and their codes. Source: docs/evidence/ram.md 5.4. Every code stands in `codes/mfa.yaml`; what a device shows is
//! computed here from its Base32 seed alone.

use crate::support::steps::totp;
use crate::support::{Actor, Lab, Reply};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use std::sync::Arc;

fn lab() -> (Arc<Lab>, Actor) {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}], users: [{name: ann, displayName: Ann, keys: [{}]}, {name: bea}]}]",
    );
    let root = lab.root("demo");
    (lab, root)
}

/// A device: its serial number and its seed.
struct Device {
    serial: String,
    seed: String,
}

impl Device {
    fn new(root: &Actor, name: &str) -> Self {
        let made = root.ram("CreateVirtualMFADevice", &[("VirtualMFADeviceName", name)]).assert_ok();
        let text = |field: &str| made["VirtualMFADevice"][field].as_str().unwrap().to_owned();
        Self { serial: text("SerialNumber"), seed: text("Base32StringSeed") }
    }

    /// What it shows some steps of 30 seconds from now.
    fn code_at_step(&self, lab: &Lab, steps: i64) -> String {
        totp(&self.seed, lab.world().clock.now().resource.as_millis() / 1000 + 30 * steps)
    }

    /// Binds it with the codes of two steps.
    fn bind_to_user(&self, root: &Actor, user: &str, first_step: i64, second_step: i64) -> Reply {
        let codes = (self.code_at_step(&root.lab, first_step), self.code_at_step(&root.lab, second_step));
        root.ram(
            "BindMFADevice",
            &[
                ("UserName", user),
                ("SerialNumber", &self.serial),
                ("AuthenticationCode1", &codes.0),
                ("AuthenticationCode2", &codes.1),
            ],
        )
    }
}

fn list_devices(root: &Actor) -> Vec<Value> {
    let listed = root.ram("ListVirtualMFADevices", &[]).assert_ok();
    listed["VirtualMFADevices"]["VirtualMFADevice"].as_array().unwrap().clone()
}

#[test]
fn a_device_is_made_with_a_seed_and_a_picture_that_are_shown_once() {
    let (lab, root) = lab();

    let made = root.ram("CreateVirtualMFADevice", &[("VirtualMFADeviceName", "phone")]).assert_ok();

    let device = &made["VirtualMFADevice"];
    assert_eq!(device["SerialNumber"], format!("acs:ram::{}:mfa/phone", lab.uid("demo")).as_str());
    assert_eq!(device["Base32StringSeed"].as_str().unwrap().len(), 64);
    let picture = STANDARD.decode(device["QRCodePNG"].as_str().unwrap()).unwrap();
    assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n"));
    let listed = list_devices(&root);
    assert_eq!(listed, [serde_json::json!({"SerialNumber": device["SerialNumber"]})]);
}

#[test]
fn two_codes_that_follow_each_other_on_the_resource_clock_bind_a_device() {
    let (lab, root) = lab();
    let phone = Device::new(&root, "phone");
    lab.advance_clock("100h");

    phone.bind_to_user(&root, "ann", -1, 0).assert_ok();

    let info = root.ram("GetUserMFAInfo", &[("UserName", "ann")]).assert_ok();
    assert_eq!(info["MFADevice"], serde_json::json!({"SerialNumber": phone.serial, "Type": "VMFA"}));
    let listed = list_devices(&root);
    assert_eq!(listed[0]["ActivateDate"], "2026-11-26T12:00:00Z");
    assert_eq!(
        (&listed[0]["User"]["UserName"], &listed[0]["User"]["DisplayName"]),
        (&"ann".into(), &"Ann".into())
    );
}

#[test]
fn codes_may_be_two_steps_old_or_early_and_no_more() {
    for (steps, good) in [
        ((0, 1), true),
        ((1, 2), true),
        ((-3, -2), true),
        ((2, 3), false),
        ((-4, -3), false),
        // The same twice, the wrong way round, one left out.
        ((0, 0), false),
        ((0, -1), false),
        ((-2, 0), false),
    ] {
        let (_lab, root) = lab();
        let phone = Device::new(&root, "phone");

        let reply = phone.bind_to_user(&root, "ann", steps.0, steps.1);

        if good {
            reply.assert_ok();
        } else {
            reply.assert_refused(403, "CheckAuthenticationCodeFail");
        }
    }
}

#[test]
fn codes_follow_the_resource_clock() {
    let (lab, root) = lab();
    let phone = Device::new(&root, "phone");
    let (before, after) = (phone.code_at_step(&lab, -1), phone.code_at_step(&lab, 0));
    lab.advance_clock("1h");

    let codes = [("AuthenticationCode1", before.as_str()), ("AuthenticationCode2", after.as_str())];
    let old = [("UserName", "ann"), ("SerialNumber", phone.serial.as_str()), codes[0], codes[1]];
    root.ram("BindMFADevice", &old).assert_refused(403, "CheckAuthenticationCodeFail");

    phone.bind_to_user(&root, "ann", -1, 0).assert_ok();
}

#[test]
fn an_unbound_device_stays_and_can_be_bound_to_somebody_else() {
    let (_lab, root) = lab();
    let phone = Device::new(&root, "phone");
    phone.bind_to_user(&root, "ann", -1, 0).assert_ok();

    let unbound = root.ram("UnbindMFADevice", &[("UserName", "ann")]).assert_ok();

    assert_eq!(unbound["MFADevice"], serde_json::json!({"SerialNumber": phone.serial}));
    root.ram("GetUserMFAInfo", &[("UserName", "ann")]).assert_refused(404, "EntityNotExist.User.MFADevice");
    assert!(list_devices(&root)[0].get("User").is_none());
    phone.bind_to_user(&root, "bea", -1, 0).assert_ok();
    root.ram("DeleteVirtualMFADevice", &[("SerialNumber", &phone.serial)])
        .assert_refused(409, "DeleteConflict.VirtualMFADevice.User");
    root.ram("UnbindMFADevice", &[("UserName", "bea")]).assert_ok();
    root.ram("DeleteVirtualMFADevice", &[("SerialNumber", &phone.serial)]).assert_ok();
    assert_eq!(list_devices(&root).len(), 0);
}

#[test]
fn a_binding_follows_its_user_to_a_new_name() {
    let (_lab, root) = lab();
    let phone = Device::new(&root, "phone");
    phone.bind_to_user(&root, "ann", -1, 0).assert_ok();

    root.ram("UpdateUser", &[("UserName", "ann"), ("NewUserName", "anna")]).assert_ok();

    assert_eq!(list_devices(&root)[0]["User"]["UserName"], "anna");
    root.ram("GetUserMFAInfo", &[("UserName", "anna")]).assert_ok();
}

#[test]
fn two_devices_never_have_the_same_seed_and_codes_of_one_are_no_good_for_the_other() {
    let (_lab, root) = lab();
    let (phone, tablet) = (Device::new(&root, "phone"), Device::new(&root, "tablet"));
    assert_ne!(phone.seed, tablet.seed);

    let mixed = Device { serial: tablet.serial, seed: phone.seed };

    mixed.bind_to_user(&root, "ann", -1, 0).assert_refused(403, "CheckAuthenticationCodeFail");
}

#[test]
fn users_bind_and_unbind_their_own_device_while_the_account_lets_them() {
    let (lab, root) = lab();
    let ann = lab.user("demo", "ann");
    let phone = Device::new(&root, "phone");
    ann.ram("CreateVirtualMFADevice", &[("VirtualMFADeviceName", "own")]).assert_refused(403, "NoPermission");

    phone.bind_to_user(&ann, "ann", -1, 0).assert_ok();
    ann.ram("GetUserMFAInfo", &[("UserName", "ann")]).assert_ok();
    ann.ram("UnbindMFADevice", &[("UserName", "ann")]).assert_ok();

    phone.bind_to_user(&ann, "bea", -1, 0).assert_refused(403, "NoPermission");
    root.ram("SetSecurityPreference", &[("AllowUserToManageMFADevices", "false")]).assert_ok();
    phone.bind_to_user(&ann, "ann", -1, 0).assert_refused(403, "NoPermission");
}

/// The seed is the key of RFC 6238, which is shorter than those that RAM makes.
#[test]
fn a_scenario_binds_a_device_whose_codes_a_test_can_compute() {
    const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let lab = Lab::with_scenario(&format!(
        "accounts: [{{name: demo, keys: [{{}}], users: [
            {{name: ann, mfa: {{seed: {SEED}}}}}, {{name: bea_2, mfa: {{name: phone, seed: {SEED}}}}}]}}]"
    ));
    let root = lab.root("demo");

    let listed = list_devices(&root);

    let serial = |name: &str| format!("acs:ram::{}:mfa/{name}", lab.uid("demo"));
    let bound =
        |index: usize| (listed[index]["SerialNumber"].clone(), listed[index]["User"]["UserName"].clone());
    assert_eq!(bound(0), (serial("ann").into(), "ann".into()));
    assert_eq!(bound(1), (serial("phone").into(), "bea_2".into()));
    let phone = Device { serial: serial("phone"), seed: SEED.to_owned() };
    root.ram("UnbindMFADevice", &[("UserName", "bea_2")]).assert_ok();
    phone.bind_to_user(&root, "bea_2", -1, 0).assert_ok();
    root.ram("GetUserMFAInfo", &[("UserName", "bea_2")]).assert_ok();
}

#[test]
fn an_invalid_device_is_refused_at_load() {
    let refused = |mfa: &str| {
        let text = format!("accounts: [{{name: demo, users: [{{name: ann, mfa: {mfa}}}]}}]");
        alimock::Scenario::parse(&text).unwrap_err().brief()
    };

    assert_eq!(refused("{}"), ["line 1 column 45: `mfa` lacks the field `seed`"]);
    assert_eq!(
        refused("{seed: GEZDGNBVGY3TQOJ1}"),
        [
            "line 1 column 57: a seed is Base32: 16 to 64 of the letters A to Z and the digits 2 to 7, with or without `=` at the end"
        ]
    );
    assert_eq!(
        refused("{name: my phone, seed: GEZDGNBVGY3TQOJQ}"),
        ["line 1 column 57: `my phone` holds a space, which is not allowed here"]
    );
}
