#!/usr/bin/env python3
"""Print the API shape of one Alibaba Cloud product as compact, sorted JSON.

Inputs, all official:
  * the generated Python SDK package installed in the running interpreter
    (`alibabacloud_<product><yyyymmdd>`): actions, HTTP style, place of every
    parameter, encoding of lists and objects, response tree;
  * optionally a checkout of `aliyun/aliyun-openapi-meta` (`--meta DIR`, the
    2026 metadata): the required flag, the declared type, and the constraints
    that the descriptions of parameters state in prose;
  * optionally a checkout of `AlibabaCloudDocs/ram` (`--docs DIR`, the 2021
    reference pages): the parameters those pages call required (`required_docs`);
  * optionally a checkout of `dew-serverless/acs-metadata` (`--openapi DIR`, a
    public copy of the OpenAPI documents, 2025-12): errors of each action,
    enumerations, required flags.

The output has structured constraints only, never text of a description.

  python tools/api_shapes.py ram20150501 --meta aliyun-openapi-meta > ram20150501.json
  python tools/api_shapes.py bssopenapi20171214 --only 'Account|Instance' --meta ...
  python tools/api_shapes.py --all tests/data/api --meta ...        # the fixed list below

tests/data/api/README.md describes the output format.
"""
import argparse
import ast
import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys

ALL = {
    "account_crm20160606": None,
    "accountcenter20241209": None,
    # accounts, sub-accounts, ownership and the purchase/renew/refund actions
    "bssopenapi20171214": r"Account|^(Create|Renew|Upgrade|Refund|Inquiry|Modify|Change|Convert|Set)"
                          r".*(Instance|Subscription|Order|Renewal|Prepay|Agreement)|Order|QueryAvailableInstances"
                          r"|Relation|CreditControl|Enduser|Unbind|^Allocate|CreditLabel|Balance",
    "cloudauth20190307": None,
    "ims20190815": None,
    "ram20150501": None,
    "resourcedirectorymaster20220419": None,
    "resourcemanager20200331": None,
    "sts20150401": None,
}
META_DIR = {"account_crm": None, "accountcenter": None}  # products with no metadata folder

TYPES = {"str": "string", "bool": "boolean", "int": "integer", "float": "number",
         "Any": "any", "object": "any", "BinaryIO": "binary", "bytes": "binary"}


# ---------------------------------------------------------------- SDK side

def package_dir(name):
    spec = importlib.util.find_spec("alibabacloud_" + name)
    if spec is None or not spec.submodule_search_locations:
        sys.exit("not installed: alibabacloud_" + name)
    return list(spec.submodule_search_locations)[0]


def comments_above(lines, lineno):
    out, i = [], lineno - 2
    while i >= 0 and lines[i].strip().startswith("#"):
        out.append(lines[i].strip()[1:].strip())
        i -= 1
    return "\n".join(reversed(out)).replace("\\\\", "\\")


def wire_name(test):
    """`m.get('Key') is not None` -> 'Key'."""
    for n in ast.walk(test):
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "get" \
                and n.args and isinstance(n.args[0], ast.Constant):
            return n.args[0].value
    return None


