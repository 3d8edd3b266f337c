"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const raised = (text) => String(text).replace(/[0-9-]/g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"["0123456789-".indexOf(c)]);
const iota = (name) => (/^\d+$/.test(name) ? "ι" + raised(name) : "input " + name);
const distinct = (key) => [...new Set(data.views.map((view) => view[key]))].sort((a, b) => (a > b) - (a < b));
const places = distinct("e"), digits = distinct("bits"), policies = distinct("policy");
const SVG = "http://www.w3.org/2000/svg";
const draw = (parent, tag, attributes, text) => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
};
const begin = (id, words) => {
  at(id).replaceChildren();
  at(id).setAttribute("aria-label", words);
  return at(id);
};
const chosen = () => {
  const e = places[at("e").value], bits = digits[at("bits").value], policy = at("policy").value;
  return data.views.find((view) => view.e === e && view.bits === bits && view.policy === policy);
};
const truth = () => Number(document.querySelector("input[name=truth]:checked").value);
const colour = (letter) => {
  const share = Math.min(1, Math.max(0, (parseInt(letter, 36) / 35) * 3 - 1));
  const [from, to] = share < 0.5 ? [[230, 140, 60], [255, 255, 255]] : [[255, 255, 255], [60, 130, 200]];
  const part = share < 0.5 ? 2 * share : 2 * share - 1;
  return `rgb(${from.map((x, i) => Math.round(x + (to[i] - x) * part)).join(",")})`;
};
const level = (value) => 205 - ((Math.min(1.5, Math.max(-0.5, value)) + 0.5) / 2) * 190;
const place = (k, count) => 40 + ((k + 0.5) / count) * 370;
const scale = (parent) => {
  for (const [value, text] of [[0, "0"], [1, "δ"]]) {
    draw(parent, "line", { x1: 40, x2: 410, y1: level(value), y2: level(value), stroke: "#999", "stroke-dasharray": "3 3" });
    draw(parent, "text", { x: 30, y: level(value) + 4, "text-anchor": "end" }, text);
  }
};
const mark = (parent, x, y, label, fill) => {
  const look = { fill, stroke: "#222", "stroke-width": 1.2 };
  if (label) draw(parent, "path", { d: `M${x} ${y - 6}l5.5 10h-11z`, ...look });
  else draw(parent, "circle", { cx: x, cy: y, r: 5, ...look });
};
const showAnswers = (view, side) => {
  const parent = begin("shown", "The second coordinate of each point: true, and as the oracle shows it; in the table below");
  const count = view.labels.length;
  scale(parent);
  for (let k = 0; k < count; k++) {
    const x = place(k, count);
    draw(parent, "circle", { cx: x, cy: level(view.truth[side][k]), r: 7, fill: "none", stroke: "#222", "stroke-width": 1.5 });
    draw(parent, "circle", { cx: x, cy: level(view.shown[side][k]), r: 3.5, fill: "#0072B2" });
    draw(parent, "text", { x, y: 224, "text-anchor": "middle" }, view.labels[k]);
  }
  draw(parent, "text", { x: 4, y: 224 }, "label");
};
const showPlane = (view, side) => {
  const network = view.networks[side], count = view.labels.length;
  const wrong = network ? view.labels.filter((label, k) => network.decides[side][k] !== label).length : count;
  const parent = begin("plane", network ? `${wrong} of ${count} points on the wrong side of ½` : "no network was returned");
  if (!network) {
    draw(parent, "text", { x: 40, y: 100 }, "no network was returned");
    return wrong;
  }
  const wide = 370 / data.across, high = 190 / data.up;
  for (let row = 0; row < data.up; row++)
    for (let column = 0; column < data.across; column++)
      draw(parent, "rect", {
        x: 40 + column * wide, y: 205 - (row + 1) * high, width: wide + 0.3, height: high + 0.3,
        fill: colour(network.plane[row * data.across + column]),
      });
  scale(parent);
  view.labels.forEach((label, k) => {
    const x = place(k, count), y = level(view.truth[side][k]);
    mark(parent, x, y, label, label ? "#E69F00" : "#56B4E9");
    if (network.decides[side][k] !== label)
      draw(parent, "path", { d: `M${x - 9} ${y - 9}l18 18m0-18l-18 18`, stroke: "#b30000", "stroke-width": 2.5 });
  });
  return wrong;
};
const showFrontier = (view) => {
  const [p, q] = view.wins.map((wins) => (view.trials ? wins / view.trials : 0));
  const parent = begin("frontier", `p₁ = ${p}, p₂ = ${q}`);
  const x = (share) => 40 + share * 240, y = (share) => 260 - share * 240;
  if (!view.apart) draw(parent, "path", { d: `M${x(0)} ${y(1)}L${x(1)} ${y(1)}L${x(1)} ${y(0)}z`, fill: "#F3E3D7" });
  draw(parent, "line", { x1: x(0), y1: y(1), x2: x(1), y2: y(0), stroke: "#222" });
  draw(parent, "path", { d: `M${x(0)} ${y(1)}V${y(0)}H${x(1)}`, fill: "none", stroke: "#666" });
  for (const other of data.views) {
    if (!other.trials || other === view) continue;
    draw(parent, "circle", { cx: x(other.wins[0] / other.trials), cy: y(other.wins[1] / other.trials), r: 3, fill: "#bbb" });
  }
  draw(parent, "circle", { cx: x(p), cy: y(q), r: 8, fill: "#D55E00", stroke: "#222" });
  for (const [share, text] of [[0, "0"], [0.5, "½"], [1, "1"]]) {
    draw(parent, "text", { x: x(share), y: 278, "text-anchor": "middle" }, text);
    draw(parent, "text", { x: 32, y: y(share) + 4, "text-anchor": "end" }, text);
  }
  draw(parent, "text", { x: x(0.5), y: 294, "text-anchor": "middle" }, `success on ${iota(view.names[0])}`);
  draw(parent, "text", { x: 8, y: 12 }, `success on ${iota(view.names[1])}`);
};
const showTable = (view, side) => {
  const table = at("points"), network = view.networks[side];
  table.replaceChildren();
  const heads = ["point", "label", "true, in δ", "shown, in δ", "network decides"];
  const head = table.createTHead().insertRow();
  for (const text of heads) head.append(Object.assign(document.createElement("th"), { textContent: text, scope: "col" }));
  const body = table.createTBody();
  view.labels.forEach((label, k) => {
    const row = body.insertRow();
    const decides = network ? network.decides[side][k] : "–";
    for (const text of [k + 1, label, view.truth[side][k], view.shown[side][k], decides]) row.insertCell().textContent = text;
  });
};
const show = () => {
  const view = chosen(), side = truth();
  at("e-told").textContent = `e\u00a0=\u00a0${places[at("e").value]}`;
  at("bits-told").textContent = digits[at("bits").value];
  at("e").setAttribute("aria-valuetext", at("e-told").textContent);
  at("bits").setAttribute("aria-valuetext", `${at("bits-told").textContent} digits`);
  if (!view) {
    at("told").textContent = "This setting is not among the stored results.";
    for (const id of ["shown", "plane", "frontier"]) begin(id, "not stored");
    at("points").replaceChildren();
    return;
  }
  [at("first"), at("second")].forEach((element, i) => (element.textContent = iota(view.names[i])));
  showAnswers(view, side);
  const wrong = showPlane(view, side);
  showFrontier(view);
  showTable(view, side);
  at("told").textContent =
    (view.same ? "The oracle shows the same on both inputs. " : "What the oracle shows tells the inputs apart. ") +
    `Right in ${view.wins[0]} of ${view.trials} trials on ${iota(view.names[0])}, in ${view.wins[1]} on ${iota(view.names[1])}. ` +
    `The first trial's network, judged where ${iota(view.names[side])} is true, puts ${wrong} of ${view.labels.length} points on the wrong side.`;
};
at("e").max = places.length - 1;
at("bits").max = digits.length - 1;
at("e").value = Math.max(0, places.indexOf(53));
at("bits").value = Math.max(0, digits.indexOf(53));
for (const policy of policies) at("policy").append(new Option(policy, policy, policy === "decoy", policy === "decoy"));
at("controls").addEventListener("input", show);
at("controls").addEventListener("submit", (event) => event.preventDefault());
show();
