//! Metadata of an identity provider.

use crate::federation::dom::Document;
use crate::federation::public_key::{KeyFlaw, PublicKey};
use crate::federation::xmldsig::{DSIG, from_base64};

/// Namespace of metadata.
const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";

/// Maximum number of certificates of a provider. Each key may be tried on each response.
const MOST_CERTIFICATES: usize = 100;

/// Metadata of an identity provider: its entity id and its signing keys.
///
/// Source: SAML 2.0 Metadata (saml-metadata-2.0-os), sections 2.3 and 2.4.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// Entity id: the issuer of its responses.
    pub entity_id: String,
    pub(super) keys: Vec<PublicKey>,
}

impl Metadata {
    /// Returns the number of certificates for signing.
    pub fn certificates(&self) -> usize {
        self.keys.len()
    }

    /// Parses the metadata of one provider. Skips certificates for encryption, and those with unsupported keys if another certificate is
    /// usable. Rejects a malformed certificate. The validity of certificates and the signature of the document are not checked: the user who
    /// registers a document vouches for it.
    ///
    /// UNCERTAIN: the service may reject a provider whose certificate has expired; a test would settle it.
    ///
    /// Source: SAML 2.0 Metadata, sections 2.3.2, 2.4.1.1 and 2.4.3.
    pub fn parse(xml: &str) -> Result<Self, String> {
        let document = Document::parse(xml)?;
        let root = Document::ROOT;
        if !document.is(root, METADATA, "EntityDescriptor") {
            return Err("the root element is not a SAML EntityDescriptor".to_owned());
        }
        let entity_id = document.attribute(root, "entityID").map(str::trim_ascii).filter(|id| !id.is_empty());
        let entity_id = entity_id.ok_or("the EntityDescriptor has no entityID")?.to_owned();

        let providers = document.named(root, METADATA, "IDPSSODescriptor");
        if providers.is_empty() {
            return Err("the IDPSSODescriptor is missing".to_owned());
        }
        let (mut keys, mut flaw) = (Vec::new(), "the certificate for signing is missing".to_owned());
        let descriptors = providers.iter().flat_map(|id| document.named(*id, METADATA, "KeyDescriptor"));
        for descriptor in descriptors {
            if document.attribute(descriptor, "use").is_some_and(|purpose| purpose != "signing") {
                continue;
            }
            let below = |ids: Vec<_>, name| -> Vec<_> {
                ids.into_iter().flat_map(|id| document.named(id, DSIG, name)).collect()
            };
            let data = below(below(vec![descriptor], "KeyInfo"), "X509Data");
            for certificate in below(data, "X509Certificate") {
                let der = document.text(certificate).and_then(|text| from_base64(&text));
                let der = der.ok_or_else(|| KeyFlaw::from("a certificate is not base64"));
                match der.and_then(|der| PublicKey::of_certificate(&der)) {
                    Ok(_) if keys.len() == MOST_CERTIFICATES => {
                        return Err(format!("more than {MOST_CERTIFICATES} certificates for signing"));
                    }
                    Ok(key) => keys.push(key),
                    Err(KeyFlaw::Other(why)) => flaw = why,
                    Err(KeyFlaw::Broken(why)) => return Err(why),
                }
            }
        }
        if keys.is_empty() { Err(flaw) } else { Ok(Self { entity_id, keys }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::federation::issuer;

    const ENTITY: &str = "https://idp.example/metadata";

    #[test]
    fn the_metadata_of_the_built_in_provider_has_its_name_and_one_key() {
        let metadata = Metadata::parse(&issuer::saml_metadata(ENTITY)).unwrap();

        assert_eq!((metadata.entity_id.as_str(), metadata.keys.len()), (ENTITY, 1));
    }

    #[track_caller]
    fn refused(xml: &str, why: &str) {
        assert_eq!(Metadata::parse(xml).unwrap_err(), why);
    }

    #[test]
    fn what_is_missing_is_said() {
        let good = issuer::saml_metadata(ENTITY);

        refused(&good.replace("entityID", "entityId"), "the EntityDescriptor has no entityID");
        refused(&good.replace("IDPSSODescriptor", "SPSSODescriptor"), "the IDPSSODescriptor is missing");
        refused(
            &good.replace("EntityDescriptor", "Entity"),
            "the root element is not a SAML EntityDescriptor",
        );
        refused(
            &good.replace("use=\"signing\"", "use=\"encryption\""),
            "the certificate for signing is missing",
        );
        refused(&good.replace("X509Certificate>MII", "X509Certificate>!MII"), "a certificate is not base64");
    }

    #[test]
    fn what_is_no_certificate_is_refused_beside_a_good_one() {
        let good = issuer::saml_metadata(ENTITY);
        let with = |certificate: &str| {
            let more = format!("<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>");
            good.replace("</ds:X509Data>", &more)
        };

        refused(&with("MIIB"), "not an X.509 certificate");
        refused(&with("garbage!"), "a certificate is not base64");
        let start = good.find("MII").unwrap();
        let certificate = &good[start..start + good[start..].find('<').unwrap()];
        assert_eq!(Metadata::parse(&with(certificate)).unwrap().keys.len(), 2);
        let many = format!("{certificate}</ds:X509Certificate><ds:X509Certificate>").repeat(100);
        refused(&with(&(many + certificate)), "more than 100 certificates for signing");
    }

    #[test]
    fn a_certificate_without_a_use_is_for_signing_too() {
        let metadata = issuer::saml_metadata(ENTITY).replace(" use=\"signing\"", "");

        assert_eq!(Metadata::parse(&metadata).unwrap().keys.len(), 1);
    }
}
