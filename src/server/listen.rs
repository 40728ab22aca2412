//! Listeners: those of the server, and one for each world with its own port. All share one limit on connections.
//!
//! Worlds are created and deleted while the server runs. The control API sends an order to [`Listeners::run`] through a [`Desk`].

use crate::control::{Port, Ports};
use crate::server::App;
use crate::server::connection::{Visit, serve};
use crate::server::limits::Limits;
use crate::server::places::Places;
use crate::world::World;
use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// Connections that wait in the kernel to be accepted.
const BACKLOG: u32 = 1024;
/// Time for requests in flight to finish after the signal to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// A request to the listeners.
#[derive(Debug)]
enum Order {
    Open(TcpListener, SocketAddr, Arc<World>),
    Close(SocketAddr, oneshot::Sender<()>),
}

/// Sender of orders.
#[derive(Debug)]
pub(super) struct Desk(mpsc::UnboundedSender<Order>);

impl Ports for Desk {
    fn bind(&self, address: SocketAddr) -> io::Result<Port> {
        let listener = bind(address)?;
        let address = listener.local_addr()?;
        let desk = self.0.clone();
        let open = move |world| {
            // A stopped server receives no order; the listener closes when the order is dropped.
            let _ = desk.send(Order::Open(listener, address, world));
        };
        Ok(Port { address, open: Box::new(open) })
    }

    fn close(&self, address: SocketAddr) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (closed, done) = oneshot::channel();
        let _ = self.0.send(Order::Close(address, closed));
        Box::pin(async move {
            let _ = done.await;
        })
    }
}

/// Listens on `address`. The caller is inside the runtime.
fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Allows an address whose last connections are still closing.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// All listeners of a server.
#[derive(Debug)]
pub(super) struct Listeners {
    orders: mpsc::UnboundedReceiver<Order>,
    places: Arc<Places>,
    open: BTreeMap<SocketAddr, Listening>,
}

/// A running listener.
#[derive(Debug)]
struct Listening {
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Listening {
    /// Stops accepting and finishes requests in flight. The returned task ends when the address is free.
    fn close(self) -> JoinHandle<()> {
        let _ = self.stop.send(true);
        self.accepting
    }
}

impl Listeners {
    /// Creates an empty set of listeners, and the sender of orders.
    pub(super) fn new(limits: &Limits) -> (Self, Desk) {
        let (desk, orders) = mpsc::unbounded_channel();
        let places = Places::new(limits);
        (Self { orders, places, open: BTreeMap::new() }, Desk(desk))
    }

    /// Serves requests at `own` and at each ordered port until `stop` is done, then finishes requests in flight.
    pub(super) async fn run(
        mut self,
        app: App,
        own: Vec<(TcpListener, SocketAddr)>,
        stop: impl Future<Output = ()>,
    ) {
        for (listener, address) in own {
            self.open(&app, listener, address, None);
        }
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(order) = self.orders.recv() => self.obey(&app, order),
            }
        }
        for accepting in self.open.into_values().map(Listening::close).collect::<Vec<_>>() {
            let _ = accepting.await;
        }
        // If all places are free, all connections are closed.
        if tokio::time::timeout(DRAIN_TIMEOUT, self.places.all_free()).await.is_err() {
            tracing::warn!(
                "requests were still in flight {} s after the signal to stop",
                DRAIN_TIMEOUT.as_secs()
            );
        }
    }

    fn obey(&mut self, app: &App, order: Order) {
        match order {
            Order::Open(listener, address, world) => self.open(app, listener, address, Some(world)),
            Order::Close(address, closed) => {
                let accepting = self.open.remove(&address).map(Listening::close);
                tokio::spawn(async move {
                    if let Some(accepting) = accepting {
                        let _ = accepting.await;
                    }
                    let _ = closed.send(());
                });
            }
        }
    }

    fn open(&mut self, app: &App, listener: TcpListener, address: SocketAddr, home: Option<Arc<World>>) {
        let (stop, stopped) = watch::channel(false);
        let accepting =
            tokio::spawn(accept_all(listener, Arc::clone(&self.places), app.clone(), home, stopped));
        self.open.insert(address, Listening { stop, accepting });
    }
}

/// Accepts connections until told to stop.
async fn accept_all(
    listener: TcpListener,
    places: Arc<Places>,
    app: App,
    home: Option<Arc<World>>,
    stopped: watch::Receiver<bool>,
) {
    let mut stop = stopped.clone();
    loop {
        let (stream, peer) = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return,
            accepted = accept(&listener) => accepted,
        };
        let Some(place) = places.take(peer) else {
            places.turn_away(stream, peer);
            continue;
        };
        let visit = Visit { app: app.clone(), peer, home: home.clone(), stopped: stopped.clone() };
        tokio::spawn(async move {
            serve(stream, visit).await;
            drop(place);
        });
    }
}

/// Accepts the next connection. An error of `accept`, such as a closed client or no file descriptors, affects no existing connection.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                pause().await;
            }
        }
    }
}

/// Waits for other connections to close. Without file descriptors, the next attempt would fail at once.
#[expect(clippy::disallowed_methods, reason = "nothing that a client can see waits for it")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}