class Models:
    """Every model class of a package: attribute -> (wire name, type, comment)."""

    def __init__(self, pkg):
        self.classes = {}
        mdir = os.path.join(pkg, "models")
        files = [os.path.join(mdir, f) for f in sorted(os.listdir(mdir)) if f.endswith(".py")] \
            if os.path.isdir(mdir) else [os.path.join(pkg, "models.py")]
        for path in files:
            src = open(path, encoding="utf-8").read()
            lines = src.splitlines()
            for node in ast.parse(src).body:
                if isinstance(node, ast.ClassDef):
                    self.classes[node.name] = self.read_class(node, lines)

    @staticmethod
    def read_class(cls, lines):
        fields = {}
        for fn in cls.body:
            if not isinstance(fn, ast.FunctionDef):
                continue
            if fn.name == "__init__":
                for a in fn.args.args[1:] + fn.args.kwonlyargs:
                    fields[a.arg] = {"type": a.annotation, "wire": None, "doc": ""}
                for st in fn.body:
                    if isinstance(st, ast.Assign) and isinstance(st.targets[0], ast.Attribute) \
                            and st.targets[0].attr in fields:
                        fields[st.targets[0].attr]["doc"] = comments_above(lines, st.lineno)
            elif fn.name == "from_map":
                for st in fn.body:
                    if not isinstance(st, ast.If):
                        continue
                    wire = wire_name(st.test)
                    if wire is None:
                        continue
                    for n in ast.walk(st):
                        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) \
                                and n.value.id == "self" and n.attr in fields:
                            fields[n.attr]["wire"] = wire
                            break
        return fields

    def shape(self, ann, seen=()):
        """annotation -> compact tree: object {..}, list [item], scalar 'string'."""
        if ann is None:
            return "any"
        if isinstance(ann, ast.Constant) and isinstance(ann.value, str):
            ann = ast.parse(ann.value, mode="eval").body
        if isinstance(ann, ast.Name):
            return TYPES.get(ann.id) or self.obj(ann.id, seen)
        if isinstance(ann, ast.Attribute):
            return TYPES.get(ann.attr) or self.obj(ann.attr, seen)
        if isinstance(ann, ast.Subscript):
            base = ann.value.id if isinstance(ann.value, ast.Name) else ann.value.attr
            if base in ("List", "list"):
                return [self.shape(ann.slice, seen)]
            if base in ("Dict", "dict"):
                return {"*": self.shape(ann.slice.elts[1], seen)}
            return self.shape(ann.slice, seen)
        return "any"

    def obj(self, name, seen=()):
        if name not in self.classes or name in seen:
            return "any"
        return {f["wire"]: self.shape(f["type"], seen + (name,))
                for f in self.classes[name].values() if f["wire"]}

    def docs(self, name, prefix="", seen=()):
        """wire path -> comment, for every field below a class."""
        out = {}
        if name not in self.classes or name in seen:
            return out
        for f in self.classes[name].values():
            if not f["wire"]:
                continue
            path = prefix + f["wire"]
            if f["doc"]:
                out[path] = f["doc"]
            ann, suffix = f["type"], ""
            while isinstance(ann, ast.Subscript):
                base = ann.value.id if isinstance(ann.value, ast.Name) else ann.value.attr
                if base in ("List", "list"):
                    suffix, ann = suffix + "[]", ann.slice
                elif base in ("Dict", "dict"):
                    suffix, ann = suffix + ".*", ann.slice.elts[1]
                else:
                    ann = ann.slice
            child = ann.attr if isinstance(ann, ast.Attribute) else ann.id if isinstance(ann, ast.Name) else None
            if child in self.classes:
                out.update(self.docs(child, path + suffix + ".", seen + (name,)))
        return out


class Actions:
    """The synchronous `<action>_with_options` methods of a client (the generator
    drops the underscore after an acronym: `assume_role_with_oidcwith_options`)."""

    def __init__(self, pkg):
        src = open(os.path.join(pkg, "client.py"), encoding="utf-8").read()
        self.by_name, self.version, self.endpoints, self.rule = {}, None, {}, None
        for node in ast.parse(src).body:
            if not (isinstance(node, ast.ClassDef) and node.name == "Client"):
                continue
            for fn in node.body:
                if not isinstance(fn, ast.FunctionDef):
                    continue
                if fn.name == "__init__":
                    self.read_init(fn)
                elif fn.name.endswith("with_options"):
                    a = self.read(fn)
                    if a:
                        self.by_name[a["action"]] = a
                        self.version = self.version or a["params"].get("version")

    def read_init(self, fn):
        for st in fn.body:
            if isinstance(st, ast.Assign) and isinstance(st.targets[0], ast.Attribute):
                t = st.targets[0].attr
                if t == "_endpoint_map" and isinstance(st.value, ast.Dict):
                    self.endpoints = ast.literal_eval(st.value)
                elif t == "_endpoint_rule" and isinstance(st.value, ast.Constant):
                    self.rule = st.value.value

    @staticmethod
    def read(fn):
        a = {"params": {}, "sent": {}, "encoding": {}, "request": None, "response": None}
        for arg in fn.args.args:
            if arg.arg in ("request", "tmp_req") and isinstance(arg.annotation, ast.Attribute):
                a["request"] = arg.annotation.attr
        if isinstance(fn.returns, ast.Attribute):
            a["response"] = fn.returns.attr
        for n in ast.walk(fn):
            if isinstance(n, ast.Assign) and len(n.targets) == 1 and isinstance(n.targets[0], ast.Subscript):
                t = n.targets[0]
                if isinstance(t.value, ast.Name) and t.value.id in ("query", "body", "body_flat", "real_headers") \
                        and isinstance(t.slice, ast.Constant):
                    where = {"body_flat": "body", "real_headers": "header"}.get(t.value.id, t.value.id)
                    a["sent"][t.slice.value] = where
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute):
                if n.func.attr == "array_to_string_with_specified_style":
                    a["encoding"][n.args[1].value] = n.args[2].value
                elif n.func.attr == "Params":
                    p = {k.arg: k.value.value for k in n.keywords if isinstance(k.value, ast.Constant)}
                    if "action" in p and not a["params"]:
                        a["params"] = p
        if "action" not in a["params"]:
            return None
        a["action"] = a["params"]["action"]
        return a


