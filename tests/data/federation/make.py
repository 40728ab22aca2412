"""Makes the fixtures in this folder with other people's software, to check ours against.

    pip install signxml==5.2.0 lxml==6.1.3 pyjwt==2.15.1 cryptography==50.0.2
    python tests/data/federation/make.py

Keys are drawn anew at each run and thrown away, so all fixtures change together.
"""

import io
import json
import random
from datetime import datetime
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, SignatureReference, XMLSigner, methods

HERE = Path(__file__).parent
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DSIG = "http://www.w3.org/2000/09/xmldsig#"


# Tokens

def tokens():
    made = {
        "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "p256": ec.generate_private_key(ec.SECP256R1()),
        "p384": ec.generate_private_key(ec.SECP384R1()),
    }
    keys = []
    for kid, key in made.items():
        algorithm = jwt.algorithms.RSAAlgorithm if kid == "rsa" else jwt.algorithms.ECAlgorithm
        keys.append({"kid": kid, "use": "sig", **algorithm.to_jwk(key.public_key(), as_dict=True)})
    keys.append({"kty": "OKP", "crv": "Ed25519", "kid": "other", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    kinds = {"RS": "rsa", "PS": "rsa", "ES256": "p256", "ES384": "p384"}
    claims = {
        "iss": "https://issuer.example",
        "sub": "system:serviceaccount:default:app",
        "aud": ["sts.aliyuncs.com", "other"],
        "exp": 1800003600,
        "iat": 1800000000,
        "nbf": 1800000000.5,
    }
    listed = {}
    for name in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"]:
        kid = kinds.get(name) or kinds[name[:2]]
        listed[name] = jwt.encode(claims, made[kid], algorithm=name, headers={"kid": kid})
    listed["no kid"] = jwt.encode(claims, made["rsa"], algorithm="RS256")
    refused = {
        "HS256": jwt.encode(claims, "a secret of thirty-two bytes or more", algorithm="HS256"),
        "none": jwt.encode(claims, None, algorithm="none"),
    }
    write("tokens.json", {"jwks": {"keys": keys}, "good": listed, "refused": refused})


# Canonical text

def random_document(draw):
    """A document of a few elements that declares, shadows and uses namespaces in every way."""
    prefixes, names = ["", "p", "q"], ["u:1", "u:2"]
    apexes = []

    def element(depth, scope):
        scope = dict(scope)
        declared = []
        for prefix in prefixes:
            if draw.random() < 0.35:
                name = draw.choice(names + ([""] if prefix == "" else []))
                scope[prefix] = name
                declared.append(f'xmlns{":" if prefix else ""}{prefix}="{name}"')
        bound = [prefix for prefix in prefixes if prefix and prefix in scope]
        prefix = draw.choice(bound + [""])
        attributes, seen = [], set()
        for local in ["b", "a", "c"]:
            if draw.random() < 0.4:
                used = draw.choice(bound + [""])
                if (scope.get(used) if used else None, local) not in seen:
                    seen.add((scope.get(used) if used else None, local))
                    value = draw.choice(["1", "&lt;&amp;&quot;'>", "x\ny\tz", "&#10;&#9;&#13;", "é𝒳"])
                    attributes.append(f'{used}{":" if used else ""}{local}="{value}"')
        if draw.random() < 0.1:
            attributes.append('xml:lang="en"')
        if depth and draw.random() < 0.3:
            apexes.append(len(apexes))
            attributes.append(f'apex="{len(apexes)}"')
        parts = declared + attributes
        draw.shuffle(parts)
        tag = f'{prefix}{":" if prefix else ""}{draw.choice("ef")}'
        inner = []
        for _ in range(draw.randrange(4) if depth < 4 else 0):
            inner.append(element(depth + 1, scope))
            inner.append(draw.choice(
                ["", "text", "\n  ", "\r\n", "&#13;", "<!-- a\n-comment -->", "<![CDATA[<&]]>", "<?do  it ?>", "<?do?>", "&gt;&amp;'\"&#x1F600;"]
            ))
        start = " ".join([tag, *parts])
        return f"<{start}>{''.join(inner)}</{tag}>" if inner or draw.random() < 0.5 else f"<{start}/>"

    return element(0, {}), len(apexes)


def canonical():
    draw = random.Random(20261122)
    cases = []
    while len(cases) < 160:
        xml, apexes = random_document(draw)
        if not 60 < len(xml) < 900:
            continue
        comments = draw.random() < 0.5
        apex = draw.randrange(apexes + 1)
        root = etree.fromstring(xml)
        top = root.xpath("//*[@apex=$apex]", apex=str(apex))[0] if apex else root
        # lxml writes a part of a document as if its ancestors declared nothing: lists of prefixes are for whole ones.
        inclusive = draw.sample(["p", "q", "#default"], draw.randrange(3)) if not apex else []
        text = etree.tostring(
            top, method="c14n", exclusive=True, with_comments=comments,
            inclusive_ns_prefixes=inclusive, with_tail=False,
        )
        cases.append({"xml": xml, "apex": apex, "comments": comments, "inclusive": inclusive, "canonical": text.decode()})
    write("c14n.json", cases)


# Responses

def certified(key):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fixture")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2120, 1, 1))
    certificate = builder.sign(key, hashes.SHA256())
    return key, certificate.public_bytes(serialization.Encoding.PEM).decode()


def metadata(certificates):
    keys = ""
    for pem in certificates:
        body = pem.replace("-----BEGIN CERTIFICATE-----", "").replace("-----END CERTIFICATE-----", "")
        keys += f"""
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo xmlns:ds="{DSIG}"><ds:X509Data><ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>"""
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- Metadata as an identity provider writes it. -->
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example/metadata">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{keys}
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
"""
    (HERE / "metadata.xml").write_text(text)


PLACEHOLDER = f'<ds:Signature xmlns:ds="{DSIG}" Id="placeholder"></ds:Signature>'


def assertion(p="saml:", extra="", comment="", signed=True):
    """An assertion; `p` is its prefix with the colon, or nothing for a default namespace."""
    xmlns = f'xmlns:{p[:-1]}="{SAML}"' if p else f'xmlns="{SAML}"'
    return f"""<{p}Assertion {xmlns} {extra} ID="_assertion" IssueInstant="2026-11-22T08:00:00.123Z" Version="2.0"><{p}Issuer>https://idp.example/metadata</{p}Issuer>{PLACEHOLDER if signed else ""}<{p}Subject><{p}NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">al{comment}ice &amp; bob</{p}NameID><{p}SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><{p}SubjectConfirmationData NotOnOrAfter="2026-11-22T08:05:00Z" Recipient="https://signin.aliyun.com/saml-role/sso"/></{p}SubjectConfirmation></{p}Subject><{p}Conditions NotBefore="2026-11-22T07:55:00Z" NotOnOrAfter="2026-11-22T09:00:00Z"><{p}AudienceRestriction><{p}Audience>urn:alibaba:cloudcomputing</{p}Audience></{p}AudienceRestriction></{p}Conditions><{p}AttributeStatement><{p}Attribute Name="https://www.aliyun.com/SAML-Role/Attributes/Role"><{p}AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">acs:ram::1234567890123456:role/reader,acs:ram::1234567890123456:saml-provider/idp</{p}AttributeValue><{p}AttributeValue>acs:ram::1234567890123456:role/writer,acs:ram::1234567890123456:saml-provider/idp</{p}AttributeValue></{p}Attribute><{p}Attribute Name="https://www.aliyun.com/SAML-Role/Attributes/RoleSessionName"><{p}AttributeValue>alice</{p}AttributeValue></{p}Attribute></{p}AttributeStatement></{p}Assertion>"""


def response(inner, p="samlp:", extra="", signed=False):
    xmlns = f'xmlns:{p[:-1]}="urn:oasis:names:tc:SAML:2.0:protocol"' if p else 'xmlns="urn:oasis:names:tc:SAML:2.0:protocol"'
    return f"""<{p}Response {xmlns} {extra} ID="_response" Version="2.0" IssueInstant="2026-11-22T08:00:00Z"><i:Issuer xmlns:i="{SAML}">https://idp.example/metadata</i:Issuer>{PLACEHOLDER if signed else ""}<{p}Status><{p}StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></{p}Status>{inner}</{p}Response>"""


class Signer(XMLSigner):
    def check_deprecated_methods(self):
        """SHA-1 is still met."""

    def _build_transforms_for_reference(self, *, transforms_node, reference, **options):
        """signxml takes the digest with the list of prefixes, but forgets to write the list down for an enveloped signature."""
        super()._build_transforms_for_reference(transforms_node=transforms_node, reference=reference, **options)
        if reference.inclusive_ns_prefixes:
            listed = etree.SubElement(transforms_node[-1], f"{{{EXCLUSIVE}}}InclusiveNamespaces")
            listed.set("PrefixList", " ".join(reference.inclusive_ns_prefixes))


def sign(xml, key, certificate, method="rsa-sha256", digest="sha256", c14n=EXCLUSIVE, inclusive=None, plain=False):
    if plain:
        xml = xml.replace(PLACEHOLDER, PLACEHOLDER.replace("ds:", "").replace(":ds", ""), 1)
    root = etree.fromstring(xml)
    signer = Signer(
        method=methods.enveloped, signature_algorithm=SignatureMethod.from_fragment(method),
        digest_algorithm=DigestAlgorithm.from_fragment(digest), c14n_algorithm=c14n,
    )
    if plain:
        signer.namespaces = {None: DSIG}
    reference = SignatureReference(URI="#" + root.get("ID"), c14n_method=CanonicalizationMethod(c14n), inclusive_ns_prefixes=inclusive)
    signed = signer.sign(root, key=key, cert=certificate, reference_uri=[reference], inclusive_ns_prefixes=inclusive)
    return etree.tostring(signed).decode()


def pretty(xml):
    """White space between all elements, as people who debug leave it."""
    root = etree.fromstring(xml)
    etree.indent(root, "\t")
    return etree.tostring(root).decode()


def responses():
    rsa_key = certified(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    p256 = certified(ec.generate_private_key(ec.SECP256R1()))
    p384 = certified(ec.generate_private_key(ec.SECP384R1()))
    metadata([rsa_key[1], p256[1], p384[1]])
    xs = 'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:unused="u:unused"'
    made = {
        "signed assertion": response(sign(assertion(), *rsa_key)),
        "signed response": sign(response(assertion(signed=False), signed=True), *rsa_key),
        "both signed": sign(response(sign(assertion(), *rsa_key), signed=True), *rsa_key),
        "pretty response": sign(pretty(response(assertion(signed=False), signed=True)), *rsa_key),
        "pretty assertion": response("\n\t" + sign(pretty(assertion()), *rsa_key) + "\n"),
        "default namespaces": sign(response(sign(assertion(p=""), *rsa_key, plain=True), p="", signed=True), *rsa_key, plain=True),
        "other prefixes": response(sign(assertion(p="a2:"), *rsa_key), p="proto:", extra='xmlns:a2="u:shadowed"'),
        "inclusive prefixes": response(sign(assertion(extra=xs), *rsa_key, inclusive=["xs", "unused"])),
        "inclusive default": sign(response(assertion(p="", signed=False), extra=xs, signed=True), *rsa_key, inclusive=["#default", "xs"]),
        "sha1": response(sign(assertion(), *rsa_key, method="rsa-sha1", digest="sha1")),
        "sha512": response(sign(assertion(), *rsa_key, method="rsa-sha512", digest="sha512")),
        "ecdsa p256": response(sign(assertion(), *p256, method="ecdsa-sha256")),
        "ecdsa p384": response(sign(assertion(), *p384, method="ecdsa-sha384", digest="sha384")),
        "with comments": response(sign(assertion(), *rsa_key, c14n=EXCLUSIVE + "WithComments")),
        "comment inside": response(sign(assertion(comment="<!-- x -->"), *rsa_key)),
        "declared": '<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- hello -->\r\n' + response(sign(assertion(), *rsa_key)) + "\n",
    }
    write("responses.json", made)


def write(name, value):
    (HERE / name).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    # lxml passes over prefixes that none of its documents has seen as a name, which `#default` cannot be. Asking for it as
    # a tag makes it known.
    list(etree.iterparse(io.BytesIO(b"<a/>"), tag="#default"))
    tokens()
    canonical()
    responses()
