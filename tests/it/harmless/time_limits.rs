//! Clients that are silent, slow or many: each is waited for within a limit, at every door and in every version of HTTP. The
//! limits are fifty times as short as the usual ones, so that nobody waits for them.

use crate::harmless::frames;
use crate::support::live::Live;
use crate::support::tls::{client_trusting, tls_handshake};
use alimock::server::Limits;
use alimock::world::clock::stopwatch;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Either, Full};
use hyper::body::Frame;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use std::convert::Infallible;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio_rustls::TlsConnector;

const DOORS: [(&str, &str); 2] =
    [("/?Format=JSON", "Alimock.RequestTimeout"), ("/_alimock/worlds", "\"request_timeout\"")];

fn live_with_short_limits() -> Live {
    Live::with_limits(Limits::hurried(50))
}

/// All that comes until the server closes.
fn read_until_closed(stream: &mut impl Read) -> String {
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    String::from_utf8_lossy(&all).into_owned()
}

fn half_a_body(target: &str) -> String {
    format!("POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
}

#[test]
fn a_body_that_stops_is_answered_at_every_door_and_its_connection_ends() {
    let live = live_with_short_limits();
    let config = Arc::new(client_trusting(&live, &["http/1.1"]));
    for (target, code) in DOORS {
        let mut plain = live.connect();
        plain.write_all(half_a_body(target).as_bytes()).unwrap();
        let mut tls = tls_handshake(&config, "localhost", live.connect()).unwrap();
        tls.write_all(half_a_body(target).as_bytes()).unwrap();
        let mut tunnel = live.connect();
        let connect = "CONNECT sts.aliyuncs.com:80 HTTP/1.1\r\nHost: a\r\n\r\n";
        tunnel.write_all(format!("{connect}{}", half_a_body(target)).as_bytes()).unwrap();

        for answer in
            [read_until_closed(&mut plain), read_until_closed(&mut tls), read_until_closed(&mut tunnel)]
        {
            assert!(answer.contains("HTTP/1.1 408 ") && answer.contains(code), "{answer}");
            assert!(answer.contains("connection: close"), "{answer}");
        }
    }
}

#[test]
fn a_body_that_arrives_byte_by_byte_times_out() {
    let live = live_with_short_limits();
    for (target, code) in DOORS {
        let mut stream = live.connect();
        stream.write_all(half_a_body(target).as_bytes()).unwrap();
        // Well within the limit for silence.
        stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let mut answer = [0; 4096];
        let count = loop {
            match stream.read(&mut answer) {
                Ok(count) => break count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => stream.write_all(b"x").unwrap(),
                Err(error) => panic!("{error}"),
            }
        };
        let answer = String::from_utf8_lossy(&answer[..count]);
        assert!(
            answer.starts_with("HTTP/1.1 408") && answer.contains("did not arrive completely"),
            "{answer}"
        );
        assert!(answer.contains(code), "{answer}");
    }
}

#[test]
fn many_stalled_bodies_do_not_block_other_clients() {
    let live = Live::start();
    let stalled: Vec<_> = (0..3000)
        .map(|number| {
            let mut stream = live.connect();
            stream.write_all(half_a_body(DOORS[number % 2].0).as_bytes()).unwrap();
            stream
        })
        .collect();

    assert_eq!(live.control("POST", "/worlds?name=other", "").0, 201);
    assert_eq!(live.post_form("Format=JSON").0, 400);
    drop(stalled);
}

#[test]
fn an_idle_or_stalled_client_is_disconnected() {
    let live = live_with_short_limits();
    let config = Arc::new(client_trusting(&live, &["h2"]));
    let health = "GET /_alimock/health HTTP/1.1\r\nHost: x\r\n\r\n";
    for (beginning, answers) in [
        ("", 0),
        ("GET / HT", 0),
        ("GET / HTTP/1.1\r\nHost: x\r\n", 0),
        (health, 1),
        (&format!("{health}GET"), 1),
        ("CONNECT sts.aliyuncs.com:80 HTTP/1.1\r\nHost: a\r\n\r\n", 1),
        ("CONNECT sts.aliyuncs.com:80 HTTP/1.1\r\nHost: a\r\n\r\nGET", 1),
        ("\u{16}\u{3}\u{1}", 0),
    ] {
        let mut stream = live.connect();
        stream.write_all(beginning.as_bytes()).unwrap();
        assert_eq!(read_until_closed(&mut stream).matches("HTTP/1.1 200").count(), answers, "{beginning:?}");
    }
    for bytes in [vec![], frames::opening(), frames::opening()[..20].to_vec()] {
        let mut tls = tls_handshake(&config, "localhost", live.connect()).unwrap();
        tls.write_all(&bytes).unwrap();
        // The end, and not the limit of this side.
        let _ = tls.read_to_end(&mut Vec::new());
        assert!(tls.sock.peek(&mut [0]).is_ok_and(|count| count == 0) || tls.sock.take_error().is_ok());
    }
}

/// Whether a connection is served now; the server closes it.
fn connection_is_served(live: &Live) -> bool {
    live.send_bytes(b"GET /_alimock/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .starts_with("HTTP/1.1 200")
}

/// Waits for a place, for no longer than a minute.
#[track_caller]
fn wait_for_free_place(live: &Live) {
    let since = stopwatch();
    while !connection_is_served(live) {
        assert!(since.elapsed() < Duration::from_secs(60), "a place is not given back");
    }
}

#[test]
fn a_client_that_does_not_read_its_answers_loses_its_connection() {
    let live = Live::with_limits(Limits { connections: 2, ..Limits::hurried(50) });
    let config = Arc::new(client_trusting(&live, &["http/1.1"]));
    let one = "GET /_alimock/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
    wait_for_free_place(&live);
    let mut plain = live.connect();
    plain.write_all(one.repeat(200).as_bytes()).unwrap();
    assert!(!connection_is_served(&live));
    wait_for_free_place(&live);

    // The place of the connection before is given back in a moment.
    let mut tls = (0..1000).find_map(|_| tls_handshake(&config, "localhost", live.connect()).ok()).unwrap();
    tls.write_all(one.repeat(200).as_bytes()).unwrap();
    assert!(!connection_is_served(&live));
    wait_for_free_place(&live);
}

#[test]
fn a_journal_follower_that_does_not_read_loses_its_connection() {
    let live = Live::with_limits(Limits { connections: 2, ..Limits::hurried(50) });
    let mut follower = connect_from(&live, 2);
    follower.write_all(b"GET /_alimock/worlds/default/requests/stream HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    follower.read_exact(&mut [0; 15]).unwrap();
    assert_eq!(health_status(&mut connect_from(&live, 2)), Some(503));

    // More than the buffers of both sides hold.
    let call = format!(
        "GET /?Format=JSON&Action={} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "x".repeat(60_000)
    );
    let since = stopwatch();
    while health_status(&mut connect_from(&live, 2)) != Some(200) {
        live.send_bytes(call.as_bytes());
        assert!(since.elapsed() < Duration::from_secs(60), "the place is not given back");
    }
}

#[test]
fn a_client_that_reads_slowly_gets_its_whole_answer() {
    let live = live_with_short_limits();
    let mut stream = live.connect();
    let requests = "GET /_alimock/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(40);
    stream.write_all(requests.as_bytes()).unwrap();
    let last = "GET /_alimock/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(last.as_bytes()).unwrap();
    let quiet = live.connect();
    quiet.set_read_timeout(Some(Duration::from_millis(50))).unwrap();

    // Longer than every limit, and never silent.
    let (mut all, mut part, since) = (Vec::new(), vec![0; 256 << 10], stopwatch());
    loop {
        let count = stream.read(&mut part).unwrap();
        all.extend_from_slice(&part[..count]);
        if count == 0 {
            break;
        }
        if since.elapsed() < Duration::from_secs(4) {
            let _ = (&quiet).read(&mut [0]);
        }
    }

    let text = String::from_utf8_lossy(&all);
    assert_eq!(text.matches("HTTP/1.1 200").count(), 41);
    assert!(text.ends_with("{\"status\":\"ok\"}\n"));
}

/// A connection of a client at another address of this machine.
fn connect_from(live: &Live, client: u8) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::new(127, 0, 0, client), 0).into()).unwrap();
        let stream = socket.connect(live.address).await.unwrap().into_std().unwrap();
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    })
}