# ---------------------------------------------------------------- constraints

NUM = r"(-?\d[\d,]*)"
INT = lambda s: int(s.replace(",", ""))
TICK = re.compile(r"[`\"'\u201c\u201d]+")
WORDS = {"period": ".", "dot": ".", "hyphen": "-", "underscore": "_", "at sign": "@", "space": " ",
         "asterisk": "*", "forward slash": "/", "slash": "/", "colon": ":", "plus": "+", "equal": "=",
         "comma": ",", "apostrophe": "'"}


def charset(sentence):
    cls = ""
    low = sentence.lower()
    lower = re.search(r"lower ?case letters|lower-case letters", low)
    upper = re.search(r"upper ?case (and lower ?case )?letters|upper-case", low)
    if lower and not upper:
        cls += "a-z"
    elif upper and not lower:
        cls += "A-Z"
    elif "letter" in low or "alphanumeric" in low:
        cls += "A-Za-z"
    if "digit" in low or "number" in low or "alphanumeric" in low:
        cls += "0-9"
    if "chinese" in low:
        cls += "\\u4e00-\\u9fa5"
    syms = set()
    for m in re.finditer(r"\(\\?([^\s()A-Za-z0-9])\)", sentence):
        syms.add(m.group(1))
    for m in re.finditer(r"`([^`]+)`", sentence):
        if not re.search(r"[A-Za-z0-9]", m.group(1)):  # a backticked run of bare symbols
            syms.update(c for c in m.group(1) if not c.isspace())
    for w, c in WORDS.items():
        if re.search(r"\b" + w + r"(s|es)?\b", low):
            syms.add(c)
    if not cls:
        return None
    tail = "".join(sorted(c if c not in "\\]^" else "\\" + c for c in syms if c != "-"))
    return "[" + cls + tail + ("-" if "-" in syms else "") + "]"


def enum_of(text):
    """Bulleted or inline value lists after 'Valid values'."""
    m = re.search(r"(?:Valid values|Enumerated values|Enumeration values?|The valid values|Possible values|Options)"
                  r"(?: of [^:\n]*| include)?\s*[:\uff1a]", text, re.I)
    if not m:
        return None
    rest = text[m.end():]
    values = []
    for line in rest.split("\n"):
        s = line.strip()
        if not s:
            continue
        b = re.match(r"^[*\-\u2022]\s+(.*)$", s)
        if b:
            v = re.match(r"^[`*_\"]*([A-Za-z0-9_.\-]+)[`*_\"]*\s*(?:\(default\))?\s*(?:[:\uff1a,.;]|$|\(|-\s|\s\()", b.group(1))
            if not v:
                break
            values.append(v.group(1).strip("."))
        elif values:
            break
        else:
            first = re.split(r"\.\s|\.$|\s(?=Default)", s)[0]
            if re.search(NUM + r"\s*(?:to|~|-)\s*" + NUM, first):
                return None
            parts = re.split(r",\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s*[|/;]\s*", TICK.sub("", first))
            parts = [p.strip(" .*") for p in parts if p.strip(" .*")]
            if parts and all(re.fullmatch(r"[A-Za-z0-9_.\-]+", p) for p in parts):
                values = parts
            break
    seen = []
    for v in values:
        if v not in seen:
            seen.append(v)
    return seen if seen else None


