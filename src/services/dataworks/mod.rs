//! DataWorks, dataworks-public 2020-05-18 and 2024-05-18: the list of workspaces, which are projects of the account.
//!
//! Source of parameters and fields: the models of alibabacloud_dataworks_public20200518 and ...20240518. UNCERTAIN: flags, texts and groups
//! of a new workspace; no response was observed.

use crate::attributes::{apply, reply};
use crate::error::{Result, dataworks};
use crate::operation::{Operation, Resource, read};
use crate::params::{Numbers, request};
use crate::services::Unmet;
use crate::services::shared::reply::Only;
use crate::text::Bounded;
use crate::world::View;
use crate::world::account::Project;
use crate::world::gates::Requirement;
use std::sync::Arc;

/// Refusals of unmet requirements.
pub(super) const UNMET: &[Unmet] = &[Unmet::new(Requirement::Activated, &dataworks::NOT_ACTIVATED)];

/// Operations of all versions.
pub(super) fn operations() -> Vec<Operation> {
    vec![read("ListProjects", &[Resource::All("*")], list_2020)]
}

/// Operations that differ in 2024-05-18.
pub(super) fn operations_2024() -> Vec<Operation> {
    vec![read("ListProjects", &[Resource::All("*")], list_2024)]
}

/// A filter that matches no workspace, such as a tag: workspaces have none.
type Filter = Option<String>;

request! {
    /// Parameters of `ListProjects` of 2020-05-18.
    struct List2020 {
        page_number: Option<Bounded<1, { i32::MAX as i64 }>> = "PageNumber",
        page_size: Option<Bounded<1, 100>> = "PageSize",
        resource_group: Filter = "ResourceManagerResourceGroupId",
        tags: Filter = "Tags",
    }

    /// Parameters of `ListProjects` of 2024-05-18.
    struct List2024 {
        resource_group: Filter = "AliyunResourceGroupId",
        tags: Filter = "AliyunResourceTags",
        has_dev_environment: Option<bool> = "DevEnvironmentEnabled",
        dev_role_disabled: Option<bool> = "DevRoleDisabled",
        ids: Numbers = "Ids",
        names: Vec<String> = "Names",
        page_number: Option<Bounded<1, { i32::MAX as i64 }>> = "PageNumber",
        page_size: Option<Bounded<1, 100>> = "PageSize",
        runs_pai_tasks: Option<bool> = "PaiTaskEnabled",
        status: Option<String> = "Status",
    }
}

/// Requested page of a list.
struct Page {
    number: i64,
    size: i64,
}

impl Page {
    /// Default: the first ten.
    fn new<const MOST: i64>(number: Option<Bounded<1, MOST>>, size: Option<Bounded<1, 100>>) -> Self {
        Self { number: number.map_or(1, |number| number.0), size: size.map_or(10, |size| size.0) }
    }

    fn of<T>(&self, all: Vec<T>) -> Vec<T> {
        let size = usize::try_from(self.size).expect("between 1 and 100");
        let before = usize::try_from(self.number - 1).expect("at least 0").saturating_mul(size);
        all.into_iter().skip(before).take(size).collect()
    }
}

/// Returns `true` if a filter that matches nothing was sent.
fn excludes_all(filter: &Filter) -> bool {
    filter.as_deref().is_some_and(|filter| filter != "[]")
}

#[apply(reply)]
struct Page2020 {
    page_number: i64,
    page_size: i64,
    total_count: usize,
    project_list: Vec<Project2020>,
}

#[apply(reply)]
struct Project2020 {
    project_id: u64,
    project_identifier: String,
    project_name: String,
    project_description: &'static str,
    project_owner_base_id: String,
    project_status: u8,
    project_status_code: &'static str,
    disable_development: bool,
    is_default: u8,
    table_privacy_mode: u8,
    use_proxy_odps_account: bool,
    tags: [(); 0],
}

/// `ListProjects` of 2020-05-18: returns the workspaces of the account; default page size ten.
///
/// Fails with `InvalidParameter` for an invalid page. Source: alibabacloud_dataworks_public20200518.
fn list_2020(view: View<'_>, req: List2020) -> Result<Only<Page2020>> {
    let account = view.account()?;
    let page = Page::new(req.page_number, req.page_size);
    let excluded = excludes_all(&req.resource_group) || excludes_all(&req.tags);
    let all: Vec<_> = account.projects.iter().filter(|_| !excluded).collect();
    let total_count = all.len();
    let project = |one: &Arc<Project>| Project2020 {
        project_id: one.id,
        project_identifier: one.name.to_string(),
        project_name: one.name.to_string(),
        project_description: "",
        project_owner_base_id: account.uid.to_string(),
        project_status: 0,
        project_status_code: "AVAILABLE",
        disable_development: false,
        is_default: 0,
        table_privacy_mode: 1,
        use_proxy_odps_account: false,
        tags: [],
    };
    let project_list = page.of(all).into_iter().map(project).collect();
    let (page_number, page_size) = (page.number, page.size);
    Ok(Only("PageResult", Page2020 { page_number, page_size, total_count, project_list }))
}

#[apply(reply)]
struct Page2024 {
    page_number: i64,
    page_size: i64,
    total_count: usize,
    projects: Vec<Project2024>,
}

#[apply(reply)]
struct Project2024 {
    id: u64,
    name: String,
    display_name: String,
    description: &'static str,
    owner: String,
    status: &'static str,
    dev_environment_enabled: bool,
    dev_role_disabled: bool,
    pai_task_enabled: bool,
    aliyun_resource_tags: [(); 0],
}

/// Status of all workspaces.
const AVAILABLE: &str = "Available";

/// `ListProjects` of 2024-05-18: returns the workspaces of the account that match all filters; default page size ten.
///
/// Fails with `InvalidParameter` for an invalid page, number or flag. Source: alibabacloud_dataworks_public20240518.
fn list_2024(view: View<'_>, req: List2024) -> Result<Only<Page2024>> {
    let account = view.account()?;
    let page = Page::new(req.page_number, req.page_size);
    let flags = [req.has_dev_environment, req.dev_role_disabled, req.runs_pai_tasks];
    let excluded = excludes_all(&req.resource_group)
        || excludes_all(&req.tags)
        || flags.contains(&Some(true))
        || req.status.is_some_and(|status| status != AVAILABLE);
    let wanted = |one: &&Arc<Project>| {
        !excluded
            && (req.ids.0.is_empty() || req.ids.0.contains(&one.id))
            && (req.names.is_empty() || req.names.iter().any(|name| *name == one.name))
    };
    let all: Vec<_> = account.projects.iter().filter(wanted).collect();
    let total_count = all.len();
    let project = |one: &Arc<Project>| Project2024 {
        id: one.id,
        name: one.name.to_string(),
        display_name: one.name.to_string(),
        description: "",
        owner: account.uid.to_string(),
        status: AVAILABLE,
        dev_environment_enabled: false,
        dev_role_disabled: false,
        pai_task_enabled: false,
        aliyun_resource_tags: [],
    };
    let projects = page.of(all).into_iter().map(project).collect();
    let (page_number, page_size) = (page.number, page.size);
    Ok(Only("PagingInfo", Page2024 { page_number, page_size, total_count, projects }))
}
