//! Parts of a call as parameters of its handler. A handler is a plain function of the parts it needs: the server, names
//! in the path, the query, headers, the body. One asynchronous function connects all handlers to the router.
//!
//! Handlers of axum would each compile to a state machine of two kilobytes, although they never wait. The asynchronous
//! function also runs all but the lightest handlers on worker threads, not on the I/O threads.

use crate::control::{Answer, Control, ControlError, InAccount, Weight, read};
use crate::world::World;
use axum::extract::{FromRequest, Path, Query, RawPathParams, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use bytes::Bytes;
use http::{HeaderMap, Uri};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// A received call.
pub(super) struct Call {
    control: Arc<Control>,
    names: Vec<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

/// A parameter of a handler.
pub(super) trait FromCall: Sized {
    /// Extracts it from the call.
    fn from_call(call: &Call) -> Answer<Self>;
}

impl FromCall for State<Arc<Control>> {
    fn from_call(call: &Call) -> Answer<Self> {
        Ok(Self(Arc::clone(&call.control)))
    }
}

impl FromCall for HeaderMap {
    fn from_call(call: &Call) -> Answer<Self> {
        Ok(call.headers.clone())
    }
}

impl FromCall for Bytes {
    fn from_call(call: &Call) -> Answer<Self> {
        Ok(call.body.clone())
    }
}

impl<T: DeserializeOwned> FromCall for Query<T> {
    fn from_call(call: &Call) -> Answer<Self> {
        Self::try_from_uri(&call.uri)
            .map_err(|wrong| ControlError::bad_request("invalid_query", wrong.body_text()))
    }
}

/// First two names in the path.
impl FromCall for Path<(String, String)> {
    fn from_call(call: &Call) -> Answer<Self> {
        Ok(Self((call.nth(0), call.nth(1))))
    }
}

/// The world that the path names.
pub(super) struct InWorld(pub(super) Arc<World>);

impl FromCall for InWorld {
    fn from_call(call: &Call) -> Answer<Self> {
        call.control.world(&call.nth(0)).map(Self)
    }
}

/// The name that follows the world in the path.
pub(super) struct Id(pub(super) String);

impl FromCall for Id {
    fn from_call(call: &Call) -> Answer<Self> {
        Ok(Self(call.nth(1)))
    }
}

impl FromCall for InAccount {
    fn from_call(call: &Call) -> Answer<Self> {
        let InWorld(world) = InWorld::from_call(call)?;
        Ok(Self { world, account: call.nth(1), id: call.nth(2) })
    }
}

/// The body, read by the schema of its type.
pub(super) struct Input<T>(pub(super) T);

impl<T: DeserializeOwned + JsonSchema> FromCall for Input<T> {
    fn from_call(call: &Call) -> Answer<Self> {
        read(&call.body).map(Self)
    }
}

impl Call {
    /// Returns the name at this index of the path; empty if the path is shorter.
    fn nth(&self, place: usize) -> String {
        self.names.get(place).cloned().unwrap_or_default()
    }
}

/// A function that handles calls; `A` is the tuple of its parameters.
pub(super) trait Handle<A>: Send + Sync + 'static {
    /// Handles a call.
    fn handle(&self, call: &Call) -> Response;
}

macro_rules! handle {
    ($($asked:ident)*) => {
        impl<F, R, $($asked),*> Handle<($($asked,)*)> for F
        where
            F: Fn($($asked),*) -> R + Send + Sync + 'static,
            R: IntoResponse,
            $($asked: FromCall,)*
        {
            #[allow(unused_variables, reason = "some ask for nothing")]
            fn handle(&self, call: &Call) -> Response {
                #[cfg(test)]
                assert!(!call.headers.contains_key("x-panic-in-call"), "a test wants a panic");
                let answer = || -> Answer<R> { Ok(self($($asked::from_call(call)?),*)) };
                answer().into_response()
            }
        }
    };
}

handle!();
handle!(A);
handle!(A B);
handle!(A B C);
handle!(A B C D);

/// A handler without its parameter types.
pub(super) type Job = Arc<dyn Fn(&Call) -> Response + Send + Sync>;

/// Converts a handler to a job.
pub(super) fn job<A>(handler: impl Handle<A>) -> Job {
    Arc::new(move |call| handler.handle(call))
}

/// Returns an error if a call that takes no query parameters has some.
pub(super) fn no_query(uri: &Uri) -> Answer<()> {
    match uri.query().filter(|query| !query.is_empty()) {
        None => Ok(()),
        Some(query) => {
            let name = query.split(['=', '&']).next().unwrap_or_default();
            let why = format!("unknown parameter `{name}` in the query: this call takes none");
            Err(ControlError::bad_request("invalid_query", why))
        }
    }
}

/// Routes calls of a method to a job. Without a weight, the job runs at once.
pub(super) fn serve(
    filter: MethodFilter,
    weight: Option<Weight>,
    job: Job,
    has_query: bool,
) -> MethodRouter<Arc<Control>> {
    on(filter, async move |State(control): State<Arc<Control>>, names: RawPathParams, request: Request| {
        let names = names.iter().map(|(_, value)| value.to_owned()).collect();
        let (uri, headers) = (request.uri().clone(), request.headers().clone());
        if !has_query && let Err(refused) = no_query(&uri) {
            return refused.into_response();
        }
        let body = match Bytes::from_request(request, &()).await {
            Ok(body) => body,
            Err(refused) => return refused.into_response(),
        };
        let beside = Arc::clone(&control.beside);
        let call = Call { control, names, uri, headers, body };
        match weight {
            None => job(&call),
            Some(weight) => beside.run(weight, Box::new(move || job(&call))).await,
        }
    })
}
