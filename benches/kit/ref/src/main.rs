//! benchref: the reference server of the load kit.
//!
//! `/hello`                       static JSON: the cost of bare HTTP on this machine
//! `/mac/{rc,ring,lc}/{1,256,2}`  the same plus one HMAC-SHA1, one HMAC-SHA256, or both, per request
//! `/`                            small stub: verifies v1 (HMAC-SHA1 RPC) or v3 (ACS3-HMAC-SHA256),
//!                                time stamp and nonce, then serves a handful of actions from memory
//! `POST /_reset`, `GET /_requests`
use base64::Engine;
use dashmap::DashMap;
use hmac::{Hmac, Mac};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{LazyLock, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

const HELLO: &[u8] = br#"{"IdentityType":"Account","RequestId":"00000000-0000-0000-0000-000000000000","AccountId":"100000000000000","PrincipalId":"100000000000000","UserId":"100000000000000","Arn":"acs:ram::100000000000000:root"}"#;
const MSG: [u8; 640] = [b'a'; 640]; // about the size of a v1 StringToSign
static AK: LazyLock<String> = LazyLock::new(|| std::env::var("BENCH_AK").unwrap_or("LTAIbench".into()));
static SK: LazyLock<String> = LazyLock::new(|| std::env::var("BENCH_SK").unwrap_or("benchsecret".into()));
static NONCES: LazyLock<DashMap<String, u64>> = LazyLock::new(DashMap::new);
static USERS: RwLock<BTreeMap<String, User>> = RwLock::new(BTreeMap::new());
static SEQ: AtomicU64 = AtomicU64::new(1);
static SERVED: AtomicU64 = AtomicU64::new(0);

struct User {
    id: u64,
    created: u64,
    keys: Vec<(String, String)>,
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn rid() -> String {
    // unique, not random: the cost of real request ids is the emulator's
    let n = SEQ.fetch_add(1, Relaxed);
    format!("{:08X}-0000-4000-8000-{:012X}", (n >> 48) as u32, n & 0xffff_ffff_ffff)
}

fn enc_into(out: &mut String, s: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &b in s.as_bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~') {
            out.push(b as char)
        } else {
            out.push('%');
            out.push(HEX[(b >> 4) as usize] as char);
            out.push(HEX[(b & 15) as usize] as char)
        }
    }
}

fn dec(s: &str) -> String {
    let b = s.as_bytes();
    let mut o = Vec::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        match b[i] {
            b'+' => o.push(b' '),
            b'%' if i + 2 < b.len() => {
                let h = |c: u8| (c as char).to_digit(16).unwrap_or(0) as u8;
                o.push(h(b[i + 1]) << 4 | h(b[i + 2]));
                i += 2
            }
            c => o.push(c),
        }
        i += 1
    }
    String::from_utf8_lossy(&o).into_owned()
}

fn params(q: &str, into: &mut Vec<(String, String)>) {
    for p in q.split('&').filter(|p| !p.is_empty()) {
        let (k, v) = p.split_once('=').unwrap_or((p, ""));
        into.push((dec(k), dec(v)));
    }
}

fn canon(ps: &[(String, String)], skip: &str) -> String {
    let mut v: Vec<_> = ps.iter().filter(|(k, _)| k != skip).collect();
    v.sort();
    let mut o = String::with_capacity(512);
    for (i, (k, val)) in v.iter().enumerate() {
        if i > 0 {
            o.push('&')
        }
        enc_into(&mut o, k);
        o.push('=');
        enc_into(&mut o, val);
    }
    o
}

fn hex(b: &[u8]) -> String {
    let mut s = String::with_capacity(b.len() * 2);
    for x in b {
        let _ = write!(s, "{x:02x}");
    }
    s
}

fn get<'a>(ps: &'a [(String, String)], k: &str) -> &'a str {
    ps.iter().find(|(a, _)| a == k).map(|(_, v)| v.as_str()).unwrap_or("")
}

