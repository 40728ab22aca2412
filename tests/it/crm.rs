//! Crm: names and labels of the partner's accounts. Verification is in `partner`. Source: docs/evidence/account.md 3.2.

use crate::support::{Lab, field_texts};

const WORLD: &str = "
accounts:
  - {name: operator, isPartner: true, loginName: operator@example.com, keys: [{}]}
  - {name: rival, isPartner: true, loginName: rival@example.com, keys: [{}]}
  - {name: demo, partner: operator, loginName: demo@example.com, keys: [{}]}
";

#[test]
fn a_partner_finds_its_accounts_by_name_and_by_pk() {
    let lab = Lab::with_scenario(WORLD);
    let (partner, pk) = (lab.root("operator"), lab.uid("demo"));
    let other = partner.aas("CreateAliyunAccount", &[("AliyunId", "walker")]).assert_ok()["PK"]
        .as_str()
        .unwrap()
        .to_owned();

    assert_eq!(
        partner.crm("GetAliyunPkByAliyunId", &[("AliyunId", "Demo@example.com")]).assert_ok()["AliyunPk"],
        *pk
    );

    let found =
        partner.crm("BatchGetAliyunIdByAliyunPk", &[("PkList.1", &other), ("PkList.2", &pk)]).assert_ok();
    let found = found["ProfileList"].as_array().unwrap();
    assert_eq!(field_texts(found, "AliyunId"), ["walker", "demo@example.com"]);
    let own = lab.uid("operator");
    partner
        .crm("BatchGetAliyunIdByAliyunPk", &[("PkList.1", &pk), ("PkList.2", &own)])
        .assert_refused(403, "Bid Mismatch");
    partner.crm("BatchGetAliyunIdByAliyunPk", &[("PkList.1", "7")]).assert_refused(404, "Invalid PK");
    partner.crm("BatchGetAliyunIdByAliyunPk", &[]).assert_refused(400, "MissingParameter");
    partner.crm("GetAliyunPkByAliyunId", &[("AliyunId", "nobody")]).assert_refused(404, "Invalid PK");
    lab.root("rival")
        .crm("GetAliyunPkByAliyunId", &[("AliyunId", "demo@example.com")])
        .assert_refused(403, "Bid Mismatch");
    lab.root("demo")
        .crm("GetAliyunPkByAliyunId", &[("AliyunId", "demo@example.com")])
        .assert_refused(403, "Not Bid");
}

#[test]
fn a_label_is_valid_until_it_expires_or_is_removed() {
    let lab = Lab::with_scenario(WORLD);
    let (partner, demo, pk) = (lab.root("operator"), lab.root("demo"), lab.uid("demo"));
    for (family, name) in [("", "LabelName"), ("ForBid", "Label")] {
        let call = |verb: &str, label: &str, more: &[(&str, &str)]| {
            let params = [&[("PK", pk.as_str()), (name, label), ("LabelSeries", "watch")], more].concat();
            partner.crm(&format!("{verb}Label{family}"), &params)
        };
        let has = |label: &str| call("Check", label, &[]).assert_ok()["Result"].clone();
        let names = || {
            let labels = demo.crm("QueryCustomerLabel", &[("LabelSeries", "watch")]).assert_ok();
            field_texts(labels["Data"].as_array().unwrap(), "Label")
        };
        assert_eq!(has("risk"), "false");

        call("Add", "risk", &[]).assert_ok();
        let end =
            alimock::text::Timestamp::from_millis(lab.world().clock.now().resource.as_millis() + 3_600_000);
        call("Add", "brief", &[("EndTime", &end.to_string())]).assert_ok();

        assert_eq!((has("risk"), has("brief")), ("true".into(), "true".into()));
        assert_eq!(names(), ["brief", "risk"]);
        lab.advance_clock("1h");
        assert_eq!(has("brief"), "false");
        call("Delete", "brief", &[]).assert_refused(404, "LABEL_NOT_EXIST");
        call("Delete", "risk", &[]).assert_ok();
        assert!(names().is_empty());
        call("Add", "risk", &[("EndTime", "soon")]).assert_refused(400, "InvalidParameter");
    }
    assert!(demo.crm("QueryCustomerLabel", &[]).assert_ok()["Data"].as_array().unwrap().is_empty());
}

#[test]
fn only_the_partner_manages_labels() {
    let lab = Lab::with_scenario(WORLD);
    let pk = lab.uid("demo");
    let before = lab.world().state().version;
    for verb in ["Add", "Check", "Delete"] {
        for (action, name) in [(format!("{verb}Label"), "LabelName"), (format!("{verb}LabelForBid"), "Label")]
        {
            let params = [("PK", pk.as_str()), (name, "risk"), ("LabelSeries", "watch")];
            lab.root("demo").crm(&action, &params).assert_refused(403, "Not Bid");
            lab.root("rival").crm(&action, &params).assert_refused(403, "Bid Mismatch");
            lab.root("operator").crm(&action, &params[1..]).assert_refused(400, "Empty PK");
            lab.root("operator").crm(&action, &params[..2]).assert_refused(400, "MissingParameter");
        }
    }
    assert_eq!(lab.world().state().version, before);
}
