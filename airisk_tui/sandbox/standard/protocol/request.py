"""A request in the form that Authlib's server needs: every parameter of query and form body, in order, with repetitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request

Pairs = tuple[tuple[str, str], ...]


class Parameters(OAuth2Payload):
    """Parameters of a request. A parameter without a value is treated as omitted (RFC 6749 §3.1)."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs: Pairs = tuple((name, value) for name, value in pairs if value)
        self._lists: defaultdict[str, list[str]] = defaultdict(list)
        for name, value in self.pairs:
            self._lists[name].append(value)

    @property
    def data(self) -> dict[str, str]:
        """The first value of each parameter by name."""
        return {name: values[0] for name, values in self._lists.items()}

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return self._lists

    @property
    def repeated(self) -> list[str]:
        """The names of repeated parameters."""
        return [name for name, values in self._lists.items() if len(values) > 1]


class IssuerRequest(OAuth2Request):
    """A received request. headers: names in lower case."""

    def __init__(
        self, method: str, url: str, headers: Mapping[str, str], query: Iterable[tuple[str, str]], form: Pairs = ()
    ) -> None:
        super().__init__(method, url, headers={"Authorization": headers.get("authorization")})
        self.fields = headers
        self._query = Parameters(query)
        self._form = Parameters(form)
        self.payload = Parameters((*self._query.pairs, *self._form.pairs))

    @property
    def args(self) -> dict[str, str]:
        return self._query.data

    @property
    def form(self) -> dict[str, str]:
        return self._form.data

    def with_parameters(self, pairs: Pairs) -> IssuerRequest:
        """The same request with other parameters, all in the query."""
        return IssuerRequest(self.method, self.uri, self.fields, pairs)