/// seconds since the epoch of `YYYY-MM-DDTHH:MM:SSZ`
fn parse_ts(s: &str) -> Option<u64> {
    let n = |r: std::ops::Range<usize>| s.get(r)?.parse::<i64>().ok();
    let (y, m, d) = (n(0..4)?, n(5..7)?, n(8..10)?);
    let (yy, mm) = if m <= 2 { (y - 1, m + 9) } else { (y, m - 3) };
    let days = 365 * yy + yy / 4 - yy / 100 + yy / 400 + (153 * mm + 2) / 5 + d - 1 - 719468;
    Some((days * 86400 + n(11..13)? * 3600 + n(14..16)? * 60 + n(17..19)?) as u64)
}

fn err(status: u16, code: &str, msg: &str) -> (StatusCode, Bytes) {
    (
        StatusCode::from_u16(status).unwrap(),
        format!(r#"{{"RequestId":"{}","Code":"{code}","Message":"{msg}"}}"#, rid()).into(),
    )
}

fn fresh(ts: &str, nonce: &str) -> Result<(), (StatusCode, Bytes)> {
    let t = parse_ts(ts).ok_or_else(|| err(400, "InvalidTimeStamp.Format", "bad time stamp"))?;
    if t.abs_diff(now()) > 900 {
        return Err(err(400, "InvalidTimeStamp.Expired", "too far from now"));
    }
    if nonce.is_empty() || NONCES.insert(nonce.to_owned(), t).is_some() {
        return Err(err(400, "SignatureNonceUsed", "nonce used"));
    }
    Ok(())
}

fn stub(method: &Method, path: &str, query: &str, h: &HeaderMap, body: &Bytes) -> (StatusCode, Bytes) {
    let mut ps = Vec::with_capacity(16);
    params(query, &mut ps);
    let hv = |k: &str| h.get(k).and_then(|v| v.to_str().ok()).unwrap_or("");
    let auth = hv("authorization");
    let action;
    if let Some(rest) = auth.strip_prefix("ACS3-HMAC-SHA256 ") {
        let (mut cred, mut signed, mut sig) = ("", "", "");
        for part in rest.split(',') {
            match part.trim().split_once('=') {
                Some(("Credential", v)) => cred = v,
                Some(("SignedHeaders", v)) => signed = v,
                Some(("Signature", v)) => sig = v,
                _ => {}
            }
        }
        if cred != *AK {
            return err(404, "InvalidAccessKeyId.NotFound", "no such key");
        }
        let digest = hex(&Sha256::digest(body));
        if digest != hv("x-acs-content-sha256") {
            return err(400, "SignatureDoesNotMatch", "body digest");
        }
        let mut c = String::with_capacity(768);
        let _ = write!(c, "{method}\n{path}\n{}\n", canon(&ps, ""));
        for k in signed.split(';') {
            let _ = writeln!(c, "{k}:{}", hv(k).trim());
        }
        let _ = write!(c, "\n{signed}\n{digest}");
        let sts = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(c.as_bytes())));
        let mut m = Hmac::<Sha256>::new_from_slice(SK.as_bytes()).unwrap();
        m.update(sts.as_bytes());
        if hex(&m.finalize().into_bytes()) != sig {
            return err(400, "SignatureDoesNotMatch", "v3");
        }
        if let Err(e) = fresh(hv("x-acs-date"), hv("x-acs-signature-nonce")) {
            return e;
        }
        action = hv("x-acs-action").to_owned();
        if hv("content-type").starts_with("application/x-www-form-urlencoded") {
            params(std::str::from_utf8(body).unwrap_or(""), &mut ps);
        }
    } else {
        if hv("content-type").starts_with("application/x-www-form-urlencoded") {
            params(std::str::from_utf8(body).unwrap_or(""), &mut ps);
        }
        if get(&ps, "AccessKeyId") != *AK {
            return err(404, "InvalidAccessKeyId.NotFound", "no such key");
        }
        let mut sts = format!("{method}&%2F&");
        enc_into(&mut sts, &canon(&ps, "Signature"));
        let mut m = Hmac::<Sha1>::new_from_slice(format!("{}&", *SK).as_bytes()).unwrap();
        m.update(sts.as_bytes());
        let want = base64::engine::general_purpose::STANDARD.encode(m.finalize().into_bytes());
        if want != get(&ps, "Signature") {
            return err(400, "SignatureDoesNotMatch", "v1");
        }
        if let Err(e) = fresh(get(&ps, "Timestamp"), get(&ps, "SignatureNonce")) {
            return e;
        }
        action = get(&ps, "Action").to_owned();
    }
    SERVED.fetch_add(1, Relaxed);
    let name = get(&ps, "UserName");
    let body = match action.as_str() {
        "GetCallerIdentity" => format!(
            r#"{{"IdentityType":"Account","RequestId":"{}","AccountId":"100000000000000","PrincipalId":"100000000000000","UserId":"100000000000000","Arn":"acs:ram::100000000000000:root"}}"#,
            rid()
        ),
        "CreateUser" => {
            let id = SEQ.fetch_add(1, Relaxed);
            let mut u = USERS.write().unwrap();
            if u.contains_key(name) {
                return err(409, "EntityAlreadyExists.User", "exists");
            }
            u.insert(name.to_owned(), User { id, created: now(), keys: vec![] });
            format!(r#"{{"RequestId":"{}","User":{{"UserId":"{id}","UserName":"{name}"}}}}"#, rid())
        }
        "CreateAccessKey" => {
            let n = SEQ.fetch_add(1, Relaxed);
            let (id, sec) = (format!("LTAI{n:020}"), format!("{n:030}"));
            match USERS.write().unwrap().get_mut(name) {
                None => return err(404, "EntityNotExist.User", "no user"),
                Some(u) if u.keys.len() >= 2 => return err(409, "LimitExceeded.User.AccessKey", "two keys"),
                Some(u) => u.keys.push((id.clone(), sec.clone())),
            }
            format!(
                r#"{{"RequestId":"{}","AccessKey":{{"AccessKeyId":"{id}","AccessKeySecret":"{sec}","Status":"Active"}}}}"#,
                rid()
            )
        }
        "ListAccessKeys" => {
            let us = USERS.read().unwrap();
            let Some(u) = us.get(name) else { return err(404, "EntityNotExist.User", "no user") };
            let mut o = format!(r#"{{"RequestId":"{}","AccessKeys":{{"AccessKey":["#, rid());
            for (i, (k, _)) in u.keys.iter().enumerate() {
                if i > 0 {
                    o.push(',')
                }
                let _ = write!(o, r#"{{"AccessKeyId":"{k}","Status":"Active"}}"#);
            }
            o + "]}}"
        }
        "ListUsers" => {
            let max: usize = get(&ps, "MaxItems").parse().unwrap_or(100);
            let us = USERS.read().unwrap();
            let mut it = us.range(get(&ps, "Marker").to_owned()..);
            let mut o = format!(r#"{{"RequestId":"{}","Users":{{"User":["#, rid());
            for (i, (n, u)) in it.by_ref().take(max).enumerate() {
                if i > 0 {
                    o.push(',')
                }
                let _ = write!(o, r#"{{"UserName":"{n}","UserId":"{}","CreateDate":"{}"}}"#, u.id, u.created);
            }
            match it.next() {
                Some((n, _)) => {
                    let _ = write!(o, r#"]}},"IsTruncated":true,"Marker":"{n}"}}"#);
                }
                None => o.push_str(r#"]},"IsTruncated":false}"#),
            }
            o
        }
        a => return err(404, "InvalidAction.NotFound", a),
    };
    (StatusCode::OK, body.into())
}

fn mac(path: &str) -> bool {
    let mut p = path.split('/').skip(2);
    let (lib, which) = (p.next().unwrap_or(""), p.next().unwrap_or(""));
    let (one, two) = (which != "256", which != "1");
    let m = std::hint::black_box(&MSG);
    let key = SK.as_bytes();
    let mut ok = true;
    match lib {
        "rc" => {
            // verify_slice against a wrong tag: the full HMAC plus the constant-time compare
            if one {
                let mut h = Hmac::<Sha1>::new_from_slice(key).unwrap();
                h.update(m);
                ok &= h.verify_slice(&[0; 20]).is_err()
            }
            if two {
                let mut h = Hmac::<Sha256>::new_from_slice(key).unwrap();
                h.update(m);
                ok &= h.verify_slice(&[0; 32]).is_err()
            }
        }
        #[cfg(feature = "ring")]
        "ring" => {
            use ring::hmac as r;
            if one {
                ok &= r::verify(&r::Key::new(r::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), m, &[0; 20]).is_err()
            }
            if two {
                ok &= r::verify(&r::Key::new(r::HMAC_SHA256, key), m, &[0; 32]).is_err()
            }
        }
        #[cfg(feature = "awslc")]
        "lc" => {
            use aws_lc_rs::hmac as r;
            if one {
                ok &= r::verify(&r::Key::new(r::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), m, &[0; 20]).is_err()
            }
            if two {
                ok &= r::verify(&r::Key::new(r::HMAC_SHA256, key), m, &[0; 32]).is_err()
            }
        }
        _ => ok = false,
    }
    ok
}

fn route(method: &Method, path: &str, query: &str, h: &HeaderMap, body: &Bytes) -> (StatusCode, Bytes) {
    match path {
        "/hello" => (StatusCode::OK, Bytes::from_static(HELLO)),
        "/_reset" => {
            USERS.write().unwrap().clear();
            NONCES.clear();
            (StatusCode::OK, Bytes::from_static(b"{}"))
        }
        "/_requests" => (StatusCode::OK, format!(r#"{{"served":{}}}"#, SERVED.load(Relaxed)).into()),
        p if p.starts_with("/mac/") => {
            if mac(p) {
                (StatusCode::OK, Bytes::from_static(HELLO))
            } else {
                err(501, "NotBuilt", "feature off")
            }
        }
        p => stub(method, p, query, h, body),
    }
}

fn json(r: (StatusCode, Bytes)) -> Response<Full<Bytes>> {
    Response::builder().status(r.0).header("content-type", "application/json").body(Full::new(r.1)).unwrap()
}

async fn on_hyper(req: Request<Incoming>) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let (p, b) = req.into_parts();
    let body = if p.headers.contains_key("content-length") {
        b.collect().await.map(|c| c.to_bytes()).unwrap_or_default()
    } else {
        Bytes::new()
    };
    Ok(json(route(&p.method, p.uri.path(), p.uri.query().unwrap_or(""), &p.headers, &body)))
}

async fn on_axum(method: Method, uri: axum::http::Uri, h: HeaderMap, body: Bytes) -> Response<Full<Bytes>> {
    json(route(&method, uri.path(), uri.query().unwrap_or(""), &h, &body))
}

fn micro() {
    for p in ["/mac/rc/1", "/mac/rc/256", "/mac/ring/1", "/mac/ring/256", "/mac/lc/1", "/mac/lc/256"] {
        if !mac(p) {
            continue;
        }
        let mut best = f64::MAX;
        for _ in 0..7 {
            let t = std::time::Instant::now();
            for _ in 0..20_000 {
                std::hint::black_box(mac(std::hint::black_box(p)));
            }
            best = best.min(t.elapsed().as_nanos() as f64 / 20_000.0);
        }
        println!("{p} {best:.0} ns per HMAC of {} bytes", MSG.len());
    }
}

fn main() {
    let a: Vec<String> = std::env::args().collect();
    if a.iter().any(|x| x == "--micro") {
        return micro();
    }
    let opt = |k: &str, d: &str| {
        a.iter().position(|x| x == k).and_then(|i| a.get(i + 1).cloned()).unwrap_or(d.into())
    };
    let (port, threads, http) = (opt("--port", "8390"), opt("--threads", "2"), opt("--http", "axum"));
    LazyLock::force(&AK);
    LazyLock::force(&SK);
    let rt = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.parse().unwrap())
        .enable_all()
        .build()
        .unwrap();
    rt.block_on(async move {
        let l = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
        if http == "axum" {
            use axum::serve::ListenerExt;
            let app = axum::Router::new()
                .route(
                    "/hello",
                    axum::routing::get(|| async { json((StatusCode::OK, Bytes::from_static(HELLO))) }),
                )
                .fallback(on_axum);
            return axum::serve(
                l.tap_io(|s| {
                    let _ = s.set_nodelay(true);
                }),
                app,
            )
            .await
            .unwrap();
        }
        loop {
            let (s, _) = l.accept().await.unwrap();
            let _ = s.set_nodelay(true);
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .pipeline_flush(true)
                    .serve_connection(hyper_util::rt::TokioIo::new(s), hyper::service::service_fn(on_hyper)),
            );
        }
    });
}