def constraints(text, typ):
    """Structured constraints stated in a description."""
    out = {}
    if not text:
        return out
    text = text.replace("\\_", "_").replace("\\-", "-").replace("\\.", ".").replace("\\<", "<").replace("\u00a0", " ")
    flat = " ".join(text.split())

    m = re.search(NUM + r"\s*(?:to|-|~|\u2013)\s*" + NUM + r"(?:\s+(?:UTF-8\s+)?)(characters?|bytes)", flat) \
        or re.search(r"length[^.]{0,40}?\b(?:from|between)?\s*" + NUM + r"\s*(?:to|and|~)\s*" + NUM + r"\s*(characters?|bytes)?", flat)
    if m:
        out["min_length"], out["max_length"] = INT(m.group(1)), INT(m.group(2))
        if m.group(3) == "bytes":
            out["length_unit"] = "bytes"
    else:
        m = re.search(r"(?:up to|cannot exceed|must not exceed|no more than|at most|maximum (?:length )?of|not exceed(?: the)?)\s+"
                      + NUM + r"\s+(characters?|bytes)", flat) \
            or re.search(r"maximum length is " + NUM + r"\s*(characters?|bytes)?", flat)
        if m:
            out["max_length"] = INT(m.group(1))
            if m.group(2) == "bytes":
                out["length_unit"] = "bytes"
        m = re.search(r"at least " + NUM + r" characters", flat)
        if m:
            out["min_length"] = INT(m.group(1))

    if typ in ("integer", "number", "any") or not typ:
        m = re.search(r"(?:Valid values?|Value range|Value(?:s)?|Range|value must be|ranges?)[^.0-9-]{0,25}?\s*`?" + NUM
                      + r"`?\s*(?:to|~|-|\u2013)\s*`?" + NUM + r"`?", flat)
        if m and "min_length" not in out:
            out["minimum"], out["maximum"] = INT(m.group(1)), INT(m.group(2))
        m = re.search(r"(?:Minimum value|minimum)\s*(?:is|:)\s*`?" + NUM, flat)
        if m:
            out.setdefault("minimum", INT(m.group(1)))
        m = re.search(r"(?:Maximum value|Max(?:imum)?)\s*(?:is|:)\s*`?" + NUM, flat, re.I) \
            or re.search(r"(?:up to|maximum of|at most)\s+" + NUM + r"\s+(?:entries|records|items)", flat)
        if m:
            out.setdefault("maximum", INT(m.group(1)))

    if typ == "string" and "max_length" not in out:
        m = re.search(r"Valid values: " + NUM + r" to " + NUM, flat)
        if m:  # a number that the API declares as a string
            out["minimum"], out["maximum"] = INT(m.group(1)), INT(m.group(2))

    m = re.search(r"(?:Default value|[Dd]efault|By default, the value is)\s*(?:is|:|\uff1a)\s*([`\"']?)([^\s`\"']+?)\1(?=[\s.,;)`]|$)", flat)
    if m:
        v = m.group(2).strip("*.,;")
        if v and v.lower() not in ("the", "null", "empty", "none.", "no", "a", "an"):
            if typ == "boolean" and v.lower() in ("true", "false"):
                v = v.lower() == "true"
            elif typ in ("integer", "number") and re.fullmatch(r"-?\d[\d,]*", v):
                v = INT(v)
            if not (typ in ("integer", "number", "boolean") and isinstance(v, str)) and v != "-" \
                    and not re.match(r"(?i)yyyy", str(v)):
                out["default"] = v

    m = re.search(r"regular expression[^`]{0,60}`([^`]+)`", flat)
    if m:
        out["pattern"] = m.group(1)
    elif typ in ("string", "any", None):
        # a backticked list of symbols may hold ". ", which is not the sentence's end
        held = []
        hold = lambda m: held.append(m.group(0)) or "\x00%d\x01" % (len(held) - 1)
        masked = re.sub(r"`[^`\n]*`", hold, text)
        m = re.search(r"(?:contain|contains|consist of|consists of|include)\s+(?:only )?"
                      r"([^\n]*?(?:letters|digits|alphanumeric)[^\n]*?)(?:\.\s|\.$|$|\n)", masked)
        if m:
            cls = charset(re.sub("\x00(\\d+)\x01", lambda k: held[int(k.group(1))], m.group(1)))
            if cls:
                edge = "[" + "".join(r for r in ("A-Z", "a-z", "0-9") if r in cls or (r == "A-Z" and "A-Za-z" in cls)) + "]"
                if re.search(r"must (?:start|begin) with a (?:lower ?case )?letter", flat):
                    out["pattern"] = ("[a-z]" if "A-Z" not in cls else "[A-Za-z]") + cls + "*"
                elif re.search(r"(?:cannot|can not|must not) (?:start|begin) or end with", flat):
                    out["pattern"] = edge + "(" + cls + "*" + edge + ")?"
                elif re.search(r"(?:cannot|can not|must not) (?:start|begin) with", flat):
                    out["pattern"] = edge + cls + "*"
                else:
                    out["pattern"] = cls + "*"

    if typ != "boolean":
        e = enum_of(text)
        if e and len(e) > 1 and "minimum" not in out:
            if typ == "integer" and all(re.fullmatch(r"-?\d+", x) for x in e):
                e = [int(x) for x in e]
            out["enum"] = e

    m = re.search(r"[Yy]ou can (?:specify|enter|add|attach) (?:up to|a maximum of|at most) " + NUM, flat)
    n = re.search(r"[Vv]alid values of N:? (?:are )?" + NUM + r" (?:to|~) " + NUM, flat) if typ == "list" else None
    if (m or n) and typ in (None, "any", "list"):
        out["max_items"] = INT(n.group(2)) if n else INT(m.group(1))
    if typ == "list":
        for k in ("min_length", "max_length", "length_unit", "minimum", "maximum", "default"):
            if k in out:  # what the prose limits is each element
                out["item_" + k] = out.pop(k)
    return out


