//! DataWorks: the list of workspaces, which are the projects of the account.

use crate::support::{Actor, Lab};
use serde_json::{Value, json};
use std::sync::Arc;

fn lab() -> (Arc<Lab>, Actor) {
    let names: Vec<_> =
        (1..=12).map(|n| format!("{{name: work_{n}, id: {}, members: [ann]}}", 100 + n)).collect();
    let lab = Lab::with_scenario(&format!(
        "accounts: [{{name: demo, uid: 1234567890123456, keys: [{{}}], users: [{{name: ann, keys: [{{}}]}}], projects: [{}]}}, {{name: empty, keys: [{{}}]}}]",
        names.join(", ")
    ));
    let root = lab.root("demo");
    (lab, root)
}

fn list_projects_of_2020(who: &Actor, params: &[(&str, &str)]) -> Value {
    who.call("2020-05-18", "ListProjects", params).assert_ok()["PageResult"].clone()
}

fn list_projects_of_2024(who: &Actor, params: &[(&str, &str)]) -> Value {
    who.call("2024-05-18", "ListProjects", params).assert_ok()["PagingInfo"].clone()
}

fn project_ids(list: &Value, field: &str) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|one| one[field].as_u64().unwrap()).collect()
}

#[test]
fn workspaces_come_ten_a_page_in_the_shape_of_each_version() {
    let (_lab, root) = lab();

    let (first, latest) = (list_projects_of_2020(&root, &[]), list_projects_of_2024(&root, &[]));

    assert_eq!(
        (&first["PageNumber"], &first["PageSize"], &first["TotalCount"]),
        (&1.into(), &10.into(), &12.into())
    );
    assert_eq!(
        (&latest["PageNumber"], &latest["PageSize"], &latest["TotalCount"]),
        (&1.into(), &10.into(), &12.into())
    );
    assert_eq!(project_ids(&first["ProjectList"], "ProjectId"), (101..=110).collect::<Vec<_>>());
    assert_eq!(project_ids(&latest["Projects"], "Id"), (101..=110).collect::<Vec<_>>());
    assert_eq!(
        first["ProjectList"][0],
        json!({
            "ProjectId": 101, "ProjectIdentifier": "work_1", "ProjectName": "work_1", "ProjectDescription": "",
            "ProjectOwnerBaseId": "1234567890123456", "ProjectStatus": 0, "ProjectStatusCode": "AVAILABLE",
            "DisableDevelopment": false, "IsDefault": 0, "TablePrivacyMode": 1, "UseProxyOdpsAccount": false, "Tags": [],
        })
    );
    assert_eq!(
        latest["Projects"][0],
        json!({
            "Id": 101, "Name": "work_1", "DisplayName": "work_1", "Description": "", "Owner": "1234567890123456",
            "Status": "Available", "DevEnvironmentEnabled": false, "DevRoleDisabled": false, "PaiTaskEnabled": false,
            "AliyunResourceTags": [],
        })
    );
}

#[test]
fn pages_joined_equal_the_list() {
    let (_lab, root) = lab();

    for size in [1, 5, 12, 100] {
        let pages = 1..=12_usize.div_ceil(size) + 1;
        let (mut olds, mut news) = (Vec::new(), Vec::new());
        for number in pages {
            let params = [("PageNumber", &*number.to_string()), ("PageSize", &*size.to_string())];
            olds.extend(project_ids(&list_projects_of_2020(&root, &params)["ProjectList"], "ProjectId"));
            news.extend(project_ids(&list_projects_of_2024(&root, &params)["Projects"], "Id"));
        }
        assert_eq!(olds, (101..=112).collect::<Vec<_>>());
        assert_eq!(news, olds);
    }
    for (name, value) in [("PageSize", "0"), ("PageSize", "101"), ("PageNumber", "0"), ("PageNumber", "x")] {
        root.call("2020-05-18", "ListProjects", &[(name, value)]).assert_refused(400, "InvalidParameter");
        root.call("2024-05-18", "ListProjects", &[(name, value)]).assert_refused(400, "InvalidParameter");
    }
    assert_eq!(
        list_projects_of_2024(&root, &[("PageNumber", "2147483647"), ("PageSize", "100")])["Projects"],
        json!([])
    );
}

#[test]
fn workspaces_are_filtered_by_the_parameters() {
    let (_lab, root) = lab();
    let found =
        |params: &[(&str, &str)]| project_ids(&list_projects_of_2024(&root, params)["Projects"], "Id");

    assert_eq!(found(&[("Ids", "[112,101]")]), [101, 112]);
    assert_eq!(found(&[("Ids.1", "103")]), [103]);
    assert_eq!(found(&[("Names", r#"["work_2","nosuch"]"#)]), [102]);
    assert_eq!(found(&[("Status", "Available"), ("Ids", "[104]"), ("DevRoleDisabled", "false")]), [104]);
    for nothing in
        [("Status", "Frozen"), ("DevRoleDisabled", "true"), ("AliyunResourceTags", r#"[{"Key":"a"}]"#)]
    {
        assert_eq!(list_projects_of_2024(&root, &[nothing])["TotalCount"], 0, "{nothing:?}");
    }
    assert_eq!(list_projects_of_2020(&root, &[("ResourceManagerResourceGroupId", "rg-1")])["TotalCount"], 0);
    for bad in [("Ids", "[x]"), ("Ids", r#"["x"]"#), ("Ids.1", "-1"), ("DevRoleDisabled", "x")] {
        root.call("2024-05-18", "ListProjects", &[bad]).assert_refused(400, "InvalidParameter");
    }
}

#[test]
fn an_account_without_projects_has_no_workspaces_and_a_user_needs_permission() {
    let (lab, _) = lab();

    assert_eq!(list_projects_of_2024(&lab.root("empty"), &[])["Projects"], json!([]));
    lab.user("demo", "ann").call("2024-05-18", "ListProjects", &[]).assert_refused(403, "Forbidden.RAM");
    lab.root("demo").call("2024-05-18", "ListTables", &[]).assert_refused(404, "InvalidAction.NotFound");
}

#[test]
fn a_project_without_an_id_gets_a_stable_one() {
    let scenario = "accounts: [{name: demo, keys: [{}], projects: [{name: aaa}, {name: bbb}]}]";
    let list = || {
        project_ids(&list_projects_of_2024(&Lab::with_scenario(scenario).root("demo"), &[])["Projects"], "Id")
    };

    assert_eq!(list(), list());
    assert_ne!(list()[0], list()[1]);
    let twice = scenario.replace("{name: bbb}", "{name: AAA}");
    let refused = alimock::Scenario::parse(&twice).unwrap_err().brief();
    assert!(refused[0].contains("the name of the project is taken"), "{refused:?}");
}

#[test]
fn a_rule_can_return_an_error_code_of_dataworks() {
    let rule = "faults: [{match: {product: dataworks-public, action: ListProjects}, do: {error: {code: Forbidden.Meta.NoTenant}}}]";
    let lab = Lab::with_scenario(&format!("accounts: [{{name: demo, keys: [{{}}]}}]\n{rule}"));

    lab.root("demo").call("2024-05-18", "ListProjects", &[]).assert_refused(403, "Forbidden.Meta.NoTenant");
}
