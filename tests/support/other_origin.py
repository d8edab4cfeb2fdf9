"""A web server of somebody else on this machine, whose pages attack the inspector."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.served import served

# The page reports what each attempt ended with, by the attempt's name.
PAGE = """<!doctype html><title>elsewhere</title><body><script>
const target = new URLSearchParams(location.search).get("target");
const socket = target.replace("http:", "ws:");
const page = target + "/stacks/inlet-bridge-dev/webhooks";
const read = async response => response.type === "opaque" ? "opaque" : await response.text();
const loaded = element => new Promise(done => {
  element.onload = () => done("loaded");
  element.onerror = () => done("failed");
  document.body.append(element);
});
const make = (name, values) => Object.assign(document.createElement(name), values);
const opened = source => new Promise(done => {
  source.onopen = () => done("open");
  source.onmessage = () => done("message");
  source.onerror = () => { source.close(); done("failed"); };
});
const frame = async element => {
  await loaded(element);
  return element.contentDocument ? element.contentDocument.body.innerText : "closed";
};
const form = method => {
  const into = make("iframe", {name: "into-" + method});
  document.body.append(into);
  const sent = make("form", {method, action: page, target: into.name});
  document.body.append(sent);
  const done = new Promise(resolve => into.addEventListener("load", () => resolve("loaded")));
  sent.submit();
  return done;
};
const attempts = {
  fetched: () => fetch(target + "/", {credentials: "include"}).then(read),
  opaque: () => fetch(target + "/", {credentials: "include", mode: "no-cors"}).then(read),
  posted: () => fetch(page, {method: "POST", credentials: "include", mode: "no-cors", body: "a=b"}),
  put: () => fetch(page, {method: "PUT", credentials: "include", body: "a=b"}).then(read),
  beacon: async () => navigator.sendBeacon(page, "a=b"),
  image: () => loaded(make("img", {src: target + "/"})),
  script: () => loaded(make("script", {src: target + "/static/vendor/htmx.min.js"})),
  style: () => loaded(make("link", {rel: "stylesheet", href: target + "/static/inspector.css"})),
  events: () => opened(new EventSource(page + "/events", {withCredentials: true})),
  socket: () => opened(new WebSocket(socket + "/")),
  frame: () => frame(make("iframe", {src: target + "/"})),
  object: () => frame(make("object", {data: target + "/", type: "text/html"})),
  get_form: () => form("get"),
  post_form: () => form("post"),
};
window.outcomes = (async () => {
  const found = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    found[name] = await attempt().then(String, error => "failed: " + error.name);
  }
  return found;
})();
</script>
"""


@dataclass(frozen=True)
class OtherOrigin:
    """A running server."""

    port: int

    def attack(self, host: str, target: str) -> str:
        """The URL of a page of a host that attacks an origin."""
        return f"http://{host}:{self.port}/?target={target}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing."""


@contextmanager
def other_origin() -> Iterator[OtherOrigin]:
    """Serve on another port of 127.0.0.1 until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        with served(server):
            yield OtherOrigin(server.server_port)
