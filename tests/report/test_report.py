#!/usr/bin/env python3
"""test_report.py - the report in a real browser: charts, phone, dark, paper, no script, no network.

    python3 tests/report/test_report.py [--chromium PROGRAM] [--keep FOLDER] SAMPLE SAMPLE_PLAIN

SAMPLE writes reports filled by hand (make_sample.c), SAMPLE_PLAIN the same without the chart
library. --keep leaves pages and pictures in a folder, to be looked at. Exit 0 good, 1 not.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser, pixels  # noqa: E402

WIDE, PHONE = 1280, 360
ORDER = ["verdict", "people", "charts", "recorded", "guessed", "guesses", "goals", "tables",
         "origin"]
VOID = {"meta", "link", "br", "img", "hr", "input"}

faults, demands = [], 0


def demand(holds, text):
    global demands
    demands += 1
    if not holds:
        faults.append(text)
        print("FAILED: " + text)


# --- the text of the file, before any browser -----------------------------------------------------

class Page(HTMLParser):
    """The elements and the references of a page, and where scripts begin and end."""

    def __init__(self):
        super().__init__()
        self.elements, self.references, self.handlers, self.ids = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "srcset", "action", "data", "poster", "xlink:href"):
                self.references.append((tag, name, value))
            if name.startswith("on"):
                self.handlers.append((tag, name))
            if name == "id":
                self.ids.append(value)


def look_at_text(name, raw):
    text = raw.decode("utf-8")  # throws unless it is UTF-8
    page = Page()
    page.feed(text)
    demand(page.references == [("link", "href", "data:,")], "%s: refers to %s"
           % (name, page.references))
    demand(not page.handlers, "%s: has event handlers: %s" % (name, page.handlers))
    demand(not {"img", "iframe", "object", "embed"} & set(page.elements),
           "%s: a name became an element" % name)
    demand(len(page.ids) == len(set(page.ids)), "%s: an id stands twice" % name)
    scripts = "".join(re.findall(r"<script[^>]*>(.*?)</script>", text, re.S))
    escaped = "\\u003c/script\\u003e\\u003cb onclick=\\u0022alert(1)"
    demand("alert(" not in scripts.replace(escaped, ""),
           "%s: a name reached a script unescaped" % name)
    for style in re.findall(r"<style>(.*?)</style>", text, re.S):
        demand("url(" not in style and "@import" not in style, "%s: a style loads something" % name)
    demand("sourceMappingURL" not in text, "%s: names a source map" % name)
    demand("\u202e" not in text, "%s: a turned direction is left" % name)
    demand("\u2028" not in scripts, "%s: a separator of lines is left in a script" % name)
    sections = re.findall(r"<section id=(\w+)", text)
    demand(sections == [s for s in ORDER if s in sections], "%s: the order is %s"
           % (name, sections))
    demand("'width=device-width" in text, "%s: no viewport" % name)
    return text


# --- in the browser -------------------------------------------------------------------------------

# Pixels are read from a copy: reading back a canvas of the page would change how it is drawn, and
# the browser would warn of that as if the page did it.
COPY = """const copy = canvas => {
  const own = document.createElement('canvas');
  own.width = canvas.width;
  own.height = canvas.height;
  const context = own.getContext('2d', {willReadFrequently: true});
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, own.width, own.height).data;
};"""

CANVASES = "(() => {" + COPY + """
  return [...document.querySelectorAll('.plot')].map(plot => {
    const canvas = plot.querySelector('canvas');
    if (!canvas || !canvas.width || !canvas.height) return -1;
    const ink = copy(canvas);
    let seen = 0;
    for (let i = 3; i < ink.length; i += 4) seen += ink[i] > 200;
    return seen;
  });
})()"""

# How many pixels of all charts have the colour of each policy. A line may hide under others in one
# chart, where the policies do the same; not in all of them.
INKS = "(() => {" + COPY + """
  const inks = [...document.querySelectorAll('.plot')].map(p => copy(p.querySelector('canvas')));
  return [...document.querySelectorAll('.key-list .swatch:not(.extra)')].map(swatch => {
    const want = getComputedStyle(swatch).getPropertyValue('--c').trim();
    const part = [1, 3, 5].map(i => parseInt(want.slice(i, i + 2), 16));
    let seen = 0;
    for (const ink of inks)
      for (let i = 0; i < ink.length; i += 4)
        seen += Math.abs(ink[i] - part[0]) + Math.abs(ink[i + 1] - part[1])
          + Math.abs(ink[i + 2] - part[2]) < 12 && ink[i + 3] > 200;
    return seen;
  });
})()"""

WIDER = """[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, svg')
  && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(e => e.tagName + '.' + e.className).slice(0, 5)"""


def look_at_network(name, browser):
    asked = [u for u in browser.requests() if not u.startswith(("file:", "data:"))]
    demand(not asked, "%s: asked the network for %s" % (name, asked))
    wrong = browser.complaints()
    demand(not wrong, "%s: %s" % (name, wrong))
    for text in browser.advice():
        print("note: %s: the browser says: %s" % (name, text))


def look_at_charts(name, browser, plots):
    demand(browser.wait_for("document.documentElement.dataset.charts == '%d'" % plots),
           "%s: %s of %d charts drawn"
           % (name, browser.tell("document.documentElement.dataset.charts"), plots))
    seen = browser.tell(CANVASES)
    demand(len(seen) == plots and min(seen) > 500, "%s: ink of the charts: %s" % (name, seen))
    inks = browser.tell(INKS)
    demand(min(inks) > 20, "%s: pixels in the colours of the policies: %s" % (name, inks))


def look_at_width(name, browser):
    """Nothing sticks out, with the fonts of this machine and with letters an eighth wider."""
    for letters in ("normal", "0.07em"):
        told = name if letters == "normal" else name + ", wide letters"
        browser.tell("document.body.style.letterSpacing = '%s'" % letters)
        demand(browser.tell("document.documentElement.scrollWidth"
                            " <= document.documentElement.clientWidth"),
               "%s: the page is too wide" % told)
        wider = browser.tell(WIDER)
        demand(not wider, "%s: sticks out: %s" % (told, wider))
    browser.tell("document.body.style.letterSpacing = 'normal'")
    demand(browser.tell("document.documentElement.dataset.overflow") == "0",
           "%s: does not say that it is narrow enough" % name)


def look_at_picture(name, browser, keep):
    if options.keep:
        with open(os.path.join(keep, name + ".png"), "wb") as file:
            file.write(browser.picture())
    top = browser.tell("document.documentElement.clientWidth")
    width, height, rows, step = pixels(browser.small_picture(top))
    colours = {row[x:x + 3] for row in rows for x in range(0, width * step, step)}
    demand(height > 200 and len(colours) > 20, "%s: a blank picture: %d colours"
           % (name, len(colours)))


def look_at_pointing(name, browser, plots):
    """A mouse on the first chart makes every chart tell its values."""
    box = browser.tell("(() => { const p = document.querySelector('.plot');"
                       "p.scrollIntoView({block: 'center'});"
                       "const b = p.getBoundingClientRect();"
                       "return [b.left + b.width / 2, b.top + b.height / 2]; })()")
    browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=box[0], y=box[1])
    told = "[...document.querySelectorAll('.readout')].filter(r => r.textContent).length"
    demand(browser.wait_for("%s == %d" % (told, plots)), "%s: pointing tells nothing" % name)
    demand(browser.tell("!document.querySelector('.readout *, .plot b, .plot script')"),
           "%s: a name became an element of a chart" % name)


def look_at_paper(name, browser, keep):
    pdf = browser.ask("Page.printToPDF")["data"]
    demand(len(pdf) > 10000, "%s: nothing on paper" % name)
    with open(os.path.join(keep, name + ".pdf"), "wb") as file:
        import base64
        file.write(base64.b64decode(pdf))
    demand(not browser.tell("document.documentElement.classList.contains('paper')"),
           "%s: still paper after printing" % name)


def look_at_dots(name, browser):
    counted = browser.tell("""[...document.querySelectorAll('.hundreds figure > svg')].map(s =>
      ['intime', 'late', 'never'].map(c => s.querySelectorAll('.' + c).length))""")
    told = browser.tell("""[...document.querySelectorAll('.fates')].map(p =>
      [...p.querySelectorAll('b')].map(b => Number(b.textContent)))""")
    demand(counted and counted == told and all(sum(c) == 100 for c in counted),
           "%s: dots %s, words %s" % (name, counted, told))
    demand(browser.tell("[...document.querySelectorAll('.hundreds figure > svg')]"
                        ".every(s => s.getAttribute('aria-label'))"),
           "%s: dots without text" % name)


def look_at_guesses(name, browser):
    """Each bar begins at the line, as guessed, and ends at the number beside it."""
    rows = browser.tell("""[...document.querySelectorAll('.tornado tr')].filter(r =>
      r.querySelector('svg')).map(r => [r.querySelector('.base').getAttribute('d'),
        ...['half', 'twice'].map(c => r.querySelector('rect.' + c)).map(e => e &&
          [Number(e.getAttribute('x')), Number(e.getAttribute('width'))]),
        [...r.querySelectorAll('td')].slice(1).map(d => parseFloat(d.textContent))])""")
    demand(len(rows) == 4, "%s: guesses in %d rows" % (name, len(rows)))
    for line, half, twice, told in rows:
        start = float(re.match(r"M([\d.]+) ", line).group(1))
        for bar, number in zip((half, twice), told):
            if number is None:  # nobody came: no bar
                demand(bar is None, "%s: a bar for nobody" % name)
            else:
                left, right = min(start, number), max(start, number)
                demand(abs(bar[0] - left) < 0.1 and abs(bar[0] + max(bar[1], 0) - right) < 0.5,
                       "%s: the bar %s is not from %g to %g" % (name, bar, left, right))


def look_at_structure(name, browser):
    """For whoever hears the page: headings in order, words for every drawing and table."""
    levels = browser.tell("[...document.querySelectorAll('h1, h2, h3, h4')]"
                          ".map(h => Number(h.tagName[1]))")
    demand(levels[0] == 1 and levels.count(1) == 1
           and all(b - a <= 1 for a, b in zip(levels, levels[1:])),
           "%s: the levels of the headings: %s" % (name, levels))
    silent = browser.tell("""[...document.querySelectorAll('main svg, .plot, table')].filter(e =>
      !(e.tagName === 'TABLE' ? e.caption && e.caption.textContent.trim()
        : e.getAttribute('aria-hidden') === 'true' || e.getAttribute('aria-label')))
      .map(e => e.tagName + '.' + (e.className.baseVal ?? e.className))""")
    demand(not silent, "%s: nothing says what this is: %s" % (name, silent))
    undescribed = browser.tell("""[...document.querySelectorAll('.plot')].filter(p => {
      const words = document.getElementById(p.getAttribute('aria-describedby'));
      return !words || words.textContent.trim().length < 20; }).map(p => p.id)""")
    demand(not undescribed, "%s: charts without words: %s" % (name, undescribed))


def look_at(browser, kind, keep, plots):
    url = "file://" + os.path.join(keep, kind + ".html")
    for width in (WIDE, PHONE):
        for dark in (False, True):
            name = "%s-%d-%s" % (kind, width, "dark" if dark else "light")
            browser.open(url, width, dark=dark)
            if plots:
                look_at_charts(name, browser, plots)
            look_at_width(name, browser)
            look_at_picture(name, browser, keep)
            look_at_network(name, browser)
    look_at_dots(kind, browser)
    look_at_structure(kind, browser)
    if kind == "flood":
        look_at_guesses(kind, browser)
    lines = browser.tell("(e => e ? JSON.parse(e.textContent).charts.map(c => c.names) : [])"
                         "(document.getElementById('data'))")
    demand([n for n, names in enumerate(lines) if "recorded" in names]
           == ([1] if kind == "replay" and lines else []), "%s: recorded in %s" % (kind, lines))
    if plots:
        look_at_pointing(kind, browser, plots)
        look_at_paper(kind, browser, keep)
        browser.open(url, PHONE, script=False)
        name = kind + "-no-script"
        demand("switched off" in browser.tell("document.querySelector('noscript').innerText || "
                                              "document.querySelector('noscript').textContent"),
               name + ": does not say so")
        look_at_picture(name, browser, keep)
        look_at_dots(name, browser)
        look_at_network(name, browser)


def write(sample, kind, path):
    subprocess.run([sample, kind, path], check=True)
    with open(path, "rb") as file:
        return file.read()


def main():
    with tempfile.TemporaryDirectory(prefix="spillway-pages-") as own:
        return look_at_all(os.path.abspath(options.keep) if options.keep else own)


def look_at_all(keep):
    os.makedirs(keep, exist_ok=True)
    plots = {"flood": 8, "replay": 8, "many": 8, "bare": 0}
    with Browser(options.chromium) as browser:
        for kind, count in plots.items():
            path = os.path.join(keep, kind + ".html")
            raw = write(options.sample, kind, path)
            demand(raw == write(options.sample, kind, path), kind + ": not the same bytes twice")
            look_at_text(kind, raw)
            look_at(browser, kind, keep, count)
        raw = write(options.sample_plain, "flood", os.path.join(keep, "plain.html"))
        demand("left out because libjs-dygraphs" in look_at_text("plain", raw),
               "plain: does not say why there are no charts")
        look_at(browser, "plain", keep, 0)
    refused = subprocess.run([options.sample, "flood", os.path.join(keep, "absent", "x.html")],
                             capture_output=True, text=True)
    demand(refused.returncode == 1 and "cannot be written" in refused.stderr,
           "a folder that is not there: " + refused.stderr)
    full = subprocess.run([options.sample, "flood", "/dev/full"], capture_output=True, text=True)
    demand(full.returncode == 1 and "only a part" in full.stderr, "a full device: " + full.stderr)
    print("report: %d demands, %d not met" % (demands, len(faults)))
    return 1 if faults else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="the report in a browser")
    parser.add_argument("--chromium", default="chromium", metavar="PROGRAM")
    parser.add_argument("--keep", metavar="FOLDER", help="leave pages and pictures there")
    parser.add_argument("sample")
    parser.add_argument("sample_plain")
    options = parser.parse_args()
    sys.exit(main())
