// The pictures of streets: those of the view, a few at a time, and beneath them what was there before they came.
import { TILE } from "./mercator.js";

const AT_ONCE = 4;
const AGAIN_MS = 30000;
const FAILED = "Streets cannot be loaded right now.";

export class Streets {
  constructor(layer, note) {
    Object.assign(this, { layer, note, template: "", tiles: new Map(), waiting: [], loading: 0, failed: new Map() });
  }

  use(template) {
    if (template === this.template) return;
    this.template = template;
    this.layer.replaceChildren();
    this.tiles.clear();
  }

  draw(zoom, frame) {
    if (!this.template) return;
    this.zoom = zoom;
    const wanted = new Set();
    const [left, top] = [Math.floor(frame.left / TILE), Math.floor(frame.top / TILE)];
    const [right, bottom] = [(frame.left + frame.width) / TILE, (frame.top + frame.height) / TILE];
    for (let x = left; x < right; x++) {
      for (let y = top; y < bottom; y++) {
        if (Math.min(x, y) < 0 || Math.max(x, y) >= 2 ** zoom) continue;
        const key = `${zoom}/${x}/${y}`;
        wanted.add(key);
        if (!this.tiles.has(key) && !(this.failed.get(key) > Date.now())) this.add(key, zoom, x, y);
      }
    }
    this.waiting = this.waiting.filter((tile) => wanted.has(tile.key));
    this.clear(wanted);
    for (const tile of this.tiles.values()) this.put(tile, frame);
    this.load();
  }

  add(key, zoom, x, y) {
    const image = document.createElement("img");
    image.alt = "";
    image.draggable = false;
    const tile = { key, zoom, x, y, image, isThere: false };
    this.tiles.set(key, tile);
    this.waiting.push(tile);
  }

  put({ zoom, x, y, image }, { world, left, top }) {
    const size = world / 2 ** zoom;
    Object.assign(image.style, { left: `${x * size - left}px`, top: `${y * size - top}px` });
    image.style.width = image.style.height = `${size}px`;
  }

  // What is out of sight goes at once, what another zoom left beneath when all that is wanted is there.
  clear(wanted) {
    const isWhole = [...wanted].every((key) => !this.tiles.has(key) || this.tiles.get(key).isThere);
    for (const [key, { zoom, image, isThere }] of this.tiles) {
      if (wanted.has(key) || (zoom !== this.zoom && isThere && !isWhole)) continue;
      image.remove();
      this.tiles.delete(key);
    }
    this.wanted = wanted;
  }

  load() {
    while (this.loading < AT_ONCE && this.waiting.length) {
      const tile = this.waiting.shift();
      this.loading += 1;
      tile.image.onload = () => this.came(tile, true);
      tile.image.onerror = () => this.came(tile, false);
      tile.image.src = this.template.replace("{tile}", tile.key);
      this.layer.append(tile.image);
    }
  }

  came(tile, isThere) {
    this.loading -= 1;
    tile.isThere = isThere;
    if (!isThere) {
      this.failed.set(tile.key, Date.now() + AGAIN_MS);
      this.tiles.delete(tile.key);
      tile.image.remove();
    }
    const shown = [...this.wanted].some((key) => this.tiles.get(key)?.isThere);
    const isOver = !this.loading && !this.waiting.length;
    this.note.hidden = shown || !isOver;
    this.note.textContent = this.note.hidden ? "" : FAILED;
    if (isOver) this.clear(this.wanted);
    this.load();
  }
}
