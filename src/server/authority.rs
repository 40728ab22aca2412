//! Certificate authority of a server: one root, created when first needed, and a certificate for each name that a client requests.
//!
//! This module must not know which names belong to alimock: the caller checks the name before the handshake. Start with [`Authority::new`].

use crate::control::Trust;
use crate::gateway::METADATA;
use crate::server::kept::Kept;
use crate::world::clock::Clock;
use compact_str::CompactString;
use parking_lot::Mutex;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, SerialNumber, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, TrustAnchor, pem::PemObject};
use rustls::server::{ClientHello, ResolvesServerCert, ServerConfig};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, crypto::ring};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Maximum number of cached certificates. At the limit the cache is cleared; certificates are created again when needed.
const KEPT: usize = 256;
/// Days that a host certificate is valid. Source: some clients reject more than 825 (support.apple.com, HT210176).
const DAYS: u32 = 700;
const DAY: Duration = Duration::from_hours(24);

/// A root certificate with its key, and the TLS settings made from it.
#[derive(Debug)]
pub struct Authority {
    root: OnceLock<Arc<Root>>,
    tls: OnceLock<Arc<ServerConfig>>,
    /// Addresses at which clients reach the server without a name.
    addresses: Vec<IpAddr>,
}

/// Reason why the files in a directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The file cannot be read or written.
    #[error("cannot use `{0}`: {1}")]
    File(PathBuf, io::Error),
    /// The path is a directory, a pipe or a device.
    #[error("`{0}` is not a regular file; remove it, or choose another directory")]
    NoFile(PathBuf),
    /// Another program has locked it.
    #[error("cannot use `{0}`: another program has locked it for {1:?}; stop that program")]
    Locked(PathBuf, Duration),
    /// The file does not contain a key.
    #[error(
        "`{0}` is not the private key of an alimock certificate authority; remove it and the `ca.pem` in the same directory to create a new pair"
    )]
    Key(PathBuf),
    /// Other users than the owner can read or change the key.
    #[error(
        "other users can read or change the private key `{0}` (mode {1:03o}); run `chmod 600 {0}`, or remove it and `ca.pem` to create a new pair"
    )]
    Exposed(PathBuf, u32),
    /// The file does not contain the certificate of the key.
    #[error("`{0}` does not match `ca.key`; remove it to create it again from the key")]
    Certificate(PathBuf),
    /// The certificate exists, but not the key.
    #[error("`{0}` is missing, but `ca.pem` exists; restore it, or remove `ca.pem` to create a new pair")]
    KeyLost(PathBuf),
}

/// Certificate and key of the root.
struct Root {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl std::fmt::Debug for Root {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Root(..)")
    }
}

impl Authority {
    /// Creates the authority of a server that listens on `listen`. Without a directory, the root is created when first needed. With one, the
    /// root is read from its `ca.pem` and `ca.key`, or created there. This happens at once, so the server reports bad files at the start.
    pub fn new(listen: IpAddr, directory: Option<&Path>) -> Result<Self, Unusable> {
        let mut addresses = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        addresses.extend(METADATA.parse::<IpAddr>());
        if !listen.is_unspecified() && !addresses.contains(&listen) {
            addresses.push(listen);
        }
        let root = match directory {
            Some(directory) => OnceLock::from(Arc::new(Root::kept_in(directory)?)),
            None => OnceLock::new(),
        };
        Ok(Self { root, tls: OnceLock::new(), addresses })
    }

    /// Root certificate as PEM.
    pub fn certificate(&self) -> &str {
        &self.root().pem
    }

    /// TLS settings for all connections: HTTP/2 or HTTP/1.1, with certificates that the root signs.
    pub(super) fn tls(&self) -> Arc<ServerConfig> {
        let make = || {
            let mut tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("ring has the suites of both versions")
                .with_no_client_auth()
                .with_cert_resolver(Arc::new(Leaves::of(self.root(), self.addresses.clone())));
            tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
            tls.ticketer = ring::Ticketer::new().expect("the machine has random numbers");
            Arc::new(tls)
        };
        Arc::clone(self.tls.get_or_init(make))
    }

