"use strict";
// The walk through the states of a run. Whatever comes from the run is put into the page as text.
const run = JSON.parse(document.getElementById("run").textContent);
const last = run.steps.length;
const byId = (id) => document.getElementById(id);
const picture = byId("picture");
const acts = new Map([...picture.querySelectorAll(".act")].map((each) => [+each.dataset.step, each]));
const arrows = [...picture.querySelectorAll(".message")];
const taking = new Map(run.messages.filter((each) => each.taken !== null).map((each) => [each.taken, each]));
const opened = new Set();
let hidden = new Set(run.folded);
let current = last;
let xs = run.xs;
let seen = { acts: [], arrows: [], middles: [] }; // what is not folded, and where steps stand

const HALF = 18; // from the top of a row to its middle
const BAR = 26; // how high the bar of a fold is
const FIRST = 210; // where the first column stands if others are left out: labels have room beside it
const AROUND = 6; // how many steps are unfolded around one
const ROOM = 200; // the room for labels right of the last one
const NAME = 28; // from the middle of a row to the name of a lane that begins in it

function make(name, given, ...inner) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) element.setAttribute(key, value);
  element.append(...inner.filter((each) => each !== null));
  return element;
}

function drawn(name, given, ...inner) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(given)) element.setAttribute(key, value);
  element.append(...inner);
  return element;
}

// Where the middle of each step stands, with what is hidden folded; and the folds.
function placed() {
  const middles = [];
  const bars = [];
  let y = run.rows[0][0];
  for (let step = 0; step <= last; step += 1) {
    if (hidden.has(step)) {
      if (!hidden.has(step - 1)) {
        bars.push({ first: step, last: step, top: y });
        y += BAR;
      }
      const bar = bars[bars.length - 1];
      bar.last = step;
      middles.push(bar.top + BAR / 2);
    } else {
      middles.push(y + HALF);
      y += run.rows[step][1];
    }
  }
  return { middles, bars, bottom: y + HALF };
}

// The lanes in which something is drawn.
function used() {
  const lanes = new Set();
  run.steps.forEach(({ lane }, at) => {
    if (hidden.has(at + 1)) return;
    lanes.add(lane);
    const message = taking.get(at + 1);
    if (message) lanes.add(message.from);
  });
  return lanes;
}

// Where lanes stand: those in which nothing is drawn are left out, and the others move together.
function columns() {
  const lanes = used();
  const known = (x) => x !== null;
  const all = [...new Set(run.xs.filter(known))].sort((one, other) => one - other);
  const kept = all.filter((x) => run.xs.some((each, lane) => each === x && lanes.has(lane)));
  if (!kept.length || kept.length === all.length) return run.xs;
  const gap = all[1] - all[0];
  return run.xs.map((x, lane) => (known(x) && lanes.has(lane) ? FIRST + gap * kept.indexOf(x) : null));
}

function shift(element, step, middles, lane) {
  const by = middles[step] - run.rows[step][0] - HALF;
  element.setAttribute("transform", `translate(${lane === undefined ? 0 : xs[lane] - run.xs[lane]} ${by})`);
}

function arrangeActs(middles) {
  for (const [step, element] of acts) {
    element.classList.toggle("gone", hidden.has(step));
    if (hidden.has(step)) continue;
    for (const part of element.querySelectorAll(".beside")) {
      part.setAttribute("transform", `translate(${xs[+element.dataset.lane] - run.xs[+element.dataset.lane]} 0)`);
    }
    shift(element, step, middles);
  }
  for (const element of picture.querySelectorAll("[data-shown]")) {
    shift(element, +element.dataset.shown, middles);
    element.classList.toggle("gone", hidden.has(+element.dataset.shown));
  }
}

