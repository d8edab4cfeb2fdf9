"""Functions of other languages, and what does the same in an expression.

Names are those of JavaScript, Python, SQL, jq, Jinja, Liquid, spreadsheets and Adobe's Data Prep,
in lower case and without underscores: https://experienceleague.adobe.com/en/docs/experience-platform/data-prep/functions
"""

from typing import Final

from bridge.messages.other_languages import ARITHMETIC, PATTERNS

_TEXTS: Final = "starts_with(text, beginning), ends_with(text, end) and contains(text, part)"
_FIELD: Final = "body.field, which is null without that field"

FUNCTIONS: Final = {
    **dict.fromkeys(
        ("append", "concat", "concatenate", "implode", "prepend", "strcat", "stringjoin"),
        "join('', [a, b])",
    ),
    **dict.fromkeys(("case", "cond", "if", "iif", "switch", "ternary"), "condition && a || b"),
    **dict.fromkeys(("charlength", "count", "len", "size", "sizeof", "strlen"), "length(list)"),
    **dict.fromkeys(
        (
            *("cint", "float", "int", "parsefloat", "parseint", "parsenumber", "todecimal"),
            *("todouble", "tofloat", "toint", "tointeger", "tolong", "val"),
        ),
        "number(text)",
    ),
    **dict.fromkeys(
        (
            *("dumps", "jsonencode", "jsonify", "jsonstringify", "str", "string", "stringify"),
            *("text", "tojson", "tostr"),
        ),
        "to_string(value)",
    ),
    **dict.fromkeys(("coalesce", "ifnull", "nvl", "orelse"), "a || b"),
    "isnull": "a || b, or value == `null` as a condition",
    **dict.fromkeys(
        ("asciidowncase", "downcase", "lcase", "lowercase", "tolower", "tolowercase"),
        "lower(text)",
    ),
    **dict.fromkeys(
        ("asciiupcase", "toupper", "touppercase", "ucase", "upcase", "uppercase"), "upper(text)"
    ),
    **dict.fromkeys(("lstrip", "ltrim", "rstrip", "rtrim", "strip"), "trim(text)"),
    **dict.fromkeys(
        ("currenttime", "currenttimestamp", "getdate", "now", "sysdate", "today", "utcnow"),
        "received_at",
    ),
    **dict.fromkeys(
        (
            *("datetime", "dateparse", "fromisoformat", "iso8601", "makedatetime", "parsedate"),
            *("parsedatetime", "strptime", "timestamp", "todate", "todatetime", "totimestamp"),
            *("toutc", "zonedatetoutc"),
        ),
        "date(text)",
    ),
    **dict.fromkeys(("fromepoch", "fromunix", "fromunixtime"), "date_from_seconds(number)"),
    **dict.fromkeys(
        ("guid", "newid", "uuid", "uuid4", "uuidv4"),
        "delivery_id, which is the same when the webhook is sent again",
    ),
    **dict.fromkeys(("round", "toprecision", "trunc"), "floor(number) or ceil(number)"),
    "ceiling": "ceil(number)",
    **dict.fromkeys(("not",), "!(condition)"),
    **dict.fromkeys(
        ("empty", "isblank", "isempty", "isnil"),
        "!(value), which is true for null and for an empty text, list or object",
    ),
    **dict.fromkeys(("and",), "a && b"),
    **dict.fromkeys(("or",), "a || b"),
    **dict.fromkeys(("eq", "equal", "equals", "isequal"), "a == b"),
    **dict.fromkeys(("ne", "neq", "notequal", "notequals"), "a != b"),
    **dict.fromkeys(("greaterthan", "gt"), "number > `1`"),
    **dict.fromkeys(("lessthan", "lt"), "number < `1`"),
    **dict.fromkeys(("in", "includes"), "contains(list, value)"),
    **dict.fromkeys(
        ("find", "index", "indexof", "instr", "locate", "strpos"), "contains(text, part)"
    ),
    **dict.fromkeys(("beginswith", "hasprefix"), "starts_with(text, beginning)"),
    **dict.fromkeys(("hassuffix",), "ends_with(text, end)"),
    **dict.fromkeys(("crc32", "hash", "md5", "sha1", "sha512"), "sha256(text)"),
    **dict.fromkeys(
        ("fromjson", "json", "jsondecode", "jsonloads", "jsonparse", "loads", "strtoobject"),
        "parse_json(text)",
    ),
    **dict.fromkeys(("atob", "b64decode", "frombase64"), "base64_decode(text)"),
    **dict.fromkeys(("decodeuri", "decodeuricomponent", "unquote"), "url_decode(text)"),
    **dict.fromkeys(
        (
            *("like", "match", "matches", "matchesregex", "regex", "regexlike", "regexmatch"),
            *("regexp", "regexplike", "rlike", "test"),
        ),
        PATTERNS,
    ),
    **dict.fromkeys(
        (
            *("containskey", "defined", "dig", "exists", "get", "getfield", "getpath", "has"),
            *("haskey", "isset", "jsonextract", "jsonpath", "jsonvalue"),
        ),
        _FIELD,
    ),
    **dict.fromkeys(("bool", "boolean", "tobool", "toboolean"), "text == 'true'"),
    **dict.fromkeys(("filter", "select", "where"), "list[?name == 'a']"),
    **dict.fromkeys(("each", "foreach", "pluck"), "list[*].name"),
    **dict.fromkeys(("elementat", "item", "nth"), "list[0]"),
    "last": "list[-1]",
    **dict.fromkeys(("rest", "tail"), "list[1:]"),
    "flatten": "list[]",
    **dict.fromkeys(("array", "list"), "[a, b]"),
    **dict.fromkeys(("dict", "object", "toobject"), "{name: value}"),
}
"""What to write."""