# Read by hand where the prose defeats the parser: (product, parameter) -> constraints.
_UPN = "[A-Za-z0-9._-]{1,64}@[A-Za-z0-9._-]+"
_CLIENT = "[A-Za-z0-9][A-Za-z0-9._:/-]*"
_EDGED = "[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"
FIXES = {
    ("ims", "UserPrincipalName"): {"pattern": _UPN, "min_length": 1, "max_length": 128},
    ("ims", "NewUserPrincipalName"): {"pattern": _UPN, "min_length": 1, "max_length": 128},
    ("ims", "ClientId"): {"pattern": _CLIENT},
    ("ims", "ClientIds"): {"pattern": _CLIENT, "separator": ","},
    ("ims", "Fingerprints"): {"separator": ","},
    ("ims", "OIDCProviderName"): {"pattern": _EDGED},
    ("ims", "SAMLProviderName"): {"pattern": _EDGED},
    ("ram", "AccountAlias"): {"pattern": "[a-z0-9]+(-[a-z0-9]+)*"},
    ("ram", "NewMaxSessionDuration"): {"default": None},  # absent means unchanged: docs/evidence/ram.md 5.7.
    ("ims", "MaxItems"): {"minimum": 1},
    ("sts", "SourceIdentity"): {"min_length": 2, "max_length": 64, "pattern": "[\\w+=,.@-]*"},
    ("sts", "DurationSeconds"): {"maximum_from": "MaxSessionDuration of the role"},
}

FORMATS = [
    (r"yyyy-MM-ddTHH:mm:ssZ|YYYY-MM-DDThh:mm:ssZ|yyyy-MM-dd'T'HH:mm:ss|ISO ?8601", "date-time(YYYY-MM-DDThh:mm:ssZ)"),
    (r"yyyy-MM-dd HH:mm:ss|YYYY-MM-DD hh:mm:ss", "date-time(YYYY-MM-DD hh:mm:ss)"),
    (r"\bYYYY-MM-DD\b(?! ?[Th])|\byyyy-MM-dd\b(?! ?['TH])", "date(YYYY-MM-DD)"),
    (r"unix timestamp|UNIX timestamp|timestamp in milliseconds|milliseconds", "epoch"),
]


def fmt(text):
    for pat, name in FORMATS:
        if re.search(pat, text or "", re.I if "unix" in pat else 0):
            return name
    return None


# ---------------------------------------------------------------- metadata side