function arrangeLanes(middles, bottom) {
  for (const element of picture.querySelectorAll(".birth")) {
    const { birth, spawner } = run.lanes[+element.dataset.lane];
    const [from, to] = [xs[spawner], xs[+element.dataset.lane]];
    const absent = hidden.has(birth) || from === null || to === null;
    element.classList.toggle("gone", absent);
    if (!absent) element.setAttribute("d", `M${from} ${middles[birth]}v${NAME}H${to}`);
  }
  for (const element of document.querySelectorAll("#lanes .header")) {
    const lane = +element.dataset.lane;
    const { birth } = run.lanes[lane];
    element.classList.toggle("gone", xs[lane] === null);
    if (xs[lane] === null) continue;
    if (element.closest(".names")) element.setAttribute("transform", `translate(${xs[lane] - run.xs[lane]} 0)`);
    else if (birth && hidden.has(birth)) {
      // A lane that begins in a fold has its name on the bar of the fold.
      const box = element.querySelector("rect");
      const middle = +box.getAttribute("y") + box.getAttribute("height") / 2;
      element.setAttribute("transform", `translate(${xs[lane] - run.xs[lane]} ${middles[birth] - middle})`);
    } else shift(element, birth, middles, lane);
  }
  for (const element of picture.querySelectorAll(".lane")) {
    const lane = +element.dataset.lane;
    const { birth, end } = run.lanes[lane];
    const [line, cross] = [element.querySelector("line"), element.querySelector(".end")];
    element.classList.toggle("gone", xs[lane] === null);
    if (xs[lane] === null) continue;
    line.setAttribute("x1", xs[lane]);
    line.setAttribute("x2", xs[lane]);
    line.setAttribute("y1", middles[birth] + (birth && !hidden.has(birth) ? NAME : birth ? 0 : -HALF - 8));
    line.setAttribute("y2", end === null ? bottom : middles[end] + 15);
    if (cross) shift(cross, end, middles, lane);
  }
}

function arrangeArrows(middles, bottom) {
  for (const element of arrows) {
    const sent = +element.dataset.sent;
    const open = element.dataset.taken === undefined;
    const taken = open ? null : +element.dataset.taken;
    const [x1, x2] = [xs[element.dataset.from], xs[element.dataset.to]];
    const [y1, y2] = [middles[sent], open ? bottom : middles[taken]];
    const side = open && x1 !== x2 ? (x1 < x2 ? -9 : 9) : 0;
    const absent = x1 === null || x2 === null || hidden.has(open ? sent : taken);
    element.classList.toggle("gone", absent);
    if (absent) continue;
    element.querySelector("path").setAttribute(
      "d",
      x1 === x2 ? `M${x1} ${y1}C${x1 - 34} ${y1 + 8} ${x1 - 34} ${y2 - 8} ${x1} ${y2}` : `M${x1} ${y1}L${x2 + side} ${y2}`,
    );
    if (!open) continue;
    element.querySelector("circle").setAttribute("cx", x2 + side);
    element.querySelector("circle").setAttribute("cy", y2);
  }
}

function barOf({ first, last: end, top }, width) {
  const number = end - first + 1;
  const said = number === 1 ? `⋮  step ${first} folded  ⋮` : `⋮  ${number} steps folded: ${first} to ${end}  ⋮`;
  const bar = drawn("g", { class: "bar" }, drawn("title", {}, "unfold"), drawn("rect", { x: 6, y: top + 3, width: width - 12, height: BAR - 6 }));
  for (let x = Math.min(width / 2, 400); x < width; x += 900) {
    bar.append(drawn("text", { class: "number", x, y: top + 17, "text-anchor": "middle" }, said));
  }
  bar.addEventListener("click", () => unfold(first, end));
  return bar;
}

// Put everything where it belongs, with what is hidden folded.
function arrange() {
  xs = columns();
  const { middles, bars, bottom } = placed();
  const width = xs === run.xs ? run.width : Math.max(...xs) + ROOM;
  arrangeActs(middles);
  arrangeLanes(middles, bottom);
  arrangeArrows(middles, bottom);
  for (const element of picture.querySelectorAll(".bar")) element.remove();
  for (const each of bars) picture.insertBefore(barOf(each, width), picture.querySelector(".header"));
  for (const each of [picture, document.querySelector(".names")]) each.setAttribute("width", width);
  const there = (element) => !element.classList.contains("gone");
  seen = { acts: [...acts].filter(([, each]) => there(each)), arrows: arrows.filter(there), middles };
  picture.setAttribute("height", bottom + 16);
  picture.setAttribute("viewBox", `0 0 ${width} ${bottom + 16}`);
  show(current);
}

