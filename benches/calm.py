"""Waiting time of a client that sends a signed request every few milliseconds on one connection.

It is measured alone and beside other clients that request heavy work. The load kit signs the requests."""
import base64, http.client, json, multiprocessing, sys, time, uuid
from urllib.parse import quote, urlsplit

endpoint, kit, *wanted = urlsplit(sys.argv[1]), *sys.argv[2:]
sys.path.insert(0, kit)
from presign import sign_v1

SECONDS, EVERY, NEIGHBOURS = 8, 0.004, 4
CALL = {"action": "GetCallerIdentity", "version": "2015-04-01", "ak": "LTAI5tBenchBenchBench001", "sk": "benchSecretbenchSecretbenchSec", "params": {}, "method": "GET", "host": endpoint.netloc}
WORLD = "/_alimock/worlds/large"


def connect():
    return http.client.HTTPConnection(endpoint.hostname, endpoint.port, timeout=120)


def ask(connection, method, path, body="", headers={}):
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def scenario():
    """Close to the limit of a body."""
    pattern = "acs:oss:*:*:" + "*a" * 900
    asked = "  - {name: asked, users: [{name: u, policies: [p]}], policies: [{name: p, document: {Version: '1', Statement: [{Effect: Allow, Action: 'oss:*', Resource: '" + pattern + "'}]}}]}\n"
    account = "  - {{name: a{0}, keys: [{{}}], users: [{{name: u, keys: [{{}}]}}], policies: [{{name: p, document: {{Version: '1', Statement: [{{Effect: Allow, Action: 'ram:*', Resource: '*'}}]}}}}]}}\n"
    text = "accounts:\n" + asked
    while len(text) < 900_000:
        text += account.format(text.count("\n"))
    return text


def load(connection):
    name = f"l{uuid.uuid4().hex[:12]}"
    status, answer = ask(connection, "POST", f"/_alimock/worlds?name={name}", TEXT)
    assert status == 201, answer[:300]
    ask(connection, "DELETE", f"/_alimock/worlds/{name}")


def export(connection):
    assert ask(connection, "GET", f"{WORLD}/export")[0] == 200


def explain(connection):
    question = '{"account": "%s", "user": "u", "action": "oss:GetObject", "resource": "acs:oss:*:*:%sb"}' % (ASKED, "a" * 30_000)
    status, answer = ask(connection, "POST", f"{WORLD}/explain", question)
    assert status == 200, answer[:300]


def journal(connection):
    assert ask(connection, "GET", "/_alimock/worlds/default/requests?limit=1000")[0] == 200


def saml(connection):
    many = "<a:Attribute Name='n'><a:AttributeValue>v</a:AttributeValue></a:Attribute>" * 900
    xml = f"<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion'><a:Assertion>{many}</a:Assertion></p:Response>"
    uid = "1100000000000001"
    form = f"Action=AssumeRoleWithSAML&Version=2015-04-01&Format=JSON&RoleArn=acs:ram::{uid}:role/r&SAMLProviderArn=acs:ram::{uid}:saml-provider/idp&SAMLAssertion={quote(base64.b64encode(xml.encode()).decode(), safe='')}"
    status, answer = ask(connection, "POST", "/", form, {"Content-Type": "application/x-www-form-urlencoded"})
    assert 400 <= status < 500, answer[:300]


def large(connection):
    """A call that is refused, with as large a body as there can be."""
    assert ask(connection, "POST", "/", "Format=JSON&" + "a=b&" * 250_000, {"Content-Type": "application/x-www-form-urlencoded"})[0] < 500


def neighbour(work, count):
    connection = connect()
    while True:
        try:
            work(connection)
        except (http.client.HTTPException, ConnectionError):
            connection = connect()
        with count.get_lock():
            count.value += 1


def healthy():
    connection, times, next_time = connect(), [], time.perf_counter()
    until = next_time + SECONDS
    # Signed before: what is measured is the wait.
    calls = [sign_v1(CALL, i, uuid.uuid4().hex, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())) for i in range(int(SECONDS / EVERY) + 1)]
    connection.connect()
    stream = connection.sock
    for call in calls:
        time.sleep(max(0, next_time - time.perf_counter()))
        next_time = max(next_time + EVERY, time.perf_counter())
        start = time.perf_counter()
        stream.sendall(call)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += stream.recv(65536)
        times.append(time.perf_counter() - start)
        assert answer.startswith(b"HTTP/1.1 200"), answer[:300]
        if time.perf_counter() > until:
            break
    return sorted(times)


def show(what, times, done):
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))] * 1000
    print(f"| {what} | {at(0.5):.2f} | {at(0.99):.2f} | {times[-1] * 1000:.1f} | {len(times)} | {done} |", flush=True)


TEXT = scenario()
connection = connect()
status, answer = ask(connection, "POST", "/_alimock/worlds?name=large", TEXT)
assert status == 201, answer[:300]
accounts = json.loads(answer)["accounts"]
ASKED = next(account["uid"] for account in accounts if account.get("label", account.get("name")) == "asked")
print("| neighbours | p50 ms | p99 ms | worst ms | calls | done beside |\n| --- | --- | --- | --- | --- | --- |")
show("none", healthy(), 0)
for work in [load, export, explain, journal, saml, large]:
    if wanted and work.__name__ not in wanted:
        continue
    count = multiprocessing.Value("i", 0)
    others = [multiprocessing.Process(target=neighbour, args=(work, count), daemon=True) for _ in range(NEIGHBOURS)]
    [other.start() for other in others]
    show(f"{NEIGHBOURS} x {work.__name__}", healthy(), count.value)
    [other.kill() for other in others]
    [other.join() for other in others]