class Meta:
    def __init__(self, root, product):
        self.root, self.product, self.bare = root, product, None
        if root and not os.path.isdir(os.path.join(root, "metadatas")):
            self.bare = root

    def load(self, tree, action):
        rel = "%s/%s/%s.json" % (tree, self.product, action)
        if not self.root:
            return None
        if self.bare:
            r = subprocess.run(["git", "-C", self.bare, "show", "HEAD:" + rel], capture_output=True)
            return json.loads(r.stdout) if r.returncode == 0 else None
        p = os.path.join(self.root, rel)
        return json.load(open(p, encoding="utf-8")) if os.path.exists(p) else None

    def names(self):
        if not self.root:
            return []
        d = "metadatas/%s" % self.product
        if self.bare:
            r = subprocess.run(["git", "-C", self.bare, "ls-tree", "--name-only", "HEAD", d + "/"], capture_output=True, text=True)
            names = [os.path.basename(x) for x in r.stdout.split()]
        else:
            p = os.path.join(self.root, d)
            names = os.listdir(p) if os.path.isdir(p) else []
        return sorted(n[:-5] for n in names if n.endswith(".json") and n != "version.json")

    def params(self, action):
        m = self.load("en-US", action) or self.load("metadatas", action)
        if not m:
            return None, {}
        return m, {p["name"]: p for p in m.get("parameters", [])}


class OpenApi:
    """Published OpenAPI documents (dew-serverless/acs-metadata:
    en_us/<product>/<version>/api-docs.json): error codes, enumerations, required."""

    def __init__(self, root, product, version):
        self.apis = {}
        if not root:
            return
        for lang in ("en_us", "zh_cn"):  # error tables are sometimes in one language only
            rel = "%s/%s/%s/api-docs.json" % (lang, product, version)
            if os.path.isdir(os.path.join(root, lang)):
                path = os.path.join(root, rel)
                text = open(path, encoding="utf-8").read() if os.path.exists(path) else None
            else:
                r = subprocess.run(["git", "-C", root, "show", "HEAD:" + rel], capture_output=True)
                text = r.stdout.decode() if r.returncode == 0 else None
            for name, api in (json.loads(text)["apis"] if text else {}).items():
                self.apis.setdefault(name, []).append(api)

    def errors(self, action):
        out = {}
        for api in self.apis.get(action, []):
            for status, rows in (api.get("errorCodes") or {}).items():
                for row in rows:
                    code, message = row.get("errorCode"), (row.get("errorMessage") or "").strip()
                    if code:
                        msgs = out.setdefault(str(status), {}).setdefault(code, [])
                        if message not in msgs:
                            msgs.append(message)
        return {st: {c: m[0] if len(m) == 1 else m for c, m in codes.items()} for st, codes in out.items()}

    def params(self, action):
        apis = self.apis.get(action, [])
        return {p["name"]: p.get("schema") or {} for p in apis[0].get("parameters", [])} if apis else {}

    @staticmethod
    def enum(schema):
        titles = schema.get("enumValueTitles") or {}
        return list(titles) if len(titles) > 1 else schema.get("enum")

    def response_enums(self, action):
        out = {}

        def walk(s, path):
            if not isinstance(s, dict):
                return
            e = self.enum(s)
            if e and path and set(e) != {"true", "false"}:
                out[path] = e
            for k, v in (s.get("properties") or {}).items():
                walk(v, path + "." + k if path else k)
            if s.get("items"):
                walk(s["items"], path + "[]")

        apis = self.apis.get(action, [])
        if apis:
            walk(((apis[0].get("responses") or {}).get("200") or {}).get("schema") or {}, "")
        return out


class Docs:
    """The "Required" column of the 2021 reference pages (AlibabaCloudDocs/ram):
    the metadata marks hardly any RAM parameter required, the pages do."""

    def __init__(self, root):
        self.required = {}
        for base, _, files in sorted(os.walk(root)) if root else []:
            low = base.lower()
            if "api" not in low:
                continue
            product = "ims" if "ims" in low else "sts" if "sts" in low else "ram"
            for f in sorted(files):
                if not re.fullmatch(r"[A-Z][A-Za-z]+\.md", f):
                    continue
                for line in open(os.path.join(base, f), encoding="utf-8"):
                    m = re.match(r"\|\s*([A-Z][A-Za-z0-9.]+)\s*\|\s*[A-Za-z]+\s*\|\s*(Yes|No|\u662f|\u5426)\s*\|", line)
                    if m:
                        k = (product, f[:-3], m.group(1))
                        self.required.setdefault(k, set()).add(m.group(2) in ("Yes", "\u662f"))

    def says(self, product, action, param):
        v = self.required.get((product, action, param))
        return None if not v else True if v == {True} else False if v == {False} else "mixed"


META_TYPES = {"String": "string", "Boolean": "boolean", "Integer": "integer", "Long": "integer", "Float": "number",
              "Double": "number", "Json": "list", "RepeatList": "list", "Array": "list", "Object": "object", "Struct": "object"}