function unfold(first, end) {
  for (let step = first; step <= end; step += 1) hidden.delete(step);
  arrange();
}

function link(step, said) {
  const button = make("button", { type: "button", class: "go" }, said ?? `step ${step}`);
  button.addEventListener("click", () => visit(step));
  return button;
}

function list(title, items) {
  return items.length ? [make("h3", {}, title), make("ul", {}, ...items)] : [];
}

function whence(step) {
  const message = taking.get(step);
  if (!message) return null;
  return make("p", { class: "note" }, message.sent ? "Sent in " : "On its way at the ", message.sent ? link(message.sent) : link(0, "start"));
}

function stepTold(step) {
  if (!step) return [make("h2", {}, "The start")];
  const { text, rules, refused, changes, created } = run.steps[step - 1];
  const sent = run.messages.filter((each) => each.sent === step);
  return [
    make("h2", {}, `Step ${step}`),
    make("p", { class: "event" }, text),
    refused === null ? null : make("p", { class: "refused" }, `refused: ${refused}`),
    whence(step),
    ...list("Rules", rules.map((each) => make("li", {}, each))),
    ...list("What changed", changes.map(([path, what]) => make("li", {}, make("span", { class: "path" }, path), `: ${what}`))),
    ...list("Created", created.map((each) => make("li", {}, each))),
    ...list("Sent", sent.map((each) => make("li", {}, `to ${run.lanes[each.to].name}: ${each.text} `, each.taken === null ? "(never taken)" : link(each.taken)))),
  ].filter((each) => each !== null);
}

function version(lane, step) {
  return run.states[lane].findLast((each) => each[0] <= step);
}

function engineTold(lane, step) {
  const now = version(lane, step);
  if (!now) return null;
  const fresh = now[0] === step;
  const before = fresh && step ? version(lane, step - 1) : now;
  const known = new Set(before ? before[1] : []);
  const items = now[1].map((line) => make("li", known.has(line) ? {} : { class: "new" }, run.lines[line]));
  const { name, family } = run.lanes[lane];
  const element = make("details", {}, make("summary", {}, name, make("small", {}, ` ${family}`)), make("ul", {}, ...items));
  element.open = opened.has(name) || (fresh && step > 0);
  element.querySelector("summary").addEventListener("click", () => {
    if (element.open) opened.delete(name);
    else opened.add(name);
  });
  return element;
}

// The messages in mailboxes after a step, in the order in which they came.
function mailAt(step) {
  const there = [];
  for (const [gone, come] of run.mail.slice(0, step + 1)) {
    for (const line of gone) there.splice(there.indexOf(line), 1);
    there.push(...come);
  }
  return there;
}

function stateTold(step) {
  const flying = mailAt(step);
  const acting = step ? run.steps[step - 1].lane : 0;
  const order = [acting, ...run.lanes.keys()].filter((lane, at) => lane !== acting || !at);
  const items = flying.map((line) => make("li", {}, run.lines[line]));
  return [
    make("h3", {}, step ? "State after it" : "State"),
    ...order.map((lane) => engineTold(lane, step)).filter((each) => each !== null),
    ...list(`In mailboxes (${flying.length})`, items),
  ];
}

function mark(step) {
  for (const [number, element] of seen.acts) element.classList.toggle("later", number > step);
  for (const element of seen.arrows) {
    const { sent, taken } = element.dataset;
    element.classList.toggle("later", +sent > step);
    const again = element.classList.contains("again");
    element.classList.toggle("flying", !again && +sent <= step && (taken === undefined || +taken > step) && step < last);
  }
  for (const element of document.querySelectorAll(".names .header")) {
    const { birth, end } = run.lanes[+element.dataset.lane];
    const absent = birth > step || (end !== null && end < step);
    element.classList.toggle("gone", absent || xs[+element.dataset.lane] === null);
  }
}

