"""An authorization request that was not answered by its redirect: the registration, a page, a redirect elsewhere, a refusal."""

from __future__ import annotations

from airisk_tui.flow.events import RunStarted
from airisk_tui.flow.start.known import Known
from tests.insight.counters.base import answer, edited, given, header, instead, location, said, status, unless
from tests.insight.plays import BASE, direct
from tests.insight.scenarios.base import GOT_CODE, JSON, extra, html
from tests.runs import LOCATION, URI, page, redirect, response, text

unless("registered-uri-space", registered=(URI,))
unless("registered-uri-space", said("Invalid client_id"))
unless("redirect-uri-unregistered", registered=(URI + "/", "http://127.0.0.1:8765/calback"))
unless("redirect-uri-unregistered", said("Invalid client_id"))
unless(
    "redirect-uri-refused",
    said("The redirect_uri is required"),
    said("The redirect_uri must use https"),
    said("Invalid client_id"),
)
instead("parameter-wanted", lambda: direct(text("Missing response_type"), params=extra(response_type="code")))
unless(
    "parameter-refused", said("Invalid redirect_uri"), said("Invalid client_id"), said("Invalid userid"), of="the state"
)
unless(
    "registration-changed",
    said("Invalid redirect_uri"),
    said("Invalid client_id"),
    *(given(**one) for one in ({"client_id": "demo-ap"}, {"redirect_uri": URI + "/"}, {"userid": "nobody"})),
)
unless("userid-unknown", edited(RunStarted, known=Known(users=("nobody",))))
unless("userid-unknown", history=())
unless(
    "client-changed", history=(GOT_CODE, direct(redirect(LOCATION), client_id="demo-ap", exchange=False, run_id="r0"))
)
unless("registered-uri-differs", edited(RunStarted, known=Known(clients=("other",))), said("Invalid scope"))
unless("client-unknown", said("Invalid scope"), said("The account is locked"), said("Invalid redirect_uri"))
unless("client-unknown", edited(RunStarted, known=Known(clients=("demo-app",))))

ELSEWHERE = '<meta http-equiv="refresh" content="0;url=https://elsewhere.example.com/x">'
unless("server-fetches-redirect", said("Not today"))
unless("page-sends-on", answer(html(ELSEWHERE)))
unless(
    "code-in-body",
    answer(html('<a href="https://www.example.org/?code=SplxlOBeZQQYbYS6WxSbIA&state=theirs">news</a>')),
    of="a page to copy from",
)
unless("location-without-redirect", header("Location", "https://elsewhere.example.com/x"))
unless("page-names-error", answer(html('<script>var errors=["invalid_request"]</script><p>Hello</p>')))
unless("login-page", answer(html("<h1>Hello</h1>")), status(500))
unless("web-page", answer(page(200)))
unless(
    "answer-without-redirect",
    answer(html("<h1>It works!</h1>")),
    answer(response(200, b'{"code":"abcdef"}', JSON)),
    header("Location", URI),
)

unless("location-unusable", location("https://login.example.com/signin"))
unless("base-url-redirects", location(BASE + "/portal"), location("http://airisk.example.com/api/oauth2"))
unless("error-redirect", location("/home/error?message=Invalid+scope"), location("/home/error?message=Invalid+state"))
unless(
    "login-redirect",
    location("/home/error?errorId=1"),
    location(LOCATION),
    location("https://api.example.com/api/oauth2"),
    location("https://www.example.org/"),
)
unless("redirect-without-location", location("/login"))
unless("redirect-undecided", status(302), location("/login"))
unless("base-url-doubled", given(base_url=BASE), status(400))
unless(
    "authorize-not-found",
    status(400),
    answer(response(404, b'{"message":"no Route matched with those values"}', JSON)),
    answer(html("ERR_NGROK_3200: the endpoint is offline", 404)),
    answer(html("<h1>404 Web Site not found.</h1>", 404)),
)
unless("gateway-refused", said("This tenant is limited to members"), said("Invalid redirect_uri"))
unless(
    "authorize-refused",
    answer(text("The redirect_uri is unknown", 418)),
    answer(text("You must be logged in", 418)),
    answer(text("Blocked by policy", 418)),
    answer(html("Error 1020 used Cloudflare to restrict access", 403)),
    of="authorize-refused",
)
