// What stands on the map: its elements, and where they belong.
import * as mercator from "./mercator.js";

export function made(name, className, text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

export function shape([west, south, east, north], className, colour) {
  const element = made("div", className);
  if (colour) Object.assign(element.style, { borderColor: colour, background: `${colour}22` });
  return { from: mercator.point(north, west), to: mercator.point(south, east), element };
}

// Each kind's share of the circle.
export function ring(kinds, colours) {
  const total = kinds.reduce((sum, each) => sum + each, 0);
  let angle = 0;
  const parts = kinds.flatMap((count, kind) => {
    const from = angle;
    angle += (count / total) * 360;
    return count ? [`${colours[kind]} ${from}deg ${angle}deg`] : [];
  });
  return `conic-gradient(${parts.join(", ")})`;
}

export function legend(place, kinds) {
  const entries = kinds.map(([name, colour, count]) => {
    const entry = made("li", "");
    const spot = made("i", "");
    spot.style.background = colour;
    entry.append(spot, `${name} (${count.toLocaleString()})`);
    return entry;
  });
  place.replaceChildren(...entries);
}