function show(step) {
  current = step;
  byId("cursor").setAttribute("y", seen.middles[step] - HALF);
  byId("cursor").setAttribute("height", step ? 2 * HALF : HALF);
  byId("slider").value = step;
  byId("slider").setAttribute("aria-valuetext", step ? `step ${step}: ${run.steps[step - 1].text}` : "the start");
  byId("where").value = step ? `step ${step} of ${last}` : `start, of ${last}`;
  byId("step").replaceChildren(...stepTold(step));
  byId("state").replaceChildren(...stateTold(step));
  mark(step);
  return seen.middles[step];
}

function go(step) {
  const y = show(step);
  const lanes = byId("lanes");
  const [above, below] = [lanes.scrollTop + 50, lanes.scrollTop + lanes.clientHeight - 60];
  const x = step ? xs[run.steps[step - 1].lane] ?? 0 : 0;
  const aside = x < lanes.scrollLeft + 40 || x > lanes.scrollLeft + lanes.clientWidth - 140;
  lanes.scrollTo({
    top: y < above || y > below ? y - lanes.clientHeight / 2 : lanes.scrollTop,
    left: step && aside ? x - lanes.clientWidth / 2 : lanes.scrollLeft,
  });
}

// Go to a step that a reader has asked for: if it is folded, it is unfolded, with some around it.
function visit(step) {
  if (hidden.has(step)) unfold(Math.max(step - AROUND, 1), Math.min(step + AROUND, last));
  go(step);
}

// The next step in a direction that is not folded.
function next(by) {
  let step = current + by;
  while (step > 0 && step <= last && hidden.has(step)) step += by;
  return step < 0 || step > last ? current : step;
}

function walk(by) {
  for (let left = Math.abs(by); left > 0; left -= 1) show(next(Math.sign(by)));
  go(current);
}

function asked(name) {
  const choice = byId(`of-${name}`);
  return choice ? choice.value : "";
}

function filter() {
  const [engine, transaction, key] = ["engine", "transaction", "key"].map(asked);
  const fits = ({ lane, transactions, keys, created }, step) =>
    (!engine || run.lanes[lane].name === engine || created.includes(engine) ||
      (taking.has(step) && run.lanes[taking.get(step).from].name === engine)) &&
    (!transaction || transactions.includes(transaction)) &&
    (!key || keys.includes(key));
  hidden = new Set(engine || transaction || key
    ? run.steps.map((each, at) => (fits(each, at + 1) ? 0 : at + 1)).filter(Boolean)
    : run.folded);
  arrange();
}

function unfoldAll() {
  for (const choice of document.querySelectorAll("#controls select")) choice.value = "";
  hidden = new Set();
  arrange();
  go(current);
}

function toShown() {
  if (run.shown.length) visit(run.shown[0]);
}

const KEYS = {
  ArrowLeft: () => walk(-1),
  ArrowRight: () => walk(1),
  PageUp: () => walk(-10),
  PageDown: () => walk(10),
  Home: () => go(0),
  End: () => go(last),
  b: toShown,
  u: unfoldAll,
};

document.addEventListener("keydown", (event) => {
  const action = KEYS[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
  event.preventDefault();
  action();
});
byId("slider").addEventListener("input", (event) => go(+event.target.value));
byId("first").addEventListener("click", () => go(0));
byId("back").addEventListener("click", () => walk(-1));
byId("on").addEventListener("click", () => walk(1));
byId("last").addEventListener("click", () => go(last));
byId("unfold").addEventListener("click", unfoldAll);
byId("controls").addEventListener("submit", (event) => event.preventDefault());
for (const choice of document.querySelectorAll("#controls select")) choice.addEventListener("change", filter);
for (const [step, element] of acts) element.addEventListener("click", () => go(step));
for (const element of arrows) element.addEventListener("click", () => go(+(element.dataset.taken ?? element.dataset.sent)));
for (const button of document.querySelectorAll("[data-go]")) button.addEventListener("click", () => visit(+button.dataset.go));
byId("controls").hidden = false;
byId("keys").hidden = false;
arrange();
go(run.shown.length ? run.shown[0] : last);