def describe(shape, typ_hint=None):
    if isinstance(shape, list):
        return "list"
    if isinstance(shape, dict):
        return "map" if list(shape) == ["*"] else "object"
    return shape


def build(package, meta_root=None, only=None, docs=None, openapi=None):
    pkg = package_dir(package)
    product = re.match(r"(.*?)(\d{8})$", package).group(1)
    models, acts = Models(pkg), Actions(pkg)
    meta = Meta(meta_root, product)
    published = OpenApi(openapi, product, acts.version)
    keep = re.compile(only) if only else None
    styles = sorted({a["params"].get("style") for a in acts.by_name.values()})
    out = {
        "product": product, "version": acts.version, "style": "|".join(styles),
        "sdk": "alibabacloud_%s %s" % (package, importlib.metadata.version("alibabacloud_" + package)),
        "endpoint_rule": acts.rule or "", "endpoints": sorted(set(acts.endpoints.values())), "actions": {},
    }
    if only:
        out["selection"] = only
    metas = meta.names()
    if metas:
        missing = [n for n in metas if n not in acts.by_name and (not keep or keep.search(n))]
        if missing:
            out["only_in_metadata"] = missing
        extra = [n for n in sorted(acts.by_name) if n not in metas and (not keep or keep.search(n))]
        if extra:
            out["only_in_sdk"] = extra
    for name in sorted(acts.by_name):
        if keep and not keep.search(name):
            continue
        a = acts.by_name[name]
        m, mp = meta.params(name)
        entry = {}
        verb = m["method"] if m else a["params"].get("method", "POST")
        if verb != "GET|POST":
            entry["methods"] = verb
        if a["params"].get("method") != "POST":
            entry["sdk_method"] = a["params"].get("method")
        if a["params"].get("auth_type") not in ("AK", None):
            entry["auth"] = a["params"]["auth_type"]
        if m and m.get("deprecated"):
            entry["deprecated"] = True
        req = models.classes.get(a["request"] or "", {})
        wires = {f["wire"]: f for f in req.values() if f["wire"]}
        params, pub = [], published.params(name)
        for wire in sorted(set(wires) | set(a["sent"]) | set(mp)):
            f, d = wires.get(wire), mp.get(wire)
            shape = models.shape(f["type"]) if f else META_TYPES.get((d or {}).get("type"), "any")
            p = {"name": wire, "in": a["sent"].get(wire) or {"Query": "query", "Body": "body", "Header": "header"}.get((d or {}).get("position"), "query"),
                 "type": describe(shape)}
            if isinstance(shape, list):
                p["items"] = shape[0]
                p["encoding"] = a["encoding"].get(wire, "flat")
            elif isinstance(shape, dict):
                p["shape"] = shape
                p["encoding"] = a["encoding"].get(wire, "flat")
            text = (d or {}).get("description") or ""
            doc = (f or {}).get("doc") or ""
            if d is not None:
                if d.get("required"):
                    p["required"] = True
                mt = d.get("type")
                if mt == "Long":
                    p["format"] = "int64"
                if META_TYPES.get(mt, mt) != p["type"] and not (mt == "Json" and p["type"] in ("list", "object", "map")) \
                        and not (mt in ("Struct", "RepeatList") ):
                    p["meta_type"] = mt
            if "This parameter is required." in doc:
                p["required"] = True
            schema = pub.get(wire, {})
            if schema.get("required") is True:
                p["required"] = True
            e = published.enum(schema)
            if e and len(e) > 1 and p["type"] != "boolean":
                p["enum"] = [int(x) for x in e] if p["type"] == "integer" and all(re.fullmatch(r"-?\d+", str(x)) for x in e) else e
            said = docs.says(product, name, wire) if docs else None
            if said and not p.get("required"):
                p["required_docs"] = said
            if f is None:
                p["absent_in_sdk"] = True
            elif d is None and m is not None:
                p["absent_in_metadata"] = True
            c = constraints(doc, p["type"])
            c.update(constraints(text, p["type"]))
            p.update(c)
            for k, v in FIXES.get((product, wire), {}).items():
                if v is None:
                    p.pop(k, None)
                elif k != "pattern" or "pattern" in p or wire in ("UserPrincipalName", "AccountAlias", "SourceIdentity"):
                    if k not in ("min_length", "max_length", "minimum") or k not in p:
                        if k == "minimum" and "maximum" not in p:
                            continue
                        p[k] = v
            ft = fmt(text or doc)
            if ft and p["type"] in ("string", "integer"):
                p.setdefault("format", ft)
            params.append(p)
        entry["params"] = params
        body = models.classes.get(a["response"] or "", {}).get("body")
        cls = body["type"].attr if body is not None and isinstance(body["type"], ast.Attribute) else None
        entry["response"] = models.shape(body["type"]) if body is not None and body["type"] is not None else {}
        notes = {}
        for path, doc in sorted(models.docs(cls).items() if cls else []):
            n = {}
            e = enum_of(doc.replace("\\_", "_"))
            if e and len(e) > 1:
                n["enum"] = e
            ft = fmt(doc)
            if ft:
                n["format"] = ft
            if n:
                notes[path] = n
        for path, e in published.response_enums(name).items():
            notes.setdefault(path, {})["enum"] = e
        errors = published.errors(name)
        if errors:
            entry["errors"] = errors
        if notes:
            entry["response_notes"] = notes
        out["actions"][name] = entry
    return out


