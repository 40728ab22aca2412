//! Listeners: the server's own, and one for each world that has a port. All share the places for connections.
//!
//! Worlds come and go while the server runs, so whoever makes one sends an order to [`Listeners::run`] through a [`Desk`].

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

/// Connections that wait in the kernel for us to accept them.
const BACKLOG: u32 = 1024;
/// For requests in flight to be answered once the server is told to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// What is asked of the listeners.
#[derive(Debug)]
enum Order {
    Open(TcpListener, SocketAddr, Arc<World>),
    Close(SocketAddr, oneshot::Sender<()>),
}

/// Where orders are given.
#[derive(Debug)]
pub(super) struct Desk(mpsc::UnboundedSender<Order>);

impl Ports for Desk {
    fn bind(&self, address: SocketAddr) -> io::Result<Port> {
        let listener = bind(address)?;
        let address = listener.local_addr()?;
        let desk = self.0.clone();
        let open = move |world| {
            // A server that has stopped answers nobody: the listener is closed with the order.
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

/// Listens on `address`; within the runtime.
fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // An address whose last connections are not quite gone is free.
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

/// One listener, at work.
#[derive(Debug)]
struct Listening {
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Listening {
    /// Accepts no more, lets requests in flight be answered, and gives what is done when the address is free.
    fn close(self) -> JoinHandle<()> {
        let _ = self.stop.send(true);
        self.accepting
    }
}

impl Listeners {
    /// None yet, and where they are ordered.
    pub(super) fn new(limits: &Limits) -> (Self, Desk) {
        let (desk, orders) = mpsc::unbounded_channel();
        let places = Places::new(limits);
        (Self { orders, places, open: BTreeMap::new() }, Desk(desk))
    }

    /// Answers at `own` and at every port that is ordered, until `stop` is done; then finishes what is in flight.
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
        // All places free: all connections closed.
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

/// The next connection. Errors of accepting (a client that is gone already, no file descriptors left) concern no connection
/// that exists.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!("a connection could not be accepted: {error}");
                pause().await;
            }
        }
    }
}

/// Gives others time to close: without file descriptors the next try would fail at once.
#[expect(clippy::disallowed_methods, reason = "nothing that a client can see waits for it")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}
