//! FunctionCompute 2.0 (FC), version 2016-08-15, limited to authentication and permission: no request runs, stubs answer.
//!
//! Source of the table: package aliyun-fc2 2.5.2 (`client.py`); the resources of lists and creation as observed in
//! lithops-cloud/lithops 781 and Serverless-Devs/Serverless-Devs 350. UNCERTAIN: the resources of account settings and tags.

use crate::error::fc;
use crate::operation::Resource;
use crate::services::{Denial, Paths, Product, Unmet};
use crate::world::gates::Requirement;
use std::sync::LazyLock;

/// Refusals of unmet requirements.
const UNMET: &[Unmet] = &[Unmet::new(Requirement::Activated, &fc::NOT_ENABLED)];

/// Requests. The path has no version.
static PATHS: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(
        "GET /account-settings GetAccountSettings = *
GET /services ListServices = services/*
POST /services CreateService = services/*
GET /services/{Service} GetService = services/{Service}
PUT /services/{Service} UpdateService = services/{Service}
DELETE /services/{Service} DeleteService = services/{Service}
GET /services/{Service}/functions ListFunctions = services/{Service}/functions/*
POST /services/{Service}/functions CreateFunction = services/{Service}/functions/*
GET /services/{Service}/functions/{Function} GetFunction = services/{Service}/functions/{Function}
PUT /services/{Service}/functions/{Function} UpdateFunction = services/{Service}/functions/{Function}
DELETE /services/{Service}/functions/{Function} DeleteFunction = services/{Service}/functions/{Function}
GET /services/{Service}/functions/{Function}/code GetFunctionCode = services/{Service}/functions/{Function}
POST /services/{Service}/functions/{Function}/invocations InvokeFunction = services/{Service}/functions/{Function}
GET /services/{Service}/functions/{Function}/triggers ListTriggers = services/{Service}/functions/{Function}/triggers/*
POST /services/{Service}/functions/{Function}/triggers CreateTrigger = services/{Service}/functions/{Function}/triggers/*
GET /services/{Service}/functions/{Function}/triggers/{Trigger} GetTrigger = services/{Service}/functions/{Function}/triggers/{Trigger}
PUT /services/{Service}/functions/{Function}/triggers/{Trigger} UpdateTrigger = services/{Service}/functions/{Function}/triggers/{Trigger}
DELETE /services/{Service}/functions/{Function}/triggers/{Trigger} DeleteTrigger = services/{Service}/functions/{Function}/triggers/{Trigger}
GET /services/{Service}/versions ListServiceVersions = services/{Service}/versions/*
POST /services/{Service}/versions PublishServiceVersion = services/{Service}/versions/*
DELETE /services/{Service}/versions/{Version} DeleteServiceVersion = services/{Service}/versions/{Version}
GET /services/{Service}/aliases ListAliases = services/{Service}/aliases/*
POST /services/{Service}/aliases CreateAlias = services/{Service}/aliases/*
GET /services/{Service}/aliases/{Alias} GetAlias = services/{Service}/aliases/{Alias}
PUT /services/{Service}/aliases/{Alias} UpdateAlias = services/{Service}/aliases/{Alias}
DELETE /services/{Service}/aliases/{Alias} DeleteAlias = services/{Service}/aliases/{Alias}
GET /custom-domains ListCustomDomains = custom-domains/*
POST /custom-domains CreateCustomDomain = custom-domains/*
GET /custom-domains/{Domain} GetCustomDomain = custom-domains/{Domain}
PUT /custom-domains/{Domain} UpdateCustomDomain = custom-domains/{Domain}
DELETE /custom-domains/{Domain} DeleteCustomDomain = custom-domains/{Domain}",
    )
});

/// The product.
pub(super) fn product() -> Product {
    Product::new("FC", "fc", &["fc", "fcv3"], &["2016-08-15", "2021-04-06", "2023-03-30"])
        .denying(Denial::Named(&fc::DENIED), &[Resource::All("*")])
        .refusing(UNMET)
        .addressed(&PATHS)
}