# ---------------------------------------------------------------- printing

def dumps(doc):
    """One line a parameter, one line a response; sorted, so diffs stay small."""
    j = lambda v: json.dumps(v, ensure_ascii=False, sort_keys=True, separators=(", ", ": "))
    order = ["name", "in", "type", "required", "required_docs", "items", "shape", "encoding"]

    def jp(p):
        keys = [k for k in order if k in p] + sorted(k for k in p if k not in order)
        return "{" + ", ".join("%s: %s" % (j(k), j(p[k])) for k in keys) + "}"

    L = ["{"]
    head = [k for k in ("product", "version", "style", "sdk", "endpoint_rule", "endpoints", "selection",
                        "only_in_metadata", "only_in_sdk") if k in doc]
    for k in head:
        L.append("  %s: %s," % (j(k), j(doc[k])))
    L.append('  "actions": {')
    names = sorted(doc["actions"])
    for i, n in enumerate(names):
        a = doc["actions"][n]
        L.append("    %s: {" % j(n))
        for k in ("methods", "sdk_method", "auth", "deprecated"):
            if k in a:
                L.append("      %s: %s," % (j(k), j(a[k])))
        if a["params"]:
            L.append('      "params": [')
            L += ["        " + jp(p) + ("," if x + 1 < len(a["params"]) else "") for x, p in enumerate(a["params"])]
            L.append("      ],")
        else:
            L.append('      "params": [],')
        rest = [k for k in ("response", "response_notes") if k in a]
        for k in rest:
            L.append("      %s: %s%s" % (j(k), j(a[k]), "," if k != rest[-1] or "errors" in a else ""))
        if "errors" in a:
            L.append('      "errors": {')
            sts = sorted(a["errors"])
            for x, st in enumerate(sts):
                L.append("        %s: %s%s" % (j(st), j(a["errors"][st]), "," if x + 1 < len(sts) else ""))
            L.append("      }")
        L.append("    }" + ("," if i + 1 < len(names) else ""))
    L += ["  }", "}", ""]
    text = "\n".join(L)
    json.loads(text)
    return text


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("package", nargs="*", help="e.g. ram20150501")
    ap.add_argument("--meta", help="checkout or bare clone of aliyun/aliyun-openapi-meta")
    ap.add_argument("--docs", help="checkout of AlibabaCloudDocs/ram (2021 reference pages)")
    ap.add_argument("--openapi", help="checkout or bare clone of dew-serverless/acs-metadata (published OpenAPI documents)")
    ap.add_argument("--only", help="regular expression on action names")
    ap.add_argument("--all", metavar="OUTDIR", help="write OUTDIR/<package>.json for the fixed list")
    o = ap.parse_args()
    docs = Docs(o.docs) if o.docs else None
    if o.all:
        for p, only in ALL.items():
            doc = build(p, o.meta, only, docs, o.openapi)
            with open(os.path.join(o.all, p + ".json"), "w", encoding="utf-8") as f:
                f.write(dumps(doc))
            print("%-34s %4d actions" % (p, len(doc["actions"])), file=sys.stderr)
        return
    if not o.package:
        ap.error("name a package or use --all OUTDIR")
    for p in o.package:
        sys.stdout.write(dumps(build(p, o.meta, o.only, docs, o.openapi)))


if __name__ == "__main__":
    main()