/// Whether a connection is served; it stays open.
fn health_status(stream: &mut TcpStream) -> Option<u16> {
    let _ = stream.write_all(b"GET /_alimock/health HTTP/1.1\r\nHost: x\r\n\r\n");
    let mut answer = [0; 1024];
    let count = stream.read(&mut answer).ok()?;
    String::from_utf8_lossy(&answer[..count]).split(' ').nth(1)?.parse().ok()
}

#[test]
fn one_address_cannot_take_all_connections_and_excess_clients_get_an_answer() {
    let live = Live::with_limits(Limits { connections: 16, ..Limits::default() });
    let mut taken = Vec::new();
    for (client, places) in [(2, 8), (3, 4), (4, 2)] {
        for _ in 0..places {
            let mut stream = connect_from(&live, client);
            assert_eq!(health_status(&mut stream), Some(200), "client {client}");
            taken.push(stream);
        }
        assert_eq!(health_status(&mut connect_from(&live, client)), Some(503), "client {client}");
    }
    assert_eq!(health_status(&mut connect_from(&live, 5)), Some(200));

    let mut refused = connect_from(&live, 2);
    refused.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let answer = read_until_closed(&mut refused);
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("Alimock.TooManyConnections"), "{answer}");
    let mut tls = connect_from(&live, 2);
    tls.write_all(&[0x16, 3, 1, 0, 1, 0]).unwrap();
    let mut alert = Vec::new();
    tls.read_to_end(&mut alert).unwrap();
    assert_eq!(alert, [0x15, 3, 3, 0, 2, 2, 80]);
    // A place that is given back is free.
    drop(taken);
    let since = stopwatch();
    while health_status(&mut connect_from(&live, 2)) != Some(200) {
        assert!(since.elapsed() < Duration::from_secs(60), "no place is given back");
    }
}