    fn root(&self) -> &Arc<Root> {
        self.root.get_or_init(|| Arc::new(Root::of(new_key())))
    }
}

impl Trust for Authority {
    fn certificate(&self) -> &str {
        self.certificate()
    }
}

fn new_key() -> KeyPair {
    KeyPair::generate().expect("the machine has random numbers")
}

impl Root {
    /// Root of a key. Everything in it but the signature follows from the key.
    fn of(key: KeyPair) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "alimock test CA, trust it in tests only");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Fixed dates, so that the root is valid on machines whose clocks differ.
        (params.not_before, params.not_after) = (date_time_ymd(2025, 1, 1), date_time_ymd(2045, 1, 1));
        let pem = params.self_signed(&key).expect("the key can sign").pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// Root in a directory; created if missing.
    fn kept_in(directory: &Path) -> Result<Self, Unusable> {
        let kept = Kept::new(directory);
        // If both files are complete, nothing is written: a read-only directory works.
        if let Some(root) = Self::whole(&kept)? {
            return Ok(root);
        }
        let _lock = kept.lock()?;
        if let Some(root) = Self::whole(&kept)? {
            return Ok(root);
        }
        if kept.key()?.is_none() {
            kept.place_key(&new_key().serialize_pem())?;
        }
        // If two programs do this at the same time, only one of them places its key.
        let lost = || Unusable::KeyLost(kept.key_file());
        kept.place_certificate(&Self::of(key_of(&kept)?.ok_or_else(lost)?).pem)?;
        Self::whole(&kept)?.ok_or_else(lost)
    }

    /// Root of a directory that holds key and certificate.
    fn whole(kept: &Kept<'_>) -> Result<Option<Self>, Unusable> {
        // The key is placed first. So a certificate without a key means that the key was lost.
        let Some(pem) = kept.certificate()? else { return Ok(None) };
        let key = key_of(kept)?.ok_or_else(|| Unusable::KeyLost(kept.key_file()))?;
        let made = Self::of(key);
        let is_same = anchor(&pem).is_some_and(|kept| {
            let own = anchor(&made.pem).expect("a root that was just made can be read");
            kept.subject == own.subject && kept.subject_public_key_info == own.subject_public_key_info
        });
        // An existing certificate stays: clients trust it already.
        if is_same {
            Ok(Some(Self { pem, ..made }))
        } else {
            Err(Unusable::Certificate(kept.certificate_file()))
        }
    }
}

/// Key in a directory, if it exists.
fn key_of(kept: &Kept<'_>) -> Result<Option<KeyPair>, Unusable> {
    let Some((text, mode)) = kept.key()? else { return Ok(None) };
    let key = KeyPair::from_pem(&text).map_err(|_| Unusable::Key(kept.key_file()))?;
    match mode & 0o777 {
        mode if mode & 0o077 != 0 => Err(Unusable::Exposed(kept.key_file(), mode)),
        _ => Ok(Some(key)),
    }
}

/// Subject and key of a certificate.
fn anchor(pem: &str) -> Option<TrustAnchor<'static>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).ok()?).ok()?;
    roots.roots.pop()
}

/// Certificates by name. All use one key, so a new certificate costs one signature.
struct Leaves {
    root: Arc<Root>,
    key: KeyPair,
    signer: Arc<dyn rustls::sign::SigningKey>,
    addresses: Vec<IpAddr>,
    made: Mutex<HashMap<CompactString, Arc<CertifiedKey>>>,
}

impl std::fmt::Debug for Leaves {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Leaves(..)")
    }
}

impl Leaves {
    fn of(root: &Arc<Root>, addresses: Vec<IpAddr>) -> Self {
        let key = new_key();
        let der = PrivateKeyDer::try_from(key.serialize_der()).expect("keys are written as PKCS #8");
        let signer = ring::sign::any_supported_type(&der).expect("ring signs with its own keys");
        Self { root: Arc::clone(root), key, signer, addresses, made: Mutex::default() }
    }

