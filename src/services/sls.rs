//! Log Service (SLS), limited to authentication and permission: no request runs, stubs answer.
//!
//! Source of the table: the paths of aliyun-log-python-sdk 0.9.52 (`logclient.py`); actions and resources of the pages
//! "Action list" and "Authentication rules" of Log Service. UNCERTAIN: the resources of `CreateProject`, `Job` and `Tag`.

use crate::error::sls;
use crate::operation::Resource;
use crate::services::{Denial, Paths, Product, Unmet};
use crate::world::gates::Requirement;
use std::sync::LazyLock;

/// Refusals of unmet requirements. Source: SLS "Error codes".
const UNMET: &[Unmet] = &[
    Unmet::new(Requirement::Activated, &sls::NOT_OPENED),
    Unmet::new(Requirement::NotShutDown, &sls::FORBIDDEN),
];

/// Requests. A path begins with the project that the host names, or with `-`.
static PATHS: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(
        "GET /- ListProject = project/*
POST /- CreateProject = project/*
GET /-/tags ListTagResources = project/*
GET /{Project} GetProject = project/{Project}
POST /{Project} CreateProject = project/{Project}
PUT /{Project} UpdateProject = project/{Project}
DELETE /{Project} DeleteProject = project/{Project}
GET /{Project}/logs GetProjectLogs = project/{Project}/logstore/*
POST /{Project}/tag TagResources = project/{Project}
POST /{Project}/untag UntagResources = project/{Project}
GET /{Project}/tags ListTagResources = project/{Project}
GET /{Project}/logstores ListLogStores = project/{Project}/logstore/*
POST /{Project}/logstores CreateLogStore = project/{Project}/logstore/*
GET /{Project}/logstores/{Logstore}?type=log GetLogs GetLogStoreLogs project/{Project}/logstore/{Logstore}
GET /{Project}/logstores/{Logstore}?type=histogram GetHistograms GetLogStoreHistogram project/{Project}/logstore/{Logstore}
GET /{Project}/logstores/{Logstore}?type=context_log GetContextLogs GetLogStoreContextLogs project/{Project}/logstore/{Logstore}
GET /{Project}/logstores/{Logstore} GetLogStore = project/{Project}/logstore/{Logstore}
POST /{Project}/logstores/{Logstore} PutLogs PostLogStoreLogs project/{Project}/logstore/{Logstore}
PUT /{Project}/logstores/{Logstore} UpdateLogStore = project/{Project}/logstore/{Logstore}
DELETE /{Project}/logstores/{Logstore} DeleteLogStore = project/{Project}/logstore/{Logstore}
POST /{Project}/logstores/{Logstore}/logs GetLogsV2 GetLogStoreLogs project/{Project}/logstore/{Logstore}
GET /{Project}/logstores/{Logstore}/index GetIndex = project/{Project}/logstore/{Logstore}
POST /{Project}/logstores/{Logstore}/index CreateIndex = project/{Project}/logstore/{Logstore}
PUT /{Project}/logstores/{Logstore}/index UpdateIndex = project/{Project}/logstore/{Logstore}
DELETE /{Project}/logstores/{Logstore}/index DeleteIndex = project/{Project}/logstore/{Logstore}
GET /{Project}/logstores/{Logstore}/shards ListShards = project/{Project}/logstore/{Logstore}
POST /{Project}/logstores/{Logstore}/shards/lb PutLogs PostLogStoreLogs project/{Project}/logstore/{Logstore}
POST /{Project}/logstores/{Logstore}/shards/route PutLogs PostLogStoreLogs project/{Project}/logstore/{Logstore}
GET /{Project}/logstores/{Logstore}/shards/{Shard}?type=cursor GetCursor GetCursorOrData project/{Project}/logstore/{Logstore}
GET /{Project}/logstores/{Logstore}/shards/{Shard}?type=cursor_time GetCursorTime GetCursorOrData project/{Project}/logstore/{Logstore}
GET /{Project}/logstores/{Logstore}/shards/{Shard} PullLogs GetCursorOrData project/{Project}/logstore/{Logstore}
POST /{Project}/logstores/{Logstore}/shards/{Shard}?action=split SplitShard = project/{Project}/logstore/{Logstore}
POST /{Project}/logstores/{Logstore}/shards/{Shard}?action=merge MergeShard = project/{Project}/logstore/{Logstore}
GET /{Project}/logstores/{Logstore}/shipper/{Shipper}/tasks GetShipperStatus = project/{Project}/logstore/{Logstore}
PUT /{Project}/logstores/{Logstore}/shipper/{Shipper}/tasks RetryShipperTask = project/{Project}/logstore/{Logstore}
GET /{Project}/logstores/{Logstore}/consumergroups ListConsumerGroup = project/{Project}/logstore/{Logstore}/consumergroup/*
POST /{Project}/logstores/{Logstore}/consumergroups CreateConsumerGroup = project/{Project}/logstore/{Logstore}/consumergroup/*
GET /{Project}/logstores/{Logstore}/consumergroups/{Group} GetCheckPoint GetConsumerGroupCheckPoint project/{Project}/logstore/{Logstore}/consumergroup/{Group}
POST /{Project}/logstores/{Logstore}/consumergroups/{Group}?type=heartbeat ConsumerGroupHeartBeat = project/{Project}/logstore/{Logstore}/consumergroup/{Group}
POST /{Project}/logstores/{Logstore}/consumergroups/{Group} ConsumerGroupUpdateCheckPoint = project/{Project}/logstore/{Logstore}/consumergroup/{Group}
PUT /{Project}/logstores/{Logstore}/consumergroups/{Group} UpdateConsumerGroup = project/{Project}/logstore/{Logstore}/consumergroup/{Group}
DELETE /{Project}/logstores/{Logstore}/consumergroups/{Group} DeleteConsumerGroup = project/{Project}/logstore/{Logstore}/consumergroup/{Group}
GET /{Project}/configs ListConfig = project/{Project}/logtailconfig/*
POST /{Project}/configs CreateConfig = project/{Project}/logtailconfig/*
GET /{Project}/configs/{Config} GetConfig = project/{Project}/logtailconfig/{Config}
PUT /{Project}/configs/{Config} UpdateConfig = project/{Project}/logtailconfig/{Config}
DELETE /{Project}/configs/{Config} DeleteConfig = project/{Project}/logtailconfig/{Config}
GET /{Project}/configs/{Config}/machinegroups GetAppliedMachineGroups = project/{Project}/logtailconfig/{Config}
GET /{Project}/machinegroups ListMachineGroup = project/{Project}/machinegroup/*
POST /{Project}/machinegroups CreateMachineGroup = project/{Project}/machinegroup/*
GET /{Project}/machinegroups/{Group} GetMachineGroup = project/{Project}/machinegroup/{Group}
PUT /{Project}/machinegroups/{Group} UpdateMachineGroup = project/{Project}/machinegroup/{Group}
DELETE /{Project}/machinegroups/{Group} DeleteMachineGroup = project/{Project}/machinegroup/{Group}
GET /{Project}/machinegroups/{Group}/machines ListMachines = project/{Project}/machinegroup/{Group}
GET /{Project}/machinegroups/{Group}/configs GetAppliedConfigs = project/{Project}/machinegroup/{Group}
PUT /{Project}/machinegroups/{Group}/configs/{Config} ApplyConfigToMachineGroup ApplyConfigToGroup project/{Project}/logtailconfig/{Config},project/{Project}/machinegroup/{Group}
DELETE /{Project}/machinegroups/{Group}/configs/{Config} RemoveConfigFromMachineGroup RemoveConfigFromGroup project/{Project}/logtailconfig/{Config},project/{Project}/machinegroup/{Group}
GET /{Project}/savedsearches ListSavedSearch = project/{Project}/savedsearch/*
POST /{Project}/savedsearches CreateSavedSearch = project/{Project}/savedsearch/*
GET /{Project}/savedsearches/{Name} GetSavedSearch = project/{Project}/savedsearch/{Name}
PUT /{Project}/savedsearches/{Name} UpdateSavedSearch = project/{Project}/savedsearch/{Name}
DELETE /{Project}/savedsearches/{Name} DeleteSavedSearch = project/{Project}/savedsearch/{Name}
GET /{Project}/dashboards ListDashboard = project/{Project}/dashboard/*
POST /{Project}/dashboards CreateDashboard = project/{Project}/dashboard/*
GET /{Project}/dashboards/{Name} GetDashboard = project/{Project}/dashboard/{Name}
PUT /{Project}/dashboards/{Name} UpdateDashboard = project/{Project}/dashboard/{Name}
DELETE /{Project}/dashboards/{Name} DeleteDashboard = project/{Project}/dashboard/{Name}
GET /{Project}/jobs ListJobs = project/{Project}/job/*
POST /{Project}/jobs CreateJob = project/{Project}/job/*
GET /{Project}/jobs/{Name} GetJob = project/{Project}/job/{Name}
PUT /{Project}/jobs/{Name} UpdateJob = project/{Project}/job/{Name}
DELETE /{Project}/jobs/{Name} DeleteJob = project/{Project}/job/{Name}",
    )
});

/// The product.
pub(super) fn product() -> Product {
    // `log` is the name of its hosts in alimock's own domains.
    Product::new("Sls", "log", &["log"], &["2020-12-30"])
        .denying(Denial::Named(&sls::DENIED), &[Resource::All("*")])
        .refusing(UNMET)
        .addressed(&PATHS)
}