type Sent = Either<Full<Bytes>, Never>;

/// A body that begins and does not go on.
struct Never(bool);

impl http_body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if std::mem::replace(&mut self.0, true) {
            Poll::Pending
        } else {
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"half")))))
        }
    }
}

/// A client of HTTP/2 that takes so many bytes of an answer before it is read.
async fn h2(live: &Live, window: u32) -> SendRequest<Sent> {
    let connector = TlsConnector::from(Arc::new(client_trusting(live, &["h2"])));
    let socket = tokio::net::TcpStream::connect(live.address).await.unwrap();
    let stream = connector.connect(ServerName::try_from("localhost").unwrap(), socket).await.unwrap();
    let mut builder = Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(window).initial_connection_window_size(1 << 24);
    let (sender, connection) = builder.handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

fn request(target: &str, body: Sent) -> Request<Sent> {
    let method = if matches!(body, Either::Left(_)) { "GET" } else { "POST" };
    Request::builder().method(method).uri(format!("https://localhost{target}")).body(body).unwrap()
}

fn empty() -> Sent {
    Either::Left(Full::default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_http_2_whose_body_stops_is_answered_on_a_busy_connection() {
    let live = tokio::task::spawn_blocking(live_with_short_limits).await.unwrap();
    let mut sender = h2(&live, 1 << 16).await;
    for (target, code) in DOORS {
        let body = Either::Right(Never(false));
        let stalled = tokio::spawn(sender.send_request(request(target, body)));
        while !stalled.is_finished() {
            let answer = sender.send_request(request("/_alimock/health", empty())).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            let _ = answer.into_body().collect().await.unwrap();
        }

        let answer = stalled.await.unwrap().unwrap();

        assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
        let text = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&text).contains(code), "{text:?}");
    }
    tokio::task::spawn_blocking(move || drop(live)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_http_2_whose_answer_is_not_taken_is_reset_on_a_busy_connection() {
    let live = tokio::task::spawn_blocking(live_with_short_limits).await.unwrap();
    let mut sender = h2(&live, 1 << 16).await;
    let unread = sender.send_request(request("/_alimock/openapi.json", empty())).await.unwrap();
    let events = sender.send_request(request("/_alimock/worlds/default/requests/stream", empty())).await;
    let mut events = events.unwrap().into_body();
    let since = stopwatch();
    // Three times as long as a client may take nothing.
    while since.elapsed() < Duration::from_millis(2000) {
        let answer = sender.send_request(request("/_alimock/health", empty())).await.unwrap();
        let _ = answer.into_body().collect().await.unwrap();
    }

    let error = unread.into_body().collect().await.unwrap_err();

    assert!(format!("{error:?}").contains("CANCEL"), "{error:?}");
    // Whoever waits for news has not stopped taking them.
    assert!(events.frame().await.unwrap().is_ok());
    let read = sender.send_request(request("/_alimock/openapi.json", empty())).await.unwrap();
    assert!(read.into_body().collect().await.unwrap().to_bytes().len() > 100_000);
    tokio::task::spawn_blocking(move || drop(live)).await.unwrap();
}

#[test]
fn floods_of_resets_pings_and_settings_end_their_connection_or_are_answered() {
    let live = live_with_short_limits();
    let config = Arc::new(client_trusting(&live, &["h2"]));
    let fields = [
        (":method", "GET"),
        (":scheme", "https"),
        (":authority", "localhost"),
        (":path", "/_alimock/health"),
    ];
    // So many fit into one record of TLS, which is sent before the server can close.
    let resets = (0..100).flat_map(|number| {
        let stream = 2 * number + 1;
        [frames::head(stream, &fields), frames::reset(stream)].concat()
    });
    let floods = [
        ("resets", resets.collect::<Vec<u8>>()),
        ("pings", frames::ping().repeat(50_000)),
        ("settings", frames::settings().repeat(50_000)),
    ];
    for (what, flood) in floods {
        let mut tls = tls_handshake(&config, "localhost", live.connect()).unwrap();
        let _ = tls.write_all(&[frames::opening(), flood].concat());
        let mut all = Vec::new();
        let _ = tls.read_to_end(&mut all);
        if what == "resets" {
            // GOAWAY, ENHANCE_YOUR_CALM. Source: RFC 9113 section 7.
            let is_told = all.windows(4).any(|code| code == [0, 0, 0, 11]);
            assert!(is_told, "{what}: {all:?}");
        }
        assert!(connection_is_served(&live), "{what}");
    }
}
