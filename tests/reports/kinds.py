"""All reports, by kind."""

from __future__ import annotations

from tests.reports import (
    access,
    body,
    callback,
    clients,
    discovery,
    environment,
    expiry,
    exports,
    front,
    har,
    identity,
    issuers,
    pages,
    paste,
    providers,
    proxies,
    redirect,
    refusal,
    services,
    token_shapes,
    wordings,
)
from tests.reports.report import Report

KINDS: dict[str, tuple[Report, ...]] = {
    "paste": paste.REPORTS,
    "redirect": redirect.REPORTS,
    "body": body.REPORTS,
    "front": front.REPORTS,
    "expiry": expiry.REPORTS,
    "token_shapes": token_shapes.REPORTS,
    "har": har.REPORTS,
    "callback": callback.REPORTS,
    "environment": environment.REPORTS,
    "identity": identity.REPORTS,
    "access": access.REPORTS,
    "refusal": refusal.REPORTS,
    "services": services.REPORTS,
    "pages": pages.REPORTS,
    "clients": clients.REPORTS,
    "providers": providers.REPORTS,
    "proxies": proxies.REPORTS,
    "discovery": discovery.REPORTS,
    "exports": exports.REPORTS,
    "wordings": wordings.REPORTS,
    "issuers": issuers.REPORTS,
}
