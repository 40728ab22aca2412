//! IMS 2019-08-15: the newer API for the users and keys that RAM manages too. Source: docs/evidence/ims.md.

mod applications;
mod installations;
mod oidc_providers;
mod providers;
mod saml_providers;
mod users;

use crate::operation::OwnMatter::Keys;
use crate::operation::{Key, On, Operation, Resource, read, write};
use crate::services::shared::identity::{self, Ims};
use crate::world::account::{OidcProvider, SamlProvider};

const OIDC: On = &[Resource::Named("oidc-provider", "OIDCProviderName")];
const SAML: On = &[Resource::Named("saml-provider", "SAMLProviderName")];
const APPLICATION: On = &[Resource::Application];
const ANYTHING: On = &[Resource::Anything];
/// UNCERTAIN for all but `CreateOIDCProvider` and `GetOIDCProvider`. Source: docs/evidence/ims.md 4.11.
const ISSUER: &[Key] = &[Key::ProviderIssuer];

pub(super) fn operations() -> Vec<Operation> {
    let user: On = &[Resource::User("UserPrincipalName")];
    vec![
        read("ListUserBasicInfos", &[Resource::All("user/*")], users::basic_infos),
        write("CreateAccessKey", user, identity::create_key::<Ims>).about_own(Keys),
        read("ListAccessKeys", user, identity::list_keys::<Ims>).about_own(Keys),
        write("UpdateAccessKey", user, identity::update_key::<Ims>).about_own(Keys),
        write("DeleteAccessKey", user, identity::delete_key::<Ims>).about_own(Keys),
        read("GetAccessKeyLastUsed", user, identity::key_last_used::<Ims>).about_own(Keys),
        write("CreateSAMLProvider", ANYTHING, saml_providers::create),
        read("GetSAMLProvider", SAML, providers::get::<SamlProvider>),
        write("UpdateSAMLProvider", SAML, saml_providers::update),
        write("DeleteSAMLProvider", SAML, providers::delete::<SamlProvider>),
        read("ListSAMLProviders", ANYTHING, providers::list::<SamlProvider>),
        write("SetUserSsoSettings", ANYTHING, saml_providers::set_user_sso),
        read("GetUserSsoSettings", ANYTHING, saml_providers::user_sso),
        write("CreateOIDCProvider", ANYTHING, oidc_providers::create).with_keys(ISSUER),
        read("GetOIDCProvider", OIDC, providers::get::<OidcProvider>).with_keys(ISSUER),
        write("UpdateOIDCProvider", OIDC, oidc_providers::update).with_keys(ISSUER),
        write("DeleteOIDCProvider", OIDC, providers::delete::<OidcProvider>).with_keys(ISSUER),
        read("ListOIDCProviders", ANYTHING, providers::list::<OidcProvider>),
        write("AddClientIdToOIDCProvider", OIDC, oidc_providers::add_client_id).with_keys(ISSUER),
        write("RemoveClientIdFromOIDCProvider", OIDC, oidc_providers::remove_client_id).with_keys(ISSUER),
        write("AddFingerprintToOIDCProvider", OIDC, oidc_providers::add_fingerprint).with_keys(ISSUER),
        write("RemoveFingerprintFromOIDCProvider", OIDC, oidc_providers::remove_fingerprint)
            .with_keys(ISSUER),
        write("CreateApplication", ANYTHING, applications::create),
        read("GetApplication", APPLICATION, applications::get),
        write("UpdateApplication", APPLICATION, applications::update),
        write("DeleteApplication", APPLICATION, applications::delete),
        read("ListApplications", ANYTHING, applications::list),
        // No permission is needed, as a public list of permissions says.
        read("ListPredefinedScopes", &[], applications::list_scopes),
        write("CreateAppSecret", APPLICATION, applications::create_secret),
        read("GetAppSecret", APPLICATION, applications::get_secret),
        read("ListAppSecretIds", APPLICATION, applications::list_secrets),
        write("DeleteAppSecret", APPLICATION, applications::delete_secret),
        write("ProvisionApplication", ANYTHING, installations::provision),
        write("DeprovisionApplication", ANYTHING, installations::deprovision),
        read("GetApplicationProvisionInfo", ANYTHING, installations::get),
        read("ListApplicationProvisionInfos", ANYTHING, installations::list),
        write("ProvisionExternalApplication", ANYTHING, installations::provision_external),
        write("DeprovisionExternalApplication", ANYTHING, installations::deprovision_external),
        read("GetExternalApplication", ANYTHING, installations::get_external),
        read("ListExternalApplications", ANYTHING, installations::list_external),
    ]
}
