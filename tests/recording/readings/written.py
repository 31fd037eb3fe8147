"""Requests that people write down: commands of three shells, options of curl, raw HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airisk_tui.recording.written import Unreadable, requests_in
from tests.kept import Reading

FILES = {
    "f.txt": b"a=1\r\nb=2\0\n",
    "x.json": b'{"a": 1}',
    "h": b"X-A: 1\nX-B: 2\n",
    "dir/p.PNG": b"\x89",
    "n": b"one two&",
}

COMMANDS = (
    "curl h/p",
    "curl HTTPS://u%40x:p@h:8/a/../b/./c/?q#f",
    "curl --path-as-is https://h/a/../b",
    "curl http://h?q -G -d a=b -d c=d",
    "curl -I https://h/ -H 'Host: x' -H 'Accept:' -H 'X-Empty;' -H 'X-Empty: ' -H nonsense -H @h",
    "curl --head https://h/é -A '' -e 'http://r/;auto' -b a=b -b file --compressed",
    "curl -X PATCH https://h -d @f.txt -d x",
    "curl https://h --data-binary @f.txt --data-raw @f.txt --data-ascii y",
    "curl https://h --data-urlencode 'a b' --data-urlencode '=a&b' --data-urlencode 'n=é/~' --data-urlencode x@n --data-urlencode @n",
    "curl https://h --json '{\"a\":' --json @x.json -H 'accept: mine'",
    "curl https://h -F a=1 -F 'b=@dir/p.PNG' -F 'c=<f.txt' -F 'd=@x.json;type=a/b;filename=\"q\\\"r\"' --form-string 'e=@x;type=y'",
    "curl https://h -F 'a=x;type=text/plain' -F 'f=@f.txt;filename=' -H 'Content-Type: multipart/mixed' -H 'Content-Length: 5'",
    "curl https://h -F 'a=\"x;y\"' -F 'q\"n=z' -F empty= -F 'b=x;other=y'",
    "curl https://h --url-query a=b+c --url-query +raw%20 --url https://i?z",
    "curl https://h --oauth2-bearer t -u a:b",
    "curl https://h -u a:b -H 'Authorization: mine'",
    "curl -sSLkfd a=b --max-time 5 -o out --no-keepalive -XPUT https://h",
    "curl https://h -d a --next https://i -: https://j",
    "curl -u alone https://h",
    "curl https://h -F alone",
    "curl https://h -d",
    "curl https://h --digest",
    "curl https://h --mystery x",
    "curl https://h -d @missing",
    "curl https://h -d @-",
    "curl -d a",
    "nothing of it",
    "curl 'https://[/'",
)

SHELLS = (
    "curl \"h/$A/${B}/${C:-d}/$(date)/`date`/$D.$\" 'h/$E' $'\\x41\\u00e9\\U1F600\\101\\n\\q\\''",
    "curl $'\\x41\\u00e9\\U1F600\\101\\n\\q\\'' $\"x\" a\\ b \\\nc # d\ncurl e | curl f; curl g && x=$(curl i)",
    "curl h <<E -d @-\na $B\n\tc\nE\ncurl i",
    "curl h -d @- <<-'E'\n\ta $B\n\tE\ncurl h -d @- <<-E\n\tb $B\n\tE\ncurl h -d @- <<'E'\n\tc $B\nE",
    "curl h <<E\nnever ended",
    "curl h --data-binary @- <<E -d x\nEast\n E\nE\ncurl i",
    "curl h -d @- <<E\nE\ncurl i",
    "curl 'never ended",
    'curl "never ended',
    "curl $'never ended",
    "/usr/bin/curl h; CURL.EXE i; mycurl j",
    'curl "a\\"b\\\\c\\$d\\e\\\nf"',
    'curl.exe ^"h?a=1^&b=2^" ^\n -d ^"c^%d^\\^"e""f^" & curl i',
    'curl "a\\\\\\"b" ^\n"c""d" \\\\e',
    'curl.exe h -d ^\nx-^\n^\ny -d "^\nz^" ^',
    "curl h -u $CLIENT_ID:$CLIENT_SECRET",
    "curl h -u me:$CLIENT_SECRET",
    "curl h -u $CLIENT_ID:$OTHER",
    "curl h -u $CLIENT_SECRET:b",
    'curl "open ^\n',
    'PS C:\\> curl "a`"b""c`$d$env:E" -d \'f\'\'g\' `\n -d hi',
    "curl h -d 'a''b' -d 'c\\\"d'",
    "PS > curl h -d 'c\\\"d'",
    "curl h -d $'\\u\\x\\uZ\\U\\xé'",
    '#!/bin/sh\ncurl h -d "$(in_form "${CODE:?x}")&$(in_json "${STATE}")" --data-binary @<(base64 --decode <<< YSdi)',
    "curl h -d ${CLIENT_ID} -d $client_secret -d $AUTH_CODE -d $TOKEN -d $OTHER",
)

RAW = (
    "POST /t HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcdef",
    "POST /t HTTP/1.1\nHost: localhost:1\nContent-Length: 30\n\nabc\r\n\n",
    "GET http://h/a HTTP/1\nno colon\nX : y \n\nGET /b HTTP/1.1\nHost: [::1]:5\n\nrest",
    "PUT /x\nHOST: 127.0.0.1",
    "GET /b HTTP/1.1\n\n",
    "hello",
    "",
    '{"log": {"entries": [{"request": {"method": "GET", "url": "https://h/", "headers": [[":path", "/"], ["A", "b"]]}}]}}',
    '{"log": {}}',
)


def _file(name: str) -> bytes:
    if name not in FILES:
        raise Unreadable(f"no {name}")
    return FILES[name]


def _read(text: str) -> Any:
    try:
        return requests_in(text.encode(), _file)
    except Unreadable as error:
        return str(error)


def written() -> Iterator[Reading]:
    """All of them."""
    yield "written.requests_in", _read, [(one,) for one in (*COMMANDS, *SHELLS, *RAW)]
    yield "written.requests_in, no files", lambda text: str(_unread(text)), [("curl h -d @f",)]


def _unread(text: str) -> Any:
    try:
        return requests_in(text.encode())
    except Unreadable as error:
        return error
