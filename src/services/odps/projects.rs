//! MaxCompute projects, visible to their owner and members.

use crate::attributes::{apply, reply};
use crate::error::{Result, odps};
use crate::operation::Document;
use crate::params::request;
use crate::world::View;
use crate::world::account::{Account, Project};
use serde::Serialize;

request! {
    /// Parameters of `ListProjects`.
    pub(super) struct ListProjects {
        prefix: Option<String> = "name",
        owner: Option<String> = "owner",
        user: Option<String> = "user",
        marker: Option<String> = "marker",
        max_items: Option<String> = "maxitems",
        region: Option<String> = "RegionId",
    }

    /// Parameters of `GetProject`.
    pub(super) struct GetProject {
        project: String = "Project",
        region: Option<String> = "RegionId",
    }
}

/// Default page size. UNCERTAIN. Source: pyodps `odps/models/projects.py` accepts any.
const PAGE: usize = 1000;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Projects {
    marker: Option<String>,
    max_items: usize,
    #[serde(rename = "Project")]
    projects: Vec<ProjectView>,
}

#[apply(reply)]
struct ProjectView {
    name: String,
    r#type: &'static str,
    comment: &'static str,
    owner: String,
    creation_time: String,
    last_modified_time: String,
    properties: Nothing,
    state: &'static str,
    region: Option<String>,
    tenant_id: String,
}

#[derive(Debug, Serialize)]
struct Nothing {}

/// Name of an account in MaxCompute. Source: docs/evidence/account.md 6.5.
fn owner_of(account: &Account) -> String {
    format!("ALIYUN${}", account.profile.login_name)
}

impl ProjectView {
    fn new(account: &Account, project: &Project, region: Option<String>) -> Self {
        // Projects are created with their account.
        let time = account.created.to_http();
        Self {
            name: project.name.to_string(),
            r#type: "managed",
            comment: "",
            owner: owner_of(account),
            creation_time: time.clone(),
            last_modified_time: time,
            properties: Nothing {},
            state: "AVAILABLE",
            region,
            tenant_id: account.uid.to_string(),
        }
    }
}

/// `GET /projects`: returns the projects of the caller's account in which the caller is a member, by name.
///
/// UNCERTAIN: projects of other accounts are not listed; the form of `user`. Source: pyodps `odps/models/projects.py`.
pub(super) fn list(view: View<'_>, req: ListProjects) -> Result<Document> {
    let account = view.account()?;
    let max =
        req.max_items.as_deref().and_then(|text| text.parse().ok()).filter(|max| (1..=PAGE).contains(max));
    let max = max.unwrap_or(PAGE);
    let owner = owner_of(account);
    let is_wanted = |project: &Project| {
        let starts = req.prefix.as_deref().is_none_or(|prefix| project.name.starts_with(prefix));
        let is_of =
            req.owner.as_deref().is_none_or(|asked| asked == owner || owner.ends_with(&format!("${asked}")));
        let has = |asked: &str| {
            let name = asked.rsplit(':').next().unwrap_or(asked);
            asked == owner || project.members.iter().any(|member| member == name)
        };
        let after = req.marker.as_deref().is_none_or(|marker| project.name.as_str() > marker);
        starts && is_of && req.user.as_deref().is_none_or(has) && after
    };
    let mut fitting: Vec<&Project> = account.projects.iter().map(|project| &**project).collect();
    fitting.retain(|project| view.by.caller.may_enter(project) && is_wanted(project));
    fitting.sort_by(|one, other| one.name.cmp(&other.name));
    let marker = fitting.get(max).and_then(|_| fitting.get(max - 1)).map(|last| last.name.to_string());
    let shown = fitting.into_iter().take(max);
    let projects = shown.map(|project| ProjectView::new(account, project, req.region.clone())).collect();
    Ok(Document::xml("Projects", &Projects { marker, max_items: max, projects }))
}

/// `GET /projects/<name>`: returns a project to its owner and members.
///
/// Fails with `ODPS-0420111` and `ODPS-0420095` (4002). Source: docs/evidence/account.md 6.5.
pub(super) fn get(view: View<'_>, req: GetProject) -> Result<Document> {
    let found = view.state.project(&req.project);
    let (account, project) = found.ok_or_else(|| odps::PROJECT_NOT_FOUND.about(&req.project))?;
    if view.by.caller.uid() != Some(account.uid) || !view.by.caller.may_enter(project) {
        return Err(odps::NOT_A_MEMBER.about(&project.name));
    }
    let shown = ProjectView::new(account, project, req.region);
    let (owner, time) = (shown.owner.clone(), shown.creation_time.clone());
    Ok(Document::xml("Project", &shown)
        .with("x-odps-owner", owner)
        .with("x-odps-creation-time", &time)
        .with("Last-Modified", time))
}
