// openid-client against the issuer: every way of authentication, pushed requests, form_post, the device grant, and what follows.
import * as oidc from "openid-client";

const given = JSON.parse(process.argv[2]);
const issuer = new URL(given.issuer);
const plain = { execute: [oidc.allowInsecureRequests] };  // the issuer is http, on loopback
const discover = (id, metadata, authentication) => oidc.discovery(issuer, id, metadata, authentication, plain);

async function parameters(config, verifier, nonce, state, more = {}) {
  return {
    redirect_uri: given.redirect_uri,
    scope: "openid profile email",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    nonce,
    state,
    ...more,
  };
}

async function flow(config, { pushed = false, form = false } = {}) {
  const [verifier, nonce, state] = [oidc.randomPKCECodeVerifier(), oidc.randomNonce(), oidc.randomState()];
  const sent = await parameters(config, verifier, nonce, state, form ? { response_mode: "form_post" } : {});
  const url = pushed
    ? await oidc.buildAuthorizationUrlWithPAR(config, sent)
    : oidc.buildAuthorizationUrl(config, sent);
  const answer = await fetch(url, { redirect: "manual" });
  const callback = form ? posted(await answer.text()) : new URL(answer.headers.get("location"));
  const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state };
  return oidc.authorizationCodeGrant(config, callback, checks);
}

function posted(html) {
  const pairs = [...html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  return new Request(given.redirect_uri, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(pairs).toString(),
  });
}

async function device(config) {
  const started = await oidc.initiateDeviceAuthorization(config, { scope: "openid" });
  await fetch(started.verification_uri_complete);
  return oidc.pollDeviceAuthorizationGrant(config, { ...started, interval: 0 });
}

const user = async (config, tokens) => (await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)).sub;

const key = await crypto.subtle.importKey("jwk", given.key, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
const basic = await discover("demo-app", given.secret, oidc.ClientSecretBasic(given.secret));
const post = await discover("demo-app", given.secret, oidc.ClientSecretPost(given.secret));
const none = await discover("public-app", { id_token_signed_response_alg: "ES256" }, oidc.None());
const signed = await discover("key-app", undefined, oidc.PrivateKeyJwt({ key, kid: given.kid }));

const tokens = await flow(basic);
const refreshed = await oidc.refreshTokenGrant(basic, tokens.refresh_token);
const before = await oidc.tokenIntrospection(basic, refreshed.access_token);
await oidc.tokenRevocation(basic, refreshed.refresh_token);
const after = await oidc.tokenIntrospection(basic, refreshed.access_token);

console.log(JSON.stringify({
  client_secret_basic: (await user(basic, await flow(basic))),
  client_secret_post: await user(post, await flow(post)),
  none: await user(none, await flow(none)),
  private_key_jwt: await user(signed, await flow(signed)),
  pushed: await user(basic, await flow(basic, { pushed: true })),
  form_post: await user(basic, await flow(basic, { form: true })),
  device: await user(basic, await device(basic)),
  refreshed: refreshed.refresh_token !== tokens.refresh_token,
  active: [before.active, after.active],
}));
