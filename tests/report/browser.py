"""browser.py - a browser without a window, driven over two pipes (the DevTools protocol).

Needs nothing but the browser and the standard library. Whatever the page asks for, whatever it
throws and whatever it writes to the console is kept in `events`.
"""

import base64
import json
import os
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import zlib

PATIENCE_S = 60


class Browser:
    def __init__(self, program):
        self.events, self.number, self.rest, self.session = [], 0, b"", None
        self.folder = tempfile.mkdtemp(prefix="spillway-report-")
        to_read, self.to_browser = os.pipe()
        self.from_browser, to_write = os.pipe()
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                   "--disable-dev-shm-usage", "--disable-background-networking",
                   "--disable-component-update", "--hide-scrollbars", "--remote-debugging-pipe",
                   "--user-data-dir=" + self.folder, "about:blank"]
        # The shell moves the pipes to the numbers that the browser looks at.
        self.process = subprocess.Popen(
            ["bash", "-c", 'exec 3<&"$0" 4>&"$1"; shift; exec "$@"', str(to_read), str(to_write),
             *command], pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_read)
        os.close(to_write)

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.to_browser)
        os.close(self.from_browser)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def receive(self, deadline):
        """The next message, or None when the deadline passes."""
        while b"\0" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.from_browser], [], [], left)[0]:
                return None
            piece = os.read(self.from_browser, 1 << 16)
            if not piece:
                raise RuntimeError("the browser has ended")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **params):
        self.number += 1
        number, message = self.number, {"id": self.number, "method": method, "params": params}
        if self.session and not method.startswith("Target."):
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE_S
        while (answer := self.receive(deadline)) is not None:
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]["message"]))
                return answer["result"]
            self.events.append(answer)
        raise RuntimeError("%s: no answer within %d s" % (method, PATIENCE_S))

    def open(self, url, width, height=900, dark=False, script=True):
        """A new page of that width; returns when it has loaded."""
        self.session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target,
                                flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(domain + ".enable")
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=width < 500)
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.ask("Emulation.setScriptExecutionDisabled", value=not script)
        self.events = []
        self.ask("Page.navigate", url=url)
        deadline = time.monotonic() + PATIENCE_S
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            event = self.receive(deadline)
            if event is None:
                raise RuntimeError("%s did not load" % url)
            self.events.append(event)

    def tell(self, expression):
        """The value of a JavaScript expression on the page."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return answer["result"].get("value")

    def wait_for(self, expression):
        deadline = time.monotonic() + PATIENCE_S
        while not self.tell(expression):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def picture(self):
        """The whole page as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot",
                                         captureBeyondViewport=True)["data"])

    def small_picture(self, width, height=900):
        """The top of the page as PNG, at a quarter of its size: fewer pixels to decode."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 0.25}
        return base64.b64decode(self.ask("Page.captureScreenshot", clip=clip)["data"])

    def complaints(self):
        """What went wrong on the page, in words: what it threw, what it complained of, what the
        browser calls an error. The browser's own advice is not among it: see `advice`."""
        found = []
        for event in self.events:
            method, params = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                found.append("exception: " + details.get("exception", {}).get(
                    "description", details["text"]))
            elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
                found.append("console: %s" % [a.get("value") for a in params["args"]])
            elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
                found.append("log: " + params["entry"]["text"])
        return found

    def advice(self):
        """What the browser warns of; it differs from one version to the next."""
        return [e["params"]["entry"]["text"] for e in self.events
                if e.get("method") == "Log.entryAdded"
                and e["params"]["entry"]["level"] == "warning"]

    def requests(self):
        return [e["params"]["request"]["url"] for e in self.events
                if e.get("method") == "Network.requestWillBeSent"]


def pixels(png):
    """(width, height, rows of RGB or RGBA bytes, bytes per pixel) of a PNG of 8 bits."""
    at, data, width, height, kind = 8, b"", 0, 0, 0
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + size]
        if name == b"IHDR":
            width, height, bits, kind = struct.unpack(">IIBB", body[:10])
            assert bits == 8 and kind in (2, 6), "an unexpected kind of PNG"
        elif name == b"IDAT":
            data += body
        at += 12 + size
    step = 3 if kind == 2 else 4
    raw, rows, before = zlib.decompress(data), [], bytearray(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        rule, row = raw[start], bytearray(raw[start + 1:start + 1 + width * step])
        for x in range(len(row)):
            left = row[x - step] if x >= step else 0
            up = before[x]
            if rule == 1:
                row[x] = row[x] + left & 255
            elif rule == 2:
                row[x] = row[x] + up & 255
            elif rule == 3:
                row[x] = row[x] + (left + up) // 2 & 255
            elif rule == 4:
                corner = before[x - step] if x >= step else 0
                guess = left + up - corner
                near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
                           (abs(guess - corner), 2, corner))
                row[x] = row[x] + near[2] & 255
        rows.append(bytes(row))
        before = row
    return width, height, rows, step
