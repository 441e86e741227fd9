/*
 * command/report/report.js - draws the charts of the report with dygraphs.
 *
 * The page works without it. The library gets numbers only: a line is called "0", "1", ...; names
 * from scenario files are put on the page as text (textContent), never as markup. Sets on <html>
 * data-charts (how many were drawn) and data-overflow (pixels by which the page is too wide).
 */
"use strict";
(function () {
  var root = document.documentElement;
  var place = document.getElementById("data");
  var graphs = [];
  var drawn = 0;

  function tellOverflow() {
    root.dataset.overflow = String(root.scrollWidth - root.clientWidth);
  }

  function colour(name) {
    return getComputedStyle(root).getPropertyValue("--" + name).trim();
  }

  function numbers(dash) {
    return dash ? dash.split(" ").map(Number) : null;
  }

  function shown(value) {
    if (value === null || value === undefined || isNaN(value)) {
      return "\u2013";
    }
    var size = Math.abs(value);
    var text = value.toFixed(size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2);
    return text.replace(/\B(?=(\d{3})+(?!\d|\.))/g, ",");
  }

  /* Ticks carry no more decimals than they need. */
  function tick(value) {
    var text = String(Math.round(value * 1000) / 1000);
    return text.replace(/\B(?=(\d{3})+$)/g, ",");
  }

  var steps = {
    s: [1, 2, 5, 10, 15, 30, 60],
    min: [1, 2, 5, 10, 15, 30, 60, 120],
    h: [1, 2, 3, 6, 12, 24, 48],
    days: [1, 2, 7, 14, 28, 91, 182, 364]
  };

  /* Ticks where a clock or a calendar has them. */
  function ticker(unit) {
    return function (from, to, pixels) {
      var step = steps[unit].find(function (each) { return (to - from) / each * 48 <= pixels; });
      if (!step || (to - from) / step < 2) {
        return Dygraph.numericTicks.apply(null, arguments);
      }
      var ticks = [];
      for (var at = Math.ceil(from / step) * step; at <= to; at += step) {
        ticks.push({ v: at, label: unit === "days" ? "day " + (at + 1) : at + " " + unit });
      }
      return ticks;
    };
  }

  /* "3 h 52 min"; "day 3, 14 h", as the words below the titles have it. */
  function moment(value, unit) {
    var minutes = Math.round(value * 60);
    var hours = Math.round(value * 24);
    if (unit === "h") {
      return Math.floor(minutes / 60) + " h " + ("0" + minutes % 60).slice(-2) + " min";
    }
    return unit === "days"
      ? "day " + (Math.floor(hours / 24) + 1) + ", " + hours % 24 + " h"
      : shown(value) + " " + unit;
  }

  function peakRow(rows, column) {
    return rows.reduce(function (best, row, at) {
      return row[column] > rows[best][column] || rows[best][column] !== rows[best][column]
        ? at : best;
    }, 0);
  }

  /* A marker where the line is highest and on a few points more, so that lines stay lines. */
  function markers(path, rows, column, first, step) {
    var shape = new Path2D(path);
    var peak = peakRow(rows, column);
    function alone(row) {
      return [row - 1, row + 1].every(function (at) {
        return !rows[at] || rows[at][column] !== rows[at][column];
      });
    }
    return function (graph, name, context, x, y, ink, size, row) {
      if (row !== peak && row % step !== first % step && !alone(row)) {
        return;
      }
      context.save();
      context.translate(x, y);
      context.fillStyle = ink;
      context.fill(shape);
      context.restore();
    };
  }

  function shade(data) {
    return function (context, area, graph) {
      function band(from, to) {
        var left = Math.max(area.x, graph.toDomXCoord(from));
        var right = Math.min(area.x + area.w, graph.toDomXCoord(to));
        if (right <= left) {
          return;
        }
        context.save();
        context.beginPath();
        context.rect(left, area.y, right - left, area.h);
        context.clip();
        context.beginPath();
        for (var x = left - area.h; x < right; x += 8) {
          context.moveTo(x, area.y + area.h);
          context.lineTo(x + area.h, area.y);
        }
        context.strokeStyle = colour("edge");
        context.lineWidth = 1;
        context.stroke();
        context.restore();
      }
      var extremes = graph.xAxisExtremes();
      if (data.warmUp !== null) {
        band(extremes[0], data.warmUp);
      }
      if (data.end !== null && data.end < extremes[1]) {
        band(data.end, extremes[1]);
      }
    };
  }

  /*
   * Where nobody left the queue there is no wait. Over a few intervals the line goes on to the next;
   * over more it ends (NaN), or it would tell of waits that nobody had.
   */
  function withGaps(rows) {
    var copy = rows.map(function (row) { return row.slice(); });
    for (var column = 1; column < copy[0].length; column += 1) {
      for (var at = 0; at < copy.length; at += 1) {
        var end = at;
        while (end < copy.length && rows[end][column] === null) {
          end += 1;
        }
        for (var gap = at; end - at > 4 && gap < end; gap += 1) {
          copy[gap][column] = NaN;
        }
        at = end;
      }
    }
    return copy;
  }

  /* How each line looks; called again when the ground changes between light and dark. */
  function looks(data, chart, drawnRows) {
    var options = { series: {}, colors: [] };
    var step = Math.max(1, Math.round(chart.rows.length / 9));
    chart.names.forEach(function (name, i) {
      var policy = data.policies[i];
      var extra = i - data.policies.length;
      options.colors.push(colour(policy ? "p" + i : "dim"));
      options.series[String(i)] = policy
        ? {
            strokePattern: numbers(policy.dash),
            strokeWidth: 2,
            drawPoints: true,
            pointSize: 4,
            drawPointCallback: markers(
              policy.marker, drawnRows, i + 1,
              Math.round(step * (0.5 + i / data.policies.length)), step)
          }
        : extra === 0
          ? { strokePattern: [1, 3], strokeWidth: 1.6 }
          : { strokeWidth: 1.6, fillGraph: true, stepPlot: true };
    });
    options.gridLineColor = colour("grid");
    options.axisLineColor = colour("edge");
    return options;
  }

  function readOut(data, chart, figure, row) {
    var parts = chart.names.map(function (name, i) {
      return name + " " + shown(chart.rows[row][i + 1]);
    });
    figure.querySelector(".readout").textContent =
      "at " + moment(chart.rows[row][0], data.timeUnit) + ": " + parts.join(" \u00b7 ");
  }

  /* The other charts show the same moment. */
  function pointAt(row) {
    graphs.forEach(function (each) {
      readOut(each.data, each.chart, each.figure, row);
      if (each.graph.getSelection() !== row) {
        each.graph.setSelection(row);
      }
    });
  }

  function pointAway() {
    graphs.forEach(function (each) {
      each.figure.querySelector(".readout").textContent = "";
      if (each.graph.getSelection() >= 0) {
        each.graph.clearSelection();
      }
    });
  }

  function zoomTo(from, to) {
    graphs.forEach(function (each) {
      var all = each.graph.xAxisExtremes();
      each.graph.updateOptions({ dateWindow: from <= all[0] && to >= all[1] ? null : [from, to] });
    });
  }

  /* A finger scrolls the page; it must not be caught by a chart. A tap points, as a mouse does. */
  function mouseOnly() {
    var model = {};
    Object.keys(Dygraph.defaultInteractionModel).forEach(function (name) {
      if (name.indexOf("touch") !== 0) {
        model[name] = Dygraph.defaultInteractionModel[name];
      }
    });
    return model;
  }

  function draw(data, chart, index) {
    var plot = document.getElementById("plot" + index);
    var rows = withGaps(chart.rows);
    var options = looks(data, chart, rows);
    options.labels = ["time"].concat(chart.names.map(function (name, i) { return String(i); }));
    options.legend = "never";
    options.includeZero = true;
    options.connectSeparatedPoints = true;
    options.fillAlpha = 0.16;
    options.highlightCircleSize = 4;
    options.xRangePad = 4;
    options.gridLineWidth = 1;
    options.interactionModel = mouseOnly();
    options.underlayCallback = shade(data);
    options.highlightCallback = function (event, x, points, row) { pointAt(row); };
    options.unhighlightCallback = pointAway;
    options.zoomCallback = zoomTo;
    options.axes = {
      x: {
        ticker: ticker(data.timeUnit),
        axisLabelFormatter: function (value) { return tick(value) + " " + data.timeUnit; },
        pixelsPerLabel: 60,
        axisLabelWidth: 56
      },
      y: { axisLabelFormatter: tick, axisLabelWidth: 48, pixelsPerLabel: 36 }
    };
    plot.classList.add("drawn");
    var graph = new Dygraph(plot, rows, options);
    graphs.push({
      graph: graph, data: data, chart: chart, rows: rows, figure: plot.closest("figure")
    });
    graph.ready(function () {
      drawn += 1;
      root.dataset.charts = String(drawn);
    });
  }

  function redraw() {
    graphs.forEach(function (each) {
      each.graph.updateOptions(looks(each.data, each.chart, each.rows), true);
      each.graph.resize();
      each.graph.updateOptions({});
    });
  }

  function onPaper(paper) {
    root.classList.toggle("paper", paper);
    if (paper) {
      document.querySelectorAll("details").forEach(function (each) { each.open = true; });
    }
    redraw();
  }

  if (place && window.Dygraph) {
    var data = JSON.parse(place.textContent);
    data.charts.forEach(function (chart, index) { draw(data, chart, index); });
    var dark = window.matchMedia("(prefers-color-scheme: dark)");
    if (dark.addEventListener) {
      dark.addEventListener("change", redraw);
    }
  }
  window.addEventListener("beforeprint", function () { onPaper(true); });
  window.addEventListener("afterprint", function () { onPaper(false); });
  window.addEventListener("resize", tellOverflow);
  window.addEventListener("load", tellOverflow);
  tellOverflow();
})();
