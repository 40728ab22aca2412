//! OAuth applications of an account, with generated ids and secrets.

use crate::text::{SecretText, Uid};
use crate::world::account::{AppSecret, NewOAuthApp, OAuthApp};
use crate::world::ids::IdKind;
use crate::world::refusal::Refusal;
use crate::world::tx::Tx;
use std::sync::Arc;

impl Tx<'_> {
    /// Creates an application of an account, with a generated id unless `id` is given.
    pub fn add_oauth_app(
        &mut self,
        uid: Uid,
        id: Option<u64>,
        new: NewOAuthApp,
    ) -> Result<&mut OAuthApp, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, _) = self.account_of(uid)?;
        let id = id.unwrap_or_else(|| ids.oauth_app(uid, account.counters.next(IdKind::OAuthApp)));
        let applications = &mut account.sign_on_mut().applications;
        applications.push_back(Arc::new(OAuthApp::new(id, uid, new, now)));
        Ok(Arc::make_mut(applications.back_mut().expect("one was just added")))
    }

    /// Creates a secret of an application of an account, with generated id and value unless they are given.
    pub fn add_app_secret(
        &mut self,
        uid: Uid,
        app: u64,
        id: Option<&str>,
        value: Option<SecretText>,
    ) -> Result<AppSecret, Refusal> {
        let (ids, now) = (self.ids, self.now);
        let (account, _) = self.account_of(uid)?;
        let (made_id, made_value) = ids.app_secret(uid, account.counters.next(IdKind::AppSecret));
        let (id, value) = (id.map_or(made_id, Into::into), value.unwrap_or(made_value));
        account.sign_on_mut().application_mut(app)?.add_secret(AppSecret { id, value, created: now }).cloned()
    }
}
