// A map of leads: tiles by way of our own server, leads and clusters as buttons above them. It asks nobody else.
import { Gestures } from "./gestures.js";
import { legend, made, ring, shape } from "./marks.js";
import * as mercator from "./mercator.js";
import { Streets } from "./streets.js";

const LEAST_ZOOM = 1;
const SETTLES_MS = 250;
const MIN_PX = 30;
const MOST_PX = 56;
const KNOWN = new WeakMap();

export default function (component) {
  const root = component.parentElement.querySelector(".map");
  if (!KNOWN.has(root)) KNOWN.set(root, new LeadMap(root));
  const map = KNOWN.get(root);
  map.show(component);
  return () => map.end();
}

class LeadMap {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(name);
    this.streets = new Streets(this.find(".streets"), this.find(".note"));
    this.center = { x: 0.5, y: 0.5 };
    this.zoom = 2;
    this.fitted = this.sent = "";
    this.size = new ResizeObserver(() => this.resized());
    this.size.observe(root);
    new Gestures(root, this);
  }

  end() {
    this.size.disconnect();
    clearTimeout(this.timer);
  }

  // What Streamlit gives: called again with every change of data or theme.
  show(component) {
    const { data, setStateValue, setTriggerValue } = component;
    Object.assign(this, { data, setStateValue, setTriggerValue });
    this.root.setAttribute("aria-label", data.label);
    this.root.classList.toggle("dark", isDark(getComputedStyle(this.root).getPropertyValue("--st-background-color")));
    this.streets.use(data.streets);
    this.credit();
    legend(component.parentElement.querySelector(".legend"), data.legend);
    if (this.fitted !== data.token) this.fit();
    this.marks();
    this.draw();
  }

  credit() {
    const { credit, creditLink } = this.data;
    const place = this.find(".credit");
    place.hidden = !credit;
    const said = document.createElement(creditLink ? "a" : "span");
    said.textContent = credit;
    if (creditLink) Object.assign(said, { href: creditLink, target: "_blank", rel: "noreferrer" });
    place.replaceChildren(said);
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (!width || !this.data) return;
    this.goTo(this.data.fit, width, height);
    this.fitted = this.data.token;
  }

  goTo([west, south, east, north], width = this.root.clientWidth, height = this.root.clientHeight) {
    const a = mercator.point(north, west);
    const b = mercator.point(south, east);
    const across = Math.max(b.x - a.x, 1e-9) / Math.max(width - 96, 96);
    const down = Math.max(b.y - a.y, 1e-9) / Math.max(height - 128, 96);
    const zoom = Math.floor(-Math.log2(Math.max(across, down) * mercator.TILE));
    this.center = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    this.zoom = Math.max(LEAST_ZOOM, Math.min(zoom, this.closest(), 17));
  }

  closest() {
    return this.data.mostZoom;
  }

  resized() {
    if (this.data && this.fitted !== this.data.token) this.fit();
    if (this.data) this.draw();
  }

  // Pixels of the world at this zoom, and where the view begins.
  frame() {
    const world = mercator.TILE * 2 ** this.zoom;
    const { clientWidth: width, clientHeight: height } = this.root;
    return { world, width, height, left: this.center.x * world - width / 2, top: this.center.y * world - height / 2 };
  }

  bounds() {
    const { world, width, height, left, top } = this.frame();
    const a = mercator.place(left / world, top / world);
    const b = mercator.place((left + width) / world, (top + height) / world);
    return [a.lon, b.lat, b.lon, a.lat];
  }

  // The buttons and shapes are made once for what there is, and only moved afterwards.
  marks() {
    const shown = this.data.clusters.map((each) => this.mark(each));
    this.find(".leads").replaceChildren(...shown.map(({ element }) => element));
    const shapes = this.data.areas.map(([box, colour]) => shape(box, "shape area", colour));
    if (this.data.box) shapes.push(shape(this.data.box, "shape chosen"));
    this.find(".shapes").replaceChildren(...shapes.map(({ element }) => element));
    const dots = this.data.backdrop.map(([lat, lon]) => ({ at: mercator.point(lat, lon), element: made("i", "dot") }));
    this.find(".dots").replaceChildren(...dots.map(({ element }) => element));
    this.placed = [...shown, ...dots];
    this.shapes = shapes;
  }

  mark([lat, lon, box, kinds, id, name]) {
    const count = kinds.reduce((sum, each) => sum + each, 0);
    const element = made("button", id ? "lead" : "cluster");
    element.type = "button";
    const label = id ? name : `${count.toLocaleString()} leads`;
    element.setAttribute("aria-label", id ? `Open ${name}` : `${label}: look closer`);
    element.style.background = ring(kinds, this.data.colours);
    if (!id) {
      const size = Math.min(MOST_PX, MIN_PX + 6 * Math.log10(count) ** 1.5);
      element.style.width = element.style.height = `${size}px`;
      element.append(made("span", "", count < 10000 ? count.toLocaleString() : `${Math.round(count / 1000)}k`));
    }
    const at = mercator.point(lat, lon);
    element.addEventListener("click", () => (id ? this.setTriggerValue("open", id) : this.closer(box)));
    element.addEventListener("pointerenter", () => this.say(label, at));
    element.addEventListener("focus", () => this.say(label, at));
    for (const away of ["pointerleave", "blur"]) element.addEventListener(away, () => this.say(""));
    return { at, element };
  }

  // Towards a cluster; leads that lie at one place are shown by a filter, as no zoom parts them.
  closer(box) {
    const before = this.zoom;
    this.say("");
    this.goTo(box);
    if (this.zoom > before) return this.draw();
    this.zoom = before;
    if (before < this.closest()) return this.zoomBy(1);
    this.setTriggerValue("box", [box[0] - 1e-4, box[1] - 1e-4, box[2] + 1e-4, box[3] + 1e-4]);
  }

  say(text, at) {
    const said = this.find(".said");
    said.hidden = !text;
    if (!text) return;
    const { world, left, top } = this.frame();
    said.textContent = text;
    said.style.left = `${at.x * world - left}px`;
    said.style.top = `${at.y * world - top}px`;
  }

  draw() {
    const frame = this.frame();
    if (!frame.width) return;
    const { world, left, top, width, height } = frame;
    this.streets.draw(this.zoom, frame);
    for (const { at, element } of this.placed) {
      const x = at.x * world - left;
      const y = at.y * world - top;
      element.hidden = x < -60 || y < -60 || x > width + 60 || y > height + 60;
      element.style.left = `${x}px`;
      element.style.top = `${y}px`;
    }
    for (const { from, to, element } of this.shapes) {
      element.style.left = `${from.x * world - left}px`;
      element.style.top = `${from.y * world - top}px`;
      element.style.width = `${(to.x - from.x) * world}px`;
      element.style.height = `${(to.y - from.y) * world}px`;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settled(), SETTLES_MS);
  }

  // The leads of a view are asked for only when those that are there do not fill it.
  settled() {
    const view = this.bounds();
    const [west, south, east, north] = this.data.covered;
    const isCovered = view[0] >= west && view[1] >= south && view[2] <= east && view[3] <= north;
    const wish = JSON.stringify([this.data.token, this.zoom, view]);
    if ((isCovered && this.zoom === this.data.zoom) || wish === this.sent) return;
    this.sent = wish;
    this.setStateValue("view", { token: this.data.token, zoom: this.zoom, box: view });
  }

  moveBy(dx, dy) {
    const world = mercator.TILE * 2 ** this.zoom;
    this.center.x = Math.min(1, Math.max(0, this.center.x - dx / world));
    this.center.y = Math.min(1, Math.max(0, this.center.y - dy / world));
    this.draw();
  }

  // Around a point of the view, which stays where it is.
  zoomBy(steps, x = this.root.clientWidth / 2, y = this.root.clientHeight / 2) {
    const zoom = Math.max(LEAST_ZOOM, Math.min(this.closest(), this.zoom + steps));
    if (zoom === this.zoom) return;
    const { world, left, top } = this.frame();
    const fixed = { x: (left + x) / world, y: (top + y) / world };
    this.zoom = zoom;
    const now = mercator.TILE * 2 ** zoom;
    this.center = { x: fixed.x - (x - this.root.clientWidth / 2) / now, y: fixed.y - (y - this.root.clientHeight / 2) / now };
    this.say("");
    this.draw();
  }
}

function isDark(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour.trim() || "#fff";
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return red * 0.3 + green * 0.6 + blue * 0.1 < 128;
}