_PARTS: Final = (
    f"no function cuts a text; send the whole, as {_TEXTS} compare it, or list[0:3] of a list"
)
_CHANGES: Final = "no function changes a part of a text; trim(), lower() and upper() change it all"
WITHOUT: Final = {
    **dict.fromkeys(
        (
            *("after", "before", "cut", "explode", "left", "mid", "right", "slice", "split"),
            *("splitstring", "substr", "substring", "truncate"),
        ),
        _PARTS,
    ),
    **dict.fromkeys(
        (
            *("capitalize", "extractregex", "gsub", "lpad", "regexextract", "regexpreplace"),
            *("regexreplace", "remove", "replace", "replaceall", "rpad", "title"),
            *("translate", "ucfirst"),
        ),
        _CHANGES,
    ),
    **dict.fromkeys(
        (
            *("dateformat", "datepart", "day", "dformat", "formatdate"),
            *("formatdatetime", "hour", "month", "strftime", "year"),
        ),
        "a date has the form that XDM needs, as in 2026-03-14T09:20:04Z; date(text) makes it",
    ),
    "format": (
        "join('', [a, b]) makes a text of several; a date has one form, which date(text) makes"
    ),
    **dict.fromkeys(
        ("dateadd", "datediff", "datesub", "datetrunc"), "no function calculates with dates"
    ),
    **dict.fromkeys(
        ("epoch", "fromdate", "mktime", "tounix", "unixtimestamp"),
        "no function makes Unix time; XDM has dates, and date(text) makes one",
    ),
    **dict.fromkeys(
        ("b64encode", "base64", "base64encode", "btoa", "tobase64"),
        "no function encodes as Base64; base64_decode(text) decodes, and hex(text) encodes bytes",
    ),
    **dict.fromkeys(
        ("encodeuri", "encodeuricomponent", "quote", "urlencode"),
        "no function encodes for URLs; url_decode(text) decodes",
    ),
    **dict.fromkeys(
        (
            *("add", "div", "divide", "divided", "minus", "mod", "modulo", "mul", "multiply"),
            *("plus", "pow", "power", "sqrt", "subtract", "times"),
        ),
        ARITHMETIC,
    ),
    **dict.fromkeys(
        ("rand", "random"),
        "there are no random values: a webhook gives the same message whenever it is sent",
    ),
    **dict.fromkeys(("mask", "redact"), "Privacy of the source removes, masks or hashes fields"),
    **dict.fromkeys(("distinct", "uniq", "unique"), "no function removes equal items of a list"),
    **dict.fromkeys(("entries", "items", "topairs"), "keys(object) and values(object) list them"),
}
"""Why there is no such function, and what is nearest to it."""
