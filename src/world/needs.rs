//! Permissions that calls needed: which identity asked for which action, on which resources. `alimock run` makes policies of them.
//!
//! They are recorded only if the settings of the server have a recorder. Unlike the journal, it also knows the calls of an account itself,
//! which no policy decides, and every resource of a call.

use crate::policy::Context;
use parking_lot::Mutex;
use std::collections::BTreeMap;

/// What a call needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// ARN of the identity; for a session, of its role.
    pub who: String,
    /// Action, such as `ram:CreateUser`.
    pub action: String,
    /// ARNs of the resources.
    pub resources: Vec<String>,
    /// `true` if the call may run without a policy that allows it.
    pub is_free: bool,
    /// Condition keys without the time, so that equal calls are equal.
    keys: Vec<(String, Vec<String>)>,
}

/// Recorder of needs.
#[derive(Debug, Default)]
pub struct Needs(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    /// Number of equal calls, and the condition keys of the first one.
    calls: BTreeMap<Need, (usize, Context)>,
    first: Option<String>,
}

impl Needs {
    /// Records a call with its condition keys.
    pub fn note(&self, who: String, action: &str, resources: &[String], is_free: bool, context: &Context) {
        let keys = context.iter().filter(|(key, _)| *key != "acs:CurrentTime");
        let keys = keys.map(|(key, values)| (key.to_owned(), values.to_vec())).collect();
        let need = Need { who, action: action.to_owned(), resources: resources.to_vec(), is_free, keys };
        let mut noted = self.0.lock();
        noted.first.get_or_insert_with(|| need.who.clone());
        noted.calls.entry(need).or_insert_with(|| (0, context.clone())).0 += 1;
    }

    /// Returns the identity of the first call.
    pub fn first(&self) -> Option<String> {
        self.0.lock().first.clone()
    }

    /// Returns all needs in alphabetical order, each with the number of calls and the condition keys of the first one.
    pub fn all(&self) -> Vec<(Need, usize, Context)> {
        self.0.lock().calls.iter().map(|(need, (calls, keys))| (need.clone(), *calls, keys.clone())).collect()
    }
}