    /// Certificate for a name; an empty name means addresses and `localhost`.
    fn named(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let name = name.to_ascii_lowercase();
        // One certificate for all names of a domain. OpenSSL accepts no wildcard directly below a top-level domain.
        let parent = name.split_once('.').map(|(_, parent)| parent).filter(|parent| parent.contains('.'));
        let key = parent.unwrap_or(&name);
        if let Some(made) = self.made.lock().get(key) {
            return Some(Arc::clone(made));
        }
        let names = match parent {
            Some(parent) => vec![format!("*.{parent}"), parent.to_owned()],
            None if name.is_empty() => vec!["localhost".to_owned()],
            None => vec![name.clone()],
        };
        let made = Arc::new(self.signed(key, names)?);
        let mut kept = self.made.lock();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key.into(), Arc::clone(&made));
        Some(made)
    }

    fn signed(&self, key: &str, names: Vec<String>) -> Option<CertifiedKey> {
        let mut params = CertificateParams::new(names).ok()?;
        if key.is_empty() {
            params.subject_alt_names.extend(self.addresses.iter().copied().map(SanType::IpAddress));
        }
        params.distinguished_name.push(DnType::CommonName, "alimock");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        // Two certificates of an issuer never have the same serial number, even if servers share a directory.
        let number = [key.as_bytes(), self.key.public_key_raw()].concat();
        let mut number = Sha256::digest(number)[..16].to_vec();
        number[0] &= 0x7f;
        params.serial_number = Some(SerialNumber::from(number));
        let today = date_time_ymd(1970, 1, 1) + today();
        // Valid for clients whose clock is behind, too.
        params.not_before = today - DAY;
        params.not_after = today + DAY * DAYS;
        let certificate = params.signed_by(&self.key, &self.root.issuer).ok()?;
        Some(CertifiedKey::new(vec![certificate.der().clone()], Arc::clone(&self.signer)))
    }
}

/// Time since 1970, in whole days.
fn today() -> Duration {
    let now = Clock::default().now().gateway.as_millis();
    DAY * u32::try_from(now / 86_400_000).unwrap_or_default()
}

impl ResolvesServerCert for Leaves {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.named(hello.server_name().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves() -> Leaves {
        Leaves::of(&Arc::new(Root::of(new_key())), vec![Ipv4Addr::LOCALHOST.into()])
    }

    #[test]
    fn names_beside_each_other_have_one_certificate_and_the_number_of_those_kept_is_bounded() {
        let leaves = leaves();
        let of = |name: &str| leaves.named(name).unwrap();

        assert!(Arc::ptr_eq(&of("ram.aliyuncs.com"), &of("STS.aliyuncs.com")));
        assert!(!Arc::ptr_eq(&of("sts.cn-hangzhou.aliyuncs.com"), &of("sts.aliyuncs.com")));
        assert!(!Arc::ptr_eq(&of("a.localhost"), &of("b.localhost")));
        for number in 0..2 * KEPT {
            of(&format!("n{number}"));
        }
        assert!(leaves.made.lock().len() <= KEPT);
    }

    #[test]
    fn a_directory_keeps_the_root_and_a_certificate_that_is_lost_is_made_again_from_its_key() {
        let directory = std::env::temp_dir().join(format!("alimock-ca-{}", std::process::id()));
        let open = || Authority::new(Ipv4Addr::LOCALHOST.into(), Some(&directory));
        let first = open().unwrap().certificate().to_owned();
        assert_eq!(open().unwrap().certificate(), first);

        std::fs::remove_file(directory.join("ca.pem")).unwrap();
        let again = open().unwrap().certificate().to_owned();
        let (first, again) = (anchor(&first).unwrap(), anchor(&again).unwrap());
        assert_eq!(first, again);

        std::fs::write(directory.join("ca.pem"), Root::of(new_key()).pem).unwrap();
        assert!(matches!(open(), Err(Unusable::Certificate(_))));
        std::fs::write(directory.join("ca.key"), "no key").unwrap();
        assert!(matches!(open(), Err(Unusable::Key(_))));
        std::fs::remove_file(directory.join("ca.key")).unwrap();
        assert!(matches!(open(), Err(Unusable::KeyLost(_))));
        std::fs::remove_dir_all(directory).unwrap();
    }
}
