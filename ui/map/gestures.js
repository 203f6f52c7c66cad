// Mouse, touch and keys on the map.
import { place } from "./mercator.js";

const LEAST_DRAWN_PX = 8;
const PAN_PX = 120;
const WHEEL_STEP = 60;

export class Gestures {
  constructor(root, map) {
    Object.assign(this, { root, map, pointers: new Map(), wheel: 0, isDrawing: false });
    this.listen();
  }

  listen() {
    const on = (name, heard) => this.root.addEventListener(name, heard, { passive: false });
    on("wheel", (event) => this.wheeled(event));
    on("pointerdown", (event) => this.pressed(event));
    on("pointermove", (event) => this.moved(event));
    for (const name of ["pointerup", "pointercancel"]) on(name, (event) => this.released(event));
    on("dblclick", (event) => event.target.closest("button") || this.map.zoomBy(1, ...this.inside(event)));
    on("keydown", (event) => this.typed(event));
    this.map.find(".in").addEventListener("click", () => this.map.zoomBy(1));
    this.map.find(".out").addEventListener("click", () => this.map.zoomBy(-1));
    this.map.find(".draw").addEventListener("click", () => this.drawing(!this.isDrawing));
    this.map.find(".here").addEventListener("click", () => this.map.setTriggerValue("box", this.map.bounds()));
  }

  inside(event) {
    const box = this.root.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  wheeled(event) {
    event.preventDefault();
    this.wheel += event.deltaY * (event.deltaMode ? 30 : 1);
    if (Math.abs(this.wheel) < WHEEL_STEP) return;
    this.map.zoomBy(this.wheel > 0 ? -1 : 1, ...this.inside(event));
    this.wheel = 0;
  }

  typed(event) {
    const ways = { ArrowLeft: [PAN_PX, 0], ArrowRight: [-PAN_PX, 0], ArrowUp: [0, PAN_PX], ArrowDown: [0, -PAN_PX] };
    if (ways[event.key]) this.map.moveBy(...ways[event.key]);
    else if (event.key === "+" || event.key === "=") this.map.zoomBy(1);
    else if (event.key === "-") this.map.zoomBy(-1);
    else if (event.key === "Escape" && this.isDrawing) this.drawing(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  pressed(event) {
    if (event.target.closest("button, a") || event.button) return;
    this.root.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, this.inside(event));
    this.start = this.inside(event);
    this.spread = this.apart();
  }

  moved(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.inside(event);
    this.pointers.set(event.pointerId, now);
    if (this.pointers.size > 1) return this.pinched();
    if (this.isDrawing) return this.rubber(now);
    this.map.moveBy(now[0] - before[0], now[1] - before[1]);
  }

  released(event) {
    const was = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (!was || !this.isDrawing || event.type === "pointercancel") return;
    const [from, to] = [this.start, this.inside(event)];
    this.drawing(false);
    if (Math.min(Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])) < LEAST_DRAWN_PX) return;
    const { world, left, top } = this.map.frame();
    const [a, b] = [from, to].map(([x, y]) => place((left + x) / world, (top + y) / world));
    const sides = [Math.min(a.lon, b.lon), Math.min(a.lat, b.lat), Math.max(a.lon, b.lon), Math.max(a.lat, b.lat)];
    this.map.setTriggerValue("box", sides);
  }

  apart() {
    const [a, b] = [...this.pointers.values()];
    return b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0;
  }

  pinched() {
    const [a, b] = [...this.pointers.values()];
    const ratio = this.apart() / (this.spread || 1);
    if (ratio > 0.67 && ratio < 1.5) return;
    this.spread = this.apart();
    this.map.zoomBy(ratio > 1 ? 1 : -1, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
  }

  drawing(isDrawing) {
    this.isDrawing = isDrawing;
    this.root.classList.toggle("drawing", isDrawing);
    this.map.find(".draw").setAttribute("aria-pressed", String(isDrawing));
    this.map.find(".rubber").hidden = true;
  }

  rubber([x, y]) {
    const [fromX, fromY] = this.start;
    const { style } = this.map.find(".rubber");
    this.map.find(".rubber").hidden = false;
    Object.assign(style, { left: `${Math.min(x, fromX)}px`, top: `${Math.min(y, fromY)}px` });
    Object.assign(style, { width: `${Math.abs(x - fromX)}px`, height: `${Math.abs(y - fromY)}px` });
  }
}
